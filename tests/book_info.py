"""Changes the metadata of finished books."""

from __future__ import annotations

from typing import Any

import msgspec

from clothbound.model.collection import Collection


def with_info(collection: Collection, **fields: Any) -> Collection:
    """Returns the collection with these fields in its ``info``."""
    return msgspec.structs.replace(
        collection, info=msgspec.structs.replace(collection.info, **fields)
    )
