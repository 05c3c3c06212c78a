"""Pictures in a printed book."""

from __future__ import annotations

import io
import subprocess
from typing import Any

import pymupdf
import pytest
from PIL import Image
from PIL import Image as Pillow

from clothbound import write
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.page_format import PAGES
from printed_books import (
    PAGE,
    WORDS,
    Engine,
    book,
    engine_messages,
    make,
    needs_poppler,
    p,
    pages,
    placed,
    post,
    spans,
    with_pictures,
)


def images(engine: Engine, data: bytes, **options: Any) -> list[list[str]]:
    """The rows of pdfimages of a book with one picture that it shows twice."""
    figure = b.Figure(i.Image("a", "a picture"), (i.Text("caption"),))
    source = Post(Metadata(key="p", title="P"), (figure, figure), assets=(Asset("a", data),))
    made, _ = make(book(source), engine, **options)
    listing = subprocess.run(
        ["pdfimages", "-list", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    return [row.split() for row in listing.splitlines()[2:]]


def test_a_picture_is_embedded_once_in_colour_or_in_gray(engine: Engine) -> None:
    stream = io.BytesIO()
    Pillow.effect_noise((90, 60), 50).convert("RGB").save(stream, "WEBP")
    coloured = images(engine, stream.getvalue())
    assert {(row[6], row[8], row[10]) for row in coloured} == {("3", "jpeg", coloured[0][10])}
    gray = images(engine, stream.getvalue(), grayscale=True)
    assert {row[6] for row in gray} == {"1"}


def test_of_an_animation_the_first_frame_is_printed(engine: Engine) -> None:
    frames = [Pillow.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert {row[2] for row in images(engine, stream.getvalue())} <= {
        "image",
        "smask",
    }


def test_changes_are_told_once(engine: Engine) -> None:
    stream = io.BytesIO()
    Pillow.new("RGB", (30, 20), "red").save(stream, "WEBP")
    figure = b.Figure(i.Image("a", "a picture"))
    source = Post(
        metadata=Metadata(key="p", title="P"),
        body=(figure, figure),
        assets=(Asset("a", stream.getvalue()),),
    )
    made = write(source, Pdf(engine=engine))
    made.to_bytes()
    told = [d for d in made.report.diagnostics if d.code is DiagnosticCode.IMAGE_CONVERTED]
    assert [d.message.split(":")[0] for d in told] == ["picture a"]


def test_a_drawing_that_refers_to_itself_is_shown_and_what_the_engine_says_names_the_picture() -> (
    None
):
    def written(content: str) -> list[str]:
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{content}</svg>'
        figure = b.Figure(i.Image("a.svg", "two circles"))
        assets = (Asset("a.svg", drawing.encode()),)
        artifact = write(Post(Metadata(key="p", title="P"), (figure,), assets=assets), "pdf")
        artifact.to_bytes()
        return [d.message for d in artifact.report.diagnostics if d.code == DiagnosticCode.ENGINE]

    circle = (
        '<g id="a"><rect width="1" height="1"/><use href="#a"/></g><image width="1" height="1"/>'
    )
    assert written(circle) == []
    # What only a style sheet closes is left to the engine.
    hidden = '<style>rect{mask:url(#m)}</style><mask id="m"><rect width="2" height="2"/></mask>'
    (message,) = written(hidden + '<rect width="9" height="9"/>')
    assert "clothbound:" not in message
    assert "the picture “two circles” of “P”" in message


def test_a_drawing_is_as_wide_as_its_pixels_are_on_screens(engine: Engine) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><rect width="300" height="120" fill="#0f0"/></svg>'
    figure = b.Figure(i.Image("a.svg", "a plan"))
    source = Post(Metadata(key="p", title="P"), (figure,), assets=(Asset("a.svg", drawing),))
    with pymupdf.open(stream=make(book(source), engine)[0]) as document:
        found = [
            drawn["rect"].width
            for page in document
            for drawn in page.get_drawings()
            if drawn["fill"] and drawn["fill"][1] > 0.9 and drawn["fill"][0] < 0.5
        ]
    assert found == [pytest.approx(300 * 72 / 96, abs=1)]


def test_names_of_missing_pictures_in_a_row_stay_apart(engine: Engine) -> None:
    names = ("dsc20050727_091048_222", "dsc20050813_115856_52mm", "dsc20050813_1158_52mmmm")
    gallery = b.Gallery(tuple(b.Figure(i.Image(f"{name}.jpg", name)) for name in names))
    data = make(book(post("one", "One", gallery)), engine, page="5x8")[0]
    with pymupdf.open(stream=data) as document:
        page = next(page for page in document if "dsc" in page.get_text())
        words = [word[4] for word in page.get_text("words") if "dsc" in word[4]]
    assert [word.count("dsc") for word in words] == [1, 1, 1], words


def test_pictures_are_embedded_at_200_dpi_at_most(engine: Engine) -> None:
    from PIL import Image as Pillow

    stream = io.BytesIO()
    Pillow.new("RGB", (400, 100), "teal").save(stream, "PNG")
    source = Post(
        Metadata(key="pic", title="Picture"),
        (b.Figure(i.Image("a.png", "teal"), (i.Text("caption"),)),),
        assets=(Asset("a.png", stream.getvalue(), "image/png"),),
    )
    data, report = make(book(source), engine)
    listing = subprocess.run(
        ["pdfimages", "-list", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    row = listing.split("\n")[2].split()
    assert (row[3], row[4], row[12]) == ("400", "100", "200")
    assert not [d for d in report.diagnostics if d.code is DiagnosticCode.ENGINE]


def test_a_picture_is_as_wide_as_its_post_wants_it(
    engine: Engine,
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
    data, _ = make(source, engine)
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
def test_a_caption_that_repeats_a_missing_picture_is_not_printed(
    engine: Engine,
) -> None:
    same = b.Figure(i.Image("a.png", "Blossom over rails"), (i.Text("Blossom over rails."),))
    other = b.Figure(i.Image("b.png", "A quay"), (i.Text("In May."),))
    source = book(post("one", "T", same, other))
    text = pages(make(source, engine)[0])[0]
    assert text.count("Blossom over rails") == 1
    assert "A quay" in text
    assert "In May." in text


def boxes(
    engine: Engine, body: tuple[b.Block, ...], width: int, height: int
) -> list[list[tuple[float, ...]]]:
    """The boxes of pictures on each page of a book that shows a picture of so many pixels."""
    stream = io.BytesIO()
    Pillow.new("RGB", (width, height), "teal").save(stream, "PNG")
    asset = Asset("a", stream.getvalue(), "image/png")
    source = Post(Metadata(key="p", title="P"), body, assets=(asset,))
    data, _ = make(book(source), engine)
    with pymupdf.open(stream=data) as document:
        return [[info["bbox"] for info in page.get_image_info()] for page in document]


@pytest.mark.parametrize("lines", range(0, 28, 4))
@pytest.mark.parametrize("pixels", [(1200, 900), (800, 1200)])
@pytest.mark.parametrize("width", ["", "70%"])
def test_no_page_is_left_half_empty_before_a_picture(
    engine: Engine, lines: int, pixels: tuple[int, int], width: str
) -> None:
    """It is made as small as there is room, within reason."""
    share = 0.7 if width else 1.0
    attributes = (("width", width),) if width else ()
    text = tuple(b.Paragraph((i.Text(f"Line {n}"),)) for n in range(lines))
    image = i.Image("a", "a picture", attributes=attributes)
    figure = b.Figure(image, (i.Text("A caption of a few words"),))
    first, *rest = boxes(engine, (*text, figure), *pixels)
    opener, leading, text_height = 121.0, 14.0, 532.8
    full = min(351.6, min(329.4 * share, pixels[0] * 0.36) * pixels[1] / pixels[0])
    if first:
        ((left, top, right, foot),) = first
        assert foot <= 54 + text_height and foot - top > 0.49 * full
        assert (right - left) / (foot - top) == pytest.approx(pixels[0] / pixels[1], rel=0.02)
        assert not rest
    else:
        (((_, top, _, foot),),) = rest
        assert foot - top == pytest.approx(full, rel=0.02)
        assert opener + lines * leading > 0.6 * text_height


@pytest.mark.parametrize("lines", [8, 10, 12])
def test_a_note_in_a_caption_has_room_below_its_picture(engine: Engine, lines: int) -> None:
    text = tuple(b.Paragraph((i.Text(f"Line {n}"),)) for n in range(lines))
    caption = (i.Text("A caption"), i.NoteRef("n"))
    stream = io.BytesIO()
    Pillow.new("RGB", (1200, 900), "teal").save(stream, "PNG")
    source = Post(
        Metadata(key="p", title="P"),
        (*text, b.Figure(i.Image("a", "a picture"), caption)),
        (Footnote("n", (b.Paragraph((i.Text("A note of a few words."),)),)),),
        (Asset("a", stream.getvalue(), "image/png"),),
    )
    data, _ = make(book(source), engine)
    with pymupdf.open(stream=data) as document:
        assert len(document) == 1
        assert "A note of a few words." in document[0].get_text()


def test_a_thread_of_a_picture_does_not_take_a_page(engine: Engine) -> None:
    """As trackers and spacers are: one pixel wide and thousands high."""
    words = i.Text("Words of the line. ")
    image = i.Image("a", "a thread")
    body = (b.Paragraph((words, image, words)), b.Figure(image), b.Paragraph((words,)))
    (found,) = boxes(engine, body, 1, 5000)
    assert all(foot - top < 30 for _, top, _, foot in found)


def among_words(engine: Engine, width: int, height: int) -> float:
    words = i.Text("Words of the line. ")
    body = (b.Paragraph((words, i.Image("a", "a picture"), words)),)
    (((left, top, right, foot),),) = boxes(engine, body, width, height)
    assert (right - left, foot - top) == pytest.approx((width * 0.36, height * 0.36), rel=0.05)
    return left


def test_a_small_picture_among_words_stands_in_the_line(engine: Engine) -> None:
    assert among_words(engine, 60, 40) > PAGE.inside + 50


def test_a_large_picture_among_words_has_a_line_of_its_own(engine: Engine) -> None:
    assert among_words(engine, 900, 600) == pytest.approx(PAGE.inside, abs=1)


def test_pictures_on_lines_of_their_own_begin_where_the_text_does(engine: Engine) -> None:
    """Among words they stand as words do; a paragraph of pictures alone is none of words."""
    words = b.Paragraph((i.Text("Words that go on for a while. " * 12),))
    row = [node for name in "123" for node in (i.Image("a", name), i.Text("\n"))]
    more = i.Image("a", "4")
    (page,) = boxes(engine, (words, b.Paragraph((*row, more)), words), 280, 160)
    (left, _, right, _), (second, *_) = page[:2]
    assert left == pytest.approx(57.6, abs=0.5)
    assert second - right < 5


def test_a_page_may_end_between_two_pictures_of_a_paragraph(engine: Engine) -> None:
    """Each is a line, and WeasyPrint kept the first of two lines from ending a page."""
    words = tuple(b.Paragraph((i.Text(f"Line {n}"),)) for n in range(12))
    pair = b.Paragraph((i.Image("a", "1"), i.Text("\n"), i.Image("a", "2")))
    first, second, *_ = boxes(engine, (*words, pair), 900, 450)
    assert (len(first), len(second)) == (1, 1)


def test_pictures_that_a_paragraph_is_made_of_are_no_smaller_than_others(engine: Engine) -> None:
    alone = p(i.Image("a.png", "x"), " ", i.Image("a.png", "x"))
    among = p("words ", i.Image("a.png", "x"), " words")
    data, _ = make(book(with_pictures(post("one", "T", alone, among), a=(600, 300))), engine)
    first, second, _ = (round(place.width) for _, place in placed(data))
    assert first == second == 216


def test_pictures_alone_in_cells_are_no_smaller_and_stay_on_the_page(engine: Engine) -> None:
    def cell(*nodes: i.Inline) -> b.Cell:
        return b.Cell(nodes)

    small, large = i.Image("a.png", "x"), i.Image("b.png", "x")
    rows = ((cell(small), cell(small)), (cell(large), cell(large)),
            (b.Cell((large,), colspan=2),), (cell(i.Text("words "), small), cell()))  # fmt: skip
    for head in ((), ((cell(i.Text("one")), cell(i.Text("two"))),)):
        source = post("one", "T", b.Table(head, rows), b.Table(head, rows[1:2]))
        data, _ = make(book(with_pictures(source, a=(300, 200), b=(1600, 900))), engine)
        places = [place for _, place in placed(data)]
        assert [round(place.width) for place in places[:2]] == [108, 108]
        assert min(place.width for place in places[2:4]) > PAGE.measure * 0.45
        assert places[4].width > PAGE.measure * 0.95
        assert max(place.x1 for place in places) <= PAGE.inside + PAGE.measure + 0.1


def test_the_pictures_of_a_gallery_stand_in_rows_of_one_height(engine: Engine) -> None:
    names = ("a", "b", "c", "d", "e")
    gallery = b.Gallery(
        tuple(b.Figure(i.Image(f"{name}.png", name)) for name in names),
        (i.Text("The caption of all."),),
    )
    source = with_pictures(
        post("one", "T", p(WORDS), gallery, p("after")),
        a=(300, 200), b=(200, 300), c=(400, 200), d=(90, 90), e=(600, 200),
    )  # fmt: skip
    data, report = make(book(source), engine)
    assert not engine_messages(report)
    (_, a), (_, b_), (_, c), (_, d), (_page, e) = placed(data)
    for row in ((a, b_, c), (d, e)):
        assert max(r.height for r in row) - min(r.height for r in row) < 1
        assert max(r.y1 for r in row) - min(r.y1 for r in row) < 1
        assert row[0].x0 == pytest.approx(PAGE.inside, abs=1)
        assert PAGE.measure - 6 < row[-1].x1 - PAGE.inside <= PAGE.measure
    assert d.y0 - a.y1 < PAGE.size
    caption = next(s for _, s in spans(data) if "The caption" in s["text"])
    assert 0 < caption["bbox"][1] - e.y1 < PAGE.size


def galleries(
    engine: Engine, lines: range, *figures: b.Figure, caption: str = ""
) -> tuple[bytes, list[set[int]]]:
    """A book of chapters with so many lines and a gallery, and the pages of each gallery's pictures."""
    posts = [
        with_pictures(
            post(
                f"k{count}",
                "T",
                p(*[part for n in range(count) for part in (f"line {n}", i.LineBreak())]),
                b.Gallery(figures, (i.Text(f"{caption} {count}."),) if caption else ()),
            ),
            a=(300, 200),
        )
        for count in lines
    ]
    data, _ = make(book(*posts), engine)
    numbers = [number for number, _ in placed(data)]
    count = len(figures)
    assert len(numbers) == count * len(lines)
    return data, [set(numbers[n : n + count]) for n in range(0, len(numbers), count)]


def test_the_caption_of_a_gallery_stays_with_its_last_row(engine: Engine) -> None:
    figures = [b.Figure(i.Image("a.png", name)) for name in "ab"]
    lines = range(16, 30)
    data, found = galleries(engine, lines, *figures, caption="The caption of")
    captions = {s["text"].strip(): number for number, s in spans(data) if "caption of" in s["text"]}
    assert found == [{captions[f"The caption of {count}."]} for count in lines]


def test_a_small_gallery_is_not_parted(engine: Engine) -> None:
    figures = [b.Figure(i.Image("a.png", str(n))) for n in range(5)]
    _, found = galleries(engine, range(18, 30), *figures)
    assert {len(pages) for pages in found} == {1}


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_missing_picture_whose_caption_is_a_line_end_is_no_figure(engine: Engine) -> None:
    """Found by random posts: a figure of nothing, which PDF/UA refuses."""
    figure = b.Figure(i.Image("gone.png"), (i.LineBreak(),))
    _, report = make(book(post("P", "Title", figure, p("after"))), engine)
    assert not engine_messages(report)


def test_the_address_of_a_linked_picture_is_not_printed(engine: Engine) -> None:
    """Typst printed it as a caption."""
    stream = io.BytesIO()
    Pillow.new("RGB", (300, 200), "teal").save(stream, "PNG")
    picture = i.Image("a.png", "a boat")
    body = (
        b.Figure(picture, href="https://example.com/boats"),
        b.Figure(i.Image("a.png"), href="https://example.com/undescribed"),
        p("within ", i.Link((picture,), "https://inline.example/"), " words"),
    )
    source = Post(Metadata(key="p", title="P"), body, assets=(Asset("a.png", stream.getvalue()),))
    data, report = make(book(source), engine)
    assert not engine_messages(report)
    links: dict[str, pymupdf.Rect] = {}
    with pymupdf.open(stream=data) as document:
        text = "".join(page.get_text() for page in document)
        for page in document:
            for link in page.get_links():
                links[link.get("uri", "")] = links.get(link.get("uri", ""), pymupdf.Rect()) | link["from"]  # fmt: skip
    assert "example" not in text
    assert links["https://example.com/boats"].height > 20
    assert links["https://example.com/undescribed"].height > 20
    if (
        engine == "typst"
    ):  # WeasyPrint makes no link of a picture on a line of its own in a paragraph
        assert links["https://inline.example/"].height > 20
