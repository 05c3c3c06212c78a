"""HTML and, below each document, the tree that it is read as; and what holds for any HTML."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.diagnostics import DiagnosticCode
from clothbound.html.read.parse import Parsed, parse_fragment
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import problems, unique_ids
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.substack.components import type_nodes
from notation import write

CASES = Path(__file__).parent / "cases" / "html"


class Case(NamedTuple):
    name: str
    source: str
    expected: str


def read_cases(path: Path) -> list[Case]:
    """``%% name``, HTML, ``%%=>``, the tree; findings are lines after ``!``."""
    cases = []
    for part in re.split(r"^%% ", path.read_text("utf-8"), flags=re.M)[1:]:
        name, _, rest = part.partition("\n")
        source, _, expected = rest.partition("\n%%=>\n")
        cases.append(Case(f"{path.stem}: {name}", source, expected.strip("\n")))
    return cases


DOCUMENTS = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize("case", DOCUMENTS, ids=[case.name for case in DOCUMENTS])
def test_documents(case: Case) -> None:
    parsed = parse_fragment(case.source)
    told = [f"! {f.severity} {f.code}: {f.message} | {f.text}".strip() for f in parsed.findings]
    assert "\n".join(filter(None, [write(parsed.blocks), *told])) == case.expected
    assert not list(problems(Post(body=parsed.blocks)))


def words_of(html: str) -> Counter[str]:
    """The words that a browser shows, and those that it has for readers of another kind."""
    if not html.strip():
        return Counter()
    # The wrapper is not closed: an open textarea would take its end tag for words.
    tree = lxml.html.fromstring(f"<div>{html}")
    for element in list(tree.iter("script", "style", "input", "template", "title", "iframe")):
        element.drop_tree()
    return Counter(re.findall(r"\w", tree.text_content()))


def sound(parsed: Parsed) -> list[str]:
    return list(problems(unique_ids(Post(body=parsed.blocks))[0]))


_NAMES = st.sampled_from(
    """a abbr aside audio b blockquote br button caption center code col dd del details div dl dt em
    figcaption figure font form h1 h2 hr i iframe img input kbd li main mark math object ol p picture pre
    q rt ruby script section select source span strong style sub summary sup svg table tbody td
    textarea th thead title tr u ul unknown-one video""".split()
)
_ATTRIBUTES = st.sampled_from(
    [
        "",
        ' class="k l"',
        ' id="x"',
        ' href="u"',
        ' src="s.png"',
        " data-attrs='{}'",
        ' colspan="99999999999"',
        ' style="text-align:center"',
        ' type="checkbox"',
        " onclick=x()",
        ' start="-5"',
    ]
)
_PIECES = st.one_of(
    st.builds(lambda name, attrs: f"<{name}{attrs}>", _NAMES, _ATTRIBUTES),
    st.builds(lambda name: f"</{name}>", _NAMES),
    st.sampled_from([" ", "\n", "a", "b c", "&amp;", "&nbsp;", "<!-- c -->", "<", "漢"]),
)
TANGLES = st.lists(_PIECES, max_size=40).map("".join)


@given(st.text() | TANGLES, st.booleans())
def test_any_text_is_read_into_a_sound_tree(html: str, exact: bool) -> None:
    assert not sound(parse_fragment(html, exact=exact))


@given(TANGLES)
def test_no_word_is_lost(html: str) -> None:
    """Every word is in the tree or, where the element was left out, in a finding."""
    parsed = parse_fragment(html)
    attributes = [
        value
        for node in walk(parsed.blocks)
        if isinstance(node, i.Image | b.Embed)
        for value in (getattr(node, "alt", ""), getattr(node, "title", ""))
    ]
    told = [finding.text for finding in parsed.findings]
    have = Counter(re.findall(r"\w", " ".join([plain_text(parsed.blocks), *told, *attributes])))
    assert words_of(html) <= have


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000 + "<p>a <a href='u'>b</a></p>" + "</div>" * 5000 + "<p>c</p>",
        "<div class='k'>" * 5000 + "a b" + "</div>" * 5000 + "c",
        "<b>" * 3000 + "a b" + "<p>c",
        "<ul><li>" * 2000 + "a b c",
        "<table><tr><td>" * 2000 + "a b c",
        "<blockquote>" * 3000 + "a" + "</blockquote>" * 3000 + "<p>b c",
        "<span class='k'>" * 3000 + "<p>a</p>" * 300 + "b c",
    ],
    ids=["div", "div-class", "b", "ul", "table", "blockquote", "span"],
)
def test_deep_nesting_gives_way_to_its_content(html: str) -> None:
    parsed = parse_fragment(html)
    assert not sound(parsed)
    assert set("abc") <= set(plain_text(parsed.blocks))


def test_what_was_flattened_is_told_once() -> None:
    parsed = parse_fragment("<div class='k'>" * 500 + "a")
    assert [f.code for f in parsed.findings] == [DiagnosticCode.MARKUP_REPAIRED]


def test_lines_are_those_that_are_known() -> None:
    parsed = parse_fragment("<p>a</p><script>b</script><p>c</p>", line=7, source="p.md")
    assert [node.line for node in parsed.blocks] == [7, 7]
    assert [(f.line, f.source) for f in parsed.findings] == [(7, "p.md")]
    parsed = parse_fragment("<p>a</p>\n<p>b</p>", line=7)
    assert [node.line for node in parsed.blocks] == [7, 0]


def test_exact_keeps_spaces_and_empty_paragraphs() -> None:
    parsed = parse_fragment("<p>a  b </p><p></p><p> </p>", exact=True)
    assert [plain_text(node) for node in parsed.blocks] == ["a  b", "", ""]
    assert parsed.blocks[0] == b.Paragraph((i.Text("a  b "),))
    assert parse_fragment("<p>a  b </p><p></p><p> </p>").blocks == (b.Paragraph((i.Text("a b"),)),)


@pytest.mark.corpus
def test_the_posts_of_a_real_export_have_all_their_words(shared: Path) -> None:
    folder = shared / "corpus" / "substack-export" / "inturious" / "posts"
    posts = sorted(folder.glob("*.html"))
    assert len(posts) == 42
    for path in posts:
        html = path.read_text("utf-8")
        parsed = parse_fragment(html, exact=True)
        assert not sound(parsed), path.name
        assert not parsed.findings, path.name
        assert words_of(html) == Counter(re.findall(r"\w", plain_text(parsed.blocks))), path.name


@pytest.mark.corpus
def test_the_vocabulary_types_what_a_real_export_holds(shared: Path) -> None:
    folder = shared / "corpus" / "substack-export" / "inturious" / "posts"
    kinds: Counter[str] = Counter()
    for path in folder.glob("*.html"):
        parsed = parse_fragment(path.read_text("utf-8"), exact=True)
        typed = type_nodes(unique_ids(Post(body=parsed.blocks))[0].body)
        kinds.update(type(node).__name__ for node in walk(typed.body))
        kinds["Footnote"] += len(typed.footnotes)
    for kind, count in {
        "Figure": 99,
        "SubscribeForm": 24,
        "Embed": 7,
        "Footnote": 4,
        "NoteRef": 4,
    }.items():
        assert kinds[kind] >= count, (kind, kinds)
    assert kinds["PullQuote"] == 16


@pytest.mark.corpus
def test_hostile_html_is_read(shared: Path) -> None:
    paths = [
        *(shared / "hostile" / "nesting").glob("html*"),
        *(shared / "hostile" / "bleach-xss").glob("*.test"),
        shared / "hostile" / "markdown-xss" / "Markdown-XSS-Payloads.txt",
        shared / "hostile" / "blns" / "blns.txt",
    ]
    assert len(paths) > 10
    for path in paths:
        assert not sound(parse_fragment(path.read_text("utf-8", "replace"))), path.name


@pytest.mark.parametrize("before", ["", "<!-- alone -->", "<p><b>open", "<p>\ud800", "\x00<tr>"])
def test_a_text_is_read_alike_whatever_was_read_before(before: str) -> None:
    text = "<p>One <i>and</i><table><tr><td>two"
    alone = parse_fragment(text)
    with suppress(UnicodeEncodeError):
        parse_fragment(before)
    assert parse_fragment(text) == alone


def test_threads_read_each_their_own_text() -> None:
    texts = [f"<p>{n} <b>{n * n}</b><ul><li>{n}" for n in range(40)]
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(parse_fragment, texts))
    assert read == [parse_fragment(text) for text in texts]


def test_an_item_keeps_the_number_that_it_names() -> None:
    def lists(html: str) -> list[tuple[int, list[str]]]:
        blocks = parse_fragment(html).blocks
        assert all(isinstance(block, b.List) for block in blocks)
        return [(n.start, [plain_text(x) for x in n.items]) for n in blocks if type(n) is b.List]

    named = "<ol><li>one<li value=7>seven<li>eight<li value='9'>nine<li value=2>two</ol>"
    assert lists(named) == [(1, ["one"]), (7, ["seven", "eight", "nine"]), (2, ["two"])]
    assert lists("<ol start=3><li value=4>four<li>five</ol>") == [(4, ["four", "five"])]
    assert lists("<ul><li>a<li value=7>b</ul>") == [(1, ["a", "b"])]
