"""What the importers of archives demand beyond Substack's own form.

As people report who ran them: Ghost's migration tool stops at a digest without ``publishedBylines``
and makes a post public whose audience it does not know; WordPress's plug-in splits posts.csv at line
ends, takes pictures from ``data-attrs`` alone, and publishes every post whatever its audience.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from ...context import Context
from ...diagnostics import Code
from ...model import blocks as b
from ...model import inlines as i
from ...model.node import Node, Origin
from ...model.post import Footnote, Metadata, Post
from ...model.walk import rewrite
from ...substack.components import component_of
from ...substack.data_attrs import parse, stringify
from ...substack.pictures import image_data

Destination: TypeAlias = Literal["substack", "ghost", "wordpress"]

_KNOWN_TO_GHOST = frozenset({"", "everyone", "only_paid", "only_free"})
_PUBLIC = frozenset({"", "everyone"})


def fitted(post: Post, destination: Destination) -> Post:
    """``post`` with every component in the generation that the destination reads."""
    if destination == "substack":
        return post

    def visit(node: Node) -> Node:
        return _fitted_node(node, destination)

    return msgspec.structs.replace(
        post,
        body=rewrite(post.body, visit),
        footnotes=tuple(
            Footnote(note.id, rewrite(note.children, visit)) for note in post.footnotes
        ),
    )


def _fitted_node(node: Node, destination: Destination) -> Node:
    origin = node.origin or Origin()
    generation = ""
    data = origin.data
    match node:
        case i.Superscript():
            # A mark without its note leads nowhere.
            origin = Origin()
        case b.Figure() if data:
            # WordPress's takes the picture from its data alone, and needs every key.
            data = stringify({**image_data(node), **(parse(data) or {})})
        case b.Verse():
            # Its hidden label would stand in the poem.
            generation = "unlabelled"
        case b.Embed(kind="tweet"):
            # Neither reads the words of a tweet out of its data.
            generation = "tweet"
        case b.SubscribeForm() if destination == "wordpress":
            generation = "subscription-widget-wrap"
        case b.Embed(kind="post") if data and (found := component_of(node)) is not None:
            if "digest-post-embed" in found.classes:
                data = stringify({"publishedBylines": [], **(parse(data) or {})})
    fitted_origin = msgspec.structs.replace(origin, generation=generation, data=data, markup="")
    if fitted_origin == Origin():
        return node if node.origin is None else msgspec.structs.replace(node, origin=None)
    return msgspec.structs.replace(node, origin=fitted_origin)


def fitted_row(
    row: dict[str, str], metadata: Metadata, destination: Destination, context: Context, post: Post
) -> dict[str, str]:
    """The row of a post as the destination must have it to keep private what is private."""
    audience = metadata.audience
    if destination == "ghost" and audience not in _KNOWN_TO_GHOST:
        message = (
            f"audience {audience!r} written as only_paid: Ghost knows no other that is not public"
        )
        context.warn(Code.NODE_SIMPLIFIED, message, post)
        return row | {"audience": "only_paid"}
    if destination == "wordpress":
        if audience not in _PUBLIC and row["is_published"] == "true":
            message = f"written as a draft: WordPress would publish it, and it is for {audience}"
            context.warn(Code.NODE_SIMPLIFIED, message, post)
            row = row | {"is_published": "false"}
        # It reads the subtitle as HTML.
        return row | {"subtitle": row["subtitle"].replace("<", "&lt;")}
    return row
