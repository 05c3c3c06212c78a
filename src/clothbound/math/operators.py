"""Names operators of TeX whose scripts are placed above and below them in a displayed formula."""

from __future__ import annotations

WORDS_WITH_LIMITS = frozenset("det gcd inf lim liminf limsup max min Pr sup".split())
"""The named operators (The TeXbook, chapter 18)."""
LARGE_WITH_LIMITS = frozenset("∑∏∐⋂⋃⋀⋁⨀⨁⨂⨆")
