"""Tests that diagnostics name a line even if the node itself has none."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.cli import main
from clothbound.model.inlines import NoteRef
from clothbound.model.walk import walk
from clothbound.readers.markdown.text_nodes import parse_markdown
from clothbound.writers.pdf import Pdf

POST = r"""---
title: A
---

Para one.

A <video src="v.mp4"></video> film, and $\undefinedthing{x$ in a line.

- item one
- item two $\undefinedthing{y$

| h | i |
|---|---|
| a | SECRET |
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text(POST, "utf-8")
    return tmp_path


def told(folder: Path, writer: str, part: str, options: object = None) -> list[int]:
    made = clothbound.write(clothbound.read(folder / "posts"), options or writer)
    made.save(folder / f"out-{writer}")
    return [d.line for d in made.report.diagnostics if part in d.message]


@pytest.mark.parametrize("writer", ["epub", "site"])
def test_links_that_lead_nowhere(folder: Path, writer: str) -> None:
    assert told(folder, writer, "link to 'v.mp4' leads nowhere") == [7]


@pytest.mark.parametrize("writer", ["epub", "site"])
def test_formulas_that_cannot_be_set(folder: Path, writer: str) -> None:
    assert told(folder, writer, "formula was written as TeX") == [7, 10]


def test_formulas_that_cannot_be_set_by_typst(folder: Path) -> None:
    options = Pdf(engine="typst")
    assert told(folder, "pdf", "formula was written as TeX", options) == [7, 10]


def test_words_that_a_rule_takes_out_of_a_table(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = folder / "book.toml"
    plan.write_text(
        '[posts]\nsource = "posts"\n\n[[output]]\npath = "o.epub"\n\n[[remove]]\ntext = "SECRET"\n',
        "utf-8",
    )
    with pytest.raises(SystemExit):
        main(["book", str(plan), "-v"])
    assert "a.md:12: info: 1 word removed" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("writer", "options"),
    [("html", None), ("epub", None), ("pdf", None), ("pdf", Pdf(engine="typst"))],
)
def test_links_with_an_unsafe_address(tmp_path: Path, writer: str, options: object) -> None:
    text = "---\ntitle: T\n---\n\nWords.\n\n- one\n- [two](javascript:alert)\n"
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text(text, encoding="utf-8")
    assert told(tmp_path, writer, "unsafe address", options) == [8]


def test_a_break_written_as_html_ends_no_line_of_the_source() -> None:
    (paragraph,), _, _ = parse_markdown("One <br> two\n<br>three^[A note.]\n", "pandoc")
    assert [mark.line for mark in walk(paragraph) if isinstance(mark, NoteRef)] == [2]
