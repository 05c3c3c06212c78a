"""What the proof-reader finds on finished pages."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from .face_files import Box


class FindingKind(StrEnum):
    """How serious a finding is."""

    ERROR = "error"
    """The page is wrong, and nobody would print it knowingly."""
    ADVICE = "advice"
    """The page could be better."""


class Check(msgspec.Struct, frozen=True):
    """One kind of finding."""

    name: str
    kind: FindingKind
    what: str
    """What it looks for, as a sentence."""
    hint: str
    """How an author mends it."""


_E, _A = FindingKind.ERROR, FindingKind.ADVICE
CHECKS = {
    check.name: check
    for check in (
        Check("overlap", _E, "Letters or formulas whose ink lies on other ink.", "give them room: a wider line, a smaller table, or another engine"),
        Check("cut off", _E, "Ink that crosses the edge at which the paper is cut, or text that a box cuts off.", "make it smaller, or give the page a bleed box or the text a larger box"),
        Check("outside the text block", _E, "Text or pictures that stand in the margin.", "let it break, or make it narrower"),
        Check("small type", _A, "Lines in type that presses do not take.", "set fewer columns, or a larger page"),
        Check("slanted", _E, "Slanted letters of a script that has no italics: Han, Hangul, Arabic.", "mark emphasis in bold"),
        Check("code face", _E, "Code in a face whose letters have different widths.", "install a monospaced face of the script"),
        Check("mixed faces", _E, "Letters of a word from another face than their neighbours.", "use a face that has all letters of the language"),
        Check("fallback", _A, "A script that is set in a face of the system, since the book's faces lack it.", "install a book face of the script"),
        Check("missing glyph", _E, "A box or a gap in the place of a character that no face has.", "install a face that has the character"),
        Check("turned bracket", _E, "A bracket that opens where it should close.", "say which language the text is in"),
        Check("turned punctuation", _E, "Punctuation on the wrong side of its word in a text from right to left.", "say which language the text is in"),
        Check("reading order", _E, "A line with letters from right to left whose words or signs stand in another order than in its post.", "say which language or direction the text is in"),
        Check("resolution", _A, "A picture with too few pixels for its printed size.", "give a larger picture, or print it smaller"),
        Check("upside down", _E, "A picture that is turned over, mirrored or on its side, or not turned as its file says.", "turn the picture's file"),
        Check("empty picture", _E, "A picture of one colour alone.", "look at the picture's file"),
        Check("untrue contents", _E, "A page number in the contents that is not the chapter's.", "make the book again"),
        Check("false link", _E, "A link of the contents, or an entry of the outline, that leads to another page than that of its chapter.", "make the book again"),
        Check("leader", _E, "A row of dots in the contents without a title or a number.", "shorten the title"),
        Check("white", _A, "White at the foot of a page within a chapter.", "move or scale the picture or table that follows"),
        Check("short page", _A, "A last page of a chapter with a few lines.", "shorten a paragraph that ends in a short line"),
        Check("parted heading", _A, "A heading, caption or table head at the foot of a page, away from what follows.", "move it to the next page"),
        Check("widow", _A, "The last line of a paragraph alone at the head of a page.", "shorten or lengthen the paragraph"),
        Check("orphan", _A, "The first line of a paragraph alone at the foot of a page.", "shorten or lengthen the paragraph"),
        Check("no paragraphs", _A, "Paragraphs that neither an indent nor a space parts.", "indent them, or set space between them"),
        Check("parted note", _A, "A note more than a page away from its mark.", "shorten the notes before it, or set notes at the chapter's end"),
        Check("stretched", _A, "A line with wide gaps between its words, or with a hole beside a Latin word in Han.", "let a word of it break, or reword it"),
        Check("pressed", _A, "A line with narrow gaps between its words.", "reword the line"),
        Check("hyphens", _A, "Lines in a row that end in a hyphen.", "reword one of the lines"),
        Check("river", _A, "Gaps that lie over one another in several lines.", "reword one of the lines"),
        Check("last line", _A, "A paragraph whose last line is a syllable or a very short word.", "reword the paragraph"),
        Check("broken over the page", _A, "A word that is broken at the foot of a page.", "reword the line"),
    )
}  # fmt: skip


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A fault, or something that could be better, on one page."""

    check: str
    """A key of ``CHECKS``."""
    page: int
    """The index of the page, from 0."""
    label: str = ""
    """The number of the page as it is printed."""
    box: Box
    """In points from the upper left corner: left, top, right, bottom."""
    message: str
    """What is wrong, and where."""
    text: str = ""
    """Words at the place, in the order of the file."""
    post: str = ""
    """The key of the post, where it is known."""
    title: str = ""
    """The title of the chapter."""
    source: str = ""
    line: int = 0

    @property
    def kind(self) -> FindingKind:
        return CHECKS[self.check].kind

    def diagnostic(self, name: str) -> Diagnostic:
        """Returns the finding as other checks report theirs. ``name`` is that of the PDF."""
        page = f"page {self.label or self.page + 1}"
        chapter = f", in {self.title!r}" if self.title else ""
        is_error = self.kind is FindingKind.ERROR
        return Diagnostic(
            DiagnosticCode.PAGE_FAULT if is_error else DiagnosticCode.PAGE_ADVICE,
            f"{page}{chapter}: {self.message} ({self.check}). Hint: {CHECKS[self.check].hint}",
            self.source or name,
            self.line,
            Severity.ERROR if is_error else Severity.WARNING,
        )
