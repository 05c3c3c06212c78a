"""Finds the post to which an address leads, by own hosts, slugs, ids, files, aliases and names.

Substack's forms of addresses were collected from archives and from its share buttons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from ..errors import UsageError
from ..lazy_pattern import lazy_pattern
from ..stored_items import StoredTable
from .addresses import without_query
from .post import Metadata
from .post_names import (
    NamedPost,
    PostNames,
    aliases,
    fold_name,
    is_post_file,
    language_of_file,
    permalinks,
    segments_of,
    without_ending,
)
from .slugs import POST_FILES, number_of_id, post_slug

WIKILINK = "wikilink"
"""The class of a link that gives the name of a post instead of its address, as in pandoc."""
EMBEDDED = "embedded"
"""The additional class of a wikilink that embeds the content of another file."""

_SCHEME = lazy_pattern(r"^(?:https?:)?//", re.I)
_SITE = lazy_pattern(r"(?:(?:https?:)?//)?[^\s/?#@:\\]+(?::[0-9]+)?(?:/[^\s?#\\]*)?", re.I)
_PUBLICATION = lazy_pattern(r"/pub/([A-Za-z0-9-]+)(/p/.*)")
# substack.com/home/post/p-1, /@writer/p-1, /inbox/post/1
_OF_SUBSTACK = lazy_pattern(r"/(?:home/post/|inbox/post/|@[^/]+/)(?:p-)?([0-9]{1,40})(?:[-/].*)?")
_SAID_SCHEME = lazy_pattern(r"(?:https?://|mailto:|tel:)", re.I)
_TRACKING = lazy_pattern(r"([?&])(?:(?:utm_\w+|fbclid|gclid|mc_[ce]id)=[^&#]*(?:&|(?=#)|$))+")
_STATUS = lazy_pattern(r"^((?:twitter|x)\.com/\w+/status/\d+)\?[^#]*", re.I)
_NUMBERED = lazy_pattern(r"(?:^|&)(?:p|page_id)=([0-9]{1,12})(?=&|$)")
_NO_QUERY = lazy_pattern(r"[?&]+(?=#|$)")
_LETTERS = lazy_pattern(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_CONTENT = "content/"
"""The folder to which Hugo and Zola take addresses of files to be relative."""
_OF_ROOT = "@/"
"""The prefix of an address that is relative to the folder of all posts, as in Zola."""
_BEFORE = lazy_pattern(r"(?:[\s\[<]|%20|%09|%0A|%5B|%3C)+(?=https?://|www\.)", re.IGNORECASE)
_AFTER = lazy_pattern(r"(?:[\s\]>]|%20|%09|%0A|%5D|%3E)+$", re.IGNORECASE)


def leads_to_start(fragment: str) -> bool:
    """Whether a fragment that is no node's id means the start of its page (HTML, section 7.4.6.4)."""
    return fragment.lower() in ("", "top")


class _Path(msgspec.Struct, frozen=True):
    """A path on the site that is not known to be that of a post."""

    path: str
    file: str
    """The target within the folder of all posts; empty if it is outside."""
    fragment: str


class PostFinder:
    """Finds the post to which a link leads.

    The first of several posts that claim an address or name gets it, but own addresses take precedence
    over aliases. The last segment of an address identifies a post only if it is unambiguous
    (``PostNames``).
    """

    def __init__(
        self,
        posts: Sequence[Metadata],
        sites: Iterable[str],
        names: PostNames,
        keys: Container[str],
    ) -> None:
        """``names`` are those of the whole collection, from which ``posts`` may be a selection; ``keys`` are theirs."""
        self._hosts = frozenset(map(plain_host, sites))
        self._last_segments = names
        self._slugs: StoredTable[str] = StoredTable(str)
        self._ids: StoredTable[str] = StoredTable(str)
        self._sources: StoredTable[str] = StoredTable(str)
        self._folded_sources: StoredTable[str] = StoredTable(str)
        """The posts by their files without extension, in any case, as a vault finds them."""
        self._urls: StoredTable[str] = StoredTable(str)
        self._paths: StoredTable[str] = StoredTable(str)
        self._own_paths: StoredTable[str] = StoredTable(str)
        self._names: StoredTable[str] = StoredTable(str)
        self._keys = keys
        for metadata in posts:
            self._add(metadata, post_slug(metadata))
        for metadata in posts:
            self._add_aliases(metadata)
        self._url_hosts = frozenset(url.partition("/")[0].partition("?")[0] for url in self._urls)

    def begin_sharing(self) -> None:
        """Makes ready what is looked up only now and then, for processes that are to read it."""
        self._last_segments.begin_sharing()

    def _add(self, metadata: Metadata, slug: str) -> None:
        key = metadata.key
        for table, name in (
            (self._slugs, fold_name(unquote(slug))),
            (self._ids, number_of_id(metadata.id)),
            (self._sources, _compose_path(metadata.source)),
            (self._urls, bare(metadata.canonical_url)),
            (self._own_paths, _path_of_url(metadata.canonical_url)),
        ):
            if name:
                table.setdefault(name, key)
        self._folded_sources.setdefault(fold_name(without_ending(metadata.source)), key)
        for name in (
            metadata.title,
            slug,
            without_ending(metadata.source.rsplit("/", 1)[-1]),
            metadata.id,
        ):
            if name:
                self._names.setdefault(fold_name(name), key)
        for address in permalinks(metadata):
            self._add_path(address, key)

    def _add_path(self, address: str, key: str) -> None:
        if _SCHEME.match(address):
            self._urls.setdefault(bare(address), key)
        else:
            self._paths.setdefault(_site_path(address), key)

    def _add_aliases(self, metadata: Metadata) -> None:
        key = metadata.key
        for alias in aliases(metadata):
            if "/" in alias:
                self._add_path(alias, key)
            else:
                self._names.setdefault(fold_name(alias), key)
                self._slugs.setdefault(fold_name(alias), key)

    def find(self, href: str, source: str) -> tuple[str, str] | None:
        """Returns ``(key, fragment)`` of the post to which an address leads; see ``Index.resolve``."""
        found = self._find(href, source)
        if not isinstance(found, _Path):
            return found
        named = self._last_segments.find(found.path, found.file, source)
        if len(named) == 1 and named[0].key in self._keys:
            return named[0].key, found.fragment
        return None

    def find_namesakes(self, href: str, source: str) -> tuple[NamedPost, ...]:
        """Returns the posts that an ambiguous address may name; empty unless there are two or more."""
        found = self._find(href, source)
        if not isinstance(found, _Path):
            return ()
        named = self._last_segments.find(found.path, found.file, source)
        return named if len(named) > 1 else ()

    def _find(self, href: str, source: str) -> tuple[str, str] | _Path | None:
        """Resolves an address by file or permalink; else returns the path, whose last segment may name a post."""
        try:
            parts = urlsplit(href)
            host = plain_host(parts.hostname or "")
        except ValueError:
            return None
        # Browsers take the marks of Windows for slashes, too.
        path = unquote(parts.path).replace("\\", "/")
        fragment = unquote(parts.fragment)
        if parts.scheme in ("http", "https") or (parts.netloc and not parts.scheme):
            tried = (bare(href), bare(href.partition("?")[0])) if host in self._url_hosts else ()
            key = next((self._urls[url] for url in tried if url in self._urls), None)
            if key is not None:
                return key, fragment
            if host in self._hosts:
                return self._on_site(path, fragment)
            if host in ("substack.com", "open.substack.com"):
                return self._on_substack(path, parts.query, fragment)
            return None
        if parts.scheme:
            return None
        if path.startswith(_OF_ROOT):
            path = path.removeprefix(_OF_ROOT)
            source = ""
        language = language_of_file(source)
        if path.startswith("/"):
            own = _site_path(f"/{language}{path}") if language else ""
            key = self._paths.get(own) or self._own_paths.get(own) if own else None
            return (key, fragment) if key else self._on_site(path, fragment, language)
        file = _join_path(source, path)
        key = self._by_file(file, language) if path else None
        if key is None and is_post_file(path):
            key = self._by_file(_join_path("", path), language)
        return (key, fragment) if key else _Path(path, file, fragment)

    def find_name(self, name: str, source: str) -> tuple[str, str] | None:
        """Returns ``(key, heading)`` of the post that a wikilink names by title, slug, alias or file."""
        name, _, heading = unquote(name).partition("#")
        key = self._names.get(fold_name(name))
        if key is None and name.strip():
            path = name.strip()
            key = self._by_file(path.lstrip("/")) or self._by_file(_join_path(source, path))
            key = key or self._folded_sources.get(fold_name(without_ending(path.strip("/"))))
            key = key or self._named_with_hyphens(path, source)
        # In [[Post#Part#Section]], the last heading is meant.
        return None if key is None else (key, heading.rsplit("#", 1)[-1].strip())

    def _named_with_hyphens(self, name: str, source: str) -> str | None:
        """Returns the key of the one post whose file has hyphens for the spaces of a name, perhaps behind a date, as files of
        wikis and of Jekyll have.
        """
        found = self._last_segments.find("-".join(name.strip("/").split()), "", source)
        return found[0].key if len(found) == 1 and found[0].key in self._keys else None

    def is_post_of_site(self, href: str) -> bool:
        """Whether an address has the form of a post's on an own host, be that post known or not."""
        try:
            parts = urlsplit(href)
            host = plain_host(parts.hostname or "")
        except ValueError:
            return False
        path = parts.path
        publication = _PUBLICATION.fullmatch(path) if host == "open.substack.com" else None
        if publication:
            host, path = f"{publication[1].lower()}.substack.com", publication[2]
        segments = [s for s in path.split("/") if s]
        relative = not parts.scheme and not parts.netloc and path.startswith("/")
        return (
            parts.scheme in ("http", "https", "")
            and (relative or host in self._hosts)
            and (
                (len(segments) == 2 and segments[0] == "p")
                or (len(segments) in (2, 3) and segments[0] == "i" and segments[1].isdigit())
            )
        )

    def _on_site(
        self, path: str, fragment: str, language: str = ""
    ) -> tuple[str, str] | _Path | None:
        key = self._paths.get(_site_path(path))
        if key is not None:
            return key, fragment
        segments = [s for s in path.split("/") if s]
        if len(segments) == 2 and segments[0] == "p":
            slug = fold_name(segments[1])
            key = self._slugs.get(slug) or self._ids.get(slug)
        elif len(segments) in (2, 3) and segments[0] == "i":
            # "Copy link to section" gives the post's number and the heading's anchor.
            key = self._ids.get(segments[1])
            fragment = fragment or "".join(segments[2:])
        file = _join_path("", path)
        if key is None:
            key = self._by_file(file, language) or self._own_paths.get(_site_path(path))
        if key is not None:
            return key, fragment
        # The last segment of /p/slug/comments and /i/number/heading does not name a post.
        of_substack = (len(segments) > 2 and segments[0] == "p") or segments[:1] == ["i"]
        return None if of_substack else _Path(path, file, fragment)

    def _on_substack(self, path: str, query: str, fragment: str) -> tuple[str, str] | _Path | None:
        publication = _PUBLICATION.fullmatch(path)
        if publication:
            own = f"{publication[1].lower()}.substack.com" in self._hosts
            return self._on_site(publication[2], fragment) if own else None
        found = _OF_SUBSTACK.fullmatch(path)
        number = found[1] if found else ""
        if path.rstrip("/") == "/app-link/post":
            number = next(iter(parse_qs(query).get("post_id", [])), "")
        key = self._ids.get(number)
        return None if key is None else (key, fragment)

    def _by_file(self, path: str, language: str = "") -> str | None:
        """Finds a post by a path in the source folder, or in the folder ``content`` there: with or without
        extension, a site's page, or a folder. That in ``language``, such as ``two.fr.md``, comes first.
        """
        path = _compose_path(path)
        if not path:
            return None
        own = (f"content.{language}/", f"{_CONTENT}{language}/") if language else ()
        folders = (*own, "", _CONTENT)
        places = [folder + path for folder in folders]
        suffixes = (f".{language}", "") if language else ("",)
        tried = (self._by_path(place, suffix) for suffix in suffixes for place in places)
        return next(filter(None, tried), None)

    def _by_path(self, path: str, suffix: str) -> str | None:
        key = self._sources.get(path) if not suffix else None
        if key is not None:
            return key
        stem = path.rstrip("/")
        for ending in POST_FILES:
            stem = stem.removesuffix(ending)
        middles = ("", "/index")
        tried = (stem + middle + suffix + ending for middle in middles for ending in POST_FILES)
        return next((self._sources[name] for name in tried if name in self._sources), None)


def repair_address(href: str) -> str:
    """Removes the blanks and brackets that editors leave around pasted addresses, and adds
    the scheme that a bare ``www.`` lacks.
    """
    pasted = _BEFORE.match(href)
    if pasted:
        href = _AFTER.sub("", href[pasted.end() :])
    return f"https://{href}" if href.startswith("www.") else href


def shorten_address(href: str) -> str:
    """Shortens an address for print: without parts that need not be typed, letters decoded."""
    scheme = _SAID_SCHEME.match(href)
    rest = href[scheme.end() :] if scheme else href
    if scheme and scheme[0].lower() == "mailto:":
        return unquote(rest.split("?", 1)[0])
    rest = _NO_QUERY.sub("", _TRACKING.sub(r"\1", rest)).removeprefix("www.")
    return _LETTERS.sub(_decode_percent, _STATUS.sub(r"\1", rest)).rstrip("/")


def _decode_percent(match: re.Match[str]) -> str:
    try:
        text = unquote(match[0], errors="strict")
    except UnicodeDecodeError:
        return match[0]
    return text if text.isprintable() else match[0]


def bare(href: str) -> str:
    """Normalizes an address for comparison: drops scheme, ``www.``, query, fragment, case and extension.

    The query stays if there is no path, and the number of a post stays in any case (``/blog/?p=12``, WordPress).
    """
    rest, _, query = _SCHEME.sub("", href.split("#", 1)[0]).partition("?")
    host, _, path = rest.partition("/")
    path = _site_path(path)
    if query and (numbered := _NUMBERED.search(query)):
        return f"{plain_host(host)}/{path}".rstrip("/") + f"?p={numbered[1]}"
    if not path and query:
        return f"{plain_host(host)}?{query}"
    return f"{plain_host(host)}/{path}".rstrip("/")


def plain_host(host: str) -> str:
    """Normalizes a host for comparison: lower case, without ``www.``."""
    return host.lower().removeprefix("www.")


def check_site(site: str) -> str:
    """Returns a site's host or address unchanged. Raises UsageError if it cannot be that of a site."""
    if not _SITE.fullmatch(site.strip()):
        what = (
            "has a query or a fragment"
            if re.search("[?#]", site)
            else "is not the address of a site"
        )
        raise UsageError(
            f"{site!r} {what}", hint="write letters.example or https://letters.example"
        )
    return site


def site_host(site: str) -> str:
    """Returns the host of a site, which may be given as an address."""
    return _SCHEME.sub("", site.strip()).split("/", 1)[0].lower()


def _site_path(path: str) -> str:
    """Normalizes a path on a site for comparison."""
    return "/".join(segments_of(unquote(without_query(path))))


def _path_of_url(url: str) -> str:
    """Returns the normalized path of an address with a host; empty if it has none."""
    host, _, path = _SCHEME.sub("", url).partition("/") if _SCHEME.match(url) else ("", "", "")
    return _site_path(path) if host else ""


def _compose_path(path: str) -> str:
    """Normalizes a file path for comparison, since file systems may decompose accented letters."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def _join_path(source: str, path: str) -> str:
    """Resolves ``path`` against the file ``source``; empty if it leaves the folder."""
    folder = source.rsplit("/", 1)[0].split("/") if "/" in source else []
    for segment in path.split("/"):
        if segment == "..":
            if not folder:
                return ""
            folder.pop()
        elif segment not in ("", "."):
            folder.append(segment)
    return "/".join(folder)
