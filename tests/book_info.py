"""Books with other metadata than they were made with."""

from __future__ import annotations

from typing import Any

import msgspec

from clothbound.model.collection import Collection


def with_info(collection: Collection, **fields: Any) -> Collection:
    """The collection with these fields of its ``info``."""
    return msgspec.structs.replace(
        collection, info=msgspec.structs.replace(collection.info, **fields)
    )
