"""What only notes of Obsidian have, read from files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.model.inlines import LineBreak
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.readers.markdown.comments import OBSIDIAN, hide_comments
from expected_files import expected_text
from notation import write


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


def test_an_outline_is_read_as_text(tmp_path: Path) -> None:
    graph = Path(__file__).parent / "cases" / "sites" / "logseq"
    (post,) = [p for p in clothbound.read(graph).posts if p.title == "Boat repair"]
    made = write(post.body, post.footnotes) + "\n"
    assert made == expected_text(graph.with_name("logseq-outline.txt"), made)
    assert [d.message for d in post.diagnostics] == [
        "1 macro of Logseq kept as text",
        "1 reference to a block kept as text",
    ]


def test_what_logseq_keeps_in_blocks_for_itself_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "logseq" / "config.edn").write_text("{}")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "Tide.md").write_text(
        "- DONE Rope\n  :LOGBOOK:\n  CLOCK: [2023-04-01 Sat]\n  :END:\n"
        "\t- ![b](../assets/b.png){:height 100, :width 200} {:kept 1}\n\t  :LOGBOOK:\n- Words\n"
    )
    (post,) = clothbound.read(tmp_path).posts
    made = write(post.body)
    assert "CLOCK" not in made and ":END:" not in made and ":height" not in made
    assert "Rope" in made and ":kept" in made and "Words" in made


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("UN and C-major_scale", "UN and C-major_scale"),
        ("my-note", "My note"),
        ("2024-01-05", "2024-01-05"),
        ("2024_01_05", "2024-01-05"),
        ("2024-01-06 Meeting", "Meeting"),
        ("Cafe\u0301", "Caf\u00e9"),
    ],
)
def test_a_note_is_called_as_its_file(name: str, title: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.md").write_text("Words.\n")
    assert [m.title for m in clothbound.read(tmp_path, "obsidian").index] == [title]


def test_a_name_of_a_file_in_another_case_leads_there(tmp_path: Path) -> None:
    (tmp_path / "Clay").mkdir()
    (tmp_path / "Clay" / "Glazes.md").write_text("---\ntitle: Of glazes\n---\n\nWords.\n")
    (tmp_path / "a.md").write_text("[[clay/glazes]]\n")
    index = clothbound.read(tmp_path, "obsidian").index
    found = index.resolve_name("clay/glazes", "a.md")
    assert found is not None and index[found[0]].title == "Of glazes"


def test_blocks_of_the_plug_in_admonition_are_callouts(tmp_path: Path) -> None:
    post = note(
        tmp_path,
        "Text.\n\n```ad-tip\ntitle: A *title*\ncollapse: open\nWords in [[Note]].\n\n- one\n```\n\nEnd.\n",
    )
    assert write(post.body) == (
        '1 Paragraph\n  "Text."\n'
        '3 Callout kind="tip"\n  6 Paragraph\n    "Words in " Link("Note" href="Note" .wikilink) "."\n'
        '  8 List\n    8 ListItem\n      8 Paragraph\n        "one"\n  title: "A " Emphasis("title")\n'
        '11 Paragraph\n  "End."'
    )


def test_a_callout_may_be_of_any_kind(tmp_path: Path) -> None:
    post = note(
        tmp_path,
        "Text.\n\n> [!\u0646\u0635\u064a\u062d\u0629] \u0639\u0646\u0648\u0627\u0646\n> Words.\n",
    )
    assert '3 Callout kind="\u0646\u0635\u064a\u062d\u0629"' in write(post.body)


def test_tags_in_one_text_may_be_quoted(tmp_path: Path) -> None:
    post = note(tmp_path, '---\ntags: one, "two three"\n---\nText.\n')
    assert post.metadata.tags == ("one", "two three")


@pytest.mark.parametrize(("strict", "count"), [("false", 2), ("true", 0)])
def test_the_end_of_a_line_is_a_break_unless_the_vault_is_strict(
    strict: str, count: int, tmp_path: Path
) -> None:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian" / "app.json").write_text(f'{{"strictLineBreaks": {strict}}}')
    (tmp_path / "a.md").write_text("One\n*two*\nthree.\n\nFour.\n")
    (post,) = clothbound.read(tmp_path).posts
    assert len(list(walk(post, LineBreak))) == count
    assert " ".join(plain_text(post.body).split()) == "One two three. Four."
