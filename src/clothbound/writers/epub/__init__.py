"""EPUB 3.3: one publication of many posts, a chapter each."""

from __future__ import annotations

from .package import EpubOptions, EpubWriter

__all__ = ["EpubOptions", "WRITER"]

WRITER = EpubWriter()
