"""Says where a word too long for its line may break: at syllables of a known language, and behind signs of an address."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

from ..lazy_pattern import lazy_pattern

SOFT_HYPHEN = "\u00ad"
"""Stands at the end of a part that shows a hyphen where a line ends with it."""
_LEAST_BESIDE = 4
"""The fewest letters before a word's first break and behind its last one."""
_RUNS = lazy_pattern(r"[^\W\d_]+|[^\W\d_]*[\W\d_]+")
_BREAKS_BEHIND = frozenset("/.?&=#@:;,_+|")


def split_word(word: str, language: str) -> list[str]:
    """Returns the parts of a word between which a line may break, the whole word if there are none."""
    parts = [""]
    for run in _RUNS.findall(word):
        first, *others = _split_letters(run, language)
        parts[-1] += first
        parts.extend(others)
        if run[-1] in _BREAKS_BEHIND:
            parts.append("")
    return [part for part in parts if part]


def _split_letters(letters: str, language: str) -> list[str]:
    if not letters.isalpha():
        return [letters]
    dictionary = _dictionary(language)
    if dictionary is None:
        return [letters]
    places = [0, *dictionary.positions(letters), len(letters)]
    pieces = [letters[start:end] for start, end in pairwise(places)]
    return [*(piece + SOFT_HYPHEN for piece in pieces[:-1]), pieces[-1]]


@cache
def _dictionary(language: str) -> Any:
    """Returns the patterns of a language (BCP 47); None if there are none."""
    import pyphen

    name = pyphen.language_fallback(language.replace("-", "_")) if language else None
    return pyphen.Pyphen(lang=name, left=_LEAST_BESIDE, right=_LEAST_BESIDE) if name else None
