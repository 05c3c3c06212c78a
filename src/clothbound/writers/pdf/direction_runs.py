"""Makes one element of words that run against their line and are parts of several elements, for WeasyPrint.

WeasyPrint orders the letters of each text by Unicode Annex 9, but the elements of a line one by one, in the direction
of the line: in a line from right to left, "AdGuard <em>Home</em>" would be printed as "Home AdGuard". Within an element
that has the direction of the words, their parts follow each other in it. It orders each line by itself, too: a sign at
which a line ends, such as a slash of an address, would stand on the wrong side. Typst orders a whole paragraph.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeAlias
from xml.etree.ElementTree import Element

from ...language.bidirectional import levels_of
from ...lazy_pattern import lazy_pattern
from ...web.html_elements import BLOCKS
from .chapter_tree import is_note

_DIRECTED = frozenset(("R", "AL", "AN"))
_FAR_ENDS = BLOCKS | {"body", "br", "head", "html"}
"""The elements at which a line ends on both sides."""
_LINES = frozenset(("continued", "line", "verse-line"))
"""The classes of elements that are lines of their own, or begin one of code."""
_UNDIVIDED = frozenset(("bdi", "bdo", "img", "input", "math", "object", "ruby", "svg"))
"""The elements that have one place in a line, whatever they hold."""
_DRAWN = frozenset(("math", "svg"))
_OBJECT, _END = "\ufffc", "\u2029"
"""What stands for such elements, in the text by which a line is ordered."""
_REFERENCE, _LETTER = "reference", {"ltr": "\u200e", "rtl": "\u200f"}
"""The class of a link behind which its page is set, and what stands for that: a letter that runs as the line does."""
_STYLE = "direction: {}"
_STYLES = {_STYLE.format(way): way for way in _LETTER}
"""The directions of the elements that are made here, by their style. The rules of style sheets for ``dir`` are those of blocks."""

_ENDS_WITH_SIGN = lazy_pattern(r"[^\w\s\u200b][\s\u200b]|[\s\u200b][^\w\s\u200b]")
"""A sign behind or before which a line may end."""

_Item: TypeAlias = "str | Element"
_Run: TypeAlias = tuple[int, int]
"""Where a run begins and ends in the text of an element."""


def join_runs(root: Element) -> None:
    """Wraps the runs below ``root`` that are parts of several elements, or within which a line may end at a sign."""
    stack = [(root, _direction(root) or "ltr", False)]
    while stack:
        element, way, is_code = stack.pop()
        _join(element, way, is_code=is_code)
        stack += [
            (child, _direction(child) or way, is_code or child.tag == "pre")
            for child in _inner(element)
            if child.tag not in _DRAWN
        ]


def _inner(element: Element) -> Iterator[Element]:
    """Yields the elements below one whose texts are ordered apart from its own."""
    for child in element:
        if _is_apart(child):
            yield child
        else:
            yield from _inner(child)


def _is_apart(element: Element) -> bool:
    return (
        element.tag in _UNDIVIDED
        or bool(_direction(element))
        or is_note(element)
        or _is_line(element)
    )


def _direction(element: Element) -> str:
    """Returns the direction that an element says itself, or an empty text."""
    way = element.get("dir", "")
    return way if way in _LETTER else _STYLES.get(element.get("style", ""), "")


def _is_line(element: Element) -> bool:
    return element.tag in _FAR_ENDS or element.get("class") in _LINES


def _join(element: Element, way: str, *, is_code: bool) -> None:
    text = _text_of(_items(element), way)
    if is_code:
        text = text.replace("\n", _END)
    if way == "ltr" and (text.isascii() or not _has_directed(text)):
        return
    start = 0
    runs: list[_Run] = []
    for part in text.split(_END):
        runs += ((start + first, start + last) for first, last in _runs(part, way))
        start += len(part) + 1
    if runs:
        _wrap(element, runs, way)


def _has_directed(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in _DIRECTED for char in text)


def _runs(text: str, way: str) -> Iterator[tuple[int, int]]:
    """Yields where the runs of a text begin and end that do not run as the line does."""
    lowest = 1 if way == "rtl" else 0
    place = 0
    for is_run, group in groupby(levels_of(text, way), lambda level: level > lowest):
        levels = [*group]
        # Arabic figures alone run from the left in either line.
        if is_run and any(level == lowest + 1 for level in levels):
            yield place, place + len(levels)
        place += len(levels)


def _text_of(items: Sequence[_Item], way: str) -> str:
    """Returns the text by which items are ordered within a line that runs in a direction."""
    return "".join(_text(item, way) for item in items)


def _text(item: _Item, way: str) -> str:
    if isinstance(item, str):
        return item
    if _is_line(item):
        return _END
    if _is_apart(item):
        # Words beside code that runs as its line does keep to the line.
        return _LETTER[way] if _direction(item) == way else _OBJECT
    return _text_of(_items(item), way) + (_LETTER[way] if _has_page(item) else "")


def _has_page(element: Element) -> bool:
    return _REFERENCE in element.get("class", "").split()


def _items(element: Element) -> list[_Item]:
    """Returns the texts and the elements of an element."""
    items: list[_Item] = [element.text or ""]
    for child in element:
        items += (child, child.tail or "")
    return [item for item in items if item != ""]


def _fill(element: Element, items: Sequence[_Item]) -> None:
    """Makes ``items`` the content of an element."""
    element.text = None
    element[:] = []
    for item in items:
        if not isinstance(item, str):
            item.tail = None
            element.append(item)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + item
        else:
            element.text = (element.text or "") + item


def _wrap(element: Element, runs: Sequence[_Run], way: str) -> None:
    """Wraps runs of an element's text, which are in order, but none that is in one text and needs no element of its own.

    ``way`` is that of the line.
    """
    rest = [(item, len(_text(item, way))) for item in reversed(_items(element))]
    done: list[_Item] = []
    within: list[tuple[Element, list[_Run]]] = []
    place = 0
    for first, last in runs:
        while place < first and place + rest[-1][1] <= first:
            place += rest[-1][1]
            done.append(rest.pop()[0])
        empty, (item, size) = next(each for each in enumerate(reversed(rest)) if each[1][1])
        is_within = last <= place + size
        if isinstance(item, str) and _ENDS_WITH_SIGN.search(item[first - place : last - place]):
            is_within = False
        if is_within:
            done += [rest.pop()[0] for _ in range(empty)]
            if not isinstance(item, str) and not _is_apart(item):
                if not within or within[-1][0] is not item:
                    within.append((item, []))
                within[-1][1].append((first - place, last - place))
            continue
        if place < first:
            done.append(_divide(rest, first - place, way))
            place = first
        run: list[_Item] = []
        while place < last:
            size = rest[-1][1]
            is_whole = place + size <= last
            run.append(rest.pop()[0] if is_whole else _divide(rest, last - place, way))
            place = min(place + size, last)
        wrapper = Element("span", {"style": _STYLE.format("ltr" if way == "rtl" else "rtl")})
        _fill(wrapper, run)
        done.append(wrapper)
    _fill(element, [*done, *(item for item, _ in reversed(rest))])
    for item, inner in within:
        _wrap(item, inner, way)


def _divide(rest: list[tuple[_Item, int]], place: int, way: str) -> _Item:
    """Divides the last of ``rest`` at a place in its text; the first half is returned, and the second takes its place."""
    item, size = rest.pop()
    first, second = _halves(item, place, way)
    rest.append((second, size - place))
    return first


def _cut(items: Sequence[_Item], place: int, way: str) -> tuple[list[_Item], list[_Item]]:
    """Returns the items before and behind a place in their text."""
    before: list[_Item] = []
    for number, item in enumerate(items):
        size = len(_text(item, way))
        if place <= 0:
            return before, [*items[number:]]
        if place < size:
            first, second = _halves(item, place, way)
            return [*before, first], [second, *items[number + 1 :]]
        before.append(item)
        place -= size
    return before, []


def _halves(item: _Item, place: int, way: str) -> tuple[_Item, _Item]:
    """Divides an item; other elements lead to the first half, and its page stands behind the second."""
    if isinstance(item, str):
        return item[:place], item[place:]
    first, second = _cut(_items(item), place, way)
    other = Element(item.tag, {name: value for name, value in item.attrib.items() if name != "id"})
    if _has_page(item):
        names = item.get("class", "").split()
        item.set("class", " ".join(name for name in names if name != _REFERENCE))
    _fill(item, first)
    _fill(other, second)
    return item, other
