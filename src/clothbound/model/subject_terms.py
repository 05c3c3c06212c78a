"""The terms that an author wants in the index of a book."""

from __future__ import annotations

import msgspec


class SubjectTerm(msgspec.Struct, frozen=True, omit_defaults=True):
    """A term of the index, which is found in the text by itself and by its other spellings."""

    term: str
    spellings: tuple[str, ...] = ()
    see: str = ""
    """The term under which its pages are; empty if they are under this one."""
    see_also: tuple[str, ...] = ()
    """Related terms."""
    source: str = ""
    """The name of the file that asks for it."""
    line: int = 0
