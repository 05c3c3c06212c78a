"""Breaks long lines of code at the width of the page, and marks the breaks."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, fromstring, tostring

from ...lazy_pattern import lazy_pattern
from .theme import Theme

CONTINUED = '<span class="continued">»</span>'

# Matches a tag, a character reference or a character of our own markup.
_PIECE = lazy_pattern(r"<[^>]*>|&[^;\s]{1,10};|.", re.S)
_SPACED_BEGINNING = lazy_pattern(r"[^\n]*\S[^\n]*\n[^\S\n]*\n[^\n]*\S")
_BREAK_AFTER = " ,;([{"
_TAB = 8
_FEWEST = 20
"""The fewest columns of a line, however little room there is."""
CODE_TITLE = "code-title"
"""The class of the paragraph above code that names it."""
OUTDENT = "data-outdent"
"""The attribute of code too wide for it, and of its title, that cancels the indent of the list or quotation around it."""
SPACED = "spaced"
"""The class of code whose second line is empty, so that two lines of it at the foot of a page would show one."""
_OUTDENTED = {"li": ("list", "ul"), "blockquote": ("quote", "blockquote")}


def wrap_code(markup: str, columns: int) -> str:
    """Cuts every line of escaped or highlighted code at ``columns``.

    A line is cut after a space or an opening mark if there is one in its second half, so that words
    stay whole; the continuation begins with a mark and two columns of indent. Tabs become spaces.
    """
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


def wrap_chapter_code(chapter: Element, measure: float, theme: Theme) -> None:
    """Cuts the lines of code in a chapter's tree to the width that lists and quotations leave.

    ``measure`` is the width of the page's lines in rem.
    """
    indents = theme.indents()
    stack = [(chapter, 0.0, False)]
    while stack:
        parent, taken, is_flat = stack.pop()
        above: Element | None = None
        for element in parent:
            before, above = above, element
            if element.tag == "pre":
                columns = _columns(measure - taken, theme)
                if parent.tag in _OUTDENTED and not is_flat and _is_wider(element, columns):
                    kind, name = _OUTDENTED[parent.tag]
                    element.set(OUTDENT, kind)
                    if before is not None and before.get("class") == CODE_TITLE:
                        before.set(OUTDENT, kind)
                    columns = _columns(measure - taken + indents[name], theme)
                _wrap_element(element, columns)
                if _SPACED_BEGINNING.match("".join(element.itertext())):
                    element.set("class", f"{element.get('class', '')} {SPACED}".strip())
                continue
            classes = element.get("class", "").split()
            if "level" in classes:
                stack.append((element, taken, True))
                continue
            by_class = next((indents[name] for name in classes if name in indents), None)
            indent = indents.get(element.tag, 0.0) if by_class is None else by_class
            stack.append((element, taken + indent, is_flat and element.tag == "li"))


def _columns(room: float, theme: Theme) -> int:
    return max(int(room / theme.code_column), _FEWEST)


def _is_wider(block: Element, columns: int) -> bool:
    code = "".join(block.itertext())
    return not _fits(code.expandtabs(_TAB), columns)


def _fits(code: str, columns: int) -> bool:
    return "\t" not in code and max(map(len, code.split("\n"))) <= columns


def _wrap_element(block: Element, columns: int) -> None:
    code = block.find("code")
    if code is None or _fits("".join(code.itertext()), columns):
        return
    tail, code.tail = code.tail, None
    markup = tostring(code, encoding="unicode")
    begin, end = markup.find(">") + 1, markup.rfind("<")
    if begin > end:
        return
    wrapped = wrap_code(markup[begin:end], columns)
    block[list(block).index(code)] = fresh = fromstring(f"{markup[:begin]}{wrapped}{markup[end:]}")  # noqa: S314 - our own, without a DTD
    fresh.tail = tail
