"""The identifiers of headings, beside pandoc's own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pypandoc
import pytest

from clothbound.model import blocks as b
from clothbound.model.heading_ids import github_heading_id, pandoc_heading_id
from clothbound.model.walk import walk
from clothbound.readers.markdown.text_nodes import parse_markdown

HEADINGS = (
    "3. The plan",
    "A*?:/ sign, no: two!",
    "33",
    "3.1",
    "ÜBER den “Wolken” a_b",
    "Straße .hidden -dash_  end.",
    "a - b",
    "a — b",
    "٣ العربية",
    "日本 語",
    "II Ⅱ x²",
    "Don’t stop: v1.2",
)


@pytest.mark.parametrize(
    ("dialect", "rule"), [("markdown-smart", pandoc_heading_id), ("gfm", github_heading_id)]
)
def test_an_identifier_is_the_one_that_pandoc_gives(
    dialect: str, rule: Callable[[str], str]
) -> None:
    for text in HEADINGS:
        html = pypandoc.convert_text(f"# {text}\n", "html", format=dialect)
        found = re.search(r'id="([^"]*)"', html)
        assert found and rule(text) == found[1], text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Names in headings", "names-in-headings"),
        ("", "section"),
        ("--- dashed", "dashed"),
        ("two  \u00a0spaces\n", "two-spaces"),
    ],
)
def test_pandoc_s_identifier_begins_with_a_letter(text: str, name: str) -> None:
    assert pandoc_heading_id(text) == name


@pytest.mark.parametrize(
    ("dialect", "fragment", "expected"),
    [
        ("pandoc", "the-plan-v1.2", "the-plan-v1.2"),
        ("pandoc", "3-the-plan-v12", "3-the-plan-v12"),
        ("gfm", "3-the-plan-v12", "3-the-plan-v12"),
        ("commonmark", "3-the-plan-v12", "3-the-plan-v12"),
        ("pandoc", "3.-the-plan-v1.2", ""),
        ("pandoc", "3-the-plan-v1-2", "3-the-plan-v1-2"),
        ("pandoc", "", ""),
    ],
)
def test_a_heading_has_the_identifier_that_a_link_of_its_post_names(
    dialect: str, fragment: str, expected: str
) -> None:
    text = f"[see](#{fragment})\n\n## 3. The plan v1.2\n"
    body, _, _ = parse_markdown(text, dialect)  # type: ignore[arg-type]
    assert [node.id for node in walk(body) if isinstance(node, b.Heading)] == [expected]


@pytest.mark.parametrize(
    ("dialect", "expected"), [("pandoc", "plan-b"), ("gfm", "2-plan-b"), ("commonmark", "2-plan-b")]
)
def test_the_rule_of_the_dialect_comes_first(dialect: str, expected: str) -> None:
    text = "[one](#plan-b), [two](#2-plan-b)\n\n## 2 Plan B\n"
    body, _, _ = parse_markdown(text, dialect)  # type: ignore[arg-type]
    assert [node.id for node in walk(body) if isinstance(node, b.Heading)] == [expected]


@pytest.mark.parametrize(
    ("heading", "fragment"),
    [
        ("The team's (own/shared) plan_b", "the-team-s-own-shared-plan-b"),
        ("Crème ‘brûlée’!", "creme-brulee"),
        ("Faster Builds (👩\u200d💻, 🛠️)", "faster-builds-woman-computer-tools"),
    ],
)
def test_a_link_by_zola_s_rule_finds_its_heading(heading: str, fragment: str) -> None:
    body, _, _ = parse_markdown(f"[see](#{fragment})\n\n## Builds\n\n## {heading}\n")
    assert [n.id for n in walk(body) if isinstance(n, b.Heading)] == ["", fragment]
