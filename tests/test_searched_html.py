"""Tests that HTML which is searched keeps what was not searched for."""

from __future__ import annotations

import pytest

from clothbound.model import Embed, Metadata
from clothbound.readers.html_post import post_of
from clothbound.readers.searched_html import (
    attribute,
    embed_markup,
    has_class,
    markup_of,
    parse_html,
    remove,
    words_in,
)


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "words alone",
        "<p>a &amp; b &lt;i&gt; <b>c</b></p>",
        "<pre>\n  two\n\n    lines\n</pre>",
        "<p>one<br/>two</p><!-- wp:more --><!--more--><!-- /wp:more --><p>three</p>",
        '<h2 id="é">Überschrift</h2>\n<p>עברית \u200f العربية</p>',
        '<a href="?a=1&amp;b=2" title="&quot;x&quot;">y</a>'.replace("&quot;", "'"),
        "<ul><li>a<ul><li>b</li></ul></li></ul>",
    ],
)
def test_a_fragment_comes_back_as_it_was(markup: str) -> None:
    assert markup_of(parse_html(markup)) in (markup, f"<p>{markup}</p>")


def test_searching_helpers() -> None:
    body = parse_html(
        '<div class="a kg-card"><!-- no words --><p> One\n two </p></div> <div class="b">three</div>'
        "<script>not()</script>"
    )
    first, second = body.find_all("div")
    assert (has_class(first, "kg-card", "x"), has_class(second, "kg-card")) == (True, False)
    assert (attribute(first, "class"), attribute(first, "id")) == ("a kg-card", "")
    assert words_in(body) == "One two three"
    remove(body.find_all("div", class_="b"))
    assert words_in(body) == "One two"


@pytest.mark.parametrize(
    "node",
    [
        Embed(
            "page",
            "https://example.org/a?b=1&c=2",
            title='"A" & <b>',
            text="One\nTwo",
            author="Ann",
        ),
        Embed(
            "page",
            "https://example.org/a",
            "A journal",
            "T",
            "Words",
            "Ann",
            "2023-05-01",
            "https://e.org/a.png",
        ),
        Embed("video", "https://vimeo.com/1", "Vimeo", "A film"),
        Embed("tweet", "https://twitter.com/a/status/1", "Twitter", text="Words", author="A"),
    ],
)
def test_a_card_becomes_its_embed(node: Embed) -> None:
    assert post_of(embed_markup(node), Metadata()).body == (node,)


def test_nesting_beyond_every_bound_raises_nothing() -> None:
    deep = parse_html("<div>" * 5000 + "end" + "</div>" * 5000)
    assert isinstance(markup_of(deep), str)
