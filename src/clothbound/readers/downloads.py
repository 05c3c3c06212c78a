"""Fetches a source that is an address: a page, a feed, or a file of any other format.

Its name comes from the server's media type and the address, its relative addresses are seen from where it was found.
For the front page of a blog, the feed that it names is read.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from email.message import Message
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import ReadError, ResourceError, UsageError
from ..lazy_pattern import lazy_pattern
from ..model.collection import Collection, LazyPosts
from ..model.index import Index, IndexEntry, with_unique_keys
from ..model.post import Metadata, Post
from ..web.addresses import hostname_of, is_remote, path_of, split_url
from .html import begins_page
from .html_metadata import address_slug, head_of, tree_of
from .html_post import decode_html
from .json_feed import JsonFeedInput
from .relative_addresses import join_address, resolve_addresses
from .rss import FeedInput

if TYPE_CHECKING:
    from ..media.fetch import Download
    from ..media.resources import Fetch

_EXTENSIONS = {
    "application/atom+xml": ".atom",
    "application/feed+json": ".json",
    "application/json": ".json",
    "application/rss+xml": ".rss",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/xml": ".xml",
}
_FEED_TYPES = {
    "application/rss+xml": FeedInput.format,
    "application/atom+xml": FeedInput.format,
    "application/feed+json": JsonFeedInput.format,
}
_TAIL = lazy_pattern(r"\.[A-Za-z0-9]{1,10}$")
_HEAD = 4096
_UTF8_MARK = b"\xef\xbb\xbf"


class DownloadedSource(io.BytesIO):
    """What was found at an address, as a stream that readers accept. Its ``name`` is that of a file."""

    def __init__(self, data: bytes, name: str, address: str, base: str) -> None:
        super().__init__(data)
        self.name = name
        self.address = address
        """Where it was found, after redirects."""
        self.base = base
        """The address from which its relative addresses are seen."""
        self.findings: tuple[Diagnostic, ...] = ()


def download(address: str, fetch: Fetch, reader: str = "") -> DownloadedSource:
    """Returns what is at an address, or the feed of the blog whose front page is there.

    ``reader`` names the format, if the caller does: ``html`` takes a front page itself, and ``rss`` or ``jsonfeed`` the
    feed that any page names. ``fetch`` may have a method ``download``, as ``Fetcher`` has, which also tells media type and final
    address. Raises ReadError if nothing can be fetched, and UsageError for an address with a password.
    """
    if "@" in split_url(address).netloc:
        raise UsageError(
            "an address with a name or password in it is not fetched",
            hint="download the page, and give the name of the file",
        )
    found = _source_of(_fetched(address, fetch))
    is_page = begins_page(found.getvalue()[:_HEAD])
    if not is_page or reader not in ("", *_FEED_TYPES.values()):
        return found
    feed = _feed_of(found, reader)
    if not feed:
        return found
    read = _source_of(_fetched(feed, fetch))
    message = (
        f"{address} is a page that names a feed; its posts were read from there: {feed}"
        if reader
        else f"{address} is the front page of a site; the posts were read from its feed, {feed}, which may hold only"
        " the newest (-f html reads the page itself)"
    )
    read.findings = (Diagnostic(DiagnosticCode.INFERRED, message, address, severity=Severity.INFO),)
    return read


def with_addresses(collection: Collection, source: DownloadedSource) -> Collection:
    """Returns the posts that were read from an address, with addresses that lead there from anywhere.

    A post that is the whole source has its address; the posts of a feed have their own.
    """
    posts, index = collection.posts, collection.index
    entries = index.entries
    if len(entries) == 1 and not is_remote(entries[0].metadata.source):
        entries = with_unique_keys([_located(entries[0], source)])
    load = partial(_load, posts, tuple(entry.metadata for entry in entries), source.base)
    if entries is not index.entries:
        index = Index(entries, load=load, sites=index.sites)
    return msgspec.structs.replace(
        collection,
        posts=LazyPosts(load, range(len(posts))),
        index=index,
        diagnostics=(*source.findings, *collection.diagnostics),
    )


def _load(posts: Sequence[Post], metadata: tuple[Metadata, ...], base: str, position: int) -> Post:
    post = msgspec.structs.replace(posts[position], metadata=metadata[position])
    return resolve_addresses(post, base)


def _located(entry: IndexEntry, source: DownloadedSource) -> IndexEntry:
    metadata = entry.metadata
    canonical = join_address(source.base, metadata.canonical_url or source.address)
    metadata = msgspec.structs.replace(
        metadata,
        key="",
        source=source.address,
        canonical_url=canonical,
        slug=metadata.slug or address_slug(canonical),
        cover=join_address(source.base, metadata.cover) if metadata.cover else "",
    )
    return msgspec.structs.replace(entry, metadata=metadata)


def _fetched(address: str, fetch: Fetch) -> Download:
    from ..media.fetch import Download

    get = getattr(fetch, "download", None)
    try:
        found: Download = get(address) if get is not None else Download(fetch(address), address)
    except ResourceError as error:
        message = error.message.removesuffix(f": {address[:200]}")
        raise ReadError(message, source=address, hint=error.hint) from error
    return found


def _source_of(found: Download) -> DownloadedSource:
    address = found.url.partition("#")[0]
    header = Message()
    header["Content-Type"] = found.content_type or "application/octet-stream"
    media_type = header.get_content_type()
    data = _as_utf8(found.data, str(header.get_param("charset", "") or ""), media_type)
    name = _file_name(address)
    is_page = begins_page(data[:_HEAD])
    extension = _EXTENSIONS.get(media_type, ".html" if is_page else "")
    if extension and not name.lower().endswith(extension):
        name = _TAIL.sub("", name) + extension
    base = address
    if is_page:
        first = next((e for e in _head_elements(data) if e.tag == "base" and e.get("href")), None)
        base = join_address(address, first.get("href").strip()) if first is not None else address
    return DownloadedSource(data, name, address, base)


def _file_name(address: str) -> str:
    """Returns the last segment of an address's path as the name of a file, else its host."""
    segment = unquote(path_of(address)).rstrip("/").rpartition("/")[2]
    return segment.replace("\0", "").replace("\\", "") or hostname_of(address).replace(".", "-")


def _as_utf8(data: bytes, charset: str, media_type: str) -> bytes:
    """Returns a text as UTF-8 with its mark if only the server says in which encoding it is."""
    is_text = media_type.startswith("text/") or media_type.endswith(("xml", "json"))
    if not is_text or not charset or data.startswith((_UTF8_MARK, b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return _UTF8_MARK + data.decode(charset, "replace").encode("utf-8", "replace")
        except (LookupError, UnicodeError):
            pass
    return data


def _head_elements(data: bytes) -> list[Any]:
    """Returns the elements of a page's head."""
    tree = tree_of(head_of(decode_html(data)[0]) or "<title></title>")
    return list(tree.iter("base", "link", "meta")) if tree is not None else []


def _feed_of(page: DownloadedSource, reader: str) -> str:
    """Returns the address of the feed that a page names; empty if it names none.

    Unless ``reader`` names the format of the feed, the page must be a front page: it lies at the root of a host or, as
    that of a blog below one does, in the folder of its feed.
    """
    for link in _head_elements(page.getvalue()):
        relations = link.get("rel", "").lower().split() if link.tag == "link" else ()
        kind = link.get("type", "").partition(";")[0].strip().lower()
        href = link.get("href", "").strip()
        is_wanted = kind in _FEED_TYPES and reader in ("", _FEED_TYPES[kind])
        if "alternate" not in relations or not is_wanted or not href:
            continue
        feed = join_address(page.base, href)
        is_of_comments = "comment" in f"{link.get('title', '')} {path_of(feed)}".lower()
        if is_of_comments or not hostname_of(feed):
            continue
        if reader or _is_front_page(page.address, feed):
            return feed
        return ""
    return ""


def _is_front_page(address: str, feed: str) -> bool:
    page, other = split_url(address), split_url(feed)
    if page.query:
        return False
    folder = other.path.rstrip("/").rpartition("/")[0]
    is_folder_of_feed = page.netloc == other.netloc and folder == page.path.rstrip("/")
    return page.path in ("", "/") or is_folder_of_feed
