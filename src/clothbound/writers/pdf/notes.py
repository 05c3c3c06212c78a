"""The notes of a printed chapter as HTML, at the foot of their pages or at the chapter's end.

A note within a note follows the outer one; as a float inside a float the two would come in the wrong order.
"""

from __future__ import annotations

from ...escape import attribute
from ...html.write.render import Renderer
from ...model.post import Footnote, Post
from .fonts import Measure
from .note_places import ending, have_room_at_foot
from .page import PageFormat
from .page_starts import NOTE


class ChapterNotes:
    """Writes the notes of one post. Its ``mark`` is the ``note_mark`` of the chapter's target."""

    def __init__(self, post: Post, page: PageFormat, measure: Measure, *, at_foot: bool) -> None:
        self._post = post
        self._depth = 0
        self._following: list[Footnote] = []
        self._at_end: list[Footnote] = []
        self._written: set[str] = set()
        self._at_foot = at_foot and have_room_at_foot(post, page, measure)

    def anchor(self, number: int) -> str:
        return f"{self._post.metadata.key}--note--{number}"

    def mark(self, renderer: Renderer, note: Footnote, number: int, nth: int) -> str:  # noqa: ARG002
        """The mark, and the note itself where it is to be at the foot of this page."""
        if note.id in self._written:
            return self._reference(number)
        self._written.add(note.id)
        if self._depth:
            self._following.append(note)
            return self._reference(number)
        if not self._at_foot:
            self._at_end.append(note)
            return self._reference(number)
        return self._at_page_foot(renderer, note, number)

    def _at_page_foot(self, renderer: Renderer, note: Footnote, number: int) -> str:
        parts = [self._note(renderer, note, number, "note")]
        while self._following:
            nested = self._following.pop(0)
            number = renderer.numbers[nested.id]
            parts.append(self._note(renderer, nested, number, "note quiet"))
        return "".join(parts)

    def _note(self, renderer: Renderer, note: Footnote, number: int, classes: str) -> str:
        self._depth += 1
        content = renderer.note_content(note)
        self._depth -= 1
        return (
            f'<span class="{classes}" id="{attribute(self.anchor(number))}" data-n="{number}" '
            f'{NOTE}="{attribute(note.id)}">'
            f"{content}</span>"
        )

    def _reference(self, number: int) -> str:
        return f'<sup class="mark"><a href="#{attribute(self.anchor(number))}">{number}</a></sup>'

    def at_end(self, renderer: Renderer, title: str) -> str:
        """The section of notes that the chapter ends with, or nothing."""
        parts: list[str] = []
        # What a note marks itself follows it.
        self._following[:] = self._at_end
        for note in ending(self._post.footnotes, self._following, self._written):
            number = renderer.numbers[note.id]
            self._depth += 1
            content = renderer.note_content(note)
            self._depth -= 1
            parts.append(
                f'<div class="endnote" id="{attribute(self.anchor(number))}" data-n="{number}" '
                f'{NOTE}="{attribute(note.id)}">'
                f"{content}</div>"
            )
        if not parts:
            return ""
        return f'<section class="endnotes"><h2 class="endnotes-title">{title}</h2>{"".join(parts)}</section>'
