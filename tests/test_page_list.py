"""The pages of a printed edition in the EPUB that is made together with it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pymupdf
import pytest
from lxml import etree

from clothbound import api
from clothbound.anthology.order import Order
from clothbound.cli import main
from clothbound.errors import OptionError
from clothbound.formats import make_options
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection, Part
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.page_list import PageStart, PrintedPages
from clothbound.writers.epub import Epub
from clothbound.writers.pdf import Pdf
from epub_samples import opened
from sample_nodes import day

LETTERS = Path(__file__).resolve().parents[1] / "examples" / "letters"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB = "{http://www.idpf.org/2007/ops}"
OPF = "{http://www.idpf.org/2007/opf}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
NUMBERED = re.compile(r"w\d{5}")


class Words:
    """Words that are found again: each is written once."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def take(self, count: int) -> str:
        return " ".join(f"w{next(self._numbers):05}" for _ in range(count))

    def paragraph(self, count: int) -> b.Paragraph:
        return b.Paragraph((i.Text(self.take(count)),))

    def rich(self) -> b.Paragraph:
        """With all that has no letters of its own on the page, or others in the book."""
        return b.Paragraph(
            (
                i.Text(f"“{self.take(30)} "),
                i.Emphasis((i.Text(self.take(20)), i.Strong((i.Text(f" {self.take(9)}"),)))),
                i.Math("x^2 + y^2"),
                i.Text(f" {self.take(60)}"),
                i.NoteRef("1"),
                i.Text(f" {self.take(20)} "),
                i.Link((i.Text(self.take(4)),), "/p/two"),
                i.Text(f" {self.take(150)}.” "),
                i.NoteRef("long"),
            )
        )

    def table(self, rows: int) -> b.Table:
        head = (tuple(b.Cell((i.Text(self.take(1)),)) for _ in range(3)),)
        cells = tuple(tuple(b.Cell((i.Text(self.take(2)),)) for _ in range(3)) for _ in range(rows))
        return b.Table(head, cells)


@cache
def sample() -> Collection:
    """Posts of several pages, which break in everything that a page may break in."""
    words = Words()
    items = tuple(b.ListItem((words.paragraph(25),)) for _ in range(20))
    one = (
        *(words.paragraph(70) for _ in range(6)),
        words.rich(),
        b.List(items, ordered=True),
        words.table(50),
        b.Quote((words.paragraph(200), words.paragraph(200))),
        b.RawBlock("html", f"<p>{words.take(150)}</p><p>{words.take(250)}</p>"),
        b.CodeBlock("\n".join(words.take(6) for _ in range(60)), "python"),
        b.Heading((i.Text(words.take(3)),), 2),
        words.paragraph(900),
    )
    notes = (
        Footnote("1", (words.paragraph(40),)),
        Footnote("long", (words.paragraph(500), words.paragraph(300))),
    )
    section = b.Heading((i.Text(words.take(3)),), 2, id="section")
    two = (*(words.paragraph(n) for n in range(20, 120, 3)), section, words.paragraph(500))
    posts = [
        Post(
            Metadata(key=key, slug=key, title=f"Post {key}", published=day("2023-03-01")),
            body,
            at_end,
        )
        for key, body, at_end in (("one", one, notes), ("two", two, ()))
    ]
    made = as_collection(posts)
    return api.book(made, title="Pages", order=Order(chapters=[Part("A part", ("one",)), "two"]))


def printed(collection: Collection, options: Pdf) -> tuple[bytes, PrintedPages]:
    artifact = api.write(collection, options)
    data = artifact.to_bytes()
    assert artifact.pages is not None
    return data, artifact.pages


@cache
def both() -> tuple[bytes, dict[str, bytes]]:
    data, pages = printed(sample(), Pdf(engine="weasyprint", page="5x8"))
    return data, opened(api.write(sample(), Epub(pages=pages)).to_bytes())


def marks(files: dict[str, bytes]) -> Iterator[tuple[str, str, etree._Element]]:
    """Page, file and element of each mark, in the order of reading."""
    package = etree.fromstring(files["content.opf"])
    hrefs = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    for item in package.iter(f"{OPF}itemref"):
        name = hrefs[item.get("idref")]
        for element in etree.fromstring(files[f"{name}"]).iter(f"{XHTML}span"):
            if element.get(f"{EPUB}type") == "pagebreak":
                yield element.get("aria-label") or "", name or "", element


def following(mark: etree._Element) -> str:
    """The first numbered word behind a mark."""
    text = "".join(mark.xpath("following::text()"))
    found = NUMBERED.search(text)
    return found[0] if found else ""


def first_words(data: bytes) -> dict[str, str]:
    """The first numbered word of the text of each page, notes at the foot and heads left out."""
    found = {}
    with pymupdf.open(stream=data) as document:
        for number, page in enumerate(document, 1):
            lines = [
                (line["bbox"][1], span["text"])
                for block in page.get_text("dict")["blocks"]
                for line in block.get("lines", ())
                for span in line["spans"]
            ]
            words = NUMBERED.findall(
                " ".join(text for _, text in sorted(lines, key=lambda x: x[0]))
            )
            if words:
                found[str(number)] = words[0]
    return found


def test_each_page_begins_with_the_same_word_in_print_and_in_the_book() -> None:
    data, files = both()
    expected = first_words(data)
    # The head of the table stands again on each page that it goes on to.
    again = {word for word in expected.values() if list(expected.values()).count(word) > 1}
    found = {label: following(mark) for label, _, mark in marks(files)}
    compared = [label for label, word in expected.items() if word not in again]
    assert len(compared) > 20
    assert {label: found[label] for label in compared} == {n: expected[n] for n in compared}


def test_a_page_that_begins_with_the_head_of_a_table_again_begins_with_its_row() -> None:
    data, files = both()
    expected = list(first_words(data).items())
    words = [word for _, word in expected]
    again = [label for label, word in expected if words.count(word) > 1]
    names = {label: mark.getparent().tag for label, _, mark in marks(files)}
    assert again
    assert {names[label] for label in again} == {f"{XHTML}td"}


def test_a_page_by_typst_begins_within_two_lines_of_where_it_begins_in_print() -> None:
    data, pages = printed(sample(), Pdf(engine="typst", page="5x8"))
    files = opened(api.write(sample(), Epub(pages=pages)).to_bytes())
    expected = first_words(data)
    found = {label: following(mark) for label, _, mark in marks(files)}
    tables = {label for label, _, mark in marks(files) if mark.getparent().tag == f"{XHTML}td"}
    compared = [label for label in expected if label not in tables]
    assert len(compared) > 20
    assert compared == [label for label in compared if label in found]
    # A line has nine of these words.
    apart = {n: int(found[n][1:]) - int(expected[n][1:]) for n in compared}
    assert {n: words for n, words in apart.items() if abs(words) > 18} == {}
    assert pages.source == f"Pages (print, 5x8, {len(pymupdf.open(stream=data))} pages)"
    places = [(start.place, start.label) for start in pages.starts if start.place != "post"]
    assert places == [
        ("half-title", "1"),
        ("title", "3"),
        ("imprint", "4"),
        ("contents", "5"),
        ("part", "7"),
    ]


def test_every_page_with_text_of_the_book_is_marked_once() -> None:
    data, files = both()
    with pymupdf.open(stream=data) as document:
        full = [str(n) for n, page in enumerate(document, 1) if page.get_text().strip()]
    found = [label for label, _, _ in marks(files)]
    # The copyright page, which this e-book does not have.
    assert [label for label in full if label not in found] == ["4"]
    assert found == sorted(found, key=int)


def test_the_list_of_pages_leads_to_the_marks() -> None:
    _, files = both()
    expected = [(label, f"{name}#page-{label}") for label, name, _ in marks(files)]
    nav = etree.fromstring(files["contents_page.xhtml"])
    lists = [n for n in nav.iter(f"{XHTML}nav") if n.get(f"{EPUB}type") == "page-list"]
    assert [(a.text, a.get("href")) for a in lists[0].iter(f"{XHTML}a")] == expected
    assert lists[0].get("role") == "doc-pagelist"
    ncx = etree.fromstring(files["toc.ncx"])
    targets = list(ncx.iter(f"{NCX}pageTarget"))
    assert [(t.get("value"), t.find(f"{NCX}content").get("src")) for t in targets] == expected


def test_the_ncx_is_played_in_the_order_of_reading() -> None:
    data, pages = printed(sample(), Pdf(engine="weasyprint", page="5x8"))
    assert data
    options = Epub(pages=pages, toc_depth=2)
    ncx = etree.fromstring(opened(api.write(sample(), options).to_bytes())["toc.ncx"])
    played = {
        item.find(f"{NCX}content").get("src"): int(item.get("playOrder") or 0)
        for item in ncx.iter(f"{NCX}navPoint", f"{NCX}pageTarget")
    }
    assert sorted(played.values()) == list(range(1, len(played) + 1))
    order = sorted(played, key=played.__getitem__)
    files = opened(api.write(sample(), options).to_bytes())
    pages_of_two = [label for label, name, _ in marks(files) if name == "two.xhtml"]
    last = f"two.xhtml#page-{pages_of_two[-1]}"
    expected = ["part_a-part.xhtml", "one.xhtml", "two.xhtml", "two.xhtml#two--section", last]
    assert [href for href in order if href in expected] == expected


def test_the_package_says_whose_pages_they_are() -> None:
    _, files = both()
    package = etree.fromstring(files["content.opf"])
    metas = [(m.get("property"), m.text) for m in package.iter(f"{OPF}meta")]
    assert ("schema:accessibilityFeature", "pageBreakMarkers") in metas
    assert ("schema:accessibilityFeature", "pageNavigation") in metas
    sources = [text or "" for name, text in metas if name == "pageBreakSource"]
    assert len(sources) == 1
    assert re.fullmatch(r"Pages \(print, 5x8, \d+ pages\)", sources[0])


def test_a_book_by_itself_has_no_pages() -> None:
    files = opened(api.write(sample(), "epub").to_bytes())
    assert list(marks(files)) == []
    assert b"page-list" not in files["contents_page.xhtml"]
    assert b"pageList" not in files["toc.ncx"]
    assert b"pageBreak" not in files["content.opf"]


def one_post(
    body: tuple[b.Block, ...], *starts: PageStart, notes: tuple[Footnote, ...] = ()
) -> str:
    post = Post(Metadata(key="k", title="T"), body, notes)
    pages = PrintedPages("Print", starts)
    files = opened(api.write(post, Epub(pages=pages)).to_bytes())
    markup = files["k.xhtml"].decode()
    etree.fromstring(markup.encode())
    return re.sub(r'<span epub:type="pagebreak"[^>]*id="page-(\d+)"[^>]*></span>', r"[\1]", markup)


def test_a_mark_stands_between_words_and_never_in_a_formula_or_the_number_of_a_note() -> None:
    text = b.Paragraph(
        (
            i.Text("abcde"),
            i.NoteRef("n"),
            i.Text(" “fghij” "),
            i.Math("k+l"),
            i.Emphasis((i.Text(" mno, pqrst"),)),
        )
    )
    for share, expected in (
        (0.34, "“fghij” <math"),
        (0.45, "[7]mno, pqrst"),
        (0.7, "mno, [7]pqrst"),
        (0.99, "mno, [7]pqrst"),
    ):
        start = PageStart(label="7", place="post", key="k", block=0, share=share)
        markup = one_post((text,), start, notes=(Footnote("n", (b.Paragraph((i.Text("x"),)),)),))
        assert expected in markup, share
        assert "<sup><a " in markup


def test_a_mark_before_a_block_parts_no_paragraphs() -> None:
    body = (
        b.Paragraph((i.Text("one"),)),
        b.Heading((i.Text("two"),), 2),
        b.Quote((b.Paragraph((i.Text("three"),)),)),
        b.List((b.ListItem((b.Paragraph((i.Text("four"),)),)),)),
        b.CodeBlock("five", ""),
    )
    starts = [PageStart(label=str(n), place="post", key="k", block=n) for n in range(5)]
    markup = one_post(body, *starts)
    for expected in ("<p>[0]one", "[1]<h2", "<p>[2]three", "<li>[3]four", "[4]<pre"):
        assert expected in markup


def test_a_page_that_begins_behind_the_last_block_or_in_a_note_is_marked_too() -> None:
    notes = (Footnote("n", (b.Paragraph((i.Text("first second"),)),)),)
    body = (b.Paragraph((i.Text("text"), i.NoteRef("n"))),)
    markup = one_post(
        body,
        PageStart(label="8", place="post", key="k", block=5),
        PageStart(label="9", place="post", key="k", block=1, note="n", share=0.6),
        PageStart(label="10", place="post", key="k", block=1, note="unknown"),
        notes=notes,
    )
    assert "</p>\n[8]<section" in markup
    assert "first [9]second" in markup
    assert "[10]" not in markup


def test_the_command_gives_the_pages_of_the_pdf_to_the_epub_of_the_same_book(
    tmp_path: Path,
) -> None:
    outputs = [str(tmp_path / name) for name in ("{year}.epub", "{year}.pdf")]
    options = [word for output in outputs for word in ("-o", output)]
    command = ["book", str(LETTERS), "--by-year", *options, "-O", "pdf.engine=weasyprint"]
    with pytest.raises(SystemExit) as left:
        main(command)
    assert left.value.code == 0
    assert list(tmp_path.glob("*.part")) == []
    for year in ("2021", "2022", "2023"):
        with pymupdf.open(tmp_path / f"{year}.pdf") as document:
            count = len(document)
        files = opened((tmp_path / f"{year}.epub").read_bytes())
        labels = [label for label, _, _ in marks(files)]
        assert labels[-1] == str(count)
        assert f"Letters {year} (print, 6x9, {count} pages)".encode() in files["content.opf"]


def test_pages_are_no_option_of_the_command() -> None:
    with pytest.raises(OptionError):
        make_options(Epub, {"pages": "12"})


def test_bytes_are_the_same_each_time() -> None:
    data, pages = printed(sample(), Pdf(engine="weasyprint", page="5x8"))
    again = printed(sample(), Pdf(engine="weasyprint", page="5x8"))
    assert (data, pages) == again
    made = [api.write(sample(), Epub(pages=pages)).to_bytes() for _ in range(2)]
    assert made[0] == made[1]
