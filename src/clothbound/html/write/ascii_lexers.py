"""Lexers of Pygments for code in ASCII: without the letters of other scripts, whose patterns take longer to compile than all
other patterns of a lexer together.

Names in Python, Kotlin or C# may have letters of any script. Such a class of characters has thousands of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_MANY_OTHERS = lazy_pattern(r"[^\x00-\x7f](?:-?[^\x00-\x7f]){99,}")
"""Matches a hundred characters that are not ASCII, or more, and ranges of them: no lexer names as many in a row outside of a
class of characters.
"""
_ANY_CASE = lazy_pattern(r"\(\?[a-z]*i")


def for_ascii(lexer_class: type[Lexer]) -> type[Lexer]:
    """Returns a lexer that gives a text in ASCII the same tokens as ``lexer_class``."""
    from pygments.lexer import Future, RegexLexerMeta

    if not isinstance(lexer_class, RegexLexerMeta):
        return lexer_class

    class AsciiMeta(type(lexer_class)):  # type: ignore[misc]
        def _process_regex(cls, regex: Any, rflags: int, state: str) -> Any:
            if isinstance(regex, Future):
                regex = regex.get()
            return super()._process_regex(without_others(regex, rflags), rflags, state)

    made: type[Lexer] = AsciiMeta(lexer_class.__name__, (lexer_class,), {})
    return made


def without_others(regex: str, flags: int) -> str:
    """Returns a pattern that finds the same in a text in ASCII, with fewer characters in its classes."""
    # Some characters of other scripts are letters of ASCII in the other case.
    if regex.isascii() or flags & re.IGNORECASE or _ANY_CASE.search(regex):
        return regex
    parts, end = [], 0
    for found in _MANY_OTHERS.finditer(regex):
        before, after = regex[end : found.start()], regex[found.end() : found.end() + 1]
        is_range = before.endswith("-") or after == "-"
        is_alone = after == "]" and before.endswith(("[", "[^"))
        # A stroke before them makes the first of them what it is, and must not do that with another character.
        parts += [before, found[0] if is_range or is_alone else found[0][: before.endswith("\\")]]
        end = found.end()
    return "".join((*parts, regex[end:]))
