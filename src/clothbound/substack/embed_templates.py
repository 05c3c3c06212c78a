"""The templates of embeds: players, documents, tweets and cards of other places.

A frame is active markup, so its address must lead by https to a host that the embed is known to use.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import quote

from ..lazy_pattern import lazy_pattern
from ..model.blocks import Embed
from ..web.addresses import hostname_of
from ..web.providers import (
    APPLE_PODCASTS,
    BANDCAMP,
    BLUESKY,
    DATAWRAPPER,
    PROVIDERS,
    SOUNDCLOUD,
    SPOTIFY,
    TIKTOK,
    VIMEO,
    YOUTUBE,
)
from . import cdn
from .component_lookup import Component
from .data_attrs import Data, number, string
from .templates import ASIDE, attribute, data_attrs, in_value, opening, stamp, text, variant_of
from .tweets import AT_POST

Address: TypeAlias = Callable[[str], str]

_WORD = lazy_pattern(r"[\w-]+")
_FRAME = ' frameborder="0" gesture="media" allow="autoplay; fullscreen" allowautoplay="true"'
_MARKETS = tuple(
    host for provider in PROVIDERS if provider.kind == "market" for host in provider.hosts
)


def embed(node: Embed, component: Component, address: Address, clean: Callable[[str], str]) -> str:
    kind = component.row.classes[0]
    data = component.data or {}
    if kind == "spotify-wrap":
        return _spotify(node, component)
    if kind == "apple-podcast-container":
        return _apple(node, component)
    if kind == "twitter-embed":
        if "tweet" in variant_of(node):
            return _tweet(node, component, address)
        return f"{opening(component)}</div>"
    if kind == "embedded-post-wrap":
        return f"{opening(component)}{_post(node, data, address)}</div>"
    if kind == "github-gist":
        sheet = string(data.get("stylesheet"))
        link = f'<link rel="stylesheet"{attribute("href", address(sheet))}>' if sheet else ""
        return f"{opening(component)}{link}{clean(string(data.get('innerHTML')))}</div>"
    inner = _INNER.get(kind)
    return f"{opening(component)}{inner(node, data) if inner is not None else ''}</div>"


# --- players ------------------------------------------------------------------------------------


def _youtube(node: Embed, data: Data) -> str:
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


def _vimeo(node: Embed, _: Data) -> str:
    return (
        '<div class="vimeo-inner">'
        f'<iframe src="{VIMEO.frame_of({"id": VIMEO.parts_of(node.href).get("id", "")})}?autoplay=0"'
        f'{_FRAME} allowfullscreen="true" loading="lazy"></iframe></div>'
    )


def _spotify(node: Embed, component: Component) -> str:
    """The frame itself is the component."""
    source = SPOTIFY.frame_of(SPOTIFY.parts_of(node.href))
    return (
        f'<iframe class="{in_value(" ".join(component.classes))}"'
        f"{data_attrs(component.data)}{attribute('src', source)}"
        ' frameborder="0" gesture="media" allowfullscreen="true" allow="encrypted-media"'
        f' loading="lazy"{stamp(component)}></iframe>'
    )


def _apple(node: Embed, component: Component) -> str:
    source = on_host(string((component.data or {}).get("url")), "embed.podcasts.apple.com")
    source = source or APPLE_PODCASTS.frame_of(APPLE_PODCASTS.parts_of(node.href))
    return (
        f'<div class="apple-podcast-container"{stamp(component)}>'
        f'<iframe class="apple-podcast "{data_attrs(component.data)}{attribute("src", source)}'
        ' frameborder="0" allow="autoplay *; encrypted-media *;" allowfullscreen="true">'
        "</iframe></div>"
    )


def _soundcloud(_: Embed, data: Data) -> str:
    track = quote(string(data.get("url")) or string(data.get("targetUrl")), safe="")
    return (
        f'<iframe src="{SOUNDCLOUD.frame}?auto_play=false&amp;buying=false'
        "&amp;liking=false&amp;download=false&amp;sharing=false&amp;show_artwork=true"
        "&amp;show_comments=false&amp;show_playcount=false&amp;show_user=true&amp;hide_related=true"
        f'&amp;visual=false&amp;start_track=0&amp;url={track}" frameborder="0" gesture="media"'
        ' scrolling="no" allowfullscreen="true"></iframe>'
    )


def _bandcamp(_: Embed, data: Data) -> str:
    source = on_host(string(data.get("embed_url")), *BANDCAMP.hosts)
    if not source:
        return ""
    return (
        f'<iframe{attribute("src", source)} frameborder="0" gesture="media" scrolling="no"'
        ' allowfullscreen="true"></iframe>'
    )


def _tiktok(_: Embed, data: Data) -> str:
    source = on_host(string(data.get("embed_url")), "iframe.ly", *TIKTOK.hosts)
    if not source:
        return ""
    return (
        f'<iframe class="tiktok-iframe"{attribute("src", source)} frameborder="0"'
        ' allow="autoplay; fullscreen; encrypted-media" allowfullscreen="" scrolling="no"'
        ' loading="lazy"></iframe>'
    )


# --- documents ----------------------------------------------------------------------------------


def _chart(node: Embed, data: Data) -> str:
    source = on_host(string(data.get("url")), *DATAWRAPPER.hosts)
    if not source:
        return ""
    height = number(data.get("height"))
    size = f' width="730" height="{height}"' if height else ""
    frame = (
        '<iframe id="iframe-datawrapper" class="datawrapper-iframe"'
        f'{attribute("src", source)}{size} frameborder="0" scrolling="no" loading="lazy"></iframe>'
    )
    return frame + (_CHART_SCRIPT if "script" in variant_of(node) else "")


# What fits a chart's frame to the height that the chart asks for.
_CHART_SCRIPT = (
    '<script type="text/javascript">window.addEventListener("message",function(e){'
    'var h=e.data["datawrapper-height"];if(h)for(var k in h)'
    'document.querySelectorAll("iframe").forEach(function(f){'
    'if(f.contentWindow===e.source)f.style.height=h[k]+"px"})});</script>'
)


def _market(_: Embed, data: Data) -> str:
    source = on_host(string(data.get("url")), *_MARKETS)
    if not source:
        return ""
    return (
        '<iframe id="prediction-market-iframe" class="prediction-market-iframe"'
        f'{attribute("src", source)} width="560" height="405" frameborder="0" scrolling="no"'
        ' loading="lazy"></iframe>'
    )


def _code(_: Embed, data: Data) -> str:
    return '<iframe class="code-embed-iframe"></iframe>' if data.get("uuid") else ""


# --- tweets and their like ------------------------------------------------------------------------


def _tweet(node: Embed, component: Component, address: Address) -> str:
    """The generation whose words stand in the markup too: not every importer reads the data."""
    data = component.data or {}
    handle = string(data.get("username"))
    link = attribute("href", address(node.href)) + ' target="_blank"'
    picture = cdn.avatar(handle)
    return (
        f'<div{stamp(component)} class="tweet"{data_attrs(data)}>'
        f'<a class="tweet-link-top"{link}><div class="tweet-header">'
        f'<img class="tweet-header-avatar"{attribute("src", picture)}'
        f'{attribute("alt", f"Twitter avatar for @{handle}")}><div class="tweet-header-text">'
        f'<span class="tweet-author-name">{text(string(data.get("name")))} </span>'
        f'<span class="tweet-author-handle">@{text(handle)}</span></div></div>'
        f'<div class="tweet-text">{text(node.text)}</div></a>'
        f'<a class="tweet-link-bottom"{link}><div class="tweet-footer">'
        f'<span class="tweet-date">{text(node.date)}</span>{_counts(node, data)}</div></a></div>'
    )


def _counts(node: Embed, data: Data) -> str:
    likes, retweets = number(data.get("like_count")), number(data.get("retweet_count"))
    parts = []
    if likes:
        parts.append(
            f'<span{attribute("href", f"{node.href}/likes")} class="likes">'
            f'<span class="like-count">{likes:,}</span>Like{"s" * (likes != 1)}</span>'
        )
    if retweets:
        parts.append(
            f'<span{attribute("href", f"{node.href}/retweets")} class="retweets">'
            f'<span class="rt-count">{retweets:,}</span>Retweet{"s" * (retweets != 1)}</span>'
        )
    return f'<hr><div class="tweet-ufi">{"".join(parts)}</div>' if parts else ""


def _bluesky(_: Embed, data: Data) -> str:
    match = AT_POST.fullmatch(string(data.get("uri")))
    if match is None:
        return ""
    post, source = match["id"], BLUESKY.frame_of(match.groupdict())
    return (
        f'<iframe id="bluesky-{post}" data-bluesky-id="{post}"'
        f' src="{source}?id={post}"'
        ' width="100%" frameborder="0" scrolling="no"></iframe>'
    )


def _instagram(node: Embed, data: Data) -> str:
    author = string(data.get("author_name"))
    profile = f"https://instagram.com/{quote(author.lstrip('@'))}"
    photo = f"https://instagram.com/p/{quote(string(data.get('instagram_id')))}"
    return (
        '<div class="instagram-top-bar"><a class="instagram-author-name"'
        f'{attribute("href", profile)} target="_blank">{text(author)}</a></div>'
        f'<a class="instagram-image"{attribute("href", photo)} target="_blank">'
        f"<img{attribute('src', string(data.get('thumbnail_url')))}></a>"
        f'<div class="instagram-bottom-bar"><div class="instagram-title">{text(node.title)}</div>'
        "</div>"
    )


# --- cards ----------------------------------------------------------------------------------------


def _post(node: Embed, data: Data, address: Address) -> str:
    variants = variant_of(node)
    if "empty" in variants:
        return ""
    age = next((word.removeprefix(ASIDE) for word in variants if word.startswith(ASIDE)), "")
    logo = address(string(data.get("publication_logo_url")))
    picture = (
        f'<img class="embedded-post-publication-logo"{attribute("src", logo)}>' if logo else ""
    )
    title = f'<div class="embedded-post-title">{text(node.title)}</div>'
    more = '<span class="embedded-post-read-more">Read more</span>'
    if "2020" not in variants:
        title = f'<div class="embedded-post-title-wrapper">{title}</div>'
        more = (
            '<div class="embedded-post-cta-wrapper"><span class="embedded-post-cta">Read more</span>'
            "</div>"
        )
    likes, comments = number(data.get("like_count")), number(data.get("comment_count"))
    counts = (
        f"{likes} like{'s' * (likes != 1)}" if likes else "",
        f"{comments} comment{'s' * (comments != 1)}" if comments else "",
    )
    about = " · ".join(filter(None, (age or node.date, *counts, node.author)))
    href = address(node.href)
    if href and "?" not in href:
        href += "?utm_source=substack&utm_campaign=post_embed&utm_medium=web"
    return (
        f'<a class="embedded-post" native="true"{attribute("href", href)}>'
        f'<div class="embedded-post-header">{picture}'
        f'<span class="embedded-post-publication-name">{text(node.provider)}</span></div>'
        f'{title}<div class="embedded-post-body">{text(node.text)}</div>{more}'
        f'<div class="embedded-post-meta">{text(about)}</div></a>'
    )


def _publication(node: Embed, data: Data) -> str:
    base = on_any_host(string(data.get("base_url")) or node.href)
    link = f"{base}?utm_source=substack&utm_campaign=publication_embed&utm_medium=web"
    logo = on_any_host(node.thumbnail)
    picture = (
        f'<img class="embedded-publication-logo"{attribute("src", logo)} width="56" height="56">'
        if logo
        else ""
    )
    author = f"By {node.author}" if node.author else ""
    subscribe = (
        '<form class="embedded-publication-subscribe" method="GET"'
        f"{attribute('action', f'{base}/subscribe?')}>"
        '<input type="hidden" name="source" value="publication-embed">'
        '<input type="hidden" name="autoSubmit" value="true">'
        '<input type="email" class="email-input" name="email" placeholder="Type your email...">'
        '<input type="submit" class="button primary" value="Subscribe"></form>'
    )
    shown = bool(data.get("show_subscribe")) and base != ""
    return (
        f'<div class="embedded-publication{" show-subscribe" if shown else ""}">'
        f'<a class="embedded-publication-link-part" native="true"{attribute("href", link)}>'
        f'{picture}<span class="embedded-publication-name">{text(node.title)}</span>'
        f'<div class="embedded-publication-hero-text">{text(node.text)}</div>'
        f'<div class="embedded-publication-author-name">{text(author)}</div></a>'
        f"{subscribe if shown else ''}</div>"
    )


_INNER: dict[str, Callable[[Embed, Data], str]] = {
    "bandcamp-wrap": _bandcamp,
    "bluesky-wrap": _bluesky,
    "code-embed": _code,
    "datawrapper-wrap": _chart,
    "embedded-publication-wrap": _publication,
    "instagram": _instagram,
    "prediction-market-wrap": _market,
    "soundcloud-wrap": _soundcloud,
    "tiktok-wrap": _tiktok,
    "vimeo-wrap": _vimeo,
    "youtube-wrap": _youtube,
}


def on_host(url: str, *hosts: str) -> str:
    """``url`` if it leads by https to one of these hosts or below one, else nothing."""
    name = hostname_of(url)
    same = any(name == host or name.endswith(f".{host}") for host in hosts)
    return url if url.startswith("https:") and same else ""


def on_any_host(url: str) -> str:
    """``url`` if it is an address of the web."""
    return url if re.match(r"https?://[^\s/]", url) else ""
