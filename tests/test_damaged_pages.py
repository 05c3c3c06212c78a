"""Tests the proof-reader with finished books of strangers that are damaged or odd."""

from __future__ import annotations

import io
import json
import threading
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, StreamObject

import clothbound
from clothbound.errors import ReadError
from clothbound.model.blocks import Paragraph
from clothbound.model.inlines import Text
from clothbound.model.post import Metadata, Post
from clothbound.opened_pdf import opened_pdf
from clothbound.proof import Finding, count_undrawn, proof_read, save_cut_outs
from clothbound.writers.pdf import Pdf


def _book_of(*, size: float = 300, type_size: int = 12, pages: int = 1) -> PdfWriter:
    """Makes a PDF whose pages have two lines of words, on one another."""
    made = PdfWriter()
    for _ in range(pages):
        page = made.add_blank_page(size, size)
        face = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        content = DecodedStreamObject()
        line = "BT /F {} Tf {} {} Td (Oil for the lamp) Tj ET "
        content.set_data(
            (line.format(type_size, 20, 100) + line.format(type_size, 22, 102)).encode()
        )
        faces = DictionaryObject({NameObject("/F"): face})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): faces})
        page[NameObject("/Contents")] = made._add_object(content)
    return made


def _saved(made: PdfWriter) -> bytes:
    stream = io.BytesIO()
    made.write(stream)
    return stream.getvalue()


def test_a_damaged_page_is_named() -> None:
    made = _book_of(pages=3)
    made.pages[1][NameObject("/Type")] = NameObject("/Kite")
    with pytest.raises(ReadError, match="page 2 of 3 cannot be read") as caught:
        proof_read(_saved(made), called="lamp.pdf")
    assert caught.value.source == "lamp.pdf"


def test_a_second_thread_waits_until_a_document_is_closed() -> None:
    data = _saved(_book_of())
    is_open = threading.Event()

    def open_another() -> None:
        with opened_pdf(data):
            is_open.set()

    other = threading.Thread(target=open_another)
    with opened_pdf(data) as document:
        with opened_pdf(data) as again:
            assert len(document) == len(again) == 1
        other.start()
        assert not is_open.wait(0.3)
    other.join(60)
    assert is_open.is_set()


def test_a_damaged_face_says_nothing_of_itself() -> None:
    posts = [Post(Metadata(key="pier"), (Paragraph((Text("Oil for the lamp."),)),))]
    data = clothbound.write(posts, Pdf(engine="weasyprint")).to_bytes()
    made = PdfWriter(clone_from=io.BytesIO(data))
    files = [
        one[key]
        for one in made._objects
        if isinstance(one, DictionaryObject)
        for key in ("/FontFile2", "/FontFile3")
        if key in one
    ]
    assert files
    for file in files:
        assert isinstance(file, StreamObject)
        letters = bytearray(file.get_data())
        entry = letters.index(b"post")
        start = int.from_bytes(letters[entry + 8 : entry + 12], "big")
        letters[start : start + 4] = b"\xff" * 4  # a version of the table that nobody knows
        file.set_data(bytes(letters))
    assert proof_read(_saved(made))[1] == len(made.pages)


def test_letters_a_mile_high_take_no_memory(tmp_path: Path) -> None:
    data = _saved(_book_of(type_size=1_000_000))
    tracemalloc.start()
    found, _ = proof_read(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000
    assert {one.check for one in found} == {"cut off"}
    names = save_cut_outs(data, found, tmp_path)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())


def test_findings_that_get_no_cut_out_are_listed_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clothbound.proof.cut_outs._MOST", 2)
    found = [Finding(check="cut off", page=0, label="1", box=(0, 0, 9, 9), message="")] * 3
    other = Finding(check="overlap", page=0, label="1", box=(0, 0, 9, 9), message="")
    names = save_cut_outs(_saved(_book_of()), [*found, other], tmp_path)
    assert len([name for name in names if "-page-" in name]) == 3
    listed = json.loads((tmp_path / "findings.json").read_bytes())
    pictures = [one["picture"] for one in listed]
    assert (len(pictures), pictures.count(""), pictures[2]) == (4, 1, "")
    assert count_undrawn([*found, other]) == 1


def test_cut_outs_of_a_poster_are_drawn_small(tmp_path: Path) -> None:
    poster = Finding(check="cut off", page=0, label="", box=(0, 0, 14_400, 14_400), message="")
    save_cut_outs(_saved(_book_of(size=14_400)), [poster], tmp_path)
    with Image.open(tmp_path / "0001-page-1-cut-off.png") as picture:
        assert picture.size == (8_000, 8_000)


@pytest.mark.parametrize(
    ("prefix", "name"), [("A/", "A 1"), ("../", "1"), ("", "1"), ("x" * 300, "x" * 200)]
)
def test_the_number_of_a_page_makes_the_name_of_a_file(
    prefix: str, name: str, tmp_path: Path
) -> None:
    label = f"{prefix}1"
    found = [Finding(check="cut off", page=0, label=label, box=(0, 0, 9, 9), message="")]
    names = save_cut_outs(_saved(_book_of()), found, tmp_path)
    assert names[0] == f"0001-page-{name}-cut-off.png"
    assert (tmp_path / names[0]).is_file()
