"""posts.csv: the list of posts in an export, in the dialect that its importers agree on.

UTF-8 without a byte order mark, LF, quotes only where needed, ``true``/``false``, and no line break
inside a field: WordPress's importer splits the file at line ends before it reads it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC

from ..model.index import ascii_slug
from ..model.post import Metadata, Timestamp

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
_SPACE = re.compile(r"\s+")
# Ten digits at most: Ghost's importer does not know a longer number for what it is.
_POST_ID = re.compile(r"^(\d{1,10})(?:\.([A-Za-z0-9_-]*))?$")
_SLUG_LENGTH = 40


def dump(rows: Iterable[Mapping[str, str]]) -> str:
    """The whole file. Missing columns are empty; others are not written."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _SPACE.sub(" ", value).strip() for name, value in row.items()})
    return stream.getvalue()


def row_of(metadata: Metadata, post_id: str) -> dict[str, str]:
    """The row of a post. Dates are written back as they came where they are Substack's own."""
    extra = metadata.extra
    return {
        "post_id": post_id,
        "post_date": iso(metadata.published),
        "is_published": "false" if metadata.is_draft else "true",
        "email_sent_at": _text(extra.get("email_sent_at")),
        "inbox_sent_at": _text(extra.get("inbox_sent_at")),
        "type": metadata.kind or "newsletter",
        "audience": metadata.audience or "everyone",
        "title": metadata.title,
        "subtitle": metadata.subtitle,
        "podcast_url": _text(extra.get("podcast_url")),
    }


def post_id_of(metadata: Metadata) -> str:
    """``<digits>.<slug>``: the post's own, or nine digits made of its key, never a running number."""
    match = _POST_ID.match(metadata.id)
    digits = match[1] if match else ""
    slug = (match[2] or "") if match else ""
    if not digits:
        number = int.from_bytes(hashlib.sha256(metadata.key.encode()).digest()[:8], "big")
        digits = str(100_000_000 + number % 900_000_000)
    slug = slug or cut_slug(metadata.slug or metadata.title) or digits[:3]
    return f"{digits}.{slug}"


def cut_slug(title: str) -> str:
    """A slug as Substack makes it: words of lower-case ASCII, cut at a word near 40 characters."""
    slug = ascii_slug(title.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    if len(slug) <= _SLUG_LENGTH:
        return slug
    head = slug[: _SLUG_LENGTH + 1].rpartition("-")[0]
    return head or slug[:_SLUG_LENGTH]


def iso(timestamp: Timestamp | None) -> str:
    """``2023-06-01T14:25:14.153Z``; empty for no date; the text itself where it is not understood."""
    if timestamp is None:
        return ""
    if timestamp.value is None:
        return timestamp.text
    value = timestamp.value.astimezone(UTC)
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
