"""Reads the HTML that ``html/write`` writes: cards, players, boxes, polls, verses and tables become nodes again.

Only what has the structure that is written here, and no word besides, is taken; everything else with such a class stays
what it is. Readers of other platforms' exports give their cards this markup too (``html/write/cards.py``), so that
there is one way from a card to a node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.grid import grid_of
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.walk import rewrite
from ...web.addresses import host_of
from ...web.html_elements import LONG_NUMBERS
from ...web.providers import provider_of

_EMBED = "embed-"
_CALLOUT = "callout-"
_ALIGN = "align-"
_ALIGNMENTS: tuple[b.Alignment, ...] = ("left", "center", "right")
_DURATION = lazy_pattern(r"\((\d{1,4}):([0-5]\d)\)")
_GENERIC = frozenset({("tabindex", "0"), ("role", "note")})
"""Attributes that each such element is written with."""
_KINDS: frozenset[type[Node]] = frozenset({b.Group, b.Paragraph, b.List, b.CodeBlock, b.Gallery})

Parts: TypeAlias = Sequence[b.Block]


def type_own_markup(blocks: tuple[b.Block, ...]) -> tuple[b.Block, ...]:
    """Returns ``blocks`` with the markup of our own writer as the nodes of which it was made."""
    return rewrite(blocks, _visit, _KINDS)


def _visit(node: Node) -> Node:
    match node:
        case b.Group(children, classes=classes):
            for name in classes:
                if (read := _GROUPS.get(name)) and (made := read(children, node)) is not None:
                    return _common(made, node, name)
        case b.Paragraph(children, classes=classes):
            for name in classes:
                if (of_paragraph := _PARAGRAPHS.get(name)) and (made := of_paragraph(children)):
                    return _common(made, node, name)
        case b.List(items, classes=classes) if "tasks" in classes:
            return _common(
                msgspec.structs.replace(node, items=tuple(map(_task, items))), node, "tasks"
            )
        case b.List(ordered=True, classes=classes) if any(c in LONG_NUMBERS for c in classes):
            return _common(node, node, "digits")
        case b.Gallery() if "gallery" in node.classes:
            return _common(node, node, "gallery")
        case b.CodeBlock(attributes=attributes) if not _GENERIC.isdisjoint(attributes):
            return msgspec.structs.replace(node, attributes=_own(attributes))
    return node


def _common(made: Node, node: Node, name: str) -> Node:
    """Returns ``made`` with the id, line, and the classes and attributes that the author gave ``node``."""
    classes = tuple(c for c in node.classes if c != name and not c.startswith(f"{name}-"))
    attributes = _own(node.attributes)
    if type(made) is not type(node):
        classes = (*made.classes, *classes)
        attributes = (*made.attributes, *attributes)
    return msgspec.structs.replace(
        made,
        id=made.id or node.id,
        classes=classes,
        attributes=attributes,
        line=made.line or node.line,
    )


def _own(attributes: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in attributes if pair not in _GENERIC)


def _embed(children: Parts, node: b.Group) -> Node | None:
    kind = next((c.removeprefix(_EMBED) for c in node.classes if c.startswith(_EMBED)), "")
    parts = _Card.of(children)
    if not kind or parts is None:
        return None
    if kind in ("audio", "video") and (media := parts.media(kind)) is not None:
        return media
    return parts.embed(kind)


class _Card(msgspec.Struct):
    """The parts of a card, as they are found."""

    thumbnail: str = ""
    title: tuple[i.Inline, ...] = ()
    texts: list[str] = []
    byline: str = ""
    source: tuple[i.Inline, ...] = ()

    @classmethod
    def of(cls, children: Parts) -> _Card | None:
        """Returns the parts of a card; None if it holds anything else, or a part twice."""
        card = cls()
        for child in children:
            match child:
                case b.Figure(image, caption=(), classes=("embed-thumbnail",)) if (
                    not card.thumbnail
                ):
                    card.thumbnail = image.src
                case b.Paragraph(title, classes=("embed-title",)) if not card.title:
                    card.title = title
                case b.Paragraph(text, classes=("embed-text",)) if _is_plain(text):
                    card.texts.append(plain_text(text))
                case b.Paragraph(text, classes=("embed-byline",)) if not card.byline and _is_plain(
                    text
                ):
                    card.byline = plain_text(text)
                case b.Paragraph(source, classes=("embed-source",)) if not card.source:
                    card.source = source
                case _:
                    return None
        return card if card.source else None

    def embed(self, kind: str) -> b.Embed | None:
        """Returns the embed; None if its parts hold more than words and one address."""
        href, title = _linked(self.title)
        of_source, label = _linked(self.source)
        if title is None or label is None or (href and of_source and href != of_source):
            return None
        href = href or of_source
        provider = provider_of(href)
        author, _, date = self.byline.rpartition(" · ")
        if not author:
            author, date = ("", self.byline) if self.byline[-4:].isdigit() else (self.byline, "")
        known = provider.name if provider is not None else ""
        host = host_of(href)
        is_host = label == kind or (host != "" and label.startswith(host))
        return b.Embed(
            "other" if kind == "other" else kind,
            href,
            known if is_host else label.partition(": ")[0],
            title=title,
            text="\n".join(self.texts),
            author=author,
            date=date,
            thumbnail=self.thumbnail,
        )

    def media(self, kind: str) -> b.Media | None:
        """Returns the player; None if the card is an embed of a service."""
        if self.texts or self.byline or not isinstance(self.source[0], i.Text):
            return None
        if provider_of(_linked(self.source)[0]) is not None:
            return None
        match self.source:
            case (i.Text(_), i.Link(_, src)):
                pass
            case (i.Text(_),):
                src = ""
            case _:
                return None
        found = _DURATION.search(self.source[0].text)
        seconds = float(int(found[1]) * 60 + int(found[2])) if found else 0.0
        return b.Media(
            "audio" if kind == "audio" else "video", src, self.thumbnail, self.title, seconds
        )


def _callout(children: Parts, node: b.Group) -> Node | None:
    kind = next((c.removeprefix(_CALLOUT) for c in node.classes if c.startswith(_CALLOUT)), "")
    match children:
        case (b.Paragraph(title, classes=("callout-title",)), *rest):
            return b.Callout(tuple(rest), title, kind)
        case _ if ("role", "note") in node.attributes:
            return b.Callout(tuple(children), (), kind)
    return None


def _conditional(children: Parts, node: b.Group) -> Node | None:  # noqa: ARG001
    return b.Conditional(tuple(children))


def _verse(children: Parts, node: b.Group) -> Node | None:  # noqa: ARG001
    stanzas: list[i.Inline] = []
    for child in children:
        if not isinstance(child, b.Paragraph) or child.classes:
            return None
        stanzas += [i.LineBreak(), i.LineBreak()] if stanzas else []
        stanzas += child.children
    return b.Verse(tuple(stanzas)) if stanzas else None


def _only(kind: type[b.Block]) -> Callable[[Parts, b.Group], Node | None]:
    """Returns a function for a division that is there to be scrolled, around one block."""

    def read(children: Parts, node: b.Group) -> Node | None:  # noqa: ARG001
        return children[0] if len(children) == 1 and isinstance(children[0], kind) else None

    return read


def _table(children: Parts, node: b.Group) -> Node | None:  # noqa: ARG001
    match children:
        case (b.Table() as table,):
            return _with_alignments(table)
    return None


def _with_alignments(table: b.Table) -> b.Table:
    """Returns a table whose columns have the alignments that the classes of its cells name."""
    grid = grid_of(table)
    found: dict[int, b.Alignment] = {}
    for placed in (placed for row in (*grid.head, *grid.rows) for placed in row):
        for name in _ALIGNMENTS:
            if _ALIGN + name in placed.cell.classes:
                found.setdefault(placed.column, name)
    if not found:
        return table
    return msgspec.structs.replace(
        table,
        alignments=tuple(found.get(column, "") for column in range(grid.columns)),
        head=tuple(map(_without_alignments, table.head)),
        rows=tuple(map(_without_alignments, table.rows)),
    )


def _without_alignments(row: tuple[b.Cell, ...]) -> tuple[b.Cell, ...]:
    return tuple(
        msgspec.structs.replace(
            cell, classes=tuple(c for c in cell.classes if not c.startswith(_ALIGN))
        )
        for cell in row
    )


def _poll(children: Parts, node: b.Group) -> Node | None:  # noqa: ARG001
    match children:
        case (b.Paragraph(asked), *rest) if len(rest) <= 1:
            href, question = _linked(asked)
            options = _items(rest[0]) if rest else ()
            if question is not None and options is not None:
                return b.Poll(question, options, href)
    return None


def _recipe(children: Parts, node: b.Group) -> Node | None:  # noqa: ARG001
    match children:
        case (b.Paragraph(named, classes=("recipe-title",)), *lists):
            href, title = _linked(named)
            kinds = [item.ordered for item in lists if isinstance(item, b.List)]
            read = [_items(item) for item in lists]
            if title is None or kinds not in ([], [False], [True], [False, True]) or None in read:
                return None
            if len(kinds) != len(lists):
                return None
            words = dict(zip(kinds, (r or () for r in read), strict=True))
            return b.Recipe(title, words.get(False, ()), words.get(True, ()), href)
    return None


def _file(children: Sequence[i.Inline]) -> Node | None:
    match [child for child in children if not _is_blank(child)]:
        case [i.Link(words, src)] if _is_plain(words):
            return b.FileDownload(src, plain_text(words))
        case [i.Link(words, src), i.Span(size, classes=("size",))] if _is_plain((*words, *size)):
            return b.FileDownload(src, plain_text(words), plain_text(size))
    return None


def _button(children: Sequence[i.Inline]) -> Node | None:
    match [child for child in children if not _is_blank(child)]:
        case [i.Link(words, href)] if _is_plain(words) and plain_text(words).strip():
            return b.Button(plain_text(words), href)
    return None


def _task(item: b.ListItem) -> b.ListItem:
    match item.children:
        case (b.Paragraph((i.Span((i.Text(mark),), classes=("task",)), *rest)) as first, *others):
            if rest and isinstance(rest[0], i.Text):
                rest[0] = msgspec.structs.replace(rest[0], text=rest[0].text.removeprefix(" "))
            text = msgspec.structs.replace(first, children=tuple(rest))
            return msgspec.structs.replace(
                item, children=(text, *others), checked=mark.strip() == "☑"
            )
    return item


def _items(node: b.Block) -> tuple[str, ...] | None:
    """Returns the words of a list's items; None if they hold more than words."""
    if not isinstance(node, b.List):
        return None
    words = []
    for item in node.items:
        match item.children:
            case (b.Paragraph(text),) if _is_plain(text):
                words.append(plain_text(text))
            case _:
                return None
    return tuple(words)


def _linked(children: tuple[i.Inline, ...]) -> tuple[str, str | None]:
    """Returns the address and the words of a part that is words, one link, or words before a link.

    The words are None if there is more in it.
    """
    match children:
        case (i.Link(words, href),) if _is_plain(words):
            return href, plain_text(words)
        case (i.Text(label), i.Link(words, href)) if _is_plain(words):
            return href, label + plain_text(words)
        case _ if _is_plain(children):
            return "", plain_text(children)
    return "", None


def _is_plain(children: Iterable[i.Inline]) -> bool:
    return all(isinstance(child, i.Text) for child in children)


def _is_blank(node: i.Inline) -> bool:
    return isinstance(node, i.Text) and not node.text.strip()


_GROUPS: dict[str, Callable[[Parts, b.Group], Node | None]] = {
    "embed": _embed,
    "callout": _callout,
    "conditional": _conditional,
    "verse": _verse,
    "math": _only(b.MathBlock),
    "table": _table,
    "poll": _poll,
    "recipe": _recipe,
}
_PARAGRAPHS: dict[str, Callable[[Sequence[i.Inline]], Node | None]] = {
    "file": _file,
    "button": _button,
}
