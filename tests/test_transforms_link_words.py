"""Tests that every link has text, or is removed."""

from __future__ import annotations

import pytest
from hypothesis import given

from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode, LossReport
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.census import tally
from clothbound.model.index import Index, IndexEntry
from clothbound.model.post import Metadata, Post
from clothbound.transforms.link_words import give_words
from strategies import posts

ADDRESS = "https://www.example.org/a/"
HERE = Metadata(key="1", title="This letter", source="here.md")
THERE = Metadata(key="2", title="The other letter")


def spoken_of(*nodes: i.Inline) -> tuple[tuple[i.Inline, ...], Context]:
    """The nodes of a paragraph as they are made, and what carries the report."""
    index = Index((IndexEntry(HERE), IndexEntry(THERE)))
    context = Context(report=LossReport("test"), index=index)
    post = Post(HERE, (b.Paragraph(nodes),))
    context.open_account(post)
    made = give_words(post, context)
    assert context.report.accounts["1"].written.links == tally(made).links
    (paragraph,) = made.body
    assert isinstance(paragraph, b.Paragraph)
    return paragraph.children, context


@pytest.mark.parametrize(
    "children",
    [(), (i.LineBreak(),), (i.Text(" \u200b"),), (i.Strong((i.Text(" "), i.LineBreak())),)],
)
def test_a_link_without_words_is_what_stands_in_it(children: tuple[i.Inline, ...]) -> None:
    """Where the post has the address behind words too, as beside a card's title."""
    told = i.Link((i.Text("told"),), ADDRESS)
    made, context = spoken_of(i.Link(children, ADDRESS, line=3), told)
    assert made == (*children, told)
    (found,) = context.diagnostics
    assert (found.code, found.line) == (DiagnosticCode.NODE_CHROME, 3)
    assert ADDRESS in found.message


@pytest.mark.parametrize(
    ("href", "words"),
    [
        (ADDRESS, "example.org/a"),
        ("clothbound:2", "The other letter"),
        ("clothbound:2#part", "The other letter"),
        ("mailto:a@example.org", "a@example.org"),
    ],
)
def test_it_has_its_address_or_the_title_of_its_post(href: str, words: str) -> None:
    made, context = spoken_of(i.Link((i.LineBreak(),), href))
    assert made == (i.Link((i.Text(words), i.LineBreak()), href),)
    assert [d.code for d in context.diagnostics] == [DiagnosticCode.NODE_SIMPLIFIED]


@pytest.mark.parametrize("href", ["clothbound:1#own", ""])
def test_one_into_its_own_post_goes_and_its_name_stays(href: str) -> None:
    made, context = spoken_of(i.Link((), href, id="mark"))
    assert made == (i.Span((), id="mark"),)
    assert [d.code for d in context.diagnostics] == [DiagnosticCode.NODE_CHROME]


@pytest.mark.parametrize(
    "child",
    [i.Image("a.png"), i.Math("x"), i.Code("x"), i.RawInline("html", "<b>x</b>"), i.Text("—")],
)
def test_pictures_formulas_and_signs_are_words(child: i.Inline) -> None:
    made, context = spoken_of(i.Link((child,), ADDRESS))
    assert made == (i.Link((child,), ADDRESS),)
    assert not len(context.diagnostics)


@given(posts())
def test_no_link_is_left_without_words(post: Post) -> None:
    context = Context(report=LossReport("test"), index=Index.of([post]))
    context.open_account(post)
    made = give_words(post, context)
    again = Context(report=LossReport("test"), index=Index.of([made]))
    assert give_words(made, again) is made
    assert context.report.accounts[post.metadata.key].written.links == tally(made).links
