"""Splits a CSV text into records with fields of any length.

Python's own reader refuses a field of more than 128 kB, and that limit is set for the whole
process. The records are otherwise the same, even for malformed text: a quotation mark within a
field is an ordinary character, and an unclosed one takes everything after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lazy_pattern import lazy_pattern

_QUOTED = lazy_pattern(r'"((?:[^"]++|"")*+)"?')
_LINE_END = lazy_pattern(r"\r\n?|\n")


def read_records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yields the number of each record's last line (from 1) and its fields; empty lines have no
    fields.
    """
    plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*+")
    position = line = 0
    while position < len(text):
        start = position
        fields = []
        while True:
            quoted = _QUOTED.match(text, position)
            value = ""
            if quoted is not None:
                value = quoted[1].replace('""', '"')
                position = quoted.end()
            rest = plain.match(text, position)
            assert rest is not None
            fields.append(value + rest[0])
            position = rest.end()
            if text[position : position + 1] != delimiter:
                break
            position += 1
        is_empty = position == start
        end = _LINE_END.match(text, position)
        position = end.end() if end else position
        # The last line may lack a line ending.
        is_cut = end is None and text[position - 1] not in "\r\n"
        line += len(_LINE_END.findall(text, start, position)) + is_cut
        yield line, [] if is_empty else fields
