"""Reads the table (CSV) in which a platform exports its posts, row by row."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import BinaryIO, NamedTuple

from ..diagnostics import Diagnostic, DiagnosticCode
from ..errors import LimitError, ReadError
from ..limits import Limits
from ..model.characters import utf16_variant
from ..substack.csv_records import read_records
from .csv_columns import delimiter_of
from .export_files import ExportPart
from .html_post import decode_html
from .text_files import BadPostError, bad_post

_PIECE = 1 << 16


class Row(NamedTuple):
    """A row of a table."""

    columns: tuple[str, ...]
    """The names of all columns, in lower case."""
    fields: Mapping[str, str]
    """The fields by the names of their columns; those that a row that is cut off lacks are empty."""


def read_rows(
    part: ExportPart, limits: Limits, needed: str, lacking: str, found: list[Diagnostic]
) -> Iterator[Row]:
    """Yields the rows of a table with a column ``needed``; ``found`` takes what is wrong with others.

    Raises ReadError with ``lacking`` if there is no such table, LimitError if it is too large.
    """
    name = part.name
    columns: tuple[str, ...] = ()
    with _open(part) as stream:
        for number, record in _records(stream, limits, name):
            if record is None:
                error = BadPostError(f"is longer than {limits.post_bytes} bytes", number)
                found.append(bad_post(name, error))
            elif not columns:
                columns = tuple(column.strip().lower() for column in record)
                if needed not in columns:
                    raise ReadError(lacking, source=name)
            elif any(record):
                # A row that is cut off does not say who may see its post.
                fields = dict(zip_longest(columns, record[: len(columns)], fillvalue=""))
                if len(record) < len(columns):
                    message = f"the row of line {number} is cut off: {len(record)} of {len(columns)} fields"
                    found.append(Diagnostic(DiagnosticCode.ARCHIVE_ROW, message, name, number))
                yield Row(columns, fields)
    if not columns:
        raise ReadError(lacking, source=name)


def _open(part: ExportPart) -> BinaryIO:
    try:
        return part.open()
    except BadPostError as error:
        raise ReadError(str(error), source=part.name) from error


def _records(stream: BinaryIO, limits: Limits, name: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yields the records with the number of the line at which each begins; None for one that is too long.

    Only one record is held in memory. A record ends where its quotation marks are even in number.
    """
    kept: list[bytes] = []
    size = quotes = total = 0
    first = 1
    delimiter = ","
    for number, line in enumerate(_lines_in_utf8(stream), 1):
        delimiter = delimiter_of(line) if number == 1 else delimiter
        total += len(line)
        if total > limits.archive_bytes:
            raise LimitError(f"is longer than {limits.archive_bytes} bytes", source=name)
        size += len(line)
        quotes += line.count(b'"')
        if size <= limits.post_bytes:
            kept.append(line)
        if quotes % 2 == 0:
            yield from _parse(kept, first, delimiter, is_whole=size <= limits.post_bytes)
            kept, size, quotes, first = [], 0, 0, number + 1
    if kept:
        yield from _parse(kept, first, delimiter, is_whole=size <= limits.post_bytes)


def _lines_in_utf8(stream: BinaryIO) -> Iterator[bytes]:
    """Yields the lines of a table that may be UTF-16, as spreadsheet programs save it."""
    first = stream.readline()
    variant = utf16_variant(first)
    if not variant:
        yield first
        yield from stream
        return
    decoder = codecs.getincrementaldecoder(variant)("replace")
    held = decoder.decode(first).removeprefix("\ufeff")
    while piece := stream.read(_PIECE):
        *lines, held = (held + decoder.decode(piece)).split("\n")
        yield from (f"{line}\n".encode("utf-8", "replace") for line in lines)
    held += decoder.decode(b"", final=True)
    if held:
        yield held.encode("utf-8", "replace")


def _parse(
    lines: list[bytes], first: int, delimiter: str, *, is_whole: bool
) -> Iterator[tuple[int, list[str] | None]]:
    if not is_whole:
        yield first, None
        return
    text, _ = decode_html(b"".join(lines))
    for _, fields in read_records(text, delimiter):
        if fields:
            yield first, fields
