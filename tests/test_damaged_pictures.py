"""A damaged picture is missing, or shown as far as it can be read, and named; every product is made."""

from __future__ import annotations

import io
import itertools
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from clothbound import api
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import ResourceError
from clothbound.html.write.shown_pictures import WEB_RULES
from clothbound.limits import Limits
from clothbound.media.conversion import convert_picture
from clothbound.media.decode import ORIENTATION, measure
from clothbound.media.picture_limits import PictureRules
from clothbound.media.png_damage import png_damage
from clothbound.media.resources import Resource
from clothbound.media.sniffing import sniff
from clothbound.writers.epub import Epub
from clothbound.writers.pdf import Pdf
from epub_checker import epubcheck

LIMITS = Limits()
SIZE = (40, 30)
NOISE = Image.merge("RGB", [Image.effect_noise(SIZE, 90 + n) for n in range(3)])


def saved(form: str, image: Image.Image = NOISE, **more: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **more)  # type: ignore[arg-type]
    return stream.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def png(stream: bytes, header: bytes | None = None) -> bytes:
    """A PNG of ``SIZE``, RGB, with these bytes as its pixels."""
    if header is None:
        header = saved("PNG")[16:29]
    return saved("PNG")[:8] + chunk(b"IHDR", header) + chunk(b"IDAT", stream) + chunk(b"IEND", b"")


def changed(data: bytes, at: int, to: bytes) -> bytes:
    return data[:at] + to + data[at + len(to) :]


ROW = bytes(1 + 3 * SIZE[0])
PNG, JPEG, GIF, WEBP = (saved(form) for form in ("PNG", "JPEG", "GIF", "WEBP"))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/>'
MISSING = {
    "cut.png": PNG[: len(PNG) // 2],
    "pixels.png": png(b"these are no pixels"),
    "flipped.png": changed(PNG, len(PNG) // 2, bytes((PNG[len(PNG) // 2] ^ 0xFF,))),
    "filter.png": png(zlib.compress((b"\x09" + ROW[1:]) * SIZE[1])),
    "empty.png": PNG[:33] + chunk(b"IEND", b""),
    "page.png": PNG[:33] + b"<html>Not found</html>" * 9,
    "cut.jpg": JPEG[: len(JPEG) // 2],
    "end.jpg": JPEG[:-2],
    "cut.gif": GIF[: len(GIF) // 2],
    "cut.webp": WEBP[: len(WEBP) // 2],
    "cut.svg": SVG,
}
"""Files of which no decoder makes a picture."""
SHOWN = {
    "short.png": png(zlib.compress(ROW * (SIZE[1] // 2))),
    "end.png": PNG[:-12],
    "checksum.png": changed(PNG, 29, PNG[29:33]).replace(PNG[-16:-12], b"\1\2\3\4"),
    "end.gif": GIF[:-1],
}
"""Files that can be read in part, or whole in spite of their damage."""


def folder(path: Path) -> Path:
    for name, data in (MISSING | SHOWN | {"whole.png": PNG}).items():
        (path / name).write_bytes(data)
        text = f"---\ntitle: Of {name}\ndate: 2024-05-06\n---\n\nBefore.\n\n![A picture]({name})\n\nAfter.\n"
        (path / f"{name}.md").write_text(text)
    return path


@pytest.mark.parametrize(
    "writer",
    ["html", "site", "epub", Pdf(engine="weasyprint"), Pdf(engine="typst")],
    ids=["html", "site", "epub", "weasyprint", "typst"],
)
def test_every_writer_makes_the_product_and_names_what_is_damaged(
    tmp_path: Path, writer: str | Pdf
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    posts = api.read(folder(source))
    product = api.write(posts, writer)
    product.save(tmp_path / "product")
    said = {
        (entry.source, entry.line, entry.code)
        for entry in product.report.diagnostics
        if entry.severity is not Severity.INFO
    }
    assert said == {
        *((f"{name}.md", 8, DiagnosticCode.IMAGE_UNREADABLE) for name in MISSING),
        *((f"{name}.md", 8, DiagnosticCode.IMAGE_CUT) for name in SHOWN),
    }


def test_epubcheck_reads_every_picture_of_the_book(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    book = tmp_path / "book.epub"
    api.write(api.read(folder(source)), Epub()).save(book)
    assert not epubcheck(book)


@pytest.mark.parametrize("rules", [PictureRules(), WEB_RULES], ids=["book", "web"])
@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_of_a_damaged_file_is_a_whole_file(name: str, rules: PictureRules) -> None:
    data = SHOWN[name]
    made = convert_picture(Resource(data, sniff(data)), rules, LIMITS)
    assert made.damage
    again = convert_picture(Resource(made.data, made.media_type), rules, LIMITS)
    assert (again.data, again.damage) == (made.data, "")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (40, 30), (2000, 700)])
def test_a_whole_png_is_not_damaged(mode: str, size: tuple[int, int]) -> None:
    data = saved("PNG", Image.linear_gradient("L").resize(size).convert(mode))
    assert not png_damage(data)
    assert convert_picture(Resource(data, "image/png"), WEB_RULES, LIMITS).data is data


@pytest.mark.parametrize(("width", "height"), [*itertools.product((1, 2, 5, 8, 13), repeat=2)])
def test_interlaced_rows_are_counted(width: int, height: int) -> None:
    steps = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
    rows = b""
    for x, y, across, down in (*steps, (0, 1, 1, 2)):
        wide = len(range(x, width, across))
        rows += (b"\0" + b"\x80" * wide) * len(range(y, height, down)) if wide else b""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\1"
    whole = png(zlib.compress(rows), header)
    assert set(PngImageFile(io.BytesIO(whole)).tobytes()) == {0x80}
    assert not png_damage(whole)
    assert png_damage(png(zlib.compress(rows[:-1]), header)) == "missing rows of pixels"


@given(st.integers(8, len(PNG) - 1), st.binary(min_size=1, max_size=6))
def test_pillow_decodes_what_is_kept(at: int, noise: bytes) -> None:
    data = changed(PNG, at, noise)[: len(PNG)]
    try:
        made = convert_picture(Resource(data, "image/png"), WEB_RULES, LIMITS)
    except ResourceError:
        return
    with Image.open(io.BytesIO(made.data)) as image:
        image.load()
    assert made.damage or made.data is data


def test_exif_behind_the_pixels_turns_a_png() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    block = chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    for data in (PNG[:33] + block + PNG[33:], PNG[:-12] + block + PNG[-12:]):
        assert measure(Resource(data, "image/png"), LIMITS) == SIZE[::-1]
    with pytest.raises(ResourceError, match="truncated or damaged"):
        measure(Resource(MISSING["pixels.png"][:-12] + block + PNG[-12:], "image/png"), LIMITS)
