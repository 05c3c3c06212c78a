"""Tests what errors say."""

from __future__ import annotations

import pytest

from clothbound.errors import reason_of


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
