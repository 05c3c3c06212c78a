"""Takes the statements of MDX out of a text: what is imported and exported is not printed.

Source: the documentation of MDX ("What is MDX?", section ESM). A statement begins a line at the margin, above
which nothing of a paragraph stands, and may span lines until its brackets close. Nothing is run: only what a
statement says literally is known, which is the file that a name stands for, and a text or a number.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ...lazy_pattern import lazy_pattern
from ..fences import with_code

_STATEMENT = lazy_pattern(
    r"import\s*(?:[\"'{*]|type\s|[\w$]+\s*(?:,|\s+from\b))"
    r"|export\s*(?:[{*]|default\b|(?:const|let|var|class|type|interface|enum)\s|(?:async\s+)?function\b)"
)
_IMPORTED = lazy_pattern(r"import\s+([\w$]+)\s+from\s*([\"'])([^\"'\n]+)\2")
_EXPORTED = lazy_pattern(r"export\s+(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]+)?=")
_COMPONENT = lazy_pattern(
    r"export\s+(?:default\s+)?(?:(?:const|let|var|class)|(?:async\s+)?function)\s+([A-Z][\w$]*)"
)
_FIELD = lazy_pattern(
    r"(?:^|[{,])\s*(?:([\w$]+)|\"([^\"\n]+)\"|'([^'\n]+)')\s*:\s*"
    r"(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`$]*`|\[[^\[\]{}]*\]|true\b|false\b|-?\d+(?:\.\d+)?\b)"
    r"(?=\s*(?:[,}]|\Z))"
)
_STRING = r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`([^`$]*)`"
_STRINGS = lazy_pattern(_STRING)
_ITEMS = lazy_pattern(rf"{_STRING}|(?P<escape>\\.)")
"""Matches the strings of a list; an escape outside of them begins none, or each would be sought to the end."""
_ESCAPE = lazy_pattern(r"\\(u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[\s\S])")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}
_TOKEN = lazy_pattern(
    r"//[^\n]*|/\*|\n|\\.|\"(?:[^\"\\\n]|\\.)*\"|(?<!\w)'(?:[^'\\\n]|\\.)*'|`|[{}()\[\]]", re.S
)
_IN_TEMPLATE = lazy_pattern(r"\\.|\$\{|`", re.S)
_GOES_ON = lazy_pattern(r"(?:[=,(&|?:+.]|=>|\bfrom)\s*\Z")
_HEADER_NAMES = frozenset({"meta", "metadata", "frontmatter", "attributes"})
"""The exports that hold what others write as front matter."""
_BLANK_LINE = lazy_pattern(r"\n[ \t]*(?=\n)")
_UNCLOSED = 20
"""The most statements whose end is sought through the whole text."""


class Script(msgspec.Struct):
    """What the statements of a text say."""

    files: dict[str, str] = {}
    """The file that an imported name stands for."""
    values: dict[str, str] = {}
    """The text or number that an exported name stands for."""
    components: set[str] = set()
    """The components that the text itself defines."""
    fields: dict[str, Any] = {}
    """The fields of an exported header, as in ``export const metadata = {title: "..."}``."""


def take_statements(body: str) -> tuple[str, Script]:
    """Returns a text without its statements, its lines kept, and what the statements say."""
    script = Script()
    if "import" not in body and "export" not in body:
        return body, script
    kept: list[str] = []
    position, is_free, unclosed = 0, True, 0
    taken = 0
    for line, is_code in with_code(body.split("\n")):
        start, position = position, position + len(line) + 1
        if start < taken:
            kept.append("")
        elif is_free and not is_code and _STATEMENT.match(line):
            taken = end_of_script(body, start, is_statement=True) if unclosed < _UNCLOSED else -1
            if taken < 0:
                # Its brackets never close, so it ends where MDX would end it at the latest.
                unclosed += 1
                blank = _BLANK_LINE.search(body, start)
                taken = blank.end() if blank else len(body)
            _take(script, body[start:taken])
            kept.append("")
        else:
            is_free = not line.strip()
            kept.append(line)
    return "\n".join(kept), script


def end_of_script(text: str, start: int, *, is_statement: bool = False) -> int:
    """Returns where a piece of JavaScript ends: behind the bracket that closes the one at ``start``, or with the
    line on which a statement's last bracket closes; -1 if it does not end.

    Brackets within strings and comments close none. A quotation mark behind a letter, or one that its line does
    not close, is an apostrophe in the words of an element.
    """
    opened: list[str] = []
    in_template = False
    position = start
    while found := (_IN_TEMPLATE if in_template else _TOKEN).search(text, position):
        mark, position = found[0], found.end()
        if in_template:
            in_template = mark not in ("`", "${")
            if mark == "${":
                opened.append(mark)
        elif mark == "`":
            in_template = True
        elif mark == "/*":
            position = text.find("*/", position) + 2
            if position < 2:
                return -1
        elif mark in ("{", "(", "["):
            opened.append(mark)
        elif mark == "\n":
            last = text[max(start, position - 40) : position]
            if is_statement and not opened and not _GOES_ON.search(last):
                return position
        elif mark in ("}", ")", "]") and opened:
            in_template = opened.pop() == "${"
            if not (opened or is_statement):
                return position
    return len(text) if is_statement and not (opened or in_template) else -1


def read_literal(source: str) -> str | None:
    """Returns the text of a string or of a template without values, or a number; None for anything else."""
    source = source.strip()
    found = _STRINGS.fullmatch(source)
    if found is not None:
        return _unescaped(next(part for part in found.groups() if part is not None))
    return source if re.fullmatch(r"-?\d+(?:\.\d+)?", source) else None


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] in "ux" and len(code) > 1:
            number = int(code[1:].strip("{}"), 16)
            return chr(number) if number < 0x110000 else ""
        return _CONTROLS.get(code, code)

    if "\\" not in text:
        return text
    # A character beyond 16 bits may be written as two halves; half a character is none.
    halves = _ESCAPE.sub(character, text).encode("utf-16-le", "surrogatepass")
    return halves.decode("utf-16-le", "ignore")


def _take(script: Script, statement: str) -> None:
    if (imported := _IMPORTED.match(statement)) is not None:
        script.files[imported[1]] = imported[3]
        return
    if (component := _COMPONENT.match(statement)) is not None:
        script.components.add(component[1])
    exported = _EXPORTED.match(statement)
    if exported is None:
        return
    name = exported[1]
    source = statement[exported.end() :].strip().removesuffix(";").rstrip()
    value = read_literal(source)
    if value is not None:
        script.values[name] = value
    elif name.lower() in _HEADER_NAMES and source.startswith("{"):
        for field in _FIELD.finditer(source[:-1] if source.endswith("}") else source):
            script.fields.setdefault(field[1] or field[2] or field[3], _value(field[4]))


def _value(source: str) -> Any:
    if source in ("true", "false"):
        return source == "true"
    if source.startswith("["):
        items = (found for found in _ITEMS.finditer(source) if found["escape"] is None)
        return [_unescaped("".join(filter(None, found.groups()))) for found in items]
    return read_literal(source)
