"""Fits a title on a cover: where it may break, and the size at which it takes few, even lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from ..language.hyphenation import SOFT_HYPHEN, split_word
from ..lazy_pattern import lazy_pattern

MOST_CHARACTERS = 500
"""Characters of a text on a cover: more than there is room for at its smallest size. The rest is not measured."""

Word: TypeAlias = tuple[str, str]
"""The space before a word on its line, or the empty string, and the word or a part of it."""

_HYPHENED = lazy_pattern(r"[^-\u2010\u2013\u2014]*[-\u2010\u2013\u2014]+|[^-\u2010\u2013\u2014]+")
_DASH = lazy_pattern(" (?=[\u2013\u2014] )")
"""Matches the space before a dash, with which no line begins."""
_CHARACTERS = lazy_pattern("[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_OPENING = "\u2018\u201c\u3008\u300a\u300c\u300e\u3010\u3014\uff08"
_CLOSING = (
    "\u2019\u201d\u2026\u3001\u3002\u3005\u3009\u300b\u300d\u300f\u3011\u3015\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087"
    "\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\u30fb\u30fc\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
)
"""Marks, small kana and the sign of a long vowel, with which no line begins (JIS X 4051, CLREQ)."""
_BREAKS = lazy_pattern(
    f"[{_OPENING}]*(?:[\u0021-\u024f]+|[^\\s{_OPENING}])[{_CLOSING}]*|[{_OPENING}]+|\\s"
)
_PHRASES = lazy_pattern(
    "\\S+?(?:[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]+[\u300d\u300f\u201d]*|(?=\\s)|\\Z)|\\s"
)
"""Matches what ends with a mark, behind which a title of Chinese or Japanese breaks best."""
_LEAST_OF_PHRASES = 0.5
"""The part of the largest size that a title keeps at least where it breaks behind marks alone."""


_SMALL = 0.6
"""The part of the largest size below which a title is small for the sake of a word that does not break."""
_GAIN = 1.25
"""The factor by which breaks within words must enlarge a title, or it has none."""


class TitleStep(NamedTuple):
    """A size at which a title may be set."""

    size: float
    length: Callable[[str], float]
    """Measures text at this size, in the unit of ``width``."""
    width: float
    most_lines: int


def fit_title(
    title: str, steps: Iterable[TitleStep], *, narrowing: float, language: str
) -> tuple[TitleStep, list[str]]:
    """Returns the first of ``steps`` at which ``title`` takes no more lines than it allows, and the lines.

    A title that a long word makes small breaks within words, as ``language`` does, if that enlarges it. If there is
    no such step, the title is set as the last of ``steps`` says, in any number of lines, and long
    words break at any character. Of a longer title, ``MOST_CHARACTERS`` are set. A title of Chinese
    or Japanese breaks behind its marks, if it stays large. ``narrowing`` is the step, in the unit of ``width``, by
    which lines are narrowed until they are even.
    """
    steps = list(steps)
    phrases = _split_phrases(title[:MOST_CHARACTERS])
    large = [step for step in steps if step.size >= _LEAST_OF_PHRASES * steps[0].size]
    words = _split_title(title[:MOST_CHARACTERS])
    whole = _first_fit(phrases, large, narrowing) or _first_fit(words, steps, narrowing)
    if whole is not None and whole[0].size >= _SMALL * steps[0].size:
        return whole
    parts = [part for word in words for part in _split_within(word, language)]
    larger = [step for step in steps if whole is None or step.size >= _GAIN * whole[0].size]
    broken = _first_fit(parts, larger, narrowing) if len(parts) > len(words) else None
    if (fitting := broken or whole) is not None:
        return fitting
    step = steps[-1]
    pieces = _split_long_words(words, step)
    return step, _break_evenly(pieces, step, len(pieces), narrowing)


def _first_fit(
    words: Sequence[Word], steps: Iterable[TitleStep], narrowing: float
) -> tuple[TitleStep, list[str]] | None:
    """Returns the first of ``steps`` at which ``words`` take no more lines than it allows, and the lines."""
    for step in steps:
        lines = _break_evenly(words, step, step.most_lines, narrowing)
        if lines and len(lines) <= step.most_lines:
            return step, lines
    return None


def _split_title(title: str) -> list[Word]:
    """Splits a title where it may break: between words, after hyphens, and between the characters of
    Chinese and Japanese.
    """
    if _CHARACTERS.search(title):
        # No line may begin with a closing mark.
        return [("", part) for part in _BREAKS.findall(title)]
    return [
        ("" if position else " ", part)
        for word in _DASH.sub("\u00a0", title).split(" ")
        for position, part in enumerate(_HYPHENED.findall(word))
    ]


def _split_phrases(title: str) -> list[Word]:
    """Splits a title of Chinese or Japanese behind its marks; returns none of any other title."""
    found = _PHRASES.findall(title) if _CHARACTERS.search(title) else []
    return [("", part) for part in found] if len(found) > 1 else []


def _split_within(word: Word, language: str) -> list[Word]:
    first, *others = split_word(word[1], language)
    return [(word[0], first), *(("", part) for part in others)]


def _split_long_words(words: Iterable[Word], step: TitleStep) -> list[Word]:
    pieces: list[Word] = []
    for space, word in words:
        parts = [""]
        for letter in word:
            if parts[-1] and step.length(parts[-1] + letter) > step.width:
                parts.append("")
            parts[-1] += letter
        pieces.append((space, parts[0]))
        pieces.extend(("", part) for part in parts[1:])
    return pieces


def _break_evenly(
    words: Sequence[Word], step: TitleStep, most_lines: int, narrowing: float
) -> list[str]:
    """Breaks words into as few lines as possible, of similar length if they are at most ``most_lines``; returns none if
    a word does not fit.
    """
    lengths = [step.length(word.rstrip(SOFT_HYPHEN)) for _, word in words]
    hyphen = step.length("-")
    ends = [hyphen if word.endswith(SOFT_HYPHEN) else 0.0 for _, word in words]
    longest = max(map(sum, zip(lengths, ends, strict=True)), default=0.0)
    if longest > step.width:
        return []
    gap, width = step.length(" "), step.width
    lines = _break_greedily(words, lengths, ends, gap, width)
    if len(lines) > most_lines:
        return lines
    # Narrow the lines as long as their number stays the same, so that no word is alone on the last.
    while width > longest:
        width -= narrowing
        narrower = _break_greedily(words, lengths, ends, gap, width)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _break_greedily(
    words: Iterable[Word],
    lengths: Iterable[float],
    ends: Iterable[float],
    gap: float,
    width: float,
) -> list[str]:
    """Fills one line after the other. ``ends`` are the widths of the hyphens that words have at the end of a line."""
    lines: list[str] = []
    used = 0.0
    for (space, word), length, end in zip(words, lengths, ends, strict=True):
        before = gap if space else 0.0
        if lines and used + before + length + end <= width:
            used += before + length
            lines[-1] += space + word
        else:
            used = length
            lines.append(word)
    return [_with_hyphen(line) for line in lines]


def _with_hyphen(line: str) -> str:
    """Returns a line with a hyphen if it ends within a word."""
    shown = line.replace(SOFT_HYPHEN, "")
    return f"{shown}-" if line.endswith(SOFT_HYPHEN) else shown
