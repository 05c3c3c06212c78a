"""Pictures in a printed book."""

from __future__ import annotations

import io
import subprocess
from typing import Literal, TypeAlias

import pymupdf
import pytest
from PIL import Image as Pillow

from clothbound import write
from clothbound.diagnostics import Code
from clothbound.doctor import has_pdf_engine
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.writers.pdf import Pdf

Engine: TypeAlias = Literal["weasyprint", "typst"]
ENGINES = pytest.mark.parametrize("engine", ["weasyprint", "typst"])
pytestmark = pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")


def images(options: Pdf, data: bytes) -> list[list[str]]:
    """The rows of pdfimages of a book with one picture that it shows twice."""
    figure = b.Figure(i.Image("a", "a picture"), (i.Text("caption"),))
    source = Post(Metadata(key="p", title="P"), (figure, figure), assets=(Asset("a", data),))
    made = write(source, options).to_bytes()
    listing = subprocess.run(
        ["pdfimages", "-list", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    return [row.split() for row in listing.splitlines()[2:]]


@ENGINES
def test_a_picture_is_embedded_once_in_colour_or_in_gray(engine: Engine) -> None:
    stream = io.BytesIO()
    Pillow.effect_noise((90, 60), 50).convert("RGB").save(stream, "WEBP")
    coloured = images(Pdf(engine=engine), stream.getvalue())
    assert {(row[6], row[8], row[10]) for row in coloured} == {("3", "jpeg", coloured[0][10])}
    gray = images(Pdf(engine=engine, grayscale=True), stream.getvalue())
    assert {row[6] for row in gray} == {"1"}


@ENGINES
def test_of_an_animation_the_first_frame_is_printed(engine: Engine) -> None:
    frames = [Pillow.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert {row[2] for row in images(Pdf(engine=engine), stream.getvalue())} <= {
        "image",
        "smask",
    }


@ENGINES
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
    told = [d for d in made.report.diagnostics if d.code is Code.IMAGE_CONVERTED]
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
        return [d.message for d in artifact.report.diagnostics if d.code == Code.ENGINE]

    circle = (
        '<g id="a"><rect width="1" height="1"/><use href="#a"/></g><image width="1" height="1"/>'
    )
    assert written(circle) == []
    # What only a style sheet closes is left to the engine.
    hidden = '<style>rect{mask:url(#m)}</style><mask id="m"><rect width="2" height="2"/></mask>'
    (message,) = written(hidden + '<rect width="9" height="9"/>')
    assert "clothbound:" not in message
    assert "the picture “two circles” of “P”" in message


def printed(body: tuple[b.Block, ...], width: int, height: int) -> list[list[tuple[float, ...]]]:
    """The boxes of pictures on each page of a book that shows a picture of so many pixels."""
    stream = io.BytesIO()
    Pillow.new("RGB", (width, height), "teal").save(stream, "PNG")
    asset = Asset("a", stream.getvalue(), "image/png")
    source = Post(Metadata(key="p", title="P"), body, assets=(asset,))
    data = write(source, Pdf(engine="weasyprint")).to_bytes()
    with pymupdf.open(stream=data) as document:
        return [[info["bbox"] for info in page.get_image_info()] for page in document]


@pytest.mark.parametrize("lines", range(0, 28, 4))
@pytest.mark.parametrize("pixels", [(1200, 900), (800, 1200)])
@pytest.mark.parametrize("width", ["", "70%"])
def test_no_page_is_left_half_empty_before_a_picture(
    lines: int, pixels: tuple[int, int], width: str
) -> None:
    """It is made as small as there is room, within reason."""
    share = 0.7 if width else 1.0
    attributes = (("width", width),) if width else ()
    text = tuple(b.Paragraph((i.Text(f"Line {n}"),)) for n in range(lines))
    image = i.Image("a", "a picture", attributes=attributes)
    figure = b.Figure(image, (i.Text("A caption of a few words"),))
    first, *rest = printed((*text, figure), *pixels)
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
def test_a_note_in_a_caption_has_room_below_its_picture(lines: int) -> None:
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
    data = write(source, Pdf(engine="weasyprint")).to_bytes()
    with pymupdf.open(stream=data) as document:
        assert len(document) == 1
        assert "A note of a few words." in document[0].get_text()


def test_a_thread_of_a_picture_does_not_take_a_page() -> None:
    """As trackers and spacers are: one pixel wide and thousands high."""
    words = i.Text("Words of the line. ")
    image = i.Image("a", "a thread")
    body = (b.Paragraph((words, image, words)), b.Figure(image), b.Paragraph((words,)))
    (boxes,) = printed(body, 1, 5000)
    assert all(foot - top < 30 for _, top, _, foot in boxes)


@pytest.mark.parametrize(("pixels", "stands_alone"), [((60, 40), False), ((900, 600), True)])
def test_a_picture_among_words_stands_in_the_line_if_it_is_small(
    pixels: tuple[int, int], stands_alone: bool
) -> None:
    words = i.Text("Words of the line. ")
    body = (b.Paragraph((words, i.Image("a", "a picture"), words)),)
    (((left, top, right, foot),),) = printed(body, *pixels)
    assert (left == pytest.approx(57.6, abs=1)) == stands_alone
    assert (right - left, foot - top) == pytest.approx(
        (pixels[0] * 0.36, pixels[1] * 0.36), rel=0.05
    )


def test_pictures_on_lines_of_their_own_begin_where_the_text_does() -> None:
    """Among words they stand as words do; a paragraph of pictures alone is none of words."""
    words = b.Paragraph((i.Text("Words that go on for a while. " * 12),))
    row = [node for name in "123" for node in (i.Image("a", name), i.Text("\n"))]
    more = i.Image("a", "4")
    (page,) = printed((words, b.Paragraph((*row, more)), words), 280, 160)
    (left, _, right, _), (second, *_) = page[:2]
    assert left == pytest.approx(57.6, abs=0.5)
    assert second - right < 5
