"""Fills in the values that posts of Jekyll and Eleventy name in Liquid: ``{{ site.title }}``, ``{{ page.title }}``,
``{% assign release = site.data.releases | where: "version", "3.0" | first %}`` and then ``{{ release.date }}``.

Source: Liquid's and Jekyll's documentation (variables, filters, data files). What the configuration, the data files
and the header say is filled in; loops, conditions and whatever a program computes stay as they are written, and the
reader of Markdown names them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata
from ...model.slugs import slug_of
from .settings_files import Settings, read_data

_TAG = lazy_pattern(
    r"\{\{-?(?P<value>(?![%<])[^{}]{1,400}?)-?\}\}"
    r"|\{%-?\s*assign\s+(?P<name>[\w-]+)\s*=\s*(?P<assigned>(?:[^{}%]|%(?!\})){1,400}?)\s*-?%\}"
    r"|(?P<raw>\{%-?\s*raw\s*-?%\}.*?(?:\{%-?\s*endraw\s*-?%\}|\Z))",
    re.S,
)
_FILTERS = lazy_pattern(r"(?:\"[^\"]*\"|'[^']*'|[^|\"'])+")
_ARGUMENTS = lazy_pattern(r"(?:\"[^\"]*\"|'[^']*'|[^,\"'])+")
_QUOTED = lazy_pattern(r"\"([^\"]*)\"|'([^']*)'")
_NUMBER = lazy_pattern(r"-?\d+(?:\.\d+)?")
_PATH = lazy_pattern(r"[A-Za-z_][\w-]*(?:\.[\w-]+|\[(?:\d+|\"[^\"]*\"|'[^']*')\])*")
_STEP = lazy_pattern(r"\.?([\w-]+)|\[(?:(\d+)|\"([^\"]*)\"|'([^']*)')\]")
_IN_TARGET = lazy_pattern(r"(?:\]\(\s*<?|[=]\s*[\"']?|\]:\s*<?)$")
_OF_HOST = frozenset({"site.url", "site.baseurl", "site.github.url"})
"""The beginnings of targets, which the reader of links resolves."""
_DATA_FILES = (".yml", ".yaml", ".json")
_LONGEST = 4_000
"""The most characters of a value that filters have made. Values that contain one another could grow without end."""
_MOST = 1_000_000
"""The most characters that are filled into one text."""
_UNKNOWN: Final = object()


class LiquidValues:
    """The values that a post may name."""

    def __init__(
        self, generator: str, settings: Settings, data: Path, header: Settings, metadata: Metadata
    ) -> None:
        """``generator`` is ``Jekyll`` or ``Eleventy``; ``data`` is the folder of the site's data files."""
        self._is_jekyll = generator == "Jekyll"
        self._settings = settings
        self._data = data
        published = metadata.published
        self._page: dict[str, Any] = {
            **header,
            "title": metadata.title,
            **({"date": published.text} if published is not None else {}),
        }
        self._assigned: dict[str, Any] = {}

    def fill(self, text: str) -> str:
        """Returns a text in which the values that are known are filled in. Its lines stay where they are."""
        left = _MOST

        def replace(found: re.Match[str]) -> str:
            nonlocal left
            if found["raw"] is not None:
                return found[0]
            if found["name"] is not None:
                self._assigned[found["name"]] = self._evaluate(found["assigned"])
                return found[0]
            written = found["value"].strip()
            before = text[max(0, found.start() - 8) : found.start()]
            if written.partition("|")[0].strip() in _OF_HOST and _IN_TARGET.search(before):
                return found[0]
            value = self._evaluate(written)
            shown = found[0] if value is _UNKNOWN else _as_text(value, found[0])
            left -= len(shown)
            return shown if left >= 0 else found[0]

        return _TAG.sub(replace, text)

    def _evaluate(self, expression: str) -> Any:
        first, *filters = (part.strip() for part in _FILTERS.findall(expression))
        value = self._read(first)
        for written in filters:
            name, _, rest = written.partition(":")
            arguments = [self._read(one.strip()) for one in _ARGUMENTS.findall(rest)]
            apply = _APPLY.get(name.strip())
            if apply is None or _UNKNOWN in arguments:
                return _UNKNOWN
            if value is _UNKNOWN:
                if name.strip() != "default":
                    return _UNKNOWN
                value = None
            try:
                value = apply(value, *arguments)
            except (TypeError, ValueError, AttributeError, LookupError):
                return _UNKNOWN
            if isinstance(value, str) and len(value) > _LONGEST:
                return _UNKNOWN
        return value

    def _read(self, written: str) -> Any:
        """Returns what a literal or a path of names is."""
        if (quoted := _QUOTED.fullmatch(written)) is not None:
            return quoted[1] if quoted[1] is not None else quoted[2]
        if _NUMBER.fullmatch(written):
            return written
        if not _PATH.fullmatch(written):
            return _UNKNOWN
        steps = [next(filter(None, step), "") for step in _STEP.findall(written)]
        return self._find(steps)

    def _find(self, steps: list[str]) -> Any:
        name, rest = steps[0], steps[1:]
        if name in self._assigned:
            return _walk(self._assigned[name], rest)
        if self._is_jekyll:
            match [name, *rest]:
                case ["site", "data", file, *inner]:
                    return self._find_in_data(file, inner)
                case ["site", key, *inner] if key in self._settings:
                    return _walk(self._settings[key], inner)
                case ["page", key, *inner] if key in self._page:
                    return _walk(self._page[key], inner)
            return _UNKNOWN
        if name in self._page:
            return _walk(self._page[name], rest)
        return self._find_in_data(name, rest) if rest else _UNKNOWN

    def _find_in_data(self, name: str, inner: list[str]) -> Any:
        place = self._data
        while inner and (place / name).is_dir():
            place, name, inner = place / name, inner[0], inner[1:]
        for extension in _DATA_FILES:
            file = place / f"{name}{extension}"
            if file.is_file() and file.resolve().is_relative_to(self._data.resolve()):
                status = file.stat()
                return _walk(_load(str(file), status.st_mtime_ns, status.st_size), inner)
        return _UNKNOWN


@lru_cache(maxsize=8)
def _load(file: str, changed: int, size: int) -> Any:
    found = read_data(Path(file))
    return _UNKNOWN if found is None else found


def _walk(value: Any, steps: list[str]) -> Any:
    """Returns what a path leads to within a value; nothing, as in Liquid, for a key that a known mapping lacks."""
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step in ("first", "last"):
            value = (value or [None])[0 if step == "first" else -1]
        elif isinstance(value, list) and step == "size":
            value = len(value)
        elif isinstance(value, list) and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        elif value is None:
            return None
        else:
            return _UNKNOWN
    return value


def _as_text(value: Any, written: str) -> str:
    """Returns a value as Liquid prints it, on one line; ``written`` itself if it is no plain value."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str() | int() | float():
            return " ".join(str(value).split()) if "\n" in str(value) else str(value)
        case list() if all(isinstance(item, (str, int, float)) for item in value):
            return "".join(map(str, value))
    return written


def _where(value: Any, key: str, wanted: Any = None) -> list[Any]:
    items: Iterator[Any] = iter(value.values() if isinstance(value, Mapping) else value)
    return [
        item
        for item in items
        if isinstance(item, Mapping)
        and (item.get(key) if wanted is None else str(item.get(key)) == str(wanted))
    ]


def _date(value: Any, written: str) -> str:
    from ..timestamps import read_timestamp

    moment = read_timestamp(str(value)).value
    if moment is None:
        raise ValueError
    return f"{moment:{written.replace('%-d', str(moment.day)).replace('%-m', str(moment.month))}}"


_APPLY: Mapping[str, Callable[..., Any]] = {
    "where": _where,
    "first": lambda value: value[0] if value else None,
    "last": lambda value: value[-1] if value else None,
    "size": len,
    "join": lambda value, by=" ": by.join(map(str, value)),
    "escape": lambda value: value,
    "xml_escape": lambda value: value,
    "strip": lambda value: str(value).strip(),
    "strip_newlines": lambda value: str(value).replace("\n", ""),
    "downcase": lambda value: str(value).lower(),
    "upcase": lambda value: str(value).upper(),
    "capitalize": lambda value: str(value)[:1].upper() + str(value)[1:],
    "append": lambda value, more: f"{value}{more}",
    "prepend": lambda value, more: f"{more}{value}",
    "replace": lambda value, old, new="": str(value).replace(old, new),
    "remove": lambda value, old: str(value).replace(old, ""),
    "default": lambda value, other: value if value not in (None, "", False) else other,
    "date": _date,
    "slug": slug_of,
    "slugify": slug_of,
    "url": lambda value: value,
    "relative_url": lambda value: value,
    "absolute_url": lambda value: value,
}
"""The filters whose results depend on their values alone."""
