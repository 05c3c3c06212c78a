"""Reads the elements of web components that show a player only when a reader asks for it: ``<lite-youtube videoid="...">``.

Sources: the documentation of lite-youtube-embed, lite-vimeo, youtube-video-element and vimeo-video-element; for
``youtube-lite-player``, posts of sites of Eleventy, whose templates mark attributes with ``@``.
"""

from __future__ import annotations

from ...diagnostics import DiagnosticCode, Severity
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...web.providers import VIMEO, YOUTUBE, player_of
from .block_builders import Attributes
from .builder import FragmentBuilder

WEB_PLAYERS = {
    "lite-youtube": YOUTUBE,
    "lite-vimeo": VIMEO,
    "vimeo-video": VIMEO,
    "youtube-lite": YOUTUBE,
    "youtube-lite-player": YOUTUBE,
    "youtube-video": YOUTUBE,
}
"""The services whose recordings the elements show."""
_IDS = ("videoid", "video-id", "slug", "src")
_TITLES = ("videotitle", "title", "label", "playlabel")
_ID = lazy_pattern(r"[\w-]{4,40}")
_ADDRESS = lazy_pattern(r"(?:https?:)?//\S+")


def start_web_player(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    """Adds the player that an element shows. What stands in the element is for browsers without its program, and is read."""
    said = {key.lstrip("@:"): value.strip() for key, value in attrs.items() if value}
    named = next((said[key] for key in _IDS if key in said), "")
    if _ID.fullmatch(named):
        named = WEB_PLAYERS[name].page_of({"id": named})
    if _ADDRESS.fullmatch(named):
        player = player_of(named)
        title = next((said[key] for key in _TITLES if key in said), "")
        build.node(b.Embed(player.kind, href=player.href, provider=player.provider, title=title))
    else:
        message = f"<{name}> was left out: it has no id or address of a recording"
        build.find(DiagnosticCode.RAW_DROPPED, message, named, Severity.WARNING)
    build.passes(name)
