"""The language that a text is likely to be in, where only its script can tell."""

from __future__ import annotations

import unicodedata

_ENOUGH = 400
_LAST_LATIN = "\u036f"
"""What comes before Greek in Unicode is Latin, with its marks; most texts have nothing else."""
# By the first word of a character's Unicode name. Where several languages share a script, it is the
# one with the most text on the web: what counts for a page is the direction, the font, the breaks.
_BY_SCRIPT = {
    "ARABIC": "ar",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "TAMIL": "ta",
    "THAI": "th",
}


def language_by_script(text: str) -> str:
    """A language tag if most letters of ``text`` are of a script other than Latin, else empty."""
    if text.isascii():
        return ""
    head = text[:_ENOUGH]
    others = [c for c in head if c > _LAST_LATIN and c.isalpha()]
    if not others:
        return ""
    counts: dict[str, int] = {}
    for letter in others:
        script = unicodedata.name(letter, "").split(" ", 1)[0]
        language = _BY_SCRIPT.get(script, "")
        counts[language] = counts.get(language, 0) + 1
    latin = counts.pop("", 0) + sum(c <= _LAST_LATIN and c.isalpha() for c in head)
    if sum(counts.values()) <= latin:
        return ""
    # Japanese is written in Chinese characters too, and only Japanese has kana among them.
    return "ja" if "ja" in counts else max(counts, key=lambda language: counts[language])
