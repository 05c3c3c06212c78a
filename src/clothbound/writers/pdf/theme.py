"""The themes of the printed book: what layout code must know of each; the rest is its style sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from .fonts import SANS_ROMAN, SERIF_ITALIC, SERIF_ROMAN, FontFile
from .page import PageFormat
from .title_widths import DisplayType

Lead = Literal["line", "drop", "none"]

DROP_LINES = 2
"""Lines of text beside the first letter of a chapter."""

# hhea of Source Serif 4, and the height of its capitals, in em.
_ASCENT, _DESCENT, _CAPITALS = 1.036, 0.335, 0.67


@dataclass(frozen=True, slots=True)
class Head:
    """The type of running heads. The style sheets have the same."""

    font: FontFile
    size: float
    """Points."""
    small_caps_spacing: float | None = None
    """Letter-spacing of small capitals in em; None: not in small capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme: ``print.css``, a small sheet of its own, and these."""

    name: str
    size: float = 1
    """Of the text, as a factor of the page's."""
    leading: float = 1
    left_head: Head
    """With the book's title."""
    right_head: Head
    """With the chapter's."""
    titles: Mapping[str, DisplayType]
    """The types of the titles that may take several lines, by class."""
    head_room: float = 34
    """Points of its line that a running head leaves free: for the page number, if that is there."""
    dates: bool = True
    """Whether chapters open with the day on which they were posts."""
    lead: Lead = "line"
    """How a chapter's first words stand out: a line of small capitals, a large letter, or not."""
    sections: bool = False
    """Whether chapters and their sections are numbered, and sections stand in the contents."""
    code_size: float = 8 / 10.4
    """In rem."""

    def style_sheets(self) -> list[str]:
        folder = files("clothbound.themes")
        names = ("print.css", f"print-{self.name}.css")
        return [folder.joinpath(name).read_text("utf-8") for name in names]

    def files(self) -> dict[str, tuple[bytes, str]]:
        """What the style sheets name, by address: bytes and media type."""
        data = files("clothbound.themes").joinpath("swell.svg").read_bytes()
        return {"clothbound:theme/swell.svg": (data, "image/svg+xml")}

    def page(self, page: PageFormat) -> PageFormat:
        """``page`` in the theme's type."""
        return page.set_in(self.size, self.leading)

    def css(self, page: PageFormat) -> str:
        """The rules that depend on both page and theme. ``page`` is in the theme's type already."""
        rules = f"pre {{ font-size: {self.code_size * page.size:.3f}pt; }}\n"
        if self.lead == "drop":
            rules += _drop_css(page)
        return rules


def _drop_css(page: PageFormat) -> str:
    """A first letter that stands on the last of its lines and reaches as high as the first."""
    up = _ASCENT - _DESCENT
    baseline = (page.leading + up * page.size) / 2 + (DROP_LINES - 1) * page.leading
    size = (DROP_LINES - 1) * page.leading / _CAPITALS + page.size
    return (
        f".drop {{ font-size: {size:.2f}pt; line-height: {2 * baseline - up * size:.2f}pt; "
        f"height: {DROP_LINES * page.leading - 1:.2f}pt; }}\n"
    )


_SMALL_CAPS = 0.05
# How much wider letters are than those that titles are measured in.
_TEXT_CUT, _SEMIBOLD = 1.11, 1.031
THEMES = {
    "novel": Theme(
        name="novel",
        size=1.04,
        leading=1.04,
        left_head=Head(SERIF_ROMAN, 8.6, 0.1),
        right_head=Head(SERIF_ROMAN, 8.6, 0.1),
        titles={
            "book-title": DisplayType(SERIF_ITALIC, 2.9),
            "book-subtitle": DisplayType(SERIF_ITALIC, 1.15),
            "chapter-title": DisplayType(SERIF_ITALIC, 1.92),
            "subtitle": DisplayType(SERIF_ROMAN, 1.04, _TEXT_CUT),
        },
        head_room=0,
        dates=False,
        lead="drop",
    ),
    "essay": Theme(
        name="essay",
        left_head=Head(SERIF_ROMAN, 9, _SMALL_CAPS),
        right_head=Head(SERIF_ITALIC, 9),
        titles={
            "book-title": DisplayType(SERIF_ROMAN, 3.27),
            "book-subtitle": DisplayType(SERIF_ITALIC, 1.25),
            "chapter-title": DisplayType(SERIF_ROMAN, 2.21),
            "subtitle": DisplayType(SERIF_ITALIC, 1.154, _TEXT_CUT),
        },
    ),
    "manual": Theme(
        name="manual",
        size=0.98,
        leading=0.98,
        left_head=Head(SANS_ROMAN, 8.4),
        right_head=Head(SANS_ROMAN, 8.4),
        titles={
            "book-title": DisplayType(SANS_ROMAN, 2.9, _SEMIBOLD),
            "book-subtitle": DisplayType(SANS_ROMAN, 1.3),
            "chapter-title": DisplayType(SANS_ROMAN, 1.85, _SEMIBOLD),
            "subtitle": DisplayType(SANS_ROMAN, 1.08),
        },
        lead="none",
        sections=True,
        code_size=8.2 / 10.4,
    ),
}
