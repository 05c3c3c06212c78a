"""Puts the content of other posts where a post embeds them: ``![[Note]]``, ``![[Note#Heading]]``, ``![[Note#^block]]``.

Source: Obsidian's help, "Embed files". Only a post that the product holds is shown; what that embeds is linked to.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

import msgspec

from ..context import Context
from ..diagnostics import DiagnosticCode, Outcome
from ..lazy_pattern import lazy_pattern
from ..model.addresses import is_relative
from ..model.blocks import Block, FileDownload, Heading, List, Media, Paragraph, Quote
from ..model.census import tally
from ..model.inlines import Image, Inline, LineBreak, Link, NoteRef, Span, Strong, Text
from ..model.links import EMBEDDED, WIKILINK
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.post import Footnote, Post
from ..model.walk import rewrite, walk
from .paywall import cut_at_paywall
from .withheld import cut_ways

_SIGNS = lazy_pattern(r"[\W_]+")
_MOST_NODES = 200_000
"""The most nodes that one post embeds: a long post that is embedded hundreds of times would fill the memory."""


def embed_posts(post: Post, context: Context) -> Post:
    """Returns ``post`` with the posts that it embeds in their places, as quotations.

    A post embeds another where a paragraph consists of that. Within other words, and in what is embedded itself, a
    link to the post takes its place, and is accounted for; so it is where a post embeds itself.
    """
    if EMBEDDED not in context.census(post).classes:
        return post
    return _Embedding(post, context).result()


class _Embedding:
    """Embeds others in one post."""

    def __init__(self, post: Post, context: Context) -> None:
        self._post = post
        self._context = context
        self._notes: list[Footnote] = []
        self._assets = list(post.assets)
        self._count = 0
        self._nodes = 0
        self._others: dict[str, Post] = {}

    def result(self) -> Post:
        embedded: Post = rewrite(self._post, self._paragraph, {Paragraph})
        linked: Post = rewrite(embedded, self._link, {Link})
        return msgspec.structs.replace(
            linked,
            footnotes=(*linked.footnotes, *self._notes),
            assets=tuple(self._assets),
        )

    def _paragraph(self, node: Paragraph) -> Node | tuple[Node, ...]:
        links = _embeds_alone(node.children)
        if not links:
            return node
        shown: list[Block] = []
        for link in links:
            content = self._content(link)
            shown.append(
                Paragraph((self._linked(link, content),), line=node.line)
                if isinstance(content, str)
                else Quote(content, line=node.line)
            )
        names = (child.id for child in node.children if isinstance(child, Span) and child.id)
        name = node.id or next(names, "")
        if name and not shown[0].id:
            shown[0] = msgspec.structs.replace(shown[0], id=name)
        return tuple(shown)

    def _link(self, node: Link) -> Link:
        """Returns a link that is within other words as one that embeds nothing."""
        is_within = EMBEDDED in node.classes
        return self._linked(node, "it is within other words") if is_within else node

    def _linked(self, node: Link, reason: str) -> Link:
        """Returns a link to a post in the place of the post."""
        message = f"an embedded post was replaced by a link to it: {reason}"
        self._context.account(Outcome.SIMPLIFIED, self._post, node, message, is_secret=True)
        return msgspec.structs.replace(node, classes=(WIKILINK,))

    def _content(self, link: Link) -> tuple[Block, ...] | str:
        """Returns the blocks that an embedding link shows, or why it has to stay a link."""
        found = self._find(link.href)
        if found is None:
            return "the product has no such post"
        key, part = found
        if key == self._post.metadata.key and not part:
            return "the post embeds itself"
        if self._nodes > _MOST_NODES:
            return f"the post embeds more than {_MOST_NODES:,} nodes"
        if key not in self._others:
            self._others[key] = self._read(key)
        other = self._others[key]
        blocks = _part_of(other, part) if part else other.body
        if any(node is link for node in walk(blocks)):
            return "the part that it shows is that which it is in"
        if not blocks:
            return f"it has no {'#' + part!r}" if part else "it is empty"
        self._count += 1
        self._nodes += sum(1 for _ in walk(blocks))
        moved = self._moved(other, blocks, link)
        title = other.metadata.title
        if not part and title:
            named = Link((Text(title),), other.metadata.source, classes=(WIKILINK,), line=link.line)
            moved = (Paragraph((Strong((named,)),), line=link.line), *moved)
        account = self._context.report.accounts.get(self._post.metadata.key)
        if account is not None:
            account.added += tally(moved)
            account.left_out += tally(link)
        return moved

    def _find(self, name: str) -> tuple[str, str] | None:
        """Returns the key and the part of a post that the product holds; None for any other."""
        if name.startswith("#"):
            return self._post.metadata.key, name[1:].rsplit("#", 1)[-1].strip()
        return self._context.index.resolve_name(name, self._post.metadata.source)

    def _read(self, key: str) -> Post:
        """Returns a post as this product may show it."""
        if key == self._post.metadata.key:
            return self._post
        others = self._context.posts_as_read
        if self._context.questions is not None:  # A digest of the other post is not asked for.
            self._context.questions.are_complete = False
        position = next(n for n, metadata in enumerate(others.index) if metadata.key == key)
        aside = self._context.aside()
        return cut_at_paywall(cut_ways(others.posts[position], aside), aside)

    def _moved(self, other: Post, blocks: tuple[Block, ...], link: Link) -> tuple[Block, ...]:
        """Returns blocks of another post as blocks of this one: without ids, with its notes and addresses."""
        notes = {note.id: f"embedded{self._count}-{note.id}" for note in other.footnotes}
        used: dict[str, str] = {}

        def visit(node: Node) -> Node | None:
            changes: dict[str, object] = {"id": "", "line": link.line}
            match node:
                case NoteRef(target) if target in notes:
                    used[target] = notes[target]
                    changes["target"] = notes[target]
                case Span(()) if not (node.classes or node.attributes):
                    return None
                case Heading(children):
                    return Paragraph((Strong(children),), line=link.line)
                case Link(_, href):
                    changes["href"] = self._moved_link(node, href, other)
                    if EMBEDDED in node.classes:
                        changes["classes"] = (WIKILINK,)
                        message = "a post that an embedded one embeds was replaced by a link"
                        self._context.warn(
                            DiagnosticCode.NODE_SIMPLIFIED, message, self._post, link.line
                        )
                case Image(src) | Media(_, src) | FileDownload(src):
                    changes["src"] = self._moved_path(src, other)
            return msgspec.structs.replace(node, **changes)

        moved: tuple[Block, ...] = rewrite(blocks, visit)
        for note in other.footnotes:
            if note.id in used and not any(n.id == used[note.id] for n in self._notes):
                children = rewrite(note.children, visit)
                self._notes.append(Footnote(used[note.id], children))
        known = {asset.href for asset in self._assets}
        self._assets += [asset for asset in other.assets if asset.href not in known]
        return moved

    def _moved_link(self, node: Link, href: str, other: Post) -> str:
        if WIKILINK in node.classes:
            return f"{other.metadata.source}{href}" if href.startswith("#") else href
        if href.startswith("#"):
            path = self._moved_path(posixpath.basename(other.metadata.source), other)
            return f"{path}{href}"
        return self._moved_path(href, other)

    def _moved_path(self, path: str, other: Post) -> str:
        """Returns a path relative to another post as one relative to this post."""
        is_named = other.base is not None and other.base.by_name
        if not is_relative(path) or path.startswith(("/", "#")) or not path:
            return path
        if is_named and not path.startswith("."):
            return path
        own = posixpath.dirname(self._post.metadata.source) or "."
        there = posixpath.dirname(other.metadata.source)
        return path if there == own else posixpath.relpath(posixpath.join(there, path), own)


def _embeds_alone(children: tuple[Inline, ...]) -> tuple[Link, ...]:
    """Returns the embedding links of a paragraph that has nothing else; empty if it has."""
    links: list[Link] = []
    for child in children:
        if isinstance(child, Link) and EMBEDDED in child.classes:
            links.append(child)
        elif not (
            isinstance(child, LineBreak)
            or (isinstance(child, Text) and not child.text.strip())
            or (isinstance(child, Span) and not child.children)
        ):
            return ()
    return tuple(links)


def _part_of(post: Post, part: str) -> tuple[Block, ...]:
    """Returns the blocks below the heading that ``part`` names, or the block with that id (``^id``)."""
    if part.startswith("^"):
        return tuple(_with_id(post.body, part[1:].strip()))[:1]
    wanted = _plain(part)
    begin = next(
        (
            n
            for n, b in enumerate(post.body)
            if isinstance(b, Heading) and _plain(plain_text(b)) == wanted
        ),
        None,
    )
    if begin is None:
        return ()
    first = post.body[begin]
    assert isinstance(first, Heading)
    end = next(
        (
            n
            for n, b in enumerate(post.body[begin + 1 :], begin + 1)
            if isinstance(b, Heading) and b.level <= first.level
        ),
        len(post.body),
    )
    return post.body[begin:end]


def _with_id(blocks: tuple[Block, ...], name: str) -> Iterator[Block]:
    """Yields the innermost block that has a node of this id; of a list, its item alone."""
    for block in blocks:
        if not any(node.id == name for node in walk(block)):
            continue
        if isinstance(block, List) and block.id != name:
            item = next(i for i in block.items if any(node.id == name for node in walk(i)))
            inner = next((c for c in item.children if isinstance(c, List)), None)
            if inner is not None and any(node.id == name for node in walk(inner)):
                yield from _with_id((inner,), name)
            else:
                yield msgspec.structs.replace(block, items=(item,))
        else:
            yield block


def _plain(text: str) -> str:
    return _SIGNS.sub(" ", text).strip().casefold()
