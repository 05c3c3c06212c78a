"""Tests the parts of messages: safe text, and numbers with their nouns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clothbound.console_text import (
    MESSAGE,
    abridge,
    agree,
    format_count,
    format_post_count,
    list_and_count,
    list_some,
    printable,
)
from clothbound.diagnostics import Diagnostic, DiagnosticCode
from clothbound.errors import ClothboundError


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("post",), "0 posts"),
        (1, ("post",), "1 post"),
        (2_000, ("post",), "2,000 posts"),
        (1, ("picture is", "pictures are"), "1 picture is"),
        (1_200, ("picture is", "pictures are"), "1,200 pictures are"),
    ],
)
def test_a_number_has_the_word_that_goes_with_it(
    number: int, words: tuple[str, ...], said: str
) -> None:
    assert format_count(number, *words) == said


def test_other_words_of_the_sentence_agree_with_the_number() -> None:
    assert [agree(number, "it", "them") for number in (0, 1, 2)] == ["them", "it", "them"]


def test_of_many_names_a_message_has_the_first() -> None:
    names = ["a.md", "b.md", "c.md", "d.md"]
    assert list_some([]) == ""
    assert list_some(names[:3]) == "a.md, b.md, c.md"
    assert list_some(names) == "a.md, b.md, c.md ..."
    assert list_some(names, 1) == "a.md ..."
    assert list_and_count(names, 4) == "a.md, b.md, c.md, d.md"
    assert list_and_count(names, 3) == "a.md, b.md, c.md and 1 more"
    assert list_and_count(["a.md"] * 2_001, 1) == "a.md and 2,000 more"


def test_texts_around_the_posts_are_counted_apart() -> None:
    assert format_post_count(9, 0) == "9 posts"
    assert format_post_count(1, 2) == "1 post and 2 texts"


@pytest.mark.parametrize(
    "make", [ClothboundError, lambda text: Diagnostic(DiagnosticCode.ENGINE, text)]
)
def test_a_message_that_repeats_a_long_value_keeps_its_beginning_and_its_end(
    make: Callable[[str], object],
) -> None:
    said = str(make(f"{'9' * 100_000!r} is not an ISBN: it has neither thirteen digits nor ten"))
    assert "'999" in said
    assert "99' is not an ISBN: it has neither thirteen digits nor ten" in said
    assert len(said) < MESSAGE + 50


def test_a_message_of_usual_length_is_whole() -> None:
    assert abridge("a" * MESSAGE) == "a" * MESSAGE


def test_what_is_printed_is_one_line_without_controls() -> None:
    assert printable("a\x1b[31m\nb\u202ec\ud800") == r"a\x1b[31m b\u202ec\ud800"
