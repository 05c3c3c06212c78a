"""Finds the addresses that shortcodes lead to, and makes the cards of players and of posts elsewhere."""

from __future__ import annotations

import re
from urllib.parse import quote as percent_encoded

from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...web.providers import (
    GIST,
    INSTAGRAM,
    TWITTER,
    VIMEO,
    YOUTUBE,
    AddressParts,
    Provider,
    provider_of,
)
from .shortcodes import Shortcode

_PAGES = {
    "github": "https://github.com/",
    "slideshare": "https://www.slideshare.net/slideshow/embed_code/key/",
    "speakerdeck": "https://speakerdeck.com/player/",
}
"""The beginnings of the addresses of what tags name by an id."""
_GIST = lazy_pattern(r"[0-9a-f]{20,40}|\d{5,}")
"""Matches the id of a gist, which leads there without the name of its author."""
_SETTINGS = lazy_pattern(r"[;={}]|://|\d(?:px|vw|em|%)")
"""Matches what is no title."""
WHOLE_ADDRESS = lazy_pattern(r"(?:https?:)?//\S+$", re.I)


def address_of(tag: Shortcode, shows: str | None, line: int) -> str:
    """Returns the address that a card leads to; empty if there is none."""
    if shows in ("video", "post", "gist", "media"):
        card = embed_of(tag, shows, line)
        return card.href if isinstance(card, b.Embed) else ""
    named = tag.get("url", "href", "src", "link", "path", "file", "button-url", "to")
    values = (
        [named, *tag.plain, *tag.named.values()]
        if shows in ("link", "button", "file", None)
        else []
    )
    whole = next((v for v in values if WHOLE_ADDRESS.match(v)), "")
    if whole or shows is None:
        return f"https:{whole}" if whole.startswith("//") else whole
    if named and shows in ("button", "file", "link"):
        return named
    first = tag.first
    if shows == "file":
        return first
    identifier = tag.get("id", "repo") or first
    if tag.name in ("instagram", "bluesky", "codepen", *_PAGES) and identifier:
        return _service_address(tag, identifier)
    is_page = shows == "button" or tag.name == "iframe"
    return first if is_page and first.startswith(("/", "#")) else ""


def _service_address(tag: Shortcode, identifier: str) -> str:
    if tag.name in _PAGES:
        return _PAGES[tag.name] + percent_encoded(identifier)
    if tag.name == "instagram":
        return INSTAGRAM.page_of({"id": identifier})
    user = tag.get("user", "username")
    if tag.name == "codepen" and user:
        return f"https://codepen.io/{percent_encoded(user)}/pen/{percent_encoded(identifier)}"
    return ""


def embed_of(tag: Shortcode, shows: str, line: int) -> b.Block | None:
    address = next((v for v in (*tag.plain, *tag.named.values()) if WHOLE_ADDRESS.match(v)), "")
    title = tag.get("title", "caption") or _quoted_title(tag)
    if address:
        provider = provider_of(address)
        if provider is not None:
            author = tag.get("user") if shows == "post" else ""
            return b.Embed(
                provider.kind, address, provider.name, title=title, author=author, line=line
            )
    first = tag.get("id", "videoid", "video", "v") or (tag.first if not address else "")
    name = tag.get("provider") or tag.name
    if shows == "gist" and len(tag.plain) > 1:
        return _embed(GIST, {"path": f"{tag.plain[0]}/{tag.plain[1]}"}, line)
    if shows == "gist" and ("/" in tag.first or _GIST.fullmatch(tag.first)):
        return _embed(GIST, {"path": tag.first}, line)
    if shows == "video" and first and not address:
        if "vimeo" in name:
            return _embed(VIMEO, {"id": first}, line, title=title)
        if "you" in name or name == "yt":
            return _embed(YOUTUBE, {"id": first}, line, title=title)
    if shows == "post" and first and not address and tag.name not in ("mastodon", "toot"):
        parts = {"user": tag.get("user") or "i", "id": first.rsplit("/", 1)[-1]}
        return _embed(TWITTER, parts, line, author=tag.get("user"))
    source = (
        address
        or tag.get("src", "mp4", "webm", "mp3", "url", "file")
        or (tag.first if "." in tag.first else "")
    )
    if shows == "media" and source:
        is_audio = tag.name in ("audio", "mp3", "music", "podcast") or source.endswith(
            (".mp3", ".ogg", ".m4a")
        )
        caption = (i.Text(title),) if title else ()
        return b.Media(
            "audio" if is_audio else "video", source, tag.get("poster"), caption, line=line
        )
    if shows == "media" and first and (tag.get("provider") or tag.name) in ("youtube", "vimeo"):
        provider = YOUTUBE if name == "youtube" else VIMEO
        return _embed(provider, {"id": first}, line, title=title)
    if address:
        kind = "video" if shows == "video" else "post"
        return b.Embed(kind, address, "", title=title, line=line)
    return None


def _quoted_title(tag: Shortcode) -> str:
    """Returns the words in quotation marks behind what is shown; empty if there are none, or settings."""
    words = (p for p in tag.plain[1:] if p in tag.quoted and " " in p.strip())
    return next((p for p in words if not _SETTINGS.search(p)), "")


def _embed(
    provider: Provider, parts: AddressParts, line: int, *, title: str = "", author: str = ""
) -> b.Embed:
    return b.Embed(
        provider.kind,
        provider.page_of(parts),
        provider.name,
        title=title,
        author=author,
        line=line,
    )
