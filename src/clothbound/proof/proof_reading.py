"""Reads a finished PDF page by page and gathers what is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from .breaks import check_line_ends, check_notes, check_page_breaks, check_paragraphs, text_pages
from .contents import ContentsEntry, check_contents, check_outline, find_entries
from .directions import check_directions
from .edges import check_block, check_clips, check_small_type, check_trim
from .expected import Expected
from .face_files import Box
from .faces import check_fallbacks, check_page_faces, count_faces
from .findings import Finding
from .formula_rows import check_formula_rows
from .lines import Layout, PrintedLine, find_layout, make_lines, mark_furniture
from .overlaps import check_overlaps
from .pictures import check_pictures
from .printed_pages import OpenedPage, OutlineEntry, PrintedBook
from .reading_order import check_reading_order
from .turned_pictures import check_turned
from .white_space import check_white_space
from .word_spaces import check_holes, check_rivers, check_word_spaces


class PageSummary(msgspec.Struct):
    """What later checks need of one page."""

    index: int
    label: str
    width: float
    lines: list[PrintedLine]
    pictures: list[Box]
    """Boxes of pictures and of drawings that are figures."""
    rules: list[Box]
    """Boxes of the widest rules and frames, but for those that fill the page or lead across its edge."""


class ReadBook(msgspec.Struct):
    """A book as it was read: all pages' lines, without their glyphs."""

    pages: list[PageSummary]
    layout: Layout | None
    outline: list[OutlineEntry]
    entries: list[ContentsEntry]
    is_ours: bool


def proof_read(
    source: Path | bytes,
    *,
    called: str = "",
    expected: Expected | None = None,
    hear: Callable[[int, int], None] | None = None,
) -> tuple[tuple[Finding, ...], int]:
    """Returns what is wrong or could be better on the pages of a PDF, in the order of the pages, and their number.

    ``expected`` is what the posts of the book say, where they are known; ``hear`` is told the number of pages
    read and of all. Raises ReadError for a file that is not a PDF.
    """
    wanted = expected or Expected()
    found: list[Finding] = []
    pages: list[PageSummary] = []
    entries: list[ContentsEntry] = []
    counts: dict[str, Counter[str]] = {}
    first: dict[tuple[str, str], tuple[int, Box]] = {}
    with PrintedBook(source, called) as book:
        outline = book.outline()
        for page in book.pages():
            lines, pieces = make_lines(page)
            found += check_overlaps(page, pieces)
            found += check_formula_rows(page)
            found += check_trim(page, lines)
            found += check_clips(page, lines, pieces)
            found += check_page_faces(page, lines, pieces, wanted.code)
            found += check_directions(page, lines, pieces)
            found += check_reading_order(page, lines, pieces, wanted.backward)
            found += check_pictures(page)
            found += check_turned(page, wanted.turned)
            found += check_rivers(page, lines, pieces)
            found += check_holes(page, lines, pieces)
            entries += find_entries(page, lines)
            count_faces(page, counts, first)
            pages.append(_summary(page, lines))
            if hear is not None:
                hear(page.index + 1, len(book))
        is_ours = any("Clothbound" in face.name for face in book.faces.values())
    mark_furniture([page.lines for page in pages])
    layout = find_layout([page.lines for page in pages], pages[0].width if pages else 0.0)
    read = ReadBook(pages, layout, outline, entries, is_ours)
    found += check_fallbacks(counts, first, is_ours)
    found += _check_book(read)
    order = sorted(found, key=lambda one: (one.page, one.box[1], one.box[0]))
    return tuple(_labelled(order, read)), len(pages)


def _check_book(book: ReadBook) -> Iterator[Finding]:
    for page in book.pages:
        yield from check_small_type(page.lines)
    yield from check_contents(
        book.entries,
        _find_folios(book.pages),
        [page.label for page in book.pages],
        book.outline,
    )
    layout = book.layout
    if layout is None:
        return
    for page in book.pages:
        yield from check_block(page.index, page.lines, page.pictures, page.rules, layout)
        yield from check_word_spaces(page.lines, layout)
    yield from check_outline(book.outline, [page.lines for page in book.pages], layout)
    starts = frozenset(entry.page for entry in book.outline)
    if not starts:
        starts = frozenset(_guess_starts(book.pages, layout))
    made = text_pages(
        [(page.index, page.lines, page.pictures) for page in book.pages], layout, starts
    )
    yield from check_page_breaks(made, layout)
    yield from check_line_ends(made, layout)
    yield from check_paragraphs(made, layout)
    yield from check_notes(made)
    yield from check_white_space(made, layout)


def _find_folios(pages: list[PageSummary]) -> dict[int, str]:
    """Returns the numbers that pages bear as printed."""
    found = {}
    for page in pages:
        for line in page.lines:
            if line.is_furniture:
                words = [
                    word
                    for word in (line.text.split()[:1] + line.text.split()[-1:])
                    if word.isdigit()
                ]
                if words and len(words[0]) < 5:
                    found[page.index] = words[0]
    return found


def _guess_starts(pages: list[PageSummary], layout: Layout) -> Iterator[int]:
    """Yields the pages that begin with a large line, or well below the head, in a file without an outline."""
    for page in pages:
        rest = [line for line in page.lines if not line.is_furniture]
        block = layout.block(page.index)
        if not rest or block is None:
            continue
        first = min(rest, key=lambda line: line.top)
        if first.size > 1.35 * layout.size or first.top > block.top + 0.12 * block.height:
            yield page.index


def _summary(page: OpenedPage, lines: list[PrintedLine]) -> PageSummary:
    pictures = [one.box for one in page.pictures if not one.is_artifact]
    pictures += [one.box for one in page.shapes if one.role == "figure"]
    inner = [
        one.box
        for one in page.shapes
        if one.role != "figure" and one.box[0] > 1 and one.box[2] < page.width - 1
    ]
    rules = (
        [min(inner, key=lambda box: box[0]), max(inner, key=lambda box: box[2])] if inner else []
    )
    return PageSummary(page.index, page.label, page.width, lines, pictures, rules)


def _labelled(found: list[Finding], book: ReadBook) -> Iterator[Finding]:
    """Adds the pages' numbers, the chapters' titles, and the words at each place."""
    for finding in found:
        chapter = next((one for one in reversed(book.outline) if one.page <= finding.page), None)
        page = book.pages[finding.page]
        x, y = (finding.box[0] + finding.box[2]) / 2, (finding.box[1] + finding.box[3]) / 2
        at = (
            line for line in page.lines if line.x0 <= x <= line.x1 and line.top <= y <= line.bottom
        )
        line = next(at, None)
        yield msgspec.structs.replace(
            finding,
            label=page.label,
            title=chapter.title if chapter else "",
            text=line.reading if line else "",
        )
