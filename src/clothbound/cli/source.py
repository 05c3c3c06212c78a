"""The posts that a command was given, with the metadata that its user added."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from typing import Any

from .. import api, formats
from ..errors import ReadError, UsageError
from ..model.post import Collection
from .messages import print_diagnostics

_METADATA = {
    "title": "title",
    "subtitle": "subtitle",
    "author": "authors",
    "authors": "authors",
    "lang": "language",
    "language": "language",
    "publisher": "publisher",
    "rights": "rights",
    "description": "description",
    "identifier": "identifier",
}


def read(source: str, reader: str | None) -> Collection:
    if source == "-":
        data = sys.stdin.buffer.read()
        return api.read(data, reader or "markdown", on_error="collect")
    collection = api.read(source, reader, on_error="collect")
    if not len(collection):
        print_diagnostics(collection.diagnostics, quiet=True, verbose=False)
        raise ReadError("no post could be read from it", source=source)
    return collection


def with_metadata(collection: Collection, settings: Sequence[str]) -> Collection:
    changes = metadata_of(settings)
    if "authors" in changes:
        changes["authors"] = (*collection.authors, *changes["authors"])
    return dataclasses.replace(collection, **changes)


def metadata_of(settings: Sequence[str]) -> dict[str, Any]:
    """What ``-M KEY=VALUE`` says, by the fields of a collection. Raises UsageError."""
    changes: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        field = _METADATA.get(key)
        if not equals or field is None:
            near = formats.did_you_mean(key, _METADATA)
            raise UsageError(
                f"-M wants KEY=VALUE, not {setting!r}{near}", hint=", ".join(_METADATA)
            )
        changes[field] = (*changes.get(field, ()), value) if field == "authors" else value
    return changes
