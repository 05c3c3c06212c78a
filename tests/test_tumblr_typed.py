"""Posts of Tumblr's older types, as its API answers with them where nobody asks for blocks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import clothbound
from notation import write

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def post(kind: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "blog_name": "weir",
        "id": 71,
        "post_url": "https://weir.tumblr.com/post/71/low-tide",
        "slug": "low-tide",
        "date": "2014-05-01 12:30:00 GMT",
        "state": "published",
        "format": "html",
        "reblog_key": "x",
        "tags": ["mud", "weir"],
        "summary": "",
        "caption": None,
        **fields,
    }


def answer(*posts: dict[str, Any]) -> bytes:
    response = {"blog": {"name": "weir", "title": "By the weir"}, "posts": list(posts)}
    return json.dumps({"meta": {"status": 200, "msg": "OK"}, "response": response}).encode()


def photo(name: str, caption: str = "") -> dict[str, Any]:
    sizes = [{"url": f"https://64.media.example/{name}_{w}.jpg", "width": w} for w in (500, 75)]
    return {"caption": caption, "alt_sizes": sizes, "original_size": {**sizes[0], "width": 640}}


def shown(one: dict[str, Any]) -> str:
    return write(clothbound.read(answer(one))[0].body)


def test_the_fields_of_a_post_are_its_metadata() -> None:
    (one,) = clothbound.read(answer(post("text", title="Low tide", body="<p>Mud.</p>")))
    m = one.metadata
    assert (m.title, m.slug, m.tags) == ("Low tide", "low-tide", ("mud", "weir"))
    assert (m.published and m.published.day, m.canonical_url) == (
        "2014-05-01",
        post("text")["post_url"],
    )
    assert (m.verdict(NOW).state, write(one.body)) == (
        "public",
        '1 Paragraph\n  "Mud."',
    )


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (post("photo", photos=[photo("a")], caption="<p>The <b>gate</b>.</p>"),
         ['Image(src="https://64.media.example/a_500.jpg"', '"The " Strong("gate")']),
        (post("photo", photos=[photo("a", "One"), photo("b", "Two")]),
         ["Gallery", '"One"', '"Two"', "b_500.jpg"]),
        (post("photo", photos=[photo("a")], link_url="https://quay.test/"), ['href="https://quay.test/"']),
        (post("quote", text="Still <i>water</i>", source="A. Miller"), ["Quote", 'Emphasis("water")', "A. Miller"]),
        (post("link", title="A weir & more", url="https://quay.test/a", description="<p>Read.</p>", publisher="quay.test"),
         ['Link("A weir & more" href="https://quay.test/a")', '"Read."', "quay.test"]),
        (post("chat", title="At the gate", body="Ida: Open?", dialogue=[{"name": "Ida", "label": "Ida:", "phrase": "Open <it>?"}]),
         ['Strong("Ida:")', "Open <it>?"]),
        (post("chat", body="Ida: Open?\nOle: No."), ['"Ida: Open?"', '"Ole: No."']),
        (post("audio", player="<iframe src=\"https://www.youtube.com/embed/aM24L2g0peA\"></iframe>", track_name="Sluice", artist="Ole",
              caption="<p>Loud.</p>"), ["aM24L2g0peA", "Sluice · Ole", '"Loud."']),
        (post("audio", audio_url="https://sound.test/a.mp3", player=""), ["https://sound.test/a.mp3"]),
        (post("video", video_url="https://film.test/a.mp4", thumbnail_url="https://film.test/a.jpg"), ["https://film.test/a.mp4"]),
        (post("video", player=[{"width": 250, "embed_code": False},
                               {"width": 500, "embed_code": "<iframe src=\"https://player.vimeo.com/video/1234567\"></iframe>"}]), ["1234567"]),
        (post("video", player=[{"width": 250, "embed_code": False}], permalink_url="https://vimeo.com/1234567"), ["1234567"]),
        (post("answer", asking_name="ole", asking_url="https://ole.test/", question="Why mud?", answer="<p>Tide.</p>"),
         ['Link("ole" href="https://ole.test/")', "Quote", '"Why mud?"', '"Tide."']),
    ],
)  # fmt: skip
def test_each_type_shows_its_words_pictures_and_links(
    one: dict[str, Any], words: list[str]
) -> None:
    made = shown(one)
    assert [word for word in words if word not in made] == []


def test_drafts_and_queues_are_not_public() -> None:
    posts = clothbound.read(
        answer(
            *(
                post("text", id=n, state=s, body="x")
                for n, s in enumerate(("draft", "queued", "private"))
            )
        )
    )
    assert [m.is_for_everyone for m in posts.index] == [False, False, False]


def test_blocks_and_older_types_stand_in_one_answer_and_are_counted(tmp_path: Path) -> None:
    blocks = {**post("blocks"), "id": 72, "content": [{"type": "text", "text": "Ebb and flow."}]}
    source = tmp_path / "posts.json"
    chat = post(
        "chat", id=73, title="Gate", dialogue=[{"label": "Ida:", "phrase": "Open the lock?"}]
    )
    asked = post("answer", id=74, asking_name="ole", question="Why?", answer="<p>Tide tables.</p>")
    photos = post("photo", id=75, photos=[photo("a", "Old wood")], caption="<p>Gate.</p>")
    source.write_bytes(
        answer(blocks, post("quote", text="Still", source="Mill"), chat, asked, photos)
    )
    report = clothbound.write(posts := clothbound.read(source), "epub").save(tmp_path / "b.epub")
    assert len(posts) == 5
    told = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert (told.missing, told.left_out) == ((), ())
