"""Finds the post that the last segment of an address names, if no file and no permalink matches it.

Site generators derive addresses from files in different ways (``/blog/slug/``, ``/posts/slug/``,
``/2023/01/06/slug.html``), but the last segment is the same in all of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

import msgspec

from ..lazy_pattern import lazy_pattern
from ..stored_items import StoredTable, repeated
from .language_tags import primary_language
from .post import Metadata
from .slugs import POST_FILES, WRITTEN_FILES, post_slug
from .years import is_year

IsFile: TypeAlias = Callable[[str], bool]
"""Whether a path, relative to the folder of all posts, is a file there."""

_LISTINGS = frozenset(
    "author authors categories category label page s series t tag tags topic topics".split()
)
"""The segments before the name of a list of posts instead of a post: the usual taxonomies of Hugo, Jekyll,
WordPress and Zola, Blogger's labels, and the sections and tags of Substack."""
_LANGUAGES = frozenset(
    "af ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka "
    "kk km kn ko lt lv mk ml mn mr ms my nb ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tl "
    "tr uk ur uz vi zh zu".split()
)
"""The languages (ISO 639-1) that name folders of multilingual sites."""
_CONTAINERS = frozenset(
    "_posts archive archives article articles blog blogs content docs entries entry journal news p pages post posts "
    "site source src stories story website writing".split()
)
"""The folders that hold posts of any subject, so that a site may rename them without a post being another."""
_PERMALINKS = ("permalink", "url", "path")
_ALIASES = ("aliases", "alias", "redirect_from")
_DAY = lazy_pattern(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[-_]?")
_ORDER = lazy_pattern(r"[0-9]{1,3}\.(?=[^\W\d_])")
"""Matches the number by which Nuxt orders files, as in ``1.name.md``."""
_PART_OF_DATE = lazy_pattern(r"[0-9]{1,2}")
_INDEX = ("index", "_index")
_CONTENT = "content."
"""The beginning of a folder of Hugo's that holds the posts of one language."""


class NamedPost(msgspec.Struct, frozen=True):
    """The properties of a post that an address may name."""

    key: str
    source: str
    path: tuple[str, ...]
    """The folded segments of its file's path, without the extension and without ``index``."""
    language: str
    """The language that its path names, such as ``es`` for ``es/a.md`` and ``a.es.md``; else empty."""
    days: tuple[str, ...]
    """Its possible dates in ISO 8601, as far as each is known."""
    places: tuple[tuple[str, ...], ...]
    """The segments of its own addresses before the last one; without any address, those of ``path``."""


class _PostsByName:
    """Posts by names, of which several may have the same."""

    def __init__(self) -> None:
        self.numbers: StoredTable[int] = StoredTable(int)
        """How many have a name."""
        self.posts: StoredTable[NamedPost] = StoredTable(NamedPost)

    def called(self, name: str) -> tuple[NamedPost, ...]:
        return tuple(self.posts[f"{name}\0{n}"] for n in range(self.numbers.get(name, 0)))


class PostNames:
    """The posts of a whole collection by slug, dated stem, folder, and last segment of a permalink."""

    def __init__(
        self,
        posts: Sequence[Metadata],
        is_file: IsFile | None = None,
    ) -> None:
        self._given = posts
        self._is_file = is_file

    def begin_sharing(self) -> None:
        """Makes the names ready for processes that are to read them."""
        _ = self._posts

    @cached_property
    def _posts(self) -> _PostsByName:
        """The posts by each of their names; computed on demand, since most collections never need it."""
        found = _PostsByName()
        shared = repeated(lambda: (metadata.source for metadata in self._given))
        stems = self._stems_of_several()
        for metadata in self._given:
            slug = post_slug(metadata)
            has_file = metadata.source not in shared
            path, language = _file_of(metadata.source) if has_file else ((), "")
            names = {*path[-1:], *segments_of(unquote(slug))[-1:]}
            given = (metadata.canonical_url, *permalinks(metadata))
            addresses = tuple(filter(None, map(segments_of, map(_path_of, given))))
            names.update(address[-1] for address in addresses)
            if path and not slug and path[-1] in stems:
                # a-walk/post.md, midsummer/post.md
                names.update(path[-2:-1])
            names.update({_DAY.sub("", name, count=1) for name in names if _DAY.match(name)})
            names.update({_ORDER.sub("", name, count=1) for name in names if _ORDER.match(name)})
            post = NamedPost(
                metadata.key,
                metadata.source,
                path,
                language,
                _days(metadata, path),
                tuple(address[:-1] for address in addresses or (path,)),
            )
            for name in names:
                number = found.numbers.get(name, 0)
                found.numbers[name] = number + 1
                found.posts[f"{name}\0{number}"] = post
        return found

    def _stems_of_several(self) -> set[str]:
        """Returns the names, without extension, that files in several folders have."""
        first: StoredTable[tuple[str, ...]] = StoredTable(tuple[str, ...])
        several: set[str] = set()
        for metadata in self._given:
            path = _file_of(metadata.source)[0]
            if path and first.setdefault(path[-1], path) != path:
                several.add(path[-1])
        return several

    def find(self, path: str, file: str, source: str) -> tuple[NamedPost, ...]:
        """Returns the posts that the last segment of ``path`` may name; the name is valid only if it is one.

        ``path`` is percent-decoded. ``file`` is its target in the folder of all posts, empty if it is
        outside; an existing file there is not a post. ``source`` is the file of the post with the link.
        """
        segments = segments_of(path)
        found = self._posts.called(segments[-1]) if segments else ()
        if not found or (file and self._is_file is not None and self._is_file(file)):
            return ()
        day = _day_of(segments[:-1])
        if day:
            found = tuple(post for post in found if _may_be_of(post, day))
            found = tuple(post for post in found if post.days) or found
        language, own = _language_of(segments[:-1]), _file_of(source)[1]
        if language or len(found) == 1:
            found = tuple(post for post in found if _in_language(post, language or own))
            named = tuple(post for post in found if post.language)
            found = named if language and named else found
        else:
            same = tuple(p for p in found if bool(p.language) == bool(own) and _in_language(p, own))
            found = same or found
        is_listed = len(segments) > 1 and segments[-2] in _LISTINGS
        if is_listed or (
            len(found) > 1 and (len(segments) > 1 or path.lower().endswith(POST_FILES))
        ):
            there = tuple(p for p in found if p.path[-len(segments) :] == segments)
            if is_listed or len(there) == 1:
                return there
        if len(found) == 1 and not (day and found[0].days) and _lies_elsewhere(found[0], segments):
            return ()
        return found


def language_of_file(source: str) -> str:
    """Returns the language that the path of a file names: ``es`` for ``es/a.md`` and ``a.es.md``; else empty."""
    return _file_of(source)[1]


def is_post_file(path: str) -> bool:
    """Whether a path is that of a post's file in Markdown or reStructuredText: on no site does a page end so."""
    return path.lower().endswith(WRITTEN_FILES)


def permalinks(metadata: Metadata) -> tuple[str, ...]:
    """Returns the addresses that a post's header declares."""
    return tuple(fields_of(metadata, _PERMALINKS))


def aliases(metadata: Metadata) -> tuple[str, ...]:
    """Returns the former addresses and the other names that a post's header declares."""
    return tuple(fields_of(metadata, _ALIASES))


def fields_of(metadata: Metadata, fields: tuple[str, ...]) -> list[str]:
    """Returns the texts in these fields of a post's header, where site generators and Obsidian put its names
    and addresses.
    """
    found: list[str] = []
    for field, value in metadata.extra.items():
        if field.lower() not in fields:
            continue
        for item in value if isinstance(value, list) else [value]:
            # ``/:year/:title/`` is a pattern instead of an address.
            if isinstance(item, str) and item.strip() and "/:" not in item:
                found.append(item.strip())
    return found


def segments_of(path: str) -> tuple[str, ...]:
    """Returns the folded segments of a percent-decoded path, without ``index`` and extensions."""
    segments: list[str] = []
    for segment in fold_name(path).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    if segments:
        segments[-1] = without_ending(segments[-1])
        if segments[-1] in _INDEX:
            segments.pop()
    return tuple(segments)


def without_ending(name: str) -> str:
    """Removes the extension of a post from a file name or from the last segment of an address."""
    for ending in POST_FILES:
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def fold_name(text: str) -> str:
    """Normalizes ``text`` for comparing names and paths: NFC, case-folded, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def forms_of_name(name: str) -> tuple[str, ...]:
    """Returns the spellings that the name of a file may have on a disk or in an archive, as it is written first.

    Macs write a letter and its accent apart (NFD), others together (NFC), and what copies a file keeps its name.
    """
    if name.isascii():
        return (name,)
    return tuple(dict.fromkeys((name, *(unicodedata.normalize(f, name) for f in ("NFC", "NFD")))))


def _file_of(source: str) -> tuple[tuple[str, ...], str]:
    """Returns the segments of a file's path and the language that it names: ``es/a.md``, ``a.es.md``."""
    segments = segments_of(source)
    name, _, suffix = segments[-1].rpartition(".") if segments else ("", "", "")
    if name and (language := _language_of((suffix,))):
        return segments_of("/".join((*segments[:-1], name))), language
    return segments, _language_of(segments[:-1])


def _path_of(permalink: str) -> str:
    try:
        return unquote(urlsplit(permalink).path)
    except ValueError:
        return ""


def _days(metadata: Metadata, path: tuple[str, ...]) -> tuple[str, ...]:
    found = {match[0].rstrip("-") for name in path[-2:] if (match := _DAY.match(name))}
    if metadata.published:
        found.add(metadata.published.day[:10])
    return tuple(sorted(day for day in found if is_year(day[:4])))


def _day_of(segments: tuple[str, ...]) -> str:
    """Returns the year, month or day that a path names before its last segment: ``2023``, ``2023-01``."""
    for position, segment in enumerate(segments):
        if not is_year(segment):
            continue
        parts = [segment]
        for part in segments[position + 1 : position + 3]:
            if not _PART_OF_DATE.fullmatch(part):
                break
            parts.append(part.zfill(2))
        return "-".join(parts)
    return ""


def _lies_elsewhere(post: NamedPost, segments: tuple[str, ...]) -> bool:
    """Whether the folders in an address contradict those in every own address of a post.

    A site may lie below a folder, and a post be moved to one; so folders agree if all of one address are in the other.
    """
    folders = _subjects(segments[:-1], segments[-1])
    own = [_subjects(place, segments[-1]) for place in post.places]
    return not any(folders <= there or there <= folders for there in own)


def _subjects(folders: tuple[str, ...], name: str) -> frozenset[str]:
    """Returns the folders that tell a subject: not a date, a language, a container or the folder of the post itself."""
    return frozenset(
        folder
        for folder in folders
        if folder not in _CONTAINERS
        and not (is_year(folder) or _PART_OF_DATE.fullmatch(folder) or _language_of((folder,)))
        and name not in (folder, _DAY.sub("", folder, count=1))
    )


def _language_of(segments: tuple[str, ...]) -> str:
    """Returns the language that a path names before its last segment: ``es``, ``pt-br``, ``content.es``."""
    tags = (segment.removeprefix(_CONTENT).replace("_", "-") for segment in segments)
    return next((tag for tag in tags if len(tag) < 8 and primary_language(tag) in _LANGUAGES), "")


def _in_language(post: NamedPost, language: str) -> bool:
    """Whether nothing in the path of a post's file speaks against a language."""
    own = post.language
    shorter = min(own, language, key=len)
    return not shorter or (
        f"{own}-".startswith(f"{shorter}-") and f"{language}-".startswith(f"{shorter}-")
    )


def _may_be_of(post: NamedPost, day: str) -> bool:
    """Whether nothing that is known of the post's date speaks against ``day``; where the site lies,
    it may have been the day before or after.
    """
    return not post.days or any(_agree(known, day) for known in post.days)


def _agree(known: str, day: str) -> bool:
    length = min(len(known), len(day))
    if known[:length] == day[:length]:
        return True
    try:
        moment = date.fromisoformat(known)
    except ValueError:
        return False
    near = (moment + timedelta(days) for days in (-1, 1))
    return any(other.isoformat()[: len(day)] == day for other in near)
