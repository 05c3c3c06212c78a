"""Tells names of authors from addresses of e-mail, which some sources give in their place and no product prints."""

from __future__ import annotations

from ..lazy_pattern import lazy_pattern

_MAIL = lazy_pattern(r"[^\s@]@[^\s@]")


def is_author_name(text: str) -> bool:
    """Returns whether a text is a name, or a handle such as ``@anna`` or ``@anna@social.example``."""
    return bool(text) and (text.startswith("@") or _MAIL.search(text) is None)
