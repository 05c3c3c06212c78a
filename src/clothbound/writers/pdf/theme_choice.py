"""Finds the theme of a printed book: one of ours by its name, or one of the user's own by its path."""

from __future__ import annotations

from pathlib import Path

from ...limits import Limits
from .page_format import USUAL_PAGE
from .theme import THEMES, Theme


def find_theme(
    choice: str | Path,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    page: str = USUAL_PAGE,
) -> Theme:
    """Returns the theme of a name, or in a file or a folder. Raises OptionError if that is not a theme, or if it leaves
    no room for text on a ``page`` of this name.
    """
    if isinstance(choice, str) and choice in THEMES:
        return THEMES[choice]
    from .theme_file import read_theme  # its parsers are loaded for themes of one's own alone

    return read_theme(Path(choice), limits, page)
