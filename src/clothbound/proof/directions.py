"""Finds brackets and punctuation that stand turned round in text from right to left.

A bracket belongs to the word that it touches: the sign that opens towards the right has its word on its right, in
every direction of writing. So the shape that is printed is compared with the place of its word, and what the file
says of the character, which is often that of the other bracket, does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .findings import Finding
from .lines import PrintedLine
from .printed_pages import Glyph, OpenedPage
from .scripts import RIGHT_TO_LEFT, runs_right_to_left, script_of

_BRACKETS = frozenset("()[]{}")
_AFTER = frozenset(".,:;!?\u060c\u061b\u061f\u05c3")
"""Punctuation that follows its word without a space."""
_FEWEST_LINES = 3
_SCALE = 8.0
_NEAR = 0.2
"""The gap in em up to which a sign touches a word."""


def check_directions(
    page: OpenedPage, lines: Sequence[PrintedLine], pieces: Sequence[Sequence[Glyph]]
) -> Iterator[Finding]:
    """Yields the signs of each line with letters of a script from right to left that stand on the wrong side."""
    # A line or two of names on a title page may be of another script than the page's.
    is_page_backward = sum(
        line.is_right_to_left for line in lines
    ) >= _FEWEST_LINES and runs_right_to_left("".join(g.char for g in page.glyphs))
    for line, piece in zip(lines, pieces, strict=True):
        if not any(script_of(g.char) in RIGHT_TO_LEFT for g in piece) or line.angle:
            continue
        if sum(g.run.face.is_mono for g in piece) * 2 > len(piece):
            continue  # Code runs from left to right.
        printed = [g for g in piece if g.x1 - g.x0 > 0.05]
        is_backward = line.is_right_to_left and (is_page_backward or _is_beside_others(line, lines))
        for number, glyph in enumerate(printed):
            before = printed[number - 1] if number else None
            after = printed[number + 1] if number + 1 < len(printed) else None
            if glyph.char in _BRACKETS:
                yield from _turned_bracket(page, glyph, before, after)
            elif glyph.char in _AFTER and is_backward:
                yield from _turned_sign(page, glyph, before, after, is_page_backward)


def _is_beside_others(line: PrintedLine, lines: Sequence[PrintedLine]) -> bool:
    """Returns whether a line is one of several from right to left, and not a quotation in another text."""
    return any(
        other is not line
        and other.is_right_to_left
        and 0.5 * line.size < abs(other.base - line.base) < 2 * line.size
        for other in lines
    )


def _gap(one: Glyph | None, other: Glyph | None) -> float:
    """Returns the gap between neighbours in em; a wide one where the line ends."""
    if one is None or other is None:
        return 9.0
    return (other.x0 - one.x1) / max(one.run.size, other.run.size, 1.0)


def _is_word(glyph: Glyph | None) -> bool:
    return glyph is not None and glyph.char.isalnum()


def _turned_bracket(
    page: OpenedPage, glyph: Glyph, before: Glyph | None, after: Glyph | None
) -> Iterator[Finding]:
    left, right = _gap(before, glyph), _gap(glyph, after)
    touches_left = left < _NEAR and _is_word(before)
    touches_right = right < _NEAR and _is_word(after)
    if touches_left == touches_right or (left < _NEAR and right < _NEAR):
        return
    opens_right = _opens_right(page, glyph)
    if opens_right is not None and opens_right is not touches_right:
        shown = "(" if opens_right else ")"
        word = after if touches_right else before
        yield Finding(
            check="turned bracket", page=page.index, box=glyph.box,
            message=f"a bracket is printed as {shown!r} beside {word.char if word else ''!r}, away from its word",
        )  # fmt: skip


def _opens_right(page: OpenedPage, glyph: Glyph) -> bool | None:
    """Returns whether the printed sign is open towards the right, as "(" is; None where its ink does not tell."""
    ink = page.ink_of([glyph.run.handle], glyph.box, _SCALE)
    wide, high = ink.size
    if wide < 3 or high < 6:
        return None
    middle = _centre(ink.crop((0, high * 2 // 5, wide, high * 3 // 5)))
    upper, lower = (
        _centre(ink.crop((0, 0, wide, high // 5))),
        _centre(ink.crop((0, high * 4 // 5, wide, high))),
    )
    if middle is None or upper is None or lower is None:
        return None
    apart = (upper + lower) / 2 - middle
    return None if abs(apart) < 0.06 * wide else apart > 0


def _centre(ink: object) -> float | None:
    """Returns how far right the ink of a drawing lies on the average, in pixels."""
    from PIL.Image import Image

    assert isinstance(ink, Image)
    wide, high = ink.size
    pixels = ink.tobytes()
    weights = [
        sum(255 - pixels[row * wide + column] for row in range(high)) for column in range(wide)
    ]
    whole = sum(weights)
    return sum(n * weight for n, weight in enumerate(weights)) / whole if whole > 255 else None


def _turned_sign(
    page: OpenedPage, glyph: Glyph, before: Glyph | None, after: Glyph | None, in_text: bool
) -> Iterator[Finding]:
    """Yields a sign that touches the word on its left and has a space on its right, in a line from right to left.

    Within words of a script from left to right it stands so rightly: then letters of such a script follow. At the
    beginning of a line, which is its right end, it never does where the page (``in_text``) is of such a script.
    """
    if (
        not (_gap(before, glyph) < _NEAR and _is_word(before))
        or _gap(glyph, after) < _NEAR
        or before is None
    ):
        return
    is_inner = script_of(before.char) not in RIGHT_TO_LEFT
    if is_inner and after is not None and script_of(after.char) not in RIGHT_TO_LEFT:
        return
    if after is None and not in_text:
        return
    yield Finding(
        check="turned punctuation", page=page.index, box=glyph.box,
        message=f"{glyph.char!r} stands to the right of {before.char!r}, before its word in the order of reading",
    )  # fmt: skip
