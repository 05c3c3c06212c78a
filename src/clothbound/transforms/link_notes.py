"""Prints the addresses of links in notes or in a list at the end of the chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ..context import Context
from ..language.words import marks_of_own_words, wording
from ..lazy_pattern import lazy_pattern
from ..model.blocks import Block, Group, Heading, List, ListItem, Paragraph
from ..model.book_links import book_address
from ..model.inlines import (
    INLINE_CONTAINERS,
    Inline,
    Link,
    Mention,
    NoteRef,
    Superscript,
    Text,
    is_inline,
)
from ..model.links import shorten_address
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.post import Footnote, Post
from ..model.walk import CHILD_FIELDS, rewrite, walk
from .footnotes import order_notes

_OUTSIDE = lazy_pattern(r"(?:https?://|ftp://|mailto:|tel:)", re.I)
# A mark follows the punctuation after a word, but an apostrophe belongs to the word.
_CLOSING = lazy_pattern("(?:[.,;:!?\u2026)\\]\u201d\u00bb]|\u2019(?!\\w))+(?!\\w)")
_INLINE_FIELDS = ("children", "caption", "term", "title")
_FORMS = INLINE_CONTAINERS - {Link, Mention}


class _Marks:
    """The marks of the printed addresses, by the address as it is printed."""

    def __init__(self, marks: dict[str, Inline]) -> None:
        self._marks = marks
        self._own = frozenset(map(id, marks.values()))

    def of(self, shown: str) -> Inline | None:
        return self._marks.get(shown)

    def __contains__(self, node: object) -> bool:
        return id(node) in self._own


def addresses_in_notes(post: Post, context: Context) -> Post:
    """Returns ``post`` with a note for each address outside the book to which its text links.

    Repeated links share one note; a link whose text is its address has none. Within a note, the
    address follows the link in parentheses.
    """
    numbers = _number_addresses(post)
    taken = {note.id for note in post.footnotes} | {node.id for node in walk(post)}
    ids = {
        shown: _find_free_name(f"link-{number}", taken) for shown, (number, _) in numbers.items()
    }
    address_notes = [
        Footnote(ids[shown], (Paragraph((_link(shown, href),)),))
        for shown, (_, href) in numbers.items()
    ]
    body = _mark(post.body, _Marks({shown: NoteRef(name) for shown, name in ids.items()}))
    notes = tuple(map(_write_addresses, post.footnotes))
    if not address_notes and all(
        new is old for new, old in zip(notes, post.footnotes, strict=True)
    ):
        return post
    return order_notes(
        msgspec.structs.replace(post, body=body, footnotes=(*notes, *address_notes)), context
    )


def addresses_at_end(post: Post, context: Context) -> Post:
    """Returns ``post`` with numbers in brackets after its links, and a list of the addresses at the
    end.
    """
    numbers = _number_addresses(post)
    notes = tuple(map(_write_addresses, post.footnotes))
    if not numbers:
        same = all(new is old for new, old in zip(notes, post.footnotes, strict=True))
        return post if same else msgspec.structs.replace(post, footnotes=notes)
    taken = {node.id for node in walk(post)}
    ids = {
        shown: _find_free_name(f"link-{number}", taken) for shown, (number, _) in numbers.items()
    }
    key = post.metadata.key

    marks: dict[str, Inline] = {
        shown: Superscript(
            (Link((Text(f"[{number}]"),), book_address(key, ids[shown])),), classes=("mark",)
        )
        for shown, (number, _) in numbers.items()
    }
    items = tuple(
        ListItem((Paragraph((_link(shown, href),)),), id=ids[shown])
        for shown, (_, href) in numbers.items()
    )
    language = post.metadata.language or context.language
    # With the classes of notes at a chapter's end, the heading is not listed in the contents.
    title = Heading(
        (Text(wording(language).links),),
        2,
        classes=("endnotes-title",),
        attributes=marks_of_own_words(language),
    )
    at_end = Group((title, List(items, ordered=True)), classes=("endnotes", "link-notes"))
    body = (*_mark(post.body, _Marks(marks)), at_end)
    return msgspec.structs.replace(post, body=body, footnotes=notes)


def _number_addresses(post: Post) -> dict[str, tuple[int, str]]:
    """Returns the number and the href of each address to print, by its printed form, in order."""
    found: dict[str, tuple[int, str]] = {}
    for node in walk(post.body):
        shown = _find_address(node)
        if shown and isinstance(node, Link):
            found.setdefault(shown, (len(found) + 1, node.href))
    return found


def _find_address(node: Node) -> str:
    """Returns the printed form of a link's address; empty if the text is the address, or there is
    none.
    """
    if not isinstance(node, Link) or not _OUTSIDE.match(node.href):
        return ""
    text = " ".join(plain_text(node).split())
    shown = shorten_address(node.href)
    return "" if not text or shorten_address(text).casefold() == shown.casefold() else shown


def _link(shown: str, href: str) -> Link:
    return Link((Text(shown),), href, classes=("address",))


def _write_addresses(note: Footnote) -> Footnote:
    """Inserts the addresses of a note's links after them, in parentheses."""

    def visit(node: Node) -> Node | tuple[Node, ...]:
        shown = _find_address(node)
        if not shown or not isinstance(node, Link):
            return node
        address = _link(shown, node.href)
        return (node, Text(" ("), address, Text(")"))

    result: Footnote = rewrite(note, visit, {Link})
    return result


def _mark(body: tuple[Block, ...], marks: _Marks) -> tuple[Block, ...]:
    def visit(node: Node) -> Node:
        if isinstance(node, Link):
            return node
        changed: dict[str, Any] = {}
        for name in CHILD_FIELDS[type(node)]:
            if name not in _INLINE_FIELDS:
                continue
            inlines = getattr(node, name)
            if any(is_inline(child) for child in inlines):
                marked = tuple(_insert_marks(inlines, marks))
                if marked != inlines:
                    changed[name] = marked
        return msgspec.structs.replace(node, **changed) if changed else node

    result: tuple[Block, ...] = rewrite(body, visit)
    return result


def _insert_marks(inlines: tuple[Inline, ...], marks: _Marks) -> Iterator[Inline]:
    """Yields inlines with a mark after each link, behind any punctuation that follows it."""
    waiting: Inline | None = None
    for position, child in enumerate(inlines):
        node: Inline | None = child
        if waiting is not None:
            closing = _CLOSING.match(child.text) if isinstance(child, Text) else None
            if closing and isinstance(child, Text):
                yield msgspec.structs.replace(child, text=closing[0])
                rest = child.text[closing.end() :]
                node = msgspec.structs.replace(child, text=rest) if rest else None
            yield waiting
            if isinstance(child, NoteRef):
                yield Superscript((Text(","),))
            waiting = None
        if node is None:
            continue
        if isinstance(node, Link):
            waiting = marks.of(_find_address(node))
        elif (inside := _children(node)) and inside[-1] in marks:
            waiting = inside[-1]
            node = msgspec.structs.replace(node, children=inside[:-1])
        # Editors split a link where its style changes; the mark follows the last piece.
        if waiting is not None and _first_mark(inlines[position + 1 :], marks) is waiting:
            waiting = None
        yield node
    if waiting is not None:
        yield waiting


def _first_mark(inlines: tuple[Inline, ...], marks: _Marks) -> Inline | None:
    """Returns the mark of the link with which ``inlines`` begin, ignoring spaces; None if they do
    not.
    """
    for node in inlines:
        if isinstance(node, Text) and not node.text.strip():
            continue
        if isinstance(node, Link):
            return marks.of(_find_address(node))
        return _first_mark(_children(node), marks)
    return None


def _children(node: Inline) -> tuple[Inline, ...]:
    """Returns the children of a node that only styles its text; empty for other nodes."""
    children: tuple[Inline, ...] = getattr(node, "children", ()) if type(node) in _FORMS else ()
    return children


def _find_free_name(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "-"
    taken.add(name)
    return name
