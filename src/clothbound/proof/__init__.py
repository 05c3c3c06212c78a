"""Looks at the finished pages of a PDF, whoever made it, as a proof-reader does.

``proof_read`` opens the file page by page by pypdfium2 and hands what is printed to the checks, a module for each
family: ``overlaps``, ``edges``, ``faces``, ``directions``, ``pictures`` and ``word_spaces`` look at one page, ``breaks``,
``white_space`` and ``contents`` at what pages have of one another. Their numbers stand in ``thresholds``.
"""

from __future__ import annotations

from .cut_outs import count_undrawn, save_cut_outs
from .expected import Expected, expected_of
from .extra import require
from .findings import CHECKS, Finding, FindingKind
from .places import place_findings
from .proof_reading import proof_read

__all__ = [
    "CHECKS",
    "Expected",
    "Finding",
    "FindingKind",
    "count_undrawn",
    "expected_of",
    "place_findings",
    "proof_read",
    "require",
    "save_cut_outs",
]
