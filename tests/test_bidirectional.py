"""The order of the characters of a line: by examples of Unicode Annex 9, and by FriBidi where it is installed."""

from __future__ import annotations

import ctypes
from ctypes.util import find_library

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.language.bidirectional import (
    direction_of_code,
    first_strong,
    levels_of,
    order_of,
)

_SIGNS = "\u05d0\u05d1\u05d2\u05b8\u062d\u062faBC12\u0663 .,:()[]-+%$/"


def printed(text: str, way: str = "rtl") -> str:
    """Returns the characters from left to right."""
    return "".join(text[place] for place in order_of(levels_of(text, way)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("\u05d0\u05d1 Quire: \u05d2", "\u05d2 :Quire \u05d1\u05d0"),
        ("(\u05d0\u05d1) \u05d2", "\u05d2 )\u05d1\u05d0("),
        ("\u05d0 2014\u20132023", "2023\u20132014 \u05d0"),
        ("\u05d0 3.14 \u05d1 100%", "100% \u05d1 3.14 \u05d0"),
        ("\u05d0 \u2066C++\u2069.", ".\u2069C++\u2066 \u05d0"),
        ("\u05d0 C++.", ".++C \u05d0"),
        ("\u05d0 (abc) \u05d1.", ".\u05d1 )abc( \u05d0"),
    ],
)
def test_examples(text: str, wanted: str) -> None:
    assert printed(text) == wanted


def test_the_first_letter_outside_of_isolates_tells_the_direction() -> None:
    assert first_strong("1. \u2066abc\u2069 \u05d0 b") == "rtl"
    assert first_strong("2014") == "ltr"


def test_text_in_one_direction_keeps_its_order() -> None:
    assert printed("The pier (2014).", "ltr") == "The pier (2014)."
    assert order_of([]) == []


@pytest.mark.skipif(not find_library("fribidi"), reason="FriBidi is not installed")
@given(st.text(_SIGNS, min_size=1, max_size=14), st.sampled_from(["rtl", "ltr"]))
def test_it_agrees_with_fribidi(text: str, way: str) -> None:
    library = ctypes.CDLL(find_library("fribidi"))
    size = len(text)
    codes = (ctypes.c_uint32 * size)(*map(ord, text))
    kinds, brackets = (ctypes.c_uint32 * size)(), (ctypes.c_uint32 * size)()
    levels, base = (ctypes.c_int8 * size)(), ctypes.c_uint32(0x111 if way == "rtl" else 0x110)
    library.fribidi_get_bidi_types(codes, size, kinds)
    library.fribidi_get_bracket_types(codes, size, kinds, brackets)
    library.fribidi_get_par_embedding_levels_ex(kinds, brackets, size, ctypes.byref(base), levels)
    assert levels_of(text, way) == list(levels)


@pytest.mark.parametrize(
    ("code", "language", "expected"),
    [("ls", "en", ""), ("ls", "ar", "ltr"), ("9.9.9.9", "he", "ltr"), ("(\u05d0) ls", "en", "rtl"), ("\u05d0 ls", "he", "rtl")],
)  # fmt: skip
def test_code_runs_as_its_first_letter_does(code: str, language: str, expected: str) -> None:
    assert direction_of_code(code, language) == expected
