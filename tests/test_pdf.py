"""The printed book, read back with pypdf and poppler."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import textwrap
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pymupdf
import pytest
from PIL import Image
from pypdf import PdfReader

from clothbound import api
from clothbound.diagnostics import Code, LossReport
from clothbound.errors import OptionError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection, Part
from clothbound.model.index import Index
from clothbound.model.post import Asset, Footnote, Metadata, Post, Timestamp
from clothbound.model.walk import plain_text
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.page import PAGES

WORDS = (
    "The pilot boat wants a logbook that can be dropped overboard and read again afterwards. "
    "Nobody had asked for one before the storm, though everybody needed it during the night. "
)
POPPLER = shutil.which("pdftotext")
needs_poppler = pytest.mark.skipif(POPPLER is None, reason="poppler's pdftotext is not installed")


def p(*children: i.Inline | str) -> b.Paragraph:
    return b.Paragraph(tuple(i.Text(c) if isinstance(c, str) else c for c in children))


def post(key: str, title: str, *body: b.Block, notes: dict[str, str] | None = None) -> Post:
    number = sum(map(ord, key))
    stamp = Timestamp("", datetime(2023, 1 + number % 12, 1 + number % 28, tzinfo=UTC), "day")
    metadata = Metadata(
        key=key, title=title, published=Timestamp(f"{stamp.value:%Y-%m-%d}", stamp.value, "day"),
        language="en", source=f"{key}.md",
    )  # fmt: skip
    footnotes = tuple(Footnote(k, (p(v),)) for k, v in (notes or {}).items())
    return Post(metadata, tuple(body), footnotes)


def book(*posts: Post, parts: tuple[Part, ...] = ()) -> Collection:
    return Collection(
        posts=posts,
        index=Index.of(posts),
        info=BookInfo(
            title="Letters 2023",
            authors=("A. Writer",),
            language="en",
            rights="© 2023 A. Writer",
            identifier="urn:uuid:1",
        ),
        parts=parts,
    )


def make(collection: Collection, options: Pdf | None = None) -> tuple[bytes, LossReport]:
    artifact = api.write(collection, options or "pdf")
    return artifact.to_bytes(), artifact.report


def pages(data: bytes) -> list[str]:
    """The text of each page, top to bottom, hyphenated words joined."""
    found = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    return [re.sub(r"[-\u2010\u00ad]\n(?! *\n)\s*", "", page) for page in found.split("\f")[:-1]]


def outline(reader: PdfReader) -> Iterator[tuple[int, str, int]]:
    def walk_entries(entries: list[object], level: int) -> Iterator[tuple[int, str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk_entries(entry, level + 1)
            else:
                number = reader.get_destination_page_number(entry)
                yield level, entry.title, number + 1

    yield from walk_entries(reader.outline, 1)


LONG_TITLE = "On the many things that one may say about a harbour, a loft and a cat in one breath"


@cache
def sample() -> tuple[bytes, LossReport]:
    first = post(
        "one",
        "A beginning",
        p(WORDS * 2),
        b.Heading((i.Text("A heading"),), 2, id="a-heading"),
        p("Here is a mark", i.NoteRef("s"), " and a second", i.NoteRef("s"), " to the same."),
        *[p(WORDS * 6) for _ in range(4)],
        b.ThematicBreak(),
        notes={"s": "Shortnote stands at the foot."},
    )
    second = post(
        "two",
        LONG_TITLE,
        p("A short one", i.NoteRef("t"), " and a long one", i.NoteRef("l"), "."),
        *[p(WORDS * 6) for _ in range(4)],
        p(i.Link((i.Text("the first letter"),), "one.md#a-heading"), " and ",
          i.Link((i.Text("elsewhere"),), "https://elsewhere.example/")),
        notes={"t": "Secondnote.", "l": "Longnote. " + WORDS * 14},
    )  # fmt: skip
    parts = (Part("January", ("one",)), Part("February", ("two",)))
    return make(book(first, second, parts=parts))


@needs_poppler
def test_notes_stand_at_the_foot_or_at_the_end() -> None:
    texts = pages(sample()[0])
    with_mark = next(t for t in texts if "Here is a mark" in t)
    lines = with_mark.split("\n")
    # The paragraph runs on after its number.
    position = next(
        n for n, line in enumerate(lines) if re.match(r"\s*1\.\sShortnote stands", line)
    )
    assert all("pilot boat" not in line for line in lines[position:])
    assert sum(t.count("Shortnote") for t in texts) == 1
    # A chapter's notes stand in one place: with a long one all are at its end.
    endnotes = next(t for t in texts if "Secondnote" in t)
    assert re.search(r"Notes\s+1\.\sSecondnote\.\s+2\.\sLongnote", endnotes)


@needs_poppler
def test_contents_tell_the_true_pages() -> None:
    texts = pages(sample()[0])
    contents = next(t for t in texts if t.lstrip().startswith("Contents"))
    for title in ("A beginning", "cat in one breath"):
        number = int(re.search(rf"{title}[\s.]*?(\d+)\n", contents)[1])
        assert title.split()[-1] in texts[number - 1]
        assert re.search(r"^\s*[A-Z][a-z]+ \d+, 2023", texts[number - 1])
        # Its number stands at the foot of the page that a chapter opens on.
        assert texts[number - 1].strip().endswith(str(number))


@needs_poppler
def test_running_heads_are_one_line() -> None:
    texts = pages(sample()[0])
    heads = [t.lstrip("\n").split("\n")[0].strip() for t in texts]
    right = next(h for h in heads if h.startswith("On the many things"))
    assert re.fullmatch(r"On the many things .*\w…\s+\d+", right)
    words = right.rsplit("…", 1)[0]
    assert LONG_TITLE.startswith(words)
    assert LONG_TITLE[len(words)] in " ,"
    assert any(re.fullmatch(r"\d+\s+LETTERS 2023|\d+\s+Letters 2023", h) for h in heads)


def test_outline_has_parts_and_chapters() -> None:
    entries = list(outline(PdfReader(io.BytesIO(sample()[0]))))
    assert [(level, title) for level, title, _ in entries] == [
        (1, "January"), (2, "A beginning"), (1, "February"), (2, LONG_TITLE),
    ]  # fmt: skip


def test_metadata_and_tags() -> None:
    reader = PdfReader(io.BytesIO(sample()[0]))
    info = reader.metadata
    assert (info.title, info.author, info.creator) == ("Letters 2023", "A. Writer", "clothbound")
    assert info.modification_date.year == 2023
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()
    box = reader.pages[0].mediabox
    assert (float(box.width), float(box.height)) == (432, 648)


@needs_poppler
def test_every_font_is_embedded() -> None:
    listing = subprocess.run(
        ["pdffonts", "-"], input=sample()[0], capture_output=True, check=True
    ).stdout.decode()
    fonts = [line.split() for line in listing.split("\n")[2:] if line]
    assert any("Clothbound-Serif" in font[0] for font in fonts)
    assert all(font[-5] == "yes" for font in fonts)


@needs_poppler
def test_links_lead_where_they_should() -> None:
    reader = PdfReader(io.BytesIO(sample()[0]))
    uris, internal = [], []
    for page in reader.pages:
        for annotation in page.get("/Annots", ()):
            found = annotation.get_object()
            if "/A" in found:
                uris.append(found["/A"].get("/URI"))
            elif "/Dest" in found:
                internal.append(found["/Dest"])
    assert "https://elsewhere.example/" in uris
    assert "one--a-heading" in internal
    assert internal.count("two--note--2") == 1
    assert set(internal) <= set(reader.named_destinations)


@needs_poppler
@pytest.mark.parametrize("page", ["A5", "A4", "letter"])
def test_other_sizes_and_page_references(page: str) -> None:
    link = p(i.Link((i.Text("see there"),), "two.md"), " for more.")
    data, _ = make(
        book(post("one", "One", link), post("two", "Two", p(WORDS))),
        Pdf(page=page, page_references=True),  # type: ignore[arg-type]
    )
    texts = pages(data)
    number = next(n for n, t in enumerate(texts, 1) if re.search(r"^\s*Two\s*$", t, re.M))
    assert f"see there (p. {number}) for more" in unicodedata.normalize("NFKC", "".join(texts))


def test_one_post_has_no_front_matter() -> None:
    data, _ = make(book(post("one", "Alone", p("Just this."))))
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    assert "Alone" in reader.pages[0].extract_text()


def everything() -> Post:
    nested = b.List((b.ListItem((p("item"), b.List((b.ListItem((p("inner"),)),)))),), ordered=True)
    body: tuple[b.Block, ...] = (
        p(WORDS),
        b.Quote((p("quoted words"),)),
        b.PullQuote((p("pulled words"),)),
        nested,
        b.CodeBlock("x = " + " + ".join(f"name{n}" for n in range(40)), "python"),
        b.CodeBlock("y" * 300),
        b.Table(
            head=(tuple(b.Cell((i.Text(f"h{n}"),)) for n in range(9)),),
            rows=tuple(
                tuple(b.Cell((i.Text(f"r{r}c{n}"),)) for n in range(9)) for r in range(60)
            ),
        ),
        b.Verse((i.Text("first line"), i.LineBreak(), i.Text("   second line"))),
        b.MathBlock(r"\frac{a}{b}"),
        b.MathBlock(r"\nosuchcommand"),
        p("inline ", i.Math("x^2"), " and ", i.Code("code"), " ", i.Strong((i.Text("bold"),))),
        b.Figure(i.Image("gone.png", "a gone picture"), (i.Text("its caption"),)),
        b.Figure(i.Image("https://x.example/far.png", "a far picture")),
        b.Embed("tweet", "https://twitter.com/a/status/1", "Twitter", "", "tweeted words", "Someone"),
        b.Callout((p("called out"),), (i.Text("mind"),), "note"),
        b.DefinitionList((b.DefinitionItem((i.Text("term"),), ((p("meaning"),),)),)),
        b.RawBlock("html", "<p>raw <b>words</b><script>evil()</script><p>unclosed"),
        p("nested mark", i.NoteRef("outer"), " after"),
    )  # fmt: skip
    notes = (
        Footnote("outer", (p("outer note", i.NoteRef("inner"), " goes on"), p("its second part"))),
        Footnote("inner", (p("inner note"),)),
        Footnote("unused", (p("unused note"),)),
    )
    return Post(Metadata(key="all", title="Everything", language="en"), body, notes)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))


@needs_poppler
def test_no_word_is_lost() -> None:
    source = everything()
    data, report = make(book(source, post("two", "Two", p("end"))))
    told = words(plain_text(source))
    # The script and the tags of the raw block; formulas that are drawn.
    told -= words("p b words b script evil script p" + r"\frac{a}{b} x^2")
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    text = re.sub(r"\b(mark|note)[12]\b", r"\1", text)  # superior figures
    joined = re.sub(r"[-\u2010]\n", "", text)
    printed = words(text) | words(joined) | words(re.sub(r"\n» ", "", text))
    assert not {word for word in told - printed if len(word) < 200}
    assert "y" * 300 in re.sub(r"\n» ?", "", text)
    for phrase in ("a gone picture", "a far picture", "twitter.com/a/status/1", r"\nosuchcommand"):
        assert phrase in " ".join(text.split())
    assert "evil" not in text
    codes = {d.code for d in report.diagnostics}
    assert {Code.IMAGE_MISSING, Code.IMAGE_REMOTE} <= codes
    assert Code.ENGINE not in codes


@needs_poppler
def test_nested_notes_follow_their_outer_note() -> None:
    text = " ".join(" ".join(pages(make(book(everything()))[0])).split())
    order = [text.index(t) for t in ("1. outer note", "2. inner note")]
    assert order == sorted(order)
    assert text.count("inner note") == 1
    assert "3. unused note" in text


@needs_poppler
def test_many_notes_in_one_place_lose_no_line() -> None:
    """The engine puts notes off to later pages, and prints over the page's edge if they are many."""
    count = 30
    marks = [n for k in range(count) for n in (f" word{k}", i.NoteRef(str(k)))]
    notes = {str(k): f"start{k} {WORDS * 3} stop{k}" for k in range(count)}
    data, _ = make(
        book(post("one", "One", p(*marks), *[p(WORDS * 4) for _ in range(5)], notes=notes))
    )
    text = " ".join(pages(data))
    assert [
        len(re.findall(rf"\b{w}{k}\b", text)) for k in range(count) for w in ("start", "stop")
    ] == [1] * (2 * count)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    edges = [(float(a), float(z)) for a, z in re.findall(r'yMin="(.*?)".*?yMax="(.*?)"', boxes)]
    assert all(0 <= top < foot <= 648 for top, foot in edges)


@pytest.mark.parametrize(
    ("theme", "page"),
    [
        ("essay", "A5"),
        ("essay", "A4"),
        ("novel", "5.25x8"),
        ("novel", "7x10"),
        ("manual", "5x8"),
        ("manual", "A5"),
    ],
)
def test_a_note_of_the_line_that_was_made_room_for_is_set(theme: Any, page: Any) -> None:
    """The engine puts other notes off for that line, and forgets its own."""
    more = "More words follow here and there, as they do in any letter. " * 6
    start = "of a text that goes on for a while, so that the page is filled by lines"
    body = [p(f"Paragraph {n} {start}", i.NoteRef(str(n)), f". {more}") for n in range(12)]
    notes = {str(n): f"Thenote{n}." for n in range(12)}
    data, report = make(book(post("one", "L", *body, notes=notes)), Pdf(theme=theme, page=page))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert [n for n in range(12) if f"Thenote{n}." not in text] == []
    assert not [d for d in report.diagnostics if d.code is Code.ENGINE]


def test_notes_that_stand_nowhere_are_set_at_the_chapters_end(tmp_path: Path) -> None:
    """As a style sheet makes the engine lose them here, so it does of its own now and then."""
    (tmp_path / "my.css").write_text(".note { display: none }", "utf-8")
    outer = Footnote("o", (p("Outer", i.NoteRef("n"), " note."),))
    body = p("See o", i.NoteRef("o"), " and l", i.NoteRef("l"), " here.")
    notes = (outer, Footnote("n", (p("Nested note."),)), Footnote("l", (p("Last note."),)))
    collection = book(Post(Metadata(key="k", title="T", language="en"), (body,), notes))
    reader = PdfReader(io.BytesIO(make(collection, Pdf(css=tmp_path / "my.css"))[0]))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "See o1 and l2 here. Notes 1. Outer3 note. 3. Nested note. 2. Last note." in text


def test_short_notes_are_not_put_off_to_pages_of_their_own() -> None:
    body = p("See a", i.NoteRef("a"), " and b", i.NoteRef("b"), ".")
    collection = book(post("one", "L", body, notes={"a": "Note a.", "b": "Note b."}))
    reader = PdfReader(io.BytesIO(make(collection, Pdf(page="5x8"))[0]))
    (page,) = [text for page in reader.pages if "See a" in (text := page.extract_text())]
    assert "Note a." in page and "Note b." in page


@needs_poppler
def test_a_chain_of_notes_is_printed_once() -> None:
    chain = tuple(
        Footnote(str(k), (p(f"link{k}", *([i.NoteRef(str(k + 1))] if k < 79 else [])),))
        for k in range(80)
    )
    for body in (p("marked", i.NoteRef("0")), p("unmarked")):
        source = Post(Metadata(key="chain", title="Chain"), (body,), chain)
        text = " ".join(pages(make(book(source))[0]))
        found = Counter(int(n) for n in re.findall(r"\d+\.\slink(\d{1,2})", text))
        assert found.total() == 80


@needs_poppler
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_list_begins_with_its_number(engine: Literal["weasyprint", "typst"]) -> None:
    items = tuple(b.ListItem((p(f"item {n}"),)) for n in range(2))
    one = post("one", "T", b.List(items, ordered=True, start=7), b.List(items, ordered=True))
    data, _ = make(book(one), Pdf(engine=engine))
    numbers = re.findall(r"(\d+)\.\s+item", pages(data)[0])
    assert numbers == ["7", "8", "1", "2"]


@needs_poppler
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_link_without_words_is_none(
    engine: Literal["weasyprint", "typst"], tmp_path: Path
) -> None:
    """A hard break in a link of its own, as an editor's cards have it, was a tag without a name."""
    first = i.Link((i.Strong((i.Text("A talk on boats"),)),), "https://talks.example/boats")
    rest = i.Link((i.Emphasis((i.Text("by one who sails"),)),), "https://talks.example/boats")
    alone = i.Link((i.LineBreak(),), "https://alone.example/")
    broken = i.Link((i.LineBreak(),), "https://talks.example/boats")
    letter = post(
        "one", "A beginning", p(WORDS), p(first, broken, rest), p("Here: ", alone, "End.")
    )
    data, report = make(book(letter), Pdf(engine=engine))
    path = tmp_path / "book.pdf"
    path.write_bytes(data)
    told = tmp_path / "report.json"
    tool = Path(sys.executable).parent / "outloud"
    subprocess.run([tool, path, "--json", told], capture_output=True, check=False)
    assert '"severity": "error"' not in told.read_text()
    assert "alone.example" in "".join(pages(data))
    codes = [d.code for d in report.diagnostics]
    assert codes == [Code.NODE_CHROME, Code.NODE_SIMPLIFIED]


@needs_poppler
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_caption_that_repeats_a_missing_picture_is_not_printed(
    engine: Literal["weasyprint", "typst"],
) -> None:
    same = b.Figure(i.Image("a.png", "Blossom over rails"), (i.Text("Blossom over rails."),))
    other = b.Figure(i.Image("b.png", "A quay"), (i.Text("In May."),))
    source = book(post("one", "T", same, other))
    text = pages(make(source, Pdf(engine=engine))[0])[0]
    assert text.count("Blossom over rails") == 1
    assert "A quay" in text
    assert "In May." in text


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_picture_is_as_wide_as_its_post_wants_it(
    engine: Literal["weasyprint", "typst"],
) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (900, 90), "teal").save(stream, "PNG")

    def wide(width: str) -> i.Image:
        return i.Image("a.png", "x", attributes=(("width", width),) if width else ())

    body = (
        b.Figure(wide("50%")), b.Figure(wide("100px")), p("in ", wide("20px"), " line"),
        b.Figure(wide("2in")), b.Figure(wide("wide")), b.Figure(wide("900%")),
    )  # fmt: skip
    one = post("one", "T", *body)
    asset = Asset("a.png", stream.getvalue(), "image/png")
    source = book(Post(one.metadata, one.body, assets=(asset,)))
    data, _ = make(source, Pdf(engine=engine))
    measure = PAGES["6x9"].measure
    with pymupdf.open(stream=data) as document:
        widths = [
            round(pymupdf.Rect(place).width)
            for page in document
            for kind, place in page.get_bboxlog()
            if kind == "fill-image"
        ]
    own = round(min(900 / 200 * 72, measure))
    assert widths == [round(measure / 2), 75, 15, 144, own, round(measure)]


@needs_poppler
def test_a_card_says_where_it_comes_from_once() -> None:
    card = b.Embed("publication", "https://museum.example/", title="The County Museum")
    data, _ = make(book(post("one", "One", card)), Pdf(engine="weasyprint"))
    assert "".join(pages(data)).count("museum.example") == 1


def test_pictures_are_embedded_at_200_dpi_at_most() -> None:
    from PIL import Image as Pillow

    stream = io.BytesIO()
    Pillow.new("RGB", (400, 100), "teal").save(stream, "PNG")
    source = Post(
        Metadata(key="pic", title="Picture"),
        (b.Figure(i.Image("a.png", "teal"), (i.Text("caption"),)),),
        assets=(Asset("a.png", stream.getvalue(), "image/png"),),
    )
    data, report = make(book(source))
    listing = subprocess.run(
        ["pdfimages", "-list", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    row = listing.split("\n")[2].split()
    assert (row[3], row[4], row[12]) == ("400", "100", "200")
    assert not [d for d in report.diagnostics if d.code is Code.ENGINE]


def test_a_character_that_no_font_has_is_reported() -> None:
    source = Post(
        Metadata(key="odd", title="Odd", source="odd.md"),
        (p("plain"), b.Paragraph((i.Text("odd \U000f1234"),), line=7)),
    )
    _, report = make(book(source))
    found = [d for d in report.diagnostics if d.code is Code.GLYPH_MISSING]
    assert [(d.source, d.line) for d in found] == [("odd.md", 7)]
    assert "U+F1234" in found[0].message


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<image href="{secret.as_uri()}" width="9" height="9"/></svg>'
    )
    source = Post(
        Metadata(key="evil", title="Evil"),
        (
            b.RawBlock("html", f'<img src="{secret.as_uri()}"><link rel=attachment href="{secret.as_uri()}">'),
            b.Figure(i.Image(secret.as_uri(), "file")),
            b.Figure(i.Image("a.svg", "svg")),
        ),
        assets=(Asset("a.svg", svg.encode(), "image/svg+xml"),),
    )  # fmt: skip
    css = tmp_path / "own.css"
    css.write_text(f'@import "{secret.as_uri()}"; p {{ background: url("{secret.as_uri()}") }}')
    data, report = make(book(source), Pdf(css=css))
    assert b"TOPSECRET" not in data
    reader = PdfReader(io.BytesIO(data))
    assert not reader.attachments
    messages = [d.message for d in report.diagnostics if d.code is Code.ENGINE]
    assert any("not a file of this book" in m for m in messages)


def test_own_style_sheet(tmp_path: Path) -> None:
    css = tmp_path / "own.css"
    css.write_text("@page { size: 300pt 400pt }")
    data, _ = make(book(post("one", "One", p("x"))), Pdf(css=css))
    assert float(PdfReader(io.BytesIO(data)).pages[0].mediabox.width) == 300
    with pytest.raises(OptionError):
        make(book(post("one", "One", p("x"))), Pdf(css=tmp_path / "none.css"))


def test_same_input_same_bytes(tmp_path: Path) -> None:
    source = book(everything(), post("two", "Two", p(WORDS * 3)))
    first = tmp_path / "a" / "x.pdf"
    api.write(source, "pdf").save(first)
    time.sleep(2.1)  # the stamps in question count seconds
    second = tmp_path / "b" / "y.pdf"
    api.write(source, "pdf").save(second)
    assert first.read_bytes() == second.read_bytes()


def test_without_pango_the_error_says_how_to_install_it() -> None:
    """The loader's own search is led astray, as on a machine that lacks the library."""
    program = textwrap.dedent(
        """
        import cffi.api
        real = cffi.api.FFI.dlopen
        def dlopen(self, name, flags=0):
            if "pango" in str(name):
                raise OSError(f"cannot load library {name!r}")
            return real(self, name, flags)
        cffi.api.FFI.dlopen = dlopen

        import sys
        import clothbound.api as api
        from clothbound.errors import ClothboundError
        from clothbound.model.post import Metadata, Post
        from clothbound.writers.pdf import Pdf
        try:
            api.write(Post(Metadata(title="x")), Pdf(engine="weasyprint")).to_bytes()
        except ClothboundError as error:
            print(error, file=sys.stderr)
            sys.exit(error.exit_code)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 5
    assert done.stdout == ""
    assert "Pango" in done.stderr
    assert re.search("apt-get install libpango|brew install pango|pacman", done.stderr)


def test_a_formula_that_stays_as_wide_as_the_page_is_told_with_its_line_if_it_is_hard_to_read() -> (
    None
):
    terms = " + ".join(rf"a_{{{n}}} x^{{{n}}}" for n in range(40))
    post = Post(
        Metadata(key="k", title="T", language="en", source="k.md"),
        (b.MathBlock(terms, line=3), b.MathBlock(rf"\frac{{{terms}}}{{2}}", line=5)),
    )
    _, report = make(api.as_collection(post))
    told = [(d.line, d.message) for d in report.diagnostics]
    assert [line for line, _ in told] == [5], told
    assert "formula set in type of 2." in told[0][1]


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_an_address_can_be_copied_and_no_hyphen_is_put_into_it(
    engine: Literal["weasyprint", "typst"],
) -> None:
    words = "interconnectedness/internationalization/responsibilities/misunderstandings"
    hrefs = [f"https://{'x' * n}.example/{words}" for n in range(1, 13)]
    shown = [i.Link((i.Text(href),), href) for href in hrefs]
    told = [i.Link((i.Text("there"),), href.replace("https", "http")) for href in hrefs]
    notes = tuple(
        Footnote(href, (p("See ", link),)) for href, link in zip(hrefs, shown, strict=True)
    )
    body = [p(*pair, i.NoteRef(h)) for *pair, h in zip(shown, told, hrefs, strict=True)]
    read = Post(Metadata(key="k", title="T", language="en"), tuple(body), notes)
    data, _ = make(book(read), Pdf(links="footnotes", engine=engine))
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    assert re.findall(r"\S+[-\u2010\u00ad]$", text, re.M) == []
    copied = re.sub(r"\s+", "", text)
    for href in hrefs:
        assert copied.count(href.partition("://")[2]) >= 3, href


def test_the_number_of_an_address_does_not_begin_a_line() -> None:
    links = [i.Link((i.Text("ext2"),), f"https://a.example/{n}") for n in range(12)]
    paragraphs = [
        p("a " * n, *(part for link in links for part in (link, ". "))) for n in range(12)
    ]
    for engine in ("weasyprint", "typst"):
        options = Pdf(links="endnotes", engine=engine)  # type: ignore[arg-type]
        data, _ = make(book(post("k", "T", *paragraphs)), options)
        with pymupdf.open(stream=data) as document:
            text = "\n".join(page.get_text() for page in document)
        lines = [line.strip("\u2060\u200b ") for line in text.partition("Links")[0].splitlines()]
        assert any("[12]" in line for line in lines)
        assert [line for line in lines if re.match(r"\[\d+\]", line)] == [], engine
