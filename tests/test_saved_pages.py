"""Saved pages of strangers: title, authors, and the article among menus, lists of links and footers."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.readers.html_metadata import choose_title

TEXT = "Words of the article that go on for a while, with one more sentence of them. " * 3
PAGE = """<!doctype html><html><head><title>{title}</title>{meta}</head><body>
<div class="topnav"><a href="/">Home</a> <a href="/b">Blog</a> <p>Menu of <a href="/c">the whole site</a></p></div>
<div id="main"><div class="text">{byline}<h1>{heading}</h1><p>{text}</p><h2>Part</h2><p>{text}</p>
<div class="sharing"><a href="/x">Tweet</a> <a href="/y">Share</a></div>
<ul class="related-posts"><li><a href="/1">Another post of this site</a></li></ul><p>The end of it all, in so many words.</p></div></div>
<div class="footer"><p>Footer words</p></div></body></html>"""


def read(**parts: str) -> clothbound.Post:
    given = {
        "title": "T",
        "meta": "",
        "byline": "",
        "heading": "The slow press",
        "text": TEXT,
        **parts,
    }
    return clothbound.read(PAGE.format(**given).encode())[0]


@pytest.mark.parametrize(
    ("written", "headings", "site", "title"),
    [
        (
            "The slow press | Harbour Letters",
            ["Harbour Letters", "The slow press"],
            "",
            "The slow press",
        ),
        ("The slow press – My letters", [], "", "The slow press – My letters"),
        ("The slow press of the yard – My letters", [], "", "The slow press of the yard"),
        (
            "Outside the press: type and ink · V8",
            ["V8", "Outside the press: type and ink"],
            "",
            "Outside the press: type and ink",
        ),
        ("A press - Harbour", ["Lorem"], "Harbour", "A press"),
        ("Harbour - A site for engineers", ["Monitoring systems"], "", "Monitoring systems"),
        ("Base test", ["Lorem"], "", "Base test"),
        ("Harbour", ["The slow press"], "Harbour", "The slow press"),
        ("", ["The slow press"], "", "The slow press"),
        ("", [], "", ""),
    ],
)
def test_a_title_is_not_that_of_the_site(
    written: str, headings: list[str], site: str, title: str
) -> None:
    assert choose_title(written, headings, site) == title


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ('<div class="byline">By <b>Marit Sande</b></div>', "Marit Sande"),
        (
            '<p class="author-name">Written by Marit Sande<br/>Edited by Another One</p>',
            "Marit Sande",
        ),
        ('<a rel="author" href="/m">Marit Sande</a>', "Marit Sande"),
        ('<div class="author-box">12 May 2020</div>', ""),
    ],
)
def test_a_marked_byline_names_the_author(byline: str, author: str) -> None:
    assert "".join(read(byline=byline).metadata.authors) == author


def test_names_of_dublin_core_come_before_that_of_the_page() -> None:
    meta = '<meta property="x:title dc:title" content="My title"/><meta name="author" content="Admin"/><meta name="dc:creator" content="Marit Sande"/>'
    metadata = read(meta=meta).metadata
    assert (metadata.title, metadata.authors) == ("My title", ("Marit Sande",))


def test_what_stands_around_the_text_is_left_out_and_counted() -> None:
    post = read(title="The slow press")
    text = str(post.body)
    assert "The end of it all" in text
    for around in ("Menu of", "Tweet", "Another post", "Footer words"):
        assert around not in text
    assert any(
        "words of the page around the article left out" in d.message for d in post.diagnostics
    )


def test_a_page_of_paragraphs_is_kept_whole() -> None:
    page = f"<html><body><p>A first paragraph of its own, with more than ten words in it.</p><div><p>{TEXT}</p></div></body></html>"
    assert "A first paragraph" in str(clothbound.read(page.encode())[0].body)


@pytest.mark.parametrize(
    "inner", ['<div class="nav">' * 5000, "<h1><a class=author " * 5000, "<p><a>x " * 5000]
)
def test_deep_and_long_pages_get_an_answer(inner: str) -> None:
    assert clothbound.read(f"<html><body>{inner}text</body></html>".encode())[0].body is not None
