"""Tests that words of one direction keep their order where they are parts of several elements of a line."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import fromstring, tostring

import msgspec
import pytest

from book_info import with_info
from clothbound.model import inlines as i
from clothbound.model.post import Post
from clothbound.writers.pdf.direction_runs import join_runs
from line_counts import growth
from printed_books import Engine, book, make, p, post, words_of

LTR = '<span style="direction: ltr">'
RTL = '<span style="direction: rtl">'


@pytest.mark.parametrize(
    ("markup", "joined"),
    [
        ("שמות: Blue <em>Heron</em> בנמל", f"שמות: {LTR}Blue <em>Heron</em></span> בנמל"),
        # A text that holds the whole run stays, and so do texts of one direction.
        ("שמות: <em>Blue Heron</em> בנמל", None),
        ("שמות <em>רבים</em> בנמל", None),
        # A line may end at a sign of it, which would stand on the wrong side.
        ("שמות: Blue, Heron בנמל", f"שמות: {LTR}Blue, Heron</span> בנמל"),
        ("<a>x.example/one/\u200btwo</a>", f"<a>{LTR}x.example/one/\u200btwo</span></a>"),
        # What stands at the end of a run belongs to the line.
        ("אל <b>Blue</b> Heron.", f"אל {LTR}<b>Blue</b> Heron</span>."),
        ("<b>Blue</b> - <i>Heron</i> בנמל", f"{LTR}<b>Blue</b> - <i>Heron</i></span> בנמל"),
        ("<em>אל Blue</em> Heron", f"<em>אל </em>{LTR}<em>Blue</em> Heron</span>"),
        (
            '<a id="x" href="#y" class="reference">Blue</a> Heron',
            None,  # Its page stands between them.
        ),
        (
            'Grey <a id="x" href="#y" class="reference">Heron</a>',
            f'{LTR}Grey <a id="x" href="#y" class="">Heron</a></span><a href="#y" class="reference" />',
        ),
        ("<i>Blue</i>\u200b<b>Heron</b>", f"{LTR}<i>Blue</i>\u200b<b>Heron</b></span>"),
        ("<b>Blue</b><br />Heron", None),
        ('<b dir="ltr">Blue</b> <b dir="ltr">Heron</b>', None),
        ('Blue<a class="noteref">1</a> שם', None),
    ],
)  # fmt: skip
def test_a_run_against_its_line_becomes_one_element(markup: str, joined: str | None) -> None:
    tree = fromstring(f'<html dir="rtl"><p>{markup}</p></html>')
    join_runs(tree)
    wanted = f'<html dir="rtl"><p>{joined or markup}</p></html>'
    assert tostring(tree, "unicode") == tostring(fromstring(wanted), "unicode")
    join_runs(tree)
    assert tostring(tree, "unicode") == tostring(fromstring(wanted), "unicode")


def test_runs_are_wrapped_in_one_walk() -> None:
    """Runs within an element, across its ends, and beside it; the work grows as the text does."""

    def make(size: int) -> Callable[[], object]:
        part = "שם Blue <em>Heron, אל Grey <b>Gull</b> or Red</em> Kite, "
        tree = fromstring(f'<html dir="rtl"><p>{part * size}</p></html>')
        return lambda: join_runs(tree)

    assert growth(make, 20) < 4.5
    tree = fromstring(
        '<p dir="rtl">שם Blue <em>Heron, אל Grey <b>Gull</b> or Red</em> Kite, אל <i>Tern</i></p>'
    )
    join_runs(tree)
    joined = (
        f'<p dir="rtl">שם {LTR}Blue <em>Heron</em></span><em>, אל </em>{LTR}<em>Grey <b>Gull</b> or Red</em> Kite</span>, '
        "אל <i>Tern</i></p>"
    )
    assert tostring(tree, "unicode") == tostring(fromstring(joined), "unicode")


def test_words_from_the_right_in_a_line_from_the_left() -> None:
    tree = fromstring(
        "<html><p>Say שלום <em>עולם 12<b>34</b></em> twice, <i>naïve</i> one.</p></html>"
    )
    join_runs(tree)
    assert tostring(tree, "unicode") == tostring(
        fromstring(
            f"<html><p>Say {RTL}שלום <em>עולם {LTR}12<b>34</b></span></em></span> twice, "
            "<i>naïve</i> one.</p></html>"
        ),
        "unicode",
    )  # fmt: skip


def test_a_line_of_code_is_ordered_by_itself() -> None:
    tree = fromstring("<body><pre><b>שלום</b>\n<b>עולם</b> <i>רב</i></pre></body>")
    join_runs(tree)
    assert tostring(tree, "unicode") == tostring(
        fromstring(f"<body><pre><b>שלום</b>\n{RTL}<b>עולם</b> <i>רב</i></span></pre></body>"),
        "unicode",
    )


@pytest.mark.parametrize(("language", "word"), [("ar", "الميناء"), ("he", "הנמל")])
def test_latin_names_in_several_elements_are_read_from_the_left(
    language: str, word: str, engine: Engine
) -> None:
    link = i.Link((i.Text("Tide"),), "https://example.org/")
    texts = (i.Strong((i.Text("Harbour"),)), i.Text(" Lights and "), link, i.Text(" Tables"))
    line = p(i.Text(f"{word} "), *texts, i.Text(f" {word}."))
    # Some characters make their words elements of the Latin face.
    one = post("one", "x", line, p(f"{word} Blue Heron: {word}"), p(f"{word} Grey Gull."))
    one = Post(msgspec.structs.replace(one.metadata, language=language), one.body)
    collection = with_info(book(one, post("two", "Two", p("x"))), language=language)
    data, _ = make(collection, engine)
    # The file tells a mark at the left of a name as the end of its last word.
    right = {w[5].strip(".:\u2068\u2069"): w[3] for w in words_of(data)}
    row = ["Harbour", "Lights", "and", "Tide", "Tables"]
    assert [right[name] for name in row] == sorted(right[name] for name in row)
    assert right["Blue"] < right["Heron"]
    assert right["Grey"] < right["Gull"]
