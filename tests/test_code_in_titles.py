"""Code in titles: as code in headings, and without its marks wherever a title is plain text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import clothbound
from clothbound.title_text import plain_title, title_parts, typeset_title

TITLE = 'Announcing `async fn` and "more" of `--x`'
POST = f"""---
title: {TITLE!r}
description: Every `word` of *this* and **that** and [a link](https://example.org/) counts
date: 2024-01-02
---

Text.
"""


def test_code_in_a_title_stays_as_it_is() -> None:
    assert typeset_title(TITLE, "en") == "Announcing async fn and “more” of --x"
    assert title_parts("`a` b ``c", "en") == [("a", True), (" b ``c", False)]
    assert plain_title("` ` and `a") == "` ` and `a"


def test_headings_show_code_and_metadata_are_plain(tmp_path: Path) -> None:
    post = clothbound.read(POST)
    page = clothbound.write(post, "html").to_text()
    assert "<h1>Announcing <code>async fn</code> and “more” of <code>--x</code></h1>" in page
    assert "<title>Announcing async fn and “more” of --x</title>" in page
    assert "`" not in page.partition("<body")[0].replace("Every `word` of", "")
    clothbound.write(post, "epub").save(tmp_path / "a.epub")
    with zipfile.ZipFile(tmp_path / "a.epub") as book:
        texts = {name: book.read(name).decode() for name in book.namelist() if "html" in name}
    (chapter,) = (text for text in texts.values() if "<p>Text.</p>" in text)
    assert "Announcing <code>async fn</code>" in chapter
    assert "`" not in "".join(text.partition("<head")[0] for text in texts.values())
    (again,) = clothbound.read(tmp_path / "a.epub").posts
    assert again.metadata.title == TITLE


def test_files_have_no_marks_in_their_names(tmp_path: Path) -> None:
    clothbound.write(clothbound.read(POST), "markdown").save(tmp_path / "md.md")
    clothbound.write(clothbound.read(POST), clothbound.Markdown(header="obsidian")).save(
        tmp_path / "vault"
    )
    assert TITLE in (tmp_path / "md.md").read_text("utf-8").replace("''", "'")


def test_plain_text_has_no_marks_in_its_title() -> None:
    shown = clothbound.write(clothbound.read(POST), "text").to_text()
    assert shown.startswith('Announcing async fn and "more" of --x\n')


def test_a_description_has_no_marks() -> None:
    (post,) = clothbound.read(POST).posts
    assert post.metadata.description == "Every word of this and that and a link counts"
