"""Writes what only web pages have (embeds, players, polls ...) as divs of words and links."""

from __future__ import annotations

from ...html.write.cards import player_label, source_label
from ...model import blocks as b
from ...model.losses import POLL_AS_LIST
from ...pandoc import ast as p
from ...pandoc.vocabulary import FIELD, MARK, field_list, field_span, label
from ...web.addresses import last_segment, trim_address
from .inlines import InlineWriter

_BETWEEN = " \N{MIDDLE DOT} "


def write_card(
    writer: InlineWriter, node: b.Embed | b.FileDownload | b.Button, language: str
) -> p.Div:
    """Returns an embed, a file or a button."""
    match node:
        case b.Embed():
            content = _embed(writer, node, language)
        case b.FileDownload(src, name, size):
            words = field_span("name", name) if name else _label(last_segment(src) or src)
            parts = [*_linked(writer, words, src)]
            parts += [p.Space(), field_span("size", size)] if size else []
            content = [p.Para(tuple(parts))]
        case b.Button(text, href):
            content = [p.Para(_linked(writer, field_span("label", text), href))]
    return p.Div((writer.attr(node, mark=True), tuple(content)))


def write_subscribe_form(writer: InlineWriter, node: b.SubscribeForm) -> p.Div:
    words = [
        field_span(name, text)
        for name, text in (("text", node.text), ("label", node.label))
        if text
    ]
    content = [p.Para((word,)) for word in words]
    return p.Div((writer.attr(node, mark=True), tuple(content)))


def write_player(
    writer: InlineWriter, node: b.Media, caption: tuple[p.Block, ...], language: str
) -> p.Div:
    """Returns a recording: its caption and its address."""
    writer.simplify(node, f"{node.kind} was written as a link")
    name = player_label(node, language)
    content = [*caption]
    if node.src:
        line = (_label(f"{name}: "), *_linked(writer, _label(trim_address(node.src)), node.src))
    else:
        line = (_label(name),)
    content.append(p.Para(line))
    return p.Div((writer.attr(node, mark=True), tuple(content)))


def write_poll(writer: InlineWriter, node: b.Poll) -> p.Div:
    writer.simplify(node, POLL_AS_LIST)
    content = _title(writer, "question", node.question, node.href)
    if node.options:
        content.append(field_list("options", node.options))
    return p.Div((writer.attr(node, mark=True), tuple(content)))


def write_recipe(writer: InlineWriter, node: b.Recipe) -> p.Div:
    content = _title(writer, "title", node.title, node.href)
    if node.ingredients:
        content.append(field_list("ingredients", node.ingredients))
    if node.steps:
        content.append(field_list("steps", node.steps, ordered=True))
    return p.Div((writer.attr(node, mark=True), tuple(content)))


def _embed(writer: InlineWriter, node: b.Embed, language: str) -> list[p.Block]:
    writer.simplify(node, f"{node.provider or node.kind} embed was written as its text with a link")
    content: list[p.Block] = []
    if node.title:
        content.append(p.Para(_linked(writer, field_span("title", node.title), node.href)))
    if node.text and node.kind == "gist":
        content.append(p.CodeBlock((("", ("text",), ((MARK, FIELD),)), node.text)))
    elif node.text:
        content.append(p.BlockQuote((p.Para((field_span("text", node.text),)),)))
    line: list[p.Inline] = []
    for name, text in (("author", node.author), ("date", node.date)):
        if text:
            line += [_label(_BETWEEN)] if line else []
            line.append(field_span(name, text))
    if line:
        content.append(p.Para(tuple(line)))
    source = source_label(node, language)
    shown = source if content else f"{source}: {trim_address(node.href)}"
    content.append(p.Para(_linked(writer, _label(shown if node.href else source), node.href)))
    return content


def _title(writer: InlineWriter, field: str, text: str, href: str) -> list[p.Block]:
    """Returns the first line of a poll or recipe: its words, else its address, else nothing."""
    if not text and not href:
        return []
    words = field_span(field, text) if text else _label(trim_address(href))
    return [p.Para(_linked(writer, words, href))]


def _linked(writer: InlineWriter, words: p.Span, href: str) -> tuple[p.Inline, ...]:
    return writer.link(p.NO_ATTR, (words,), href)


def _label(text: str) -> p.Span:
    return label(*p.to_words(text))
