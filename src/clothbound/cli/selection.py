"""What the options that choose posts say, as arguments of ``api.book``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..plan import Manifest


def given_wishes(options: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the options that were given."""
    return {name: value for name, value in options.items() if value not in ("", (), None, False, 0)}


def times(
    manifest: Manifest | None, timezone: str, *, after: str, before: str
) -> dict[str, tzinfo | datetime]:
    """Time zone and bounds. Raises UsageError."""
    from ..anthology.post_dates import first_moment, zone_of

    zone = zone_of(timezone or (manifest.posts.timezone if manifest else "UTC"))
    bounds = {"after": after, "before": before}
    moments = {name: first_moment(day, zone) for name, day in bounds.items() if day}
    return {"timezone": zone, **moments}
