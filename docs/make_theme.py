"""Write docs/reference/theme.md from the structs and themes of clothbound.writers.pdf."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from clothbound.fields import Setting, settings
from clothbound.writers.pdf.page_format import PAGES, ThemeName
from clothbound.writers.pdf.theme import THEMES, Theme
from clothbound.writers.pdf.theme_file import HEADINGS

TARGET = Path(__file__).parent / "reference" / "theme.md"
INTRODUCTION = """\
# Themes of your own

The headings and keys of a `theme.toml`, and the numbers of the themes that it may change; [the how-to](../how-to/theme.md)
shows how to write one. Every key may be left out. Paths are relative to the file, and must lead to files in its folder or
below. This page is made from the source by `python docs/make_theme.py`.
"""


def page() -> str:
    parts = [INTRODUCTION]
    for name, kind in HEADINGS.items():
        about = " ".join((kind.__doc__ or "").split())
        title = f"`[{name}]`" if name else "Above the first heading"
        about = "" if not name else f"{about}\n\n"
        parts.append(f"\n## {title}\n\n{about}| key | values | meaning |\n|:--|:--|:--|\n")
        parts += [f"| `{s.toml}` | {_values(s)} | {s.help} |\n" for s in settings(kind)]
    parts.append(
        "\n## `[sizes]`\n\nThe size of type and the distance of its lines, both as multiples of the text's size:"
        " `chapter-title = [2.2, 2.6]`.\n\n" + _table(_sizes)
    )
    parts.append(
        "\n## `[spaces]`\n\nLengths. One in `em` keeps that unit; others take `rem` (the text's size), `pt`, `mm`, `cm`"
        " or `in`. A `space` stands above and often below, a `gap` between or below alone. A theme has the keys that"
        " its column fills.\n\n" + _table(_spaces)
    )
    return "".join(parts)


def _values(setting: Setting) -> str:
    if setting.choices:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    if setting.is_many:
        return "texts"
    return "`true`, `false`" if setting.kind is bool else "text"


def _sizes(theme: Theme) -> dict[str, str]:
    types = {name: (kind.size, kind.leading) for name, kind in theme.types(PAGES["6x9"]).items()}
    types["wide-table"] = (theme.wide_table.size, theme.wide_table.leading)
    return {name: f"{size:g}, {leading:g}" for name, (size, leading) in types.items()}


def _spaces(theme: Theme) -> dict[str, str]:
    return {name: value for name, value in theme.lengths().items() if name != "smallest-type"}


def _table(numbers: object) -> str:
    assert callable(numbers)
    columns = {name: numbers(THEMES[name]) for name in get_args(ThemeName)}
    keys = sorted(set().union(*columns.values()))
    head = f"| key | {' | '.join(columns)} |\n|:--|{'--:|' * len(columns)}\n"
    rows = (
        f"| `{key}` | {' | '.join(c.get(key, '') for c in columns.values())} |\n" for key in keys
    )
    return head + "".join(rows)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
