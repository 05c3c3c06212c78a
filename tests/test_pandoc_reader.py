"""Tests that whatever pandoc puts out is read, with its words, and that other JSON is refused."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import clothbound
from clothbound import format_detection
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError, LimitError, ReadError
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import max_depth, problems
from clothbound.model.collection import Collection
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.pandoc import ast
from clothbound.readers.pandoc import READER, PandocInput
from clothbound.run import Run
from clothbound.testing import check_reader, every_node
from pandoc_run import run_pandoc
from pandoc_words import words

NO = ["", [], []]
WORD = {"t": "Str", "c": "word"}
PARA = {"t": "Para", "c": [WORD]}


def document(*blocks: Any, version: tuple[int, ...] = ast.VERSION, **meta: Any) -> bytes:
    return json.dumps({"pandoc-api-version": version, "meta": meta, "blocks": blocks}).encode()


def read(data: bytes, limits: Limits | None = None) -> Collection:
    return READER.read(data, PandocInput(), Context(Run(limits=limits or Limits())))


def body(*blocks: Any, version: tuple[int, ...] = ast.VERSION) -> tuple[b.Block, ...]:
    (post,) = read(document(*blocks, version=version))
    assert list(problems(post)) == []
    return post.body


def line(*inlines: Any) -> tuple[i.Inline, ...]:
    (block,) = body({"t": "Para", "c": inlines})
    assert isinstance(block, b.Paragraph)
    return block.children


def test_the_contract_is_kept() -> None:
    samples = [document(PARA), clothbound.write(every_node(), "pandoc").to_bytes()]
    check_reader(READER, samples, broken=[document({"t": "Nonsense"}), document(3)])


@pytest.mark.parametrize(
    "data",
    [
        document(PARA),
        b'{"blocks":[{"t":"Para","c":[]}],"meta":{},"pandoc-api-version":[1,22]}',
        b'{"meta":{},"blocks":[],"pandoc-api-version":[1,22]}',
        b'[{"unMeta":{}},[]]',
    ],
)
def test_a_document_is_recognized(data: bytes, tmp_path: Path) -> None:
    assert format_detection.reader_for("", data) == "pandoc"
    assert format_detection.reader_for("post.json", data) == "pandoc"


def test_other_json_is_not_pandocs() -> None:
    for data in (b'{"clothbound":1,"posts":[]}', b"{}", b"[1]", b'{"blocks": 3}'):
        assert not READER.accepts(data, "a.json")


# --- every constructor ----------------------------------------------------------------------------

INLINES: list[tuple[Any, i.Inline | str]] = [
    ({"t": "Emph", "c": [WORD]}, i.Emphasis((i.Text("word"),))),
    ({"t": "Underline", "c": [WORD]}, i.Underline((i.Text("word"),))),
    ({"t": "Strong", "c": [WORD]}, i.Strong((i.Text("word"),))),
    ({"t": "Strikeout", "c": [WORD]}, i.Strikethrough((i.Text("word"),))),
    ({"t": "Superscript", "c": [WORD]}, i.Superscript((i.Text("word"),))),
    ({"t": "Subscript", "c": [WORD]}, i.Subscript((i.Text("word"),))),
    ({"t": "SmallCaps", "c": [WORD]}, i.Span((i.Text("word"),), classes=("smallcaps",))),
    ({"t": "Quoted", "c": [{"t": "DoubleQuote"}, [WORD]]}, "“word”"),
    ({"t": "Quoted", "c": [{"t": "SingleQuote"}, [WORD]]}, "‘word’"),
    (
        {
            "t": "Cite",
            "c": [
                [
                    {
                        "citationId": "doe",
                        "citationPrefix": [],
                        "citationSuffix": [],
                        "citationMode": {"t": "NormalCitation"},
                        "citationNoteNum": 1,
                        "citationHash": 0,
                    }
                ],
                [WORD],
            ],
        },
        i.Span((i.Text("word"),), classes=("citation",), attributes=(("cites", "doe"),)),
    ),
    ({"t": "Code", "c": [NO, "x  y"]}, i.Code("x  y")),
    ({"t": "Space"}, " "),
    ({"t": "SoftBreak", "c": []}, " "),
    ({"t": "LineBreak"}, i.LineBreak()),
    ({"t": "Math", "c": [{"t": "InlineMath"}, "x"]}, i.Math("x")),
    ({"t": "RawInline", "c": ["tex", "\\x"]}, i.RawInline("tex", "\\x")),
    (
        {"t": "Link", "c": [["i", ["uri", "c"], [["k", "v"]]], [WORD], ["u", "t"]]},
        i.Link((i.Text("word"),), "u", "t", id="i", classes=("c",), attributes=(("k", "v"),)),
    ),
    (
        {"t": "Image", "c": [NO, [WORD, {"t": "Space"}, WORD], ["p.png", ""]]},
        i.Image("p.png", "word word"),
    ),
    ({"t": "Span", "c": [["", ["mark"], []], [WORD]]}, i.Highlight((i.Text("word"),))),
    ({"t": "Span", "c": [["x", [], []], []]}, i.Span((), id="x")),
    ({"t": "Span", "c": [NO, [WORD]]}, "word"),
]


@pytest.mark.parametrize(("given_inline", "expected"), INLINES)
def test_inlines(given_inline: Any, expected: i.Inline | str) -> None:
    found = line({"t": "Str", "c": "a"}, given_inline, {"t": "Str", "c": "b"})
    if isinstance(expected, str):
        assert found == (i.Text(f"a{expected}b"),)
    else:
        assert found == (i.Text("a"), expected, i.Text("b"))


TEXT = b.Paragraph((i.Text("word"),))
BLOCKS: list[tuple[Any, b.Block | None]] = [
    ({"t": "Plain", "c": [WORD]}, TEXT),
    (PARA, TEXT),
    (
        {"t": "LineBlock", "c": [[WORD], [{"t": "Str", "c": "\xa0\xa0x"}]]},
        b.Verse((i.Text("word"), i.LineBreak(), i.Text("  x"))),
    ),
    (
        {"t": "CodeBlock", "c": [["", ["python", "x"], []], "a\n"]},
        b.CodeBlock("a", "python", classes=("x",)),
    ),
    ({"t": "RawBlock", "c": ["latex", "\\x"]}, b.RawBlock("latex", "\\x")),
    ({"t": "RawBlock", "c": ["html", "<p>word</p>"]}, TEXT),
    ({"t": "BlockQuote", "c": [PARA]}, b.Quote((TEXT,))),
    (
        {"t": "OrderedList", "c": [[3, {"t": "Decimal"}, {"t": "Period"}], [[PARA], [PARA]]]},
        b.List((b.ListItem((TEXT,)), b.ListItem((TEXT,))), True, 3, False),
    ),
    (
        {
            "t": "BulletList",
            "c": [[{"t": "Plain", "c": [{"t": "Str", "c": "☐"}, {"t": "Space"}, WORD]}]],
        },
        b.List((b.ListItem((TEXT,), False),)),
    ),
    (
        {"t": "DefinitionList", "c": [[[WORD], [[PARA], [PARA]]]]},
        b.DefinitionList((b.DefinitionItem((i.Text("word"),), ((TEXT,), (TEXT,))),)),
    ),
    ({"t": "Header", "c": [9, ["h", [], []], [WORD]]}, b.Heading((i.Text("word"),), 6, id="h")),
    ({"t": "HorizontalRule"}, b.ThematicBreak()),
    ({"t": "Div", "c": [["", ["aside"], []], [PARA]]}, b.Group((TEXT,), classes=("aside",))),
    ({"t": "Div", "c": [NO, [PARA]]}, TEXT),
    ({"t": "Null"}, None),
    ({"t": "Para", "c": []}, None),
    (
        {
            "t": "Figure",
            "c": [
                ["f", [], []],
                [None, [{"t": "Plain", "c": [WORD]}]],
                [
                    {
                        "t": "Plain",
                        "c": [
                            {"t": "Image", "c": [["", [], [["width", "40px"]]], [], ["p.png", ""]]}
                        ],
                    }
                ],
            ],
        },
        b.Figure(
            i.Image("p.png", attributes=(("width", "40px"),)), (i.Text("word"),), "", 40, id="f"
        ),
    ),
    (
        {
            "t": "Div",
            "c": [
                ["", ["note"], []],
                [
                    {
                        "t": "Div",
                        "c": [
                            ["", ["title"], []],
                            [{"t": "Para", "c": [{"t": "Str", "c": "Note"}]}],
                        ],
                    },
                    PARA,
                ],
            ],
        },
        b.Callout((TEXT,), (), "note"),
    ),
]


@pytest.mark.parametrize(("given_block", "expected"), BLOCKS)
def test_blocks(given_block: Any, expected: b.Block | None) -> None:
    found = body(PARA, given_block, {"t": "HorizontalRule"})
    assert found == (TEXT, *([expected] if expected else []), b.ThematicBreak())


def cell(text: str, rows: int = 1, columns: int = 1) -> Any:
    return [
        NO,
        {"t": "AlignDefault"},
        rows,
        columns,
        [{"t": "Plain", "c": [{"t": "Str", "c": text}]}],
    ]


def test_a_table_with_several_bodies_and_a_foot() -> None:
    bodies = [[NO, 1, [[NO, [cell("h2")]]], [[NO, [cell("a")]]]], [NO, 0, [], [[NO, [cell("b")]]]]]
    columns = [[{"t": "AlignRight"}, {"t": "ColWidth", "c": 0.5}]]
    table = {
        "t": "Table",
        "c": [
            NO,
            [None, [PARA]],
            columns,
            [NO, [[NO, [cell("h")]]]],
            bodies,
            [NO, [[NO, [cell("f")]]]],
        ],
    }
    (post,) = read(document(table))
    (found,) = post.body
    assert isinstance(found, b.Table)
    assert [plain_text(c) for row in (*found.head, *found.rows) for c in row] == [
        "h",
        "h2",
        "a",
        "b",
        "f",
    ]
    assert found.alignments == ("right",)
    assert found.caption == (i.Text("word"),)
    assert [d.code for d in post.diagnostics] == [DiagnosticCode.NODE_SIMPLIFIED]


def test_a_table_of_an_older_version() -> None:
    plain = [{"t": "Plain", "c": [WORD]}]
    table = {"t": "Table", "c": [[WORD], [{"t": "AlignLeft"}], [0], [plain], [[plain]]]}
    expected = b.Cell((i.Text("word"),))
    assert body(table, version=(1, 20)) == (
        b.Table(((expected,),), ((expected,),), ("left",), (i.Text("word"),)),
    )


def test_display_formulas_divide_paragraphs() -> None:
    formula = {"t": "Math", "c": [{"t": "DisplayMath"}, "x"]}
    found = body({"t": "Para", "c": [WORD, {"t": "Space"}, formula, {"t": "Space"}]})
    assert found == (b.Paragraph((i.Text("word "),)), b.MathBlock("x"))


def test_notes_have_ids_and_order() -> None:
    def note(*content: Any) -> Any:
        return {"t": "Note", "c": [{"t": "Para", "c": [*content]}]}

    (post,) = read(document({"t": "Para", "c": [WORD, note(WORD, note(WORD)), note(WORD)]}))
    assert [n.target for n in walk(post.body) if isinstance(n, i.NoteRef)] == ["1", "3"]
    assert [n.id for n in post.footnotes] == ["1", "2", "3"]


def test_a_mark_whose_note_a_filter_removed_keeps_its_words() -> None:
    data = json.loads(
        clothbound.write(
            clothbound.read("One.[^a] Two.[^a]\n\n[^a]: Note.\n", "markdown"), "pandoc"
        ).to_bytes()
    )
    (paragraph,) = data["blocks"]
    paragraph["c"] = [inline for inline in paragraph["c"] if inline["t"] != "Span"]
    (post,) = read(json.dumps(data).encode())
    assert list(problems(post)) == []
    assert plain_text(post.body) == "One. Two.1"


def test_the_id_of_a_note_has_no_white_space_or_bracket() -> None:
    """Markdown has it as a label: a filter, or a wrapped line, may have brought them in."""
    written = clothbound.write(
        clothbound.read("One.[^abc] Two.[^abc]\n\n[^abc]: Note.\n"), "pandoc"
    )
    data = written.to_bytes().replace(b"note-abc", b"note-a\\nb]c")
    (post,) = read(data)
    assert [note.id for note in post.footnotes] == ["a-b-c"]
    assert [n.target for n in walk(post.body) if isinstance(n, i.NoteRef)] == ["a-b-c", "a-b-c"]


def test_letters_of_lists_are_reported() -> None:
    numbered = {"t": "OrderedList", "c": [[1, {"t": "LowerAlpha"}, {"t": "OneParen"}], [[PARA]]]}
    (post,) = read(document(numbered, numbered))
    assert [d.code for d in post.diagnostics] == [DiagnosticCode.NODE_SIMPLIFIED]


def test_a_changed_div_of_ours_keeps_its_words() -> None:
    data = json.loads(clothbound.write(every_node(), "pandoc").to_bytes())
    for block in data["blocks"]:
        if block["t"] == "Div":
            block["c"][1].append({"t": "Para", "c": [{"t": "Str", "c": "added"}]})
    (post,) = read(json.dumps(data).encode())
    divs = sum(block["t"] == "Div" for block in data["blocks"])
    assert words(plain_text(post))["added"] == divs


def test_characters_that_no_text_contains_are_removed_and_named() -> None:
    data = document({"t": "Para", "c": [{"t": "Str", "c": "caf@\b.\x7f\vx"}]})
    found = read(data.replace(b"@", b"\xe9"))
    assert plain_text(found[0].body) == "caf\xe9. x"
    assert [(d.code, d.message) for d in found.diagnostics] == [
        (DiagnosticCode.ENCODING_REPAIRED, "not UTF-8, and read as Windows-1252: 1 byte"),
        (DiagnosticCode.ENCODING_REPAIRED, "3 control characters were removed"),
    ]


# --- metadata -------------------------------------------------------------------------------------


def test_metadata_are_read_as_front_matter_is() -> None:
    made = run_pandoc(
        b"---\ntitle: A *b* c\nauthor: [Ann, {name: Bo}]\ndate: 2023-05-06\nkeywords: [x, z]\n"
        b"lang: nb\ndraft: true\nabstract: |\n  In short.\ncustom: {deep: [1]}\n---\n\nText.\n",
        "markdown",
        "json",
    )
    (post,) = read(made)
    metadata = post.metadata
    assert (metadata.title, metadata.authors, metadata.tags) == ("A b c", ("Ann", "Bo"), ("x", "z"))
    assert metadata.language == "nb"
    assert metadata.is_draft
    assert metadata.published is not None
    assert metadata.published.day == "2023-05-06"
    assert metadata.extra["custom"] == {"deep": ["1"]}
    assert plain_text(post) == "In short.\n\nText."


def test_a_heading_at_the_top_is_the_title() -> None:
    heading = {"t": "Header", "c": [1, NO, [WORD]]}
    (post,) = read(document(heading, PARA))
    assert post.metadata.title == "word"
    assert post.body == (TEXT,)
    (post,) = read(document(heading, PARA, title={"t": "MetaString", "c": "Other"}))
    assert len(post.body) == 2


# --- what pandoc makes ----------------------------------------------------------------------------

SAMPLES = {
    "markdown": b'# T {#t}\n\n"q" *e* [@a] x[^1] `c` $x$ ~s~ ^u^ [k]{.smallcaps}\n\n[^1]: n\n\n(a) one\n(b) two\n\n| line\n|   two\n\nterm\n:   def\n\n  a   b\n --- ---\n  1   2\n\n![cap](p.png)\n',
    "gfm": b"> [!TIP]\n> hi\n\n- [x] done\n\n<details><summary>S</summary>word</details>\n\nH<sub>2</sub>O ~~no~~\n",
    "html": b"<table><tr><td rowspan=2>a<td>b<tr><td>c</table><figure><img src=a.png><figcaption>x</figcaption></figure><ol type=i><li>y</ol>",
    "latex": rb"\section{One}\emph{x}\footnote{y \textbf{z}}\begin{itemize}\item a\end{itemize}\[e=mc^2\] \begin{abstract}sum\end{abstract}",
    "rst": b"Title\n=====\n\n.. note:: careful\n\n:field: value\n\n| a\n| b\n\n======  ===\nx       y\n======  ===\n1       2\n======  ===\n",
    "org": b"* Head\n- [ ] todo\n\n#+begin_quote\nq\n#+end_quote\n\n| a | b |\n|---+---|\n| 1 | 2 |\n",
    "mediawiki": b"== Head ==\n''x'' '''y'''<ref>note</ref>\n{|\n|a||b\n|}\n",
    "textile": b"h1. Head\n\n_x_ *y*[1]\n\nfn1. note\n",
    "typst": b"= Head\n_x_ *y* #footnote[n] $ x^2 $\n#table(columns: 2, [a], [b])\n",
    "jira": b"h1. Head\n*x* {quote}y{quote}\n||a||b||\n|1|2|\n",
    "djot": b"# Head\n\n_x_ *y* [^1]\n\n[^1]: n\n\n::: warning\nz\n:::\n",
}


@pytest.mark.parametrize("source", SAMPLES)
def test_what_pandoc_reads_is_read(source: str) -> None:
    made = run_pandoc(SAMPLES[source], source, "json")
    (post,) = read(made)
    assert list(problems(post)) == []
    plain = run_pandoc(made, "json", "plain", "--wrap=none", "--reference-location=block")
    expected = {word for word in words(plain.decode()) if word.isalpha() and len(word) > 1}
    # The title of an alert is the name of its kind.
    kinds = (node.kind for node in walk(post) if isinstance(node, b.Callout))
    texts = (post.metadata.title, plain_text(post), *alternatives(post), *kinds)
    found = words(" ".join(texts))
    assert expected <= set(found)


def alternatives(post: Post) -> list[str]:
    return [node.alt for node in walk(post) if isinstance(node, i.Image)]


def test_every_format_that_pandoc_writes_goes_through_ours() -> None:
    """What pandoc makes of its own formats of our post is read again with every word of it."""
    data = clothbound.write(every_node(), "pandoc").to_bytes()
    for form in ("html", "docx", "odt", "epub", "jats", "latex", "native", "opml"):
        back = run_pandoc(run_pandoc(data, "json", form, "-s"), form, "json")
        (post,) = read(back)
        assert list(problems(post)) == [], form
        given_words = set(re.findall(rb"w\d{3}", back))
        assert len(given_words) > (3 if form == "opml" else 45), form
        found = {word.encode() for word in re.findall(r"w\d{3}", plain_text(post))}
        assert given_words <= found, form


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"[1]", "not a document of pandoc"),
        (b'[{"unMeta":{}},[]]', "before 1.18"),
        (document(version=(1, 16)), "1.16"),
        (document(version=(2, 0)), "2.0"),
        (b'{"pandoc-api-version":"x","blocks":[]}', "pandoc-api-version"),
        (document({"t": "Nonsense", "c": []}), r"Nonsense.*\$\.blocks\[0\]"),
        (document({"t": "Para", "c": [{"t": "Str", "c": 3}]}), r"blocks\[0\]\.c\[0\]\.c"),
        (document({"t": "Table", "c": [1, 2]}), "in a table"),
        (document({"t": "Header", "c": [1, NO]}), "blocks"),
    ],
)
def test_what_is_not_a_document_is_refused_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read(data)


def test_a_newer_minor_version_is_taken() -> None:
    assert body(PARA, version=(1, 99, 5)) == (TEXT,)


@pytest.mark.parametrize("levels", [50, 200, 5_000, 200_000])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ('{"t":"BlockQuote","c":[', "]}"),
        ('{"t":"BulletList","c":[[', "]]}"),
        ('{"t":"Para","c":[{"t":"Note","c":[', "]}]}"),
    ],
)
def test_deep_blocks_are_flattened_or_refused(levels: int, start: str, end: str) -> None:
    inner = json.dumps(PARA)
    data = f'{{"pandoc-api-version":[1,23],"meta":{{}},"blocks":[{start * levels}{inner}{end * levels}]}}'
    try:
        (post,) = read(data.encode())
    except ReadError:
        assert levels > 1000
        return
    assert max_depth(post) <= Limits().depth
    assert "word" in plain_text(post)


def test_deep_inlines_are_flattened() -> None:
    nested: Any = [WORD, {"t": "Note", "c": [PARA]}]
    for _ in range(150):
        nested = [{"t": "Emph", "c": nested}]
    (post,) = read(document({"t": "Para", "c": nested}))
    assert max_depth(post) <= Limits().depth
    assert plain_text(post).split() == ["word", "word"]
    assert [d.code for d in post.diagnostics] == [DiagnosticCode.MARKUP_REPAIRED]


def test_deep_metadata_and_long_documents_are_refused() -> None:
    meta: Any = {"t": "MetaBool", "c": True}
    for _ in range(50):
        meta = {"t": "MetaList", "c": [meta]}
    with pytest.raises(LimitError):
        read(document(x=meta))
    with pytest.raises(LimitError):
        read(document(PARA), Limits(resource_bytes=20))


def test_wild_numbers_do_no_harm() -> None:
    wide = [NO, {"t": "AlignDefault"}, 10**9, 10**9, []]
    table = {
        "t": "Table",
        "c": [NO, [None, []], [], [NO, []], [[NO, 0, [], [[NO, [wide, cell("x")]]]]], [NO, []]],
    }
    numbered = {"t": "OrderedList", "c": [[10**30, {"t": "Decimal"}, {"t": "Period"}], [[PARA]]]}
    for name in ("html-fragment", "text", "pandoc"):
        clothbound.write(read(document(table, numbered)), name).to_bytes()


@given(st.data())
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_damaged_documents_are_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(clothbound.write(every_node(), "pandoc").to_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        length = data.draw(st.integers(0, 40))
        whole[place : place + length] = data.draw(
            st.sampled_from((b"", b"[]", b"3", b'"', b"null"))
        )
    try:
        posts = read(bytes(whole))
    except ClothboundError:
        return
    for post in posts:
        assert list(problems(post)) == []


def test_a_file_has_its_pictures_beside_it(tmp_path: Path) -> None:
    picture = {"t": "Image", "c": [NO, [], ["p.gif", ""]]}
    (tmp_path / "post.json").write_bytes(document({"t": "Para", "c": [picture]}))
    (tmp_path / "p.gif").write_bytes(next(a.data for a in every_node().assets))
    post = clothbound.read(tmp_path / "post.json")
    assert b"data:image/gif" in clothbound.write(post, "html").to_bytes()
    assert post.index["post"].source == "post.json" if "post" in post.index else True
    assert len(clothbound.read(io.BytesIO(document(PARA)))) == 1


def test_pandoc_is_there() -> None:
    assert pypandoc.get_pandoc_version().split(".")[0] == "3"
