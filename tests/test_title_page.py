"""The title page of a printed book stands on one page, however long its title is."""

from __future__ import annotations

from dataclasses import dataclass

import pymupdf
import pytest

from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from printed_books import Engine, make, p, post


@dataclass
class Line:
    page: int
    size: float
    high: float


def title_page(title: str, engine: Engine, theme: str, page: str) -> dict[str, Line]:
    """Where the first letters of a title, the author and the publisher stand."""
    posts = [post(key, "Words", p("Words.")) for key in ("one", "two")]
    info = BookInfo(title=title, subtitle="A faithful account of all that was seen " * 3, authors=("Ada Quill",), publisher="Quay Press", language="en")  # fmt: skip
    collection = Collection(posts=posts, index=Index.of(posts), info=info)
    data, _ = make(collection, engine, theme=theme, page=page)
    found: dict[str, Line] = {}
    with pymupdf.open(stream=data) as document:
        for number in range(2, 5):
            for block in document[number].get_text("dict")["blocks"]:
                for line in block.get("lines", ()):
                    words = "".join(span["text"] for span in line["spans"]).lower()
                    for name in ("herring", "quill", "quay"):
                        if name in words:
                            place = Line(number, line["spans"][0]["size"], line["bbox"][1])
                            found.setdefault(name, place)
    return found


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize(("theme", "page"), [("essay", "6x9"), ("essay", "5x8"), ("novel", "5x8"), ("manual", "5x8")])  # fmt: skip
def test_author_and_publisher_stay_below_a_long_title(
    theme: str, page: str, engine: Engine
) -> None:
    short = title_page("Herring", engine, theme, page)
    middle = title_page("Herring of the Outer Banks and the Price of Salt", engine, theme, page)
    long = title_page("Herring, " + "with Remarks upon the Weather " * 8, engine, theme, page)
    for found in (short, middle, long):
        assert {line.page for line in found.values()} == {2}
        assert len(found) == 3
    assert short["herring"].size == middle["herring"].size > long["herring"].size
    assert long["herring"].size > short["herring"].size * 0.49


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_word_longer_than_the_line_is_smaller_and_moves_nothing(engine: Engine) -> None:
    short, long = (
        title_page(word, engine, "essay", "6x9")
        for word in ("Herring", "Herringsfischereigesellschaften")
    )
    assert long["herring"].size < short["herring"].size
    # A smaller title leaves a little more room below it.
    assert long["quill"].high == pytest.approx(short["quill"].high, abs=20)
