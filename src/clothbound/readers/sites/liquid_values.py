"""Knows the values that posts of Jekyll and Eleventy name in Liquid: ``site.title``, ``page.title``,
``site.data.releases | where: "version", "3.0" | first``, and whether a condition over them holds.

Source: Liquid's and Jekyll's documentation (variables, operators, filters, data files). What the configuration, the
data files and the header say is known; whatever a program computes is not. ``liquid_template`` fills them in.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata
from ...model.slugs import slug_of
from .settings_files import Settings, read_data

_FILTERS = lazy_pattern(r"(?:\"[^\"]*\"|'[^']*'|[^|\"'])+")
_ARGUMENTS = lazy_pattern(r"(?:\"[^\"]*\"|'[^']*'|[^,\"'])+")
_QUOTED = lazy_pattern(r"\"([^\"]*)\"|'([^']*)'")
_NUMBER = lazy_pattern(r"-?\d+(?:\.\d+)?")
_PATH = lazy_pattern(r"[A-Za-z_][\w-]*(?:\.[\w-]+|\[(?:\d+|\"[^\"]*\"|'[^']*')\])*")
_STEP = lazy_pattern(r"\.?([\w-]+)|\[(?:(\d+)|\"([^\"]*)\"|'([^']*)')\]")
_CONDITION = lazy_pattern(
    r"(?<!\s)\s*(\"[^\"]*\"|'[^']*'|[=!]==?|<>|[<>]=?|[\w.\[\]-]+(?:\[[\"'][^\"'\]]*[\"']\][\w.]*)*)"
)
_OF_HOST = frozenset({"site.url", "site.github.url"})
"""The beginnings of targets that name the host, which the reader of links resolves."""
_OF_ADDRESS = ("relative_url", "absolute_url")
_DATA_FILES = (".yml", ".yaml", ".json")
_WORDS: Mapping[str, Any] = {
    "true": True,
    "false": False,
    "nil": None,
    "null": None,
    "blank": None,
    "empty": "",
}
_UNBOUND: Final = object()
_LONGEST = 4_000
"""The most characters of a value that filters have made. Values that contain one another could grow without end."""
UNKNOWN: Final = object()
"""Stands for a value that is not known here."""


class LiquidValues:
    """The values that a post may name."""

    def __init__(
        self,
        generator: str,
        settings: Settings,
        data: Path,
        header: Settings,
        metadata: Metadata,
        path: str = "",
    ) -> None:
        """``generator`` is ``Jekyll``, ``Bridgetown`` or ``Eleventy``; ``data`` is the folder of the site's data files, ``path`` that
        of the site's root on its host.
        """
        self.path = path
        self._is_jekyll = generator != "Eleventy"
        self._settings = settings
        self._data = data
        published = metadata.published
        self._page: dict[str, Any] = {
            **header,
            "title": metadata.title,
            **({"date": published.text} if published is not None else {}),
        }
        self._assigned: dict[str, Any] = {}

    def bind(self, name: str, value: Any) -> None:
        """Gives a name the value that the text assigns to it."""
        self._assigned[name] = value

    @contextmanager
    def bound(self, values: Mapping[str, Any]) -> Iterator[None]:
        """Gives names values for the time of one round of a loop."""
        before = {name: self._assigned.get(name, _UNBOUND) for name in values}
        self._assigned.update(values)
        yield
        for name, value in before.items():
            if value is _UNBOUND:
                del self._assigned[name]
            else:
                self._assigned[name] = value

    def is_host(self, expression: str) -> bool:
        """Returns whether a value is the host of the site, with which targets begin."""
        return expression.partition("|")[0].strip() in _OF_HOST

    def holds(self, condition: str) -> bool | None:
        """Returns whether a condition holds; None if a value in it is unknown, or its form is.

        As in Liquid, the operators ``and`` and ``or`` are read from the right.
        """
        if _CONDITION.sub("", condition).strip():
            return None
        words = _CONDITION.findall(condition)
        is_negated = words[:1] == ["not"]
        for position, word in enumerate(words):
            if word in ("and", "or"):
                left = self._compare(words[:position])
                right = self.holds(" ".join(words[position + 1 :]))
                if left is None or right is None:
                    return None
                return (left and right) if word == "and" else (left or right)
        found = self._compare(words[1:] if is_negated else words)
        return not found if is_negated and found is not None else found

    def _compare(self, words: list[str]) -> bool | None:
        match words:
            case ["not", *rest] if rest:
                found = self._compare(rest)
                return None if found is None else not found
            case [one]:
                value = self._read(one)
                return None if value is UNKNOWN else value not in (None, False)
            case [one, sign, other]:
                left, right = self._read(one), self._read(other)
                compare = _COMPARE.get(sign)
                if compare is None or UNKNOWN in (left, right):
                    return None
                try:
                    return bool(compare(left, right))
                except (TypeError, ValueError):
                    return None
        return None

    def evaluate(self, expression: str) -> Any:
        """Returns the value of an expression with its filters; ``UNKNOWN`` if it is not known here."""
        parts = [part.strip() for part in _FILTERS.findall(expression)]
        if not parts:
            return UNKNOWN
        first, *filters = parts
        value = self._read(first)
        for written in filters:
            name, _, rest = written.partition(":")
            arguments = [self._read(one.strip()) for one in _ARGUMENTS.findall(rest)]
            apply = self._of_address if name.strip() in _OF_ADDRESS else _APPLY.get(name.strip())
            if apply is None or UNKNOWN in arguments:
                return UNKNOWN
            if value is UNKNOWN:
                if name.strip() != "default":
                    return UNKNOWN
                value = None
            try:
                value = apply(value, *arguments)
            except (TypeError, ValueError, AttributeError, LookupError):
                return UNKNOWN
            if isinstance(value, str) and len(value) > _LONGEST:
                return UNKNOWN
        return value

    def _of_address(self, value: str) -> str:
        """Returns an address that is seen from the site's root as one from the root of its host."""
        return f"{self.path}/{value.lstrip('/')}" if self.path and "://" not in value else value

    def _read(self, written: str) -> Any:
        """Returns what a literal or a path of names is."""
        if (quoted := _QUOTED.fullmatch(written)) is not None:
            return quoted[1] if quoted[1] is not None else quoted[2]
        if _NUMBER.fullmatch(written):
            return written
        if written in _WORDS:
            return _WORDS[written]
        if not _PATH.fullmatch(written):
            return UNKNOWN
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
                case ["resource", "data", key, *inner] if key in self._page:
                    return _walk(self._page[key], inner)
                case ["page" | "resource", key, *inner] if key in self._page:
                    return _walk(self._page[key], inner)
            return UNKNOWN
        if name in self._page:
            return _walk(self._page[name], rest)
        return self._find_in_data(name, rest)

    def _find_in_data(self, name: str, inner: list[str]) -> Any:
        place = self._data
        while inner and (place / name).is_dir():
            place, name, inner = place / name, inner[0], inner[1:]
        for extension in _DATA_FILES:
            file = place / f"{name}{extension}"
            if file.is_file() and file.resolve().is_relative_to(self._data.resolve()):
                status = file.stat()
                return _walk(_load(str(file), status.st_mtime_ns, status.st_size), inner)
        return UNKNOWN


@lru_cache(maxsize=8)
def _load(file: str, changed: int, size: int) -> Any:
    found = read_data(Path(file))
    return UNKNOWN if found is None else found


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
            return UNKNOWN
    return value


def shown_text(value: Any, written: str) -> str:
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


def _same(one: Any, other: Any) -> bool:
    """Returns whether values are equal; a number is written like its digits, and what is empty is ``blank``."""
    if "" in (one, other) or None in (one, other):
        return (one in ("", None, [], {})) == (other in ("", None, [], {}))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return str(one) == str(other)


def _contains(one: Any, other: Any) -> bool:
    return other in one if isinstance(one, str) else any(_same(item, other) for item in one)


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": _same,
    "===": _same,
    "!=": lambda one, other: not _same(one, other),
    "!==": lambda one, other: not _same(one, other),
    "<>": lambda one, other: not _same(one, other),
    "<": lambda one, other: operator.lt(float(one), float(other)),
    "<=": lambda one, other: operator.le(float(one), float(other)),
    ">": lambda one, other: operator.gt(float(one), float(other)),
    ">=": lambda one, other: operator.ge(float(one), float(other)),
    "contains": _contains,
}
"""The operators of conditions."""
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
    "lower": lambda value: str(value).lower(),
    "upper": lambda value: str(value).upper(),
    "title": lambda value: str(value).title(),
    "trim": lambda value: str(value).strip(),
    "safe": lambda value: value,
    "markdownify": lambda value: value,
    "split": lambda value, by: str(value).split(by) if by else list(str(value)),
    "sort": lambda value: sorted(value, key=str),
    "reverse": lambda value: value[::-1] if isinstance(value, list) else UNKNOWN,
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
}
"""The filters whose results depend on their values alone."""
