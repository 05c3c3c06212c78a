"""Moves spaces at the edges of marks out of them: ``**Q:** ``, since ``**Q: **`` is no mark in any dialect."""

from __future__ import annotations

from collections.abc import Container, Iterable

from msgspec import structs

from ...model import inlines as i
from ...model.check import canonical_inlines
from ...model.node import Node
from ...substack.loose_marks import is_loose_mark

_MARKS: frozenset[type[Node]] = frozenset(
    {i.Emphasis, i.Strong, i.Strikethrough, i.Superscript, i.Subscript}
)
PLAIN_MARKS = _MARKS | {i.Underline, i.Highlight}


def move_edges_out(
    nodes: Iterable[i.Inline], kinds: Container[type[Node]] = _MARKS
) -> tuple[i.Inline, ...]:
    """Returns inlines in which no mark of ``kinds`` begins or ends with white space, at any depth.

    A mark around white space alone is replaced by it. Marks with an id, classes or attributes, and marks of notes that are
    missing, are left as they are.
    """
    nodes = tuple(nodes)
    found: list[i.Inline] = []
    has_moved = False
    for node in nodes:
        if type(node) is i.Span and _is_bare(node):
            # Markdown has no sign for it: its content stands where it does.
            found.extend(move_edges_out(node.children, kinds))
            has_moved = True
            continue
        pieces = _split(node, kinds)
        has_moved = has_moved or pieces != (node,)
        found.extend(pieces)
    return canonical_inlines(found) if has_moved else nodes


def _split(node: i.Inline, kinds: Container[type[Node]]) -> tuple[i.Inline, ...]:
    if type(node) not in kinds or not _is_bare(node):
        return (node,)
    children: tuple[i.Inline, ...] = node.children  # type: ignore[union-attr]
    inner = list(move_edges_out(children, kinds))
    before = after = ""
    if inner and (text := _plain_text(inner[0])):
        rest = text.lstrip()
        before = text[: len(text) - len(rest)]
        inner[:1] = [i.Text(rest)] if rest else []
    if inner and (text := _plain_text(inner[-1])):
        rest = text.rstrip()
        after = text[len(rest) :]
        inner[-1:] = [i.Text(rest)] if rest else []
    if not (before or after):
        whole = tuple(inner)
        return (node,) if whole == children else (structs.replace(node, children=whole),)
    mark = (structs.replace(node, children=tuple(inner)),) if inner else ()
    return (*([i.Text(before)] if before else []), *mark, *([i.Text(after)] if after else []))


def _is_bare(node: Node) -> bool:
    if node.id or node.classes or node.attributes:
        return False
    # Markdown has no place for the origin of other marks.
    return node.origin is None or (type(node) in _MARKS and not is_loose_mark(node))


def _plain_text(node: i.Inline) -> str:
    """Returns the text of a Text without attributes; empty for every other inline."""
    if type(node) is not i.Text or node.id or node.classes or node.attributes:
        return ""
    return node.text
