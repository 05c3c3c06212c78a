"""What a ``book.toml`` may say: a dataclass for each heading, a docstring line for each field.

The checks, ``did you mean`` and the table in the docs all come from here. A field whose name is a
word of Python's has the name that it has in the file in its metadata.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from ..anthology.arrange import Parts, Sort
from ..model.collection import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFields:
    """``[book]``: what the book is called, by whom, and what stores and libraries want to know."""

    title: str = ""
    """The book's title; without it one is inferred from the posts. {year} is filled in."""
    subtitle: str = ""
    """Stands below the title."""
    authors: tuple[str, ...] = ()
    """One name, or several in square brackets."""
    editors: tuple[str, ...] = ()
    """Who chose and edited the posts, where that is not the author."""
    publisher: str = ""
    """The imprint, or your own name."""
    rights: str = ""
    """The copyright line."""
    language: str = ""
    """The book's language as a code: en, de, pt-BR."""
    identifier: str = ""
    """A name for this book that no other has; without it one is made."""
    isbn: str = ""
    """Thirteen digits, or ten, with or without hyphens; the last one is checked."""
    series: str = ""
    """The series that the book belongs to."""
    number: str = ""
    """The book's number in its series: 3, or 2.5."""
    description: str = ""
    """What the book is about, for stores. Three quotation marks at each end let it have several lines."""
    subjects: tuple[str, ...] = ()
    """Subjects or keywords, each in quotation marks, in square brackets."""
    cover: str = ""
    """A picture's file; without it a cover is drawn."""
    fetch: bool = False
    """true downloads pictures that are on the network, as --fetch does."""
    edits: str = "edits"
    """The folder, beside this file or below, with texts that replace a post's own in this book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """``[texts]``: Markdown files for texts that are not chapters."""

    dedication: str = ""
    """Stands first."""
    epigraph: str = ""
    """A quotation before the book begins."""
    foreword: str = ""
    """By somebody else, as a rule."""
    preface: str = ""
    """By the author, on how the book came about."""
    introduction: str = ""
    """Leads to the subject."""
    afterword: str = ""
    """Stands after the last chapter."""
    acknowledgments: str = ""
    """Thanks."""
    about_the_author: str = field(default="", metadata={"key": "about-the-author"})
    """Who wrote it."""
    colophon: str = ""
    """How the book was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFields:
    """``[posts]``: where the posts lie, and which of them are for this book.

    ``update`` adds the new ones that these lines let through. In a file that lists no chapters they
    choose and arrange the book.
    """

    source: str = "."
    """The folder or the export with the posts."""
    format: str = ""
    """The format of the source, where its name does not tell it."""
    exclude: tuple[str, ...] = ()
    """Patterns of files and folders to leave out of a folder: drafts, 2019/*."""
    encoding: str = ""
    """The encoding of an export's posts.csv, where a program has saved it again: windows-1251, say."""
    year: int | None = None
    """Posts of this year."""
    after: date | datetime | None = None
    """Posts from this day on: 2023-03-01."""
    before: date | datetime | None = None
    """Posts before this day."""
    timezone: str = "UTC"
    """Decides to which day and year a post belongs: Europe/Oslo, say."""
    tags: tuple[str, ...] = ()
    """Posts with one of these tags. A word that no post has is refused, as under types and audiences."""
    types: tuple[str, ...] = ()
    """Posts of these types: newsletter, podcast, page, thread."""
    audiences: tuple[str, ...] = ()
    """Posts for these readers: everyone, only_paid, only_free, founding. A site and a feed hold theirs, too."""
    drafts: bool = False
    """true takes drafts and scheduled posts too. A site and a feed hold none."""
    states: tuple[str, ...] = ()
    """Takes posts of these states too: private, pending, expired, trash ... A site and a feed hold none."""
    min_words: int = field(default=0, metadata={"key": "min-words"})
    """Leaves out posts with fewer words."""
    sites: tuple[str, ...] = ()
    """The publication's own hosts; links there lead to posts."""
    sort: Sort = "date"
    """date, title or source (by file name)."""
    reverse: bool = False
    """true turns the order round."""
    parts: Parts = "none"
    """Parts by months, years or tags, or none; new posts go where they belong."""
    split: Literal["none", "years", "months"] = "none"
    """years or months makes a book of each; {year} or {month} in `path` tells them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """``[[output]]``: a file to make. There may be several."""

    path: str
    """The file, seen from this one; {title}, {year} (without `year`, that of the posts) and {month} are filled in."""
    format: str = ""
    """epub, pdf, site ...; without it the name's ending tells."""
    destination: str = field(default="", metadata={"key": "for"})
    """Who will take the file: kindle, say, where the format has such a choice."""
    options: dict[str, Any] = field(default_factory=dict)
    """Options of the format, { page = "A5" }, as `clothbound formats NAME` lists them."""
    line: int = field(default=0, metadata={"key": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """``[[remove]]``: a paragraph, or words, that are not for this book."""

    paragraph: str = ""
    """The whole text of a paragraph, heading, caption, term, summary, button or form, not of code; * stands for any words."""
    text: str = ""
    """Words inside a paragraph, heading, table, caption or alternative text. Where they are left (in code, a card, a title), that is said."""
    post: tuple[str, ...] = ()
    """The post, or several in square brackets; without it all posts."""
    made_for: str = field(default="", metadata={"key": "made-for"})
    """Written by `update`: the post as it was then. When it changes, the rule is named, not applied."""
    line: int = field(default=0, metadata={"key": ""})
    last: int = field(default=0, metadata={"key": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement(Removal):
    """``[[replace]]``: the same, with something else in its place."""

    replacement: str = field(default="", metadata={"key": "with"})
    """What stands there instead: Markdown for a paragraph, plain words for text."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A line of the list: a post as the file names it, and its title in the book."""

    post: str
    title: str
    line: int
    last: int


@dataclass(frozen=True, slots=True)
class PartLines:
    """``[part."Title"]``, or ``[chapters]`` for posts in no part (its title is empty)."""

    title: str
    line: int
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A ``book.toml`` that was read and checked, but for whether its posts are there."""

    path: Path
    text: str
    book: BookFields = BookFields()
    texts: dict[Role, Path] = field(default_factory=dict)
    posts: PostFields = PostFields()
    outputs: tuple[Output, ...] = ()
    rules: tuple[Removal, ...] = ()
    """In the order of the file, which is that in which they are applied."""
    parts: tuple[PartLines, ...] = ()

    @property
    def name(self) -> str:
        """The file as messages name it."""
        return self.path.name

    def beside(self, path: str) -> Path:
        """A path that is given as seen from the file."""
        return self.path.parent / path


def key_of(field: dataclasses.Field[Any]) -> str:
    """A field's name in the file; empty for one that the file does not have."""
    key: str = field.metadata.get("key", field.name)
    return key


HEADINGS = {
    "book": BookFields,
    "texts": Texts,
    "posts": PostFields,
    "output": Output,
    "remove": Removal,
    "replace": Replacement,
}
ARRAYS = frozenset({"output", "remove", "replace"})
LISTS = frozenset({"part", "chapters"})
