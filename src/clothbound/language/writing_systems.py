"""Finds runs of another script within a text, and guesses their language.

A script is distinguished only if its letters need another direction, font or line breaking than the
text around them. If several languages share a script, the language is a guess; for layout, all of
them are equal.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model.characters import has_byte_of
from ..model.language_tags import primary_language

_LETTERS = {
    "ar": "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f"
    "\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "he": "\u0591-\u05f4\ufb1d-\ufb4f",
    "hi": "\u0900-\u097f",
    "th": "\u0e01-\u0e5b",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
    # Chinese characters and kana, with their marks; kana change the guess to Japanese.
    "zh": "\u3001-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff01-\uff9d\U00020000-\U0002fa1f",
}
_BETWEEN = "\\s\\d.,:;!?'\"()\u2010-\u2015\u2018-\u201f\u060c\u061b\u061f"
_RUN = lazy_pattern(
    "|".join(
        f"(?P<{name}>[{letters}](?:[{_BETWEEN}]*[{letters}])*)"
        for name, letters in _LETTERS.items()
    )
)
_LETTER = {name: lazy_pattern(f"[{letters}]") for name, letters in _LETTERS.items()}
_ANY = lazy_pattern(f"[{''.join(_LETTERS.values())}]")
_FIRST_BYTES = bytes((*range(0xD6, 0xE2), *range(0xE3, 0x100)))
"""The first bytes, in UTF-8, of whatever _ANY matches, and of more. Most posts have none of them."""
_BEHIND_ARROWS = "\ufe0e"
"""A character without a letter that stands behind the arrows below notes."""
_KANA = lazy_pattern("[\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
_HAN = lazy_pattern("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")
_WORD = lazy_pattern(r"[^\W\d_]")
# Languages written in the script of another, which is therefore not foreign to them.
_SCRIPT = {"fa": "ar", "ps": "ar", "sd": "ar", "ug": "ar", "ur": "ar", "ckb": "ar"} | {
    "yi": "he",
    "mr": "hi",
    "ne": "hi",
    "sa": "hi",
    "ja": "zh",
    "yue": "zh",
}


LATIN = "und-Latn"
"""The language (BCP 47) of Latin words whose language is unknown."""
LETTER_SPACE = 0.015
"""The most space in em between letters of a word that fills a line of Latin text: more would be seen."""


class ScriptRules(msgspec.Struct, frozen=True):
    """How books set a writing system that is not like Latin. Its letters have one case and are never slanted; figures
    beside them are as high as they are.

    Sources: W3C's requirements for text layout; docs/explanation/scripts.md names the sections.
    """

    name: str
    """The name of the writing system in English."""
    indent: int = 0
    """The indent in em of each paragraph, also of one below a heading; 0 where the theme decides."""
    keeps_words: bool = False
    """Whether lines end between words, although letters are set as if each were a word."""
    leading: float = 0
    """The least distance of lines in em of the type: what letters with their marks take above and below the line in 19 of 20
    words of the script, and a tenth of an em between lines; 0 where that of Latin text is enough.
    """
    marks: str = ""
    """The marks and figures that stand in the face of the script, although Latin faces have them too."""
    ruby_leading: float = 0
    """The least distance of lines in em of the type where readings of half its size stand above letters: one and a half, and
    a tenth between lines; 0 where they stand in brackets.
    """
    letter_space: float = LETTER_SPACE
    """The most space in em between letters of a word that fills a line; 0 where letters are joined by a line or a stroke."""
    emphasis: Literal["", "over", "under"] = ""
    """Where a dot beside each letter marks emphasis; empty where emphasis is bold."""


_HAN_MARKS = "\xb7\u2014\u2015\u2018\u2019\u201c\u201d\u2025\u2026"
# A Latin face sets figures and punctuation larger or darker than the letters of these scripts.
_COMMON = "0123456789.,:;!?()%\"'\xab\xbb\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
_RULES = {
    "ar": ScriptRules("Arabic", leading=1.62, marks=_COMMON, letter_space=0),
    "he": ScriptRules("Hebrew", marks=_COMMON, letter_space=0),
    "hi": ScriptRules("Devanagari", marks=_COMMON, letter_space=0),
    # Its lines have few spaces, so that letters share what is left of a line.
    "th": ScriptRules("Thai", leading=1.45, letter_space=0.05),
    "ko": ScriptRules("Korean", 1, keeps_words=True, ruby_leading=1.6),
    "ja": ScriptRules("Japanese", 1, marks=_HAN_MARKS, ruby_leading=1.6, emphasis="over"),
    "zh": ScriptRules("Chinese", 2, marks=_HAN_MARKS, ruby_leading=1.6, emphasis="under"),
}
# Languages written in alphabets that are set as Latin is, by the CLDR.
_CYRILLIC = frozenset("ab ba be bg ce chm cv kk kv ky mk mn os ru sah sr tg tt tyv udm uk".split())


class LanguageRun(msgspec.Struct, frozen=True):
    """A part of a text; ``language`` is empty if it is that of the whole text."""

    text: str
    language: str = ""


def script_rules(language: str) -> ScriptRules | None:
    """Returns the rules of the writing system of a language (BCP 47); None for scripts like Latin."""
    return _RULES.get(script_language(language))


def languages_with_rules() -> dict[str, ScriptRules]:
    """Returns the primary subtags of languages whose writing systems have rules, with these."""
    names = (*_RULES, *_SCRIPT)
    return {name: _RULES[script_language(name)] for name in names}


def script_name(language: str) -> str:
    """Returns the name of the writing system of a language (BCP 47) in English; empty for Latin and the unknown."""
    rules = script_rules(language)
    if rules is not None:
        return rules.name
    primary, *others = language.lower().split("-")
    if primary == "el":
        return "Greek"
    if "latn" in others:
        return ""
    return "Cyrillic" if primary in _CYRILLIC or "cyrl" in others else ""


def script_language(language: str) -> str:
    """Returns the language that stands for all that share the script of ``language`` (BCP 47), such as ``ar`` for
    Persian; the primary subtag of a language that shares none.
    """
    primary = primary_language(language)
    return primary if primary in _RULES else _SCRIPT.get(primary, primary)


def has_letters(text: str, language: str) -> bool:
    """Whether ``text`` has letters of the script of a language, which is one of those that share no other's."""
    return _LETTER[language].search(text) is not None


def marks_of(language: str) -> str:
    """Returns the marks that stand in the face of the script of a language (BCP 47) although Latin faces have them."""
    rules = script_rules(language)
    return rules.marks if rules is not None else ""


def is_han(text: str) -> bool:
    """Whether ``text`` consists of Chinese characters alone, above which readings may stand."""
    return _HAN.fullmatch(text) is not None


def has_kana(text: str) -> bool:
    """Whether ``text`` contains kana, which only Japanese has."""
    return _KANA.search(text) is not None


def pieces(text: str, language: str, *, japanese: bool = False) -> list[LanguageRun]:
    """Splits ``text`` where its script changes from or to that of ``language`` (BCP 47).

    If ``japanese`` is set, Chinese characters alone count as Japanese.
    """
    own = _script(language)
    found: list[LanguageRun] = []
    end = 0
    for match in _RUN.finditer(text):
        name = match.lastgroup or ""
        run = match[0]
        if name == "zh":
            if own in ("zh", "ko") and not (own == "zh" and _foreign_kana(run, language)):
                continue
            name = "ja" if japanese or has_kana(run) else "zh"
        elif name == own:
            continue
        if not _WORD.search(run):
            continue
        first, last = _with_brackets(text, match.start(), match.end(), end)
        if first > end:
            found.append(LanguageRun(text[end:first]))
        found.append(LanguageRun(text[first:last], name))
        end = last
    if end < len(text) or not found:
        found.append(LanguageRun(text[end:]))
    return found


def _with_brackets(text: str, first: int, last: int, least: int) -> tuple[int, int]:
    """Returns where a run begins and ends with the bracket beside it whose other half it holds.

    A bracket that is outside of the run is turned the other way. The run begins at ``least`` or behind.
    """
    run = text[first:last]
    depth = lowest = 0
    for sign in run:
        depth += (sign == "(") - (sign == ")")
        lowest = min(lowest, depth)
    if lowest < 0 and first > least and text[first - 1] == "(":
        first -= 1
    if depth > lowest and text[last : last + 1] == ")":
        last += 1
    return first, last


def has_letter_of_scripts(text: str) -> bool:
    """Whether ``text`` has a letter of any of the scripts that are marked in a text of another."""
    if text.isascii():
        return False
    data = text.replace(_BEHIND_ARROWS, "").encode("utf-8", "surrogatepass")
    return has_byte_of(data, _FIRST_BYTES) and _ANY.search(text) is not None


def _foreign_kana(run: str, language: str) -> bool:
    return not language.lower().startswith("ja") and has_kana(run)


def _script(language: str) -> str:
    primary = primary_language(language)
    return _SCRIPT.get(primary, primary)


def main_language(text: str, language: str) -> str:
    """Returns the language with which to mark a block most of whose letters are of a foreign
    script; else empty.

    ``language`` is that of the text around the block. ``detect.post_language`` finds the language
    of a post.
    """
    if not has_letter_of_scripts(text):
        return ""
    counts: dict[str, int] = {}
    for piece in pieces(text, language, japanese=has_kana(text)):
        letters = len(_WORD.findall(piece.text))
        counts[piece.language] = counts.get(piece.language, 0) + letters
    most = max(counts, key=lambda name: counts[name])
    return most if counts[most] * 2 > sum(counts.values()) else ""


def is_latin(text: str) -> bool:
    """Whether ``text`` has letters, none of which is of one of the scripts."""
    return not has_letter_of_scripts(text) and _WORD.search(text) is not None
