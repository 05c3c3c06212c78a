"""Blocks flattened to inlines: every kind keeps its words, and blocks are set apart."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.flatten import flatten_blocks
from clothbound.model.plain_text import plain_text
from sample_nodes import paragraph
from strategies import blocks

BREAK = i.LineBreak()


def words(text: str) -> tuple[i.Text]:
    return (i.Text(text),)


def item(text: str) -> b.ListItem:
    return b.ListItem((paragraph(text),))


PICTURE = i.Image("a.png", "A")


@pytest.mark.parametrize(
    ("block", "flat"),
    [
        (paragraph("a"), words("a")),
        (b.Heading(words("a"), 2), words("a")),
        (b.Heading(words("a"), 2, id="x"), (i.Span(words("a"), id="x"),)),
        (b.Paragraph(words("a"), classes=("c",)), (i.Span(words("a"), classes=("c",)),)),
        (
            b.Verse((*words("a"), BREAK, *words("b")), attributes=(("k", "v"),)),
            (i.Span((*words("a"), BREAK, *words("b")), attributes=(("k", "v"),)),),
        ),
        (b.Figure(PICTURE), (PICTURE,)),
        (b.Figure(PICTURE, words("c")), (PICTURE, BREAK, *words("c"))),
        (b.Figure(PICTURE, (), "https://a.example/"), (i.Link((PICTURE,), "https://a.example/"),)),
        (
            b.Gallery((b.Figure(PICTURE), b.Figure(i.Image("b.png"))), words("both")),
            (PICTURE, BREAK, i.Image("b.png"), BREAK, *words("both")),
        ),
        (b.Group((paragraph("a"), paragraph("b"))), (*words("a"), BREAK, *words("b"))),
        (b.Quote((paragraph("a"),)), words("a")),
        (b.PullQuote((paragraph("a"),)), words("a")),
        (b.Conditional((paragraph("a"),)), words("a")),
        (b.Callout((paragraph("a"),), words("t")), (*words("t"), BREAK, *words("a"))),
        (b.List((item("a"), item("b"))), (*words("• a"), BREAK, *words("• b"))),
        (b.List((item("a"), item("b")), True, 3), (*words("3. a"), BREAK, *words("4. b"))),
        (
            b.DefinitionList((b.DefinitionItem(words("t"), ((paragraph("d"),), (paragraph("e"),))),)),
            (*words("t"), BREAK, *words("d"), BREAK, *words("e")),
        ),
        (b.CodeBlock("a\n\n b\n"), (i.Code("a"), BREAK, i.Code(" b"))),
        (b.MathBlock("x"), (i.Math("x"),)),
        (
            b.Table(
                ((b.Cell(words("h")),),), ((b.Cell(words("d")),), (b.Cell(),)), (), words("cap")
            ),
            (*words("cap"), BREAK, *words("h"), BREAK, *words("d")),
        ),
        (
            b.Embed("video", "https://v.example/", provider="V", title="A film"),
            (i.Link(words("A film"), "https://v.example/"),),
        ),
        (
            b.Embed("video", "https://v.example/", provider="V"),
            (i.Link(words("V"), "https://v.example/"),),
        ),
        (b.Embed("video", "https://v.example/"), (i.Link(words("https://v.example/"), "https://v.example/"),)),
        (b.Button("Go", "https://a.example/"), (i.Link(words("Go"), "https://a.example/"),)),
        (b.Button("Go"), words("Go")),
        (b.Media("audio", "a.mp3"), (i.Link(words("a.mp3"), "a.mp3"),)),
        (b.Media("audio", "a.mp3", "", words("c")), (i.Link(words("c"), "a.mp3"),)),
        (b.FileDownload("a.pdf", "A paper"), (i.Link(words("A paper"), "a.pdf"),)),
        (b.FileDownload("a.pdf"), (i.Link(words("a.pdf"), "a.pdf"),)),
        (
            b.FileDownload("a.pdf", "A paper", "3 kB"),
            (i.Link(words("A paper"), "a.pdf"), i.Text(" (3 kB)")),
        ),
        (b.RawBlock("html", "<hr>"), (i.RawInline("html", "<hr>"),)),
        (b.Poll("Which?", ("One", "Two")), (*words("Which?"), BREAK, *words("One"), BREAK, *words("Two"))),
        (b.ThematicBreak(), ()),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_block_as_inlines(block: b.Block, flat: tuple[i.Inline, ...]) -> None:
    assert flatten_blocks((block,)) == flat


@given(blocks())
def test_no_word_of_a_block_is_lost(block: b.Block) -> None:
    kept = Counter(plain_text(flatten_blocks((block,))))
    wanted = Counter("".join(plain_text(block).split()))
    assert not wanted - kept


def test_blocks_without_words_leave_no_break() -> None:
    flat = flatten_blocks((b.ThematicBreak(), paragraph("a"), b.Paragraph(), paragraph("b")))
    assert flat == (*words("a"), BREAK, *words("b"))
