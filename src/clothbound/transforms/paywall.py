"""Leaves out of a post what the audiences of a product may not read."""

from __future__ import annotations

import re

import msgspec

from ..context import Context
from ..diagnostics import DiagnosticCode, Outcome
from ..lazy_pattern import lazy_pattern
from ..model.blocks import Block, Conditional, PaywallBreak, RawBlock
from ..model.inlines import NoteRef, RawInline
from ..model.node import Node
from ..model.post import Post
from ..model.publication import AUDIENCES, EVERYONE, PAYERS
from ..model.walk import rewrite, walk, with_children

# Matches a paywall in raw markup.
_MARK = lazy_pattern(r"paywall-jump|PaywallToDOM", re.IGNORECASE)
_CLASSES = frozenset({"paywall-jump", "paywall"})
"""Classes of paid parts. ``paywall`` is not Substack's: authors write it around parts to hide."""
_MARKS = frozenset({PaywallBreak, RawBlock, RawInline})
_HIDING = _MARKS | {Conditional}
"""The kinds of nodes of which, or behind which, something may be left out."""
_NOT_PAYING = frozenset({EVERYONE, "only_free"})
_SUBSCRIBERS = {"free_sub": "only_free", "paid_sub": PAYERS}
"""The audiences of posts that Substack calls otherwise where they are those of a part."""
_KNOWN = frozenset({*AUDIENCES, "non_sub"})


def cut_at_paywall(post: Post, context: Context) -> Post:
    """Cuts ``post`` at its first paywall, unless one of ``context.product_audiences`` pays, and removes the parts that
    none of them may see.

    Without audiences, the post is unchanged. Whole posts that are for others are removed before, by their
    metadata. Notes whose marks are cut are removed too. A paywall within a block removes the whole block, since
    publishing too little is the safer error.
    """
    if context.product_audiences is None:
        return post
    chosen = context.product_audiences
    census = context.census(post)
    if census.kinds.isdisjoint(_HIDING) and census.classes.isdisjoint(_CLASSES):
        return post
    pays = not _NOT_PAYING.issuperset(chosen)
    body, cut = (post.body, ()) if pays else _before_paywall(post.body)
    if cut:
        context.account(Outcome.DROPPED, post, cut, "the part for paying readers was left out")
        context.warn(
            DiagnosticCode.PAYWALL_CUT, "the post was cut at the paywall", post, cut[0].line
        )
        post = msgspec.structs.replace(post, body=body)
    if not pays:
        post = _cut_notes(post, context)

    def visit(node: Node) -> Node | None:
        assert isinstance(node, Conditional)
        if _may_see(node, chosen, pays=pays):
            return node
        who = ", ".join(node.audiences) or "some readers"
        context.account(Outcome.DROPPED, post, node, f"a block for {who} only was left out")
        return None

    result: Post = rewrite(post, visit, {Conditional})
    return _without_lost_notes(result, context) if result is not post or cut else result


def _may_see(part: Conditional, chosen: frozenset[str], *, pays: bool) -> bool:
    """A part that names no audience, or none that is known, is for those who pay."""
    names = {_SUBSCRIBERS.get(name, name) for name in part.audiences}
    return not names.isdisjoint(chosen) or (pays and names.isdisjoint(_KNOWN))


def has_restricted_parts(post: Post, context: Context) -> bool:
    """Whether a post has a paywall, or parts for some readers."""
    census = context.census(post)
    if census.kinds.isdisjoint(_HIDING) and census.classes.isdisjoint(_CLASSES):
        return False
    return any(
        type(node) is Conditional or ((node.classes or type(node) in _MARKS) and _is_paywall(node))
        for node in walk(post)
    )


def _before_paywall(body: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    for position, block in enumerate(body):
        for node in walk(block):
            if (node.classes or type(node) in _MARKS) and _is_paywall(node):
                return body[:position], body[position:]
    return body, ()


def _is_paywall(node: Node) -> bool:
    match node:
        case PaywallBreak():
            return True
        case RawBlock(_, text) | RawInline(_, text):
            return _MARK.search(text) is not None
    return not _CLASSES.isdisjoint(node.classes)


def _cut_notes(post: Post, context: Context) -> Post:
    notes = []
    for note in post.footnotes:
        before, cut = _before_paywall(note.children)
        if cut:
            context.account(Outcome.DROPPED, post, cut, "the paid part of a note was left out")
        notes.append(with_children(note, before) if cut else note)
    if all(new is old for new, old in zip(notes, post.footnotes, strict=True)):
        return post
    return msgspec.structs.replace(post, footnotes=tuple(notes))


def _without_lost_notes(post: Post, context: Context) -> Post:
    notes = {note.id: note for note in post.footnotes}
    queue = [node.target for node in walk(post.body) if isinstance(node, NoteRef)]
    cited: set[str] = set()
    while queue:
        target = queue.pop()
        if target in notes and target not in cited:
            cited.add(target)
            queue.extend(n.target for n in walk(notes[target]) if isinstance(n, NoteRef))
    lost = [note for note in post.footnotes if note.id not in cited]
    for note in lost:
        context.account(Outcome.DROPPED, post, note, "a note of the cut part was left out")
    left = tuple(note for note in post.footnotes if note.id in cited)
    return msgspec.structs.replace(post, footnotes=left) if lost else post
