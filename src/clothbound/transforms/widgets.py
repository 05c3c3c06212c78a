"""Buttons and forms of the web page, which have no use in a book."""

from __future__ import annotations

from ..context import Context
from ..diagnostics import Outcome
from ..model.blocks import Button, Group, PaywallBreak, SubscribeForm
from ..model.node import Node
from ..model.post import Post
from ..model.walk import rewrite, walk

_WIDGETS = (Button, SubscribeForm, PaywallBreak)


def leave_out_chrome(post: Post, context: Context) -> Post:
    """Returns ``post`` without subscribe, share and comment buttons, forms and paywall marks.

    A button that is a plain link stays. The account has each that was left out, with its words.
    """
    if not any(isinstance(node, _WIDGETS) for node in walk(post)):
        return post

    def visit(node: Node) -> Node | None:
        match node:
            case Button(label, _, action) if action:
                context.account(
                    Outcome.CHROME, post, node, f"{action} button left out: {label[:60]!r}"
                )
                return None
            case SubscribeForm():
                context.account(Outcome.CHROME, post, node, "subscribe form left out")
                return None
            case PaywallBreak():
                context.account(Outcome.CHROME, post, node, "paywall mark left out")
                return None
            case Group() if "captioned-button-wrap" in node.classes and not node.children:
                return None
        return node

    result: Post = rewrite(post, visit)
    return result
