"""What a book would hold, before it is made: posts, order, words, pictures, and about how many pages.

The pages are estimated without setting them. Lines are counted on the measure of the page: those of each
paragraph by its characters, of code and verse by their own, of a heading, a picture or a card by what it takes
as a rule. A chapter begins on a new page.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..console_text import format_count, format_post_count, printable
from ..diagnostics import Diagnostic, DiagnosticCode
from ..model import blocks as b
from ..model.collection import Collection
from ..model.node import Node
from ..model.post import Post
from ..model.walk import plain_text, tally
from ..post_pictures import remote_pictures
from ..web.addresses import is_remote
from ..writers.pdf.page_format import PAGES, PageFormat
from ..writers.pdf.theme import THEMES

_DEFAULT_PAGE = "6x9"
_CHARACTER = 0.47
"""The mean width of a character with its share of spaces, in parts of the type's size."""
_HEADING = 2.5
_CARD = 5
_MISSING = 3
_AROUND = 4
"""Title page, its back, and the pages that contents and colophon fill at least."""


@dataclass(frozen=True, slots=True)
class PostEstimate:
    """One post of the plan."""

    part: str
    """The title of its part; empty: none."""
    label: str
    """Its date, or what it is in the book."""
    is_text: bool
    """Whether it is a text of the book and no post."""
    title: str
    words: int
    pictures: int
    pages: int


@dataclass(frozen=True, slots=True)
class BookEstimate:
    """A book as it would be."""

    title: str
    authors: tuple[str, ...]
    rows: tuple[PostEstimate, ...]
    remote: int
    """Different pictures that are on the network."""
    pages: int
    """Estimated, with title page, contents and parts; see ``pages``."""
    page: str
    """The page that they were estimated for."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What reading the posts, and their edits for this book, had to say."""

    @property
    def is_short(self) -> bool:
        """Whether a post that could not be read is missing."""
        return any(d.code is DiagnosticCode.POST_UNREADABLE for d in self.diagnostics)


def plan(
    book: Collection,
    page: str = "",
    theme: str = "essay",
    *,
    recto: bool = False,
    fetched: bool = False,
) -> BookEstimate:
    """Looks at every post of a book; page, theme and ``recto`` are those of the print edition.

    ``fetched``: pictures on the network will be fetched, and count for the pages. Writes nothing.
    """
    parts = {key: part.title for part in book.parts for key in part.keys}
    name = page or _DEFAULT_PAGE
    form = _page_format(name, theme)
    rows = []
    remote: set[str] = set()
    found: list[Diagnostic] = []
    for post in book.posts:
        metadata = post.metadata
        key = metadata.key
        remote.update(src for src, _ in remote_pictures(post))
        day = metadata.published.day if metadata.published else ""
        label = str(book.roles.get(key, day))
        pages = _pages_of(post, form, theme, recto=recto, fetched=fetched)
        counts = tally(post)
        rows.append(
            PostEstimate(
                part=parts.get(key, ""),
                label=label,
                is_text=key in book.roles,
                title=metadata.title,
                words=counts.words,
                pictures=counts.pictures,
                pages=pages,
            )
        )
        found.extend(post.diagnostics)
    return BookEstimate(
        title=book.info.title,
        authors=book.info.authors,
        rows=tuple(rows),
        remote=len(remote),
        pages=sum(row.pages for row in rows) + _pages_around(book, form),
        page=name,
        diagnostics=tuple(dict.fromkeys((*book.diagnostics, *found))),
    )


def plan_lines(made: BookEstimate) -> Iterator[str]:
    """The plan as a person reads it."""
    by = f" by {', '.join(made.authors)}" if made.authors else ""
    yield printable(f"{made.title}{by}")
    width = max((len(row.label) for row in made.rows), default=0)
    part = ""
    for row in made.rows:
        if row.part != part:
            part = row.part
            yield ""
            yield from [printable(part)] if part else []
        counts = format_count(row.words, "word")
        counts += f", {format_count(row.pictures, 'picture')}" if row.pictures else ""
        yield printable(f"  {row.label:<{width}}  {row.title} ({counts})")
    words = sum(row.words for row in made.rows)
    shown = sum(row.pictures for row in made.rows)
    texts = sum(row.is_text for row in made.rows)
    posts = format_post_count(len(made.rows) - texts, texts)
    total = [posts, format_count(words, "word"), format_count(shown, "picture")]
    yield ""
    yield ", ".join(total)
    if made.remote:
        yield f"{format_count(made.remote, 'picture')} to fetch from the network (--fetch)"
    yield (
        f"about {made.pages} pages of {made.page} in print, "
        "estimated from the lines of each post and the size of its pictures"
    )


def _page_format(page: str, theme: str = "essay") -> PageFormat:
    """The page of this name, or the usual one, in a theme's type."""
    return THEMES[theme].page(PAGES.get(page, PAGES[_DEFAULT_PAGE]))


def _pages_of(
    post: Post,
    page: PageFormat,
    theme: str = "essay",
    *,
    recto: bool = False,
    fetched: bool = False,
) -> int:
    """The pages that a post takes as a chapter.

    ``recto``: with the empty one after it, where the next begins on a right-hand page. ``fetched``:
    with its pictures on the network.
    """
    lines = (
        THEMES[theme].opener_lines
        + _lines(post.body, page, fetched)
        + 0.8 * sum(_lines(n.children, page, fetched) for n in post.footnotes)
    )
    pages = max(1, math.ceil(lines / _per_page(page)))
    return pages + pages % 2 if recto else pages


def _pages_around(book: Collection, page: PageFormat) -> int:
    """The pages that are no chapter: title page, contents, a leaf for each part."""
    entries = len(book) + 2 * len(book.parts)
    return _AROUND + math.ceil(entries * 1.3 / _per_page(page)) + 2 * len(book.parts)


def _per_page(page: PageFormat) -> float:
    return page.text_height / page.leading


def _extent(text: str) -> float:
    """The length of a text in characters of the mean width; those of East Asia fill their square."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide * (1 / _CHARACTER - 1)


def _lines(nodes: Iterable[Node], page: PageFormat, fetched: bool, width: float = 1.0) -> float:  # noqa: C901, PLR0912 - match dispatch
    """The lines that blocks take; ``width`` is their share of the measure."""
    across = page.measure * width / (page.size * _CHARACTER)
    lines = 0.0
    for node in nodes:
        match node:
            case b.Heading():
                lines += _HEADING + _extent(plain_text(node)) // across
            case b.List(items):
                lines += (
                    sum(_lines(item.children, page, fetched, width * 0.93) for item in items) + 0.5
                )
            case b.Quote(children) | b.PullQuote(children) | b.Callout(children):
                lines += _lines(children, page, fetched, width * 0.88) + 1
            case b.Group(children) | b.Conditional(children):
                lines += _lines(children, page, fetched, width)
            case b.CodeBlock(text):
                rows = (math.ceil(_extent(row) / (across * 0.98)) or 1 for row in text.split("\n"))
                lines += 0.75 * sum(rows) + 1
            case b.Verse():
                lines += plain_text(node).count("\n") + 2
            case b.Figure(_, caption):
                lines += _picture(node, page, fetched)
                lines += math.ceil(_extent(plain_text(caption)) / across) + 1
            case b.Gallery(figures):
                lines += sum(_picture(f, page, fetched) for f in figures) / 2 + 1
            case b.Table(head, rows):
                lines += _table((*head, *rows), across)
            case b.MathBlock() | b.ThematicBreak():
                lines += 2.5
            case b.Embed() | b.Media() | b.FileDownload() | b.Poll() | b.Recipe():
                lines += _CARD + _extent(plain_text(node)) / across
            case b.Button() | b.SubscribeForm() | b.PaywallBreak():
                pass  # not printed
            case _:
                lines += math.ceil(_extent(plain_text(node)) / across)
    return lines


def _picture(figure: b.Figure, page: PageFormat, fetched: bool) -> float:
    """Lines: as wide as the measure and in proportion, at most two thirds of the page."""
    if is_remote(figure.image.src) and not fetched:
        return _MISSING
    width, height = figure.width, figure.height
    ratio = height / width if width and height else 0.6
    natural = width * 0.75 if width else page.measure
    points = min(min(page.measure, natural) * ratio, page.highest_picture)
    return points / page.leading + 1


def _table(rows: Iterable[tuple[b.Cell, ...]], across: float) -> float:
    lines = 1.0
    for row in rows:
        room = across / max(1, len(row))
        lines += max((math.ceil(_extent(plain_text(cell)) / room) or 1 for cell in row), default=1)
    return lines
