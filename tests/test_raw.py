"""Tests HTML in Markdown: pieces are joined, tags paired, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.diagnostics import DiagnosticCode
from clothbound.html.read.raw_html import Resolved, resolve_raw
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import problems, unique_ids
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.readers.markdown.text_nodes import parse_markdown
from notation import write

T = i.Text


def tag(text: str) -> i.RawInline:
    return i.RawInline("html", text)


def html(text: str, line: int = 0) -> b.RawBlock:
    return b.RawBlock("html", text, line=line)


def p(*children: i.Inline, line: int = 0) -> b.Paragraph:
    return b.Paragraph(children, line=line)


def told(resolved: Resolved) -> list[tuple[DiagnosticCode, str]]:
    return [(finding.code, finding.text) for finding in resolved.findings]


PARAGRAPHS = {
    "tags become nodes": (
        p(T("a"), tag("<sup>"), T("2"), tag("</sup>"), T(" b"), tag("<br />"), T("c")),
        '- Paragraph\n  "a" Superscript("2") " b" LineBreak() "c"',
    ),
    "attributes are unescaped": (
        p(tag("<a href=\"u?a=1&amp;b=2\" title='T'>"), T("a"), tag("</a >")),
        '- Paragraph\n  Link("a" href="u?a=1&b=2" title="T")',
    ),
    "Markdown within HTML": (
        p(tag("<u>"), T("a "), i.Strong((T("b"),)), tag("</u>"), T("c")),
        '- Paragraph\n  Underline("a " Strong("b")) "c"',
    ),
    "HTML within Markdown": (
        p(i.Link((T("a "), tag("<kbd>"), T("b"), tag("</kbd>")), "u", "T")),
        '- Paragraph\n  Link("a " Code(text="b" .kbd) href="u" title="T")',
    ),
    "what opens in Markdown ends with it": (
        p(i.Emphasis((tag("<b>"), T("a"))), T("b"), tag("</b>"), T("c")),
        '- Paragraph\n  Emphasis(Strong("a")) "bc"',
    ),
    "overlapping tags": (
        p(tag("<b>"), T("a"), tag("<i>"), T("b"), tag("</b>"), T("c"), tag("</i>")),
        '- Paragraph\n  Strong("a" Emphasis("b")) "c"',
    ),
    "what ends nothing vanishes, what never ends is ended": (
        p(tag("</b>"), T("a"), tag("<i>"), T("b")),
        '- Paragraph\n  "a" Emphasis("b")',
    ),
    "anchors": (
        p(tag('<a name="x">'), tag("</a>"), T("a"), tag('<a id="y"/>'), T("b")),
        '- Paragraph\n  Span(#x) "a" Span(#y) "b"',
    ),
    "comments vanish": (p(T("a"), tag("<!-- c -->"), T("b")), '- Paragraph\n  "ab"'),
    "elements that take no part": (
        p(tag("<nobr>"), T("a"), tag("</nobr>"), tag("<x-y>"), T("b"), tag("</x-y>")),
        '- Paragraph\n  "ab"',
    ),
    "angle brackets that are meant": (
        p(T("Vec"), tag("<T>"), T(" and "), tag("<String>")),
        '- Paragraph\n  "Vec<T> and <String>"',
    ),
    "blocks within a paragraph": (
        p(T("a"), tag('<iframe src="https://youtu.be/b">'), tag("</iframe>"), T("c")),
        '- Paragraph\n  "a"\n'
        '- Embed kind="video" href="https://youtu.be/b" provider="YouTube"\n'
        '- Paragraph\n  "c"',
    ),
    "a picture that stands alone": (
        p(tag('<img src="a.png" alt="A" width=20>')),
        '- Figure Image(src="a.png" alt="A") width=20',
    ),
    "several tags in one piece": (
        p(T("a "), tag("<b>b</b> <!-- c --><i>d</i>"), T(" e")),
        '- Paragraph\n  "a " Strong("b") " " Emphasis("d") " e"',
    ),
    "a paragraph of a comment": (p(tag("<!-- a -->")), ""),
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_paragraphs(name: str) -> None:
    paragraph, expected = PARAGRAPHS[name]
    assert write(resolve_raw((paragraph,)).blocks) == expected


PIECES = {
    "what opens in one piece ends in another": (
        (html("<details>\n<summary>S</summary>"), p(T("a")), b.ThematicBreak(), html("</details>")),
        '- Callout kind="details"\n  - Paragraph\n    "a"\n  - ThematicBreak\n  title: "S"',
    ),
    "centred Markdown": (
        (html('<div align="center">'), p(T("a")), html("</div>"), p(T("b"))),
        '- Group .align-center\n  - Paragraph\n    "a"\n- Paragraph\n  "b"',
    ),
    "a paragraph round Markdown": (
        (html('<p align="center">'), p(T("a")), html("</p>")),
        '- Paragraph .align-center\n  "a"',
    ),
    "Markdown in the cells of a table": (
        (
            html("<table>\n<tr>\n<td>"),
            p(i.Emphasis((T("a"),))),
            html("</td>\n<td>"),
            b.CodeBlock("b"),
            html("</td>\n</tr>\n</table>"),
        ),
        '- Table\n  rows: Emphasis("a") | Code(text="b")',
    ),
    "items in a list": (
        (html("<ul><li>"), p(T("a")), html("</li></ul>")),
        '- List\n  - ListItem\n    - Paragraph\n      "a"',
    ),
    "rules in wrappers": (
        (html("<div>\n<hr>\n</div>"), html("<div>", 3), b.ThematicBreak(line=5), html("</div>", 7)),
        "- ThematicBreak\n5 ThematicBreak",
    ),
    "comments": (
        (p(T("a")), html("<!-- more -->"), p(T("b"))),
        '- Paragraph\n  "a"\n- Paragraph\n  "b"',
    ),
    "nothing closes what is open": (
        (html('<div class="k">'), p(T("a"))),
        '- Group .k\n- Paragraph\n  "a"',
    ),
    "an element that reads no HTML takes no Markdown": (
        (html("<title>"), p(T("a")), html("b")),
        '- Paragraph\n  "a"\n- Paragraph\n  "b"',
    ),
    "a text that holds our marker": (
        (html('<div class="k">'), p(T("a")), html('<markdown-block n="1">b</div>')),
        '- Group .k\n  - Paragraph\n    "a"\n  - Paragraph\n    "b"',
    ),
    "other formats are left alone": (
        (b.RawBlock("latex", "\\a"), html("<b>a</b>")),
        '- RawBlock format="latex" text="\\\\a"\n- Paragraph\n  Strong("a")',
    ),
}


@pytest.mark.parametrize("name", PIECES)
def test_pieces(name: str) -> None:
    blocks, expected = PIECES[name]
    assert write(resolve_raw(blocks).blocks) == expected


def test_inlines_in_every_place() -> None:
    raw = (T("a"), tag("<br>"), T("b"))
    new = (T("a"), i.LineBreak(), T("b"))

    def tree(inlines: tuple[i.Inline, ...]) -> tuple[b.Block, ...]:
        cell = b.Cell(inlines)
        return (
            b.Heading(inlines, 2),
            b.Table(((cell,),), ((cell,),), (), inlines),
            b.Figure(i.Image("a.png"), inlines),
            b.DefinitionList((b.DefinitionItem(inlines, ((p(*inlines),),)),)),
            b.List((b.ListItem((p(*inlines), b.Quote((p(*inlines),)))),)),
            b.Callout((p(*inlines),), inlines),
            b.Verse(inlines),
        )

    assert resolve_raw(tree(raw)).blocks == tree(new)


def test_what_runs_is_left_out_and_told() -> None:
    resolved = resolve_raw(
        (p(tag("<script>"), T("alert(1)"), tag("</script>"), T("a")), html("<style>b</style>"))
    )
    assert plain_text(resolved.blocks) == "a"
    assert told(resolved) == [
        (DiagnosticCode.RAW_DROPPED, "alert(1)"),
        (DiagnosticCode.RAW_DROPPED, "b"),
    ]


def test_a_script_tag_in_prose_does_not_take_the_sentence_with_it() -> None:
    resolved = resolve_raw((p(T("The "), tag("<script>"), T(" element")),))
    assert plain_text(resolved.blocks) == "The  element"
    assert told(resolved) == [(DiagnosticCode.RAW_DROPPED, "<script>")]


def test_lines_follow_the_pieces() -> None:
    resolved = resolve_raw(
        (
            html('<div class="k">', 3),
            p(T("a"), line=5),
            html("<p>b</p></div>", 7),
            html("<p>c</p>\n<p>d</p>", 9),
        )
    )
    assert [(type(n).__name__, n.line) for n in walk(resolved.blocks) if n.line] == [
        ("Group", 3),
        ("Paragraph", 5),
        ("Paragraph", 7),
        ("Paragraph", 9),
    ]
    found = resolve_raw((p(T("a")), html("<script>b</script>", 4)), source="p.md").findings
    assert [(f.source, f.line) for f in found] == [("p.md", 4)]


def test_a_post_without_raw_html_comes_back_as_it_is() -> None:
    blocks = (p(T("a")), b.Quote((p(i.RawInline("latex", "x")),)))
    resolved = resolve_raw(blocks)
    assert resolved.blocks is blocks and not resolved.findings


def test_simple_tags_need_no_parser() -> None:
    script = (
        "import sys\n"
        "from clothbound.html.read.raw_html import resolve_raw\n"
        "from clothbound.model.blocks import *\n"
        "from clothbound.model.inlines import *\n"
        "R = lambda text: RawInline('html', text)\n"
        "resolve_raw((Paragraph((Text('a'), R('<br>'), R('<sup class=k>'), Text('2'), R('</sup>'))),\n"
        "  RawBlock('html', '<div>'), ThematicBreak(), RawBlock('html', '</div>'),\n"
        "  RawBlock('html', '<!-- more -->')))\n"
        "print(sorted({'bs4', 'lxml', 'nh3'} & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


_INLINE = st.recursive(
    st.one_of(
        st.sampled_from("abcdefg").map(T),
        st.sampled_from(
            """<b> </b> <i> </i> <a\x20href=u> </a> <a\x20name=x> <br> <p> </p> <div\x20class=k> </div>
            <script> </script> <td> <table> </table> <ul> <li> </ul> <!--c--> <T> <img\x20src=s> <svg>
            </svg> <iframe\x20src=u> </iframe> <title> <details> <pre> </pre> <code> </code>""".split(
                " "
            )
        ).map(lambda text: tag(text.replace("\x20", " ").strip())),
        st.just(i.Code("h")),
    ),
    lambda inner: st.builds(
        lambda kind, children: kind(tuple(children)),
        st.sampled_from([i.Emphasis, i.Strong, i.Span]),
        st.lists(inner, min_size=1, max_size=5),
    ),
    max_leaves=12,
)
_BLOCK = st.one_of(
    st.builds(lambda children: p(*children), st.lists(_INLINE, min_size=1, max_size=8)),
    st.sampled_from(
        ["<div class='k'>", "</div>", "<table><tr><td>", "</td></tr></table>", "<details>", "<b>x",
         "</details>", "<ul><li>", "</ul>", "<pre>", "<title>", "<script>y", "<!-- z", "<p id=q>"]
    ).map(html),
    st.just(b.ThematicBreak()),
    st.just(b.List((b.ListItem((p(T("i")), html("<hr>"))),))),
)  # fmt: skip


@given(st.lists(_BLOCK, max_size=8).map(tuple))
def test_any_pieces_make_a_sound_tree_without_raw_html(blocks: tuple[b.Block, ...]) -> None:
    resolved = resolve_raw(blocks)
    assert not any(isinstance(node, b.RawBlock | i.RawInline) for node in walk(resolved.blocks))
    post = Post(body=resolved.blocks)
    assert not [x for x in problems(unique_ids(post)[0]) if "Text" not in x]


@given(st.lists(_BLOCK, max_size=8).map(tuple))
def test_every_word_of_the_markdown_is_there_or_told(blocks: tuple[b.Block, ...]) -> None:
    resolved = resolve_raw(blocks)
    have = " ".join([plain_text(resolved.blocks), *(f.text for f in resolved.findings)])
    for node in walk(blocks):
        if isinstance(node, T | i.Code):
            assert node.text in have


@pytest.mark.parametrize(
    "text",
    [
        "<b>" * 3000 + "a" + "</i>" * 3000,
        "<div>" * 3000 + "a",
        "<details>\n\n" * 300 + "a",
        "- <div>\n\n  " * 90 + "a",
        "a <span class='" + " " * 20000,
        "<p " + "a=b " * 5000 + ">a",
    ],
    ids=["inline", "block", "pieces", "items", "spaces", "attributes"],
)
def test_hostile_markdown(text: str) -> None:
    resolved = resolve_raw(parse_markdown(text)[0])
    assert "a" in plain_text(resolved.blocks)
    assert not list(problems(unique_ids(Post(body=resolved.blocks))[0]))


@pytest.mark.corpus
def test_the_html_of_real_posts_is_resolved(shared: Path) -> None:
    paths = sorted((shared / "corpus" / "blogs").rglob("*.md"))
    seen = 0
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if "<" not in text or len(text) > 200_000:
            continue
        body = parse_markdown(text)[0]
        resolved = resolve_raw(body)
        seen += resolved.blocks is not body
        left = [n for n in walk(resolved.blocks) if isinstance(n, b.RawBlock | i.RawInline)]
        assert all(node.format != "html" for node in left), path
        bad = list(problems(unique_ids(Post(body=resolved.blocks))[0]))
        assert not [x for x in bad if not x.startswith("note mark")], (path, bad[:3])
        if seen >= 60:
            break
    assert seen
