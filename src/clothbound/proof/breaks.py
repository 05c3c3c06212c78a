"""Finds what the ends of lines, paragraphs and pages part: words, notes from their marks, headings from their text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from ..lazy_pattern import lazy_pattern
from .face_files import Box
from .findings import Finding
from .lines import Layout, PrintedLine, TextArea
from .thresholds import HYPHENS, LAST_LINE, NOTE_PAGES, PARAGRAPHS

_NOTE = lazy_pattern(r"\W{0,2}(\d{1,3})(?![\d.,])")
_ITEM = lazy_pattern(r"\W{0,2}\d{1,3}[.)\]]|[^\w\s\"'(\u2018\u201c\u00ab]\s")
_CAPTION = lazy_pattern(r"(?i)(?:figure|fig\.|table|abbildung|tabelle|tableau|figura)\s+\d+\b")


class TextPage(msgspec.Struct):
    """A page as these checks see it."""

    index: int
    body: list[PrintedLine]
    """The lines of its paragraphs, in order, in the size of the text."""
    rest: list[PrintedLine]
    """All lines that are not furniture."""
    begins_chapter: bool
    pictures: list[Box]


def text_pages(
    pages: Sequence[tuple[int, list[PrintedLine], list[Box]]],
    layout: Layout,
    starts: frozenset[int],
) -> list[TextPage]:
    """Returns the pages with their body. ``starts`` are the indices of pages on which chapters begin."""
    made = []
    for index, lines, pictures in pages:
        rest = sorted(
            (one for one in lines if not one.is_furniture), key=lambda one: (one.base, one.x0)
        )
        body = [
            one
            for one in rest
            if one.is_text and abs(one.size - layout.size) < 0.3 and not one.is_mono
        ]
        made.append(TextPage(index, body, rest, index in starts, pictures))
    return made


def _is_full(line: PrintedLine, block: TextArea, layout: Layout) -> bool:
    """Returns whether a line runs to the end of its measure, so that its paragraph goes on."""
    # Lines without spaces are ragged in many books, whose lines of Latin words are justified.
    near = 0.6 * layout.size if block.is_justified and line.is_spaced else 6 * layout.size
    return (line.x0 - block.left if line.is_right_to_left else block.right - line.x1) < near


def _begins_at(line: PrintedLine, block: TextArea) -> float:
    """Returns how far within the block a line begins, on the right where it runs from there."""
    return block.right - line.x1 if line.is_right_to_left else line.x0 - block.left


def _is_indented(line: PrintedLine, block: TextArea, layout: Layout) -> bool:
    return 0.5 * layout.size < _begins_at(line, block) < 3 * layout.size


def check_page_breaks(pages: Sequence[TextPage], layout: Layout) -> Iterator[Finding]:
    """Yields single lines, broken words and parted headings at the heads and feet of pages."""
    for page, after in pairwise(pages):
        block, next_block = layout.block(page.index), layout.block(after.index)
        if block is None or next_block is None or not page.rest or after.begins_chapter:
            continue
        yield from _parted_heading(page, after)
        if (
            not page.body
            or not after.body
            or page.rest[-1].role in ("table", "table head", "caption")
        ):
            continue
        last, first = page.body[-1], after.body[0]
        goes_on = _is_full(last, block, layout) and not _is_indented(first, next_block, layout)
        if not goes_on or abs(_begins_at(last, block)) > 3 * layout.size or last.role == "list":
            continue
        if last.ends_in_hyphen:
            yield Finding(
                check="broken over the page", page=page.index, box=last.box,
                message=f"the last word of the page, {last.text.split()[-1]!r}, is broken",
            )  # fmt: skip
        if _stands_alone_at_foot(page, last, block, layout):
            yield Finding(
                check="orphan",
                page=page.index,
                box=last.box,
                message=f"{last.shown!r} stands alone",
            )
        if _stands_alone_at_head(after, first, next_block, layout):
            yield Finding(
                check="widow",
                page=after.index,
                box=first.box,
                message=f"{first.shown!r} stands alone",
            )


def _stands_alone_at_foot(
    page: TextPage, last: PrintedLine, block: TextArea, layout: Layout
) -> bool:
    if last.base < block.bottom - 8 * layout.leading and page.rest[-1] is last:
        return False
    return len(page.body) > 1 and _is_indented(last, block, layout)


def _stands_alone_at_head(
    page: TextPage, first: PrintedLine, block: TextArea, layout: Layout
) -> bool:
    if page.rest[0] is not first or any(box[3] < first.base for box in page.pictures):
        return False
    rest = first.x0 - block.left if first.is_right_to_left else block.right - first.x1
    if rest <= 0.6 * layout.size:
        return False
    if not block.is_justified and _is_full(first, block, layout):
        return False
    later = page.body[1] if len(page.body) > 1 else None
    return (
        later is None
        or _is_indented(later, block, layout)
        or later.base - first.base > 1.3 * layout.leading
    )


def _parted_heading(page: TextPage, after: TextPage) -> Iterator[Finding]:
    last = next((one for one in reversed(page.rest) if one.role != "note"), None)
    if last is None:
        return
    ends_in_picture = bool(page.pictures) and max(box[3] for box in page.pictures) > last.base
    what = last.role if last.role in ("heading", "table head") and not ends_in_picture else ""
    if what == "heading" and last.base < 0.3 * max(one.base for one in page.rest) + 1:
        what = ""  # A title page.
    if what and len(page.rest) > 1:
        yield Finding(
            check="parted heading",
            page=page.index,
            box=last.box,
            message=f"the {what} {last.shown!r} ends the page",
        )
    first = after.rest[0] if after.rest else None
    if first is None or not ends_in_picture or any(box[1] < first.top for box in after.pictures):
        return
    if first.role == "caption" or (first.role in ("", "text") and _CAPTION.match(first.text)):
        yield Finding(
            check="parted heading",
            page=after.index,
            box=first.box,
            message=f"the caption {first.shown!r} is parted from its picture",
        )


def check_line_ends(pages: Sequence[TextPage], layout: Layout) -> Iterator[Finding]:
    """Yields ladders of hyphens, and paragraphs whose last line is a syllable or a short word."""
    for page in pages:
        block = layout.block(page.index)
        if block is None:
            continue
        row: list[PrintedLine] = []
        for line in [*page.body, None]:
            is_next = line is not None and (
                not row or line.base - row[-1].base < 1.5 * layout.leading
            )
            if line is not None and line.ends_in_hyphen and is_next:
                row.append(line)
                continue
            if len(row) >= HYPHENS.value:
                yield Finding(
                    check="hyphens", page=page.index, box=(row[0].x0, row[0].top, row[0].x1, row[-1].bottom),
                    message=f"{len(row)} lines in a row end in a hyphen, from {row[0].text.split()[-1]!r}",
                )  # fmt: skip
            row = [line] if line is not None and line.ends_in_hyphen else []
        yield from _short_last_lines(page, block, layout)


def check_paragraphs(pages: Sequence[TextPage], layout: Layout) -> Iterator[Finding]:
    """Yields pages on which paragraphs follow one another without an indent or a space."""
    for page in pages:
        block = layout.block(page.index)
        if block is None:
            continue
        ends: list[PrintedLine] = []
        parted = 0
        for before, line in pairwise(page.body):
            if line.role not in ("text", "") or before.role not in ("text", ""):
                continue
            if _ITEM.match(line.reading) or _ITEM.match(before.reading):
                continue
            if _is_full(before, block, layout) or not _is_full(line, block, layout):
                continue
            is_apart = line.base - before.base > 1.25 * layout.leading
            if is_apart or _is_indented(line, block, layout):
                parted += 1
            elif line.base - before.base > 0.5 * layout.leading:
                ends.append(line)
        if len(ends) >= PARAGRAPHS.value and len(ends) > parted:
            yield Finding(
                check="no paragraphs",
                page=page.index,
                box=(block.left, ends[0].top, block.right, ends[-1].bottom),
                message=f"{len(ends)} paragraphs begin as other lines do, the first at {ends[0].shown!r}",
            )


def _short_last_lines(page: TextPage, block: TextArea, layout: Layout) -> Iterator[Finding]:
    for before, line in pairwise(page.body):
        if line.base - before.base > 1.3 * layout.leading or line.words > 1:
            continue
        # Two characters of Han are a word.
        if not line.is_spaced and sum(map(str.isalpha, line.text)) > 1:
            continue
        if not _is_full(before, block, layout) or line.x1 - line.x0 > LAST_LINE.value * layout.size:
            continue
        if abs(_begins_at(line, block)) < layout.size or before.ends_in_hyphen:
            what = "is the end of a broken word" if before.ends_in_hyphen else "is all of it"
            yield Finding(
                check="last line", page=page.index, box=line.box,
                message=f"a paragraph's last line, {line.text!r}, {what}",
            )  # fmt: skip


def check_notes(pages: Sequence[TextPage]) -> Iterator[Finding]:
    """Yields notes at the foot that stand more than a page behind their mark: a page has the note's text, and the
    mark is on a page before the last one.
    """
    marks: dict[str, int] = {}
    for page in pages:
        if page.begins_chapter:
            marks.clear()
        for line in page.rest:
            if line.role == "note":
                continue
            for mark in line.marks:
                marks.setdefault(mark, page.index)
        for line in page.rest:
            found = _NOTE.match(line.text) if line.role == "note" else None
            if found and found[1] in marks and page.index - marks[found[1]] > NOTE_PAGES.value:
                apart = page.index - marks[found[1]]
                yield Finding(
                    check="parted note", page=page.index, box=line.box,
                    message=f"note {found[1]} stands {apart} pages after its mark",
                )  # fmt: skip
