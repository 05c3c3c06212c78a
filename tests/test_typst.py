"""The book set by Typst, read back with pypdf, poppler and two checkers of accessibility."""

from __future__ import annotations

import inspect
import io
import json
import re
import subprocess
import sys
import textwrap
import time
import unicodedata
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
import pymupdf
import pytest
import typst
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

import clothbound
from clothbound import api
from clothbound.diagnostics import Code, LossReport
from clothbound.doctor import has_pdf_engine
from clothbound.errors import OptionError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.collection import Collection, Part, Role
from clothbound.model.index import Index
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.model.walk import plain_text
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.typst import book as typst_book
from clothbound.writers.pdf.typst import mathematics
from clothbound.writers.pdf.typst.mathematics import to_typst
from pandoc_words import missing, pandoc_text
from pandoc_words import words as pandoc_counts
from product_text import pdf_text
from strategies import posts
from test_pdf import (
    LONG_TITLE,
    WORDS,
    book,
    everything,
    needs_poppler,
    outline,
    p,
    pages,
    post,
    words,
)

TYPST = Pdf(engine="typst")
EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "letters"


def make(collection: Collection, options: Pdf = TYPST) -> tuple[bytes, LossReport]:
    artifact = api.write(collection, options)
    return artifact.to_bytes(), artifact.report


def engine_messages(report: LossReport) -> list[str]:
    return [d.message for d in report.diagnostics if d.code is Code.ENGINE]


@pytest.fixture(scope="module")
def sample() -> bytes:
    first = post(
        "one",
        "A beginning",
        p(WORDS * 2),
        b.Heading((i.Text("A heading"),), 2, id="a-heading"),
        p("Here is a mark", i.NoteRef("s"), " and a second", i.NoteRef("s"), " to the same."),
        *[p(WORDS * 6) for _ in range(6)],
        p("And here a long one", i.NoteRef("l"), "."),
        b.ThematicBreak(),
        notes={"s": "Shortnote stands at the foot.", "l": "Longnote. " + WORDS * 14},
    )
    second = post(
        "two",
        LONG_TITLE,
        *[p(WORDS * 6) for _ in range(6)],
        p(i.Link((i.Text("the first letter"),), "one.md#a-heading"), " and ",
          i.Link((i.Text("elsewhere"),), "https://elsewhere.example/")),
        p("Seen from the second", i.NoteRef("f"), "."),
        notes={"f": "Footed."},
    )  # fmt: skip
    parts = (Part("January", ("one",)), Part("February", ("two",)))
    return make(book(first, second, parts=parts))[0]


# the book's structure


@needs_poppler
def test_notes_stand_at_the_foot_or_all_of_a_chapter_at_its_end(sample: bytes) -> None:
    texts = pages(sample)
    with_mark = next(t for t in texts if "Seen from the second" in t)
    lines = with_mark.split("\n")
    # The paragraph runs on after its number.
    position = next(n for n, line in enumerate(lines) if re.match(r"\s*1\.\s+Footed", line))
    assert all("pilot boat" not in line for line in lines[position:])
    assert sum(t.count("Footed") for t in texts) == sum(t.count("Shortnote") for t in texts) == 1
    endnotes = next(t for t in texts if "Longnote" in t)
    assert re.search(r"Notes\s+1\.\s+Shortnote[\w .]+\s+2\.\s+Longnote", endnotes)


NOTED = [
    (p("a", i.NoteRef("s"), " b", i.NoteRef("l")), {"s": "Short.", "l": WORDS * 14}),
    (p("a", *map(i.NoteRef, "opqr")), dict.fromkeys("opqr", WORDS * 5)),
    (b.Table(((b.Cell((i.NoteRef("s"),)),),), ((b.Cell((i.Text("x"), i.NoteRef("t"))),),)),
     {"s": "Short.", "t": "Other."}),
]  # fmt: skip


@pytest.mark.parametrize("body, notes", NOTED)
def test_the_notes_of_a_chapter_stand_in_one_place(body: b.Block, notes: dict[str, str]) -> None:
    data, _ = make(
        book(
            post("one", "One", body, p(WORDS), p("z", i.NoteRef("x")), notes=notes | {"x": "Last."})
        )
    )
    tags = _tags(PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"])
    assert tags["/Note"] == 0
    text = printed(data)
    assert all(re.search(rf"\b{number}\.\s", text) for number in range(1, len(notes) + 2))


@needs_poppler
def test_contents_tell_the_true_pages(sample: bytes) -> None:
    texts = pages(sample)
    contents = next(t for t in texts if t.lstrip().startswith("Contents"))
    for title in ("A beginning", "cat in one breath"):
        number = int(re.search(rf"{title}[\s.]*?(\d+)\n", contents)[1])
        assert title.split()[-1] in texts[number - 1]
        assert re.search(r"^\s*[A-Z][a-z]+ \d+, 2023", texts[number - 1], re.I)
        assert texts[number - 1].strip().endswith(str(number))


@needs_poppler
def test_running_heads_are_one_line(sample: bytes) -> None:
    heads = [t.lstrip("\n").split("\n")[0].strip() for t in pages(sample)]
    assert any(re.fullmatch(r"On the many things.*…\s+\d+", h) for h in heads)
    assert any(re.fullmatch(r"\d+\s+Letters 2023", h, re.I) for h in heads)


def test_outline_metadata_and_tags(sample: bytes) -> None:
    reader = PdfReader(io.BytesIO(sample))
    entries = [(level, title) for level, title, _ in outline(reader)]
    assert entries == [
        (1, "January"), (2, "A beginning"), (1, "February"), (2, LONG_TITLE),
    ]  # fmt: skip
    info = reader.metadata
    assert (info.title, info.author) == ("Letters 2023", "A. Writer")
    assert info.creation_date.year == 2023
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"].split("-")[0] == "en"
    assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()
    assert (float(reader.pages[0].mediabox.width), float(reader.pages[0].mediabox.height)) == (
        432,
        648,
    )


def test_links_lead_where_they_should(sample: bytes) -> None:
    reader = PdfReader(io.BytesIO(sample))
    annotations = [a.get_object() for page in reader.pages for a in page.get("/Annots", ())]
    uris = [a["/A"]["/URI"] for a in annotations if "/URI" in a.get("/A", {})]
    assert uris == ["https://elsewhere.example/"]
    assert len(annotations) > 6


def test_matter_and_recto() -> None:
    roles: dict[str, Role] = {"ded": "dedication", "fore": "foreword"}
    texts = (
        post("ded", "Dedication", p("For the cat")),
        post("fore", "Foreword", p("Before all")),
        post("one", "One", p(WORDS)),
        post("two", "Two", p(WORDS)),
    )
    collection = Collection(
        posts=texts,
        index=Index.of(texts),
        info=BookInfo(title="Letters", language="en", isbn="978-3-16-148410-0"),
        roles=roles,
        parts=(Part("Spring", ("one", "two")),),
    )
    data, report = make(collection, Pdf(engine="typst", recto=True))
    entries = list(outline(PdfReader(io.BytesIO(data))))
    assert [title for _, title, _ in entries] == ["Foreword", "Spring", "One", "Two"]
    assert all(number % 2 for _, _, number in entries)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert text.index("For the cat") < text.index("Contents") < text.index("Before all")
    assert "978-3-16-148410-0" in text
    assert not engine_messages(report)


@needs_poppler
@pytest.mark.parametrize("page", ["5x8", "A5", "letter"])
def test_other_sizes_and_page_references(page: str) -> None:
    link = p(i.Link((i.Text("see there"),), "two.md"), " for more.")
    data, _ = make(
        book(post("one", "One", link), post("two", "Two", p(WORDS))),
        Pdf(engine="typst", page=page, page_references=True),  # type: ignore[arg-type]
    )
    texts = pages(data)
    number = next(n for n, t in enumerate(texts, 1) if re.search(r"^\s*Two\s*$", t, re.M))
    text = " ".join(unicodedata.normalize("NFKC", "".join(texts)).split())
    assert f"see there (p. {number}) for more" in text


@needs_poppler
@pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")
def test_the_first_pages_have_the_words_of_the_other_engine() -> None:
    roles: dict[str, Role] = {"fore": "foreword"}
    texts = (
        post("fore", "Foreword", p("x")),
        post("one", "One", p("x")),
        post("two", "Two", p("x")),
    )
    collection = Collection(
        posts=texts,
        index=Index.of(texts),
        info=BookInfo(
            title="Letters 2023",
            subtitle="Of all sorts",
            authors=("A. Writer", "B. Writer"),
            editors=("E. Ditor",),
            publisher="The Press",
            rights="© 2023 A. Writer\nAll rights reserved",
            isbn="978-3-16-148410-0",
            language="en",
            identifier="urn:isbn:9783161484100",
            series=Series("The series", "2"),
        ),
        roles=roles,
    )
    ours, theirs = (
        [words(page) for page in pages(make(collection, options)[0])[:2]]
        for options in (TYPST, Pdf(engine="weasyprint"))
    )
    assert ours == theirs


@needs_poppler
def test_only_words_that_lead_to_another_post_get_its_page() -> None:
    body = (
        p("Go ", i.Link((i.Text("down here"),), "#here"), ".", i.Superscript((i.Link((i.Text("7"),), "two.md"),))),
        p("See ", i.Link((i.Text("the other"),), "two.md"), "."),
        b.Embed("post", "two.md", "Letters", "A card"),
        b.Paragraph((i.Text("Here."),), id="here"),
    )  # fmt: skip
    options = Pdf(engine="typst", page_references=True)
    text = " ".join(
        pages(make(book(post("one", "One", *body), post("two", "Two", p("x"))), options)[0])
    )
    assert re.findall(r"(\w+) \(p\.", " ".join(text.split())) == ["other", "Letters"]


def test_long_words_of_titles_stay_on_the_page() -> None:
    import pymupdf

    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    posts = (post("one", long, p("x")), post("two", f"A {long}{long}", p("x")))
    source = Collection(
        posts=posts,
        index=Index.of(posts),
        info=BookInfo(title=long, subtitle=long, publisher=long, authors=(long,), language="de"),
        parts=(Part(long, ("one", "two")),),
    )
    with pymupdf.open(stream=make(source)[0]) as document:
        for page in document:
            for block in page.get_text("blocks"):
                assert block[0] > 36
                assert block[2] < page.rect.width - 36, (page.number, block)


@needs_poppler
def test_short_words_of_titles_are_not_hyphenated() -> None:
    title = "the window beside the harbour " * 5
    texts = pages(make(book(post("one", title, p("x")), post("two", "Two", p("x"))))[0])
    assert not re.search(r"[-\u2010]\s*\n", "".join(texts))


def test_one_post_has_no_front_matter() -> None:
    reader = PdfReader(io.BytesIO(make(book(post("one", "Alone", p("Just this."))))[0]))
    assert len(reader.pages) == 1
    assert "Alone" in reader.pages[0].extract_text()


# words


@needs_poppler
def test_no_word_is_lost() -> None:
    source = everything()
    data, report = make(book(source, post("two", "Two", p("end"))))
    told = words(plain_text(source))
    told -= words("p b words b script evil script p" + r"\frac{a}{b} x^2")
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    text = re.sub(r"\b(mark|note)[12]\b", r"\1", text)  # superior figures
    joined = re.sub(r"[-\u2010\u00ad]\n", "", text)
    printed = words(text) | words(joined) | words(re.sub(r"\n» ", "", text))
    assert not {word for word in told - printed if len(word) < 200}
    assert "y" * 300 in re.sub(r"\n» ?", "", text)
    for phrase in ("a gone picture", "a far picture", "twitter.com/a/status/1", r"\nosuchcommand"):
        assert phrase in " ".join(text.split())
    assert "evil" not in text
    codes = {d.code for d in report.diagnostics}
    assert {Code.IMAGE_MISSING, Code.IMAGE_REMOTE, Code.NODE_SIMPLIFIED} <= codes
    assert Code.ENGINE not in codes


@needs_poppler
def test_a_chain_of_notes_is_printed_once() -> None:
    chain = tuple(
        Footnote(str(k), (p(f"link{k}", *([i.NoteRef(str(k + 1))] if k < 79 else [])),))
        for k in range(80)
    )
    for body in (p("marked", i.NoteRef("0")), p("unmarked")):
        source = Post(Metadata(key="chain", title="Chain"), (body,), chain)
        text = " ".join(pages(make(book(source))[0]))
        found = Counter(int(n) for n in re.findall(r"\d+\.\s+link(\d{1,2})", text))
        assert found.total() == 80


@needs_poppler
def test_a_table_repeats_its_head() -> None:
    texts = pages(make(book(everything()))[0])
    with_rows = [t for t in texts if re.search(r"r\d+c8", t)]
    assert len(with_rows) > 1
    assert all(re.search(r"h0\s+h1", t) for t in with_rows)


@pytest.mark.parametrize(
    "rows",
    [
        ((b.Cell(colspan=3), b.Cell(rowspan=9)), (b.Cell(),), ()),
        ((b.Cell(rowspan=2), b.Cell(colspan=2)), (b.Cell(colspan=9),)),
        ((b.Cell(),), (b.Cell(), b.Cell(), b.Cell())),
        ((b.Cell(rowspan=0, colspan=0),),),
    ],
)
def test_spans_are_kept_whole(rows: tuple[tuple[b.Cell, ...], ...]) -> None:
    _, report = make(book(post("one", "One", b.Table(rows=rows, head=rows[:1]))))
    assert not engine_messages(report)


def test_a_table_without_a_head_is_set_and_tagged_as_none(tmp_path: Path) -> None:
    rows = tuple(tuple(b.Cell((i.Text(f"r{r}c{c}"),)) for c in range(3)) for r in range(3))
    wide = ((b.Cell((i.Text("over all"),), colspan=3),),)
    table = b.Table(rows=rows + wide, caption=(i.Text("named"),))
    data, report = make(book(post("one", "One", table), post("two", "Two", p("x"))))
    assert not engine_messages(report)
    (tmp_path / "a.pdf").write_bytes(data)
    assert errors_of(tmp_path / "a.pdf") == []
    text = printed(data)
    assert all(word in text for word in ("r0c0", "r2c2", "over all", "named"))


@needs_poppler
def test_a_picture_that_leads_to_another_post_names_it_and_its_page() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(stream, "PNG")
    assets = (Asset("x.png", stream.getvalue(), "image/png"),)
    picture = i.Image("x.png", "teal")
    one = post(
        "one", "One",
        b.Figure(picture, href="two.md"),
        p("Within ", i.Link((picture,), "two.md"), " the line."),
    )  # fmt: skip
    one = msgspec.structs.replace(one, assets=assets)
    options = Pdf(engine="typst", page_references=True)
    data, report = make(book(one, post("two", "The Second", p("x"))), options)
    text = " ".join(" ".join(pages(data)).split())
    assert "clothbound:" not in text
    assert len(re.findall(r"The Second \(p\. \d\)", text)) == 2
    assert not engine_messages(report)


@needs_poppler
def test_a_table_s_head_tells_the_pages_of_other_posts() -> None:
    cells = tuple(b.Cell((i.Link((i.Text(word),), "two.md"),)) for word in ("alpha", "beta"))
    one = post("one", "One", b.Table(head=((cells[0],),), rows=((cells[1],),)))
    options = Pdf(engine="typst", page_references=True)
    data, report = make(book(one, post("two", "Two", p("x"))), options)
    assert re.findall(r"(\w+) \(p\.", " ".join(" ".join(pages(data)).split())) == ["alpha", "beta"]
    assert not engine_messages(report)


def test_links_and_notes_in_a_table_s_head() -> None:
    link = b.Cell((i.Link((i.Text("linked"),), "https://x.example/"), i.NoteRef("n")))
    rows = tuple((b.Cell((i.Text(f"row {n}"),)),) for n in range(90))
    source = post("one", "One", b.Table(head=((link,),), rows=rows), notes={"n": "its note"})
    data, report = make(book(source))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert text.count("linked") > 1
    assert text.count("its note") == 1
    assert not engine_messages(report)


@needs_poppler
def test_a_table_that_does_not_fit_is_a_list_for_each_row() -> None:
    def row(text: str, columns: int) -> tuple[b.Cell, ...]:
        return tuple(b.Cell((i.Text(f"{text}{n}"),)) for n in range(columns))

    narrow = b.Table(head=(row("h", 12),), rows=(row("r", 12),))
    wide = b.Table(head=(row("headed", 30),), rows=(row("bound", 30),), line=7)
    data, report = make(book(post("one", "One", narrow, wide)))
    text = " ".join(" ".join(pages(data)).split())
    assert re.search("h0 h1 h2 .*r0 r1 r2 ", text)
    assert re.search("headed0: bound0 • headed1: bound1 • headed2: bound2 ", text)
    (found,) = [d for d in report.diagnostics if d.code is Code.NODE_SIMPLIFIED]
    assert found.line == 7
    assert found.message.startswith("table of 30 columns written as a list for each row")


@needs_poppler
def test_cards_have_the_day_as_their_reader_writes_it() -> None:
    card = b.Embed("tweet", "https://x.example/1", "X", "A card", author="Ada", date="2023-05-01")
    german = msgspec.structs.replace(post("de", "Zwei", card).metadata, language="de")
    source = book(post("en", "One", card), Post(german, (card,)))
    text = " ".join(" ".join(pages(make(source)[0])).split())
    assert "Ada · May 1, 2023" in text
    assert "Ada · 1. Mai 2023" in text


@needs_poppler
@needs_poppler
def test_letters_in_pieces_are_set_as_those_in_one() -> None:
    text = "Café in Việt Nam, façade, naïve, ångström. "

    def set_words(form: Literal["NFC", "NFD"]) -> list[str]:
        data, _ = make(book(post("one", "T", p(unicodedata.normalize(form, text)))))
        boxes = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
        )
        return re.findall(r"<word.*", unicodedata.normalize("NFC", boxes.stdout.decode()))

    assert set_words("NFD") == set_words("NFC") != []


def test_right_to_left_and_runs() -> None:
    source = Post(
        Metadata(key="ar", title="رسالة", language="ar"),
        (p("كتب المجلد رسالة طويلة إلى المدينة."),),
    )
    english = p("The word ", i.Span((i.Text("שלום"),), attributes=(("lang", "he"),)), " is Hebrew.")
    data, report = make(book(source, post("two", "Two", english)))
    text = re.sub("[\u202a-\u202e]", "", unicodedata.normalize("NFKC", " ".join(pages(data))))
    assert "المدينة" in text
    assert "שלום" in text
    assert not engine_messages(report)


def test_a_character_that_no_font_has_is_reported() -> None:
    source = Post(
        Metadata(key="odd", title="Odd", source="odd.md"),
        (p("plain"), b.Paragraph((i.Text("odd \U000f1234"),), line=7)),
    )
    _, report = make(book(source))
    found = [d for d in report.diagnostics if d.code is Code.GLYPH_MISSING]
    assert [(d.source, d.line) for d in found] == [("odd.md", 7)]
    assert "U+F1234" in found[0].message


# mathematics


def test_formulas_are_typst_s_own_and_keep_their_tex() -> None:
    tex = (
        r"\sum_{i=1}^n \frac{x_i}{\sqrt{2}}", r"\left( \hat{\beta} \middle| y \right)",
        r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{aligned}a&=b\\[2pt]c&=d\end{aligned}",
        r"\underbrace{x+y}_{n}", r"\binom{n}{k}", r"\operatorname*{argmax}_\theta \log x",
        r"f(x)=\begin{cases}1&x>0\\0&\text{else}\end{cases}", r"100\% \# \_ \& 1,000.5",
    )  # fmt: skip
    assert all(to_typst(one, True) for one in tex)
    data, report = make(book(post("one", "One", *map(b.MathBlock, tex), p(i.Math("e=mc^2")))))
    assert not engine_messages(report)
    assert not [d for d in report.diagnostics if d.code is Code.NODE_SIMPLIFIED]
    root = PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]
    alternatives = {" ".join(one.split()) for one in (*tex, "e=mc^2")}
    assert alternatives <= set(_alternatives(root, "/Formula"))


@needs_poppler
def test_formulas_too_wide_are_broken_or_made_smaller() -> None:
    terms = " + ".join(rf"a_{{{n}}} x^{{{n}}}" for n in range(40))
    body = (
        b.MathBlock(rf"S = {terms}", line=3),
        b.MathBlock(rf"\frac{{{terms}}}{{2}}", line=5),
        b.MathBlock(rf"\left|{terms}\right|", line=7),
        b.MathBlock("x = y", line=9),
    )
    data, report = make(book(post("one", "One", *body)))
    with pymupdf.open(stream=data) as document:
        page = document[0]
        spans = [
            span
            for one in document
            for block in one.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        ]
        right = max(span["bbox"][2] for span in spans)
        left = min(span["bbox"][0] for span in spans)
        assert left > 30
        assert right < page.rect.width - 30
    told = [d for d in report.diagnostics if "formula set in type of about" in d.message]
    assert [d.line for d in told] == [5, 7]
    assert not engine_messages(report)


def _tags(node: object) -> Counter[str]:
    found: Counter[str] = Counter()
    stack = [node]
    while stack:
        at = stack.pop()
        at = at.get_object() if hasattr(at, "get_object") else at
        if isinstance(at, list):
            stack.extend(at)
        elif isinstance(at, dict):
            if "/S" in at:
                found[str(at["/S"])] += 1
            if "/K" in at:
                stack.append(at["/K"])
    return found


def test_notes_contents_and_formulas_are_tagged_as_such() -> None:
    one = post("one", "One", p("x", i.NoteRef("n"), i.Math("x")), notes={"n": "a note"})
    data, _ = make(book(one, post("two", "Two", p("x"))))
    tags = _tags(PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"])
    assert tags["/Note"] == 1
    assert (tags["/TOC"], tags["/TOCI"]) == (1, 2)
    assert tags["/Formula"] == 1


def _alternatives(node: object, tag: str) -> list[str]:
    found = []
    stack = [node]
    while stack:
        at = stack.pop()
        at = at.get_object() if hasattr(at, "get_object") else at
        if isinstance(at, list):
            stack.extend(at)
        elif isinstance(at, dict):
            if at.get("/S") == tag and "/Alt" in at:
                found.append(str(at["/Alt"]))
            if "/K" in at:
                stack.append(at["/K"])
    return found


def test_what_typst_cannot_set_is_drawn_and_named() -> None:
    _, report = make(book(post("one", "One", p(i.Math(r"\boxed{x}")), p(i.Math(r"\nosuch")))))
    told = [d.message for d in report.diagnostics if d.code is Code.NODE_SIMPLIFIED]
    assert told == ["formula set as a drawing", "formula written as TeX: it cannot be set"]


# safety

SIGNS = [*"#$\\\"'`*_@<>[](){}=-+/~.:;,!?&%^|0a \n\t\r", "\u2028", "//", "/*", "*/", "]#", "\")",
         '#import "@preview/x:1.0.0"', "#panic()", "\\u{41}", "${x}$", "{panic()}"]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(SIGNS), max_size=30).map("".join)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(HOSTILE, min_size=1, max_size=20))
def test_no_text_is_read_as_code(texts: list[str]) -> None:
    body: list[b.Block] = []
    for text in texts:
        shown = i.Text(text or "x")
        body += [
            p(shown, i.Code(text), i.Math(text), i.Strong((shown,))),
            b.MathBlock(rf"\text{{{text}}} + {text}"),
            b.CodeBlock(text, text),
            b.Heading((shown,), 2, id=text),
            p(i.Link((shown,), f"https://x.example/{text}"), i.Link((shown,), f"#{text}")),
            b.Embed("tweet", text, text, text, text, text, text),
            b.Callout((p(text),), (shown,), text),
            b.Figure(i.Image(text or "x", text), (shown,)),
            b.Poll(text, (text,)),
        ]  # fmt: skip
    metadata = Metadata(key="one", title=texts[0], subtitle=texts[-1], authors=(texts[0],))
    collection = Collection(
        posts=(hostile := (Post(metadata, tuple(body)), post("two", texts[-1], p("end")))),
        index=Index.of(hostile),
        info=BookInfo(
            title=texts[0],
            subtitle=texts[0],
            rights=texts[0],
            description=texts[0],
            publisher=texts[0],
            subjects=(texts[0],),
        ),
    )
    data, report = make(collection)
    assert not engine_messages(report)
    assert data.startswith(b"%PDF-")


# Without shrinking: each attempt sets a book, and the post that the report names says enough.
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(st.lists(posts(), min_size=1, max_size=8, unique_by=lambda one: one.metadata.key))
def test_every_post_is_set(some: list[Post]) -> None:
    collection = Collection(
        posts=tuple(some), index=Index.of(some), info=BookInfo(title="Any", language="en")
    )
    _, report = make(collection)
    assert not engine_messages(report)


def test_what_lies_deep_is_set() -> None:
    def nested(wrap: type[b.Quote] | type[b.Callout], depth: int) -> b.Block:
        block: b.Block = p("deepest")
        for _ in range(depth):
            block = wrap((block,))
        return block

    items: b.Block = b.List((b.ListItem((p("leaf"),)),))
    inline: i.Inline = i.Text("inmost")
    for _ in range(90):
        items = b.List((b.ListItem((p("item"), items)),), ordered=True)
        inline = i.Emphasis((inline,))
    source = post("one", "One", nested(b.Quote, 95), nested(b.Callout, 95), items, p(inline))
    data, report = make(book(source))
    assert not engine_messages(report)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert text.count("item") == 90
    assert {"deepest", "leaf", "inmost"} <= set(text.split())


@needs_poppler
def test_items_too_deep_to_be_set_apart_have_lines_of_their_own() -> None:
    items: b.Block = b.List((b.ListItem((p("level 11"),)),))
    for level in range(10, -1, -1):
        items = b.List((b.ListItem((p(f"level {level}"), items)), b.ListItem((p("next"),))))
    data, _ = make(book(post("one", "One", items)))
    lines = [line for text in pages(data) for line in text.split("\n") if "level" in line]
    assert [line.strip("\u2022 ") for line in lines] == [f"level {level}" for level in range(12)]


# No engine draws a picture of no size.
NOTHING = Asset(
    "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>', "image/svg+xml"
)


def printed(data: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("inline", [False, True])
def test_what_the_engine_refuses_is_set_plain_and_named_by_its_line(inline: bool) -> None:
    picture = i.Image("a.svg", "nothing", line=9)
    refused: b.Block = (
        b.Paragraph(
            (i.Text("its words"), i.NoteRef("n"), picture, i.NoteRef("m")), id="here", line=9
        )
        if inline
        else b.Figure(
            picture, (i.Text("its words"), i.NoteRef("n"), i.NoteRef("m")), id="here", line=9
        )
    )
    bad = Post(
        Metadata(key="bad", title="Bad", source="bad.md"),
        (
            b.Paragraph((i.Text("before"),), line=7),
            refused,
            b.Heading((i.Text("A heading"),), 2, line=11),
            p(i.Link((i.Text("back"),), "#here"), " and ", i.NoteRef("n")),
        ),
        (Footnote("n", (p("at the foot"),)), Footnote("m", (b.Quote((p("too " * 999),)),))),
        assets=(NOTHING,),
    )
    data, report = make(book(post("one", "One", p("good words")), bad, post("two", "Two", p("x"))))
    text = printed(data)
    for told in ("good words", "before", "its words", "A heading", "at the foot"):
        assert text.count(told) == 1, told
    assert 990 < text.count("too") < 1010
    found = [d for d in report.diagnostics if d.code is Code.ENGINE]
    assert [(d.source, d.line) for d in found] == [("bad.md", 9)]
    assert found[0].message.startswith("set in plain form")
    assert "[nothing]" in text
    # The rest is what it was; the other heading is that of the notes.
    root = PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]
    assert _tags(root)["/H2"] == 2


def test_a_post_with_much_that_the_engine_refuses_is_set_plain_as_a_whole() -> None:
    pictures = [b.Figure(i.Image("a.svg", f"nothing {n}"), (i.Text(f"word{n}"),)) for n in range(9)]
    bad = Post(
        Metadata(key="bad", title="Bad", source="bad.md"), tuple(pictures), assets=(NOTHING,)
    )
    data, report = make(book(bad, post("two", "Two", p("good words"))))
    text = printed(data)
    assert all(text.count(f"word{n}") == 1 for n in range(9))
    assert "good words" in text
    found = [d for d in report.diagnostics if d.code is Code.ENGINE]
    assert {d.source for d in found} == {"bad.md"}
    assert found[-1].message.startswith("the whole post is set in plain form")


NOTHING_SEEN = ("\x01\x02", "\ufeff", "\u200b \u00a0", "\ufffe\U000e0001", "")


@pytest.mark.parametrize("text", NOTHING_SEEN)
def test_names_that_hold_nothing_to_be_seen(text: str) -> None:
    body = (
        p(i.Text(text or " "), i.Math(text), i.Image("x.png", text), "words"),
        b.Heading((i.Text(text or " "),), 2),
        b.MathBlock(text),
        b.Figure(i.Image("a.png", text)),
    )  # fmt: skip
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "PNG")
    assets = (Asset("a.png", stream.getvalue(), "image/png"),)
    posts = (
        Post(Metadata(key="one", title=text, subtitle=text, authors=(text,)), body, assets=assets),
        post("two", "Two", p("x")),
    )
    collection = Collection(
        posts=posts,
        index=Index.of(posts),
        info=BookInfo(
            title=text,
            subtitle=text,
            publisher=text,
            rights=text,
            description=text,
            subjects=(text,),
        ),
        parts=(Part(text, ("one", "two")),),
    )
    data, report = make(collection)
    assert not engine_messages(report)
    assert printed(data).count("words") >= 1


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
            b.RawBlock("html", f'<img src="{secret.as_uri()}">'),
            b.RawBlock("typst", f'#read("{secret}")'),
            b.Figure(i.Image(secret.as_uri(), "file")),
            b.Figure(i.Image("a.svg", "svg")),
        ),
        assets=(Asset("a.svg", svg.encode(), "image/svg+xml"),),
    )
    data, _ = make(book(source))
    assert b"TOPSECRET" not in data
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "TOPSECRET" not in text


def test_headings_of_any_level_in_notes() -> None:
    notes = tuple(
        Footnote(name, (b.Heading((i.Text(f"head {name}"),), 4), p("its text"))) for name in "ab"
    )
    source = Post(Metadata(key="one", title="One"), (p("x", i.NoteRef("a")),), notes)
    data, report = make(book(source))
    assert not engine_messages(report)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "head a" in text
    assert "head b" in text


# the engine


def test_what_typst_does_not_know_is_an_error(tmp_path: Path) -> None:
    css = tmp_path / "own.css"
    css.write_text("p { color: red }")
    for options in (Pdf(engine="typst", css=css), Pdf(engine="typst", theme="novel")):
        with pytest.raises(OptionError, match="Typst has no"):
            make(book(post("one", "One", p("x"))), options)


PROGRAM = textwrap.dedent(
    """
    import sys
    import cffi.api
    real = cffi.api.FFI.dlopen
    def dlopen(self, name, flags=0):
        if "pango" in str(name):
            raise OSError(f"cannot load library {name!r}")
        return real(self, name, flags)
    cffi.api.FFI.dlopen = dlopen
    if "no-typst" in sys.argv:
        sys.modules["typst"] = None

    import clothbound.api as api
    from clothbound.errors import ClothboundError
    from clothbound.model.post import Metadata, Post
    from clothbound.writers.pdf import Pdf
    artifact = api.write(Post(Metadata(title="x")), Pdf(engine=sys.argv[1]))
    try:
        data = artifact.to_bytes()
    except ClothboundError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    print(data[:5].decode(), *artifact.report.diagnostics, sep="\\n")
    """
)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["auto"], 0, "the PDF is set by Typst"),
        (["typst"], 0, "%PDF-"),
        (["weasyprint"], 5, "Pango"),
        (["auto", "no-typst"], 5, "Pango"),
        (["typst", "no-typst"], 5, "pip install"),
    ],
)
def test_without_pango(arguments: list[str], code: int, told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert told in done.stdout + done.stderr


def test_same_input_same_bytes() -> None:
    source = book(everything(), post("two", "Two", p(WORDS * 3)))
    first, _ = make(source)
    time.sleep(1.1)  # the stamps in question count seconds
    second, _ = make(source)
    assert first == second


# accessibility


def errors_of(path: Path) -> list[str]:
    """What two checkers of PDF/UA-1 call an error."""
    import outloud
    import pdfua

    # Rules on what a picture's words say are the author's; these are the product's.
    found = outloud.check(str(path))
    told = [f"{f.rule} {f.message}" for f in found.findings if f.severity == "error"]
    report = pdfua.validate(path)
    return told + [str(f) for f in report.findings if f.severity.name == "ERROR"]


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_checkers_find_no_error(year: int, tmp_path: Path) -> None:
    letters = clothbound.book(clothbound.read(EXAMPLES), year=year, parts="months")
    report = clothbound.write(letters, TYPST).save(tmp_path / "letters.pdf")
    assert not engine_messages(report)
    assert errors_of(tmp_path / "letters.pdf") == []


# a real archive

_HEADER = re.compile(r"\A---\n.*?\n---\n", re.S)


@needs_poppler
@pytest.mark.corpus
@pytest.mark.slow
def test_an_archive_is_whole_and_accessible(shared: Path, tmp_path: Path) -> None:
    folder = shared / "corpus" / "interconnects"
    letters = clothbound.book(clothbound.read(folder), year=2023)
    report = clothbound.write(letters, TYPST).save(tmp_path / "2023.pdf")
    assert report.dropped == 0
    assert not engine_messages(report)
    wanted: Counter[str] = Counter()
    for metadata in letters.index:
        body = _HEADER.sub("", (folder / metadata.source).read_text(encoding="utf-8"))
        wanted += pandoc_counts("".join(pandoc_text(body).text))
    # Long words have places to break at, which are no spaces.
    text = pdf_text(tmp_path / "2023.pdf").replace("\u200b", "")
    assert missing(wanted, pandoc_counts(text), hyphenated=True) == {}
    assert errors_of(tmp_path / "2023.pdf") == []


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["assets", "markdown-xss", "nesting", "front-matter"])
def test_hostile_folders(shared: Path, name: str) -> None:
    hostile = clothbound.read(shared / "hostile" / name, "markdown", on_error="collect")
    _, report = make(hostile)
    assert not engine_messages(report)


def test_no_name_of_the_theme_hides_one_of_mathematics() -> None:
    """A formula would call the theme's function instead, and the whole post be set in plain form."""
    source = "#metadata(dictionary(math).keys())<names>"
    names = set(json.loads(typst.query(source.encode(), "<names>", field="value", one=True)))
    used = names.intersection(re.findall(r"[a-z]+", inspect.getsource(mathematics)))
    assert {"limits", "sans", "mono", "attach", "hat"} <= used
    theme = files("clothbound.themes").joinpath("essay.typ").read_text("utf-8")
    defined = re.findall(r"#let ([\w-]+)", theme + inspect.getsource(typst_book))
    assert used.isdisjoint(defined), used.intersection(defined)


@pytest.mark.parametrize(
    "tex",
    [r"\underset{\theta}{\operatorname{argmax}}", r"\textsf{a}", r"\texttt{a}", r"\underset{a}{b}"],
)
def test_formulas_are_set_by_mathematics_own_functions(tex: str) -> None:
    _, report = make(book(post("k", "T", b.MathBlock(tex))))
    assert engine_messages(report) == []
