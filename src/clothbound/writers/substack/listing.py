"""Makes posts.csv, the list of posts in an archive: their ids, its columns, and the order of its
rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from ...context import Context
from ...diagnostics import DiagnosticCode, Severity
from ...model.collection import Collection
from ...model.post import Metadata, Post
from ...model.slugs import number_of_id
from ...naming import is_file_name
from ...substack.posts_csv import COLUMNS, column_key, is_substack_id, post_id_of, row_of

_NO_PLACE = (
    ("authors", "authors"),
    ("tags", "tags"),
    ("language", "a language"),
    ("cover", "a cover"),
    ("description", "a description"),
    ("canonical_url", "an address of their own"),
    ("updated", "a date of change"),
)
_LINES = frozenset({"title_lines", "subtitle_lines"})
"""Fields with the original text of a column, kept beside the text in one line."""
_NAMED = 20
"""The most unknown fields that one message names."""


class PostIds:
    """Gives each post of a collection its id, in the order of writing.

    If the archive is for Substack, a post from an archive keeps its id; other importers get the
    form that they know. A new number is never that of another post.
    """

    def __init__(self, collection: Collection, *, exact: bool) -> None:
        self._exact = exact
        order = collection.extra.get("order")
        self._read = frozenset(order) if isinstance(order, list) else frozenset()
        self._written: set[str] = set()
        ids = [metadata.id for metadata in collection.index]
        self._numbers = set(filter(None, map(number_of_id, ids)))

    def was_read(self, metadata: Metadata) -> bool:
        """Whether the post's row was read from an archive."""
        return metadata.id in self._read

    def of(self, post: Post, context: Context) -> str:
        """Returns the id of the next post, and reports a change of its own id."""
        metadata = post.metadata
        old_id = metadata.id
        wanted_id = self._wanted(metadata)
        new_id = wanted_id
        if new_id in self._written or not self._is_own_number(old_id, new_id):
            new_id = self._with_free_number(wanted_id)
        self._written.add(new_id)
        self._numbers.add(new_id.partition(".")[0])
        if old_id and not (new_id == old_id or new_id.startswith(old_id.rstrip(".") + ".")):
            why = (
                "another post has it" if wanted_id == old_id else "importers know digits and a slug"
            )
            context.warn(
                DiagnosticCode.ARCHIVE_ROW, f"post_id {old_id!r} became {new_id!r}: {why}", post
            )
        return new_id

    def slug_of(self, metadata: Metadata) -> str:
        """Returns the slug in the id that a post has in the archive."""
        return self._wanted(metadata).partition(".")[2]

    def _wanted(self, metadata: Metadata) -> str:
        return metadata.id if self._may_stay(metadata) else post_id_of(metadata)

    def _may_stay(self, metadata: Metadata) -> bool:
        old_id = metadata.id
        if not self._exact:
            return is_substack_id(old_id) and "." in old_id.rstrip(".")
        known = self.was_read(metadata) or re.match(r"\d+\.[^.]", old_id, re.A)
        return bool(known and is_file_name(old_id))

    def _is_own_number(self, old_id: str, new_id: str) -> bool:
        """Whether the number of ``made`` is free or the post's own."""
        number = new_id.partition(".")[0]
        return number not in self._numbers or old_id.partition(".")[0] == number

    def _with_free_number(self, post_id: str) -> str:
        number, _, slug = post_id.partition(".")
        while number in self._numbers:
            number = str(int(number) + 1)
        return f"{number}.{slug}"


def make_row(metadata: Metadata, post_id: str, now: datetime, *, as_read: bool) -> dict[str, str]:
    """Makes the row of a post; with ``as_read``, fields keep the form that they had in their archive."""
    row = row_of(metadata, post_id, now)
    if not as_read:
        return row
    date = metadata.published.text if metadata.published is not None else ""
    return row | {"post_date": date, "type": metadata.kind, "audience": metadata.audience}


def columns_of(collection: Collection) -> Sequence[str]:
    """Returns the columns of the archive that was read, else Substack's current ten."""
    names = collection.extra.get("columns")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return COLUMNS
    known = {column_key(name) for name in names}
    return [*names, *(name for name in COLUMNS if name not in known and name != "inbox_sent_at")]


def in_archive_order(
    rows: Sequence[tuple[str, dict[str, str]]], collection: Collection
) -> list[dict[str, str]]:
    """Sorts rows, each given with the id that its post came with.

    Rows of the archive that was read keep their order, after all new posts. New ones are sorted as
    Substack does: by descending number or, if Substack did not number them, by date, the newest
    first.
    """
    order = collection.extra.get("order")
    place = {name: n for n, name in enumerate(order)} if isinstance(order, list) else {}
    numbered = all(is_substack_id(metadata.id) for metadata in collection.index)

    def newness(row: dict[str, str]) -> tuple[bool, str, int]:
        date = "" if numbered else row["post_date"]
        return not date, date, int(number_of_id(row["post_id"])[:20] or 0)

    new = sorted((row for name, row in rows if name not in place), key=newness, reverse=True)
    old = sorted((pair for pair in rows if pair[0] in place), key=lambda pair: place[pair[0]])
    return [*new, *(row for _, row in old)]


def report_fields(collection: Collection, columns: Iterable[str], context: Context) -> None:
    """Reports once which fields have no column."""
    keys = {column_key(name) for name in columns} | _LINES
    known: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for metadata in collection.index:
        known.update(words for name, words in _NO_PLACE if getattr(metadata, name))
        others.update(
            name
            for name, value in metadata.extra.items()
            if value not in ("", None) and not (name in keys and isinstance(value, str))
        )
    lost = [f"{words} ({known[words]})" for _, words in _NO_PLACE if known[words]]
    named = sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))
    lost += [f"{name[:60]} ({count})" for name, count in named[:_NAMED]]
    if len(named) > _NAMED:
        lost.append(f"{len(named) - _NAMED} fields more")
    if lost:
        message = (
            f"an export has no place for these fields (with the number of posts): {', '.join(lost)}"
        )
        context.warn(DiagnosticCode.NODE_SIMPLIFIED, message, severity=Severity.INFO)
