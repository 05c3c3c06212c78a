"""Lists the contents of a book before it is made: posts in order, words, pictures, and an estimate of its pages.

The pages are estimated without typesetting them. The estimate counts lines of the page's measure: the lines of
a paragraph by its characters, of code and verse by their own lines, of a heading, a picture or a card by a
typical height. A chapter begins on a new page.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from ..console_text import format_count, format_post_count, printable
from ..context import Context
from ..diagnostics import Diagnostic, DiagnosticCode
from ..language.detect import collection_language
from ..model import blocks as b
from ..model.census import tally
from ..model.collection import Collection
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.post import Post
from ..moment import moment_of_run
from ..post_pictures import remote_pictures
from ..run import Run
from ..transforms.paywall import cut_at_paywall
from ..web.addresses import is_remote
from ..writers.pdf.page_format import PAGES, USUAL_PAGE, PageFormat
from ..writers.pdf.theme_choice import find_theme

_CHARACTER = 0.47
"""The mean width of a character, spaces included, as a fraction of the type size."""
_HEADING = 2.5
"""The height of a heading of one line, in lines of text."""
_CARD = 5
"""The height of a card, in lines of text, without the lines of its words."""
_MISSING = 3
"""The height of the placeholder of a missing picture, in lines of text."""
_RUN_ON_OPENER = 6.5
"""The height of the opener of a post below another, in lines of text: its space, date and title."""
_FRONT_AND_BACK = 6
"""The number of pages that half title, title page, the backs of both, and contents fill at least."""


class PostEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """One post of the plan."""

    part: str
    """The title of its part; empty if it is in none."""
    label: str
    """Its date, or its role in the book."""
    is_text: bool
    """True for a text of the book's own, such as a foreword."""
    title: str
    words: int
    pictures: int
    pages: int
    """The pages that it fills or, where it begins below another post, that it adds."""
    reasons: tuple[str, ...] = ()
    """The names of the reasons why not everyone may read it, such as ``draft`` or ``only_paid``."""
    is_cut: bool = False
    """Whether the book has only those parts of it that its readers may read, which alone are counted."""


class BookEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of a book that has not been made yet."""

    title: str
    authors: tuple[str, ...]
    rows: tuple[PostEstimate, ...]
    remote: int
    """The number of different pictures on the network."""
    pages: int
    """An estimate that includes title page, contents and parts."""
    page: str
    """The name of the page size for which ``pages`` was estimated."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """The diagnostics from reading the posts and applying their edits."""

    @property
    def is_short(self) -> bool:
        """Whether a post is missing because it could not be read."""
        return any(d.code is DiagnosticCode.POST_UNREADABLE for d in self.diagnostics)


def estimate_book(
    book: Collection,
    page: str = "",
    theme: str | Path = "essay",
    *,
    recto: bool = False,
    runs_on: bool = False,
    fetched: bool = False,
    now: datetime | None = None,
) -> BookEstimate:
    """Counts every post of a book, and writes nothing; page, theme, ``recto`` and ``runs_on``, with which posts
    begin below each other, are those of the print edition.

    ``now`` is the moment at which it is told who may read a post; None is that of ``Run``. With ``fetched``, pictures on the network will be fetched, so the estimate of pages includes them.
    """
    parts = {key: part.title for part in book.parts for key in part.keys}
    name = page or USUAL_PAGE
    form = _page_format(name, theme, collection_language(book))
    moment = moment_of_run(now)
    opener, room = find_theme(theme, page=_known_page(name)).opener_lines, _lines_per_page(form)
    rows = []
    end = 0.0
    part_before = None
    remote: set[str] = set()
    found: list[Diagnostic] = []
    audiences = frozenset(book.audiences) or None
    reading = Context(Run(now=moment), product_audiences=audiences)
    for whole in book.posts:
        post = cut_at_paywall(whole, reading)
        metadata = post.metadata
        key = metadata.key
        remote.update(src for src, _ in remote_pictures(post))
        day = metadata.published.day if metadata.published else ""
        label = str(book.roles.get(key, day))
        part = None if key in book.roles else parts.get(key, "")
        is_below = runs_on and part is not None and part == part_before
        part_before = part
        start = end if is_below else 0.0
        end = start + (_RUN_ON_OPENER if is_below else opener) + _post_lines(post, form, fetched)
        pages = math.ceil(end / room) - math.ceil(start / room)
        counts = tally(post)
        rows.append(
            PostEstimate(
                part=parts.get(key, ""),
                label=label,
                is_text=key in book.roles,
                title=metadata.title,
                words=counts.words,
                pictures=counts.pictures,
                pages=pages + pages % 2 if recto else pages,
                reasons=metadata.verdict(moment).names,
                is_cut=post is not whole,
            )
        )
        found.extend(post.diagnostics)
    return BookEstimate(
        title=book.info.title,
        authors=book.info.authors,
        rows=tuple(rows),
        remote=len(remote),
        pages=sum(row.pages for row in rows) + _estimate_front_and_back(book, form),
        page=name,
        diagnostics=tuple(dict.fromkeys((*book.diagnostics, *found))),
    )


def estimate_lines(estimate: BookEstimate) -> Iterator[str]:
    """Yields the lines of an estimate for a person to read: the posts in order, then their sums."""
    by = f" by {', '.join(estimate.authors)}" if estimate.authors else ""
    yield printable(f"{estimate.title}{by}")
    width = max((len(row.label) for row in estimate.rows), default=0)
    part = ""
    for row in estimate.rows:
        if row.part != part:
            part = row.part
            yield ""
            yield from [printable(part)] if part else []
        counts = format_count(row.words, "word")
        counts += f", {format_count(row.pictures, 'picture')}" if row.pictures else ""
        cut = ("without parts for other readers",) if row.is_cut else ()
        facts = "; ".join((counts, *row.reasons, *cut))
        yield printable(f"  {row.label:<{width}}  {row.title} ({facts})")
    words = sum(row.words for row in estimate.rows)
    shown = sum(row.pictures for row in estimate.rows)
    texts = sum(row.is_text for row in estimate.rows)
    posts = format_post_count(len(estimate.rows) - texts, texts)
    total = [posts, format_count(words, "word"), format_count(shown, "picture")]
    yield ""
    yield ", ".join(total)
    if estimate.remote:
        yield f"{format_count(estimate.remote, 'picture')} to fetch from the network"
    yield (
        f"about {estimate.pages} pages of {estimate.page} in print, "
        "estimated from the lines of each post and the size of its pictures"
    )


def _known_page(page: str) -> str:
    return page if page in PAGES else USUAL_PAGE


def _page_format(page: str, theme: str | Path = "essay", language: str = "") -> PageFormat:
    """Returns the page of this name, or the default page, with the type of a theme in the script of a language."""
    name = _known_page(page)
    form = PAGES[name]
    return find_theme(theme, page=name).set_for(language, form).page(form)


def _post_lines(post: Post, page: PageFormat, fetched: bool) -> float:
    """Returns the estimated height of a post without its opener, in lines of text.

    With ``fetched``, pictures on the network count at their size, otherwise as placeholders.
    """
    notes = sum(_count_lines(note.children, page, fetched) for note in post.footnotes)
    return _count_lines(post.body, page, fetched) + 0.8 * notes


def _estimate_front_and_back(book: Collection, page: PageFormat) -> int:
    """Returns the number of pages outside chapters: title page, contents, and a leaf for each part."""
    entries = len(book) + 2 * len(book.parts)
    return _FRONT_AND_BACK + math.ceil(entries * 1.3 / _lines_per_page(page)) + 2 * len(book.parts)


def _lines_per_page(page: PageFormat) -> float:
    return page.text_height / page.leading


def _extent(text: str) -> float:
    """Returns the length of a text in characters of mean width; a wide East Asian character is one em wide."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide * (1 / _CHARACTER - 1)


def _count_lines(  # noqa: C901, PLR0912 - match dispatch
    nodes: Iterable[Node], page: PageFormat, fetched: bool, width: float = 1.0
) -> float:
    """Returns the number of lines of blocks; ``width`` is the fraction of the measure that they fill."""
    across = page.measure * width / (page.size * _CHARACTER)
    lines = 0.0
    for node in nodes:
        match node:
            case b.Heading():
                lines += _HEADING + _extent(plain_text(node)) // across
            case b.List(items):
                lines += (
                    sum(_count_lines(item.children, page, fetched, width * 0.93) for item in items)
                    + 0.5
                )
            case b.Quote(children) | b.PullQuote(children) | b.Callout(children):
                lines += _count_lines(children, page, fetched, width * 0.88) + 1
            case b.Group(children) | b.Conditional(children):
                lines += _count_lines(children, page, fetched, width)
            case b.CodeBlock(text):
                rows = (math.ceil(_extent(row) / (across * 0.98)) or 1 for row in text.split("\n"))
                lines += 0.75 * sum(rows) + 1
            case b.Verse():
                lines += plain_text(node).count("\n") + 2
            case b.Figure(_, caption):
                lines += _picture_lines(node, page, fetched)
                lines += math.ceil(_extent(plain_text(caption)) / across) + 1
            case b.Gallery(figures):
                lines += sum(_picture_lines(f, page, fetched) for f in figures) / 2 + 1
            case b.Table(head, rows):
                lines += _table_lines((*head, *rows), across)
            case b.MathBlock() | b.ThematicBreak():
                lines += 2.5
            case b.Embed() | b.Media() | b.FileDownload() | b.Poll() | b.Recipe():
                lines += _CARD + _extent(plain_text(node)) / across
            case b.Button() | b.SubscribeForm() | b.PaywallBreak():
                pass  # not printed
            case _:
                lines += math.ceil(_extent(plain_text(node)) / across)
    return lines


def _picture_lines(figure: b.Figure, page: PageFormat, fetched: bool) -> float:
    """Returns the height of a picture in lines: at its own width, at most the measure, and no higher than
    ``highest_picture``.
    """
    if is_remote(figure.image.src) and not fetched:
        return _MISSING
    width, height = figure.width, figure.height
    ratio = height / width if width and height else 0.6
    natural = width * 0.75 if width else page.measure
    points = min(min(page.measure, natural) * ratio, page.highest_picture)
    return points / page.leading + 1


def _table_lines(rows: Iterable[tuple[b.Cell, ...]], across: float) -> float:
    lines = 1.0
    for row in rows:
        room = across / max(1, len(row))
        lines += max((math.ceil(_extent(plain_text(cell)) / room) or 1 for cell in row), default=1)
    return lines
