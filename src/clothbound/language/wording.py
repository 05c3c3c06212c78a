"""The words that a book itself says, in one language, and the forms of plurals in which it says them.

No word has a default, so mypy reports a language that lacks one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, TypedDict

import msgspec

PluralForm: TypeAlias = Literal["zero", "one", "two", "few", "many", "other"]
"""The categories of numbers by which languages choose the form of a noun (Unicode TR 35, part 3, section 5)."""
Counted: TypeAlias = Mapping[PluralForm, str]
"""A sentence with the field ``{count}`` for each form that its numbers can ask for."""

RoleNames = TypedDict(
    "RoleNames",
    {
        "dedication": str,
        "epigraph": str,
        "foreword": str,
        "preface": str,
        "introduction": str,
        "afterword": str,
        "appendix": str,
        "acknowledgments": str,
        "about-the-author": str,
        "colophon": str,
    },
)
"""The titles of the book's own texts that have none, by ``Role``."""

CALLOUTS = ("note", "tip", "important", "warning", "caution")
"""The kinds of callouts that GitHub and Quarto know."""


class EmbedNames(TypedDict):
    """The names of embedded content whose service is unknown, by ``Embed.kind``."""

    post: str
    note: str
    publication: str
    chart: str
    gist: str
    page: str
    other: str


class Accessibility(msgspec.Struct, frozen=True, kw_only=True):
    """The sentences by which an EPUB says how it can be read."""

    text: str
    no_pictures: str
    described: str
    undescribed: str
    mathml: str
    drawn_formulas: str
    pages: str


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """The words in one language, which may differ from that of the page around them."""

    language: str
    """The BCP 47 tag with which the words are marked."""
    contents: str
    cover: str
    title_page: str
    start: str
    """The landmark at the beginning of the text."""
    colophon: str
    notes: str
    """The heading of a chapter's notes in print."""
    pages: str
    """The name of the list of printed pages."""
    index: str
    see: str
    """A reference of the index with the field ``{term}``, under which the pages are."""
    see_also: str
    """A reference to a related term, ``{term}``."""
    many_posts: Counted
    """A sentence for two posts or more, with ``{dates}``, a range of dates in words, or with ``{first}`` and
    ``{last}``, its ends."""
    one_post: str
    """A sentence with the field ``{first}``, a date."""
    undated: str
    """A sentence with the field ``{count}``, a number."""
    paid: str
    """A sentence with the field ``{count}``, the number of posts that were not for everyone."""
    set_by: str
    """A sentence with the field ``{engine}``: nothing, or a space and the engine's name in parentheses."""
    typefaces: str
    """A sentence with the field ``{faces}``, the names of one or more typefaces."""
    edited_by: str
    """A line with the field ``{names}``: one or more names."""
    on_page: str
    """What a reference in print adds to its words, with the field ``{page}``, a number."""
    back: str
    """The label of the link from a note back to its mark."""
    previous: str
    next: str
    """The label of the link to the next post, as ``previous`` is for the post before."""
    posts: str
    links: str
    """The heading of a list of addresses."""
    mentioned_in: str
    """A line with the field ``{titles}``: those of posts that link to this one."""
    tags: str
    without_date: str
    """The heading of a list of posts without a known date."""
    undescribed: str
    """The description of a picture that has none, for screen readers."""
    untitled: str
    """The title of a post or book that has none."""
    not_found: str
    """The heading of a site's page for an address that leads nowhere."""
    letters: str
    """The title of a book of posts whose publication has no name."""
    other: str
    """The title of the last part of a book by tags, with the posts that share no tag."""
    audio: str
    video: str
    embeds: EmbedNames
    callouts: tuple[str, str, str, str, str]
    """The names of the kinds of callouts, in the order of CALLOUTS."""
    done: str
    to_do: str
    """The name of the check box of a list item, for screen readers."""
    roles: RoleNames
    series: str
    """A series with the fields ``{name}`` and ``{number}``, the book's number in it."""
    part: str
    """The title of a part that has only a ``{number}``."""
    also_in_series: str
    reading_time: Counted
    """The time that a post takes, ``{count}`` minutes."""
    accessibility: Accessibility
    comma: str
    """What separates the members of a list."""
    semicolon: str
    """What separates members that may contain commas."""
    colon: str
    """What separates a name from its value."""
    unreviewed: tuple[str, ...]
    """The fields whose words no source had, and no native speaker has looked at."""
