"""The moment at which a run takes place: the only place that asks the clock for a decision.

It decides which posts are public yet, or no longer, and nothing else.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from .errors import UsageError


def moment_of_run(given: datetime | str | None = None) -> datetime:
    """``given``, else SOURCE_DATE_EPOCH (seconds since 1970, https://reproducible-builds.org), else
    the clock's.

    Text is a day or a moment of ISO 8601; without a zone it is UTC. Raises UsageError.
    """
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError as error:
            raise UsageError(f"{given!r} is not a moment", hint="write YYYY-MM-DD") from error
    if given is not None:
        return given if given.tzinfo else given.replace(tzinfo=UTC)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH is not a number of seconds: {epoch[:40]!r}", hint="unset it"
        ) from error
