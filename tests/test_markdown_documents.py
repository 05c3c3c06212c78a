"""Markdown documents and, below each, the tree that they are read as."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from clothbound.diagnostics import LineDiagnostic
from clothbound.model.blocks import Block
from clothbound.model.check import problems
from clothbound.model.post import Footnote, Post
from clothbound.readers.markdown.comments import MDX, OBSIDIAN, hide_comments
from clothbound.readers.markdown.mdx_script import take_statements
from clothbound.readers.markdown.parser import Dialect
from clothbound.readers.markdown.text_nodes import parse_markdown
from notation import write

CASES = Path(__file__).parent / "cases" / "markdown"


class Case(NamedTuple):
    name: str
    dialect: Dialect
    source: str
    expected: str
    is_note: bool = False
    is_mdx: bool = False


def read_cases(path: Path) -> list[Case]:
    """``%% name [dialect]``, Markdown, ``%%=>``, the tree; findings are lines after ``!``."""
    cases = []
    for part in re.split(r"^%% ", path.read_text("utf-8"), flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        source, _, expected = rest.partition("%%=>\n")
        dialect: Dialect = "pandoc"
        if name.endswith("[gfm]"):
            dialect = "gfm"
        elif name.endswith("[commonmark]"):
            dialect = "commonmark"
        is_note = name.endswith("[vault]")
        is_mdx = name.endswith("[mdx]")
        expected = expected.rstrip("\n")
        cases.append(Case(f"{path.stem}: {name}", dialect, source, expected, is_note, is_mdx))
    return cases


def read(case: Case) -> tuple[tuple[Block, ...], tuple[Footnote, ...], list[LineDiagnostic]]:
    """Reads a case as a text, as a note of Obsidian's, or as MDX."""
    if case.is_mdx:
        text, script = take_statements(case.source)
        text, hidden = hide_comments(text, 1, MDX)
        body, footnotes, findings = parse_markdown(text, case.dialect, script=script)
        return body, footnotes, [*hidden, *findings]
    if not case.is_note:
        return parse_markdown(case.source, case.dialect)
    text, hidden = hide_comments(case.source, 1, OBSIDIAN)
    body, footnotes, findings = parse_markdown(text, wikilinks=True)
    return body, footnotes, [*hidden, *findings]


ALL = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_reads_the_document_as_the_tree_below_it(case: Case) -> None:
    body, footnotes, findings = read(case)
    tree = write(body, footnotes)
    reported = "\n".join(f"! {line or '-'} {code}: {message}" for code, message, line in findings)
    assert "\n".join(filter(None, (tree, reported))) == case.expected
    assert list(problems(Post(body=body, footnotes=footnotes))) == []
