"""Who takes a book, and what they refuse: the rules of stores and devices, as data.

The numbers are those that the stores published, or that people met whose books were refused. They
change without notice, so each destination says when it was looked up and where. Sizes are bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec

from .media.picture_limits import PictureRules

DestinationName: TypeAlias = Literal["safe", "kindle", "kdp", "apple", "kobo", "google"]

_MB = 1_000_000


class CoverRules(msgspec.Struct, frozen=True, kw_only=True):
    """What is taken as a cover. Sides are pixels; 0 sets no bound."""

    types: frozenset[str] = frozenset({"image/jpeg", "image/png"})
    least: tuple[int, int] = (0, 0)
    """Width and height below which it is refused."""
    longest_side: int = 0
    max_bytes: int = 0


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """A store or a device that takes EPUB files. A number of 0 sets no bound."""

    name: DestinationName
    title: str
    """As messages call it."""
    checked: str
    """The day on which the rules were looked up."""
    sources: tuple[str, ...]
    pictures: PictureRules
    cover: CoverRules
    file_bytes: int = 0
    """The whole file."""
    document_bytes: int = 0
    """One chapter, unpacked."""
    contents_levels: int = 0
    """Levels of contents in the NCX."""
    mathml: bool = True
    """Whether formulas are shown; else they become pictures with their TeX as text."""
    formula_pictures: bool = False
    """Whether some of its readers set no MathML, so that a picture is put beside it."""
    table_columns: int = 0
    """Columns that a table may have; a wider one becomes lists."""
    fonts: frozenset[str] = frozenset()
    """The kinds of font files that are taken; empty: all."""
    fonts_held: bool = False
    """Whether style should name no fonts but those in the book."""
    fonts_marked: bool = False
    """Whether a book has to say that its own fonts are to be shown."""
    needs_alt: bool = False
    """Whether a picture without a text in its place is a fault."""
    rivals: tuple[str, ...] = ()
    """Hosts of other shops: books that link there were refused."""


COVER_SIZE = (1600, 2560)
"""The width and height that Kindle's store recommends; they exceed the least of all other stores."""

_BITMAPS = frozenset({"image/jpeg", "image/png", "image/gif"})
_CHECKED = "2026-11-24"
_KINDLE_SOURCES = (
    "Kindle Publishing Guidelines 2019.2",
    "https://kdp.amazon.com/en_US/help/topic/G6GTK3T3NUHKLEFX",
    "https://www.amazon.com/sendtokindle",
)
# Kindle's converter reads no WebP, takes SVG in part only, and shows no MathML.
_KINDLE_PICTURES = PictureRules(
    accepted=_BITMAPS, longest_side=2000, max_bytes=5 * _MB, alpha=False, animated=False
)
_KINDLE_COVER = CoverRules(
    types=frozenset({"image/jpeg"}),
    least=(625, 1000),
    longest_side=10_000,
    max_bytes=50 * _MB,
)

SAFE = Destination(
    name="safe",
    title="all stores",
    checked=_CHECKED,
    sources=("what all destinations below take",),
    pictures=PictureRules(longest_side=2000, max_bytes=5 * _MB, alpha=False),
    cover=CoverRules(least=(1400, 1400), longest_side=7200, max_bytes=3 * _MB),
    file_bytes=50 * _MB,
    document_bytes=10 * _MB,
    contents_levels=2,
    # What a telephone's page holds in small type; of more, the last are cut off.
    table_columns=7,
)
"""What all take, but for what Kindle alone lacks and readers elsewhere should keep: mathematics, and
tables and animations that are merely awkward on some devices.
"""

KINDLE = Destination(
    name="kindle",
    title="Kindle",
    checked=_CHECKED,
    sources=_KINDLE_SOURCES,
    pictures=_KINDLE_PICTURES,
    cover=_KINDLE_COVER,
    # What Send to Kindle takes by mail; its page says 200 MB and refused 134.
    file_bytes=50 * _MB,
    contents_levels=2,
    mathml=False,
    table_columns=4,
    needs_alt=True,
)

KDP = msgspec.structs.replace(
    KINDLE, name="kdp", title="Kindle Direct Publishing", file_bytes=650 * _MB
)

APPLE = Destination(
    name="apple",
    title="Apple Books",
    checked=_CHECKED,
    sources=(
        "https://help.apple.com/itc/booksassetguide",
        "https://itunespartner.apple.com/books/articles/prepare-your-book",
    ),
    # The Asset Guide says 5.6 million pixels, another page of Apple's 4: the lower one holds.
    # By night its pages are black, and so are the lines of most transparent drawings.
    pictures=PictureRules(max_pixels=4_000_000, alpha=False),
    cover=CoverRules(least=(1400, 1400)),
    file_bytes=2_000 * _MB,
    fonts_marked=True,
    rivals=("amazon.com", "amazon.co.uk", "amazon.de", "amzn.to", "amzn.eu", "a.co"),
)

KOBO = Destination(
    name="kobo",
    title="Kobo",
    checked=_CHECKED,
    sources=("https://github.com/kobolabs/epub-spec",),
    pictures=PictureRules(max_bytes=5 * _MB, alpha=False),
    cover=CoverRules(max_bytes=3 * _MB),
    file_bytes=1_000 * _MB,
    document_bytes=10 * _MB,
    contents_levels=3,
    fonts=frozenset({"TrueType", "OpenType", "WOFF"}),
    fonts_held=True,
    # All its readers but that for Windows set MathML.
    formula_pictures=True,
    table_columns=4,
)

GOOGLE = Destination(
    name="google",
    title="Google Play Books",
    checked=_CHECKED,
    sources=(
        "https://support.google.com/books/partner/answer/3424254",
        "https://support.google.com/books/partner/answer/3316879",
    ),
    pictures=PictureRules(longest_side=3200, alpha=False, animated=False),
    cover=CoverRules(least=(640, 640), longest_side=7200),
    file_bytes=2_000 * _MB,
    # Its list of features has MathML, and does not say where.
    formula_pictures=True,
)

DESTINATIONS: Mapping[str, Destination] = MappingProxyType(
    {each.name: each for each in (SAFE, KINDLE, KDP, APPLE, KOBO, GOOGLE)}
)
