"""kramdown's comments, which nobody but the author sees; those of Obsidian are in test_obsidian."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.model.plain_text import plain_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One.\n\n{::comment}\nSECRET, and\n\nmore of it.\n{:/comment}\n\nTwo.", "One.\n\nTwo."),
        ("One {::comment}SECRET{:/comment} two.", "One two."),
        ("One {::comment}SECRET{:/} two.", "One two."),
        ("One.\n\n{::comment}\nSECRET", "One."),
        ("{::comment}\n```\n{:/comment}\nTwo.", "Two."),
        ("`{::comment}` and {:/comment} stay.", "{::comment} and {:/comment} stay."),
        ("```\n{::comment}\n```\n\nTwo.", "{::comment}\n\nTwo."),
    ],
)
def test_a_comment_of_kramdown_is_hidden(text: str, shown: str) -> None:
    post = clothbound.read(text.encode(), "markdown")[0]
    assert " ".join(plain_text(post).split()) == " ".join(shown.split())
    unclosed = "{::comment}" in text and "{:/" not in text and "`" not in text
    found = [d.message for d in post.diagnostics if "is not closed" in d.message]
    assert bool(found) is unclosed
