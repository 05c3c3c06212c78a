"""Repairs headers that a parser refuses: reads them field by field, and what is no valid value as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..diagnostics import DiagnosticCode
from ..lazy_pattern import lazy_pattern

_KEY_LINE = lazy_pattern(
    r"(?P<key>[^\s#:\-\[\]{}&*!|>%@`\"',?](?:[^:#\n]*[^:#\n \t])?|\"[^\"\n]+\"|'[^'\n]+')[ \t]*:(?=[ \t]|$)"
)
_LIST_LINE = lazy_pattern(r"([ \t]*-[ \t]+)(.+)$")
_INNER_LINE = lazy_pattern(r"([ \t]+(?:-[ \t]+)?[\w-]+:[ \t]+)(\S.*)$")
_TOML_LINE = lazy_pattern(r"[ \t]*([\w.-]+)[ \t]*=[ \t]*(.*)$")


class Repaired(NamedTuple):
    """The fields in some lines of a header."""

    line: int
    """The first of these lines."""
    fields: dict[str, Any]
    finding: tuple[DiagnosticCode, str] | None = None
    """What was wrong there, if anything was."""


def has_yaml_field(source: str) -> bool:
    """Returns whether a line of a text begins as a field of YAML does."""
    return any(_KEY_LINE.match(line) for line in source.splitlines())


def has_toml_field(source: str) -> bool:
    """Returns whether a line of a text begins as a field of TOML does."""
    return any(_TOML_LINE.match(line) for line in source.splitlines())


def repair_yaml(
    source: str, try_fields: Callable[[str], tuple[dict[str, Any] | None, str]]
) -> Iterator[Repaired]:
    """Reads a header of YAML that is not valid, field by field.

    ``try_fields`` returns the fields in a text; None if they cannot be loaded, with the limit that they exceed, if any.
    """
    for line, lines in _group_lines(source.split("\n")):
        key = _KEY_LINE.match(lines[0])
        if key is None:
            text = lines[0].strip()
            if text and not text.startswith("#"):
                message = f"this line of the header is not a field and was left out: {text[:80]}"
                yield Repaired(line, {}, (DiagnosticCode.HEADER_IGNORED, message))
            continue
        fields, problem = try_fields("\n".join(lines))
        if fields is not None:
            yield Repaired(line, fields)
            continue
        repaired = _repair_group(lines, key)
        name = key["key"].strip("\"'")
        if not problem:
            fields, problem = try_fields("\n".join(repaired))
        if fields is None:
            value = "\n".join([lines[0][key.end() :].strip(), *lines[1:]])
            fields = {name: value.strip()}
            reason = problem or "it is not valid YAML"
            message = f"field {name[:60]!r} was read as text: {reason}"
        else:
            message = f"field {name[:60]!r} was not valid YAML; quotation marks were added"
        yield Repaired(line, fields, (DiagnosticCode.HEADER_REPAIRED, message))


def _group_lines(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Returns the lines of each field with the file's line of its first."""
    groups: list[tuple[int, list[str]]] = []
    # The text after the opening delimiter begins with the rest of the delimiter's line.
    for number, line in enumerate(lines, 1):
        is_continuation = not line.strip() or line[0] in " \t-" or line.lstrip().startswith("#")
        if is_continuation and groups:
            groups[-1][1].append(line)
        elif line.strip():
            groups.append((number, [line]))
    return groups


def _repair_group(lines: list[str], key: re.Match[str]) -> list[str]:
    """Returns the lines of a field with tabs replaced by spaces, and with values in quotation
    marks.
    """
    head = lines[0]
    name, value = key["key"], head[key.end() :].strip()
    rest = [line.expandtabs(2) for line in lines[1:]]
    while rest and not rest[-1].strip():
        rest.pop()
    if not rest:
        return [f"{name}: {_quote(value)}"]
    result = [f"{name}: {value}" if value else f"{name}:"]
    for line in rest:
        found = _INNER_LINE.match(line) or _LIST_LINE.match(line)
        result.append(found[1] + _quote(found[2]) if found else line)
    return result


def _quote(value: str) -> str:
    """Returns a value in YAML's single quotation marks, without its own outer pair."""
    for mark in "\"'":
        if len(value) > 1 and value[0] == value[-1] == mark:
            value = value[1:-1]
            if mark == '"':
                value = value.replace('\\"', '"')
            break
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def repair_toml(source: str, load: Callable[[str], dict[str, Any]]) -> Iterator[Repaired]:
    """Does the same for TOML, line by line. ``load`` raises ValueError or RecursionError for a line that is not valid."""
    for number, line in enumerate(source.split("\n"), 1):
        found = _TOML_LINE.match(line)
        if found is None:
            continue
        try:
            yield Repaired(number, load(line))
        except (ValueError, RecursionError):
            value = found[2].strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            message = f"field {found[1][:60]!r} is not valid TOML and was read as text"
            yield Repaired(number, {found[1]: value}, (DiagnosticCode.HEADER_REPAIRED, message))
