"""Reads posts.csv, the list of posts in an export, in any dialect, and writes it as Substack does.

Substack writes UTF-8 without a byte order mark, LF, quotes only where needed, and ``true`` and
``false``. Files that spreadsheet programs saved again are read too.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..diagnostics import DiagnosticCode
from ..errors import LimitError, ReadError
from ..lazy_pattern import lazy_pattern
from ..model.post import Metadata, Timestamp
from ..model.publication import AUDIENCES, EVERYONE, PAYERS
from ..model.slugs import ascii_slug
from .csv_encoding import decode_table, delimiter_of
from .csv_records import read_records

COLUMNS = (
    "post_id",
    "post_date",
    "is_published",
    "email_sent_at",
    "inbox_sent_at",
    "type",
    "audience",
    "title",
    "subtitle",
    "podcast_url",
)
_SPACE = lazy_pattern(r"\s+")
# Ghost's importer does not recognize an id of more than ten digits.
_POST_ID = lazy_pattern(r"^(\d{1,10})(?:\.([A-Za-z0-9_-]*))?$")
_LOOSE_ID = lazy_pattern(r"(\d{1,10})\.(.+)", re.A)
_ISO = lazy_pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_BREAKS = lazy_pattern(r"(?<!\s)\s*[\r\n\x0b\x0c\x85\u2028\u2029]\s*")
_SLUG_LENGTH = 40
_TRUE = frozenset({"true", "1", "yes", "y", "t"})
_FALSE = frozenset({"false", "0", "no", "n", "f", ""})


@dataclass(frozen=True, slots=True)
class PostsCsv:
    """A posts.csv as it was read. ``rows`` reads the file on demand and can be iterated only
    once.
    """

    columns: tuple[str, ...]
    """The names of the columns as written, in order."""
    rows: Iterator[tuple[int, dict[str, str]]]
    """The number of each row's last line (from 1) and its values by ``column_key``. A missing field
    is empty; the eleventh of ten columns is named ``column_11``, and so on."""
    repairs: tuple[tuple[DiagnosticCode, str], ...] = ()
    """Remarks on differences from Substack's own form."""


def load(data: bytes, *, most: int, source: str = "posts.csv", encoding: str = "") -> PostsCsv:
    """Reads a posts.csv with any usual delimiter and any columns besides ``post_id``.

    UTF-8 and UTF-16 are detected; ``encoding`` names another and takes precedence. Raises ReadError
    if the encoding cannot be detected or there is no column ``post_id``, OptionError if
    ``encoding`` is unknown, and LimitError, also from ``rows``, if there are more than ``most``
    rows.
    """
    text, repairs = decode_table(data, encoding, source)
    delimiter = delimiter_of(text)
    if delimiter != ",":
        repairs.append((DiagnosticCode.HEADER_REPAIRED, f"fields are separated by {delimiter!r}"))
    lines = read_records(text, delimiter)
    head = next(lines, (0, []))[1]
    columns = tuple(name.strip() for name in head)
    names = [column_key(name) for name in columns]
    if "post_id" in names:
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = (
                f"only one of each of these duplicate columns is read: {', '.join(twice)[:200]}"
            )
            repairs.append((DiagnosticCode.HEADER_VALUE, message))
        rows = _rows(lines, names, most, source)
    elif head and _POST_ID.match(head[0].strip()) and len(head) in (9, 10):
        repairs.append((DiagnosticCode.HEADER_REPAIRED, "the file has no column names"))
        columns = tuple(c for c in COLUMNS if len(head) == 10 or c != "inbox_sent_at")
        rows = _rows(_put_back_head(head, lines), list(columns), most, source)
    else:
        found = ", ".join(columns)[:200] or "nothing"
        raise ReadError(
            f"has no column post_id; its first line holds {found}",
            source=source,
            hint="give the posts.csv of a Substack export",
        )
    return PostsCsv(columns, rows, tuple(repairs))


def column_key(name: str) -> str:
    """Normalizes a column's name: Substack's own in any case, others unchanged."""
    return name.lower() if name.lower() in COLUMNS else name


def _put_back_head(
    head: list[str], lines: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    yield 1, head
    yield from lines


def _rows(
    lines: Iterator[tuple[int, list[str]]], names: list[str], most: int, source: str
) -> Iterator[tuple[int, dict[str, str]]]:
    count = 0
    for line, fields in lines:
        if not any(fields):
            continue
        count += 1
        if count > most:
            raise LimitError(f"has more than {most} rows", source=source)
        row = dict.fromkeys(names, "")
        for position, value in enumerate(fields):
            name = names[position] if position < len(names) else f"column_{position + 1}"
            if value and not row.get(name):
                row[name] = value
        yield line, row


def is_true(text: str) -> bool | None:
    """Reads ``is_published``, also as spreadsheets write it; None if it is neither."""
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def dump(
    rows: Iterable[Mapping[str, str]],
    columns: Sequence[str] = COLUMNS,
    *,
    on_one_line: bool = False,
) -> str:
    """Returns the whole file. Missing columns are empty; other columns are not written.

    ``on_one_line`` replaces line breaks in fields, for importers that split the file at line ends
    before parsing.
    """
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        values = {name: row.get(column_key(name), "") for name in columns}
        if on_one_line:
            values = {name: _SPACE.sub(" ", value).strip() for name, value in values.items()}
        writer.writerow(values)
    return stream.getvalue()


def audience_of(metadata: Metadata) -> str:
    """Returns a post's audience in Substack's terms; an unknown one never becomes wider than paying readers."""
    found = metadata.audiences
    if found == (EVERYONE,):
        return metadata.audience or EVERYONE
    if metadata.audience in found:
        return metadata.audience
    return found[0] if len(found) == 1 and found[0] in AUDIENCES else PAYERS


FIELD_COLUMNS: dict[str, Callable[[Metadata, str, datetime], str]] = {
    "post_id": lambda _metadata, post_id, _now: post_id,
    "post_date": lambda metadata, _post_id, _now: iso(metadata.published),
    "is_published": lambda metadata, _post_id, now: (
        "false" if metadata.verdict(now).is_secret else "true"
    ),
    "type": lambda metadata, _post_id, _now: metadata.kind or "newsletter",
    "audience": lambda metadata, _post_id, _now: audience_of(metadata),
    "title": lambda metadata, _post_id, _now: _restore_line_breaks(
        metadata.title, metadata.extra.get("title_lines")
    ),
    "subtitle": lambda metadata, _post_id, _now: _restore_line_breaks(
        metadata.subtitle, metadata.extra.get("subtitle_lines")
    ),
}
"""The columns that are fields of a post, and the functions that write them. A post keeps the other columns in
``extra``."""


def row_of(metadata: Metadata, post_id: str, now: datetime) -> dict[str, str]:
    """Makes the row of a post, with the further columns of its archive."""
    row = {name: _text(value) for name, value in metadata.extra.items()}
    return row | {name: write(metadata, post_id, now) for name, write in FIELD_COLUMNS.items()}


def post_id_of(metadata: Metadata) -> str:
    """Returns ``<digits>.<slug>``: the post's own id, or nine digits derived from its key."""
    match = _POST_ID.match(metadata.id)
    digits = match[1] if match else ""
    slug = (match[2] or "") if match else ""
    if loose := None if match else _LOOSE_ID.match(metadata.id):
        digits, slug = loose[1], cut_slug(loose[2])
    if not digits:
        number = int.from_bytes(hashlib.sha256(metadata.key.encode()).digest()[:8], "big")
        digits = str(100_000_000 + number % 900_000_000)
    slug = slug or cut_slug(metadata.slug or metadata.title) or digits[:3]
    return f"{digits}.{slug}"


def is_substack_id(identifier: str) -> bool:
    """Whether an id has Substack's form: digits, a full stop, and a slug."""
    return _POST_ID.match(identifier) is not None


def cut_slug(title: str) -> str:
    """Makes a slug as Substack does: lower-case ASCII words, cut at a word near 40 characters."""
    slug = ascii_slug(title.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    if len(slug) <= _SLUG_LENGTH:
        return slug
    head = slug[: _SLUG_LENGTH + 1].rpartition("-")[0]
    return head or slug[:_SLUG_LENGTH]


def without_line_breaks(text: str) -> str:
    """Replaces line breaks in a field by spaces."""
    return _BREAKS.sub(" ", text)


def _restore_line_breaks(text: str, lines: object) -> str:
    """Restores the line breaks that ``text`` had in its archive, unless it was edited since."""
    return (
        lines
        if isinstance(lines, str) and without_line_breaks(lines) == text
        else without_line_breaks(text)
    )


def iso(timestamp: Timestamp | None) -> str:
    """Returns the time as ``2023-06-01T14:25:14.153Z``; empty if there is none.

    The text itself is returned if it could not be parsed or already has this form.
    """
    if timestamp is None:
        return ""
    if timestamp.value is None or _ISO.fullmatch(timestamp.text):
        return timestamp.text
    value = timestamp.value.astimezone(UTC)
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
