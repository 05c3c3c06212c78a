"""Shows the picture of a post above its text, as the page of the post does."""

from __future__ import annotations

import msgspec

from ..context import Context
from ..language.quotes import Typesetter
from ..lazy_pattern import lazy_pattern
from ..model.addresses import without_query
from ..model.blocks import Figure
from ..model.census import tally
from ..model.default_alts import is_default_alt
from ..model.inlines import Image, Text
from ..model.post import Post
from ..model.walk import walk
from ..substack import cdn

_SIZE = lazy_pattern(r"-\d+x\d+(?=\.\w+$)|-scaled(?=\.\w+$)|/size/w\d+(?:h\d+)?(?=/)")
"""Matches what the addresses of WordPress and Ghost have for one size of a picture."""


def show_described_cover(post: Post, context: Context) -> Post:
    """Returns ``post`` with its picture at the top, if its author described it or gave it a caption."""
    metadata = post.metadata
    is_described = metadata.cover_alt.strip() and not is_default_alt(metadata.cover_alt)
    if not is_described and not metadata.cover_caption.strip():
        return post
    return show_cover(post, context)


def show_cover(post: Post, context: Context) -> Post:
    """Returns ``post`` with its picture at the top, if it has one that its text does not show."""
    metadata = post.metadata
    own = _identity(metadata.cover)
    if not own or any(_identity(image.src) == own for image in walk(post, Image)):
        return post
    # The header has plain text, and the transform for typography has been applied to the text before.
    words = Typesetter(metadata.language or context.language).plain(metadata.cover_caption)
    caption = (Text(words),) if words.strip() else ()
    figure = Figure(Image(metadata.cover, metadata.cover_alt), caption)
    account = context.report.accounts.get(metadata.key)
    if account is not None:
        account.added += tally(figure)
    return msgspec.structs.replace(post, body=(figure, *post.body))


def _identity(source: str) -> str:
    """Returns what the addresses of one picture have in common, whatever its size."""
    original = cdn.unwrap(source).original if source else ""
    return _SIZE.sub("", without_query(original))
