"""Highlights source code: ``span`` elements with Pygments' short classes.

The colours are in the style sheets ``epub.css``, ``page.css`` and ``print.css`` in ``themes/``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...escape import escape

if TYPE_CHECKING:
    from pygments.lexer import Lexer

# Lexers are regular expressions over hostile text; longer code is not highlighted.
_LONGEST = 200_000


def highlight(code: str, language: str) -> str | None:
    """Returns ``code`` as markup valid in HTML and XHTML; None if ``language`` is unknown.

    ``language`` is the first word of a fence's info string. The text of the result equals ``code``,
    except that characters forbidden in XML are left out and lines end in LF.
    """
    words = language.split()
    if not words or len(code) > _LONGEST:
        return None
    from pygments.token import STANDARD_TYPES

    lexer_class = _lexer_class(words[0].lower())
    if lexer_class is None:
        return None
    # Without these, Pygments trims blank lines and adds a final one.
    lexer = lexer_class(stripnl=False, ensurenl=False)

    # Neighbours of one class become one span, which halves the markup.
    parts: list[str] = []
    run: list[str] = []
    current = ""
    for kind, text in lexer.get_tokens(code):
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


@lru_cache(maxsize=32)
def _lexer_class(name: str) -> type[Lexer] | None:
    """Returns the lexer of a language. Pygments searches all its lexers at every call."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return type(get_lexer_by_name(name))
    except ClassNotFound:
        return None


# Names and punctuation have the colour of the text. Code that the lexer does not understand must
# not be marked as an error.
_PLAIN = frozenset(("n", "p", "w", "nx", "pm", "err"))


def _close(parts: list[str], run: list[str], name: str) -> None:
    text = escape("".join(run))
    run.clear()
    if text:
        parts.append(f'<span class="{name}">{text}</span>' if name else text)
