"""Contents of which a few entries would stand on a page of their own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from clothbound.writers.pdf.contents_fit import MOST_SPILLED, SCALES, spills_over
from clothbound.writers.pdf.page_format import PAGES, ThemeName
from clothbound.writers.pdf.typst.make_up import MakeUp, make_up_source
from printed_books import Engine, book, make, p, pages, post


def contents_pages(count: int, engine: Engine, theme: ThemeName) -> list[int]:
    """The numbers of entries on the pages of the contents of a book of ``count`` posts."""
    posts = [post(f"k{n}", f"Letter {n}x", p("Words.")) for n in range(count)]
    data, report = make(book(*posts), engine, theme=theme)
    assert not [d for d in report.diagnostics if d.code == "engine"]
    found = [len(re.findall(r"Letter \d+x", text)) for text in pages(data)]
    return [number for number in found if number > 1]


@pytest.mark.parametrize(
    ("pages", "spills"),
    [([], False), ([5] * 9, False), ([5, 5, 6], True), ([5] + [6] * 4, True), ([5] + [6] * 5, False)],
)  # fmt: skip
def test_up_to_four_entries_on_the_last_page_spill_over(pages: list[int], spills: bool) -> None:
    assert spills_over(pages) == spills


def settle(*layouts: list[int]) -> list[str]:
    """What is written between layouts with entries on these pages, of which the last one stays."""
    written: list[str] = []
    found: list[dict[str, Any]] = [{"fits": [], "marks": [], "entries": one} for one in layouts]
    make_up = MakeUp({}, (), PAGES["6x9"])
    make_up.settle(written.append, lambda: found.pop(0) if len(found) > 1 else found[0])
    return written[1:]


def test_the_widest_gaps_are_taken_at_which_nothing_spills_over() -> None:
    one, two = [5] * 20, [5] * 18 + [6] * 2
    sources = [make_up_source(contents_scale=scale) for scale in (*SCALES, 1)]
    assert settle(one) == []
    assert settle(two, one) == sources[:1]
    assert settle(two, two, one) == sources[:2]
    assert settle(two) == sources


@pytest.mark.parametrize("theme", ["essay", "manual"])
def test_few_entries_share_the_page_of_the_others(engine: Engine, theme: ThemeName) -> None:
    assert contents_pages(26, engine, theme) == [26]


def test_more_entries_than_a_few_keep_their_gaps(engine: Engine) -> None:
    first, last = contents_pages(29, engine, "essay")
    assert last > MOST_SPILLED
    assert first < 26
