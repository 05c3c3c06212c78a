"""Counts links of Markdown files to posts of the same publication with pandoc and a regular
expression, which shares no code with clothbound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pandoc_run import read_markdown

_HEADER = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_POST_ID = re.compile(r"^post_id: *[\"']?(\d+)(?:\.([\w-]+))?", re.M)
_RAW = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
_ADDRESS = re.compile(
    r"(?:https?:)?(?://(?:www\.)?(?P<host>[^/?#]+))?"
    r"/(?:p/(?P<slug>[^/?#]+)/?|i/(?P<number>\d+)(?:/[^/?#]*)?)(?:[?#].*)?"
)


@dataclass(frozen=True, slots=True)
class File:
    """A post's file: its path in the folder, the number and slug in its header, its links."""

    path: str
    number: str
    slug: str
    links: tuple[str, ...]


@dataclass(slots=True)
class Counted:
    """The ``(file, address)`` of each link; repeated links are repeated."""

    inside: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def read_files(folder: Path) -> list[File]:
    result = []
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text("utf-8-sig").replace("\r\n", "\n")
        header = _HEADER.match(text)
        found = _POST_ID.search(header[1]) if header else None
        number, slug = (found[1], found[2] or "") if found else ("", "")
        body = text[header.end() :] if header else text
        links = tuple(_links(read_markdown(body)))
        result.append(File(path.relative_to(folder).as_posix(), number, slug.lower(), links))
    return result


def _links(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _links(item)
        return
    if not isinstance(value, dict):
        return
    kind, content = value.get("t"), value.get("c")
    if kind == "Div" and (card := _card(content[0])):
        yield card
        return
    if kind == "Link" and not _is_button(content):
        yield unquote(content[2][0])
    if kind in ("RawInline", "RawBlock"):
        yield from map(unquote, _RAW.findall(content[1]))
    yield from _links(content)


def _card(attributes: Any) -> str:
    """Returns the address of a card that shows a post, from the data of its division."""
    _, classes, pairs = attributes
    if not {"embedded-post-wrap", "digest-post-embed"} & set(classes):
        return ""
    data = json.loads(dict(pairs)["attrs"])
    address: str = data.get("url") or data["canonical_url"]
    return unquote(address)


def _is_button(link: Any) -> bool:
    """Whether a link is a button of the web page: "Share this post"."""
    return "button" in link[0][1] and "action=share" in link[2][0]


def count(files: Iterable[File], in_book: Iterable[str], hosts: frozenset[str]) -> Counted:
    """``in_book``: the paths of the posts that the book has. ``hosts``: without ``www.``."""
    files = list(files)
    chosen = {file.path for file in files if file.path in set(in_book)}
    by_slug = {file.slug: file.path for file in reversed(files) if file.slug}
    by_number = {file.number: file.path for file in reversed(files) if file.number}
    paths = {file.path for file in files}
    counted = Counted()
    for file in files:
        if file.path not in chosen:
            continue
        for address in file.links:
            found = _ADDRESS.fullmatch(address)
            if found and (found["host"] is None or found["host"].lower() in hosts):
                slug = unquote(found["slug"] or "").lower()
                target = by_slug.get(slug) if slug else by_number.get(found["number"])
            elif (relative := _relative(file.path, address)) in paths:
                target = relative
            else:
                continue
            kind = counted.inside if target in chosen else counted.left_out
            kind.append((file.path, address))
    return counted


def _relative(path: str, address: str) -> str:
    if re.match(r"[a-z]+:|/|#", address):
        return ""
    parts = path.split("/")[:-1] + unquote(address.split("#", maxsplit=1)[0]).split("/")
    result: list[str] = []
    for part in parts:
        if part == "..":
            if not result:
                return ""
            result.pop()
        elif part != ".":
            result.append(part)
    return "/".join(result)
