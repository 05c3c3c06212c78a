"""Books with other metadata than they were made with."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec

from clothbound.model.collection import Collection


def with_info(collection: Collection, **fields: Any) -> Collection:
    """The collection with these fields of its ``info``."""
    return dataclasses.replace(collection, info=msgspec.structs.replace(collection.info, **fields))
