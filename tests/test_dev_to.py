"""The archive that DEV gives: tests/cases/devto, with what is read of it in a file for each article."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound import formats
from clothbound.errors import ClothboundError, ReadError
from clothbound.readers.exports.dev_to import READER
from clothbound.testing import check_reader
from clothbound.verify import compare_contents, read_product, read_sources
from counted_books import count_book
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "devto"
DATA = (CASE / "export" / "articles.json").read_bytes()
ROWS: list[dict[str, Any]] = json.loads(DATA)
PUBLIC = ("three-ways-to-sort-a-drawer-1ab", "knots-that-hold-2ab")
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture(params=["articles.json", "ZIP", "folder"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "ZIP":
        return Path(shutil.make_archive(str(tmp_path / "export"), "zip", CASE / "export"))
    shutil.copytree(CASE / "export", tmp_path / "export")
    return tmp_path / "export" / (request.param if request.param != "folder" else "")


@pytest.mark.parametrize("slug", PUBLIC)
def test_an_article_is_read_as_the_file_beside_it_says(slug: str) -> None:
    post = next(p for p in clothbound.read(DATA).posts if p.metadata.slug == slug)
    made = clothbound.write([post], "markdown").to_text()
    assert made == expected_text(CASE / f"{slug}.md", made)


def test_each_form_is_recognised_and_says_who_may_see_an_article(path: Path) -> None:
    posts = clothbound.read(path)
    states = {m.title: m.verdict(NOW).names for m in posts.index}
    assert states == {
        "Three ways to sort a drawer": (),
        "Knots that hold": (),
        "zqdraft row": ("draft",),
        "zqheader": ("draft",),
        "zqfuture": ("scheduled",),
    }
    assert posts.info.authors == ("Odd Lunde",)


@pytest.mark.parametrize("writer", ["site", "rss", "epub"])
def test_nothing_private_gets_out(writer: str, path: Path, tmp_path: Path) -> None:
    posts = clothbound.read(path)
    public = clothbound.book(posts) if writer == "epub" else posts
    clothbound.write(public, writer).save(tmp_path / "made")
    made = tmp_path / "made"
    files = [made] if made.is_file() else [f for f in made.rglob("*") if f.is_file()]
    content = b"".join(file.read_bytes() for file in files)
    marks = (b"zqdraft", b"zqheader", b"zqfuture", b"zqcomment", b"zqhtml")
    assert [mark for mark in marks if mark in content] == []


def test_links_between_articles_lead_inside_the_book() -> None:
    book = clothbound.book(clothbound.read(DATA))
    with zipfile.ZipFile(io.BytesIO(clothbound.write(book, "epub").to_bytes())) as packed:
        chapter = packed.read(f"EPUB/{PUBLIC[0]}.xhtml")
    assert f'href="{PUBLIC[1]}.xhtml"'.encode() in chapter


def test_the_count_finds_every_word(path: Path, tmp_path: Path) -> None:
    counted = count_book(path, tmp_path / "book.epub", lambda m: m.slug in PUBLIC)
    assert counted.words > 40
    assert counted.notes == 1


def test_an_article_without_markdown_has_its_html_and_one_without_a_state_is_a_draft() -> None:
    row = {"body_markdown": "", "title": "A", "processed_html": "<p>Some <b>words</b>.</p>"}
    post = clothbound.read(json.dumps([row]).encode()).posts[0]
    assert "Some **words**." in clothbound.write([post], "markdown").to_text()
    assert post.metadata.verdict(NOW).names == ("draft",)


API: list[dict[str, Any]] = [
    {
        "type_of": "article",
        "id": 1,
        "title": "Tying",
        "published_at": "2019-08-01T15:47:54Z",
        "slug": "tying-1",
        "path": "/odd/tying-1",
        "url": "https://forem.example/odd/tying-1",
        "body_markdown": "Tie a *knot*.",
        "cover_image": "https://forem.example/knot.png",
        "tag_list": ["rope", "sea"],
        "user": {"name": "Odd Lunde", "username": "odd"},
    },
    {
        "type_of": "article",
        "id": 2,
        "title": "Untying",
        "published_at": "2019-08-02T15:47:54Z",
        "tag_list": "rope, sea",
        "tags": ["rope", "sea"],
        "body_html": "<p>Untie <b>it</b>.</p>",
        "user": {"name": "", "username": "odd"},
    },
    {
        "type_of": "article",
        "id": 3,
        "title": "Cutting",
        "published": False,
        "published_at": None,
        "body_markdown": "Cut it.",
        "tag_list": [],
        "user": {},
    },
]


def test_what_the_api_answers_is_read_as_an_archive(tmp_path: Path) -> None:
    data = json.dumps(API, indent=1).encode()
    (tmp_path / "articles.json").write_bytes(data)
    posts = clothbound.read(tmp_path)
    first, second, _ = posts
    assert [p.metadata.verdict(NOW).names for p in posts] == [(), (), ("draft",)]
    assert [p.metadata.authors for p in posts] == [("Odd Lunde",), ("odd",), ()]
    assert [p.metadata.tags for p in posts] == [("rope", "sea"), ("rope", "sea"), ()]
    assert first.metadata.canonical_url == "https://forem.example/odd/tying-1"
    assert first.metadata.cover == "https://forem.example/knot.png"
    assert "Tie a *knot*." in clothbound.write([first], "markdown").to_text()
    assert "Untie **it**." in clothbound.write([second], "markdown").to_text()
    (alone,) = clothbound.read(json.dumps(API[0]).encode())
    assert alone == first
    made = tmp_path / "made.epub"
    clothbound.write(clothbound.book(posts), "epub").save(made)
    counted = compare_contents(
        read_sources(tmp_path / "articles.json"),
        read_product(made),
        lambda _: [],
        {m.source for m in posts.index if not m.verdict(NOW).names},
    )
    assert [str(found) for found in counted.missing] == []


def test_a_list_of_articles_without_texts_says_where_they_are() -> None:
    rows = [{"type_of": "article", "id": 1, "title": "A", "tag_list": []}]
    with pytest.raises(ReadError, match=r"without their texts.*/api/articles/me/all"):
        clothbound.read(json.dumps(rows).encode())


@pytest.mark.parametrize(
    "other",
    [
        b"[]",
        b'{"body_markdown": "a"}',
        b'[{"title": "a"}]',
        b'[{"title": "\\"body_markdown\\": "}]',
        b'[{"body_markdown": "a"',
        b'[{"body_markdown": ' + b"[" * 100_000,
        b'[1, "a", {"title": 2}]',
    ],
)
def test_what_is_no_list_of_articles_gets_an_answer(other: bytes) -> None:
    with pytest.raises(ReadError):
        clothbound.read(other, clothbound.DevToInput())


def test_articles_stand_in_the_order_of_their_days_and_drafts_behind_them() -> None:
    days = {"C": "2024-03-01", "Draft": "", "A": "2024-01-01", "B": "2024-02-01"}
    articles = [
        {"title": title, "body_markdown": "Words.", "published_at": day and f"{day}T08:00:00Z"}
        for title, day in days.items()
    ]
    posts = clothbound.read(json.dumps(articles).encode(), "devto")
    assert [metadata.title for metadata in posts.index] == ["A", "B", "C", "Draft"]


def test_values_of_other_types_are_missing_ones() -> None:
    row = {**ROWS[0], "title": 7, "cached_tag_list": ["a"], "published_at": 5, "path": None}
    posts = clothbound.read(json.dumps([row, 5, "x"]).encode(), on_error="collect")
    assert len(posts) == 1
    assert sum("left out" in d.message for d in posts.diagnostics) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (["a"], "the archive has no text of this article"),
        (" ", "the archive has no text of this article"),
        ("a\0b", "1 control character was removed"),
    ],
)
def test_what_an_article_lacks_is_told(text: object, message: str) -> None:
    rows = [{**ROWS[0], "body_markdown": text, "processed_html": None}]
    (post,) = clothbound.read(json.dumps(rows).encode())
    assert [d.message for d in post.diagnostics] == [message]


@pytest.mark.parametrize("place", range(0, len(DATA), 211))
def test_a_file_that_is_cut_off_gets_an_answer(place: int) -> None:
    try:
        clothbound.read(DATA[:place], clothbound.DevToInput())
    except ClothboundError:
        return
    raise AssertionError(place)


def test_the_reader_keeps_its_contract() -> None:
    check_reader(READER, [DATA], broken=[b"", b"[", b"PK\3\4"])
    posts = clothbound.read(DATA).posts
    assert list(pickle.loads(pickle.dumps(posts))) == list(posts)
    assert formats.reader("devto") is READER
