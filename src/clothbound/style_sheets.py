"""Reads style sheets: those that users name, and the files of our own themes."""

from __future__ import annotations

import pkgutil
from pathlib import Path

from .errors import OptionError


def theme_file(name: str) -> str:
    """Returns the text of one of our own files in ``themes/``: a style sheet, script, or drawing."""
    data = pkgutil.get_data("clothbound", f"themes/{name}")
    assert data is not None, name
    return data.decode()


def read_css(path: Path | None) -> str:
    """Returns the text of the style sheet at ``path``; the empty string if ``path`` is None.

    Raises OptionError if it cannot be read.
    """
    if path is None:
        return ""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(
            f"the style sheet cannot be read: {error}",
            source=str(path),
            hint="give the name of a CSS file in UTF-8",
        ) from error
