"""The themes of the printed book: the numbers that layout code and both engines share. The rest is
CSS and, for Typst, files of the theme. ``theme_file`` reads themes of one's own, which change one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from ...language.writing_systems import script_rules
from ...lazy_pattern import lazy_pattern
from ...style_sheets import theme_file
from .fonts import (
    DISPLAY,
    OF_WORDS,
    OWN_FONTS,
    SANS,
    SANS_ROMAN,
    SERIF,
    SERIF_ITALIC,
    SERIF_ROMAN,
    SIGNS,
    BookFonts,
    FontFile,
    cjk_families,
    own_marks,
)
from .page_format import SMALLEST_TYPE, PageFormat, ThemeName
from .script_css import script_css
from .theme_look import UNCHANGED, Look

Lead = Literal["line", "drop", "none"]

NARROWEST = 60.0
"""The width in points that nested blocks always keep; deeper ones are not indented."""
DROP_LINES, DROP_GAP = 2, 0.05
"""The number of text lines beside the large first letter of a chapter, and the gap between in em of the letter."""
HEAD_GAP, NOTES_RULE, THIN_RULE = "14pt", "1.2in", "0.4pt"
"""The gap between a running head and the text, the length of the rule above notes, the width of rules."""

_SIDE_OF_PAGE = lazy_pattern(
    r"(?:(?<=@top-)|(?<=@bottom-)|(?<=@page :)|(?<=@page chapter:))(?:left|right)"
)
_BOXES = ("left", "center", "right")


@dataclass(frozen=True, slots=True)
class TypeSize:
    """The size of type and its leading, from one line to the next, in rem."""

    size: float
    leading: float


@dataclass(frozen=True, slots=True)
class DisplayType:
    """The type of a title."""

    font: FontFile
    size: float
    """The type size in rem."""
    leading: float
    """The distance from one line to the next in rem."""
    spread: float = 1.0
    """The factor by which letters are wider than the font's regular weight at title size."""


TypeSizeOrTitle = TypeVar("TypeSizeOrTitle", TypeSize, DisplayType)

_SPACED_LINES = (
    "heading", "note", "caption", "quote", "pull_quote", "table", "wide_table", "imprint", "card",
)  # fmt: skip
"""The types whose lines stand further apart in some scripts: all but code."""


@dataclass(frozen=True, slots=True)
class Head:
    """The type of running heads."""

    font: FontFile
    size: float
    """The type size in points."""
    small_caps_spacing: float | None = None
    """The letter-spacing in em of a head in small capitals; None if it is not in small capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The numbers of one theme, whose style is ``print.css`` and a small sheet of its own.

    Layout code and both engines share them: WeasyPrint gets them as custom properties, Typst as a
    dictionary.
    """

    name: ThemeName
    """The theme of ours whose looks it has."""
    fonts: BookFonts = OWN_FONTS
    look: Look = UNCHANGED
    """What a theme of one's own changes in these looks."""
    margins: Mapping[str, float] = field(default_factory=dict)
    """The numbers in points, by the names of ``PageFormat``, that replace those of the page."""
    own_sheet: str = ""
    """The style sheet of a theme of one's own."""
    own_files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    """The bytes and the media types of the files that it names, by address."""
    remarks: tuple[str, ...] = ()
    """What its author should know."""
    size: float = 1
    """The type size as a factor of the page's; ``leading`` is a factor too."""
    leading: float = 1
    left_head: Head
    """The running head of left-hand pages, which shows the book's title."""
    right_head: Head
    """The running head of right-hand pages, which shows the chapter's title."""
    titles: Mapping[str, DisplayType]
    """The types of titles that may take several lines, by class."""
    head_room: float = 34
    """The points of its line that a running head leaves free for a page number."""
    dates: bool = True
    """Whether chapters open with the dates of their posts."""
    opener_lines: float = 9
    """The number of lines that date, title and subtitle take at the head of a chapter, for
    estimating pages."""
    lead: Lead = "line"
    """The style of a chapter's first words: a line of small capitals, a large letter, or none."""
    lead_spacing: float = 0.06
    """The letter-spacing in em of the line of small capitals."""
    indents_paragraphs: bool = True
    """Whether an indent parts paragraphs, as opposed to a gap."""
    sections: bool = False
    """Whether chapters and their sections are numbered, and the contents list sections."""
    heading: TypeSize = TypeSize(1.058, 1.346)
    note: TypeSize = TypeSize(0.808, 1.058)
    caption: TypeSize = TypeSize(0.846, 1.1)
    caption_gap: float = 0.4
    """The space between a picture and its caption in rem."""
    quote: TypeSize = TypeSize(0.942, 1.27)
    pull_quote: TypeSize = TypeSize(1.16, 1.54)
    quote_indent: float = 1.6
    """The indent of a quotation in em of its own type, on each of its ``indented_sides``."""
    indented_sides: int = 2
    list_indent: float = 1.3
    """The indent of lists and of definitions in em."""
    code: TypeSize = TypeSize(0.769, 1.08)
    table: TypeSize = TypeSize(0.865, 1.15)
    wide_table: TypeSize = TypeSize(0.66, 0.886)
    """The type of tables of many columns, where it is not smaller than presses take."""
    column_gap: float = 1
    """The gap between the columns of a table in em of its own type."""
    wide_column_gap: float = 0.5
    imprint: TypeSize = TypeSize(0.808, 1.1)
    card: TypeSize = TypeSize(0.904, 1.2)
    card_padding: float = 0.8
    """The padding on each side of a card's text in rem."""
    picture_resolution: int = 200
    """The resolution, in pixels per inch, of a picture whose post gives no width."""
    low_picture: float = 2
    """The greatest height in rem of a picture within a line."""
    notes_space: float = 0.8
    """The rem between the text of a page and the rule above its notes."""
    notes_padding: float = 0.45
    """The rem between that rule and the first line of the notes."""
    spaces: Mapping[str, str]
    """The lengths that the engines need and layout code does not, as CSS writes them, by name."""

    @property
    def code_column(self) -> float:
        """The width in rem of a letter of code, plus a thousandth, since engines round."""
        return self.code.size * self.fonts.mono_advance * 1.001

    def indents(self) -> dict[str, float]:
        """Returns the width that nested blocks lose in rem, by tag and by class."""
        quote = self.quote_indent * self.indented_sides
        lists = dict.fromkeys(("ul", "ol", "dd"), self.list_indent)
        cards = dict.fromkeys(("callout", "recipe"), 2 * self.card_padding)
        quotes = {"blockquote": quote * self.quote.size, "pullquote": quote * self.pull_quote.size}
        return lists | cards | quotes

    def wide_table_type(self, page: PageFormat) -> TypeSize:
        """Returns the type of tables of many columns on ``page``."""
        size, leading = self.wide_table.size, self.wide_table.leading
        scale = max(1.0, SMALLEST_TYPE / (size * page.size))
        return TypeSize(round(size * scale, 4), round(leading * scale, 4))

    def column_padding(self, page: PageFormat, *, is_wide: bool) -> float:
        """Returns the points that the gap beside a column takes, in a table of many columns or another."""
        if is_wide:
            return self.wide_column_gap * self.wide_table_type(page).size * page.size
        return self.column_gap * self.table.size * page.size

    def types(self, page: PageFormat) -> dict[str, TypeSize | DisplayType]:
        """Returns the type sizes by the element set in them."""
        return {
            "heading": self.heading, "note": self.note, "caption": self.caption,
            "quote": self.quote, "pull-quote": self.pull_quote, "code": self.code,
            "table": self.table, "wide-table": self.wide_table_type(page), "card": self.card,
            "imprint": self.imprint, **self.titles,
        }  # fmt: skip

    def lengths(self) -> dict[str, str]:
        """Returns the other lengths that both engines need, as CSS writes them."""
        return {
            "quote-indent": f"{self.quote_indent}em",
            "list-indent": f"{self.list_indent}em",
            "lead-spacing": f"{self.lead_spacing}em",
            "caption-gap": f"{self.caption_gap}rem",
            "card-padding": f"{self.card_padding}rem",
            "column-gap": f"{self.column_gap}em",
            "wide-column-gap": f"{self.wide_column_gap}em",
            "smallest-type": f"{SMALLEST_TYPE}pt",
            **self.spaces,
        }

    def style_sheets(self, page: PageFormat, way: str = "ltr") -> list[str]:
        """Returns the style sheets for a book whose direction is ``way``, ``ltr`` or ``rtl``. ``page`` is already in the
        theme's type.
        """
        leading = page.leading / page.size
        scripts = script_css(has_indents=self.indents_paragraphs, leading=leading)
        sheet = theme_file(f"print-{self.name}.css")
        ours = [theme_file("print.css"), mirrored(sheet) if way == "rtl" else sheet, scripts]
        return [*ours, *filter(None, (self.look.css(), self.own_sheet))]

    def typst_files(self) -> dict[str, str]:
        """Returns the texts of the theme's files for Typst, by path in the project."""
        return {
            "print.typ": theme_file("print.typ"),
            "measures.typ": theme_file("measures.typ"),
            "batch.typ": theme_file("batch.typ"),
            "look.typ": theme_file(f"print-{self.name}.typ"),
            "swell.svg": theme_file("swell.svg"),
        }

    def files(self) -> dict[str, tuple[bytes, str]]:
        """Returns the bytes and the media types of the files that the style sheets name, by
        address.
        """
        swell = theme_file("swell.svg").encode()
        return {"clothbound:theme/swell.svg": (swell, "image/svg+xml"), **self.own_files}

    def set_for(self, language: str, page: PageFormat) -> Theme:
        """Returns the theme with lines as far apart as the writing system of a book's language (BCP 47) asks for. ``page``
        is the page before the theme's type is set.
        """
        rules = script_rules(language)
        own = self.page(page)
        factor = rules.leading * own.size / own.leading if rules is not None else 1
        if factor <= 1:
            return self
        fields: dict[str, Any] = {
            name: _set_wider(getattr(self, name), factor) for name in _SPACED_LINES
        }
        titles = {name: _set_wider(kind, factor) for name, kind in self.titles.items()}
        margins = dict(self.margins)
        if "leading" in margins:
            margins["leading"] *= factor
        return replace(
            self, leading=self.leading * factor, margins=margins, titles=titles, **fields
        )

    def page(self, page: PageFormat) -> PageFormat:
        """Returns ``page`` in the theme's type and, where it has some, with its margins."""
        page = page.set_in(self.size, self.leading)
        return replace(page, **self.margins).set_in(1, 1) if self.margins else page

    def drop_size(self, page: PageFormat) -> float:
        """Returns the type size in points of a large first letter that stands on its last line and
        reaches to the top of the first. ``page`` is in the theme's type.
        """
        return (DROP_LINES - 1) * page.leading / self.fonts.capitals + page.size

    def css(self, page: PageFormat, language: str = "") -> str:
        """Returns the rules made from the theme's numbers. ``page`` is already in the theme's
        type; running heads are in faces for ``language``.
        """
        outdent = self.quote_indent * self.quote.size
        types = self.types(page)
        properties = {
            **self.lengths(),
            **{f"{name}-size": f"{kind.size}rem" for name, kind in types.items()},
            **{f"{name}-leading": f"{kind.leading}rem" for name, kind in types.items()},
            "first-indent": "0em",
            "paragraph-space": "0.45rem",
            "low-picture": f"{self.low_picture}rem",
            "picture-resolution": f"{self.picture_resolution}dpi",
            "list-hanging": f"-{self.list_indent}em",
            # Code in lists and quotations uses the full width of the line again.
            "list-outdent": f"-{self.list_indent}rem",
            "quote-outdent": f"-{outdent:.4g}rem",
            "quote-outdent-end": f"-{outdent if self.indented_sides == 2 else 0:.4g}rem",
        }
        rules = f":root {{ {' '.join(f'--{n}: {value};' for n, value in properties.items())} }}\n"
        # Custom properties do not reach the boxes in page margins.
        gaps = (f"@top-{box} {{ padding-bottom: {HEAD_GAP}; }}" for box in _BOXES)
        rules += f"@page chapter {{ {' '.join(gaps)} }}\n"
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
        family = self.left_head.font.family
        others = cjk_families(language)["sans" if family == SANS else "serif"]
        stack = ", ".join(f'"{name}"' for name in (family, *self.fonts.others, SIGNS, others))
        generic = "sans-serif" if family == SANS else "serif"
        rules += f"@page {{ font-family: {stack}, {generic}; }}\n"
        if script_rules(language) is not None:
            rules += _UPRIGHT_HEADS
        if own_marks(language):
            titles = SANS if self.titles["chapter-title"].font.family == SANS else DISPLAY
            rules += _word_css(".of-words, .noteref, .mark, .foot-note::footnote-call", SERIF)
            rules += _word_css(":is(h2, h3, h4, h5, h6, .embed-source) .of-words", SANS)
            rules += _word_css(".chapter-title .of-words", titles)
        if self.lead == "drop":
            rules += _drop_css(page, self)
        return rules

    def notes_css(self, start: Literal["left", "right"]) -> str:
        """Returns the rule of the area of notes. ``start`` is the side where lines begin."""
        # A border would run across the page. WeasyPrint 70 paints a gradient of one colour over the
        # whole area, whatever its size, so this one has two.
        end = "right" if start == "left" else "left"
        line = f"linear-gradient(to {end}, #000 {NOTES_RULE}, transparent {NOTES_RULE})"
        return (
            f"@page {{ @footnote {{ margin-top: {self.notes_space}rem; "
            f"padding-top: {self.notes_padding}rem; "
            f"background: {line} 0 0 / 100% {THIN_RULE} no-repeat; }} }}\n"
        )


def _set_wider(kind: TypeSizeOrTitle, factor: float) -> TypeSizeOrTitle:
    return replace(kind, leading=round(kind.leading * factor, 4))


def mirrored(css: str) -> str:
    """Returns style sheets of ours with heads and feet of left-hand and right-hand pages exchanged.

    A book from right to left begins on a left-hand page, and its heads are the mirror of another's.
    """
    return _SIDE_OF_PAGE.sub(lambda side: "right" if side[0] == "left" else "left", css)


def _word_css(words: str, family: str) -> str:
    """Returns the rule for words in the Latin face, with its own marks, in a book whose script sets these by itself.

    A word of a third script is set as the text around it. ``font-variant-east-asian: full-width`` for all other text
    would take the spaces beside Latin words along, which WeasyPrint 70 takes from the face of Han.
    """
    kind = "sans" if family == SANS else "serif"
    generic = "sans-serif" if family == SANS else "serif"
    return f'{words} {{ font-family: "{family}{OF_WORDS}", var(--script-faces), var(--cjk-{kind}), {generic}; }}\n'


def _drop_css(page: PageFormat, theme: Theme) -> str:
    """Returns the rule for a large first letter."""
    up = theme.fonts.ascent - theme.fonts.descent
    baseline = (page.leading + up * page.size) / 2 + (DROP_LINES - 1) * page.leading
    size = theme.drop_size(page)
    room = DROP_LINES * page.leading
    return (
        f".drop {{ font-size: {size:.2f}pt; line-height: {2 * baseline - up * size:.2f}pt; "
        f"height: {DROP_LINES * page.leading - 1:.2f}pt; "
        f"margin-right: {DROP_GAP}em; }}\n"
        # WeasyPrint 70 breaks pages before a float that does not fit, whatever the opener above it asks, but not
        # before a block. So an empty one holds the room of the letter.
        f".run-on > .post.chapter > .opener + p:has(> .drop)::before {{ content: ''; display: block; "
        f"height: {room:.2f}pt; margin-bottom: -{room:.2f}pt; break-after: avoid; }}\n"
    )


_BOXES_OF_PAGE = tuple(f"@{edge}-{box}" for edge in ("top", "bottom") for box in _BOXES)
_UPRIGHT = (
    "font-style: normal !important; letter-spacing: 0 !important; "
    "font-feature-settings: normal !important; font-variant-numeric: lining-nums !important;"
)
_UPRIGHT_HEADS = "".join(
    f"@page {name} {{ {' '.join(f'{box} {{ {_UPRIGHT} }}' for box in _BOXES_OF_PAGE)} }}\n"
    for name in ("chapter", "contents")
)
"""Heads and feet in scripts that are never slanted, whose figures are as high as the letters."""
_SPACES = {
    "paragraph-indent": "1.3em",
    "heading-space": "1.73rem", "heading-gap": "0.577rem",
    "bold-heading-space": "1.346rem", "bold-heading-gap": "0.3rem",
    "break-space": "0.9rem",
    "quote-space": "0.67rem", "pull-quote-space": "1.346rem",
    "list-space": "0.5rem", "item-space": "0rem",
    "definitions-space": "0.67rem", "definition-space": "0.3rem",
    "code-space": "0.8rem", "inline-code-size": "0.88em",
    "figure-space": "1rem", "picture-gap": "0.4rem", "gallery-gap": "0.6rem",
    "formula-space": "0.8rem",
    "row-space": "0.2rem", "thin-rule": THIN_RULE, "thick-rule": "0.7pt",
    "card-space": "0.6rem", "card-gap": "0.3rem", "card-source-size": "0.77rem",
    "thumbnail-height": "1.6in",
    "verse-space": "0.8rem", "verse-indent": "1.6em", "verse-turn": "2em",
    "note-block-space": "0.2rem", "endnotes-space": "2rem", "endnote-space": "0.25rem",
    "mentioned-in-space": "1.4rem",
    "run-on-space": "3.2rem", "run-on-gap": "1.1rem",
    "imprint-gap": "0.55rem", "half-title-space": "1.6in", "half-title-size": "1.25rem", "series-gap": "0.4rem",
    "contents-gap": "0.38rem", "contents-numbers": "2.4rem", "contents-part-space": "1rem",
}  # fmt: skip
"""The lengths of all themes. A ``space`` stands above and often below, a ``gap`` between or below alone."""
_ESSAY_SPACES = _SPACES | {
    "opener-space": "56pt", "opener-gap": "28pt",
    "date-size": "0.913rem", "date-spacing": "0.09em",
    "subtitle-space": "0.7rem", "byline-size": "0.96rem",
    "book-title-space": "2in", "book-subtitle-space": "1.2rem",
    "author-spacing": "0.06em", "publisher-space": "0.6rem",
    "contents-title-size": "1.73rem", "contents-part-spacing": "0.05em",
    "part-title-space": "2.2in",
}  # fmt: skip
_NOVEL_SPACES = _SPACES | {
    "opener-space": "30%", "opener-gap": "34pt",
    "ornament-space": "14pt", "ornament-line": "12pt", "ornament-width": "64pt",
    "subtitle-space": "0.8rem", "byline-size": "0.9rem", "byline-spacing": "0.08em",
    "heading-space": "1.6rem", "heading-gap": "0.7rem", "heading-spacing": "0.08em",
    "break-size": "0.55rem",
    "book-title-space": "1.4in", "book-subtitle-space": "1rem",
    "author-space": "40pt", "author-padding": "52pt", "author-size": "1.15rem",
    "author-spacing": "0.1em", "publisher-space": "1.8in", "publisher-spacing": "0.05em",
    "wide-ornament-width": "90pt",
    "contents-space": "20%", "contents-title-gap": "2rem", "contents-title-size": "1.3rem",
    "contents-gap": "0.55rem", "contents-part-spacing": "0.1em",
    "part-title-space": "2in", "part-ornament-space": "22pt",
    "inscription-size": "1.1rem", "inscription-leading": "1.6rem",
}  # fmt: skip
_MANUAL_SPACES = _SPACES | {
    "paragraph-indent": "0em", "paragraph-gap": "0.6rem", "note-paragraph-space": "0.25rem",
    "opener-space": "26pt", "opener-foot": "10pt", "opener-gap": "26pt",
    "number-size": "2.6rem", "number-leading": "3rem", "number-gap": "4pt",
    "date-size": "0.83rem", "date-gap": "2pt",
    "subtitle-space": "0.4rem", "byline-size": "0.9rem",
    "heading-space": "1.7rem", "heading-gap": "0.55rem",
    "sub-heading-size": "1.08rem", "sub-heading-leading": "1.35rem",
    "break-width": "3em", "break-rule": "0.5pt",
    "quote-space": "0.8rem", "quote-rule": "1.6pt",
    "pull-quote-space": "1.2rem", "pull-quote-indent": "0.8em",
    "list-space": "0.6rem", "item-space": "0.2rem",
    "definitions-space": "0.8rem", "term-size": "0.96rem",
    "code-padding": "0.45rem", "row-rule": "0.25pt",
    "card-space": "0.2rem", "card-indent": "0.9em", "card-rule": "2.4pt",
    "book-title-space": "1.5in", "book-subtitle-space": "0.6rem",
    "year-size": "2.2rem", "year-leading": "2.6rem",
    "author-space": "20pt", "author-padding": "16pt", "author-size": "1.1rem",
    "publisher-space": "2.5in",
    "contents-title-gap": "22pt", "contents-title-size": "1.85rem",
    "contents-gap": "0.25rem", "contents-post-space": "0.55rem", "contents-indent": "2rem",
    "section-indent": "2.4rem", "section-size": "0.92rem", "section-gap": "0.1rem",
    "contents-part-size": "0.86rem", "contents-part-spacing": "0.04em",
    "part-title-space": "1.5in", "part-foot": "12pt",
}  # fmt: skip
_SMALL_CAPS = 0.05
# The factors by which letters are wider than those with which titles are measured.
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
            "part-title": DisplayType(SERIF_ITALIC, 2.3, 2.8),
            "chapter-title": DisplayType(SERIF_ITALIC, 1.92, 2.4),
            "subtitle": DisplayType(SERIF_ROMAN, 1.04, 1.42, _TEXT_CUT),
        },
        spaces=_NOVEL_SPACES,
        head_room=0,
        dates=False,
        opener_lines=14,
        lead="drop",
        lead_spacing=0.05,
        heading=TypeSize(1, 1.346),
    ),
    Theme(
        name="essay",
        left_head=Head(SERIF_ROMAN, 9, _SMALL_CAPS),
        right_head=Head(SERIF_ITALIC, 9),
        titles={
            "book-title": DisplayType(SERIF_ROMAN, 3.27, 3.8),
            "book-subtitle": DisplayType(SERIF_ITALIC, 1.25, 1.6),
            "part-title": DisplayType(SERIF_ROMAN, 2.21, 2.6),
            "chapter-title": DisplayType(SERIF_ROMAN, 2.21, 2.6),
            "subtitle": DisplayType(SERIF_ITALIC, 1.154, 1.54, _TEXT_CUT),
        },
        spaces=_ESSAY_SPACES,
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
            "part-title": DisplayType(SANS_ROMAN, 2.6, 3, _SEMIBOLD),
            "chapter-title": DisplayType(SANS_ROMAN, 1.85, 2.2, _SEMIBOLD),
            "subtitle": DisplayType(SANS_ROMAN, 1.08, 1.42),
        },
        spaces=_MANUAL_SPACES,
        lead="none",
        indents_paragraphs=False,
        sections=True,
        heading=TypeSize(1.3, 1.6),
        caption=TypeSize(0.85, 1.15),
        pull_quote=TypeSize(1.12, 1.5),
        quote_indent=1,
        indented_sides=1,
        code=TypeSize(0.769, 1.1),
        table=TypeSize(0.86, 1.15),
    ),
)
THEMES: dict[str, Theme] = {theme.name: theme for theme in _ALL}
