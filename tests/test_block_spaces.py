"""Spaces and sizes of blocks in print: in notes, at the ends of items, in rows of pictures, in the index."""

from __future__ import annotations

from collections.abc import Iterator

import pymupdf
import pytest

from clothbound import api
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote, Post
from clothbound.writers.pdf import Pdf
from printed_books import Engine, book, make, p, post, with_pictures

ENGINES: tuple[Engine, ...] = ("weasyprint", "typst")


def lines(data: bytes) -> Iterator[tuple[str, float, float, float, float]]:
    """The text of every line with its left, top and right, and the size of its first letters, page by page."""
    with pymupdf.open(stream=data) as document:
        for page in document:
            for block in page.get_text("dict")["blocks"]:
                for line in block.get("lines", ()):
                    text = "".join(span["text"] for span in line["spans"])
                    left, top, right, _ = line["bbox"]
                    yield text, left, top, right, line["spans"][0]["size"]


def found(data: bytes, words: str) -> tuple[float, float, float, float]:
    return next(tuple(line[1:]) for line in lines(data) if words in line[0])  # type: ignore[return-value]


def written(*posts: Post, engine: Engine, **options: object) -> bytes:
    return make(book(*posts), engine, **options)[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_quotation_in_a_note_at_the_end_has_the_size_of_the_note(engine: Engine) -> None:
    text = b.Paragraph((i.Text("Rope."), i.NoteRef("n")))
    note = Footnote("n", (p("He said so."), b.Quote((p("Knots hold."),)), p("He did.")))
    one = post("one", "One", text)
    data = written(Post(one.metadata, one.body, (note,)), engine=engine, notes="chapter")
    *_, size = found(data, "Knots hold.")
    assert size == found(data, "He did.")[3] < found(data, "Rope.")[3]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "block",
    [b.Figure(i.Image("a.png", alt="A boat")), b.CodeBlock("haul()"), b.Quote((p("haul"),))],
)
def test_an_item_stands_apart_from_a_block_that_ends_the_one_before_it(
    block: b.Block, engine: Engine
) -> None:
    inner = b.List((b.ListItem((p("inner"), block)),))
    items = (b.ListItem((p("first"), inner)), b.ListItem((p("second"),)))
    one = with_pictures(post("one", "One", p("Words."), b.List(items)), a=(30, 30))
    data = written(one, engine=engine)
    if isinstance(block, b.Figure):
        with pymupdf.open(stream=data) as document:
            (bottom,) = [box["bbox"][3] for page in document for box in page.get_image_info()]
    else:
        _, top, _, size = found(data, "haul")
        bottom = top + size
    assert found(data, "second")[1] - bottom > 5


@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_of_pictures_is_as_wide_as_the_text(engine: Engine) -> None:
    figures = tuple(b.Figure(i.Image(f"{n}.png", alt=n)) for n in "abc")
    words = "words that fill a line and more than one " * 4
    one = with_pictures(
        post("one", "One", p(words), b.Gallery(figures)), a=(900, 600), b=(900, 600), c=(900, 600)
    )
    data = written(one, engine=engine)
    with pymupdf.open(stream=data) as document:
        boxes = [box["bbox"] for page in document for box in page.get_image_info()]
    left, _, right, _ = found(data, "words that fill")
    assert len(boxes) == 3
    assert abs(min(box[0] for box in boxes) - left) < 0.6
    assert abs(max(box[2] for box in boxes) - right) < 1.5


def test_a_card_of_a_program_stands_at_the_margin() -> None:
    cards = [b.Embed(kind, title=f"A {kind} card") for kind in ("code", "post")]
    data = written(post("one", "One", p("Words."), *cards), engine="weasyprint")
    assert found(data, "A code card")[0] == found(data, "A post card")[0]


def test_the_columns_of_an_index_begin_at_one_height() -> None:
    marks = [
        b.Paragraph((i.Span((i.Text(f"{letter}{n} term"),), classes=("index",)),))
        for letter in "abcdefghij"
        for n in "xyz"
    ]
    posts = (post("one", "One", *marks), post("two", "Two", p("Words.")))
    data = api.write(book(*posts), Pdf(engine="weasyprint")).to_bytes()
    with pymupdf.open(stream=data) as document:
        number = next(
            n for n in range(len(document) - 1, 0, -1) if "Index" in document[n].get_text()
        )
        words = document[number].get_text("words")
    letters = [word for word in words if len(word[4]) == 1 and word[4].isupper()]
    columns = {round(word[0]): word[1] for word in reversed(letters)}
    assert len(columns) == 2
    first, second = columns.values()
    assert abs(first - second) < 0.5
