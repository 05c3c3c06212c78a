"""The schema of ``book.toml``: a struct for each heading.

The checks, ``did you mean`` and the tables in the docs all come from the fields. The fields that select and
arrange posts, and the metadata of the book, are those of the structs that ``book()`` takes; this module defines
only the others.
"""

from __future__ import annotations

import os
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
"""The version of the file's format that this clothbound reads and ``init`` writes. It is increased when the
meaning of existing files would change."""


class BookFields(msgspec.Struct, frozen=True, kw_only=True):
    """Title, authors, and the metadata that stores and libraries ask for."""

    info: BookInfo = BookInfo()
    filters: Annotated[
        tuple[str, ...],
        Field(
            toml="filters",
            help="Python files, relative to this one, whose functions change the posts of this book. They run only"
            " where they are trusted: with --trust, or once a terminal has asked.",
        ),
    ] = ()
    fetch: Annotated[
        bool,
        Field(
            toml="fetch", help="true downloads pictures that are on the network, as --fetch does."
        ),
    ] = False
    keep_pictures: Annotated[
        bool,
        Field(
            toml="keep-pictures",
            help="true keeps every picture from the network in the folder kept-pictures beside the first product, as"
            " --keep-pictures does.",
        ),
    ] = False
    edits: Annotated[
        str,
        Field(
            toml="edits",
            help="The folder, in that of this file or below, with texts that replace those of posts in this"
            " book.",
        ),
    ] = "edits"


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """Markdown files for texts that are not chapters."""

    dedication: Annotated[
        str, Field(toml="dedication", help="To whom the book is dedicated; it comes first.")
    ] = ""
    epigraph: Annotated[str, Field(toml="epigraph", help="A quotation before the book begins.")] = (
        ""
    )
    foreword: Annotated[
        str, Field(toml="foreword", help="Usually by somebody other than the author.")
    ] = ""
    preface: Annotated[
        str, Field(toml="preface", help="By the author, on how the book came about.")
    ] = ""
    introduction: Annotated[str, Field(toml="introduction", help="Introduces the subject.")] = ""
    afterword: Annotated[str, Field(toml="afterword", help="Comes after the last chapter.")] = ""
    acknowledgments: Annotated[str, Field(toml="acknowledgments", help="Thanks.")] = ""
    about_the_author: Annotated[str, Field(toml="about-the-author", help="Who wrote the book.")] = (
        ""
    )
    colophon: Annotated[str, Field(toml="colophon", help="How the book was made.")] = ""


class PostFields(msgspec.Struct, frozen=True, kw_only=True):
    """Where the posts are, and which of them belong in this book.

    `update` adds the new posts that these keys select. In a file that lists no chapters, the keys select and
    arrange the whole book. Drafts and states selected here apply to books; a site and a feed never contain them.
    """

    source: Annotated[
        str, Field(toml="source", help="The folder or the export with the posts.")
    ] = "."
    format: Annotated[
        str,
        Field(
            toml="from",
            help="The format of the source, if its name does not show it, or a dialect of Markdown, such as gfm.",
        ),
    ] = ""
    options: Annotated[
        dict[str, Any],
        Field(
            toml="options",
            help="Options of that format, { wikilinks = true }, as `clothbound formats NAME` lists them.",
        ),
    ] = msgspec.field(default_factory=dict)
    exclude: Annotated[
        tuple[str, ...],
        Field(
            toml="exclude",
            help="Patterns of files and folders to leave out of the source folder: drafts, 2019/*.",
        ),
    ] = ()
    encoding: Annotated[
        str,
        Field(
            toml="encoding",
            help="The encoding of an export's posts.csv, if another program has saved it: for example"
            " windows-1251.",
        ),
    ] = ""
    select: Select = Select()
    order: Order = Order()
    split: Annotated[
        Literal["none", "years", "months"],
        Field(
            toml="split",
            help="years or months makes a book for each; {year} or {month} in `path` gives each its own file.",
        ),
    ] = "none"


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """A file to make. There may be several."""

    path: Annotated[
        str,
        Field(
            toml="path",
            help="The file, in the folder of this one or below; {title}, {year} (without `year`, the year of"
            " the posts) and {month} are filled in.",
            check=check_path,
        ),
    ]
    format: Annotated[
        str,
        Field(
            toml="format",
            help="epub, pdf, site ...; without it, the extension of the name decides.",
        ),
    ] = ""
    destination: Annotated[
        str,
        Field(
            toml="for",
            help="The store or device that the file is for, such as kindle, if the format offers a choice; kdp makes a"
            " folder with all files for an upload where `path` has no extension.",
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
    """Removes a paragraph, or words, from this book."""

    paragraph: Annotated[
        str,
        Field(
            toml="paragraph",
            help="The whole text of a paragraph, heading, caption, term, summary, button or form, but not"
            " of code; * matches any words.",
        ),
    ] = ""
    text: Annotated[
        str,
        Field(
            toml="text",
            help="Words inside a paragraph, heading, table, caption or alternative text. A warning names"
            " the places where they are left (in code, a card, a title).",
        ),
    ] = ""
    post: Annotated[
        tuple[str, ...],
        Field(toml="post", help="The posts that it applies to; without it, all posts."),
    ] = ()
    made_for: Annotated[
        str,
        Field(
            toml="made-for",
            help="A digest of the post, written by `update`. When the post changes, the rule is reported"
            " and not applied.",
        ),
    ] = ""
    line: int = 0
    last: int = 0


class Replacement(Removal, frozen=True, kw_only=True):
    """Replaces a paragraph, or words, in this book."""

    replacement: Annotated[
        str,
        Field(
            toml="with",
            help="The replacement: Markdown for a paragraph, plain words for text.",
        ),
    ] = ""


class ChapterLine(msgspec.Struct, frozen=True):
    """A line in the list of chapters: a post as the file names it, and its title in the book."""

    post: str
    title: str
    line: int
    last: int


class PartLines(msgspec.Struct, frozen=True):
    """``[part."Title"]``, or ``[chapters]`` for posts outside parts, whose title is empty."""

    title: str
    line: int
    chapters: tuple[ChapterLine, ...]


class PictureLine(msgspec.Struct, frozen=True):
    """A line of ``[pictures]``: a picture as the file names it, and its words."""

    key: str
    words: str
    line: int
    last: int


class RepeatedLine(msgspec.Struct, frozen=True):
    """A line of ``[repeated]``: the first words of a block that begins or ends posts, and whether it is left out."""

    words: str
    is_left_out: bool
    line: int


class IndexLine(msgspec.Struct, frozen=True):
    """A line of ``[index]``: a term, its other spellings, and the terms to which it refers."""

    term: str
    spellings: tuple[str, ...]
    see: str
    see_also: tuple[str, ...]
    line: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A ``book.toml`` that was read and checked; whether its posts exist has not been checked."""

    path: Path
    text: str
    book: BookFields = BookFields()
    texts: dict[Role, Path] = msgspec.field(default_factory=dict)
    posts: PostFields = PostFields()
    outputs: tuple[Output, ...] = ()
    rules: tuple[Removal, ...] = ()
    """The rules in the order of the file, which is the order in which they are applied."""
    parts: tuple[PartLines, ...] = ()
    repeated: tuple[RepeatedLine, ...] = ()
    """The lines of ``[repeated]``."""
    pictures: tuple[PictureLine, ...] = ()
    """The lines of ``[pictures]``; ``plan/pictures`` says what they mean."""
    index: tuple[IndexLine, ...] = ()
    """The lines of ``[index]``."""
    line_of_pictures: int = 0
    """The last line below ``[pictures]``, or that of the heading itself; 0 if the file has none."""

    @property
    def name(self) -> str:
        """The file as messages name it."""
        return self.path.name

    line_of_filters: int = 0
    """The line of ``filters``; 0 if the file has none."""

    @property
    def zone(self) -> tzinfo | None:
        """The time zone that decides the days of posts; None if each is as the source writes it."""
        return self.posts.select.zone

    def beside(self, path: str) -> Path:
        """Resolves a path that is relative to the file."""
        return self.path.parent / path


def is_file(path: Path) -> bool:
    """Tells whether a path that a plan names leads to a file. A name that is too long for any leads to none."""
    return os.path.isfile(path)  # noqa: PTH113 - pathlib raises OSError for such a name before Python 3.14


def exists(path: Path) -> bool:
    """Tells whether a path that a plan names leads to a file or folder. A pipe or a device, whose reading may never
    end, is neither.
    """
    return is_file(path) or os.path.isdir(path)  # noqa: PTH112 - as above


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
REPEATED = "repeated"
"""The heading whose keys are the first words of blocks."""
KEEP, LEAVE_OUT = "keep", "leave out"
"""What the lines below it say."""
INDEX = "index"
"""The heading whose keys are terms of the index."""
SEE, SEE_ALSO, SPELLINGS = "see", "see-also", "spellings"
"""The keys of a line below it."""
PICTURES = "pictures"
"""The heading whose keys are pictures."""
WITH_OPTIONS = frozenset({"output", "posts"})
"""The headings whose ``options`` may stand below a heading of their own."""


def written(heading: str) -> str:
    """Returns a heading as the file writes it: ``[book]``, ``[[output]]``."""
    return f"[[{heading}]]" if heading in ARRAYS else f"[{heading}]"
