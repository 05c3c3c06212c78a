"""What the importers of archives demand beyond Substack's own form, and what they lose.

As people report who ran them: Ghost's migration tool stops at a gallery without data and at a digest
without ``publishedBylines``, and makes a post public whose audience it does not know; WordPress's
plug-in splits posts.csv at line ends, takes pictures from ``data-attrs`` alone, and publishes every
post whatever its audience.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

from ...context import Context
from ...diagnostics import Code, Outcome, Severity
from ...model import blocks as b
from ...model import inlines as i
from ...model.node import Node, Origin
from ...model.post import Metadata, Post
from ...model.walk import plain_text, rewrite, walk
from ...substack.components import component_of
from ...substack.data_attrs import Data, parse, stringify
from ...substack.pictures import GALLERY, image_data

Destination: TypeAlias = Literal["substack", "ghost", "wordpress"]

_NAMES = {"ghost": "Ghost", "wordpress": "WordPress"}
_KNOWN_TO_GHOST = frozenset({"", "everyone", "only_paid", "only_free"})
_PUBLIC = frozenset({"", "everyone"})
_ENTITY = re.compile(r"&(?=#?\w+;)")
_EMPTY = (b.Paragraph((i.Text("\u00a0"),)),)


def fitted(post: Post, destination: Destination, context: Context) -> Post:
    """``post`` with every component in the generation that the destination reads.

    What its importer will lose all the same is reported.
    """
    if destination == "substack":
        return post

    def visit(node: Node) -> Node | tuple[b.Block, ...] | None:
        if isinstance(node, b.Button) and "%%" in node.href:
            # Such an address means something to Substack's own mailer alone.
            message = f"{node.action or 'plain'} button left out: {node.label[:60]!r}"
            context.account(Outcome.CHROME, post, node, message)
            return None
        if isinstance(node, b.Group) and GALLERY.classes[0] in node.classes:
            context.account(Outcome.SIMPLIFIED, post, node, "gallery without a list of pictures")
            return node.children
        return _fitted_node(node, destination)

    made: Post = rewrite(post, visit)
    _report_lost(made, destination, context)
    if destination == "wordpress" and not plain_text(made.body) and not _has_content(made):
        # Of an empty file it makes a post that is the head of an XML document.
        return msgspec.structs.replace(made, body=_EMPTY)
    return made


def _has_content(post: Post) -> bool:
    return any(not isinstance(node, (b.Paragraph, b.Group)) for node in walk(post.body))


def _fitted_node(node: Node, destination: Destination) -> Node:
    origin = node.origin or Origin()
    generation = ""
    data = origin.data
    match node:
        case i.Superscript() if origin.component == "FootnoteAnchorToDOM":
            # A mark without its note leads nowhere.
            origin = Origin()
            data = ""
        case b.Figure() if data:
            # WordPress's takes the picture from its data alone, and needs every key.
            data = _completed(data, image_data(node))
        case b.Gallery() if destination == "ghost" and GALLERY.data is not None:
            data = _completed(data, GALLERY.data(node))
        case b.PullQuote(children) if destination == "wordpress" and len(children) > 1:
            # It takes the text of the first paragraph alone.
            node = msgspec.structs.replace(node, children=(_as_one_paragraph(children),))
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
                given = parse(data) or {}
                bylines = given.get("publishedBylines")
                data = stringify(given | {"publishedBylines": bylines or []})
    # Forms that no template writes are old ones, or damaged; it is not known that they are read.
    fitted_origin = msgspec.structs.replace(origin, generation=generation, data=data, markup="")
    if fitted_origin == (node.origin or Origin()):
        return node
    wanted = None if fitted_origin == Origin() else fitted_origin
    return msgspec.structs.replace(node, origin=wanted)


def _completed(data: str, defaults: Data) -> str:
    return stringify({**defaults, **(parse(data) or {})})


def _as_one_paragraph(blocks: tuple[b.Block, ...]) -> b.Paragraph:
    inlines: list[i.Inline] = []
    for block in blocks:
        if inlines:
            inlines.append(i.Text(" "))
        inlines.extend(
            block.children if isinstance(block, b.Paragraph) else (i.Text(plain_text(block)),)
        )
    return b.Paragraph(tuple(inlines))


# --- what is lost -----------------------------------------------------------------------------------


def _report_lost(post: Post, destination: Destination, context: Context) -> None:
    name = _NAMES[destination]
    told: set[str] = set()
    for node in walk(post):
        lost = _lost_by_ghost(node) if destination == "ghost" else _lost_by_wordpress(node)
        if lost and lost not in told:
            told.add(lost)
            message = f"{name}'s importer {lost}"
            context.warn(Code.NODE_SIMPLIFIED, message, post, node.line, Severity.INFO)
    kind = post.metadata.kind
    if destination == "ghost" and kind == "thread":
        context.warn(Code.NODE_SIMPLIFIED, f"{name}'s importer skips threads", post)
    if destination == "wordpress" and kind in ("thread", "page"):
        message = f"{name}'s importer makes a post of a {kind}"
        context.warn(Code.NODE_SIMPLIFIED, message, post, severity=Severity.INFO)


def _lost_by_ghost(node: Node) -> str:
    match node:
        case b.Poll():
            return "leaves polls out"
        case b.Recipe():
            return "leaves recipes out"
        case b.Media():
            return "leaves recordings and films that were uploaded out"
        case b.Embed(kind="note"):
            return "leaves Substack's notes out"
        case i.Math():
            return "leaves formulas in a line out"
        case b.MathBlock():
            return "keeps formulas as HTML that nothing sets"
        case i.Highlight():
            return "takes marks from highlighted text, and the spaces around it"
    return ""


def _lost_by_wordpress(node: Node) -> str:
    match node:
        case b.PullQuote() if any(isinstance(below, i.Link) for below in walk(node)):
            return "takes links out of pull quotes"
        case b.Figure(_, caption) if any(isinstance(below, i.Link) for below in walk(caption)):
            return "takes links out of captions"
        case b.Gallery() | b.MathBlock() | b.Poll() | b.Recipe() | b.Media():
            return (
                "keeps galleries, formulas, polls, recipes and players as HTML that nothing shows"
            )
    return ""


# --- the table --------------------------------------------------------------------------------------


def fitted_row(
    row: dict[str, str], metadata: Metadata, destination: Destination, context: Context, post: Post
) -> dict[str, str]:
    """The row of a post as the destination must have it to keep private what is private."""
    audience = metadata.audience
    if destination == "ghost":
        # It decodes entities in both.
        row = row | {name: _without_entities(row[name]) for name in ("title", "subtitle")}
        if audience not in _KNOWN_TO_GHOST:
            message = (
                f"audience {audience!r} written as only_paid: "
                "Ghost knows no other that is not public"
            )
            context.warn(Code.NODE_SIMPLIFIED, message, post)
            row = row | {"audience": "only_paid"}
    if destination == "wordpress":
        if audience not in _PUBLIC and row["is_published"] == "true":
            message = f"written as a draft: WordPress would publish it, and it is for {audience}"
            context.warn(Code.NODE_SIMPLIFIED, message, post)
            row = row | {"is_published": "false"}
        # It reads the subtitle as HTML.
        row = row | {"subtitle": _without_entities(row["subtitle"]).replace("<", "&lt;")}
    return row


def _without_entities(text: str) -> str:
    """``text`` so that whoever decodes entities in it has it as it is."""
    return _ENTITY.sub("&amp;", text)
