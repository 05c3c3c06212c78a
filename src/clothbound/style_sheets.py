"""Reads style sheets: those that users name, and the files of our own themes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .errors import OptionError, reason_of
from .lazy_pattern import lazy_pattern
from .model.characters import text_alone

_COMMENT = lazy_pattern(r"/\*.*?\*/", re.S)


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


def without_comments(css: str) -> str:
    """Returns a style sheet without its comments. Each leaves the ends of its lines, so that later lines keep their numbers."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), css)


def within_element(css: str) -> str:
    """Returns a style sheet without what would end the element around it."""
    # In CSS, `\/` is `/`.
    return css.replace("</", "<\\/").strip() + "\n"


def take_imports_out(css: str) -> tuple[str, tuple[int, ...]]:
    """Returns a style sheet without its rules ``@import``, and the lines of these.

    Rules that are nested too deeply to be written are returned as they are.
    """
    return _take_out(css, _is_import) if "@import" in css.lower() else (css, ())


def take_files_out(css: str) -> tuple[str, tuple[int, ...]]:
    """Returns a style sheet without what loads files, and the lines of that: ``@import``, declarations with the address
    of a file, and faces without their source.

    Rules that are nested too deeply to be written are returned as they are.
    """
    is_without = not any(word in css.lower() for word in ("@import", "url", "image-set", "\\"))
    return (css, ()) if is_without else _take_out(css, _loads_file)


def picture_of_style(style: str) -> str:
    """Returns the first address in an attribute ``style``, such as that of a background; empty if there is none."""
    if "url" not in style.lower():
        return ""
    import tinycss2

    tokens = tinycss2.parse_component_value_list(style)
    return next(filter(None, (read_address(token).strip() for token in tokens)), "")


def read_address(token: Any) -> str:
    """Returns the address in a ``url()`` or ``src()``; empty for any other token of tinycss2."""
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name in {"url", "src"}:
        return next((str(one.value) for one in token.arguments if one.type == "string"), "")
    return ""


def _take_out(
    css: str, is_unwanted: Callable[[Sequence[Any]], bool]
) -> tuple[str, tuple[int, ...]]:
    import tinycss2

    lines: list[int] = []
    try:
        kept = _keep_wanted(tinycss2.parse_component_value_list(css), is_unwanted, lines)
        return text_alone(tinycss2.serialize(kept)) if lines else css, tuple(lines)
    except RecursionError:
        return css, ()


def _keep_wanted(
    tokens: Sequence[Any], is_unwanted: Callable[[Sequence[Any]], bool], lines: list[int]
) -> list[Any]:
    """Returns the rules and declarations among ``tokens`` that are wanted; adds the lines of the others to ``lines``."""
    kept: list[Any] = []
    for statement in _statements(tokens):
        words = [one for one in statement if one.type not in {"whitespace", "comment"}]
        is_kept = not words or not is_unwanted(words)
        if words and not is_kept:
            lines.append(words[0].source_line)
        elif words and words[-1].type == "{} block":
            before = len(lines)
            words[-1].content = _keep_wanted(words[-1].content, is_unwanted, lines)
            # A face without a source would stand before those that a reader has.
            is_kept = len(lines) == before or not _is_rule(words, "font-face")
        kept += statement if is_kept else [one for one in statement if one.type == "comment"]
    return kept


def _statements(tokens: Iterable[Any]) -> Iterator[list[Any]]:
    """Yields the tokens of each rule or declaration, up to its block or semicolon (CSS Syntax Level 3, section 5.4)."""
    statement: list[Any] = []
    for token in tokens:
        statement.append(token)
        if token.type == "{} block" or (token.type == "literal" and token.value == ";"):
            yield statement
            statement = []
    yield statement


def _is_import(words: Sequence[Any]) -> bool:
    return _is_rule(words, "import")


def _loads_file(words: Sequence[Any]) -> bool:
    """Returns whether a rule or declaration, apart from its block, loads a file. A namespace is only named by an address."""
    if _is_rule(words, "namespace"):
        return False
    return _is_import(words) or any(map(_has_file, words))


def _is_rule(words: Sequence[Any], name: str) -> bool:
    return bool(words[0].type == "at-keyword" and words[0].lower_value == name)


def _has_file(token: Any) -> bool:
    if token.type not in {"url", "function"}:
        return False
    address = read_address(token)
    if address and not address.lower().startswith(("data:", "#")):
        return True
    arguments = getattr(token, "arguments", ())
    is_choice = token.type == "function" and token.lower_name.endswith("image-set")
    return any((is_choice and one.type == "string") or _has_file(one) for one in arguments)


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
            f"the style sheet cannot be read: {reason_of(error)}",
            source=str(path),
            hint="give the name of a CSS file in UTF-8",
        ) from error
