"""QR codes on the cards of a printed book."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
import segno

from clothbound.media.qr_code import draw_code, is_for_everybody
from clothbound.model import blocks as b
from printed_books import (
    Engine,
    accessibility_errors,
    alternative_texts,
    book,
    engine_messages,
    make,
    post,
)

FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
NOTE = "https://example.social/notes/17"
BODY = (
    b.Embed("video", FILM, title="A lamp that turns"),
    b.Embed("note", NOTE, title="A short note"),
)
in_both = pytest.mark.parametrize("engine", ["weasyprint", "typst"])


@pytest.mark.parametrize(
    "address",
    [
        FILM,
        "http://example.org/",
        "https://example.org/?page=2&language=en",
        "https://b\u00fccher.example/x",
    ],
)
def test_addresses_of_the_web_are_for_everybody(address: str) -> None:
    assert is_for_everybody(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "film.mp4",
        "mailto:a@example.org",
        "clothbound:one",
        "https://user:word@example.org/",
        "https://localhost/film",
        "https://nas.local/film",
        "https://192.168.1.7/film",
        "https://[fd00::1]/film",
        "https://example.org/film?token=abc",
        "https://example.org/film?a=1&X-Amz-Signature=abc",
        "https://example.org/?q=" + "x" * 300,
        "https://[broken",
    ],
)
def test_others_are_not(address: str) -> None:
    assert not is_for_everybody(address)


def test_a_code_is_a_vector_of_the_squares_that_the_address_makes() -> None:
    code = segno.make(FILM, error="m", micro=False, boost_error=False)
    side, dark = len(code.matrix), sum(map(sum, code.matrix))
    svg = draw_code(FILM).decode()
    assert f'width="{side * 4}"' in svg
    assert sum(map(int, re.findall(r"h(\d+)", svg))) == dark
    assert draw_code(FILM) == draw_code(FILM)


@in_both
@pytest.mark.parametrize(
    ("codes", "expected"), [("videos", [FILM]), ("all", [FILM, NOTE]), ("none", [])]
)
def test_cards_have_codes_that_are_named_by_their_addresses(
    engine: Engine, codes: Literal["videos", "all", "none"], expected: list[str]
) -> None:
    data, report = make(book(post("one", "One", *BODY)), engine, codes=codes)
    assert not engine_messages(report)
    named = [text for text in alternative_texts(data, "/Figure") if text.startswith("QR: ")]
    bare = {"QR: " + address.removeprefix("https://").removeprefix("www.") for address in expected}
    assert set(named) == bare


@in_both
def test_a_card_with_a_code_is_accessible(engine: Engine, tmp_path: Path) -> None:
    data, _ = make(book(post("one", "One", *BODY)), engine, codes="all")
    (tmp_path / "book.pdf").write_bytes(data)
    assert not accessibility_errors(tmp_path / "book.pdf")
