"""Tests what errors say."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.errors import ReadError, reason_of


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied", "/home/me/a.css"), "Permission denied"),
        (OSError("the socket is closed"), "the socket is closed"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "invalid start byte"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_a_reason_has_words_and_neither_a_number_nor_a_path(error: Exception, reason: str) -> None:
    said = reason_of(error)
    assert said.endswith(reason)
    assert "Errno" not in said
    assert "/home" not in said


def test_a_text_that_was_given_as_a_path_is_abridged() -> None:
    with pytest.raises(ReadError) as told:
        clothbound.read("<p>Malt and rye.</p>" * 5000, "html")
    said = str(told.value)
    assert len(said) < 2000
    assert said.startswith("<p>Malt")
    assert said.endswith("a str is a path; give a text as io.StringIO(text)")
