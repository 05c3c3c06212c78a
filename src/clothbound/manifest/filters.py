"""Why a selection leaves no post: each filter, where it stands, and what it lets through."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Mapping, Sequence
from typing import Any

from ..anthology import Selection, year_of
from ..errors import ManifestError
from ..formats import did_you_mean
from ..model.index import Index
from ..model.post import Metadata
from ..printable import counted
from .schema import Manifest
from .statements import statements

_FILTERS = {
    "year": ("year", "--year"),
    "month": ("", "--by-month"),
    "after": ("after", "--after"),
    "before": ("before", "--before"),
    "tags": ("tags", "--tag"),
    "kinds": ("types", "--type"),
    "audiences": ("audiences", "--audience"),
    "min_words": ("min-words", "--min-words"),
}
"""By the argument of ``api.book``: the key under ``[posts]``, and the option."""

_TYPES = ("newsletter", "podcast", "page", "thread")
_AUDIENCES = ("everyone", "only_paid", "only_free", "founding")


def nothing_left(
    manifest: Manifest, index: Index, arguments: Mapping[str, Any], given: Container[str]
) -> ManifestError | None:
    """The error for a selection that leaves no post: it names each filter. None: there is none.

    ``arguments`` are those of ``api.book``; ``given`` are the names of those that the file does not
    decide. A minimum of words is named and not counted, for which posts would be parsed.
    """
    fields = {field.name for field in dataclasses.fields(Selection)}
    sets = {"tags", "kinds", "audiences"}
    values = {
        name: frozenset(value) if name in sets else value
        for name, value in arguments.items()
        if name in fields and value not in (None, "", (), [], 0)
    }
    filters = [name for name in _FILTERS if name in values]
    posts = [m for m in index if not m.is_draft or values.get("drafts")]
    if not filters:
        return None
    always = {name: value for name, value in values.items() if name in ("drafts", "timezone")}
    lines = _lines(manifest)
    told = []
    places = []
    for name in filters:
        key, option = _FILTERS[name]
        line = 0 if name in given else lines.get(key, 0)
        shown = f"{key!r}" if line else option
        if name == "min_words":
            told.append(f"{shown} asks for {counted(arguments[name], 'word')}")
            places.append((1, line))
            continue
        count = _count(posts, {**always, name: values[name]})
        near = _near(name, arguments[name], posts, values)
        where = f" (line {line})" if line else ""
        told.append(f"{shown}{where} lets {count} of {len(posts)} through{near}")
        places.append((count, line))
    line = min(places, key=lambda place: place[0])[1]
    return ManifestError(
        f"no post is left to make a book of: {'; '.join(told)}",
        source=manifest.name,
        line=line,
        hint="widen the selection",
    )


def _lines(manifest: Manifest) -> dict[str, int]:
    """The lines of the keys under ``[posts]``."""
    return {
        statement.key: statement.line
        for statement in statements(manifest.text, manifest.name)
        if statement.heading == ("posts",) and statement.value is not None
    }


def _count(posts: Sequence[Metadata], values: Mapping[str, Any]) -> int:
    selection = Selection(**values)
    return sum(not selection.reason_against(metadata) for metadata in posts)


def _near(name: str, value: Any, posts: Sequence[Metadata], values: Mapping[str, Any]) -> str:
    """What may have been meant, of the values that the posts have."""
    if name == "year":
        zone = {"timezone": values["timezone"]} if "timezone" in values else {}
        known = sorted({year for m in posts if (year := year_of(m, **zone)) is not None})
        return f" (there are posts of {', '.join(map(str, known))})" if known else ""
    there = {
        "tags": {tag for metadata in posts for tag in metadata.tags},
        "kinds": {*_TYPES, *(metadata.kind for metadata in posts)},
        "audiences": {*_AUDIENCES, *(metadata.audience for metadata in posts)},
    }
    if name not in there:
        return ""
    known_names = sorted(there[name] - {""})
    return next(
        (
            near
            for one in value
            if one not in known_names and (near := did_you_mean(one, known_names))
        ),
        "",
    )
