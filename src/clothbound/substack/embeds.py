"""Component rows of other services' players and documents: video, audio, charts, code."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from ..lazy_pattern import lazy_pattern
from ..model.blocks import Embed
from ..web.providers import (
    APPLE_PODCASTS,
    BANDCAMP,
    DATAWRAPPER,
    GIST,
    POLYMARKET,
    PROVIDERS,
    SOUNDCLOUD,
    SPOTIFY,
    TIKTOK,
    VIMEO,
    YOUTUBE,
)
from .component_element import Element
from .component_markup import (
    data_attrs,
    in_value,
    opening,
    safe_frame,
    stamp,
    variant_of,
    write_attribute,
)
from .component_spec import Clean, Component, ComponentRow, embed_row
from .data_attrs import Data, string, whole_number
from .field_map import Key, no_value, text_or_null
from .texts import day, strip_tags

_WORD = lazy_pattern(r"[\w-]+")
_PLAYER = ' frameborder="0" gesture="media" allow="autoplay; fullscreen" allowautoplay="true"'
_MARKETS = tuple(
    host for provider in PROVIDERS if provider.kind == "market" for host in provider.hosts
)
_GIST_LINK = rf'href="(https://{re.escape(GIST.hosts[0])}/[^"#]+)'


# --- players ------------------------------------------------------------------------------------


def _read_youtube(e: Element) -> Embed | None:
    video = string(e.data.get("videoId"))
    start = string(e.data.get("startTime"))
    if not video:
        video = YOUTUBE.parts_of(e.href() or e.frame()).get("id", "")
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


def _write_youtube(node: Embed, data: Data) -> str:
    video = string(data.get("videoId"))
    if not _WORD.fullmatch(video):
        video = quote(YOUTUBE.parts_of(node.href).get("id", ""), safe="")
    times = "".join(
        f"{name}={quote(value)}&amp;"
        for name, key in (("start", "startTime"), ("end", "endTime"))
        if (value := string(data.get(key)))
    )
    return (
        '<div class="youtube-inner">'
        f'<iframe src="{YOUTUBE.frame_of({"id": video})}?{times}rel=0&amp;autoplay=0'
        '&amp;showinfo=0&amp;enablejsapi=0" frameborder="0" loading="lazy" gesture="media"'
        ' allow="autoplay; fullscreen" allowautoplay="true" allowfullscreen="true" width="728"'
        ' height="409"></iframe></div>'
    )


def _read_vimeo(e: Element) -> Embed | None:
    video, key = string(e.data.get("videoId")), string(e.data.get("videoKey"))
    if not video:
        video = VIMEO.parts_of(e.href() or e.frame()).get("id", "")
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


def _write_vimeo(node: Embed, _: Data) -> str:
    return (
        '<div class="vimeo-inner">'
        f'<iframe src="{VIMEO.frame_of({"id": VIMEO.parts_of(node.href).get("id", "")})}?autoplay=0"'
        f'{_PLAYER} allowfullscreen="true" loading="lazy"></iframe></div>'
    )


def _write_spotify(node: Embed, component: Component, _address: Clean, _clean: Clean) -> str:
    """Writes the frame, which itself is the component."""
    source = SPOTIFY.frame_of(SPOTIFY.parts_of(node.href))
    return (
        f'<iframe class="{in_value(" ".join(component.classes))}"'
        f"{data_attrs(component.data)}{write_attribute('src', source)}"
        ' frameborder="0" gesture="media" allowfullscreen="true" allow="encrypted-media"'
        f' loading="lazy"{stamp(component)}></iframe>'
    )


def _write_soundcloud(_: Embed, data: Data) -> str:
    track = quote(string(data.get("url")) or string(data.get("targetUrl")), safe="")
    return (
        f'<iframe src="{SOUNDCLOUD.frame}?auto_play=false&amp;buying=false'
        "&amp;liking=false&amp;download=false&amp;sharing=false&amp;show_artwork=true"
        "&amp;show_comments=false&amp;show_playcount=false&amp;show_user=true&amp;hide_related=true"
        f'&amp;visual=false&amp;start_track=0&amp;url={track}" frameborder="0" gesture="media"'
        ' scrolling="no" allowfullscreen="true"></iframe>'
    )


def _read_podcast(e: Element) -> dict[str, str]:
    by = (string(e.data.get("podcastTitle")), string(e.data.get("podcastByline")))
    return {"author": ", ".join(filter(None, by))}


def _write_apple(node: Embed, component: Component, _address: Clean, _clean: Clean) -> str:
    source = safe_frame(string((component.data or {}).get("url")), "embed.podcasts.apple.com")
    source = source or APPLE_PODCASTS.frame_of(APPLE_PODCASTS.parts_of(node.href))
    return (
        f'<div class="apple-podcast-container"{stamp(component)}>'
        f'<iframe class="apple-podcast "{data_attrs(component.data)}{write_attribute("src", source)}'
        ' frameborder="0" allow="autoplay *; encrypted-media *;" allowfullscreen="true">'
        "</iframe></div>"
    )


def _write_bandcamp(_: Embed, data: Data) -> str:
    source = safe_frame(string(data.get("embed_url")), *BANDCAMP.hosts)
    if not source:
        return ""
    return (
        f'<iframe{write_attribute("src", source)} frameborder="0" gesture="media" scrolling="no"'
        ' allowfullscreen="true"></iframe>'
    )


def _write_tiktok(_: Embed, data: Data) -> str:
    source = safe_frame(string(data.get("embed_url")), "iframe.ly", *TIKTOK.hosts)
    if not source:
        return ""
    return (
        f'<iframe class="tiktok-iframe"{write_attribute("src", source)} frameborder="0"'
        ' allow="autoplay; fullscreen; encrypted-media" allowfullscreen="" scrolling="no"'
        ' loading="lazy"></iframe>'
    )


PLAYERS = (
    ComponentRow(
        classes=("youtube-wrap",),
        components=("Youtube2ToDOM", "YoutubeToDOM"),
        read=_read_youtube,
        data=_youtube_data,
        covers=lambda node: "id" in YOUTUBE.parts_of(node.href),
        id=lambda node: f"youtube2-{YOUTUBE.parts_of(node.href).get('id', '')}",
        inner=_write_youtube,
        editor="youtube2",
    ),
    ComponentRow(
        classes=("vimeo-wrap",),
        components=("VimeoToDOM",),
        read=_read_vimeo,
        data=_vimeo_data,
        covers=lambda node: "id" in VIMEO.parts_of(node.href),
        id=lambda node: f"vimeo-{VIMEO.parts_of(node.href).get('id', '')}",
        inner=_write_vimeo,
        editor="vimeo",
    ),
    embed_row(
        classes=("spotify-wrap",),
        components=("Spotify2ToDOM", "SpotifyToDOM"),
        provider=SPOTIFY,
        keys={
            "image": Key("thumbnail"),
            "title": Key("title"),
            "subtitle": Key("author"),
            "description": Key("text"),
            "url": Key("href"),
            "belowTheFold": False,
            "noScroll": False,
        },
        markup=_write_spotify,
        editor="spotify2",
    ),
    embed_row(
        classes=("soundcloud-wrap",),
        components=("SoundcloudToDOM",),
        provider=SOUNDCLOUD,
        keys={
            "url": Key("href"),
            "title": Key("title", lambda value: html.unescape(string(value))),
            "description": Key("text"),
            "thumbnail_url": Key("thumbnail"),
            "author_name": Key("author"),
            "author_url": "",
            "targetUrl": Key("href", write=no_value),
        },
        inner=_write_soundcloud,
        editor="soundcloud",
    ),
    embed_row(
        classes=("apple-podcast-container",),
        components=("ApplePodcastToDom",),
        provider=APPLE_PODCASTS,
        keys={
            "url": Key("href"),
            "isEpisode": True,
            "imageUrl": Key("thumbnail"),
            "title": Key("title"),
            "podcastTitle": Key("author"),
            "podcastByline": "",
            "duration": 0,
            "numEpisodes": "",
            "targetUrl": Key("href"),
            "releaseDate": Key("date", day),
        },
        more=_read_podcast,
        markup=_write_apple,
    ),
    embed_row(
        classes=("bandcamp-wrap",),
        components=("BandcampToDOM",),
        provider=BANDCAMP,
        keys={
            "url": Key("href"),
            "title": Key("title"),
            "description": Key("text"),
            "thumbnail_url": Key("thumbnail"),
            "author": Key("author"),
            "embed_url": "",
            "is_album": lambda node: "/album/" in node.href,
        },
        inner=_write_bandcamp,
    ),
    embed_row(
        classes=("tiktok-wrap",),
        components=("TikTokCreateTikTokEmbed", "TikTokCreateStaticTikTokEmbed"),
        provider=TIKTOK,
        keys={
            "url": Key("href"),
            "title": Key("title"),
            "thumbnail_url": Key("thumbnail"),
            "author": Key("author"),
            "embed_url": "",
            "author_url": "",
            "belowTheFold": False,
        },
        inner=_write_tiktok,
    ),
)


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


def _write_gist(_: Embed, component: Component, address: Clean, clean: Clean) -> str:
    data = component.data or {}
    sheet = string(data.get("stylesheet"))
    link = f'<link rel="stylesheet"{write_attribute("href", address(sheet))}>' if sheet else ""
    return f"{opening(component)}{link}{clean(string(data.get('innerHTML')))}</div>"


def _write_chart(node: Embed, data: Data) -> str:
    source = safe_frame(string(data.get("url")), *DATAWRAPPER.hosts)
    if not source:
        return ""
    height = whole_number(data.get("height"))
    size = f' width="730" height="{height}"' if height else ""
    frame = (
        '<iframe id="iframe-datawrapper" class="datawrapper-iframe"'
        f'{write_attribute("src", source)}{size} frameborder="0" scrolling="no" loading="lazy"></iframe>'
    )
    return frame + (_CHART_SCRIPT if "script" in variant_of(node) else "")


# The script fits the frame to the height that the chart requests.
_CHART_SCRIPT = (
    '<script type="text/javascript">window.addEventListener("message",function(e){'
    'var h=e.data["datawrapper-height"];if(h)for(var k in h)'
    'document.querySelectorAll("iframe").forEach(function(f){'
    'if(f.contentWindow===e.source)f.style.height=h[k]+"px"})});</script>'
)


def _write_market(_: Embed, data: Data) -> str:
    source = safe_frame(string(data.get("url")), *_MARKETS)
    if not source:
        return ""
    return (
        '<iframe id="prediction-market-iframe" class="prediction-market-iframe"'
        f'{write_attribute("src", source)} width="560" height="405" frameborder="0" scrolling="no"'
        ' loading="lazy"></iframe>'
    )


def _frame_or_link(e: Element) -> str:
    return e.frame() or e.href()


def _read_event(value: object) -> str:
    event = string(value)
    return POLYMARKET.page_of({"id": event}) if event else ""


def _event_of(href: str) -> str:
    return POLYMARKET.parts_of(href).get("id", href)


DOCUMENTS = (
    ComponentRow(
        classes=("github-gist",),
        components=("GitgistToDOM",),
        read=_read_gist,
        data=_gist_data,
        covers=lambda node: node.kind == GIST.kind,
        markup=_write_gist,
    ),
    embed_row(
        classes=("datawrapper-wrap",),
        components=("DatawrapperToDOM",),
        provider=DATAWRAPPER,
        keys={
            "url": Key("href"),
            "thumbnail_url": Key("thumbnail"),
            "thumbnail_url_full": Key("thumbnail"),
            "height": 0,
            "title": Key("title"),
            "description": Key("text"),
            "belowTheFold": False,
        },
        href=_frame_or_link,
        variants=("script",),
        id=lambda _: "datawrapper-iframe",
        extra=("outer",),
        inner=_write_chart,
    ),
    embed_row(
        classes=("polymarket-embed",),
        components=("PolymarketToDOM",),
        provider=POLYMARKET,
        keys={
            "eventSlug": Key("href", _read_event, _event_of),
            "marketSlug": None,
            "profileName": Key("author", write=text_or_null),
            "belowTheFold": False,
            "fullEmbedUrl": "",
            "isGraphMode": False,
        },
        href=lambda e: string(e.data.get("fullEmbedUrl")),
    ),
    embed_row(
        classes=("prediction-market-wrap",),
        components=("PredictionMarketToDOM",),
        shows="market",
        keys={"url": Key("href"), "thumbnail_url": Key("thumbnail")},
        href=_frame_or_link,
        covers=lambda node: node.kind == "market",
        id=lambda _: "prediction-market-iframe",
        extra=("outer",),
        inner=_write_market,
    ),
    embed_row(
        classes=("code-embed",),
        components=("CodeEmbedToDOM",),
        shows="code",
        keys={
            "uuid": "",
            "content_hash": "",
            "post_id": None,
            "width": None,
            "caption": Key("title", write=text_or_null),
            "alt": Key("text", write=text_or_null),
        },
        href=lambda _: "",
        covers=lambda node: node.kind == "code",
        inner=lambda _, data: (
            '<iframe class="code-embed-iframe"></iframe>' if data.get("uuid") else ""
        ),
    ),
)
EMBEDS = (*PLAYERS, *DOCUMENTS)
