"""The inside of the paperback, as a writer; and what is noticed of posts as they pass."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from ..artifact import Artifact
from ..context import Context
from ..formats import Produces
from ..model.blocks import Embed, Media
from ..model.lazy import LazyPosts
from ..model.post import Collection, Post
from ..model.walk import walk
from ..writers.pdf import WRITER
from ..writers.pdf.interior import Interior, write_interior
from ..writers.pdf.page import PAGES, PageFormat
from ..writers.pdf.theme import THEMES
from . import press

if TYPE_CHECKING:
    from .make import KitOptions

_POINTS = 72


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What a post shows of somebody else's, or plays."""

    kind: str
    who: str
    href: str


class InteriorWriter:
    """Writes one inside. ``made`` and ``embeds`` are there when its artifact has run."""

    extension = ".pdf"
    media_type = "application/pdf"
    produces: Produces = "file"
    public = False

    def __init__(self, options: KitOptions, css: str) -> None:
        self.options_type = type(options)
        notes = {"footnotes": ("link-footnotes",), "endnotes": ("link-endnotes",)}
        self.transforms: tuple[str, ...] = (*WRITER.transforms, *notes.get(options.links, ()))
        self.made: Interior | None = None
        self.embeds: dict[str, list[Borrowed]] = {}
        """By the key of a post."""
        self._css = css

    def write(self, collection: Collection, options: KitOptions, context: Context) -> Artifact:
        def load(position: int) -> Post:
            post = collection.posts[position]
            self._note(post)
            return post

        posts = LazyPosts(load, range(len(collection)))
        watched = dataclasses.replace(collection, posts=posts)

        def file(stream: BinaryIO) -> None:
            theme = THEMES[options.theme]
            self.made = write_interior(
                stream,
                watched,
                context,
                page=theme.page(PAGES[options.trim]),
                theme=theme,
                bind=_bound,
                page_references=options.page_references,
                grayscale=options.grayscale,
                css=self._css,
            )

        return Artifact(report=context.report, file=file)

    def _note(self, post: Post) -> None:
        found = []
        for node in walk(post):
            if isinstance(node, Embed):
                who = node.author or node.title or node.provider
                found.append(Borrowed(node.kind, who, node.href))
            elif isinstance(node, Media):
                found.append(Borrowed(node.kind, "", node.src))
        self.embeds[post.metadata.key] = list(dict.fromkeys(found))


def _bound(page: PageFormat, pages: int) -> PageFormat:
    return page.bound(press.gutter(pages) * _POINTS, (press.OUTER_MARGIN + 0.03) * _POINTS)
