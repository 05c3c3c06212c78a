"""Placeholders in curly brackets that are replaced in each book, such as ``{year}``."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import UsageError, did_you_mean
from ..lazy_pattern import lazy_pattern

IN_PATHS = ("title", "year", "month")
IN_TEXTS = ("year", "month")

_PLACE = lazy_pattern(r"\{([^{}]*)\}")


def check_path(path: str) -> str:
    """Returns an output's path. Raises UsageError for an unknown placeholder."""
    for name in _PLACE.findall(path):
        if name not in IN_PATHS:
            raise UsageError(_explain_unknown(path, name, IN_PATHS), hint=_hint(IN_PATHS))
    return path


def check_text(text: str) -> str:
    """Returns a book's title. Raises UsageError for a misspelt placeholder; other brackets are allowed."""
    for name in _PLACE.findall(text):
        if name not in IN_TEXTS and did_you_mean(name, IN_TEXTS):
            raise UsageError(_explain_unknown(text, name, IN_TEXTS), hint=_hint(IN_TEXTS))
    return text


def _explain_unknown(text: str, name: str, known: Sequence[str]) -> str:
    return f"{{{name}}} in {text!r} is not a placeholder{did_you_mean(name, known)}"


def _hint(known: Sequence[str]) -> str:
    return f"the placeholders are {', '.join(f'{{{name}}}' for name in known)}"
