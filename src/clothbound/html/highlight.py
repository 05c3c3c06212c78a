"""Source code as highlighted markup: ``span`` elements with Pygments' short classes.

The colours are in the style sheets (``themes/code.css``); nothing here knows of them.
"""

from __future__ import annotations

from .escape import escape

# Lexers are regular expressions over hostile text; past this length code is left as it is.
_LONGEST = 200_000


def highlight(code: str, language: str) -> str | None:
    """``code`` as HTML and XHTML alike, or None where ``language`` is unknown.

    ``language`` is the first word of a fence's info string. The text of the result is ``code``
    itself, but for characters that XML forbids and for line endings, which become LF.
    """
    words = language.split()
    if not words or len(code) > _LONGEST:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.token import STANDARD_TYPES
    from pygments.util import ClassNotFound

    try:
        # Without these, Pygments trims blank lines and adds a final one.
        lexer = get_lexer_by_name(words[0].lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None

    # Neighbours of one class become one span: half as much markup.
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


# Names and punctuation have the text's own colour; what the lexer does not understand is no fault
# of the reader's to be marked in red.
_PLAIN = frozenset(("n", "p", "w", "nx", "pm", "err"))


def _close(parts: list[str], run: list[str], name: str) -> None:
    text = escape("".join(run))
    run.clear()
    if text:
        parts.append(f'<span class="{name}">{text}</span>' if name else text)
