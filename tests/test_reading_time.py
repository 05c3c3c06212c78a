"""The reading time on pages for the web."""

from __future__ import annotations

from pathlib import Path

import pytest

from clothbound import api
from clothbound.language.reading_time import reading_time


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        (0, "en", ""),
        (300, "en", ""),
        (500, "en", "2 minutes to read"),
        (2380, "en", "10 minutes to read"),
        (2380, "de", "10 Minuten Lesezeit"),
    ],
)
def test_long_posts_name_their_time(words: int, language: str, expected: str) -> None:
    assert reading_time(words, language) == expected


def test_it_stands_beside_the_date_in_the_language_of_the_post(tmp_path: Path) -> None:
    head = "---\ntitle: Eins\ndate: 2024-03-05\nlanguage: de\n---\n\n"
    for name, words in (("long", 1190), ("short", 20)):
        (tmp_path / f"{name}.md").write_text(head + "Wort " * words, encoding="utf-8")
        api.convert(tmp_path / f"{name}.md", tmp_path / f"{name}.html")
    long, short = ((tmp_path / f"{n}.html").read_text("utf-8") for n in ("long", "short"))
    time = reading_time(1190, "de")
    assert f'</time> <span class="reading-time">{time}</span></p>' in long
    assert 'class="reading-time"' not in short
