"""Encloses the addresses of links that have spaces, or a size behind them, as CommonMark needs it.

Sources: Pandoc's manual ("Links"), MultiMarkdown's guide ("Images"), Zenn's guide to Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Container

from ...lazy_pattern import lazy_pattern
from ..fences import CODE_SPAN

_SPACED_TARGET = lazy_pattern(
    rf"{CODE_SPAN}|(?<!\\)\]\(((?:[^()<>\n\"'\s“”„]|\([^()<>\n\"'“”„]*+\))(?:[^()<>\n\"'“”„]|\([^()<>\n\"'“”„]*+\))*+)"
    r"(\"[^\"\n]*\")?\)"
)
"""Matches an address that may have spaces, and the title behind it."""
_BRACKET = lazy_pattern(r"\\.|[\[\]]", re.S)
_HAS_SPACED_TARGET = lazy_pattern(r"\]\([^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+(?:\([^\s()]*+)?[ \t]")
"""Matches the beginning of an address that a space follows, which few links of a text have."""
_FILE_WITH_SPACES = lazy_pattern(
    r"(?:https?://|\.{0,2}/)\S.*|.*\.[A-Za-z0-9]{0,4}[A-Za-z][A-Za-z0-9]{0,4}(?:[?#].*)?", re.I
)
"""Matches an address with spaces that is no remark in parentheses: it begins as one or names a file."""
_SIZED_TARGET = lazy_pattern(
    rf"{CODE_SPAN}|((?<!\\)\]\((?:<[^<>\n]*>|[^\s()<>]+)(?:[ \t]+\"[^\"\n]*\")?)"
    r"((?:[ \t]+(?:width|height|class|id)=(?:\"[^\"\n]*\"|[^\s\"()]+))+)[ \t]*\)"
)
"""Matches a picture's address with the attributes that MultiMarkdown has behind it."""
_HAS_SIZE = lazy_pattern(r"[ \t](?:width|height|class|id)=")
_SIZE_BEHIND = lazy_pattern(
    rf"{CODE_SPAN}|(?<!\\)(\]\((?:<[^<>\n]*>|[^\s()<>]+)(?:[ \t]+\"[^\"\n]*\")?)"
    r"[ \t]+=(\d*%?)x(\d*%?)[ \t]*\)"
)
"""Matches a picture's address with its width and height behind it, as Zenn, HackMD and others have it."""


def enclose_targets(text: str) -> str:
    """Returns a text whose addresses with spaces stand in angle brackets, and their sizes in braces."""
    if not _HAS_SPACED_TARGET.search(text):
        return text
    text = _SIZE_BEHIND.sub(_with_size, text) if " =" in text else text
    closing = _closing_brackets(text)
    text = _SPACED_TARGET.sub(lambda found: _with_angles(found, closing), text)
    return _SIZED_TARGET.sub(_with_braces, text) if _HAS_SIZE.search(text) else text


def _with_angles(found: re.Match[str], closing: Container[int]) -> str:
    """Returns the target of a link with angle brackets around an address that has spaces."""
    address = (found[2] or "").rstrip()
    if " " not in address or not _FILE_WITH_SPACES.fullmatch(address):
        return found[0]
    if found.start() not in closing:
        return found[0]  # It is no link, and angle brackets would make an element of it.
    return f"](<{address}>{' ' + found[3] if found[3] else ''})"


def _closing_brackets(text: str) -> frozenset[int]:
    """Returns where the brackets are that close others."""
    closing, depth = [], 0
    for found in _BRACKET.finditer(text):
        if found[0] == "[":
            depth += 1
        elif found[0] == "]" and depth:
            closing.append(found.start())
            depth -= 1
    return frozenset(closing)


def _with_braces(found: re.Match[str]) -> str:
    return f"{found[2]}){{{found[3].strip()}}}" if found[2] else found[0]


def _with_size(found: re.Match[str]) -> str:
    if not found[2]:
        return found[0]
    sizes = (("width", found[3]), ("height", found[4]))
    return f"{found[2]}){{{' '.join(f'{name}={size}' for name, size in sizes if size)}}}"
