"""Reads style sheets that users name."""

from __future__ import annotations

from pathlib import Path

from .errors import OptionError


def read_css(path: Path | None) -> str:
    """The text of a style sheet; empty where none is named. Raises OptionError."""
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
