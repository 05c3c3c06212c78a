"""Declares the options that several writers share: the annotations of their fields."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ..fields import Field

Mentions: TypeAlias = Annotated[
    bool, Field(help="At the end of each chapter, name the other posts that link to it.")
]
LeaveOutRepeated: TypeAlias = Annotated[
    bool,
    Field(
        help="Leave out blocks that begin or end more than a third of the posts, such as footers; the report names them."
    ),
]
ListOfLinks: TypeAlias = Annotated[
    bool,
    Field(help="At the end of the book, list all addresses to which the posts link, by chapter."),
]
