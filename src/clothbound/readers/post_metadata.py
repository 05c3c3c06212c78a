"""From the fields of a header, a file's name and its first heading to ``Metadata``."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from ..diagnostics import Code
from ..lazy_pattern import lazy_pattern
from ..model.language_tags import language_tag
from ..model.post import Metadata, Timestamp
from .front_matter import Header, json_text
from .publication_state import is_draft, is_moment, is_word, publication_of
from .timestamps import read_timestamp

_UNESCAPE = lazy_pattern(r"\\([!-/:-@\[-`{-~])")
_NAME_DATE = lazy_pattern(r"^(\d{4})[-._](\d{2})[-._](\d{2})(?:[-._ T]|$)")
_FOLDER_DATE = lazy_pattern(r"(?:^|/)(\d{4})/(\d{2})/(\d{2})(?:/|$)")
_INDEX_NAMES = frozenset({"index", "_index", "readme"})

_TITLE = ("title", "headline", "name")
_FIELDS: dict[str, tuple[str, ...]] = {
    "subtitle": ("subtitle", "sub_title", "deck"),
    "slug": ("slug",),
    "id": ("post_id", "id"),
    "language": ("language", "lang", "locale"),
    "kind": ("type", "kind"),
    "audience": ("audience",),
    "visibility": ("visibility",),
    "canonical_url": ("canonical_url", "canonical", "canonicalurl"),
    "cover": ("cover", "cover_image", "featured_image", "image", "feature_image", "primary_image"),
    "description": ("description", "summary", "excerpt"),
}
_DATES: dict[str, tuple[str, ...]] = {
    "published": (
        "date",
        "published",
        "pubdate",
        "pub_date",
        "published_at",
        "post_date",
        "publishdate",
    ),
    "updated": ("updated", "lastmod", "updated_at", "date-modified", "modified", "last_modified"),
}
_AUTHORS = ("authors", "author", "byline", "bylines")
_TAGS = ("tags", "categories", "topics", "keywords")
_DRAFT = ("draft", "is_draft", "isdraft")


def read_metadata(header: Header, source: str, heading: str) -> Metadata:
    """The metadata of a post. What is wrong with a field is added to the header's findings.

    ``source`` is its file, relative to what was read; ``heading`` the plain text of a heading at
    the top of the body, if one is there. Fields that we do not know go to ``extra`` as they are.
    """
    fields = header.fields
    left = dict(fields)
    names: dict[str, str] = {}
    for key in fields:
        names.setdefault(key.lower(), key)

    def take(candidates: tuple[str, ...]) -> Any:
        for candidate in candidates:
            key = names.get(candidate)
            if key in left:
                value = left[key]
                if value is None or value == "":
                    del left[key]
                    continue
                return left.pop(key)
        return None

    def take_date(candidates: tuple[str, ...]) -> tuple[str, Any]:
        """The field's own name, and its value."""
        for candidate in candidates:
            key = names.get(candidate, "")
            value = left.get(key)
            if value is None or value == "":
                left.pop(key, None)
            elif is_moment(key):
                return key, value
            # ``published: false`` is no date, and stays for those who ask whether it is public.
            elif not is_word(value):
                return key, left.pop(key)
        return "", None

    values: dict[str, Any] = {}
    # So the Markdown writer says of a Substack draft that it has none yet.
    untitled = fields.get("title") == "" and "post_id" in fields and not heading
    title = _plain(take(_TITLE[:1])) or _plain(take(_TITLE[1:]))
    for field, candidates in _FIELDS.items():
        value = take(candidates)
        if field == "cover" and isinstance(value, dict):
            value = next((value[k] for k in ("src", "url", "image", "path") if k in value), value)
        values[field] = _plain(value)
    if language := values["language"]:
        values["language"] = language_tag(language, language)
        if not language_tag(language):
            message = f"language is not a language tag: {language[:60]!r}"
            name = next((names[c] for c in _FIELDS["language"] if c in names), "")
            header.findings.append((Code.HEADER_VALUE, message, header.line_of(name)))
    for field, candidates in _DATES.items():
        name, value = take_date(candidates)
        if value is not None:
            values[field] = _header_date(json_text(value), name, header)
    values["authors"] = _names(take(_AUTHORS))
    values["tags"] = _tags(take, left)
    take(_DRAFT)
    values["is_draft"] = "_drafts/" in f"/{source}" or is_draft(fields)
    values["publication"] = publication_of(fields)
    if "published" not in values:
        values["published"] = date_from_path(source) or date_from_path(json_text(left.get("path")))
    if not untitled:
        title = title or heading or title_from_path(source)
    return Metadata(title=title, source=source, extra=left, **values)


def _plain(value: Any) -> str:
    text = " ".join(json_text(value).split())
    return _UNESCAPE.sub(r"\1", text) if "\\" in text else text


def _names(value: Any) -> tuple[str, ...]:
    """Authors: a name, names, or mappings with a name."""
    if value is None:
        return ()
    items = value if isinstance(value, list) else [value]
    result = []
    for item in items:
        if isinstance(item, dict):
            name = item.get("name") or item.get("title") or item.get("id")
            if isinstance(name, dict):
                name = " ".join(json_text(name.get(part)) for part in ("given", "family"))
            text = _plain(name if name is not None else item)
        else:
            text = _plain(item)
        if text:
            result.append(text)
    return tuple(dict.fromkeys(result))


def _tags(take: Any, left: dict[str, Any]) -> tuple[str, ...]:
    result: list[str] = []
    sources = [take((name,)) for name in _TAGS[:3]]
    taxonomies = left.get("taxonomies")
    if isinstance(taxonomies, dict):
        sources.extend(taxonomies.get(name) for name in _TAGS)
    for value in sources:
        if value is None:
            continue
        items = value.split(",") if isinstance(value, str) else value
        for item in items if isinstance(items, list) else [items]:
            text = _plain(item.get("name", item) if isinstance(item, dict) else item)
            if text:
                result.append(text)
    return tuple(dict.fromkeys(result))


# Dates


def _header_date(text: str, name: str, header: Header) -> Timestamp:
    stamp = read_timestamp(text)
    if stamp.value is None:
        message = f"{name} is not a date: {text[:60]!r}"
        header.findings.append((Code.HEADER_VALUE, message, header.line_of(name)))
    return stamp


def date_from_path(path: str) -> Timestamp | None:
    """A date that begins a file's name (or its folder's, for an index file), or stands in its
    folders as year, month, day.
    """
    pure = PurePosixPath(path)
    for name in (pure.stem, pure.parent.name if pure.stem.lower() in _INDEX_NAMES else ""):
        if found := _NAME_DATE.match(name):
            stamp = read_timestamp("-".join(found.groups()))
            if stamp.value is not None:
                return stamp
    if found := _FOLDER_DATE.search(path):
        stamp = read_timestamp("-".join(found.groups()))
        if stamp.value is not None:
            return stamp
    return None


def title_from_path(path: str) -> str:
    """A title from a file's name: without its date, words set apart, the first letter a capital.

    Bytes and streams have no name (their source is ``<bytes>`` or ``<stdin>``) and so no title.
    """
    if path.startswith("<"):
        return ""
    pure = PurePosixPath(path)
    stem = pure.stem
    if stem.lower() in _INDEX_NAMES and pure.parent.name:
        stem = pure.parent.name
    rest = _NAME_DATE.sub("", stem)
    words = re.sub(r"[-_\s]+", " ", rest).strip() if rest else stem
    return words[:1].upper() + words[1:]
