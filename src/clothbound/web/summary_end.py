"""The word that ends the summary of a post on a line of its own, as Middleman's sites have it. They do not show it."""

from __future__ import annotations

SUMMARY_END = "READMORE"
