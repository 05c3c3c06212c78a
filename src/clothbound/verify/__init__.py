"""Proves that a product lacks nothing of its source, by a count that shares no code with what made the product.

The modules strip the source's bytes and the finished file of their markup, each by rules of their own, and compare
what is left: words, notes, pictures and links, each with its place in the source. They import nothing of clothbound but
``errors`` and ``diagnostics``.
"""

from .compare import Comparison, ContentCounts, compare_contents
from .products import read_product
from .sources import SourceText, read_sources

__all__ = [
    "Comparison",
    "ContentCounts",
    "SourceText",
    "compare_contents",
    "read_product",
    "read_sources",
]
