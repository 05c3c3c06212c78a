"""Lists and tables as lists in print: bullets, boxes, numbers, and code beside them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pymupdf
import pytest

from book_info import with_info
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Post
from printed_books import PAGE, WORDS, Engine, book, make, p, post, words_of


def places(data: bytes, words: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The leftmost and the rightmost edge of each of some words."""
    found: dict[str, tuple[float, float]] = {}
    with pymupdf.open(stream=data) as document:
        for page in document:
            for word in words:
                for place in page.search_for(word):
                    left, right = found.get(word, (place.x0, place.x1))
                    found[word] = min(left, place.x0), max(right, place.x1)
    return found


# Words that are the same from either side.
HEBREW = {"boxed": "אאא", "unboxed": "ששש", "last": "צצצ", "nested": "טטט"}


def task_list(words: dict[str, str], *, is_loose: bool) -> b.List:
    """A task of several lines, an item that is none, and one with a task below it."""
    more = (p(words["boxed"]),) if is_loose else ()
    inner = b.List((b.ListItem((p(words["nested"]),), checked=True),))
    return b.List(
        (
            b.ListItem((p(f"{words['boxed']} " * 40), *more), checked=False),
            b.ListItem((p(words["unboxed"]), *more)),
            b.ListItem((p(words["last"]), inner)),
        )
    )


@pytest.mark.parametrize("is_loose", [True, False])
@pytest.mark.parametrize("language", ["en", "he"])
def test_boxes_and_bullets_stand_beside_words_that_begin_alike(
    engine: Engine, language: str, is_loose: bool
) -> None:
    words = HEBREW if language == "he" else {word: word for word in HEBREW}
    one = post("one", "T", task_list(words, is_loose=is_loose))
    one = Post(msgspec.structs.replace(one.metadata, language=language), one.body)
    data, _ = make(with_info(book(one), language=language), engine)
    found = places(data, [*words.values(), "☐", "•"])
    assert sum(word[5].count("•") for word in words_of(data)) == 2
    side, sign = (0, 1) if language == "en" else (1, -1)
    edges = {word: sign * found[words.get(word, word)][side] for word in (*words, "☐", "•")}
    assert edges["boxed"] == pytest.approx(edges["unboxed"], abs=0.6)
    assert edges["last"] == pytest.approx(edges["unboxed"], abs=0.6)
    assert edges["unboxed"] - edges["☐"] > PAGE.size * 0.9
    assert edges["unboxed"] - edges["•"] > PAGE.size * 0.5
    assert edges["nested"] - edges["unboxed"] == pytest.approx(PAGE.size * 1.3, abs=1)


@pytest.mark.parametrize("last", [7, 10, 103, 1004])
def test_code_beside_a_number_begins_where_the_list_does(engine: Engine, last: int) -> None:
    code = b.CodeBlock("beginning = " + "1234567 + " * 20)
    items = tuple(b.ListItem((p("words"), code)) for _ in range(5))
    numbered = b.List(items, ordered=True, start=last - 4)
    data, _ = make(book(post("one", "T", p("Outside " + WORDS * 3), numbered)), engine)
    words = words_of(data)
    edges = (PAGE.inside, PAGE.outside)
    lefts = [word[1] - edges[word[0] % 2] for word in words if word[5] == "beginning"]
    assert len(lefts) == 5
    assert max(map(abs, lefts)) < 0.6
    signs = [word for word in words if word[5] == "+"]
    rights = [PAGE.width - edges[1 - word[0] % 2] - word[3] for word in signs]
    assert min(rights) > -1


def test_a_table_as_a_list_has_no_indents(engine: Engine) -> None:
    cells = tuple(b.Cell((i.Text(f"head{n}"),)) for n in range(14))
    rows = tuple(
        tuple(b.Cell((i.Text(f"row{r} words enough for a column {n}"),)) for n in range(14))
        for r in range(2)
    )
    data, _ = make(book(post("one", "T", p(WORDS * 6), b.Table(head=(cells,), rows=rows))), engine)
    words = words_of(data)
    heads = [word for word in words if word[5].startswith("head0")]
    texts = [word[1] for word in words if word[5] == "Nobody" or word[5] == "The"]
    assert len(heads) == 2
    assert heads[0][1] == pytest.approx(min(texts), abs=0.5)
    before = max(w[4] for w in words if w[0] == heads[0][0] and w[4] < heads[0][4] - 2)
    assert heads[0][2] - before > 4


@pytest.mark.parametrize("around", ["numbers", "bullets", "quotation"])
def test_the_title_of_code_begins_where_the_code_does(engine: Engine, around: str) -> None:
    title = b.Paragraph((i.Code("quay.py"),), classes=("code-title",))
    content = (p("Before."), title, b.CodeBlock("moor()", "python"))
    block: b.Block = b.Quote(content)
    if around != "quotation":
        block = b.List((b.ListItem(content),), ordered=around == "numbers", start=9, tight=False)
    found = places(make(book(post("one", "T", block)), engine)[0], ["quay.py", "moor"])
    assert found["quay.py"][0] == pytest.approx(found["moor"][0], abs=0.6)
