"""Finds the article of a page that does not mark it, and the parts of an article that are not its text.

Both are told by the share of words in links, by where the paragraphs stand, and by the names that templates give such
parts. What is left out is counted by the reader of pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..lazy_pattern import lazy_pattern

_PROSE = frozenset("p pre blockquote li td dd h2 h3 h4 figcaption".split())
_BLOCKS = frozenset("div section aside ul ol footer form p nav table".split())
_AROUND = frozenset(
    "actions ad ads addthis advert breadcrumb breadcrumbs bottomnav comments crumbs disqus footer menu nav navbar navigation "
    "outbrain pager pagination promo related share sharedaddy sharing sidebar social sponsor taboola toolbar topnav".split()
)
"""The words in names of classes and ids that templates give the parts around a text."""
_NAMES = lazy_pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LINKED = 0.3
"""The share of words in links from which a part with such a name is not text."""
_FEW = 30
"""The most words of a part with such a name that is not text, whatever its links."""
_LONGEST_NAMES = 1000
_FORM = 150
"""The most words of a form that is not the page itself, as some servers write it."""
_ALL_LINKED = 0.95
_MANY = 10
"""The fewest links of a list that leads through a site."""
_ON_SITE = lazy_pattern(r"(?!#|https?:|//|mailto:)\S")
_HOLDERS = frozenset("div section main center table tbody tr td".split())
_PROSE_WORDS = 10
"""The fewest words outside links by which a part of a page counts as text."""


class PageWords:
    """The words of each element of a page, of which those in links and those of its prose; counted in one pass."""

    def __init__(self, body: Any) -> None:
        from lxml import etree

        self.body = body
        self._total: dict[Any, int] = {}
        self._linked: dict[Any, int] = {}
        self._prose: dict[Any, int] = {}
        total = linked = prose = links = blocks = 0
        begun: list[tuple[int, int, int]] = []

        def count(text: str | None) -> None:
            nonlocal total, linked, prose
            words = len(text.split()) if text else 0
            total += words
            linked += words if links else 0
            prose += words if blocks and not links else 0

        for event, element in etree.iterwalk(body, events=("start", "end")):
            if event == "start":
                begun.append((total, linked, prose))
                links += element.tag == "a"
                blocks += element.tag in _PROSE
                count(element.text)
                continue
            links -= element.tag == "a"
            blocks -= element.tag in _PROSE
            start = begun.pop()
            self._total[element] = total - start[0]
            self._linked[element] = linked - start[1]
            self._prose[element] = prose - start[2]
            if element is not body:
                count(element.tail)

    def prose_root(self) -> Any:
        """Returns the innermost element of the body beside which no text stands, only parts such as menus."""
        found = self.body
        while True:
            if (found.text or "").strip() or any((child.tail or "").strip() for child in found):
                return found
            parts = [part for part in found if self._prose.get(part, 0) >= _PROSE_WORDS]
            if len(parts) != 1 or parts[0].tag not in _HOLDERS:
                return found
            found = parts[0]

    def parts_around(self, content: Any) -> Iterator[Any]:
        """Yields the parts of an article whose names and links say that they are not its text, the outermost of each."""
        waiting = list(content)
        while waiting:
            element = waiting.pop()
            if self._is_control(element, content) or (
                element.tag in _BLOCKS and self._is_around(element)
            ):
                yield element
            else:
                waiting += list(element)

    def _is_control(self, element: Any, content: Any) -> bool:
        """Whether an element is a form in a text, what stands in place of a script, or the list of a site's pages."""
        total = self._total.get(element, 0)
        if element.tag == "noscript":
            return next(element.iter("img"), None) is None
        if element.tag == "form":
            return total <= _FORM and total * 5 <= self._total.get(content, 0)
        if element.tag not in ("ul", "ol") or self._linked.get(element, 0) < total * _ALL_LINKED:
            return False
        links = [link.get("href", "") for link in element.iter("a")]
        is_long = len(links) >= _MANY and total * 3 <= self._prose.get(content, 0)
        return is_long and all(_ON_SITE.match(href) is not None for href in links)

    def _is_around(self, element: Any) -> bool:
        given = (element.get(name) or "" for name in ("class", "id", "data-hook"))
        names = " ".join(given)[:_LONGEST_NAMES]
        if _AROUND.isdisjoint(word.lower() for word in _NAMES.findall(names)):
            return False
        total = self._total.get(element, 0)
        return total <= _FEW or self._linked.get(element, 0) >= _LINKED * total
