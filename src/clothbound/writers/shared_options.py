"""Declares the options that several writers share: the annotations of their fields."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol, TypeAlias

from ..fields import Field

Mentions: TypeAlias = Annotated[
    bool, Field(help="At the end of each chapter, name the other posts that link to it.")
]
CoverPictures: TypeAlias = Annotated[
    Literal["described", "all", "none"],
    Field(
        help="Which posts show their picture (the featured image) above the text, if it is not in it: those whose "
        "picture has an alternative text or a caption, all, or none."
    ),
]

LeaveOutRepeated: TypeAlias = Annotated[
    bool,
    Field(
        help="Leave out blocks that begin or end more than a third of the posts, such as footers; the report names them."
    ),
]
CodesOnPaper: TypeAlias = Annotated[
    Literal["videos", "all", "none"],
    Field(
        help="Which cards have a QR code that leads to the address, for readers of paper: those of videos, "
        "all (posts and tweets too), or none. Addresses that are not public get none."
    ),
]
ListOfLinks: TypeAlias = Annotated[
    bool,
    Field(help="At the end of the book, list all addresses to which the posts link, by chapter."),
]


class SharedOptions(Protocol):
    """Options of a writer that have those which add transforms."""

    @property
    def cover_pictures(self) -> str: ...

    @property
    def leave_out_repeated(self) -> bool: ...


MADE_ELSEWHERE = ("widgets", "footnotes", "headings", "links-of-page", "link-words")
"""The transforms of writers whose product other programs make into pages: of documents, and of sources of sites."""


def shared_transforms(options: SharedOptions, *, mentions: bool = False) -> tuple[str, ...]:
    """Returns the transforms that the options which writers share add to those of a writer."""
    covers = {"described": ("covers-described",), "all": ("covers",)}
    repeated = ("repeated",) if options.leave_out_repeated else ()
    return (
        *repeated,
        *covers.get(options.cover_pictures, ()),
        *(("mentions",) if mentions else ()),
    )
