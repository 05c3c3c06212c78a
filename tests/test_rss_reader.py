"""Feeds to posts."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import clothbound
from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ReadError
from clothbound.format_detection import reader_for
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.writers.rss import Rss

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
    assert (collection.info.title, collection.info.language) == ("Tide & Quay", "en")
    assert collection.index.sites == ("tide.example",)
    first = collection[0]
    metadata = first.metadata
    assert (metadata.title, metadata.subtitle, metadata.slug) == ("Ebb & flow", "A subtitle", "ebb")
    assert (metadata.authors, metadata.tags, metadata.kind) == (("Ada",), ("sea",), "podcast")
    assert metadata.published is not None
    assert metadata.published.value is not None
    assert metadata.published.value.isoformat() == "2023-06-01T10:00:00+02:00"
    assert metadata.extra == {
        "guid": "tag:1",
        "podcast_url": "https://a.example/1.mp3",
        "podcast": {"type": "audio/mpeg", "size": 9},
    }
    assert plain_text(first) == "Low\N{NO-BREAK SPACE}water. On"
    assert "href='https://tide.example/p/flow'" in repr(first.body)
    assert collection[1].metadata.title == "Café"


def test_an_excerpt_is_said_to_be_one() -> None:
    collection = api.read(RSS.encode())
    excerpts = [
        any(d.code is DiagnosticCode.FEED_EXCERPT for d in post.diagnostics) for post in collection
    ]
    assert excerpts == [False, True, True]
    assert "full posts: 1, excerpts: 2" in str(collection.diagnostics[0])


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
    assert any(d.code is DiagnosticCode.FEED_EXCERPT for d in post.diagnostics) is is_excerpt


def test_an_item_that_stands_twice_is_read_once_and_named() -> None:
    first = RSS[RSS.index("<item>") : RSS.index("</item>") + len("</item>")]
    collection = api.read(RSS.replace(first, first * 3).encode())
    assert len(collection) == 3
    said = [d.message for d in collection.diagnostics if "twice" in d.message]
    assert said == ["2 entries occur twice and were read once"]
    other = first.replace("Low&nbsp;water", "High&nbsp;water")
    collection = api.read(RSS.replace(first, first + other).encode())
    assert len(collection) == 4
    assert [d for d in collection.diagnostics if "'tag:1' occurs twice; both" in d.message]
    assert not [d for d in api.read(RSS.encode()).diagnostics if "twice" in d.message]


def test_an_older_version_of_an_entry_is_left_out_and_named() -> None:
    entry = ATOM[ATOM.index("<entry>") : ATOM.index("</entry>") + len("</entry>")]
    newer = entry.replace("<content", "<updated>2024-03-01T00:00:00Z</updated><content")
    older = entry.replace("<content", "<updated>2024-02-04T00:00:00Z</updated><content").replace(
        "En <", "Et <"
    )
    collection = api.read(ATOM.replace(entry, newer + older).encode())
    assert [plain_text(post) for post in collection] == ["En to", "Short < long"]
    assert "1 older version of an entry was left out" in [d.message for d in collection.diagnostics]


def test_atom() -> None:
    collection = api.read(ATOM.encode())
    first, second = collection
    assert (collection.info.title, collection.info.language) == ("Fjord", "nb")
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


def test_cyrillic_that_calls_itself_utf_8() -> None:
    text = RSS.replace("Caf&eacute;", "Письма с моря: первое, второе и третье")
    collection = api.read(text.encode("windows-1251"))
    assert collection[1].metadata.title == "Письма с моря: первое, второе и третье"
    assert any("read as windows-1251" in told.message for told in collection.diagnostics)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('type="image/png">iVBORw0KGgo=', "Told"),
        ('type="application/pdf" src="https://a.example/a.pdf">', "Told"),
        ('type="text/html; charset=utf-8">&lt;p&gt;Whole&lt;/p&gt;', "Whole"),
        ('type="application/xhtml+xml"><p>Whole</p>', "Whole"),
    ],
)
def test_an_entry_that_is_a_file_keeps_its_summary(content: str, words: str) -> None:
    entry = f"<entry><id>urn:1</id><title>T</title><content {content}</content><summary>Told</summary></entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>'
    post = api.read(feed.encode())[0]
    assert plain_text(post) == words
    told = [d for d in post.diagnostics if "is a file of the type" in d.message]
    assert len(told) == (words == "Told")


def test_a_broken_feed_gives_what_can_be_read() -> None:
    collection = api.read(RSS[: RSS.index("<item><title>Paid")].encode())
    assert len(collection) == 2
    assert any(d.code is DiagnosticCode.MARKUP_REPAIRED for d in collection.diagnostics)


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


def feed_of(*items: str, head: str = "", attributes: str = "") -> clothbound.Collection:
    """An RSS feed read; each item is a description and a text."""
    text = "".join(f"<item><title>T</title>{item}</item>" for item in items)
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return api.read(
        f'<rss version="2.0" {space}{attributes}><channel><title>F</title>{head}{text}</channel></rss>'.encode()
    )


def described(description: str, content: str) -> tuple[str, str]:
    """The subtitle and the description of an item."""
    item = f"<description>{description}</description><content:encoded><![CDATA[{content}]]></content:encoded>"
    metadata = feed_of(item)[0].metadata
    return metadata.subtitle, metadata.description


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("<![CDATA[<p>A <b>bold</b> line</p>]]>", "A bold line"),
        (
            "&lt;p&gt;A &lt;em&gt;fine&lt;/em&gt; line &amp;amp; more&lt;/p&gt;",
            "A fine line & more",
        ),
        ("&amp;lt;b&amp;gt;twice&amp;lt;/b&amp;gt; escaped", "twice escaped"),
        (
            "<![CDATA[<p>One</p><p>Two<br/>three</p><!-- no --><style>p{}</style>]]>",
            "One Two three",
        ),
        ("<![CDATA[un<b>break</b>able <script>x()</script>]]>", "unbreakable"),
        ("<![CDATA[I <3 you, 2 > 1]]>", "I <3 you, 2 > 1"),
        ("", ""),
    ],
)
def test_no_markup_shows_in_a_subtitle(description: str, expected: str) -> None:
    assert described(description, "<p>Other words.</p>") == (expected, "")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<![CDATA[A <em>fine</em> title]]>", "A fine title"),
        ("A &lt;i&gt;fine&lt;/i&gt; title", "A fine title"),
        ("Why &lt;div&gt; is bad", "Why <div> is bad"),
        ("a &lt; b &gt; c", "a < b > c"),
        ("One&lt;br/&gt;two", "One two"),
    ],
)
def test_nor_in_a_title(title: str, expected: str) -> None:
    assert (
        api.read(RSS.replace("<![CDATA[Ebb & flow]]>", title).encode())[0].metadata.title
        == expected
    )


LONG = "The tide came in before we had the nets out of the water, and Ada laughed. "


@pytest.mark.parametrize(
    "description",
    [
        LONG,
        LONG.strip() + " Then we went home.",
        "The tide came in",
        "<![CDATA[<p>The tide came in before we had the nets out of the water, and [&#8230;]</p> "
        "<p>The post <a href='x'>T</a> appeared first on <a href='y'>F</a>.</p>]]>",
        LONG[:50] + " …",
    ],
)
def test_a_description_that_repeats_the_beginning_is_no_subtitle(description: str) -> None:
    content = (
        f"<figure><img src='a.png'><figcaption>A net</figcaption></figure><p>{LONG}</p><p>x</p>"
    )
    text = content if len(description) > 40 else f"<p>{LONG}</p>"
    marked = text.replace("water,", 'water<sup><a href="#n">1</a></sup>,')
    assert described(description, text) == ("", "")
    assert described(description, marked) == ("", "")


def test_what_is_said_beside_the_text_is_kept() -> None:
    assert described("On tides", f"<p>{LONG}</p>") == ("On tides", "")
    long = "Of harbours and their people. " * 20
    assert described(long, f"<p>{LONG}</p>") == ("", long.strip())
    atom = ATOM.replace("<content", "<summary>Of ice</summary><content", 1)
    metadata = api.read(atom.encode())[0].metadata
    assert (metadata.subtitle, metadata.description) == ("", "Of ice")
    atom = ATOM.replace("<content", "<summary>En to</summary><content", 1)
    assert api.read(atom.encode())[0].metadata.description == ""


def test_our_own_feed_read_back_invents_no_subtitle() -> None:
    letters = api.read(Path(__file__).parents[1] / "examples" / "letters")
    feed = api.write(letters, Rss(site="https://letters.example"))
    known = {m.title: {m.subtitle, m.description} for m in letters.index}
    again = api.read(feed.to_bytes(), "rss")
    assert len(again) > 10
    invented = [m.title for m in again.index if m.subtitle and m.subtitle not in known[m.title]]
    assert invented == []


def addresses(post: Post) -> list[str]:
    return [
        getattr(n, "href", "") or getattr(n, "src", "")
        for n in walk(post)
        if hasattr(n, "href") or hasattr(n, "src")
    ]


def test_relative_addresses_are_seen_from_the_base() -> None:
    content = '<p><a href="b.html">b</a> <a href="/c">c</a> <img src="d.png" alt=""> <a href="#e">e</a></p>'
    item = f"<link>post</link><content:encoded><![CDATA[{content}]]></content:encoded>"
    base = feed_of(
        item,
        attributes=' xml:base="https://a.example/blog/"',
        head="<link>https://a.example</link>",
    )
    assert base[0].metadata.canonical_url == "https://a.example/blog/post"
    wanted = [
        "https://a.example/blog/b.html",
        "https://a.example/c",
        "https://a.example/blog/d.png",
        "#e",
    ]
    assert addresses(base[0]) == wanted
    plain = feed_of(item, head="<link>https://a.example/x/</link>")
    assert plain[0].metadata.canonical_url == "https://a.example/x/post"
    assert addresses(plain[0])[0] == "https://a.example/x/b.html"
    nowhere = feed_of(item)
    assert nowhere[0].metadata.canonical_url == "post"
    bad = feed_of(
        item, attributes=' xml:base="http://[::1"', head="<link>https://a.example/x/</link>"
    )
    assert addresses(bad[0])[0] == "https://a.example/x/b.html"


def test_bases_of_atom_lie_within_each_other() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://f.example/a/"><title>F</title>
<link rel="self" href="feed.xml"/><entry xml:base="2024/"><title>T</title><link href="one/"/>
<content type="html" xml:base="one/">&lt;a href="two">two&lt;/a> &lt;a href="../three">three&lt;/a></content></entry>
<entry><title>U</title><content type="html">&lt;img src="u.png"></content></entry></feed>"""
    posts = api.read(atom.encode())
    assert posts[0].metadata.canonical_url == "https://f.example/a/2024/one/"
    assert addresses(posts[0]) == [
        "https://f.example/a/2024/one/two",
        "https://f.example/a/2024/three",
    ]
    assert "https://f.example/a/u.png" in addresses(posts[1])


def test_the_author_of_a_feed_is_that_of_entries_without_one() -> None:
    people = "<author><name>Feed</name></author><author><name>Other</name></author>"
    source = "<source><author><name>Source</name></author></source>"
    atom = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>'
        "<entry><title>1</title><author><name>Own</name></author><content>x</content></entry>"
        f"<entry><title>2</title>{source}<content>x</content></entry>"
        f"<entry><title>3</title><content>x</content></entry>{people}</feed>"
    )
    posts = api.read(atom.encode())
    assert [m.authors for m in posts.index] == [("Own",), ("Source",), ("Feed", "Other")]
    assert [p.metadata.authors for p in posts] == [m.authors for m in posts.index]
    rss = feed_of(
        "<description>x</description>", head="<managingEditor>a@b.example (Ed)</managingEditor>"
    )
    assert rss[0].metadata.authors == ("Ed",)


@pytest.mark.parametrize(
    ("creator", "authors"),
    [
        ("@anna", ("@anna",)),
        ("@anna@social.example", ("@anna@social.example",)),
        ("anna@a.example (@anna)", ("@anna",)),
        ("Anna Berg @anna", ("Anna Berg @anna",)),
        ("anna@a.example", ()),
        ("Anna &lt;anna@a.example&gt;", ()),
    ],
)
def test_a_handle_is_the_name_of_an_author_and_an_address_of_mail_is_none(
    creator: str, authors: tuple[str, ...]
) -> None:
    head = f"<managingEditor>{creator}</managingEditor>"
    assert feed_of("<description>x</description>", head=head)[0].metadata.authors == authors
    name = json.dumps(creator.replace("&lt;", "<").replace("&gt;", ">"))
    feed = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "F", "authors": [{{"name": {name}}}], "items": [{{"id": "1", "content_text": "x"}}]}}'
    expected = () if "(" in creator else authors  # Of JSON, the name alone is a name.
    assert api.read(feed.encode())[0].metadata.authors == expected


@pytest.mark.parametrize("relation", ["next", "prev-archive"])
def test_a_further_document_of_a_feed_is_named_and_not_read(relation: str) -> None:
    """RFC 5005, sections 3 and 4."""
    link = f'<link rel="{relation}" href="https://f.example/atom?page=2"/>'
    posts = api.read(ATOM.replace("<entry>", f"{link}<entry>", 1).encode())
    said = [d.message for d in posts.diagnostics]
    assert (
        "the feed goes on in another file, which was not read: https://f.example/atom?page=2"
        in said
    )
    assert not [d for d in api.read(ATOM.encode()).diagnostics if "goes on" in d.message]


@pytest.mark.parametrize(
    "attribute",
    ['xmljs:media="http://search.yahoo.example/"', 'xmlns:dc="http://purl.org/dc<b/elements/"'],
)
def test_roots_with_names_that_lxml_refuses_are_read(attribute: str) -> None:
    text = (
        f"<rss {attribute}><channel><title>Boats</title><item></entry><title>A</title></item>"
        "<item><title>Found</title><description>Words.</description></item></channel></rss>"
    )
    posts = clothbound.read(text.encode(), "rss", on_error="collect")
    assert "Found" in [post.title for post in posts]
