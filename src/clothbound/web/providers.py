"""The services that pages embed: one table for every reader and writer.

A row describes the addresses of a service in both directions: the item to which an address leads,
the page that a person opens, and the player that a page shows in a frame. The comment above a row
names the service's own page on embedding. Those of YouTube, Spotify, Bluesky and Datawrapper were
read in November 2026; they confirm the hosts, but not every form of address. All other forms were
taken from frames in posts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias
from urllib.parse import SplitResult, parse_qs, urlsplit

from ..lazy_pattern import lazy_pattern
from .addresses import host_of, path_of

AddressParts: TypeAlias = dict[str, str]

_OPTIONAL = lazy_pattern(r"\[([^\[\]{]*\{(\w+)\}[^\[\]]*)\]")
_PART = lazy_pattern(r"\{(\w+)\}")


class Player(NamedTuple):
    """The content of a frame; the fields are those of ``Embed``."""

    kind: str
    provider: str
    href: str


class Provider(NamedTuple):
    """A service whose players and cards are embedded in pages."""

    name: str
    """The name of the service as readers know it; the value of ``Embed.provider``."""
    kind: str
    """The type of its content; the value of ``Embed.kind``."""
    hosts: tuple[str, ...]
    """The service's hosts, each including its subdomains."""
    parts: Callable[[SplitResult], AddressParts] = lambda _: {}
    """Finds the parts of an address, such as ``id`` and ``start``; empty if it leads to no item."""
    page: str = ""
    """A template of the address of an item's page. ``[...]`` is omitted if the part inside is
    missing."""
    frame: str = ""
    """A template of the address of an item's player; see ``page``."""

    def parts_of(self, address: str) -> AddressParts:
        """Returns the parts of ``address``; empty if it is not the provider's or leads to no
        item.
        """
        if provider_of(address) is not self:
            return {}
        return self.parts(urlsplit(address))

    def page_of(self, parts: AddressParts) -> str:
        """Returns the address of an item's page; empty without parts."""
        return _fill(self.page, parts) if parts else ""

    def frame_of(self, parts: AddressParts) -> str:
        """Returns the address of an item's player; empty without parts."""
        return _fill(self.frame, parts) if parts else ""


def provider_of(address: str) -> Provider | None:
    """Returns the service to which ``address`` leads; None if its host is unknown."""
    host = host_of(address)
    while host:
        if host in _BY_HOST:
            return _BY_HOST[host]
        host = host.partition(".")[2]
    return None


def player_of(src: str) -> Player:
    """Returns the content of the frame at ``src``; of an unknown host, the kind is ``page`` and no
    provider is named.
    """
    src = src.strip()
    if src.startswith("//"):
        src = f"https:{src}"
    provider = provider_of(src)
    if provider is None:
        return Player("page", "", src)
    parts = provider.parts_of(src)
    page = provider.page_of(parts) if parts else ""
    return Player(provider.kind, provider.name, page or src)


def player_of_page(address: str) -> Player:
    """Returns what a page embeds that has ``address`` alone on a line (oEmbed); no provider for any other page.

    Some services show their items in frames from other hosts than those of their pages.
    """
    host, path = host_of(address), path_of(address)
    for provider, hosts, pattern in _PAGES:
        if any(host == one or host.endswith(f".{one}") for one in hosts):
            is_item = re.fullmatch(pattern, path) is not None
            return Player(provider.kind, provider.name if is_item else "", address)
    return player_of(address)


def _fill(template: str, parts: AddressParts) -> str:
    filled = _OPTIONAL.sub(lambda found: found[1] if parts.get(found[2]) else "", template)
    return _PART.sub(lambda found: parts.get(found[1], ""), filled)


# --- how parts are found --------------------------------------------------------------------------


def _in_path(pattern: str, **queries: str) -> Callable[[SplitResult], AddressParts]:
    """Returns a function that matches ``pattern`` against the whole path and reads parameters of
    the query.

    The parts are the pattern's groups and ``queries`` (part: parameter). The part ``query`` is the
    whole query with its question mark.
    """

    def parts(url: SplitResult) -> AddressParts:
        found = re.fullmatch(pattern, url.path)
        if found is None:
            return {}
        given = {part: _parameter(url, name) for part, name in queries.items()}
        named = {name: value for name, value in found.groupdict().items() if value}
        return {"query": f"?{url.query}" if url.query else ""} | given | named

    return parts


def _in_query(name: str, pattern: str) -> Callable[[SplitResult], AddressParts]:
    """Returns a function that matches ``pattern`` against one whole parameter of the query; its
    groups are the parts.
    """

    def parts(url: SplitResult) -> AddressParts:
        found = re.fullmatch(pattern, _parameter(url, name))
        return found.groupdict() if found is not None else {}

    return parts


def _parameter(url: SplitResult, name: str) -> str:
    return parse_qs(url.query).get(name, [""])[0]


def _youtube(url: SplitResult) -> AddressParts:
    if (url.hostname or "").endswith("youtu.be"):
        found = re.fullmatch(r"/([\w-]{5,20})/?", url.path)
    else:
        found = re.match(r"/(?:embed|v|shorts|live)/([\w-]{5,20})", url.path)
    video = found[1] if found is not None else _parameter(url, "v")
    if video in ("", "videoseries", "live_stream"):
        playlist = _parameter(url, "list")
        return {"list": playlist} if playlist else {}
    # A page counts in ``1m5s``, a player in seconds.
    start = _parameter(url, "start")
    return {"id": video, "start": _parameter(url, "t") or (start and f"{start.rstrip('s')}s")}


def _tweet(url: SplitResult) -> AddressParts:
    # The embed code of a tweet does not name its author, but the page opens with any name.
    number = _parameter(url, "id")
    return {"user": "i", "id": number} if number else {}


# --- the table ------------------------------------------------------------------------------------

# https://developers.google.com/youtube/player_parameters
YOUTUBE = Provider(
    "YouTube",
    "video",
    ("youtube.com", "youtube-nocookie.com", "youtu.be"),
    _youtube,
    page="https://www.youtube.com/[watch?v={id}][playlist?list={list}][&t={start}]",
    frame="https://www.youtube-nocookie.com/embed/{id}",
)
# https://developer.vimeo.com/player/sdk/embed; an unlisted video opens only with its key.
VIMEO = Provider(
    "Vimeo",
    "video",
    ("vimeo.com",),
    _in_path(r"/(?:video/)?(?P<id>\d+)(?:/(?P<key>\w+))?/?", key="h"),
    page="https://vimeo.com/{id}[/{key}]",
    frame="https://player.vimeo.com/video/{id}",
)
# https://developer.spotify.com/documentation/embeds
SPOTIFY = Provider(
    "Spotify",
    "audio",
    ("open.spotify.com",),
    _in_path(r"(?:/embed(?:-podcast)?)?(?P<path>/.*)"),
    page="https://open.spotify.com{path}",
    frame="https://open.spotify.com/embed{path}{query}",
)
# https://developers.soundcloud.com/docs/api/html5-widget
SOUNDCLOUD = Provider(
    "SoundCloud",
    "audio",
    ("w.soundcloud.com",),
    _in_query("url", r"(?P<url>.+)"),
    page="{url}",
    frame="https://w.soundcloud.com/player/",
)
APPLE_PODCASTS = Provider(
    "Apple Podcasts",
    "audio",
    ("podcasts.apple.com",),
    _in_path(r"(?:/embed)?(?P<path>/.*)", episode="i"),
    page="https://podcasts.apple.com{path}[?i={episode}]",
    frame="https://embed.podcasts.apple.com{path}{query}",
)
BANDCAMP = Provider("Bandcamp", "audio", ("bandcamp.com",))
TIKTOK = Provider("TikTok", "video", ("tiktok.com",))
# https://developer.x.com/en/docs/twitter-for-websites
TWITTER = Provider(
    "Twitter",
    "tweet",
    ("platform.twitter.com",),
    _tweet,
    page="https://twitter.com/{user}/status/{id}",
)
INSTAGRAM = Provider(
    "Instagram",
    "post",
    ("instagram.com",),
    _in_path(r"/(?:p|reel)/(?P<id>[\w-]+)(?:/.*)?"),
    page="https://www.instagram.com/p/{id}",
)
THREADS = Provider("Threads", "post", ("threads.net", "threads.com"))
# https://docs.bsky.app/docs/advanced-guides/oembed
BLUESKY = Provider(
    "Bluesky",
    "note",
    ("bsky.app",),
    _in_path(r"/(?:profile|embed)/(?P<author>[^/]+)/(?:post|app\.bsky\.feed\.post)/(?P<id>[^/]+)"),
    page="https://bsky.app/profile/{author}/post/{id}",
    frame="https://embed.bsky.app/embed/{author}/app.bsky.feed.post/{id}",
)
# https://docs.github.com/en/get-started/writing-on-github/editing-and-sharing-content-with-gists
GIST = Provider(
    "GitHub",
    "gist",
    ("gist.github.com",),
    _in_path(r"/(?P<path>.+?)(?:\.js)?"),
    page="https://gist.github.com/{path}{query}",
)
# https://developer.datawrapper.de/docs/embedding-charts-via-oembed
DATAWRAPPER = Provider("Datawrapper", "chart", ("datawrapper.dwcdn.net", "datawrapper.de"))
POLYMARKET = Provider(
    "Polymarket",
    "market",
    ("polymarket.com",),
    _in_path(r"/event/(?P<id>[^/]+)"),
    page="https://polymarket.com/event/{id}",
)

PROVIDERS = (
    YOUTUBE,
    VIMEO,
    SPOTIFY,
    SOUNDCLOUD,
    APPLE_PODCASTS,
    BANDCAMP,
    TIKTOK,
    TWITTER,
    INSTAGRAM,
    THREADS,
    BLUESKY,
    GIST,
    DATAWRAPPER,
    POLYMARKET,
    Provider("Manifold", "market", ("manifold.markets",)),
    Provider("Kalshi", "market", ("kalshi.com",)),
    Provider("Metaculus", "market", ("metaculus.com",)),
    Provider(
        "Dailymotion",
        "video",
        ("dailymotion.com",),
        _in_path(r"(?:/embed)?(?P<path>/.*)"),
        page="https://www.dailymotion.com{path}",
    ),
    Provider(
        "Loom",
        "video",
        ("loom.com",),
        _in_path(r"/(?:embed|share)/(?P<id>.+)"),
        page="https://www.loom.com/share/{id}{query}",
    ),
    Provider(
        "Twitch",
        "video",
        ("player.twitch.tv",),
        _in_query("video", r"v?(?P<id>.+)"),
        page="https://www.twitch.tv/videos/{id}",
    ),
    Provider("Wistia", "video", ("fast.wistia.net",)),
    Provider(
        "TED",
        "video",
        ("ted.com",),
        _in_path(r"(?P<path>/.*)"),
        page="https://www.ted.com{path}",
    ),
    Provider(
        "Apple Music",
        "audio",
        ("embed.music.apple.com",),
        _in_path(r"(?:/embed)?(?P<path>/.*)"),
        page="https://music.apple.com{path}",
    ),
    Provider("Mixcloud", "audio", ("mixcloud.com",)),
    Provider(
        "Facebook", "post", ("facebook.com",), _in_query("href", r"(?P<url>.+)"), page="{url}"
    ),
    Provider("Google", "page", ("google.com",)),
    Provider(
        "CodePen",
        "gist",
        ("codepen.io",),
        _in_path(r"/(?P<user>[^/]+)/embed/(?P<id>.+)"),
        page="https://codepen.io/{user}/pen/{id}{query}",
    ),
    Provider(
        "CodeSandbox",
        "gist",
        ("codesandbox.io",),
        _in_path(r"/embed/(?P<id>.+)"),
        page="https://codesandbox.io/s/{id}{query}",
    ),
    Provider("Flourish", "chart", ("flo.uri.sh",)),
    Provider("Tableau", "chart", ("public.tableau.com",)),
    Provider(
        "Observable",
        "chart",
        ("observablehq.com",),
        _in_path(r"(?:/embed)?(?P<path>/.*)"),
        page="https://observablehq.com{path}",
    ),
    Provider("Giphy", "page", ("giphy.com",)),
)
_PAGES: tuple[tuple[Provider, tuple[str, ...], str], ...] = (
    (TWITTER, ("twitter.com", "x.com"), r"/\w+/status(?:es)?/\d+.*"),
    (SOUNDCLOUD, ("soundcloud.com",), r"/[^/]+/.+"),
    (Provider("WordPress.tv", "video", ()), ("wordpress.tv",), r"/\d{4}/.+"),
    (Provider("VideoPress", "video", ()), ("videopress.com",), r"/(?:v|embed)/.+"),
    (Provider("Flickr", "post", ()), ("flickr.com", "flic.kr"), r"/(?:photos/[^/]+/.+|p/.+|s/.+)"),
    (Provider("Reddit", "post", ()), ("reddit.com",), r"/r/[^/]+/(?:comments|s)/.+"),
    (Provider("Tumblr", "post", ()), ("tumblr.com",), r"/(?:post/)?.*\d{6}.*"),
    (Provider("Imgur", "post", ()), ("imgur.com",), r"/.+"),
    (Provider("Pinterest", "post", ()), ("pinterest.com",), r"/pin/.+"),
    (Provider("SlideShare", "page", ()), ("slideshare.net",), r"/[^/]+/.+"),
    (Provider("Speaker Deck", "page", ()), ("speakerdeck.com",), r"/[^/]+/.+"),
    (Provider("Scribd", "page", ()), ("scribd.com",), r"/(?:doc|document|presentation)/.+"),
    (Provider("Issuu", "page", ()), ("issuu.com",), r"/.+/docs/.+"),
    (Provider("Kickstarter", "page", ()), ("kickstarter.com",), r"/projects/.+"),
)
"""Services whose pages are embedded by their addresses alone (WordPress's list of oEmbed providers): their hosts, and
the paths of their items."""
_BY_HOST = {host: provider for provider in PROVIDERS for host in provider.hosts}
