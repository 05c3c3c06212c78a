"""Reads files ``contents.lr`` of Lektor: fields between lines of ``---``, of which one is the text of the post.

Source: Lektor's documentation ("Content", "Flow", "System fields"). A line of more than three dashes within a field has one
too many. The text may be a flow: blocks below lines such as ``#### text ####``, each with fields of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import msgspec

from ..console_text import list_some
from ..diagnostics import DiagnosticCode, LineDiagnostic
from ..lazy_pattern import lazy_pattern
from .front_matter import Header
from .header_lines import split_lists

_ROOT = "content"
"""The folder that holds all pages of a site."""
_END = "---"
_DASHES = lazy_pattern(r"[ \t]*-{4,}[ \t]*")
_FIELD = lazy_pattern(r"[ \t]*(?P<name>[^:\n]*?)[ \t]*:(?P<value>.*)")
_BLOCK = lazy_pattern(r"####+[ \t]*[^#\n]*?[ \t]*####+[ \t]*")
_TEXTS = ("body", "content", "contents", "text", "article", "description")
"""The names that sites have for the text of a post, the usual one first; a model may name it as it likes."""
_TEASERS = frozenset({"abstract", "description", "excerpt", "summary", "teaser"})
"""Fields that are read as what is said of a post, whatever their length."""
_TITLES = frozenset({"heading", "headline", "section_title", "subtitle", "title"})
_WORDS = frozenset({*_TEXTS, "author", "caption", "cite", "code", "intro", "quote", "source"})
"""Fields of a block that hold words, also where their value is one line; others with one line are settings."""
_PICTURE = lazy_pattern(r"[^\s<>\"]+\.(?:avif|gif|jpe?g|png|svg|webp)", re.I)
_OTHER_LANGUAGE = lazy_pattern(r"contents\+([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)")


class _Field(msgspec.Struct):
    """One field of a file, with its lines as they are written."""

    name: str
    line: int
    """The line of the file in which the value begins."""
    lines: list[str]

    @property
    def value(self) -> str:
        return "\n".join(map(_unescaped, self.lines)).strip()


def read_contents(text: str, source: str) -> Header:
    r"""Returns the fields of a file whose lines end in ``\n``, with the text of its post as the body. Never raises."""
    every = list(_split_fields(text))
    body = _find_body(every)
    fields: dict[str, Any] = {}
    header = Header(fields, written=text)
    for field in every:
        if field is body:
            continue
        if field.name in fields or (body is not None and field.name == body.name):
            header.report_duplicate(field.name, field.line, used="first")
        else:
            fields[field.name] = field.value
            _report_text(header, field)
    split_lists(fields)
    _add_names(fields, PurePosixPath(source))
    if body is not None:
        header.body_line = body.line
        header.body, told = _flow_as_markdown(body)
        header.findings.extend(told)
    return header


def _report_text(header: Header, field: _Field) -> None:
    """Reports a field of several paragraphs beside the text of a post, which stays among the fields."""
    if "\n\n" in field.value and field.name not in _TEASERS:
        message = f"the paragraphs of the field {field.name!r} are not shown"
        header.findings.append((DiagnosticCode.NODE_DROPPED, message, field.line))


def _add_names(fields: dict[str, Any], path: PurePosixPath) -> None:
    """Adds what the path of a file says. Links name a page by its folder, also where its address has another name."""
    if slug := fields.pop("_slug", ""):
        fields["slug"] = slug
        folders = path.parent.parts
        inner = folders[folders.index(_ROOT) + 1 :] if _ROOT in folders else folders[-1:]
        fields.setdefault("aliases", ["/".join(("", *inner, ""))])
    if named := _OTHER_LANGUAGE.fullmatch(path.stem):
        fields.setdefault("language", named[1])


def _split_fields(text: str) -> Iterator[_Field]:
    field: _Field | None = None
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        if line.rstrip() == _END:
            if field is not None:
                yield field
            field = None
        elif field is not None:
            field.lines.append(line)
        elif found := _FIELD.fullmatch(line):
            field = _Field(found["name"], number, [found["value"].strip(" \t")])
    if field is not None:
        yield field


def _find_body(fields: list[_Field]) -> _Field | None:
    """Returns the field that holds the text of a post: by its name, or else the longest that has several lines."""
    named = {field.name: field for field in reversed(fields)}
    found = next((named[name] for name in _TEXTS if name in named), None)
    if found is not None:
        return found
    several = (field for field in fields if "\n\n" in field.value)
    return max(several, key=lambda field: len(field.value), default=None)


def _unescaped(line: str) -> str:
    return line.replace("-", "", 1) if _DASHES.fullmatch(line) else line


def _flow_as_markdown(body: _Field) -> tuple[str, list[LineDiagnostic]]:
    """Returns the text of a post with the blocks of a flow as paragraphs, its lines kept, and what is to be said of them."""
    lines = [_unescaped(line) for line in body.lines]
    first = next((line for line in lines if line.strip()), "")
    if _BLOCK.fullmatch(first) is None:
        return "\n".join(lines), []
    shown: list[str] = []
    settings: dict[str, int] = {}
    beginnings = [n for n, line in enumerate(lines) if _BLOCK.fullmatch(line)]
    for begin, end in zip(beginnings, [*beginnings[1:], len(lines)], strict=True):
        shown += [""] * (begin - len(shown) + 1)
        fields = list(_split_fields("\n".join(lines[begin + 1 : end])))
        _show_block(fields, begin, shown, settings)
    if not settings:
        return "\n".join(shown), []
    message = f"fields of blocks that are not shown: {list_some(list(settings))}"
    line = body.line + min(settings.values())
    return "\n".join(shown), [(DiagnosticCode.NODE_DROPPED, message, line)]


def _show_block(
    fields: list[_Field], begin: int, shown: list[str], settings: dict[str, int]
) -> None:
    """Adds the fields of a block to the lines that are shown, each in its place; settings go to ``settings``."""
    alternative = next((field.value for field in fields if field.name == "alt"), "")
    for field in fields:
        position = begin + field.line
        shown += [""] * (position - len(shown))
        if _PICTURE.fullmatch(field.value):
            shown.append(f"![{alternative}](<{field.value}>)")
            alternative = ""
        elif field.name in _TITLES and "\n" not in field.value and field.value:
            shown.append(f"## {field.value}")
        elif field.name in _WORDS or "\n" in field.value:
            shown += map(_unescaped, field.lines)
        elif field.value and field.name != "alt":
            settings.setdefault(field.name, position)
    if alternative:
        settings.setdefault("alt", begin)
