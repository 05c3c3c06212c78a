"""Columns of tables in print stand at the side that their author names."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.writers.pdf import Pdf
from printed_books import Engine, words_of

LONG = "ميناء طويل جدا هنا"


def left_edge_of_head(engine: Engine, rule: str) -> float:
    """Returns where the head of the second column begins, in points, in text from right to left."""
    row = f"| {LONG} | {LONG} |\n"
    text = f"---\nlang: ar\ntitle: ميناء\n---\n| 11 | 22 |\n|---|{rule}|\n{row}"
    data = clothbound.write(clothbound.read(text, format="markdown"), Pdf(engine=engine)).to_bytes()
    (edge,) = (word[1] for word in words_of(data) if word[5] == "22")
    return float(edge)


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_column_stands_where_its_author_says_in_text_from_right_to_left(engine: Engine) -> None:
    left, middle, right, unsaid = (
        left_edge_of_head(engine, rule) for rule in (":--", ":-:", "--:", "---")
    )
    assert left + 10 < middle < right - 10
    assert right == pytest.approx(unsaid, abs=0.5)
