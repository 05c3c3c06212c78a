"""Tests that pandoc takes what the pandoc writer writes, and that our reader reads all of it back."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import clothbound
from clothbound import api, formats
from clothbound.artifact import Artifact
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.escape import safe_href
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo, Series
from clothbound.model.collection import Collection, Part
from clothbound.model.node import Node
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Asset, Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.model.split_links import holds, is_mark, split_link
from clothbound.model.walk import rewrite, walk
from clothbound.pandoc import ast
from clothbound.readers.timestamps import read_timestamp
from clothbound.testing import check_writer, every_node
from clothbound.writers.pandoc import WRITER, Pandoc
from pandoc_run import docx_text, run_pandoc
from pandoc_words import words
from sample_nodes import paragraph
from strategies import posts


def written(*blocks: b.Block, notes: tuple[Footnote, ...] = (), title: str = "T") -> Any:
    """The blocks of one post as pandoc's."""
    post = Post(Metadata(title=title, slug="s"), blocks, notes)
    return json.loads(api.write(post, Pandoc(pictures="address")).to_bytes())["blocks"]


def note(name: str, *content: i.Inline | str) -> Footnote:
    return Footnote(name, (paragraph(*content),))


def test_the_contract_is_kept() -> None:
    check_writer(WRITER)


def test_pandoc_reads_the_same_tree() -> None:
    data = api.write([every_node(), every_node()], "pandoc").to_bytes()
    ours, theirs = json.loads(data), json.loads(run_pandoc(data, "json", "json"))
    assert theirs["blocks"] == ours["blocks"]
    assert theirs["meta"] == ours["meta"]


@given(st.lists(posts(), min_size=1, max_size=8))
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_pandoc_takes_any_posts(given_posts: list[Post]) -> None:
    data = api.write(given_posts, "pandoc").to_bytes()
    ours, theirs = json.loads(data), json.loads(run_pandoc(data, "json", "json"))
    assert theirs["blocks"] == ours["blocks"]
    assert theirs["meta"] == ours["meta"]


class _Prepared:
    """A writer that keeps the posts as the pandoc writer gets them."""

    extension = ".x"
    media_type = "text/plain"
    options_type = Pandoc
    produces: formats.Produces = "file"
    public = False
    transforms = WRITER.transforms

    def __init__(self) -> None:
        self.posts: list[Post] = []

    def write(self, collection: Collection, options: Pandoc, context: Context) -> Artifact:
        return Artifact(report=context.report, file=lambda stream: self.posts.extend(collection))


def without_raw(post: Post) -> Post:
    """Raw markup is not text, and pandoc hides what is not for its target."""

    def visit(node: Node) -> Node | None:
        return None if isinstance(node, (b.RawBlock, i.RawInline)) else node

    result: Post = rewrite(post, visit)
    return result


def with_links_split(post: Post) -> Post:
    """A link ends before the mark of a note and continues after it, as in HTML."""

    def visit(node: Node) -> Node | tuple[i.Inline, ...]:
        is_link = isinstance(node, (i.Link, i.Mention)) and post.footnotes
        return split_link(node) if is_link and holds(node, is_mark) else node  # type: ignore[arg-type]

    result: Post = rewrite(post, visit)
    return result


def facts(post: Post) -> tuple[Counter[str], int, Counter[str], Counter[str]]:
    """The words, notes, links and pictures of a post."""
    text = plain_text(post.body) + "\n" + "\n".join(map(plain_text, post.footnotes))
    nodes = list(walk(post))
    hrefs = (getattr(node, "href", "") for node in nodes)
    return (
        words(text),
        len(post.footnotes),
        Counter(safe for href in hrefs if href and (safe := safe_href(href))),
        Counter(node.src for node in nodes if isinstance(node, i.Image)),
    )


@given(posts())
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_our_reader_keeps_words_notes_links_and_pictures(given_post: Post) -> None:
    post = without_raw(given_post)
    prepared = _Prepared()
    api.write_with(prepared, "test", as_collection(post)).to_bytes()
    again = clothbound.read(api.write(post, Pandoc(pictures="address")).to_bytes())[0]
    assert facts(again) == facts(with_links_split(prepared.posts[0]))


@given(posts(plain=True))
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
def test_our_reader_reads_plain_posts_as_they_were(given_post: Post) -> None:
    post = without_raw(given_post)
    prepared = _Prepared()
    api.write_with(prepared, "test", as_collection(post)).to_bytes()
    again = clothbound.read(api.write(post, Pandoc(pictures="address")).to_bytes())[0]
    kinds = Counter(type(node) for node in walk(again.body))
    expected = Counter(type(node) for node in walk(prepared.posts[0].body))
    for kind in (b.Embed, b.Poll, b.Recipe, b.Callout, b.Table, b.Verse, b.List, b.MathBlock):
        assert kinds[kind] == expected[kind], kind


# --- nodes ----------------------------------------------------------------------------------------


def test_a_note_stands_at_its_first_mark_and_others_link_to_it() -> None:
    first, second = written(
        paragraph("a", i.NoteRef("n"), "."),
        paragraph("b", i.NoteRef("n"), i.NoteRef("m"), "."),
        notes=(note("n", "one"), note("m", "two")),
    )
    assert first["c"][1]["t"] == "Span"
    assert first["c"][1]["c"][0][0] == "note-n"
    assert first["c"][1]["c"][1][0]["t"] == "Note"
    link, plain = second["c"][1:3]
    assert (link["t"], link["c"][2][0]) == ("Link", "#note-n")
    assert link["c"][1] == [{"t": "Superscript", "c": [{"t": "Str", "c": "1"}]}]
    assert plain["t"] == "Note"


def test_a_note_that_only_notes_cite_stands_at_the_end() -> None:
    body, end = written(
        paragraph("a", i.NoteRef("n")),
        notes=(note("n", "one", i.NoteRef("m")), note("m", "two", i.NoteRef("n"))),
    )
    inner = body["c"][1]["c"][1][0]["c"][0]["c"]
    assert inner[1]["c"][2][0] == "#note-m"
    assert end["c"][0][0] == "note-m"
    assert "[1]" in json.dumps(end)
    post = Post(
        Metadata(),
        (paragraph("a", i.NoteRef("n")),),
        (note("n", "one", i.NoteRef("m")), note("m", "two", i.NoteRef("n"))),
    )
    again = clothbound.read(api.write(post, "pandoc").to_bytes())[0]
    assert again.footnotes == post.footnotes
    text = docx_text(run_pandoc(api.write(post, "pandoc").to_bytes(), "json", "docx"))
    assert {"one", "two1"} <= set(words(text))  # with the link to the first note


def test_small_nodes_are_written_as_pandoc_has_them() -> None:
    task = b.List((b.ListItem((paragraph("x"),), True), b.ListItem((paragraph("y"),), False)))
    box = written(task)[0]["c"]
    assert box[0][0] == {
        "t": "Plain",
        "c": [{"t": "Str", "c": "☒"}, {"t": "Space"}, {"t": "Str", "c": "x"}],
    }
    verse = b.Verse((i.Text("a"), i.LineBreak(), i.Text("  b")))
    assert written(verse)[0] == {
        "t": "LineBlock",
        "c": [[{"t": "Str", "c": "a"}], [{"t": "Str", "c": "\xa0\xa0b"}]],
    }
    small = paragraph(i.Span((i.Text("x"),), classes=("smallcaps",)))
    assert written(small)[0]["c"][0]["t"] == "SmallCaps"
    assert written(b.MathBlock("x"))[0]["c"][0]["c"] == [{"t": "DisplayMath"}, "x"]


def test_a_table_has_its_spans_and_its_alignments() -> None:
    def cell(text: str, width: int = 1, height: int = 1) -> b.Cell:
        return b.Cell((i.Text(text),), width, height)

    table = b.Table(
        ((cell("h"), cell("k")),),
        ((cell("a", 2),), (cell("b", 1, 2), cell("c")), (cell("d"),)),
        ("left", "right"),
        (i.Text("cap"),),
    )
    data = json.dumps({"pandoc-api-version": ast.VERSION, "meta": {}, "blocks": written(table)})
    html = run_pandoc(data.encode(), "json", "html").decode()
    assert 'colspan="2"' in html
    assert 'rowspan="2"' in html
    assert "<caption>cap</caption>" in html
    again = clothbound.read(data.encode())[0].body[0]
    assert again == table


def test_unsafe_links_are_text() -> None:
    link = paragraph(i.Link((i.Text("x"),), "javascript:alert(1)"))
    assert written(link)[0]["c"] == [{"t": "Str", "c": "x"}]


def test_raw_html_is_read_as_elements_and_other_markup_is_left_to_pandoc() -> None:
    raw = (
        b.RawBlock("html", "<p>a <b>bold</b> <script>no()</script>word</p>"),
        b.RawBlock("tex", r"\x"),
    )
    artifact = api.write(Post(Metadata(title="T"), raw), "pandoc")
    data = artifact.to_bytes()
    assert b"script" not in data
    assert b'{"t":"Strong"' in data
    assert b'{"t":"RawBlock","c":["tex","\\\\x"]}' in data
    codes = [d.code for d in artifact.report.diagnostics]
    assert codes.count(DiagnosticCode.NODE_SIMPLIFIED) == 2


# --- pictures -------------------------------------------------------------------------------------


def picture_post() -> Post:
    pictures = (i.Image("picture.gif", "A knot"), i.Image("gone.png", "A splice"))
    body = tuple(b.Figure(picture, (i.Text("By Ida"),)) for picture in pictures)
    remote = b.Figure(i.Image("https://example.org/c.png", "Far"))
    asset = next(a for a in every_node().assets)
    return Post(Metadata(title="T"), (*body, remote), (), (asset,))


def test_pictures_are_embedded_and_missing_ones_are_words() -> None:
    artifact = api.write(picture_post(), "pandoc")
    data = artifact.to_bytes()
    assert b'"data:image/gif;base64,' in data
    assert b"missing-picture" in data
    assert b"https://example.org/c.png" in data
    assert artifact.report.missing == 1
    assert artifact.report.remote == {"example.org": 1}
    docx = run_pandoc(data.replace(b"https://example.org/c.png", b""), "json", "docx")
    assert b"word/media/" in docx


def test_pictures_may_be_named_by_their_addresses() -> None:
    artifact = api.write(picture_post(), Pandoc(pictures="address"))
    data = artifact.to_bytes()
    assert b'["picture.gif",""]' in data
    assert b"data:" not in data
    assert artifact.report.missing == 0
    assert artifact.report.beside == 2


# --- documents ------------------------------------------------------------------------------------

HEAD = Metadata(
    key="one",
    slug="tides",
    title="Tides & “so”",
    subtitle="A letter",
    authors=("Ann", "Bo"),
    language="nb",
    tags=("sea", "rope"),
    description="About tides.",
    published=read_timestamp("2023-06-01T14:00:00Z"),
    canonical_url="https://letters.example/p/tides",
    extra={"mailchimp_key": "secret"},
)


def test_a_post_has_its_metadata_under_pandocs_names() -> None:
    data = api.write(Post(HEAD, (paragraph("x"),)), "pandoc").to_bytes()
    assert b"secret" not in data
    template = "$title$|$subtitle$|$for(author)$$author$;$endfor$|$date$|$lang$|$for(keywords)$$keywords$;$endfor$"
    assert _filled(data, template) == "Tides & “so”|A letter|Ann;Bo;|2023-06-01|nb|sea;rope;"
    again = clothbound.read(data)[0].metadata
    assert msgspec.structs.replace(again, key="one", source="") == msgspec.structs.replace(
        HEAD, extra={}
    )


def _filled(data: bytes, template: str) -> str:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.txt"
        path.write_text(template, encoding="utf-8")
        made = run_pandoc(data, "json", "plain", f"--template={path}", "--wrap=none")
    return made.decode().strip()


@pytest.mark.parametrize(
    "state",
    [
        {"is_draft": True},
        {"audience": "only_paid"},
        {"visibility": "private"},
    ],
)
def test_what_restricts_a_post_comes_back(state: dict[str, Any]) -> None:
    post = Post(Metadata(title="T", slug="t", **state), (paragraph("x"),))
    for given_posts in ([post], [post, Post(Metadata(slug="u", title="U"), (paragraph("y"),))]):
        again = clothbound.read(api.write(given_posts, "pandoc").to_bytes())[0].metadata
        for name, value in state.items():
            assert getattr(again, name) == value


def book() -> Collection:
    posts_of_book = [
        Post(
            msgspec.structs.replace(HEAD, canonical_url=""),
            (
                b.Heading((i.Text("High"),), 2, id="high"),
                paragraph(i.Link((i.Text("ebb"),), "/p/ebb#low"), i.NoteRef("1")),
                paragraph(i.Link((i.Text("up"),), "#high")),
            ),
            (note("1", "first"),),
        ),
        Post(
            Metadata(key="two", slug="ebb", title="Ebb"),
            (
                b.Heading((i.Text("Low"),), 2, id="low"),
                paragraph("x", i.NoteRef("1"), i.NoteRef("1")),
            ),
            (note("1", "second"),),
        ),
    ]
    whole = as_collection(posts_of_book)
    return msgspec.structs.replace(
        whole,
        info=BookInfo(title="Letters", authors=("Cy",), language="en", series=Series("S", "2")),
        parts=(Part("Spring", ("one", "two")),),
    )


def test_a_book_is_one_document_whose_links_lead_through_it() -> None:
    data = api.write(book(), "pandoc").to_bytes()
    blocks = json.loads(data)["blocks"]
    heads = [(n["c"][0], n["c"][1][0]) for n in blocks if n["t"] == "Header"]
    assert heads == [(1, ""), (2, "one"), (3, "one--high"), (2, "two"), (3, "two--low")]
    assert b'"#two--low"' in data
    assert b'"#one--high"' in data
    # The second post's note is the document's second.
    assert b'"c":[{"t":"Str","c":"2"}]' in data
    latex = run_pandoc(data, "json", "latex", "-s", "--top-level-division=part").decode()
    assert r"\part{Spring}" in latex
    assert r"\hyperref[two--low]{ebb}" in latex
    assert r"\title{Letters}" in latex


def test_a_book_comes_back_as_its_posts() -> None:
    made = book()
    again = clothbound.read(api.write(made, "pandoc").to_bytes())
    assert [m.key for m in again.index] == ["one", "two"]
    assert again.parts == made.parts
    assert again.info.title == "Letters"
    assert again[0].metadata.tags == HEAD.tags
    assert [len(post.footnotes) for post in again] == [1, 1]
    links = [node.href for node in walk(again[0]) if isinstance(node, i.Link)]
    assert links == ["/p/ebb#low", "#high"]
    assert again.index.resolve(links[0]) == ("two", "low")
    assert [n.id for n in again[0].body if isinstance(n, b.Heading)] == ["high"]
    assert "Tides" not in plain_text(again[0])


def test_a_post_in_another_language_says_so() -> None:
    arabic = Post(
        Metadata(slug="b", title="رسالة", language="ar"),
        (b.Heading((i.Text("اليوم"),), 2, id="h"), paragraph("نص"), paragraph("آخر")),
    )
    english = Post(Metadata(slug="a", title="A", language="en"), (paragraph("x"),))
    made = as_collection([english, english, arabic])
    data = api.write(made, "pandoc").to_bytes()
    html = run_pandoc(data, "json", "html", "-s", "--toc").decode()
    assert '<h1 class="post" data-clothbound="Post" lang="ar" dir="rtl"' in html
    assert html.count('lang="ar" dir="rtl"') == 3
    assert 'href="#b--h"' in html  # in the table of contents
    again = clothbound.read(data)
    assert again[2].body[1:] == arabic.body[1:]
    single = api.write(arabic, "pandoc").to_bytes()
    assert '<html xmlns="http://www.w3.org/1999/xhtml" lang="ar" xml:lang="ar" dir="rtl">' in (
        run_pandoc(single, "json", "html", "-s").decode()
    )
    assert "dir" not in clothbound.read(single)[0].metadata.extra


def test_texts_of_the_book_keep_their_roles() -> None:
    made = book()
    whole = msgspec.structs.replace(made, parts=(), roles={"one": "foreword"})
    again = clothbound.read(api.write(whole, "pandoc").to_bytes())
    assert again.roles == {"one": "foreword"}


def test_a_heading_that_repeats_the_title_stays() -> None:
    for title in ("T", ""):
        post = Post(Metadata(title=title, slug="s"), (b.Heading((i.Text("T"),)), paragraph("x")))
        again = clothbound.read(api.write(post, "pandoc").to_bytes())[0]
        assert isinstance(again.body[0], b.Heading)


def test_asset_bytes_are_needed() -> None:
    """The sample picture is one, so that tests of embedding test something."""
    assert isinstance(every_node().assets[0], Asset)
