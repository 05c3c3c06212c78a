"""JSON Feed as it is written: valid by the specification, whole texts, nothing private."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post, Timestamp
from clothbound.testing import check_writer
from clothbound.verify import compare_contents, read_product, read_sources
from clothbound.writers.json_feed import WRITER, JsonFeed
from clothbound.writers.rss import Rss
from json_feed_spec import faults
from sample_nodes import day, paragraph

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "cases"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = JsonFeed(site="https://letters.example/")


def feed_of(posts: Any, options: JsonFeed = SITE) -> dict[str, Any]:
    feed: dict[str, Any] = json.loads(clothbound.write(posts, options).to_bytes())
    assert faults(feed) == []
    return feed


def post(slug: str, *body: b.Block, **fields: Any) -> Post:
    metadata = Metadata(key=slug, slug=slug, title=slug.title(), source=f"{slug}.md", **fields)
    return Post(metadata, body or (paragraph(f"Text of {slug}."),))


def test_contract() -> None:
    check_writer(WRITER, options=SITE)


@pytest.mark.parametrize(
    "source",
    [ROOT / "examples" / "letters", CASES / "feeds" / "json-feed-1.1.json", CASES / "medium"],
    ids=lambda path: path.name,
)
def test_a_feed_is_valid_and_has_the_posts(source: Path) -> None:
    posts = clothbound.read(source, on_error="collect")
    feed = feed_of(posts)
    again = clothbound.read(json.dumps(feed).encode())
    in_rss = clothbound.read(clothbound.write(posts, Rss(site=SITE.site)).to_bytes(), "rss")
    assert [m.title for m in again.index] == [m.title for m in in_rss.index]
    assert len(again) >= 2
    for one, other in zip(again, in_rss, strict=True):
        assert one.body == other.body


def test_every_field_of_an_item() -> None:
    moment = day("2024-02-03").value
    assert moment is not None
    first = post(
        "first",
        paragraph("One ", i.Link((i.Text("two"),), "second.md"), "."),
        subtitle="What came",
        authors=("A. Writer", "B. Writer"),
        tags=("sea", "salt"),
        language="nb",
        published=day("2024-02-03"),
        updated=Timestamp("x", moment, "day"),
        cover="https://far.example/a.png",
        extra={
            "external_url": "https://elsewhere.example/x",
            "podcast_url": "https://cdn.example/1.m4a",
            "podcast": {"type": "audio/x-m4a", "size": 1200, "duration": 61.4, "title": "Aloud"},
        },
    )
    feed = feed_of([first, post("second")])
    assert feed["home_page_url"] == "https://letters.example"
    assert feed["feed_url"] == "https://letters.example/feed.json"
    item = feed["items"][0]
    assert item.pop("id").startswith("urn:uuid:")
    html = item.pop("content_html")
    assert 'href="https://letters.example/p/second"' in html
    assert item == {
        "url": "https://letters.example/p/first",
        "external_url": "https://elsewhere.example/x",
        "title": "First",
        "summary": "What came",
        "image": "https://far.example/a.png",
        "date_published": moment.isoformat(),
        "date_modified": moment.isoformat(),
        "authors": [{"name": "A. Writer"}, {"name": "B. Writer"}],
        "tags": ["sea", "salt"],
        "language": "nb",
        "attachments": [
            {
                "url": "https://cdn.example/1.m4a",
                "mime_type": "audio/x-m4a",
                "title": "Aloud",
                "size_in_bytes": 1200,
                "duration_in_seconds": 61,
            }
        ],
    }
    again = clothbound.read(
        json.dumps(feed | {"items": [item | {"id": 1, "content_html": html}]}).encode()
    )
    (read,) = again
    assert "One two." in plain_text(read)
    assert read.metadata.extra["podcast"]["size"] == 1200
    assert read.metadata.cover == "https://far.example/a.png"


def test_the_newest_come_first_and_no_more_than_asked_for() -> None:
    posts = [post("old", published=day("2021-01-01")), post("new", published=day("2023-01-01"))]
    assert [item["title"] for item in feed_of(posts)["items"]] == ["New", "Old"]
    one = JsonFeed(site="https://letters.example", limit=1)
    assert [item["title"] for item in feed_of(posts, one)["items"]] == ["New"]
    assert feed_of([])["items"] == []


def test_a_subtitle_beside_a_description_stands_above_the_text() -> None:
    both = post("both", subtitle="A line", description="What it is about")
    (item,) = feed_of([both])["items"]
    assert item["summary"] == "What it is about"
    assert item["content_html"].startswith('<p class="subtitle">A line</p>')
    same = post("same", subtitle="A line", description="A line")
    for one in (same, post("alone", subtitle="A line")):
        (item,) = feed_of([one])["items"]
        assert item["summary"] == "A line"
        assert "A line" not in item["content_html"]
    assert "A line" in clothbound.write([both], Rss(site=SITE.site)).to_text()


@pytest.mark.parametrize("target", ["rss", "jsonfeed"])
@pytest.mark.parametrize("source", ["medium", "ghost", "feeds/podcast.xml"])
def test_the_count_finds_nothing_missing_in_a_feed(
    source: str, target: str, tmp_path: Path
) -> None:
    product = tmp_path / f"feed.{'xml' if target == 'rss' else 'json'}"
    posts = clothbound.read(CASES / source)
    artifact = clothbound.write(posts, target)
    artifact.save(product)
    made = read_product(product)
    assert made.format == target
    told = list(artifact.report.diagnostics)
    wanted = {m.source for m in posts.index if m.verdict(NOW).state == "public"}
    compared = compare_contents(read_sources(CASES / source), made, lambda _: told, wanted)
    assert compared.counted.words > 40
    assert [str(found) for found in compared.missing] == []


@pytest.mark.parametrize("href", ["https://elsewhere.example/", ""])
def test_the_count_misses_a_link_that_leads_to_no_entry(href: str, tmp_path: Path) -> None:
    product = tmp_path / "feed.xml"
    clothbound.write(clothbound.read(CASES / "medium"), "rss").save(product)
    text = product.read_text()
    resolved = '<a href="https://medium.com/@marit/on-glue-f00dfacecafe">its short address</a>'
    assert text.count(resolved) == 1
    instead = f'<a href="{href}">its short address</a>' if href else "its short address"
    product.write_text(text.replace(resolved, instead))
    compared = compare_contents(read_sources(CASES / "medium"), read_product(product))
    assert any("[link medium.com/p/f00dfacecafe]" in str(found) for found in compared.missing)


def test_nothing_private_is_in_it() -> None:
    posts = [
        post("open", paragraph("Free."), b.PaywallBreak(), paragraph("PAID-PART")),
        post("draft", paragraph("DRAFT-TEXT"), is_draft=True),
        post("paid", paragraph("PAID-TEXT"), audience="only_paid"),
        post("hidden", paragraph("UNLISTED-TEXT"), visibility="unlisted"),
    ]
    text = clothbound.write(posts, SITE).to_text()
    assert "Free." in text
    for marker in ("PAID-PART", "DRAFT-TEXT", "Draft", "PAID-TEXT", "UNLISTED-TEXT"):
        assert marker not in text


def test_a_site_has_both_feeds_with_the_same_posts(tmp_path: Path) -> None:
    posts = [post("one", published=day("2021-01-01")), post("two", published=day("2022-01-01"))]
    options = clothbound.Site(url="https://letters.example/all")
    clothbound.write(posts, options).save(tmp_path / "site")
    feed = json.loads((tmp_path / "site" / "feed.json").read_bytes())
    assert faults(feed) == []
    assert feed["feed_url"] == "https://letters.example/all/feed.json"
    in_xml = clothbound.read(tmp_path / "site" / "feed.xml")
    assert [item["url"] for item in feed["items"]] == [m.canonical_url for m in in_xml.index]
    page = (tmp_path / "site" / "one.html").read_text()
    assert '<link rel="alternate" type="application/feed+json"' in page
    clothbound.write(posts, "site").save(tmp_path / "bare")
    assert not (tmp_path / "bare" / "feed.json").exists()
