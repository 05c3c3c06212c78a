"""Pages of Franklin: divisions, raw HTML, pictures and the place of the contents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
import notation
from clothbound.model.plain_text import plain_text
from clothbound.readers.markdown.franklin import as_markdown, is_page
from clothbound.verify.directives import without_directives
from line_counts import growth

HEADER = '@def title = "Malt"\n\n'


def shown(text: str) -> list[str]:
    (post,) = clothbound.read((HEADER + text).encode(), "markdown").posts
    return notation.write(post.body).split("\n")


def test_divisions_are_groups_one_within_another() -> None:
    text = "@@row,two\n@@col\nRye.\n@@\n@@col\nOats.\n@@\n@@\n\nLast.\n"
    assert shown(text) == [
        "3 Group .row",
        *("  4 Group .col", "    5 Paragraph", '      "Rye."'),
        *("  7 Group .col", "    8 Paragraph", '      "Oats."'),
        *("12 Paragraph", '  "Last."'),
    ]


def test_a_division_within_a_line_leaves_its_words() -> None:
    text = "@@box Malt at [us](https://oast.example/), a@b.c too. @@\n\nMail@@home, `@@x y@@`.\n"
    (post,) = clothbound.read((HEADER + text).encode(), "markdown").posts
    assert plain_text(post.body) == "Malt at us, a@b.c too.\n\nMail@@home, @@x y@@."


def test_html_pictures_and_the_place_of_the_contents_are_read() -> None:
    text = "\\toc\n\n~~~\n<p>Raw <b>rye</b></p>\n~~~\n\n\\figalt{The kiln}{/a/kiln.png}\n\n```\n@@x\n```\n"
    assert shown(text) == [
        *("5 Paragraph", '  "Raw " Strong("rye")'),
        *('9 Figure Image(src="/a/kiln.png" alt="The kiln")', '  caption: "The kiln"'),
        '11 CodeBlock text="@@x"',
    ]


OF_OTHERS = [
    "~~~\nclass A\n  def n\n    @@n\n  end\nend if 1 <b\n~~~\n",
    "```latex\n\\tableofcontents\n```\n\n~~~\n<b>code</b>\n~~~\n",
    "~~~sql\nSELECT\n@@ROWCOUNT\n~~~\n",
]


@pytest.mark.parametrize("text", OF_OTHERS)
def test_marks_in_code_make_no_page_of_franklin(text: str) -> None:
    assert not is_page(text)
    (post,) = clothbound.read(text.encode(), "markdown").posts
    assert {type(block).__name__ for block in post.body} == {"CodeBlock"}
    assert without_directives(text) == text


def test_a_command_of_latex_makes_no_page_of_franklin() -> None:
    text = "\\tableofcontents\n\nThe folder C:\\temp{x}, \\vspace{1cm} and \\cite{smith}.\n"
    assert not is_page(text)
    assert without_directives(text).split() == text.split()[1:]
    (post,) = clothbound.read(text.encode(), "markdown").posts
    assert plain_text(post.body).split() == text.split()


def test_waves_in_code_are_code() -> None:
    text = "@@row\nRye.\n@@\n\n```\n~~~\n```\n\n~~~\n<b>Malt</b>\n~~~\n\n```\n~~~\n```\n"
    assert [line.split(" ", 1)[1] for line in shown(text) if "Code" in line] == [
        'CodeBlock text="~~~"'
    ] * 2
    assert any("Malt" in line and "Strong" in line for line in shown(text))


COMMANDS = r"""\newcommand{\R}{\mathbb R}
\newcommand{\boxed}[2]{
  @@box #1 *#2* @@
}

\note{Careful here}{two words}, \boxed{rye}{oats} in \alpha.

\input{julia}{ex1}

Let $x \in \R$ be `\R{a}`.

```
\newcommand{\x}{y}
```
"""


def test_commands_show_what_the_page_defines_and_the_rest_is_named() -> None:
    (post,) = clothbound.read((HEADER + COMMANDS).encode(), "markdown").posts
    assert notation.write(post.body).split("\n") == [
        "8 Paragraph",
        '  "Careful here two words, rye " Emphasis("oats") " in \\\\alpha."',
        *("10 Paragraph", '  Code(text="\\\\input{julia}{ex1}")', "12 Paragraph"),
        '  "Let " Math(tex="x \\\\in \\\\mathbb R") " be " Code(text="\\\\R{a}") "."',
        '14 CodeBlock text="\\\\newcommand{\\\\x}{y}"',
    ]
    assert [f"{entry.line} {entry.message}" for entry in post.diagnostics] == [
        "8 command '\\note' is not known; its words were kept",
        "10 command '\\input{julia}{ex1}' was kept as text",
    ]


def test_other_texts_are_no_pages_of_franklin() -> None:
    for text in ("@@ -1,2 +1,3 @@ def x", "a@@b", "\\begin{x}", "user@@host"):
        assert not is_page(text)


def test_the_count_finds_each_word_in_the_book(tmp_path: Path) -> None:
    source = tmp_path / "page.md"
    source.write_text(
        HEADER
        + "First.\n\n\\toc\n\n@@row\nRye.\n@@\n\n@@box Oats stay. @@\n\n~~~\n<b>raw</b> words\n~~~\n\n"
        "\\figalt{The kiln}{/a/kiln.png}\n\nLast.\n" + COMMANDS
    )
    book = clothbound.write(clothbound.book(clothbound.read(source)), "epub")
    report = book.save(tmp_path / "b.epub")
    told = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []


@pytest.mark.parametrize(
    "text",
    [
        "@@a\n",
        "@@a b ",
        "@@a b@",
        "~~~\n",
        "\\fig{",
        "\\output{a",
        "\\toc\n\\a{",
        "\\a{{{",
        "\\figalt{a}{",
    ],
)
def test_work_grows_as_the_text(text: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        return lambda: (
            is_page(text * size),
            as_markdown(text * size, 1),
            without_directives(text * size),
        )

    assert growth(reading, 200) < 6
