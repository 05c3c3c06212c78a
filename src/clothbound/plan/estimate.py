"""What a book would hold, before it is made: posts, order, words, pictures, and about how many pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..console_text import format_count, format_post_count, printable
from ..diagnostics import Diagnostic, DiagnosticCode
from ..model.collection import Collection
from ..model.walk import tally
from ..post_pictures import remote_pictures
from .page_estimate import DEFAULT, page_format, pages_around, pages_of


@dataclass(frozen=True, slots=True)
class Row:
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
class Plan:
    """A book as it would be."""

    title: str
    authors: tuple[str, ...]
    rows: tuple[Row, ...]
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
) -> Plan:
    """Looks at every post of a book; page, theme and ``recto`` are those of the print edition.

    ``fetched``: pictures on the network will be fetched, and count for the pages. Writes nothing.
    """
    parts = {key: part.title for part in book.parts for key in part.keys}
    name = page or DEFAULT
    form = page_format(name, theme)
    rows = []
    remote: set[str] = set()
    found: list[Diagnostic] = []
    for post in book.posts:
        metadata = post.metadata
        key = metadata.key
        remote.update(src for src, _ in remote_pictures(post))
        day = metadata.published.day if metadata.published else ""
        label = str(book.roles.get(key, day))
        pages = pages_of(post, form, theme, recto=recto, fetched=fetched)
        counts = tally(post)
        rows.append(
            Row(
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
    return Plan(
        title=book.info.title,
        authors=book.info.authors,
        rows=tuple(rows),
        remote=len(remote),
        pages=sum(row.pages for row in rows) + pages_around(book, form),
        page=name,
        diagnostics=tuple(dict.fromkeys((*book.diagnostics, *found))),
    )


def plan_lines(made: Plan) -> Iterator[str]:
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
