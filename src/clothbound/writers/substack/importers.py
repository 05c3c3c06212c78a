"""Adapts posts to the importers of other services, and reports what these lose.

Ghost's migration tool aborts the whole run at a link without an address, a gallery, a tweet or an
old picture without data, a digest without ``publishedBylines`` or a logo, and an embedded post with
entities in its text. It makes a post public if it does not know its audience, and discards a first
block that shows a picture, since it uses the picture as the cover. WordPress's plug-in splits
posts.csv at line ends, takes pictures and embeds only from ``data-attrs``, knows only the first
form of code, and publishes every post whatever its audience.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from ...context import Context
from ...diagnostics import DiagnosticCode, Outcome, Severity
from ...escape import safe_href
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.collection import Collection
from ...model.node import Node, Origin
from ...model.plain_text import plain_text
from ...model.post import Post
from ...model.publication import EVERYONE, PAYERS
from ...model.walk import rewrite, walk
from ...substack.component_lookup import component_of
from ...substack.component_spec import Component
from ...substack.data_attrs import Data, parse, stringify
from ...substack.loose_marks import is_loose_mark
from ...substack.pictures import GALLERY, image_data

Importer: TypeAlias = Literal["substack", "ghost", "wordpress"]

_NAMES = {"ghost": "Ghost", "wordpress": "WordPress"}
_KNOWN_TO_GHOST = frozenset({"", EVERYONE, PAYERS, "only_free"})
_PUBLIC = frozenset({"", EVERYONE})
_ENTITY = lazy_pattern(r"&(?=#?\w+;)")
_MAY_BE_ENTITY = lazy_pattern(r"&#?\w")
"""Matches anything that may be decoded as an entity; some are decoded without their semicolon."""
_EMPTY = (b.Paragraph((i.Text("\u00a0"),)),)
_COMPONENTS = frozenset(
    "tweet instagram youtube-wrap spotify-wrap soundcloud-wrap vimeo-wrap bandcamp-wrap github-gist "
    "tiktok-wrap image3 image-gallery-embed captioned-image-container footnote digest-post-embed "
    "embedded-post-wrap file-embed-wrapper".split()
)
"""Classes that make the importers read an element's data or certain descendants."""
_UNSEEN = {
    "substack": frozenset[str](),
    "ghost": frozenset(
        "comment community-post community-chat polymarket-embed embedded-publication-wrap".split()
    ),
    "wordpress": frozenset(
        "comment community-post community-chat polymarket-embed digest-post-embed".split()
    ),
}
"""Embeds that appear empty, since the importer does not read their data. Ghost's importer joins all
words of a publication's card into one."""
_ADDRESSED = frozenset({"spotify-wrap", "soundcloud-wrap", "tiktok-wrap", "tweet", "twitter-embed"})
"""Embeds that WordPress's importer makes from the ``url`` in their data."""
_SHOWS_PICTURE = (i.Image, b.Gallery, b.Embed, b.FileDownload)
"""Nodes whose markup contains, or may contain, an ``img``."""


def fit_to_importer(post: Post, destination: Importer, context: Context) -> Post:
    """Writes every component of ``post`` in the form that the destination reads.

    What its importer will still lose is reported.
    """
    if destination == "substack":
        return post

    def visit(node: Node) -> Node | tuple[Node, ...]:
        replaced = _replace_node(node, destination)
        if replaced is None:
            return _fit_node(node, destination)
        outcome, message, nodes = replaced
        if message:
            context.account(outcome, post, node, message)
        return nodes

    fitted: Post = rewrite(post, visit)
    _report_lost(post, destination, context)
    first = next((block for block in fitted.body if not _is_taken_away(block)), None)
    if destination == "ghost" and first is not None and _is_thrown_away_first(first):
        return msgspec.structs.replace(fitted, body=(b.Group(()), *fitted.body))
    if destination == "wordpress" and not plain_text(fitted.body) and not _has_content(fitted):
        # The importer turns an empty file into a post that shows the head of an XML document.
        return msgspec.structs.replace(fitted, body=_EMPTY)
    return fitted


def _has_content(post: Post) -> bool:
    return any(not isinstance(node, (b.Paragraph, b.Group)) for node in walk(post.body))


def _is_taken_away(block: b.Block) -> bool:
    """Whether Ghost's tool removes a block before it looks for the first one: a blank paragraph, or
    the paywall.
    """
    if isinstance(block, b.Paragraph):
        return all(isinstance(node, i.Text) and not node.text.strip() for node in block.children)
    return isinstance(block, b.PaywallBreak)


def _is_thrown_away_first(block: b.Block) -> bool:
    """Whether Ghost's tool uses a picture of the block as the cover and discards the rest."""
    if isinstance(block, b.Figure) and safe_href(block.image.src):
        return False
    return any(isinstance(node, _SHOWS_PICTURE) for node in walk(block))


# --- what no importer sees --------------------------------------------------------------------------

_Replaced: TypeAlias = tuple[Outcome, str, tuple[Node, ...]]
"""The outcome for a node, the message (empty if nothing is lost), and its replacement."""


def _replace_node(node: Node, destination: Importer) -> _Replaced | None:
    """Replaces a node that the importer drops or fails on; None if it can stay."""
    match node:
        case b.Button(label, href) if "%%" in href or not safe_href(href):
            # Only Substack's own mailer replaces placeholders in %%.
            message = f"{node.action or 'plain'} button was left out: {label[:60]!r}"
            return Outcome.CHROME, message, ()
        case b.Group() if found := _COMPONENTS.intersection(node.classes):
            message = f"{min(found)} has no data; its content was kept"
            return Outcome.SIMPLIFIED, message, node.children
        case i.Span(children) if "image-link" in node.classes:
            # Ghost's importer fails on the link without an address around an old picture.
            return Outcome.SIMPLIFIED, "", children
        case i.Link(children, href) if destination == "ghost" and not safe_href(href):
            return Outcome.SIMPLIFIED, "a link without an address was written as its text", children
        case i.Mention(children, href):
            # Importers do not read the data, which alone contain the name.
            named = (i.Link(children, href),) if safe_href(href) else children
            return Outcome.SIMPLIFIED, "", named
        case i.Highlight(children) if destination == "ghost":
            # Ghost's importer removes the mark together with the spaces around it.
            return Outcome.SIMPLIFIED, "highlighted text was written without its mark", children
        case b.MathBlock(tex):
            words = (b.Paragraph((i.Text(f"$${tex}$$"),)),)
            return Outcome.SIMPLIFIED, "a formula was written as its TeX", words
        case b.Gallery(figures, caption) if destination == "wordpress":
            below = (b.Paragraph(caption),) if caption else ()
            return (
                Outcome.SIMPLIFIED,
                "a gallery was written as single pictures",
                (*figures, *below),
            )
        case b.Embed() if _is_unseen(node, destination):
            message = f"{node.kind} was written as a quote with its link"
            return Outcome.SIMPLIFIED, message, _quote_card(node)
    return None


def _is_unseen(node: b.Embed, destination: Importer) -> bool:
    if node.kind in ("tweet", "post", "publication") and not safe_href(node.href):
        return True
    found = component_of(node)
    return found is not None and bool(_UNSEEN[destination].intersection(found.classes))


def _quote_card(node: b.Embed) -> tuple[b.Block, ...]:
    """Writes the captured text of an embed as a quote with a link."""
    name = ", ".join(filter(None, (node.author, node.title, node.date))) or node.href
    link: tuple[i.Inline, ...] = (i.Text(name),)
    if safe_href(node.href):
        link = (i.Link(link, node.href),)
    lines = ((i.Text(node.text),) if node.text else (), link if name else ())
    paragraphs = tuple(b.Paragraph(line) for line in lines if line)
    return (b.Quote(paragraphs),) if paragraphs else ()


# --- the forms that importers read ------------------------------------------------------------------


def _fit_node(node: Node, destination: Importer) -> Node:
    """Returns ``node`` in the generation, and with the data, that the importer reads."""
    old = node.origin or Origin()
    # A mark without its note leads nowhere. A formula without its origin is written as TeX between
    # dollars, which themes and readers recognize.
    if is_loose_mark(node) or isinstance(node, i.Math):
        origin = Origin()
    else:
        # Markup that no template writes is old or damaged; importers may be unable to read it.
        generation, data = _fit_generation(node, destination), _fit_data(node, destination)
        origin = msgspec.structs.replace(old, generation=generation, data=data, markup="")
    changes = _fit_fields(node, destination)
    if origin != old:
        changes["origin"] = None if origin == Origin() else origin
    return msgspec.structs.replace(node, **changes) if changes else node


def _fit_generation(node: Node, destination: Importer) -> str:
    match node:
        case b.CodeBlock() if destination == "wordpress" or not node.language:
            return "pre code"
        case b.Verse():
            # The hidden label would appear in the poem.
            return "unlabelled"
        case b.Embed(kind="tweet"):
            # Neither importer reads the text of a tweet from its data.
            return "tweet"
        case b.SubscribeForm() if destination == "wordpress":
            return "subscription-widget-wrap"
    return ""


def _fit_data(node: Node, destination: Importer) -> str:
    data = node.origin.data if node.origin is not None else ""
    match node:
        case b.Figure() if data:
            # WordPress's importer takes the picture only from its data, and needs every key.
            return _complete_data(data, image_data(node))
        case b.Gallery() if destination == "ghost" and GALLERY.data is not None:
            return _complete_data(data, GALLERY.data(node))
        case b.Embed(kind="tweet"):
            return _complete_data(data, {"url": node.href}) if data else ""
        case b.Embed() if (component := component_of(node)) is not None:
            return _fit_embed_data(node, component, destination)
    return data


def _fit_embed_data(node: b.Embed, component: Component, destination: Importer) -> str:
    data = node.origin.data if node.origin is not None else ""
    if node.kind == "post" and component.data:
        if "digest-post-embed" in component.classes:
            # Ghost's importer fails on a digest without these.
            bylines = component.data.get("publishedBylines") or []
            logo = component.data.get("publication_logo_url") or ""
            needed = {"publishedBylines": bylines, "publication_logo_url": logo}
            return stringify(component.data | needed)
        return stringify(_escape_twice(component.data)) if destination == "ghost" else data
    is_addressed = bool(_ADDRESSED.intersection(component.classes))
    if destination == "wordpress" and data and is_addressed:
        return _complete_data(data, {"url": node.href})
    return data


def _fit_fields(node: Node, destination: Importer) -> dict[str, Any]:
    """Returns the changes to fields that the importer needs."""
    match node:
        case i.Image(_, alt, title) if title and not alt:
            # Neither importer reads the title, which is the only text of the oldest pictures.
            return {"alt": title}
        case b.PullQuote(children) if destination == "wordpress" and len(children) > 1:
            # The importer reads only the text of the first paragraph.
            return {"children": (_join_paragraphs(children),)}
        case b.Embed(kind="post") if destination == "ghost":
            component = component_of(node)
            if component is None or not component.data:
                return {}
            if "digest-post-embed" not in component.classes:
                return {name: _escape_twice(getattr(node, name)) for name in _EMBED_WORDS}
    return {}


def _complete_data(data: str, defaults: Data) -> str:
    return stringify({**defaults, **(parse(data) or {})})


_EMBED_WORDS = ("href", "provider", "title", "text", "author", "date", "thumbnail")


def _escape_twice(value: Any) -> Any:
    """Escapes texts in data so that decoding entities twice gives HTML."""
    if isinstance(value, str):
        if "<" not in value and not _MAY_BE_ENTITY.search(value):
            return value
        markup = value.replace("&", "&amp;").replace("<", "&lt;")
        return markup.replace("&", "&amp;amp;")
    if isinstance(value, list):
        return [_escape_twice(item) for item in value]
    if isinstance(value, dict):
        return {key: _escape_twice(item) for key, item in value.items()}
    return value


def _join_paragraphs(blocks: tuple[b.Block, ...]) -> b.Paragraph:
    inlines: list[i.Inline] = []
    for block in blocks:
        if inlines:
            inlines.append(i.Text(" "))
        inlines.extend(
            block.children if isinstance(block, b.Paragraph) else (i.Text(plain_text(block)),)
        )
    return b.Paragraph(tuple(inlines))


# --- what is lost -----------------------------------------------------------------------------------


def _report_lost(post: Post, destination: Importer, context: Context) -> None:
    name = _NAMES[destination]
    reported: set[str] = set()
    for node in walk(post):
        lost = _lost_by_ghost(node) if destination == "ghost" else _lost_by_wordpress(node)
        if lost and lost not in reported:
            reported.add(lost)
            message = f"{name}'s importer {lost}"
            context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, post, node.line, Severity.INFO)
    kind = post.metadata.kind
    if destination == "ghost" and post.body and isinstance(post.body[0], b.Figure):
        message = f"{name}'s importer uses the first picture of a post as its cover"
        context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, post, severity=Severity.INFO)
    if destination == "ghost" and kind == "thread":
        context.warn(DiagnosticCode.NODE_SIMPLIFIED, f"{name}'s importer skips threads", post)
    if destination == "wordpress" and kind in ("thread", "page"):
        message = f"{name}'s importer makes a post of a {kind}"
        context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, post, severity=Severity.INFO)


def _lost_by_ghost(node: Node) -> str:
    match node:
        case b.Poll():
            return "leaves polls out"
        case b.Recipe():
            return "leaves recipes out"
        case b.Media():
            return "leaves recordings and films that were uploaded out"
    return ""


def _lost_by_wordpress(node: Node) -> str:
    match node:
        case b.PullQuote() if any(isinstance(below, i.Link) for below in walk(node)):
            return "takes links out of pull quotes"
        case b.Figure(_, caption) if any(isinstance(below, i.Link) for below in walk(caption)):
            return "takes links out of captions"
        case b.Poll() | b.Recipe() | b.Media():
            return (
                "keeps polls, recipes and players of what was uploaded as HTML that nothing shows"
            )
        case b.Embed(kind="tweet"):
            return "takes the address of a tweet and leaves its words"
        case b.Button() | b.SubscribeForm():
            return "leaves buttons and subscribe forms out"
    return ""


# --- the table --------------------------------------------------------------------------------------


def fit_row(
    row: dict[str, str], destination: Importer, context: Context, post: Post
) -> dict[str, str]:
    """Adapts a post's row so that the destination publishes nothing that is private."""
    audience = row["audience"]
    has_paywall = any(isinstance(node, b.PaywallBreak) for node in walk(post.body))
    has_conditional = any(isinstance(node, b.Conditional) for node in walk(post.body))
    if destination != "substack" and row["is_published"] == "true" and has_conditional:
        message = "was written as a draft, since its text for some readers would be visible to all"
        context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, post)
        row = row | {"is_published": "false"}
    if destination == "ghost":
        # Ghost decodes entities in both.
        row = row | {name: _escape_entities(row[name]) for name in ("title", "subtitle")}
        if audience not in _KNOWN_TO_GHOST:
            message = (
                f"audience {audience!r} written as only_paid: "
                "Ghost knows no other that is not public"
            )
            context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, post)
            row = row | {"audience": PAYERS}
        elif has_paywall and audience in _PUBLIC:
            message = "written as only_paid: Ghost shows a public post whole, past its paywall"
            context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, post)
            row = row | {"audience": PAYERS}
    if destination == "wordpress":
        private = audience not in _PUBLIC or has_paywall
        if private and row["is_published"] == "true":
            who = audience if audience not in _PUBLIC else "paying readers in part"
            message = f"written as a draft: WordPress would publish it, and it is for {who}"
            context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, post)
            row = row | {"is_published": "false"}
        # WordPress reads the subtitle as HTML.
        row = row | {"subtitle": _escape_entities(row["subtitle"]).replace("<", "&lt;")}
    return row


def report_audiences(rows: Iterable[Mapping[str, str]], context: Context) -> None:
    """Reports once which posts would become public if another service imported a plain archive."""
    strange = Counter(row["audience"] for row in rows if row["audience"] not in _KNOWN_TO_GHOST)
    if strange:
        named = ", ".join(f"{who[:60]!r} ({count})" for who, count in sorted(strange.items()))
        message = (
            f"for an audience that importers of other services turn into everyone: {named}. "
            "Hint: destination=ghost makes them only_paid, destination=wordpress drafts"
        )
        context.warn(DiagnosticCode.PUBLICATION_STATE, message)


def report_unlisted(collection: Collection, context: Context) -> None:
    """Reports once how many unlisted posts would be listed."""
    number = sum(m.verdict(context.moment).is_unlisted for m in collection.index)
    if number:
        message = f"unlisted posts, a state that archives and their importers do not know: {number}"
        context.warn(DiagnosticCode.PUBLICATION_STATE, message)


def _escape_entities(text: str) -> str:
    """Escapes entities in ``text`` so that decoding restores it."""
    return _ENTITY.sub("&amp;", text)
