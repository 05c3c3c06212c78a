"""The options of the upload kit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from ..writers.pdf import LINK_TRANSFORMS
from .press import Binding, Ink, Paper, Trim


@dataclass(frozen=True, slots=True, kw_only=True)
class Kdp:
    """How a book is made ready for Kindle Direct Publishing."""

    format: ClassVar[str] = "kdp"
    trim: Trim = "6x9"
    """The size of the printed book: inches, or A5."""
    paper: Paper = "white"
    """White or cream; it decides how thick the book is. Colour is printed on white alone."""
    ink: Ink = "black"
    """Black, colour, or colour on better paper; it decides how many pages there may be, too."""
    binding: Binding = "paperback"
    """Paperback or hardcover. For a hardcover no cover is made: only the store tells its size."""
    theme: Literal["essay", "novel", "manual"] = "essay"
    """How the printed book looks inside."""
    links: Literal["footnotes", "endnotes", "none"] = "none"
    """Where the addresses of links stand on paper."""
    page_references: bool = True
    """Write the page after a link to another post of the book."""
    grayscale: bool = False
    """Pictures of the printed book in shades of gray, as black ink prints them."""
    css: Path | None = None
    """A style sheet that is applied after the printed book's own."""

    @property
    def transforms(self) -> tuple[str, ...]:
        """What is done to a post of the printed book beside what every PDF wants."""
        return LINK_TRANSFORMS[self.links]

    @property
    def page(self) -> str:
        """The size of the printed book's page."""
        return self.trim

    @property
    def recto(self) -> bool:
        """Every post of the printed book begins on a right-hand page."""
        return True
