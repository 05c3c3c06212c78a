"""What only notes of Obsidian have, read from files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.readers.markdown.comments import OBSIDIAN, hide_comments


def note(folder: Path, text: str) -> Post:
    (folder / "Note.md").write_text(text, "utf-8")
    return clothbound.read(folder, "obsidian").posts[0]


def test_tags_of_the_text_are_tags(tmp_path: Path) -> None:
    post = note(
        tmp_path,
        "---\ntags: [one]\n---\nOn #walking/uphill and #two, not #12, `#code`, [x](a#b) or a#c.\n\n```\n#no\n```\n",
    )
    assert post.metadata.tags == ("one", "walking/uphill", "two")


@pytest.mark.parametrize("text", ["#private\n\nSECRET", "---\ntags: [Draft]\n---\nSECRET"])
def test_a_tag_keeps_a_note_back(tmp_path: Path, text: str) -> None:
    publication = note(tmp_path, text).metadata.publication
    assert publication is not None
    assert [reason.state for reason in publication.reasons] == ["secret"]


def test_links_in_properties_are_words(tmp_path: Path) -> None:
    post = note(tmp_path, '---\nauthor: "[[Ada|Ada Example]]"\ntags: ["[[one]]"]\n---\nText.\n')
    assert (post.metadata.authors, post.metadata.tags) == (("Ada Example",), ("one",))


def test_no_comment_is_printed_even_in_the_title(tmp_path: Path) -> None:
    post = note(tmp_path, "# Head %%SECRET%%\n\nText. %%SECRET\n\nSECRET")
    assert post.metadata.title == "Head"
    assert "SECRET" not in plain_text(post.body) + repr(post)


@given(
    before=st.text("ab \n", max_size=10),
    secret=st.text("xyz\n ", min_size=1, max_size=20),
    after=st.text("ab \n", max_size=10),
)
def test_a_comment_leaves_its_lines_and_nothing_else(before: str, secret: str, after: str) -> None:
    text = f"{before}%%{secret}%%{after}"
    shown, findings = hide_comments(text, 1, OBSIDIAN)
    assert findings == []
    assert shown.count("\n") == text.count("\n")
    assert not {"x", "y", "z"} & set(shown)
    assert shown.replace("\n", "") == (before + after).replace("\n", "")
