"""Footnotes of web pages, as programs write them; each document with the nodes that it is read as."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.html.read.parse import parse_fragment
from clothbound.html.read.web_footnotes import take_notes
from clothbound.model import inlines as i
from clothbound.model.check import problems, unique_ids
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from notation import write

CASES = Path(__file__).parent / "cases" / "html-notes"


class Case(NamedTuple):
    name: str
    source: str
    expected: str


def read_cases(path: Path) -> list[Case]:
    """``%% name``, HTML, ``%%=>``, the nodes and notes; findings are lines after ``!``."""
    cases = []
    for part in re.split(r"^%% ", path.read_text("utf-8"), flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        source, _, expected = rest.partition("\n%%=>\n")
        cases.append(Case(name, source, expected.strip("\n")))
    return cases


DOCUMENTS = read_cases(CASES / "notes.txt")


@pytest.mark.parametrize("case", DOCUMENTS, ids=[case.name for case in DOCUMENTS])
def test_documents(case: Case) -> None:
    noted = take_notes(parse_fragment(case.source).blocks, "")
    told = [f"! {f.severity} {f.code}: {f.message} | {f.text}".strip() for f in noted.findings]
    nodes = write(noted.blocks, noted.footnotes)
    assert "\n".join(filter(None, [nodes, *told])) == case.expected
    assert not list(problems(Post(body=noted.blocks, footnotes=noted.footnotes)))


_PIECES = st.sampled_from(
    [
        '<div class="footnotes">',
        '<section role="doc-endnotes">',
        "</div>",
        "</section>",
        "<ol>",
        '<ol class="wp-block-footnotes">',
        "</ol>",
        '<li id="fn1">',
        '<li id="fn2">',
        '<li id="fn:1">',
        "<li>",
        '<p id="fn2">',
        '<a href="#fn1">1</a>',
        '<sup id="fnref1"><a href="#fn1">[1]</a></sup>',
        '<a href="#fn2">words</a>',
        '<a href="#fn%3A1">2</a>',
        '<a href="#fnref1">^</a>',
        '<a role="doc-backlink" href="#x">back</a>',
        "<h2>heading</h2>",
        "<hr>",
        "alpha ",
        "<em>beta</em>",
        "<blockquote>",
        "<table><tr><td>",
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_no_word_is_lost_and_the_tree_is_sound(html: str) -> None:
    before = parse_fragment(html).blocks
    noted = take_notes(before, "")
    post, _ = unique_ids(Post(body=noted.blocks, footnotes=noted.footnotes))
    assert not list(problems(post))
    told = "".join(finding.text for finding in noted.findings)
    after = plain_text(post.body) + told + "".join(plain_text(n) for n in post.footnotes)
    assert _letters(plain_text(before)) == _letters(after)


def _letters(text: str) -> Counter[str]:
    return Counter(re.findall("[a-z]", text))


def test_our_own_pages_keep_their_notes(tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text(
        "# T\n\nOne[^a] and two.[^b] Again.[^a]\n\n[^a]: A *word*.\n\n[^b]: B.\n\n    C.\n"
    )
    clothbound.convert(source, tmp_path / "post.html")
    (post,) = clothbound.read(tmp_path / "post.html")
    (letter,) = clothbound.read(source)
    assert [n.children for n in post.footnotes] == [n.children for n in letter.footnotes]
    targets = [node.target for node in walk(post) if isinstance(node, i.NoteRef)]
    assert targets == [post.footnotes[n].id for n in (0, 1, 0)]
    assert plain_text(post.body) == plain_text(letter.body)


def test_a_page_with_notes_becomes_markdown_with_notes(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(DOCUMENTS[0].source)
    clothbound.convert(page, tmp_path / "page.md")
    made = (tmp_path / "page.md").read_text()
    assert "One[^1] and two[^2]." in made
    assert "[^1]: First.\n\n    More.\n" in made
