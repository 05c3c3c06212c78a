"""A podcast's recording: a field of the post where it is read, and a node of its text from then on."""

from __future__ import annotations

from typing import Literal

from msgspec import structs

from .blocks import Media
from .post import Metadata, Post
from .walk import walk

FIELD = "podcast_url"
"""As Substack's posts.csv calls it."""
_VIDEO = (".mp4", ".m4v", ".mov", ".webm")


def recording_of(metadata: Metadata) -> str:
    """The address of the recording that a post is said to have; empty: it has none on the web."""
    given = metadata.extra.get(FIELD)
    address = given.strip() if isinstance(given, str) else ""
    return address if address.lower().startswith(("https://", "http://")) else ""


def with_recording(post: Post) -> Post:
    """Put the recording before the text of ``post``, unless the text already plays it."""
    address = recording_of(post.metadata)
    if not address or any(isinstance(node, Media) and node.src == address for node in walk(post)):
        return post
    return structs.replace(post, body=(_node(address), *post.body))


def without_recording(post: Post) -> Post:
    """``post`` as it is for products that have its recording in a field."""
    address = recording_of(post.metadata)
    if address and post.body[:1] == (_node(address),):
        return structs.replace(post, body=post.body[1:])
    return post


def _node(address: str) -> Media:
    path = address.partition("#")[0].partition("?")[0].lower()
    kind: Literal["audio", "video"] = "video" if path.endswith(_VIDEO) else "audio"
    return Media(kind, address)
