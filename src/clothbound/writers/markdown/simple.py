"""Makes posts of nodes that every dialect of Markdown has, for readers that know no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ...model import blocks as b
from ...model import inlines as i
from ...model.check import canonical
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Post
from ...model.walk import rewrite


def simple_post(post: Post) -> Post:
    """Returns ``post`` without ids, classes and attributes, and with text, quotations, lists and links
    in place of boxes, galleries, embeds and what else Markdown has no mark for.

    All words, pictures, notes and addresses are kept; marks such as underlining are not.
    """
    return canonical(rewrite(post, _visit))


def _visit(given: Node) -> Node | Iterable[Node]:  # noqa: C901, PLR0912 - match dispatch
    node = given
    if node.id or node.classes or node.attributes or node.origin:
        node = msgspec.structs.replace(node, id="", classes=(), attributes=(), origin=None)
    match node:
        case i.Span(children) | i.Underline(children) | i.Highlight(children):
            return children
        case i.Mention(children, href):
            return i.Link(children, href) if href else children
        case b.Verse(children):
            return b.Paragraph(children)
        case b.PullQuote(children):
            return b.Quote(children)
        case b.Callout(children, title):
            words = title or ((i.Text(node.kind.capitalize()),) if node.kind else ())
            return b.Quote((*_strong(words), *children))
        case b.Group(children) | b.Conditional(children):
            return children
        case b.Extension():
            return node.fallback
        case b.Gallery(figures, caption):
            return (*figures, *_words(caption))
        case b.Figure(image, caption, href):
            picture = i.Link((image,), href) if href else image
            repeats = plain_text(caption) == image.alt
            return (b.Paragraph((picture,)), *(() if repeats else _words(caption)))
        case b.DefinitionList(items):
            return [block for item in items for block in _definition(item)]
        case b.Embed():
            return _embed(node)
        case b.Media(_, src, _, caption):
            return (*_words(caption), *_line("", src))
        case b.FileDownload(src, name, size):
            return (*_line(name, src), *_line(size))
        case b.Button(label, href):
            return _line(label, href)
        case b.SubscribeForm(text, label):
            return (*_line(text), *_line(label))
        case b.PaywallBreak():
            return ()
        case b.Poll(question, options, href):
            return (*_line(question, href), *_list(options))
        case b.Recipe(title, ingredients, steps, href):
            return (*_line(title, href), *_list(ingredients), *_list(steps, ordered=True))
    return node


def _embed(node: b.Embed) -> Iterator[b.Block]:
    yield from _line(node.title or node.provider, node.href)
    if node.text and node.kind == "gist":
        yield b.CodeBlock(node.text)
    elif node.text:
        paragraphs = (
            b.Paragraph((i.Text(line),)) for line in node.text.split("\n") if line.strip()
        )
        yield b.Quote(tuple(paragraphs))
    yield from _line(", ".join(filter(None, (node.author, node.date))))


def _definition(item: b.DefinitionItem) -> Iterator[b.Block]:
    yield from _strong(item.term)
    for definition in item.definitions:
        yield from definition


def _words(inlines: tuple[i.Inline, ...]) -> tuple[b.Paragraph, ...]:
    return (b.Paragraph(inlines),) if inlines else ()


def _strong(inlines: tuple[i.Inline, ...]) -> tuple[b.Paragraph, ...]:
    return (b.Paragraph((i.Strong(inlines),)),) if inlines else ()


def _line(words: str, href: str = "") -> tuple[b.Paragraph, ...]:
    """Returns a paragraph of plain words, or of a link; nothing if both are empty."""
    text = i.Text(words or href)
    if not text.text:
        return ()
    return (b.Paragraph((i.Link((text,), href) if href else text,)),)


def _list(texts: Iterable[str], *, ordered: bool = False) -> tuple[b.List, ...]:
    items = tuple(b.ListItem((b.Paragraph((i.Text(text),)),)) for text in texts)
    return (b.List(items, ordered),) if items else ()
