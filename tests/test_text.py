"""Tests the plain-text writer: every node, and its reports of simplified ones."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings

from clothbound import api
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote, Metadata, Post, Timestamp
from clothbound.readers.timestamps import read_timestamp
from clothbound.writers.text import PlainText
from sample_nodes import paragraph
from strategies import posts


def text(*blocks: b.Block, notes: tuple[Footnote, ...] = (), width: int = 0) -> str:
    artifact = api.write(Post(Metadata(), blocks, notes), PlainText(width=width))
    return artifact.to_bytes().decode()


def item(*blocks: b.Block) -> b.ListItem:
    return b.ListItem(blocks)


CASES = [
    (paragraph("a ", i.Emphasis((i.Text("b"),)), i.LineBreak(), i.Code("c")), "a b\nc\n"),
    (paragraph(i.Link((i.Text("site"),), "https://a.example")), "site <https://a.example>\n"),
    (paragraph(i.Link((i.Text("https://a.example"),), "https://a.example")), "https://a.example\n"),
    (paragraph(i.Link((i.Text("above"),), "#above")), "above\n"),
    (
        paragraph(i.Link((i.Text("claim"),), "u"), "s, ", i.Link((i.Text("a"),), "v"), "."),
        "claims <u>, a <v>.\n",
    ),
    (paragraph(i.Image("a.png", "A knot"), i.Math("x^2")), "[picture: A knot]x^2\n"),
    (paragraph(i.Image("a.png")), "[picture: a.png]\n"),
    (b.Heading((i.Text("Title"),)), "Title\n"),
    (b.Quote((paragraph("a"), paragraph("b"))), "    a\n\n    b\n"),
    (
        b.List((item(paragraph("a"), paragraph("b")), item(paragraph("c"))), True, 9),
        "9. a\n\n   b\n10. c\n",
    ),
    (b.List((b.ListItem((paragraph("a"),), True),)), "- [x] a\n"),
    (b.CodeBlock("a\n  b"), "    a\n      b\n"),
    (b.Verse((i.Text("a"), i.LineBreak(), i.Text("  b"))), "    a\n      b\n"),
    (
        b.Figure(i.Image("a.png", "A"), (i.Text("By Ida"),), "https://a.example"),
        "[picture: A]\nBy Ida\nhttps://a.example\n",
    ),
    (
        b.Table(((b.Cell((i.Text("a"),)), b.Cell((i.Text("b"),))),), ((b.Cell(), b.Cell()),)),
        "a | b\n | \n",
    ),
    (
        b.DefinitionList((b.DefinitionItem((i.Text("a"),), ((paragraph("b"),),)),)),
        "a\n    b\n",
    ),
    (b.Callout((paragraph("b"),), (i.Text("a"),)), "a\n\nb\n"),
    (b.ThematicBreak(), "* * *\n"),
    (
        b.Embed("tweet", "https://x.com/1", "Twitter", text="Words", author="A (@a)"),
        "Words\nA (@a)\nTwitter\nhttps://x.com/1\n",
    ),
    (b.FileDownload("a.pdf", "Tides", "3 KB"), "Tides\n3 KB\na.pdf\n"),
    (b.Poll("Which?", ("a", "b")), "Which?\n- a\n- b\n"),
    (b.Recipe("Paste", ("flour",), ("Stir.",)), "Paste\n- flour\nStir.\n"),
    (b.RawBlock("text", "as it is"), "as it is\n"),
    (
        b.RawBlock("html", "<p>some &amp; all</p><script>no</script><!-- no --><style>no"),
        "some & all\n",
    ),
]


@pytest.mark.parametrize(("node", "expected"), CASES, ids=lambda case: type(case).__name__)
def test_node(node: b.Block, expected: str) -> None:
    assert text(node) == expected


def test_a_page_has_its_title_its_author_and_its_notes() -> None:
    post = Post(
        Metadata(
            title="The tide",
            subtitle="A letter",
            authors=("Ann", "Bo"),
            published=read_timestamp("2023-06-01T14:00:00Z"),
        ),
        (paragraph("In", i.NoteRef("b"), " and out", i.NoteRef("a"), "."),),
        (Footnote("a", (paragraph("Twice."),)), Footnote("b", (paragraph("A day."),))),
    )
    assert api.write(post, "text").to_bytes().decode() == (
        "The tide\n\nA letter\n\nAnn, Bo, 2023-06-01\n\nIn[1] and out[2].\n\n"
        "[1] A day.\n\n[2] Twice.\n"
    )


def test_lines_are_filled_on_demand() -> None:
    assert text(paragraph("one two three"), width=8) == "one two\nthree\n"


def test_several_posts_are_a_folder() -> None:
    made = [
        Post(Metadata(id="7.tide", title="T")),
        Post(Metadata(slug="ebb", published=Timestamp("?"))),
    ]
    artifact = api.write(made, "text")
    assert artifact.is_tree
    archive = zipfile.ZipFile(io.BytesIO(artifact.to_bytes()))
    assert archive.namelist() == ["tide.txt", "ebb.txt"]


def test_what_is_left_out_or_simplified_is_accounted_for() -> None:
    post = Post(
        Metadata(key="k"),
        (
            b.SubscribeForm("Read on", "Yes"),
            b.PaywallBreak(),
            b.Conditional((paragraph("for some"),), ("free_sub",)),
            b.RawBlock("latex", r"\clearpage lost words"),
            b.Media("audio", "a.mp3"),
            b.Extension("plugin", fallback=(paragraph("instead"),)),
        ),
    )
    artifact = api.write(post, "text")
    assert artifact.to_bytes() == b"for some\n\na.mp3\n\ninstead\n"
    account = artifact.report.accounts["k"]
    assert (account.chrome, account.simplified, account.dropped) == (2, 3, 1)
    assert account.left_out.words == 6
    assert any(d.text == r"\clearpage lost words" for d in artifact.report.diagnostics)


@given(posts())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_any_post_is_written(post: Post) -> None:
    assert api.write(post, "text").to_bytes().decode().endswith("\n")
