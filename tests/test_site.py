"""The site: a page a post, an index by year, neighbours, pictures once, what is private left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import feedparser
import html5lib
import pytest
from msgspec.structs import replace

import clothbound
from clothbound.anthology.select import Select
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import OptionError
from clothbound.html.write.shown_pictures import PictureFiles, SourcesOfFiles
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.collection import Collection, Part
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.parts.post_parts import ShownFile
from clothbound.product_files import LIST
from clothbound.writers.site import Site
from epub_samples import picture
from sample_nodes import day, paragraph

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"
HTML = "{http://www.w3.org/1999/xhtml}"


def post(key: str, date: str = "", *body: b.Block, **fields: Any) -> Post:
    metadata = Metadata(
        key=key, slug=key, title=key.title(), published=day(date) if date else None, **fields
    )
    return Post(metadata, body or (paragraph(f"Text of {key}."),))


def files(collection: Collection | tuple[Post, ...], folder: Path) -> dict[str, str]:
    clothbound.write(collection, Site(title="Letters")).save(folder)
    return {
        str(path.relative_to(folder).as_posix()): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LIST
    }


POSTS = (
    post("late", "2023-05-01"),
    post("undated"),
    post("early", "2022-01-31", subtitle="The first"),
    post("middle", "2023-02-01", language="he"),
)

INDEX = """\
<main class="index">
<header class="opener">
<h1>Letters</h1>
</header>
<nav class="years" aria-label="Posts">
<ul>
<li><a href="#y2023">2023</a></li>
<li><a href="#y2022">2022</a></li>
</ul>
</nav>
<section>
<h2 id="y2023">2023</h2>
<ol>
<li><a href="late.html">Late</a> <time datetime="2023-05-01">May 1, 2023</time></li>
<li><a href="middle.html" lang="he" dir="rtl">Middle</a> <time datetime="2023-02-01">February 1, 2023</time></li>
</ol>
</section>
<section>
<h2 id="y2022">2022</h2>
<ol>
<li><a href="early.html">Early</a> <time datetime="2022-01-31">January 31, 2022</time><p>The first</p></li>
</ol>
</section>
<section>
<h2>Undated</h2>
<ol>
<li><a href="undated.html">Undated</a></li>
</ol>
</section>
</main>
"""


def test_index_is_by_year_newest_first(tmp_path: Path) -> None:
    made = files(POSTS, tmp_path / "site")
    assert list(made) == [
        "early.html",
        "index.html",
        "late.html",
        "middle.html",
        "style.css",
        "undated.html",
    ]
    assert INDEX in made["index.html"]


def test_the_years_are_those_of_the_book_s_time_zone(tmp_path: Path) -> None:
    late = "---\ntitle: Late\ndate: 2023-12-31T23:30:00Z\n---\nNews.\n"
    posts = clothbound.read(late.encode(), "markdown")
    for zone, year in (("UTC", "2023"), ("Europe/Oslo", "2024")):
        book = clothbound.book(posts, Select(timezone=zone))
        index = files(book, tmp_path / year)["index.html"]
        assert re.findall("<h2 id=.*?>(.*?)</h2>", index) == [year]
        assert f'<time datetime="{year}-' in index


def test_search_engines_and_feeds_have_the_description_and_readers_the_subtitle(
    tmp_path: Path,
) -> None:
    for info, shown, described in (
        (BookInfo(subtitle="Below", description="About  it"), "Below", "About it"),
        (BookInfo(subtitle="Below"), "Below", "Below"),
        (BookInfo(description="About it"), "About it", "About it"),
    ):
        book = replace(as_collection(POSTS), info=info)
        options = Site(url="https://letters.example")
        clothbound.write(book, options).save(tmp_path / described / shown)
        index = (tmp_path / described / shown / "index.html").read_text()
        assert f'<p class="subtitle">{shown}</p>' in index
        assert f'<meta name="description" content="{described}">' in index
        feed = (tmp_path / described / shown / "feed.xml").read_text()
        assert f"<description>{described}</description>\n<language>" in feed


def test_posts_without_dates_alone_have_no_heading(tmp_path: Path) -> None:
    made = files((post("one"), post("two")), tmp_path / "site")
    assert '<ol>\n<li><a href="two.html">Two</a></li>' in made["index.html"]
    assert "<section>" not in made["index.html"]
    assert "<h2" not in made["index.html"]


BOOK = """\
</header>
<ol>
<li><a href="text-foreword.html">Foreword</a></li>
</ol>
<ol>
<li><a href="alone.html">Alone</a> <time datetime="2020-01-01">January 1, 2020</time></li>
</ol>
<section>
<h2>Sea &amp; storm</h2>
<ol>
<li><a href="late.html">Late</a> <time datetime="2023-05-01">May 1, 2023</time></li>
<li><a href="early.html">Early</a> <time datetime="2022-01-31">January 31, 2022</time></li>
</ol>
</section>
<ol>
<li><a href="text-colophon.html">Colophon</a></li>
</ol>
</main>
"""


def test_a_book_keeps_its_parts_order_and_texts(tmp_path: Path) -> None:
    posts = (
        post("text-foreword", authors=()),
        post("alone", "2020-01-01"),
        post("late", "2023-05-01"),
        post("early", "2022-01-31"),
        post("text-colophon"),
    )
    titles = {"text-foreword": "Foreword", "text-colophon": "Colophon"}
    book = as_collection(
        tuple(
            replace(
                p,
                metadata=replace(p.metadata, title=titles.get(p.metadata.key, p.metadata.title)),
            )
            for p in posts
        )
    )
    book = replace(
        book,
        info=replace(book.info, authors=("Ada Quill",)),
        parts=(Part("Sea & storm", ("late", "early")),),
        roles={"text-foreword": "foreword", "text-colophon": "colophon"},
    )
    made = files(book, tmp_path / "site")
    assert BOOK in made["index.html"]
    foreword = made["text-foreword.html"]
    assert "Ada Quill" not in foreword
    assert "BlogPosting" not in foreword
    assert 'rel="prev"' not in foreword
    assert 'rel="next" href="alone.html"' in foreword
    assert 'rel="next" href="early.html"' in made["late.html"]
    assert 'rel="next" href="text-colophon.html"' in made["early.html"]
    assert "Ada Quill" in made["late.html"]


def test_a_book_s_texts_are_no_news(tmp_path: Path) -> None:
    book = as_collection((post("text-foreword"), post("late", "2023-05-01")))
    book = replace(book, roles={"text-foreword": "foreword"})
    clothbound.write(book, Site(url="https://letters.example")).save(tmp_path / "s")
    feed = feedparser.parse((tmp_path / "s" / "feed.xml").read_bytes())
    assert [entry.title for entry in feed.entries] == ["Late"]


def test_pages_are_named_by_slug_file_or_title(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    for name, header in {
        "i-html.md": "title: Something Else",
        "named.md": "slug: by-slug",
        "a/same.md": "title: A",
        "b/same.md": "title: B",
        "bundle/index.md": "title: C",
        "one.md": "slug: twice",
        "two.md": "slug: twice",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"---\n{header}\n---\nText.\n", "utf-8")
    made = files(clothbound.read(folder), tmp_path / "site")
    names = [name for name in made if name.endswith(".html")]
    assert sorted(names) == [
        "a.html",
        "b.html",
        "bundle.html",
        "by-slug.html",
        "i-html.html",
        "index.html",
        "one.html",
        "two.html",
    ]
    # Of several posts from one file, a feed say, the title tells each.
    metadata = [Metadata(key=f"k{n}", title=f"Post {n}", source="feed.xml") for n in (1, 2)]
    made = files(tuple(Post(m, (paragraph("Text."),)) for m in metadata), tmp_path / "feed")
    assert {"post-1.html", "post-2.html"} <= set(made)


def test_neighbours_are_those_in_time(tmp_path: Path) -> None:
    made = files(POSTS, tmp_path / "site")
    assert (
        '<nav class="pager" aria-label="Posts">'
        '<a rel="prev" href="undated.html"><span>Previous</span> <b>Undated</b></a>'
        '<a rel="next" href="middle.html"><span>Next</span> <b lang="he" dir="rtl">Middle</b></a>'
        "</nav>"
    ) in made["early.html"]
    assert 'rel="next"' not in made["late.html"]
    assert '<span>הבא</span> <b lang="en" dir="ltr">Late</b>' in made["middle.html"]


def test_pages_name_one_style_sheet_and_the_site(tmp_path: Path) -> None:
    made = files(POSTS, tmp_path / "site")
    for name in ("early.html", "index.html"):
        assert '<link rel="stylesheet" href="style.css">' in made[name]
        assert "<style" not in made[name]
        assert "content=\"default-src 'none'; style-src 'self'; base-uri" in made[name]
    assert "<title>Early · Letters</title>" in made["early.html"]
    assert '<meta property="og:site_name" content="Letters">' in made["early.html"]


def test_a_picture_of_many_posts_is_one_file(tmp_path: Path) -> None:
    data = picture("PNG")
    posts = tuple(
        Post(
            Metadata(key=key, slug=key),
            (b.Figure(i.Image(f"{key}.jpg", "A")),),
            assets=(Asset(f"{key}.jpg", data),),
        )
        for key in ("one", "two")
    )
    made = files(posts, tmp_path / "site")
    pictures = [name for name in made if name.startswith("pictures/")]
    assert len(pictures) == 1
    assert re.fullmatch(r"pictures/[0-9a-f]{16}\.png", pictures[0])
    assert (tmp_path / "site" / pictures[0]).read_bytes() == data
    for name in ("one.html", "two.html"):
        assert f'<img src="{pictures[0]}" alt="A" width="60" height="40">' in made[name]
        assert "img-src 'self';" in made[name]


def test_what_is_private_stays_so(tmp_path: Path) -> None:
    secret = b.Paragraph((i.Text("Secret words."), i.NoteRef("n")))
    cut = Post(
        Metadata(key="cut", slug="cut", title="Cut"),
        (
            b.Conditional((paragraph("Secret for some."),), ("only_paid",)),
            paragraph("Open words."),
            b.PaywallBreak(),
            secret,
            b.Figure(i.Image("secret.png", "Secret picture")),
        ),
        (Footnote("n", (paragraph("Secret note."),)),),
        (Asset("secret.png", picture("PNG")),),
    )
    posts = (
        post("open", "2023-01-01"),
        post("paid", "2023-01-02", paragraph("Secret post."), audience="only_paid"),
        Post(
            Metadata(key="draft", slug="draft", title="Secret draft", is_draft=True),
            (paragraph("Secret."),),
        ),
        cut,
    )
    made = files(posts, tmp_path / "site")
    assert sorted(made) == ["cut.html", "index.html", "open.html", "style.css"]
    assert "Open words." in made["cut.html"]
    assert not [name for name, text in made.items() if "Secret" in text or "paid.html" in text]


def test_links_between_posts(tmp_path: Path) -> None:
    def link(href: str) -> b.Paragraph:
        return b.Paragraph((i.Link((i.Text("x"),), href),))

    one = post(
        "one",
        "2023-01-01",
        link("https://own.example/p/two?utm_source=a#a-heading"),
        link("https://own.example/p/two#nowhere"),
        link("https://own.example/p/paid"),
        link("#here"),
        b.Heading((i.Text("Here"),), 2),
        canonical_url="https://own.example/p/one",
    )
    two = post(
        "two",
        "2023-01-02",
        b.Heading((i.Text("A heading"),), 3),
        canonical_url="https://own.example/p/two",
    )
    paid = post(
        "paid", "2023-01-03", audience="only_paid", canonical_url="https://own.example/p/paid"
    )
    artifact = clothbound.write((one, two, paid), "site")
    artifact.save(tmp_path / "site")
    tree = html5lib.parse((tmp_path / "site" / "one.html").read_bytes())
    article = tree.find(f".//{HTML}article")
    assert [a.get("href") for a in article.iter(f"{HTML}a")] == [
        "two.html#a-heading",
        "two.html",
        "https://own.example/p/paid",
        "#here",
    ]
    assert DiagnosticCode.LINK_UNRESOLVED in [d.code for d in artifact.report.diagnostics]


def test_examples_every_link_and_picture_inside_leads_somewhere(tmp_path: Path) -> None:
    site = tmp_path / "site"
    clothbound.write(clothbound.read(EXAMPLES, on_error="collect"), "site").save(site)
    pages = {path.name: html5lib.parse(path.read_bytes()) for path in site.glob("*.html")}
    ids = {
        name: {element.get("id") for element in tree.iter() if element.get("id")}
        for name, tree in pages.items()
    }
    checked = 0
    for name, tree in pages.items():
        for element in tree.iter():
            address = element.get("href") or element.get("src") or ""
            if not address or re.match(r"[a-z]+:", address):
                continue
            file, _, fragment = address.partition("#")
            assert not file or (site / file).is_file(), f"{name}: {address}"
            assert not fragment or fragment in ids[file or name], f"{name}: {address}"
            checked += 1
    assert checked > 200


def test_same_bytes_again() -> None:
    def made() -> bytes:
        return clothbound.write(clothbound.read(EXAMPLES, on_error="collect"), "site").to_bytes()

    assert made() == made()


TAGGED = (
    post("one", "2022-03-01", tags=("Sea", "Öl & Tau")),
    post("two", "2023-03-01", tags=("Sea",)),
    post("three", "2023-04-01", tags=("sea", "海")),
)


def test_a_page_for_each_tag(tmp_path: Path) -> None:
    made = files(TAGGED, tmp_path / "site")
    pages = [name for name in made if name.startswith("tags/")]
    # Tags that differ in case alone are two, and their pages have two names on every system.
    assert len({name.casefold() for name in pages}) == 4
    assert "tags/ol-tau.html" in pages
    assert made["index.html"].count('href="tags/') == 4
    page = made["tags/sea.html"]
    assert "<title>Sea · Letters</title>" in page
    assert re.findall(r'href="(\.\./[^"]*)"', page) == [
        "../style.css",
        "../index.html",
        "../two.html",
        "../one.html",
    ]
    assert (
        '<nav class="tags" aria-label="Tags">\n<ul>\n<li><a href="tags/sea.html">Sea</a></li>\n'
    ) in made["one.html"]


def test_the_feed_has_the_newest_posts_with_whole_addresses(tmp_path: Path) -> None:
    pictured = Post(
        Metadata(key="new", slug="new", title="New", published=day("2024-01-01")),
        (
            b.Figure(i.Image("a.png", "A")),
            b.Paragraph((i.Link((i.Text("older"),), "/p/one"), i.NoteRef("n"))),
            b.Embed("tweet", "https://t.example/1", text="Ding."),
        ),
        (Footnote("n", (paragraph("A note."),)),),
        (Asset("a.png", picture("PNG")),),
    )
    options = Site(title="Letters", url="https://letters.example/all", feed=2)
    artifact = clothbound.write((*TAGGED, pictured), options)
    artifact.save(tmp_path / "site")
    feed = feedparser.parse((tmp_path / "site" / "feed.xml").read_bytes(), sanitize_html=False)
    assert feed.bozo == 0
    assert [(entry.title, entry.link) for entry in feed.entries] == [
        ("New", "https://letters.example/all/new.html"),
        ("Three", "https://letters.example/all/three.html"),
    ]
    content = feed.entries[0].content[0].value
    found = re.search(r'src="https://letters\.example/all/(pictures/\w+\.png)"', content)
    assert found
    assert (tmp_path / "site" / found[1]).is_file()
    assert 'href="https://letters.example/all/one.html"' in content
    assert 'href="#new--fn:1"' in content
    # A post that stands in the feed too is accounted for once.
    assert artifact.report.accounts["new"].simplified == 1
    page = (tmp_path / "site" / "tags" / "sea.html").read_text()
    assert 'type="application/rss+xml" title="Letters" href="../feed.xml"' in page
    assert '<link rel="canonical" href="https://letters.example/all/one.html">' in (
        tmp_path / "site" / "one.html"
    ).read_text("utf-8")


def test_an_address_that_leads_nowhere_gets_the_newest_posts(tmp_path: Path) -> None:
    """A host sends the page from any folder, so its addresses begin at the root."""
    posts = tuple(post(f"p{n:02}", f"2023-01-{n:02}") for n in range(1, 15))
    site = Site(title="Letters", url="https://letters.example/old archive")
    clothbound.write(posts, site).save(tmp_path / "site")
    page = (tmp_path / "site" / "404.html").read_text("utf-8")
    assert "<title>Page not found · Letters</title>" in page
    assert "<h1>Page not found</h1>" in page
    assert '<p><a href="/old%20archive/index.html">Posts</a></p>' in page.partition("</ol>")[2]
    addresses = re.findall(r' href="([^"]*)"', page)
    assert all(address.startswith("/old%20archive/") for address in addresses)
    listed = re.findall(r'<li><a href="/old%20archive/(p\d+)\.html">', page)
    assert listed == [f"p{n:02}" for n in range(14, 4, -1)]
    for address in addresses:
        assert (tmp_path / "site" / address.removeprefix("/old%20archive/")).is_file()


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("de", "<h1>Seite nicht gefunden</h1>"),
        ("sw", '<h1 lang="en" dir="ltr">Page not found</h1>'),
    ],
)
def test_a_lost_address_is_told_in_the_language_of_the_site(
    tmp_path: Path, language: str, heading: str
) -> None:
    posts = replace(as_collection(POSTS), info=BookInfo(language=language))
    clothbound.write(posts, Site(url="https://letters.example")).save(tmp_path / "site")
    assert heading in (tmp_path / "site" / "404.html").read_text("utf-8")


def test_a_page_for_lost_addresses_needs_the_site_s_own(tmp_path: Path) -> None:
    made = files((post("404", "2023-01-01"),), tmp_path / "site")
    assert "404.html" not in made
    assert any("Text of 404" in text for text in made.values())


def test_no_feed_without_an_address(tmp_path: Path) -> None:
    made = files(TAGGED, tmp_path / "site")
    assert "feed.xml" not in made
    with pytest.raises(OptionError):
        clothbound.write(TAGGED, Site(url="javascript:alert(1)")).to_bytes()


def test_who_links_to_a_page_is_named_when_asked(tmp_path: Path) -> None:
    link = b.Paragraph((i.Link((i.Text("see"),), "/p/early"),))
    posts = (post("late", "2023-05-01", link), post("early", "2022-01-31"))
    clothbound.write(posts, Site(mentions=True)).save(tmp_path / "site")
    page = (tmp_path / "site" / "early.html").read_text("utf-8")
    assert re.search(r'class="mentioned-in".*<a href="late\.html">Late</a>', page, re.S)
    assert "mentioned-in" not in files(posts, tmp_path / "without")["early.html"]


def test_titles_of_pages_and_lists_have_typographic_marks(tmp_path: Path) -> None:
    one, two = (post(key, "2023-01-01", paragraph("Text.")) for key in ("one", "two"))
    quoted = replace(one.metadata, title='A "light" house', subtitle="It's on")
    posts = (replace(one, metadata=quoted), two)
    made = files(posts, tmp_path / "site")
    assert "<h1>A “light” house</h1>" in made["one.html"]
    assert '<p class="subtitle">It’s on</p>' in made["one.html"]
    assert "A “light” house" in made["index.html"] and "A “light” house" in made["two.html"]
    # What machines read is as the author has it.
    assert '"headline": "A \\"light\\" house"' in made["one.html"]


def test_the_index_names_the_series(tmp_path: Path) -> None:
    posts = as_collection(POSTS)
    info = replace(posts.info, series=Series("Harbours", "3"))
    index = files(replace(posts, info=info), tmp_path / "site")["index.html"]
    assert '<p class="byline">Harbours, 3</p>' in index


def test_a_picture_is_yielded_once_and_has_the_sources_of_all_posts_that_show_it() -> None:
    sources = SourcesOfFiles()
    pictures = PictureFiles(sources)
    a, c = (ShownFile(name, "image/png", name[:1].encode()) for name in ("a.png", "c.png"))
    assert list(pictures.new([a, a, c], "one.md")) == [("a.png", b"a"), ("c.png", b"c")]
    assert sources == {"a.png": ("one.md",), "c.png": ("one.md",)}
    for source in ("two.md", "three.md", "two.md", "one.md"):
        assert not list(pictures.new([a], source))
    assert sources == {"a.png": {"one.md", "two.md", "three.md"}, "c.png": ("one.md",)}
