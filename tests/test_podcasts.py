"""Podcasts in feeds: what Apple's and the Podcasting 2.0 namespaces say is read, printed, and written back."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import feedparser
import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.model.recordings import Episode, Show, episode_of, show_of
from clothbound.writers.rss import Rss
from sample_nodes import day, paragraph

FEED = Path(__file__).parent / "cases" / "feeds" / "podcast.xml"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
SITE = "https://locks.example"


def channel_of(posts: Any, options: Rss) -> Any:
    data = clothbound.write(posts, options).to_bytes()
    assert not feedparser.parse(data).bozo
    channel = ET.fromstring(data).find("channel")
    assert channel is not None
    return channel


def test_a_podcast_comes_back_as_it_was_read() -> None:
    posts = clothbound.read(FEED)
    again = clothbound.read(clothbound.write(posts, Rss(site=SITE)).to_bytes(), "rss")
    assert again.extra == posts.extra
    assert show_of(again.extra).categories == (("Society & Culture", "Documentary"), ("Science",))
    for one, other in zip(posts, again, strict=True):
        assert other.metadata.extra["podcast"] == one.metadata.extra["podcast"] | (
            {"image": one.metadata.cover} if one.metadata.cover else {}
        )
        assert other.metadata.extra["podcast_url"] == one.metadata.extra["podcast_url"]
        assert other.body == one.body
        assert other.metadata.cover == one.metadata.cover


def test_the_feed_has_what_directories_require() -> None:
    """Apple, "A Podcaster's Guide to RSS": the required and the recommended tags."""
    channel = channel_of(clothbound.read(FEED), Rss(site=SITE))
    for name in ("title", "description", "language", "link"):
        assert channel.findtext(name)
    for name in ("author", "explicit", "type", "owner"):
        assert channel.find(ITUNES + name) is not None, name
    assert channel.find(f"{ITUNES}image").get("href") == "https://static.locks.example/show.jpg"
    outer = channel.find(f"{ITUNES}category")
    assert (outer.get("text"), outer[0].get("text")) == ("Society & Culture", "Documentary")
    items = channel.findall("item")
    assert len(items) == 3
    for item in items:
        enclosure = item.find("enclosure")
        assert set(enclosure.attrib) == {"url", "length", "type"}
        assert item.findtext("guid")
        assert item.findtext("title")
        assert re.fullmatch(r"\d+", item.findtext(f"{ITUNES}duration"))
    first = items[0]
    assert first.find("enclosure").get("length") == "34216300"
    assert first.findtext(f"{ITUNES}duration") == "2138"
    assert first.findtext(f"{ITUNES}episode") == "5"
    assert first.find(f"{PODCAST}transcript").get("url") == "https://locks.example/tea.vtt"
    assert first.findtext(f"{PODCAST}person") == "Gunn Vik"


@pytest.mark.parametrize(
    "target", ["rss", "jsonfeed", "json", "site", "markdown", "epub", "substack"]
)
def test_no_address_of_e_mail_gets_into_a_product(target: str, tmp_path: Path) -> None:
    posts = clothbound.read(FEED)
    if target == "epub":
        posts = clothbound.book(posts)
    clothbound.write(posts, target).save(tmp_path / "product")
    files = [p for p in (tmp_path / "product", *(tmp_path / "product").rglob("*")) if p.is_file()]
    assert files
    assert not any(b"private.example" in path.read_bytes() for path in files)


def test_a_book_shows_title_duration_and_address_before_the_notes() -> None:
    first, second, third = clothbound.read(FEED)
    assert first.body[0] == b.Media(
        "audio",
        "https://traffic.locks.example/tea.mp3?dest-id=1&x=2",
        caption=first.body[0].caption,  # type: ignore[union-attr]
        duration=2138.0,
    )
    card = clothbound.to_html(first, title=False).partition("</div>")[0]
    assert "Tea at the lower gate" in card
    assert "35:38" in card
    assert "traffic.locks.example" in card
    assert "63:00" in clothbound.to_html(second, title=False)
    assert third.body[0].kind == "video"  # type: ignore[union-attr]
    assert "07:15 The boat" in plain_text(second)
    assert "00:12:30 Tea & talk" in plain_text(first)


def test_options_fill_in_what_a_source_does_not_say() -> None:
    metadata = Metadata(
        key="a",
        title="Aloud",
        published=day("2024-01-01"),
        extra={"podcast_url": "https://cdn.example/a.mp3"},
    )
    post = Post(metadata, (b.Media("audio", "https://cdn.example/a.mp3"), paragraph("Notes.")))
    bare = clothbound.write([post], Rss(site=SITE))
    assert "<itunes:category" not in bare.to_text()
    (said,) = [d.message for d in bare.report.diagnostics if "podcast" in d.message]
    assert "-O podcast_image=, -O podcast_category=, -O explicit=" in said
    options = Rss(
        site=SITE,
        podcast_image="https://cdn.example/show.png",
        podcast_category="Arts > Books",
        explicit="false",
    )
    channel = channel_of([post], options)
    assert channel.find(f"{ITUNES}category")[0].get("text") == "Books"
    assert channel.findtext(f"{ITUNES}explicit") == "false"
    assert channel.find(f"{ITUNES}image").get("href") == "https://cdn.example/show.png"
    plain = clothbound.write([Post(Metadata(key="b", title="B"), (paragraph("x"),))], options)
    assert "<itunes:" not in plain.to_text()


@pytest.mark.parametrize(
    "given", [{}, {"podcast": "a name"}, {"podcast": {"size": "big"}}, {"podcast": [1]}]
)
def test_a_header_may_have_anything_by_that_name(given: dict[str, Any]) -> None:
    assert episode_of(Metadata(extra=given)) == Episode()
    assert show_of(given) == Show()


def test_the_length_comes_through_markdown_and_json_feed() -> None:
    post = clothbound.read(FEED)[0]
    for target, reader in (("markdown", "markdown"), ("jsonfeed", "jsonfeed"), ("json", "json")):
        again = clothbound.read(clothbound.write(post, target).to_bytes(), reader)[0]
        assert episode_of(again.metadata).size == 34216300, target
        assert episode_of(again.metadata).duration == 2138, target


def test_chapters_that_the_notes_name_are_not_listed_again() -> None:
    feed = """<rss version="2.0" xmlns:psc="http://podlove.org/simple-chapters"><channel><title>T</title>
    <item><title>One</title><guid>1</guid><description><![CDATA[<p>00:00 Hello<br/>03:10 Tea &amp; talk</p>]]></description>
    <psc:chapters><psc:chapter start="00:00:00" title="Hello"/><psc:chapter start="00:03:10" title="{}"/></psc:chapters>
    </item></channel></rss>"""
    for title, count in (("Tea &amp; talk", 1), ("Goodbye", 2)):
        data = feed.replace("{}", title).encode()
        text = clothbound.write(clothbound.read(data), "text").to_text()
        assert text.count("Hello") == count
