"""Writes one chapter as Typst source: its text and its notes, in pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from xml.etree.ElementTree import Element

from ....context import Context
from ....diagnostics import Outcome
from ....escape import attribute
from ....html.write.target import MathMarkup
from ....model.blocks import Heading, MathBlock
from ....model.inlines import Image, Math
from ....model.node import Node
from ....model.plain_text import picture_words, plain_text
from ....model.post import Footnote, Post
from ....model.walk import walk
from ..chapter_openings import break_beside_drop
from ..chapter_tree import break_words
from ..chapters import PrintChapter
from ..footnotes import notes_section
from ..page_format import PageFormat
from ..page_starts import BLOCK, NOTE
from ..print_target import PrintFiles, PrintTarget
from ..theme import DROP_GAP, Theme
from .block_contents import space_after
from .emit_blocks import BlockEmitter
from .emit_inlines import EmitterState, Item, items
from .literals import content, language_arguments, literal, name_in
from .post_source import Piece

_IN_NOTE = 2
"""The number of nested blocks for which the layout of a note counts."""


class TypstTarget(PrintTarget):
    """The target of a chapter for Typst: formulas stay TeX in the tree, and are set once their room
    is known.
    """

    def math(self, node: Math | MathBlock) -> MathMarkup:
        if not name_in(node.tex):
            message = "an empty formula was left out"
            self._context.account(Outcome.CHROME, self._post, node, message)
            return MathMarkup("")
        display = ' data-display="block"' if type(node) is MathBlock else ""
        return MathMarkup(
            f'<img class="formula" alt="{attribute(node.tex)}" data-line="{node.line}"{display}/>'
        )


class ChapterEmitter(BlockEmitter):
    """Writes the text and the notes of one post. An instance is used once."""

    def __init__(
        self,
        chapter: PrintChapter,
        context: Context,
        page: PageFormat,
        theme: Theme,
        files: PrintFiles,
        *,
        title_level: int,
        book_language: str,
    ) -> None:
        super().__init__(chapter, context, page, theme, files)
        self.title_level = title_level
        is_foreign = chapter.head.language != book_language
        # A footnote is set outside the chapter, so it must name the chapter's language itself.
        run = language_arguments(chapter.head.language) if is_foreign else ""
        self._note_runs = [f"({run})"] if run else []
        self._end = notes_section(chapter.tree)
        listed = self._end.iterfind(f"div[@{NOTE}]") if self._end is not None else ()
        self._notes = {note.get("id", ""): note for note in listed}
        self.note_names = frozenset(self._notes)
        self._places_notes = chapter.notes_at_foot
        self._lines = {note.id: _line_of(note) for note in chapter.post.footnotes}
        self._at_foot: list[str] = []

    def pieces(self) -> list[Piece]:
        """Writes the text, and the notes at the end of the chapter with their title."""
        break_beside_drop(
            self.chapter.tree,
            self.page,
            self.theme.fonts,
            self.theme.drop_size(self.page),
            DROP_GAP,
            self.theme.lead_spacing,
        )
        found = [self._piece(number, group) for number, group in self._groups()]
        return _mark_before_headings([piece for piece in found if piece.source]) + self._at_end()

    def _groups(self) -> list[tuple[int, list[Item]]]:
        """Groups the chapter's items by the number of the block from which they were made."""
        groups: list[tuple[int, list[Item]]] = []
        for item in items(self.chapter.tree):
            if isinstance(item, str):
                # An override may produce text outside any element.
                number = groups[-1][0] if groups else 0
                if not item.strip():
                    continue
            elif item.tag == "header" or item is self._end:
                continue
            else:
                number = int(item.get(BLOCK, 0))
            if not groups or groups[-1][0] != number:
                groups.append((number, []))
            groups[-1][1].append(item)
        return groups

    def _piece(self, number: int, group: list[Item]) -> Piece:
        block = self.post.body[number]
        self.line = _line_of(block)
        anchors, notes = len(self.anchors), len(self._at_foot)
        parts = self.flow(group, EmitterState(self.page.measure))
        room = next((part for part in parts if part.startswith("room(")), "")
        source = ";".join(part for part in parts if part != room)
        if type(block) is Heading and "{" not in source:
            message = "a heading without words was left out"
            self.context.account(Outcome.CHROME, self.post, block, message)
        return Piece(
            source,
            self.line,
            number,
            tuple(self._at_foot[notes:]),
            tuple(islice(self.anchors, anchors, None)),
            room,
            type(block) is Heading,
        )

    # notes

    def note(self, number: str, name: str) -> str:
        note = self._notes.pop(name, None) if self._places_notes else None
        if note is None:
            return f"mark({number}, {literal(name)})"
        self.anchors[name] = None
        self._at_foot.append(note.get(NOTE, ""))
        own = self.run_arguments(note)
        runs = " + ".join([*self._note_runs, *([f"({own})"] if own else [])])
        run = f", run: {runs}" if runs else ""
        return f"note({number}, {literal(name)}, {self._note_body(note)}{run})"

    def _note_body(self, note: Element) -> str:
        after_space, line = self._after_space, self.line
        self.line = self._lines.get(note.get(NOTE, ""), 0) or line
        state = EmitterState(self.page.measure, level=_IN_NOTE, in_note=True)
        parts = self.flow(items(note), state, runs_in=True)
        self._after_space, self.line = after_space, line
        return content(parts)

    def _at_end(self) -> list[Piece]:
        if self._end is None or not self._notes:
            return []
        pieces = []
        self._places_notes = False
        for name, note in self._notes.items():
            anchors = len(self.anchors)
            self.anchors[name] = None
            number, known = note.get("data-n", ""), note.get(NOTE, "")
            run = self.run_arguments(note)
            body = self._note_body(note)
            if space_after(note):
                body += " + v(theme.note-block-space)"
            source = f"endnote({number}, {literal(name)}, {body})"
            source = f"[#set text({run});#{source}]" if run else source
            places = tuple(islice(self.anchors, anchors, None))
            pieces.append(Piece(source, self._lines[known], None, (known,), places))
        title = "".join(self._end[0].itertext())
        return [Piece(f"notes-title({self.heading_level(2)}, {literal(title)})"), *pieces]


def _mark_before_headings(pieces: list[Piece]) -> list[Piece]:
    """Moves the marks of room for pictures before the headings above them."""
    moved = list(pieces)
    for position in range(len(moved) - 1, 0, -1):
        before, piece = moved[position - 1], moved[position]
        if before.is_heading and piece.room:
            room = piece.room if piece.is_heading else f"{piece.room[:-1]}, headed: true)"
            moved[position - 1] = replace(before, room=room)
            moved[position] = replace(piece, room="")
    return moved


def _line_of(root: Node | Footnote) -> int:
    return next((node.line for node in walk(root) if node.line), 0)


def plain_piece(piece: Piece, post: Post) -> Piece:
    """Returns the text of a block and its notes, for a block that Typst refuses."""
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
    """Returns the text of a post."""
    return Piece(";".join([*_places(anchors), *_plain(plain_text(post))]))


def _places(names: Iterable[str]) -> list[str]:
    return [f"at({literal(name)})" for name in names]


def _plain(text: str) -> list[str]:
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return [f"par({literal(break_words(part))})" for part in paragraphs if part]
