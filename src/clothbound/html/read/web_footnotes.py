"""Converts footnotes of web pages, with the marks and lists that programs write, to notes.

Pandoc, Hugo, kramdown, markdown-it, Python-Markdown and GitHub put the list into a division with
the class ``footnotes`` or the role ``doc-endnotes`` (DPUB-ARIA 1.1); WordPress gives the list a
class. Hatena Blog has a paragraph for each note, which begins with its number. Only such lists are
read, and of these only items to which a link leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import is_
from typing import Any
from urllib.parse import unquote

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.check import canonical, canonical_inlines
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Footnote, Metadata, Post
from ...model.walk import rewrite, walk

_CLASSES = frozenset({"footnotes", "footnote", "endnotes"})
WORDPRESS_NOTES = "wp-block-footnotes"
"""The class of the list of notes that WordPress writes."""
_LIST_CLASSES = frozenset({WORDPRESS_NOTES, "footnotes", "footnotes-list"})
_RULE = "footnotes-sep"
_BACK_CLASSES = frozenset(
    {"footnote-back", "footnote-backref", "data-footnote-backref", "reversefootnote"}
)
_NUMBER = "footnote-number"
_DELIMITER = "footnote-delimiter"
"""The classes of the number before a note at Hatena Blog, which leads back to the mark, and of the colon behind it."""
_MARK = lazy_pattern(r"[\[(]?(?:\d{1,4}|[ivxlcdm]{1,6}|\w|\W{1,4}\d{0,3})?[\])]?[.:]?")
"""Matches the text of a mark, or of a link back to it, without words: a number, a letter, signs."""
_PREFIX = lazy_pattern(r"(?:user-content-)?fn[:-]?(?=[\w-])")
_MARKED: frozenset[type[Node]] = frozenset({i.Link, i.Superscript, i.Span})
_SPACE = " \t\n\r\f\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Noted:
    """The blocks of a page without its notes, the notes, and the findings."""

    blocks: tuple[b.Block, ...]
    footnotes: tuple[Footnote, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


def take_notes(blocks: tuple[b.Block, ...], source: str) -> Noted:
    """Returns ``blocks`` with links to notes replaced by NoteRefs, and the notes."""
    blocks = tuple(_with_list_of_notes(block) for block in blocks)
    items: dict[str, b.ListItem] = {}
    for item in _items(blocks, within=False):
        items.setdefault(_id_of(item), item)
    items.pop("", None)
    cited = _cited_ids(blocks, items) if items else set()
    if not cited:
        return Noted(blocks)
    taker = _Taker(_short_names(name for name in items if name in cited), items, source)
    taker.find_marks(blocks)
    body = rewrite(taker.without_lists(blocks, within=False), taker.mark, _MARKED)
    notes = tuple(
        Footnote(name, taker.content(items[written])) for written, name in taker.names.items()
    )
    post = canonical(Post(Metadata(), body, notes))
    return Noted(post.body, post.footnotes, tuple(taker.findings))


def _is_notes(node: Node) -> bool:
    """Whether a division is marked as the container of the notes."""
    given = dict(node.attributes)
    return (
        not _CLASSES.isdisjoint(node.classes)
        or given.get("role") == "doc-endnotes"
        or "footnotes" in given
    )


def _with_list_of_notes(block: b.Block) -> b.Block:
    """Returns a block in which paragraphs of notes that begin with their numbers are a list of notes."""
    if not isinstance(block, b.Group):
        return block
    if _is_notes(block) and block.children and all(map(_begins_with_number, block.children)):
        items = tuple(_item_of(child) for child in block.children if isinstance(child, b.Paragraph))
        return msgspec.structs.replace(block, children=(b.List(items, ordered=True),))
    children = tuple(_with_list_of_notes(child) for child in block.children)
    same = all(map(is_, children, block.children))
    return block if same else msgspec.structs.replace(block, children=children)


def _begins_with_number(block: b.Block) -> bool:
    first = block.children[0] if isinstance(block, b.Paragraph) and block.children else None
    return isinstance(first, i.Link) and _NUMBER in first.classes and first.id != ""


def _item_of(paragraph: b.Paragraph) -> b.ListItem:
    number, *words = paragraph.children
    words = [node for node in words if _DELIMITER not in node.classes]
    text = msgspec.structs.replace(paragraph, children=tuple(words))
    return b.ListItem((text,), id=number.id, line=paragraph.line)


def _items(blocks: Iterable[b.Block], *, within: bool) -> Iterator[b.ListItem]:
    """Yields the items of the lists of notes, some of which may not be notes."""
    for block in blocks:
        if isinstance(block, b.Group):
            yield from _items(block.children, within=within or _is_notes(block))
        elif isinstance(block, b.List) and (within or _is_notes_list(block)):
            yield from block.items


def _is_notes_list(node: b.List) -> bool:
    return not _LIST_CLASSES.isdisjoint(node.classes) or _is_notes(node)


def _id_of(item: b.ListItem) -> str:
    """Returns the id by which links lead to an item: its own, or that of its first paragraph."""
    return item.id or next((child.id for child in item.children[:1]), "")


def _cited_ids(blocks: tuple[b.Block, ...], items: dict[str, b.ListItem]) -> set[str]:
    """Returns the ids of the items to which a link outside of them leads, or that say that they are notes."""
    own = {name: sum(_leads_to(n, name) for n in walk(item)) for name, item in items.items()}
    counts = dict.fromkeys(items, 0)
    for node in walk(blocks):
        if isinstance(node, i.Link) and (name := _target(node)) in counts:
            counts[name] += 1
    return {
        name
        for name, count in counts.items()
        if count > own[name] or ("role", "doc-footnote") in items[name].attributes
    }


def _leads_to(node: Node, name: str) -> bool:
    return isinstance(node, i.Link) and _target(node) == name


def _target(link: i.Link) -> str:
    return unquote(link.href[1:]) if link.href.startswith("#") else ""


def _short_names(written: Iterable[str]) -> dict[str, str]:
    """Returns short names of notes by their ids, such as ``1`` for ``fn:1``, if they are unique;
    else none.
    """
    names: dict[str, str] = {}
    for identifier in written:
        short = _PREFIX.sub("", identifier, count=1) if _PREFIX.match(identifier) else identifier
        names[identifier] = identifier if short in names.values() else short
    return names


class _Taker:
    """Removes the notes ``names`` (by the ids of their items) from a page."""

    def __init__(self, names: dict[str, str], items: dict[str, b.ListItem], source: str) -> None:
        self.names = names
        self.findings: list[Diagnostic] = []
        self._source = source
        self._taken = {id(items[name]) for name in names}
        self._marks: set[str] = set()
        """The ids of the marks, to which links in the notes lead back."""

    def find_marks(self, blocks: tuple[b.Block, ...]) -> None:
        for node in walk(blocks):
            inner = node.children if isinstance(node, i.Superscript | i.Span) else (node,)
            if node.id and any(isinstance(n, i.Link) and _target(n) in self.names for n in inner):
                self._marks.add(node.id)

    def without_lists(self, blocks: tuple[b.Block, ...], *, within: bool) -> tuple[b.Block, ...]:
        """Returns ``blocks`` without the notes, and without the rules and headings above them."""
        remaining: list[b.Block] = []
        for block in blocks:
            if isinstance(block, b.Group):
                remaining += self._without_list(block, within)
            elif isinstance(block, b.List) and (within or _is_notes_list(block)):
                remaining += self._rest_of(block)
            elif not (isinstance(block, b.ThematicBreak) and _RULE in block.classes):
                remaining.append(block)
        return tuple(remaining)

    def _rest_of(self, block: b.List) -> Iterator[b.List]:
        """Yields what remains of a list without its notes; its first item keeps its number."""
        numbered = enumerate(block.items, block.start)
        rest = [(number, item) for number, item in numbered if id(item) not in self._taken]
        if len(rest) == len(block.items):
            yield block
        elif rest:
            start = rest[0][0] if block.ordered else 1
            yield msgspec.structs.replace(block, items=tuple(item for _, item in rest), start=start)

    def _without_list(self, group: b.Group, within: bool) -> Iterator[b.Block]:
        children = self.without_lists(group.children, within=within or _is_notes(group))
        if children == group.children:
            yield group
            return
        if _is_notes(group) and not any(isinstance(node, b.List) for node in walk(children)):
            children = tuple(child for child in children if not self._is_opener(child))
        if children:
            yield msgspec.structs.replace(group, children=children)

    def _is_opener(self, block: b.Block) -> bool:
        """Whether a block only announces the notes below it."""
        if isinstance(block, b.Heading):
            self._leave_out("the heading of the footnotes was left out", block)
            return True
        return isinstance(block, b.ThematicBreak)

    def mark(self, node: Node) -> Any:
        """Replaces a link to a note by a mark, after any text that is not part of the mark."""
        if isinstance(node, i.Link) and (name := self.names.get(_target(node))):
            mark = i.NoteRef(name, line=node.line)
            return mark if _says_nothing(node) else (*node.children, mark)
        if isinstance(node, i.Superscript | i.Span):
            marks = [child for child in node.children if isinstance(child, i.NoteRef)]
            signs = [child for child in node.children if not isinstance(child, i.NoteRef)]
            if marks and not any(c.isalnum() for c in plain_text(signs)) and _are_texts(signs):
                return tuple(marks)
        return node

    def content(self, item: b.ListItem) -> tuple[b.Block, ...]:
        """Returns the text of a note without the links back."""

        def visit(node: Node) -> Any:
            if isinstance(node, i.Link) and self._is_back(node):
                return None
            return self.mark(node)

        children: tuple[b.Block, ...] = rewrite(item.children, visit, _MARKED)
        result: list[b.Block] = []
        for block in children:
            if not isinstance(block, b.Paragraph):
                result.append(block)
            elif words := _trim(block.children):
                name = "" if block.id in self.names else block.id
                result.append(msgspec.structs.replace(block, children=words, id=name))
        return tuple(result)

    def _is_back(self, link: i.Link) -> bool:
        """Whether a link leads from a note back to its mark.

        A link that is recognized by its words is reported.
        """
        given = dict(link.attributes)
        if (
            not _BACK_CLASSES.isdisjoint(link.classes)
            or given.get("role") == "doc-backlink"
            or "footnote-backref" in given
        ):
            if not _says_nothing(link):
                self._leave_out("a link from a footnote to its mark was left out", link)
            return True
        return _target(link) in self._marks and _says_nothing(link)

    def _leave_out(self, message: str, node: Node) -> None:
        words = plain_text(node)
        self.findings.append(
            Diagnostic(
                DiagnosticCode.NODE_CHROME, message, self._source, node.line, Severity.INFO, words
            )
        )


def _says_nothing(link: i.Link) -> bool:
    return _are_texts(link.children) and _MARK.fullmatch(plain_text(link).strip()) is not None


def _are_texts(nodes: Iterable[Node]) -> bool:
    """Whether ``nodes`` contain only text."""
    return all(isinstance(node, i.Text | i.Superscript | i.Span) for node in walk(tuple(nodes)))


def _trim(nodes: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """Returns inlines without the spaces that links left at both ends."""
    trimmed = list(canonical_inlines(nodes))
    while trimmed:
        last = trimmed[-1]
        if not isinstance(last, i.Text | i.LineBreak):
            break
        trimmed.pop()
        if isinstance(last, i.Text) and (text := last.text.rstrip(_SPACE)):
            trimmed.append(msgspec.structs.replace(last, text=text))
            break
    first = trimmed[0] if trimmed else None
    if isinstance(first, i.Text):
        text = first.text.lstrip(_SPACE)
        trimmed[:1] = [msgspec.structs.replace(first, text=text)] if text else []
    return tuple(trimmed)
