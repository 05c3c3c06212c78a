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
    html: str,
    *,
    line: int = 0,
    source: str = "",
    exact: bool = False,
    skip: frozenset[str] = frozenset(),
) -> Parsed:
    """The blocks of ``html``, whatever it is: a fragment, a document, or no HTML at all.

    ``line`` is where it begins in ``source`` (1-based, 0 unknown); the parser counts none, so only
    nodes that must be on this line have it. With ``exact``, spaces and empty paragraphs stay, for
    sources in which every one of them was meant (Substack's exports). A ``div`` with a class in
    ``skip`` is left out with all that it holds.

    Ids are as they were written; a reader makes them unique (``model.check.unique_ids``).
    """
    place = Place(line=line, is_exact="\n" not in html)
    build = builder(line=line, source=source, exact=exact)
    _Feeder(build, (place,), "", skip).feed(tree_of(html))
    return Parsed(build.finish(), tuple(build.findings))


def parse_element(element: Any, *, source: str = "") -> Parsed:
    """The blocks of what stands in an element of a tree that ``tree_of`` made."""
    build = builder(source=source)
    _Feeder(build, (Place(),), "").feed(element)
    return Parsed(build.finish(), tuple(build.findings))


def parse_places(
    html: str, places: tuple[Place, ...], marker: str, *, source: str = ""
) -> Parsed | None:
    """The blocks of HTML in which elements ``<marker n="0">`` stand for ``places``.

    None where one of them stands in what is not read as HTML, such as an open ``<title>``.
    """
    build = builder(source=source)
    feeder = _Feeder(build, places, marker)
    feeder.feed(tree_of(html))
    if feeder.reached != len(places):
        return None
    return Parsed(build.finish(), tuple(build.findings))


def tree_of(html: str) -> Any:
    """The tree of BeautifulSoup, in which an element's ``class`` is one string."""
    import warnings

    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
    from bs4.element import AttributeDict

    with warnings.catch_warnings():
        # Whether a text looks like a file name is not our question: we know that it is HTML.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        # Values are strings already; a dictionary that checks each is a seventh of the time.
        return BeautifulSoup(
            html, "lxml", multi_valued_attributes=None, attribute_dict_class=AttributeDict
        )


class _Feeder:
    """Tells a builder what stands in a tree."""

    def __init__(
        self,
        build: Builder,
        places: tuple[Place, ...],
        marker: str,
        skip: frozenset[str] = frozenset(),
    ) -> None:
        self._build = build
        self._skip = skip
        self._places = places
        self._marker = marker
        self._is_exact = places[0].is_exact
        self.reached = 0
        """How many of the places stood where they count."""

    def feed(self, soup: Any) -> None:
        """One walk; no recursion, since a tree can be deeper than the stack."""
        from bs4 import Tag
        from bs4.element import NavigableString, PreformattedString

        build, marker, skip = self._build, self._marker, self._skip
        names: list[str] = []
        stack = [iter(soup.contents)]
        while stack:
            for child in stack[-1]:
                kind = type(child)
                if kind is Tag:
                    name = child.name
                    if name == "div" and skip and "class" in child.attrs:  # noqa: SIM102
                        if not skip.isdisjoint(child.attrs["class"].split()):
                            continue
                    if name == marker:
                        self._place(child.attrs)
                    else:
                        if name in _MAY_HOLD_BLOCKS and self._holds_block(child):
                            start_group(build, name, child.attrs)
                        else:
                            build.start(name, child.attrs)
                        if build.line and not self._is_exact and name not in _OUTER:
                            # Where the next element stands is not known.
                            build.line = 0
                    if name == "svg" and build.top.kind == "swallow" and not build.top.data.draws:
                        # An icon: only its words count, and it has many elements.
                        for inner in child.descendants:
                            if type(inner) is not Tag and not isinstance(inner, PreformattedString):
                                build.text(str(inner))
                        build.end(name)
                        continue
                    names.append(name)
                    stack.append(iter(child.contents))
                    break
                if kind is NavigableString or not issubclass(kind, PreformattedString):
                    build.text(str(child))
            else:
                stack.pop()
                if names:
                    build.end(names.pop())

    def _holds_block(self, element: Any) -> bool:
        from bs4 import Tag

        return (
            has_meaning(element.attrs)
            and self._build.top.kind not in ("swallow", "pre")
            and any(type(child) is Tag and child.name in BLOCKS for child in element.contents)
        )

    def _place(self, attrs: Mapping[str, str]) -> None:
        place = self._places[int(attrs["n"])]
        build = self._build
        build.passes(self._marker)
        self.reached += build.top.kind != "swallow"
        if place.node is not None:
            build.node(place.node)
        else:
            build.line = build.reported_line = place.line
            self._is_exact = place.is_exact


_MAY_HOLD_BLOCKS = frozenset({"a", "span"})
_OUTER = frozenset({"html", "body", "head"})
