"""Tests the JSON of components, including JSON that no editor would write."""

from __future__ import annotations

import html
import json

import pytest

from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.substack.data_attrs import parse, string, stringify, whole_number
from substack_dom import archive_of, dom, written

DEEP = '<div class="embedded-post-wrap" data-attrs="{}"><p>Words</p></div>'.format(
    html.escape('{"a":%s}' % ("[" * 1500 + "]" * 1500))
)
LINKS = '<p><a href="https://tide.example/p/a">x</a><a href="https://tide.example/p/b">y</a></p>'
SURROGATES = {
    "formula": ("latex-rendered", {"persistentExpression": "\ud800x", "id": "A"}),
    "mention": ("mention-wrap", {"name": "Ada \udfff", "id": 1}),
    "code": ("highlighted_code_block", {"language": "py\ud800", "nodeId": "A"}),
    "card": ("digest-post-embed", {"title": "\ud800T", "canonical_url": "https://a.example/p/b"}),
    "tweet": ("tweet", {"full_text": "a \ud83d b", "url": "https://x.com/a/status/1"}),
    "form": ("subscription-widget-wrap-editor", {"text": "Sign \ud800", "language": "en"}),
}


def component(classes: str, data: object) -> str:
    inner = "<pre><code>x</code></pre>" if classes == "highlighted_code_block" else ""
    name = "span" if classes == "mention-wrap" else "div"
    attrs = html.escape(json.dumps(data, separators=(",", ":")))
    element = f'<{name} class="{classes}" data-attrs="{attrs}">{inner}</{name}>'
    return f"<p>by {element}</p>" if name == "span" else element


@pytest.mark.parametrize(
    ("value", "pixels"),
    [
        *((640, 640), ("640", 640), (639.6, 640), (0, 0), (-1, 0), (-0.5, 0), (1e300, 0)),
        *(("", 0), ("6.4", 0), ("-6", 0), ("²", 0), ("٣", 0), (True, 0), (None, 0), ([6], 0)),
    ],
)
def test_a_number_of_pixels(value: object, pixels: int) -> None:
    assert whole_number(value) == pixels


@pytest.mark.parametrize("depth", [99, 101, 1500, 100_000])
def test_data_of_any_depth_are_an_answer(depth: int) -> None:
    data = parse('{"a":' + "[" * depth + "]" * depth + "}")
    assert (data is None) == (depth > 99)
    if data is not None:
        assert stringify(data) == '{"a":' + "[" * depth + "]" * depth + "}"


@pytest.mark.parametrize("target", ["markdown", "html", "text", "epub", "json", "substack"])
def test_deep_data_stop_no_writer(target: str) -> None:
    posts = api.read(archive_of({"2.fine": "<p>Fine.</p>", "1.deep": DEEP}))
    assert api.write(posts, target).to_bytes()
    assert [d.code for d in posts.posts[1].diagnostics] == [DiagnosticCode.MARKUP_REPAIRED]


def test_deep_data_come_back() -> None:
    again = written(api.read(archive_of({"1.deep": DEEP})))
    assert again["posts/1.deep.html"].decode() == DEEP


@pytest.mark.parametrize("name", SURROGATES)
@pytest.mark.parametrize("target", ["markdown", "html", "text", "epub", "json"])
def test_half_a_character_stops_no_writer(name: str, target: str) -> None:
    body = component(*SURROGATES[name])
    posts = api.read(archive_of({"1.half": body}))
    assert api.write(posts, target).to_bytes()


@pytest.mark.parametrize("name", SURROGATES)
def test_half_a_character_comes_back(name: str) -> None:
    body = component(*SURROGATES[name])
    again = written(api.read(archive_of({"1.half": body})))
    assert dom(again["posts/1.half.html"].decode()) == dom(body)


@pytest.mark.parametrize("name", SURROGATES)
def test_half_a_character_comes_back_from_markdown(name: str) -> None:
    body = component(*SURROGATES[name])
    text = api.write(api.read(archive_of({"1.half": body})), "markdown").to_bytes()
    again = written(api.read(text, format="markdown"))
    assert dom(again["posts/1.half.html"].decode()) == dom(body)


def test_half_a_character_names_nobody() -> None:
    data = {
        "canonical_url": "https://tide.example/p/a",
        "publication_name": "Tide \ud800",
        "publishedBylines": [{"name": "Ada \ud800"}],
    }
    body = LINKS + component("digest-post-embed", data)
    posts = api.read(archive_of({"2.a": body, "1.b": "<p>b</p>"}))
    assert (posts.info.title, posts.info.authors) == ("Tide \ufffd", ("Ada \ufffd",))


@pytest.mark.parametrize(
    "element",
    [
        "<div class=\"digest-post-embed\" data-attrs='{}'></div>",
        "<div data-attrs='{}' class=\"digest-post-embed\"></div>",
        "<div class=\"a digest-post-embed b\" id='x' data-attrs='{}' data-x>",
    ],
)
def test_posts_shown_in_posts_name_the_publication_however_they_are_written(element: str) -> None:
    data = {
        "canonical_url": "https://tide.example/p/a",
        "publication_name": "Tide > Ebb",
        "publishedBylines": [{"name": "Ada Pier"}],
    }
    body = LINKS + element.format(json.dumps(data))
    posts = api.read(archive_of({"2.a": body, "1.b": "<p>b</p>"}))
    assert (posts.info.title, posts.info.authors) == ("Tide > Ebb", ("Ada Pier",))


def test_tags_that_never_end_take_no_longer_than_others() -> None:
    # It took minutes when each was looked through to the end of the file.
    body = "<p>digest-post-embed</p>" + "<div " * 400_000 + '<div class="' * 400_000
    assert len(api.read(archive_of({"1.a": body})).posts) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("https://kn\bots.example/p", "https://knots.example/p"),
        ("one\ntwo\u200d three", "one\ntwo\u200d three"),
        ("\ud800x\x00", "\ufffdx"),
    ],
)
def test_a_field_has_no_character_that_no_product_may_hold(value: str, text: str) -> None:
    assert string(value) == text
