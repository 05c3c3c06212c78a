"""Long lines of code, broken where the page ends and marked there."""

from __future__ import annotations

import re

CONTINUED = '<span class="continued">»</span>'

# A tag, a character reference or a character of our own markup.
_PIECE = re.compile(r"<[^>]*>|&[^;\s]{1,10};|.", re.S)
_BREAK_AFTER = " ,;([{"
_TAB = 8


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
