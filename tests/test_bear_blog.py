"""Bear Blog's table of posts: tests/cases/bear-blog, with what is read of it in a file for each post."""

from __future__ import annotations

import io
import pickle
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound.errors import ReadError
from clothbound.readers.exports.bear_blog import READER, BearBlogInput
from clothbound.testing import check_reader
from counted_books import count_book
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "bear-blog"
TABLE = CASE / "post_export.csv"
PUBLIC = ("the-bench", "the-tide-table")
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture(params=["table", "ZIP", "folder"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "export").mkdir()
    shutil.copy(TABLE, tmp_path / "export")
    if request.param == "ZIP":
        return Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "export"))
    return tmp_path / "export" / (TABLE.name if request.param == "table" else "")


@pytest.mark.parametrize("slug", PUBLIC)
def test_a_post_is_read_as_the_file_beside_it_says(slug: str) -> None:
    post = next(p for p in clothbound.read(TABLE).posts if p.metadata.slug == slug)
    made = clothbound.write([post], "markdown").to_text()
    assert made == expected_text(CASE / f"{slug}.md", made)


def test_each_form_is_recognised_and_says_who_may_see_a_post(path: Path) -> None:
    posts = clothbound.read(path)
    assert {m.title: m.verdict(NOW).names for m in posts.index} == {
        "The bench by the lock": (),
        "The tide table": (),
        "zqdraft": ("draft",),
        "zqfuture": ("scheduled",),
        "zqcut": ("draft",),
    }
    told = [str(found) for found in posts.diagnostics]
    assert any("not posts: 1 page; -I pages=true" in line for line in told)
    assert any("cut off: 5 of 16 fields" in line for line in told)


def test_pages_are_read_on_request_and_say_what_they_are() -> None:
    posts = clothbound.read(TABLE, BearBlogInput(pages=True))
    assert [m.title for m in posts.index if m.kind == "page"] == ["About"]


def test_what_the_blog_fills_in_is_filled_in_or_named() -> None:
    post = clothbound.read(TABLE).posts[0]
    text = clothbound.write([post], "text").to_text()
    assert "This was The bench by the lock, and {{ not_a_field }} stays." in text
    assert "limit:3" not in text
    told = [str(found) for found in post.diagnostics]
    assert any('1 field that the blog fills in left out: {{ posts tag:"harbour"' in t for t in told)


@pytest.mark.parametrize("writer", ["site", "rss", "epub"])
def test_nothing_private_gets_out(writer: str, path: Path, tmp_path: Path) -> None:
    posts = clothbound.read(path)
    public = clothbound.book(posts) if writer == "epub" else posts
    clothbound.write(public, writer).save(tmp_path / "made")
    made = tmp_path / "made"
    files = [made] if made.is_file() else [f for f in made.rglob("*") if f.is_file()]
    packed = made.read_bytes() if made.is_file() and zipfile.is_zipfile(made) else b""
    content = b"".join(file.read_bytes() for file in files)
    if packed:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            content = b"".join(map(archive.read, archive.namelist()))
    assert b"moved the" in content
    assert [mark for mark in (b"zqdraft", b"zqfuture", b"zqcut") if mark in content] == []


def test_links_between_posts_lead_inside_the_book() -> None:
    book = clothbound.book(clothbound.read(TABLE))
    with zipfile.ZipFile(io.BytesIO(clothbound.write(book, "epub").to_bytes())) as packed:
        chapter = packed.read("EPUB/the-bench.xhtml")
    assert b'href="the-tide-table.xhtml"' in chapter
    assert b'href="https://ferry.example/times"' in chapter


def test_the_count_finds_every_word(path: Path, tmp_path: Path) -> None:
    counted = count_book(path, tmp_path / "book.epub", lambda m: m.slug in PUBLIC)
    assert counted.words > 40
    assert counted.notes == 1


def test_a_table_of_another_kind_is_refused_and_the_reader_keeps_the_contract() -> None:
    with pytest.raises(ReadError, match="is not Bear Blog's table of posts"):
        clothbound.read(b"uid,title\n1,2\n", "bear-blog")
    check_reader(READER, [TABLE.read_bytes()])
    posts = clothbound.read(TABLE)
    assert pickle.loads(pickle.dumps(posts)).posts[0] == posts.posts[0]


def test_an_older_table_has_other_names_of_its_columns() -> None:
    table = b'uid,slug,title,content,publish,published_date,all_tags\n1,a,A,Words.,True,2020-01-02,"[x, y]"\n'
    metadata = next(iter(clothbound.read(table).index))
    assert metadata.tags == ("x", "y")
    assert metadata.published is not None and metadata.published.text == "2020-01-02"
    assert metadata.verdict(NOW).names == ()
