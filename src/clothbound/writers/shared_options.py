"""Options that several writers have, each declared once: the annotations of their fields."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ..fields import Field

Mentions: TypeAlias = Annotated[
    bool, Field(help="Name at the end of each chapter the other posts that link to it.")
]
ListOfLinks: TypeAlias = Annotated[
    bool,
    Field(
        help="Put a list of all addresses that the posts link to at the end of the book, "
        "by chapter."
    ),
]
