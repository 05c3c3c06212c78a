"""Writes EPUB 3.3: one publication with a chapter for each post."""

from __future__ import annotations

from .options import Epub
from .package import EpubWriter

__all__ = ["Epub", "WRITER"]

WRITER = EpubWriter()
