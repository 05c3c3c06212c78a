"""Pictures in a printed book."""

from __future__ import annotations

import io
import subprocess

import pytest
from PIL import Image as Pillow

from clothbound import write
from clothbound.doctor import has_pdf_engine
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Metadata, Post
from clothbound.writers.pdf import PdfOptions

pytestmark = pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")


def images(options: PdfOptions, data: bytes) -> list[list[str]]:
    """The rows of pdfimages of a book with one picture that it shows twice."""
    figure = b.Figure(i.Image("a", "a picture"), (i.Text("caption"),))
    source = Post(Metadata(key="p", title="P"), (figure, figure), assets=(Asset("a", data),))
    made = write(source, "pdf", options).to_bytes()
    listing = subprocess.run(
        ["pdfimages", "-list", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    return [row.split() for row in listing.splitlines()[2:]]


def test_a_picture_is_embedded_once_in_colour_or_in_gray() -> None:
    stream = io.BytesIO()
    Pillow.effect_noise((90, 60), 50).convert("RGB").save(stream, "WEBP")
    coloured = images(PdfOptions(), stream.getvalue())
    assert {(row[5], row[8], row[10]) for row in coloured} == {("rgb", "jpeg", coloured[0][10])}
    gray = images(PdfOptions(grayscale=True), stream.getvalue())
    assert {row[5] for row in gray} == {"gray"}


def test_of_an_animation_the_first_frame_is_printed() -> None:
    frames = [Pillow.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert {row[2] for row in images(PdfOptions(), stream.getvalue())} <= {"image", "smask"}
