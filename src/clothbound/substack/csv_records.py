"""The records of a CSV text, with fields of any length.

Python's own reader refuses a field of more than 128 kB, and the bound that it has is the whole
process's. Apart from that the records are its own, also where a text is not as it should be: a quotation
mark within a field is a character, and one that is not closed takes all that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lazy_pattern import lazy_pattern

_QUOTED = lazy_pattern(r'"((?:[^"]++|"")*+)"?')
_LINE_END = lazy_pattern(r"\r\n?|\n")


def read_records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The number of each record's last line (1-based), and its fields; none for an empty line."""
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
        # The last line may have no end of its own.
        is_cut = end is None and text[position - 1] not in "\r\n"
        line += len(_LINE_END.findall(text, start, position)) + is_cut
        yield line, [] if is_empty else fields
