"""Sorts notes by their marks."""

from __future__ import annotations

import msgspec

from ..context import Context
from ..model.inlines import NoteRef
from ..model.post import Footnote, Post
from ..model.walk import walk


def order_notes(post: Post, context: Context) -> Post:
    """Returns ``post`` with its notes in the order of their first marks, including marks in notes.

    Notes without a mark come last; readers report them.
    """
    if not post.footnotes:
        return post
    notes: dict[str, Footnote] = {}
    for note in post.footnotes:
        notes.setdefault(note.id, note)
    ordered: dict[str, Footnote] = {}
    queue = list(context.census(post).marks)
    position = 0
    while position < len(queue):
        target = queue[position]
        position += 1
        found = notes.get(target)
        if found is not None and target not in ordered:
            ordered[target] = found
            queue.extend(node.target for node in walk(found) if isinstance(node, NoteRef))
    placed = set(map(id, ordered.values()))
    rest = [note for note in post.footnotes if id(note) not in placed]
    result = (*ordered.values(), *rest)
    return post if result == post.footnotes else msgspec.structs.replace(post, footnotes=result)
