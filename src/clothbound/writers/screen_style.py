"""Reads the style sheets that follow ours in EPUBs, pages and sites: a theme's, and the user's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

from ..fields import Field
from ..limits import Limits
from ..style_sheets import read_css

ScreenTheme: TypeAlias = Annotated[
    Path | None,
    Field(
        help="A theme of your own, a TOML file or its folder, whose style sheet for screens follows ours."
    ),
]


def screen_style(theme: Path | None, css: Path | None, limits: Limits) -> str:
    """Returns the style sheet of a theme for screens, followed by the user's. Raises OptionError if one cannot be read."""
    if theme is None:
        return read_css(css)
    from .pdf.theme_file import read_screen_sheet  # loads the themes of print

    sheets = (read_screen_sheet(theme, limits), read_css(css))
    return "\n".join(filter(None, sheets))
