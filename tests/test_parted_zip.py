"""An export of Notion whose ZIP holds ZIPs: its parts are read as one archive, within limits."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import ClothboundError, LimitError, UnknownFormatError
from clothbound.limits import Limits
from clothbound.readers.export_files import ZipFiles
from clothbound.run import Run
from counted_books import count_book
from epub_samples import picture
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "notion"
PICTURE = picture("PNG")
LOCK, GATE, DRAFT = (f"{number}" * 32 for number in range(3))
PART = "ExportBlock-01234567-89ab-cdef-0123-456789abcdef-Part-{}.zip"


def files_of(part: str) -> dict[str, bytes]:
    folder = CASE / part
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


FIRST, SECOND = files_of("part-1"), files_of("part-2")
LOCK_FILE = next(name for name in FIRST if "The lock" in name)


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def export(*parts: bytes, **others: bytes) -> bytes:
    named = {PART.format(number): part for number, part in enumerate(parts, 1)}
    return packed({**named, **others}, zipfile.ZIP_STORED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "0a1b-Export.zip"
    path.write_bytes(export(packed(FIRST), packed(SECOND)))
    return path


def test_parts_are_read_as_one_archive(path: Path) -> None:
    posts = clothbound.read(path)
    named = {post.metadata.title: post.metadata for post in posts.posts}
    assert list(named) == ["Draft", "The gate", "The lock"]
    assert posts.info.title == clothbound.read(path.read_bytes()).info.title == "Canal letters"
    assert named["The lock"].tags == ("water", "wood")
    assert [m.published.day for m in named.values() if m.published] == ["2024-05-04", "2024-05-03"]
    book = clothbound.write(clothbound.book(posts), "epub")
    with zipfile.ZipFile(io.BytesIO(book.to_bytes())) as made:
        text = b"".join(map(made.read, made.namelist()))
    assert f'href="{named["The gate"].key}.xhtml">the gate'.encode() in text
    assert PICTURE in text
    assert [m for m in (b"zqdraft", b"zqowner", b"zqpicture") if m in text] == []
    assert [d for d in book.report.diagnostics if d.code is DiagnosticCode.IMAGE_MISSING] == []


def test_a_page_is_read_as_the_file_beside_it_says(path: Path) -> None:
    post = next(p for p in clothbound.read(path).posts if p.metadata.title == "The lock")
    made = clothbound.write([post], "markdown").to_text()
    assert made == expected_text(CASE / "the-lock.md", made)


def test_a_draft_in_a_part_goes_nowhere(path: Path) -> None:
    made = clothbound.write(clothbound.read(path), "rss").to_bytes()
    assert b"It is heavy" in made
    assert b"zq" not in made


def test_the_count_finds_every_word_of_every_part(path: Path, tmp_path: Path) -> None:
    counted = count_book(path, tmp_path / "book.epub", lambda m: m.title != "Draft")
    assert counted.words == 81
    assert counted.pictures == 1


def test_posts_go_to_other_processes(path: Path) -> None:
    posts = clothbound.read(path).posts
    assert list(pickle.loads(pickle.dumps(posts))) == list(posts)


@pytest.mark.parametrize("bad", [packed(SECOND)[:-40], b"no ZIP", b""])
def test_a_part_that_cannot_be_read_is_named_and_the_others_stay(bad: bytes) -> None:
    data = export(packed(FIRST), bad)
    posts = clothbound.read(data)
    assert "The lock" in [m.title for m in posts.index]
    found = [d for d in posts.diagnostics if PART.format(2) in d.source]
    assert found
    with pytest.raises(UnknownFormatError, match="a ZIP of other ZIPs"):
        clothbound.read(export(b"no ZIP"))


def test_only_one_level_is_opened_and_no_name_leads_out() -> None:
    inner = export(packed(SECOND))
    first = {**FIRST, PART.format(7): inner, "../out.md": b"# Out\n\nzqout\n"}
    posts = clothbound.read(export(packed(first)))
    assert [m.title for m in posts.index] == ["Draft", "The lock"]
    assert [d.source for d in posts.diagnostics if "leads out" in d.message] == ["../out.md"]


def test_a_file_of_both_parts_is_read_once_and_named() -> None:
    posts = clothbound.read(export(packed(FIRST), packed({**SECOND, LOCK_FILE: b"# Other\n"})))
    assert [m.title for m in posts.index] == ["Draft", "The gate", "The lock"]
    assert [d.source for d in posts.diagnostics if "has this name" in d.message] == [LOCK_FILE]


def test_sizes_of_all_parts_count_together() -> None:
    data = export(packed({"a.md": b"a" * 60_000}), packed({"b.md": b"b" * 60_000}))
    assert len(clothbound.read(data, run=Run(limits=Limits(archive_bytes=125_000)))) == 2
    with pytest.raises(LimitError, match="unpacks to more than 100000 bytes"):
        clothbound.read(data, "markdown", run=Run(limits=Limits(archive_bytes=100_000)))
    with pytest.raises(LimitError, match="more than 3 files"):
        ZipFiles.open(export(packed(FIRST), packed(SECOND)), "a.zip", Limits(entries=3))


def test_a_bomb_in_a_part_is_named() -> None:
    bomb = packed({"large.md": b"\n" * 30_000_000})
    outer = packed({PART.format(1): packed(FIRST), PART.format(2): bomb})
    posts = clothbound.read(outer, on_error="collect")
    assert "The lock" in [m.title for m in posts.index]
    codes = [d.code for d in posts.diagnostics if d.source == "large.md"]
    assert codes == [DiagnosticCode.POST_UNREADABLE]
    packed_bomb = packed({PART.format(1): packed(FIRST), PART.format(2): b"\0" * 60_000_000})
    found = [d for d in clothbound.read(packed_bomb).diagnostics if d.source == PART.format(2)]
    assert [(d.severity, "times its size" in d.message) for d in found] == [(Severity.ERROR, True)]


@pytest.mark.parametrize("place", range(0, 1400, 61))
def test_an_export_that_is_cut_off_or_overwritten_gets_an_answer(place: int) -> None:
    data = bytearray(export(packed(FIRST), packed(SECOND)))
    data[place : place + 7] = b"\xff" * 7
    for given in (bytes(data), bytes(data[:place])):
        try:
            made = clothbound.write(clothbound.read(given, on_error="collect"), "rss").to_bytes()
        except ClothboundError:
            continue
        assert b"zq" not in made
