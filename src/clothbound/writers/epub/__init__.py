"""EPUB 3.3: one publication of many posts, a chapter each."""

from __future__ import annotations

from .package import Epub, EpubWriter

__all__ = ["Epub", "WRITER"]

WRITER = EpubWriter()
