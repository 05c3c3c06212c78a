"""Infers the language of a text; books and pages share this rule.

The script decides, or frequent words if the script is Latin. If neither does, the language stays
unknown.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from ..lazy_pattern import lazy_pattern
from ..model.collection import Collection
from ..model.index import IndexEntry
from ..model.language_tags import language_tag, primary_language
from ..model.post import Metadata
from .stop_words import LETTERS, STOP_WORDS

_MOST = 1500
"""The most characters that are examined; fewer suffice to recognize a language."""
_POSTS = 200
"""The most posts of a collection that are examined, evenly spaced."""
_SAMPLE = 300
"""The most characters of a body's prose that are kept."""
_RAW = 600
"""Characters of a body's source that are read for them first; if too few, twenty times as many."""

# Scripts by the first word of a character's Unicode name. Of several languages with one script, the
# first has the most text on the web; the others count only if a post or book names them.
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "ARABIC": ("ar", "fa", "ur", "ps", "sd", "ug", "ckb", "ku", "pa", "az"),
    "ARMENIAN": ("hy",),
    "BENGALI": ("bn", "as"),
    "CJK": ("zh", "yue", "wuu", "lzh"),
    "CYRILLIC": (
        "ru",
        "uk",
        "be",
        "bg",
        "sr",
        "mk",
        "kk",
        "ky",
        "mn",
        "tg",
        "tt",
        "ba",
        "cv",
        "uz",
        "sah",
        "bua",
    ),
    "DEVANAGARI": ("hi", "mr", "ne", "sa", "mai", "bho", "kok"),
    "ETHIOPIC": ("am", "ti", "gez"),
    "GEORGIAN": ("ka",),
    "GREEK": ("el", "grc"),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "HANGUL": ("ko",),
    "HEBREW": ("he", "yi"),
    "HIRAGANA": ("ja",),
    "KANNADA": ("kn",),
    "KATAKANA": ("ja",),
    "KHMER": ("km",),
    "LAO": ("lo",),
    "MALAYALAM": ("ml",),
    "MYANMAR": ("my", "shn", "mnw"),
    "ORIYA": ("or",),
    "SINHALA": ("si",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "THAANA": ("dv",),
    "THAI": ("th",),
    "TIBETAN": ("bo", "dz"),
}
_WEIGHTS = {"CJK": 3, "HIRAGANA": 2, "KATAKANA": 2, "HANGUL": 2}
"""The number of Latin letters that carry as much text as one letter of these scripts."""
# Letters that only one language of a script has.
_OWN_LETTERS = {
    "uk": "їєґ",
    "be": "ў",
    "fa": "پچژگ",
    "ur": "ٹڈڑے",
}
_OWN_SHARE = 100
"""At least one in this many letters must be such a letter, so that a name does not decide."""
_DOTTED_I = "і"
_LACKING = {"uk": "ыъэё", "be": "ищъ"}
"""Letters of Russian that Ukrainian and Belarusian lack."""
_SOUTHERN, _SERBIAN, _MACEDONIAN = "јљњџђћѓќѕ", "ђћ", "ѓќѕ"
"""The letters that Serbian and Macedonian have and Russian lacks, and those that only one of them has, which are rare."""
_MACEDONIAN_WORDS = lazy_pattern(r"\b(?:во|со|дека)\b")
_BULGARIAN, _RUSSIAN = "ъ", "ыэё"
"""The letter that is a vowel in Bulgarian and rare in Russian, and those of Russian that Bulgarian lacks."""
_BULGARIAN_SHARE = 300
"""At least one in this many letters of Bulgarian is that vowel."""
_QUOTED = 4
"""How many letters of Bulgarian there are for each of Russian, in which a Bulgarian text may quote somebody."""
_OLD_SPELLING = lazy_pattern(r"ъ\b")
"""Matches the end of words before 1918 in Russian, and before 1945 in Bulgarian."""
_FEW_CYRILLIC = 50
"""Words of Russian with no more letters may have none of these, or one "ъ"."""
_RUSSIAN_LETTERS = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяё")
_FURTHER_LETTERS = {
    "mn": "өү",
    "ky": "өүң",
    "bua": "өүһ",
    "uz": "ўғқҳ",
    "cv": "ӑӗҫӳ",
    "sah": "өүһҥҕ",
    "tg": "ғқҳҷӣӯ",
    "tt": "өүңәҗһ",
    "kk": "өүңәғқһұі",
    "ba": "өүңәғҙҡҫһ",
}
"""What languages in Cyrillic other than Slavic ones have beyond the letters of Russian, the fewest first."""
_FURTHER_SHARE = 40
"""At least one in this many letters of such a language is one of these, so that a name in a Russian title does not decide."""
_SLAVIC_TOO = "іў"
"""Those of these letters that Ukrainian and Belarusian have, too."""
_KANA_SHARE = 20
_FEW_HAN = 40
"""Japanese titles of up to so many characters may have no kana."""
_LAST_LATIN = "\u036f"
"""The last character before Greek in Unicode. Most texts contain only characters up to it: Latin
and its marks."""

_WORD = lazy_pattern(r"[^\W\d_]+")


@cache
def _languages_of_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language, words in STOP_WORDS.items():
        for word in words:
            found.setdefault(word, []).append(language)
    return found


_POINTS = 60
"""The points for a word that only one language has."""
_HITS = 3
_MANY = 8
_DENSITY = 6
"""The fewest points per word of a text; texts in languages outside the table contain a few of these
words too."""
_STRANGE_WORDS = 2
_STRANGE_SHARE = 12
"""If two words, and one in this many, have letters that a language lacks, the text is in another language,
outside the table: Azerbaijani shares small words with Turkish. A single foreign name has no effect.
"""
_LEAD = 1.25
_LEAD_OVER_EXPECTED = 2.0

# Matches code and addresses in a body in Markdown or HTML. No character is examined twice.
_HEADER = lazy_pattern(
    r"\A(---|\+\+\+|;;;)[^\n]*\n.*?^(?:\1|\.\.\.)[ \t]*$|\A\{[^\S\n]*\n.*?^\}[ \t]*$", re.M | re.S
)
_START = lazy_pattern(r"<(?:article|main|body)[\s>]", re.I)
_CODE_LINES = lazy_pattern(
    r"^ {0,3}(?P<fence>```|~~~).*?(?:^ {0,3}(?P=fence)|\Z)|^(?: {4}|\t)[^\n]*$", re.M | re.S
)
_NO_PROSE = lazy_pattern(
    r"<(?:(?P<tag>script|style|pre|code|svg|math|head|nav|template)\b.*?(?:</(?P=tag)\s*>|\Z)"
    r"|!--.*?(?:-->|\Z)|[A-Za-z/!?][^<>]*>?)"
    r"|`[^`\n]*`|\$[^$\n]*\$|\{[^{}\n]*\}|\](?:\([^()\n]*\)|\[[^][\n]*\]|:[^\n]*)",
    re.S | re.I,
)
_ADDRESS = ("://", "@", "www.")


def detect_language(text: str, expected: str = "") -> str:
    """Returns the primary tag of the likely language of ``text``; empty if unknown.

    ``expected`` is the language of the surroundings, for which less evidence suffices. It is
    returned if ``text`` is likely to be in it, or in another language that cannot be told from it
    by its script.
    """
    return _detect(text[:_MOST], expected)


@lru_cache(maxsize=256)
def _detect(text: str, expected: str) -> str:
    """Remembers texts, since each post's title stands in the lists and on the pages of its neighbours."""
    text = unicodedata.normalize("NFC", text)
    primary = primary_language(expected)
    found = "" if text.isascii() else _by_script(text, primary)
    if not found:
        found = _by_words(text, primary)
    if found == "zh" and primary == "ja" and len(text.strip()) <= _FEW_HAN:
        return expected
    return expected if found == primary else found


def post_language(metadata: Metadata, text: str, around: str) -> str:
    """Returns a post's declared language, else the likely one of its title and ``text``, else
    ``around``.

    ``around`` is the language of the collection.
    """
    given = language_tag(metadata.language)
    if given:
        return given
    return detect_language(f"{metadata.title}\n{metadata.subtitle}\n{text}", around) or around


def collection_language(collection: Collection) -> str:
    """Returns a collection's declared language, else that of most posts, else the likely one of
    their titles and beginnings; empty if unknown.
    """
    named = language_tag(collection.info.language) or language_tag(collection.index.language)
    return named or _language_of(collection.index.entries)


def book_language(collection: Collection) -> str:
    """Returns the language that a product declares.

    It is English if unknown, since EPUB 3.3 and PDF/UA require a language.
    """
    return collection_language(collection) or "en"


def sample_of(markup: str) -> str:
    """Returns the first words of a body in Markdown or HTML, without code and addresses."""
    header = _HEADER.match(markup[:20_000]) if markup[:1] in "-+;{" else None
    start = header.end() if header else 0
    if markup[start : start + 200].lstrip().startswith("<"):
        found = _START.search(markup, start, start + 100_000)
        start = found.start() if found else start
    text = ""
    for most in (_RAW, 20 * _RAW):
        text = _prose(markup[start : start + most])
        if len(text) >= _SAMPLE // 2 or start + most >= len(markup):
            break
    return text


def _prose(markup: str) -> str:
    if "```" in markup or "~~~" in markup or "\n    " in markup or "\t" in markup:
        markup = _CODE_LINES.sub(" ", markup)
    text = html.unescape(_NO_PROSE.sub(" ", markup))
    words = text.split()
    if any(mark in text for mark in _ADDRESS):
        words = [word for word in words if not any(mark in word for mark in _ADDRESS)]
    return " ".join(words)[:_SAMPLE]


def _language_of(entries: Sequence[IndexEntry]) -> str:
    """Returns the likely language of most posts, among those that have one; of all texts together
    if too few have one.
    """
    step = max(1, -(-len(entries) // _POSTS))
    texts = [f"{e.metadata.title}\n{e.metadata.subtitle}\n{e.sample}" for e in entries[::step]]
    votes = Counter(
        primary_language(language_tag(e.metadata.language)) or detect_language(text)
        for e, text in zip(entries[::step], texts, strict=True)
    )
    unknown = votes.pop("", 0)
    if votes and sum(votes.values()) * 2 >= unknown:
        return votes.most_common(1)[0][0]
    return detect_language("\n".join(text[:60] for text in texts)[: 4 * _MOST])


def _by_script(text: str, expected: str) -> str:
    """Returns the language of the script of most letters, if that is not Latin; else empty."""
    others = [c for c in text if c > _LAST_LATIN and c.isalpha()]
    if not others:
        return ""
    counts = Counter(unicodedata.name(c, "").split(" ", 1)[0].partition("-")[0] for c in others)
    latin = sum(c <= _LAST_LATIN and c.isalpha() for c in text)
    for script in [script for script in counts if script not in _SCRIPTS]:
        latin += counts.pop(script)
    total = sum(counts.values())
    if sum(_WEIGHTS.get(script, 1) * count for script, count in counts.items()) <= latin:
        return ""
    kana = counts["HIRAGANA"] + counts["KATAKANA"]
    if kana * _KANA_SHARE > kana + counts["CJK"]:
        return "ja"  # only Japanese mixes kana with Chinese characters
    script = max(counts, key=lambda name: counts[name])
    languages = _SCRIPTS[script]
    if script == "CYRILLIC" and (eastern := _of_further_letters(others, expected)):
        return eastern
    for language, letters in _OWN_LETTERS.items():
        if language in languages and sum(map(text.lower().count, letters)) * _OWN_SHARE >= total:
            return language
    if script == "CYRILLIC":
        if western := _with_dotted_i(text.lower(), total):
            return western
        southern = _southern_slavic(text.lower(), total)
        if southern and (southern != "bg" or expected not in languages):
            return southern
    return expected if expected in languages else languages[0]


def _of_further_letters(letters: Sequence[str], expected: str) -> str:
    """Returns which language other than a Slavic one a Cyrillic text is in, if any: the expected one if it has all letters
    of the text, else the one of those that do with the fewest beyond the letters of Russian.
    """
    counts = Counter(c for c in map(str.lower, letters) if "Ѐ" <= c <= "ӿ")
    further = counts.keys() - _RUSSIAN_LETTERS
    if sum(counts[c] for c in further.difference(_SLAVIC_TOO)) * _FURTHER_SHARE < counts.total():
        return ""
    possible = [name for name, own in _FURTHER_LETTERS.items() if further <= {*own}]
    return expected if expected in possible else next(iter(possible), "")


def _with_dotted_i(text: str, letters: int) -> str:
    """Returns ``uk`` or ``be`` for a Cyrillic text with the letter of both that Russian lost in 1918."""
    if text.count(_DOTTED_I) * _OWN_SHARE < letters:
        return ""
    return next((name for name, no in _LACKING.items() if not any(c in text for c in no)), "")


def _southern_slavic(text: str, letters: int) -> str:
    """Returns which of the Slavic languages of the Balkans a Cyrillic text is in, if any."""

    def count(signs: str) -> int:
        return sum(map(text.count, signs))

    if count(_SOUTHERN) * _OWN_SHARE >= letters:
        macedonian = count(_MACEDONIAN) + len(_MACEDONIAN_WORDS.findall(text))
        return "mk" if macedonian > count(_SERBIAN) else "sr"
    is_bulgarian = (
        letters > _FEW_CYRILLIC
        and count(_BULGARIAN) * _BULGARIAN_SHARE >= letters
        and count(_BULGARIAN) > count(_RUSSIAN) * _QUOTED
        and not _OLD_SPELLING.search(text)
    )
    return "bg" if is_bulgarian else ""


def _by_words(text: str, expected: str) -> str:
    """Returns the language of most frequent words; empty if there are too few, or two languages are
    close.
    """
    # The lower case of the Turkish dotted capital I is an i with a combining dot.
    words = _WORD.findall(text.lower().replace("\u0307", ""))
    known = _languages_of_words()
    frequent = Counter(filter(known.__contains__, words))
    points: dict[str, int] = {}
    for word, count in frequent.items():
        languages = known[word]
        # A word that many languages share is weak evidence.
        share = count * (_POINTS // len(languages))
        for language in languages:
            points[language] = points.get(language, 0) + share
    if not points:
        return ""
    best = max(points, key=points.__getitem__)
    score = points[best]
    counts = [count for word, count in frequent.items() if best in known[word]]
    hits, different = sum(counts), len(counts)
    second = max((of for language, of in points.items() if language != best), default=0)
    enough = hits >= _HITS and different > 1 and score >= _DENSITY * len(words)
    if not enough:
        return ""
    if expected in points and score < _LEAD_OVER_EXPECTED * points[expected]:
        return expected
    # Danish and Norwegian share most small words, so one word that the other lacks decides within a
    # sentence.
    is_clear = score >= _LEAD * second or (hits >= _MANY and score - second >= _POINTS // 2)
    return best if is_clear and not _is_strange(set(words), best) else ""


def _is_strange(words: set[str], language: str) -> bool:
    """Returns whether too many words have letters that the language lacks, if its letters are
    known.
    """
    letters = LETTERS.get(language)
    if letters is None:
        return False
    foreign = (word for word in words if not word.isascii())
    strange = sum(any(c > "\x7f" and c not in letters for c in word) for word in foreign)
    return strange >= _STRANGE_WORDS and strange * _STRANGE_SHARE >= len(words)
