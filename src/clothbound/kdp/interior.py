"""The inside of the printed book, and what is noticed of posts as they pass."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from ..context import Context
from ..model.blocks import Embed, Media
from ..model.collection import Collection, LazyPosts
from ..model.inlines import Image
from ..model.links import plain_host
from ..model.post import Post
from ..model.walk import walk
from ..substack import cdn
from ..web.addresses import hostname_of, is_remote
from ..writers.pdf.page import PAGES, PageFormat
from ..writers.pdf.press_ready import Interior, write_interior
from ..writers.pdf.theme import THEMES
from . import press
from .options import Kdp

_POINTS = 72


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What a post shows of somebody else's, or plays."""

    kind: str
    who: str
    href: str


@dataclass(frozen=True, slots=True)
class Inside:
    """What was made, and what of."""

    data: bytes
    """A PDF."""
    made: Interior
    borrowed: Mapping[str, Sequence[Borrowed]]
    """By the key of a post."""


def make_inside(collection: Collection, options: Kdp, css: str, context: Context) -> Inside:
    """Sets posts that are prepared for a PDF. ``css`` comes after the book's own style sheets."""
    borrowed: dict[str, Sequence[Borrowed]] = {}
    sites = tuple(plain_host(site) for site in collection.index.sites)

    def load(position: int) -> Post:
        post = collection.posts[position]
        borrowed[post.metadata.key] = tuple(dict.fromkeys(_borrowed(post, sites)))
        return post

    posts = LazyPosts(load, range(len(collection)))
    theme = THEMES[options.theme]
    stream = io.BytesIO()
    made = write_interior(
        stream,
        structs.replace(collection, posts=posts),
        context,
        page=theme.page(PAGES[options.trim]),
        theme=theme,
        bind=_bound,
        least_type=press.LEAST_TYPE,
        page_references=options.page_references,
        grayscale=options.grayscale,
        css=css,
    )
    return Inside(stream.getvalue(), made, borrowed)


def _borrowed(post: Post, sites: Sequence[str]) -> Iterator[Borrowed]:
    for node in walk(post):
        if isinstance(node, Embed):
            yield Borrowed(node.kind, node.author or node.title or node.provider, node.href)
        elif isinstance(node, Media):
            yield Borrowed(node.kind, "", node.src)
        elif isinstance(node, Image) and is_remote(node.src):
            original = cdn.unwrap(node.src).original
            host = hostname_of(original)
            own = any(host == site or host.endswith(f".{site}") for site in sites)
            if not own and not cdn.is_stored(original):
                yield Borrowed("picture", host, original)


def _bound(page: PageFormat, pages: int) -> PageFormat:
    return page.bound(press.gutter(pages) * _POINTS, (press.OUTER_MARGIN + 0.03) * _POINTS)
