"""A fault of a book: where it is, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """A picture in a document, by its place among the pictures there; those of formulas aside."""

    position: int
    """From 0."""
    of: int


@dataclass(frozen=True, slots=True)
class Finding:
    message: str
    """The fault, without a full stop."""
    hint: str
    file: str = ""
    """A name in the archive; empty: the book as a whole."""
    line: int = 0
    address: str = ""
    """Of the link that it is about."""
    picture: PicturePlace | None = None
    """The picture that it is about."""
    refused: bool = True
    """Whether the book would be refused, or a reader lose something; else it is shown badly."""


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
