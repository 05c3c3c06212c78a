"""Tweets and their like: Twitter, Bluesky, Instagram."""

from __future__ import annotations

import html
import re

from ..lazy_pattern import lazy_pattern
from ..model.blocks import Embed
from ..web.providers import BLUESKY, INSTAGRAM, TWITTER
from .component_element import Element
from .component_spec import Places, Row
from .data_attrs import Data, record, records, string
from .texts import day, strip_tags

AT_POST = lazy_pattern(r"at://(?P<author>[\w:.-]+)/app\.bsky\.feed\.post/(?P<id>[\w-]+)")
"""The address of a post in the AT protocol, which Bluesky stands on."""
_TWITTER_DATE = lazy_pattern(r"^\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):\d\d \+0000 (\d{4})$")


def tweet_date(date: str) -> str:
    """Write a date of Twitter's data as its card shows it: ``2:38 AM ∙ Jul 16, 2020``."""
    match = _TWITTER_DATE.match(date)
    if match is None:
        return day(date)
    month, day_of_month, hour, minute, year = match.groups()
    half = "AM" if int(hour) < 12 else "PM"
    return f"{int(hour) % 12 or 12}:{minute} {half} ∙ {month} {int(day_of_month)}, {year}"


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _author(name: str, handle: str) -> str:
    name, handle = name.strip(), handle.strip().lstrip("@")
    if not handle:
        return name
    return f"{name} (@{handle})" if name else f"@{handle}"


def _split_author(author: str) -> tuple[str, str]:
    match = re.fullmatch(r"(?:(.*) \(@([^()@\s]+)\))|@([^()@\s]+)", author)
    if match is None:
        return author, ""
    return match[1] or "", match[2] or match[3]


def _read_tweet(e: Element) -> Embed:
    data = e.data
    quoted, card = record(data.get("quoted_tweet")), record(data.get("expanded_url"))
    photos = records(data.get("photos"))
    if data:
        quote = _paragraphs(
            _author(string(quoted.get("name")), string(quoted.get("username"))),
            strip_tags(string(quoted.get("full_text"))),
        )
        words = _paragraphs(
            strip_tags(string(data.get("full_text"))),
            quote.replace("\n\n", ": ", 1),
            "\n".join(
                strip_tags(text)
                for key in ("title", "description", "domain", "displayUrl", "display_url")
                if (text := string(card.get(key)))
            ),
        )
        author = _author(string(data.get("name")), string(data.get("username")))
        date = tweet_date(string(data.get("date")))
    else:
        words = _paragraphs(
            e.text("tweet-text"), e.text("quote-tweet"), e.text("expanded-link-bottom")
        )
        author = _author(e.text("tweet-author-name"), e.text("tweet-author-handle"))
        date = e.text("tweet-date")
    pictures = [string(photo.get("img_url")) for photo in photos] + [string(card.get("image"))]
    return Embed(
        "tweet",
        href=string(data.get("url")) or e.href("tweet-link-top", "tweet-link-bottom"),
        provider=TWITTER.name,
        text=words,
        author=author,
        date=date,
        thumbnail=next(filter(None, pictures), ""),
    )


def _tweet_data(node: Embed) -> Data:
    name, handle = _split_author(node.author)
    photos = [{"img_url": node.thumbnail, "link_url": "", "alt_text": None}]
    return {
        "url": node.href,
        "full_text": html.escape(node.text, quote=False),
        "username": handle,
        "name": name,
        "profile_image_url": "",
        "date": node.date,
        "photos": photos if node.thumbnail else [],
        "quoted_tweet": {},
        "reply_count": 0,
        "retweet_count": 0,
        "like_count": 0,
        "impression_count": 0,
        "expanded_url": {},
        "video_url": None,
        "belowTheFold": False,
    }


def _read_bluesky(e: Element) -> Embed:
    data = e.data
    pictures = data.get("imageUrls")
    uri = string(data.get("uri"))
    match = AT_POST.fullmatch(uri)
    return Embed(
        "note",
        href=BLUESKY.page_of(match.groupdict()) if match else uri,
        provider=BLUESKY.name,
        text=string(data.get("text")),
        author=_author(string(data.get("authorName")), string(data.get("authorHandle"))),
        date=day(string(data.get("createdAt"))),
        thumbnail=string(pictures[0]) if isinstance(pictures, list) and pictures else "",
    )


def _bluesky_data(node: Embed) -> Data:
    name, handle = _split_author(node.author)
    parts = BLUESKY.parts_of(node.href)
    return {
        "authorName": name,
        "authorHandle": handle,
        "authorAvatarUrl": "",
        "text": node.text,
        "createdAt": node.date,
        "uri": "at://{author}/app.bsky.feed.post/{id}".format(**parts) if parts else node.href,
        "imageUrls": [node.thumbnail] if node.thumbnail else [],
    }


def _read_instagram(e: Element) -> Embed:
    data = e.data
    photo = string(data.get("instagram_id"))
    return Embed(
        "photo",
        href=INSTAGRAM.page_of({"id": photo}) if photo else e.href(),
        provider=INSTAGRAM.name,
        title=string(data.get("title")),
        author=string(data.get("author_name")),
        date=day(string(data.get("timestamp"))),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _instagram_data(node: Embed) -> Data:
    return {
        "instagram_id": INSTAGRAM.parts_of(node.href).get("id", ""),
        "title": node.title,
        "author_name": node.author,
        "thumbnail_url": node.thumbnail,
        "timestamp": node.date or None,
    }


_BY_AUTHOR = Places(label="author", href="href", text="text")

TWEETS = (
    Row(
        classes=("twitter-embed", "tweet"),
        components=("Twitter2ToDOM", "TwitterToDOM"),
        kind=Embed,
        read=_read_tweet,
        data=_tweet_data,
        covers=lambda node: node.kind == "tweet",
        shown=_BY_AUTHOR,
        together=(("full_text", ("quoted_tweet", "expanded_url")),),
    ),
    Row(
        classes=("instagram",),
        components=("InstagramToDOM",),
        kind=Embed,
        read=_read_instagram,
        data=_instagram_data,
        covers=lambda node: node.provider == INSTAGRAM.name,
    ),
    Row(
        classes=("bluesky-wrap",),
        components=("BlueskyCreateBlueskyEmbed",),
        kind=Embed,
        read=_read_bluesky,
        data=_bluesky_data,
        covers=lambda node: node.provider == BLUESKY.name,
        shown=_BY_AUTHOR,
        extra=("outer",),
    ),
)
