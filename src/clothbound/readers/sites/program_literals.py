"""What a configuration that is a program in JavaScript or TypeScript says in literals: texts, and patterns of files.

Nothing is run. Source of the patterns: the documentation of fast-glob, by which generators find their files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from ...lazy_pattern import lazy_pattern

_OPENED = (r'"(?:[^"\\\n]|\\.)*+', r"'(?:[^'\\\n]|\\.)*+", r"`(?:[^`\\]|\\.)*+")
LITERAL = f"(?:{'|'.join(text + text[:1] for text in _OPENED)})"
"""Matches a text in quotation marks."""
# A text that does not end is passed over once, or each mark in it would begin another.
_COMMENT = lazy_pattern(rf"({LITERAL}|{'|'.join(_OPENED)})|//[^\n]*|/\*.*?(?:\*/|\Z)", re.S)
_ITEM = lazy_pattern(rf"\.\.\.(?P<other>[\w$]+)|(?P<text>{LITERAL})", re.S)
_ESCAPE = lazy_pattern(r"\\(.)", re.S)
_CHOICE = lazy_pattern(r"\{([^{},]*,[^{}]*)\}")
_MOST_CHOICES = 1000
"""The most patterns that one with choices in braces stands for."""


def without_comments(program: str) -> str:
    """Returns a program without its comments; what looks like one within a text stays."""
    return _COMMENT.sub(lambda found: found[1] or " ", program)


def text_of(literal: str) -> str:
    """Returns what a literal says; empty if values of the program stand in it."""
    if literal.startswith("`") and "${" in literal:
        return ""
    return _ESCAPE.sub(r"\1", literal[1:-1])


def list_patterns(program: str, setting: str) -> list[str]:
    """Returns the texts in the list of a setting, also where it names lists that stand elsewhere in the program."""
    return list(_list_texts(program, setting, set()))


def _list_texts(program: str, name: str, known: set[str]) -> Iterator[str]:
    if name in known:
        return
    known.add(name)
    found = re.search(
        rf"(?<![\w$.]){re.escape(name)}[\"']?\s*(?::(?:[^=\n,\[\"'`]|\[\])*=|[:=])\s*"
        rf"(?:\[(?P<inner>(?:{LITERAL}|[^\]\"'`])*+)|(?P<other>[\w$]+))",
        program,
        re.S,
    )
    if found is None:
        return
    if found["other"]:
        yield from _list_texts(program, found["other"], known)
    for item in _ITEM.finditer(found["inner"] or ""):
        if item["text"]:
            yield text_of(item["text"])
        else:
            yield from _list_texts(program, item["other"], known)


def fits_any(path: str, patterns: Sequence[str]) -> bool:
    """Returns whether a pattern names a file, or a folder around it. One that begins with ``!`` does nothing, since the
    libraries by which generators find files pass over it among patterns to ignore.
    """
    parts = path.split("/")
    globs = (
        glob
        for pattern in patterns
        if not pattern.startswith("!")
        for glob in _list_choices(pattern.removeprefix("./").strip("/"))
    )
    return any(_matches(parts, glob.split("/")) for glob in globs)


def _list_choices(pattern: str) -> Iterator[str]:
    """Yields the patterns for which one with choices stands: ``{a,b}.md`` for ``a.md`` and ``b.md``."""
    waiting = [pattern]
    for _ in range(_MOST_CHOICES):
        if not waiting:
            return
        glob = waiting.pop()
        choice = _CHOICE.search(glob)
        if choice is None:
            yield glob
        else:
            before, after = glob[: choice.start()], glob[choice.end() :]
            waiting += [f"{before}{one}{after}" for one in choice[1].split(",")]


def _matches(parts: Sequence[str], globs: Sequence[str]) -> bool:
    """Returns whether the parts of a pattern fit the first parts of a path. ``**`` fits any number of them, or none."""
    reached = {0}
    for part in parts:
        for at, glob in enumerate(globs):
            if at in reached and glob == "**":
                reached.add(at + 1)
        fitting = {at for at in reached if at < len(globs) and fnmatchcase(part, globs[at])}
        reached = {at if globs[at] == "**" else at + 1 for at in fitting}
        if len(globs) in reached or (globs[-1] == "**" and len(globs) - 1 in reached):
            return True
    return False
