"""Reads what feeds of podcasts say of episodes and shows.

Sources: Apple's "A Podcaster's Guide to RSS" (``itunes:``) and the Podcasting 2.0 namespace (``podcast:``,
github.com/Podcastindex-org/podcast-namespace); Podlove Simple Chapters. The owner's e-mail is private: it is not read.
"""

from __future__ import annotations

import html
from typing import Any

import msgspec

from ..model.recordings import Episode, Person, Show, Transcript
from .author_names import is_author_name
from .feed_enclosures import Enclosure, number_of, seconds_of
from .feed_fields import Fields, first_of, media_fields, media_groups, plain_text_of, text_of
from .feed_text import repeats_beginning
from .feed_xml import local_name, text_in

_TRUE = frozenset({"yes", "true", "explicit"})
_PLAYERS = frozenset({"application/x-shockwave-flash", "text/html"})
"""Types of pages and programs that play what is elsewhere."""
_FALSE = frozenset({"no", "false", "clean"})


def enclosures_of(fields: Fields) -> list[Enclosure]:
    """Returns the files that come with an entry: in RSS ``enclosure``, in Atom links, in both ``media:content``."""
    found = [
        Enclosure(
            url=element.get("url", "").strip(),
            type=element.get("type", "").strip().lower(),
            size=number_of(element.get("length", "")),
        )
        for element in fields.get("enclosure", ())
    ]
    found += [
        Enclosure(
            url=element.get("href", "").strip(),
            type=element.get("type", "").strip().lower(),
            size=number_of(element.get("length", "")),
            title=element.get("title", "").strip(),
        )
        for element in (*fields.get("link", ()), *fields.get("atom:link", ()))
        if element.get("rel") == "enclosure"
    ]
    for place in (fields, *media_groups(fields)):
        found += map(_media, place.get("media:content", ()))
    duration = seconds_of(text_of(fields, "itunes:duration"))
    return [
        msgspec.structs.replace(one, duration=duration)
        if duration and one.kind in ("audio", "video") and not one.duration
        else one
        for one in found
        if one.url and one.kind and one.type not in _PLAYERS
    ]


def _media(element: Any) -> Enclosure:
    fields = media_fields(element)
    media_type = element.get("type", "").strip().lower()
    medium = element.get("medium", "").strip().lower()
    return Enclosure(
        url=element.get("url", "").strip(),
        type=media_type or (f"{medium}/*" if medium in ("image", "audio", "video") else ""),
        size=number_of(element.get("fileSize", "")),
        duration=seconds_of(element.get("duration", "")),
        alt=text_of(fields, "media:description", "media:title"),
    )


def cover_of(fields: Fields) -> str:
    """Returns the address of the picture that an entry names as its own; empty if there is none."""
    image = first_of(fields, "itunes:image")
    if image is not None and image.get("href"):
        return str(image.get("href")).strip()
    for place in (fields, *media_groups(fields)):
        thumbnail = first_of(place, "media:thumbnail")
        if thumbnail is not None and thumbnail.get("url"):
            return str(thumbnail.get("url")).strip()
    return ""


def episode_of_fields(fields: Fields, recording: Enclosure, title: str, text: str) -> Episode:
    """Returns what an entry says of its recording, without a summary that repeats the ``text`` of the entry."""
    summary = plain_text_of(first_of(fields, "itunes:summary"))
    own_title = plain_text_of(first_of(fields, "itunes:title"))
    chapters = first_of(fields, "podcast:chapters")
    return Episode(
        type="" if recording.type.endswith("/*") else recording.type,
        size=recording.size,
        duration=recording.duration,
        title="" if own_title == title else own_title,
        subtitle=plain_text_of(first_of(fields, "itunes:subtitle")),
        summary="" if repeats_beginning(summary, text) else summary,
        author=_name(fields),
        episode=number_of(text_of(fields, "itunes:episode", "podcast:episode")),
        season=number_of(text_of(fields, "itunes:season", "podcast:season")),
        kind=text_of(fields, "itunes:episodeType").lower(),
        explicit=_truth(text_of(fields, "itunes:explicit")),
        image=_href(fields),
        keywords=_keywords(fields),
        block=text_of(fields, "itunes:block").lower() == "yes",
        transcripts=tuple(
            Transcript(
                one.get("url", ""), one.get("type", ""), one.get("language", ""), one.get("rel", "")
            )
            for one in fields.get("podcast:transcript", ())
            if one.get("url")
        ),
        chapters=chapters.get("url", "") if chapters is not None else "",
        persons=tuple(
            Person(
                text_in(one),
                one.get("role", ""),
                one.get("group", ""),
                one.get("href", ""),
                one.get("img", ""),
            )
            for one in fields.get("podcast:person", ())
            if text_in(one)
        ),
    )


def show_of_fields(fields: Fields) -> Show:
    """Returns what a channel says of its podcast."""
    owner = first_of(fields, "itunes:owner")
    names = (
        [text_in(one) for one in owner if local_name(one) == "name"] if owner is not None else []
    )
    categories = (
        tuple(filter(None, (one.get("text", "").strip(), *_subcategories(one))))
        for one in fields.get("itunes:category", ())
    )
    return Show(
        categories=tuple(filter(None, categories)),
        kind=text_of(fields, "itunes:type").lower(),
        explicit=_truth(text_of(fields, "itunes:explicit")),
        author=_name(fields),
        owner=next((name for name in names if is_author_name(name)), ""),
        image=_href(fields),
        subtitle=plain_text_of(first_of(fields, "itunes:subtitle")),
        summary=plain_text_of(first_of(fields, "itunes:summary")),
        keywords=_keywords(fields),
        block=text_of(fields, "itunes:block").lower() == "yes",
    )


def marked_chapters(fields: Fields, text: str) -> str:
    """Returns the chapters that an entry lists itself (``psc:chapters``) as a list with their times; empty if its ``text``
    names each of them.
    """
    listed = first_of(fields, "psc:chapters")
    if listed is None:
        return ""
    rows = []
    said = html.unescape(text)
    is_said = True
    for chapter in listed:
        title = html.escape(chapter.get("title", "") if isinstance(chapter.tag, str) else "")
        if not title:
            continue
        is_said = is_said and html.unescape(title) in said
        start = html.escape(chapter.get("start", "").partition(".")[0])
        href = chapter.get("href", "")
        shown = f'<a href="{html.escape(href)}">{title}</a>' if href else title
        rows.append(f"<li>{start} {shown}</li>")
    return f"<ul>{''.join(rows)}</ul>" if rows and not is_said else ""


def _name(fields: Fields) -> str:
    name = plain_text_of(first_of(fields, "itunes:author"))
    return name if is_author_name(name) else ""


def _href(fields: Fields) -> str:
    image = first_of(fields, "itunes:image")
    return str(image.get("href", "")).strip() if image is not None else ""


def _keywords(fields: Fields) -> tuple[str, ...]:
    words = (word.strip() for word in text_of(fields, "itunes:keywords").split(","))
    return tuple(dict.fromkeys(filter(None, words)))


def _subcategories(category: Any) -> list[str]:
    return [one.get("text", "").strip() for one in category if local_name(one) == "category"]


def _truth(text: str) -> bool | None:
    text = text.lower()
    return True if text in _TRUE else False if text in _FALSE else None
