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
    for setting in settings:
        key, equals, value = setting.partition("=")
        field = _METADATA.get(key)
        if not equals or field is None:
            near = formats.did_you_mean(key, _METADATA)
            raise UsageError(
                f"-M wants KEY=VALUE, not {setting!r}{near}", hint=", ".join(_METADATA)
            )
        if field == "authors":
            collection = dataclasses.replace(collection, authors=(*collection.authors, value))
        else:
            changes: dict[str, Any] = {field: value}
            collection = dataclasses.replace(collection, **changes)
    return collection
