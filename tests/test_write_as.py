"""The JSON that Write.as and WriteFreely export: tests/cases/write-as, with what is read of it in files beside it."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound.anthology.select import Select
from clothbound.errors import ReadError
from clothbound.model import CodeBlock
from clothbound.readers.exports.write_as import READER
from clothbound.testing import check_reader
from clothbound.verify import compare_contents, read_product, read_sources
from counted_books import count_book
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "write-as"
ACCOUNT = CASE / "ada.json"
PUBLIC = ("first-tide", "the-boats")
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture(params=["JSON", "ZIP", "folder"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "export").mkdir()
    shutil.copy(ACCOUNT, tmp_path / "export")
    if request.param == "ZIP":
        return Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "export"))
    return tmp_path / "export" / (ACCOUNT.name if request.param == "JSON" else "")


@pytest.mark.parametrize("slug", PUBLIC)
def test_a_post_is_read_as_the_file_beside_it_says(slug: str) -> None:
    post = next(p for p in clothbound.read(ACCOUNT).posts if p.metadata.slug == slug)
    made = clothbound.write([post], "markdown").to_text()
    assert made == expected_text(CASE / f"{slug}.md", made)


def test_each_form_is_recognised_and_says_who_may_see_a_post(path: Path) -> None:
    posts = clothbound.read(path)
    assert {m.id: m.verdict(NOW).names for m in posts.index} == {
        "abc2xyz7qp": (),
        "abc1xyz7qp": (),
        "abc3xyz7qp": ("scheduled",),
        "abc5xyz7qp": ("private",),
        "abc4xyz7qpw2": ("draft",),
    }


def test_what_is_no_post_costs_no_other() -> None:
    account = json.loads(ACCOUNT.read_bytes())
    account["posts"].append(7)
    posts = clothbound.read(json.dumps(account).encode(), on_error="collect")
    assert len(posts) == 5
    assert ["a post was left out" in str(found) for found in posts.diagnostics] == [True]


def test_a_book_of_one_blog_has_its_name_and_a_text_that_is_shown_as_code_is_code() -> None:
    account = json.loads(ACCOUNT.read_bytes())
    account["collections"] = account["collections"][:1]
    posts = clothbound.read(json.dumps(account).encode())
    assert (posts.info.title, posts.info.description) == ("By the sea", "Notes on tides.")
    assert posts.posts[-1].body == (CodeBlock("# zqnote *as it is*"),)
    assert clothbound.read(ACCOUNT).info.title == ""


@pytest.mark.parametrize("writer", ["site", "rss", "epub"])
def test_nothing_private_gets_out(writer: str, path: Path, tmp_path: Path) -> None:
    posts = clothbound.read(path)
    public = clothbound.book(posts) if writer == "epub" else posts
    made = tmp_path / "made"
    clothbound.write(public, writer).save(made)
    files = [made] if made.is_file() else [f for f in made.rglob("*") if f.is_file()]
    content = b"".join(file.read_bytes() for file in files)
    if writer == "epub":
        with zipfile.ZipFile(made) as archive:
            content = b"".join(map(archive.read, archive.namelist()))
    assert b"The tide came" in content
    marks = (b"zqlater", b"zqown", b"zqdiary", b"zqnote", b"zqmail")
    assert [mark for mark in marks if mark in content] == []


def test_links_between_posts_lead_inside_the_book() -> None:
    book = clothbound.book(clothbound.read(ACCOUNT))
    with zipfile.ZipFile(io.BytesIO(clothbound.write(book, "epub").to_bytes())) as packed:
        assert b'href="the-boats.xhtml"' in packed.read("EPUB/first-tide.xhtml")


def test_the_count_finds_every_word(path: Path, tmp_path: Path) -> None:
    counted = count_book(path, tmp_path / "book.epub", lambda _: True, Select(states=("secret",)))
    assert counted.words > 30


def test_a_file_of_another_kind_is_refused_and_the_reader_keeps_the_contract() -> None:
    with pytest.raises(ReadError, match=r"holds no posts of Write\.as"):
        clothbound.read(b'{"username":"ada","created":"","collections":null}')
    check_reader(READER, [ACCOUNT.read_bytes()])
    posts = clothbound.read(ACCOUNT)
    assert pickle.loads(pickle.dumps(posts)).posts[0] == posts.posts[0]


@pytest.mark.parametrize("between", ["\n\n{}\n\n", "{}", "\n{}\n", "\n\n```\n{}\n```\n\n{}"])
def test_what_paying_readers_see_is_in_no_site(tmp_path: Path, between: str) -> None:
    account = json.loads(ACCOUNT.read_text("utf-8"))
    post = account["collections"][0]["posts"][1]
    post["body"] = f"Free words.{between.replace('{}', '<!--paid-->')}zqpaid words.\n\nzqmore."
    path = tmp_path / "ada.json"
    path.write_text(json.dumps(account), "utf-8")
    clothbound.write(clothbound.read(path), "site").save(tmp_path / "site")
    pages = [page.read_text("utf-8") for page in (tmp_path / "site").rglob("*.html")]
    assert any("Free words." in page for page in pages)
    assert not any("zqpaid" in page or "zqmore" in page for page in pages)
    (kept,) = (p for p in clothbound.read(path).posts if p.metadata.slug == "the-boats")
    assert "zqpaid words." in clothbound.write([kept], "text").to_text()


def test_check_passes_over_what_is_no_post(tmp_path: Path) -> None:
    account = json.loads(ACCOUNT.read_text("utf-8"))
    account["collections"][0]["posts"].insert(0, 5)
    account["posts"].insert(0, None)
    path = tmp_path / "ada.json"
    path.write_text(json.dumps(account), "utf-8")
    posts = clothbound.read(path, on_error="collect")
    artifact = clothbound.write(posts, "epub")
    artifact.save(tmp_path / "ada.epub")
    told = [*posts.diagnostics, *artifact.report.diagnostics]
    written = {m.source for m in posts.index}
    counted = compare_contents(
        read_sources(path), read_product(tmp_path / "ada.epub"), lambda _: told, written
    )
    assert [str(found) for found in counted.missing] == []
