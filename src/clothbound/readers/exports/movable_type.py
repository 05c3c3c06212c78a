"""Reads Movable Type's import format, which TypePad, Hatena Blog and other services export too: one text of all entries.

Sources: Movable Type's documentation of the format (``mtimport``), and programs that write it. Lines ``KEY: value`` and
texts stand between lines of five hyphens, entries between lines of eight. Comments and pings, which have the addresses of
their authors, are not read.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from ...formats import ReaderOptions
from ...lazy_pattern import lazy_pattern
from ...progress import READING

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_BEGINNING = lazy_pattern(
    rb"(?:\xef\xbb\xbf)?\s*(?:[A-Z][A-Z _]{1,30}:[^\n]{0,2000}\n\s*){2,60}"
    rb"(?:-----[ \t]*\r?\nBODY:|(?P<cut>(?:[A-Z-][A-Z _-]{0,30}(?::[^\n]{0,2000})?)?\Z))"
)
_OWN = lazy_pattern(
    rb"(?:^|\n)(?:STATUS|BASENAME|ALLOW COMMENTS|ALLOW PINGS|CONVERT BREAKS|PRIMARY CATEGORY):"
)
"""Matches fields that other headers do not have."""
_KNOWN = lazy_pattern(rb"(?:^|\n)(?:TITLE|AUTHOR|DATE|STATUS):")


class MovableTypeInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading Movable Type's import format. There are none."""

    format: ClassVar[str] = "movable-type"


class MovableTypeReader:
    """Reads texts in Movable Type's import format; see the module."""

    extensions = ()
    options_type = MovableTypeInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a text that begins with the fields and the body of an entry, or that ends in such fields."""
        found = _BEGINNING.match(head)
        if found is None or _KNOWN.search(found[0]) is None:
            return False
        return found["cut"] is None or _OWN.search(found[0]) is not None

    def read(self, source: Source, options: MovableTypeInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the entries in the order of the file.

        Raises ReadError for another text, LimitError for one that is too large.
        """
        from .movable_type_entries import read_entries

        return read_entries(source, context.run.limits, partial(context.show_progress, READING))


READER = MovableTypeReader()
