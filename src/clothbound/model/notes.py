"""Keeps marks and notes together when nodes are taken out of a post."""

from __future__ import annotations

import msgspec

from .blocks import Paragraph
from .inlines import NoteRef
from .node import Node
from .post import Footnote, Post
from .walk import rewrite, walk


def settle_notes(before: Post, after: Post) -> tuple[Post, tuple[Footnote, ...]]:
    """Returns ``after`` without the notes that lost their last mark since ``before``, which follow.

    Notes without content are removed with their marks. A note that never had a mark stays.
    """
    empty = {note.id for note in after.footnotes if not note.children}
    if empty:

        def visit(node: Node) -> Node | None:
            if isinstance(node, NoteRef):
                return None if node.target in empty else node
            # A paragraph of that mark alone would stand as an empty line.
            is_empty = isinstance(node, Paragraph) and not node.children and not node.id
            return None if is_empty else node

        rewritten: Post = rewrite(after, visit, frozenset({NoteRef, Paragraph}))
        kept = tuple(note for note in rewritten.footnotes if note.id not in empty)
        after = msgspec.structs.replace(rewritten, footnotes=kept)
    cited = _find_cited(before)
    lost: list[Footnote] = []
    while gone := [n for n in after.footnotes if n.id in cited and n.id not in _find_cited(after)]:
        lost.extend(gone)
        kept = tuple(note for note in after.footnotes if note not in gone)
        after = msgspec.structs.replace(after, footnotes=kept)
    return after, tuple(lost)


def _find_cited(post: Post) -> frozenset[str]:
    return frozenset(node.target for node in walk(post) if isinstance(node, NoteRef))
