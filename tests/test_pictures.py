"""Pictures made fit for a target."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageOps

from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media.conversion import convert_picture
from clothbound.media.decode import ORIENTATION, measure
from clothbound.media.picture_limits import Converted, PictureRules
from clothbound.media.resources import Resource
from clothbound.media.sniffing import sniff

BOOK = PictureRules()
LIMITS = Limits()


def picture(
    form: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **more: object
) -> Resource:
    image = Image.new(mode, size)
    if mode in ("RGB", "RGBA", "P", "L"):
        ImageDraw.Draw(image).rectangle((0, 0, 9, 9), fill="navy" if mode != "P" else 1)
    stream = io.BytesIO()
    image.save(stream, form, **more)  # type: ignore[arg-type]
    return Resource(stream.getvalue(), sniff(stream.getvalue()))


def opened(made: Converted) -> Image.Image:
    image = Image.open(io.BytesIO(made.data))
    image.load()
    assert image.size == (made.width, made.height)
    assert sniff(made.data) == made.media_type
    return image


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
def test_an_accepted_picture_keeps_its_bytes(form: str) -> None:
    given_picture = picture(form)
    made = convert_picture(given_picture, BOOK, LIMITS)
    assert made.data is given_picture.data
    assert (made.media_type, made.width, made.height) == (given_picture.media_type, 60, 40)


@pytest.mark.parametrize(
    ("form", "mode", "media_type"),
    [
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
        ("AVIF", "RGB", "image/jpeg"),
        ("BMP", "RGB", "image/png"),
        ("BMP", "P", "image/png"),
        ("TIFF", "CMYK", "image/png"),
        ("TIFF", "1", "image/png"),
        ("ICO", "RGBA", "image/png"),
    ],
)
def test_another_becomes_one_that_is_accepted(form: str, mode: str, media_type: str) -> None:
    made = convert_picture(picture(form, mode), BOOK, LIMITS)
    assert made.media_type == media_type
    opened(made)


def test_transparency_becomes_white_where_there_is_no_png() -> None:
    made = convert_picture(
        picture("WEBP", "RGBA"), PictureRules(accepted=frozenset({"image/jpeg"})), LIMITS
    )
    assert made.media_type == "image/jpeg"
    assert min(opened(made).getpixel((50, 30))) > 250  # type: ignore[arg-type, type-var]
    only_png = convert_picture(
        picture("WEBP"), PictureRules(accepted=frozenset({"image/png"})), LIMITS
    )
    assert only_png.media_type == "image/png"


def test_a_picture_is_set_upright_and_measured_so() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    turned = picture("JPEG", exif=exif)
    assert measure(turned, LIMITS) == (40, 60)
    made = convert_picture(turned, BOOK, LIMITS)
    assert opened(made).size == (40, 60)
    assert opened(made).getexif().get(ORIENTATION, 1) == 1
    assert measure(picture("JPEG"), LIMITS) == (60, 40)


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["TIFF", "PNG", "WEBP", "AVIF", "JPEG"])
def test_a_picture_is_turned_once(form: str, turn: int) -> None:
    # TIFF says how it lies in a tag of its own, which Pillow obeys when it reads the pixels.
    corner = Image.new("RGB", (60, 40), "white")
    ImageDraw.Draw(corner).rectangle((0, 0, 19, 9), fill="red")
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    stream = io.BytesIO()
    corner.save(stream, form, exif=exif)
    resource = Resource(stream.getvalue(), sniff(stream.getvalue()))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(resource.data))).convert("RGB")
    assert measure(resource, LIMITS) == upright.size
    made = opened(convert_picture(resource, BOOK, LIMITS)).convert("RGB")
    assert made.size == upright.size == ((60, 40) if turn < 5 else (40, 60))
    worst = ImageChops.difference(made, upright).convert("L").resize((6, 6), Image.Resampling.BOX)
    assert worst.getextrema()[1] < 30  # type: ignore[operator]


def test_a_large_picture_is_made_smaller_and_a_small_one_stays() -> None:
    assert opened(convert_picture(picture("JPEG"), PictureRules(longest_side=30), LIMITS)).size == (
        30,
        20,
    )
    assert opened(
        convert_picture(picture("WEBP", size=(40, 60)), PictureRules(longest_side=30), LIMITS)
    ).size == (
        20,
        30,
    )
    small = picture("PNG")
    assert convert_picture(small, PictureRules(longest_side=60), LIMITS).data is small.data


@pytest.mark.filterwarnings("ignore")
def test_bounds_are_kept_before_anything_is_decoded() -> None:
    few = Limits(pixels=60 * 40 - 1)
    for operation in (lambda p: convert_picture(p, BOOK, few), lambda p: measure(p, few)):
        with pytest.raises(ResourceError, match="exceeds the limit"):
            operation(picture("PNG"))
    # A header that claims 50 000 x 50 000 pixels, in a file of a hundred bytes.
    data = bytearray(picture("PNG").data)
    data[16:24] = (50_000).to_bytes(4, "big") * 2
    for operation in (lambda p: convert_picture(p, BOOK, LIMITS), lambda p: measure(p, LIMITS)):
        with pytest.raises(ResourceError):
            operation(Resource(bytes(data), "image/png"))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_truncated_picture_is_no_picture(form: str) -> None:
    image = Image.effect_noise((200, 200), 90).convert("RGB")
    stream = io.BytesIO()
    image.save(stream, form)
    half = stream.getvalue()[: len(stream.getvalue()) // 2]
    with pytest.raises(ResourceError, match=f"{sniff(half)}, truncated or damaged"):
        convert_picture(Resource(half, sniff(half)), BOOK, LIMITS)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\0\0\0\0", b"GIF89a", b"\xff\xd8\xff", b"BM"]
)
def test_what_is_cut_off_in_its_head_is_said_in_words(data: bytes) -> None:
    for operation in (lambda r: convert_picture(r, BOOK, LIMITS), lambda r: measure(r, LIMITS)):
        with pytest.raises(ResourceError) as caught:
            operation(Resource(data, sniff(data)))
        said = str(caught.value)
        assert "truncated or damaged" in said
        assert sniff(data) in said
        assert not {"unpack_from", "driver", "buffer", "index"} & set(said.split())


@given(
    st.binary(max_size=60), st.sampled_from(("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"))
)
def test_no_bytes_are_a_traceback(noise: bytes, form: str) -> None:
    whole = _WHOLE[form]
    for data in (
        noise,
        whole[: len(whole) // 2] + noise,
        noise + whole,
        whole[:30] + noise + whole[30:],
    ):
        for operation in (lambda r: convert_picture(r, BOOK, LIMITS), lambda r: measure(r, LIMITS)):
            with warnings.catch_warnings(), contextlib.suppress(ResourceError):
                warnings.simplefilter("ignore")
                operation(Resource(data, sniff(data)))


_WHOLE = {
    f: picture(f, size=(8, 8)).data for f in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")
}


def test_the_engine_of_the_pdf_changes_nothing_for_other_formats() -> None:
    script = """
import io
from PIL import Image
from clothbound.errors import ClothboundError
from clothbound.limits import Limits
from clothbound.media.picture_limits import PictureRules
from clothbound.media.conversion import convert_picture
from clothbound.media.resources import Resource
from clothbound.writers.pdf import weasyprint

try:
    weasyprint.load()
except ClothboundError:
    print("no engine")
stream = io.BytesIO()
Image.effect_noise((200, 200), 90).save(stream, "PNG")
half = stream.getvalue()[: len(stream.getvalue()) // 2]
try:
    convert_picture(Resource(half, "image/png"), PictureRules(), Limits())
except ClothboundError:
    print("refused")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, timeout=60
    )
    assert done.stdout.split()[-1] == b"refused"


def test_an_svg_passes_where_it_is_taken() -> None:
    svg = Resource(b'<svg xmlns="http://www.w3.org/2000/svg" onload="a()"/>', "image/svg+xml")
    made = convert_picture(svg, BOOK, LIMITS)
    assert made.media_type == "image/svg+xml"
    assert b"onload" not in made.data


@pytest.mark.skipif(os.name != "posix", reason="a program of the name gs is Unix's way")
def test_no_program_is_run_for_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ghostscript = tmp_path / "gs"
    ghostscript.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    ghostscript.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n"
    for operation in (lambda r: convert_picture(r, BOOK, LIMITS), lambda r: measure(r, LIMITS)):
        with pytest.raises(ResourceError):
            operation(Resource(eps, sniff(eps)))
    assert not (tmp_path / "was-run").exists()


def test_the_same_picture_gives_the_same_bytes() -> None:
    for form in ("WEBP", "BMP"):
        assert convert_picture(picture(form), BOOK, LIMITS) == convert_picture(
            picture(form), BOOK, LIMITS
        )
