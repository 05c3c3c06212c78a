"""Writes posts of Tumblr's older types (text, photo, quote, link, chat, audio, video, answer) as HTML.

Source: the documentation of Tumblr's API ("Published posts"). Texts in these posts are HTML, but for names and titles.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ...escape import attribute, escape
from .tumblr_blocks import NamedBlog, largest, quote, write_anchor


class TypedPhoto(msgspec.Struct, frozen=True):
    """A picture of a post."""

    caption: str = ""
    original_size: dict[str, Any] = {}
    alt_sizes: list[dict[str, Any]] = []


class ChatLine(msgspec.Struct, frozen=True):
    """A line of a chat."""

    label: str = ""
    name: str = ""
    phrase: str = ""


class TypedText(msgspec.Struct, frozen=True):
    """What a post shows. Fields that its type lacks are empty."""

    type: str = ""
    title: str = ""
    body: str = ""
    caption: str = ""
    photos: list[TypedPhoto] = []
    link_url: str = ""
    text: str = ""
    source: str = ""
    url: str = ""
    description: str = ""
    excerpt: str = ""
    link_author: str = ""
    publisher: str = ""
    dialogue: list[ChatLine] = []
    player: Any = None
    """The player of a recording as HTML, or one of each size."""
    permalink_url: str = ""
    """The page of a recording at the service that has it."""
    audio_url: str = ""
    video_url: str = ""
    thumbnail_url: str = ""
    album_art: str = ""
    track_name: str = ""
    artist: str = ""
    album: str = ""
    asking_name: str = ""
    asking_url: str = ""
    question: str = ""
    answer: str = ""


def write_typed(post: TypedText) -> str:
    """Returns the HTML of a post without its title; that of a link is part of its text."""
    match post.type:
        case "text":
            return post.body
        case "photo":
            return _pictures(post) + post.caption
        case "quote":
            source = f"<p>{post.source}</p>" if post.source else ""
            return f"<blockquote><p>{post.text}</p></blockquote>{source}"
        case "link":
            return _link(post)
        case "chat":
            return "".join(map(_line, post.dialogue)) or _lines(post.body)
        case "answer":
            # Whoever asks without a name has this one.
            name = "" if post.asking_name == "Anonymous" else post.asking_url
            asked = NamedBlog(post.asking_name, name)
            return quote(asked, f"<p>{post.question}</p>") + post.answer
        case _:
            return _recording(post)


def _pictures(post: TypedText) -> str:
    figures = "".join(_figure(photo, post.link_url) for photo in post.photos)
    return f'<figure class="gallery">{figures}</figure>' if len(post.photos) > 1 else figures


def _figure(photo: TypedPhoto, url: str = "") -> str:
    address = largest([*photo.alt_sizes, photo.original_size])
    caption = f"<figcaption>{photo.caption}</figcaption>" if photo.caption else ""
    picture = f'<img src="{attribute(address)}" alt="">' if address else ""
    return f"<figure>{write_anchor(url, picture)}{caption}</figure>"


def _link(post: TypedText) -> str:
    said = " · ".join(filter(None, (post.link_author, post.publisher)))
    lines = (write_anchor(post.url, escape(post.title or post.url)), post.excerpt, escape(said))
    pictures = "".join(map(_figure, post.photos))
    return f"{pictures}<p>{'<br>'.join(filter(None, lines))}</p>{post.description}"


def _line(line: ChatLine) -> str:
    label = line.label or (f"{line.name}:" if line.name else "")
    return (
        f"<p><b>{escape(label)}</b> {escape(line.phrase)}</p>"
        if label
        else f"<p>{escape(line.phrase)}</p>"
    )


def _lines(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _recording(post: TypedText) -> str:
    """Returns the recording itself, or else the widest player of the service that has it, with what is said of it."""
    if post.video_url:
        still = f' poster="{attribute(post.thumbnail_url)}"' if post.thumbnail_url else ""
        player = f'<video src="{attribute(post.video_url)}"{still} controls></video>'
    else:
        player = _player(post.player)
        if post.audio_url and not player:
            player = f'<audio src="{attribute(post.audio_url)}" controls></audio>'
        elif post.permalink_url and not player:
            player = f'<iframe src="{attribute(post.permalink_url)}"></iframe>'
    art = (
        f'<figure><img src="{attribute(post.album_art)}" alt=""></figure>' if post.album_art else ""
    )
    said = " · ".join(map(escape, filter(None, (post.track_name, post.artist, post.album))))
    return f"{art}{player}{f'<p>{said}</p>' if said else ''}{post.caption}"


def _player(written: Any) -> str:
    if isinstance(written, str):
        return written
    players = [
        one for one in (written if isinstance(written, list) else ()) if isinstance(one, dict)
    ]
    codes = [one["embed_code"] for one in players if isinstance(one.get("embed_code"), str)]
    return codes[-1] if codes else ""


TYPES = frozenset("answer audio chat link photo quote text video".split())
