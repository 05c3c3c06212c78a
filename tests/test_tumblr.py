"""The archive that Tumblr gives: tests/cases/tumblr, with what is read of it in a file for each post."""

from __future__ import annotations

import io
import pickle
import shutil
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound import formats
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError, ReadError
from clothbound.limits import Limits
from clothbound.readers.export_files import open_files
from clothbound.readers.exports.tumblr import READER
from clothbound.run import Run
from clothbound.testing import check_reader
from counted_books import count_book
from expected_files import expected_text
from running_pages import pack_tumblr

CASE = Path(__file__).parent / "cases" / "tumblr"
PUBLIC = [f"16300000000{number}" for number in range(1, 7)]


@pytest.fixture(params=["posts.zip in a ZIP", "one ZIP", "folder", "folder in a ZIP"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "boats.zip"
    if request.param == "posts.zip in a ZIP":
        pack_tumblr(CASE, path)
    elif request.param == "one ZIP":
        shutil.make_archive(str(path.with_suffix("")), "zip", CASE)
    else:
        shutil.copytree(CASE, tmp_path / "all" / "boats")
        if request.param == "folder":
            return tmp_path / "all" / "boats"
        shutil.make_archive(str(path.with_suffix("")), "zip", tmp_path / "all")
    return path


def test_posts_are_read_as_the_files_beside_them_say(path: Path) -> None:
    posts = clothbound.read(path)
    assert [m.id for m in posts.index] == [*PUBLIC, "163000000007", "163000000008"]
    for number, post in zip(PUBLIC, posts.posts, strict=False):
        made = clothbound.write([post], "markdown").to_text()
        assert made == expected_text(CASE / "expected" / f"{number}.md", made)


def test_pictures_and_links_are_those_of_the_archive(path: Path) -> None:
    book = clothbound.write(clothbound.book(clothbound.read(path)), "epub")
    with zipfile.ZipFile(io.BytesIO(book.to_bytes())) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    for name in ("163000000002_0", "163000000003_0", "163000000003_1"):
        assert (CASE / "media" / f"{name}.png").read_bytes() in files.values()
    chapters = {
        name: next(data for file, data in files.items() if mark in data and "contents" not in file)
        for name, mark in (("net", b"we mended"), ("wood", b"Wood rem"), ("who", b"Who keeps"))
    }
    assert b'href="163000000002.xhtml">a row of boats' in chapters["net"]
    assert b'href="163000000001.xhtml">the net' in chapters["wood"]
    assert b"other-blog.tumblr.com/post/5" in chapters["who"]
    assert "gone.png" in " ".join(str(found) for found in book.report.diagnostics)


@pytest.mark.parametrize("writer", ["site", "rss", "epub", "markdown"])
def test_nothing_private_gets_out(writer: str, path: Path, tmp_path: Path) -> None:
    posts = clothbound.read(path)
    public = clothbound.book(posts) if writer in ("epub", "markdown") else posts
    clothbound.write(public, writer).save(tmp_path / "made")
    made = tmp_path / "made"
    files = [made] if made.is_file() else [f for f in made.rglob("*") if f.is_file()]
    content = b"".join(file.read_bytes() for file in files)
    marks = (b"zqdraft", b"zqprivate", b"zqmail", b"zqpicture")
    assert [mark for mark in marks if mark in content] == []


def test_the_report_says_what_the_archive_does_not(path: Path) -> None:
    told = {d.message.partition(":")[0]: d.code for d in clothbound.read(path).diagnostics}
    assert told["an archive of Tumblr does not say which posts are private"] is (
        DiagnosticCode.ARCHIVE_FILE
    )
    assert DiagnosticCode.PRIVATE_FILE in told.values()
    assert "1 post with texts of other blogs, which stay in as quotations" in told


def test_the_count_finds_every_word(path: Path, tmp_path: Path) -> None:
    counted = count_book(path, tmp_path / "book.epub", lambda m: m.id in PUBLIC)
    assert counted.words > 55
    assert counted.pictures >= 3


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("January 5th, 2019 3:45pm", "2019-01-05 15:45:00"),
        ("May 21st, 2020 12:05am", "2020-05-21 00:05:00"),
        ("Dec 2nd, 2020", "2020-12-02"),
        ("February 31st, 2020 1:00pm", "February 31st, 2020 1:00pm"),
        ("2021-02-03", "2021-02-03"),
    ],
)
def test_dates_are_read_as_they_are_written(date: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    page = f'<body><p>Words</p><div id="footer"><span id="timestamp">{date}</span></div></body>'
    (tmp_path / "html" / "163000000001.html").write_text(page)
    published = clothbound.read(tmp_path).posts[0].metadata.published
    assert published is not None
    assert published.text == expected


def test_other_archives_are_declined(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for name, page in (("html/12345678.html", "<p>a</p>"), ("html/a.html", '<i id="timestamp">')):
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(name, page)
        assert not READER.accepts_files(open_files(path, Limits()))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.txt", "a")
    with pytest.raises(ReadError, match="holds no posts of Tumblr"):
        clothbound.read(path, clothbound.TumblrInput())


@pytest.mark.parametrize("place", range(0, 2500, 131))
def test_a_damaged_archive_gets_an_answer(place: int, tmp_path: Path) -> None:
    path = tmp_path / "boats.zip"
    pack_tumblr(CASE, path)
    data = bytearray(path.read_bytes())
    data[place : place + 9] = b"\xff" * 9
    for given in (bytes(data), bytes(data[:place])):
        try:
            posts = clothbound.read(given, "tumblr", on_error="collect", run=Run())
            made = clothbound.write(posts, "rss").to_bytes()
        except ClothboundError:
            continue
        assert [m for m in (b"zqdraft", b"zqprivate", b"zqmail") if m in made] == []


def test_the_reader_keeps_its_contract(tmp_path: Path) -> None:
    pack_tumblr(CASE, tmp_path / "boats.zip")
    check_reader(READER, [(tmp_path / "boats.zip").read_bytes()], broken=[b"", b"PK\3\4"])
    posts = clothbound.read(tmp_path / "boats.zip").posts
    assert list(pickle.loads(pickle.dumps(posts))) == list(posts)
    assert formats.reader("tumblr") is READER
