"""Renders the interior of the printed book and collects third-party content on the way."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from ..context import Context
from ..language.detect import collection_language
from ..model.collection import Collection, LazyPosts
from ..model.links import plain_host
from ..model.post import Post
from ..writers.pdf.page_format import PAGES, PageFormat
from ..writers.pdf.press_ready import Interior, write_interior
from ..writers.pdf.theme_choice import find_theme
from . import specs
from .options import Kdp
from .third_party import ThirdPartyContent, third_party_content

_POINTS = 72


@dataclass(frozen=True, slots=True)
class RenderedInterior:
    """The interior as a file, with the third-party content that was found in it."""

    data: bytes
    """A PDF."""
    made: Interior
    third_party: Mapping[str, Sequence[ThirdPartyContent]]
    """The third-party content of each post, by key."""


def render_interior(
    collection: Collection, options: Kdp, css: str, context: Context
) -> RenderedInterior:
    """Renders posts that are prepared for a PDF. ``css`` is applied after the book's own style sheets."""
    third_party: dict[str, Sequence[ThirdPartyContent]] = {}
    sites = tuple(plain_host(site) for site in collection.index.sites)

    def load(position: int) -> Post:
        post = collection.posts[position]
        third_party[post.metadata.key] = tuple(dict.fromkeys(third_party_content(post, sites)))
        return post

    posts = LazyPosts(load, range(len(collection)))
    page = PAGES[options.trim]
    theme = find_theme(options.theme, context.run.limits, options.trim)
    theme = theme.set_for(collection_language(collection), page)
    stream = io.BytesIO()
    made = write_interior(
        stream,
        structs.replace(collection, posts=posts),
        context,
        page=theme.page(page),
        theme=theme,
        bind=_bound,
        least_type=specs.LEAST_TYPE,
        page_references=options.page_references,
        grayscale=options.grayscale,
        runs_on=options.openers == "run-on",
        css=css,
    )
    return RenderedInterior(stream.getvalue(), made, third_party)


def _bound(page: PageFormat, pages: int) -> PageFormat:
    return page.bound(specs.gutter(pages) * _POINTS, (specs.OUTER_MARGIN + 0.03) * _POINTS)
