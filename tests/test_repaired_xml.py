"""XML of exports on its way to the parser: long texts, which libxml2 would stop at."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest

import clothbound
from clothbound.model.plain_text import plain_text
from clothbound.readers.repaired_xml import RepairedXml
from odd_exports import OPEN, export, item

LONG = 12_000_000
"""More characters than libxml2 lets a text have, and fewer than a post may have."""
PICTURE = f'<img alt="press" src="data:image/png;base64,{"A" * LONG}">'
END = re.compile("</item")


def takeout(*bodies: str) -> bytes:
    entries = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><blogger:type>POST</blogger:type>"
        f"<blogger:status>LIVE</blogger:status><title>{number}</title>"
        f'<content type="html">{body.replace("<", "&lt;")}</content></entry>'
        for number, body in enumerate(bodies)
    )
    names = (
        'xmlns="http://www.w3.org/2005/Atom" xmlns:blogger="http://schemas.google.com/blogger/2018"'
    )
    return f"<feed {names}><title>Press</title>{entries}</feed>".encode()


def old_blogger(*inside: str) -> bytes:
    entries = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><title>{number}</title>{markup}"
        f'<content type="html">words {number}</content>'
        '<control xmlns="http://purl.org/atom/app#"><draft>no</draft></control></entry>'
        for number, markup in enumerate(inside)
    )
    ident = "<id>tag:blogger.com,1999:blog-1.archive</id>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{ident}{entries}</feed>'.encode()


def wxr_with(*inside: str) -> bytes:
    items = [
        item(f"words {number}", number=number + 1).replace(
            "<title>Post</title>", f"<title>{number}</title>{markup}"
        )
        for number, markup in enumerate(inside)
    ]
    return export(*items)


def rss(*inside: str) -> bytes:
    items = "".join(
        f"<item><title>{number}</title>{markup}<description>words {number}</description></item>"
        for number, markup in enumerate(inside)
    )
    channel = "<title>Press</title><link>https://press.example/a/</link>"
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


def whole(stream: RepairedXml) -> str:
    return b"".join(iter(stream.read, b"")).decode()


def wxr(*bodies: str) -> bytes:
    return export(*(item(body, number=number) for number, body in enumerate(bodies, 1)))


@pytest.mark.parametrize("make", [wxr, takeout])
def test_a_post_with_a_picture_as_text_costs_no_other_post(make: Callable[..., bytes]) -> None:
    data = make("<p>first</p>", f"<p>{OPEN}</p>{PICTURE}<p>behind</p>", "<p>last</p>")
    posts = clothbound.read(data)
    texts = [plain_text(post) for post in posts]
    assert texts[0] == "first" and texts[2] == "last"
    assert OPEN in texts[1] and "behind" in texts[1]
    assert not [d for d in posts.diagnostics if "well-formed" in d.message]


@pytest.mark.parametrize("make", [wxr, takeout])
def test_a_text_longer_than_a_post_is_left_out_alone(make: Callable[..., bytes]) -> None:
    data = make("<p>first</p>", "x" * 20_300_000, "<p>last</p>")
    posts = clothbound.read(data, on_error="collect")
    assert [plain_text(post) for post in posts] == ["first", "last"]
    assert any("2 left out: its text is longer" in d.message for d in posts.diagnostics)


@pytest.mark.parametrize(
    "markup",
    [
        "<r><item>&amp;é<![CDATA[a]]>b<x y='>'/>c</item><item>d]]]]><![CDATA[>e</item></r>",
        "<r><item><![CDATA[a]]]]><![CDATA[>b]]></item></r>",
    ],
)
def test_what_is_short_goes_through_as_it_is(markup: str) -> None:
    assert whole(RepairedXml(io.BytesIO(markup.encode()), END)) == markup


def test_the_items_with_too_long_a_text_are_counted() -> None:
    markup = "<r><item>ab</item><item><![CDATA[abcdef]]></item><item>abc</item></r>"
    stream = RepairedXml(io.BytesIO(markup.encode()), END, 5)
    assert whole(stream) == markup.replace("abcdef", "")
    assert stream.too_long == {2} and stream.closed == 3


def test_signs_of_less_in_a_text_cost_no_other_post() -> None:
    data = wxr("<p>first</p>", "<p>second</p>", "<p>last</p>")
    data = data.replace(b"<title>Post</title>", b"<title>a < b && 1<2 <= 3</title>")
    posts = clothbound.read(data)
    assert [post.title for post in posts] == ["a < b && 1<2 <= 3"] * 3
    assert [plain_text(post) for post in posts] == ["first", "second", "last"]


BREAKS = {
    "deep": "<a>" * 100_000 + "</a>" * 100_000,
    "deep without ends": "<a>" * 100_000,
    "comment without an end": "<!-- x",
    "CDATA without an end": "<a><![CDATA[x",
    "instruction without an end": "<?x ",
    "attribute without an end": '<a b="x',
    "element without an end": "<a><b><c>",
    "long name": f"<{'x' * 100_000}>",
}


@pytest.mark.parametrize("make", [old_blogger, rss])
@pytest.mark.parametrize("markup", BREAKS.values(), ids=BREAKS)
def test_xml_at_which_a_parser_stops_costs_its_post_alone(
    make: Callable[..., bytes], markup: str
) -> None:
    posts = clothbound.read(make("", markup, "", markup, ""), on_error="collect")
    kept = {post.title: plain_text(post) for post in posts}
    assert {key: kept[key] for key in "024"} == {key: f"words {key}" for key in "024"}
    named = {
        number
        for number in "13"
        if any(f"entry {int(number) + 1} left out: its XML" in d.message for d in posts.diagnostics)
    }
    assert {*kept, *named} == set("01234") and not named & set(kept)
    # What would say that the post is a draft may be in the part that was not read.
    assert make is rss or named == {"1", "3"}


@pytest.mark.parametrize("make", [old_blogger, rss, wxr_with])
@pytest.mark.parametrize("around", [('<a b="', '"/>'), ("<!--", "-->"), ("<?x ", "?>")])
def test_what_is_too_long_for_the_parser_costs_its_post_alone(
    make: Callable[..., bytes], around: tuple[str, str]
) -> None:
    data = make("", f"{around[0]}{'x' * LONG}{around[1]}", "", "")
    posts = clothbound.read(data, on_error="collect")
    kept = {post.title: plain_text(post) for post in posts}
    assert {key: kept[key] for key in "023"} == {key: f"words {key}" for key in "023"}
    assert "1" in kept or any(" 2 left out" in d.message for d in posts.diagnostics)


def test_no_draft_whose_mark_a_comment_hides_becomes_public() -> None:
    data = old_blogger("", "<!-- x", "").replace(b"<draft>no", b"<draft>yes", 2)
    posts = clothbound.read(data, on_error="collect")
    assert [post.title for post in posts if post.title == "1"] == []


def test_a_feed_as_bytes_may_hold_a_long_text() -> None:
    posts = clothbound.read(rss("", "", "").replace(b"words 1", b"a " * (LONG // 2) + b"behind"))
    assert [plain_text(post).split()[-1] for post in posts] == ["0", "behind", "2"]


def test_a_relative_link_behind_a_broken_item_is_joined_to_the_channel() -> None:
    data = rss("", "<a>" * 300, "<link>../b</link>")
    posts = clothbound.read(data, "rss", on_error="collect")
    assert [*posts.index][-1].canonical_url == "https://press.example/b"


@pytest.mark.parametrize("around", [("<![CDATA[", "]]>"), ("<!--", "-->")])
def test_the_end_of_an_item_in_a_section_that_ends_is_text(around: tuple[str, str]) -> None:
    inside = f"a</item><item>{'b' * 100_000}</item>c"
    markup = f"<r><item>{around[0]}{inside}{around[1]}</item><item>d</item></r>"
    stream = RepairedXml(io.BytesIO(markup.encode()), END)
    pieces = list(stream.pieces())
    made = b"".join(piece for piece, _ in pieces).decode()
    assert made == (markup if "CDATA" in markup else "<r><item></item><item>d</item></r>")
    assert sum(is_end for _, is_end in pieces) == stream.closed == 2 and not stream.unended
