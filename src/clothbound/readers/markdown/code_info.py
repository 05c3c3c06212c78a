"""Reads what is said of a block of code: the words behind its fence, or in its first line."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from ...lazy_pattern import lazy_pattern
from .attributes import NONE, AttributeBlock, parse_attributes
from .smart import decode_entities, escape_source, hide_punctuation, unescape

_CODE_INFO = lazy_pattern(r"([^\s{]*)[ \t]*(\{.*\})?[ \t]*(.*)", re.S)
_RAW_FENCE = lazy_pattern(r"\{=([\w+-]+)\}")
_CHUNK = lazy_pattern(r"\{([^\W\d][\w.+#-]*+)[ \t,]*+(.*)\}", re.S)
_LINE_NUMBERS = lazy_pattern(r"(.+?)(:(?:no-)?line-numbers(?:=\d*)?)")
_REFERENCE = lazy_pattern(r"&(?:#\w{1,9}|[A-Za-z]\w{1,40});")
_FIRST_LINE = lazy_pattern(r":::([A-Za-z][\w.+#-]*)(?:[ \t][^\n]*)?\n")


class CodeInfo(NamedTuple):
    """What is said of a block of code."""

    language: str
    attributes: AttributeBlock
    options: str | None = None
    """The options of a chunk that is run; None for code that is printed."""


def raw_format(info: str) -> str:
    """Returns the format of a raw block (``{=html}``); empty for code."""
    found = _RAW_FENCE.fullmatch(info)
    return found[1] if found is not None else ""


def read_info(info: str, *, runs: bool) -> CodeInfo:
    """Returns what words with braces behind a fence say; ``runs`` says that chunks are run.

    Escaped characters are stand-ins, see ``smart``; those of references become such, since a quotation mark among them
    ends no value.
    """
    info = _without_references(info)
    found = _CODE_INFO.fullmatch(info)
    assert found is not None
    block = found[2] or ""
    language, rest = part_line_numbers(found[1], found[3])
    attributes = NONE
    parsed = parse_attributes(block) if block else None
    if parsed and parsed[1] == len(block):
        attributes = parsed[0]
        if not language and attributes.classes:
            language = attributes.classes[0]
            attributes = msgspec.structs.replace(attributes, classes=attributes.classes[1:])
    elif chunk := _CHUNK.fullmatch(block):
        if runs:
            return CodeInfo(chunk[1], NONE, escape_source(chunk[2]))
        said = block if language else chunk[2]
        language = language or chunk[1]
        rest = f"{said} {rest}".strip()
    elif block:
        rest = f"{block} {rest}".strip()
    if rest:
        pairs = (*attributes.pairs, ("info", unescape(rest)))
        attributes = msgspec.structs.replace(attributes, pairs=pairs)
    return CodeInfo(unescape(language), attributes)


def _without_references(info: str) -> str:
    """Returns words behind a fence with the stand-ins of the characters that references name."""
    return _REFERENCE.sub(lambda found: hide_punctuation(decode_entities(found[0])), info)


def part_line_numbers(language: str, rest: str) -> tuple[str, str]:
    """Returns the language of ``js:line-numbers``, as VitePress has it, and the rest of the words behind the fence."""
    found = _LINE_NUMBERS.fullmatch(language)
    return (found[1], f"{found[2]} {rest}".strip()) if found is not None else (language, rest)


def read_first_line(text: str) -> tuple[str, str]:
    """Returns the language that the first line of code names (``:::python``), and the code below it.

    Source: Python-Markdown's extension CodeHilite, which Pelican, Nikola and MkDocs use.
    """
    found = _FIRST_LINE.match(text) if text.startswith(":::") else None
    return (found[1], text[found.end() :]) if found is not None else ("", text)
