"""What the blocks of a chapter's tree hold, as far as Typst must be told: words, lines, cells, and the space at an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from ....html.read.block_builders import cell_span
from ....model import blocks as b
from .emit_inlines import Item, items
from .literals import name_in
from .mathematics import to_typst

_SPACES = {
    "blockquote": "quote-space",
    "figure": "figure-space",
    "pre": "code-space",
    "table": "figure-space",
}
"""The spaces of the theme below blocks."""
_HOLD = frozenset({"div", "li", "ol", "ul"})
"""The elements whose last block may end an item."""


def is_seen(item: Item) -> bool:
    """Whether an item is more than white space between blocks or a comment."""
    return bool(item.strip()) if isinstance(item, str) else isinstance(item.tag, str)


def space_after(item: Element) -> str:
    """Names the space of the theme below the block at which an item or a note ends; empty for lines of text.

    Typst gives up this space at the end of what holds the block.
    """
    last = next(filter(is_seen, reversed([*items(item)])), None)
    if last is None or isinstance(last, str):
        return ""
    return _SPACES.get(last.tag) or (space_after(last) if last.tag in _HOLD else "")


def has_words(element: Element) -> bool:
    """Whether a heading contains text for Typst; pictures and formulas that it cannot set have none."""
    for item in items(element):
        if isinstance(item, str):
            found = bool(name_in(item))
        elif "formula" in item.get("class", ""):
            found = to_typst(item.get("alt", ""), False) is not None
        else:
            found = item.get("class") != "noteref" and has_words(item)
        if found:
            return True
    return False


def lines_of_verse(stanza: Element) -> Iterator[list[Item]]:
    line: list[Item] = []
    for item in items(stanza):
        if not isinstance(item, str) and item.tag == "br":
            yield line
            line = []
        else:
            line.append(item)
    yield line


def rows_of_table(
    rows: Iterable[Element], cells: dict[int, Element]
) -> tuple[tuple[b.Cell, ...], ...]:
    """Converts a table's rows to rows of the model. ``cells`` receives their content, by the id of
    each cell.
    """
    result = []
    for row in rows:
        found = []
        for element in row:
            spans = (cell_span(element.get(name, "")) for name in ("colspan", "rowspan"))
            cell = b.Cell((), *spans)
            cells[id(cell)] = element
            found.append(cell)
        result.append(tuple(found))
    return tuple(result)
