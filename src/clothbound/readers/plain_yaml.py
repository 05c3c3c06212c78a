"""Reads headers of YAML that are lists of plain fields, as most are, without a parser of YAML.

A field is a key and a plain value on one line: ``date: 2003-01-06``, ``title: "Letter 1"``. A header that has anything
else is left to the parser, which reads the same from these.
"""

from __future__ import annotations

from ..lazy_pattern import lazy_pattern

_CHARACTERS = r"!-~\xa0-\u2027\u202a-\ud7ff"
"""Signs of a value, without the space and what ends a line of YAML."""
_LINE = lazy_pattern(
    rf"(?P<key>[A-Za-z_][A-Za-z0-9_-]{{0,99}}):(?:[ ]+(?:"
    rf"\"(?P<double>(?:(?![\"\\])[ {_CHARACTERS}])*)\""
    rf"|'(?P<single>(?:(?!')[ {_CHARACTERS}])*)'"
    rf"|(?P<plain>[A-Za-z0-9\xc0-\u1fff](?:(?!:)[{_CHARACTERS}]|:(?=[{_CHARACTERS}])|[ ]+(?=[^ #]))*)"
    r"))?[ ]*"
)
"""Matches a field. A value in quotation marks has none of them and no escape, a plain one no mark of YAML."""
_NUMBER = lazy_pattern(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


def read_plain_fields(source: str) -> dict[str, str | int | float | bool | None] | None:
    """Returns the fields of a header; None if one is not plain or stands twice."""
    fields: dict[str, str | int | float | bool | None] = {}
    for line in source.split("\n"):
        if not line:
            continue
        found = _LINE.fullmatch(line)
        if found is None or found["key"] in fields:
            return None
        key, double, single, plain = found.groups()
        if plain is None:
            fields[key] = single if double is None else double
        elif plain in _WORDS:
            fields[key] = _WORDS[plain]
        else:
            fields[key] = plain_number(plain) if _NUMBER.fullmatch(plain) else plain
    return fields or None


def plain_number(text: str) -> int | float | str:
    """Returns the number that a text writes, or the text if the number would be written otherwise."""
    try:
        number = int(text)
    except ValueError:
        value = float(text)
        return value if repr(value) == text else text
    return number if str(number) == text and len(text) < 16 else text
