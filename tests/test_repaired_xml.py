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
