"""Writes what podcast players read of a feed: elements of Apple's namespace and of Podcasting 2.0.

Sources: Apple, "A Podcaster's Guide to RSS"; github.com/Podcastindex-org/podcast-namespace. The owner's address of
e-mail is private and is never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ...escape import attribute, escape
from ...model.collection import Collection
from ...model.post import Metadata
from ...model.recordings import Episode, Show, episode_of, recording_of, show_of
from ...web.addresses import web_address

NAMESPACE = ' xmlns:podcast="https://podcastindex.org/namespace/1.0"'


class ShowSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller says of a podcast; an empty field leaves it to the posts' source."""

    image: str = ""
    category: str = ""
    """A category of Apple's, with a subcategory after ``>``."""
    explicit: str = ""


def is_podcast(collection: Collection, posts: Iterable[Metadata]) -> bool:
    """Returns whether a feed is one of a podcast: its source was, or a post has a recording."""
    return show_of(collection.extra) != Show() or any(map(recording_of, posts))


def show_of_feed(collection: Collection, settings: ShowSettings) -> Show:
    """Returns what the feed says of its podcast."""
    show, info = show_of(collection.extra), collection.info
    parts = tuple(part for one in settings.category.split(">") if (part := one.strip()))
    return msgspec.structs.replace(
        show,
        image=next(filter(None, map(web_address, (settings.image, show.image, info.cover))), ""),
        categories=(parts,) if parts else show.categories,
        explicit=settings.explicit == "true" if settings.explicit else show.explicit,
        author=show.author or ", ".join(info.authors),
    )


def missing_fields(show: Show) -> tuple[str, ...]:
    """Returns the options that would fill in what directories of podcasts require and the feed does not say."""
    known = {
        "podcast_image": bool(show.image),
        "podcast_category": bool(show.categories),
        "explicit": show.explicit is not None,
    }
    return tuple(name for name, is_known in known.items() if not is_known)


def show_elements(show: Show) -> Iterator[str]:
    """Yields the elements of a channel."""
    for category in show.categories:
        names = [f'<itunes:category text="{attribute(name)}"' for name in category]
        inner = "".join(f"{name}/>" for name in names[1:])
        yield f"{names[0]}>{inner}</itunes:category>" if inner else f"{names[0]}/>"
    if show.image:
        yield f'<itunes:image href="{attribute(show.image)}"/>'
    yield from _shared_elements(show)
    if show.owner:
        yield f"<itunes:owner><itunes:name>{_words(show.owner)}</itunes:name></itunes:owner>"
    if show.kind:
        yield f"<itunes:type>{_words(show.kind)}</itunes:type>"


def episode_elements(metadata: Metadata, duration: float, cover: str) -> Iterator[str]:
    """Yields the elements of an item. ``duration`` is in seconds, 0 if unknown; ``cover`` is its picture's address."""
    episode = episode_of(metadata)
    image = cover or web_address(episode.image)
    if image:
        # An item has only one enclosure; podcast players read its picture from this element.
        yield f'<itunes:image href="{attribute(image)}"/>'
    if duration:
        yield f"<itunes:duration>{round(duration)}</itunes:duration>"
    if episode.title:
        yield f"<itunes:title>{_words(episode.title)}</itunes:title>"
    for name, number in (("season", episode.season), ("episode", episode.episode)):
        if number:
            yield f"<itunes:{name}>{number}</itunes:{name}>"
    if episode.kind:
        yield f"<itunes:episodeType>{_words(episode.kind)}</itunes:episodeType>"
    yield from _shared_elements(episode)
    for one in episode.transcripts:
        if url := web_address(one.url):
            given = {"url": url, "type": one.type, "language": one.language, "rel": one.rel}
            yield f"<podcast:transcript{_attributes(given)}/>"
    if chapters := web_address(episode.chapters):
        yield f"<podcast:chapters{_attributes({'url': chapters, 'type': 'application/json+chapters'})}/>"
    for person in episode.persons:
        given = {
            "role": person.role,
            "group": person.group,
            "href": web_address(person.href),
            "img": web_address(person.img),
        }
        yield f"<podcast:person{_attributes(given)}>{_words(person.name)}</podcast:person>"


def _shared_elements(given: Show | Episode) -> Iterator[str]:
    """Yields the elements that a channel and an item have."""
    for name in ("subtitle", "summary", "author"):
        if text := getattr(given, name):
            yield f"<itunes:{name}>{_words(text)}</itunes:{name}>"
    if given.explicit is not None:
        yield f"<itunes:explicit>{'true' if given.explicit else 'false'}</itunes:explicit>"
    if given.keywords:
        yield f"<itunes:keywords>{_words(', '.join(given.keywords))}</itunes:keywords>"
    if given.block:
        yield "<itunes:block>Yes</itunes:block>"


def _attributes(given: dict[str, str]) -> str:
    return "".join(f' {name}="{attribute(value)}"' for name, value in given.items() if value)


def _words(text: str) -> str:
    return escape(" ".join(text.split()))
