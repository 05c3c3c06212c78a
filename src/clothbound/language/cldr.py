"""Reads what clothbound uses of the Unicode CLDR: dates, lists, scripts, and which locale inherits from which.

``cldr.json`` is made by ``scripts/make_cldr.py`` with Babel, whose own files take ten times as long to load.
Sources: Unicode TR 35, part 1, sections 4.3 (likely subtags) and 4.4 (parent locales), part 4, section 2.6
(patterns of dates).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from ..model.language_tags import language_tag

_ROOT = "und"


class LocaleFacts(msgspec.Struct, frozen=True):
    """What a locale adds to the one from which it inherits. None and the empty text mean the same as there."""

    day: str = ""
    """The pattern of a date that is written out."""
    month: str = ""
    """The pattern of a month with its year."""
    months: tuple[str, ...] | None = None
    """The names of months in dates."""
    alone: tuple[str, ...] | None = None
    """The names of months that stand without a day; empty: those in dates."""
    short: tuple[str, ...] | None = None
    """The abbreviated names of months, where a pattern has them."""
    range: str = ""
    """Two dates, ``{0}`` and ``{1}``, with what stands between them."""
    list: str = ""
    """Two members in the middle of a list, ``{0}`` and ``{1}``."""
    era: str = ""
    """The abbreviated name of the common era, where a pattern has it."""


class _Table(msgspec.Struct, frozen=True):
    scripts: dict[str, str]
    regional: dict[str, str]
    parents: dict[str, str]
    aliases: dict[str, str]
    locales: dict[str, msgspec.Raw]


class Subtags(msgspec.Struct, frozen=True):
    """The subtags of a language tag that decide about its words and its direction."""

    language: str
    script: str
    """Empty if the script is unknown."""
    region: str = ""


@cache
def _table() -> _Table:
    # As pkgutil does, whose import takes as long as that of five modules.
    loader: Any = __spec__.loader
    data: bytes = loader.get_data(os.path.join(os.path.dirname(__file__), "cldr.json"))  # noqa: PTH118, PTH120
    return msgspec.json.decode(data, type=_Table)


def subtags(language: str) -> Subtags:
    """Returns language, script and region of a BCP 47 tag, with the likely script of a tag that names none."""
    table = _table()
    primary, *rest = language_tag(language, _ROOT).split("-")
    primary, _, script = table.aliases.get(primary, primary).partition("_")
    region = ""
    for part in rest:
        if len(part) == 1:
            break
        if len(part) == 4 and part.isalpha():
            script = part.title()
        elif len(part) in (2, 3) and ((part.isalpha() and len(part) == 2) or part.isdigit()):
            region = part.upper()
    if not script:
        usual = table.scripts.get(primary, "")
        script = table.regional.get(f"{primary}_{region}", usual)
    return Subtags(primary, script, region)


def locales_of(language: str) -> Iterator[str]:
    """Yields the locales of which a language has its words and dates, the nearest first.

    An identifier has the script only where the language is usually written in another: ``zh`` is
    ``zh-Hans``, and ``zh-TW`` has ``zh_Hant_TW`` and ``zh_Hant``.
    """
    table = _table()
    tags = subtags(language)
    is_usual = tags.script == table.scripts.get(tags.language, tags.script)
    script = "" if is_usual else tags.script
    name = "_".join(filter(None, (tags.language, script, tags.region)))
    while name and name != _ROOT:
        yield name
        above, _, last = name.rpartition("_")
        # CLDR inherits nothing from a language that is written in another script.
        is_other_script = len(last) == 4 and last.isalpha()
        name = table.parents.get(name, _ROOT if is_other_script else above)


@cache
def facts_of(language: str) -> LocaleFacts | None:
    """Returns dates and lists of a language, with those that it inherits; None if CLDR lacks the language."""
    table = _table()
    found: dict[str, object] = {}
    for name in locales_of(language):
        if name in table.locales:
            known = msgspec.json.decode(table.locales[name], type=dict[str, object])
            found = known | found
    return msgspec.convert(found, LocaleFacts) if "day" in found else None
