"""A title or subtitle that the text of a post repeats is read once."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.model.plain_text import plain_text

HEADER = '---\ntitle: A walk\nsubtitle: "It\'s *far* to go"\n---\n'


@pytest.mark.parametrize(
    "repeated",
    [
        "# A walk\n\n### It\u2019s *far* to go\n\n",
        "## A walk\n\n",
        "*It's \\*far\\* to go*\n\n",
        "A walk\n\nIt's *far*\nto go\n\n",
        "\n\n**A walk**\n\n",
    ],
)
def test_repeated_matter_is_taken_out_once(repeated: str) -> None:
    post = clothbound.read((HEADER + repeated + "Text.\n").encode(), "markdown").posts[0]
    assert plain_text(post.body) == "Text."
    assert post.body[0].line == 5 + repeated.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "A walk with a friend.",
        "A walk\n- a list",
        "> A walk",
        "Text.\n\nA walk",
        "    A walk",
        "[A walk](b.md)",
    ],
)
def test_other_text_stays(text: str) -> None:
    post = clothbound.read((HEADER + text + "\n").encode(), "markdown").posts[0]
    assert "A walk" in plain_text(post.body) or post.body != ()
    assert post.metadata.title == "A walk"


def test_the_second_time_is_text() -> None:
    post = clothbound.read(
        (HEADER + "# A walk\n\n## A walk\n\n## A walk\n").encode(), "markdown"
    ).posts[0]
    assert plain_text(post.body) == "A walk"
