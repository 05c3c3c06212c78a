"""Verse in paragraphs: its lines begin below each other, and blank lines part its stanzas."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pymupdf
import pytest

from clothbound import api
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.verse import broken_lines, find_verse
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.chapters import parse_markup
from clothbound.writers.pdf.kept_lines import mark_verse
from printed_books import Engine

TERCET = ("The rope goes out,", "the rope comes in,", "the harbour keeps the time.")
COUPLET = ("No lamp is lit,", "no bell is rung.")
PROSE = "She said it twice, and nobody believed her before the end of the week. " * 2
SENTENCES = ("She said it twice.", "And he said that the boats would not go out before the end of the week.", "So.")  # fmt: skip


@pytest.mark.parametrize(
    ("paragraphs", "is_quoted", "verse"),
    [
        ([TERCET], False, [True]),
        ([COUPLET], False, [False]),
        ([COUPLET], True, [True]),
        ([SENTENCES], False, [False]),
        ([(*TERCET, SENTENCES[1])], False, [True]),
        ([(*TERCET, SENTENCES[1], SENTENCES[1])], False, [True]),
        ([(*TERCET, PROSE, PROSE)], False, [False]),
        ([("a" * 96, "b") * 2], False, [True]),
        ([("a" * 97, "b") * 2], False, [False]),
        ([("a" * 96, "b" * 61, "c")], False, [False]),
        ([SENTENCES], True, [True]),
        ([(), TERCET, COUPLET, (), COUPLET], False, [False, True, True, False, False]),
        ([COUPLET] * 2, False, [False] * 2),
        ([COUPLET] * 3, False, [True] * 3),
        ([("a" * 60,) * 3, (), ("a" * 61,) * 3], False, [True, False, False]),
        ([("字" * 30,) * 3, (), ("字" * 31,) * 3], False, [True, False, False]),
        ([("alone",)], True, [False]),
        ([], False, []),
    ],
)
def test_verse_is_known_by_its_lines(
    paragraphs: list[tuple[str, ...]], is_quoted: bool, verse: list[bool]
) -> None:
    assert find_verse(paragraphs, is_quoted=is_quoted) == verse


def test_the_lines_of_a_paragraph_are_those_that_its_author_broke() -> None:
    words = (i.Text("One\nline,"), i.LineBreak(), i.LineBreak(), i.Emphasis((i.Text("another"), i.LineBreak())), i.Text("."))  # fmt: skip
    assert broken_lines(b.Paragraph(words)) == ("One line,", "another", ".")
    assert broken_lines(b.Paragraph((i.Text("One\nline"),))) == ()
    assert broken_lines(b.Paragraph((*words, i.Image("a.png", "a")))) == ()


@pytest.mark.parametrize(
    ("markup", "classes"),
    [
        ("<p>x</p><p>a<br/>b<br/>c</p><p>d<br/>e</p><p>x</p>", [None, "lines hanging parted", "lines hanging parted", "parted"]),
        ("<p>a<br/>b<br/>c</p><hr/><p>d<br/>e</p>", ["lines hanging", None]),
        ("<blockquote><p>x</p><p>a<br/>b</p><p>d<br/>e</p><p>x</p></blockquote>", [None, "lines hanging parted", "lines hanging parted", "parted"]),
        ("<blockquote><p>a<br/>b</p><p>— x</p></blockquote>", ["lines hanging", None]),
        ("<div><p>x</p><p><b>a<br/>b<br/>c</b></p></div>", [None, "lines hanging parted"]),
        (f"<blockquote><p>{PROSE}<br/>{PROSE}</p></blockquote>", ["lines"]),
        ('<div class="verse"><p>a<br/>b<br/>c</p></div>', [None]),
        ("<table><tr><td><p>a<br/>b<br/>c</p></td></tr></table>", [None]),
        ('<p><img src="a.png"/><br/>a<br/>b<br/>c</p>', [None]),
        ('<p>a<br/>b<span class="foot-note"><br/>c</span></p>', [None]),
    ],
)  # fmt: skip
def test_verse_is_marked_for_print(markup: str, classes: list[str | None]) -> None:
    tree = parse_markup(f"<section>{markup}</section>")
    mark_verse(tree)
    assert [paragraph.get("class") for paragraph in tree.iter("p")] == classes


def test_elements_within_lines_end_and_begin_with_them() -> None:
    tree = parse_markup(
        "<section><p>a <em id='e'>b <a href='#x'>c<br/>d</a> e<br/>f</em> g<br/>h</p></section>"
    )
    mark_verse(tree)
    written = ElementTree.tostring(tree, "unicode")
    assert '<em id="e">b <a href="#x">c</a></em><br' in written
    assert '<em><a href="#x">d</a> e</em><br' in written
    assert "<em>f</em> g<br" in written


POEMS = {
    "en": ("Somebody wrote a verse", ("The rope", "the time", "No lamp", "the rhyme"), "It came back"),
    "ar": ("ثم كتب أحدهم", ("الحبل يخرج", "الحبل يعود", "لا مصباح", "لا جرس"), "عاد في الربيع"),
}  # fmt: skip


@pytest.mark.parametrize("language", POEMS)
def test_lines_of_a_poem_begin_below_each_other_and_stanzas_are_parted(
    language: str, engine: Engine
) -> None:
    before, lines, behind = POEMS[language]
    first, second = ("\\\n".join([*pair, pair[1]]) for pair in (lines[:2], lines[2:]))
    text = f"---\ntitle: x\nlang: {language}\n---\n{before}\n\n{before}\n\n{first}\n\n{second}\n\n{behind}\n"
    data = api.write(api.read(text, format="markdown"), Pdf(engine=engine)).to_bytes()
    with pymupdf.open(stream=data) as document:
        page = next(page for page in document if len(page.get_text("text").splitlines()) > 6)
        rows = [
            line["bbox"]
            for block in page.get_text("dict")["blocks"]
            for line in block["lines"]
            if line["bbox"][3] < page.rect.height * 0.85
        ]
    rows = sorted(rows, key=lambda box: box[3])[-9:]
    verse = rows[2:8]
    begins = [round(box[2 if language == "ar" else 0]) for box in (*verse, rows[8])]
    assert max(begins) - min(begins) <= 1, begins
    steps = [below[3] - above[3] for above, below in pairwise(rows[1:])]
    line = steps[1]
    assert [round(step / line) for step in steps] == [2, 1, 1, 2, 1, 1, 2]


@pytest.mark.parametrize("mark", ["", "*"])
@pytest.mark.parametrize("sign", ["", "> "])
def test_the_turned_part_of_a_long_line_is_indented(engine: Engine, sign: str, mark: str) -> None:
    long = "Tide that left us here will never carry us again to where we were before it"
    stanza = f"\\\n{sign}".join([f"{mark}{long}", "and still we wait;", long, f"and wait.{mark}"])
    text = f"---\ntitle: x\n---\nBefore.\n\nBefore.\n\n{sign}{stanza}\n\nBehind.\n"
    data = api.write(api.read(text, format="markdown"), Pdf(engine=engine)).to_bytes()
    with pymupdf.open(stream=data) as document:
        page = next(page for page in document if "still" in page.get_text())
        words = page.get_text("words")
    rows = {round(word[3]): word for word in sorted(words, key=lambda word: -word[0])}
    lines = [rows[height] for height in sorted(rows)]
    first = next(place for place, word in enumerate(lines) if word[4] == "Tide")
    begins = [word[0] - lines[first][0] for word in lines[first : first + 6]]
    assert [round(begin) > 5 for begin in begins] == [False, True, False, False, True, False], lines
    assert max(begins[::3]) < 1
