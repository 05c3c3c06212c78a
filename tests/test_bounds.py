"""Tests the limits on the cost of one post: all words stay, and each exceeded limit is reported."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.bounds import _is_small, within_bounds
from clothbound.model.check import problems
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.model.walk import walk
from clothbound.run import Run
from strategies import posts


def words(post: Post) -> list[str]:
    return re.findall(r"\w+", plain_text(post))


def is_within(part: list[str], whole: list[str]) -> bool:
    """Whether ``whole`` contains all of ``part`` in the same order."""
    rest = iter(whole)
    return all(word in rest for word in part)


def count(post: Post, *kinds: type) -> int:
    return sum(isinstance(node, kinds) for node in walk(post))


def count_links(block: b.Block) -> int:
    return sum(isinstance(node, i.Link) for node in walk(block))


def read(text: str, limits: Limits) -> Post:
    return clothbound.read(text.encode(), run=Run(limits=limits))[0]


def test_a_post_within_its_bounds_is_the_same() -> None:
    post = Post(Metadata(key="k"), (b.Quote((b.Paragraph((i.Text("a"),)),)),))
    assert within_bounds(post, Limits(containers=1, nodes=3)) is post


@given(posts(), st.integers(0, 60))
def test_a_small_post_is_told_by_the_nodes_of_a_walk(post: Post, most: int) -> None:
    assert _is_small(post, most) == (len(list(walk(post))) <= most)


@pytest.mark.parametrize(
    "source",
    [
        "\n".join(f"[a{n}](http://h.example/{n})" for n in range(5)),
        "<!doctype html><article><h1>T</h1><p>Some words of a text. "
        + " ".join(f'<a href="http://h.example/{n}">a{n}</a>' for n in range(5))
        + "</p></article>",
    ],
    ids=["markdown", "html"],
)
def test_a_paragraph_of_more_links_than_it_may_hold_is_made_several(source: str) -> None:
    post = read(source, Limits(links=3))
    parts = [block for block in post.body if count_links(block)]
    assert [count_links(block) for block in parts] == [3, 2]
    assert [n.href[-1] for n in walk(post) if isinstance(n, i.Link)] == ["0", "1", "2", "3", "4"]
    (told,) = [d for d in post.diagnostics if d.code is DiagnosticCode.MARKUP_REPAIRED]
    assert told.message == "more than 3 links in one paragraph; it was split into several"


def test_links_of_several_paragraphs_are_all_kept() -> None:
    source = "\n\n".join(f"[a{n}](http://h.example/{n})" for n in range(5))
    post = read(source, Limits(links=3))
    assert count(post, i.Link) == 5
    assert post.diagnostics == ()


def test_what_containers_over_the_bound_hold_stands_without_them() -> None:
    source = "> a\n\n3. b\n4. c\n5. d\n\n- e\n\n::: x\nf\n:::\n\nt\n: g\n"
    post = read(source, Limits(containers=3))
    assert [type(block).__name__ for block in post.body] == [
        *("Quote", "List", "Paragraph", "Paragraph", "Paragraph", "Paragraph", "Paragraph")
    ]
    assert [plain_text(block) for block in post.body[2:]] == ["5. d", "e", "f", "t", "g"]
    assert [d.message[:13] for d in post.diagnostics] == ["more than 3 q"]


def test_text_over_the_bound_stands_in_one_run_and_the_paywall_where_it_was() -> None:
    source = (
        "a\n\nb *c*[^1] [l](http://x.example/)\n\n- d\n- e\n\n::: paywall-jump\n:::\n\nf\n\n"
        "![p](p.png)\n\ng\n\n[^1]: note\n"
    )
    whole, post = read(source, Limits()), read(source, Limits(nodes=3))
    assert [type(block).__name__ for block in post.body] == [
        *("Paragraph", "Paragraph", "PaywallBreak", "Paragraph", "Figure", "Paragraph")
    ]
    assert plain_text(post.body[1]) == "b c l (http://x.example/) \u00b6 d \u00b6 e"
    assert count(post, i.NoteRef) == 1
    assert is_within(words(whole), words(post))


A = (i.Text("a"),)


@pytest.mark.parametrize(
    "block",
    [
        b.Heading(A, 2),
        b.Quote((b.Paragraph(A),)),
        b.PullQuote((b.Paragraph(A),)),
        b.Group((b.Paragraph(A),)),
        b.Callout((b.Paragraph(A),), A),
        b.List((b.ListItem((b.Paragraph(A),)),)),
        b.DefinitionList((b.DefinitionItem(A, ((b.Paragraph(A),),)),)),
        b.CodeBlock("a"),
        b.MathBlock("a"),
        b.Verse(A),
        b.Table((), ((b.Cell(A),),)),
    ],
    ids=lambda block: type(block).__name__,
)
def test_every_block_of_words_joins_the_run(block: b.Block) -> None:
    post = Post(body=(b.Paragraph(A), block, b.ThematicBreak(), b.Paragraph(A)))
    made = within_bounds(post, Limits(nodes=2))
    assert {type(node) for node in made.body} == {b.Paragraph}
    assert len(made.body) < 4
    assert "a \u00b6 a" in plain_text(made)


@given(posts(plain=True), st.integers(0, 3), st.integers(0, 3), st.integers(0, 20))
@settings(max_examples=150)
def test_no_word_note_or_picture_is_lost(
    post: Post, links: int, containers: int, nodes: int
) -> None:
    made = within_bounds(post, Limits(links=links, containers=containers, nodes=nodes))
    assert list(problems(made)) == []
    assert is_within(list("".join(words(post))), list("".join(words(made))))
    for kinds in ((i.NoteRef,), (i.Image,), (b.PaywallBreak,), (b.Conditional,), (b.Embed,)):
        assert count(made, *kinds) == count(post, *kinds)
    if not count(post, b.Extension):
        assert count(made, b.Quote, b.PullQuote, b.Group, b.Callout, b.ListItem) <= containers
    shown = [plain_text(n) for n in walk(post) if isinstance(n, b.Conditional)]
    kept = [plain_text(n) for n in walk(made) if isinstance(n, b.Conditional)]
    for before, after in zip(shown, kept, strict=True):
        # By characters: a paragraph may be split at a link within a word.
        assert is_within(list("".join(before.split())), list("".join(after.split())))


def test_a_collection_with_bounds_can_go_to_another_process() -> None:
    collection = clothbound.read(b"# T\n\na *b*")
    again = pickle.loads(pickle.dumps(collection))
    assert again[0] == collection[0]
