"""Reads the title and the fields at the top of a post in reStructuredText, without parsing the rest.

Sources: the reStructuredText specification ("Sections", "Field Lists", "Bibliographic Fields"), Pelican's documentation
("File metadata"), and Nikola's handbook ("Metadata").
"""

from __future__ import annotations

import re
from typing import Any

from ..lazy_pattern import lazy_pattern
from .ablog import read_post_directive
from .front_matter import Header
from .header_lines import HeaderLines, read_dotted_lines, split_lists

_LINE = r"(?P<{0}>[^\w\s]|_)(?P={0})*[ \t]*\n"
_TITLE = lazy_pattern(
    r"(?:" + _LINE.format("over") + r")?[ \t]*(?P<title>[^\s].*)\n" + _LINE.format("under")
)
_LATER = lazy_pattern(
    r"(?:(?<=\n\n)|(?<=[ \t]\n))(?:"
    + _LINE.format("over")
    + r"[ \t]*)?(?P<title>[^\s].*)\n"
    + _LINE.format("under")
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
_MARK = lazy_pattern(
    r"\\(?P<escaped>.)|``(?P<code>.{1,500}?)``|:[a-z][\w.+-]*:`(?P<role>(?:[^`\\]|\\.){1,500})`"
    r"|(?<![\w`])`(?P<words>(?:[^`<>\\]|\\.){1,500}?)(?:\s*<[^`<>]*>)?`(?:__?)?(?![\w`])"
    r"|(?<![\w*`])(?P<sign>\*\*|\*)(?=[^\s*])(?P<marked>(?:[^\\]|\\.){1,500}?)(?<=[^\s\\])(?P=sign)(?![\w*`])",
    re.S,
)
_BULLET = lazy_pattern(r"(?m)^[-*+][ ]+(?=\S)")
"""Matches the sign of an item, as lists of authors may have."""
_TEXTS = frozenset({"title", "subtitle", "summary", "description"})
"""Fields whose values are shown without their marks."""
_LEAST_LINE = 4
"""A line of signs of this length is one below a title, even of a longer title (the specification, "Sections")."""


def read_rst_header(text: str) -> Header:
    """Returns the header of a text in reStructuredText. Its body is the whole text, which docutils parses.

    The title is that of the first section, if the text begins with one; a field ``title`` of Nikola's goes before it.
    """
    source = text if text.endswith("\n") else f"{text}\n"
    fields: dict[str, Any] = {}
    dotted = _read_dotted(text)
    if dotted is not None:
        fields |= dotted.fields
    position = _skip(source, 0)
    found = _TITLE.match(source, position)
    if found is not None and _is_title(found):
        fields.setdefault("title", plain_title(found["title"].strip()))
        position = _skip(source, found.end())
        below = _TITLE.match(source, position)
        if dotted is None and below is not None and _is_subtitle(source, found, below):
            fields["subtitle"] = plain_title(below["title"].strip())
            position = _skip(source, below.end())
    own, position = _read_fields(source, position)
    fields = {**read_post_directive(source), **own, **fields}
    return Header(fields=fields, body=text, written=source[:position])


def has_dotted_title(text: str) -> bool:
    """Returns whether the title of a text stands in a header of Nikola's, so that no section has it."""
    dotted = _read_dotted(text)
    return dotted is not None and "title" in dotted.fields


def _read_dotted(text: str) -> HeaderLines | None:
    top = text.lstrip("\n")
    return read_dotted_lines(top) if top.startswith("..") else None


def plain_title(title: str) -> str:
    """Returns a title without its marks; code has those of Markdown, as the titles of all posts have."""

    def words_of(found: re.Match[str]) -> str:
        if found["escaped"] is not None:
            return "" if found["escaped"].isspace() else found["escaped"]
        if found["code"] is not None:
            return f"`{found['code']}`"
        return plain_title(found["role"] or found["words"] or found["marked"])

    return _MARK.sub(words_of, title)


def _is_title(found: Any) -> bool:
    title, under = found["title"].rstrip(), found[0].rstrip("\n").rpartition("\n")[2].strip()
    if found["over"] is not None and found["over"] != found["under"]:
        return False
    return len(under) >= min(len(title), _LEAST_LINE) and not title.startswith(".. ")


def _is_subtitle(source: str, title: re.Match[str], below: re.Match[str]) -> bool:
    """Returns whether the title below the first is a subtitle: no other section has its line, or that of the first."""
    if not _is_title(below) or _style(title) == _style(below):
        return False
    styles = {_style(title), _style(below)}
    return not any(
        _style(found) in styles and _is_title(found)
        for found in _LATER.finditer(source, below.end())
    )


def _style(found: re.Match[str]) -> tuple[str, bool]:
    return found["under"], found["over"] is not None


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
        name, value = found["name"].strip().lower(), "\n".join(lines).strip()
        fields[name] = plain_title(value) if name in _TEXTS else _BULLET.sub("", value)
    return dict(split_lists(fields)), position
