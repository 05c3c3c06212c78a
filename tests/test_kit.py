"""The upload kit, its files read back and held against the numbers of the store."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
import pymupdf
import pytest
from PIL import Image
from pypdf import PdfReader

from book_info import with_info
from clothbound import api
from clothbound.cli.report import summary
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode, LossReport, Severity
from clothbound.errors import OptionError
from clothbound.fields import settings
from clothbound.kdp import specs, wrap_text
from clothbound.kdp.back_text import back_text
from clothbound.kdp.interior import _bound
from clothbound.kdp.options import Kdp
from clothbound.kdp.specs import WrapSize
from clothbound.kdp.wrap import write_wrap
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.index import Index, IndexEntry
from clothbound.model.post import Asset, Metadata, Post, Timestamp
from clothbound.model.posts_at_hand import as_collection
from clothbound.writers.pdf.fonts import Measure
from clothbound.writers.pdf.page_format import PAGES, PageFormat
from clothbound.writers.pdf.press_ready import write_interior
from clothbound.writers.pdf.theme import THEMES
from printed_books import has_faces

WORDS = (
    "The pilot boat wants a logbook that can be dropped overboard and read again afterwards. "
    "Nobody had asked for one before the storm, though everybody needed it during the night. "
)
INCH = 72
PAPER: specs.Paper = "cream"


def p(*children: i.Inline | str) -> b.Paragraph:
    return b.Paragraph(tuple(i.Text(c) if isinstance(c, str) else c for c in children))


def picture(width: int, height: int, mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(stream, "PNG")
    return stream.getvalue()


def post(number: int, *body: b.Block, assets: tuple[Asset, ...] = ()) -> Post:
    day = datetime(2023, 1 + number % 12, 3, tzinfo=UTC)
    metadata = Metadata(
        key=f"k{number}",
        title=f"Letter {number}",
        published=Timestamp(f"{day:%Y-%m-%d}", day, "day"),
        language="en",
        source=f"{number}.md",
        canonical_url=f"https://letters.example/p/{number}",
        tags=("tides",),
    )
    return Post(metadata, body, assets=assets)


def book(*posts: Post, cover: str = "") -> Collection:
    return Collection(
        posts=posts,
        index=Index.of(posts),
        info=BookInfo(
            title="Letters 2023",
            authors=("A. Writer",),
            language="en",
            rights="© 2023 A. Writer",
            description="About the tide. " * 12,
            cover=cover,
        ),
    )


def sample() -> Collection:
    first = post(
        0,
        p(WORDS * 4, i.Link((i.Text("elsewhere"),), "https://elsewhere.example/")),
        b.Figure(i.Image("coarse.png", "teal", line=7), (i.Text("coarse"),)),
        b.Figure(i.Image("fine.png", "teal")),
        b.Heading((i.Text("A heading"),), 2),
        b.CodeBlock("x = 1\n" + "y" * 200),
        b.Embed("tweet", "https://twitter.com/a/status/1", "Twitter", "", "words", "Someone"),
        b.MathBlock(r"\frac{a}{b}"),
        assets=(
            Asset("coarse.png", picture(500, 300, "RGBA"), "image/png"),
            Asset("fine.png", picture(2000, 300), "image/png"),
        ),
    )
    others = (post(n, *[p(WORDS * 5) for _ in range(5)]) for n in range(1, 24))
    return book(first, *others)


@cache
def kit() -> tuple[dict[str, bytes], LossReport]:
    artifact = api.write(sample(), Kdp(trim="6x9", paper=PAPER, theme="novel"))
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, artifact.report


def file(name: str) -> bytes:
    return kit()[0][name]


def pages() -> int:
    return len(PdfReader(io.BytesIO(file("interior.pdf"))).pages)


def drawn(data: bytes) -> Iterator[tuple[int, str, pymupdf.Rect]]:
    """The number of the page, from 1, the kind and the place of everything that leaves ink."""
    with pymupdf.open(stream=data) as document:
        for number, page in enumerate(document, 1):
            for kind, place in page.get_bboxlog():
                if kind != "ignore-text":
                    yield number, kind, pymupdf.Rect(place)


# the inside


def test_all_files_are_there() -> None:
    assert set(kit()[0]) == {
        "cover.pdf", "ebook-cover.jpg", "ebook.epub", "interior.pdf", "sheet.html",
    }  # fmt: skip


def test_the_inside_has_the_size_and_leaves_its_margins() -> None:
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(file("interior.pdf"))).pages]
    assert {(float(box.width), float(box.height)) for box in boxes} == {(6 * INCH, 9 * INCH)}
    gutter, outer = specs.gutter(pages()) * INCH, specs.OUTER_MARGIN * INCH
    seen = 0
    for number, _, place in drawn(file("interior.pdf")):
        recto = number % 2 == 1
        left, right = (gutter, outer) if recto else (outer, gutter)
        assert place.x0 >= left - 0.1
        assert place.x1 <= 6 * INCH - right + 0.1
        assert place.y0 >= outer
        assert place.y1 <= 9 * INCH - outer
        seen += 1
    assert seen > pages()


def test_the_inside_has_nothing_that_the_store_forbids() -> None:
    reader = PdfReader(io.BytesIO(file("interior.pdf")))
    root = reader.trailer["/Root"]
    assert not {"/Outlines", "/Names", "/Metadata", "/StructTreeRoot", "/AcroForm"} & root.keys()
    assert not reader.metadata
    assert not reader.is_encrypted
    assert all("/Annots" not in page for page in reader.pages)
    assert b"/SMask" not in file("interior.pdf")
    # All pages share their resources.
    pictures = reader.pages[0].images
    assert len(pictures) == 2
    assert {image.image.mode for image in pictures} == {"RGB"}


def test_all_fonts_are_embedded_and_ours_are_whole() -> None:
    found: dict[str, int] = {}
    for page in PdfReader(io.BytesIO(file("interior.pdf"))).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"]
            assert descriptor["/FontFile2"]
            found[str(font["/BaseFont"])] = len(descriptor["/FontFile2"].get_data())
        break
    assert len(found) > 4
    assert all(re.match(r"/Clothbound-(Serif|Display|Sans|Mono)", name) for name in found)
    assert all(size > 80_000 for size in found.values())


def test_no_type_is_too_small() -> None:
    with pymupdf.open(stream=file("interior.pdf")) as document:
        sizes = {
            round(span["size"], 2)
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        }
    assert min(sizes) >= specs.LEAST_TYPE


def interior(*posts: Post, trim: specs.Trim = "6x9", css: str = "", runs_on: bool = False) -> bytes:
    stream = io.BytesIO()
    write_interior(
        stream, book(*posts), Context(), page=PAGES[trim], theme=THEMES["essay"], bind=_bound,
        least_type=specs.LEAST_TYPE,
        page_references=True, grayscale=False, css=css, runs_on=runs_on,
    )  # fmt: skip
    return stream.getvalue()


def test_short_letters_run_on_instead_of_beginning_on_right_hand_pages() -> None:
    letters = [post(n, p(WORDS)) for n in range(6)]
    apart, below = (len(PdfReader(io.BytesIO(interior(*letters, runs_on=on))).pages) for on in (False, True))  # fmt: skip
    assert apart - below == 10
    assert Kdp().recto
    assert not Kdp(openers="run-on").recto


def type_sizes(data: bytes) -> set[float]:
    with pymupdf.open(stream=data) as document:
        return {
            round(span["size"], 2)
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        }


@pytest.mark.parametrize("trim", ["5x8", "5.5x8.5"])
def test_type_in_a_wide_table_and_in_a_mark_of_small_type_is_not_too_small(
    trim: specs.Trim,
) -> None:
    heads = tuple(b.Cell((i.Text(f"Quarter {n}"),)) for n in range(8))
    cells = tuple(b.Cell((i.Text(str(n)), i.Superscript((i.Text("nd"),)))) for n in range(8))
    raised = p("on the 2", i.Superscript((i.Text("nd"),)), i.Subscript((i.Text("a"),)))
    data = interior(post(1, b.Table((heads,), (cells,)), b.Quote((raised,))), trim=trim)
    assert min(type_sizes(data)) >= specs.LEAST_TYPE


SUM = " + ".join(rf"a_{{{n}}} x^{{{n}}}" for n in range(40))


def test_type_that_is_too_small_is_named_with_its_post() -> None:
    wide = post(1, b.Paragraph((i.Text("see"),)), b.MathBlock(rf"\frac{{{SUM}}}{{2}}", line=7))
    broken = post(2, b.MathBlock(SUM))
    artifact = api.write(book(wide, broken), "kdp")
    artifact.to_bytes()
    told = [d for d in artifact.report.diagnostics if "KDP asks for 7" in d.message]
    assert [(d.source, d.code, d.severity) for d in told] == [
        ("1.md", DiagnosticCode.STORE_RULE, Severity.WARNING)
    ]
    assert re.search(r"a formula in type of \d\.\d points: \\frac", told[0].message)


def test_small_type_of_a_style_sheet_is_named(tmp_path: Path) -> None:
    css = tmp_path / "small.css"
    css.write_text(".post > p { font-size: 5pt }")
    artifact = api.write(book(post(1, p(WORDS)), post(2, p(WORDS))), Kdp(css=css))
    artifact.to_bytes()
    told = [d for d in artifact.report.diagnostics if "KDP asks for 7" in d.message]
    assert [d.source for d in told] == ["1.md", "2.md"]
    assert "type of 5.0 points: The pilot boat" in told[0].message


def test_a_style_sheet_changes_type_and_not_the_binding() -> None:
    one = post(1, *[p(WORDS * 5) for _ in range(4)])
    css = "html { font-size: 13pt; line-height: 19pt } @page { margin: 0 }"
    data = interior(one, css=css)
    assert 13 in type_sizes(data)
    gutter = specs.gutter(24) * INCH
    assert all(place.x0 >= gutter - 0.1 for number, _, place in drawn(data) if number % 2)


def test_a_picture_that_is_missing_is_what_the_store_refuses() -> None:
    missing = b.Figure(i.Image("gone.png", "A boat", line=9))
    remote = b.Figure(i.Image("https://pictures.example/a.png", "A quay", line=11))
    artifact = api.write(book(post(1, missing, remote), post(2, p("x"))), "kdp")
    artifact.to_bytes()
    assert artifact.report.missing == 2
    told = artifact.report.diagnostics
    refused = [d for d in told if d.code is DiagnosticCode.STORE_RULE and "missing" in d.message]
    assert [d.severity for d in refused] == [Severity.ERROR]
    assert refused[0].message.startswith("2 pictures are missing")
    places = [
        (d.source, d.line)
        for d in told
        if d.code in (DiagnosticCode.IMAGE_MISSING, DiagnosticCode.IMAGE_REMOTE)
    ]
    assert places == [("1.md", 9), ("1.md", 11)], "each is named once, by whoever looked for it"


def test_letters_begin_on_right_hand_pages_and_the_count_is_even() -> None:
    with pymupdf.open(stream=file("interior.pdf")) as document:
        starts = [
            number
            for number, page in enumerate(document, 1)
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            if re.fullmatch(r"Letter \d+", line["spans"][0]["text"])
            and line["spans"][0]["size"] > 15
        ]
    assert len(starts) == 24
    assert all(number % 2 for number in starts)
    assert pages() % 2 == 0


def test_the_margin_grows_with_the_pages_and_no_line_moves() -> None:
    for name in specs.TRIMS:
        for pages in (24, 150, 151, 300, 301, 500, 501, 700, 701, 828):
            page = PAGES[name]
            bound = _bound(page, pages)
            assert bound.inside >= specs.gutter(pages) * INCH
            assert bound.outside >= specs.OUTER_MARGIN * INCH
            assert bound.measure == pytest.approx(page.measure)
            assert (bound.width, bound.height) == pytest.approx(
                (specs.TRIMS[name].width * INCH, specs.TRIMS[name].height * INCH), abs=0.1
            )
    assert [specs.gutter(n) for n in (24, 150, 151, 300, 301, 500, 501, 700, 701, 828)] == [
        0.375, 0.375, 0.5, 0.5, 0.625, 0.625, 0.75, 0.75, 0.875, 0.875,
    ]  # fmt: skip


def test_the_second_pass_has_the_pages_of_the_first() -> None:
    collection = as_collection([post(n, *[p(WORDS * 5) for _ in range(6)]) for n in range(3)])
    texts = []
    lefts = []
    for bind in (lambda page, _: page, lambda page, _: page.bound(0.875 * INCH, 20)):
        stream = io.BytesIO()
        write_interior(
            stream, collection, Context(), page=PAGES["6x9"], theme=THEMES["essay"], bind=bind,
            least_type=specs.LEAST_TYPE,
            page_references=True, grayscale=False, css="",
        )  # fmt: skip
        with pymupdf.open(stream=stream.getvalue()) as document:
            texts.append([page.get_text() for page in document])
            lefts.append(min(block[0] for block in document[4].get_text("blocks")))
    assert texts[0] == texts[1]
    assert lefts[1] - lefts[0] == pytest.approx(0.975 * INCH - PAGES["6x9"].inside, abs=0.1)


def test_a_coarse_picture_is_named_with_its_post_and_line() -> None:
    found = [d for d in kit()[1].diagnostics if d.code is DiagnosticCode.STORE_RULE]
    assert [(d.source, d.line) for d in found if "dots per inch" in d.message] == [("0.md", 7)]
    assert "coarse.png would be printed with 200 dots" in found[0].message


def test_too_few_pages_are_an_error() -> None:
    artifact = api.write(book(post(1, p("short")), post(2, p("short"))), "kdp")
    artifact.to_bytes()
    messages = [
        d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.STORE_RULE
    ]
    assert any("KDP prints from 24" in message for message in messages)


def test_the_ink_decides_how_many_pages_there_may_be() -> None:
    two = book(post(1, p("short")), post(2, p("short")))
    artifact = api.write(two, Kdp(ink="color"))
    artifact.to_bytes()
    messages = [
        d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.STORE_RULE
    ]
    assert any("KDP prints from 72 on in standard colour on white" in m for m in messages)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (Kdp(ink="premium-color", paper="cream"), "use paper=white"),
        (Kdp(binding="hardcover", trim="5x8"), "use trim=5.5x8.5, 6x9, 7x10"),
        (Kdp(binding="hardcover", ink="color"), "use ink=black, premium-color"),
    ],
)
def test_what_is_not_printed_is_refused_before_anything_is_made(options: Kdp, hint: str) -> None:
    with pytest.raises(OptionError) as refused:
        api.write(book(post(1, p("x")), post(2, p("y"))), options)
    assert refused.value.hint.startswith(hint)


def test_a_hardcover_has_a_case_and_says_with_what_its_size_is_to_be_compared() -> None:
    two = book(post(1, p("x")), post(2, p("y")))
    hebrew = msgspec.structs.replace(two, info=msgspec.structs.replace(two.info, language="he"))
    for collection, is_bound in ((two, True), (hebrew, False)):
        artifact = api.write(collection, Kdp(binding="hardcover"))
        with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
            box = PdfReader(io.BytesIO(archive.read("cover.pdf"))).pages[0].mediabox
            spine = 10 * 0.002252 + 4.8 / 25.4
            assert float(box.width) / INCH == pytest.approx(12 + spine + 40 / 25.4, abs=0.001)
            assert float(box.height) / INCH == pytest.approx(9 + 36 / 25.4, abs=0.001)
            assert specs.COVER_CALCULATOR in archive.read("sheet.html").decode()
        said = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.STORE_RULE]
        assert any(specs.COVER_CALCULATOR in d.message for d in said)
        errors = " ".join(d.message for d in said if d.severity is Severity.ERROR)
        assert "the hardcover has 10 pages, and KDP prints from 75 on" in errors
        assert ("is read from right to left" not in errors) is is_bound


# the cover


def test_a_case_is_as_large_as_in_a_template_of_the_stores() -> None:
    """The template that the calculator made for 103 pages of 6 x 9 in on white paper."""
    spine = specs.spine_width(103, "white", binding="hardcover")
    size = specs.WrapSize.of_case(specs.TRIMS["6x9"], spine)
    assert (round(size.width, 3), round(size.height, 3), round(spine, 3)) == (13.996, 10.417, 0.421)
    assert size.front - size.folds[1] == 0
    assert size.back == pytest.approx(specs.CASE_WRAP)


def test_the_back_has_the_authors_text_and_the_quotation_that_is_named() -> None:
    quotation = b.PullQuote((p("A book is a thing that opens, and stays open."),))
    made = book(post(1, p("One."), quotation), post(2, p("Two.")))
    assert back_text(made, "en") == (made.info.description, [])
    own = with_info(made, back_cover="Ten letters.", back_quote="A book is a thing …")
    quoted = "“A book is a thing that opens, and stays open.”\n\n— Letter 1\n\nTen letters."
    assert back_text(own, "en") == (quoted, [])
    text, told = back_text(with_info(own, back_quote="No such"), "en")
    assert text == "Ten letters."
    assert "no quotation in the posts begins with 'No such'" in told[0]


def test_the_cover_is_as_wide_as_its_pages_are_thick() -> None:
    reader = PdfReader(io.BytesIO(file("cover.pdf")))
    assert len(reader.pages) == 1
    spine = pages() * 0.0025
    box = reader.pages[0].mediabox
    assert float(box.width) == pytest.approx((2 * 6 + 2 * 0.125 + spine) * INCH, abs=0.05)
    assert float(box.height) == pytest.approx(9.25 * INCH, abs=0.05)
    assert "/Annots" not in reader.pages[0]
    assert not reader.metadata
    assert specs.spine_width(200, "white") == pytest.approx(0.4504)
    assert specs.spine_width(200, "white", "color") == pytest.approx(0.4504)
    assert specs.spine_width(200, "white", "premium-color") == pytest.approx(0.4694)


def spans(data: bytes) -> list[tuple[str, pymupdf.Rect]]:
    with pymupdf.open(stream=data) as document:
        return [
            (span["text"], pymupdf.Rect(span["bbox"]))
            for block in document[0].get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if span["text"].strip()
        ]


def wrap(pages: int, paper: specs.Paper, cover: str = "") -> tuple[bytes, WrapSize, bool]:
    size = WrapSize.of(specs.TRIMS["6x9"], specs.spine_width(pages, paper))
    made = write_wrap(book(post(1, p("x")), cover=cover), size, pages, {"k1": 100}, Context())
    return made.data, size, made.has_spine_text


@pytest.mark.parametrize(
    "text", ["About tides.", "About tides. " * 30 + "\n\n" + "And nets. " * 40]
)
@pytest.mark.parametrize("language", ["en", "he"])
def test_the_text_on_the_back_stands_in_the_middle_of_its_label(text: str, language: str) -> None:
    size = WrapSize.of(specs.TRIMS["6x9"], specs.spine_width(300, "white"))
    one = with_info(book(post(1, p("x"))), description=text, language=language)
    made = write_wrap(one, size, 300, {"k1": 100}, Context())
    lines = [box for words, box in spans(made.data) if "tides" in words or "nets" in words]
    with pymupdf.open(stream=made.data) as document:
        labels = [drawn["rect"] for drawn in document[0].get_drawings()]
    left, right = (size.back + size.tile) * INCH, (size.back + size.trim_width - size.tile) * INCH
    assert all(left + 20 < one.x0 and one.x1 < right - 20 for one in lines)
    label = next(
        one
        for one in labels
        if one.x0 == pytest.approx(left, abs=1) and one.y0 < lines[0].y0 < one.y1
    )
    above, below = lines[0].y0 - label.y0, label.y1 - lines[-1].y1
    if language == "en":
        assert above == pytest.approx(below, abs=3)
    assert min(above, below) > 0.5 * size.tile * INCH
    assert all(a.y1 < b.y1 for a, b in itertools.pairwise(lines))


def test_text_on_the_cover_keeps_clear_of_edges_folds_and_barcode() -> None:
    data, size, has_spine_text = wrap(300, "white")
    assert has_spine_text
    edge = (specs.BLEED + specs.COVER_MARGIN) * INCH
    fold = (specs.BLEED + size.trim_width) * INCH
    barcode = pymupdf.Rect(
        fold - (specs.BARCODE_MARGIN + specs.BARCODE[0]) * INCH,
        (size.height - specs.BLEED - specs.BARCODE_MARGIN - specs.BARCODE[1]) * INCH,
        fold - specs.BARCODE_MARGIN * INCH,
        (size.height - specs.BLEED - specs.BARCODE_MARGIN) * INCH,
    )
    on_spine = []
    for text, place in spans(data):
        assert place.x0 >= edge
        assert place.x1 <= size.width * INCH - edge
        assert place.y0 >= edge
        assert place.y1 <= size.height * INCH - edge
        assert not place.intersects(barcode)
        if place.x1 > fold and place.x0 < size.front * INCH:
            on_spine.append(text)
    assert " ".join(on_spine).startswith("LETTERS 2023")
    with pymupdf.open(stream=data) as document:
        inner = (barcode.x0 + 2, barcode.y0 + 2, barcode.x1 - 2, barcode.y1 - 2)
        pixels = document[0].get_pixmap(clip=inner)
    assert set(pixels.samples) == {255}
    # Ink on the spine: capitals, within its margins.
    margin = specs.SPINE_MARGIN * INCH
    with pymupdf.open(stream=data) as document:
        clip = pymupdf.Rect(fold, 0, size.front * INCH, size.height * INCH)
        strip = document[0].get_pixmap(clip=clip, dpi=288)
    inked = [
        x
        for x in range(strip.width)
        if len({strip.pixel(x, y) for y in range(300, strip.height - 300, 2)}) > 1
    ]
    # Antialiasing of the panels at the folds aside.
    inside = [x for x in inked if 3 < x < strip.width - 3]
    assert min(inside) / 4 >= margin - 0.5
    assert max(inside) / 4 <= size.spine * INCH - margin + 0.5


HEBREW = with_info(
    book(post(1, p("x"))),
    language="he",
    title="מכתבים מהנמל",
    authors=("מרית סנדה",),
    description="על הגאות ועל השפל. " * 12,
)


def centre(place: pymupdf.Rect) -> float:
    return float(place.x0 + place.x1) / 2


def test_a_book_that_is_read_from_the_right_has_its_front_on_the_left() -> None:
    size = WrapSize.of(specs.TRIMS["6x9"], specs.spine_width(300, "white"), opens_right=True)
    made = write_wrap(HEBREW, size, 300, {"k1": 100}, Context())
    left, right = (fold * INCH for fold in size.folds)
    found = spans(made.data)
    front = [text for text, place in found if centre(place) < left]
    back = [text for text, place in found if centre(place) > right]
    assert any("מכתבים" in text for text in front)
    assert any("מרית" in text for text in front)
    assert not any("הגאות" in text for text in front)
    assert any("הגאות" in text for text in back)
    edge = (specs.BLEED + specs.COVER_MARGIN) * INCH
    assert all(edge <= place.x0 and place.x1 <= size.width * INCH - edge for _, place in found)
    with pymupdf.open(stream=made.data) as document:
        # The spine reads downwards from the title, its letters' feet towards the back.
        lines = [
            (line["dir"], line["bbox"], "".join(s["text"] for s in line["spans"]))
            for block in document[0].get_text("dict")["blocks"]
            for line in block.get("lines", ())
            if left < (line["bbox"][0] + line["bbox"][2]) / 2 < right
        ]
        margin = specs.BARCODE_MARGIN * INCH
        foot = (size.height - specs.BLEED) * INCH - margin
        barcode = (
            right + margin + 2, foot - specs.BARCODE[1] * INCH + 2,
            right + margin + specs.BARCODE[0] * INCH - 2, foot - 2,
        )  # fmt: skip
        assert set(document[0].get_pixmap(clip=barcode).samples) == {255}
    assert {direction for direction, *_ in lines} == {(0.0, -1.0)}
    title = next(place for _, place, text in lines if "מכתבים" in text)
    author = next(place for _, place, text in lines if "מרית" in text)
    assert title[3] < author[1]


def test_the_ground_is_that_of_the_edge_at_which_a_picture_meets_the_spine(tmp_path: Path) -> None:
    halves = Image.new("RGB", (800, 1280), "navy")
    halves.paste("white", (400, 0, 800, 1280))
    halves.save(tmp_path / "cover.png")
    made_of = msgspec.structs.replace(
        HEBREW, info=msgspec.structs.replace(HEBREW.info, cover=str(tmp_path / "cover.png"))
    )
    for opens_right, ground in ((False, (0, 0, 128)), (True, (255, 255, 255))):
        size = WrapSize.of(specs.TRIMS["6x9"], 0.5, opens_right=opens_right)
        made = write_wrap(made_of, size, 200, {"k1": 100}, Context())
        with pymupdf.open(stream=made.data) as document:
            page = document[0].get_pixmap()
        back = page.width - 3 if opens_right else 3
        assert page.pixel(back, page.height - 3) == ground


@pytest.mark.parametrize(
    ("language", "subtitle", "font"),
    [
        ("he", "שנה אחת", "FrankRuhlLibre"),
        pytest.param(
            "zh-Hant",
            "一年書信",
            "NotoSerifCJKTC",
            marks=pytest.mark.skipif(not has_faces(), reason="Noto CJK is not installed"),
        ),
        ("en", "One year", "Clothbound"),
    ],
)
def test_letters_of_a_cover_are_in_the_face_of_their_script(
    language: str, subtitle: str, font: str
) -> None:
    size = WrapSize.of(specs.TRIMS["6x9"], specs.spine_width(300, "white"))
    one = with_info(book(post(1, p("x"))), language=language, title=subtitle, subtitle=subtitle)
    made = write_wrap(one, size, 300, {"k1": 100}, Context(language=language))
    with pymupdf.open(stream=made.data) as document:
        fonts = {
            span["font"].replace("-", "").replace(" ", "")
            for block in document[0].get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if span["text"].strip() and span["text"].strip() in subtitle
        }
    assert fonts
    assert all((font in name and "Italic" not in name) or language == "en" for name in fonts)


def test_a_kit_in_hebrew_has_no_complaint_of_its_cover() -> None:
    two = with_info(book(post(1, p("x")), post(2, p("y"))), language="he")
    artifact = api.write(two, "kdp")
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        assert "from right to left" in archive.read("sheet.html").decode()
        with pymupdf.open(stream=archive.read("cover.pdf")) as document:
            words = document[0].get_text("words")
            middle = document[0].rect.width / 2
    assert all(word[2] < middle for word in words if word[4] == "Letters")
    errors = [d.message for d in artifact.report.diagnostics if d.severity is Severity.ERROR]
    assert ["pages, and KDP prints from 24 on" in message for message in errors] == [True]


def label(title: str, *authors: str) -> tuple[list[tuple[str, pymupdf.Rect]], float, float, str]:
    """What stands on the front, the edges of its text box, and what is said of it."""
    made_of = with_info(book(post(1, p("x"))), title=title, authors=authors)
    size = WrapSize.of(specs.TRIMS["6x9"], specs.spine_width(60, "cream"))
    made = write_wrap(made_of, size, 60, {"k1": 100}, Context())
    left = (size.front + 1.6 * size.tile) * INCH
    right = (size.front + size.trim_width - 1.6 * size.tile) * INCH
    front = [span for span in spans(made.data) if span[1].x0 > size.front * INCH]
    return front, left, right, " ".join(made.messages)


@pytest.mark.parametrize(
    "title", ["Interconnects 2023", "Letters from the Net Loft", "A long and winding title indeed"]
)
def test_the_title_keeps_to_its_box_and_is_centred(title: str) -> None:
    front, left, right, _ = label(title)
    assert front
    for text, place in front:
        assert place.x0 >= left, text
        assert place.x1 <= right, text
        assert (place.x0 + place.x1) / 2 == pytest.approx((left + right) / 2, abs=1), text


def test_all_authors_stand_on_the_front_or_it_is_said() -> None:
    names = ["Marit Sande", "Petter Ball", "Somebody Else", "Konstantin Aleksandrovich"]
    for count in (1, 2, 3):
        front, left, right, said = label("A title", *names[:count])
        text = "".join(text for text, _ in front).replace(" ", "")
        assert all(name.upper().replace(" ", "") in text for name in names[:count])
        assert "author" not in said
        assert all(left <= place.x0 and place.x1 <= right for _, place in front)
    front, left, right, said = label("A title", *names * 4)
    assert "…" in " ".join(text for text, _ in front)
    assert all(left <= place.x0 and place.x1 <= right for _, place in front)
    assert "16 authors" in said
    lines = {round(place.y1): "" for _, place in front}
    for text, place in front:
        lines[round(place.y1)] += text
    assert "…" not in {line.strip() for line in lines.values()}, (
        "no line of names is the dots alone"
    )


def test_a_year_is_never_larger_than_the_title_above_it() -> None:
    title = "A long title of many words that goes on about tides, ledgers and northern weather 2023"
    made_of = msgspec.structs.replace(
        with_info(book(post(1, p("x"))), title=title), title_years="2023"
    )
    size = WrapSize.of(specs.TRIMS["6x9"], specs.spine_width(60, "cream"))
    made = write_wrap(made_of, size, 60, {"k1": 100}, Context())
    front = [span for span in spans(made.data) if span[1].x0 > size.front * INCH]
    heights = {text.strip(): place.height for text, place in front}
    assert heights["2023"] < min(h for text, h in heights.items() if "tides" in text)


@pytest.mark.parametrize("trim", ["5x8", "6x9", "8.5x11"])
@pytest.mark.parametrize("subtitle", ["", "2025", "Letters about tides and northern weather"])
@pytest.mark.parametrize("title", ["Tides", "Letters from the coast", "Weather " * 12])
def test_nothing_on_the_front_stands_on_the_rule_or_on_other_text(
    title: str, subtitle: str, trim: specs.Trim
) -> None:
    authors = ("Marit Sande", "Petter Ball", "Konstantin Aleksandrovich")
    made_of = with_info(book(post(1, p("x"))), title=title, subtitle=subtitle, authors=authors)
    size = WrapSize.of(specs.TRIMS[trim], specs.spine_width(60, "cream"))
    data = write_wrap(made_of, size, 60, {"k1": 100}, Context()).data
    with pymupdf.open(stream=data) as document:
        front = document[0].get_text("dict")["blocks"]
        rules = [
            drawn["rect"]
            for drawn in document[0].get_drawings()
            if drawn["rect"].width == pytest.approx(72, abs=1) and drawn["rect"].height < 4
        ]
    (rule,) = rules
    lines = [
        (line["spans"][0]["origin"][1], line["spans"][0]["size"], line["spans"][0]["text"])
        for block in front
        for line in block.get("lines", ())
        if line["bbox"][0] > size.front * INCH
    ]
    names = [line for line in lines if line[2].strip() and line[2][:5].isupper()]
    above = [line for line in lines if line[2].strip() and line not in names]
    assert names
    assert max(baseline + 0.25 * points for baseline, points, _ in above) < rule.y0
    assert min(baseline - 0.75 * points for baseline, points, _ in names) > rule.y1
    bottom = (3 * size.tile + 12 * size.tile) * INCH
    assert max(baseline for baseline, _, _ in names) < bottom


def test_a_long_word_of_the_title_is_broken_at_its_hyphens() -> None:
    word = "Supercalifragilisticexpialidocious-and-more-of-it-hyphenated"
    front, left, right, _ = label(word)
    assert len([text for text, _ in front if text.strip().lower() in word.lower()]) > 1
    assert all(left <= place.x0 and place.x1 <= right for _, place in front)


def test_an_author_who_is_not_on_the_spine_is_named() -> None:
    long = "Letters on the many things that one may say about a harbour, a loft and a cat by night"
    made_of = with_info(book(post(1, p("x"))), title=long)
    size = WrapSize.of(specs.TRIMS["6x9"], specs.spine_width(300, "cream"))
    said = " ".join(write_wrap(made_of, size, 300, {"k1": 100}, Context()).messages)
    assert "A. Writer" in said
    assert "spine" in said


def test_a_thin_spine_bears_no_text() -> None:
    for pages, paper, expected in ((78, "cream", False), (84, "cream", True)):
        data, size, has_spine_text = wrap(pages, paper)  # type: ignore[arg-type]
        assert has_spine_text is expected
        fold = (specs.BLEED + size.trim_width) * INCH
        on_spine = [
            t for t, place in spans(data) if fold < place.x1 and place.x0 < size.front * INCH
        ]
        assert bool(on_spine) is expected


def test_a_picture_of_ones_own_is_the_front_and_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    path.write_bytes(picture(800, 1280))
    artifact = api.write(book(post(1, p("x")), post(2, p("y")), cover=str(path)), "kdp")
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        cover = archive.read("cover.pdf")
        with Image.open(io.BytesIO(archive.read("ebook-cover.jpg"))) as ebook:
            assert (ebook.format, ebook.size) == ("JPEG", (800, 1280))
    messages = " ".join(d.message for d in artifact.report.diagnostics)
    assert "KDP recommends 1600 x 2560" in messages
    assert "dots per inch on the printed cover" in messages
    with pymupdf.open(stream=cover) as document:
        corner = document[0].get_pixmap().pixel(int(document[0].rect.width) - 3, 3)
    assert corner == (0, 128, 128)


# the rest


def test_the_kindle_book_and_its_cover() -> None:
    with zipfile.ZipFile(io.BytesIO(file("ebook.epub"))) as archive:
        assert archive.read("mimetype") == b"application/epub+zip"
    with Image.open(io.BytesIO(file("ebook-cover.jpg"))) as cover:
        assert (cover.format, cover.size, cover.mode) == ("JPEG", (1600, 2560), "RGB")


def test_the_isbn_is_that_of_the_paperback_alone() -> None:
    made_of = with_info(book(post(1, p("x")), post(2, p("y"))), isbn="978-3-16-148410-0")
    made = api.write(made_of, Kdp()).to_bytes()
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"978-3-16-148410-0" in archive.read("sheet.html")
        with zipfile.ZipFile(io.BytesIO(archive.read("ebook.epub"))) as ebook:
            texts = [ebook.read(name) for name in ebook.namelist()]
        with pymupdf.open(stream=archive.read("interior.pdf")) as interior:
            printed = [re.sub(r"\D", "", page.get_text()) for page in interior]
            assert any("9783161484100" in digits for digits in printed)
    assert not any(b"9783161484100" in text.replace(b"-", b"") for text in texts)


def test_the_kindle_book_knows_the_pages_of_the_printed_one() -> None:
    with zipfile.ZipFile(io.BytesIO(file("ebook.epub"))) as archive:
        package = archive.read("EPUB/content.opf").decode()
        ncx = archive.read("EPUB/toc.ncx").decode()
    assert f"(print, 6 x 9 in, {pages()} pages)</meta>" in package
    listed = [int(number) for number in re.findall(r'pageTarget [^>]* value="(\d+)"', ncx)]
    # The last leaf's back may be blank, and every letter begins on a right-hand page.
    assert listed[0] == 1
    assert listed[-1] in (pages(), pages() - 1)
    assert len(listed) > pages() / 2


def test_the_sheet_has_the_origin_of_each_text_and_what_is_of_others() -> None:
    text = file("sheet.html").decode()
    for number in range(24):
        assert f"https://letters.example/p/{number}" in text
    assert "January 3, 2023" in text
    assert "https://twitter.com/a/status/1" in text
    assert "Someone" in text
    assert f"{pages()}, " in text
    assert "tides" in text
    assert specs.CHECKED in text


def test_the_sheet_knows_where_a_post_of_a_known_site_is_and_whose_it_is() -> None:
    def bare(number: int) -> Post:
        made = post(number, p("one two three", i.Link((i.Text("four"),), "https://a.example/x")))
        metadata = msgspec.structs.replace(made.metadata, canonical_url="", slug=f"letter-{number}")
        return msgspec.structs.replace(made, metadata=metadata)

    posts = (bare(1), bare(2))
    index = Index([IndexEntry(post.metadata) for post in posts], sites=("letters.example",))
    collection = Collection(
        posts=posts,
        index=index,
        info=BookInfo(title="Letters", authors=("A. Writer",), language="en"),
    )
    artifact = api.write(collection, Kdp(links="footnotes"))
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        sheet = archive.read("sheet.html").decode()
    for number in (1, 2):
        row = next(r for r in sheet.split("<tr>") if f"Letter {number}" in r)
        assert f'<a href="https://letters.example/p/letter-{number}">' in row
        assert "<td>A. Writer</td>" in row
    words = re.search(r"([\d,]+ words)", sheet)
    assert words
    assert words[1] in summary(artifact.report)


def test_pictures_of_other_hosts_are_listed_as_of_others() -> None:
    cdn = "https://substackcdn.com/image/fetch/w_1456/https%3A%2F%2F"
    mine = (
        "https://substack-post-media.s3.amazonaws.com/public/images/a.png",
        f"{cdn}bucketeer-e05b.s3.amazonaws.com%2Fb.png",
        "https://cdn.letters.example/c.png",
        "d.png",
    )
    wikimedia = "https://upload.wikimedia.org/e.jpg"
    others = (wikimedia, f"{cdn}images.example%2Ff.png", wikimedia)
    made = post(1, p(WORDS), *(b.Figure(i.Image(src, "a")) for src in (*mine, *others)))
    index = Index([IndexEntry(made.metadata)], sites=("letters.example",))
    collection = Collection(
        posts=(made,), index=index, info=BookInfo(title="Letters", language="en")
    )
    with zipfile.ZipFile(io.BytesIO(api.write(collection, "kdp").to_bytes())) as archive:
        shown = archive.read("sheet.html").decode().partition("Content of others")[2]
    rows = re.findall(r"<td>picture</td><td>([^<]*)</td><td><a href=\"([^\"]*)", shown)
    assert rows == [
        ("upload.wikimedia.org", wikimedia),
        ("images.example", "https://images.example/f.png"),
    ]


def test_the_same_book_has_the_same_kit() -> None:
    collection = book(post(1, p(WORDS)), post(2, p(WORDS)))
    assert api.write(collection, "kdp").to_bytes() == api.write(collection, "kdp").to_bytes()


def test_the_command_makes_a_kit(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.md").write_text(
            f"---\ntitle: Post {number}\ndate: 2023-01-0{number}\n---\n\nWords.\n"
        )
    target = tmp_path / "kit"
    arguments = ["book", str(folder), "--for", "kdp", "--trim", "5x8", "--paper", "cream", "-q"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "clothbound", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    done = run(*arguments, "-o", f"{target}/")
    # The store would refuse so few pages; the files are there to be looked at.
    assert done.returncode == 1, done.stderr
    page = PdfReader(target / "interior.pdf").pages[0].mediabox
    assert (float(page.width), float(page.height)) == (5 * INCH, 8 * INCH)
    assert (target / "sheet.html").is_file()
    given = {setting.flag: setting.choices[-1] for setting in settings(Kdp) if setting.flag}
    assert given.keys() == {"--trim", "--paper", "--ink", "--binding"}
    for option in given.items():
        refused = run("book", str(folder), *option)
        assert refused.returncode == 2
        assert f"{option[0]} is for a book" in refused.stderr
        assert "--for kdp" in refused.stderr


def test_page_formats_hold_whole_lines() -> None:
    for page in (theme.page(page) for page in PAGES.values() for theme in THEMES.values()):
        assert isinstance(page, PageFormat)
        lines = page.text_height / page.leading
        assert abs(lines - round(lines)) * page.leading <= 1


@pytest.mark.parametrize(
    ("authors", "shown"), [(["Ann Lee"] * 5000, 6), (["A" * 50_000], 1), (["A", "B" * 50_000], 1)]
)
def test_any_number_of_authors_is_measured_few_times(
    authors: list[str], shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way to break each number of names was measured: a thousand authors took minutes."""
    measured = []

    class Counted(Measure):
        def width(self, text: str) -> float:
            measured.append(len(text))
            assert sum(measured) < 50 * sum(map(len, authors))
            return super().width(text)

    monkeypatch.setattr(wrap_text, "Measure", Counted)
    size = WrapSize.of(specs.TRIMS["6x9"], 0.5)
    assert wrap_text.front_label("Title", "", authors, size, "en")[1] == shown
