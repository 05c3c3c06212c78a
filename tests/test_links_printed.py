"""Links made fit for paper: notes, lists of addresses, and who mentions whom."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from clothbound.context import Context
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.index import Index
from clothbound.model.links import shorten_address
from clothbound.model.node import Node
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.model.walk import walk
from clothbound.transforms.link_list import list_metadata, list_of_links
from clothbound.transforms.link_notes import addresses_at_end, addresses_in_notes
from clothbound.transforms.mentions import add_mentions
from sample_nodes import paragraph
from strategies import posts

T = i.Text


def link(text: str, href: str = "https://x.example/a") -> i.Link:
    return i.Link((T(text),), href)


def said(nodes: tuple[Node, ...], notes: dict[str, int]) -> str:
    """Text with ``[n]`` for a mark; the rest as ``plain_text`` has it."""
    parts = []
    for node in walk(nodes):
        if isinstance(node, i.NoteRef):
            parts.append(f"[{notes[node.target]}]")
        elif isinstance(node, T):
            parts.append(node.text)
    return "".join(parts)


def with_notes(*inlines: i.Inline, notes: tuple[Footnote, ...] = ()) -> tuple[str, list[str]]:
    """The paragraph with its marks, and the texts of the notes."""
    made = addresses_in_notes(Post(body=(b.Paragraph(inlines),), footnotes=notes), Context())
    numbers = {note.id: n for n, note in enumerate(made.footnotes, 1)}
    return said(made.body, numbers), [plain_text(note) for note in made.footnotes]


@pytest.mark.parametrize(
    ("inlines", "text", "notes"),
    [
        ((T("See "), link("this"), T(" now.")), "See this[1] now.", ["x.example/a"]),
        # behind the punctuation, but not behind an apostrophe
        ((link("this"), T(", and")), "this,[1] and", ["x.example/a"]),
        ((T("("), link("this"), T(").")), "(this).[1]", ["x.example/a"]),
        ((link("this"), T("\u201d he")), "this\u201d[1] he", ["x.example/a"]),
        ((link("Ann"), T("\u2019s book")), "Ann[1]\u2019s book", ["x.example/a"]),
        ((i.Emphasis((T("an "), link("a"))), T(".")), "an a.[1]", ["x.example/a"]),
        ((link("v"), T(".5")), "v[1].5", ["x.example/a"]),
        # one note for an address, one mark for a link in pieces
        (
            (link("a"), T(" or "), link("b", "http://www.x.example/a/")),
            "a[1] or b[1]",
            ["x.example/a"],
        ),
        ((i.Strong((link("a"),)), T("-"), link("b")), "a[1]-b[1]", ["x.example/a"]),
        ((link("a"), link("b"), T(".")), "ab.[1]", ["x.example/a"]),
        ((link("a"), T(" "), i.Strong((link("b"), T(" c")))), "a b[1] c", ["x.example/a"]),
        ((i.Strong((link("a"),)), T(" "), link("b")), "a b[1]", ["x.example/a"]),
        (
            (link("a"), T(" "), link("b", "https://x.example/a?b=1")),
            "a[1] b[2]",
            ["x.example/a", "x.example/a?b=1"],
        ),
        # none for one that shows its address, or leads to no address, or has no text
        ((link("https://x.example/a"),), "https://x.example/a", []),
        ((link("X.example/a/"),), "X.example/a/", []),
        ((link("a@x.example", "mailto:a@x.example?subject=b"),), "a@x.example", []),
        ((link("write", "mailto:a@x.example?subject=b"),), "write[1]", ["a@x.example"]),
        ((link("call", "tel:+4912345"),), "call[1]", ["+4912345"]),
        ((link("other", "clothbound:2#x"),), "other", []),
        ((link("bad", "javascript:alert(1)"),), "bad", []),
        ((i.Link((i.Image("a.png"),), "https://x.example/"),), "", []),
        ((i.Mention((T("Ann"),), "https://substack.com/@ann"),), "Ann", []),
    ],
)
def test_a_note_has_the_address(inlines: tuple[i.Inline, ...], text: str, notes: list[str]) -> None:
    assert with_notes(*inlines) == (text, notes)


def test_notes_of_links_and_of_the_author_are_one_series() -> None:
    own = Footnote("1", (b.Paragraph((T("See "), link("it", "https://y.example"), T("."))),))
    text, notes = with_notes(
        link("a"), i.NoteRef("1"), T(" "), link("b", "https://z.example"), notes=(own,)
    )
    assert text == "a[1],[2] b[3]"
    assert notes == ["x.example/a", "See it (y.example).", "z.example"]


def test_a_notes_id_is_nobody_elses() -> None:
    own = Footnote("link-1", (b.Paragraph((T("a"),)),))
    body = (b.Paragraph((link("a"), i.NoteRef("link-1")), id="link-1-"),)
    made = addresses_in_notes(Post(body=body, footnotes=(own,)), Context())
    assert [note.id for note in made.footnotes] == ["link-1--", "link-1"]


def test_endnotes_are_numbered_in_the_order_of_the_text() -> None:
    first, second = link("a", "https://y.example/"), link("b")
    inlines = (i.Span((T("x"),)), second, T(", "), i.Emphasis((first,)), T(" "), link("c"))
    table = b.Table(((b.Cell((link("d", "https://t.example"),)),),))
    post = Post(Metadata(key="k"), (b.Paragraph(inlines), table))
    made = addresses_at_end(post, Context(language="de"))
    *body, at_end = made.body
    assert plain_text(body[0]) == "xb,[1] a[2] c[1]"
    assert plain_text(body[1]) == "d[3]"
    assert isinstance(at_end, b.Group)
    assert list(filter(None, plain_text(at_end).split("\n\n"))) == [
        "Links",
        "x.example/a",
        "y.example",
        "t.example",
    ]
    ids = [n.id for n in walk(at_end) if isinstance(n, b.ListItem)]
    marks = [n.href for n in walk(tuple(body)) if isinstance(n, i.Link) and n.href[:2] == "cl"]
    assert marks == [f"clothbound:k#{ids[n]}" for n in (0, 1, 0, 2)]


@pytest.mark.parametrize("inlines", [(T("x"),), (link("a"),)])
def test_the_addresses_of_a_notes_links_stand_in_it(inlines: tuple[i.Inline, ...]) -> None:
    note = Footnote("n", (paragraph(link("far", "https://y.example/")),))
    post = Post(Metadata(key="k"), (paragraph(*inlines, i.NoteRef("n")),), (note,))
    (made,) = addresses_at_end(post, Context()).footnotes
    assert plain_text(made) == "far (y.example)"


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(posts())
def test_no_word_is_lost_to_notes(post: Post) -> None:
    for transform in (addresses_in_notes, addresses_at_end):
        made = transform(post, Context())
        # Marks go in between the texts; all that was there is there, in its order.
        rest = iter("".join(n.text for n in walk(made) if isinstance(n, T)))
        assert all(c in rest for c in "".join(n.text for n in walk(post.body) if isinstance(n, T)))
        assert {note.id for note in post.footnotes} <= {note.id for note in made.footnotes}


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("https://www.x.example/a/b/?utm_source=c&utm_medium=d", "x.example/a/b"),
        ("https://x.example/a?utm_source=c&b=1", "x.example/a?b=1"),
        ("https://x.example/a?b=1&fbclid=c#d", "x.example/a?b=1#d"),
        ("https://de.wikipedia.org/wiki/%C3%9Cber%20x", "de.wikipedia.org/wiki/Über%20x"),
        ("https://x.example/%FF%E2%80%AE", "x.example/%FF%E2%80%AE"),
        ("mailto:a@x.example", "a@x.example"),
        ("ftp://x.example/a", "ftp://x.example/a"),
        ("https://x.example", "x.example"),
        ("https://twitter.com/a_b/status/12?s=46&t=x", "twitter.com/a_b/status/12"),
        ("https://youtube.com/watch?v=a&t=9", "youtube.com/watch?v=a&t=9"),
    ],
)
def test_an_address_is_shown_as_it_would_be_typed(href: str, shown: str) -> None:
    assert shorten_address(href) == shown


def collection() -> list[Post]:
    def post(key: str, title: str, *inlines: i.Inline, language: str = "en") -> Post:
        metadata = Metadata(key=key, slug=key, title=title, source=f"{key}.md", language=language)
        return Post(metadata, (b.Paragraph(inlines),))

    return [
        post("a", "First", link("b", "b.md"), link("out"), link("again", "http://x.example/a/")),
        post("b", '"Second"', link("https://y.example/", "https://y.example/"), language="de"),
        post("c", "Third", link("b", "/p/b#x"), link("gone", "/p/gone"), link("self", "c.md")),
    ]


def test_a_chapter_ends_with_the_posts_that_mention_it() -> None:
    found = collection()
    context = Context(index=Index.of(found))
    assert add_mentions(found[0], context) is found[0]
    assert add_mentions(found[2], context) is found[2]
    group = add_mentions(found[1], context).body[-1]
    assert plain_text(group) == "Erwähnt in First; Third"
    links = [n for n in walk(group) if isinstance(n, i.Link)]
    assert [n.href for n in links] == ["clothbound:a", "clothbound:c"]
    assert links[0].attributes == (("lang", "en"), ("dir", "ltr"))


def test_the_list_of_links_has_each_address_of_a_chapter_once() -> None:
    index = Index.of(collection())
    made = list_of_links(list_metadata(index, "de"), Context(index=index, language="de"))
    assert made.metadata.title == "Links"
    assert list(filter(None, plain_text(made).split("\n\n"))) == [
        "First",
        "out: x.example/a",
        "\u201eSecond\u201c",
        "y.example",
    ]
    headings = [n.children[0] for n in made.body if isinstance(n, b.Heading)]
    assert [n.href for n in headings if isinstance(n, i.Link)] == ["clothbound:a", "clothbound:b"]
    assert headings[1].attributes == (("lang", "de"), ("dir", "ltr"))


@pytest.mark.parametrize(("title", "shown"), [("A title", "A title"), ("", "a.md")])
def test_a_chapter_without_a_title_is_listed_by_its_file(title: str, shown: str) -> None:
    metadata = Metadata(key="a", slug="a", title=title, source="a.md", language="en")
    index = Index.of([Post(metadata, (paragraph(i.Link((i.Text("x"),), "https://x.example/")),))])
    made = list_of_links(list_metadata(index, "en"), Context(index=index, language="en"))
    assert plain_text(made).split("\n\n")[0] == shown


@pytest.mark.parametrize(
    ("embed", "words"),
    [
        (
            b.Embed(
                "tweet", "https://x.example/1", "", "", "Many  words\nand more", "Ada", "2022-01-14"
            ),
            "Many words and more \u2014 Ada \u00b7 January 14, 2022: x.example/1",
        ),
        (
            b.Embed("post", "https://x.example/2", "", "A title", "Its text", "", "9:04 AM"),
            "A title \u2014 9:04 AM: x.example/2",
        ),
        (b.Embed("video", "https://x.example/3", "YouTube"), "x.example/3"),
    ],
)
def test_what_was_embedded_is_listed_with_its_beginning_and_whose_it_is(
    embed: b.Embed, words: str
) -> None:
    post = Post(Metadata(key="a", slug="a", title="First", source="a.md", language="en"), (embed,))
    index = Index.of([post])
    made = list_of_links(list_metadata(index, "en"), Context(index=index, language="en"))
    assert list(filter(None, plain_text(made).split("\n\n"))) == ["First", words]


def test_the_lists_key_is_nobody_elses() -> None:
    index = Index.of([Post(Metadata(key="list-of-links"))])
    assert list_metadata(index, "fr").key == "list-of-links-"
    assert list_metadata(index, "fr").title == "Liens"
