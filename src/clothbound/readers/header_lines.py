"""Reads headers that have no fences: lines of ``Key: value`` and ``.. key: value``, and pandoc's title block.

Sources: Python-Markdown's extension "Meta-Data" (Pelican, Nikola), MultiMarkdown's user guide
("Metadata"), Nikola's handbook ("Metadata"), and pandoc's user guide ("Extension: pandoc_title_block").
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..lazy_pattern import lazy_pattern

_KEY_LINE = lazy_pattern(r"([A-Za-z0-9](?:[\w \t-]*[\w-])?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_CONTINUED = lazy_pattern(r"(?: {1,}|\t)(\S.*)$")
KNOWN = frozenset(
    "author authors baseheaderlevel category css date keywords lang language modified saveas slug status subtitle"
    " summary tags template title url".split()
)
"""The keys of which a header has at least one. Others also begin sentences, such as ``Note:``."""
_SPEAKERS = frozenset({"author", "authors"})
_DATES = frozenset({"date", "modified"})
_SENTENCE = lazy_pattern(r"\s\S+[.?!\u2026][\"\u201d\u2019]?\Z")
_LISTS = frozenset({"authors", "categories", "keywords", "tags"})
_DOTTED = lazy_pattern(r"\.\. ([A-Za-z][\w-]*):(?:[ \t]+(.*))?")
_DOTTED_KEYS = frozenset({"title", "slug", "date"})
_OF_UTC = lazy_pattern(r"(?<=\d )UTC([+-]\d)")
"""Matches a time zone as Nikola writes it."""
_END_OF_BEAR = "___"
"""The line that ends the header of a post of Bear Blog."""
_LONGEST = 200
"""A header has at most so many lines."""
_INSERTED = lazy_pattern(r"\[%([^\[\]%\n]{1,60})\]")


class HeaderLines(msgspec.Struct, frozen=True):
    """The fields of a header without fences, and the number of its lines, with the blank one below
    it.
    """

    fields: dict[str, Any]
    lines: int


def read_key_lines(text: str) -> HeaderLines | None:
    """Returns the header of ``Key: value`` lines at the top of a text, or None.

    It goes to the first blank line, or to the line that ends a header of Bear Blog. It is a header only if every line
    fits, if one of the keys is known, and if no value is the rest of an address. Keys lose their case and their spaces.
    """
    fields: dict[str, Any] = {}
    key = ""
    lines = text.split("\n", _LONGEST)
    for number, line in enumerate(lines):
        if not line.strip() or line.strip() == _END_OF_BEAR:
            if not _list_known(fields) or _is_talk(fields):
                return None
            after = next((n for n in range(number, len(lines)) if lines[n].strip()), number)
            if lines[after].strip() == _END_OF_BEAR:
                return HeaderLines(split_lists(_with_slug(fields)), after + 1)
            return HeaderLines(split_lists(fields), number + 1)
        found = _KEY_LINE.match(line)
        if found:
            key = "".join(found[1].split()).lower()
            value = (found[2] or "").strip()
            if value.startswith("//"):
                return None
            fields[key] = value
        elif key and (continued := _CONTINUED.match(line)):
            fields[key] = f"{fields[key]}\n{continued[1].strip()}".strip()
        else:
            return None
    return None


def _list_known(fields: dict[str, Any]) -> list[str]:
    """Returns the keys that only a header has. A date has digits; ``Date: tonight`` is a line of an invitation."""
    return [
        key
        for key in KNOWN.intersection(fields)
        if key not in _DATES or not fields[key] or any(map(str.isdigit, fields[key]))
    ]


def _is_talk(fields: dict[str, Any]) -> bool:
    """Whether lines are what an author and somebody else say: sentences behind names."""
    others = fields.keys() - _SPEAKERS
    is_known = not _SPEAKERS.issuperset(_list_known(fields))
    return not is_known and any(_SENTENCE.search(fields[key]) for key in others)


def _with_slug(fields: dict[str, Any]) -> dict[str, Any]:
    """Returns the fields of a post of Bear Blog, whose link is the end of its address."""
    link = str(fields.get("link", ""))
    if not link or "://" in link or "slug" in fields:
        return fields
    return {("slug" if key == "link" else key): value for key, value in fields.items()}


def read_dotted_lines(text: str) -> HeaderLines | None:
    """Returns the header of Nikola at the top of a text, or None: lines of ``.. key: value``, perhaps in a comment.

    It goes to the end of the comment, or to the first blank line. One of its fields is the title, the slug or the date.
    """
    fields: dict[str, Any] = {}
    is_comment = text.startswith("<!--")
    lines = text.removeprefix("<!--").split("\n", _LONGEST)
    for number, line in enumerate(lines):
        written, closing, _ = line.partition("-->") if is_comment else (line, "", "")
        if found := _DOTTED.fullmatch(written.strip()):
            fields[found[1].lower()] = _OF_UTC.sub(r"\1", (found[2] or "").strip())
        elif written.strip():
            return None
        if closing or (not is_comment and not written.strip()):
            lines = lines[: number + 1]
            break
    else:
        if is_comment:
            return None
    return HeaderLines(split_lists(fields), len(lines)) if _DOTTED_KEYS & fields.keys() else None


def split_lists(fields: dict[str, Any]) -> dict[str, Any]:
    """Splits lists as Pelican does: by semicolons if there is one, otherwise by commas."""
    for key in _LISTS.intersection(fields):
        value = fields[key]
        parts = (
            value.split(";" if ";" in value else ",") if "\n" not in value else value.split("\n")
        )
        fields[key] = [part.strip() for part in parts if part.strip()]
    return fields


def read_title_block(text: str) -> HeaderLines | None:
    """Returns pandoc's title block at the top of a text, or None.

    It has up to three fields, each after a ``%``: the title, the authors, the date. A line that
    begins with a space continues a field.
    """
    if text[1:2] not in (" ", "\n", "\t"):
        return None
    values: list[list[str]] = []
    lines = text.split("\n", _LONGEST)
    for line in lines:
        if line.startswith("%") and len(values) < 3 and line[1:2] in ("", " ", "\t"):
            values.append([line[1:].strip()])
        elif line[:1] in (" ", "\t") and line.strip():
            values[-1].append(line.strip())
        else:
            break
    count = sum(map(len, values))
    fields: dict[str, Any] = {}
    names = ("title", "author", "date")
    for name, parts in zip(names, values, strict=False):
        if name == "author":
            value: Any = [a.strip() for part in parts for a in part.split(";") if a.strip()]
        else:
            value = " ".join(filter(None, parts))
        if value:
            fields[name] = value
    if not fields:
        return None
    has_blank = count < len(lines) and not lines[count].strip()
    return HeaderLines(fields, count + has_blank)


def insert_values(body: str, fields: dict[str, Any]) -> str:
    """Returns a text in which ``[%key]`` is replaced by the value of a field, as in MultiMarkdown."""
    known = {"".join(str(key).split()).lower(): value for key, value in fields.items()}

    def value_of(key: str) -> str | None:
        value = known.get("".join(key.split()).lower())
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return str(value) if isinstance(value, (str, int, float)) else None

    return _INSERTED.sub(lambda m: m[0] if (v := value_of(m[1])) is None else v, body)
