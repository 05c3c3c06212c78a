"""Prepares text for typesetting: spaces, quotation marks, dashes, and leftovers of an editor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ..context import Context
from ..diagnostics import DiagnosticCode, Severity
from ..language.quotes import OBJECT, Typesetter
from ..model import inlines as i
from ..model.blocks import Block, Heading, Paragraph, ThematicBreak, Verse
from ..model.node import Node
from ..model.post import Post
from ..model.walk import CHILD_FIELDS, with_children
from .scripts import name_language

_SIGNS = ('"', "'", "\u00a0", "--")


def set_type(post: Post, context: Context) -> Post:
    """Returns ``post`` with the punctuation of its language, and without leftovers of an editor.

    No-break spaces beside bold, italics and links become ordinary ones: Substack's editor leaves
    them, and they cannot stretch in a justified line. Quotation marks and dashes become
    typographic; empty paragraphs and needless rules are removed. Code, verse and addresses stay
    unchanged. One diagnostic counts all changes.
    """
    # Only the text says of some posts that their marks are not those of English.
    post = name_language(post, context)
    setter = Typesetter(post.metadata.language)
    body = _set_blocks(post.body, setter, context)
    body, rules = _without_needless(body)
    notes = tuple(
        with_children(note, _set_blocks(note.children, setter, context)) for note in post.footnotes
    )
    if not setter.changes and len(body) == len(post.body):
        return post
    _report(post, setter, rules, context)
    return msgspec.structs.replace(post, body=body, footnotes=notes)


def _report(post: Post, setter: Typesetter, rules: int, context: Context) -> None:
    changes = setter.changes
    counts = (
        (changes.spaces, "no-break spaces replaced by ordinary ones"),
        (changes.quotes, "straight quotation marks curled"),
        (changes.dashes, "double hyphens replaced by dashes"),
        (rules, "needless rules removed"),
    )
    summary = ", ".join(f"{what}: {count}" for count, what in counts if count)
    if summary:
        context.warn(DiagnosticCode.TYPOGRAPHY, summary, post, severity=Severity.INFO)


def _without_needless(body: tuple[Block, ...]) -> tuple[tuple[Block, ...], int]:
    """Returns the blocks without empty paragraphs and needless rules, and the number of rules
    removed.

    A rule is needless at either end, before a heading, and after another rule.
    """
    result: list[Block] = []
    rules = 0
    for node in body:
        if isinstance(node, Paragraph) and _is_blank(node):
            continue
        if isinstance(node, ThematicBreak) and (
            not result or isinstance(result[-1], ThematicBreak)
        ):
            rules += 1
            continue
        if isinstance(node, Heading) and result and isinstance(result[-1], ThematicBreak):
            result.pop()
            rules += 1
        result.append(node)
    if result and isinstance(result[-1], ThematicBreak):
        result.pop()
        rules += 1
    return tuple(result), rules


def _is_blank(paragraph: Paragraph) -> bool:
    return not paragraph.id and all(
        isinstance(node, i.LineBreak) or (type(node) is i.Text and not node.text.strip())
        for node in paragraph.children
    )


def _set_blocks(
    blocks: tuple[Block, ...], setter: Typesetter, context: Context
) -> tuple[Block, ...]:
    """Sets blocks. One without any of the signs among its words stays as it is, with all runs in it."""
    return tuple(
        _set_node(block, setter) if _has_sign(context.text_of(block)) else block for block in blocks
    )


def _has_sign(text: str) -> bool:
    return any(sign in text for sign in _SIGNS)


def _set_node(node: Any, setter: Typesetter) -> Any:
    """Returns a block with its runs of inlines typeset; the block itself if nothing changed."""
    if isinstance(node, Verse):
        return node
    changed: dict[str, Any] = {}
    for name in CHILD_FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple) and value:
            new = _set_children(value, setter)
            if new is not value:
                changed[name] = new
    return msgspec.structs.replace(node, **changed) if changed else node


def _set_children(value: tuple[Any, ...], setter: Typesetter) -> tuple[Any, ...]:
    if i.is_inline(value[0]):
        return _set_run(value, setter)
    new = tuple(
        (_set_children(item, setter) if item else item)
        if isinstance(item, tuple)
        else _set_node(item, setter)
        for item in value
    )
    return value if all(a is b for a, b in zip(new, value, strict=True)) else new


def _set_run(nodes: tuple[i.Inline, ...], setter: Typesetter) -> tuple[i.Inline, ...]:
    pieces: list[str] = []
    borders: set[int] = set()
    _flatten(nodes, pieces, borders, 0)
    text = "".join(pieces)
    if not _has_sign(text):
        return nodes
    characters = setter.characters(text, borders)
    if len(characters) == len(text) and "".join(characters) == text:
        return nodes
    return _rebuild(nodes, characters, 0)[0]


def _flatten(nodes: Iterable[Node], pieces: list[str], borders: set[int], position: int) -> int:
    """Collects the text of a run in ``pieces`` and returns the position after it."""
    for node in nodes:
        if type(node) is i.Text:
            pieces.append(node.text)
            position += len(node.text)
            continue
        borders.add(position)
        if isinstance(node, i.LineBreak):
            pieces.append("\n")
            position += 1
        elif CHILD_FIELDS[type(node)]:
            position = _flatten(node.children, pieces, borders, position)  # type: ignore[attr-defined]
        else:
            pieces.append(OBJECT)
            position += 1
        borders.add(position)
    return position


def _rebuild(
    nodes: tuple[i.Inline, ...], characters: list[str], position: int
) -> tuple[tuple[i.Inline, ...], int]:
    """Returns the run with its characters replaced, and the position after it."""
    result: list[Any] = []
    for node in nodes:
        if type(node) is i.Text:
            end = position + len(node.text)
            text = "".join(characters[position:end])
            result.append(node if text == node.text else msgspec.structs.replace(node, text=text))
            position = end
        elif CHILD_FIELDS[type(node)]:
            children, position = _rebuild(node.children, characters, position)  # type: ignore[union-attr]
            same = all(a is b for a, b in zip(children, node.children, strict=True))  # type: ignore[union-attr]
            result.append(node if same else msgspec.structs.replace(node, children=children))
        else:
            result.append(node)
            position += 1
    return tuple(result), position
