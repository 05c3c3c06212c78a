"""Derives the other addresses of a picture from what is known of Substack's CDN, for fetching."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from ..lazy_pattern import lazy_pattern
from ..media import picture_addresses
from ..media.picture_addresses import AddressRules
from ..model import blocks as b
from ..model import inlines as i
from ..model.post import Post
from ..model.walk import walk
from . import cdn
from .data_attrs import parse, string

_SRCSET = lazy_pattern(r'\ssrcset="([^"]*)"')


def candidates(*urls: str) -> Iterator[str]:
    """Yields the URLs to try for a picture that is said to be at ``urls``.

    For each URL these are the original that it wraps and the URL itself, and finally Substack's CDN
    for an original in Substack's store, which may refuse direct requests.
    """
    whole = [f"https:{url}" if url.startswith("//") else url for url in urls]
    unwrapped = [cdn.unwrap(url) for url in whole]
    tries = [one for url, found in zip(whole, unwrapped, strict=True) for one in (found[0], url)]
    tries += [cdn.wrap(*found) for found in unwrapped if cdn.is_stored(found.original)]
    yield from picture_addresses.candidates(*tries)


def transcodings(*urls: str) -> Iterator[str]:
    """Yields the URLs at which Substack's CDN serves ``urls`` as JPEG, for encodings that cannot be
    decoded here.

    This works for pictures in Substack's store and for those that the CDN already serves.
    """
    seen = set()
    for url in urls:
        found = cdn.unwrap(url)
        if found.original != url or cdn.is_stored(url):
            seen.add(cdn.wrap(*found, form="f_jpg"))
    yield from sorted(seen)


def file_name(url: str) -> str:
    """Returns the last part of the original's URL."""
    return picture_addresses.file_name(cdn.unwrap(url).original)


def other_addresses(post: Post, src: str) -> Iterable[str]:
    """Yields other addresses of the picture ``src``: the one in its data, and its largest rendition."""
    for node in walk(post):
        image = node.image if isinstance(node, b.Figure) else node
        origin = node.origin
        if origin is None or not isinstance(image, i.Image) or image.src != src:
            continue
        given = string((parse(origin.data) or {}).get("src"))
        if given:
            yield given
        written = [cdn.largest(html.unescape(srcset)) for srcset in _SRCSET.findall(origin.markup)]
        if origin.signature and not written:
            written = [cdn.largest(cdn.srcsets(src, origin.signature)[1])]
        yield from filter(None, written)


RULES = AddressRules(
    others=other_addresses, candidates=candidates, transcodings=transcodings, file_name=file_name
)
