"""Posts of Tumblr as its API answers with them: blocks, layouts, and what others have written."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.errors import ReadError
from clothbound.model.post import Post
from clothbound.readers.exports.tumblr_blocks import Format, write_text
from clothbound.verify import read_sources
from clothbound.verify.content import Kind
from line_counts import growth
from notation import write

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def post(*content: Any, **fields: Any) -> dict[str, Any]:
    return {
        "object_type": "post",
        "type": "blocks",
        "blog_name": "weir",
        "is_blocks_post_format": True,
        "id_string": "71",
        "post_url": "https://weir.tumblr.com/post/71/low-tide",
        "date": "2024-05-01 12:30:00 GMT",
        "state": "published",
        "content": list(content),
        "layout": [],
        **fields,
    }


def answer(*posts: dict[str, Any]) -> bytes:
    blog = {"name": "weir", "title": "By the weir"}
    response = {"blog": blog, "posts": list(posts)}
    return json.dumps({"meta": {"status": 200, "msg": "OK"}, "response": response}).encode()


def text(words: str, subtype: str = "", **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"subtype": subtype} if subtype else {}), **fields}


def image(name: str, **fields: Any) -> dict[str, Any]:
    sizes = [{"url": f"https://64.media.example/{name}_{w}.jpg", "width": w} for w in (250, 1280)]
    return {"type": "image", "media": sizes, **fields}


def read(*posts: dict[str, Any]) -> Post:
    return clothbound.read(answer(*posts))[0]


def shown(one: Post) -> str:
    return re.sub(r"(?m)^( *)\d+ ", r"\1", write(one.body, ()))


def test_what_is_said_of_a_post() -> None:
    posts = clothbound.read(
        answer(post(text("Low tide", "heading1"), text("Words."), tags=["sea"]))
    )
    metadata = posts[0].metadata
    assert posts.info.title == "By the weir"
    assert (metadata.title, metadata.tags, metadata.id) == ("Low tide", ("sea",), "71")
    assert metadata.canonical_url == "https://weir.tumblr.com/post/71/low-tide"
    assert metadata.published is not None
    assert metadata.published.value == datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
    assert shown(posts[0]).split("\n") == ["Paragraph", '  "Words."']


def test_blocks() -> None:
    rows = [{"blocks": [6, 7]}, *({"blocks": [n]} for n in (0, 1, 2, 3, 4, 5, 8, 9, 10))]
    made = read(
        post(
            text(
                "An old tide & <more>\nbelow", formatting=[{"start": 3, "end": 11, "type": "bold"}]
            ),
            text("one", "unordered-list-item"),
            text("two", "ordered-list-item", indent_level=1),
            text("three", "unordered-list-item"),
            text("quoted", "quote"),
            text("further", "indented"),
            image("a", alt_text="The weir"),
            image("b"),
            {
                "type": "link",
                "url": "https://tide.example/",
                "title": "Tides",
                "description": "All.",
            },
            {"type": "poll", "question": "High?", "answers": [{"answer_text": "Yes"}]},
            {"type": "hologram", "text": "kept words"},
            layout=[{"type": "rows", "display": rows}],
        )
    )
    assert (
        shown(made)
        == """\
Gallery
  Figure Image(src="https://64.media.example/a_1280.jpg" alt="The weir")
  Figure Image(src="https://64.media.example/b_1280.jpg")
Paragraph
  "An " Strong("old tide") " & <more>" LineBreak() "below"
List
  ListItem
    Paragraph
      "one"
    List ordered
      ListItem
        Paragraph
          "two"
  ListItem
    Paragraph
      "three"
Quote
  Paragraph
    "quoted"
  Paragraph
    "further"
Paragraph
  Link("Tides" href="https://tide.example/") LineBreak() "All."
Paragraph
  Strong("High?")
List
  ListItem
    Paragraph
      "Yes"
Paragraph
  "kept words\""""
    )
    assert [d.message for d in made.diagnostics] == [
        "a block of the type 'hologram' is not known; its words were kept"
    ]


def test_overlapping_formats_are_parted_and_a_link_is_one() -> None:
    formats = [
        Format(0, 6, "bold"),
        Format(3, 9, "italic"),
        Format(2, 8, "link", "https://a.example/?a&b"),
        Format(90, 99, "small"),
        Format(4, 2, "bold"),
    ]
    assert write_text("abcdef\U0001f30aghi", formats) == (
        '<b>ab</b><a href="https://a.example/?a&amp;b"><b>c</b><i><b>def</b></i>'.replace(
            "<i><b>def</b></i>", "<i><b>def</b></i><i>\U0001f30ag</i>"
        )
        + "</a><i>h</i>i"
    )
    assert (
        growth(
            lambda n: lambda: write_text("ab" * n, [Format(i, 2 * n, "bold") for i in range(n)]),
            500,
        )
        < 5
    )


@pytest.mark.parametrize("state", ["draft", "queued", "private", "submission", "later"])
def test_what_was_not_published_is_not_public(state: str) -> None:
    assert read(post(text("Words."), state=state)).metadata.verdict(NOW).state == "secret"


def test_what_is_behind_a_paywall_is_not_for_everyone() -> None:
    wall = {"type": "paywall", "subtype": "divider", "url": "https://tide.example/pay"}
    assert read(post(text("a"), wall, text("b"))).metadata.verdict(NOW).state == "restricted"


def test_what_others_have_written_and_asked_is_quoted() -> None:
    asked = {
        "type": "ask",
        "blocks": [0],
        "attribution": {"blog": {"name": "oast", "url": "https://oast.example/"}},
    }
    part = {
        "content": [text("Theirs.")],
        "layout": [],
        "blog": {"name": "malt", "url": "https://malt.example/"},
    }
    made = read(post(text("Why?"), text("So."), layout=[asked], trail=[part]))
    assert " ".join(shown(made).split()) == (
        'Paragraph Link("malt" href="https://malt.example/") ":" Quote Paragraph "Theirs."'
        ' Paragraph Link("oast" href="https://oast.example/") ":" Quote Paragraph "Why?" Paragraph "So."'
    )


def test_recordings() -> None:
    film = {
        "type": "video",
        "provider": "youtube",
        "url": "https://www.youtube.com/watch?v=abc123def45",
    }
    song = {
        "type": "audio",
        "media": {"url": "https://a.example/s.mp3"},
        "title": "Ebb",
        "artist": "Oast",
    }
    made = shown(read(post(film, song)))
    assert "abc123def45" in made
    assert "https://a.example/s.mp3" in made
    assert "Ebb · Oast" in made


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_a_recording_that_is_given_as_html_alone_is_kept(kind: str) -> None:
    frame = '<iframe src="https://player.example/abc"></iframe><script>alert(1)</script>'
    made = shown(read(post({"type": kind, "embed_html": frame, "title": "Ebb"})))
    assert "https://player.example/abc" in made
    assert "Ebb" in made
    assert "alert" not in made


def test_pictures_of_links_and_recordings_and_where_blocks_come_from(tmp_path: Path) -> None:
    poster = [{"url": "https://64.media.example/still.jpg", "width": 640}]
    origin = {
        "type": "post",
        "url": "https://malt.tumblr.com/post/9",
        "blog": {"name": "malt", "url": "https://malt.tumblr.com/"},
    }
    one = post(
        {"type": "link", "url": "https://tide.example/", "title": "Tables", "poster": poster},
        {"type": "audio", "media": {"url": "https://a.example/s.mp3"}, "poster": poster},
        {"type": "video", "media": {"url": "https://a.example/v.mp4"}, "poster": poster},
        image("quay", attribution=origin, caption="The quay"),
        image(
            "kiln", attribution={"type": "app", "app_name": "Lens", "url": "https://lens.example/"}
        ),
    )
    made = shown(read(one))
    assert made.count("https://64.media.example/still.jpg") == 3
    assert all(words in made for words in ("The quay · ", "malt", "Lens", "https://lens.example/"))
    assert "https://malt.tumblr.com/post/9" in made
    source = tmp_path / "posts.json"
    source.write_bytes(answer(one))
    report = clothbound.write(clothbound.book(clothbound.read(source)), "epub").save(
        tmp_path / "b.epub"
    )
    assert not clothbound.compare(source, tmp_path / "b.epub", report=report).missing


def test_a_block_in_two_layouts_is_printed_once() -> None:
    rows = {"type": "rows", "display": [{"blocks": [0, 1]}]}
    made = shown(read(post(image("a"), image("b"), layout=[rows, rows])))
    assert made.count("a_1280.jpg") == made.count("b_1280.jpg") == 1


def test_fields_that_are_null_are_not_there() -> None:
    block = text("Ebb", subtype=None, formatting=None)
    one = read(
        post(block, image("a", alt_text=None), slug=None, tags=None, layout=None, trail=None)
    )
    assert "Ebb" in shown(one)


def test_several_answers_in_a_folder_and_a_post_alone(tmp_path: Path) -> None:
    (tmp_path / "posts-0.json").write_bytes(
        answer(post(text("a")), post(text("b"), id_string="72"))
    )
    (tmp_path / "posts-2.json").write_bytes(answer(post(text("b"), id_string="72")))
    assert [one.metadata.id for one in clothbound.read(tmp_path)] == ["71", "72"]
    assert len(clothbound.read(json.dumps(post(text("a"))).encode())) == 1


def test_posts_of_unknown_types_are_named() -> None:
    old = {
        "id": 7,
        "type": "weather",
        "blog_name": "weir",
        "reblog_key": "x",
        "body": "<p>Old.</p>",
    }
    posts = clothbound.read(answer(old, post(text("New."))), on_error="collect")
    assert len(posts) == 1
    assert "npf=true" in posts.diagnostics[0].message
    with pytest.raises(ReadError, match="holds no posts of Tumblr's"):
        clothbound.read(answer(old))


def test_the_count_finds_every_word(tmp_path: Path) -> None:
    source = tmp_path / "posts.json"
    part = {
        "content": [text("Theirs indeed.")],
        "blog": {"name": "malt", "url": "https://malt.example/"},
    }
    link = {
        "type": "link",
        "url": "https://tide.example/",
        "title": "Tables",
        "description": "Of tides.",
    }
    source.write_bytes(
        answer(
            post(
                text("Low tide", "heading1"),
                text("Words here."),
                image("a", caption="The weir"),
                link,
                trail=[part],
            )
        )
    )
    book = clothbound.book(clothbound.read(source))
    report = clothbound.write(book, "epub").save(tmp_path / "b.epub")
    compared = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert not compared.missing
    [counted] = read_sources(source)
    told = [item.value for item in counted.items if item.kind is Kind.WORD]
    assert told[:2] == ["theirs", "indeed"]
    assert sorted(told[2:]) == sorted("low tide words here the weir tables of tides".split())
