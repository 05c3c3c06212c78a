"""Saved pages of strangers: title, authors, and the article among menus, lists of links and footers."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.model.inlines import Image
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.readers.html_metadata import choose_title, without_site
from clothbound.verify import compare_contents, read_product, read_sources
from expected_files import expected_text

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


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Why I like C#", "Why I like C#"),
        ('The slow press<a class="anchor" href="#press">#</a>', "The slow press"),
        ('The slow press <a href="#press" title="Link"><span>¶</span></a>', "The slow press"),
    ],
)
def test_a_sign_is_taken_off_a_heading_only_where_it_is_its_own_link(
    heading: str, title: str
) -> None:
    assert read(title=f"{title} | The Shed", heading=heading).metadata.title == title


def test_structured_data_without_an_end_are_passed_over_in_time() -> None:
    meta = '<script type="application/ld+json">' * 8_000
    assert read(meta=meta) is not None


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


OPENER = """<html><head><title>The slow press | Harbour</title><meta name="author" content="Marit Sande"/>
<meta property="article:published_time" content="2024-05-02T08:00:00Z"/></head><body><article>
<div><h1>The slow press</h1><ul class="meta"><li>{date}</li><li>{by}</li></ul></div><p>{text}</p><p>2 May 2024</p>
<form action="/s"><label>Subscribe by mail</label></form><noscript>Enable JavaScript</noscript>
<noscript><p><img src="a.png" alt=""/></p></noscript></article></body></html>"""


@pytest.mark.parametrize(
    "date",
    ["May 2, 2024", "Thu, 2 May 2024 08:00", "02.05.2024", "5/2/24", "2. Mai 2024", "2024年5月2日"],
)
@pytest.mark.parametrize("by", ["By Marit Sande", "Marit Sande"])
def test_lines_above_the_text_that_repeat_the_metadata_are_left_out(date: str, by: str) -> None:
    page = OPENER.format(date=date, by=by, text=TEXT)
    post = clothbound.read(page.encode())[0]
    words = plain_text(post)
    assert words.startswith("Words of the article")
    assert words.rstrip().endswith("2 May 2024")
    assert "Subscribe" not in words
    assert "JavaScript" not in words
    assert any(isinstance(node, Image) for node in walk(post))


@pytest.mark.parametrize(
    "line",
    [
        "Updated on 3 May 2024",
        "2 May 2024 in Bergen",
        "By Marit Sande and Odd Lunde",
        "In 2024",
        "2 5",
    ],
)
def test_lines_that_say_more_stay(line: str) -> None:
    page = OPENER.format(date=line, by="x", text=TEXT)
    assert line in plain_text(clothbound.read(page.encode())[0])


def test_the_list_of_a_sites_pages_is_left_out_and_one_of_the_article_stays() -> None:
    links = "".join(f'<li><a href="{{}}{n}">Chapter number {n}</a></li>' for n in range(12))
    for href, stays in (("/book/", False), ("#part-", True), ("https://far.example/", True)):
        page = PAGE.format(
            title="T",
            meta="",
            byline=f"<ul>{links.replace('{}', href)}</ul>",
            heading="The slow press",
            text=TEXT * 2,
        )
        words = plain_text(clothbound.read(page.encode())[0])
        assert ("Chapter number 7" in words) is stays, href


SERVICES = {
    "bearblog": ("A bench", "", "2024-05-02"),
    "blogger": ("The first row", "Lin Aas", "2024-05-03"),
    "devto": ("Three ways to sort a drawer", "Odd Lunde", "2024-05-04"),
    "ghost": ("Tar and oakum", "Kari Holm", "2024-05-05"),
    "hashnode": ("Threads without locks", "Odd Lunde", "2024-05-01"),
    "livejournal": ("Snow in May", "marit", "2014-05-02"),
    "medium": ("Nets, and who mends them", "Odd Lunde", "2024-05-02"),
    "mirror": ("Ledger of tides", "odd.eth", "2024-05-03"),
    "notion": ("How we keep the lock", "", ""),
    "squarespace": ("A room with light", "Ida Moe", "2024-05-03"),
    "substack": ("The slow ferry", "Ida Moe", "2024-05-07"),
    "tumblr": ("They said: no boats here", "found-boats", "2024-05-06"),
    "webflow": ("How a slip is built", "Lin Aas", "2024-05-03"),
    "wix": ("The late boat", "Kari Holm", "2024-05-07"),
    "wordpress": ("Ropes of hemp", "Bea Dahl", "2024-05-04"),
    "wordpress-block": ("Ropes of steel", "Bea Dahl", "2024-05-06"),
    "writeas": ("On nets", "Odd Lunde", "2024-05-02"),
}
PAGES = Path(__file__).parent / "cases" / "pages"


@pytest.mark.parametrize("service", SERVICES)
def test_a_page_in_the_markup_of_a_service(service: str) -> None:
    post = clothbound.read(PAGES / f"{service}.html")[0]
    metadata = post.metadata
    day = metadata.published.day if metadata.published else ""
    assert (metadata.title, ", ".join(metadata.authors), day) == SERVICES[service]
    made = clothbound.write(post, "markdown").to_text()
    assert made == expected_text(PAGES / f"{service}.md", made)


@pytest.mark.parametrize("service", SERVICES)
def test_the_report_names_every_word_that_is_left_out(service: str, tmp_path: Path) -> None:
    page = PAGES / f"{service}.html"
    artifact = clothbound.write(clothbound.read(page), "epub")
    artifact.save(tmp_path / "page.epub")
    told = list(artifact.report.diagnostics)
    made = compare_contents(
        read_sources(page), read_product(tmp_path / "page.epub"), lambda _: told, {page.name}
    )
    assert made.counted.words > 20
    assert [str(found) for found in made.missing] == []


def test_every_page_of_a_service_is_tested() -> None:
    assert {path.stem for path in PAGES.glob("*.html")} == set(SERVICES)


@pytest.mark.parametrize(
    ("title", "headings", "site", "expected"),
    [
        ("A bench | Slow Corner", [], "Slow Corner", "A bench"),
        ("A bench | Slow Corner", ["A bench"], "", "A bench"),
        ("A bench | Slow Corner", ["Other"], "", "A bench | Slow Corner"),
        ("Salt - and bread", ["Salt - and bread"], "Corner", "Salt - and bread"),
        ("A bench", ["A bench"], "A bench", "A bench"),
    ],
)
def test_the_name_of_the_site_leaves_a_declared_title(
    title: str, headings: list[str], site: str, expected: str
) -> None:
    assert without_site(title, headings, site) == expected


def test_a_heading_with_other_quotation_marks_is_the_title() -> None:
    page = (
        '<html><head><title>"Slow" is a word</title></head><body><article><header><h1>“Slow” is a word</h1>'
        f'<p class="subtitle">And a long one</p></header><p>{TEXT}</p></article></body></html>'
    )
    metadata = clothbound.read(page.encode())[0].metadata
    assert (metadata.title, metadata.subtitle) == ('"Slow" is a word', "And a long one")
