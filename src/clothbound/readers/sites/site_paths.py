"""Makes the path at which a site shows a post, from the patterns of its configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata
from ...model.slugs import slug_of
from .settings_files import Settings

_DATE = lazy_pattern(r"\d{4}-\d{1,2}-\d{1,2}[-_]?(?=.)")
_PLACE = lazy_pattern(r":([a-z_]+)")
_BRACES = lazy_pattern(r"\{(\w+)(?::([^{}]*))?\}")
_SLASHES = lazy_pattern(r"/{2,}")
_SPACES = lazy_pattern(r"\s+")


def text_of(settings: Settings, *path: str) -> str:
    """Returns the text at a path of keys in nested settings, whose case does not count; empty if there is none."""
    value: Any = settings
    for key in path:
        if not isinstance(value, Mapping):
            return ""
        keys = {str(name).lower(): name for name in value}
        value = value.get(keys.get(key.lower()))
    return " ".join(value.split()) if isinstance(value, str) else ""


def first_text(settings: Settings, *paths: str) -> str:
    """Returns the first text of several dotted paths of keys; empty if none has one."""
    return next((found for path in paths if (found := text_of(settings, *path.split(".")))), "")


def names_in(value: object) -> tuple[str, ...]:
    """Returns the names in a setting: a name, several, or mappings with one each."""
    items = value if isinstance(value, list) else [value]
    names = (item.get("name") if isinstance(item, Mapping) else item for item in items)
    return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def inner_path(path: PurePosixPath, folder: str) -> PurePosixPath:
    """Returns a path within a folder of the site; a path that is elsewhere stays as it is."""
    return path.relative_to(folder) if path.is_relative_to(folder) else path


def stem_of(path: PurePosixPath, languages: Iterable[str] = ()) -> str:
    """Returns the name of a post's file without its language, its date and, for ``index``, that of its folder."""
    stem = path.stem
    name, dot, suffix = stem.rpartition(".")
    stem = name if dot and suffix.lower() in {one.lower() for one in languages} else stem
    if stem in ("index", "_index"):
        stem = path.parent.name
    return without_date(stem)


def without_date(name: str) -> str:
    """Returns the name of a file or a folder without a date at its beginning."""
    return _DATE.sub("", name, count=1) if _DATE.match(name) else name


def as_segment(text: str) -> str:
    """Returns a text as Hugo writes it in an address: in lower case, with hyphens for spaces."""
    return _SPACES.sub("-", text.strip()).lower()


def fill_colons(pattern: str, values: Mapping[str, Callable[[], str]]) -> str:
    """Fills a pattern such as ``/:year/:title/``; empty if a name in it is unknown or has no value."""
    unknown = [name for name in _PLACE.findall(pattern) if name not in values]
    if unknown:
        return ""
    filled = _PLACE.sub(lambda found: values[found[1]](), pattern)
    return _SLASHES.sub("/", f"/{filled}")


def fill_braces(pattern: str, values: Mapping[str, str], moment: datetime | None) -> str:
    """Fills a pattern such as ``{date:%Y}/{slug}.html``; empty if a name in it is unknown or has no value."""

    def value_of(found: re.Match[str]) -> str:
        if found[1] == "date" and moment is not None:
            return format(moment, found[2] or "%Y-%m-%d")
        return values.get(found[1], "")

    if any(not value_of(found) for found in _BRACES.finditer(pattern)):
        return ""
    return "/" + _BRACES.sub(value_of, pattern).lstrip("/")


def date_parts(metadata: Metadata) -> dict[str, Callable[[], str]]:
    """Returns the parts of a post's date by their names in patterns; empty without a date."""
    moment = metadata.published.value if metadata.published is not None else None
    if moment is None:
        return {}
    return {
        "year": lambda: f"{moment:%Y}",
        "short_year": lambda: f"{moment:%y}",
        "month": lambda: f"{moment:%m}",
        "i_month": lambda: str(moment.month),
        "day": lambda: f"{moment:%d}",
        "i_day": lambda: str(moment.day),
        "y_day": lambda: f"{moment:%j}",
        "yearday": lambda: str(moment.timetuple().tm_yday),
        "hour": lambda: f"{moment:%H}",
        "minute": lambda: f"{moment:%M}",
        "second": lambda: f"{moment:%S}",
    }


def slug_segment(text: str) -> str:
    """Returns a text as a segment of an address that has letters, digits and hyphens alone."""
    return slug_of(text)


def slug_or_title(metadata: Metadata) -> str:
    """Returns the slug of a post, or else its title as one."""
    return metadata.slug or slug_segment(metadata.title)


def own_path(metadata: Metadata, *fields: str) -> str:
    """Returns the path that a post's header declares; empty if it has none, or one that a template makes."""
    for field, value in metadata.extra.items():
        if field.lower() not in fields or not isinstance(value, str) or set("{}<>") & set(value):
            continue
        if value.strip() and "://" not in value:
            return "/" + value.strip().lstrip("/")
    return ""
