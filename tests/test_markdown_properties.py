"""Tests properties of any text: nothing raises, trees are canonical, words and lines stay."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clothbound.context import Context
from clothbound.model.check import problems
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.readers.markdown import READER
from clothbound.readers.markdown.attributes import parse_attributes
from clothbound.readers.markdown.blocks import has_sign
from clothbound.readers.markdown.dialects import parser_for
from clothbound.readers.markdown.mdx_script import take_statements
from clothbound.readers.markdown.options import MarkdownInput
from clothbound.readers.markdown.parser import _BELOW_HEADS, _BY_SIGNS
from clothbound.readers.markdown.smart import ESCAPED, smarten, unescape
from clothbound.readers.markdown.text_nodes import parse_markdown
from markdown_texts import PIECES, TEXTS

DIALECTS = st.sampled_from(["pandoc", "gfm", "commonmark"])


@given(TEXTS, DIALECTS)
@example("| &#1;", "pandoc")
@settings(max_examples=400)
def test_any_text_gives_a_canonical_tree(text: str, dialect: str) -> None:
    body, footnotes, findings = parse_markdown(text, dialect)  # type: ignore[arg-type]
    assert list(problems(Post(body=body, footnotes=footnotes))) == []
    assert not any("could not be parsed" in message for _, message, _ in findings)
    lines = text.count("\n") + 1
    assert all(0 <= node.line <= lines for node in walk(Post(body=body, footnotes=footnotes)))


RULES = ("wikilinks", "shortcodes", "jsx", "kramdown", "markdown_in_html", "fancy_lists")


@given(TEXTS, DIALECTS, st.sets(st.sampled_from(RULES)))
@settings(max_examples=300)
def test_one_rule_alone_takes_an_empty_line(text: str, dialect: str, own: set[str]) -> None:
    """The parser of blocks asks no other one there."""
    block = parser_for(dialect, **dict.fromkeys(own, True)).block  # type: ignore[arg-type]
    for rules in (block.rules, block.list_rules, block.block_quote_rules):
        assert "blank_line" in rules
        for line in re.finditer(r"^\n", text, re.M):
            found = block.compile_sc(rules).match(text, line.start())
            blank = block.compile_sc(["blank_line"]).match(text, line.start())
            assert found is not None
            assert blank is not None
            assert (found.lastgroup, found.span()) == ("blank_line", blank.span())


@given(TEXTS, DIALECTS, st.sets(st.sampled_from(RULES)))
@example("a | b\n - | -\n1 | 2", "pandoc", set())
@example("a\n- b", "pandoc", {"jsx"})
@settings(max_examples=300)
def test_tables_alone_take_a_line_that_begins_with_a_letter(
    text: str, dialect: str, own: set[str]
) -> None:
    """The parser of blocks asks no rule there unless the next line may be below the head of a table."""
    block = parser_for(dialect, **dict.fromkeys(own, True)).block  # type: ignore[arg-type]
    for rules in (block.rules, block.list_rules, block.block_quote_rules):
        assert _BY_SIGNS.issuperset(rules)
        for line in re.finditer(r"^(?=[^\W\d_]).*\n?", text, re.M):
            if block.compile_sc(rules).match(text, line.start()) is not None:
                assert text[line.end()] in _BELOW_HEADS


SIGNS = re.compile(r"\]:|::+|!!+|\?\?+|==+|\$\$|\\[\[b]|--+|\||\+[-=:]")
"""Matches what begins a block beyond CommonMark, more than there are."""


@given(TEXTS, DIALECTS)
@settings(max_examples=300)
def test_a_text_without_signs_needs_no_rule_for_them(text: str, dialect: str) -> None:
    text = SIGNS.sub(lambda found: found[0][0] + found[0][2:], text)
    few = parser_for(dialect, has_sign=has_sign(text))  # type: ignore[arg-type]
    every = parser_for(dialect)  # type: ignore[arg-type]
    assert few.parse_blocks(text, 1)[0] == every.parse_blocks(text, 1)[0]


@pytest.mark.parametrize(
    "text",
    [
        "[^1]: A note",
        "*[TeX]: A program",
        "[label]: address.html id=name",
        "[label]: a picture.png",
        "::: note",
        "!!! note",
        '=== "Tab"',
        "$$",
        "\\[\nx^2\n\\]",
        "\\begin{align}",
        "-- --\na  b\n-- --",
        "a  b\n-- --",
        "a|b\n-|-",
        "+-+\n| |",
        "| verse",
    ],
)
def test_each_block_beyond_commonmark_has_a_sign(text: str) -> None:
    assert has_sign(text)
    text = f"{text}\n"
    plain, every = parser_for("pandoc", has_sign=False), parser_for("pandoc")
    found = every.block.compile_sc().match(text)
    assert found is not None
    assert found.lastgroup not in plain.block.rules


@given(st.binary(max_size=200), DIALECTS)
def test_any_bytes_are_read_or_refused(data: bytes, dialect: str) -> None:
    from clothbound.errors import ReadError

    try:
        READER.read(data, MarkdownInput(dialect=dialect), Context())  # type: ignore[arg-type]
    except ReadError as error:
        assert error.source == "<bytes>"


@given(
    st.lists(st.from_regex(r"[a-z]{3,8}", fullmatch=True), max_size=12),
    st.lists(PIECES, min_size=12),
)
@settings(max_examples=300)
def test_no_word_is_lost(words: list[str], pieces: list[str]) -> None:
    # Between these pieces no word can be an address, an attribute, a comment or a label.
    unsafe = re.compile(r"[\[\](){}<>!:&|`]|http")
    glue = [f" {piece} " for piece in pieces if not unsafe.search(piece)]
    text = "".join(word + (glue[n % len(glue)] if glue else " ") for n, word in enumerate(words))
    body, footnotes, _ = parse_markdown(text)
    read = plain_text(Post(body=body, footnotes=footnotes)).split()
    assert [w for w in re.findall(r"[a-z]{3,}", " ".join(read)) if w in words] == words


@given(st.from_regex(r"[A-Za-z0-9]{1,12}", fullmatch=True), DIALECTS)
def test_a_word_alone_is_what_it_is_among_others(word: str, dialect: str) -> None:
    (alone,), _, _ = parse_markdown(f"## {word}", dialect)  # type: ignore[arg-type]
    (among,), _, _ = parse_markdown(f"## {word} *x*", dialect)  # type: ignore[arg-type]
    assert plain_text(alone) == word
    assert f"{plain_text(alone)} x" == plain_text(among)


@given(st.text(max_size=80))
def test_smart_punctuation_changes_marks_alone(text: str) -> None:
    smart = smarten(text, "", more=False)
    assert re.sub(r"[\W_]", "", smart) == re.sub(r"[\W_]", "", text)
    assert smarten(smart, "", more=False) == smart


@given(st.text(max_size=60))
def test_attributes_end_where_they_end(text: str) -> None:
    found = parse_attributes("{" + text)
    if found:
        assert ("{" + text)[found[1] - 1] == "}"


def test_every_escaped_character_has_a_stand_in_that_is_no_character() -> None:
    assert len(ESCAPED) == 32
    assert all(unescape(code) == char for char, code in ESCAPED.items())
    assert all(unicodedata.category(code) == "Cn" for code in ESCAPED.values())


LONG = {
    "bars below a paragraph": ("x\n", "| a\n", ""),
    "quotations": ("", "> a\n\n", ""),
    "shortcodes that are not closed": ("", "{% a\n", ""),
    "shortcodes with brackets that are not closed": ("", "{{< a\n", ""),
    "blanks in a heading": ("# a", "    ", "x"),
    "rules of a table": ("", "-- --\na  b\n", ""),
    "captions": ("", "Table: a\n\n", ""),
    "heads of a grid": ("", "+---+\n| a\n\n", ""),
    "boxes": ("", "!!! note\n\n    a\n\n", ""),
    "targets of links": ("", "](a b", ""),
    "brackets within targets": ("", "](a (b ", ""),
    "headings that are named": ("", "# a [a] [b]\n\n", ""),
    "attributes of pictures": ("", "](a width=1 ", ""),
    "lists of attributes": ("a\n", "{: .b\n", ""),
    "texts of HTML that do not end": ("", "{::nomarkdown}\na\n", ""),
}


LONG_MDX = {
    "tags": ("", "<A b={c} ", ""),
    "tags that nothing closes": ("", "<A>\n\na\n\n", ""),
    "tags that open none": ("", "</A>\n\na\n\n", ""),
    "elements within a paragraph": ("", "<A>a</A> ", ""),
    "braces": ("a", "{", ""),
    "comments": ("a", "{/*", ""),
    "templates": ("a", "{`${`", ""),
    "statements that nothing closes": ("a\n\n", "export const b = {\n\n", "a"),
}


@pytest.mark.parametrize(("before", "again", "after"), LONG_MDX.values(), ids=LONG_MDX)
def test_time_of_mdx_grows_with_the_length(before: str, again: str, after: str) -> None:
    count = 20_000
    text, script = take_statements(before + again * count + after)
    body, _, _ = parse_markdown(text, script=script)
    said = plain_text(Post(body=body))
    assert said.count("a") >= again.count("a") * count + before.count("a") + after.count("a")


@given(st.text("<>/{}`*\"'=$ aA\n\\", max_size=60))
def test_every_text_of_mdx_can_be_parsed(text: str) -> None:
    rest, script = take_statements(text)
    body, footnotes, findings = parse_markdown(rest, script=script)
    assert not any("could not be parsed" in message for _, message, _ in findings)
    assert list(problems(Post(body=body, footnotes=footnotes))) == []


@pytest.mark.parametrize(("before", "again", "after"), LONG.values(), ids=LONG)
def test_time_grows_with_the_length(before: str, again: str, after: str) -> None:
    """In quadratic time, each of these would take an hour; in linear time, all take seconds."""
    count = 30_000
    body, notes, _ = parse_markdown(before + again * count + after)
    said = plain_text(Post(body=body, footnotes=notes))
    assert said.count("a") >= again.count("a") * count
