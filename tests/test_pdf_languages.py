"""A chapter in print is in its own language, named or not: its date, direction and notes say so."""

from __future__ import annotations

from datetime import UTC, datetime

import pymupdf
import pytest

from clothbound import api
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post, Timestamp
from clothbound.writers.pdf import Pdf

DAY = Timestamp("2023-01-05", datetime(2023, 1, 5, tzinfo=UTC))
ENGLISH = "This is what the book is about, and there is more of it in the other chapters."


def post(key: str, title: str, text: str) -> Post:
    metadata = Metadata(key=key, title=title, published=DAY)
    return Post(metadata, (b.Paragraph((i.Text(text),)),))


def chapters(engine: str, *posts: Post) -> list[tuple[str, float]]:
    """The words of the last pages, without blanks, and how far right the first line of text ends."""
    data = api.write(list(posts), Pdf(engine=engine)).to_bytes()  # type: ignore[arg-type]
    with pymupdf.open(stream=data, filetype="pdf") as book:
        pages = list(book)[-len(posts) :]
        return [
            ("".join(page.get_text().split()), max(block[2] for block in page.get_text("blocks")))
            for page in pages
        ]


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_chapter_that_names_no_language_is_in_that_of_its_words(engine: str) -> None:
    english, japanese, german, arabic = chapters(
        engine,
        post("a", "Of the sea and the harbour", ENGLISH),
        post("b", "港からの手紙", "渡し船が来た。"),
        post("c", "Die Fähre", "Das ist nicht der Text, den wir auf der Fähre für sie schrieben."),
        post("d", "رسالة من الميناء", "تعلّمنا أن ننتظر الطقس."),
    )
    assert "January5,2023" in english[0]
    assert "2023年1月5日" in japanese[0]
    assert "5.Januar2023" in german[0]
    assert "January" not in arabic[0]
    assert arabic[1] > japanese[1] + 50, "it is set from the right"
