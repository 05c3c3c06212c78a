"""Tests that JSON is read back as it was written, and that other JSON is refused clearly."""

from __future__ import annotations

import io
import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clothbound import api
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import LimitError, ReadError
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.check import canonical
from clothbound.model.collection import Collection, Part
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.readers.json import READER, JsonInput
from clothbound.readers.timestamps import read_timestamp
from clothbound.run import Run
from clothbound.writers.json import Json, Jsonl
from strategies import posts

FORMATS = ["json", "jsonl"]


def read(data: bytes, limits: Limits | None = None) -> Collection:
    return READER.read(data, JsonInput(), Context(Run(limits=limits or Limits())))


def document(*items: Any, **head: Any) -> bytes:
    return json.dumps({"clothbound": 1, **head, "posts": list(items)}).encode()


POST = Post(
    Metadata(key="one", title="Öl & “so”", source="one.md"),
    (b.Paragraph((i.Text("a"), i.NoteRef("n"))), b.Extension("x", {"deep": [1, None, {"a": 2.5}]})),
    (Footnote("n", (b.Paragraph((i.Text("b"),)),)),),
    (Asset("a.bin", bytes(range(256)), "application/octet-stream"),),
)


@pytest.mark.parametrize("name", FORMATS)
@given(given_posts=st.lists(posts(as_read=True), max_size=3))
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_any_posts_come_back(name: str, given_posts: list[Post]) -> None:
    collection = as_collection([canonical(post) for post in given_posts])
    again = read(api.write(collection, name).to_bytes())
    assert list(again.posts) == list(collection.posts)
    assert again.diagnostics == ()


@pytest.mark.parametrize("name", FORMATS)
def test_the_collection_comes_back(name: str) -> None:
    whole = Collection(
        posts=(POST,),
        index=as_collection(POST).index,
        info=BookInfo(
            title="Letters",
            authors=("Ann", "Bo"),
            language="nb",
            editors=("Cy",),
            isbn="978-3-16-148410-0",
            series=Series("Letters", "2"),
            subjects=("Glue",),
        ),
        parts=(Part("Spring", ("one",)),),
        roles={"one": "colophon"},
        extra={"columns": ["a"]},
    )
    again = read(api.write(whole, name).to_bytes())
    assert (again.info, again.roles) == (whole.info, whole.roles)
    assert (again.parts, again.extra) == (whole.parts, whole.extra)
    assert again[0] == POST
    assert again.index["one"].title == POST.metadata.title


def test_an_older_document_has_its_series_in_two_fields() -> None:
    head = b'{"clothbound":1,"series":"Letters","series_position":"2","posts":[]}'
    assert read(head).info == BookInfo(series=Series("Letters", "2"))
    assert b'"series":{"name":"Letters","position":"2"}' in api.write(read(head), "json").to_bytes()


def test_indented_json_is_the_same_document() -> None:
    plain = api.write(POST, "json").to_bytes()
    indented = api.write(POST, Json(indent=2)).to_bytes()
    assert json.loads(plain) == json.loads(indented)
    assert b"\n  " in indented
    assert read(indented)[0] == POST


def test_no_posts_are_a_document_too() -> None:
    for name in FORMATS:
        assert len(read(api.write([], name).to_bytes())) == 0


def test_json_lines_have_a_head_and_a_line_a_post() -> None:
    lines = api.write([POST, POST], "jsonl").to_bytes().splitlines()
    assert [sorted(json.loads(line)) for line in lines] == [
        ["clothbound"],
        *[["assets", "body", "footnotes", "metadata"]] * 2,
    ]


def test_what_the_reader_found_and_where_it_read_are_not_written(tmp_path: Path) -> None:
    source = tmp_path / "secret-folder"
    source.mkdir()
    (source / "a.md").write_text("---\ndate: never\n---\nText[^1].\n")
    collection = api.read(source)
    assert collection[0].diagnostics
    data = api.write(collection, "json").to_bytes()
    assert b"secret-folder" not in data
    assert read(data)[0].diagnostics == ()


def test_posts_are_read_from_files_and_streams(tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    api.write(POST, "json").save(path)
    assert api.read(path)[0] == POST
    assert api.read(path.read_bytes())[0] == POST
    with path.open("rb") as stream:
        assert api.read(stream)[0] == POST
    assert READER.read(io.BytesIO(path.read_bytes()), JsonInput(), Context())[0] == POST
    api.write(POST, "jsonl").save(tmp_path / "book.jsonl")
    assert api.read(tmp_path / "book.jsonl")[0] == POST


def test_posts_can_be_pickled_and_read_again() -> None:
    posts_read = read(api.write([POST, POST], "json").to_bytes()).posts
    copy = pickle.loads(pickle.dumps(posts_read))
    assert list(copy) == list(posts_read) == list(posts_read)
    assert len(copy[1:]) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[]", "not a document of clothbound"),
        (b'{"posts": []}', "clothbound"),
        (b'{"clothbound": "1", "posts": []}', "not a document of clothbound"),
        (b'{"clothbound": 99, "posts": []}', "version 99"),
        (b'{"clothbound": 0, "posts": []}', "version 0"),
        (b'{"clothbound": 1, "posts": 3}', "not a document of clothbound"),
        (b"[" * 200_000, "not a document of clothbound"),
        (b'{"clothbound": 1, "extra": {"a": ' + b"[" * 200_000, "not valid JSON"),
    ],
)
def test_what_is_no_document_of_ours_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        read(data)


def nested(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "Group"}
    for _ in range(levels):
        node = {"type": "Group", "children": [node]}
    return {"body": [node]}


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (3, "not a post"),
        ({"body": [{"type": "Marquee"}]}, "Marquee"),
        ({"body": [{"type": "Heading", "level": "two"}]}, r"body\[0\]\.level"),
        ({"body": [{"type": "Heading", "level": 9}]}, "heading level 9"),
        (
            {"body": [{"type": "Paragraph", "children": [{"type": "NoteRef", "target": "x"}]}]},
            "'x'",
        ),
        (nested(150), "deeper than 100"),
    ],
)
def test_a_post_that_is_not_valid_is_left_out_and_named(item: Any, words: str) -> None:
    good = {"metadata": {"title": "Good"}}
    found = read(document(item, good))
    assert [m.title for m in found.index] == ["Good"]
    (diagnostic,) = found.diagnostics
    assert diagnostic.code is DiagnosticCode.POST_UNREADABLE
    assert diagnostic.message.startswith("post 1 ")
    assert re.search(words, diagnostic.message)


def test_a_post_that_is_nested_without_end_is_refused() -> None:
    bomb = b'{"body":[' + b'{"type":"Group","children":[' * 50_000 + b"]}" * 50_000 + b"]}"
    with pytest.raises(ReadError):
        read(b'{"clothbound":1,"posts":[' + bomb + b"]}")
    lines = read(b'{"clothbound":1}\n{}\n' + bomb)
    assert len(lines) == 1
    assert len(lines.diagnostics) == 1


def test_texts_that_are_not_canonical_are_merged() -> None:
    texts = [{"type": "Text", "text": t} for t in ("a", "", "b")]
    found = read(document({"body": [{"type": "Paragraph", "children": texts}]}))
    assert found[0].body == (b.Paragraph((i.Text("ab"),)),)


def test_characters_that_no_text_contains_are_removed_and_counted() -> None:
    text = r"a\u007Fb\fc\b\\u0000\ud83d\ude00 \ufeff\n" + "\x7f\ufdd0\uff01"
    data = document(
        {}, {"body": [{"type": "Paragraph", "children": [{"type": "Text", "text": "@"}]}]}
    )
    found = read(data.replace(b"@", text.encode()))
    assert found[1].body == (b.Paragraph((i.Text("ab c\\u0000\U0001f600 \n\uff01"),)),)
    assert [(d.code, d.message) for d in found.diagnostics] == [
        (DiagnosticCode.ENCODING_REPAIRED, "post 2: 6 control characters were removed")
    ]


def test_bytes_that_are_not_utf_8_are_read_as_windows_1252_and_named() -> None:
    body = [{"type": "Paragraph", "children": [{"type": "Text", "text": "@"}]}]
    data = document({}, {"body": body, "unknown": "@"})
    found = read(data.replace(b"@", b"caf\xe9 \x7f."))
    assert found[1].body == (b.Paragraph((i.Text("caf\xe9 ."),)),)
    assert [(d.code, d.message) for d in found.diagnostics] == [
        (DiagnosticCode.ENCODING_REPAIRED, "post 2: not UTF-8, and read as Windows-1252: 2 bytes"),
        (DiagnosticCode.ENCODING_REPAIRED, "post 2: 2 control characters were removed"),
    ]


def test_limits_hold() -> None:
    data = api.write(POST, "json").to_bytes()
    assert read(data, Limits(post_bytes=100)).diagnostics
    with pytest.raises(LimitError):
        READER.read(io.BytesIO(data), JsonInput(), Context(Run(limits=Limits(archive_bytes=10))))


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read(b"\xef\xbb\xbf" + api.write(POST, "json").to_bytes())[0] == POST


# --- words ----------------------------------------------------------------------------------------


def texts(*given_posts: Post) -> list[dict[str, str]]:
    lines = api.write(given_posts, Jsonl(kind="text")).to_bytes().splitlines()
    return [json.loads(line) for line in lines]


def test_a_line_of_text_says_what_a_search_needs() -> None:
    metadata = Metadata(
        id="7.tide",
        slug="tide",
        title="Tides",
        language="nb",
        canonical_url="https://letters.example/p/tide",
        published=read_timestamp("2023-06-01T14:00:00Z"),
    )
    body = (
        b.Heading((i.Text("High"),)),
        b.Paragraph((i.Text("a "), i.Underline((i.Text("b"),)), i.NoteRef("n"))),
        b.Callout((b.Paragraph((i.Text("c"),)),), kind="note", classes=("wide",)),
        b.Embed("tweet", "https://x.example/1", "Twitter", text="Words", author="Ann"),
        b.Button("Subscribe", "https://letters.example/subscribe", "subscribe"),
        b.Figure(i.Image("a.png", "A knot"), (i.Text("By Ida"),)),
    )
    note = Footnote("n", (b.Paragraph((i.Text("d"),)),))
    (line,) = texts(Post(metadata, body, (note,)))
    assert list(line) == ["id", "url", "date", "title", "language", "text", "markdown"]
    assert (line["id"], line["url"]) == ("7", "https://letters.example/p/tide")
    assert (line["date"], line["title"], line["language"]) == (
        "2023-06-01T14:00:00+00:00",
        "Tides",
        "nb",
    )
    assert line["text"].startswith("High\n\na b[1]\n\nc\n\nWords\nAnn\nTwitter")
    assert line["markdown"] == (
        "## High\n\na <u>b</u>[^1]\n\n> **Merk**\n>\n> c\n\n> Words\n>\n> — [Ann](https://x.example/1)\n\n"
        "![A knot](a.png)\n\n*By Ida*\n\n[^1]: d"
    )


def test_unknown_fields_of_a_line_are_empty() -> None:
    one, two = texts(
        Post(Metadata(slug="a", published=read_timestamp("2023-06"))), Post(Metadata(slug="b"))
    )
    assert (one["date"], two["date"]) == ("2023-06", "")
    assert (one["url"], one["title"], one["text"], one["markdown"]) == ("", "", "", "")


def test_losses_of_text_are_reported() -> None:
    post = Post(Metadata(slug="a"), (b.RawBlock("latex", r"\x lost"), b.SubscribeForm("S", "T")))
    artifact = api.write(post, Jsonl(kind="text"))
    artifact.to_bytes()
    (account,) = artifact.report.accounts.values()
    assert (account.dropped, account.chrome) == (1, 1)


def test_lines_of_text_are_not_read_back() -> None:
    data = api.write(POST, Jsonl(kind="text")).to_bytes()
    with pytest.raises(ReadError, match="kind=text"):
        read(data)


def test_lines_of_texts_say_that_they_are_not_posts(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    api.write([POST, Post(Metadata(slug="b", title='"Quoted"'))], Jsonl(kind="text")).save(file)
    with pytest.raises(ReadError, match=r"holds the words of posts \(kind=text\)") as caught:
        api.read(file)
    assert caught.value.hint == "write it again without kind=text"
    api.write([POST], "jsonl").save(file)
    assert len(api.read(file)) == 1
