"""Tests the EPUB: container, chapters, notes, links, pictures and metadata."""

from __future__ import annotations

import io
import re
import shutil
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, overload

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from clothbound.api import write
from clothbound.covers.drawing import HEIGHT, WIDTH, CoverPost, draw_cover
from clothbound.covers.fonts import line
from clothbound.covers.label import MARGIN, lay_label
from clothbound.destinations import DESTINATIONS
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import OptionError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.writers.epub import Epub
from clothbound.writers.epub.content import anchor, file_key
from clothbound.writers.epub.matter_pages import name_part_file
from epub_samples import every_node, letters, opened, picture, second, text
from sample_nodes import day
from strategies import posts as any_posts

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
NAMESPACES = {
    "h": "http://www.w3.org/1999/xhtml",
    "o": "http://www.idpf.org/2007/opf",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}


def make(collection: Collection, options: Epub | None = None) -> dict[str, bytes]:
    return opened(write(collection, options or "epub").to_bytes())


def tree(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False))


def documents(files: dict[str, bytes]) -> Iterator[tuple[str, Any]]:
    return ((name, tree(data)) for name, data in files.items() if name.endswith(".xhtml"))


@pytest.fixture(scope="module")
def book() -> dict[str, bytes]:
    return make(letters())


# the container


def test_the_media_type_stands_first_and_stored() -> None:
    data = write(letters(), "epub").to_bytes()
    # EPUB 3.3, section 4.2.6.2: readable at a fixed place without unpacking.
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            stored = info.filename.endswith((".jpg", ".png", "mimetype"))
            assert (info.compress_type == zipfile.ZIP_STORED) is stored, info.filename
            assert info.date_time == (1980, 1, 1, 0, 0, 0)


def test_the_same_posts_give_the_same_bytes_at_another_time() -> None:
    first = write(letters(), "epub").to_bytes()
    time.sleep(2.1)
    assert write(letters(), "epub").to_bytes() == first


class _Watched(Sequence[Post]):
    """Posts that note how much of the book was written when each was asked for."""

    def __init__(self, posts: Sequence[Post], stream: io.BytesIO) -> None:
        self.posts = posts
        self.stream = stream
        self.written: list[int] = []

    def __len__(self) -> int:
        return len(self.posts)

    @overload
    def __getitem__(self, position: int) -> Post: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Post]: ...
    def __getitem__(self, position: int | slice) -> Post | Sequence[Post]:
        post = self.posts[position]
        self.written.append(self.stream.tell())
        return post


def test_each_chapter_is_written_before_the_eighth_post_after_it_is_read() -> None:
    posts_ahead = 8  # whose pictures are converted while a chapter is made
    given_posts = [
        Post(Metadata(key=f"k{n}", title=f"T{n}", source=f"{n}.md"), text("x" * 200))
        for n in range(15)
    ]
    collection = as_collection(given_posts)
    stream = io.BytesIO()
    watched = _Watched(collection.posts, stream)
    artifact = write(
        Collection(posts=watched, index=collection.index, info=BookInfo(title="T")), "epub"
    )
    assert artifact._file is not None
    artifact._file(stream)
    assert len(watched.written) == 15, "each post is read once"
    later = watched.written[posts_ahead - 1 :]
    assert later == sorted(set(later)), watched.written


# chapters


def test_every_word_of_every_node_is_in_the_book(book: dict[str, bytes]) -> None:
    chapter = tree(book["100.xhtml"])
    words = " ".join(chapter.itertext()) + " ".join(chapter.xpath("//@alt | //@alttext"))
    missing = [n for n in range(1, 76) if not re.search(rf"w_?{{?{{?{n:02}", words)]
    assert missing == [16], "all but raw TeX, which is reported as dropped"


@pytest.mark.parametrize(
    ("alt", "title", "words"), [(" ", "", "example.org"), ("\n", "A map", "A map")]
)
def test_a_description_of_spaces_is_none(alt: str, title: str, words: str) -> None:
    image = i.Image("https://example.org/map.png", alt, title)
    files = make(letters(Post(Metadata(key="k"), (b.Paragraph((image,)),))))
    # A link of nothing but a space has no name.
    assert f'<a href="https://example.org/map.png">{words}</a>' in files["k.xhtml"].decode()


def test_a_chapter_has_its_own_title_language_and_opener(book: dict[str, bytes]) -> None:
    root = tree(book["second.xhtml"])
    assert root.get("lang") == "ar"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert root.get("dir") == "rtl"
    assert root.findtext(f"{XHTML}head/{XHTML}title") == "رسالة"
    section = root.find(f"{XHTML}body/{XHTML}section")
    assert section.get("role") == "doc-chapter"
    assert section.get(f"{EPUB}type") == "chapter"
    assert [h.text for h in root.iter(f"{XHTML}h1")] == ["رسالة"]
    assert root.xpath("string(//h:p[@class='date'])", namespaces=NAMESPACES) == "2 يونيو 2023"


def test_authors_stand_under_a_title_only_where_they_are_not_the_books() -> None:
    own = Post(Metadata(key="a", title="A", authors=("Ada",)), text("x"))
    guest = Post(Metadata(key="g", title="G", authors=("Guest",)), text("x"))
    collection = as_collection([own, guest])
    files = make(
        Collection(
            posts=collection.posts,
            index=collection.index,
            info=BookInfo(title="T", authors=("Ada",)),
        )
    )
    assert b"byline" not in files["a.xhtml"]
    assert b'<p class="byline">Guest</p>' in files["g.xhtml"]


def test_notes_pop_up(book: dict[str, bytes]) -> None:
    root = tree(book["100.xhtml"])
    marks = [a for a in root.iter(f"{XHTML}a") if a.get(f"{EPUB}type") == "noteref"]
    assert [a.text for a in marks] == ["1", "1", "2"]
    assert len({a.get("id") for a in marks}) == 3, "a note that is cited twice has two marks"
    assert all(len(a) == 0 and a.getparent().tag == f"{XHTML}sup" for a in marks)
    asides = list(root.iter(f"{XHTML}aside"))
    assert {a.get("href") for a in marks} == {f"#{x.get('id')}" for x in asides[:2]}
    for aside, mark in zip(asides[:2], (marks[0], marks[2]), strict=True):
        assert aside.get("role") == "doc-footnote"
        assert aside.get(f"{EPUB}type") == "footnote"
        back = aside[0][0]
        assert (aside[0].text or "").strip() == "", "the back-link stands first"
        assert back.get("role") == "doc-backlink"
        assert back.get("href") == f"#{mark.get('id')}"
    assert asides[2].find(f".//{XHTML}a") is None, "a note without a mark leads nowhere"


def test_notes_within_notes_lead_there_and_back() -> None:
    post = Post(
        Metadata(key="k", title="T"),
        (b.Paragraph((i.NoteRef("a"),)),),
        (
            Footnote("a", (b.Paragraph((i.Text("first"), i.NoteRef("b"))),)),
            Footnote("b", text("second")),
        ),
    )
    root = tree(make(as_collection(post))["k.xhtml"])
    hrefs = {a.get("href") for a in root.iter(f"{XHTML}a")}
    assert hrefs == {f"#{element.get('id')}" for element in root.xpath("//*[@id]")} - {"#k-title"}


def test_links_between_posts_lead_to_chapters(book: dict[str, bytes]) -> None:
    hrefs = tree(book["100.xhtml"]).xpath("//h:a/@href", namespaces=NAMESPACES)
    assert "second.xhtml#second--a-place" in hrefs


@pytest.mark.parametrize(
    "address",
    ["other.html", "/about", "files/own.pdf", "https://[::1", "https://exa mple.org/", "#nowhere"],
)
def test_a_link_that_a_book_cannot_have_is_reported_and_its_text_stays(address: str) -> None:
    post = Post(
        Metadata(key="k", title="T"), (b.Paragraph((i.Link((i.Text("words"),), address),)),)
    )
    artifact = write(post, "epub")
    files = opened(artifact.to_bytes())
    assert b"<p>words</p>" in files["k.xhtml"]
    assert any(d.code is DiagnosticCode.LINK_UNRESOLVED for d in artifact.report.diagnostics)


# the ways in


def test_contents_ncx_and_spine_have_the_same_order(book: dict[str, bytes]) -> None:
    nav = tree(book["contents_page.xhtml"])
    toc, landmarks = nav.iter(f"{XHTML}nav")
    listed = toc.xpath(".//h:a/@href", namespaces=NAMESPACES)
    ncx = tree(book["toc.ncx"]).xpath("//n:content/@src", namespaces=NAMESPACES)
    package = tree(book["content.opf"])
    names = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    spine = [names[ref.get("idref")] for ref in package.iter(f"{OPF}itemref")]
    assert listed == ncx == spine[4:]
    front = ["cover_page.xhtml", "title_page.xhtml", "imprint_page.xhtml", "contents_page.xhtml"]
    assert spine[:4] == front
    kinds = [a.get(f"{EPUB}type") for a in landmarks.iter(f"{XHTML}a")]
    assert kinds == ["cover", "titlepage", "toc", "bodymatter"]


def test_the_contents_nest_headings_as_deep_as_asked() -> None:
    post = Post(
        Metadata(key="k", title="T"),
        tuple(b.Heading((i.Text(t),), n) for t, n in [("A", 2), ("B", 3), ("C", 4), ("D", 2)]),
    )
    files = make(as_collection(post), Epub(toc_depth=3))
    nav = tree(files["contents_page.xhtml"])
    paths = [(a.text, len(list(a.iterancestors(f"{XHTML}ol")))) for a in nav.iter(f"{XHTML}a")]
    assert paths[:4] == [("T", 1), ("A", 2), ("B", 3), ("D", 2)]


def depth_said(ncx: Any) -> str:
    return str(ncx.xpath('string(//n:meta[@name="dtb:depth"]/@content)', namespaces=NAMESPACES))


def test_the_ncx_says_how_deep_it_is() -> None:
    post = Post(
        Metadata(key="k", title="T"),
        tuple(b.Heading((i.Text(f"H{level}"),), level) for level in (2, 3, 4)),
    )
    # Kindle shows two levels of an NCX, so a book for all stores has no more.
    for levels, depth in ((1, 1), (2, 2), (4, 2)):
        ncx = tree(make(as_collection(post), Epub(toc_depth=levels))["toc.ncx"])
        points = ncx.iter("{http://www.daisy.org/z3986/2005/ncx/}navPoint")
        deepest = max(len(list(p.iterancestors(p.tag))) + 1 for p in points)
        assert (deepest, depth_said(ncx)) == (depth, str(depth))


def test_parts_of_one_name_have_pages_of_their_own() -> None:
    taken: set[str] = set()
    files = [name_part_file(title, taken) for title in ("At sea", "At Sea!", "Ashore", "at sea")]
    assert files == [
        "part_at-sea.xhtml",
        "part_at-sea_2.xhtml",
        "part_ashore.xhtml",
        "part_at-sea_3.xhtml",
    ]


# pictures


def test_a_picture_is_in_the_book_once_and_named_after_its_bytes(book: dict[str, bytes]) -> None:
    pictures = sorted(n for n in book if re.match("images/(?!cover|formula)", n))
    assert [n.rsplit(".")[-1] for n in pictures].count("png") == 1, "dot.png is same.jpg"
    assert all(re.fullmatch(r"images/[0-9a-f]{16}\.(png|jpg|svg)", n) for n in pictures)
    assert [n for n in pictures if n.endswith(".jpg")], "WebP became JPEG"


def test_an_svg_picture_only_draws(book: dict[str, bytes]) -> None:
    (drawing,) = [data for n, data in book.items() if re.match(r"images/\w+\.svg", n)]
    assert b"rect" in drawing
    for hostile in (b"script", b"onload", b"foreignObject", b"example.org", b"alert"):
        assert hostile not in drawing


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", DiagnosticCode.IMAGE_UNREADABLE),
        (b"no picture", DiagnosticCode.IMAGE_UNREADABLE),
        (picture("PNG")[:60], DiagnosticCode.IMAGE_UNREADABLE),
        (picture("JPEG")[:-40], DiagnosticCode.IMAGE_UNREADABLE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><rect></svg>", DiagnosticCode.IMAGE_UNREADABLE),
        (b'<svg xmlns="http://www.w3.org/1999/xhtml"/>', DiagnosticCode.IMAGE_UNREADABLE),
        (b"%PDF-1.7", DiagnosticCode.IMAGE_UNREADABLE),
        (None, DiagnosticCode.IMAGE_MISSING),
    ],
)
def test_a_picture_that_is_none_gives_way_to_a_placeholder(
    data: bytes | None, code: DiagnosticCode
) -> None:
    assets = () if data is None else (Asset("x.png", data),)
    post = Post(Metadata(key="k", title="T"), (b.Figure(i.Image("x.png", "a fen")),), (), assets)
    artifact = write(post, "epub")
    files = opened(artifact.to_bytes())
    assert b"<img" not in files["k.xhtml"]
    assert b"a fen" in files["k.xhtml"]
    assert [n for n in files if n.startswith("images/")] == ["images/cover.jpg"]
    assert code in {d.code for d in artifact.report.diagnostics}


def test_large_pictures_are_reduced() -> None:
    assets = (Asset("x.png", picture("PNG", size=(3000, 100))),)
    post = Post(Metadata(key="k", title="T"), (b.Figure(i.Image("x.png", "a")),), (), assets)
    assert b'width="2000"' in make(as_collection(post))["k.xhtml"]
    kept = make(as_collection(post), Epub(destination="kobo"))
    assert b'width="3000"' in kept["k.xhtml"]


# the cover


def cover_posts(*lengths: int) -> list[CoverPost]:
    first = datetime(2023, 1, 1, tzinfo=UTC)
    return [CoverPost(str(n), first + timedelta(weeks=n), words) for n, words in enumerate(lengths)]


def test_the_drawn_cover_is_of_the_size_that_stores_ask_for() -> None:
    from PIL import Image

    year = cover_posts(300, 1200, 40)
    cover = draw_cover("Letters", "2023", ("Ada",), year)
    with Image.open(io.BytesIO(cover.data)) as image:
        assert image.size == (WIDTH, HEIGHT) == (1600, 2560)
        assert image.format == "JPEG"
    assert len(cover.data) < DESTINATIONS["safe"].cover.max_bytes
    assert cover == draw_cover("Letters", "2023", ("Ada",), year)


def test_each_years_cover_is_its_own() -> None:
    year = cover_posts(300, 1200, 40)
    cover = draw_cover("Letters", "2023", ("Ada",), year)
    assert cover != draw_cover("Letters", "2023", ("Ada",), cover_posts(300, 40, 1200)), "lengths"
    later = [replace(post, day=datetime(2023, 5, 1 + n, tzinfo=UTC)) for n, post in enumerate(year)]
    assert cover != draw_cover("Letters", "2023", ("Ada",), [*later[:2], year[2]]), "days"
    assert cover != draw_cover("Letters", "2024", ("Ada",), year), "another year, other colours"


@pytest.mark.parametrize("count", [0, 1, 2, 400])
def test_any_number_of_posts_makes_a_cover(count: int) -> None:
    undated = [CoverPost(str(n), None, 0) for n in range(count)]
    assert draw_cover("Letters", "", (), undated).data


def title_lines(title: str) -> list[str]:
    label = lay_label(line(title), line(""), line(""), 900 + 2 * MARGIN, 160)
    return [one.text for one in label.lines]


def test_a_title_breaks_where_its_script_breaks() -> None:
    assert title_lines("Letters from the Bindery") == ["Letters", "from the", "Bindery"]
    assert "".join(title_lines("製本工房からの手紙、そして海")) == "製本工房からの手紙、そして海"
    assert not any(part.startswith("、") for part in title_lines("製本工房からの手紙、そして海"))


def test_a_title_that_no_font_has_is_reported_not_drawn_as_boxes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")  # no fontconfig to ask for a font of the system's
    collection = as_collection(Post(Metadata(key="k", title="ཡི་གེ"), text("x")))
    artifact = write(collection, "epub")
    artifact.to_bytes()
    assert [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.GLYPH_MISSING]
    assert draw_cover("Letters 🎉", "", (), cover_posts(1)).missing == ""


def test_a_long_word_is_broken_at_its_hyphens_or_where_the_line_ends() -> None:
    title = "Supercalifragilisticexpialidocious-and-more-of-it-hyphenated"
    lines = title_lines(title)
    assert len(lines) > 1
    assert "".join(lines) == title
    assert all(part.endswith("-") for part in lines[:-1])
    endless = "Antidisestablishmentarianism" * 3
    assert "".join(title_lines(endless)) == endless
    assert not draw_cover(endless, "", (), cover_posts(1)).is_cut
    assert draw_cover("word " * 200, "", (), cover_posts(1)).is_cut


def test_emoji_that_a_cover_leaves_out_are_said() -> None:
    collection = as_collection(Post(Metadata(key="k", title="Letters ❤️🎉"), text("x")))
    artifact = write(collection, "epub")
    artifact.to_bytes()
    (told,) = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.GLYPH_MISSING]
    assert "❤🎉" in told.message


def test_a_title_without_a_font_leaves_the_author_on_the_cover(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    named = draw_cover("ཡི་གེ", "", ("Ada",), cover_posts(1))
    assert named.missing
    assert named.data != draw_cover("ཡི་གེ", "", (), cover_posts(1)).data


def test_a_title_in_another_script_takes_a_font_of_the_systems() -> None:
    if shutil.which("fc-match") is None or not line("手紙").text:
        pytest.skip("no fontconfig, or no font with Chinese characters")
    assert not line("手紙").face.is_ours
    assert line("Letters").face.is_ours


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_given_cover_is_taken(form: str, tmp_path: Path) -> None:
    data = picture(form, size=(1000, 1600))
    path = tmp_path / "c.jpg"
    path.write_bytes(data)
    by_bytes = make(letters(), Epub(cover=data))
    assert make(letters(), Epub(cover=path)) == by_bytes
    (name,) = [n for n in by_bytes if n.startswith("images/cover")]
    assert name == ("images/cover.png" if form == "PNG" else "images/cover.jpg")
    package = tree(by_bytes["content.opf"])
    (item,) = [x for x in package.iter(f"{OPF}item") if x.get("properties") == "cover-image"]
    assert item.get("href") == name
    (mark,) = [x for x in package.iter(f"{OPF}meta") if x.get("name") == "cover"]
    assert mark.get("content") == item.get("id"), "the mark of EPUB 2, which Kindle reads"


def test_a_cover_or_style_sheet_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    for options in (
        Epub(cover=b"no picture"),
        Epub(cover=tmp_path / "none.jpg"),
        Epub(css=tmp_path / "none.css"),
    ):
        with pytest.raises(OptionError, match=r"cannot be (read|used)"):
            write(letters(), options)


def test_a_given_style_sheet_comes_after_the_books_own(tmp_path: Path) -> None:
    path = tmp_path / "my.css"
    path.write_text("p { color: teal }", "utf-8")
    assert make(letters(), Epub(css=path))["style.css"].endswith(b"p { color: teal }")


@pytest.mark.parametrize("name", DESTINATIONS)
def test_no_style_has_anything_that_reading_systems_choke_on(name: Any) -> None:
    files = make(letters(), Epub(destination=name))
    styles = [re.sub(r"/\*.*?\*/", "", files["style.css"].decode(), flags=re.S)]
    for _, root in documents(files):
        assert not list(root.iter(f"{XHTML}style"))
        styles.extend(root.xpath("//@style"))
    for style in styles:
        for word in ("flex", "grid", "var(", "--", "@", "font-family: '", "direction", "url("):
            assert word not in style
        assert not re.search(r"(?<![-\w])position\s*:", style)
        assert not re.search(r"background[\w-]*\s*:(?!\s*none)", style)
        assert not re.search(r"(?<![-\w])color\s*:(?!\s*inherit)", style)


# what the book says of itself


def properties(files: dict[str, bytes], name: str) -> list[str]:
    metas = tree(files["content.opf"]).iter(f"{OPF}meta")
    return [meta.text for meta in metas if meta.get("property") == name]


def with_picture(alt: str, data: bytes) -> Post:
    return Post(
        Metadata(key="k", title="T"),
        (b.Figure(i.Image("x", alt)),),
        (),
        (Asset("x", data),),
    )


def test_what_it_says_of_accessibility_is_true() -> None:
    described = make(as_collection(with_picture("a fen", picture("PNG"))))
    assert "alternativeText" in properties(described, "schema:accessibilityFeature")
    assert "textual" in properties(described, "schema:accessModeSufficient")
    bare = make(as_collection(with_picture("", picture("PNG"))))
    assert "alternativeText" not in properties(bare, "schema:accessibilityFeature")
    assert properties(bare, "schema:accessModeSufficient") == ["textual,visual"]
    assert properties(bare, "schema:accessibilityHazard") == ["none"]


def test_of_a_moving_picture_it_does_not_say_that_it_is_harmless() -> None:
    from PIL import Image

    stream = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "white")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    files = make(as_collection(with_picture("flicker", stream.getvalue())))
    assert properties(files, "schema:accessibilityHazard") == ["unknown"]


def test_mathml_is_declared_where_it_is(book: dict[str, bytes]) -> None:
    items = {x.get("href"): x for x in tree(book["content.opf"]).iter(f"{OPF}item")}
    assert items["100.xhtml"].get("properties") == "mathml"
    assert items["second.xhtml"].get("properties") is None
    assert "MathML" in properties(book, "schema:accessibilityFeature")


def test_identifier_and_date_come_from_the_posts(book: dict[str, bytes]) -> None:
    assert properties(book, "dcterms:modified") == ["2023-06-02T00:00:00Z"]
    package = tree(book["content.opf"])
    identifier = package.findtext(".//{http://purl.org/dc/elements/1.1/}identifier")
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-.*", identifier)
    uid = tree(book["toc.ncx"]).xpath("//n:meta[@name='dtb:uid']/@content", namespaces=NAMESPACES)
    assert uid == [identifier]
    longer = letters(every_node(), second(), Post(Metadata(key="new", title="N"), text("x")))
    assert identifier.encode() in make(longer)["content.opf"], "a new post makes no new book"


def test_the_colophon_counts(book: dict[str, bytes]) -> None:
    words = " ".join(tree(book["colophon_page.xhtml"]).itertext())
    assert "Made from 2 posts, published between 1 May 2023 and 2 June 2023." in words
    assert "not for everyone: 1." in words
    imprint = " ".join(tree(book["imprint_page.xhtml"]).itertext())
    assert "© 2023 Ada Quill" in imprint


def test_a_german_book_speaks_german() -> None:
    collection = as_collection(
        Post(Metadata(key="k", title="T", language="de", published=day("2023-05-01")), text("x"))
    )
    files = make(collection)
    assert b"Inhalt" in files["contents_page.xhtml"]
    assert b"1. Mai 2023" in files["colophon_page.xhtml"]


# names and anchors


@given(st.text(max_size=120))
def test_a_key_makes_a_safe_file_name(key: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", file_key(key))
    assert file_key(file_key(key)) == file_key(key)


@given(st.text(min_size=1), st.text(min_size=1))
def test_anchors_differ_and_have_no_white_space(one: str, other: str) -> None:
    names = {anchor("k", one), anchor("k", other)}
    assert len(names) == (1 if one == other else 2)
    assert not any(re.search(r"[\s#%\"<>&]", name) for name in names)
    assert not names & {anchor("k", one, kind) for kind in ("note", "mark", "mark2")}


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(any_posts(), min_size=1, max_size=2))
def test_any_posts_make_whole_documents_whose_links_hold(given_posts: list[Post]) -> None:
    cover = picture("PNG", size=(20, 30))
    files = make(as_collection(given_posts), Epub(cover=cover))
    ids: dict[str, list[str]] = {
        name: [e.get("id") for e in root.iter() if e.get("id")] for name, root in documents(files)
    }
    for name, found in ids.items():
        assert len(set(found)) == len(found), name
    for name, root in documents(files):
        for element in root.iter():
            for attribute in ("href", "src"):
                address = element.get(attribute)
                if address is None or re.match(r"[a-z][a-z0-9+.-]*:", address, re.I):
                    continue
                file, _, fragment = address.partition("#")
                assert (file or name) in files, address
                assert not fragment or fragment in ids[file or name], address
