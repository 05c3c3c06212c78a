r"""Parses Pandoc's attribute blocks: ``{#id .class key="value"}``.

Grammar: Pandoc User's Guide, *Extension: attributes* (``link_attributes``, ``fenced_divs`` ...). A
quoted value ends at its own unescaped quotation mark; inside, ``\"`` and ``\\`` lose their
backslash. Entities are not decoded: Substack's JSON in ``attrs`` would become invalid.
"""

from __future__ import annotations

import re

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model.characters import BACKSLASH_ESCAPE
from .smart import unescape

_ITEM = lazy_pattern(
    r"""[ \t\n]*+(?:
      \#(?P<id>[^\s{}="']++)
    | \.(?P<class>[^\s{}="'.]++(?:\.[^\s{}="'.]++)*+)
    | (?P<unnumbered>-)(?=[\s}])
    | (?P<key>[A-Za-z_:@][\w:.@-]*+)=(?:
        "(?P<double>(?:[^"\\]|\\.)*+)"
      | '(?P<single>(?:[^'\\]|\\.)*+)'
      | (?P<bare>[^\s{}"']*+)
      )
    | (?P<end>\})
    )""",
    re.X | re.S,
)
_RAW_FORMAT = lazy_pattern(r"\{=([A-Za-z0-9_+-]+)\}")
_WORD = lazy_pattern(r"[\w:.-]++(?:/[\w:.-]++)*+")
_OF_DOCSIFY = lazy_pattern(r"(?<![ \t])[ \t]+(?::id=(?P<id>[\w-]+)|\{docsify-ignore(?:-all)?\})\Z")
_OF_KRAMDOWN = lazy_pattern(r"\{:(?:[^{}\"]|\"(?:[^\"\\]|\\.)*+\")*+\}")
_OWN_BLOCK_BEFORE = ("\\", ")", "]", "`")
"""What a brace follows that is text, or opens the attributes of a link, a span or code."""
_BRACES = 20
"""The most braces that are tried as the beginning of a heading's attributes, so that the time is linear."""


class AttributeBlock(msgspec.Struct, frozen=True):
    """The attributes of a block. ``pairs`` holds every key except ``id`` and ``class``, in
    order.
    """

    id: str = ""
    classes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Returns the value of a key; empty if it is missing."""
        return next((value for key, value in self.pairs if key == name), "")

    def without(self, *names: str) -> AttributeBlock:
        """Returns these attributes without some keys."""
        return msgspec.structs.replace(
            self, pairs=tuple(p for p in self.pairs if p[0] not in names)
        )


NONE = AttributeBlock()


def parse_attributes(source: str, start: int = 0) -> tuple[AttributeBlock, int] | None:
    """Returns the attribute block at ``source[start]`` (a ``{``) and the position after it, or
    None.

    The time is linear in the length of the block.
    """
    identifier = ""
    classes: list[str] = []
    pairs: list[tuple[str, str]] = []
    position = start + 1
    match = _ITEM.match
    while item := match(source, position):
        position = item.end()
        kind = item.lastgroup
        if kind == "end":
            return AttributeBlock(identifier, tuple(classes), tuple(pairs)), position
        if kind == "class":
            classes.append(unescape(item["class"]))
        elif kind == "id":
            identifier = unescape(item["id"])
        elif kind == "unnumbered":
            classes.append("unnumbered")
        else:
            key = item["key"]
            value = item["bare"]
            if value is None:
                quoted = item["double"]
                value = BACKSLASH_ESCAPE.sub(r"\1", item["single"] if quoted is None else quoted)
            value = unescape(value)
            if key == "class":
                classes.extend(value.split())
            elif key == "id":
                identifier = value
            else:
                pairs.append((key, value))
    return None


def split_heading(text: str) -> tuple[str, str]:
    """Returns the words of a heading's line, and the attribute block at its end, Pandoc's or kramdown's.

    The block is empty if none is there, as in ``Sets {1, 2}``.
    """
    line = text.rstrip(" \t")
    if (of_docsify := _OF_DOCSIFY.search(line)) is not None:
        block = f"{{#{of_docsify['id']}}}" if of_docsify["id"] else ""
        return line[: of_docsify.start()], block
    at = len(line) if line.endswith("}") else -1
    for _ in range(_BRACES):
        at = line.rfind("{", 0, max(at, 0))
        if at < 0:
            break
        if not line.endswith(_OWN_BLOCK_BEFORE, 0, at) and _is_whole_block(line, at):
            return line[:at].rstrip(" \t"), line[at:]
    return text, ""


def _is_whole_block(line: str, start: int) -> bool:
    """Whether an attribute block begins at ``start`` and takes the rest of the line."""
    if _OF_KRAMDOWN.fullmatch(line, start):
        return True
    parsed = parse_attributes(line, start)
    return parsed is not None and parsed[1] == len(line)


def parse_raw_format(source: str, start: int = 0) -> tuple[str, int] | None:
    """Returns the format of a raw attribute ``{=html}`` at ``start`` and the position after it, or
    None.
    """
    found = _RAW_FORMAT.match(source, start)
    return (found[1], found.end()) if found else None


def parse_div_opening(text: str) -> AttributeBlock | None:
    """Returns the attributes after the colons of a div's first line; None if it does not open a
    div.

    They are either a block in braces or one bare word, which is a class; colons may follow.
    """
    text = text.strip()
    if text.startswith("{"):
        found = parse_attributes(text)
        if found and not text[found[1] :].strip(" \t:"):
            return found[0]
        return None
    word = _WORD.match(text)
    if word and not text[word.end() :].strip(" \t:"):
        return AttributeBlock(classes=(word[0].rstrip(":"),))
    return None
