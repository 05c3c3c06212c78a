"""What screens show when something is pointed at, and paper cannot: named, since it is not printed."""

from __future__ import annotations

from ...context import Context
from ...diagnostics import Outcome
from ...model import blocks as b
from ...model import inlines as i
from ...model.node import Node
from ...model.post import Post
from ...model.walk import plain_text, walk


def account_for_tips(post: Post, context: Context) -> None:
    """Accounts for titles of pictures and links, long forms, and addresses of quotations."""
    said: set[int] = set()
    """Pictures whose captions say their titles."""
    for node in walk(post):
        if isinstance(node, b.Figure) and node.image.title == plain_text(node.caption):
            said.add(id(node.image))
        what, words = _tip(node)
        if words and id(node) not in said:
            message = f"{what} is not printed: {' '.join(words.split())[:200]}"
            context.account(Outcome.SIMPLIFIED, post, node, message)


def _tip(node: Node) -> tuple[str, str]:
    match node:
        case i.Image(_, alt, title) if title.strip() != alt.strip():
            return "title of a picture", title
        case i.Link(_, href, title) if title.strip() not in (href, plain_text(node)):
            return "title of a link", title
        case i.Span():
            return f"title of {plain_text(node)[:60]!r}", dict(node.attributes).get("title", "")
        case b.Quote():
            return "address of a quotation", dict(node.attributes).get("cite", "")
    return "", ""
