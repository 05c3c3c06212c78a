"""beehiiv's table of posts: tests/cases/beehiiv, with what is read of it beside it."""

from __future__ import annotations

import io
import pickle
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound.anthology.select import Select
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ReadError
from clothbound.readers.exports.beehiiv import READER
from clothbound.testing import check_reader
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "beehiiv"
TABLE = CASE / "posts.csv"
OTHER = Path(__file__).parents[2] / "shared" / "corpus" / "other" / "beehiiv" / "posts.csv"
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def states(source: object) -> dict[str, str]:
    found = {}
    for metadata in clothbound.read(source).index:  # type: ignore[arg-type]
        names = [reason.name for reason in metadata.verdict(NOW).reasons]
        found[metadata.title] = names[0] if names else "public"
    return found


def test_a_table_is_read_as_the_file_beside_it_says(tmp_path: Path) -> None:
    clothbound.write(clothbound.read(TABLE), "markdown").save(tmp_path / "made")
    posts = sorted((tmp_path / "made").glob("*.md"))
    made = "\n".join(f"# {post.name}\n\n{post.read_text(encoding='utf-8')}" for post in posts)
    assert made == expected_text(CASE / "expected.txt", made)


def test_status_audience_and_platform_decide() -> None:
    assert states(TABLE) == {
        "The press": "public",
        "Glue": "public",
        "Draft": "draft",
        "Archived": "unknown",
        "Premium": "paid",
        "Both": "both",
        "Sentence": "paid",
        "Everyone": "public",
        "Mail only": "sent",
    }


@pytest.mark.parametrize("form", ["path", "bytes", "stream"])
def test_a_table_is_recognised_in_every_form(form: str) -> None:
    data = TABLE.read_bytes()
    source: object = {"path": TABLE, "bytes": data, "stream": io.BytesIO(data)}[form]
    posts = clothbound.read(source, "beehiiv" if form == "stream" else None)  # type: ignore[arg-type]
    assert len(posts) == 9
    assert posts.index.sites == ("letters.beehiiv.com",)
    assert [key for _, key in posts.index.links()["press"] if key] == ["glue"]


def test_nothing_private_and_nothing_around_the_text_goes_out() -> None:
    book = clothbound.write(
        clothbound.book(clothbound.read(TABLE), Select(audiences=["everyone"])), "jsonl"
    )
    text = book.to_text()
    assert "A last paragraph." in text
    for mark in ("-SECRET", "PREVIEW-TEXT", "RECOMMENDED", "POLL-", "ADDRESS-OF-", "o.gif", "utm_"):
        assert mark not in text, mark
    told = "\n".join(map(str, book.report.diagnostics))
    assert "-SECRET" not in told
    assert "words of the e-mail around the post left out" in told


def test_rows_that_are_cut_off_or_too_long_are_named() -> None:
    head = b"id,web_title,status,audience,content_html\n"
    row = b'1,"A ""good"" title",confirmed,free,"<p>Line\nand ""line""</p>"\n'
    posts = clothbound.read(head + row + b"2,Cut,confirmed\n", "beehiiv")
    assert [m.title for m in posts.index] == ['A "good" title', "Cut"]
    (found,) = (d for d in posts.diagnostics if d.code is DiagnosticCode.ARCHIVE_ROW)
    assert (found.message, found.line) == ("the row of line 4 is cut off: 3 of 5 fields", 4)
    run = clothbound.Run(limits=clothbound.Limits(post_bytes=200))
    long = b'3,Long,confirmed,free,"' + b"x" * 300 + b'"\n'
    posts = clothbound.read(head + long + row, "beehiiv", run=run, on_error="collect")
    assert [m.title for m in posts.index] == ['A "good" title']
    assert posts.diagnostics[0].message == "post left out: it is longer than 200 bytes"
    unclosed = head + row + b'4,Open,confirmed,free,"<p>never closed</p>\n'
    assert "never closed" in str(clothbound.read(unclosed, "beehiiv").posts[1])
    with pytest.raises(ReadError, match="is not beehiiv's table"):
        clothbound.read(b"post_id,title\n1,2\n", "beehiiv")


def test_a_table_without_status_says_that_drafts_cannot_be_told() -> None:
    posts = clothbound.read(b"web_title,audience,content_html\nA,free,<p>x</p>\n")
    assert [d.code for d in posts.diagnostics] == [DiagnosticCode.PUBLICATION_STATE]
    assert posts.index.entries[0].metadata.verdict(NOW).state == "public"


def test_the_reader_keeps_the_contract() -> None:
    check_reader(READER, [TABLE.read_bytes()], broken=[b"web_title,status\n"])
    assert not READER.accepts(b"# A post\n\nweb_title, content_html and audience\n", "a.md")


def test_posts_are_picklable() -> None:
    posts = clothbound.read(TABLE).posts
    assert list(pickle.loads(pickle.dumps(posts))) == list(posts)


@pytest.mark.corpus
@pytest.mark.skipif(not OTHER.exists(), reason="../shared is absent")
def test_the_table_of_the_corpus() -> None:
    posts = clothbound.read(OTHER)
    assert [m.title for m in posts.index] == ["Sample Post", "Another Post"]
    assert [
        "sample HTML here" in str(p.body).replace("S", "s", 1) or "Sample" in str(p.body)
        for p in posts.posts
    ] == [True, True]


@pytest.mark.parametrize("name", ["posts.csv", "export/posts.csv"])
def test_a_table_with_the_name_of_substacks_is_known_by_its_columns(name: str) -> None:
    """The first file of the archive has the name of Substack's table."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, "web_title,status,content_html\nOne,published,<p>Words.</p>\n")
    assert [m.title for m in clothbound.read(made.getvalue()).index] == ["One"]
