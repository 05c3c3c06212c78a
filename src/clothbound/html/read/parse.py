"""Converts HTML to nodes: libxml2 reports events, from which a builder makes nodes.

libxml2 repairs HTML well enough: for real posts, its trees equal html5lib's. BeautifulSoup, which
uses libxml2 too, took more time for its tree than libxml2 and the builder together.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from ...diagnostics import Diagnostic
from ...model.blocks import Block
from ...model.characters import without_references
from ...web.missing_ends import end_elements
from .builder import FragmentBuilder
from .elements import STARTS_BLOCK, builder, has_meaning, start_group, start_hollow

Events: TypeAlias = Sequence[Any]
"""``(name, attributes)`` for the start of an element, ``(name, None)`` for its end, and text."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The nodes of a piece of HTML, and findings about omissions and repairs."""

    blocks: tuple[Block, ...]
    findings: tuple[Diagnostic, ...]
    events: Events = ()
    """The events of an exact source; the attribute ``at`` of a node is its position among them."""


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """The meaning of a marker element: an existing node, or only a position in the source."""

    node: Any = None
    line: int = 0
    """The line on which the HTML after it begins; 0 if unknown."""
    is_exact: bool = False
    """Whether all of that HTML is on this line."""


def parse_fragment(
    html: str,
    *,
    line: int = 0,
    source: str = "",
    exact: bool = False,
    skip: frozenset[str] = frozenset(),
) -> Parsed:
    """Converts a fragment, a document, or text without any HTML to blocks.

    ``line`` is the line in ``source`` on which it begins (from 1; 0 if unknown). The parser counts
    no lines, so only nodes that must be on this line get it. ``exact`` keeps spaces and empty
    paragraphs, for sources in which each is intended (Substack's exports). A ``div`` with a class
    in ``skip`` is left out, if it holds icons and buttons alone. Ids may be doubled; a reader makes them unique.
    """
    place = MarkedPlace(line=line, is_exact="\n" not in html)
    build = builder(line=line, source=source, exact=exact)
    build.is_faithful = exact
    events = _PARSERS.parse(html)
    _Feeder(build, (place,), "", skip).feed(events)
    return Parsed(build.finish(), tuple(build.findings), events.found if exact else ())


def parse_places(
    html: str, places: tuple[MarkedPlace, ...], marker: str, *, source: str = ""
) -> Parsed | None:
    """Converts HTML in which elements ``<marker n="0">`` represent ``places``.

    None if one of them lies in content that is not parsed as HTML, such as an open ``<title>``.
    """
    build = builder(source=source)
    feeder = _Feeder(build, places, marker)
    feeder.feed(_PARSERS.parse(html))
    if feeder.reached != len(places):
        return None
    return Parsed(build.finish(), tuple(build.findings))


class _Events(NamedTuple):
    """The events of libxml2 in order: ``(name, attributes)``, ``(name, None)`` at an end, and text.

    Events are used instead of a tree, since libxml2 cuts a tree off at 256 levels, with everything
    after.
    """

    found: list[Any]
    holds_block: set[int]
    """Positions of the elements that contain a block."""


class _Target:
    """Collects the events of one text after another, as a parser's target."""

    def __init__(self) -> None:
        self._found: list[Any] = []
        self._holds_block: set[int] = set()
        self._open: list[int] = []

    def take(self) -> _Events:
        """Returns the events since the last call."""
        taken = _Events(self._found, self._holds_block)
        self._found, self._holds_block, self._open = [], set(), []
        return taken

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in STARTS_BLOCK and self._open:
            self._holds_block.add(self._open[-1])
        self._open.append(len(self._found))
        self._found.append((name, attributes or {}))

    def end(self, name: str) -> None:
        if self._open:
            self._open.pop()
        self._found.append((name, None))

    def data(self, text: str) -> None:
        self._found.append(text)

    def close(self) -> None:
        pass


class _Parsers(threading.local):
    """A parser for each thread. To make one takes a tenth of the time in which a post is parsed, and most pieces of
    HTML are smaller than a post.
    """

    parser: Any = None

    def parse(self, html: str) -> _Events:
        from lxml import etree

        if self.parser is None:
            self.target = _Target()
            self.parser = etree.HTMLParser(target=self.target, recover=True)
        parser, self.parser = self.parser, None  # one that has raised an error is not used again
        with suppress(etree.XMLSyntaxError, etree.ParserError):  # only comments, or nothing
            parser.feed(without_references(end_elements(html)))
            parser.close()
            self.parser = parser
        return self.target.take()


_PARSERS = _Parsers()


class _Feeder:
    """Passes the events of a parsed text to a builder."""

    def __init__(
        self,
        build: FragmentBuilder,
        places: tuple[MarkedPlace, ...],
        marker: str,
        skip: frozenset[str] = frozenset(),
    ) -> None:
        self._build = build
        self._skip = skip
        self._places = places
        self._marker = marker
        self._is_exact = places[0].is_exact
        self.reached = 0
        """The number of places whose markers were reached as elements."""
        self._skip_end = 0
        """The position after the last element that is left out."""
        self._depth = 0
        """The number of open elements, while every position is kept (``build.exact``)."""
        self._hollow_end = 0
        """The position after the last ``div`` without content."""

    def feed(self, events: _Events) -> None:
        build, marker = self._build, self._marker
        exact = build.exact
        for position, event in enumerate(events.found):
            if type(event) is str:
                if position >= self._skip_end and position >= self._hollow_end:
                    build.text(event)
                continue
            name, attrs = event
            if exact and name not in _OUTER:
                if not self._depth and event == _DIVISION:
                    self._hollow_end = _hollow_end(events.found, position)
                self._depth += 1 if attrs is not None else -1
                if position < self._hollow_end:
                    self._pass_hollow(name, attrs)
                    continue
            if position < self._skip_end:
                continue
            if attrs is not None:
                self._start(name, attrs, position, events)
            elif name != marker:
                build.end(name)

    def _pass_hollow(self, name: str, attrs: Mapping[str, str] | None) -> None:
        """Builds an element within a ``div`` without content, which Substack leaves where it did not load a component."""
        if attrs is None:
            self._build.end(name)
        else:
            start_hollow(self._build)

    def _start(self, name: str, attrs: Mapping[str, str], position: int, events: _Events) -> None:
        build = self._build
        if name == self._marker:
            self._place(attrs)
        elif (
            self._skip
            and name == "div"
            and not self._skip.isdisjoint(attrs.get("class", "").split())
            and (end := _end_of_icons(events.found, position))
        ):
            self._skip_end = end
        else:
            if build.exact and (name in _PLACED or "class" in attrs or "data-attrs" in attrs):
                attrs = {**attrs, "at": str(position)}
            if name in _MAY_HOLD_BLOCKS and self._is_block(position, attrs, events):
                start_group(build, name, attrs)
            else:
                build.start(name, attrs)
            if build.line and not self._is_exact and name not in _OUTER:
                # The line of the next element is unknown.
                build.line = 0

    def _is_block(self, position: int, attrs: Mapping[str, str], events: _Events) -> bool:
        return (
            position in events.holds_block
            and has_meaning(attrs)
            and self._build.top.kind not in ("opaque", "pre")
        )

    def _place(self, attrs: Mapping[str, str]) -> None:
        place = self._places[int(attrs["n"])]
        build = self._build
        build.passes(self._marker)
        self.reached += build.top.kind != "opaque"
        if place.node is not None:
            build.node(place.node)
        else:
            build.line = build.reported_line = place.line
            self._is_exact = place.is_exact


def _hollow_end(events: Sequence[Any], start: int) -> int:
    """Returns the position after a ``div`` that contains only others, all without attributes; else
    0.
    """
    depth = 0
    for position in range(start, len(events)):
        event = events[position]
        if type(event) is str:
            if event.strip():
                return 0
            continue
        if event[0] != "div" or event[1]:
            return 0
        depth += 1 if event[1] is not None else -1
        if not depth:
            return position + 1
    return 0


def _end_of_icons(events: Sequence[Any], start: int) -> int:
    """Returns the position after an element that has no word and no picture but those of icons and buttons; else 0.

    One that was not closed holds the rest of the post.
    """
    depth, inside = 0, 0
    for position in range(start, min(start + _MOST_OF_ICONS, len(events))):
        event = events[position]
        if type(event) is str:
            if not inside and event.strip():
                return 0
            continue
        name, attrs = event
        step = 1 if attrs is not None else -1
        depth += step
        if name in _ICONS:
            inside += step
        elif not inside and name == "img":
            return 0
        if not depth:
            return position + 1
    return 0


_ICONS = frozenset({"button", "svg"})
_MOST_OF_ICONS = 200
"""Tags and texts in an element that only holds icons; those on Substack's pictures have about 30."""
_DIVISION: tuple[str, dict[str, str]] = ("div", {})
_MAY_HOLD_BLOCKS = frozenset({"a", "span"})
_PLACED = frozenset({"figure", "hr", "img", "pre"})
"""Elements whose position is kept, whatever they contain."""
_OUTER = frozenset({"html", "body", "head"})
