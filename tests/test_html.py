"""The single page and the fragment: nodes, head, notes, pictures, what cannot be written."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import OptionError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Footnote, Metadata, Post, Timestamp
from clothbound.web.addresses import absolute_url
from clothbound.writers.html import Html, HtmlFragment
from epub_samples import SVG, every_node, picture
from html_nodes import BLOCKS, INLINES

HTML = "{http://www.w3.org/1999/xhtml}"


def page(post: Post, options: Html | None = None) -> str:
    return clothbound.write(post, options or "html").to_bytes().decode()


def body_of(*blocks: b.Block, footnotes: tuple[Footnote, ...] = ()) -> str:
    post = Post(Metadata(key="k"), blocks, footnotes)
    artifact = clothbound.write(post, HtmlFragment(title=False))
    return artifact.to_bytes().decode()


@pytest.mark.parametrize(("node", "expected"), INLINES)
def test_inline(node: i.Inline, expected: str) -> None:
    assert body_of(b.Paragraph((node,))) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize(("node", "expected"), BLOCKS)
def test_block(node: b.Block, expected: str) -> None:
    assert body_of(node).rstrip("\n") == expected


def test_every_kind_of_node_has_a_case() -> None:
    kinds = {type(node).__name__ for node, _ in (*INLINES, *BLOCKS)}
    unions = {t.__name__ for t in (*b.Block.__args__, *i.Inline.__args__)}
    assert unions <= kinds


NOTES = (
    Footnote("x", (b.Paragraph((i.Text("First."), i.NoteRef("z"))),)),
    Footnote("y", (b.CodeBlock("code"),)),
    Footnote("z", (b.Paragraph((i.Text("In a note."),)),)),
    Footnote("unused", (b.Paragraph((i.Text("Nobody."),)),)),
)


def test_notes() -> None:
    text = b.Paragraph((i.Text("A"), i.NoteRef("x"), i.NoteRef("y"), i.NoteRef("x")))
    assert body_of(text, footnotes=NOTES) == (
        '<p>A<sup class="followed"><a class="mark" id="fnref:1" href="#fn:1" role="doc-noteref">1</a></sup>'
        '<sup class="followed"><a class="mark" id="fnref:2" href="#fn:2" role="doc-noteref">2</a></sup>'
        '<sup><a class="mark" id="fnref:1:2" href="#fn:1" role="doc-noteref">1</a></sup></p>\n'
        '<section class="notes" role="doc-endnotes" aria-label="Notes">\n<ol>\n'
        '<li id="fn:1"><div><p>First.'
        '<sup><a class="mark" id="fnref:3" href="#fn:3" role="doc-noteref">3</a></sup> '
        '<a href="#fnref:1" role="doc-backlink" aria-label="Back to the text">\u21a9\ufe0e</a>'
        '<a href="#fnref:1:2" role="doc-backlink" aria-label="Back to the text">'
        "\u21a9\ufe0e<sup>2</sup></a></p></div></li>\n"
        '<li id="fn:2"><div><pre tabindex="0"><code>code</code></pre>\n'
        '<p><a href="#fnref:2" role="doc-backlink" aria-label="Back to the text">\u21a9\ufe0e</a>'
        "</p></div></li>\n"
        '<li id="fn:3"><div><p>In a note. '
        '<a href="#fnref:3" role="doc-backlink" aria-label="Back to the text">\u21a9\ufe0e</a>'
        "</p></div></li>\n"
        '<li id="fn:4"><div><p>Nobody.</p></div></li>\n'
        "</ol>\n</section>\n"
    )


@pytest.mark.parametrize(
    ("blocks", "html"),
    [
        (
            "Before.\n\n    ```\n    code\n    ```",
            "<p>Before. BACK</p>\n<pre><code>code</code></pre>",
        ),
        ("- one\n    - two", "<ul>\n<li>one</li>\n<li>two BACK</li>\n</ul>"),
        ("> quoted", "<blockquote>\n<p>quoted BACK</p>\n</blockquote>"),
        ("> - in it", "<blockquote>\n<ul>\n<li>in it BACK</li>\n</ul>\n</blockquote>"),
        ("Words.\n\n    | a |\n    |---|\n    | b |", "<p>Words. BACK</p>\n<div><table>"),
        ("```\n    code\n    ```", "<pre><code>code</code></pre>\n<p>BACK</p>"),
        ("- ```\n      code\n      ```", "<pre><code>code</code></pre>\n</li>\n</ul>\n<p>BACK</p>"),
    ],
)
def test_the_link_back_stands_behind_the_last_words_of_a_note(blocks: str, html: str) -> None:
    (post,) = clothbound.read(f"Text.[^n]\n\n[^n]: {blocks}\n".encode(), "markdown").posts
    note = re.sub(r'<a href[^>]*role="doc-backlink".*?</a>', "BACK", page(post))
    assert html in re.sub(r' (?:tabindex|class|aria-label|role)="[^"]*"', "", note)


METADATA = Metadata(
    key="k",
    title='Of <em>ink</em> & "paper"',
    subtitle="A subtitle",
    published=Timestamp("2023-06-01T10:00:00Z", datetime(2023, 6, 1, 10, tzinfo=UTC)),
    authors=("A. Writer", "B. Writer"),
    language="en-GB",
    tags=("craft",),
    canonical_url="https://letters.example/p/ink",
    cover="https://letters.example/ink.jpg",
)
HEAD = """\
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="clothbound">
<title>Of &lt;em&gt;ink&lt;/em&gt; &amp; “paper”</title>
<meta name="description" content="A subtitle">
<meta name="author" content="A. Writer, B. Writer">
<link rel="canonical" href="https://letters.example/p/ink">
<meta property="og:type" content="article">
<meta property="og:title" content="Of &lt;em&gt;ink&lt;/em&gt; &amp; &quot;paper&quot;">
<meta property="og:description" content="A subtitle">
<meta property="og:url" content="https://letters.example/p/ink">
<meta property="og:image" content="https://letters.example/ink.jpg">
<meta property="og:locale" content="en_GB">
<meta property="article:published_time" content="2023-06-01T10:00:00+00:00">
<meta property="article:tag" content="craft">
"""
OPENER = """\
<header class="opener">
<p class="date"><time datetime="2023-06-01">1 June 2023</time></p>
<h1>Of &lt;em&gt;ink&lt;/em&gt; &amp; “paper”</h1>
<p class="subtitle">A subtitle</p>
<p class="byline">A. Writer, B. Writer</p>
</header>
"""


def test_head_and_opener() -> None:
    result = page(Post(METADATA, (b.Paragraph((i.Text("Text."),)),)))
    assert result.startswith('<!DOCTYPE html>\n<html lang="en-GB" dir="ltr">\n<head>\n')
    assert HEAD in result
    assert f"<main>\n<article>\n{OPENER}<p>Text.</p>\n</article>\n</main>\n" in result


def test_json_ld() -> None:
    result = page(Post(METADATA))
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', result)
    assert data is not None
    assert "<" not in data[1]
    assert json.loads(data[1]) == {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": 'Of <em>ink</em> & "paper"',
        "alternativeHeadline": "A subtitle",
        "description": "A subtitle",
        "author": [
            {"@type": "Person", "name": "A. Writer"},
            {"@type": "Person", "name": "B. Writer"},
        ],
        "datePublished": "2023-06-01T10:00:00+00:00",
        "inLanguage": "en-GB",
        "keywords": ["craft"],
        "url": "https://letters.example/p/ink",
        "image": "https://letters.example/ink.jpg",
    }


@pytest.mark.parametrize(
    "title",
    [
        "</title><script>alert(1)</script>",
        "a <title> b",
        "<!-- a",
        "]]>",
        "a\u2028b\ud800",
        "&lt;b",
    ],
)
def test_a_title_is_text(title: str) -> None:
    result = page(Post(Metadata(key="k", title=title), (b.Paragraph((i.Text("The text."),)),)))
    tree = html5lib.parse(result)
    shown = title.replace("\ud800", "").replace("\u2028", " ")
    assert tree.find(f".//{HTML}h1").text == shown
    assert tree.find(f"{HTML}head/{HTML}title").text == shown
    assert tree.find(f".//{HTML}article/{HTML}p").text == "The text."
    assert [s.get("type") for s in tree.iter(f"{HTML}script")] == ["application/ld+json"]
    json.loads(tree.find(f".//{HTML}script").text)


def test_right_to_left() -> None:
    result = page(Post(Metadata(key="k", title="رسالة", language="ar")))
    assert '<html lang="ar" dir="rtl">' in result


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (
            "Letter",
            "A text with a naïve word in it, and one in Greek: λόγος.",
            'lang="en" dir="ltr"',
        ),
        ("رسالة", "هذه رسالة من الورشة إلى القراء في الميناء.", 'lang="ar" dir="rtl"'),
        ("Quire", "החתולה של בית המלאכה ישנה על הנייר הטוב ביותר.", 'lang="he" dir="rtl"'),
        ("金沢", "紙は水でできています。港の皆さん、こんにちは。", 'lang="ja" dir="ltr"'),
        ("紙", "這是從港口寄來的第一封信,關於紙、線和漿糊,以及一隻貓。", 'lang="zh" dir="ltr"'),
    ],
)
def test_a_language_that_is_not_given_is_read_off_the_script(
    title: str, text: str, expected: str
) -> None:
    result = page(Post(Metadata(key="k", title=title), (b.Paragraph((i.Text(text),)),)))
    assert f"<html {expected}>" in result


def test_code_is_read_from_left_to_right_in_a_post_from_right_to_left() -> None:
    body = (b.CodeBlock("cat $HOME"), b.Paragraph((i.Code("--all"),)))
    arabic = page(Post(Metadata(key="k", title="x", language="ar"), body))
    assert '<pre dir="ltr"' in arabic
    assert '<code dir="ltr">--all</code>' in arabic
    english = page(Post(Metadata(key="k", title="x", language="en"), body))
    assert english.count('dir="ltr"') == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_code_whose_first_letter_is_arabic_is_read_from_right_to_left(language: str) -> None:
    line = b.Paragraph((i.Code("الإعدادات → إعدادات DNS"), i.Code("DNS הגדרות")))
    made = page(Post(Metadata(key="k", title="x", language=language), (line,)))
    assert '<code dir="rtl">الإعدادات' in made
    assert '<code dir="rtl">DNS' not in made


def test_what_is_not_known_is_not_said() -> None:
    result = page(Post(Metadata(key="k")))
    for absent in ("description", "canonical", "author", "og:url", "<time", 'content=""'):
        assert absent not in result.split("<style>")[0] + result.split("</style>")[1]
    assert "<h1>Untitled</h1>" in result


def policy_of(result: str) -> dict[str, str]:
    content = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', result)
    assert content is not None
    return dict(part.strip().split(" ", 1) for part in content[1].split(";"))


def test_policy_allows_this_style_and_these_pictures_only() -> None:
    plain = page(Post(Metadata(key="k")))
    style = re.search(r"<style>(.*?)</style>", plain, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy_of(plain) == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    remote = Post(Metadata(key="k"), (b.Figure(i.Image("http://a.example/b.png", "B")),))
    assert policy_of(page(remote))["img-src"] == "data: http:"


def test_a_comma_parts_the_marks_of_notes_that_follow_each_other() -> None:
    apart = (i.NoteRef("x"), i.Text(" "), i.NoteRef("y"), i.Text(" but "), i.NoteRef("z"))
    marks = re.findall("<sup[^>]*>", body_of(b.Paragraph(apart), footnotes=NOTES))
    assert marks[:3] == ['<sup class="followed">', "<sup>", "<sup>"]
    assert '.followed::after{content: ","}' in page(Post(Metadata(key="k")))


def test_style_is_small() -> None:
    style = re.search(r"<style>(.*?)</style>", page(Post(Metadata(key="k"))), re.S)
    assert style is not None
    assert len(style[1]) < 12_000


def test_css_option(tmp_path: Path) -> None:
    own = tmp_path / "own.css"
    own.write_text('h1::after { content: "</style><script>alert(1)</script>" }', "utf-8")
    result = page(Post(Metadata(key="k", title="T")), Html(css=own))
    assert 'content: "<\\/style><script>alert(1)<\\/script>"' in result
    assert html5lib.parse(result).find(f".//{HTML}h1").text == "T"
    with pytest.raises(OptionError, match="style sheet cannot be read"):
        page(Post(Metadata(key="k")), Html(css=tmp_path / "none.css"))


def with_asset(data: bytes, href: str = "pictures/one.png") -> Post:
    figure = b.Figure(i.Image(href, "One"), width=9, height=9)
    return Post(Metadata(key="k"), (figure,), assets=(Asset(href, data),))


@pytest.mark.parametrize(
    ("form", "media_type"), [("PNG", "png"), ("JPEG", "jpeg"), ("WEBP", "webp"), ("GIF", "gif")]
)
def test_pictures_are_in_the_page_by_the_type_of_their_bytes(form: str, media_type: str) -> None:
    data = picture(form)
    inside = f"data:image/{media_type};base64,{base64.b64encode(data).decode()}"
    assert f'<img src="{inside}" alt="One" width="60" height="40">' in page(with_asset(data))


def test_a_picture_browsers_do_not_show_is_converted() -> None:
    artifact = clothbound.write(with_asset(picture("TIFF")), "html")
    assert re.search(rb'<img src="data:image/(png|jpeg);base64,', artifact.to_bytes())
    assert [d.code for d in artifact.report.diagnostics] == [DiagnosticCode.IMAGE_CONVERTED]


@pytest.mark.parametrize("data", [b"", b"<p>no picture</p>", picture("PNG")[:20], b"<svg"])
def test_what_is_no_picture_is_a_placeholder(data: bytes) -> None:
    artifact = clothbound.write(with_asset(data), "html")
    assert b'<span class="missing-picture">One' in artifact.to_bytes()
    assert [d.code for d in artifact.report.diagnostics] == [DiagnosticCode.IMAGE_UNREADABLE]


def test_svg_only_draws() -> None:
    source = re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', page(with_asset(SVG)))
    assert source is not None
    drawn = base64.b64decode(source[1])
    assert b"<rect" in drawn
    for active in (b"script", b"onload", b"foreignObject", b"example.org"):
        assert active not in drawn


def test_pictures_of_raw_html_are_as_other_pictures() -> None:
    raw = '<p><img src="one.png" alt="One"><img src="two.png" alt="Two"></p>'
    data = picture("PNG")
    post = Post(Metadata(key="k"), (b.RawBlock("html", raw),), assets=(Asset("one.png", data),))
    result = page(post)
    assert f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}" alt="One"' in result
    assert '<span class="missing-picture">Two' in result


@pytest.mark.parametrize("linked", ["figure", "gallery", "inline"])
def test_a_link_that_holds_a_picture_alone_has_a_name(linked: str) -> None:
    image, href = i.Image("pictures/one.png"), "https://www.a.example/harbour/?utm_source=x"
    block = {
        "figure": b.Figure(image, href=href),
        "gallery": b.Gallery((b.Figure(image, href=href),)),
        "inline": b.Paragraph((i.Link((image,), href),)),
    }[linked]
    post = Post(Metadata(key="k"), (block,), assets=(Asset(image.src, picture("PNG")),))
    artifact = clothbound.write(post, "html")
    assert b' alt="a.example/harbour" ' in artifact.to_bytes()
    assert DiagnosticCode.ALT_MISSING in {d.code for d in artifact.report.diagnostics}


def test_links_of_raw_html_are_as_other_links() -> None:
    raw = (
        '<p><a class="k" href="https://a.example/x y" title="T">A</a> <a href="b.png">B</a> '
        '<a href="#c" class="k">C</a> <a href="javascript:alert(1)">D</a></p>'
    )
    assert body_of(b.RawBlock("html", raw)) == (
        '<p><a class="k" href="https://a.example/x%20y" title="T">A</a> '
        '<a href="b.png">B</a> <a href="#c" class="k">C</a> <a>D</a></p>\n'
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/b?c=1&d=(2)#e", "https://a.example/b?c=1&d=(2)#e"),
        ("https://a.example/ä b[1]|{2}", "https://a.example/%C3%A4%20b%5B1%5D%7C%7B2%7D"),
        ("https://a.example/100%#a#b", "https://a.example/100%25#a%23b"),
        ("https://bücher.example:8080/", "https://xn--bcher-kva.example:8080/"),
        ("HTTPS://A.example/B", "https://a.example/B"),
        ("https://a:b@c.example/", "https://a:b@c.example/"),
        ("tel:+1 2", "tel:+1%202"),
        ("//a.example/b", "https://a.example/b"),
        ("%20https://a.example/b%0A", "https://a.example/b"),
        ("mailto:a b@a.example", "mailto:a%20b@a.example"),
        ("https://[::1]/a", "https://[::1]/a"),
        ("https://a b.example/", None),
        ("https://[::1/", None),
        ("https://a.example:99999/", None),
        ("https:///a", None),
        ("a/b.md", None),
        ("", None),
    ],
)
def test_address(address: str, expected: str | None) -> None:
    assert absolute_url(address) == expected


def test_relative_links_that_lead_nowhere_stay_links_and_are_reported() -> None:
    post = Post(
        Metadata(key="k"),
        (b.FileDownload("files/a.pdf", "A"), b.Paragraph((i.Link((i.Text("B"),), "#nowhere"),))),
    )
    artifact = clothbound.write(post, "html")
    kept = b'<p class="file"><a href="files/a.pdf">A</a></p>\n<p><a href="#nowhere">B</a></p>'
    assert kept in artifact.to_bytes()
    assert [d.code for d in artifact.report.diagnostics] == [DiagnosticCode.LINK_UNRESOLVED] * 2


def test_several_posts_are_a_folder_of_pages_that_link(tmp_path: Path) -> None:
    link = b.Paragraph((i.Link((i.Text("there"),), "https://own.example/p/two?x=1#a-b"),))
    one = Post(
        Metadata(key="1", slug="One", title="One", canonical_url="https://own.example/p/one"),
        (link,),
    )
    two = Post(
        Metadata(key="2", slug="two", title="Two", canonical_url="https://own.example/p/two"),
        (b.Heading((i.Text("A b"),)),),
    )
    clothbound.write((one, two), "html").save(tmp_path / "pages")
    assert sorted(p.name for p in (tmp_path / "pages").glob("[!.]*")) == ["one.html", "two.html"]
    assert '<a href="two.html#a-b">there</a>' in (tmp_path / "pages/one.html").read_text("utf-8")


def test_a_link_without_words_to_another_post_has_its_title(tmp_path: Path) -> None:
    link = b.Paragraph((i.Link((), "https://own.example/p/two"),))
    site = "https://own.example/p/"
    one = Post(Metadata(key="1", slug="one", title="One", canonical_url=f"{site}one"), (link,))
    two = Post(Metadata(key="2", slug="two", title="Two", canonical_url=f"{site}two"))
    clothbound.write((one, two), "html").save(tmp_path / "pages")
    assert '<a href="two.html">Two</a>' in (tmp_path / "pages/one.html").read_text("utf-8")


def test_file_names_are_unique_whatever_the_order() -> None:
    from clothbound.model.index import Index
    from clothbound.naming import file_names

    posts = [
        Post(Metadata(key="1", slug="same")),
        Post(Metadata(key="2", slug="same")),
        Post(Metadata(key="3", slug="index")),
        Post(Metadata(key="4-is-the-key")),
    ]
    expected = {"1": "same-1", "2": "same-2", "3": "index-3", "4-is-the-key": "4-is-the-key"}
    assert file_names(Index.of(posts)) == expected
    assert file_names(Index.of(posts[::-1])) == expected


def test_to_html_is_the_content_of_the_article() -> None:
    post = every_node()
    content = re.search(r"<article>\n(.*)</article>", page(post), re.S)
    assert content is not None
    assert clothbound.to_html(post) == content[1]


def test_same_bytes_again() -> None:
    assert page(every_node()) == page(every_node())


@pytest.mark.parametrize(
    ("node", "language", "label"),
    [
        (b.Callout((), (), "tip"), "en", "Tip"),
        (b.Callout((), (), "warning"), "de", "Warnung"),
        (b.Callout((), (), "tip"), "ar", "نصيحة"),
        (b.Callout((), (), "example"), "en", "Example"),
        (b.Callout((), (i.Text("Own words"),), "tip"), "en", "Own words"),
    ],
)
def test_a_callout_says_its_kind_where_it_has_no_title(
    node: b.Callout, language: str, label: str
) -> None:
    result = page(Post(Metadata(key="k", language=language), (node,)))
    assert f'<p class="callout-title">{label}</p>' in result


@pytest.mark.parametrize("kind", ["", "aside", "details"])
def test_what_is_no_kind_of_callout_is_not_said(kind: str) -> None:
    assert "callout-title" not in body_of(b.Callout((), (), kind))


def test_players_are_named_in_the_language_of_the_post() -> None:
    post = Post(Metadata(key="k", language="ar"), (b.Media("audio", "https://example.org/a.mp3"),))
    result = page(post)
    assert "صوت" in result
    assert "Audio" not in result


@pytest.mark.parametrize("to", ["html", "epub", "pdf"])
def test_code_without_the_numbers_of_its_lines_is_accounted_for(to: str) -> None:
    code = "```{.python .numberLines startFrom=5}\nx = 1\n```\n\n```python\ny = 2\n```\n"
    made = clothbound.write(clothbound.read(code.encode(), format="markdown"), to)
    made.to_bytes()
    told = [d for d in made.report.diagnostics if "numbers of its lines" in d.message]
    assert [(d.line, d.message[-1]) for d in told] == [(1, "5")]


def test_a_comma_parts_marks_of_which_one_is_emphasised() -> None:
    text = "A *b[^1]*[^2], **c**[^1]*[^2]* and *d[^1]* e[^2].\n\nF[^1].\n\n[^1]: G.\n[^2]: H.\n"
    (post,) = clothbound.read(text.encode(), "markdown").posts
    marks = re.findall("<sup[^<>]*>", page(post))
    followed = ["followed" in mark for mark in marks[:5]]
    assert followed == [True, False, True, False, False]
