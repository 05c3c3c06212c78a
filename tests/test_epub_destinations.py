"""Tests how destinations change a book: formulas, tables, galleries, undescribed pictures."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from PIL import Image as PillowImage

from clothbound.api import write
from clothbound.context import Context
from clothbound.destinations import KINDLE
from clothbound.diagnostics import DiagnosticCode, LossReport
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.writers.epub import Epub
from clothbound.writers.epub.fitting import fit_post
from epub_samples import opened, picture

XHTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"


def made(post: Post, destination: Any = "safe") -> tuple[dict[str, bytes], LossReport]:
    artifact = write(as_collection(post), Epub(destination=destination))
    return opened(artifact.to_bytes()), artifact.report


def chapter(*blocks: b.Block, destination: Any = "safe") -> Any:
    files, _ = made(Post(Metadata(key="k", title="T"), blocks), destination)
    return etree.fromstring(files["k.xhtml"])


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def table(columns: int) -> b.Table:
    def row(label: str) -> tuple[b.Cell, ...]:
        return tuple(b.Cell((i.Text(f"{label}{n}"),)) for n in range(columns))

    return b.Table((row("Head "),), (row("a"), row("b")), (), (i.Text("A caption"),), line=7)


# tables


@pytest.mark.parametrize(("destination", "columns"), [("safe", 7), ("kindle", 4), ("kobo", 4)])
def test_a_table_that_is_too_wide_becomes_a_list_for_each_row(
    destination: str, columns: int
) -> None:
    assert chapter(table(columns), destination=destination).find(f".//{XHTML}table") is not None
    wide = Post(Metadata(key="k", title="T", source="t.md"), (table(columns + 1),))
    files, report = made(wide, destination)
    root = etree.fromstring(files["k.xhtml"])
    assert root.find(f".//{XHTML}table") is None
    (stacked,) = [e for e in root.iter() if e.get("class") == "stacked"]
    assert words(stacked).startswith("A caption Head 0: a0 Head 1: a1")
    items = [words(item) for item in stacked.iter(f"{XHTML}li")]
    assert len(items) == 2 * columns
    assert items[columns] == "Head 1: b1"
    (found,) = [d for d in report.diagnostics if d.code is DiagnosticCode.NODE_SIMPLIFIED]
    assert (found.source, found.line) == ("t.md", 7)


def test_what_a_row_of_a_list_repeats_has_no_ids_marks_and_links_and_is_accounted_once() -> None:
    made_of = table(8)
    head = b.Cell(
        (
            i.Span((i.Text("Span"),), id="here"),
            i.NoteRef("n"),
            i.Link((i.Text("Link"),), "https://example.org/"),
            i.RawInline("tex", "lost words"),
        )
    )
    wide = b.Table(((head, *made_of.head[0][1:]),), made_of.rows)
    post = Post(
        Metadata(key="k", title="T"), (wide,), (Footnote("n", (b.Paragraph((i.Text("note"),)),)),)
    )
    files, report = made(post)
    markup = files["k.xhtml"].decode()
    assert words(etree.fromstring(markup.encode())).count("SpanLink: ") == 1
    assert [markup.count(m) for m in ('id="k--here"', 'epub:type="noteref"', "https://e")] == [
        1
    ] * 3
    account = report.accounts["k"]
    assert (account.dropped, account.left_out.words, account.simplified) == (1, 2, 1)


@pytest.mark.parametrize("columns", [3, 12])
def test_a_table_in_raw_html_is_written_as_any_other(columns: int) -> None:
    def row(name: str) -> str:
        return "".join(f"<{name}>x{n}</{name}>" for n in range(columns))

    raw = b.RawBlock("html", f"<TABLE><tr>{row('th')}</tr><tr>{row('td')}</tr></TABLE>")
    text = b.Paragraph((i.Text("text"),))
    root = chapter(raw, text)
    is_wide = columns == 12
    assert (root.find(f".//{XHTML}table") is None) is is_wide
    assert len([e for e in root.iter() if e.get("class") == "stacked"]) == is_wide
    assert words(root).endswith("text")


@pytest.mark.parametrize(
    ("row", "smaller"),
    [
        ("Rows Method Plants", False),
        ("Rows conversation Plants Kilograms beautiful", True),
        ("Rows letter-by-letter Plants Tons fair", False),
        ("版本 頁數與標點符號的改動與說明 年 月 日", False),
        ("Harbourmasters Schoolmasters Lamp", False),
        ("Harbourmaster Schoolmaster Lighthouses Prints", True),
    ],
)
def test_a_table_whose_words_are_wider_than_a_telephone_is_set_smaller(
    row: str, smaller: bool
) -> None:
    cells = tuple(b.Cell((i.Text(word),)) for word in row.split())
    (table,) = chapter(b.Table((), (cells,))).iter(f"{XHTML}table")
    assert (table.get("class") == "wide") is smaller


@pytest.mark.parametrize(
    ("row", "breaking"),
    [
        ("Internationalization Incomprehensibility Counterrevolutionary", [0, 1, 2]),
        ("Electroencephalograph a few", [0]),
        ("Harbourmasters Schoolmasters Lighthouses", []),
        ("Internationalization Harbourmaster Lamps", []),
        ("extraordinarily some established interesting particularly", [0]),
    ],
)
def test_words_break_where_a_telephone_has_no_room_for_all_of_them(
    row: str, breaking: list[int]
) -> None:
    cells = tuple(b.Cell((i.Text(word),)) for word in row.split())
    found = chapter(b.Table((), (cells,))).iter(f"{XHTML}td")
    spans = [cell.find(f"{XHTML}span[@class='long']") for cell in found]
    assert [number for number, span in enumerate(spans) if span is not None] == breaking


def test_a_paragraph_in_bold_is_marked_as_a_heading_and_a_sentence_in_bold_is_not() -> None:
    def bold(text: str) -> b.Paragraph:
        return b.Paragraph((i.Strong((i.Text(text),)),))

    root = chapter(bold("What came of it"), bold("It was late."), bold("w " * 60))
    marked = [p.get("class") for p in root.iter(f"{XHTML}p")]
    assert marked == ["bold-heading", None, None]


def test_a_paragraph_that_begins_with_a_picture_has_no_indent_that_would_push_it_off_the_page() -> (
    None
):
    picture_of = i.Image("x.png", "a picture")
    root = chapter(
        b.Paragraph((picture_of, i.Text(" with words"))),
        b.Paragraph((i.Link((picture_of,), "https://example.org/"),)),
        b.Paragraph((i.Text("words with "), picture_of)),
    )
    assert [p.get("class") for p in root.iter(f"{XHTML}p")] == ["pictured", "pictured", None]


def test_paragraphs_of_verse_are_marked_and_a_signature_is_none() -> None:
    line = (i.Text("Yours,"), i.LineBreak())
    stanza, signature = (b.Paragraph((*line * count, i.Text("x"))) for count in (2, 1))
    root = chapter(stanza, signature, b.Paragraph((i.Text("prose"),)), signature)
    assert [p.get("class") for p in root.iter(f"{XHTML}p")] == ["lines", "lines", None, None]


def test_a_paragraph_of_lines_in_a_quotation_is_marked_so_that_its_first_has_no_indent() -> None:
    verse = b.Paragraph((i.Text("One line,"), i.LineBreak(), i.Text("another.")))
    root = chapter(verse, b.Quote((verse, b.Paragraph((i.Text("prose"),)))))
    assert [p.get("class") for p in root.iter(f"{XHTML}p")] == [None, "lines", None]


def test_lines_of_verse_hang_in_paragraphs_and_those_of_prose_in_a_quotation_do_not() -> None:
    lines = [part for n in "123" for part in (i.Text(f"Line {n},"), i.LineBreak())]
    long = i.Text("She said it twice, and nobody believed her before the end of the week. " * 2)
    prose = b.Quote((b.Paragraph((long, i.LineBreak(), long)),))
    root = chapter(b.Paragraph((*lines, i.Text("the end"))), prose)
    verse, quoted = (p for p in root.iter(f"{XHTML}p") if p.get("class") == "lines")
    spans = [(span.get("class"), span.text) for span in verse.iter(f"{XHTML}span")]
    assert spans == [("line", text) for text in ("Line 1,", "Line 2,", "Line 3,", "the end")]
    assert quoted.find(f".//{XHTML}span") is None


@pytest.mark.parametrize(("language", "slants"), [("ar", False), ("ja-JP", False), ("fr", True)])
def test_a_document_in_a_script_without_italics_says_so(language: str, slants: bool) -> None:
    post = Post(Metadata(key="k", title="T", language=language), (b.Paragraph((i.Text("x"),)),))
    files, _ = made(post)
    assert (etree.fromstring(files["k.xhtml"]).get("class") is None) is slants


def test_apple_and_google_keep_any_table() -> None:
    for destination in ("apple", "google"):
        assert chapter(table(12), destination=destination).find(f".//{XHTML}table") is not None


def test_a_cell_that_spans_rows_and_columns_stands_at_each_of_them() -> None:
    def cell(text: str, colspan: int = 1, rowspan: int = 1) -> b.Cell:
        return b.Cell((i.Text(text),), colspan, rowspan)

    spanning = b.Table(
        ((cell("Name"), cell("Year", 2), cell("Sum"), cell("Note")),),
        (
            (cell("Ada", 1, 2), cell("1"), cell("2"), cell("3"), cell("x", 1, 2)),
            (cell("4"), cell("5"), cell("9")),
        ),
    )
    root = chapter(spanning, destination="kindle")
    rows = [words(p) for p in root.iter(f"{XHTML}p") if p.get("class") == "row"]
    assert rows == ["Name: Ada", "Name: Ada"]
    items = [words(item) for item in root.iter(f"{XHTML}li")]
    first = ["Year: 1", "Year: 2", "Sum: 3", "Note: x"]
    assert items == [*first, "Year: 4", "Year: 5", "Sum: 9", "Note: x"]


def as_list(table: b.Table) -> list[str]:
    """The rows of a table as Kindle has them, those of lists after a dash."""
    root = chapter(table, destination="kindle")
    return [
        words(e) if e.tag == f"{XHTML}p" else f"- {words(e)}"
        for e in root.iter(f"{XHTML}p", f"{XHTML}li")
    ]


def cells(*texts: str) -> tuple[b.Cell, ...]:
    return tuple(b.Cell((i.Text(text),) if text else ()) for text in texts)


def test_a_row_without_a_first_cell_has_a_heading_and_an_empty_column_says_so() -> None:
    rows = (cells("Ada", "1", "", "2", ""), cells("", "3", "", "", ""), cells("Bo", "", "", "4"))
    assert as_list(b.Table((cells("Name", "May", "June", "July", ""),), rows)) == [
        "Name: Ada",
        *("- May: 1", "- June: \u2013", "- July: 2"),
        "May: 3",
        "- June: \u2013",
        "Name: Bo",
        *("- June: \u2013", "- July: 4"),
    ]


def test_heads_over_several_columns_stand_once_and_rows_across_have_none() -> None:
    def over(text: str, colspan: int, rowspan: int = 1) -> b.Cell:
        return b.Cell((i.Text(text),), colspan, rowspan)

    head = (
        (over("Name", 1, 2), over("First", 2), over("Second", 2)),
        cells("a", "b", "a", "b"),
    )
    rows = (
        (over("Part one", 5),),
        (*cells("Ada"), over("x", 2), *cells("y", "z")),
        (*cells("Bo", "x"), over("y", 2), *cells("z")),
        (*cells("Total"), over("all", 4)),
    )
    assert as_list(b.Table(head, rows)) == [
        "Part one",
        "Name: Ada",
        *("- First, a, b: x", "- Second, a: y", "- Second, b: z"),
        "Name: Bo",
        *("- First, a: x", "- First, b, Second, a: y", "- Second, b: z"),
        "Name: Total",
        "- all",
    ]


_SPANS = st.integers(1, 3)
_CELLS = st.builds(
    lambda words, colspan, rowspan: b.Cell(
        (i.Text(words),) if words else (), colspan=colspan, rowspan=rowspan
    ),
    st.text("abcdef", max_size=3),
    _SPANS,
    _SPANS,
)
_ROWS = st.lists(st.lists(_CELLS, min_size=1, max_size=6).map(tuple), max_size=3).map(tuple)


@given(_ROWS, _ROWS)
@example(((b.Cell((i.Text("Country"),)),) * 5,), ())
def test_a_table_as_a_list_keeps_every_word_of_its_heads_and_cells(
    head: tuple[tuple[b.Cell, ...], ...], rows: tuple[tuple[b.Cell, ...], ...]
) -> None:
    def words_of(post: Post) -> set[str]:
        return set(re.findall(r"\w+", plain_text(post)))

    post = Post(Metadata(key="k", title="T"), (b.Table(head, rows),))
    assert words_of(fit_post(post, replace(KINDLE, table_columns=1), Context())) == words_of(post)


def test_long_words_of_a_table_may_break_and_others_stay_whole() -> None:
    address = "https://example.org/" + "averylongname" * 4
    cells = (
        b.Cell((i.Text(f"see {address}, also"),)),
        b.Cell((i.Link((i.Text(address),), address),)),
        b.Cell((i.Code(address), i.Text(" Switzerland "))),
    )
    row = chapter(b.Table((), (cells,))).find(f".//{XHTML}tr")
    breaking = [words(span) for span in row.iter(f"{XHTML}span") if span.get("class") == "long"]
    assert breaking == [f"{address},", address, address]
    assert words(row) == f"see {address}, also{address}{address} Switzerland"
    files, _ = made(Post(Metadata(key="k", title="T"), (b.Table((), (cells,)),)))
    assert re.search(r"\.long \{[^}]*overflow-wrap: anywhere", files["style.css"].decode())


# verse


def test_lines_of_verse_stand_in_spans_and_keep_their_breaks() -> None:
    poem = b.Verse(
        (
            i.Text("one "),
            i.Emphasis((i.Text("line"),)),
            i.LineBreak(),
            i.Text("  two"),
            i.LineBreak(),
            i.LineBreak(),
            i.Text("three"),
        )
    )
    (verse,) = [e for e in chapter(poem).iter() if e.get("class") == "verse"]
    stanzas = [
        [(line.tag.removeprefix(XHTML), "".join(line.itertext())) for line in stanza]
        for stanza in verse
    ]
    assert stanzas == [
        [("span", "one line"), ("br", ""), ("span", "  two")],
        [("span", "three")],
    ]


# formulas


@pytest.mark.parametrize(("name", "beside"), [("kobo", True), ("google", True), ("safe", False)])
def test_a_formula_is_mathml_with_a_picture_beside_it_where_one_is_wanted(
    name: Any, beside: bool
) -> None:
    post = Post(Metadata(key="k", title="T"), (b.MathBlock("a^2"), b.Paragraph((i.Math("a^2"),))))
    options = Epub(destination=name)
    files = opened(write(post, options).to_bytes())
    formulas = list(etree.fromstring(files["k.xhtml"]).iter(f"{MATHML}math"))
    assert [f.get("alttext") for f in formulas] == ["a^2", "a^2"]
    for formula in formulas:
        assert (formula.get("altimg") is not None) is beside
        if beside:
            assert etree.fromstring(files[formula.get("altimg")]).tag.endswith("svg")


def test_kindle_gets_formulas_as_pictures_with_their_tex() -> None:
    post = Post(Metadata(key="k", title="T"), (b.MathBlock("a^2"), b.Paragraph((i.Math("a<b"),))))
    files, report = made(post, "kindle")
    root = etree.fromstring(files["k.xhtml"])
    assert not list(root.iter(f"{MATHML}math"))
    pictures = list(root.iter(f"{XHTML}img"))
    assert [p.get("alt") for p in pictures] == ["a^2", "a<b"]
    for shown in pictures:
        assert re.fullmatch(r"width: [\d.]+em;( vertical-align: -?[\d.]+em)?", shown.get("style"))
        with PillowImage.open(io.BytesIO(files[shown.get("src")])) as image:
            opaque = image.convert("RGBA").getchannel("A").getextrema() == (255, 255)
            assert opaque, "black on nothing is not seen on a black page"
    assert any("formulas were written as pictures" in d.message for d in report.diagnostics)
    package = files["content.opf"].decode()
    assert ">latex<" in package
    assert ">MathML<" not in package


SUM = " + ".join(f"a_{{{n}}} x_{{{n}}}" for n in range(40))


@pytest.mark.parametrize(
    ("terms", "style", "moves"),
    [
        (3, None, False),
        (8, None, True),
        (11, "font-size: [89][0-9]%", True),
        (40, "font-size: 65%", True),
    ],
)
def test_a_long_formula_that_cannot_be_broken_is_smaller_and_can_be_moved(
    terms: int, style: str | None, moves: bool
) -> None:
    tex = " + ".join(f"a_{{{n}}} x_{{{n}}}" for n in range(terms))
    (formula,) = chapter(b.MathBlock(rf"\left({tex}\right)")).iter(f"{MATHML}math")
    if style is None:
        assert formula.get("style") is None
    else:
        assert re.fullmatch(style, formula.get("style"))
    box = formula.getparent()
    assert (box.get("class"), box.get("tabindex")) == (("long", "0") if moves else ("math", None))


def test_a_long_formula_is_broken_before_its_operators() -> None:
    (formula,) = chapter(b.MathBlock(f"y = {SUM}")).iter(f"{MATHML}math")
    assert formula.get("alttext") == f"y = {SUM}"
    assert formula.get("style") is None
    assert formula.getparent().get("class") == "math"
    lines = [words(row) for row in formula.iter(f"{MATHML}mtr")]
    assert 6 < len(lines) < 12
    assert lines[0].startswith("y=a0x0+")
    assert all(line.startswith("+") for line in lines[1:])
    assert "".join(lines) == "y=" + "+".join(f"a{n}x{n}" for n in range(40))


def test_a_long_formula_within_a_line_is_read_as_one_and_broken_as_words_are() -> None:
    root = chapter(b.Paragraph((i.Text("As "), i.Math(SUM), i.Text(" says."))))
    (whole,) = (e for e in root.iter(f"{XHTML}span") if e.get("role") == "math")
    assert whole.get("aria-label") == SUM
    pieces = list(whole)
    assert {piece.tag for piece in pieces} == {f"{MATHML}math"}
    assert len(pieces) > 10
    assert words(whole) == "+".join(f"a{n}x{n}" for n in range(40))


@pytest.mark.parametrize("destination", ["safe", "kindle"])
def test_a_formula_that_no_small_page_holds_is_named(destination: Any) -> None:
    posts = [
        Post(Metadata(key=k, title="T", source=f"{k}.md"), (b.MathBlock(tex, line=3),))
        for k, tex in (("broken", SUM), ("whole", rf"\frac{{{SUM}}}{{2}}"))
    ]
    named = [
        (d.source, d.line)
        for post in posts
        for d in made(post, destination)[1].diagnostics
        if "formula is wider than a small page" in d.message
    ]
    assert named == [("whole.md", 3)]


def test_a_long_formula_on_kindle_is_a_picture_of_several_lines() -> None:
    (shown,) = chapter(b.MathBlock(SUM), destination="kindle").iter(f"{XHTML}img")
    assert shown.get("alt") == SUM
    width = re.match(r"width: ([\d.]+)em", shown.get("style"))
    assert width is not None
    assert 15 < float(width[1]) < 21


def test_a_formula_that_cannot_be_set_stays_as_tex() -> None:
    for destination in ("safe", "kindle"):
        root = chapter(b.MathBlock(r"\undefined{x}"), destination=destination)
        assert words(root.find(f".//{XHTML}code")) == r"\undefined{x}"


# pictures


def test_kindle_gets_no_picture_without_a_text_and_the_book_does_not_boast_of_it() -> None:
    post = Post(
        Metadata(key="k", title="T", source="t.md"),
        (b.Figure(i.Image("x.png", line=3)), b.CodeBlock('<img alt=""/>')),
        (),
        (Asset("x.png", picture("PNG")),),
    )
    files, report = made(post, "kindle")
    root = etree.fromstring(files["k.xhtml"])
    assert root.find(f".//{XHTML}img").get("alt") == "Picture without a description"
    assert words(root.find(f".//{XHTML}pre")) == '<img alt=""/>'
    assert ">alternativeText<" not in files["content.opf"].decode()
    (found,) = [d for d in report.diagnostics if d.code is DiagnosticCode.ALT_MISSING]
    assert (found.source, found.line) == ("t.md", 3)
    assert etree.fromstring(made(post)[0]["k.xhtml"]).find(f".//{XHTML}img").get("alt") == ""


def test_kindle_gets_bitmaps_alone() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">'
        b'<rect width="40" height="30"/></svg>'
    )
    post = Post(
        Metadata(key="k", title="T"),
        (b.Figure(i.Image("a.svg", "a")), b.Figure(i.Image("b.webp", "b"))),
        (),
        (Asset("a.svg", svg), Asset("b.webp", picture("WEBP"))),
    )
    files, _ = made(post, "kindle")
    shown = etree.fromstring(files["k.xhtml"]).iter(f"{XHTML}img")
    assert {s.get("src").rsplit(".")[-1] for s in shown} <= {"png", "jpg"}


def test_pictures_of_a_gallery_stand_in_rows_of_one_height() -> None:
    shapes = [(40, 30), (30, 40), (40, 30), (60, 20), (20, 60)]
    assets = []
    for number, shape in enumerate(shapes):
        stream = io.BytesIO()
        PillowImage.new("RGB", shape, (number, 0, 0)).save(stream, "PNG")
        assets.append(Asset(f"{number}.png", stream.getvalue()))
    figures = tuple(b.Figure(i.Image(asset.href, "p")) for asset in assets)
    post = Post(Metadata(key="k", title="T"), (b.Gallery(figures),), (), tuple(assets))
    gallery = etree.fromstring(made(post)[0]["k.xhtml"]).find(f".//{XHTML}figure[@class='gallery']")
    widths = [
        float(f.get("style").split()[1].rstrip("%"))
        for f in gallery.iter(f"{XHTML}figure")
        if f.get("style")
    ]
    heights = [width * high / wide for width, (wide, high) in zip(widths, shapes, strict=True)]
    assert max(heights[:3]) - min(heights[:3]) < 0.5
    assert max(heights[3:]) - min(heights[3:]) < 0.5
    assert 95 < sum(widths[:3]) < 97.1
    assert 97 < sum(widths[3:]) < 98.1


def test_a_given_cover_is_made_fit_and_a_small_one_is_named() -> None:
    transparent = io.BytesIO()
    PillowImage.new("RGBA", (500, 800), (0, 0, 0, 0)).save(transparent, "PNG")
    options = Epub(destination="kindle", cover=transparent.getvalue())
    artifact = write(Post(Metadata(key="k", title="T")), options)
    files = opened(artifact.to_bytes())
    with PillowImage.open(io.BytesIO(files["images/cover.jpg"])) as cover:
        assert (cover.format, cover.mode) == ("JPEG", "RGB")
    told = [d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.STORE_RULE]
    assert [m for m in told if "500 x 800 pixels, but must have at least 625 x 1000" in m]
