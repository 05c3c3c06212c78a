"""TOML as lines: which statement stands where, and text put in between without touching the rest.

The standard library's parser says what TOML means, but not in which line a key stands, and keeps no
comments. A statement of TOML ends at the first end of a line that stands in no text and no brackets,
so a file is cut there, and the parser asked for each statement. (tomlkit, which keeps comments, moves
tables of arrays that stand between other tables, and knows no lines either.)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..errors import ManifestError
from ..lazy_pattern import lazy_pattern

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
"""What decides whether a statement goes on in the next line: texts, comments, brackets."""
_DAY = lazy_pattern(r"=\s*(\d{4}-\d\d-\d\d)")
_CURLY = lazy_pattern(r"(?:=|\[part\.|[\[,])\s*[“”„‘’«]")
_PART_HEADING = lazy_pattern(r"\s*\[\s*part\s*\.")


@dataclass(frozen=True, slots=True)
class Statement:
    """A heading (``value`` is None) or a key and its value. Lines are 1-based."""

    heading: tuple[str, ...]
    """The names of the table: of a heading itself, of a value the one that it stands under."""
    key: str
    value: Any
    line: int
    last: int
    """The last line of a value that goes over several."""
    is_array: bool = False
    """A heading in double brackets."""


def split_lines(text: str) -> list[str]:
    """The lines with their ends. Nothing but a line feed ends a line of TOML."""
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def statements(text: str, source: str) -> tuple[Statement, ...]:
    """The statements of a file that is valid TOML. Raises ManifestError where it is not."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(text, source, error) from error
    except RecursionError as error:
        raise ManifestError("is nested too deep", source=source) from error
    found: list[Statement] = []
    heading: tuple[str, ...] = ()
    for first, last, chunk, table in _chunks(text):
        if chunk.lstrip(" \t").startswith("["):
            heading, is_array = _names(table)
            found.append(Statement(heading, "", None, first, last, is_array))
        elif table:
            key, value = next(iter(table.items()))
            found.append(Statement(heading, key, value, first, last))
    return tuple(found)


def _chunks(text: str) -> Iterator[tuple[int, int, str, dict[str, Any]]]:
    """First line, last line, text and meaning of each statement, comment and empty line, up to the
    first that is none.
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
            table = tomllib.loads(chunk)
        except tomllib.TOMLDecodeError:
            return
        last = first + chunk.removesuffix("\n").count("\n")
        yield first, last, chunk, table
        first, start = last + 1, match.end()


def _names(table: Any) -> tuple[tuple[str, ...], bool]:
    """The names in a heading, from the empty table that it makes."""
    names = []
    while isinstance(table, dict) and table:
        name, table = next(iter(table.items()))
        names.append(name)
    return tuple(names), isinstance(table, list)


def _not_toml(text: str, source: str, error: tomllib.TOMLDecodeError) -> ManifestError:
    at = _AT.search(str(error))
    lines = split_lines(text)
    if at and at[1]:
        line = int(at[1])
    else:  # a text or a list that has no end: where it begins
        line = max((last for _, last, _, _ in _chunks(text)), default=0) + 1
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
    elif written.lstrip().startswith("["):
        hint = "a heading is: [book]"
    elif _has_no_day(written):
        reason, hint = "there is no such date", "a date is: 2023-03-01"
    elif "=" in written:
        hint = 'put a text in quotation marks, and write one in it as \\"'
    return ManifestError(f"cannot be read: {reason}", source=source, line=line, hint=hint)


def _has_no_day(written: str) -> bool:
    """Whether a line has a date that is in no calendar."""
    found = _DAY.search(written)
    try:
        return found is not None and not date.fromisoformat(found[1])
    except ValueError:
        return True


def insert(text: str, lines: Mapping[int, Iterable[str]]) -> str:
    """``text`` with new lines put in after these lines (0: before all); every other byte stays."""
    end = "\r\n" if "\r\n" in text else "\n"
    old = split_lines(text)
    made = []
    for number, line in enumerate(["", *old]):
        made.append(line)
        new = [f"{content}{end}" for content in lines.get(number, ())]
        if new and line and not line.endswith("\n"):
            made.append(end)
        made.extend(new)
    return "".join(made)


def quoted(text: str) -> str:
    """A text as TOML writes it, in the form that is easiest to read."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else _escape(c) for c in escaped) + '"'


def _escape(character: str) -> str:
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character)
    code = ord(character)
    return short or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def name(text: str) -> str:
    """A text as the name before ``=``: bare where TOML takes it so."""
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else quoted(text)
