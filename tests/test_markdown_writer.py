"""The Markdown writer: what it writes is read back as the same tree."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from clothbound import api
from clothbound.context import Context
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import canonical_inlines
from clothbound.model.node import Origin
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post, Timestamp
from clothbound.model.publication import Publication
from clothbound.model.walk import walk
from clothbound.readers.markdown import READER
from clothbound.readers.markdown.options import MarkdownInput
from clothbound.readers.markdown.text_nodes import parse_markdown
from clothbound.writers.markdown import Markdown, front_matter
from clothbound.writers.markdown.blocks import body_markdown
from markdown_texts import TEXTS
from pandoc_words import pandoc_text
from sample_nodes import paragraph
from sampled_posts import sampled
from substack_cases import DOCUMENTS, read_case


def written(post: Post) -> str:
    return body_markdown(post, lambda *_: None)


def read(text: str) -> Post:
    return READER.read(text.encode(), MarkdownInput(), Context())[0]


def read_raw(text: str) -> Post:
    """HTML stands in the tree as it is written."""
    body, notes, _ = parse_markdown(text)
    return Post(Metadata(), body, notes)


def text_of(*blocks: b.Block, notes: tuple[Footnote, ...] = ()) -> str:
    return written(Post(Metadata(), blocks, notes))


def item(*blocks: b.Block) -> b.ListItem:
    return b.ListItem(blocks)


@pytest.mark.parametrize("kind", [i.Strong, i.Emphasis, i.Strikethrough, i.Superscript])
def test_spaces_at_the_edges_of_marks_move_out_of_them(kind: type[i.Strong]) -> None:
    mark = {i.Strong: "**", i.Emphasis: "*", i.Strikethrough: "~~", i.Superscript: "^"}[kind]
    assert text_of(paragraph(kind((i.Text("Q "),)), "why?")) == f"{mark}Q{mark} why?\n"
    assert text_of(paragraph("a", kind((i.Text(" b"),)), "c")).startswith("a ")
    assert text_of(paragraph("a", kind((i.Text(" "),)), "c")) == "a c\n"
    nested = i.Strong((i.Text("x"), kind((i.Text("y "),))))
    assert not re.search(r"\s(?:\*|~|\^|</)", text_of(paragraph(nested, "z")))


@pytest.mark.parametrize("name", ["style", "class", "lang", "dir"])
def test_attributes_that_say_nothing_make_no_html(name: str) -> None:
    children = (i.Text("a"),)
    empty = ((name, " "),)
    blocks = (
        b.Paragraph((i.Strong(children, attributes=empty),), attributes=empty),
        b.Quote((paragraph("b"),), attributes=empty),
        b.List((b.ListItem((paragraph("c"),), attributes=empty),), attributes=empty),
    )
    assert text_of(*blocks) == "**a**\n\n> b\n\n-   c\n"
    assert "<p" in text_of(b.Paragraph(children, attributes=((name, "x"),)))


@given(TEXTS)
@example("| <br>")
@settings(max_examples=800, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_text_is_written_so_that_its_tree_comes_back(text: str) -> None:
    first = read_raw(text)
    # Display mathematics inside a line has no Markdown of its own: it is cut out where it can be.
    assume(not any(isinstance(n, i.Math) and "display" in n.classes for n in walk(first)))
    # Tabs at the end of raw HTML in a definition are spaces when they are read again.
    assume("\t" not in text)
    # Comments keep blocks apart and leave no trace in the tree that could be written again.
    assume("<!--" not in text)
    again = read_raw(written(first))
    assert (again.body, again.footnotes) == (first.body, first.footnotes)


LINES = st.lists(
    st.one_of(
        st.sampled_from(("a", "b c", "|", "---", ": d", "-", "x\x01\ufdd0", " ", "*", "1.")).map(
            i.Text
        ),
        st.just(i.LineBreak()),
        st.builds(
            lambda kind, text: kind((i.LineBreak(), i.Text(text))),
            st.sampled_from((i.Strong, i.Emphasis, i.Strikethrough)),
            st.sampled_from(("x", "y z")),
        ),
    ),
    max_size=5,
).map(canonical_inlines)
PARAGRAPHS = LINES.map(b.Paragraph)
DEFINITIONS = st.lists(
    st.builds(lambda term, told: b.DefinitionItem(term, ((told,),)), LINES, PARAGRAPHS),
    min_size=1,
    max_size=2,
).map(lambda items: b.DefinitionList(tuple(items)))


@given(st.lists(st.one_of(PARAGRAPHS, DEFINITIONS, LINES.map(b.Verse)), max_size=4).map(tuple))
@settings(max_examples=400, derandomize=True)
def test_lines_and_terms_without_words_come_back(body: tuple[b.Block, ...]) -> None:
    """Blank edges go when a tree is read; all else stays, and kinds and words from the beginning."""
    first = read_raw(written(Post(body=body)))
    assert read_raw(written(first)).body == first.body
    assert words(first) == words(Post(body=body))
    assert kinds(first.body) == kinds(body)


@pytest.mark.parametrize(
    "html",
    [
        '<p class="k"><a href="u"><img src="a.png" alt="A"></a></p>',
        '<pre class="text"><em>b</em>\nc</pre>',
        '<dl class="k"><dt>a</dt><dd>b</dd><dt>c</dt></dl>',
        "<dl><dt>a</dt></dl>",
        '<dl id="i"><dd></dd><dd><p>a</p><ul><li>b</li></ul></dd></dl>',
        '<ul><li><p></p><hr class="r"><ul><li>b</li></ul></li></ul>',
        "<video src='4\"'></video>",
        "<figure><video src='4\"'></video><figcaption>a</figcaption></figure>",
        '<p><a class="footnote-anchor" href="#a">*</a></p>',
        '<p><a href="a" :on="">b</a></p>',
        '<div :on="">b</div>',
        '<p><a class="footnote-anchor" href="#footnote-a">*</a></p>',
        '<div class="callout-" data-callout="true"><p>a</p></div>',
        "<figure><audio src='a b.mp3'></audio><figcaption><a href='b'>b</a></figcaption></figure>",
    ],
)
def test_html_comes_back_by_way_of_markdown(html: str) -> None:
    post = api.read(html.encode(), "html")[0]
    assert read(written(post)).body == post.body


@pytest.mark.parametrize("around", ["{}", '<div class="preformatted-block">{}</div>'])
def test_a_verse_whose_lines_end_in_blanks_keeps_its_links(around: str) -> None:
    html = around.format(
        '<pre class="text">A <em>rope</em>  \n<a href="https://e.example/">b</a> \n\n c</pre>'
    )
    post = api.read(html.encode(), "html")[0]
    again = read(written(post))
    assert plain_text(again).split() == ["A", "rope", "b", "c"]
    kinds = [type(node).__name__ for node in walk(again)]
    assert {"Verse", "Emphasis", "Link"} <= set(kinds)
    assert read(written(again)).body == again.body


@pytest.mark.parametrize(
    "after", ["<video src='v.mp4'></video>", "<p>a</p>", "<ul><li>a</li></ul>"]
)
def test_what_follows_a_caption_in_a_list_is_no_part_of_it(after: str) -> None:
    """The list gets blank lines, and is no longer tight."""
    table = "<table><caption>Table</caption><tr><td>b</td><td>c</td></tr></table>"
    (made,) = api.read(f"<ul><li>{table}{after}</li></ul>".encode(), "html")[0].body
    (again,) = read(written(Post(body=(made,)))).body
    assert isinstance(made, b.List)
    assert isinstance(again, b.List)
    assert again.items == made.items


@pytest.mark.parametrize("item", ["<li>", '<li class="k">'])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "a",
        "<p class='k'>a</p>",
        "<div c='c'>a</div>",
        "<pre>a</pre>",
        "<h2>a</h2>b",
        "<ul><li>a</li></ul>",
        "<ol start='3'><li>a</li></ol>",
        "<table><tr><td>b</td><td>c</td></tr></table>",
        "<hr>",
        "<dl><dt>a</dt><dd>b</dd></dl>",
        "<blockquote>a</blockquote>",
        "<img src='a'>",
        "<figure><img src='a'><figcaption>b</figcaption></figure>",
        "<video src='a'></video>",
    ],
)
def test_a_task_is_read_back_whatever_it_begins_with(item: str, content: str) -> None:
    html = f"<ul>{item}<input type='checkbox' checked>{content}</li></ul>"
    (tasks,) = api.read(html.encode(), "html")[0].body
    (again,) = read(written(Post(body=(tasks,)))).body
    assert isinstance(tasks, b.List)
    assert isinstance(again, b.List)
    assert again.items == tasks.items


@pytest.mark.parametrize(
    ("html", "markdown_says"),
    [
        ("<p>a<b> b </b>c</p>", "<p>a <b>b</b> c</p>"),
        (
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></table>",
        ),
        ("<p><br>a</p>", "<p>a</p>"),
        ('<pre class="text">a</pre>', '<pre><code class="language-text">a</code></pre>'),
        ("<ul><li><div>a</div><div>b</div></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
    ],
)
def test_what_markdown_writes_otherwise(html: str, markdown_says: str) -> None:
    """The rows of the table in docs/explanation/loss.md."""
    first, second = (api.read(text.encode(), "html")[0] for text in (html, markdown_says))
    assert first.body != second.body
    assert read(written(first)).body == second.body


def test_a_carriage_return_in_a_title_ends_no_line() -> None:
    title = i.Link((i.Text("a"),), "b", "c\r1. d\r\n# e")
    assert read(text_of(paragraph(title))).body == (
        paragraph(msgspec.structs.replace(title, title="c 1. d # e")),
    )


def words(post: Post) -> list[str]:
    return re.sub("[\x01\ufdd0]", "", plain_text(post)).split()


def kinds(body: tuple[b.Block, ...]) -> list[type]:
    """The kinds of blocks that say something, lists that follow each other as one."""
    found = [type(block) for block in body if words(Post(body=(block,)))]
    return [
        kind for n, kind in enumerate(found) if kind is b.Paragraph or found[n - 1 : n] != [kind]
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_components_come_back(path: Path) -> None:
    post, _ = read_case(path)
    again = read(written(post))
    assert again.body == post.body
    assert again.footnotes == post.footnotes


TREES = {
    "smart punctuation that was none": paragraph("\"a\" 'b' -- c --- d ... e ...."),
    "delimiters": paragraph(r"*a* _b_ `c` ~d~ ^e^ $f$ [g](h) ![i] <b> &amp; \n {.k} snake_case _x"),
    "block markers": paragraph("# no heading"),
    "a number": paragraph("1. no list"),
    "a bar": paragraph("| no | table"),
    "verse whose second line is empty": b.Verse(
        (i.Text("a"), i.LineBreak(), i.LineBreak(), i.Text("b"))
    ),
    "a term without words": b.DefinitionList((b.DefinitionItem((), ((paragraph("d"),),)),)),
    "a break at the beginning of what is strong": paragraph(i.Strong((i.LineBreak(), i.Text("x")))),
    "a caption": paragraph("Table: none"),
    "a colon": paragraph(": no definition"),
    "a letter that counts for Pandoc": paragraph("a) no", i.LineBreak(), "(iv) list"),
    "an example's number": paragraph("(@) a (@b) -@c", i.LineBreak(), "#) d"),
    "a break in a link": paragraph(i.Link((i.Text("a"), i.LineBreak()), "b"), "c"),
    "money": paragraph("$5 and $6"),
    "markers after a break": paragraph("a", i.LineBreak(), "- b", i.LineBreak(), "> c"),
    "emphasis in a word": paragraph("un", i.Emphasis((i.Text("frigging"),)), "believable"),
    "emphasis on punctuation": paragraph("a", i.Strong((i.Text("“b”"),)), "c"),
    "emphasis in emphasis": paragraph(i.Emphasis((i.Strong((i.Text("a"),)), i.Text(" b")))),
    "emphasis side by side": paragraph(i.Emphasis((i.Text("a"),)), i.Strong((i.Text("b"),))),
    "scripts": paragraph("H", i.Subscript((i.Text("2"),)), "O", i.Superscript((i.Text("a b"),))),
    "emphasis after a full stop": paragraph("a.", i.Emphasis((i.Strong((i.Text("b"),)),))),
    "marks of other kinds": paragraph(
        i.Underline((i.Text("u"),)), i.Highlight((i.Text("h"),)), i.Strikethrough((i.Text("~"),))
    ),
    "code": paragraph(i.Code("a ` b"), i.Code("``"), i.Code(" c "), i.Code("d|e")),
    "code with attributes": paragraph(i.Code("x", classes=("py",)), "{y}"),
    "links": paragraph(
        i.Link((i.Text("a]"),), "https://a.example/(b)%20c"),
        i.Link((i.Text("https://a.example"),), "https://a.example"),
        i.Link((), "#x", 'A "title"'),
        i.Link((i.Text("t"),), "a", id="i", classes=("c",), attributes=(("k", 'v"\\'),)),
    ),
    "pictures": paragraph("a ", i.Image("b%20c.png", "d [e]", "f"), " g"),
    "spans": paragraph(i.Span((i.Text("a"),), attributes=(("lang", "fr"),)), "(b)"),
    "raw inline": paragraph("a", i.RawInline("tex", r"\em")),
    "mathematics": paragraph(i.Math(r"a_b^{c}"), "1", i.Math("d"), i.Math(" e ")),
    "mention": paragraph("by ", i.Mention((i.Text("Ann"),), "https://a.example/ann")),
    "a heading with everything": b.Heading(
        (i.Text("a {b} "), i.Code("c"), i.Text(" #")), 3, id="d", classes=("e",)
    ),
    "tight list": b.List((item(paragraph("a"), b.List((item(paragraph("b")),))), item())),
    "loose list": b.List((item(paragraph("a")), item(paragraph("b"))), tight=False),
    "loose list of one": b.List((item(paragraph("a")),), tight=False),
    "numbered from nine": b.List(
        (item(paragraph("a"), paragraph("b")), item(paragraph("c"))), True, 9, False
    ),
    "tasks": b.List((b.ListItem((paragraph("a"),), True), b.ListItem((paragraph("b"),), False))),
    "quote in quote": b.Quote((b.Quote((paragraph("a"),)), paragraph("b"))),
    "code block": b.CodeBlock("```\n::: x\n~~~~", "c++"),
    "code with colons in its first line": b.CodeBlock(":::python\nprint(1)"),
    "code block with attributes": b.CodeBlock("a", "r", id="b", attributes=(("echo", "no"),)),
    "mathematics set apart": b.MathBlock("a\\\\\nb"),
    "mathematics with a blank line": b.MathBlock("a\n\nb"),
    "verse": b.Verse(
        (i.Text("a"), i.LineBreak(), i.Text("    b "), i.Emphasis((i.Text("c"),)), i.LineBreak())
    ),
    "verse like a table": b.Verse((i.Text("a"), i.LineBreak(), i.Text("---"))),
    "definitions": b.DefinitionList(
        (b.DefinitionItem((i.Text("a"),), ((paragraph("b"), b.CodeBlock("c")), (paragraph("d"),))),)
    ),
    "table": b.Table(
        ((b.Cell((i.Text("a|b"),)), b.Cell()),),
        ((b.Cell((i.Code("c|d"),)), b.Cell((i.Text("e"), i.LineBreak(), i.Text("f")))),),
        ("left", "center"),
        (i.Text("g"),),
    ),
    "table without head": b.Table((), ((b.Cell((i.Text("a"),)), b.Cell((i.Text("\xa0"),))),)),
    "figure": b.Figure(i.Image("a.png", "alt"), (i.Emphasis((i.Text("caption"),)),)),
    "figure without caption": b.Figure(i.Image("a.png", "A “b”"), href="https://a.example"),
    "figure without alt": b.Figure(i.Image("a.png"), (i.Text("caption"),)),
    "figure whose caption has lines that are no list": b.Figure(
        i.Image("a.png", "alt"),
        (i.Text("A"), i.LineBreak(), i.Text("1. b"), i.LineBreak(), i.Text("# c")),
    ),
    "figure whose picture has an id and attributes": b.Figure(
        i.Image("a.png", id="i", attributes=(("k", "v"),)), (i.Text("b"),)
    ),
    "figure with size": b.Figure(i.Image("a.png", "b"), width=100, height=50),
    "figure with a name": b.Figure(i.Image("a.png", "b"), (i.Text("c"),), id="d", classes=("e",)),
    "gallery": b.Gallery((b.Figure(i.Image("a.png")),), (i.Text("b"),)),
    "callout": b.Callout((paragraph("a"),), (i.Text("b "), i.Code("c")), "note"),
    "callout of our own": b.Callout((b.Heading((i.Text("a"),)),), (), "odd kind"),
    "pull quote": b.PullQuote((paragraph("a"), paragraph("b"))),
    "conditional": b.Conditional((paragraph("a"),), ("non_sub", "free_sub")),
    "button": b.Button("Go [on]", "https://a.example/subscribe?", "subscribe"),
    "button that does something": b.Button("Go", "https://a.example", "odd"),
    "form": b.SubscribeForm("# Please", "Yes"),
    "paywall": b.PaywallBreak(),
    "video": b.Embed("video", "https://www.youtube.com/watch?v=abcde", "YouTube", "T", "x\ny & z"),
    "unknown embed": b.Embed("map", "https://a.example", title='"T"', text="a\n\nb"),
    "media": b.Media("audio", "a.mp3", "p.png", (i.Text("b"),), 1.5),
    "native media": b.Media("video", "https://api.substack.com/api/v1/video/upload/a-b/src"),
    "file": b.FileDownload("a.pdf", "A", "1 KB"),
    "poll": b.Poll("Which?", ("a", "b")),
    "recipe": b.Recipe("Paste", ("flour", "water"), ("stir",)),
    "raw block of another format": b.RawBlock("latex", "\\clearpage"),
    "marked paragraph": b.Paragraph((i.Text("a "), i.Code("b")), id="c", classes=("d",)),
    "marked quote": b.Quote((paragraph("a"), paragraph("b")), attributes=(("lang", "fr"),)),
    "marked list": b.List((b.ListItem((paragraph("a"),), id="b"), item(paragraph("c"))), True, 3),
    "marked words": paragraph(
        i.Strong((i.Text("a"),), id="b"), i.Strikethrough((i.Text("c"),), classes=("d",))
    ),
    "marked rule": b.ThematicBreak(classes=("a",)),
    "table with joined cells": b.Table(
        ((b.Cell((i.Text("a"),), colspan=2),),),
        ((b.Cell((i.Emphasis((i.Text("b"),)),)), b.Cell((i.Text("c"),))),),
    ),
    "group": b.Group((b.Group((paragraph("a"),), classes=("b",)),), attributes=(("dir", "rtl"),)),
}


@pytest.mark.parametrize("name", TREES)
def test_tree(name: str) -> None:
    tree = TREES[name]
    alone = read(text_of(tree))
    assert alone.body == (tree,)
    # The same between two paragraphs, in a quote and in a loose list.
    neighbours = (paragraph("before"), tree, paragraph("after"))
    assert read(text_of(*neighbours)).body == neighbours
    quote = b.Quote((tree,))
    assert read(text_of(quote)).body == (quote,)
    nested = b.List((item(paragraph("first"), tree), item(paragraph("last"))), tight=False)
    assert read(text_of(nested)).body == (nested,)


AS_PANDOC_READS_THEM = {
    **{text: (i.Text(text),) for text in (
        "a) b", "A) b", "i. b", "I. b", "(a) b", "(A) b", "(iv) b", "(IV) b", "#. b", "#) b",
        "(#) b", "(@) b", "(@c) b", "b (@c)", "-@b", "(1) b", "1) b", "Table: b", ": b", "~ b",
        "% b", "| b", "+ b", "MCM. b", r"\b", "^b^", "H~2~O", "[b]: c", "@b", "{.b}",
    )},
    "a._**b**_": (i.Text("a."), i.Emphasis((i.Strong((i.Text("b"),)),))),
    "_**b** c_": (i.Emphasis((i.Strong((i.Text("b"),)), i.Text(" c"))),),
    "*b*.**": (i.Emphasis((i.Text("b"),)), i.Text(".**")),
    "*b***c**": (i.Emphasis((i.Text("b"),)), i.Strong((i.Text("c"),))),
}  # fmt: skip


def test_pandoc_reads_the_same_words() -> None:
    """Pandoc knows more markers of lists than we do, and takes what they hold away."""
    cases = [(b.Heading((i.Text("x"),), 2), b.Paragraph(c)) for c in AS_PANDOC_READS_THEM.values()]
    text = text_of(*(block for case in cases for block in case))
    lines = [line for line in "".join(pandoc_text(text).text).split("\n") if line not in ("", "x")]
    assert lines == [plain_text(content) for content in AS_PANDOC_READS_THEM.values()]


def test_blocks_that_would_merge_are_kept_apart() -> None:
    one = b.List((item(paragraph("a")),))
    verse = b.Verse((i.Text("v"),))
    definitions = b.DefinitionList((b.DefinitionItem((i.Text("t"),), ((paragraph("d"),),)),))
    body = (one, one, verse, verse, definitions, definitions, one)
    assert read(text_of(*body)).body == body


def test_notes_come_back() -> None:
    body = (paragraph("a", i.NoteRef("n"), "(b)", i.NoteRef("n")), paragraph(i.NoteRef("m"), ": c"))
    notes = (
        Footnote("n", (paragraph("d"), b.CodeBlock("e\n\nf"), b.List((item(paragraph("g")),)))),
        Footnote("m", (b.Quote((paragraph("h", i.NoteRef("n")),)),)),
    )
    again = read(text_of(*body, notes=notes))
    assert (again.body, again.footnotes) == (body, notes)


@pytest.mark.parametrize(
    "code",
    [
        "{{</* figure */>}}",
        "{%/* note */%}",
        "{{/* shown() */}}",
        "{{{< video >}}}",
        "{% raw %}{{ page.title }}{% endraw %}",
        "a\n\n{% raw %}\n\n<b>&amp;\n{% endraw %}\nb",
    ],
)
def test_code_that_shows_the_marks_of_a_generator_comes_back(code: str) -> None:
    """Between fences they would be marks of this source, which are printed nowhere."""
    block = b.CodeBlock(code, "liquid", id="k", classes=("wide",), attributes=(("rows", "3"),))
    plain = b.CodeBlock(code)
    items = b.List((b.ListItem((paragraph("x"), plain)),), tight=False)
    body = (block, b.Quote((plain,)), items)
    markdown = api.write(Post(Metadata(title="T"), body), "markdown").to_bytes()
    assert api.read(markdown, "markdown")[0].body == body


@pytest.mark.parametrize("language", ["{x}", "a b", 'x"y', "a<b&c", "a:b", "a\n\nb", "{{< x >}}"])
@pytest.mark.parametrize("code", ["{{</* figure */>}}", "plain"])
def test_a_language_of_any_name_comes_back(language: str, code: str) -> None:
    body = (b.CodeBlock(code, language, classes=("wide",)), paragraph("x"))
    markdown = api.write(Post(Metadata(title="T"), body), "markdown").to_bytes()
    assert api.read(markdown, "markdown")[0].body == body


def test_json_in_attributes_holds_no_ampersand_and_no_line_end() -> None:
    text = text_of(b.Embed("post", title="A & B", text="one\ntwo\u2028three\xa0four"))
    opening = text.split("\n")[0]
    assert "&" not in opening
    assert not re.search(r"[^\S ]", opening)
    assert r"A \\u0026 B" in opening


def test_what_has_no_markdown_is_reported() -> None:
    post = Post(
        Metadata(),
        (b.Extension("plugin", fallback=(paragraph("b"),)),),
    )
    artifact = api.write(post, "markdown")
    assert artifact.to_bytes() == b"b\n"
    assert [a.simplified for a in artifact.report.accounts.values()] == [1]


METADATA = Metadata(
    title='"Waterproof": a #1 word\\',
    subtitle="no",
    slug="waterproof",
    id="12.waterproof",
    published=Timestamp("2023-02-30"),
    updated=Timestamp("March 3, 2023"),
    authors=("Ann", "Bo: the second", "null"),
    language="nb",
    tags=("1.10", "a, b", "# c"),
    kind="newsletter",
    audience="only_paid",
    visibility="public",
    is_draft=True,
    canonical_url="https://a.example/p/waterproof",
    cover="cover.png",
    description="Two --- dashes: and more",
    extra={
        "email_sent_at": "2023-02-01T23:28:08.879Z",
        "version": "1.10",
        "time": "12:30:00",
        "yes": True,
        "count": 3,
        "nothing": None,
        "list": [1, {"a": "b: c"}],
        "long": "word " * 60 + "end",
    },
)


def test_every_field_of_the_header_comes_back() -> None:
    text = front_matter(METADATA)
    again = READER.read(f"{text}Text.\n".encode(), MarkdownInput(), Context())[0].metadata
    same = msgspec.structs.replace(again, key="", source="", published=None, updated=None)
    assert same == msgspec.structs.replace(METADATA, published=None, updated=None)
    assert again.published is not None
    assert again.published.text == "2023-02-30"
    assert again.updated is not None
    assert again.updated.text == "March 3, 2023"


def test_dates_stand_as_authors_write_them() -> None:
    assert "date: 2023-06-01\n" in front_matter(Metadata(published=Timestamp("2023-06-01")))


def test_a_post_without_metadata_has_no_header() -> None:
    assert front_matter(Metadata(key="k", source="a.md")) == ""


@pytest.mark.parametrize(
    "head",
    [
        (b.Heading((i.Text("The  tide"),), 1),),
        (b.Heading((i.Text("The tide"),), 2), paragraph("By Marit Sande")),
        (b.Heading((i.Text("The Tide | Netloft"),), 1),),
        (paragraph("The Tide"),),
        (b.Quote((paragraph("And the \u201cturn\u201d"),)),),
        (b.Figure(i.Image("a.png", "A")), b.Heading((i.Text("The Tide"),), 1)),
    ],
)
def test_a_text_that_repeats_its_header_stays(head: tuple[b.Block, ...]) -> None:
    metadata = Metadata(title="The Tide", subtitle='And the "turn"', authors=("Marit Sande",))
    post = Post(metadata, (*head, paragraph("a")))
    data = api.write(post, "markdown").to_bytes()
    assert READER.read(data, MarkdownInput(), Context())[0].body == post.body


def test_files_are_named_by_source_or_slug_and_never_twice() -> None:
    made = [
        Post(Metadata(source="2021/a.md", title="1")),
        Post(Metadata(source="2022/A.md", title="2")),
        Post(Metadata(slug="../../etc", title="3")),
        Post(Metadata(id="9.given", title="4")),
    ]
    archive = zipfile.ZipFile(io.BytesIO(api.write(made, "markdown").to_bytes()))
    assert archive.namelist() == ["1.md", "2.md", "etc.md", "given.md"]


def test_the_header_can_be_left_out() -> None:
    post = Post(Metadata(title="T"), (paragraph("a"),))
    assert api.write(post, Markdown(header=False)).to_bytes() == b"a\n"


def corpora(shared: Path, every: int, copies: Path) -> Iterator[tuple[Path, Post]]:
    folders = [
        shared / "corpus" / "interconnects",
        *sorted((shared / "corpus" / "blogs").iterdir()),
    ]
    for whole in folders:
        folder = sampled(whole, every, copies)
        for post in api.read(folder, on_error="collect"):
            yield folder, post


def told(post: Post) -> tuple[object, ...]:
    """What is said of who may see a post, wherever it was said."""
    said = post.metadata.publication or Publication()
    moments = (said.public_from, said.public_until)
    return (
        [(reason.state, reason.name) for reason in said.reasons],
        [moment and moment.value for moment in moments],
    )


def without_folder(post: Post, original: Post) -> Metadata:
    """The metadata, without what the folder of ``original`` said of it (Hugo's ``cascade``): in a file
    alone it is a field of the header.
    """
    metadata = msgspec.structs.replace(post.metadata, key="", source="")
    said = original.metadata.publication or Publication()
    moments = [moment for moment in (said.public_from, said.public_until) if moment]
    header = original.metadata.extra
    if all(fact.field.partition(".")[0] in header for fact in (*said.reasons, *moments)):
        return metadata
    written = {"status", "access", "publishDate", "expiryDate"}.difference(header)
    extra = {key: value for key, value in metadata.extra.items() if key not in written}
    return msgspec.structs.replace(metadata, extra=extra, publication=None)


_TAG = re.compile(r"<(?!https?://)[A-Za-z/]")


@pytest.mark.corpus
@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.slow)])
def test_every_post_of_the_corpora_comes_back(shared: Path, tmp_path: Path, every: int) -> None:
    """Exactly, where it is Markdown alone. HTML is read as nodes that Markdown would make otherwise
    (a space at a paragraph's end, an address with braces); written once, they stay as they are.
    """
    count = other = 0
    for folder, post in corpora(shared, every, tmp_path):
        data = api.write(post, "markdown").to_bytes()
        again = READER.read(data, MarkdownInput(), Context())[0]
        name = post.metadata.source
        assert told(again) == told(post), name
        assert without_folder(again, post) == without_folder(post, post), name
        count += 1
        if (again.body, again.footnotes) == (post.body, post.footnotes):
            continue
        assert _TAG.search((folder / name).read_text(encoding="utf-8-sig")), name
        third = READER.read(api.write(again, "markdown").to_bytes(), MarkdownInput(), Context())[0]
        assert (third.body, third.footnotes) == (again.body, again.footnotes), name
        other += 1
    assert count > 2900 // every
    assert other < count // 50


@pytest.mark.parametrize("levels", [30, 36, 80])
def test_divs_of_any_depth_show_no_signs(levels: int) -> None:
    """A text has at most 34 containers in each other; saved pages of Notion have more divs."""
    html = "".join(f'<div class="c{number}"><p>w{number}</p>' for number in range(levels))
    post = api.read(html.encode(), "html")[0]
    again = read(written(post))
    assert plain_text(again).split() == [f"w{number}" for number in range(levels)]
    assert read(written(again)).body == again.body


def test_a_note_begins_with_its_mark_alone_where_its_first_paragraph_is_empty() -> None:
    children = (
        b.Paragraph((i.Span(),)),
        b.Group((b.Paragraph((i.Text("word"),)),), classes=("k",)),
    )
    note = Footnote("1", children, Origin(generation="unnamed"))
    again = read(written(Post(body=(b.Paragraph((i.NoteRef("1"),)),), footnotes=(note,))))
    assert plain_text(again.footnotes[0]) == "word"


def test_a_mark_around_a_bare_span_moves_the_spaces_of_its_edges_out() -> None:
    mark = i.Emphasis((i.Span((i.Text("\n"),)),))
    again = read(written(Post(body=(b.Paragraph((mark, i.Text("a"))),))))
    assert not [node for node in walk(again) if isinstance(node, i.Emphasis)]


@pytest.mark.parametrize("words", ["", "x"])
def test_a_list_in_a_tight_item_stays_a_list_behind_a_paragraph_with_a_class(words: str) -> None:
    paragraph = b.Paragraph((i.Text(words),) if words else (), classes=("k",))
    inner = b.List((b.ListItem((b.Paragraph((i.Text("y"),)),)),), ordered=True)
    outer = b.List((b.ListItem((paragraph, inner)),), ordered=True, tight=True)
    again = read(written(Post(body=(outer,))))
    assert plain_text(again).split() == [*words.split(), "y"]
    assert len([node for node in walk(again) if isinstance(node, b.List)]) == 2


def test_a_picture_in_a_tight_item_stays_a_figure_before_a_line() -> None:
    figure = b.Figure(i.Image("a.png", alt="x"), (i.Text("caption"),))
    item = b.ListItem((figure, b.Paragraph((i.Text("line"),))))
    again = read(written(Post(body=(b.List((item,)),))))
    kinds = [type(node).__name__ for node in walk(again)]
    assert "Figure" in kinds
    assert plain_text(again).split() == ["caption", "line"]


@pytest.mark.parametrize("name", ["a}b", "a{b", '"}', "{{a}}"])
def test_a_heading_keeps_an_id_with_braces(name: str) -> None:
    again = read(written(Post(body=(b.Heading((i.Text("Words"),), 2, id=name),))))
    assert plain_text(again) == "Words"
    assert [node.id for node in again.body] == [name]


@pytest.mark.parametrize(
    "line", ["Note: words", "Title: words", "% words", ".. title: words", "Tags:"]
)
def test_a_text_without_a_header_that_begins_like_one_is_read_as_text(line: str) -> None:
    """A header without fences begins on the first line; the post has no metadata that would make one with fences."""
    post = Post(body=(b.Paragraph((i.Text(line),)), paragraph("More.")))
    (again,) = api.read(api.write(post, "markdown").to_bytes(), "markdown").posts
    assert plain_text(again) == plain_text(post)
    assert again.metadata.title == ""


@pytest.mark.parametrize(
    "block",
    [
        b.Paragraph((i.Text("Rye."),), attributes=(("title", "malt\n\n# rye\n"),)),
        b.ThematicBreak(attributes=(("title", "malt\n\nrye"),)),
        b.Quote((paragraph("Rye."),), attributes=(("title", "\nmalt 'and'\n\n    rye"),)),
        b.Paragraph((i.Underline((i.Text("Rye."),), attributes=(("title", "a\n\nb"),)),)),
    ],
)
def test_a_blank_line_in_a_value_does_not_end_its_tag(block: b.Block) -> None:
    text = text_of(block)
    again = read(text)
    assert plain_text(again) == plain_text(block)
    assert written(again) == text
    (node,) = (one for one in walk(again.body) if one.attributes)
    assert node.attributes in [one.attributes for one in walk(block)]


@pytest.mark.parametrize("edge", ["05,\n", "05 ", " 05", "\n05"])
@pytest.mark.parametrize("mark", [i.Strong, i.Emphasis, i.Strikethrough])
def test_spaces_leave_a_mark_whatever_element_it_was(mark: type[i.Strong], edge: str) -> None:
    element = mark((i.Text(edge),), origin=Origin(component="b"))
    text = text_of(b.Paragraph((i.Text("20"), element, i.Text("x"))))
    assert text == text_of(b.Paragraph((i.Text("20"), mark((i.Text(edge),)), i.Text("x"))))
    assert written(read(text)) == text


VALUES = (
    'a "b" c',
    "a 'b'",
    "\\",
    '\\"',
    "&amp;",
    "\\&amp;",
    "&",
    "&#34;",
    "{b}",
    "}",
    "a` b",
    'x=y "',
    "$x$",
    "*a*",
)


@pytest.mark.parametrize("value", VALUES)
def test_attributes_of_code_are_read_back(value: str) -> None:
    """The words behind a fence have two layers of escapes, those of the line and those of values in it."""
    body = (
        b.CodeBlock("x", "python", attributes=(("data-x", value),)),
        b.CodeBlock("x", "", attributes=(("k", value), ("info", value))),
        b.CodeBlock("x", "python", attributes=(("info", value),)),
    )
    copy = api.write([Post(Metadata(title="T"), body)], "markdown").to_text()
    assert api.read(copy.encode(), "markdown")[0].body == body


def test_references_in_attributes_of_code_end_no_value() -> None:
    text = '```{.python data-x="a &quot;b&quot; \\&amp; c"}\nx\n```\n'
    (code,) = api.read(text.encode(), "markdown")[0].body
    assert code.attributes == (("data-x", 'a "b" &amp; c'),)
