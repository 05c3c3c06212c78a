"""The tutorial is as short as it promises: words that one reads, and commands that one types up to the first book.

test_wheel.py follows it.
"""

from __future__ import annotations

import re

from tutorial_page import TUTORIAL, commands, words

LINE_OF_UV = 1
"""The command that one copies from uv's own page."""


def test_at_most_200_words_are_read() -> None:
    assert 100 < len(words()) <= 200


def test_at_most_three_commands_are_typed_to_the_first_book() -> None:
    install, book = commands()
    assert re.fullmatch(r'uv tool install "(\./)?clothbound\[typst\]"', install)
    assert book == "clothbound book export.zip"
    assert len(commands()) + LINE_OF_UV <= 3


def test_it_has_pictures_of_what_one_sees() -> None:
    assert len(re.findall(r"!\[[^\]]{30,}\]\(pictures/tutorial-\w+\.png\)", TUTORIAL)) == 2
