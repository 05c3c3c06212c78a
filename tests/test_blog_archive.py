"""The Blog Archive Format (``.bar``): a ZIP with a JSON Feed of all posts, and their pictures."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound import format_detection
from clothbound.errors import ClothboundError, ReadError
from clothbound.limits import Limits
from clothbound.readers.export_files import open_files
from clothbound.readers.json_feed import READER
from clothbound.testing import check_reader
from counted_books import count_book
from expected_files import expected_text

EXPECTED = Path(__file__).parent / "cases" / "blog-archive"
CASE = EXPECTED / "weir"
FEED: dict[str, Any] = json.loads((CASE / "feed.json").read_bytes())
SLUGS = ("the-first-flood", "084500", "elsewhere")


def packed(files: dict[str, bytes] | None = None, folder: str = "") -> bytes:
    given = files or {
        path.relative_to(CASE).as_posix(): path.read_bytes()
        for path in sorted(CASE.rglob("*"))
        if path.is_file()
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in given.items():
            archive.writestr(folder + name, data)
    return made.getvalue()


@pytest.fixture(params=["weir.bar", "weir.zip", "weir in a folder.zip", "weir"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path: Path = tmp_path / request.param
    if path.suffix:
        path.write_bytes(packed(folder="weir/" if "folder" in path.name else ""))
    else:
        shutil.copytree(CASE, path)
        (path / "README.md").write_text("# An archive\n")
    return path


def test_an_archive_is_recognised_and_read_as_the_files_beside_it_say(path: Path) -> None:
    posts = clothbound.read(path)
    assert posts.info.title == "Notes from the weir"
    assert posts.info.authors == ("Marit Sande",)
    assert tuple(m.slug for m in posts.index)[:3] == SLUGS
    for slug, post in zip(SLUGS, posts.posts, strict=False):
        made = clothbound.write([post], "markdown").to_text()
        assert made == expected_text(EXPECTED / f"{slug}.md", made)


def test_pictures_are_those_of_the_archive(path: Path) -> None:
    artifact = clothbound.write(clothbound.book(clothbound.read(path)), "epub")
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as book:
        files = {name: book.read(name) for name in book.namelist()}
    for name in ("weir.png", "plan.png"):
        assert (CASE / "uploads" / "2024" / name).read_bytes() in files.values()
    assert b'href="084500.xhtml"' in files["EPUB/the-first-flood.xhtml"]
    told = " ".join(str(found) for found in artifact.report.diagnostics)
    assert "gone.png" in told, told


@pytest.mark.parametrize("writer", ["epub", "site", "rss", "markdown"])
def test_drafts_go_nowhere(writer: str, path: Path, tmp_path: Path) -> None:
    posts = clothbound.read(path)
    public = clothbound.book(posts) if writer in ("epub", "markdown") else posts
    clothbound.write(public, writer).save(tmp_path / "made")
    made = tmp_path / "made"
    files = [made] if made.is_file() else [f for f in made.rglob("*") if f.is_file()]
    assert [f.name for f in files if b"zqdraft" in f.read_bytes() + f.name.encode()] == []
    assert [f.name for f in files if b"zqpicture" in f.read_bytes()] == []


def test_the_count_finds_every_word(path: Path, tmp_path: Path) -> None:
    counted = count_book(path, tmp_path / "book.epub", lambda m: not m.title.startswith("zq"))
    assert counted.words > 30
    assert counted.notes == 1


def test_an_archive_in_memory_has_its_pictures_on_the_site() -> None:
    made = clothbound.write(clothbound.read(packed()), "rss").to_text()
    assert "https://weir.micro.example/uploads/2024/weir.png" in made
    posts = clothbound.read(packed()).posts
    assert list(pickle.loads(pickle.dumps(posts))) == list(posts)


@pytest.mark.parametrize(
    "files",
    [
        {"feed.json": b"{}", "a.png": b""},
        {"feed.json": json.dumps(FEED).encode(), "posts/a.html": b"<p>a</p>"},
        {"feed.json": json.dumps(FEED).encode(), "a.md": b"a"},
        {"other.json": json.dumps(FEED).encode()},
    ],
)
def test_other_archives_are_declined(files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(packed(files))
    assert not READER.accepts_files(open_files(path, Limits()))
    assert not READER.accepts(path.read_bytes()[:4096], "a.zip")
    found = open_files(path, Limits())
    assert format_detection.reader_for("a.zip", path.read_bytes()[:99], lambda: found) != "jsonfeed"


def test_an_archive_without_its_feed_gets_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "a.bar"
    path.write_bytes(packed({"index.html": b"<p>a</p>"}))
    with pytest.raises(ReadError, match="is not a Blog Archive"):
        clothbound.read(path)
    path.write_bytes(
        packed({"feed.json": b'{"version": "https://jsonfeed.org/version/1", "items"'})
    )
    with pytest.raises(ReadError):
        clothbound.read(path)
    path.write_bytes(packed({"feed.json": b" " * 200_000_000}))
    with pytest.raises(ReadError):
        clothbound.read(path)


def test_names_that_lead_out_are_never_read(tmp_path: Path) -> None:
    item = {"id": "1", "content_html": '<img src="../../secret.png"><img src="/etc/passwd">'}
    feed = json.dumps({**FEED, "items": [item]}).encode()
    path = tmp_path / "a.bar"
    path.write_bytes(packed({"feed.json": feed, "../../secret.png": b"zqout"}))
    artifact = clothbound.write(clothbound.read(path), "site")
    artifact.save(tmp_path / "site")
    assert all(
        b"zqout" not in f.read_bytes() for f in (tmp_path / "site").rglob("*") if f.is_file()
    )


@pytest.mark.parametrize("place", range(0, 1500, 83))
def test_a_damaged_archive_gets_an_answer(place: int) -> None:
    data = bytearray(packed())
    data[place : place + 5] = b"\xff" * 5
    for given in (bytes(data), bytes(data[:place])):
        try:
            made = clothbound.write(clothbound.read(given, "jsonfeed"), "rss").to_bytes()
        except ClothboundError:
            continue
        assert b"zqdraft" not in made


def test_the_reader_keeps_its_contract() -> None:
    check_reader(READER, [packed(), json.dumps(FEED).encode()])
