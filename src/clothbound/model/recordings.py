"""The recording of a podcast, which readers find in a field and put into the text as a node."""

from __future__ import annotations

from typing import Literal

from msgspec import structs

from .blocks import Media
from .post import Metadata, Post
from .walk import walk

FIELD = "podcast_url"
"""The name of the field in Substack's posts.csv."""
_VIDEO = (".mp4", ".m4v", ".mov", ".webm")


def recording_of(metadata: Metadata) -> str:
    """Returns the web address of a post's recording; empty if it has none."""
    given = metadata.extra.get(FIELD)
    address = given.strip() if isinstance(given, str) else ""
    return address if address.lower().startswith(("https://", "http://")) else ""


def with_recording(post: Post) -> Post:
    """Puts the recording before the text of ``post``, unless the text already plays it."""
    address = recording_of(post.metadata)
    if not address or any(isinstance(node, Media) and node.src == address for node in walk(post)):
        return post
    return structs.replace(post, body=(_node(address), *post.body))


def without_recording(post: Post) -> Post:
    """Removes the recording from the text, for products that have it in a field."""
    address = recording_of(post.metadata)
    if address and post.body[:1] == (_node(address),):
        return structs.replace(post, body=post.body[1:])
    return post


def _node(address: str) -> Media:
    path = address.partition("#")[0].partition("?")[0].lower()
    kind: Literal["audio", "video"] = "video" if path.endswith(_VIDEO) else "audio"
    return Media(kind, address)
