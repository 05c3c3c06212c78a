"""Lexers of Pygments for code in ASCII, which take less time to be made and to be used.

They lack the letters of other scripts, whose patterns take longer to compile than all other patterns of a lexer together:
names in Python, Kotlin or C# may have letters of any script, and such a class of characters has thousands of them. And where
Pygments tries the rules of a state one by one at each place of a text, they find the rule that matches by one pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ...lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_MANY_OTHERS = lazy_pattern(r"[^\x00-\x7f](?:-?[^\x00-\x7f]){99,}")
"""Matches a hundred characters that are not ASCII, or more, and ranges of them: no lexer names as many in a row outside of a
class of characters.
"""
_ANY_CASE = lazy_pattern(r"\(\?[a-z]*i")
_FLAGS = lazy_pattern(r"\(\?([aims]+)\)")
_GROUP = lazy_pattern(r"(\\.|\[\^?\]?(?:\\.|[^]\\])*\])|\((?!\?)|\(\?P<\w+>", re.S)
"""Matches the beginning of a group, and what may look like one: an escaped character, a class of characters."""
_OF_GROUP = lazy_pattern(r"\\[1-9]|\(\?\(|\(\?P=")
"""Matches what may refer to a group."""
_OFTEN = 200
"""The number of places at which the rules of a state are tried one by one. A longer text repays the time to join them."""


def for_ascii(lexer_class: type[Lexer]) -> type[Lexer]:
    """Returns a lexer that gives a text in ASCII the same tokens as ``lexer_class``."""
    from pygments.lexer import Future, RegexLexerMeta

    if not isinstance(lexer_class, RegexLexerMeta):
        return lexer_class

    class AsciiMeta(type(lexer_class)):  # type: ignore[misc]
        def _process_regex(cls, regex: Any, rflags: int, _state: str) -> Any:
            if isinstance(regex, Future):
                regex = regex.get()
            return lazy_pattern(without_others(regex, rflags), rflags)

        def process_tokendef(cls, name: str, tokendefs: Any = None) -> Any:
            states = super().process_tokendef(name, tokendefs)
            states.update((state, _Rules(rules, cls.flags)) for state, rules in states.items())
            return states

    made: type[Lexer] = AsciiMeta(lexer_class.__name__, (lexer_class,), {})
    return made


class _Rules(list[Any]):
    """The rules of a state: each the function that matches it, what is made of its match, and the state that follows.

    Pygments asks for them at each place of a text, and takes the first that matches. So there need be no other.
    """

    def __init__(self, rules: Iterable[Any], flags: int) -> None:
        super().__init__(rules)
        self._flags = flags
        self._are_functions = False
        self._uses = 0
        self._joined: re.Pattern[str] | None = None

    def __iter__(self) -> Iterator[Any]:
        if self._joined is not None:
            return self._find(self._joined)
        if not self._are_functions:  # Many states are never reached.
            # Threads may meet here: each does the same, and none goes on before it is done.
            self[:] = [(getattr(rule[0], "match", rule[0]), *rule[1:]) for rule in self[:]]
            self._are_functions = True
        self._uses += 1
        if self._uses == _OFTEN:
            self._joined = join_patterns(
                [rule[0].__self__.pattern for rule in self[:]], self._flags
            )
        return super().__iter__()

    def _find(self, joined: re.Pattern[str]) -> Iterator[Any]:
        """Yields a rule that matches nothing but finds the one that does, and then this one."""
        found: re.Match[str] | None = None

        def find(*place: Any) -> None:
            nonlocal found
            found = joined.match(*place)

        yield find, None, None
        if found is None or found.lastgroup is None:
            return
        match, action, following = self[int(found.lastgroup[1:])]
        # A function asks for groups, which have their numbers only where the rule has matched by itself.
        yield match if callable(action) else lambda *_: found, action, following


def join_patterns(patterns: Iterable[str], flags: int) -> re.Pattern[str] | None:
    """Returns a pattern that matches what the first of ``patterns`` matches that does; its last group says which: ``_0``, ``_1``.

    None if one of them would mean something else in it.
    """
    if flags & re.VERBOSE or any(map(_OF_GROUP.search, patterns)):
        return None
    # By its first character ``re`` soon sees that a pattern cannot match, unless a group begins before it.
    parts = (f"{_as_part(pattern)}(?P<_{number}>)" for number, pattern in enumerate(patterns))
    try:
        return re.compile("|".join(parts), flags)
    except re.error:
        return None


def _as_part(pattern: str) -> str:
    """Returns a pattern as a part of another one: without groups, and with the flags at its beginning for it alone."""
    pattern = _GROUP.sub(lambda found: found[1] or "(?:", pattern)
    flags = _FLAGS.match(pattern)
    return f"(?{flags[1]}:{pattern[flags.end() :]})" if flags else f"(?:{pattern})"


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
        # A backslash before them makes the first of them what it is, and must not do that with another character.
        parts += [before, found[0] if is_range or is_alone else found[0][: before.endswith("\\")]]
        end = found.end()
    return "".join((*parts, regex[end:]))
