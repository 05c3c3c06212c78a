"""Reads the title and the fields at the top of a post in reStructuredText, without parsing the rest.

Sources: the reStructuredText specification ("Sections", "Field Lists", "Bibliographic Fields"), Pelican's documentation
("File metadata"), and Nikola's handbook ("Metadata").
"""

from __future__ import annotations

from typing import Any

from ...lazy_pattern import lazy_pattern
from ..front_matter import Header
from ..header_lines import read_dotted_lines, split_lists

_LINE = r"(?P<{0}>[!-/:-@\[-`{{-~])(?P={0})*[ \t]*\n"
_TITLE = lazy_pattern(
    r"(?:" + _LINE.format("over") + r")?[ \t]*(?P<title>[^\s].*)\n" + _LINE.format("under")
)
_COMMENT = lazy_pattern(
    r"\.\.(?:[ \t](?![^\n]*::)(?!_)(?!\[)(?!\|)[^\n]*)?\n(?:[ \t]+\S[^\n]*\n|[ \t]*\n(?=[ \t]+\S))*"
)
_TARGET = lazy_pattern(r"\.\. _[^\n]*\n")
_BLANK = lazy_pattern(r"(?:[ \t]*\n)+")
_FIELD = lazy_pattern(
    r":(?P<name>[^:\s](?:[^:\n\\]|\\.|:(?! |$))*):(?:[ \t]+(?P<value>[^\n]*)|[ \t]*)\n"
)
_CONTINUED = lazy_pattern(r"[ \t]+(\S[^\n]*)\n|[ \t]*\n(?=[ \t]+\S)")
_ROLE = lazy_pattern(r":[a-z][\w.+-]*:`([^`]+)`")
_CODE = lazy_pattern(r"``(.+?)``")
_MARKED = lazy_pattern(r"(?<![\w*`])(\*\*|\*)(?=\S)(.+?)(?<=\S)\1(?![\w*`])")
_REFERENCE = lazy_pattern(r"(?<![\w`])`([^`<>]+?)(?:\s*<[^`<>]*>)?`__?")
_ESCAPED = lazy_pattern(r"\\(.)")
_LEAST_LINE = 4
"""A line of signs of this length is one below a title, even of a longer title (the specification, "Sections")."""


def read_rst_header(text: str) -> Header:
    """Returns the header of a text in reStructuredText. Its body is the whole text, which ``document`` parses.

    The title is that of the first section, if the text begins with one; a field ``title`` of Nikola's goes before it.
    """
    source = text if text.endswith("\n") else f"{text}\n"
    fields: dict[str, Any] = {}
    dotted = read_dotted_lines(text.lstrip("\n")) if text.lstrip("\n").startswith("..") else None
    if dotted is not None:
        fields |= dotted.fields
    position = _skip(source, 0)
    found = _TITLE.match(source, position)
    if found is not None and _is_title(found):
        fields.setdefault("title", plain_title(found["title"].strip()))
        position = _skip(source, found.end())
    own, position = _read_fields(source, position)
    fields = {**own, **fields}
    return Header(fields=fields, body=text, written=source[:position])


def plain_title(title: str) -> str:
    """Returns a title without its marks; code has those of Markdown, as the titles of all posts have."""
    title = _CODE.sub(r"`\1`", _ROLE.sub(r"\1", _REFERENCE.sub(r"\1", title)))
    return _ESCAPED.sub(r"\1", _MARKED.sub(r"\2", title))


def _is_title(found: Any) -> bool:
    title, under = found["title"].rstrip(), found[0].rstrip("\n").rpartition("\n")[2].strip()
    if found["over"] is not None and found["over"] != found["under"]:
        return False
    return len(under) >= min(len(title), _LEAST_LINE) and not title.startswith(".. ")


def _skip(source: str, position: int) -> int:
    """Returns the position after blank lines, comments and targets."""
    while True:
        found = next(
            (m for p in (_BLANK, _TARGET, _COMMENT) if (m := p.match(source, position)) and m[0]),
            None,
        )
        if found is None:
            return position
        position = found.end()


def _read_fields(source: str, position: int) -> tuple[dict[str, Any], int]:
    fields: dict[str, Any] = {}
    while (found := _FIELD.match(source, position)) is not None:
        lines = [(found["value"] or "").strip()]
        position = found.end()
        while (more := _CONTINUED.match(source, position)) is not None:
            lines.append((more[1] or "").strip())
            position = more.end()
        fields[found["name"].strip().lower()] = "\n".join(lines).strip()
    return dict(split_lists(fields)), position
