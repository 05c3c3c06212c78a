"""Tests the feed with feedparser and as XML: full texts, absolute addresses, nothing private."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import UsageError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.characters import text_alone
from clothbound.model.post import Asset, Footnote, Metadata, Post, Timestamp
from clothbound.testing import check_writer
from clothbound.writers.rss import WRITER, Rss
from sample_nodes import day, paragraph

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SITE = Rss(site="https://letters.example/")


def post(slug: str, *body: b.Block, **fields: object) -> Post:
    return Post(
        Metadata(key=slug, slug=slug, title=slug.title(), source=f"{slug}.md", **fields),  # type: ignore[arg-type]
        body or (paragraph(f"Text of {slug}."),),
    )


def feed(*posts: Post, options: Rss = SITE) -> feedparser.FeedParserDict:
    parsed = feedparser.parse(clothbound.write(posts, options).to_bytes())
    assert not parsed.bozo
    return parsed


def contents(*posts: Post, options: Rss = SITE) -> list[str]:
    root = ET.fromstring(clothbound.write(posts, options).to_bytes())
    return [element.text or "" for element in root.iter(CONTENT)]


def test_contract() -> None:
    check_writer(WRITER)
    check_writer(WRITER, options=SITE)


def test_a_site_with_a_query_is_refused() -> None:
    options = Rss(site="https://x.example/?a=b")
    with pytest.raises(UsageError, match="has a query or a fragment"):
        clothbound.write((post("one"),), options).to_bytes()


def test_a_feed_as_feedparser_reads_it() -> None:
    moment = datetime(2023, 6, 1, 12, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    written = post(
        "tea & <toast>",
        paragraph("Whole ", i.Strong((i.Text("text"),)), "."),
        subtitle="How to",
        authors=("A. Writer", "B. Writer"),
        tags=("food", "Q&A"),
        language="de",
        published=Timestamp("2023-06-01 12:30:05+02:00", moment, "second"),
    )
    options = Rss(site="letters.example", title="Letters")
    parsed = feed(written, options=options)
    assert parsed.version == "rss20"
    assert parsed.feed.title == "Letters"
    assert parsed.feed.link == "https://letters.example"
    assert parsed.feed.language == "de"
    assert {"rel": "self", "type": "application/rss+xml"}.items() <= next(
        link for link in parsed.feed.links if link.rel == "self"
    ).items()
    assert parsed.feed.updated_parsed[:6] == (2023, 6, 1, 10, 30, 5)
    (entry,) = parsed.entries
    assert entry.link == "https://letters.example/p/tea-toast"
    assert entry.published == "Thu, 01 Jun 2023 12:30:05 +0200"
    assert next(a.name for a in entry.authors if a.get("name")) == "A. Writer"
    assert [tag.term for tag in entry.tags] == ["food", "Q&A"]
    assert entry.summary == "How to"
    assert entry.content[0].value.strip() == "<p>Whole <strong>text</strong>.</p>"


def test_newest_first_and_no_more_than_asked_for() -> None:
    posts = (
        post("old", published=day("2021-01-01")),
        post("undated"),
        post("new", published=day("2023-01-01")),
    )
    assert [e.title for e in feed(*posts).entries] == ["New", "Old", "Undated"]
    two = Rss(site="https://letters.example", limit=2)
    assert [e.title for e in feed(*posts, options=two).entries] == ["New", "Old"]


def test_guids_stay_when_addresses_and_neighbours_change() -> None:
    own = post("own", canonical_url="https://other.example/p/own")
    plain = post("plain")
    first = {e.title: e.id for e in feed(own, plain).entries}
    later = {
        e.title: e.id
        for e in feed(post("newer"), plain, own, options=Rss(site="https://moved.example")).entries
    }
    assert first["Own"] == "https://other.example/p/own"
    assert first["Plain"].startswith("urn:uuid:")
    assert first.items() < later.items()


def test_guids_change_with_the_slug_of_a_post_without_an_id() -> None:
    def guid(slug: str, **fields: object) -> str:
        written = Post(Metadata(slug=slug, title="T", source="t.md", **fields), (paragraph("x"),))  # type: ignore[arg-type]
        return str(feed(written).entries[0].id)

    assert guid("a") != guid("b")
    assert guid("a", id="1234.a") == guid("b", id="1234.b")
    assert guid("a", canonical_url="https://e.example/b") == "https://e.example/b"


def test_without_a_site_the_channel_has_no_link_and_that_is_said() -> None:
    own = post("own", canonical_url="https://other.example/p/own")
    artifact = clothbound.write((own,), Rss())
    channel = ET.fromstring(artifact.to_bytes()).find("channel")
    assert channel is not None
    assert channel.find("link") is None
    said = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.INFERRED]
    assert len(said) == 1
    assert "-O site=" in said[0].message
    root = ET.fromstring(clothbound.write((own,), SITE).to_bytes())
    assert root.findtext("channel/link") == "https://letters.example"


def test_every_address_that_leads_somewhere_is_absolute() -> None:
    written = post(
        "one",
        paragraph(
            i.Link((i.Text("a"),), "two.md#here"),
            i.Link((i.Text("b"),), "/about"),
            i.Link((i.Text("c"),), "page?x=1"),
            i.Link((i.Text("d"),), "https://far.example/ä"),
            i.Link((i.Text("e"),), "#top"),
            i.Link((i.Text("f"),), "nowhere.md"),
            i.Link((i.Text("g"),), "javascript:alert(1)"),
            i.Image("a b.png", "A"),
            i.Image("https://far.example/b.png", "B"),
        ),
        b.RawBlock("html", '<p><a href="/raw">r</a> <img src="raw.png" alt="R"></p>'),
        b.Heading((i.Text("Top"),), 2, id="top"),
    )
    (first, _) = contents(written, post("two"))
    found = re.findall(r'(?:href|src)="([^"]*)"', first)
    assert found == [
        "https://letters.example/p/two#here",
        "https://letters.example/about",
        "https://letters.example/p/page?x=1",
        "https://far.example/%C3%A4",
        "#one--top",
        "nowhere.md",
        "https://letters.example/p/a%20b.png",
        "https://far.example/b.png",
        "https://letters.example/raw",
        "https://letters.example/p/raw.png",
    ]
    assert 'id="one--top"' in first


def test_pictures_lie_where_the_option_says_and_are_missing_where_none_does() -> None:
    written = post("one", b.Figure(i.Image("pictures/a.png", "A")))
    written = Post(written.metadata, written.body, assets=(Asset("pictures/a.png", b"x"),))
    told = Rss(site="https://letters.example", image_base_url="https://cdn.example/x/")
    assert 'src="https://cdn.example/x/pictures/a.png"' in contents(written, options=told)[0]
    artifact = clothbound.write(written, SITE)
    artifact.to_bytes()
    assert artifact.report.missing == 1
    artifact = clothbound.write(written, "rss")
    made = artifact.to_bytes().decode()
    assert "<img" not in made
    assert {DiagnosticCode.IMAGE_MISSING, DiagnosticCode.INFERRED} <= {
        d.code for d in artifact.report.diagnostics
    }


def test_notes_of_two_posts_have_ids_of_their_own() -> None:
    def noted(slug: str) -> Post:
        body = (paragraph("A", i.NoteRef("n")),)
        return Post(post(slug).metadata, body, (Footnote("n", (paragraph("Note."),)),))

    made = "".join(contents(noted("one"), noted("two")))
    ids = re.findall(r' id="([^"]*)"', made)
    assert len(ids) == len(set(ids)) == 4
    assert set(re.findall(r'href="#([^"]*)"', made)) == set(ids)


def test_an_address_that_is_none_is_not_written() -> None:
    (entry,) = feed(post("one", canonical_url="javascript:alert(1)")).entries
    assert entry.link == "https://letters.example/p/one"
    assert entry.id.startswith("urn:uuid:")


def test_podcasts_have_their_recording() -> None:
    row = post("row", kind="podcast", extra={"podcast_url": "https://far.example/a.m4a?x=1&y=2"})
    media = post("media", b.Media("video", "https://far.example/src"))
    unsafe = post("unsafe", extra={"podcast_url": "javascript:alert(1)"})
    found = {
        e.title: [(x.href, x.type) for x in e.enclosures] for e in feed(row, media, unsafe).entries
    }
    assert found == {
        "Row": [("https://far.example/a.m4a?x=1&y=2", "audio/mp4")],
        "Media": [("https://far.example/src", "video/mp4")],
        "Unsafe": [],
    }


def test_what_is_private_is_not_in_it() -> None:
    cut = Post(
        post("cut", published=day("2023-01-01")).metadata,
        (
            paragraph("Open."),
            b.PaywallBreak(),
            paragraph("Secret.", i.NoteRef("n")),
            b.Media("audio", "https://far.example/secret.mp3"),
        ),
        (Footnote("n", (paragraph("Secret note."),)),),
    )
    made = clothbound.write(
        (
            cut,
            post("secret-paid", audience="only_paid"),
            post("secret-draft", is_draft=True),
            post("secret-private", visibility="private"),
        ),
        SITE,
    ).to_bytes()
    assert b"Open." in made
    assert b"ecret" not in made


@given(st.text(max_size=60))
def test_any_text_comes_through_the_cdata(text: str) -> None:
    # Characters that are no text are left out; line ends are one to XML.
    kept = text_alone(text).replace("\r\n", "\n").replace("\r", "\n")
    words = f"]]>{text}"
    (made,) = contents(post("one", b.CodeBlock(words), b.RawBlock("html", "<p>]]></p>")))
    code = re.search(r"<code>(.*?)</code>", made, re.S)
    assert code is not None
    unescaped = code[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert unescaped == f"]]>{kept}"


def test_the_examples_are_all_there_and_the_same_again() -> None:
    def made() -> bytes:
        return clothbound.write(clothbound.read(EXAMPLES, on_error="collect"), "rss").to_bytes()

    data = made()
    assert data == made()
    parsed = feedparser.parse(data)
    assert not parsed.bozo
    assert len(parsed.entries) == 35
    addresses = re.findall(r'(?:href|src)="([^"]*)"', data.decode())
    assert [a for a in addresses if not re.match(r"https?:|mailto:|#", a)] == []
