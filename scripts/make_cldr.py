"""Writes ``src/clothbound/language/cldr.json``, what clothbound uses of the Unicode CLDR, with Babel.

Babel's own files have the names of all languages, territories and currencies too; to load one takes 13 to 20 ms
of a run, this one below 2 ms. ``tests/test_cldr.py`` holds the file equal to Babel's data. Run it after an
update of Babel: ``.venv/bin/python scripts/make_cldr.py``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

TARGET = Path(__file__).parent.parent / "src/clothbound/language/cldr.json"
ROOT = "und"
_SHORT_MONTH = re.compile(r"(?<!M)MMM(?!M)")


def default_scripts() -> dict[str, str]:
    """Returns the script in which each language is usually written."""
    likely = get_global("likely_subtags")
    languages = {name.split("_")[0] for name in locale_identifiers()}
    return {
        language: script
        for language in sorted(languages)
        if (script := _script_of(likely.get(language, "")))
    }


def regional_scripts(defaults: dict[str, str]) -> dict[str, str]:
    """Returns the script of each region that writes a language in another than its usual one."""
    found = {}
    for name, full in sorted(get_global("likely_subtags").items()):
        language, _, region = name.partition("_")
        script = _script_of(full)
        if language in defaults and len(region) in (2, 3) and script != defaults[language]:
            found[name] = script
    return found


def _script_of(full: str) -> str:
    return next((part for part in full.split("_") if len(part) == 4 and part.isalpha()), "")


def short_id(name: str, defaults: dict[str, str]) -> str:
    """Returns ``name`` without the script in which its language is usually written."""
    language, *rest = name.split("_")
    return "_".join([language, *(part for part in rest if part != defaults.get(language))])


def facts_of(name: str) -> dict[str, Any]:
    """Returns the dates and lists of a locale."""
    locale = Locale.parse(name)
    months = locale.months
    patterns = [locale.date_formats["long"].pattern, locale.datetime_skeletons["yMMMM"].pattern]
    facts = {
        "day": patterns[0],
        "month": patterns[1],
        "months": [months["format"]["wide"][n] for n in range(1, 13)],
        "alone": [months["stand-alone"]["wide"][n] for n in range(1, 13)],
        "range": locale.interval_formats[None],
        "list": locale.list_patterns["standard"]["middle"],
        "short": [months["format"]["abbreviated"][n] for n in range(1, 13)]
        if any(_SHORT_MONTH.search(pattern) for pattern in patterns)
        else [],
        "era": locale.eras["abbreviated"][1] if "G" in "".join(patterns) else "",
    }
    return {key: str(value) if isinstance(value, str) else value for key, value in facts.items()}


def parent_of(name: str, parents: dict[str, str]) -> str:
    """Returns the locale from which ``name`` inherits; empty for none."""
    above, _, last = name.rpartition("_")
    # CLDR inherits nothing from a language that is written in another script.
    given = parents.get(name, ROOT if len(last) == 4 and last.isalpha() else above)
    return "" if given == ROOT else given


def make() -> dict[str, Any]:
    """Returns the content of the file."""
    defaults = default_scripts()
    parents = {
        short_id(name, defaults): ROOT if parent == "root" else short_id(parent, defaults)
        for name, parent in sorted(get_global("parent_exceptions").items())
    }
    parents = {name: parent for name, parent in parents.items() if name != parent}
    facts = {short_id(name, defaults): facts_of(name) for name in sorted(locale_identifiers())}
    own = {}
    for name, known in facts.items():
        parent = parent_of(name, parents)
        while parent and parent not in facts:
            parent = parent_of(parent, parents)
        inherited = facts.get(parent, {"era": "", "short": []})
        rest = {key: value for key, value in known.items() if inherited.get(key) != value}
        if rest.get("alone") == known["months"]:
            rest["alone"] = []
        if rest:
            own[name] = rest
    aliases = {
        old: new
        for old, new in sorted(get_global("language_aliases").items())
        if len(old) <= 3 and new.split("_")[0] in defaults and old not in defaults
    }
    return {
        "scripts": defaults,
        "regional": regional_scripts(defaults),
        "parents": parents,
        "aliases": aliases,
        "locales": own,
    }


def write() -> str:
    """Returns the text of the file: a line for each locale."""
    made = make()
    parts = []
    for key, value in made.items():
        rows = ",\n".join(
            f"{json.dumps(name)}:{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}"
            for name, row in value.items()
        )
        parts.append(f'"{key}":{{\n{rows}\n}}')
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    TARGET.write_text(write(), encoding="utf-8")
