"""Tests links in whole books: notes and page numbers in print, lists at the end."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import pypdf
import pytest

import clothbound
from clothbound import preparation
from clothbound.anthology.order import Order
from clothbound.anthology.select import Select
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.model.blocks import Paragraph
from clothbound.model.book_info import BookInfo
from clothbound.model.index import Index
from clothbound.model.inlines import Text
from clothbound.model.post import Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.writers.epub import Epub
from clothbound.writers.pdf import Pdf
from clothbound.writers.rss import Rss

POSTS = {
    "one.md": "---\ntitle: First\nslug: one\n---\nSee [the second](two.md#deep), "
    "[a paper](https://papers.example/1) and [it again](https://papers.example/1).\n",
    "two.md": "---\ntitle: Second\nslug: two\n---\n## Deep\n\nSee [nothing](#nothing).\n",
    "three.md": "---\ntitle: Third\nslug: three\n---\nSee [both](/p/one), [both](/p/two).[^1]\n\n"
    "[^1]: A note with [a site](https://site.example/x).\n",
}


@pytest.fixture
def book(tmp_path: Path) -> clothbound.Collection:
    for name, text in POSTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return clothbound.book(clothbound.read(tmp_path), title="Three")


def epub_texts(book: clothbound.Collection, options: Epub) -> dict[str, str]:
    data = clothbound.write(book, options).to_bytes()
    with ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        return {name.rsplit("/", 1)[-1]: archive.read(name).decode() for name in names}


def pdf_text(book: clothbound.Collection, options: Pdf) -> list[str]:
    """The words of each page."""
    data = clothbound.write(book, options).to_bytes()
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_mentions_and_list_of_links_of_an_epub(book: clothbound.Collection) -> None:
    texts = epub_texts(book, Epub(mentions=True, list_of_links=True))
    assert 'Mentioned in <a href="one.xhtml">First</a>' in texts["two.xhtml"]
    assert '<a href="three.xhtml">Third</a>' in texts["two.xhtml"]
    assert "Mentioned in" not in texts["three.xhtml"]
    listed = texts["list-of-links.xhtml"]
    assert listed.count('href="https://papers.example/1"') == 1
    assert 'href="https://site.example/x"' in listed
    assert "two.xhtml" not in listed
    assert 'role="doc-appendix"' in listed
    assert "list-of-links.xhtml" in texts["contents_page.xhtml"]


def test_both_together_parse_each_post_once(
    book: clothbound.Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    look_at = preparation._Loading.look_at

    def look(loading: preparation._Loading, position: int, context: Context) -> Post:
        looks.append(position)
        return look_at(loading, position, context)

    monkeypatch.setattr(preparation._Loading, "look_at", look)
    clothbound.write(book, Epub(mentions=True, list_of_links=True)).to_bytes()
    named = book.index.position("two")  # for the id that a link into it names
    assert Counter(looks) == {place: 1 + (place == named) for place in range(len(POSTS))}


def test_without_options_there_is_neither(book: clothbound.Collection) -> None:
    texts = epub_texts(book, Epub())
    assert not any("Mentioned in" in text for text in texts.values())
    assert "list-of-links.xhtml" not in texts


@pytest.mark.parametrize("links", ["footnotes", "endnotes", "none"])
def test_addresses_in_print(book: clothbound.Collection, links: str) -> None:
    text = "\n".join(pdf_text(book, Pdf(links=links)))  # type: ignore[arg-type]
    assert text.count("papers.example/1") == (links != "none")
    assert ("(site.example/x)" in text) == (links != "none")
    assert len(re.findall(r"\[1\]", text)) == (2 if links == "endnotes" else 0)


def test_a_link_to_another_post_has_its_page(book: clothbound.Collection) -> None:
    options = Pdf(mentions=True, list_of_links=True)
    texts = pdf_text(book, options)
    first, second, third, listed = (
        next(n for n, text in enumerate(texts, 1) if n > 5 and title in text.split("See")[0])
        for title in ("First", "Second", "Third", "Links")
    )
    text = unicodedata.normalize("NFKC", " ".join(texts))
    assert f"See the second (p. {second}), a paper" in text
    assert f"See both (p. {first}), both (p. {second})" in text
    assert f"Mentioned in First (p. {first}); Third (p. {third})" in text
    assert f"First (p. {first})" in texts[listed - 1].replace("\u00a0", " ")
    without = pdf_text(book, Pdf(page_references=False))
    assert "(p." not in " ".join(without)


def test_notes_of_headings_are_in_no_contents(tmp_path: Path) -> None:
    text = "## On [paper](https://papers.example/1)\n\nText.\n\n## More\n"
    (tmp_path / "a.md").write_text(f"---\ntitle: A\n---\n{text}", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\ntitle: B\n---\nText.\n", encoding="utf-8")
    book = clothbound.book(clothbound.read(tmp_path), title="Two")
    for links in ("footnotes", "endnotes"):
        options = Pdf(links=links, theme="manual")  # type: ignore[arg-type]
        data = clothbound.write(book, options).to_bytes()
        reader = pypdf.PdfReader(io.BytesIO(data))
        pages = [" ".join(page.extract_text().split()) for page in reader.pages]
        (contents,) = (page for page in pages if page.startswith("Contents"))
        assert re.search(r"On paper[ .]+[0-9]+ 1\.2 More", contents)
        assert "Links" not in contents
        assert "papers.example" not in str(reader.outline)


def test_a_report_counts_posts_only(book: clothbound.Collection) -> None:
    artifact = clothbound.write(book, Epub(list_of_links=True))
    artifact.to_bytes()
    assert len(artifact.report.accounts) == 3
    assert sum(len(a.links_inside) for a in artifact.report.accounts.values()) == 3


def test_an_address_of_a_posts_own_goes_before_the_alias_of_another() -> None:
    old = Post(Metadata(key="1", slug="old", title="Old", extra={"aliases": ["three"]}))
    new = Post(Metadata(key="2", slug="three", title="Three", extra={"aliases": ["old"]}))
    index = Index.of((old, new))
    assert index.resolve("/p/three", "") == ("2", "")
    assert index.resolve("/p/old", "") == ("1", "")


def test_two_posts_of_one_slug_are_named() -> None:
    posts = [
        Post(Metadata(key=key, slug="copy", title=key, source=f"{key}.md"), (paragraph,))
        for key, paragraph in (("1", Paragraph((Text("a"),))), ("2", Paragraph((Text("b"),))))
    ]
    book = clothbound.book(as_collection(posts), title="T", authors=["A"])
    told = [d for d in book.diagnostics if d.code is DiagnosticCode.LINK_UNRESOLVED]
    assert [d.source for d in told] == ["2.md"]
    assert "1.md" in told[0].message


def test_a_host_that_may_be_another_publications_is_named(tmp_path: Path) -> None:
    text = "See [theirs](https://other.example/p/coming-soon), [again]"
    text += "(https://other.example/p/coming-soon), [more](https://other.example/p/c), [c](/p/c)."
    (tmp_path / "a.md").write_text(f"---\nslug: a\n---\n{text}\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\nslug: coming-soon\n---\nSoon.\n", encoding="utf-8")
    posts = clothbound.read(tmp_path)
    book = clothbound.book(posts, info=BookInfo(title="T", authors=("A",), language="en"))
    (told,) = book.diagnostics
    assert told.message == (
        "not taken for the publication's own host: other.example, though a post here is called 'coming-soon' as one "
        "there is (inferred)"
    )
    artifact = clothbound.write(book, "html-fragment")
    with ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        page = "".join(archive.read(name).decode() for name in archive.namelist())
    assert page.count('href="https://other.example/p/coming-soon"') == 2
    (account, _) = artifact.report.accounts.values()
    assert (account.links_inside, [link.href for link in account.links_left_out]) == ([], ["/p/c"])
    said = clothbound.book(posts, Select(sites=["other.example"]), title="T")
    assert not any("not taken" in d.message for d in said.diagnostics)


def test_a_link_to_what_readers_cannot_see_says_so(tmp_path: Path) -> None:
    texts = {
        "a.md": "---\nslug: a\n---\n[x](d.md), [y](/p/d),\n[z](h.md), [n](no.md).\n",
        "d.md": "---\nslug: d\ndraft: true\n---\nA draft.\n",
        "h.md": "---\nslug: h\nvisibility: private\n---\nHidden.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    book = clothbound.book(clothbound.read(tmp_path), title="T", order=Order(chapters=["a"]))
    artifact = clothbound.write(book, "html-fragment")
    artifact.to_bytes()
    told = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.LINK_UNRESOLVED]
    assert [(d.message, d.line) for d in told] == [
        ("a link to a post that is not public was removed; its text is kept", 4),
        ("a link to a post that is not public was removed; its text is kept", 4),
        ("a link to a post that is not public was removed; its text is kept", 5),
        ("link to 'no.md', which is not a post of this collection", 5),
    ]


def test_a_link_to_a_post_without_an_address_says_how_to_tell_it(tmp_path: Path) -> None:
    texts = {
        "a.md": "---\nslug: a\n---\n[x](b.md), [y](/p/b),\n[z](/p/gone), [n](no.md).\n",
        "b.md": "---\nslug: b\n---\nLeft out.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def told(*sites: str) -> list[str]:
        posts = clothbound.read(tmp_path)
        book = clothbound.book(posts, Select(sites=sites), title="T", order=Order(chapters=["a"]))
        artifact = clothbound.write(book, "html-fragment")
        artifact.to_bytes()
        found = artifact.report.diagnostics
        return [d.message for d in found if d.code is DiagnosticCode.LINK_UNRESOLVED]

    unknown = "whose address is not known"
    assert told() == [
        f"link to 'b.md', which is a post left out, {unknown}",
        f"link to '/p/b', which is a post left out, {unknown}",
        f"link to '/p/gone', which is a post that was not read, {unknown}",
        "link to 'no.md', which is not a post of this collection",
    ]
    assert told("a.example") == ["link to 'no.md', which is not a post of this collection"]


SITE_OF_A_STRANGER = {
    "posts/2023-01-06-harbour.md": "See [a](/blog/the-lamp/#wick), [b](../tide/), [c](/tide), [d](x/sail.pdf),\n"
    "[e](/links/), [f](../drafted/), [g](#gone), [h](javascript:x), [i](/posts/oar/).\n",
    "posts/2023-02-10-the-lamp.md": "## Wick\n\nx\n",
    "posts/tide/index.md": "x\n",
    "posts/drafted.md": "---\ndraft: true\n---\nx\n",
    "posts/oar.md": "---\nslug: row\n---\nx\n",
    "posts/2021-01-01-links.md": "x\n",
    "posts/2022-01-01-links.md": "x\n",
}


@pytest.fixture
def stranger(tmp_path: Path) -> clothbound.Collection:
    """Posts that link to each other as their site does, not as Substack's."""
    for name, text in SITE_OF_A_STRANGER.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        head = "" if text.startswith("---") else f"---\ntitle: {Path(name).stem}\n---\n"
        (tmp_path / name).write_text(head + text, encoding="utf-8")
    return clothbound.read(tmp_path)


def hrefs(made: clothbound.Artifact) -> dict[str, str]:
    """The links of the first post: words to address."""
    data = made.to_bytes()
    pages = [data.decode(errors="replace")]
    if data.startswith(b"PK"):
        with ZipFile(io.BytesIO(data)) as archive:
            pages = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    text = next(page for page in pages if "<p>See " in page).partition("<p>See ")[2]
    found = re.findall(r'<a href="([^"]*)"[^>]*>(\w)</a>', text.partition("</p>")[0])
    return {words: href for href, words in found}


@pytest.mark.parametrize("writer", ["html", "html-fragment", "site"])
def test_a_page_keeps_relative_links_that_lead_nowhere(
    stranger: clothbound.Collection, writer: str
) -> None:
    artifact = clothbound.write(stranger, writer)
    assert hrefs(artifact) == {
        "a": "2023-02-10-the-lamp.html#wick",
        "b": "tide.html",
        "c": "tide.html",
        "d": "x/sail.pdf",
        "e": "/links/",
        "g": "#gone",
        "i": "row.html",
        **({} if writer == "site" else {"f": "drafted.html"}),
    }
    told = [
        d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.LINK_UNRESOLVED
    ]
    hidden = "a link to a post that is not public was removed; its text is kept"
    assert told == [
        *([hidden] if writer == "site" else []),
        "link to 'x/sail.pdf', which is not a post of this collection",
        "link to '/links/', which may mean any of 2 posts of that name: posts/2021-01-01-links.md, "
        "posts/2022-01-01-links.md",
        "link to '#gone', which is not in the post",
    ]


def test_a_book_has_no_link_that_leads_nowhere(stranger: clothbound.Collection) -> None:
    book = clothbound.book(stranger, title="T")
    found = hrefs(clothbound.write(book, "epub"))
    assert set(found) == {"a", "b", "c", "i"}


def test_a_feed_keeps_relative_links_that_lead_nowhere(stranger: clothbound.Collection) -> None:
    unknown = hrefs(clothbound.write(stranger, "rss"))
    assert unknown.pop("g").endswith("--gone")
    assert unknown == {
        "a": "/blog/the-lamp/#wick",
        "b": "../tide/",
        "c": "/tide",
        "d": "x/sail.pdf",
        "e": "/links/",
        "i": "/posts/oar/",
    }
    site = Rss(site="https://s.example", path="{slug}")
    found = hrefs(clothbound.write(stranger, site))
    assert found.pop("g").endswith("gone")
    assert found == {
        "a": "https://s.example/2023-02-10-the-lamp#wick",
        "b": "https://s.example/tide",
        "c": "https://s.example/tide",
        "d": "https://s.example/x/sail.pdf",
        "e": "https://s.example/links/",
        "i": "https://s.example/row",
    }


def test_a_choice_of_posts_changes_no_link(stranger: clothbound.Collection) -> None:
    """Of two posts of one name one alone is in the book: no reason to take it for the other."""
    keys = [m.key for m in stranger.index if "2021" not in m.source and not m.is_draft]
    book = clothbound.book(stranger, title="T", order=Order(chapters=keys))
    artifact = clothbound.write(book, "html")
    assert hrefs(artifact)["e"] == "/links/"
