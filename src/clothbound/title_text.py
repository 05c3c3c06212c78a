"""Titles as text: code in them without its marks, and formulas in characters.

A title is one line of text, in which Markdown's writers put code between backticks and TeX between dollar signs.
"""

from __future__ import annotations

from collections.abc import Iterable

from .language.quotes import OBJECT, Typesetter
from .lazy_pattern import lazy_pattern
from .model.node import Node
from .model.plain_text import plain_text

_CODE = r"(?<!`)(?P<ticks>`{1,3})(?!`) ?(?=\S)(?P<code>[^`]{1,200}) ?(?<=\S)(?P=ticks)"
# A dollar sign beside a letter or a figure is one of a price or a name, but for "the $n$th".
_TEX = (
    r"(?<![\\$\w])\$(?=\S)(?P<tex>[^$\n]{1,200})(?<=[^\s\\])\$(?:(?![$\w])|(?=(?:th|st|nd|rd|s)\b))"
)
_CODE_ALONE = lazy_pattern(_CODE)
_MARKED = lazy_pattern(f"{_CODE}|{_TEX}")
# What stands between two dollar signs is a formula if it has a command, an index, a relation or a single letter.
_FORMULA = lazy_pattern(r"[\\^_]|\S ?[=<>+] ?\S|\A[^\W\d_]'*(?:\([^()]*\))?\Z")


def plain_title(title: str) -> str:
    """Returns a title as text alone, with its own quotation marks."""
    return "".join(words for words, _ in _parts(title))


def without_code_marks(text: str) -> str:
    """Returns a text that is never shown as code without the backticks around code."""
    return _CODE_ALONE.sub(r"\g<code>", text) if "`" in text else text


def typeset_title(title: str, language: str) -> str:
    """Returns a title or a subtitle with the quotation marks and dashes of ``language``; code in it stays as it is."""
    return "".join(words for words, _ in title_parts(title, language))


def title_parts(title: str, language: str) -> list[tuple[str, bool]]:
    """Returns the parts of a typeset title, and whether each is code."""
    setter = Typesetter(language)
    parts = _parts(title)
    codes = [words for words, is_code in parts if is_code]
    if not codes or OBJECT in title:
        return [(setter.plain(plain_title(title)), False)]
    text = "".join(OBJECT if is_code else words for words, is_code in parts)
    words = setter.plain(text).split(OBJECT)
    typeset = [(words[0], False)]
    for code, following in zip(codes, words[1:], strict=True):
        typeset += [(code, True), (following, False)]
    return [part for part in typeset if part[0]]


def title_of_heading(heading: Node | Iterable[Node]) -> str:
    """Returns the words of a heading as a title has them, with its formulas between dollar signs."""
    return " ".join(plain_text(heading, formula=_in_title).split())


def _in_title(tex: str) -> str:
    # What a title would not show as a formula is its own text, such as a number.
    return f"${tex}$" if _FORMULA.search(tex) else tex


def _parts(title: str) -> list[tuple[str, bool]]:
    """Returns the parts of a title as it is, and whether each is code."""
    if "`" not in title and "$" not in title:
        return [(title, False)]
    parts: list[tuple[str, bool]] = []
    done = 0
    for found in _MARKED.finditer(title):
        words = found["code"] or _formula(found["tex"])
        if words:
            parts += [(title[done : found.start()], False), (words, found["code"] is not None)]
            done = found.end()
    return [*parts, (title[done:], False)]


def _formula(tex: str) -> str:
    """Returns TeX as text; an empty one for what is no formula, or cannot be written so."""
    if not _FORMULA.search(tex):
        return ""
    from .math.plain_formula import to_plain

    return to_plain(tex) or ""
