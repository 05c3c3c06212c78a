"""One post as the source of one chapter: its opener, its text, its notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from ....context import Context
from ....model.blocks import Block, Heading, Paragraph
from ....model.inlines import Image, Inline, Link, Strong, Text
from ....model.post import Footnote, Post
from ....model.walk import picture_words, plain_text, walk
from ..fonts import Measure
from ..footnotes import ending, have_room_at_foot
from ..opening_line import opening_line
from ..page import PageFormat
from .blocks import Blocks
from .inlines import Book
from .source import breakable, content, language_arguments, literal


@dataclass(frozen=True, slots=True)
class Setting:
    """How the chapters of a book are set."""

    page: PageFormat
    notes_at_foot: bool
    level: int
    """Of a chapter's title in the outline: 1, or 2 below parts."""
    measure: Measure
    """Of the text's face and size."""
    language: str
    """The book's, a BCP 47 tag."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a post, or a note at its end, as source on one line of its own: what Typst refuses is
    named by its line.
    """

    source: str
    line: int = 0
    """In the post's file; 0 unknown."""
    place: int | None = None
    """Of the block in the post's body; None: of no block."""
    notes: tuple[str, ...] = ()
    """The ids of the notes that are written in it."""
    anchors: tuple[str, ...] = ()
    """The names of places in it."""


class Chapter(Blocks):
    """Writes the text of one post, once. ``at_end`` follows it."""

    def __init__(self, post: Post, book: Book, context: Context, setting: Setting) -> None:
        super().__init__(post, book, context, setting.page)
        self._setting = setting
        self._notes = {note.id: note for note in post.footnotes}
        self._numbers = {note.id: n for n, note in enumerate(post.footnotes, 1)}
        self._written: set[str] = set()
        self._at_foot: list[str] = []
        self._at_end: list[Footnote] = []
        self._note_depth = 0
        self._notes_at_foot = setting.notes_at_foot and have_room_at_foot(
            post, setting.page, setting.measure
        )

    def heading_level(self, level: int) -> int:
        return super().heading_level(level) + self._setting.level - 1

    def _heading(self, node: Heading, children: tuple[Inline, ...], level: int) -> list[str]:
        if not self._note_depth:
            return super()._heading(node, children, level)
        # It is a heading of the note, not of the text: a tagged PDF may skip no level.
        parts = [*self.anchor(node), *self.paragraph((Strong(children),))]
        return [f"bold-heading({content(parts)})"] if parts else []

    def body(self, *, lead: bool) -> list[Piece]:
        """The text. With ``lead``, its first line is set apart."""
        pieces = []
        for place, block in enumerate(self.post.body):
            anchors, notes = len(self.anchors), len(self._at_foot)
            parts = self._opening(block) if lead and not place else None
            source = ";".join(self.block(block) if parts is None else parts)
            if source:
                pieces.append(
                    Piece(
                        source,
                        next((node.line for node in walk(block) if node.line), 0),
                        place,
                        tuple(self._at_foot[notes:]),
                        tuple(islice(self.anchors, anchors, None)),
                    )
                )
        return pieces

    def _opening(self, first: Block) -> list[str] | None:
        """The first paragraph with its first line set apart, where that looks well."""
        if type(first) is not Paragraph or first.classes or first.attributes:
            return None
        split = split_opening(first.children, self._setting.measure, self._room)
        if split is None:
            return None
        opening, rest, fills = split
        words = content(self.paragraph(opening))
        # Where words of the usual size can go on in the line, they do.
        written = [f"lead({words})"] if fills else [f"lead-words({words})", '" "']
        parts = [*self.anchor(first), *written, *self.paragraph(rest)]
        return [f"par({content(parts)})"]

    # notes

    def note_mark(self, target: str) -> str:
        note = self._notes.get(target)
        if note is None:
            return f"super({literal(f'[{target}]')})"
        number = self._numbers[target]
        name = f"{self.post.metadata.key}--note--{number}"
        mark = f'super("{number}")' if self._in_head else f'mark("{number}", {literal(name)})'
        if target in self._written:
            return mark
        self._written.add(target)
        if not self._notes_at_foot:
            self._at_end.append(note)
            return mark
        self.anchors[name] = None
        self._at_foot.append(target)
        # It stands outside of the chapter, whose language it does not know.
        run = language_arguments(self.language) if self.language != self._setting.language else ""
        more = f", run: ({run})" if run else ""
        return f'note("{number}", {literal(name)}, {self._note_body(note)}{more})'

    def _note_body(self, note: Footnote) -> str:
        saved = self._after_space, self._keeps_spaces, self._depth, self._room, self._level
        self._keeps_spaces, self._depth, self._level = False, 0, 2
        self._room = self._page.measure
        self._note_depth += 1
        parts = self.run_in(note.children)
        self._note_depth -= 1
        self._after_space, self._keeps_spaces, self._depth, self._room, self._level = saved
        return content(parts)

    def at_end(self, title: str) -> list[Piece]:
        """The notes that the chapter ends with, under their title."""
        pieces: list[Piece] = []
        # What a note marks itself follows it.
        self._notes_at_foot = False
        for note in ending(self.post.footnotes, self._at_end, self._written):
            number = self._numbers[note.id]
            name = f"{self.post.metadata.key}--note--{number}"
            anchors = len(self.anchors)
            self.anchors[name] = None
            body = self._note_body(note)
            source = f'endnote("{number}", {literal(name)}, {body})'
            places = tuple(islice(self.anchors, anchors, None))
            line = next((node.line for node in walk(note) if node.line), 0)
            pieces.append(Piece(source, line, None, (note.id,), places))
        if pieces:
            head = f"notes-title({self.heading_level(2)}, {literal(title)})"
            pieces.insert(0, Piece(head))
        return pieces


def split_opening(
    nodes: Sequence[Inline], measure: Measure, width: float
) -> tuple[list[Inline], list[Inline], bool] | None:
    """The nodes of a paragraph's first line in small capitals, the rest, and whether they fill the
    line well when it is justified; None where ``opening_line`` says so.
    """
    runs = _roman_runs(nodes)
    text = "".join(run for run, _ in runs)
    if text[:1].isspace():
        return None
    opening = opening_line(text, measure, width, complete=len(runs) == len(nodes))
    if opening is None:
        return None
    length, fills = opening
    return *_split(nodes, length), fills


def _roman_runs(nodes: Sequence[Inline]) -> list[tuple[str, Inline]]:
    """The texts that the paragraph begins with, as far as they stand in roman type."""
    runs: list[tuple[str, Inline]] = []
    for node in nodes:
        text = _only_text(node)
        if text is None:
            break
        runs.append((text, node))
    return runs


def _only_text(node: Inline) -> str | None:
    if type(node) is Text:
        return node.text
    if isinstance(node, Strong) and not (node.id or node.attributes):
        inner = node.children
    elif isinstance(node, Link) and not (node.id or node.attributes):
        # One within the book may get the number of a page after it.
        if node.href.startswith(("clothbound:", "#")):
            return None
        inner = node.children
    else:
        return None
    return inner[0].text if len(inner) == 1 and type(inner[0]) is Text else None


def _split(nodes: Sequence[Inline], length: int) -> tuple[list[Inline], list[Inline]]:
    opening: list[Inline] = []
    left = length
    for number, node in enumerate(nodes):
        text = _only_text(node) or ""
        if len(text) <= left and left:
            opening.append(node)
            left -= len(text)
            continue
        if not left:
            return opening, [*nodes[number:]]
        opening.append(_with_text(node, text[:left].rstrip(" ")))
        return opening, [_with_text(node, text[left:]), *nodes[number + 1 :]]
    return opening, []


def _with_text(node: Inline, text: str) -> Inline:
    if isinstance(node, Strong):
        return Strong((Text(text),))
    if isinstance(node, Link):
        return Link((Text(text),), node.href, node.title)
    return Text(text)


def plain_piece(piece: Piece, post: Post) -> Piece:
    """The words of a block and its notes alone, for one that cannot be set as it is."""
    blocks = () if piece.place is None else (post.body[piece.place],)
    numbered = [(n, note) for n, note in enumerate(post.footnotes, 1) if note.id in piece.notes]
    pictures = [picture_words(node) for node in walk(blocks) if type(node) is Image]
    parts = [
        *_places(piece.anchors),
        *_plain("\n\n".join(f"[{words}]" for words in pictures if words)),
        *_plain(plain_text(blocks)),
        *(line for n, note in numbered for line in _plain(f"{n}. {plain_text(note)}")),
    ]
    return Piece(";".join(parts), piece.line)


def plain_post(post: Post, anchors: Iterable[str]) -> Piece:
    """The words of a post alone."""
    return Piece(";".join([*_places(anchors), *_plain(plain_text(post))]))


def _places(names: Iterable[str]) -> list[str]:
    return [f"at({literal(name)})" for name in names]


def _plain(text: str) -> list[str]:
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return [f"par({literal(breakable(part))})" for part in paragraphs if part]
