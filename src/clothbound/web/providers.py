"""Which service a frame shows, and the page that a reader would open instead of the player."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias
from urllib.parse import SplitResult, parse_qs, urlsplit

Page: TypeAlias = Callable[[SplitResult], str]


class Player(NamedTuple):
    """``href`` is the page, ``kind`` and ``provider`` are as on ``Embed``."""

    kind: str
    provider: str
    href: str


def player_of(src: str) -> Player:
    """What the frame at ``src`` shows; kind ``page`` and no provider where the host is not known."""
    src = src.strip()
    if src.startswith("//"):
        src = f"https:{src}"
    try:
        url = urlsplit(src)
        host = (url.hostname or "").removeprefix("www.")
    except ValueError:
        return Player("page", "", src)
    while host:
        found = _HOSTS.get(host)
        if found is not None:
            kind, provider, page = found
            return Player(kind, provider, page(url) or src)
        host = host.partition(".")[2]
    return Player("page", "", src)


def _same(url: SplitResult) -> str:
    return url.geturl()


def _query(url: SplitResult, name: str) -> str:
    return parse_qs(url.query).get(name, [""])[0]


def _youtube(url: SplitResult) -> str:
    found = re.match(r"/(?:embed|v|shorts|live)/([\w-]{6,20})", url.path)
    if found is None or found[1] == "videoseries":
        playlist = _query(url, "list")
        return f"https://www.youtube.com/playlist?list={playlist}" if playlist else ""
    start = _query(url, "start")
    return f"https://www.youtube.com/watch?v={found[1]}" + (f"&t={start}s" if start else "")


def _vimeo(url: SplitResult) -> str:
    found = re.match(r"/video/(\d+)", url.path)
    return f"https://vimeo.com/{found[1]}" if found else ""


def _without_embed(host: str) -> Page:
    """For hosts whose player lies at the page's own path below ``/embed``."""
    return lambda url: f"https://{host}{re.sub(r'^/embed(?:-podcast)?(?=/)', '', url.path)}"


def _in_query(name: str) -> Page:
    return lambda url: _query(url, name)


def _tweet(url: SplitResult) -> str:
    number = _query(url, "id")
    return f"https://twitter.com/i/status/{number}" if number else ""


# A host stands for those below it too.
_HOSTS: dict[str, tuple[str, str, Page]] = {
    "youtube.com": ("video", "YouTube", _youtube),
    "youtube-nocookie.com": ("video", "YouTube", _youtube),
    "youtu.be": ("video", "YouTube", _same),
    "player.vimeo.com": ("video", "Vimeo", _vimeo),
    "vimeo.com": ("video", "Vimeo", _same),
    "dailymotion.com": (
        "video",
        "Dailymotion",
        lambda url: f"https://www.dailymotion.com{url.path.removeprefix('/embed')}",
    ),
    "loom.com": ("video", "Loom", lambda url: url.geturl().replace("/embed/", "/share/", 1)),
    "player.twitch.tv": (
        "video",
        "Twitch",
        lambda url: (
            f"https://www.twitch.tv/videos/{v.removeprefix('v')}"
            if (v := _query(url, "video"))
            else ""
        ),
    ),
    "fast.wistia.net": ("video", "Wistia", _same),
    "tiktok.com": ("video", "TikTok", _same),
    "ted.com": ("video", "TED", lambda url: f"https://www.ted.com{url.path}"),
    "open.spotify.com": ("audio", "Spotify", _without_embed("open.spotify.com")),
    "w.soundcloud.com": ("audio", "SoundCloud", _in_query("url")),
    "bandcamp.com": ("audio", "Bandcamp", _same),
    "embed.podcasts.apple.com": ("audio", "Apple Podcasts", _without_embed("podcasts.apple.com")),
    "embed.music.apple.com": ("audio", "Apple Music", _without_embed("music.apple.com")),
    "mixcloud.com": ("audio", "Mixcloud", _same),
    "platform.twitter.com": ("tweet", "Twitter", _tweet),
    "instagram.com": ("post", "Instagram", _same),
    "facebook.com": ("post", "Facebook", _in_query("href")),
    "google.com": ("page", "Google", _same),
    "codepen.io": ("gist", "CodePen", lambda url: url.geturl().replace("/embed/", "/pen/", 1)),
    "codesandbox.io": (
        "gist",
        "CodeSandbox",
        lambda url: url.geturl().replace("/embed/", "/s/", 1),
    ),
    "gist.github.com": ("gist", "GitHub", lambda url: url.geturl().removesuffix(".js")),
    "datawrapper.dwcdn.net": ("chart", "Datawrapper", _same),
    "flo.uri.sh": ("chart", "Flourish", _same),
    "public.tableau.com": ("chart", "Tableau", _same),
    "observablehq.com": ("chart", "Observable", _without_embed("observablehq.com")),
    "giphy.com": ("page", "Giphy", _same),
}
