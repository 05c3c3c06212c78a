"""Reads style sheets: those that users name, and the files of our own themes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .errors import OptionError


def theme_file(name: str) -> str:
    """Returns the text of one of our own files in ``themes/``: a style sheet, script, or drawing."""
    # As pkgutil does, whose import takes as long as that of five modules.
    loader: Any = __spec__.loader
    data: bytes = loader.get_data(os.path.join(os.path.dirname(__file__), f"themes/{name}"))  # noqa: PTH118, PTH120
    return data.decode()


def inline_style(css: str | os.PathLike[str] | None) -> str:
    """Returns an element ``style`` with a style sheet, or with that at a path; empty without one.

    A ``str`` with a brace is a style sheet. Raises OptionError if a file cannot be read.
    """
    if css is None:
        return ""
    text = css if isinstance(css, str) and ("{" in css or not css.strip()) else read_css(Path(css))
    return f"<style>\n{within_element(text)}</style>\n" if text.strip() else ""


def within_element(css: str) -> str:
    """Returns a style sheet without what would end the element around it."""
    # In CSS, `\/` is `/`.
    return css.replace("</", "<\\/").strip() + "\n"


def take_imports_out(css: str) -> tuple[str, tuple[int, ...]]:
    """Returns a style sheet without its rules ``@import``, and the lines of these.

    Rules that are nested too deeply to be parsed are returned as they are.
    """
    if "@import" not in css.lower():
        return css, ()
    import tinycss2

    kept, lines = [], []
    for rule in tinycss2.parse_stylesheet(css):
        if getattr(rule, "lower_at_keyword", "") == "import":
            lines.append(rule.source_line)
        else:
            kept.append(rule)
    try:
        return tinycss2.serialize(kept) if lines else css, tuple(lines)
    except RecursionError:
        return css, ()


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
