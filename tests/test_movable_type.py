"""The export of TypePad and Movable Type: tests/cases/movable-type, with what is read of it in a file for each entry."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound import formats
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ReadError
from clothbound.limits import Limits
from clothbound.model.plain_text import plain_text
from clothbound.readers.exports.movable_type import READER
from clothbound.run import Run
from clothbound.testing import check_reader
from expected_files import expected_text
from line_counts import growth

CASE = Path(__file__).parent / "cases" / "movable-type"
FILE = CASE / "typepad.txt"
DATA = FILE.read_bytes()
NOW = datetime(2024, 6, 1, tzinfo=UTC)
STATES = {
    "The ferry & the fog": "public",
    "The map": "public",
    "Written in Markdown": "public",
    "DRAFT-TITLE": "draft",
    "FUTURE-TITLE": "scheduled",
    "NO-STATUS-TITLE": "unknown",
    "Written in Textile": "public",
}


@pytest.mark.parametrize("number", [0, 1, 2, 6])
def test_an_entry_is_read_as_the_file_beside_it_says(number: int) -> None:
    post = clothbound.read(FILE).posts[number]
    made = clothbound.write([post], "markdown").to_text()
    assert made == expected_text(CASE / f"{post.metadata.slug or 'textile'}.md", made)


@pytest.mark.parametrize("encoding", ["euc_jp", "cp932"])
def test_an_export_in_an_old_encoding_of_japanese_is_read_as_such(encoding: str) -> None:
    entry = "TITLE: {}\nSTATUS: Publish\n-----\nBODY:\n<p>{}</p>\n-----\n--------\n"
    # The second has no kana by which its encoding could be told.
    written = entry.format("海", "潮の満ち引き") + entry.format("写真", "港町")
    collection = clothbound.read(written.encode(encoding), "movable-type")
    assert [post.metadata.title for post in collection] == ["海", "写真"]
    assert [plain_text(post) for post in collection] == ["潮の満ち引き", "港町"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_the_form_is_recognised_by_its_first_lines(end: bytes, start: bytes) -> None:
    data = start + DATA.replace(b"\n", end)
    found = {}
    for metadata in clothbound.read(data).index:
        names = [reason.name for reason in metadata.verdict(NOW).reasons]
        found[metadata.title] = names[0] if names else "public"
    assert found == STATES
    assert clothbound.read(FILE).posts[0].metadata.published is not None


@pytest.mark.parametrize(
    "other",
    [
        b"TITLE: A\n\nWords.\n",
        b"Title: A\nDate: 2020-01-01\n\nWords\n-----\nBODY:\n",
        b"FOO: a\nBAR: b\n-----\nBODY:\nWords\n",
        b"-----\nBODY:\nWords\n",
    ],
)
def test_other_texts_are_declined(other: bytes) -> None:
    assert not READER.accepts(other, "a.txt")
    with pytest.raises(ReadError):
        clothbound.read(b"", clothbound.MovableTypeInput())


@pytest.mark.parametrize("writer", ["site", "rss", "epub", "markdown"])
def test_nobody_who_commented_is_named(writer: str, tmp_path: Path) -> None:
    posts = clothbound.read(FILE)
    public = clothbound.book(posts) if writer == "epub" else posts
    clothbound.write(public, writer).save(tmp_path / "made")
    made = tmp_path / "made"
    files = [made] if made.is_file() else [f for f in made.rglob("*") if f.is_file()]
    content = b"".join(file.read_bytes() for file in files)
    private = [b"COMMENT", b"PING", b"private.example", b"192.0.2"]
    if writer in ("site", "rss"):
        private += [b"DRAFT", b"FUTURE", b"NO-STATUS"]
    assert [mark for mark in private if mark in content] == []


def test_the_report_counts_what_is_left_out() -> None:
    messages = [diagnostic.message for diagnostic in clothbound.read(FILE).diagnostics]
    assert messages == [
        "3 comments and pings left out",
        "a status is missing: 1 post counted as secret",
    ]


def test_links_between_entries_lead_inside_the_book() -> None:
    book = clothbound.book(clothbound.read(FILE))
    with zipfile.ZipFile(io.BytesIO(clothbound.write(book, "epub").to_bytes())) as packed:
        chapter = packed.read("EPUB/the-ferry.xhtml")
    assert b'href="the-map.xhtml"' in chapter


def test_the_strictest_of_two_states_counts() -> None:
    data = DATA.replace(b"STATUS: Publish\n", b"STATUS: Publish\nSTATUS: Draft\n", 1)
    assert clothbound.read(data).posts[0].metadata.verdict(NOW).names == ("draft",)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (b"03/04/2005 05:06:07 AM", "2005-03-04 05:06:07"),
        (b"03/04/2005 17:06:07", "2005-03-04 17:06:07"),
        (b"03/04/2005", "2005-03-04"),
        (b"soon", "soon"),
    ],
)
def test_dates_are_read_as_they_are_written(date: bytes, expected: str) -> None:
    published = (
        clothbound.read(DATA.replace(b"03/04/2005 05:06:07 PM", date)).posts[0].metadata.published
    )
    assert published is not None
    assert published.text == expected


@pytest.mark.parametrize("place", range(0, len(DATA), 97))
def test_a_text_that_is_cut_off_keeps_its_drafts_back(place: int) -> None:
    try:
        posts = clothbound.read(DATA[:place], clothbound.MovableTypeInput())
    except ReadError:
        return
    made = clothbound.write(posts, "rss").to_bytes()
    assert [m for m in (b"DRAFT", b"FUTURE", b"NO-STATUS", b"COMMENT") if m in made] == []


def test_an_entry_that_is_too_long_is_named_and_the_others_stay() -> None:
    long = DATA.replace(b"The ferry came late.", b"The ferry came late. " * 200)
    run = Run(limits=Limits(post_bytes=3000))
    posts = clothbound.read(long, run=run, on_error="collect")
    assert [metadata.title for metadata in posts.index] == list(STATES)[1:]
    assert DiagnosticCode.POST_UNREADABLE in [d.code for d in posts.diagnostics]


def test_a_text_that_ends_in_the_fields_of_its_first_entry_is_told() -> None:
    data = b"AUTHOR: Marit\nTITLE: Pier\nBASENAME: pier\nSTATUS: Dra"
    with pytest.raises(ReadError, match="ends within an entry"):
        clothbound.read(data)
    assert not READER.accepts(b"AUTHOR: Marit\nTITLE: Pier\nDATE: 2024", "")
    assert not READER.accepts(data + b"ft\n\nWords of a text with a header.\n", "")


@pytest.mark.parametrize("blank", [b" ", b"\n"])
def test_blanks_get_an_answer(blank: bytes) -> None:
    with pytest.raises(ReadError, match="no entries"):
        clothbound.read(blank * 300_000, "movable-type")


@pytest.mark.parametrize("lines", ["\n", "-----\n", "-----\n\n\n"])
def test_work_grows_as_the_lines_of_an_entry(lines: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        data = DATA[: DATA.index(b"BODY:")] + b"BODY:\na\n" + lines.encode() * size
        return lambda: clothbound.read(data, "movable-type")

    assert growth(reading, 500) < 5


def test_a_reader_keeps_its_contract() -> None:
    check_reader(READER, [DATA], broken=[b"", b"-----\n", DATA[:40]])
    assert formats.reader("movable-type") is READER
