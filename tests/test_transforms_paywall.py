"""Tests that content for some readers only does not reach a public target."""

from __future__ import annotations

import pytest
from hypothesis import given

from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode, LossReport
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.census import tally
from clothbound.model.check import problems
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.model.walk import walk
from clothbound.transforms.paywall import cut_at_paywall
from sample_nodes import paragraph
from strategies import posts

EVERYONE = frozenset({"everyone"})
FREE, PAID = paragraph("free"), paragraph("paid")


def cut(*body: b.Block, audiences: frozenset[str] | None = EVERYONE) -> tuple[b.Block, ...]:
    context = Context(report=LossReport("test"), product_audiences=audiences)
    return cut_at_paywall(Post(Metadata(key="k"), body), context).body


@pytest.mark.parametrize(
    "hidden",
    [
        (b.PaywallBreak(), PAID),
        (b.PaywallBreak(), PAID, b.PaywallBreak(), PAID),
        (b.Group((paragraph("paid too"), b.PaywallBreak())), PAID),
        (b.Quote((b.List((b.ListItem((b.PaywallBreak(), PAID)),)),)), PAID),
        (b.Conditional((b.PaywallBreak(), PAID)), PAID),
        (b.RawBlock("html", '<div class="paywall-jump"></div>'), PAID),
        (b.RawBlock("html", "<DIV DATA-COMPONENT-NAME='paywalltodom'>"), PAID),
        (paragraph("paid", i.RawInline("html", "<i class=paywall-jump>")), PAID),
        (b.Group((), classes=("x", "paywall-jump")), PAID),
        (b.Group((PAID,), classes=("paywall",)), PAID),
        (b.Extension("plug-in", {}, (b.PaywallBreak(),)), PAID),
        (b.Conditional((PAID,), ("only_paid",)),),
        (b.Conditional((b.Conditional((PAID,)),)),),
    ],
)
def test_what_follows_a_paywall_is_cut_wherever_the_paywall_stands(
    hidden: tuple[b.Block, ...],
) -> None:
    assert cut(FREE, *hidden) == (FREE,)


def test_a_block_for_some_is_taken_out_of_the_middle() -> None:
    assert cut(FREE, b.Quote((b.Conditional((PAID,)), FREE)), FREE) == (
        FREE,
        b.Quote((FREE,)),
        FREE,
    )


def test_the_paid_part_needs_an_audience_that_pays() -> None:
    body = (FREE, b.PaywallBreak(), PAID)
    assert cut(*body, audiences=frozenset({"everyone"})) == (FREE,)
    assert cut(*body, audiences=frozenset({"everyone", "only_free"})) == (FREE,)
    assert cut(*body, audiences=frozenset()) == (FREE,)
    assert cut(*body, audiences=frozenset({"everyone", "only_paid"})) == body
    assert cut(*body, audiences=frozenset({"founding"})) == body


def test_notes_of_the_cut_part_go_and_notes_of_the_free_part_stay() -> None:
    notes = (
        Footnote("1", (paragraph("free note ", i.NoteRef("4")),)),
        Footnote("2", (paragraph("paid note ", i.NoteRef("3")),)),
        Footnote("3", (paragraph("note of a paid note"),)),
        Footnote("4", (paragraph("note of a free note"),)),
    )
    post = Post(
        Metadata(key="k"),
        (paragraph("free", i.NoteRef("1")), b.PaywallBreak(), paragraph("paid", i.NoteRef("2"))),
        notes,
    )
    context = Context(report=LossReport("test"), product_audiences=EVERYONE)
    context.open_account(post)
    made = cut_at_paywall(post, context)
    assert [note.id for note in made.footnotes] == ["1", "4"]
    assert list(problems(made)) == []
    account = context.report.accounts["k"]
    assert account.written == tally(made)


def test_a_paywall_inside_a_note_cuts_the_note() -> None:
    note = Footnote("1", (FREE, b.PaywallBreak(), PAID))
    post = Post(body=(paragraph("free", i.NoteRef("1")),), footnotes=(note,))
    made = cut_at_paywall(post, Context(report=LossReport("test"), product_audiences=EVERYONE))
    assert made.footnotes == (Footnote("1", (FREE,)),)


def test_a_post_without_any_of_it_is_the_same_post() -> None:
    post = Post(body=(FREE,), footnotes=(Footnote("unused", (FREE,)),))
    assert cut_at_paywall(post, Context(product_audiences=EVERYONE)) is post


def test_a_product_of_the_authors_own_has_everything() -> None:
    body = (FREE, b.Conditional((PAID,), ("founding",)), b.PaywallBreak(), PAID)
    assert cut(*body, audiences=None) == body


@pytest.mark.parametrize(
    ("names", "audiences", "is_left"),
    [
        ("only_paid", "everyone only_paid", True),
        ("founding", "everyone only_paid", False),
        ("founding only_paid", "everyone only_paid", True),
        ("only_free", "everyone", False),
        ("free_sub", "everyone only_free", True),
        ("free_sub", "everyone only_paid", False),
        ("non_sub", "everyone only_paid founding", False),
        ("everyone", "everyone", True),
        ("", "everyone only_free", False),
        ("", "everyone only_paid", True),
        ("patrons", "everyone", False),
        ("patrons", "everyone founding", True),
    ],
)
def test_a_part_is_for_the_audiences_that_it_names(
    names: str, audiences: str, *, is_left: bool
) -> None:
    part = b.Conditional((PAID,), tuple(names.split()))
    left = cut(FREE, part, audiences=frozenset(audiences.split()))
    assert left == ((FREE, part) if is_left else (FREE,))


def test_the_cut_is_reported_with_its_line() -> None:
    context = Context(report=LossReport("test"), product_audiences=EVERYONE)
    post = Post(Metadata(key="k", source="a.md"), (FREE, b.PaywallBreak(line=9), PAID))
    cut_at_paywall(post, context)
    codes = {d.code: d for d in context.diagnostics}
    assert codes[DiagnosticCode.PAYWALL_CUT].line == 9
    assert codes[DiagnosticCode.NODE_DROPPED].text == "paid"


@pytest.mark.parametrize(
    ("audiences", "who"),
    [(("founding", "only_paid"), "founding, only_paid"), ((), "some readers")],
)
def test_a_block_that_is_left_out_is_reported_with_its_readers(
    audiences: tuple[str, ...], who: str
) -> None:
    context = Context(report=LossReport("test"), product_audiences=EVERYONE)
    cut_at_paywall(Post(Metadata(key="k"), (b.Conditional((PAID,), audiences),)), context)
    (told,) = context.diagnostics
    assert told.message == f"a block for {who} only was left out"


@given(posts())
def test_nothing_private_is_left_and_the_account_is_right(post: Post) -> None:
    context = Context(report=LossReport("test"), product_audiences=EVERYONE)
    context.open_account(post)
    made = cut_at_paywall(post, context)
    assert not any(isinstance(n, (b.PaywallBreak, b.Conditional)) for n in walk(made))
    assert list(problems(made)) == []
    assert context.report.accounts[post.metadata.key].written == tally(made)
    assert len(plain_text(made)) <= len(plain_text(post))
