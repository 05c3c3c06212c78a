"""Tests that no reader makes a link within a link."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import canonical, consistent, problems
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.model.split_links import holds_link, split_nested_links
from clothbound.model.walk import walk
from strategies import posts

MENTION = (
    '<span class="mention-wrap" data-attrs="{&quot;name&quot;:&quot;N&quot;,&quot;id&quot;:1,'
    '&quot;type&quot;:&quot;user&quot;}" data-component-name="MentionToDOM"></span>'
)


def read(text: str, reader: str) -> Post:
    (post,) = clothbound.read(text.encode(), reader).posts
    assert list(problems(post)) == []
    return post


def links(post: Post) -> list[tuple[str, str]]:
    """The words and the address of each link."""
    found = (n for n in walk(post) if isinstance(n, (i.Link, i.Mention)))
    return [(plain_text(n), n.href) for n in found]


@pytest.mark.parametrize(
    ("reader", "text", "expected"),
    [
        ("html", '<p><a href="/1">one <b><a href="/2">two</a></b> x</a></p>', "one/1 two/2 x/1"),
        ("html", '<a href="/1"><div><p>one <a href="/2">two</a></p></div></a>', "one/1 two/2"),
        ("html", '<a href="/1"><h2><a href="/2">two</a></h2></a>', "two/2"),
        (
            "html",
            '<a href="/1"><figure><img src="x.png" alt="a"><figcaption>c <a href="/2">two</a>'
            "</figcaption></figure></a>",
            "c/1 two/2",
        ),
        ("html", f'<p><a href="/1">one {MENTION} x</a></p>', "one/1 N/profile x/1"),
        ("markdown", '[one <a href="/2">two</a> x](/1)', "one/1 two/2 x/1"),
        ("markdown", '[one <span><a href="/2">two</a></span> x](/1)', "one/1 two/2 x/1"),
        ("markdown", "[one https://a.example x](/1)", "one https://a.example x/1"),
        ("markdown", 'x[^1]\n\n[^1]: [one <a href="/2">two</a> x](/1)', "one/1 two/2 x/1"),
        ("obsidian", '[one <a href="/2">[[two]]</a>](/1)', None),
    ],
)
def test_each_reader_hands_over_links_without_links(
    reader: str, text: str, expected: str | None
) -> None:
    post = read(text, reader)
    assert not any(isinstance(n, (i.Link, i.Mention)) and holds_link(n) for n in walk(post))
    found = [(w, href.rsplit("/", 1)[-1]) for w, href in links(post)]
    found = [(w, "profile" if w == "N" else href) for w, href in found]
    if expected is not None:
        assert " ".join(f"{words}/{href}" for words, href in found) == expected


def nested(outer: i.Inline) -> Post:
    return Post(Metadata(key="a"), (b.Paragraph((i.Text("a "), outer, i.Text(" z"))),))


INNER = i.Link((i.Text("in"),), "/2")


def test_forms_stay_and_spaces_stand_outside() -> None:
    form = i.Strong((i.Text("x "), INNER, i.Text(" y")), id="f")
    made = consistent(nested(i.Link((form,), "/1", "T", id="l")))
    assert made.findings == ()
    assert made.post.body[0] == b.Paragraph(
        (
            i.Text("a "),
            i.Link((i.Strong((i.Text("x "),), id="f"),), "/1", "T", id="l"),
            i.Strong((INNER,)),
            i.Link((i.Strong((i.Text(" y"),)),), "/1", "T"),
            i.Text(" z"),
        )
    )
    plain = i.Link((i.Text("x "), INNER, i.Text(", ")), "/1")
    assert consistent(nested(plain)).post.body[0] == b.Paragraph(
        (i.Text("a "), i.Link((i.Text("x"),), "/1"), i.Text(" "), INNER, i.Text(",  z"))
    )


def test_a_link_of_links_alone_is_told() -> None:
    for reader, line, text in (
        (
            "html",
            1,
            '<p>x</p>\n<p><a href="https://out.example"><b><a href="/2">two</a></b></a></p>',
        ),
        ("markdown", 2, 'x\n[<a href="/2">two</a>](https://out.example)'),
    ):
        (found,) = (d for d in read(text, reader).diagnostics if "link" in d.message)
        assert found.code is DiagnosticCode.MARKUP_REPAIRED
        assert found.line == line
        assert "https://out.example" in found.message


def test_a_mention_keeps_its_words() -> None:
    mention = i.Mention((i.Text("@"), INNER), "https://substack.com/@n")
    made, _ = split_nested_links(nested(mention))
    assert links(made) == [("@in", "https://substack.com/@n")]
    tag = i.Mention((i.Text("$X"),))
    kept = nested(i.Link((i.Text("buy "), tag), "/1"))
    assert split_nested_links(kept)[0] is kept  # it leads nowhere, so it is no link


def test_a_link_without_an_address_is_a_span_within_another() -> None:
    """Browsers end the outer ``a`` at the inner one; and Markdown would show the outer's brackets and address."""
    inner = i.Link((i.Text("in"),), title="T", id="k", classes=("c",))
    made = consistent(nested(i.Link((i.Text("x "), i.Emphasis((inner,))), "/1")))
    assert list(problems(made.post)) == []
    span = i.Span((i.Text("in"),), id="k", classes=("c",), attributes=(("title", "T"),))
    link = i.Link((i.Text("x "), i.Emphasis((span,))), "/1")
    assert made.post.body[0] == b.Paragraph((i.Text("a "), link, i.Text(" z")))
    markdown = clothbound.write(made.post, "markdown").to_bytes().decode()
    assert read(markdown, "markdown").body == made.post.body


@pytest.mark.parametrize("inner", [INNER, i.Link(())])
def test_a_link_without_an_address_is_a_span_around_another(inner: i.Link) -> None:
    post = consistent(nested(i.Link((inner,), attributes=(("role", "note"),)))).post
    assert list(problems(post)) == []
    span = i.Span((inner,), attributes=(("role", "note"),))
    assert post.body[0] == b.Paragraph((i.Text("a "), span, i.Text(" z")))
    markdown = clothbound.write(post, "markdown").to_bytes().decode()
    assert plain_text(read(markdown, "markdown")) == plain_text(post)


def test_a_document_of_ours_with_nested_links_is_mended() -> None:
    post = nested(i.Link((i.Text("x "), INNER), "/1"))
    assert [p for p in problems(post) if "link" in p] == ["link within a link: /1"]
    data = clothbound.write(post, "json").to_bytes()
    assert json.loads(data)
    assert links(read(data.decode(), "json")) == [("x", "/1"), ("in", "/2")]


@given(posts(), posts())
def test_no_word_goes_and_no_inner_link(post: Post, other: Post) -> None:
    inlines = [n for n in walk(other) if isinstance(n, (i.Link, i.Emphasis, i.Text))]
    wrapped = i.Link((i.Text("o "), *inlines, i.Text(" o")), "https://outer.example/")  # type: ignore[arg-type]
    note = Footnote("nested", (b.Paragraph((wrapped,)),))
    given_post = Post(post.metadata, (b.Paragraph((wrapped,)), *post.body), (*post.footnotes, note))
    made, _ = split_nested_links(given_post)
    assert plain_text(made) == plain_text(given_post)
    assert not any(isinstance(n, (i.Link, i.Mention)) and holds_link(n) for n in walk(made))
    before = [n for n in walk(given_post) if isinstance(n, i.Link) and not holds_link(n)]
    assert all(link in list(walk(made)) for link in before)
    assert split_nested_links(made)[0] is made
    assert not [p for p in problems(canonical(given_post)) if "link within" in p]
