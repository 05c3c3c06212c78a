"""The fields of an entry or of a channel of a feed in XML, by name, whatever prefixes the feed uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from ..lazy_pattern import lazy_pattern
from .author_names import is_author_name
from .feed_text import words_of
from .feed_xml import local_name, text_in

# Matches the name of an account before that of a person.
_HANDLE = lazy_pattern(r"@\w+\s+(?=\S)")
Fields: TypeAlias = dict[str, list[Any]]
"""The child elements by name, with our prefix for the vocabularies of others."""

# Our prefixes of the namespaces that are read; a feed may use others.
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.rssboard.org/media-rss": "media:",
    "http://www.w3.org/2005/atom": "atom:",
    "http://www.w3.org/2007/app": "app:",
    "http://purl.org/atom/app#": "app:",
    "https://podcastindex.org/namespace/1.0": "podcast:",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://purl.org/syndication/history/1.0": "history:",
    "http://psi-squared.de/podlove-simple-chapters": "psc:",
    "http://podlove.org/simple-chapters": "psc:",
}


def fields_of(element: Any) -> Fields:
    """Returns the fields of an element; none for None."""
    if element is None:
        return {}
    own = element.tag.rpartition("}")[0][1:] if element.tag.startswith("{") else ""
    fields: Fields = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        space, _, name = child.tag.rpartition("}")
        known = _PREFIXES.get(space[1:].lower()) or "other:"
        prefix = "" if space[1:] in ("", own) else known
        fields.setdefault(prefix + name, []).append(child)
    return fields


def first_of(fields: Mapping[str, list[Any]], *names: str) -> Any:
    """Returns the first element of the first of these names that there is; None if there is none."""
    return next((fields[name][0] for name in names if name in fields), None)


def media_groups(fields: Fields) -> list[Fields]:
    """Returns the fields of an entry's groups of Media RSS, each with the prefix that they have outside one."""
    return [media_fields(one) for one in fields.get("media:group", ())]


def media_fields(element: Any) -> Fields:
    """Returns the fields of an element of Media RSS with the prefix that they have outside it."""
    return {f"media:{name}": found for name, found in fields_of(element).items()}


def plain_text_of(element: Any) -> str:
    """Removes markup. Titles are plain text in RSS, but many feeds use markup in them."""
    is_html = element is not None and element.get("type") == "html"
    return words_of(text_in(element), is_html=is_html)


def text_of(fields: Fields, *names: str) -> str:
    """Returns the text of the first of these fields that there is."""
    return text_in(first_of(fields, *names))


def authors_of(fields: Fields) -> tuple[str, ...]:
    """Returns the names of the authors, without addresses of e-mail."""
    names: list[str] = []
    for key in ("dc:creator", "author", "atom:author", "itunes:author", "managingEditor"):
        for element in fields.get(key, ()):
            inner = next((child for child in element if local_name(child) == "name"), element)
            name = plain_text_of(inner)
            # RSS requires an e-mail address here, followed by the name in brackets.
            address, bracket, rest = name.partition("(")
            if bracket and "@" in address and " " not in address.strip():
                name = rest.strip().removesuffix(")").strip()
            name = _HANDLE.sub("", name)
            if is_author_name(name):
                names.append(name)
        if names:
            break
    return tuple(dict.fromkeys(names))
