"""Tests the pages around the chapters of an EPUB, and its package metadata."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace

from book_info import with_info
from clothbound.api import write
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Role
from clothbound.model.post import Metadata, Post, Timestamp
from clothbound.model.posts_at_hand import as_collection
from epub_samples import ROLES, matter, opened, text
from sample_nodes import day

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def book() -> dict[str, bytes]:
    return opened(write(matter(ROLES), "epub").to_bytes())


def spine(book: dict[str, bytes]) -> list[str]:
    package = etree.fromstring(book["content.opf"])
    names = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    found = [names[ref.get("idref")] for ref in package.iter(f"{OPF}itemref")]
    return [name.removesuffix(".xhtml").removesuffix("_page") for name in found]


def test_the_book_is_in_order(book: dict[str, bytes]) -> None:
    assert spine(book) == (
        "cover title imprint ded epi contents fore pre intro part_first one part_second two alone "
        "after ack about colo"
    ).split(" ")


def test_the_contents_have_all_but_dedication_and_motto(book: dict[str, bytes]) -> None:
    nav = etree.fromstring(book["contents_page.xhtml"])
    toc, landmarks = nav.iter(f"{XHTML}nav")
    lines = [
        (a.get("href"), len(list(a.iterancestors(f"{XHTML}ol")))) for a in toc.iter(f"{XHTML}a")
    ]
    assert lines == [
        ("fore.xhtml", 1),
        ("pre.xhtml", 1),
        ("intro.xhtml", 1),
        ("part_first.xhtml", 1),
        ("one.xhtml", 2),
        ("part_second.xhtml", 1),
        ("two.xhtml", 2),
        ("alone.xhtml", 1),
        ("after.xhtml", 1),
        ("ack.xhtml", 1),
        ("about.xhtml", 1),
        ("colo.xhtml", 1),
    ]
    start = [
        a.get("href") for a in landmarks.iter(f"{XHTML}a") if a.get(f"{EPUB}type") == "bodymatter"
    ]
    assert start == ["part_first.xhtml"]


@pytest.mark.parametrize(("key", "role"), ROLES.items())
def test_a_text_says_what_it_is(book: dict[str, bytes], key: str, role: str) -> None:
    root = etree.fromstring(book[f"{key}.xhtml"])
    section = root.find(f"{XHTML}body/{XHTML}section")
    named = None if role == "about-the-author" else role
    assert section.get(f"{EPUB}type") == named
    assert section.get("role") == (f"doc-{named}" if named else None)
    matter = "frontmatter" if key in ("ded", "epi", "fore", "pre", "intro") else "backmatter"
    assert root.find(f"{XHTML}body").get(f"{EPUB}type") == matter
    heading = root.find(f".//{XHTML}h1")
    assert (heading is None) == (role in ("dedication", "epigraph"))
    assert b'class="date"' not in book[f"{key}.xhtml"]


def test_a_book_without_a_colophon_of_its_own_has_ours() -> None:
    roles: dict[str, Role] = {"fore": "foreword"}
    book = opened(write(matter(roles), "epub").to_bytes())
    assert spine(book)[-1] == "colophon"
    assert b"Made from 3 posts" in book["colophon_page.xhtml"], "a foreword is no post"


def test_a_book_of_front_matter_alone_is_whole() -> None:
    posts = as_collection(Post(Metadata(key="ded", title="D"), text("for you")))
    roles: dict[str, Role] = {"ded": "dedication"}
    book = opened(
        write(replace(posts, info=replace(posts.info, title="T"), roles=roles), "epub").to_bytes()
    )
    assert spine(book) == ["cover", "title", "ded", "contents", "colophon"]


# the package document


def metas(book: dict[str, bytes]) -> list[Any]:
    return list(etree.fromstring(book["content.opf"]).iter(f"{OPF}meta"))


def refinements(book: dict[str, bytes], target: str) -> dict[str, str]:
    return {m.get("property"): m.text for m in metas(book) if m.get("refines") == f"#{target}"}


def test_editors_isbn_subjects_and_publisher_are_named(book: dict[str, bytes]) -> None:
    package = etree.fromstring(book["content.opf"])
    assert [e.text for e in package.iter(f"{DC}contributor")] == ["Tobias Lind", "Ruth Bergset"]
    assert refinements(book, "editor-2")["role"] == "edt"
    assert refinements(book, "author-1")["role"] == "aut"
    assert [e.text for e in package.iter(f"{DC}subject")] == ["Essays", "Bookbinding"]
    assert package.findtext(f".//{DC}publisher") == "Net Loft"
    assert package.findtext(f".//{DC}description") == "What it is about."
    identifiers = {e.get("id"): e.text for e in package.iter(f"{DC}identifier")}
    assert identifiers["isbn"] == "urn:isbn:9783161484100"
    assert identifiers[package.get("unique-identifier")].startswith("urn:uuid:")
    assert package.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_a_series_is_named_as_kobo_and_as_calibre_read_it(book: dict[str, bytes]) -> None:
    (series,) = [m for m in metas(book) if m.get("property") == "belongs-to-collection"]
    assert series.text == "The Year's Letters"
    assert refinements(book, series.get("id")) == {
        "collection-type": "series",
        "group-position": "3",
    }
    named = {m.get("name"): m.get("content") for m in metas(book) if m.get("name")}
    assert named["calibre:series"] == "The Year's Letters"
    assert named["calibre:series_index"] == "3"


def test_the_title_pages_tell_it_to_readers(book: dict[str, bytes]) -> None:
    title = " ".join(etree.fromstring(book["title_page.xhtml"]).itertext())
    for words in ("A Book", "Of Letters", "Ada Quill", "Edited by Tobias Lind, Ruth Bergset"):
        assert words in title
    imprint = " ".join(etree.fromstring(book["imprint_page.xhtml"]).itertext())
    for words in ("Net Loft", "The Year's Letters, 3", "ISBN 978-3-16-148410-0"):
        assert words in imprint
    assert "urn:" not in imprint


def test_a_chapter_has_the_metadata_of_its_post_in_its_head() -> None:
    post = Post(
        Metadata(
            key="k",
            title='The "T"',
            subtitle="S & s",
            published=day("2023-05-01"),
            updated=Timestamp("May 2", datetime(2023, 5, 2, 10, 30, tzinfo=UTC), "minute"),
            authors=("Guest", "Host"),
            tags=("sea, wind", "net"),
            language="en-GB",
            audience="only_paid",
            slug="the-t",
            cover="pictures/of-mine.png",
        ),
        text("x"),
    )
    collection = with_info(as_collection(post), title="B", authors=("Ada",))
    root = etree.fromstring(opened(write(collection, "epub").to_bytes())["k.xhtml"])
    head = [(m.get("name"), m.get("content")) for m in root.iter(f"{XHTML}meta") if m.get("name")]
    assert head == [
        ("dcterms.title", 'The "T"'),
        ("dcterms.creator", "Guest"),
        ("dcterms.creator", "Host"),
        ("dcterms.issued", "2023-05-01"),
        ("dcterms.modified", "2023-05-02T10:30+00:00"),
        ("dcterms.subject", "sea, wind"),
        ("dcterms.subject", "net"),
        ("dcterms.language", "en-GB"),
        ("clothbound.slug", "the-t"),
        ("dcterms.accessRights", "only_paid"),
    ]
    assert root.find(f".//{XHTML}time").get("datetime") == "2023-05-01"


# other scripts


def test_a_run_of_another_script_has_its_language_and_direction() -> None:
    post = Post(
        Metadata(key="k", title="The word שלום", language="en"),
        (b.Paragraph((i.Text("from 金沢から and سلام"),)),),
    )
    files = opened(write(post, "epub").to_bytes())
    root = etree.fromstring(files["k.xhtml"])
    runs = [(s.text, s.get("lang"), s.get("dir")) for s in root.iter(f"{XHTML}span")]
    assert runs == [
        ("שלום", "he", "rtl"),
        ("金沢から", "ja", "ltr"),
        ("سلام", "ar", "rtl"),
    ]
    assert 'lang="he"' in files["contents_page.xhtml"].decode()
