"""Writes a post in a plain dialect: the places of a product that copies nothing, and the whole text."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import structs

from ...context import Context
from ...model.blocks import Block, Group, Heading
from ...model.inlines import Image
from ...model.plain_text import plain_text
from ...model.post import Post
from .dialects import Dialect
from .plain_blocks import PlainBlocks, heading_anchors
from .plain_inlines import Places, PlainInlines


class PlainBody(NamedTuple):
    """The text of a post without front matter."""

    text: str
    has_html: bool
    has_math: bool


class PlacesOfSource:
    """Pictures and posts where the source has them."""

    def picture(self, image: Image) -> str | None:
        return image.src

    def page(self, key: str, anchor: str) -> str | None:  # noqa: ARG002 - a protocol's
        return None

    def note_name(self, key: str) -> str:  # noqa: ARG002 - a protocol's
        return ""


def plain_body(post: Post, dialect: Dialect, places: Places, context: Context) -> PlainBody:
    """Returns the body and the notes of ``post``, and reports its losses."""
    post = _without_second_title(post)
    inlines = PlainInlines(post, dialect, places, context, heading_anchors(post))
    text = PlainBlocks(inlines).body()
    return PlainBody(text, inlines.has_html, inlines.has_math)


def _without_second_title(post: Post) -> Post:
    """Lowers a heading at the top that repeats the title, or would be taken for it.

    It would be a second title on the page, and readers would take it away.
    """
    title = " ".join(post.metadata.title.split()).casefold()
    body = _lowered(post.body, title)
    return post if body is post.body else structs.replace(post, body=body)


def _lowered(blocks: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    match blocks:
        case (Heading(level=1) as first, *rest):
            if not title or " ".join(plain_text(first).split()).casefold() == title:
                return (structs.replace(first, level=2), *rest)
        case (Group(children) as first, *rest):
            within = _lowered(children, title)
            if within is not children:
                return (structs.replace(first, children=within), *rest)
    return blocks
