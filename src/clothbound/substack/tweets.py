"""Component rows of tweets, Bluesky posts and Instagram pictures."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from ..console_text import agree
from ..lazy_pattern import lazy_pattern
from ..model.blocks import Embed
from ..web.providers import BLUESKY, INSTAGRAM, TWITTER
from . import cdn
from .component_element import Element
from .component_markup import data_attrs, opening, stamp, text, variant_of, write_attribute
from .component_spec import Clean, Component, ComponentRow, ShownFields, embed_row
from .data_attrs import Data, record, records, string, whole_number
from .field_map import Key, text_or_null
from .texts import day, strip_tags

AT_POST = lazy_pattern(r"at://(?P<author>[\w:.-]+)/app\.bsky\.feed\.post/(?P<id>[\w-]+)")
"""Matches the address of a post in the AT protocol, on which Bluesky is built."""
_TWITTER_DATE = lazy_pattern(r"^\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):\d\d \+0000 (\d{4})$")


def tweet_date(date: str) -> str:
    """Formats a date of Twitter's data as its card shows it: ``2:38 AM ∙ Jul 16, 2020``."""
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


def _write_tweet(node: Embed, component: Component, address: Clean, _clean: Clean) -> str:
    """Writes the old generation with its text, if there is any, since not every importer reads the
    data; else an empty card.
    """
    if "tweet" not in variant_of(node):
        return f"{opening(component)}</div>"
    data = component.data or {}
    handle = string(data.get("username"))
    link = write_attribute("href", address(node.href)) + ' target="_blank"'
    picture = cdn.avatar(handle)
    return (
        f'<div{stamp(component)} class="tweet"{data_attrs(data)}>'
        f'<a class="tweet-link-top"{link}><div class="tweet-header">'
        f'<img class="tweet-header-avatar"{write_attribute("src", picture)}'
        f'{write_attribute("alt", f"Twitter avatar for @{handle}")}><div class="tweet-header-text">'
        f'<span class="tweet-author-name">{text(string(data.get("name")))} </span>'
        f'<span class="tweet-author-handle">@{text(handle)}</span></div></div>'
        f'<div class="tweet-text">{text(node.text)}</div></a>'
        f'<a class="tweet-link-bottom"{link}><div class="tweet-footer">'
        f'<span class="tweet-date">{text(node.date)}</span>{_counts(node, data)}</div></a></div>'
    )


def _counts(node: Embed, data: Data) -> str:
    likes, retweets = whole_number(data.get("like_count")), whole_number(data.get("retweet_count"))
    parts = []
    if likes:
        parts.append(
            f'<span{write_attribute("href", f"{node.href}/likes")} class="likes">'
            f'<span class="like-count">{likes:,}</span>{agree(likes, "Like", "Likes")}</span>'
        )
    if retweets:
        parts.append(
            f'<span{write_attribute("href", f"{node.href}/retweets")} class="retweets">'
            f'<span class="rt-count">{retweets:,}</span>{agree(retweets, "Retweet", "Retweets")}</span>'
        )
    return f'<hr><div class="tweet-ufi">{"".join(parts)}</div>' if parts else ""


def _read_at_post(value: object) -> str:
    uri = string(value)
    match = AT_POST.fullmatch(uri)
    return BLUESKY.page_of(match.groupdict()) if match else uri


def _at_post_of(href: str) -> str:
    parts = BLUESKY.parts_of(href)
    return "at://{author}/app.bsky.feed.post/{id}".format(**parts) if parts else href


def _first(value: object) -> str:
    return string(value[0]) if isinstance(value, list) and value else ""


def _read_bluesky_author(e: Element) -> dict[str, str]:
    name, handle = string(e.data.get("authorName")), string(e.data.get("authorHandle"))
    return {"author": _author(name, handle)}


def _write_bluesky(_: Embed, data: Data) -> str:
    match = AT_POST.fullmatch(string(data.get("uri")))
    if match is None:
        return ""
    post, source = match["id"], BLUESKY.frame_of(match.groupdict())
    return (
        f'<iframe id="bluesky-{post}" data-bluesky-id="{post}"'
        f' src="{source}?id={post}"'
        ' width="100%" frameborder="0" scrolling="no"></iframe>'
    )


def _read_photo(value: object) -> str:
    photo = string(value)
    return INSTAGRAM.page_of({"id": photo}) if photo else ""


def _photo_of(href: str) -> str:
    return INSTAGRAM.parts_of(href).get("id", "")


def _write_instagram(node: Embed, data: Data) -> str:
    author = string(data.get("author_name"))
    profile = f"https://instagram.com/{quote(author.lstrip('@'))}"
    photo = f"https://instagram.com/p/{quote(string(data.get('instagram_id')))}"
    return (
        '<div class="instagram-top-bar"><a class="instagram-author-name"'
        f'{write_attribute("href", profile)} target="_blank">{text(author)}</a></div>'
        f'<a class="instagram-image"{write_attribute("href", photo)} target="_blank">'
        f"<img{write_attribute('src', string(data.get('thumbnail_url')))}></a>"
        f'<div class="instagram-bottom-bar"><div class="instagram-title">{text(node.title)}</div>'
        "</div>"
    )


_BY_AUTHOR = ShownFields(label="author", href="href", text="text")

TWEETS = (
    ComponentRow(
        classes=("twitter-embed", "tweet"),
        has_words=True,
        components=("Twitter2ToDOM", "TwitterToDOM"),
        read=_read_tweet,
        data=_tweet_data,
        covers=lambda node: node.kind == TWITTER.kind,
        shown=_BY_AUTHOR,
        together=(("full_text", ("quoted_tweet", "expanded_url")),),
        markup=_write_tweet,
        editor="twitter2",
    ),
    embed_row(
        classes=("instagram",),
        components=("InstagramToDOM",),
        provider=INSTAGRAM,
        shows="photo",
        keys={
            "instagram_id": Key("href", _read_photo, _photo_of),
            "title": Key("title"),
            "author_name": Key("author"),
            "thumbnail_url": Key("thumbnail"),
            "timestamp": Key("date", day, text_or_null),
        },
        inner=_write_instagram,
    ),
    embed_row(
        classes=("bluesky-wrap",),
        components=("BlueskyCreateBlueskyEmbed",),
        provider=BLUESKY,
        keys={
            "authorName": lambda node: _split_author(node.author)[0],
            "authorHandle": lambda node: _split_author(node.author)[1],
            "authorAvatarUrl": "",
            "text": Key("text"),
            "createdAt": Key("date", day),
            "uri": Key("href", _read_at_post, _at_post_of),
            "imageUrls": Key("thumbnail", _first, lambda href: [href] if href else []),
        },
        more=_read_bluesky_author,
        shown=_BY_AUTHOR,
        extra=("outer",),
        inner=_write_bluesky,
    ),
)
