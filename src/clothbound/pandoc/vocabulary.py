"""How nodes that pandoc does not have are written as its divs and spans, and recognized again.

Such a div has a class by which filters and style sheets find it (``embed``), and the attribute
``clothbound`` with the type of the node (``Embed``), by which the reader knows it from another
program's div of the same class. Fields that are not words are further attributes; those that are
words are the text of spans, or the items of lists, whose class is the field's name.
"""

from __future__ import annotations

import contextlib
import typing
from collections.abc import Iterable
from typing import Any

import msgspec

from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node
from . import ast as p

MARK = "clothbound"
"""The attribute that marks what clothbound wrote: its value is a node's type, or one of these."""
FIELD = "field"
"""Marks the words of a field; the class is the field's name."""
LABEL = "label"
"""Marks words that are not the post's, such as the name of a service or "Warning"."""
NOTE = "note"
"""Marks the first mark of a note that has several, and links from the others to it."""
FOOTNOTE = "Footnote"
"""Marks a note that no mark in the text holds."""
POST = "Post"
"""Marks the heading with which a post begins."""
LANGUAGE = "Language"
"""Marks blocks of a post in another language than that of the book."""
PART = "Part"
"""Marks the heading with which a part of a book begins."""

CLASSES: dict[type[Node], str] = {
    b.PullQuote: "pull-quote",
    b.Gallery: "gallery",
    b.Callout: "callout",
    b.Embed: "embed",
    b.Media: "media",
    b.FileDownload: "file-download",
    b.Button: "button",
    b.SubscribeForm: "subscribe-form",
    b.PaywallBreak: "paywall",
    b.Poll: "poll",
    b.Recipe: "recipe",
    b.Conditional: "conditional",
    i.Mention: "mention",
}
"""The class of each kind of node that is written as a div, or as a span or link."""
KINDS = {kind.__name__: kind for kind in CLASSES}
"""The kinds, by the value of ``MARK``."""

WORDS: dict[type[Node], tuple[str, ...]] = {
    b.Embed: ("title", "text", "author", "date"),
    b.FileDownload: ("name", "size"),
    b.Button: ("label",),
    b.SubscribeForm: ("text", "label"),
    b.Poll: ("question", "options"),
    b.Recipe: ("title", "ingredients", "steps"),
}
"""The fields whose words are shown."""
LISTS = frozenset({"options", "ingredients", "steps"})
"""Those of them that hold several texts, which are shown as a list."""
VALUES: dict[type[Node], tuple[str, ...]] = {
    b.Callout: ("kind",),
    b.Embed: ("kind", "href", "provider", "thumbnail"),
    b.Media: ("kind", "src", "poster", "duration"),
    b.FileDownload: ("src",),
    b.Button: ("href", "action"),
    b.Poll: ("href",),
    b.Recipe: ("href",),
    b.Conditional: ("audiences",),
}
"""The fields that are attributes; a tuple is joined by commas."""


def attr_of(node: Node, *, mark: bool = False) -> p.Attr:
    """Returns a node's id, classes and attributes; with ``mark``, those by which it is recognized."""
    if not mark:
        return node.id, node.classes, node.attributes
    kind = type(node)
    pairs = [(MARK, kind.__name__)]
    for name in VALUES.get(kind, ()):
        value = getattr(node, name)
        if value:
            pairs.append((name, ",".join(value) if isinstance(value, tuple) else str(value)))
    return node.id, (CLASSES[kind], *node.classes), (*pairs, *node.attributes)


def mark_of(attr: p.Attr) -> str:
    """Returns the value of ``MARK``; empty if there is none."""
    return next((value for name, value in attr[2] if name == MARK), "")


def values_of(kind: type[Node], attr: p.Attr) -> dict[str, Any]:
    """Returns the fields of a node of ``kind`` that are in the attributes of its div, and what is
    common to all nodes. Values that cannot be a field's are left out.
    """
    types = {field.name: field.type for field in msgspec.structs.fields(kind)}
    names = VALUES.get(kind, ())
    found: dict[str, Any] = {}
    rest = []
    for name, value in attr[2]:
        if name in names:
            given = value.split(",") if typing.get_origin(types[name]) is tuple else value
            with contextlib.suppress(msgspec.ValidationError):
                found[name] = msgspec.convert(given, types[name], strict=False)
        elif name != MARK:
            rest.append((name, value))
    classes = tuple(name for name in attr[1] if name != CLASSES[kind])
    return {**found, "id": attr[0], "classes": classes, "attributes": tuple(rest)}


def field_span(name: str, text: str) -> p.Span:
    """Returns the words of a field."""
    return p.Span((("", (name,), ((MARK, FIELD),)), p.to_inlines(text)))


def field_list(name: str, texts: Iterable[str], *, ordered: bool = False) -> p.Div:
    """Returns the words of a field that holds several texts."""
    items = tuple((p.Plain(p.to_inlines(text)),) for text in texts)
    numbers = (1, p.Name("Decimal"), p.Name("Period"))
    content: p.Block = p.OrderedList((numbers, items)) if ordered else p.BulletList(items)
    return p.Div((("", (name,), ((MARK, FIELD),)), (content,)))


def label(*inlines: p.Inline) -> p.Span:
    """Returns words that are not the post's."""
    return p.Span((("", (LABEL,), ((MARK, LABEL),)), inlines))


class FieldsOf(msgspec.Struct):
    """The words of a div's fields, and whether the div holds words besides."""

    words: dict[str, str | tuple[str, ...]] = {}
    has_others: bool = False

    def add_blocks(self, blocks: Iterable[p.Block]) -> None:
        for block in blocks:
            match block:
                case p.Plain(c=inlines) | p.Para(c=inlines):
                    self._add_inlines(inlines)
                case p.BlockQuote(c=inner):
                    self.add_blocks(inner)
                case p.CodeBlock(c=(attr, text)) if mark_of(attr) == FIELD:
                    self.words[attr[1][0] if attr[1] else ""] = text
                case p.Div(c=(attr, inner)) if mark_of(attr) == FIELD and attr[1]:
                    self._add_list(attr[1][0], inner)
                case _:
                    self.has_others = True

    def _add_inlines(self, inlines: Iterable[p.Inline]) -> None:
        for node in inlines:
            match node:
                case p.Span(c=(attr, inner)) if mark_of(attr) == FIELD and attr[1]:
                    self.words[attr[1][0]] = text_of(inner)
                case p.Span(c=(attr, _)) if mark_of(attr) == LABEL:
                    pass
                case p.Link(c=(_, inner, _)):
                    self._add_inlines(inner)
                case p.Space() | p.SoftBreak() | p.LineBreak():
                    pass
                case _:
                    self.has_others = True

    def _add_list(self, name: str, blocks: tuple[p.Block, ...]) -> None:
        for block in blocks:
            match block:
                case p.BulletList(c=items) | p.OrderedList(c=(_, items)):
                    texts = tuple("\n".join(map(_text_of_block, item)) for item in items)
                    self.words[name] = texts
                case _:
                    self.has_others = True


def _text_of_block(block: p.Block) -> str:
    return text_of(block.c) if isinstance(block, (p.Plain, p.Para)) else ""


def text_of(inlines: Iterable[p.Inline]) -> str:
    """Returns the words of inlines, without those of notes; a hard break is a line ending."""
    parts: list[str] = []
    for node in inlines:
        match node:
            case p.Str(c=text):
                parts.append(text)
            case p.Space() | p.SoftBreak():
                parts.append(" ")
            case p.LineBreak():
                parts.append("\n")
            case p.Code(c=(_, text)) | p.Math(c=(_, text)):
                parts.append(text)
            case p.Quoted(c=(kind, inner)):
                parts.extend(in_quotes(kind, text_of(inner)))
            case p.Cite(c=(_, inner)) | p.Span(c=(_, inner)):
                parts.append(text_of(inner))
            case p.Link(c=(_, inner, _)) | p.Image(c=(_, inner, _)):
                parts.append(text_of(inner))
            case p.Note() | p.RawInline():
                pass
            case _:
                parts.append(text_of(node.c))
    return "".join(parts)


def in_quotes(kind: p.Name, text: str) -> tuple[str, str, str]:
    """Returns a text between the quotation marks of a ``Quoted``, as pandoc's own writers set them."""
    first, last = ("\u2018", "\u2019") if kind.t == "SingleQuote" else ("\u201c", "\u201d")
    return first, text, last
