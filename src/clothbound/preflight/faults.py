"""A fault of a book, its place, and the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """The place of a picture among those of its document, without pictures of formulas."""

    position: int
    """The index of the picture, from 0."""
    of: int
    """The number of pictures in the document."""


@dataclass(frozen=True, slots=True)
class Fault:
    message: str
    """Describes the fault, without a full stop."""
    hint: str
    file: str = ""
    """A name in the archive; empty if the fault concerns the whole book."""
    line: int = 0
    address: str = ""
    """The address of the link that the fault concerns."""
    picture: PicturePlace | None = None
    """The picture that the fault concerns."""
    refused: bool = True
    """Whether the book would be refused or readers would lose content. Otherwise it is only shown badly."""
