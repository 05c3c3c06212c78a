"""Splits links around content that a link must not contain: other links, and in HTML note marks.

HTML has no link within a link (section 4.5.1: no interactive content), and neither have Markdown, PDF and
Substack's editor. So a link ends before such content and continues after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from msgspec import structs

from .inlines import Inline, Link, Mention, NoteRef, Span, Text
from .node import Node
from .post import Post
from .walk import rewrite, walk, walk_lines

IsCut: TypeAlias = Callable[[Node], bool]
_LINKS: frozenset[type[Node]] = frozenset({Link, Mention})


def is_mark(node: Node) -> bool:
    """Whether a node is the mark of a note."""
    return type(node) is NoteRef


def is_link(node: Node) -> bool:
    """Whether a node is a link, a mention that leads somewhere included."""
    return type(node) in _LINKS and bool(node.href)  # type: ignore[attr-defined]


def holds(node: Node, is_cut: IsCut) -> bool:
    """Whether a node is or contains one that ``is_cut`` accepts."""
    return any(map(is_cut, walk(node)))


def holds_link(link: Link | Mention) -> bool:
    """Whether a link has another in it, one without an address included: HTML has no ``a`` in an ``a`` either."""
    return any(type(child) is not Text and holds(child, _is_anchor) for child in link.children)


def _is_anchor(node: Node) -> bool:
    return type(node) is Link or is_link(node)


def hold_nested_link(nodes: Iterable[Node]) -> bool:
    """Whether one of these nodes is a link that has another in it."""
    return any(holds_link(n) for n in nodes if type(n) in _LINKS and _is_anchor(n))  # type: ignore[arg-type]


def split_nested_links(post: Post) -> tuple[Post, tuple[tuple[str, int], ...]]:
    """Splits links that contain other links; returns the post and the address and line of each link that was
    dropped because it had no words of its own.

    A mention keeps its words, but no link in them. A link without an address, within another or around one, becomes a
    span.
    """
    if not hold_nested_link(walk(post)):
        return post, ()
    lines: dict[str, int] = {}
    for node, line in walk_lines(post):
        if is_link(node):
            lines.setdefault(node.href, line)  # type: ignore[attr-defined]
    gone: list[tuple[str, int]] = []

    def visit(node: Node) -> Node | Iterable[Node]:
        assert isinstance(node, (Link, Mention))
        if not _is_anchor(node) or not holds_link(node):
            return node
        if not node.href:
            return _as_span(node)
        if isinstance(node, Mention):
            return structs.replace(node, children=rewrite(node.children, _words, _LINKS))
        node = structs.replace(node, children=rewrite(node.children, _as_span, _LINKS))
        if not holds_link(node):
            return node
        pieces, has_words = _split_at(node, is_link)
        if not has_words:
            gone.append((node.href, lines[node.href]))
        return pieces

    return rewrite(post, visit, _LINKS), tuple(gone)


def _words(node: Node) -> Node | Iterable[Node]:
    return node.children if is_link(node) else node  # type: ignore[attr-defined]


def _as_span(node: Node) -> Node:
    if not isinstance(node, Link) or node.href:
        return node
    titles = (("title", node.title),) if node.title else ()
    attributes = (*node.attributes, *titles)
    return Span(
        node.children, id=node.id, classes=node.classes, attributes=attributes, line=node.line
    )


def split_link(link: Link | Mention) -> list[Inline]:
    """Splits ``link`` into links without note marks, with the marks between them.

    Marks are moved out of emphasis too. A link that contains only marks precedes them, without words.
    """
    pieces, has_words = _split_at(link, is_mark)
    return pieces if has_words else [structs.replace(link, children=()), *pieces]


def _split_at(link: Link | Mention, is_cut: IsCut) -> tuple[list[Inline], bool]:
    """Returns the pieces, and whether one of them is a link with words."""
    result: list[Inline] = []
    linked: Link | Mention | None = None
    for piece in _pieces(link.children, is_cut):
        if isinstance(piece, Node):
            result.append(piece)
            continue
        before, words, after = _without_spaces(piece)
        result.extend(before)
        if all(isinstance(n, Text) and not any(map(str.isalnum, n.text)) for n in words):
            result.extend((*words, *after))
            continue
        linked = structs.replace(link, children=words, id="" if linked else link.id)
        result.extend((linked, *after))
    return result, linked is not None


def _without_spaces(
    nodes: tuple[Inline, ...],
) -> tuple[tuple[Inline, ...], tuple[Inline, ...], tuple[Inline, ...]]:
    """Splits a run into its leading space, the rest, and its trailing space."""
    before: tuple[Inline, ...] = ()
    after: tuple[Inline, ...] = ()
    if isinstance(first := nodes[0], Text) and first.text[:1].isspace():
        text = first.text.lstrip()
        before = (Text(first.text[: len(first.text) - len(text)]),)
        nodes = (*((structs.replace(first, text=text),) if text else ()), *nodes[1:])
    if nodes and isinstance(last := nodes[-1], Text) and last.text[-1:].isspace():
        text = last.text.rstrip()
        after = (Text(last.text[len(text) :]),)
        nodes = (*nodes[:-1], *((structs.replace(last, text=text),) if text else ()))
    return before, nodes, after


def _pieces(nodes: Iterable[Inline], is_cut: IsCut) -> list[tuple[Inline, ...] | Inline]:
    """Splits a link at the nodes that cut it. Pieces keep their emphasis, but marks of notes are moved out of
    it.
    """
    pieces: list[tuple[Inline, ...] | Inline] = []
    run: list[Any] = []
    for node in nodes:
        if not holds(node, is_cut):
            run.append(node)
            continue
        inner = [node] if is_cut(node) else _pieces(node.children, is_cut)  # type: ignore[union-attr]
        name = node.id
        for piece in inner:
            if isinstance(piece, tuple):
                run.append(structs.replace(node, children=piece, id=name))
                name = ""
                continue
            if run:
                pieces.append(tuple(run))
                run = []
            if piece is node or is_mark(piece):
                pieces.append(piece)
            else:
                pieces.append(structs.replace(node, children=(piece,), id=name))
                name = ""
    if run:
        pieces.append(tuple(run))
    return pieces
