"""The table of services that pages embed: what a frame shows, and both ways of each address."""

from __future__ import annotations

import pytest

from clothbound.web import providers
from clothbound.web.providers import PROVIDERS, Player, Provider, player_of, provider_of

YOUTUBE = "https://www.youtube.com"


@pytest.mark.parametrize(
    ("frame", "kind", "provider", "page"),
    [
        (f"{YOUTUBE}/embed/abc-DEF_123?start=9", "video", "YouTube", "/watch?v=abc-DEF_123&t=9s"),
        (
            f"{YOUTUBE}/watch?v=abc-DEF_123&t=1m5s",
            "video",
            "YouTube",
            "/watch?v=abc-DEF_123&t=1m5s",
        ),
        ("https://youtu.be/abc-DEF_123?t=5", "video", "YouTube", "/watch?v=abc-DEF_123&t=5"),
        (f"{YOUTUBE}/embed/videoseries?list=PL1", "video", "YouTube", "/playlist?list=PL1"),
        (f"{YOUTUBE}/@somebody", "video", "YouTube", "/@somebody"),
        ("//player.vimeo.com/video/123", "video", "Vimeo", "https://vimeo.com/123"),
        ("https://player.vimeo.com/video/1?h=ab", "video", "Vimeo", "https://vimeo.com/1/ab"),
        (
            "https://open.spotify.com/embed-podcast/episode/1?si=2",
            "audio",
            "Spotify",
            "https://open.spotify.com/episode/1",
        ),
        (
            "https://embed.podcasts.apple.com/us/podcast/a/id1?i=1000&theme=dark",
            "audio",
            "Apple Podcasts",
            "https://podcasts.apple.com/us/podcast/a/id1?i=1000",
        ),
        (
            "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&visual=true",
            "audio",
            "SoundCloud",
            "https://soundcloud.com/a/b",
        ),
        (
            "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=17",
            "tweet",
            "Twitter",
            "https://twitter.com/i/status/17",
        ),
        (
            "https://www.instagram.com/p/Cq1/embed/captioned/",
            "post",
            "Instagram",
            "https://www.instagram.com/p/Cq1",
        ),
        (
            "https://embed.bsky.app/embed/did:plc:1/app.bsky.feed.post/3k?id=3",
            "note",
            "Bluesky",
            "https://bsky.app/profile/did:plc:1/post/3k",
        ),
        (
            "https://player.twitch.tv/?video=v12&parent=x",
            "video",
            "Twitch",
            "https://www.twitch.tv/videos/12",
        ),
        ("https://gist.github.com/a/b1.js", "gist", "GitHub", "https://gist.github.com/a/b1"),
        ("https://codepen.io/a/embed/b?x=1", "gist", "CodePen", "https://codepen.io/a/pen/b?x=1"),
        ("https://www.loom.com/embed/1a", "video", "Loom", "https://www.loom.com/share/1a"),
        ("https://a.wistia.example/1", "page", "", "https://a.wistia.example/1"),
        ("https://[broken", "page", "", "https://[broken"),
        ("", "page", "", ""),
    ],
)
def test_the_page_of_a_frame(frame: str, kind: str, provider: str, page: str) -> None:
    href = f"{YOUTUBE}{page}" if page.startswith("/") else page
    assert player_of(frame) == Player(kind, provider, href)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_addresses_of_a_row_are_found_again(provider: object) -> None:
    given = {
        "id": "123456",
        "user": "ann",
        "author": "did:plc:1",
        "path": "/show/1",
        "url": "https://a.example/1",
    }
    assert isinstance(provider, type(PROVIDERS[0]))
    for host in provider.hosts:
        assert provider_of(f"https://{host}/x") is provider
        assert provider_of(f"https://below.{host}/x") is provider
        assert provider_of(f"https://not{host}/x") is None
    for address in (provider.page_of(given), provider.frame_of(given)):
        if provider_of(address) is provider and (parts := provider.parts_of(address)):
            assert provider.page_of(parts) == provider.page_of(given)
    assert provider.page_of({}) == provider.frame_of({}) == ""


def test_every_service_that_has_a_name_is_in_the_table() -> None:
    named = [each for each in vars(providers).values() if isinstance(each, Provider)]
    assert named
    assert set(named) <= set(PROVIDERS)
