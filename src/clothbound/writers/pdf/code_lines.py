"""Long lines of code, broken where the page ends and marked there."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, fromstring, tostring

from ...lazy_pattern import lazy_pattern

CONTINUED = '<span class="continued">»</span>'

# A tag, a character reference or a character of our own markup.
_PIECE = lazy_pattern(r"<[^>]*>|&[^;\s]{1,10};|.", re.S)
_BREAK_AFTER = " ,;([{"
_TAB = 8
_FEWEST = 20
"""Columns of a line, however little room there is."""
# Rem of a line, as print.css has them.
_TAKEN = {"ul": 1.3, "ol": 1.3, "dd": 1.3, "blockquote": 3.02}
_TAKEN_BY_CLASS = {"callout": 1.6, "recipe": 1.6, "pullquote": 3.7}
# Rem that print.css gives back to code in these elements.
_GIVEN_BACK = {"li": 1.3, "blockquote": 3.0}


def wrap_code(markup: str, columns: int) -> str:
    """Escaped or highlighted code with every line cut at ``columns``.

    A line is cut after a space or an opening mark if there is one in its second half, so that words
    stay whole; what continues begins with a mark and two columns of indent. Tabs become spaces.
    """
    if all(len(line) <= columns for line in markup.split("\n")) and "\t" not in markup:
        return markup
    return "\n".join(_wrap_line(line, columns) for line in markup.split("\n"))


def _wrap_line(line: str, columns: int) -> str:
    pieces: list[str] = []
    column = 0
    for piece in _PIECE.findall(line):
        if piece == "\t":
            width = _TAB - column % _TAB
            pieces.extend(" " * width)
            column += width
        else:
            pieces.append(piece)
            column += not piece.startswith("<")
    if column <= columns:
        return "".join(pieces)
    result: list[str] = []
    column = start = 0
    last_break = -1
    room = columns
    position = 0
    while position < len(pieces):
        piece = pieces[position]
        if not piece.startswith("<"):
            if column == room:
                cut = last_break if last_break > 0 else position
                result.extend(pieces[start:cut])
                result.append("\n" + CONTINUED + " ")
                start = position = cut
                column, last_break, room = 0, -1, columns - 2
                continue
            column += 1
            if piece in _BREAK_AFTER and column > room // 2:
                last_break = position + 1
        position += 1
    result.extend(pieces[start:])
    return "".join(result)


def wrap_chapter_code(
    chapter: Element, measure: float, column: float, *, is_outdented: bool
) -> None:
    """Cuts the lines of code in a chapter's tree to the room that lists and quotations leave them.

    ``measure`` and ``column``: the widths of a line of the page and of a letter of code, in rem.
    ``is_outdented``: code that stands directly in a list or quotation is as wide as that.
    """
    stack = [(chapter, 0.0)]
    while stack:
        parent, taken = stack.pop()
        if parent.tag == "pre":
            continue
        for element in parent:
            if element.tag == "pre":
                back = _GIVEN_BACK.get(parent.tag, 0.0) if is_outdented else 0.0
                _wrap_element(element, max(int((measure - taken + back) / column), _FEWEST))
            else:
                stack.append((element, taken + _taken(element)))


def _taken(element: Element) -> float:
    classes = element.get("class", "").split()
    if "level" in classes:
        return 0.0
    by_class = next((_TAKEN_BY_CLASS[name] for name in classes if name in _TAKEN_BY_CLASS), None)
    return _TAKEN.get(element.tag, 0.0) if by_class is None else by_class


def _wrap_element(block: Element, columns: int) -> None:
    code = block.find("code")
    if code is None:
        return
    tail, code.tail = code.tail, None
    markup = tostring(code, encoding="unicode")
    begin, end = markup.find(">") + 1, markup.rfind("<")
    if begin > end:
        return
    wrapped = wrap_code(markup[begin:end], columns)
    block[list(block).index(code)] = fresh = fromstring(f"{markup[:begin]}{wrapped}{markup[end:]}")  # noqa: S314 - our own, without a DTD
    fresh.tail = tail
