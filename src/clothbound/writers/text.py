"""Writes plain text. This is the shortest writer, and the one to copy for a new format.

A writer is an object with six attributes and a ``write`` method; nothing is inherited. It returns
an ``Artifact``, which makes the product when it is saved. One ``match`` over the blocks and one
over the inlines end in ``assert_never``: a new kind of node does not type-check until it is written
here. Losses are reported through ``context.account``.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable
from typing import Annotated, ClassVar, assert_never

from ..artifact import Artifact
from ..context import Context
from ..diagnostics import Outcome, fallback_message, raw_message
from ..fields import Field
from ..formats import Produces, WriterOptions
from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.collection import Collection
from ..model.losses import FORM_LEFT_OUT, POLL_AS_LIST, written_for_all
from ..model.post import Post
from ..naming import file_names
from ..title_text import plain_title

_WORD = lazy_pattern(r"\w*")
_NOT_WORDS = lazy_pattern(
    r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)|</?[A-Za-z][^<>]*>", re.I | re.S
)


class PlainText(WriterOptions, frozen=True, kw_only=True):
    """Options for writing plain text."""

    format: ClassVar[str] = "text"
    width: Annotated[
        int, Field(help="The number of characters in a line; 0 writes each paragraph on one line.")
    ] = 0


class TextWriter:
    """Writes posts as plain text; see the module."""

    extension = ".txt"
    media_type = "text/plain"
    options_type = PlainText
    produces: Produces = "page"
    public = False
    transforms: tuple[str, ...] = ("footnotes",)

    def write(self, collection: Collection, options: PlainText, context: Context) -> Artifact:
        names = file_names(collection.index)
        return Artifact.of_pages(
            report=context.report,
            names={f"{names[m.key]}.txt": m.source for m in collection.index},
            make=lambda position: _page(collection[position], options, context),
        )


def _page(post: Post, options: PlainText, context: Context) -> bytes:
    metadata = post.metadata
    date = metadata.published.day if metadata.published else ""
    by = ", ".join(filter(None, (*metadata.authors, date)))
    page = _Page(post, options, context)
    title, subtitle = map(plain_title, (metadata.title, metadata.subtitle))
    parts = [title, subtitle, by, page.blocks(post.body), page.notes()]
    return ("\n\n".join(filter(None, parts)) + "\n").encode("utf-8", "replace")


def body_text(post: Post, context: Context) -> str:
    """Returns the text and the notes of a post, without its head, and reports its losses."""
    page = _Page(post, PlainText(), context)
    return "\n\n".join(filter(None, (page.blocks(post.body), page.notes())))


class _Page:
    def __init__(self, post: Post, options: PlainText, context: Context) -> None:
        self.post = post
        self.width = options.width
        self.context = context
        self.numbers = {note.id: number for number, note in enumerate(post.footnotes, 1)}

    def notes(self) -> str:
        notes = (
            f"[{n}] {self.blocks(note.children)}" for n, note in enumerate(self.post.footnotes, 1)
        )
        return "\n\n".join(notes)

    def simplify(self, node: b.Block | i.Inline, message: str) -> None:
        self.context.account(Outcome.SIMPLIFIED, self.post, node, message)

    def blocks(self, nodes: Iterable[b.Block]) -> str:
        return "\n\n".join(filter(None, (self.block(node) for node in nodes)))

    def block(self, node: b.Block) -> str:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case b.Paragraph(children):
                return self.fill(self.inlines(children))
            case b.Heading(children):
                return self.inlines(children)
            case b.List(items, ordered, start):
                marks = (f"{n}." if ordered else "-" for n in range(start, start + len(items)))
                return "\n".join(
                    self.item(item, mark) for item, mark in zip(items, marks, strict=True)
                )
            case b.Quote(children) | b.PullQuote(children):
                return textwrap.indent(self.blocks(children), "    ")
            case b.CodeBlock(text) | b.MathBlock(text):
                return textwrap.indent(text, "    ")
            case b.Verse(children):
                return textwrap.indent(self.inlines(children), "    ")
            case b.Figure(image, caption, href):
                return "\n".join(filter(None, (self.inline(image), self.inlines(caption), href)))
            case b.Gallery(figures, caption):
                return "\n\n".join(filter(None, (self.blocks(figures), self.inlines(caption))))
            case b.Table(head, rows, _, caption):
                self.simplify(node, "a table was written as lines")
                lines = (
                    " | ".join(self.inlines(cell.children) for cell in row)
                    for row in (*head, *rows)
                )
                return "\n".join((*lines, *filter(None, [self.inlines(caption)])))
            case b.DefinitionList(items):
                return "\n\n".join(self.definition(item) for item in items)
            case b.ThematicBreak():
                return "* * *"
            case b.Callout(children, title):
                return "\n\n".join(filter(None, (self.inlines(title), self.blocks(children))))
            case b.Group(children):
                return self.blocks(children)
            case b.Conditional(children, audiences):
                self.simplify(node, written_for_all(audiences))
                return self.blocks(children)
            case b.Embed(_, href, provider, title, text, author, date):
                self.simplify(node, f"{node.kind} was written as its text and address")
                return "\n".join(filter(None, (title, text, author, date, provider, href)))
            case b.Media(kind, src, _, caption):
                self.simplify(node, f"{kind} was written as its address")
                return "\n".join(filter(None, (self.inlines(caption), src)))
            case b.FileDownload(src, name, size):
                return "\n".join(filter(None, (name, size, src)))
            case b.Button(label, href):
                return "\n".join(filter(None, (label, href)))
            case b.SubscribeForm(text, label):
                self.context.account(Outcome.CHROME, self.post, node, FORM_LEFT_OUT)
                return ""
            case b.PaywallBreak():
                self.context.account(Outcome.CHROME, self.post, node, "a paywall was not marked")
                return ""
            case b.Poll(question, options, href):
                self.simplify(node, POLL_AS_LIST)
                return "\n".join(filter(None, (question, *(f"- {o}" for o in options), href)))
            case b.Recipe(title, ingredients, steps, href):
                needed = (f"- {ingredient}" for ingredient in ingredients)
                return "\n".join(filter(None, (title, *needed, *steps, href)))
            case b.RawBlock(form, text):
                return self.raw(node, form, text)
            case b.Extension(name, _, fallback):
                self.simplify(node, fallback_message(name))
                return self.blocks(fallback)
            case _:
                assert_never(node)

    def item(self, item: b.ListItem, mark: str) -> str:
        box = {None: "", True: "[x] ", False: "[ ] "}[item.checked]
        indent = " " * (len(mark) + 1)
        return f"{mark} {textwrap.indent(box + self.blocks(item.children), indent).strip()}"

    def definition(self, item: b.DefinitionItem) -> str:
        texts = [textwrap.indent(self.blocks(d), "    ") for d in item.definitions]
        return "\n".join((self.inlines(item.term), *texts))

    def fill(self, text: str) -> str:
        if not self.width:
            return text
        return "\n".join(textwrap.fill(line, self.width) for line in text.split("\n"))

    def raw(self, node: b.RawBlock | i.RawInline, form: str, text: str) -> str:
        if form == "text":
            return text
        if form == "html":
            words = html.unescape(_NOT_WORDS.sub("", text)).strip()
            if words or isinstance(node, b.RawBlock):
                self.simplify(node, "raw HTML was written as its words")
            return words
        self.context.account(Outcome.DROPPED, self.post, node, raw_message(form))
        return ""

    def inlines(self, nodes: Iterable[i.Inline]) -> str:
        parts: list[str] = []
        address = ""
        for node in nodes:
            text = self.inline(node)
            if address:
                # The rest of a word that begins with a link precedes the link's address.
                rest = _WORD.match(text)
                end = rest.end() if rest is not None else 0
                parts += [text[:end], address]
                text, address = text[end:], ""
            parts.append(text)
            if isinstance(node, i.Link) and not node.href.startswith("#"):
                address = f" <{node.href}>" if node.href not in (text, "") else ""
        return "".join([*parts, address])

    def inline(self, node: i.Inline) -> str:
        match node:
            case i.Text(text) | i.Code(text) | i.Math(text):
                return text
            case (
                i.Emphasis(children)
                | i.Strong(children)
                | i.Strikethrough(children)
                | i.Underline(children)
                | i.Superscript(children)
                | i.Subscript(children)
                | i.Highlight(children)
                | i.Span(children)
                | i.Mention(children)
                | i.Link(children)
            ):
                return self.inlines(children)
            case i.LineBreak():
                return "\n"
            case i.NoteRef(target):
                return f"[{self.numbers.get(target, target)}]"
            case i.Image(src, alt):
                self.simplify(node, "a picture was written as its description")
                return f"[picture: {alt or src}]"
            case i.RawInline(form, text):
                return self.raw(node, form, text)
            case _:
                assert_never(node)


WRITER = TextWriter()
