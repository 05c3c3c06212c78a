"""Text made ready for typesetting: spaces, quotation marks, dashes, needless rules."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.language.quotes import Typesetter
from clothbound.model.blocks import Cell, CodeBlock, Heading, Paragraph, Table, ThematicBreak, Verse
from clothbound.model.inlines import Code, Emphasis, Inline, LineBreak, Link, NoteRef, Strong, Text
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.transforms.typography import set_type
from line_counts import growth

NBSP = "\u00a0"


def paragraph(*children: Inline, language: str = "en") -> str:
    post = Post(Metadata(language=language), (Paragraph(children),))
    return plain_text(set_type(post, Context()))


@pytest.mark.parametrize(
    ("language", "given_text", "expected"),
    [
        ("en", '"Hello," she said, "it\'s \'fine\'."', "“Hello,” she said, “it’s ‘fine’.”"),
        (
            "en",
            "the '90s, rock 'n' roll, the dogs' bowls",
            "the ’90s, rock ’n’ roll, the dogs’ bowls",
        ),
        ("en", "'Tis a quote: 'quoted'", "’Tis a quote: ‘quoted’"),
        ("en", "\"'Nested' first,\" he said", "“‘Nested’ first,” he said"),
        ("en", '6\'2" tall, a 12" shelf', '6\'2" tall, a 12" shelf'),
        ("en", "ten -- no, eleven; ten--no; 10--20; a---b", "ten – no, eleven; ten—no; 10–20; a—b"),
        ("en", "run it with --help or -- so", "run it with --help or – so"),
        ("en", "see https://x.example/a--b'c", "see https://x.example/a--b'c"),
        ("", "don't", "don’t"),
        ("en-GB", '("yes")', "(“yes”)"),
        ("de", "Er sagte: \"Das ist 'gut'.\"", "Er sagte: „Das ist ‚gut‘.“"),
        ("fr", 'Il dit "oui" à l\'ami', f"Il dit «{NBSP}oui{NBSP}» à l’ami"),
        ("sv", 'Han sa "ja"', "Han sa ”ja”"),
        ("ja", '"はい" -- はい', '"はい" – はい'),
    ],
)
def test_marks_by_language(language: str, given_text: str, expected: str) -> None:
    assert Typesetter(language).plain(given_text) == expected


def test_no_break_spaces_beside_markup_become_ordinary() -> None:
    text = paragraph(
        Text(f"the{NBSP}"), Emphasis((Text("final"),)), Text(f"{NBSP}and{NBSP}"),
        Link((Text(f"last{NBSP}"),), "https://x.example"), Text("of 70"), Text(f"{NBSP}B"),
    )  # fmt: skip
    assert text == f"the final and last of 70{NBSP}B"


@pytest.mark.parametrize(
    ("language", "children"),
    [
        ("en", (Strong((Text("10"),)), Text(f"{NBSP}km on"))),
        ("en", (Text("by J."), Text(NBSP), Strong((Text("Smith"),)))),
        ("fr", (Emphasis((Text("Quoi"),)), Text(f"{NBSP}? Oui"))),
        ("en", (Text(f"see §{NBSP}5 there"),)),
    ],
)
def test_no_break_spaces_that_typography_wants_stay(
    language: str, children: tuple[Inline, ...]
) -> None:
    assert NBSP in paragraph(*children, language=language)


def test_quotes_are_seen_across_nodes() -> None:
    text = paragraph(
        Text('He said "'), Emphasis((Text("yes"),)), Text('" and "'), Code("x"), Text('"')
    )
    assert text == "He said “yes” and “x”"


def test_a_quote_opens_after_a_hard_break() -> None:
    text = paragraph(Text("said"), LineBreak(), Text('"yes"'), LineBreak(), Text('"no"'))
    assert text == "said\n“yes”\n“no”"


def test_code_verse_and_addresses_stay() -> None:
    body = (
        Paragraph((Code('a "b" -- c'), Link((Text("x"),), 'https://x.example/"'))),
        CodeBlock('print("--")'),
        Verse((Text('"two  spaces"'), LineBreak(), Text(f"{NBSP}-- x"))),
    )
    post = Post(Metadata(language="en"), body)
    assert set_type(post, Context()) is post
    beside = msgspec.structs.replace(post, body=(*body, Paragraph((Text('"a"'),))))
    assert set_type(beside, Context()).body == (*body, Paragraph((Text("“a”"),)))


def test_notes_and_cells_are_set() -> None:
    post = Post(
        Metadata(language="en"),
        (Paragraph((Text("a"), NoteRef("1"))), Table(rows=((Cell((Text('"c"'),)), Cell()),))),
        (Footnote("1", (Paragraph((Text('"n"'),)),)),),
    )
    assert plain_text(set_type(post, Context())).split() == ["a", "“c”", "“n”"]


def test_a_rule_before_a_heading_sets_nothing() -> None:
    """The heading parts as well; the rule may stand alone at the foot of a page."""
    heading = Heading((Text("On ropes"),), 2)
    one, two = Paragraph((Text("one"),)), Paragraph((Text("two"),))
    context = Context()
    made = set_type(Post(body=(one, ThematicBreak(), heading, two, ThematicBreak(), one)), context)
    assert made.body == (one, heading, two, ThematicBreak(), one)
    assert [d.message for d in context.diagnostics] == ["needless rules removed: 1"]


def test_needless_rules_and_empty_paragraphs_set_nothing() -> None:
    rule, text = ThematicBreak(), Paragraph((Text("a"),))
    post = Post(
        body=(
            rule,
            text,
            rule,
            Paragraph(),
            rule,
            text,
            Paragraph((Text(" "), LineBreak())),
            rule,
            rule,
        )
    )
    assert set_type(post, Context()).body == (text, rule, text)


def test_one_diagnostic_counts_it_all() -> None:
    context = Context()
    body = (Paragraph((Text('"a" -- b'), Text(f"c{NBSP} d"))), ThematicBreak())
    set_type(Post(Metadata(source="a.md"), body), context)
    (found,) = context.diagnostics
    assert (found.code, found.source) == (DiagnosticCode.TYPOGRAPHY, "a.md")
    assert found.message == (
        "no-break spaces replaced by ordinary ones: 1, straight quotation marks curled: 2, "
        "double hyphens replaced by dashes: 1, needless rules removed: 1"
    )


@given(
    st.text(alphabet="ab \"'-\u00a0.1\ufffc", max_size=60), st.sampled_from(("en", "de", "fr", ""))
)
def test_letters_and_their_order_stay(text: str, language: str) -> None:
    set_text = Typesetter(language).plain(text)
    assert [c for c in set_text if c.isalnum()] == [c for c in text if c.isalnum()]


@given(st.lists(st.text(alphabet="ab \"'-\u00a0", max_size=8), max_size=6))
def test_a_run_is_set_as_its_text_would_be(pieces: list[str]) -> None:
    """How a text is cut into nodes changes no quotation mark and no dash."""
    nodes = tuple(Text(piece) for piece in pieces if piece)
    if not "".join(pieces).strip():
        return
    assert paragraph(*nodes) == Typesetter("en").plain("".join(pieces)).strip()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("el", "Είπε «ναι»."),
        ("fa", "گفت «بله»."),
        ("ko", "그는 “네”라고 했다."),
        ("he", 'צה"ל'),
        ("ja", '彼は"はい"と'),
    ],
)
def test_scripts_without_a_sure_opening_mark_keep_straight_ones(
    language: str, expected: str
) -> None:
    given = re.sub("[«»“”]", '"', expected)
    assert Typesetter(language).plain(given) == expected


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000 + '"',
        "'" + "\"'" * 150_000,
        "\u00a0" * 200_000 + '"',
        "x://y " * 30_000 + "' " * 30_000,
        "--://" * 60_000,
    ],
    ids=["one word", "quotation marks", "no-break spaces", "addresses", "dashes"],
)
def test_long_texts_of_one_kind_are_set(text: str) -> None:
    # In the square of the text this would not end.
    assert len(Typesetter("en").characters(text, ())) == len(text)


@pytest.mark.parametrize("text", [" 'a", "x://y '", "\u00a0a", ' "a" --b '])
def test_work_grows_as_the_text(text: str) -> None:
    def setting(size: int) -> Callable[[], object]:
        return lambda: Typesetter("en").characters(text * size, ())

    assert growth(setting, 200) < 5
