r"""Replaces typewriter punctuation in running text by dashes, ellipses and quotation marks.

This follows Pandoc's ``smart`` extension: ``---`` is an em dash, ``--`` an en dash, ``...`` an
ellipsis; straight quotation marks become curly, unless the post's language has other ones, which
the transform ``typography`` sets. Escaped punctuation (``\--``, ``\'``) is not changed: the parser
replaces each escaped character by a noncharacter of Unicode (``ESCAPED``), and ``unescape``
restores it at the end.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from mistune.util import unescape as decoded

from ...language.quotes import ELISION, last_closing_mark
from ...lazy_pattern import lazy_pattern
from ...model.characters import is_hebrew, without_references
from ...web.markdown_addresses import KEPT, restore_numbered_host, without_tab

_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

# Unicode has 32 noncharacters at U+FDD0, reserved for use inside a program, and ASCII has 32
# punctuation characters. Both are "punctuation" to CommonMark's flanking rules.
ESCAPED = {char: chr(0xFDD0 + i) for i, char in enumerate(_PUNCTUATION)}
_HIDE = str.maketrans(ESCAPED)
_RESTORE = {ord(code): char for char, code in ESCAPED.items()}
_RESTORE_SOURCE = {ord(code): "\\" + char for char, code in ESCAPED.items()}
HAS_ESCAPED = lazy_pattern("[\ufdd0-\ufdef]")
_ENCODED = lazy_pattern("%EF%B7%[9A][0-9A-F]")
# A pattern that begins with a set is searched several times as fast as alternatives.
_SMART = lazy_pattern(r"""["'.-](?:(?<=["'])|(?<=-)-+|(?<=\.)\.\.)""")
_OPENS_AFTER = frozenset(" \t\n\u00a0([{<-/\u2013\u2014\u2018\u201c") | {
    ESCAPED[c] for c in "([{-/"
}


def decode_entities(text: str) -> str:
    """Returns ``text`` with character references replaced by the characters."""
    return decoded(without_references(text)) if "&" in text else text


def unescape(text: str) -> str:
    """Replaces the stand-ins of escaped characters by the characters."""
    # The stand-ins are not ASCII, which a text knows of itself.
    return text if text.isascii() or not HAS_ESCAPED.search(text) else text.translate(_RESTORE)


def hide_punctuation(text: str) -> str:
    """Replaces punctuation by its stand-ins, so that no rule changes the text."""
    return text.translate(_HIDE)


def escape_source(text: str) -> str:
    """Replaces the stand-ins of escaped characters by a backslash and the character, as in the
    source.
    """
    return text.translate(_RESTORE_SOURCE) if HAS_ESCAPED.search(text) else text


def smarten(text: str, before: str, more: bool, *, curls: bool = True) -> str:
    """Returns ``text`` with typographic punctuation; straight quotation marks stay unless ``curls``
    is set.

    ``before`` is the character before the text, empty at the beginning of a paragraph; ``more``
    means that something other than a space follows.
    """
    if not ("'" in text or '"' in text or "--" in text or "..." in text):
        return text
    parts: list[str] = []
    done = 0
    closing_singles = -1
    for mark in _SMART.finditer(text):
        start = mark.start()
        end = mark.end()
        char = text[start]
        if char == ".":
            new = "\u2026"
        elif char == "-":
            new = _dashes(end - start)
        elif not curls:
            new = char
        else:
            previous = text[start - 1] if start else before
            following = text[end] if end < len(text) else ("x" if more else " ")
            if start and start == done and parts:
                previous = parts[-1][-1]
            opens = (not previous or previous in _OPENS_AFTER) and not following.isspace()
            if is_hebrew(previous) and is_hebrew(following):
                new = char  # gershayim or geresh, which are within a word
            elif char == '"':
                new = "\u201c" if opens else "\u201d"
            else:
                if opens and closing_singles < 0:
                    closing_singles = last_closing_mark(text)
                quote = opens and closing_singles > start and not ELISION.match(text, end)
                new = "\u2018" if quote else "\u2019"
        parts.append(text[done:start])
        parts.append(new)
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _dashes(count: int) -> str:
    # Pandoc reads a longer run as em dashes, followed by an en dash or a hyphen for the rest.
    em, rest = divmod(count, 3)
    return "\u2014" * em + ("", "-", "\u2013")[rest]


def unescape_url(url: str) -> str:
    """Restores the stand-ins that mistune percent-encoded in an address, percent-encoded as mistune
    would, and the brackets of a host that is a number; of Bear Blog's ``tab:https://...`` only the address.
    """
    url = restore_numbered_host(without_tab(url))
    if "%EF%B7%" not in url:
        return url
    return _ENCODED.sub(lambda m: quote(unescape(unquote(m[0])), safe=KEPT), url)
