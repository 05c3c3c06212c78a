"""Repairs the nesting of sanitised markup where HTML forbids one element within another.

nh3 removes dangerous elements and closes open ones, but it keeps an ``li`` without a list, a
paragraph in a ``span`` or a caption without its figure, which epubcheck refuses. No text is lost
here: an element is renamed or wrapped. Source: WHATWG HTML, the content models of sections 4.3 to
4.11.
"""

from __future__ import annotations

from typing import Any

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import BLOCKS, HEADINGS, PHRASING

_NOT_PHRASING = BLOCKS | {"col", "colgroup"}
"""Elements that a paragraph must not contain: blocks, and columns, which hold no text."""
_NO_HEADINGS = frozenset({"th", "dt"})
_OWN_ATTRIBUTES = frozenset({"class", "dir", "lang", "title"})
_BLOCK_TAG = lazy_pattern(
    rf"<(/?)(?:{'|'.join(sorted(_NOT_PHRASING, key=len, reverse=True))})(?=[\s/>])[^>]*>"
)


def as_phrasing(markup: str) -> str:
    """Replaces every block in sanitised markup by a ``span``, so that it fits into a paragraph."""
    return _BLOCK_TAG.sub(lambda tag: "</span>" if tag[1] else _opening_tag(tag[0]), markup)


def _opening_tag(tag: str) -> str:
    if tag.startswith(("<hr", "<col")) and not tag.startswith("<colgroup"):
        return ""
    # The space keeps the words of two blocks apart.
    return " <span>"


def fit_flow(root: Any) -> None:
    """Repairs the content of ``root``, an element of an lxml tree that holds flow content."""
    for preformatted in root.iter("pre"):
        for element in preformatted.iterdescendants(*_NOT_PHRASING):
            _rename(element, "span")
    _gather_items(root)
    stack = [root]
    while stack:
        parent = stack.pop()
        _fit_children(parent)
        stack.extend(parent)
    # Work from the leaves up: an inline element that contains a block becomes a block itself.
    for element in reversed(list(root.iter())):
        if element is not root and element.tag in PHRASING | {"p"} and _has_block(element):
            for reading in element.iterchildren("rt", "rp"):
                _rename(reading, "span")
            _rename(element, "div")
    for element in root.iter("a"):
        if element.getparent().tag in PHRASING and _has_block(element):
            _rename(element, "div")


def _has_block(element: Any) -> bool:
    return any(
        child.tag in _NOT_PHRASING or (child.tag == "a" and _has_block(child)) for child in element
    )


def _gather_items(root: Any) -> None:
    """Wraps items without a list in one."""
    for parent in list(root.iter()):
        if parent.tag in ("ul", "ol"):
            continue
        run: Any = None
        for child in list(parent):
            if child.tag != "li":
                run = None
                continue
            if run is None:
                run = child.makeelement("ul")
                parent.insert(parent.index(child), run)
            run.append(child)
            if (child.tail or "").strip():
                run.tail, child.tail = child.tail, None
                run = None


def _fit_children(parent: Any) -> None:
    name = parent.tag
    if name in ("ul", "ol"):
        _wrap_strangers(parent, ("li",), "li")
    elif name == "dl":
        kinds = [child.tag for child in parent]
        if set(kinds) - {"dt", "dd"} or not kinds or kinds[0] != "dt" or kinds[-1] != "dd":
            _rename(parent, "div")
            name = "div"
    children = list(parent)
    for position, child in enumerate(children):
        _fit_child(child, name, position in (0, len(children) - 1))


def _fit_child(child: Any, parent: str, at_an_end: bool) -> None:
    name = child.tag
    if name in ("details", "summary") or (name in ("dt", "dd") and parent != "dl"):
        # Nothing can be unfolded in a book, so closed details would be lost.
        _rename(child, "div")
    elif name == "figcaption" and not (parent == "figure" and at_an_end):
        _rename(child, "div")
    elif name in ("rt", "rp") and parent != "ruby":
        _rename(child, "span")
    elif name == "time":
        # Its text would have to be a machine-readable date.
        _rename(child, "span")
    elif name in ("header", "footer") or (
        name in HEADINGS and any(a.tag in _NO_HEADINGS for a in child.iterancestors())
    ):
        _rename(child, "div")
    elif name == "a" and any(a.tag == "a" for a in child.iterancestors()):
        _rename(child, "span")
    elif name == "li" and parent != "ol":
        child.attrib.pop("value", None)


def _wrap_strangers(parent: Any, allowed: tuple[str, ...], wrapper: str) -> None:
    """Wraps text and elements that ``parent`` must not contain directly in ``wrapper``."""
    if (parent.text or "").strip():
        item = parent.makeelement(wrapper)
        item.text, parent.text = parent.text, None
        parent.insert(0, item)
    for child in list(parent):
        tail = child.tail or ""
        if child.tag not in allowed:
            item = parent.makeelement(wrapper)
            parent.replace(child, item)
            item.append(child)
        elif tail.strip():
            item = parent.makeelement(wrapper)
            item.text, child.tail = tail, None
            parent.insert(parent.index(child) + 1, item)


def _rename(element: Any, name: str) -> None:
    element.tag = name
    for attribute in set(element.attrib) - _OWN_ATTRIBUTES:
        del element.attrib[attribute]
