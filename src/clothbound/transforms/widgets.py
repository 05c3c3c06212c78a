"""Removes buttons and forms of the web page, which are useless in a book."""

from __future__ import annotations

from ..context import Context
from ..diagnostics import Outcome
from ..model.blocks import Button, Group, PaywallBreak, SubscribeForm
from ..model.losses import FORM_LEFT_OUT
from ..model.node import Node
from ..model.post import Post
from ..model.walk import rewrite

_FORMS = (Button, SubscribeForm)


def leave_out_chrome(post: Post, context: Context) -> Post:
    """Returns ``post`` without subscribe, share and comment buttons, forms and paywall marks.

    A plain link in the form of a button stays. The report names each removed element and its text.
    """
    return _without(post, context, (*_FORMS, PaywallBreak))


def leave_out_forms(post: Post, context: Context) -> Post:
    """Returns ``post`` without such buttons and forms, but with paywall marks, for a copy that is read again."""
    return _without(post, context, _FORMS)


def _without(post: Post, context: Context, kinds: tuple[type[Node], ...]) -> Post:
    if context.census(post).kinds.isdisjoint(kinds):
        return post

    account = context.report.accounts.get(post.metadata.key)

    def visit(node: Node) -> Node | None:
        match node:
            case Button(label, _, action) if action:
                context.account(
                    Outcome.CHROME, post, node, f"{action} button left out: {label[:60]!r}"
                )
                return None
            case SubscribeForm():
                context.account(Outcome.CHROME, post, node, FORM_LEFT_OUT)
                return None
            case PaywallBreak() if PaywallBreak in kinds:
                context.account(Outcome.CHROME, post, node, "a paywall mark was left out")
                if account is not None:
                    account.is_partly_paid = True
                return None
            case Group() if "captioned-button-wrap" in node.classes and not node.children:
                return None
        return node

    result: Post = rewrite(post, visit)
    return result
