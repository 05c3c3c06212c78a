"""Flattens blocks to inlines, for places that hold only inlines: cells, headings, captions."""

from __future__ import annotations

from collections.abc import Iterable

from . import blocks as b
from . import inlines as i
from .check import canonical_inlines
from .plain_text import plain_text


def flatten_blocks(blocks: Iterable[b.Block]) -> tuple[i.Inline, ...]:
    """Returns the content of ``blocks`` as inlines, with a hard break between two blocks."""
    result: list[i.Inline] = []
    for block in blocks:
        part = _flatten(block)
        if result and part:
            result.append(i.LineBreak())
        result.extend(part)
    return canonical_inlines(result)


def _flatten(block: b.Block) -> tuple[i.Inline, ...]:  # noqa: C901, PLR0912 - match dispatch
    match block:
        case b.Paragraph(children) | b.Heading(children) | b.Verse(children):
            if block.classes or block.attributes or block.id:
                return (
                    i.Span(
                        children,
                        id=block.id,
                        classes=block.classes,
                        attributes=block.attributes,
                        line=block.line,
                    ),
                )
            return children
        case b.Figure(image, caption, href):
            picture: i.Inline = i.Link((image,), href) if href else image
            return (picture, i.LineBreak(), *caption) if caption else (picture,)
        case b.Gallery(figures, caption):
            return flatten_blocks((*figures, b.Paragraph(caption)))
        case b.Group(children) | b.Quote(children) | b.PullQuote(children):
            return flatten_blocks(children)
        case b.Conditional(children):
            return flatten_blocks(children)
        case b.Callout(children, title):
            return flatten_blocks((b.Paragraph(title), *children))
        case b.List(items, ordered, start):
            return _flatten_list(items, ordered, start)
        case b.DefinitionList(items):
            parts = [(b.Paragraph(d.term), *(x for y in d.definitions for x in y)) for d in items]
            return flatten_blocks(block for part in parts for block in part)
        case b.CodeBlock(text):
            return _join_lines(i.Code(line) for line in text.split("\n") if line.strip())
        case b.MathBlock(tex):
            return (i.Math(tex, line=block.line),)
        case b.Table():
            rows = (*block.head, *block.rows)
            cells = [tuple(b.Paragraph(cell.children) for cell in row) for row in rows]
            return flatten_blocks((b.Paragraph(block.caption), *(x for row in cells for x in row)))
        case b.Embed() | b.Button() if block.href:
            label = plain_text(block) or getattr(block, "provider", "") or block.href
            return (i.Link((i.Text(label),), block.href, line=block.line),)
        case b.Media(_, src, _, caption) if src:
            return (i.Link(caption or (i.Text(src),), src, line=block.line),)
        case b.FileDownload(src, name, size):
            link = i.Link((i.Text(name or src),), src, line=block.line)
            return (link, i.Text(f" ({size})")) if size else (link,)
        case b.RawBlock(form, text):
            return (i.RawInline(form, text, line=block.line),)
        case b.Extension():
            return flatten_blocks(block.fallback)
    return _join_lines(i.Text(line) for line in plain_text(block).split("\n") if line.strip())


def _flatten_list(items: tuple[b.ListItem, ...], ordered: bool, start: int) -> tuple[i.Inline, ...]:
    paragraphs = []
    for position, item in enumerate(items, start):
        mark = i.Text(f"{position}. " if ordered else "• ")
        paragraphs.append(b.Paragraph((mark, *flatten_blocks(item.children))))
    return flatten_blocks(paragraphs)


def _join_lines(parts: Iterable[i.Inline]) -> tuple[i.Inline, ...]:
    result: list[i.Inline] = []
    for part in parts:
        if result:
            result.append(i.LineBreak())
        result.append(part)
    return tuple(result)
