"""Reads a file of WordPress's export item by item, so that a file of any size takes the memory of one item.

Source: WordPress's ``export.php`` (WXR 1.0 to 1.2).
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from ...feed_xml import FeedEntries
from .signs import is_namespace

_NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
}
_NAMED = ("category", "wp:postmeta", "wp:comment")
"""Elements of an item that are there several times."""


class Category(msgspec.Struct, frozen=True):
    """A category, tag, author or other term of an item."""

    domain: str
    nicename: str
    name: str


class ExportItem(msgspec.Struct, frozen=True):
    """An item of an export: its elements of text by name, its terms, and its further fields."""

    texts: dict[str, str]
    """The text of each element by its name with our prefix, such as ``wp:status``; not stripped."""
    categories: tuple[Category, ...] = ()
    meta: dict[str, str] = {}
    """The values of ``wp:postmeta`` by their keys; of one that is there several times, the last."""
    old_slugs: tuple[str, ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()
    """The further values of elements of text, and of fields, that are there several times: names or keys, and values."""
    comments: int = 0
    """The number of comments, which are not read."""

    def text(self, name: str) -> str:
        """Returns the text of an element, stripped; empty if it is missing."""
        return self.texts.get(name, "").strip()

    def every(self, name: str) -> list[str]:
        """Returns all values, stripped, of an element of text or of a field; none if the item lacks it."""
        found = [table[name] for table in (self.texts, self.meta) if name in table]
        found += [value for key, value in self.repeated if key == name]
        return [value.strip() for value in found]


class Channel(msgspec.Struct):
    """What stands outside of the items."""

    texts: dict[str, str] = {}
    authors: dict[str, str] = {}
    """The name that each author shows, by the login, in lower case."""
    namespace: str = ""
    """The namespace of the element that says the export's version."""
    repair: str = ""
    """What was repaired in the characters of the file; empty if nothing was."""
    fault: str = ""
    """What is wrong with the XML; empty if it is well-formed."""
    line: int = 0
    is_whole: bool = True
    """Whether the file has its end."""
    cut_items: int = 0
    """The number of items that have no end. What would restrict who may see them may be missing, so they are not read."""
    left_out: dict[int, str] = {}
    """Why items could not be read, by their numbers from 1."""


def read_items(stream: BinaryIO, name: str, channel: Channel) -> Iterator[ExportItem]:
    """Yields the items of a file, and fills ``channel``. Raises ReadError if it is not XML of a channel."""
    entries = FeedEntries(stream, name, ("rss",), what="an export of WordPress: it has no <rss>")
    for element in entries:
        _read_children(element.getparent(), channel)
        yield _item(element, channel.namespace)
    for parent in entries.root:
        _read_children(parent, channel)
    if entries.fault is not None:
        channel.fault, channel.line = entries.fault
    channel.repair = entries.repair
    channel.left_out = entries.left_out
    channel.cut_items = entries.cut_entries
    channel.is_whole = "</rss" in entries.tail


def _read_children(parent: Any, channel: Channel) -> None:
    """Reads what stands beside the items, and forgets it."""
    for child in list(parent):
        if isinstance(child.tag, str) and _name(child) != "item":
            _read_channel(child, channel)
            parent.remove(child)


def _name(element: Any, own: str = "") -> str:
    """Returns the name of an element with our prefix for its namespace, whatever the file's prefix is.

    ``own`` is the file's namespace for WordPress's elements, in case it is not one of WordPress's own.
    """
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag.startswith("{"):
        return tag
    namespace, _, name = tag[1:].rpartition("}")
    if namespace.rstrip("/").endswith("/excerpt"):
        return f"excerpt:{name}"
    if namespace == own or is_namespace(namespace) or element.prefix == "wp":
        return f"wp:{name}"
    return _NAMESPACES.get(namespace, "other:") + name


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _item(element: Any, own: str) -> ExportItem:
    texts: dict[str, str] = {}
    categories: list[Category] = []
    meta: dict[str, str] = {}
    old: list[str] = []
    repeated: list[tuple[str, str]] = []
    comments = 0
    for child in element:
        name = _name(child, own)
        if name not in _NAMED:
            if name in texts:
                repeated.append((name, _text(child)))
            else:
                texts[name] = _text(child)
        elif name == "category":
            terms = child.get("domain", ""), child.get("nicename", "")
            categories.append(Category(*terms, html.unescape(_text(child)).strip()))
        elif name == "wp:postmeta":
            pair = {_name(part, own): _text(part) for part in child}
            key, value = pair.get("wp:meta_key", "").strip(), pair.get("wp:meta_value", "")
            if key in meta:
                repeated.append((key, meta[key]))
            meta[key] = value
            if key == "_wp_old_slug":
                old.append(value.strip())
        else:
            comments += 1
    return ExportItem(
        texts, tuple(categories), meta, tuple(filter(None, old)), tuple(repeated), comments
    )


def _read_channel(element: Any, channel: Channel) -> None:
    if _name(element).endswith(":wxr_version"):
        channel.namespace = element.tag[1:].rpartition("}")[0]
    name = _name(element, channel.namespace)
    if name == "wp:author":
        parts = {_name(part, channel.namespace): _text(part).strip() for part in element}
        login = parts.get("wp:author_login", "").lower()
        names = (parts.get(f"wp:author_{field}", "") for field in ("first_name", "last_name"))
        shown = html.unescape(parts.get("wp:author_display_name", "")) or " ".join(
            filter(None, names)
        )
        if login and shown:
            channel.authors[login] = shown
    elif len(element) == 0:
        channel.texts.setdefault(name, _text(element))
