"""The recording of a podcast, which readers find in a field and put into the text as a node, and what its feed says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import structs

from .addresses import is_on_web, without_query
from .blocks import Media
from .inlines import Text
from .post import Metadata, Post
from .walk import walk

FIELD = "podcast_url"
"""The name of the field in Substack's posts.csv."""
EPISODE = "podcast"
"""The field of ``Metadata.extra`` that holds an ``Episode``, and that of ``Collection.extra`` that holds a ``Show``."""
_VIDEO = (".mp4", ".m4v", ".mov", ".webm")

Struct = TypeVar("Struct", bound=msgspec.Struct)


class Transcript(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file with the words of an episode."""

    url: str
    type: str = ""
    language: str = ""
    rel: str = ""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody who is heard in an episode or made it."""

    name: str
    role: str = ""
    group: str = ""
    href: str = ""
    img: str = ""


class Episode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a feed says of a recording beside the address. An empty field is unknown."""

    type: str = ""
    """The media type."""
    size: int = 0
    """The length of the file in bytes."""
    duration: float = 0.0
    """The duration in seconds."""
    title: str = ""
    """The title, where it is not that of the post."""
    subtitle: str = ""
    summary: str = ""
    author: str = ""
    episode: int = 0
    season: int = 0
    kind: str = ""
    """``full``, ``trailer`` or ``bonus``."""
    explicit: bool | None = None
    image: str = ""
    keywords: tuple[str, ...] = ()
    block: bool = False
    """Whether the episode stays out of Apple's directory."""
    transcripts: tuple[Transcript, ...] = ()
    chapters: str = ""
    """The address of a file that lists the chapters."""
    persons: tuple[Person, ...] = ()

    def as_extra(self) -> dict[str, Any]:
        """Returns the fields of ``Metadata.extra`` that hold it; none if nothing is known."""
        return _as_extra(self)


class Show(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a feed says of a podcast beside its title. The owner's address of e-mail is private and is not read."""

    categories: tuple[tuple[str, ...], ...] = ()
    """The categories, each with its subcategories."""
    kind: str = ""
    """``episodic`` or ``serial``."""
    explicit: bool | None = None
    author: str = ""
    owner: str = ""
    """The owner's name."""
    image: str = ""
    subtitle: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    block: bool = False

    def as_extra(self) -> dict[str, Any]:
        """Returns the fields of ``Collection.extra`` that hold it; none if nothing is known."""
        return _as_extra(self)


def episode_of(metadata: Metadata) -> Episode:
    """Returns what is known of a post's recording; an empty one if nothing is, or if its field holds something else."""
    return _struct_of(metadata.extra, Episode) or Episode()


def show_of(extra: Mapping[str, Any]) -> Show:
    """Returns what the extra data of a collection say of its podcast; an empty one if they say nothing."""
    return _struct_of(extra, Show) or Show()


def _as_extra(struct: msgspec.Struct) -> dict[str, Any]:
    fields = msgspec.to_builtins(struct)
    known = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in fields.items()
        if value or name == "explicit"
    }
    return {EPISODE: known} if known else {}


def _struct_of(extra: Mapping[str, Any], kind: type[Struct]) -> Struct | None:
    given = extra.get(EPISODE)
    if not isinstance(given, dict):
        return None
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError:  # a header may have a field of this name for anything
        return None


def recording_of(metadata: Metadata) -> str:
    """Returns the web address of a post's recording; empty if it has none."""
    given = metadata.extra.get(FIELD)
    address = given.strip() if isinstance(given, str) else ""
    return address if is_on_web(address) else ""


def with_recording(post: Post) -> Post:
    """Puts the recording before the text of ``post``, unless the text already plays it."""
    address = recording_of(post.metadata)
    if not address or any(isinstance(node, Media) and node.src == address for node in walk(post)):
        return post
    return structs.replace(post, body=(_node(address, post.metadata), *post.body))


def without_recording(post: Post) -> Post:
    """Removes the recording from the text, for products that have it in a field."""
    address = recording_of(post.metadata)
    if address and post.body[:1] == (_node(address, post.metadata),):
        return structs.replace(post, body=post.body[1:])
    return post


def _node(address: str, metadata: Metadata) -> Media:
    path = without_query(address).lower()
    episode = episode_of(metadata)
    is_video = episode.type.startswith("video/") or path.endswith(_VIDEO)
    kind: Literal["audio", "video"] = "video" if is_video else "audio"
    title = episode.title if episode.title != metadata.title else ""
    caption = (Text(title),) if title else ()
    return Media(kind, address, caption=caption, duration=episode.duration)
