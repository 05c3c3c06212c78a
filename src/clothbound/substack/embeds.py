"""Players and documents of other places: video, audio, charts, code."""

from __future__ import annotations

import html
import re

from ..model.blocks import Embed
from ..model.walk import walk
from ..web.providers import (
    APPLE_PODCASTS,
    BANDCAMP,
    DATAWRAPPER,
    GIST,
    POLYMARKET,
    SOUNDCLOUD,
    SPOTIFY,
    TIKTOK,
    VIMEO,
    YOUTUBE,
)
from .component_element import Element, attribute
from .component_spec import Row
from .data_attrs import Data, string
from .texts import day, strip_tags

_GIST_LINK = rf'href="(https://{re.escape(GIST.hosts[0])}/[^"#]+)'

# --- players ------------------------------------------------------------------------------------


def _read_youtube(e: Element) -> Embed | None:
    video = string(e.data.get("videoId"))
    start = string(e.data.get("startTime"))
    if not video:
        video = YOUTUBE.parts_of(e.href() or _frame(e)).get("id", "")
    if not video:
        return None
    href = YOUTUBE.page_of({"id": video, "start": start})
    return Embed(YOUTUBE.kind, href=href, provider=YOUTUBE.name)


def _youtube_data(node: Embed) -> Data:
    parts = YOUTUBE.parts_of(node.href)
    return {
        "videoId": parts.get("id", ""),
        "startTime": parts.get("start") or None,
        "endTime": None,
    }


def _read_vimeo(e: Element) -> Embed | None:
    video, key = string(e.data.get("videoId")), string(e.data.get("videoKey"))
    if not video:
        video = VIMEO.parts_of(e.href() or _frame(e)).get("id", "")
    if not video:
        return None
    return Embed(VIMEO.kind, href=VIMEO.page_of({"id": video, "key": key}), provider=VIMEO.name)


def _vimeo_data(node: Embed) -> Data:
    parts = VIMEO.parts_of(node.href)
    return {
        "videoId": parts.get("id", ""),
        "videoKey": parts.get("key", ""),
        "belowTheFold": False,
    }


def _frame(e: Element) -> str:
    """The address of the frame in which a player stood."""
    if e.attribute("element") == "iframe":
        return e.attribute("src")
    for node in walk(getattr(e.node, "children", ())):
        if attribute(node, "element") == "iframe":
            return attribute(node, "src")
    return ""


def _read_spotify(e: Element) -> Embed:
    data = e.data
    return Embed(
        "audio",
        href=string(data.get("url")) or e.href() or _frame(e),
        provider=SPOTIFY.name,
        title=string(data.get("title")),
        author=string(data.get("subtitle")),
        text=string(data.get("description")),
        thumbnail=string(data.get("image")),
    )


def _spotify_data(node: Embed) -> Data:
    return {
        "image": node.thumbnail,
        "title": node.title,
        "subtitle": node.author,
        "description": node.text,
        "url": node.href,
        "belowTheFold": False,
        "noScroll": False,
    }


def _read_soundcloud(e: Element) -> Embed:
    data = e.data
    return Embed(
        "audio",
        href=string(data.get("targetUrl")) or string(data.get("url")) or e.href() or _frame(e),
        provider=SOUNDCLOUD.name,
        title=html.unescape(string(data.get("title"))),
        author=string(data.get("author_name")),
        text=string(data.get("description")),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _soundcloud_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "title": node.title,
        "description": node.text,
        "thumbnail_url": node.thumbnail,
        "author_name": node.author,
        "author_url": "",
        "targetUrl": "",
    }


def _read_apple(e: Element) -> Embed:
    data = e.data
    by = (string(data.get("podcastTitle")), string(data.get("podcastByline")))
    return Embed(
        "audio",
        href=string(data.get("targetUrl")) or string(data.get("url")) or e.href() or _frame(e),
        provider=APPLE_PODCASTS.name,
        title=string(data.get("title")),
        author=", ".join(filter(None, by)),
        date=day(string(data.get("releaseDate"))),
        thumbnail=string(data.get("imageUrl")),
    )


def _apple_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "isEpisode": True,
        "imageUrl": node.thumbnail,
        "title": node.title,
        "podcastTitle": node.author,
        "podcastByline": "",
        "duration": 0,
        "numEpisodes": "",
        "targetUrl": node.href,
        "releaseDate": node.date,
    }


def _read_bandcamp(e: Element) -> Embed:
    data = e.data
    return Embed(
        "audio",
        href=string(data.get("url")) or e.href() or _frame(e),
        provider=BANDCAMP.name,
        title=string(data.get("title")),
        author=string(data.get("author")),
        text=string(data.get("description")),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _bandcamp_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "title": node.title,
        "description": node.text,
        "thumbnail_url": node.thumbnail,
        "author": node.author,
        "embed_url": "",
        "is_album": "/album/" in node.href,
    }


def _read_tiktok(e: Element) -> Embed:
    data = e.data
    return Embed(
        "video",
        href=string(data.get("url")) or e.href() or _frame(e),
        provider=TIKTOK.name,
        title=string(data.get("title")),
        author=string(data.get("author")),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _tiktok_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "title": node.title,
        "thumbnail_url": node.thumbnail,
        "author": node.author,
        "embed_url": "",
        "author_url": "",
        "belowTheFold": False,
    }


# --- documents ----------------------------------------------------------------------------------


def _read_gist(e: Element) -> Embed:
    inner = string(e.data.get("innerHTML"))
    link = re.search(_GIST_LINK, inner)
    return Embed(
        "gist",
        href=html.unescape(link[1]) if link else e.href(),
        provider=GIST.name,
        text=strip_tags(inner) if inner else e.text("gist", "gist-file"),
    )


def _gist_data(node: Embed) -> Data:
    link = f'<a href="{html.escape(node.href)}"></a>' if node.href else ""
    code = "".join(f"<div>{html.escape(line)}</div>" for line in node.text.split("\n"))
    return {"innerHTML": code + link, "stylesheet": ""}


def _read_chart(e: Element) -> Embed:
    data = e.data
    return Embed(
        "chart",
        href=string(data.get("url")) or _frame(e) or e.href(),
        provider=DATAWRAPPER.name,
        title=string(data.get("title")),
        text=string(data.get("description")),
        thumbnail=string(data.get("thumbnail_url_full")) or string(data.get("thumbnail_url")),
    )


def _chart_data(node: Embed) -> Data:
    return {
        "url": node.href,
        "thumbnail_url": node.thumbnail,
        "thumbnail_url_full": node.thumbnail,
        "height": 0,
        "title": node.title,
        "description": node.text,
        "belowTheFold": False,
    }


def _read_market(e: Element) -> Embed:
    data = e.data
    return Embed(
        "market",
        href=string(data.get("url")) or _frame(e) or e.href(),
        thumbnail=string(data.get("thumbnail_url")),
    )


def _market_data(node: Embed) -> Data:
    return {"url": node.href, "thumbnail_url": node.thumbnail}


def _read_polymarket(e: Element) -> Embed:
    event = string(e.data.get("eventSlug"))
    href = POLYMARKET.page_of({"id": event}) if event else ""
    return Embed(
        "market",
        href=href or string(e.data.get("fullEmbedUrl")),
        provider=POLYMARKET.name,
        author=string(e.data.get("profileName")),
    )


def _polymarket_data(node: Embed) -> Data:
    return {
        "eventSlug": POLYMARKET.parts_of(node.href).get("id", node.href),
        "marketSlug": None,
        "profileName": node.author or None,
        "belowTheFold": False,
        "fullEmbedUrl": "",
        "isGraphMode": False,
    }


def _read_code(e: Element) -> Embed:
    return Embed("code", title=string(e.data.get("caption")), text=string(e.data.get("alt")))


def _code_data(node: Embed) -> Data:
    return {
        "uuid": "",
        "content_hash": "",
        "post_id": None,
        "width": None,
        "caption": node.title or None,
        "alt": node.text or None,
    }


EMBEDS = (
    Row(
        classes=("youtube-wrap",),
        components=("Youtube2ToDOM", "YoutubeToDOM"),
        kind=Embed,
        read=_read_youtube,
        data=_youtube_data,
        covers=lambda node: "id" in YOUTUBE.parts_of(node.href),
        id=lambda node: f"youtube2-{YOUTUBE.parts_of(node.href).get('id', '')}",
    ),
    Row(
        classes=("vimeo-wrap",),
        components=("VimeoToDOM",),
        kind=Embed,
        read=_read_vimeo,
        data=_vimeo_data,
        covers=lambda node: "id" in VIMEO.parts_of(node.href),
        id=lambda node: f"vimeo-{VIMEO.parts_of(node.href).get('id', '')}",
    ),
    Row(
        classes=("spotify-wrap",),
        components=("Spotify2ToDOM", "SpotifyToDOM"),
        kind=Embed,
        read=_read_spotify,
        data=_spotify_data,
        covers=lambda node: node.provider == SPOTIFY.name,
    ),
    Row(
        classes=("soundcloud-wrap",),
        components=("SoundcloudToDOM",),
        kind=Embed,
        read=_read_soundcloud,
        data=_soundcloud_data,
        covers=lambda node: node.provider == SOUNDCLOUD.name,
    ),
    Row(
        classes=("apple-podcast-container",),
        components=("ApplePodcastToDom",),
        kind=Embed,
        read=_read_apple,
        data=_apple_data,
        covers=lambda node: node.provider == APPLE_PODCASTS.name,
    ),
    Row(
        classes=("bandcamp-wrap",),
        components=("BandcampToDOM",),
        kind=Embed,
        read=_read_bandcamp,
        data=_bandcamp_data,
        covers=lambda node: node.provider == BANDCAMP.name,
    ),
    Row(
        classes=("tiktok-wrap",),
        components=("TikTokCreateTikTokEmbed", "TikTokCreateStaticTikTokEmbed"),
        kind=Embed,
        read=_read_tiktok,
        data=_tiktok_data,
        covers=lambda node: node.provider == TIKTOK.name,
    ),
    Row(
        classes=("github-gist",),
        components=("GitgistToDOM",),
        kind=Embed,
        read=_read_gist,
        data=_gist_data,
        covers=lambda node: node.kind == "gist",
    ),
    Row(
        classes=("datawrapper-wrap",),
        components=("DatawrapperToDOM",),
        kind=Embed,
        read=_read_chart,
        data=_chart_data,
        covers=lambda node: node.provider == DATAWRAPPER.name,
        variants=("script",),
        id=lambda _: "datawrapper-iframe",
        extra=("outer",),
    ),
    Row(
        classes=("polymarket-embed",),
        components=("PolymarketToDOM",),
        kind=Embed,
        read=_read_polymarket,
        data=_polymarket_data,
        covers=lambda node: node.provider == POLYMARKET.name,
    ),
    Row(
        classes=("prediction-market-wrap",),
        components=("PredictionMarketToDOM",),
        kind=Embed,
        read=_read_market,
        data=_market_data,
        covers=lambda node: node.kind == "market",
        id=lambda _: "prediction-market-iframe",
        extra=("outer",),
    ),
    Row(
        classes=("code-embed",),
        components=("CodeEmbedToDOM",),
        kind=Embed,
        read=_read_code,
        data=_code_data,
        covers=lambda node: node.kind == "code",
    ),
)
