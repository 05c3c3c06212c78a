"""Limits the cost of setting one post: its containers, the links in a paragraph, its nodes.

A container costs the engines of the PDF about 0.1 ms and 20 kB (Typst) or 1 ms and 30 kB (WeasyPrint), and
so does a link in a paragraph with few of them. In a paragraph with thousands of links, each takes Typst
four times as long, and more with each further one. Content over a limit is simplified and reported: no
word, address, picture or note is lost, and content for some readers stays restricted to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..limits import Limits
from . import blocks as b
from . import inlines as i
from .check import canonical
from .node import Node
from .plain_text import own_text
from .post import Post
from .walk import CHILD_FIELDS, rewrite, walk

_HOLDERS = frozenset((b.Quote, b.PullQuote, b.Group, b.Callout))
_CONTAINERS = _HOLDERS | {b.ListItem, b.DefinitionItem}
_WORDS = _CONTAINERS | {
    *(b.Paragraph, b.Heading, b.List, b.DefinitionList, b.CodeBlock, b.MathBlock, b.Verse),
    *(b.Table, b.Cell, b.ThematicBreak),
}
"""Blocks of words, and containers of such blocks, that can be written one after another."""
_KEPT = (i.NoteRef, i.Image, i.RawInline)
_PARAGRAPH = 5_000
"""The approximate length, in characters, of the paragraphs into which blocks over the limit are joined."""
_BETWEEN = " \u00b6 "


def within_bounds(post: Post, limits: Limits) -> Post:
    """Returns ``post`` itself if it is within the limits, else a simplified copy with a diagnostic for each."""
    if _is_small(post, min(limits.links, limits.containers, limits.nodes)):
        return post
    kinds = Counter(map(type, walk(post)))
    nodes, links = kinds.total(), kinds[i.Link]
    containers = sum(kinds[kind] for kind in _CONTAINERS)
    messages: list[str] = []
    bounded = post
    if links > limits.links:
        bounded = _split_paragraphs(bounded, limits.links)
        if bounded is not post:
            messages.append(
                f"more than {limits.links} links in one paragraph; it was split into several"
            )
    if containers > limits.containers:
        bounded = _Dissolved(limits.containers).post(bounded)
        messages.append(
            f"more than {limits.containers} quotations, list items and divisions; the content of the"
            " others was kept without them"
        )
    if nodes > limits.nodes and sum(1 for _ in walk(bounded)) > limits.nodes:
        bounded = _join_blocks(bounded, limits.nodes)
        messages.append(
            f"more than {limits.nodes} elements; the text after them was joined into long paragraphs"
        )
    if not messages:
        return post
    source = post.metadata.source
    diagnostics = tuple(
        Diagnostic(DiagnosticCode.MARKUP_REPAIRED, message, source, 0, Severity.WARNING)
        for message in messages
    )
    bounded = canonical(bounded)
    return msgspec.structs.replace(bounded, diagnostics=(*bounded.diagnostics, *diagnostics))


def _is_small(post: Post, most: int) -> bool:
    """Whether a post has at most ``most`` nodes of all kinds. To count them takes a third of a walk."""
    groups: list[tuple[Any, ...]] = [post.body, *(note.children for note in post.footnotes)]
    count = 0
    while groups:
        nodes = groups.pop()
        count += len(nodes)
        if count > most:
            return False
        for node in nodes:
            for name in CHILD_FIELDS[type(node)]:
                value = getattr(node, name)
                if type(value) is not tuple:
                    groups.append((value,))
                elif value and type(value[0]) is tuple:
                    groups.extend(value)
                else:
                    groups.append(value)
    return True


# --- links ----------------------------------------------------------------------------------------


def _split_paragraphs(post: Post, most: int) -> Post:
    """Splits paragraphs with more than ``most`` links."""

    def visit(node: Node) -> Node | Sequence[Node]:
        assert isinstance(node, b.Paragraph)
        if _links(node) <= most:
            return node
        parts: list[list[i.Inline]] = [[]]
        count = 0
        for child in node.children:
            here = _links(child)
            if parts[-1] and here and count + here > most:
                parts.append([])
                count = 0
            count += here
            parts[-1].append(child)
        first, *rest = (msgspec.structs.replace(node, children=tuple(part)) for part in parts)
        return (first, *(msgspec.structs.replace(part, id="") for part in rest))

    split: Post = rewrite(post, visit, {b.Paragraph})
    return split


def _links(node: Node) -> int:
    return sum(type(child) is i.Link for child in walk(node))


def _unwrap_link(node: Node) -> Sequence[Node]:
    """Returns the words of a link, and its address unless they are the same."""
    assert isinstance(node, i.Link)
    if "".join(map(own_text, walk(node.children))) == node.href:
        return node.children
    return (*node.children, i.Text(f" ({node.href})"))


# --- containers -----------------------------------------------------------------------------------


class _Dissolved:
    """Replaces all containers of a post after the first ``most`` by their content."""

    def __init__(self, most: int) -> None:
        self._left = most

    def post(self, post: Post) -> Post:
        notes = tuple(
            msgspec.structs.replace(note, children=self._blocks(note.children))
            for note in post.footnotes
        )
        return msgspec.structs.replace(post, body=self._blocks(post.body), footnotes=notes)

    def _takes(self) -> bool:
        self._left -= 1
        return self._left >= 0

    def _blocks(self, nodes: Iterable[b.Block]) -> tuple[b.Block, ...]:
        return tuple(block for node in nodes for block in self._block(node))

    def _block(self, node: b.Block) -> Iterator[b.Block]:
        match node:
            case b.Quote(children) | b.PullQuote(children) | b.Group(children):
                yield from self._held(node, children)
            case b.Callout(children, title):
                head = (b.Paragraph(title),) if title and self._left <= 0 else ()
                yield from head
                yield from self._held(node, children)
            case b.Conditional(children):
                # Keep it in any case, since its text is for some readers only.
                yield msgspec.structs.replace(node, children=self._blocks(children))
            case b.List():
                yield from self._list(node)
            case b.DefinitionList():
                yield from self._definitions(node)
            case _:
                yield node

    def _held(self, node: Any, children: tuple[b.Block, ...]) -> Iterator[b.Block]:
        if self._takes():
            yield msgspec.structs.replace(node, children=self._blocks(children))
        else:
            yield from self._blocks(children)

    def _list(self, node: b.List) -> Iterator[b.Block]:
        items: list[b.ListItem] = []
        rest: list[b.Block] = []
        for number, item in enumerate(node.items, node.start):
            takes = self._takes()
            content = self._blocks(item.children)
            if takes:
                items.append(msgspec.structs.replace(item, children=content))
            else:
                rest.extend(_number_blocks(content, number) if node.ordered else content)
        if items:
            yield msgspec.structs.replace(node, items=tuple(items))
        yield from rest

    def _definitions(self, node: b.DefinitionList) -> Iterator[b.Block]:
        items: list[b.DefinitionItem] = []
        rest: list[b.Block] = []
        for item in node.items:
            takes = self._takes()
            content = tuple(map(self._blocks, item.definitions))
            if takes:
                items.append(msgspec.structs.replace(item, definitions=content))
            else:
                rest.append(b.Paragraph(item.term, line=item.line))
                rest.extend(block for definition in content for block in definition)
        if items:
            yield msgspec.structs.replace(node, items=tuple(items))
        yield from rest


def _number_blocks(blocks: tuple[b.Block, ...], number: int) -> tuple[b.Block, ...]:
    mark = i.Text(f"{number}. ")
    if blocks and isinstance(blocks[0], b.Paragraph):
        first = msgspec.structs.replace(blocks[0], children=(mark, *blocks[0].children))
        return (first, *blocks[1:])
    return (b.Paragraph((mark,)), *blocks)


# --- nodes ----------------------------------------------------------------------------------------


def _join_blocks(post: Post, most: int) -> Post:
    """Joins the blocks of words after the first ``most`` nodes of ``post`` into long paragraphs."""
    count = 0

    def bound(blocks: tuple[b.Block, ...]) -> tuple[b.Block, ...]:
        nonlocal count
        result: list[b.Block] = []
        run: list[b.Block] = []
        for block in blocks:
            found = list(walk(block))
            count += len(found)
            is_words = all(type(n) in _WORDS or type(n) in i.INLINE for n in found)
            if count > most and is_words:
                run.append(block)
                continue
            result.extend(_paragraphs(run))
            run = []
            result.append(block)
        return (*result, *_paragraphs(run))

    body = bound(post.body)
    notes = tuple(
        msgspec.structs.replace(note, children=bound(note.children)) for note in post.footnotes
    )
    return msgspec.structs.replace(post, body=body, footnotes=notes)


def _paragraphs(blocks: list[b.Block]) -> Iterator[b.Paragraph]:
    """Yields the words, addresses, notes and pictures of ``blocks`` as paragraphs."""
    parts: list[i.Inline] = []
    size = 0
    for node in walk(rewrite(tuple(blocks), _unwrap_link, {i.Link})):
        if type(node) not in i.INLINE:
            if size > _PARAGRAPH:
                yield b.Paragraph(tuple(parts), line=blocks[0].line)
                parts, size = [], 0
            if parts and parts[-1] != i.Text(_BETWEEN):
                parts.append(i.Text(_BETWEEN))
        if isinstance(node, _KEPT):
            parts.append(node)
        elif words := own_text(node).replace("\n", " "):
            parts.append(i.Text(words))
            size += len(words)
    while parts and parts[-1] == i.Text(_BETWEEN):
        parts.pop()
    if parts:
        yield b.Paragraph(tuple(parts), line=blocks[0].line)
