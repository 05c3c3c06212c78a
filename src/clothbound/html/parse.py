"""HTML as somebody wrote it, to nodes: BeautifulSoup over lxml, then one walk over its tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..diagnostics import Diagnostic
from ..model.blocks import Block
from .build import Builder
from .elements import BLOCKS, builder, has_meaning, start_group


@dataclass(frozen=True, slots=True)
class Parsed:
    """The nodes of some HTML, and what was left out or read otherwise than it was written."""

    blocks: tuple[Block, ...]
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What an element of the name ``marker`` stands for: a node that is there already, or nothing
    but a place in the source.
    """

    node: Any = None
    line: int = 0
    """Where the HTML behind it begins; 0 unknown."""
    is_exact: bool = False
    """Whether all of that HTML stands on this line."""


def parse_fragment(
    html: str, *, line: int = 0, source: str = "", exact: bool = False
) -> Parsed:
    """The blocks of ``html``, whatever it is: a fragment, a document, or no HTML at all.

    ``line`` is where it begins in ``source`` (1-based, 0 unknown); the parser counts none, so only
    nodes that must be on this line have it. With ``exact``, spaces and empty paragraphs stay, for
    sources in which every one of them was meant (Substack's exports).

    Ids are as they were written; a reader makes them unique (``model.check.unique_ids``).
    """
    place = Place(line=line, is_exact="\n" not in html)
    return parse_places(html, (place,), "", source=source, exact=exact)


def parse_places(
    html: str, places: tuple[Place, ...], marker: str, *, source: str = "", exact: bool = False
) -> Parsed:
    """``parse_fragment`` for HTML in which elements ``<marker n="1">`` stand for ``places``; the
    first of these stands for the beginning.
    """
    build = builder(line=places[0].line, source=source, exact=exact)
    feeder = _Feeder(build, places, marker)
    feeder.feed(_tree(html))
    return Parsed(build.finish(), tuple(build.findings))


def _tree(html: str) -> Any:
    import warnings

    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        # Whether a text looks like a file name is not our question: we know that it is HTML.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(html, "lxml", multi_valued_attributes=None)


class _Feeder:
    """Tells a builder what stands in a tree."""

    def __init__(self, build: Builder, places: tuple[Place, ...], marker: str) -> None:
        self._build = build
        self._places = places
        self._marker = marker
        self._exact = places[0].is_exact

    def feed(self, soup: Any) -> None:
        """One walk; no recursion, since a tree can be deeper than the stack."""
        from bs4 import Tag
        from bs4.element import NavigableString, PreformattedString

        build = self._build
        text, start, end = build.text, build.start, build.end
        names: list[str] = []
        stack = [iter(soup.contents)]
        while stack:
            for child in stack[-1]:
                kind = type(child)
                if kind is Tag:
                    name = child.name
                    if name == self._marker:
                        self._place(child.attrs)
                    elif name in _MAY_HOLD_BLOCKS and self._holds_block(child):
                        start_group(build, name, child.attrs)
                    else:
                        start(name, child.attrs)
                    if not self._exact and build.line and name not in _OUTER:
                        # Where the next element stands is not known.
                        build.line = 0
                    names.append(name)
                    stack.append(iter(child.contents))
                    break
                if kind is NavigableString or not issubclass(kind, PreformattedString):
                    text(str(child))
            else:
                stack.pop()
                if names:
                    end(names.pop())

    def _holds_block(self, element: Any) -> bool:
        from bs4 import Tag

        return has_meaning(element.attrs) and any(
            type(child) is Tag and child.name in BLOCKS for child in element.contents
        )

    def _place(self, attrs: Mapping[str, str]) -> None:
        place = self._places[int(attrs["n"])]
        build = self._build
        build.passes(self._marker)
        if place.node is not None:
            build.node(place.node)
        else:
            build.line = build.reported_line = place.line
            self._exact = place.is_exact


_MAY_HOLD_BLOCKS = frozenset({"a", "span"})
_OUTER = frozenset({"html", "body", "head"})
