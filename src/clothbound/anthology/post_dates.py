"""Finds the days, months and years of posts, by which posts are selected, ordered and shown.

The day of a post is that of the time zone that was asked for. Without one it is the day as the source writes it: a
post of 31 December, 20:00 -05:00, is of 31 December, wherever that day is selected, ordered or shown.
``assemble`` moves the dates of a book to its time zone, so that writers and ``Timestamp.day`` need none.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

from ..errors import UsageError
from ..model.collection import Collection
from ..model.post import Metadata


def zone_of(name: str) -> tzinfo:
    """Returns the time zone of this name. Raises UsageError if there is none."""
    if name.upper() == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"there is no time zone {name!r}", hint="an example is Europe/Berlin"
        ) from error


def check_day(day: date | str) -> date:
    """Returns a day or a moment that is valid. Raises UsageError for any other text."""
    if not isinstance(day, str):
        return day
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(day)
        except ValueError:
            continue
    raise UsageError(f"{day!r} is not a date", hint="write YYYY-MM-DD")


def check_month(month: str) -> str:
    """Returns a month as it is. Raises UsageError for any other text."""
    try:
        date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise UsageError(f"{month!r} is not a month", hint="write YYYY-MM") from error
    return month


def first_moment(day: date | str, zone: tzinfo | None) -> datetime:
    """Returns the moment at which a day begins in ``zone``, or the moment that is given. Raises UsageError.

    Without a zone it is naive: each post is compared with it as the post's source writes its date.
    """
    day = check_day(day)
    if not isinstance(day, datetime):
        day = datetime(day.year, day.month, day.day)
    return day if day.tzinfo else day.replace(tzinfo=zone)


def is_before(moment: datetime, first: datetime) -> bool:
    """Returns whether a post's moment is before ``first``, which may be naive (``first_moment``)."""
    return (moment if first.tzinfo else moment.replace(tzinfo=None)) < first


def moment_of(metadata: Metadata, timezone: tzinfo | None = None) -> datetime | None:
    """Returns the moment at which a post was published, in ``timezone``, without one as its source writes it; None if
    it is unknown.

    A date without a time is the same day in every time zone.
    """
    stamp = metadata.published
    if stamp is None or stamp.value is None:
        return None
    if timezone is None:
        return stamp.value
    if not stamp.has_time:
        return stamp.value.replace(tzinfo=timezone)
    try:
        return stamp.value.astimezone(timezone)
    except OverflowError:  # The zone moves the first or last possible day out of the calendar.
        return stamp.value


def year_of(metadata: Metadata, timezone: tzinfo | None = None) -> int | None:
    """Returns the year in which a post was published; None if it is unknown."""
    moment = moment_of(metadata, timezone)
    return None if moment is None else moment.year


def month_of(metadata: Metadata, timezone: tzinfo | None = None) -> str:
    """Returns the month in which a post was published, such as ``2023-05``; empty if it is unknown."""
    moment = moment_of(metadata, timezone)
    return "" if moment is None else f"{moment.year:04}-{moment.month:02}"


def months(collection: Collection, timezone: tzinfo | None = None) -> tuple[str, ...]:
    """Returns the months that have a post, in order."""
    found = {month_of(metadata, timezone) for metadata in collection.index}
    return tuple(sorted(found - {""}))


def years(collection: Collection, timezone: tzinfo | None = None) -> tuple[int, ...]:
    """Returns the years that have a post, in order."""
    found = {year_of(metadata, timezone) for metadata in collection.index}
    return tuple(sorted(y for y in found if y is not None))


def newest_full_year(collection: Collection, timezone: tzinfo | None = None) -> int | None:
    """Returns the latest year with a post in December or a post in a later year, or else the only year.

    This does not read the clock, so that the same posts make the same book on any day.
    """
    known = years(collection, timezone)
    if len(known) < 2:
        return known[0] if known else None
    newest = known[-1]
    moments = [moment for m in collection.index if (moment := moment_of(m, timezone))]
    full = any(moment.year == newest and moment.month == 12 for moment in moments)
    return newest if full else known[-2]
