"""Holds a JSON Feed against the text of the specification, jsonfeed.org/version/1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_TEXT = str
_TOP = {
    "version": _TEXT,
    "title": _TEXT,
    "home_page_url": _TEXT,
    "feed_url": _TEXT,
    "description": _TEXT,
    "user_comment": _TEXT,
    "next_url": _TEXT,
    "icon": _TEXT,
    "favicon": _TEXT,
    "authors": list,
    "language": _TEXT,
    "expired": bool,
    "hubs": list,
    "items": list,
}
_ITEM = {
    "id": _TEXT,
    "url": _TEXT,
    "external_url": _TEXT,
    "title": _TEXT,
    "content_html": _TEXT,
    "content_text": _TEXT,
    "summary": _TEXT,
    "image": _TEXT,
    "banner_image": _TEXT,
    "date_published": _TEXT,
    "date_modified": _TEXT,
    "authors": list,
    "tags": list,
    "language": _TEXT,
    "attachments": list,
}
_AUTHOR = {"name": _TEXT, "url": _TEXT, "avatar": _TEXT}
_ATTACHMENT = {
    "url": _TEXT,
    "mime_type": _TEXT,
    "title": _TEXT,
    "size_in_bytes": (int, float),
    "duration_in_seconds": (int, float),
}
_ADDRESSES = "url external_url home_page_url feed_url next_url icon favicon image banner_image avatar".split()
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def faults(feed: Any) -> list[str]:
    """What is not as the specification says; none for a valid feed."""
    found = list(_members(feed, _TOP, "feed"))
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        found.append("feed: version")
    found += [f"feed: no {name}" for name in ("title", "items") if name not in feed]
    found += _authors(feed, "feed")
    ids = [item.get("id") for item in feed.get("items", ())]
    if len(set(ids)) < len(ids):
        found.append("feed: two items have one id")
    for number, item in enumerate(feed.get("items", ()), 1):
        where = f"item {number}"
        found += _members(item, _ITEM, where)
        found += _authors(item, where)
        if not item.get("id"):
            found.append(f"{where}: no id")
        if "content_html" not in item and "content_text" not in item:
            found.append(f"{where}: neither content_html nor content_text")
        for name in ("date_published", "date_modified"):
            date = item.get(name)
            if date is not None:
                if not _RFC_3339.fullmatch(date):
                    found.append(f"{where}: {name} is not of RFC 3339")
                else:
                    datetime.fromisoformat(date)
        found += [f"{where}: a tag is no text" for t in item.get("tags", ()) if type(t) is not str]
        for attachment in item.get("attachments", ()):
            found += _members(attachment, _ATTACHMENT, f"{where}, attachment")
            found += [
                f"{where}: attachment without {name}"
                for name in ("url", "mime_type")
                if not attachment.get(name)
            ]
    return found


def _members(given: Any, known: dict[str, Any], where: str) -> Iterator[str]:
    for name, value in given.items():
        if name.startswith("_"):
            if not re.match(r"_[A-Za-z][^.]*\Z", name):
                yield f"{where}: the name of an extension, {name}"
        elif name not in known:
            yield f"{where}: unknown {name}"
        elif not isinstance(value, known[name]):
            yield f"{where}: {name} has a wrong type"
        elif name in _ADDRESSES and not re.match(r"https?://[^\s/]+", value):
            yield f"{where}: {name} is no whole address"


def _authors(given: Any, where: str) -> Iterator[str]:
    for author in given.get("authors", ()):
        yield from _members(author, _AUTHOR, f"{where}, author")
        if not author:
            yield f"{where}: an author without members"
