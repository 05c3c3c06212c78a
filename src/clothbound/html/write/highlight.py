"""Highlights source code: ``span`` elements with Pygments' short classes.

The colours are in the style sheets ``epub.css``, ``page.css`` and ``print.css`` in ``themes/``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...escape import escape

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

# Lexers are regular expressions over hostile text; longer code is not highlighted.
_LONGEST = 200_000


def highlight(code: str, language: str) -> str | None:
    """Returns ``code`` as markup valid in HTML and XHTML; None if ``language`` is unknown or its lexer
    would change the code.

    ``language`` is the first word of a fence's info string. The text of the result equals ``code``,
    except that characters forbidden in XML and a byte order mark are left out and lines end in LF.
    """
    words = language.split()
    if not words or len(code) > _LONGEST:
        return None
    from pygments.token import STANDARD_TYPES

    lexer_class = _lexer_class(words[0].lower(), is_ascii=code.isascii())
    if lexer_class is None:
        return None
    # Without these, Pygments trims blank lines and adds a final one.
    tokens = _all_tokens(lexer_class(stripnl=False, ensurenl=False), code)
    if tokens is None:
        return None

    # Neighbours of one class become one span, which halves the markup.
    parts: list[str] = []
    run: list[str] = []
    current = ""
    for kind, text in tokens:
        standard = kind
        while standard not in STANDARD_TYPES:
            standard = standard.parent
        name = STANDARD_TYPES[standard]
        if name in _PLAIN:
            name = ""
        if name != current:
            _close(parts, run, current)
            current = name
        run.append(text)
    _close(parts, run, current)
    return "".join(parts)


def _all_tokens(lexer: Lexer, code: str) -> list[tuple[_TokenType, str]] | None:
    """Returns the tokens of ``code``; None where the lexer loses a part of it.

    Pygments' lexers of sessions drop a last line that has no end, so code is tried with an end too.
    """
    whole = code.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for end in ("", "\n"):
        tokens = list(lexer.get_tokens(whole + end))
        if "".join(text for _, text in tokens) == whole + end:
            if end:
                kind, text = tokens.pop()
                tokens.append((kind, text.removesuffix(end)))
            return tokens
    return None


@lru_cache(maxsize=32)
def _lexer_class(name: str, *, is_ascii: bool) -> type[Lexer] | None:
    """Returns the lexer of a language. Pygments searches all its lexers at every call."""
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    from .ascii_lexers import for_ascii

    try:
        found = find_lexer_class_by_name(name)
    except ClassNotFound:
        return None
    return for_ascii(found) if is_ascii else found


# Names and punctuation have the colour of the text. Code that the lexer does not understand must
# not be marked as an error.
_PLAIN = frozenset(("n", "p", "w", "nx", "pm", "err"))


def _close(parts: list[str], run: list[str], name: str) -> None:
    text = escape("".join(run))
    run.clear()
    if text:
        parts.append(f'<span class="{name}">{text}</span>' if name else text)
