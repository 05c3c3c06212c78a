"""Finds page numbers and links of the contents that are not those of their chapters, and leaders without an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model.plain_text import letters_and_digits
from .face_files import Box
from .findings import Finding
from .lines import LEADER, Layout, PrintedLine
from .printed_pages import OpenedPage, OutlineEntry

_NUMBER = lazy_pattern(r"\d{1,4}|[ivxlcdm]{1,7}")
_FEWEST = 2


class ContentsEntry(msgspec.Struct):
    """A line of the contents with a leader."""

    page: int
    title: str
    number: str
    box: Box
    leads_to: int | None
    """The index of the page that its link leads to."""


def find_entries(page: OpenedPage, lines: Sequence[PrintedLine]) -> Iterator[ContentsEntry]:
    """Yields the lines of one page that have a leader or are tagged as contents, with the page that each links to."""
    rows: dict[int, list[PrintedLine]] = {}
    for line in lines:
        if not line.is_artifact or LEADER.search(line.text) or line.is_number:
            rows.setdefault(round(line.base / 3), []).append(line)
    for row in rows.values():
        row.sort(key=lambda one: one.x0)
        text = " ".join(one.text for one in row)
        leader = LEADER.search(text)
        if leader is None and not any(one.role == "contents" for one in row):
            continue
        title = text[: leader.start()] if leader else " ".join(one.text for one in row[:-1])
        after = text[leader.end() :] if leader else row[-1].text
        number = "".join(after.split())
        if not _NUMBER.fullmatch(number):
            if leader is None:
                continue  # The first line of a long title.
            number, title = _from_right_to_left(text, leader)
            if not number and after.strip():
                continue  # Dots within a sentence.
        box = (row[0].x0, min(one.top for one in row), row[-1].x1, max(one.bottom for one in row))
        middle = (box[1] + box[3]) / 2
        leads_to = page.link_at(box[2] - 2, middle)
        if leads_to is None:
            leads_to = page.link_at(box[0] + 3, middle)
        yield ContentsEntry(page.index, title.strip(), number, box, leads_to)


def _from_right_to_left(text: str, leader: re.Match[str]) -> tuple[str, str]:
    """Returns number and title of an entry whose number stands on the left; no number, where none stands there."""
    number = "".join(text[: leader.start()].split())
    if not _NUMBER.fullmatch(number):
        return "", text[: leader.start()]
    return number, text[leader.end() :]


def check_contents(
    entries: Sequence[ContentsEntry],
    folios: dict[int, str],
    labels: Sequence[str],
    outline: Sequence[OutlineEntry],
) -> Iterator[Finding]:
    """Yields untrue numbers, links that lead elsewhere, and empty leaders.

    ``folios`` are the numbers printed on pages, ``labels`` those that viewers show.
    """
    by_page: dict[int, int] = {}
    for entry in entries:
        by_page[entry.page] = by_page.get(entry.page, 0) + bool(entry.number)
    begins: dict[str, set[int]] = {}
    for one in outline:
        begins.setdefault(letters_and_digits(one.title), set()).add(one.page)
    numbers = _Numbers(folios, labels)
    for entry in entries:
        if by_page[entry.page] < _FEWEST:
            continue
        if not entry.number or (not entry.title and entry.leads_to is None):
            lacks = "number" if entry.title else "title"
            yield Finding(
                check="leader",
                page=entry.page,
                box=entry.box,
                message=f"a leader has no {lacks}: {(entry.title or entry.number)[:40]!r}",
            )
            continue
        yield from _compare(entry, begins.get(letters_and_digits(entry.title), set()), numbers)


def _compare(entry: ContentsEntry, begins: set[int], numbers: _Numbers) -> Iterator[Finding]:
    """Yields what differs of an entry's number, its link, and the pages on which the outline has its title."""
    by_link = numbers.of(entry.leads_to) if entry.leads_to is not None else ""
    by_outline = {number for page in begins if (number := numbers.of(page))}
    if by_link and by_outline and by_link not in by_outline and len(by_outline) == 1:
        (number,) = by_outline
        # Where the number is another one still, the number is told, too.
        yield Finding(
            check="false link", page=entry.page, box=entry.box,
            message=f"{entry.title[:40]!r} leads to page {by_link} in the contents, and to page {number} in the outline",
        )  # fmt: skip
        if entry.number in (by_link, number):
            return
    right = by_link or (numbers.of(min(begins)) if begins else "")
    if not right or entry.number == right:
        return
    if entry.number in by_outline:
        yield Finding(
            check="false link", page=entry.page, box=entry.box,
            message=f"{entry.title[:40]!r} leads to page {right}, and has the number {entry.number}",
        )  # fmt: skip
        return
    yield Finding(
        check="untrue contents", page=entry.page, box=entry.box,
        message=f"{entry.title[:40]!r} is said to begin on page {entry.number}, and begins on {right}",
    )  # fmt: skip


class _Numbers(NamedTuple):
    """The numbers of the pages of a book."""

    folios: dict[int, str]
    labels: Sequence[str]

    def of(self, page: int) -> str:
        """Returns the number of a page, as printed, by those around it, or as viewers show it; empty for none."""
        if not 0 <= page < len(self.labels):
            return ""
        printed = self.folios.get(page) or _from_neighbours(self.folios, page)
        return printed or self.labels[page]


def check_outline(
    outline: Sequence[OutlineEntry], pages: Sequence[Sequence[PrintedLine]], layout: Layout
) -> Iterator[Finding]:
    """Yields entries of the outline that lead to a page without their title, where another page has it as a heading."""
    texts = [letters_and_digits("".join(one.reading for one in lines)) for lines in pages]
    headings: dict[str, PrintedLine] = {}
    for lines in pages:
        for line in lines:
            if line.size > 1.2 * layout.size and not line.is_furniture:
                headings.setdefault(letters_and_digits(line.reading), line)
    for entry in outline:
        title = letters_and_digits(entry.title)
        if not title or not 0 <= entry.page < len(pages) or title in texts[entry.page]:
            continue
        heading = headings.get(title)
        if heading is not None:
            yield Finding(
                check="false link", page=heading.page, box=heading.box,
                message=f"{entry.title[:40]!r} stands here, and the outline leads to another page",
            )  # fmt: skip


def _from_neighbours(folios: dict[int, str], place: int) -> str:
    """Returns the number of a page that has none, by those of the pages around it."""
    for step in (1, -1, 2, -2):
        near = folios.get(place + step, "")
        if near.isdigit():
            return str(int(near) - step)
    return ""
