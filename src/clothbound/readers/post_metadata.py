"""Makes ``Metadata`` from the fields of a header, the name of the file and its first heading."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from sys import intern
from typing import Any

from ..diagnostics import DiagnosticCode
from ..lazy_pattern import lazy_pattern
from ..model.characters import decode_header
from ..model.language_tags import language_tag
from ..model.post import Metadata, Timestamp
from ..model.slugs import LEKTOR_FILES, RUN_FILES
from ..model.years import YEAR_AT_START
from ..title_text import without_code_marks
from .front_matter import Header, json_text
from .publication_state import is_among_drafts, is_draft, is_moment, is_word, publication_of
from .timestamps import is_unset_date, read_slashed_day, read_timestamp

_NAME_DATE = lazy_pattern(
    r"^(?:(?P<year>\d{4})[-._](?P<month>\d{1,2})[-._](?P<day>\d{1,2})"
    r"(?:-(?P<clock>\d{2}-\d{2}-\d{2})_(?:(?P<tags>[^_/]*)_)?|[-._ T]|$)"
    rf"|{YEAR_AT_START}(?P<digits>\d{{8}})(?P<time>\d{{6}})?(?:[-._ ]|$))"
)
"""Matches ``2020-11-04-name``, ``2020-11-4-name``, ``20201104-name`` and ``20201104080049-name``; of Lume
``2020-11-04-08-00-49_name``, and of HTMLy ``2020-11-04-08-00-49_one,two_name``, which has tags.
"""
_SYMBOL = lazy_pattern(r":[A-Za-z_]\w*")
_QUOTED = lazy_pattern(r"^([\"'])(.*)\1$")
_COMPUTED_DATE = lazy_pattern(
    r"today|now|(?:git )?(?:last[ -]?modified|created)|`\{?r\}? .*`|!(?:r|expr) .*", re.I | re.S
)
"""Matches what Quarto, Eleventy and R Markdown make a date of."""
_FOLDER_DATE = lazy_pattern(r"(?:^|/)(\d{4})/(\d{2})/(\d{2})(?:/|$)")
_INDEX_NAMES = frozenset({"index", "_index", "readme"})

_STRONG = lazy_pattern(r"(?<![\w*])(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1(?![\w*])")
_EMPHASIS = lazy_pattern(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_]+)(?<=\S)\1(?![\w*])")
_LINK = lazy_pattern(r"\[([^\]\[]+)\]\((?:https?://|/|#)[^()\s]*\)")
_TITLE = ("title", "headline", "name")
_FIELDS: dict[str, tuple[str, ...]] = {
    "subtitle": ("subtitle", "sub_title", "deck"),
    "slug": ("slug",),
    "id": ("post_id", "id"),
    "kind": ("type", "kind"),
    "audience": ("audience",),
    "visibility": ("visibility",),
    "canonical_url": ("canonical_url", "canonical", "canonicalurl", "canonical-url"),
    "cover": tuple(
        "cover cover_image coverimage cover-image featured_image featuredimage featured-image image feature_image"
        " featureimage primary_image heroimage hero_image hero images ogimage og_image thumbnail".split()
    ),
    "cover_alt": tuple(
        "cover_alt coveralt cover_image_alt image_alt image-alt imagealt featured_image_alt featuredimagealt"
        " feature_image_alt featureimagealt featurealt heroimagealt hero_image_alt".split()
    ),
    "cover_caption": tuple(
        "cover_caption covercaption cover_image_caption image_caption image-caption imagecaption featured_image_caption"
        " featuredimagecaption feature_image_caption featureimagecaption featurecaption featurecap heroimagecaption"
        " hero_image_caption".split()
    ),
    "description": ("description", "summary", "excerpt"),
}
_LANGUAGE = ("language", "lang", "locale")
_FEW_VALUES = ("kind", "audience", "visibility")
_DATES: dict[str, tuple[str, ...]] = {
    "published": tuple(
        "date published pubdate pub_date published_at publishedat post_date publishdate publish_date date_published"
        " datepublished published_date published_on pubdatetime date_created datecreated created created_at createdat".split()
    ),
    "updated": tuple(
        "updated lastmod updated_at updatedat date-modified modified last_modified last_modified_at lastmodified"
        " date_modified datemodified date_updated last_updated lastupdated updateddate updatedate moddatetime modified_at".split()
    ),
}
_ADDRESSES = ("original_url", "originalurl", "link", "url", "permalink")
"""Fields that are the canonical address if they hold a whole one; otherwise links use them."""
_ADDRESS = lazy_pattern(r"https?://[^\s<>\"#]+$", re.I)
_NESTED = ("params", "extra")
"""Hugo and Zola take fields from here as from the top of the header."""
_AUTHORS = ("authors", "author", "byline", "bylines")
_TAGS = ("tags", "categories", "topics", "keywords")
_TAG = ("tag", "category")
_HASHTAGS = ("hashtags", "note_hashtags")
_OF_TAGS = ("taxonomies", "data")
"""The mappings in which Zola and Cobalt keep them."""
_DRAFT = ("draft", "is_draft", "isdraft")


class _Fields:
    """The fields of a header, by name in any case; ``left`` holds those not yet taken."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.left = dict(fields)
        self._keys: dict[str, str] = {}
        for key in fields:
            self._keys.setdefault(key.lower(), key)
        self._inner: dict[str, tuple[str, str]] = {}
        """For each name below ``params`` or ``extra`` alone, the field that holds it, and its key."""
        for outer in _NESTED:
            if isinstance(inner := fields.get(outer), dict):
                for key in inner:
                    if key.lower() not in self._keys:
                        self._inner.setdefault(key.lower(), (outer, key))

    def take(self, names: tuple[str, ...]) -> Any:
        """Takes the first of the fields that has a value; returns None if none has."""
        if self._has_none(names):
            return None
        for name in names:
            key = self._keys.get(name)
            value = self.left.pop(key, None) if key is not None else self._take_inner(name)
            if value is not None and value != "":
                return value
        return None

    def _has_none(self, names: tuple[str, ...]) -> bool:
        return not self._inner and self._keys.keys().isdisjoint(names)

    def _take_inner(self, name: str) -> Any:
        outer, key = self._inner.pop(name, ("", ""))
        if not key:
            return None
        rest = dict(self.left[outer])
        value = rest.pop(key)
        if rest:
            self.left[outer] = rest
        else:
            del self.left[outer]
        return value

    def take_address(self) -> str:
        """Takes the first of ``_ADDRESSES`` that holds a whole address; returns an empty text if none
        does.
        """
        for name in _ADDRESSES:
            key = self._keys.get(name, "")
            value = self.left.get(key)
            if isinstance(value, str) and _ADDRESS.match(value.strip()):
                del self.left[key]
                return value.strip()
        return ""

    def take_date(self, names: tuple[str, ...]) -> tuple[str, Any]:
        """Takes the first field that may be a date; returns its key as written, and its value."""
        if self._has_none(names):
            return "", None
        for name in names:
            key = self._keys.get(name, "")
            value = self.left.get(key) if key else self._take_inner(name)
            if value is None or value == "":
                if key:
                    self.left.pop(key, None)
            elif not key:
                return name, value
            elif is_moment(key):
                return key, value
            # ``published: false`` is not a date; publication_of interprets it.
            elif not is_word(value):
                return key, self.left.pop(key)
        return "", None

    def value_of(self, name: str) -> Any:
        """Returns the value of a field that was not taken; None if there is none."""
        return self.left.get(self._keys.get(name, ""))

    def rest(self) -> dict[str, Any]:
        """Returns what was not taken. A dictionary emptied by taking would keep its size for as long as its post is known."""
        return dict(self.left.items())

    def key_of(self, names: tuple[str, ...]) -> str:
        """Returns the key, as written, of the first of the fields that exists."""
        return next((self._keys[name] for name in names if name in self._keys), "")


def read_metadata(header: Header, source: str, heading: str, generator: str = "") -> Metadata:
    """Returns the metadata of a post, and adds invalid fields to the header's findings.

    ``source`` is the post's file, relative to the folder that was read; ``heading`` is the plain
    text of a heading at the top of the body, if there is one. ``generator`` is the name of the site's
    generator, empty if it is unknown. Unknown fields go to ``extra`` unchanged.
    """
    fields = _Fields(header.fields)
    # The Markdown writer writes an empty title for a Substack draft that has none.
    untitled = header.fields.get("title") == "" and "post_id" in header.fields and not heading
    title = _plain(fields.take(_TITLE[:1])) or _plain(fields.take(_TITLE[1:]))
    values: dict[str, Any] = {}
    for field, names in _FIELDS.items():
        value = fields.take(names)
        if field == "cover":
            value, words = _first_picture(value)
            values |= words
        text = _plain(value) or values.get(field, "")
        # Thousands of posts have the same word: one string is enough for all.
        values[field] = intern(text) if field in _FEW_VALUES else text
    for field in ("subtitle", "description"):
        values[field] = _without_marks(values[field])
    # Code in a title or a subtitle is shown as code; a description is never shown so.
    values["description"] = without_code_marks(values["description"])
    values["canonical_url"] = values["canonical_url"] or fields.take_address()
    values |= _read_checked(fields, header, source, generator)
    values["authors"] = _names(fields.take(_AUTHORS))
    values["tags"] = _tags(fields, generator)
    fields.take(_DRAFT)
    values["is_draft"] = is_among_drafts(source) or is_draft(header.fields)
    values["publication"] = publication_of(header.fields)
    if "published" not in values:
        path = json_text(fields.left.get("path"))
        values["published"] = date_from_path(source) or date_from_path(path)
    if (named := _NAME_DATE.match(PurePosixPath(source).stem)) and named["tags"] is not None:
        values["tags"] = values["tags"] or tuple(filter(None, named["tags"].split(",")))
        values["slug"] = values["slug"] or named.string[named.end() :]
    if not untitled:
        title = title or heading or title_from_path(source)
    return Metadata(title=title, source=source, extra=fields.rest(), **values)


def report_invalid(header: Header, source: str, generator: str = "") -> None:
    """Adds to the findings of a header what ``read_metadata`` does, for a post whose metadata is known."""
    _read_checked(_Fields(header.fields), header, source, generator)


def _read_checked(
    fields: _Fields, header: Header, source: str, generator: str
) -> dict[str, str | Timestamp]:
    """Returns the values that may be invalid, the language and the dates, and adds to the header's findings those that are.

    No other field of the metadata has one of their names.
    """
    # A mapping of Quarto's `language` holds words for its pages; it stays in `extra`.
    names = tuple(n for n in _LANGUAGE if not isinstance(fields.value_of(n), dict))
    language = _plain(fields.take(names))
    values: dict[str, str | Timestamp] = {
        "language": _language(language, fields, header) if language else ""
    }
    for field, names in _DATES.items():
        name, value = fields.take_date(names)
        if isinstance(value, dict):  # the date of a post of MkDocs may have parts
            parts: dict[str, Any] = value
            value, inner = parts.get("created"), parts.get("updated")
            if inner is not None:
                values["updated"] = _header_date(json_text(inner), name, header, month_first=False)
        if value is not None and not _is_none(value, name, header):
            month_first = (
                generator == "Quarto"
                or source.lower().endswith(RUN_FILES)
                or is_of_grav(fields.left)
            )
            values[field] = _header_date(json_text(value), name, header, month_first=month_first)
    return values


def is_of_grav(fields: dict[str, Any]) -> bool:
    """Whether a header has the mapping in which Grav keeps tags and categories."""
    return isinstance(fields.get("taxonomy"), dict)


def _language(language: str, fields: _Fields, header: Header) -> str:
    if not language_tag(language):
        message = f"language is not a language tag: {language[:60]!r}"
        line = header.line_of(fields.key_of(_LANGUAGE))
        header.findings.append((DiagnosticCode.HEADER_VALUE, message, line))
    return language_tag(language, language)


def _first_picture(value: Any) -> tuple[Any, dict[str, str]]:
    """Returns the address of a cover in a field that may hold several pictures, or one with its description and
    caption, and these by the fields of ``Metadata``.
    """
    if isinstance(value, list):
        value = next(iter(value), None)
    if not isinstance(value, dict):
        return value, {}
    parts: dict[str, Any] = value
    address = next((parts[k] for k in ("src", "url", "image", "path") if k in parts), parts)
    return address, {f"cover_{name}": _plain(parts.get(name)) for name in ("alt", "caption")}


def _plain(value: Any) -> str:
    if value is None:  # as most fields are
        return ""
    return " ".join(decode_header(json_text(value)).split())


def _without_marks(text: str) -> str:
    """Returns a subtitle or a description without the marks of emphasis and the addresses of Markdown, which themes resolve."""
    if not any(sign in text for sign in "*_["):
        return text
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", _LINK.sub(r"\1", text)))


def _names(value: Any) -> tuple[str, ...]:
    """Returns the authors in a field that holds a name, several names, or mappings with a name."""
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
            text = _without_colon(_plain(item))
        if text:
            result.append(text)
    return tuple(dict.fromkeys(result))


def _without_colon(text: str) -> str:
    """Returns a word that is written as a symbol of Ruby's, as posts of Nanoc have names, without its colon."""
    return text[1:] if _SYMBOL.fullmatch(text) else text


def split_tags(value: str, generator: str) -> list[str]:
    """Returns the tags in one text: separated by spaces in a site of Jekyll or if each begins with ``#``, otherwise by
    commas.
    """
    words = value.split()
    if words and all(word.startswith("#") and word.count("#") == 1 for word in words):
        return [word.strip("#,") for word in words]
    found = words if generator == "Jekyll" else value.split(",")
    return [_QUOTED.sub(r"\2", tag.strip()) for tag in found]


def _tags(fields: _Fields, generator: str) -> tuple[str, ...]:
    result: list[str] = []
    sources = [fields.take((name,)) for name in _TAGS[:3]]
    for name in _TAG:
        value = fields.take((name,))
        # Jekyll takes the text of a singular as one tag.
        sources.append([value] if generator == "Jekyll" and isinstance(value, str) else value)
    for outer in _OF_TAGS:
        if isinstance(inner := fields.left.get(outer), dict):
            sources.extend(inner.get(name) for name in _TAGS)
    if is_of_grav(fields.left):
        sources.extend(fields.left["taxonomy"].get(name) for name in _TAG)
    sources.extend(fields.take((name,)) for name in _HASHTAGS)
    for value in sources:
        if value is None:
            continue
        items = split_tags(value, generator) if isinstance(value, str) else value
        for item in items if isinstance(items, list) else [items]:
            named = item.get("name", item.get("label", item)) if isinstance(item, dict) else item
            if text := _without_colon(_plain(named)):
                result.append(text)
    return tuple(dict.fromkeys(result))


# Dates


def _is_none(value: Any, name: str, header: Header) -> bool:
    """Whether a date is none: that of a program which has none, or a word or a code by which a generator takes the day of
    the run, or of a file, which is reported.
    """
    text = json_text(value).strip()
    if is_unset_date(text):
        return True
    if not _COMPUTED_DATE.fullmatch(text):
        return False
    message = f"{name} is {text[:60]!r}, which only a run of the generator makes a date"
    header.findings.append((DiagnosticCode.HEADER_VALUE, message, header.line_of(name)))
    return True


def _header_date(text: str, name: str, header: Header, *, month_first: bool) -> Timestamp:
    stamp = read_timestamp(text)
    if stamp.value is None:
        stamp = read_slashed_day(text, month_first=month_first) or stamp
    if stamp.value is None:
        message = f"{name} is not a date: {text[:60]!r}"
        header.findings.append((DiagnosticCode.HEADER_VALUE, message, header.line_of(name)))
    return stamp


def date_from_path(path: str) -> Timestamp | None:
    """Returns the date at the beginning of a file's name, or in its folders as year, month, day.

    For an index file, the name of its folder counts.
    """
    pure = PurePosixPath(path)
    for name in (pure.stem, pure.parent.name if pure.stem.lower() in _INDEX_NAMES else ""):
        if found := _NAME_DATE.match(name):
            stamp = read_timestamp(_written(found))
            if stamp.value is not None:
                return stamp
    if found := _FOLDER_DATE.search(path):
        stamp = read_timestamp("-".join(found.groups()))
        if stamp.value is not None:
            return stamp
    return None


def _written(found: re.Match[str]) -> str:
    """Returns the date in a file's name as ``2020-11-04``, with the time if there is one."""
    if not found["digits"]:
        date = f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}"
        return f"{date} {found['clock'].replace('-', ':')}" if found["clock"] else date
    day, time = found["digits"], found["time"]
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return f"{date}T{time[:2]}:{time[2:4]}:{time[4:]}" if time else date


def title_from_path(path: str) -> str:
    """Makes a title from a file's name: without its date, in words, with a capital letter.

    Bytes and streams have no name (their source is ``<bytes>`` or ``<stdin>``), so no title either.
    """
    if path.startswith("<"):
        return ""
    pure = PurePosixPath(path)
    stem = pure.stem
    is_of_folder = stem.lower() in _INDEX_NAMES or pure.suffix.lower() in LEKTOR_FILES
    if is_of_folder and pure.parent.name:
        stem = pure.parent.name
    found = _NAME_DATE.match(stem)
    is_dated = found is not None and read_timestamp(_written(found)).value is not None
    rest = stem[found.end() :] if found and is_dated else stem
    if is_dated and not rest:
        return stem.replace("_", "-")
    words = re.sub(r"[-_\s]+", " ", rest).strip() if rest else stem
    return words[:1].upper() + words[1:]
