"""Buttons and forms go, with an account of their words; plain links stay."""

from __future__ import annotations

from hypothesis import given

from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode, LossReport
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.census import tally
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.model.walk import walk
from clothbound.transforms.widgets import leave_out_chrome
from strategies import posts

TEXT = b.Paragraph((i.Text("text"),))
LINK = b.Button("Read on", "https://example.org")


def test_buttons_that_act_forms_and_paywall_marks_are_chrome() -> None:
    context = Context(report=LossReport("test"))
    post = Post(
        Metadata(key="k"),
        (
            TEXT,
            b.Button("Subscribe now", "https://example.org", "subscribe"),
            LINK,
            b.Quote((b.SubscribeForm("Type your address", "Go"), TEXT)),
            b.PaywallBreak(),
        ),
        (Footnote("1", (b.Button("Share", "", "share"), TEXT)),),
    )
    context.open_account(post)
    made = leave_out_chrome(post, context)
    assert made.body == (TEXT, LINK, b.Quote((TEXT,)))
    assert made.footnotes == (Footnote("1", (TEXT,)),)
    account = context.report.accounts["k"]
    assert (account.chrome, account.dropped) == (4, 0)
    assert account.written == tally(made)
    texts = [d.text for d in context.diagnostics if d.code is DiagnosticCode.NODE_CHROME]
    assert texts == ["Subscribe now", "Type your address\nGo", "", "Share"]


def test_a_button_in_a_note_alone_is_found() -> None:
    post = Post(footnotes=(Footnote("1", (b.Button("Share", "", "share"),)),))
    assert leave_out_chrome(post, Context()).footnotes == (Footnote("1"),)


def test_an_emptied_wrapper_of_a_button_goes_with_it() -> None:
    wrapper = b.Group((b.Button("Go", "", "share"),), classes=("captioned-button-wrap",))
    full = b.Group((TEXT, b.Button("Go", "", "share")), classes=("captioned-button-wrap",))
    made = leave_out_chrome(Post(body=(wrapper, full)), Context())
    assert made.body == (b.Group((TEXT,), classes=("captioned-button-wrap",)),)


@given(posts())
def test_the_account_is_right_and_nothing_else_goes(post: Post) -> None:
    context = Context(report=LossReport("test"))
    context.open_account(post)
    made = leave_out_chrome(post, context)
    assert context.report.accounts[post.metadata.key].written == tally(made)
    gone = (b.SubscribeForm, b.PaywallBreak)
    assert not any(
        isinstance(n, gone) or (isinstance(n, b.Button) and n.action) for n in walk(made)
    )
    if made is not post:
        assert len(context.diagnostics) > 0
