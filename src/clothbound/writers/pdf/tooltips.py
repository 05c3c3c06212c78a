"""Reports tooltips (``title`` and ``cite`` attributes), which a screen shows and print drops."""

from __future__ import annotations

from ...context import Context
from ...diagnostics import Outcome
from ...model import blocks as b
from ...model import inlines as i
from ...model.node import Node
from ...model.post import Post
from ...model.walk import plain_text, walk


def report_tooltips(post: Post, context: Context) -> None:
    """Reports as simplified each title of a picture, link or abbreviation and each address of a quotation."""
    # Pictures whose titles are printed as their captions.
    printed: set[int] = set()
    for node in walk(post):
        if isinstance(node, b.Figure) and node.image.title == plain_text(node.caption):
            printed.add(id(node.image))
        what, words = _tooltip(node)
        if words and id(node) not in printed:
            message = f"{what} is not printed: {' '.join(words.split())[:200]}"
            context.account(Outcome.SIMPLIFIED, post, node, message)


def _tooltip(node: Node) -> tuple[str, str]:
    """Returns what the tooltip belongs to, in words, and its text; both are empty where there is none."""
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
