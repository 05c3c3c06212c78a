"""Reads what only Obsidian's notes have: marked text, tags in the text, sizes of pictures.

Source: Obsidian's help, "Basic formatting syntax", "Obsidian Flavored Markdown", "Tags", "Embed files".
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from mistune.core import InlineState

from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata
from ...model.publication import Publication, Reason, merge_publications
from ..fences import with_code
from .parser import PostInlineParser

COMPUTED = frozenset({"dataview", "dataviewjs", "query", "base"})
"""The languages of blocks that Obsidian replaces by what it finds in the vault."""
_TAG = lazy_pattern(r"(?<![\w/#&\[(])#(?=[\w/-]*[^\W\d_])([\w-]+(?:/[\w-]+)*)")
_CODE = lazy_pattern(r"`[^`\n]*`|\]\([^)\n]*\)|<[^<>\n]*>|https?://\S+")
_LINK = lazy_pattern(r"\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]")
_SIZED = lazy_pattern(r"(.*?)\|(\d{1,5})(?:x(\d{1,5}))?$", re.S)
_SECRET_TAGS = frozenset({"draft", "private"})
_MARK = r"(?<!=)==(?=[^\s=])"


def add_marks(inline: PostInlineParser) -> None:
    """Registers the rule for ``==marked text==``."""
    inline.register("mark", _MARK, parse_mark, before="link", start_chars="=")


def parse_mark(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses marked text, which ends at the next ``==`` that no space precedes."""
    if state.depth >= inline.max_nested_level:
        return None
    close = state.src.find("==", m.end())
    while close > 0 and (state.src[close - 1].isspace() or state.src[close + 2 : close + 3] == "="):
        close = state.src.find("==", close + 2)
    if close < 0:
        return None
    child = state.copy()
    child.src = state.src[m.end() : close]
    state.append_token({"type": "highlight", "children": inline.render(child)})
    return close + 2


def read_note_metadata(metadata: Metadata, body: str) -> Metadata:
    """Returns a note's metadata with the tags that are in its text; ``#draft`` and ``#private`` keep a
    note back.
    """
    tags = list(metadata.tags)
    if "#" in body:
        for line, is_code in with_code(body.split("\n")):
            if not is_code and "#" in line:
                tags += _TAG.findall(_CODE.sub(" ", line))
    tags = [tag.removeprefix("#") for tag in dict.fromkeys(tags)]
    publication = metadata.publication
    for tag in _SECRET_TAGS.intersection(tag.lower() for tag in tags):
        secret = Publication((Reason("secret", "draft", "tags", tag),))
        publication = merge_publications(publication, secret)
    return msgspec.structs.replace(
        metadata, tags=tuple(dict.fromkeys(tags)), publication=publication
    )


def without_links(value: Any) -> Any:
    """Returns a property whose ``[[links]]`` are replaced by their words."""
    if isinstance(value, str):
        return _LINK.sub(r"\1", value) if "[[" in value else value
    if isinstance(value, list):
        return [without_links(item) for item in value]
    return value


def split_size(alternative: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Returns the text and the size in ``text|300`` or ``text|300x200``; None if there is no size."""
    found = _SIZED.fullmatch(alternative)
    if found is None:
        return None
    pairs = (("width", found[2]), ("height", found[3] or ""))
    return found[1].strip(), tuple((name, size) for name, size in pairs if size)
