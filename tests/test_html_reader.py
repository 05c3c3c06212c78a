"""Pages and fragments to posts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.format_detection import reader_for
from clothbound.model.blocks import CodeBlock, Embed, Figure, List
from clothbound.model.census import tally
from clothbound.model.inlines import LineBreak, Span, Text
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from line_counts import growth

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Ebb - Tide Notes</title>
<meta property="og:site_name" content="Tide Notes"><meta name="author" content="Ada Quay">
<meta name="description" content="On tides"><meta name="keywords" content="sea, moon">
<meta property="article:published_time" content="2023-06-01T10:00:00Z">
<link rel="canonical" href="https://tide.example/p/ebb"></head><body>
<nav><a href="/">Home</a></nav><main><article><header><h1>Ebb</h1><p class="subtitle">Low water</p>
<p class="byline">Ada Quay</p></header><p>The <em>quay</em> is dry.</p><nav>In this post</nav>
<p>We wait.</p></article></main><footer>All rights</footer></body></html>"""


def test_a_page_gives_its_article_and_what_its_head_says() -> None:
    post = api.read(PAGE.encode())[0]
    metadata = post.metadata
    assert (metadata.title, metadata.subtitle) == ("Ebb", "Low water")
    assert (metadata.authors, metadata.language) == (("Ada Quay",), "en-GB")
    assert (metadata.description, metadata.tags) == ("On tides", ("sea", "moon"))
    assert (metadata.canonical_url, metadata.slug) == ("https://tide.example/p/ebb", "ebb")
    assert metadata.published is not None
    assert metadata.published.day == "2023-06-01"
    assert plain_text(post) == "The quay is dry.\n\nWe wait."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p class="a"">x', '<p class="a">\n\nx\n\n</p>\n'),
        ('<p ">x', "x\n"),
        ("<p =>x <em <>y</em>", "x *y*\n"),
        ('<ol "><li>c</li>></ol>', "1.  c\n\n    \\>\n"),
        ('<p data-">x', "x\n"),
        ('<p>x <strong stŷle="a">y</strong> <em @click="b">z</em>', "x **y** *z*\n"),
    ],
)
def test_a_stray_mark_in_a_tag_is_no_attribute(html: str, expected: str) -> None:
    """No form of Markdown can name it, so it made the Markdown a piece of HTML, which was read otherwise."""
    assert api.write(api.read(html.encode(), "html"), "markdown").to_bytes().decode() == expected


@pytest.mark.parametrize(
    ("source", "format"),
    [
        ('<p id="a">One.</p>\n\n\n\n<p id="a">Two.</p>\n', "html"),
        ('<p id="a">One.</p>\n\n\n\n<p id="a">Two.</p>\n', "markdown"),
        ("[One.]{#a}\n\n\n\n[Two.]{#a}\n", "markdown"),
    ],
    ids=["html", "html in markdown", "markdown"],
)
def test_an_id_that_is_renamed_is_told_whatever_the_source(source: str, format: str) -> None:
    told = api.read(source.encode(), format)[0].diagnostics
    (found,) = (d for d in told if d.code is DiagnosticCode.ID_DUPLICATE)
    assert "'a'" in found.message


def test_what_is_left_out_is_said_and_can_be_had() -> None:
    post = api.read(PAGE.encode())[0]
    assert [(d.code, d.message[:8]) for d in post.diagnostics] == [
        (DiagnosticCode.NODE_CHROME, "6 words "),
        (DiagnosticCode.NODE_CHROME, "lines ab"),
    ]
    assert [d.text for d in post.diagnostics] == [
        "Home\nAll rights\nIn this post\n/",
        "Ebb Low water Ada Quay",
    ]
    from clothbound.readers.html import HtmlInput

    whole = api.read(PAGE.encode(), HtmlInput(whole=True))[0]
    assert "All rights" in plain_text(whole)
    assert whole.diagnostics == ()


def test_json_ld_counts_first() -> None:
    data = (
        '{"@graph":[{"@type":"WebSite"},{"@type":["BlogPosting"],"headline":"From &amp; data",'
        '"author":[{"name":"Bo"}],"datePublished":"2024-02-03"}]}'
    )
    page = f'<html><head><title>T</title></head><body><script type="application/ld+json">{data}</script><p>x</p>'
    metadata = api.read(page.encode())[0].metadata
    assert (metadata.title, metadata.authors) == ("From & data", ("Bo",))
    assert metadata.published is not None
    assert metadata.published.day == "2024-02-03"


def test_a_fragment_is_taken_whole() -> None:
    post = api.read(b"<h1>Title</h1><p>a</p><nav>b</nav>", "html")[0]
    assert post.metadata.title == "Title"
    assert plain_text(post) == "a\n\nb"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<meta charset=windows-1251><p>Привет".encode("cp1251"), "Привет"),
        ("<p>déjà".encode("cp1252"), "déjà"),
        ("<p>déjà".encode("utf-16"), "déjà"),
        ("\ufeff<p>déjà".encode(), "déjà"),
        (b"<meta charset=no-such><p>d\xe9j\xe0", "déjà"),
        ("<p>潮の満ち引き".encode("euc_jp"), "潮の満ち引き"),
        (
            "<p>Ветер был слабый, и вода казалась серой".encode("windows-1251"),
            "Ветер был слабый, и вода казалась серой",
        ),
        ("<p>Créée à l’été où naît l’île".encode("windows-1252"), "Créée à l’été où naît l’île"),
        ("<p>潮の満ち引き".encode("cp932"), "潮の満ち引き"),
        ("<p>Ça et là, « déjà » – ‚nein‘".encode("cp1252"), "Ça et là, « déjà » – ‚nein‘"),
    ],
)
def test_encodings_as_browsers_read_them(data: bytes, expected: str) -> None:
    assert plain_text(api.read(data, "html")[0]) == expected


def test_pages_are_known_by_name_and_beginning() -> None:
    assert reader_for("a.htm", b"") == "html"
    assert reader_for("", b"\xef\xbb\xbf <!-- c -->\n<!DOCTYPE html>") == "html"
    assert reader_for("", b"# Markdown with <html>") == "markdown"


def test_our_own_pages_come_back(tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "examples" / "letters"
    letters = {post.metadata.title: post for post in api.read(source)}
    accounts = api.write(api.read(source), "html").save(tmp_path / "pages").accounts
    found = list(api.read(tmp_path / "pages", "html"))
    assert {post.metadata.title for post in found} == set(letters)
    for post in found:
        letter = letters[post.metadata.title]
        assert post.metadata.subtitle == letter.metadata.subtitle
        # Marks of notes and what stands for players are words of the page.
        written = accounts[letter.metadata.key].written.words
        assert 0 <= tally(post).words - written <= 20


def test_links_in_a_tweet_are_named() -> None:
    page = (
        '<p>Text.</p><blockquote class="twitter-tweet"><p>By <a href="https://x.example/jo">@jo</a></p>&mdash; Jo (@jo) '
        '<a href="https://twitter.com/jo/status/1">May 1, 2020</a></blockquote>'
    )
    post = api.read(f"<html><body><article>{page}</article></body></html>".encode(), "html").posts[
        0
    ]
    told = [d.message for d in post.diagnostics if d.code is DiagnosticCode.NODE_SIMPLIFIED]
    assert told == [
        "links in the text of a post of Twitter are kept as words: https://x.example/jo"
    ]


def test_an_anchor_around_blocks_is_at_the_first_one_alone() -> None:
    """What it holds in the others is no span of nothing, by which a break alone was a paragraph."""
    page = b'<p>a</p><a id="t">b<p>c</p><p><br></p><hr><p>d <em>e</em></p></a>'
    post = api.read(page, "html").posts[0]
    anchors = [node for node in walk(post.body) if isinstance(node, Span)]
    assert [anchor.id for anchor in anchors] == ["t"]
    assert len(post.body) == 5
    again = api.read(api.write(post, "markdown").to_bytes(), "markdown").posts[0]
    assert again.body == post.body


def test_a_card_that_is_a_link_leads_to_its_address() -> None:
    card = '<a class="card" href="https://a.example/x"><div>Title</div><div><img src="a.png" alt="A"></div></a>'
    post = api.read(f"<p>Before.</p>{card}".encode(), "html")[0]
    written = api.write([post], "html-fragment").to_text()
    assert '<p><a href="https://a.example/x">Title</a></p>' in written
    assert written.count("https://a.example/x") == 2
    bare = api.read(
        b'<a class="card" href="https://a.example/y"><table><tr><td>1</table></a>', "html"
    )[0]
    assert 'href="https://a.example/y"' in api.write([bare], "html-fragment").to_text()
    inner = '<a class="card" href="https://a.example/z"><div><span>w</span></div></a>'
    assert "href" not in str(dict(api.read(inner.encode(), "html")[0].body[0].attributes))


def test_a_card_of_an_export_that_is_a_link_leads_to_its_address(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts.csv").write_text("post_id,title,is_published\n1.a,A,true\n")
    card = '<a class="x" href="https://a.example/x"><p>One.</p><p>Two.</p></a>'
    (tmp_path / "posts" / "1.a.html").write_text(f"<p>Before.</p>{card}")
    (post,) = api.read(tmp_path)
    for writer in ("html-fragment", "markdown"):
        assert api.write([post], writer).to_text().count("https://a.example/x") == 2
    packed = io.BytesIO(api.write([post], "substack").to_bytes())
    made = zipfile.ZipFile(packed).read("posts/1.a.html")
    assert made.count(b'<a href="https://a.example/x">') == 2


@pytest.mark.parametrize(
    ("html", "text", "told"),
    [
        (
            '<pre><code><a href="https://e.example/">f</a>()</code></pre>',
            "f()",
            ["a link in code left out; its text is kept: https://e.example/"],
        ),
        (
            '<pre>a <a href="https://e.example/">f</a> <code class="language-c">x</code></pre>',
            "a f x",
            ["a link in code left out; its text is kept: https://e.example/"],
        ),
        (
            '<pre><code><img src="a.png" alt="warning"> x</code></pre>',
            "warning x",
            ["the picture a.png in code was written as its words"],
        ),
        ('<pre><code><a href="#L1">1</a> x</code></pre>', "1 x", []),
    ],
)
def test_what_code_cannot_hold_is_reported(html: str, text: str, told: list[str]) -> None:
    post = api.read(html.encode(), "html")[0]
    (block,) = post.body
    assert isinstance(block, CodeBlock)
    assert block.text == text
    assert [found.message for found in post.diagnostics] == told


def test_a_space_behind_a_component_without_words_is_kept() -> None:
    data = "{&quot;name&quot;:&quot;Ida Quay&quot;,&quot;id&quot;:1}"
    span = f'<span data-attrs="{data}" data-component-name="MentionToDOM"></span>'
    assert plain_text(api.read(f"<p>{span} knows.</p>".encode(), "html")[0]) == "Ida Quay knows."


def test_words_behind_the_date_of_a_tweet_are_kept() -> None:
    link = '<a href="https://twitter.com/ida/status/1">May 1</a>'
    html = (
        f'<blockquote class="twitter-tweet"><p>Ebb.</p>&mdash; Ida {link} via a friend</blockquote>'
    )
    (tweet,) = api.read(html.encode(), "html")[0].body
    assert isinstance(tweet, Embed)
    assert (tweet.text, tweet.author) == ("Ebb.\n\nvia a friend", "Ida")


def test_icons_that_were_never_closed_are_read_in_linear_time() -> None:
    def reading(size: int) -> Callable[[], object]:
        data = ('<div class="image-link-expand">' * size + "word").encode()
        return lambda: api.read(data, "html")[0]

    assert growth(reading, 1000) < 4.5


def test_captions_of_one_figure_stand_on_lines_of_their_own() -> None:
    page = b'<figure><img src="a.png" alt=""><figcaption>One</figcaption><figcaption>Two</figcaption></figure>'
    (figure,) = api.read(page, "html")[0].body
    assert isinstance(figure, Figure)
    assert figure.caption == (Text("One"), LineBreak(), Text("Two"))


def test_preformatted_text_says_its_language_as_github_shows_it() -> None:
    (code,) = api.read(b'<pre lang="python">x = 1</pre>', "html")[0].body
    assert code == CodeBlock("x = 1", "python")


def test_the_title_of_a_drawing_is_none_of_the_post() -> None:
    drawing = "<svg><title>A coil</title><path d='M0 0'/></svg>"
    (post,) = api.read(f"<p>Tie it.</p>{drawing}<p>Belay it.</p>".encode(), "html").posts
    assert post.metadata.title == ""
    page = f"{drawing}<title>Knots</title><p>Tie it.</p>"
    (post,) = api.read(page.encode(), "html").posts
    assert post.metadata.title == "Knots"


def test_a_paragraph_without_words_does_not_loosen_a_list() -> None:
    (post,) = api.read(b"::: x\n<ol><li id='a'><p class='b'></p></li></ol>\n:::\n", "markdown")
    (found,) = (node for node in walk(post) if isinstance(node, List))
    assert found.tight
    again = api.read(api.write(post, "markdown").to_bytes(), "markdown")[0]
    assert [node.tight for node in walk(again) if isinstance(node, List)] == [True]


@pytest.mark.parametrize(
    ("item", "tight"),
    [
        ("<p lang='en' dir='ltr'>Tide</p>", True),
        ("<p>Tide</p>", False),
        ("<p id='a' lang='en'>Tide</p>", False),
        ("<p lang='en'>Tide</p><p>Reef</p>", False),
    ],
)
def test_a_paragraph_of_another_language_leaves_its_list_tight(item: str, tight: bool) -> None:
    (post,) = api.read(f"<ul><li>{item}</li><li>Quay</li></ul>".encode(), "html").posts
    (found,) = post.body
    assert isinstance(found, List)
    assert found.tight is tight
