"""Feeds to posts."""

from __future__ import annotations

import pickle

import pytest

from clothbound import api
from clothbound.diagnostics import Code
from clothbound.errors import ReadError
from clothbound.formats import reader_for
from clothbound.model.walk import plain_text

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:c="http://purl.org/rss/1.0/modules/content/"
 version="2.0"><channel><title>Tide &amp; Quay</title><link>https://tide.example</link>
<description>Letters</description><language>en</language>
<item><title><![CDATA[Ebb & flow]]></title><description>A subtitle</description>
<link>https://tide.example/p/ebb</link><guid isPermaLink="false">tag:1</guid><dc:creator>Ada</dc:creator>
<category>sea</category><pubDate>Thu, 01 Jun 2023 10:00:00 +0200</pubDate>
<enclosure url="https://a.example/1.mp3" type="audio/mpeg" length="9"/>
<c:encoded><![CDATA[<p>Low&nbsp;water. <a href="/p/flow">On</a></p>]]></c:encoded></item>
<item><title>Caf&eacute;</title><description>Only the beginning</description>
<link>https://tide.example/p/cafe</link></item>
<item><title>Paid</title><link>https://tide.example/p/paid</link><c:encoded><![CDATA[<p>Free.</p><p>
<a href="https://tide.example/p/paid">
Read more
</a></p>]]></c:encoded></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nb"><title>Fjord</title>
<link rel="self" href="https://f.example/atom"/><link href="https://f.example/"/>
<entry><title type="html">One &amp;amp; two</title><id>urn:1</id><link href="https://f.example/a.html"/>
<author><name>Bo</name></author><category term="ice"/><published>2024-02-03T04:05:06Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>En <em>to</em></p></div></content>
</entry><entry><title>Sum</title><id>urn:2</id><summary>Short &lt; long</summary></entry></feed>"""


def test_rss() -> None:
    collection = api.read(RSS.encode())
    assert (collection.title, collection.language) == ("Tide & Quay", "en")
    assert collection.index.sites == ("tide.example",)
    first = collection[0]
    metadata = first.metadata
    assert (metadata.title, metadata.subtitle, metadata.slug) == ("Ebb & flow", "A subtitle", "ebb")
    assert (metadata.authors, metadata.tags, metadata.kind) == (("Ada",), ("sea",), "podcast")
    assert metadata.published is not None
    assert metadata.published.value is not None
    assert metadata.published.value.isoformat() == "2023-06-01T10:00:00+02:00"
    assert metadata.extra == {"guid": "tag:1", "podcast_url": "https://a.example/1.mp3"}
    assert plain_text(first) == "Low\N{NO-BREAK SPACE}water. On"
    assert "href='https://tide.example/p/flow'" in repr(first.body)
    assert collection[1].metadata.title == "Café"


def test_an_excerpt_is_said_to_be_one() -> None:
    collection = api.read(RSS.encode())
    excerpts = [any(d.code is Code.FEED_EXCERPT for d in post.diagnostics) for post in collection]
    assert excerpts == [False, True, True]
    assert "posts in full: 1, as an excerpt: 2" in str(collection.diagnostics[0])


@pytest.mark.parametrize(
    ("end", "is_excerpt"),
    [
        ("<p><a href='https://tide.example/p/ebb'>Read more</a></p>", True),
        (
            '<div><p><a class="x" href="https://t.substack.com/p/ebb?utm=1"> Read more </a></p></div>',
            True,
        ),
        ('<p><a href="https://tide.example/p/flow">Read more</a></p>', False),
        ('<p><a href="https://tide.example/p/ebb">Read more</a> of it.</p>', False),
    ],
)
def test_a_text_cut_at_the_paywall_is_an_excerpt(end: str, is_excerpt: bool) -> None:
    whole = '<p>Low&nbsp;water. <a href="/p/flow">On</a></p>'
    assert whole in RSS
    post = api.read(RSS.replace(whole, f"<p>Free.</p>{end}").encode())[0]
    assert any(d.code is Code.FEED_EXCERPT for d in post.diagnostics) is is_excerpt


def test_an_item_that_stands_twice_is_named() -> None:
    first = RSS[RSS.index("<item>") : RSS.index("</item>") + len("</item>")]
    collection = api.read(RSS.replace(first, first * 2).encode())
    assert len(collection) == 4
    said = [d for d in collection.diagnostics if "tag:1" in d.message]
    assert len(said) == 1
    assert "twice" in said[0].message
    assert not [d for d in api.read(RSS.encode()).diagnostics if "twice" in d.message]


def test_atom() -> None:
    collection = api.read(ATOM.encode())
    first, second = collection
    assert (collection.title, collection.language) == ("Fjord", "nb")
    assert (first.metadata.title, first.metadata.authors) == ("One & two", ("Bo",))
    assert first.metadata.tags == ("ice",)
    assert plain_text(first) == "En to"
    assert plain_text(second) == "Short < long"


def test_posts_are_picklable_and_lazy() -> None:
    posts = api.read(RSS.encode()).posts
    assert list(pickle.loads(pickle.dumps(posts))) == list(posts)
    assert list(posts[1:]) == list(posts)[1:]


@pytest.mark.parametrize("text", [RSS, ATOM, "<?xml version='1.0'?>\n<!-- a --><rss></rss>"])
def test_a_feed_is_known_by_its_beginning(text: str) -> None:
    assert reader_for("", text.encode()[:4096]) == "rss"


def test_another_encoding() -> None:
    text = RSS.replace("UTF-8", "iso-8859-1").replace("Caf&eacute;", "Café")
    assert api.read(text.encode("latin-1"))[1].metadata.title == "Café"


def test_a_broken_feed_gives_what_can_be_read() -> None:
    collection = api.read(RSS[: RSS.index("<item><title>Paid")].encode())
    assert len(collection) == 2
    assert any(d.code is Code.MARKUP_REPAIRED for d in collection.diagnostics)


@pytest.mark.parametrize("text", ["", "no feed", "<html><p>x</p></html>", "<opml><body/></opml>"])
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        api.read(text.encode(), "rss")


def test_entities_are_neither_fetched_nor_multiplied() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">'
        '<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&b;&x;T</title>'
        "</item></channel></rss>"
    )
    assert api.read(bomb.encode(), "rss")[0].metadata.title == "&b;&x;T"
