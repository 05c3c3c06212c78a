"""Reads the notes of a post in Substack's markup, and the marks that point to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ..diagnostics import DiagnosticCode, LineDiagnostic, dangling_mark_message
from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node, Origin
from ..model.plain_text import plain_text
from ..model.post import Footnote
from ..model.walk import rewrite, walk, with_children
from .component_element import attribute_of
from .data_attrs import parse, stringify
from .loose_marks import COMPONENT, make_loose_mark, unmark

_NOTE = lazy_pattern(r"^footnote-(\d+)(?:-\d+)?$")


def is_note_mark(node: Any) -> bool:
    """Whether a link is the mark of a note, as it was read."""
    return (
        "footnote-anchor" in node.classes or attribute_of(node, "component-name") == COMPONENT
    ) and "#" in getattr(node, "href", "")


class NoteTyper:
    """Collects the notes and marks of one post while its components are typed."""

    def __init__(
        self,
        ids: set[str],
        type_blocks: Callable[[tuple[b.Block, ...]], tuple[b.Block, ...]],
        findings: list[LineDiagnostic],
        *,
        is_exact: bool,
    ) -> None:
        """``ids`` are those of notes that are known already. Findings are added to ``findings``. ``is_exact``: whether
        the notes keep what it takes to write their markup exactly as read.
        """
        self._ids = ids
        self._type_blocks = type_blocks
        self._findings = findings
        self._is_exact = is_exact
        self._notes: list[Footnote] = []
        self._numbers: dict[str, str] = {}
        """The text of each note's number, by the note's id; empty if the number has none."""
        self._note_lines: dict[str, int] = {}
        self._marks: dict[str, str] = {}
        """The text of the first mark of each note, by the note's id."""
        self._mark_lines: dict[str, int] = {}
        self._mark_forms: dict[str, str] = {}

    def read_note(self, node: b.Group) -> bool:
        """Adds the note that ``node`` is to the notes; returns False if it is not a note."""
        if (
            "footnote" not in node.classes
            and attribute_of(node, "component-name") != "FootnoteToDOM"
        ):
            return False
        number: Node | None = None
        content: b.Group | None = None
        for child in walk(node.children):
            if number is None and "footnote-number" in child.classes:
                number = child
            if isinstance(child, b.Group) and "footnote-content" in child.classes:
                content = child
                break
        if number is None and content is None:
            return False
        name = (number.id if number is not None else "") or node.id
        if not name and isinstance(number, i.Link):
            name = number.href.rpartition("#")[2].replace("-anchor", "")
        identifier = wanted_id = _read_note_id(name or f"footnote-{len(self._notes) + 1}")
        suffix = 2
        while identifier in self._ids:
            identifier, suffix = f"{wanted_id}-{suffix}", suffix + 1
        self._ids.add(identifier)
        self._note_lines[identifier] = node.line
        origin = self._make_origin(node, number, name) if self._is_exact else None
        self._numbers[identifier] = plain_text(number) if number is not None else ""
        body = content.children if content is not None else _without_number(node, number)
        place = len(self._notes)
        children = self._type_blocks(body)
        self._notes.insert(place, Footnote(identifier, children, origin))
        return True

    def read_mark(self, node: Any) -> i.NoteRef | None:
        """Reads a link or span as the mark of a note; None if it is not one."""
        if not is_note_mark(node):
            return None
        target = _read_note_id(node.href.rpartition("#")[2])
        self._marks.setdefault(target, plain_text(node))
        self._mark_lines.setdefault(target, node.line)
        form = "" if attribute_of(node, "component-name") else "unnamed"
        self._mark_forms.setdefault(target, form)
        return i.NoteRef(target, line=node.line)

    def retype(self, note: Footnote) -> Footnote:
        """Moves the form of a note's number from the empty span that Markdown writes for it into the
        note's Origin.
        """
        children = self._type_blocks(note.children)
        first = children[0] if children else None
        shown = first.children[0] if isinstance(first, b.Paragraph) and first.children else None
        if not (isinstance(first, b.Paragraph) and shown is not None and _holds_note_form(shown)):
            return with_children(note, children)
        origin = Origin(
            generation=attribute_of(shown, "generation"), data=attribute_of(shown, "attrs")
        )
        rest = msgspec.structs.replace(first, children=first.children[1:])
        note = with_children(note, (rest, *children[1:]) if rest.children else children[1:])
        return msgspec.structs.replace(note, origin=origin)

    def finish(
        self, body: tuple[b.Block, ...], notes: tuple[Footnote, ...]
    ) -> tuple[tuple[b.Block, ...], tuple[Footnote, ...]]:
        """Returns the typed body, in which a mark without a note is a superscript, and ``notes`` with those of the
        body after them.
        """
        notes += tuple(self._notes)
        dangling = self._marks.keys() - self._ids
        if dangling:
            body, notes = self._unlink(body, notes, dangling)
        if self._is_exact:
            notes = tuple(self._add_mark_text(note) for note in notes)
        return body, notes

    def report(self, body: tuple[b.Block, ...]) -> None:
        """Reports text after the notes of ``body``, the body as it was read, and notes without a mark."""
        if self._notes and (line := _find_line_after_notes(body)):
            message = "text after the notes was moved before them"
            self._findings.append((DiagnosticCode.MARKUP_REPAIRED, message, line))
        for note in self._notes:
            if note.id not in self._marks:
                message = f"the note {note.id!r} has no mark in the text"
                self._findings.append(
                    (DiagnosticCode.FOOTNOTE_UNUSED, message, self._note_lines[note.id])
                )

    def _unlink(
        self, body: tuple[b.Block, ...], notes: tuple[Footnote, ...], dangling: set[str]
    ) -> tuple[tuple[b.Block, ...], tuple[Footnote, ...]]:
        def visit(node: Node) -> Node:
            if isinstance(node, i.NoteRef) and node.target in dangling:
                form = self._mark_forms[node.target]
                return make_loose_mark(self._marks[node.target], node.target, form, node.line)
            return unmark(node) if isinstance(node, i.Link) else node

        for target in sorted(dangling):
            message = dangling_mark_message(self._marks[target])
            self._findings.append(
                (DiagnosticCode.FOOTNOTE_UNDEFINED, message, self._mark_lines[target])
            )
        return rewrite(body, visit), tuple(rewrite(note, visit) for note in notes)

    def _add_mark_text(self, note: Footnote) -> Footnote:
        """Records in the note's Origin the text of its mark, if that differs from the note's
        number.
        """
        mark = self._marks.get(note.id, "")
        if not mark or mark == self._numbers.get(note.id, mark):
            return note
        origin = note.origin or Origin()
        data = stringify({**(parse(origin.data) or {}), "mark": mark})
        return msgspec.structs.replace(note, origin=msgspec.structs.replace(origin, data=data))

    def _make_origin(self, node: b.Group, number: Node | None, name: str) -> Origin | None:
        """Records an older form of a note, a name that is not its number in order, and a number of
        its own.
        """
        form = "" if attribute_of(node, "component-name") else "unnamed"
        if node.id:
            form = "unnamed/div"
        name = name.removeprefix("footnote-")
        shown = plain_text(number) if number is not None else ""
        data = {"name": name} if name and name != str(len(self._notes) + 1) else {}
        if shown and shown != name.partition("-")[0]:
            data["number"] = shown
        return (
            Origin(generation=form, data=stringify(data) if data else "") if form or data else None
        )


def _find_line_after_notes(body: tuple[b.Block, ...]) -> int:
    """Returns the line of the first block after the notes; 0 if nothing follows them."""
    seen = False
    for node in body:
        if "footnote" in node.classes or attribute_of(node, "component-name") == "FootnoteToDOM":
            seen = True
        elif seen:
            return node.line
    return 0


def _without_number(note: b.Group, number: Node | None) -> tuple[b.Block, ...]:
    """Returns the blocks of a note without the link that is its number, and without a paragraph of it alone."""
    left: tuple[b.Block, ...] = rewrite(
        note.children, lambda node: None if node is number else node
    )
    return tuple(
        block for block in left if not (isinstance(block, b.Paragraph) and not block.children)
    )


def _holds_note_form(node: Node) -> bool:
    return isinstance(node, i.Span) and "footnote-number" in node.classes and not node.children


def _read_note_id(name: str) -> str:
    match = _NOTE.match(name)
    return match[1] if match else name.removeprefix("footnote-")
