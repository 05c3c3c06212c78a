"""Tests that Pillow's messages about a picture are reported only with the picture."""

from __future__ import annotations

import io
import logging
import struct
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import TiffImagePlugin

from clothbound import write
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media.converter import Converter
from clothbound.media.picture_limits import PictureRules
from clothbound.media.pillow_lines import hearing
from clothbound.media.resources import Resource
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Metadata, Post

COMMAND = [sys.executable, "-m", "clothbound"]


def tiff(samples: int = 3) -> bytes:
    """Returns a TIFF that claims this many samples per pixel; the most possible are six."""
    stream = io.BytesIO()
    Pillow.new("RGB", (4, 4), "teal").save(stream, "TIFF")
    data = bytearray(stream.getvalue())
    (start,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, start)
    for place in range(start + 2, start + 2 + 12 * count, 12):
        if struct.unpack_from("<H", data, place) == (277,):  # SamplesPerPixel
            struct.pack_into("<H", data, place + 8, samples)
    return bytes(data)


def with_damaged_exif() -> bytes:
    """A photograph whose Exif block promises five entries and has none."""
    stream = io.BytesIO()
    exif = b"Exif\0\0II*\0\x08\0\0\0\x05\0"
    Pillow.new("RGB", (4, 4), "teal").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def post(data: bytes) -> Post:
    figure = b.Figure(i.Image("a.tif", "A", line=3))
    return Post(Metadata(key="a", source="a.md"), (figure,), assets=(Asset("a.tif", data),))


def test_a_line_of_the_log_is_told_with_the_picture(capfd: pytest.CaptureFixture[str]) -> None:
    artifact = write(post(tiff(9)), "epub")
    artifact.to_bytes()
    (found,) = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.IMAGE_UNREADABLE]
    assert "More samples per pixel than can be decoded: 9" in found.message
    assert (found.source, found.line) == ("a.md", 3)
    assert capfd.readouterr() == ("", "")


def test_lines_that_others_cause_stay_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ResourceError, match="More samples"):
        Converter(Limits()).convert(Resource(tiff(9), "image/tiff"), PictureRules())
    assert caplog.records == []

    def of_another() -> None:
        with pytest.raises(SyntaxError):
            TiffImagePlugin.TiffImageFile(io.BytesIO(tiff(9)))

    with hearing() as lines:
        thread = threading.Thread(target=of_another)
        thread.start()
        thread.join()
    assert lines == []
    assert [r.getMessage() for r in caplog.records] == [
        "More samples per pixel than can be decoded: 9"
    ]
    assert caplog.records[0].levelno == logging.ERROR


def test_the_library_leaves_the_warnings_of_a_process_alone() -> None:
    before = warnings.showwarning, list(warnings.filters)
    write(post(tiff()), "epub").to_bytes()
    assert (warnings.showwarning, list(warnings.filters)) == before


def test_the_command_tells_warnings_as_diagnostics(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# T\n\n![A](a.jpg)\n", "utf-8")
    (tmp_path / "a.jpg").write_bytes(with_damaged_exif())
    lines = []
    for verbose in ((), ("-v",)):
        done = subprocess.run(
            [*COMMAND, "convert", "a.md", "-o", "a.epub", "--cache", "cache", *verbose],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0
        assert "Warning" not in done.stderr
        lines.append([line for line in done.stderr.splitlines() if "Pillow" in line])
    assert lines[0] == []
    assert lines[1] and all(
        line.startswith(f"a.md:3: {Severity.INFO}: picture a.jpg: Pillow says: ")
        and line.endswith(f"[{DiagnosticCode.ENGINE}]")
        for line in lines[1]
    )
