"""The themes of the printed book: what layout code must know of each; the rest is its style sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from .fonts import MONO_ADVANCE, SANS_ROMAN, SERIF_ITALIC, SERIF_ROMAN, FontFile
from .page import PageFormat, ThemeName
from .title_widths import DisplayType

Lead = Literal["line", "drop", "none"]

DROP_LINES = 2
"""Lines of text beside the first letter of a chapter."""

# hhea of Source Serif 4, and the height of its capitals, in em.
_ASCENT, _DESCENT, _CAPITALS = 1.036, 0.335, 0.67


@dataclass(frozen=True, slots=True)
class TypeSize:
    """The size of type and its leading, from one line to the next, in rem."""

    size: float
    leading: float


@dataclass(frozen=True, slots=True)
class Head:
    """The type of running heads."""

    font: FontFile
    size: float
    """Points."""
    small_caps_spacing: float | None = None
    """Letter-spacing of small capitals in em; None: not in small capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme: ``print.css``, a small sheet of its own, and these numbers, which layout code and the
    engines share: WeasyPrint gets them as custom properties, Typst as a dictionary.
    """

    name: ThemeName
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
    lead_spacing: float = 0.06
    """Letter-spacing in em of the line of small capitals."""
    sections: bool = False
    """Whether chapters and their sections are numbered, and sections stand in the contents."""
    note: TypeSize = TypeSize(0.808, 1.058)
    caption: TypeSize = TypeSize(0.846, 1.1)
    caption_gap: float = 0.4
    """Rem between a picture and its caption."""
    quote: TypeSize = TypeSize(0.942, 1.27)
    pull_quote: TypeSize = TypeSize(1.16, 1.54)
    quote_indent: float = 1.6
    """Em of the quotation, on each of its ``indented_sides``."""
    indented_sides: int = 2
    list_indent: float = 1.3
    """Em of lists and of the meanings of terms."""
    code: TypeSize = TypeSize(0.769, 1.08)
    table: TypeSize = TypeSize(0.865, 1.15)
    card: TypeSize = TypeSize(0.904, 1.2)
    card_padding: float = 0.8
    """Rem on each side of a card's words."""
    picture_resolution: int = 200
    """Pixels per inch of a picture whose post does not say how wide it is."""
    low_picture: float = 2
    """Rem that a picture is high at most that stands within a line."""

    @property
    def code_column(self) -> float:
        """Rem that a letter of code takes, and a thousandth more: engines round."""
        return self.code.size * MONO_ADVANCE * 1.001

    def types(self) -> dict[str, TypeSize | DisplayType]:
        """The sizes of type, by what is set in them."""
        return {
            "note": self.note, "caption": self.caption, "quote": self.quote,
            "pull-quote": self.pull_quote, "code": self.code, "table": self.table,
            "card": self.card, **self.titles,
        }  # fmt: skip

    def lengths(self) -> dict[str, str]:
        """The other lengths that both engines need, as CSS writes them."""
        return {
            "quote-indent": f"{self.quote_indent}em",
            "list-indent": f"{self.list_indent}em",
            "lead-spacing": f"{self.lead_spacing}em",
            "caption-gap": f"{self.caption_gap}rem",
            "card-padding": f"{self.card_padding}rem",
        }

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
        """The rules that depend on the theme's numbers. ``page`` is in the theme's type already."""
        properties = {
            **self.lengths(),
            **{f"{name}-size": f"{kind.size}rem" for name, kind in self.types().items()},
            **{f"{name}-leading": f"{kind.leading}rem" for name, kind in self.types().items()},
            "low-picture": f"{self.low_picture}rem",
            "picture-resolution": f"{self.picture_resolution}dpi",
            "list-hanging": f"-{self.list_indent}em",
            # Code in lists and quotations takes the width of the line back.
            "list-outdent": f"-{self.list_indent}rem",
            "quote-outdent": f"-{self.quote_indent * self.quote.size:.4g}rem",
        }
        rules = f":root {{ {' '.join(f'--{n}: {value};' for n, value in properties.items())} }}\n"
        # Custom properties do not reach the boxes in the margins of pages.
        for side, head, boxes in (
            ("left", self.left_head, ("center", "right")),
            ("right", self.right_head, ("center", "left")),
        ):
            rules += f"@page chapter:{side} {{ font-size: {head.size}pt; line-height: 12pt;"
            if head.small_caps_spacing is not None:
                spacing = f"{{ letter-spacing: {head.small_caps_spacing}em; }}"
                rules += "".join(f" @top-{box} {spacing}" for box in boxes)
            rules += " }\n"
        rules += f"@page contents {{ font-size: {self.left_head.size}pt; line-height: 12pt; }}\n"
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
_ALL = (
    Theme(
        name="novel",
        size=1.04,
        leading=1.04,
        left_head=Head(SERIF_ROMAN, 8.6, 0.1),
        right_head=Head(SERIF_ROMAN, 8.6, 0.1),
        titles={
            "book-title": DisplayType(SERIF_ITALIC, 2.9, 3.5),
            "book-subtitle": DisplayType(SERIF_ITALIC, 1.15, 1.6),
            "chapter-title": DisplayType(SERIF_ITALIC, 1.92, 2.4),
            "subtitle": DisplayType(SERIF_ROMAN, 1.04, 1.42, _TEXT_CUT),
        },
        head_room=0,
        dates=False,
        lead="drop",
    ),
    Theme(
        name="essay",
        left_head=Head(SERIF_ROMAN, 9, _SMALL_CAPS),
        right_head=Head(SERIF_ITALIC, 9),
        titles={
            "book-title": DisplayType(SERIF_ROMAN, 3.27, 3.8),
            "book-subtitle": DisplayType(SERIF_ITALIC, 1.25, 1.6),
            "chapter-title": DisplayType(SERIF_ROMAN, 2.21, 2.6),
            "subtitle": DisplayType(SERIF_ITALIC, 1.154, 1.54, _TEXT_CUT),
        },
    ),
    Theme(
        name="manual",
        size=0.98,
        leading=0.98,
        left_head=Head(SANS_ROMAN, 8.4),
        right_head=Head(SANS_ROMAN, 8.4),
        titles={
            "book-title": DisplayType(SANS_ROMAN, 2.9, 3.3, _SEMIBOLD),
            "book-subtitle": DisplayType(SANS_ROMAN, 1.3, 1.75),
            "chapter-title": DisplayType(SANS_ROMAN, 1.85, 2.2, _SEMIBOLD),
            "subtitle": DisplayType(SANS_ROMAN, 1.08, 1.42),
        },
        lead="none",
        sections=True,
        caption=TypeSize(0.85, 1.15),
        pull_quote=TypeSize(1.12, 1.5),
        quote_indent=1,
        indented_sides=1,
        code=TypeSize(0.769, 1.1),
        table=TypeSize(0.86, 1.15),
    ),
)
THEMES: dict[str, Theme] = {theme.name: theme for theme in _ALL}
