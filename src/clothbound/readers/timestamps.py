"""Parses dates as headers, feeds and pages write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from ..lazy_pattern import lazy_pattern
from ..model.post import Precision, Timestamp

_DATE = lazy_pattern(
    r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?"
    r"(?:(?:[Tt]|[ ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d+))?)?"
    r"(?:[ ]*(?P<half>[AaPp]\.?[Mm]\.?))?[ ]*(?P<zone>[Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?"
)
_SLASHED_DAY = lazy_pattern(
    r"(?:(?P<before>\d{1,2}:\d{2})[ ]+)?(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})"
    r"(?:[ ]+(?P<after>\d{1,2}:\d{2}(?::\d{2})?[ ]*(?:[AaPp][Mm])?))?"
)
_COMPACT = lazy_pattern(
    r"(\d{4})(\d{2})(\d{2})(?:[Tt ]?(\d{2})(\d{2})(\d{2})?[ ]*([Zz]|[+-]\d{2}:?\d{2})?)?"
)
_CHARACTERS = lazy_pattern(
    r"(\d{4})\s*[\u5e74\ub144]\s*(\d{1,2})\s*[\u6708\uc6d4]\s*(\d{1,2})\s*[\u65e5\uc77c](?:\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
"""Matches days as Chinese, Japanese and Korean write them, with a time or without one."""
_EPOCH = lazy_pattern(r"(1\d{9})(\d{3})?")
"""Matches the seconds since 1970, or milliseconds, of moments from 2001 to 2033."""
_NAMED_PLACE = lazy_pattern(r"(?<=\d|[Zz])\[[A-Za-z_]+(?:/[A-Za-z_+-]+)*\]$")
"""Matches the place that names a zone behind the offset: ``+01:00[Europe/Paris]``."""
_ZONE_IN_BRACKETS = lazy_pattern(r"\((?:GMT|UTC)([+-]\d{1,2}(?::?\d{2})?)?\)$")
"""Matches the zone behind a time as Notion writes it: ``4:05 PM (GMT+1)``."""
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""The offsets in hours of the zones that mail names (RFC 5322)."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN_DATE = lazy_pattern(
    r"(?:[A-Za-z]+,?\s+)?(?:(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?|"
    r"(?P<day2>\d{1,2})\s+(?P<month2>[A-Za-z]{3,9})\.?),?\s+(?P<year>\d{4})"
    r"(?:,?\s+(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>[Zz]|UT|UTC|GMT|[ECMP][SD]T|[+-]\d{1,2}(?::?\d{2})?)?)?"
)


def read_timestamp(text: str) -> Timestamp:
    """Returns a date as it was written, and the moment that it means.

    A date without a time zone is taken as UTC. ``value`` is None if the text is not a date, such as
    the 30th of February.
    """
    text = _NAMED_PLACE.sub("", text.strip())
    if text.endswith(")") and (zoned := _ZONE_IN_BRACKETS.search(text)) is not None:
        stamp = read_timestamp(f"{text[: zoned.start()]}{zoned[1] or 'UTC'}")
        return Timestamp(text, stamp.value, stamp.precision)
    found = _DATE.fullmatch(text)
    if found is None:
        usual = _in_usual_form(text)
        stamp = read_timestamp(usual) if usual else _written_date(text)
        return Timestamp(text, None, "day") if usual and stamp.value is None else stamp
    month, day, hour = found["month"], found["day"], found["hour"]
    precision: Precision = (
        "year"
        if not month
        else "month"
        if not day
        else "day"
        if not hour
        else "second"
        if found["second"]
        else "minute"
    )
    microsecond = int((found["part"] or "").ljust(6, "0")[:6]) if found["part"] else 0
    try:
        value = datetime(
            int(found["year"]),
            int(month or 1),
            int(day or 1),
            _hour(int(hour or 0), found["half"]),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            microsecond,
            tzinfo=_zone(found["zone"]),
        )
    except ValueError:
        return Timestamp(text, None, precision)
    return Timestamp(text, _within_range(value), precision)


def read_slashed_day(text: str, *, month_first: bool) -> Timestamp | None:
    """Returns the day that is written as ``3/14/2024`` or ``14.3.2024``, with a time behind or before it; None if it is not
    one, or may be two.

    Where both numbers may be the month, ``month_first`` says that the first one is, as Quarto and Grav take it.
    """
    found = _SLASHED_DAY.fullmatch(text.strip())
    if found is None:
        return None
    first, second = int(found["first"]), int(found["second"])
    if not month_first and max(first, second) < 13 and first != second:
        return None
    month, day = (second, first) if first > 12 else (first, second)
    year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
    time = found["before"] or found["after"] or ""
    stamp = read_timestamp(f"{year}-{month:02}-{day:02} {time}".strip())
    return stamp if stamp.value is not None else None


def _in_usual_form(text: str) -> str:
    """Returns a date without marks between its parts, in Chinese characters, or as a number of seconds in the usual form;
    empty if it is none of these.
    """
    if found := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = _COMPACT.fullmatch(text) or _CHARACTERS.fullmatch(text)
    if found is None:
        return ""
    year, month, day, hour, minute, second, *zone = found.groups()
    date = f"{year}-{month}-{day}"
    return (
        f"{date}T{hour}:{minute}:{second or '00'}{zone[0] or '' if zone else ''}" if hour else date
    )


def _zone(text: str | None) -> timezone:
    if text in _ZONES:
        return timezone(timedelta(hours=_ZONES[text]))
    if not text or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _written_date(text: str) -> Timestamp:
    """Parses ``June 3, 2023 8:00 PM``, ``3 June 2023``, and the form of e-mail: ``Sat, 3 Jun 2023 08:00:49 +0200``."""
    found = _WRITTEN_DATE.fullmatch(text)
    month = (found["month"] or found["month2"])[:3].lower() if found else ""
    if found is None or month not in _MONTHS:
        return Timestamp(text, None, "day")
    precision: Precision = "second" if found["second"] else "minute" if found["hour"] else "day"
    try:
        value = datetime(
            int(found["year"]),
            _MONTHS.index(month) + 1,
            int(found["day"] or found["day2"]),
            _hour(int(found["hour"] or 0), found["half"]),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            tzinfo=_zone(found["zone"]),
        )
    except ValueError:
        return Timestamp(text, None, precision)
    return Timestamp(text, _within_range(value), precision)


def is_unset_date(text: str) -> bool:
    """Returns whether a date is the first moment of the year 1, by which programs in Go say that there is none."""
    return text.strip().startswith("0001-01-01")


def _within_range(value: datetime) -> datetime | None:
    """Returns a moment that has a date in every time zone; None for the first day of the year 1, which means none."""
    try:
        _ = value.astimezone(UTC) - timedelta(days=1)
    except OverflowError:
        return None
    return value


def _hour(hour: int, half: str | None) -> int:
    """Returns an hour of the day; ``half`` is ``AM`` or ``PM``, if it was written so."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + (12 if half[0] in "Pp" else 0)


def read_feed_date(text: str) -> Timestamp | None:
    """Returns a date of a feed as ``read_timestamp`` does, and in any form of RFC 822; None for an empty text."""
    if not text:
        return None
    stamp = read_timestamp(text)
    if stamp.value is not None:
        return stamp
    from email.utils import parsedate_to_datetime

    try:
        value = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return stamp
    value = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return Timestamp(text, _within_range(value))
