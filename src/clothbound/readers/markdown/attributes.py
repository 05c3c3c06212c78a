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
            classes.append(item["class"])
        elif kind == "id":
            identifier = item["id"]
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
