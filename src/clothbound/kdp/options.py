"""The options of the upload kit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

from ..fields import Field
from ..formats import WriterOptions
from ..page_sizes import Trim
from ..writers.pdf import (
    LINK_TRANSFORMS,
    Grayscale,
    LinksOnPaper,
    Openers,
    PageReferences,
    ThemeChoice,
)
from ..writers.shared_options import CoverPictures, LeaveOutRepeated, shared_transforms
from .specs import Binding, Ink, Paper


class Kdp(WriterOptions, frozen=True, kw_only=True):
    """Options of the upload kit for Kindle Direct Publishing."""

    format: ClassVar[str] = "kdp"
    trim: Annotated[
        Trim, Field(flag="--trim", help="The size of the printed book: inches, or A5.")
    ] = "6x9"
    paper: Annotated[
        Paper,
        Field(
            flag="--paper",
            help="White or cream; it decides how thick the book is. Colour is printed only on white "
            "paper.",
        ),
    ] = "white"
    ink: Annotated[
        Ink,
        Field(
            flag="--ink",
            help="Black, colour, or colour on better paper; it also decides how many pages the book "
            "may have.",
        ),
    ] = "black"
    binding: Annotated[
        Binding,
        Field(
            flag="--binding",
            help="Paperback or hardcover, whose cover is a case; compare its size with the store's "
            "calculator.",
        ),
    ] = "paperback"
    theme: ThemeChoice = "essay"
    openers: Openers = "page"
    links: LinksOnPaper = "none"
    page_references: PageReferences = True
    grayscale: Grayscale = False
    leave_out_repeated: LeaveOutRepeated = False
    cover_pictures: CoverPictures = "described"
    css: Annotated[
        Path | None, Field(help="A style sheet that is applied after the printed book's own.")
    ] = None

    @property
    def transforms(self) -> tuple[str, ...]:
        """The transforms that these options add to those of every PDF."""
        return shared_transforms(self) + LINK_TRANSFORMS[self.links]

    @property
    def page(self) -> str:
        """The page size of the printed book."""
        return self.trim

    @property
    def recto(self) -> bool:
        """Whether every post of the printed book begins on a right-hand page."""
        return self.openers == "page"
