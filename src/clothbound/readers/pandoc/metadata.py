"""Reads pandoc's metadata as the fields of a header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import LimitError
from ...model.post import Metadata
from ...pandoc import ast as p
from ...pandoc.vocabulary import text_of
from ..front_matter import Header
from ..post_metadata import read_metadata

_POSTS = "posts"


def fields_of(meta: Mapping[str, p.MetaValue], depth: int) -> dict[str, Any]:
    """Returns metadata as plain values. Raises LimitError if it is nested deeper than ``depth``."""
    return {name: _plain(value, depth) for name, value in meta.items()}


def _plain(value: p.MetaValue, depth: int) -> Any:
    if depth < 0:
        raise LimitError("its metadata is nested too deeply")
    match value:
        case p.MetaMap(c=inner):
            return fields_of(inner, depth - 1)
        case p.MetaList(c=items):
            return [_plain(item, depth - 1) for item in items]
        case p.MetaInlines(c=inlines):
            return text_of(inlines)
        case p.MetaBlocks(c=blocks):
            return p.words_of(blocks)
    return value.c


def split_posts(fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Returns the fields of a document without its list of posts, and those of each post by key."""
    listed = fields.get(_POSTS)
    posts = {}
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            rest = dict(item)
            posts[rest.pop("key")] = rest
    whole = {name: value for name, value in fields.items() if name != _POSTS}
    return (whole, posts) if posts else (fields, {})


def metadata_of(fields: dict[str, Any], source: str, heading: str = "") -> tuple[Metadata, Header]:
    """Returns a post's metadata, and the header with the findings on it."""
    known = dict(fields)
    published, date = known.get("published"), known.get("date")
    if isinstance(published, str) and isinstance(date, str) and published.startswith(date):
        known["date"] = known.pop("published")
    if "tags" not in known and isinstance(known.get("keywords"), (list, str)):
        known["tags"] = known.pop("keywords")
    known.pop("dir", None)  # It follows from the language.
    header = Header(fields=known)
    return read_metadata(header, source, heading), header


def text_field(fields: Mapping[str, Any], name: str) -> str:
    """Returns a field that is a text; empty if it is missing or something else."""
    value = fields.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def list_field(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Returns the texts of a field that is a text or a list of texts."""
    value = fields.get(name)
    items = value if isinstance(value, list) else [value]
    return tuple(" ".join(item.split()) for item in items if isinstance(item, str) and item.strip())
