"""Links whose words hold marks of notes.

HTML has no link within a link, so they end before each mark and go on after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from ..model.inlines import Inline, Link, Mention, NoteRef, Text
from ..model.walk import walk


def holds_mark(node: Inline) -> bool:
    return any(type(inner) is NoteRef for inner in walk(node))


def parted(link: Link | Mention) -> list[Inline]:
    """``link`` as links without marks, and the marks between them.

    Marks stand outside of emphasis, too. A link of marks alone stays one, without words, before them.
    """
    result: list[Inline] = []
    linked: Link | Mention | None = None
    for piece in _pieces(link.children):
        if isinstance(piece, NoteRef):
            result.append(piece)
            continue
        words = piece
        first = piece[0]
        if result and isinstance(first, Text) and first.text[:1].isspace():
            text = first.text.lstrip()
            result.append(Text(first.text[: len(first.text) - len(text)]))
            words = (*([structs.replace(first, text=text)] if text else []), *piece[1:])
        if all(isinstance(n, Text) and not any(map(str.isalnum, n.text)) for n in words):
            result.extend(words)
            continue
        linked = structs.replace(link, children=words, id="" if linked else link.id)
        result.append(linked)
    return result if linked else [structs.replace(link, children=()), *result]


def _pieces(nodes: Iterable[Inline]) -> list[tuple[Inline, ...] | NoteRef]:
    """The marks in ``nodes``, and what stands between them, each in the emphasis that it stood in."""
    pieces: list[tuple[Inline, ...] | NoteRef] = []
    run: list[Any] = []
    for node in nodes:
        if not holds_mark(node):
            run.append(node)
            continue
        inner = [node] if isinstance(node, NoteRef) else _pieces(node.children)  # type: ignore[union-attr]
        name = node.id
        for piece in inner:
            if isinstance(piece, NoteRef):
                if run:
                    pieces.append(tuple(run))
                pieces.append(piece)
                run = []
            else:
                run.append(structs.replace(node, children=piece, id=name))
                name = ""
    if run:
        pieces.append(tuple(run))
    return pieces
