"""Finds the line of each TOML statement, and inserts lines without changing the others.

The parser of the standard library neither reports the lines of keys nor keeps comments. A TOML statement ends
at the first line end outside strings and brackets, so this module splits the file there and parses each
statement by itself. (tomlkit keeps comments, but moves arrays of tables that lie between other tables, and does
not report lines either.)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .errors import ManifestError
from .lazy_pattern import lazy_pattern

_AT = lazy_pattern(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_TOKEN = lazy_pattern(
    r"""
      \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ "{0,5}
    | '{3} (?: [^']++ | '(?!'') )*+ '{0,5}
    | " (?: [^"\\\n]++ | \\. )*+ "?
    | ' [^'\n]*+ '?
    | \#[^\n]*+
    | [\[\]{}]
    | \n
    | \Z
    """,
    re.X | re.S,
)
"""The tokens that decide whether a statement continues in the next line: strings, comments, brackets."""
DEEP_KEY = lazy_pattern(r"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){21}")
"""Matches a key of more than 21 names with dots between them. The parser's time is the square of their number."""
_TOO_LARGE = "a whole number has more than 64 bits"
_DAY = lazy_pattern(r"=\s*(\d{4}-\d\d-\d\d)")
_CURLY = lazy_pattern(r"(?:=|\[part\.|[\[,])\s*[“”„‘’«]")
_PART_HEADING = lazy_pattern(r"\s*\[\s*part\s*\.")


@dataclass(frozen=True, slots=True)
class Statement:
    """A heading (``value`` is None) or a key and its value. Lines are 1-based."""

    heading: tuple[str, ...]
    """The names in the heading itself, or in the heading above a value."""
    key: str
    value: Any
    line: int
    last: int
    """The last line of the statement, for values of several lines."""
    is_array: bool = False
    """True for a heading in double brackets."""


def split_lines(text: str) -> list[str]:
    """Splits a text into lines and keeps their ends. Only a line feed ends a line of TOML."""
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def load_toml(text: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Returns the table of a text in TOML. Raises ValueError if it is not valid, RecursionError if it is deep.

    A whole number of more than 64 bits is not valid, as TOML allows: of a very long one, Python makes no text.
    """
    try:
        table = tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # the parser does not expect that int() refuses many digits
        raise ValueError(_TOO_LARGE) from error
    if any(isinstance(leaf, int) and not -(1 << 63) <= leaf < 1 << 63 for leaf in _leaves(table)):
        raise ValueError(_TOO_LARGE)
    return table


def _leaves(value: Any) -> Iterator[Any]:
    """Yields the names and values in a table."""
    if isinstance(value, dict):
        yield from value
        value = value.values()
    elif not isinstance(value, list):
        yield value
        return
    for item in value:
        yield from _leaves(item)


def statements(text: str, source: str) -> tuple[Statement, ...]:
    """Returns the statements of a file.

    Raises ManifestError if it is not valid TOML, or holds the character U+0000, which no name of a file and no product
    may have.
    """
    if DEEP_KEY.search(text):
        raise ManifestError("is nested too deeply", source=source)
    try:
        load_toml(text)
    except ValueError as error:
        raise _explain_error(text, source, error) from error
    except RecursionError as error:
        raise ManifestError("is nested too deeply", source=source) from error
    found: list[Statement] = []
    heading: tuple[str, ...] = ()
    for first, last, chunk, table in _split_statements(text):
        if any(isinstance(leaf, str) and "\0" in leaf for leaf in _leaves(table)):
            message = "a text has the character U+0000"
            raise ManifestError(message, source=source, line=first, hint="remove it")
        if chunk.lstrip(" \t").startswith("["):
            heading, is_array = _heading_names(table)
            found.append(Statement(heading, "", None, first, last, is_array))
        elif table:
            key, value = next(iter(table.items()))
            found.append(Statement(heading, key, value, first, last))
    return tuple(found)


def _split_statements(text: str) -> Iterator[tuple[int, int, str, dict[str, Any]]]:
    """Yields first line, last line, text and parsed table of each statement, comment and empty line, up to the
    first that is invalid.
    """
    first, start, depth = 1, 0, 0
    for match in _TOKEN.finditer(text):
        found = match[0]
        depth += (found in ("[", "{")) - (found in ("]", "}"))
        if match.end() < len(text) and (found != "\n" or depth > 0):
            continue
        if start == len(text):
            return
        chunk = text[start : match.end()]
        try:
            table = load_toml(chunk)
        except ValueError:
            return
        last = first + chunk.removesuffix("\n").count("\n")
        yield first, last, chunk, table
        first, start = last + 1, match.end()


def _heading_names(table: Any) -> tuple[tuple[str, ...], bool]:
    """Returns the names in a heading, and whether it is an array, from the table that the parser makes of it."""
    names = []
    while isinstance(table, dict) and table:
        name, table = next(iter(table.items()))
        names.append(name)
    return tuple(names), isinstance(table, list)


def _explain_error(text: str, source: str, error: ValueError) -> ManifestError:
    at = _AT.search(str(error))
    lines = split_lines(text)
    if at and at[1]:
        line = int(at[1])
    else:  # A string or a list has no end; name the line where it begins.
        line = max((last for _, last, _, _ in _split_statements(text)), default=0) + 1
    reason = _AT.sub("", str(error)).strip()
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    hint = 'a line is: name = "text"'
    if "overwrite" in reason:
        reason, hint = "the same name is given twice under one heading", "remove one of them"
    elif "twice" in reason:
        reason, hint = "the same heading is given twice", "put the lines of both under one"
    elif _CURLY.search(written):
        hint = 'the quotation marks must be straight ones: "'
    elif _PART_HEADING.match(written):
        hint = 'write the title of a part in quotation marks: [part."The first winter"]'
    elif reason == _TOO_LARGE:
        hint = "write a text in quotation marks"
    elif written.lstrip().startswith("["):
        hint = "a heading is: [book]"
    elif _has_invalid_date(written):
        reason, hint = "there is no such date", "a date is: 2023-03-01"
    elif "=" in written:
        hint = 'put a text in quotation marks, and write one in it as \\"'
    return ManifestError(f"cannot be read: {reason}", source=source, line=line, hint=hint)


def _has_invalid_date(written: str) -> bool:
    """Returns whether a line has a date that does not exist."""
    found = _DAY.search(written)
    try:
        return found is not None and not date.fromisoformat(found[1])
    except ValueError:
        return True


def insert(text: str, lines: Mapping[int, Iterable[str]]) -> str:
    """Inserts lines after the lines of these numbers (0: before the first); every other byte is kept."""
    end = "\r\n" if "\r\n" in text else "\n"
    old = split_lines(text)
    pieces = []
    for number, line in enumerate(["", *old]):
        pieces.append(line)
        new = [f"{content}{end}" for content in lines.get(number, ())]
        if new and line and not line.endswith("\n"):
            pieces.append(end)
        pieces.extend(new)
    return "".join(pieces)


def quoted(text: str) -> str:
    """Quotes a text as TOML does, in the form that is easiest to read."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else _escape(c) for c in escaped) + '"'


def _escape(character: str) -> str:
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character)
    code = ord(character)
    return short or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def name(text: str) -> str:
    """Returns a text as a TOML key: bare if TOML allows it, quoted otherwise."""
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else quoted(text)
