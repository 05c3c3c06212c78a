"""What a ``book.toml`` may say: a struct for each heading.

The checks, ``did you mean`` and the tables in the docs all come from the fields. What chooses and
arranges posts, and what a book is called, are the structs that ``book()`` takes; here stands what only
the file has.
"""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from ..anthology.order import Order
from ..anthology.select import Select
from ..fields import Field
from ..model.book_info import BookInfo
from ..model.collection import Role
from ..model.placeholders import check_path

VERSION = 1
"""The version of the file's format that this clothbound reads and ``init`` writes. It grows when a file
would no longer be understood as it was meant."""


class BookFields(msgspec.Struct, frozen=True, kw_only=True):
    """What the book is called, by whom, and what stores and libraries want to know."""

    info: BookInfo = BookInfo()
    fetch: Annotated[
        bool,
        Field(
            toml="fetch", help="true downloads pictures that are on the network, as --fetch does."
        ),
    ] = False
    edits: Annotated[
        str,
        Field(
            toml="edits",
            help="The folder, beside this file or below, with texts that replace a post's own in this"
            " book.",
        ),
    ] = "edits"


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """Markdown files for texts that are not chapters."""

    dedication: Annotated[str, Field(toml="dedication", help="Stands first.")] = ""
    epigraph: Annotated[str, Field(toml="epigraph", help="A quotation before the book begins.")] = (
        ""
    )
    foreword: Annotated[str, Field(toml="foreword", help="By somebody else, as a rule.")] = ""
    preface: Annotated[
        str, Field(toml="preface", help="By the author, on how the book came about.")
    ] = ""
    introduction: Annotated[str, Field(toml="introduction", help="Leads to the subject.")] = ""
    afterword: Annotated[str, Field(toml="afterword", help="Stands after the last chapter.")] = ""
    acknowledgments: Annotated[str, Field(toml="acknowledgments", help="Thanks.")] = ""
    about_the_author: Annotated[str, Field(toml="about-the-author", help="Who wrote it.")] = ""
    colophon: Annotated[str, Field(toml="colophon", help="How the book was made.")] = ""


class PostFields(msgspec.Struct, frozen=True, kw_only=True):
    """Where the posts lie, and which of them are for this book.

    `update` adds the new ones that these lines let through. In a file that lists no chapters they
    choose and arrange the book. Drafts and states that are taken here are for the books; a site and a
    feed hold none of them.
    """

    source: Annotated[
        str, Field(toml="source", help="The folder or the export with the posts.")
    ] = "."
    format: Annotated[
        str,
        Field(toml="format", help="The format of the source, where its name does not tell it."),
    ] = ""
    exclude: Annotated[
        tuple[str, ...],
        Field(
            toml="exclude",
            help="A pattern of files and folders to leave out of a folder: drafts, 2019/*.",
        ),
    ] = ()
    encoding: Annotated[
        str,
        Field(
            toml="encoding",
            help="The encoding of an export's posts.csv, where a program has saved it again:"
            " windows-1251, say.",
        ),
    ] = ""
    select: Select = Select()
    order: Order = Order()
    split: Annotated[
        Literal["none", "years", "months"],
        Field(
            toml="split",
            help="years or months makes a book of each; {year} or {month} in `path` tells them apart.",
        ),
    ] = "none"


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """A file to make. There may be several."""

    path: Annotated[
        str,
        Field(
            toml="path",
            help="The file, seen from this one; {title}, {year} (without `year`, that of the posts)"
            " and {month} are filled in.",
            check=check_path,
        ),
    ]
    format: Annotated[
        str, Field(toml="format", help="epub, pdf, site ...; without it the name's ending tells.")
    ] = ""
    destination: Annotated[
        str,
        Field(
            toml="for",
            help="Who will take the file: kindle, say, where the format has such a choice.",
        ),
    ] = ""
    options: Annotated[
        dict[str, Any],
        Field(
            toml="options",
            help='Options of the format, { page = "A5" }, as `clothbound formats NAME` lists them.',
        ),
    ] = msgspec.field(default_factory=dict)
    line: int = 0


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph, or words, that are not for this book."""

    paragraph: Annotated[
        str,
        Field(
            toml="paragraph",
            help="The whole text of a paragraph, heading, caption, term, summary, button or form, not"
            " of code; * stands for any words.",
        ),
    ] = ""
    text: Annotated[
        str,
        Field(
            toml="text",
            help="Words inside a paragraph, heading, table, caption or alternative text. Where they"
            " are left (in code, a card, a title), that is said.",
        ),
    ] = ""
    post: Annotated[
        tuple[str, ...], Field(toml="post", help="The post; without it all posts.")
    ] = ()
    made_for: Annotated[
        str,
        Field(
            toml="made-for",
            help="Written by `update`: the post as it was then. When it changes, the rule is named,"
            " not applied.",
        ),
    ] = ""
    line: int = 0
    last: int = 0


class Replacement(Removal, frozen=True, kw_only=True):
    """The same, with something else in its place."""

    replacement: Annotated[
        str,
        Field(
            toml="with",
            help="What stands there instead: Markdown for a paragraph, plain words for text.",
        ),
    ] = ""


class ChapterLine(msgspec.Struct, frozen=True):
    """A line of the list: a post as the file names it, and its title in the book."""

    post: str
    title: str
    line: int
    last: int


class PartLines(msgspec.Struct, frozen=True):
    """``[part."Title"]``, or ``[chapters]`` for posts in no part (its title is empty)."""

    title: str
    line: int
    chapters: tuple[ChapterLine, ...]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A ``book.toml`` that was read and checked, but for whether its posts are there."""

    path: Path
    text: str
    book: BookFields = BookFields()
    texts: dict[Role, Path] = msgspec.field(default_factory=dict)
    posts: PostFields = PostFields()
    outputs: tuple[Output, ...] = ()
    rules: tuple[Removal, ...] = ()
    """In the order of the file, which is that in which they are applied."""
    parts: tuple[PartLines, ...] = ()

    @property
    def name(self) -> str:
        """The file as messages name it."""
        return self.path.name

    @property
    def zone(self) -> tzinfo:
        """The time zone in which the days of posts are understood."""
        return self.posts.select.zone

    def beside(self, path: str) -> Path:
        """A path that is given as seen from the file."""
        return self.path.parent / path


HEADINGS: dict[str, type[msgspec.Struct]] = {
    "book": BookFields,
    "texts": Texts,
    "posts": PostFields,
    "output": Output,
    "remove": Removal,
    "replace": Replacement,
}
ARRAYS = frozenset({"output", "remove", "replace"})
LISTS = frozenset({"part", "chapters"})


def written(heading: str) -> str:
    """A heading as it stands in the file: ``[book]``, ``[[output]]``."""
    return f"[[{heading}]]" if heading in ARRAYS else f"[{heading}]"
