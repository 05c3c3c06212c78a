"""Hostile posts in Markdown: each is read in linear time. What would take minutes shows as a test that does not end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import clothbound
from clothbound.model.plain_text import plain_text
from clothbound.readers.markdown.mdx_script import take_statements
from clothbound.readers.markdown.text_nodes import parse_markdown

MANY = 20_000
LAST = "\n\nThe last line.\n"


@pytest.mark.parametrize(
    "text",
    [
        "x\n{:" + "a:" * MANY + "}",
        "x{: " + "a:" * MANY + "}",
        "{::nomarkdown}\n" * MANY + "{:/x}",
        "a" + "{::nomarkdown}" * MANY + "{:/x}",
        ":::tip" + " " * MANY + "{",
        "# a" + " " * MANY * 5 + "b {",
        "# a " + '{"\\"' * MANY + " {",
        "# a " + '{b="\\"' * MANY + "}",
    ],
)
def test_marks_of_markdown_without_an_end(text: str) -> None:
    body, _, _ = parse_markdown(text + LAST)
    assert plain_text(body[-1:]) == LAST.strip()


def test_lists_of_attributes_that_name_many_others_have_an_end() -> None:
    names = "abcdefghijkl"
    lists = [f"{{:{a}: {f'{b} ' * 20}}}\n\n" for a, b in pairwise(names)]
    body, _, _ = parse_markdown("".join(lists) + "{:l: .deep a}\n\nText.\n{:a}\n")
    assert body[0].classes == ("deep",)


@pytest.mark.parametrize(
    "text",
    [
        'export const a = "' + '\\"' * MANY,
        "export const a = " + " " * MANY + "b",
        '{ "' + '\\"' * MANY,
        "{\n" * MANY + "}" * MANY + " x",
        "<A b={\n" * MANY + "}>" * MANY + " x",
    ],
)
def test_expressions_of_mdx_without_an_end(text: str) -> None:
    kept, script = take_statements(text + LAST)
    body, _, _ = parse_markdown(kept, script=script)
    assert plain_text(body[-1:]) == LAST.strip()


def test_marked_text_without_an_end() -> None:
    body, _, _ = parse_markdown("==a " * MANY + LAST, wikilinks=True)
    assert plain_text(body[-1:]) == LAST.strip()


@pytest.mark.parametrize("mark", ["<!--", "<?", "<![CDATA[", "<!A"])
def test_comments_without_an_end(mark: str) -> None:
    post = clothbound.read((f"Words.\n\n{mark * MANY}\n").encode(), "markdown")[0]
    assert plain_text(post.body[:1]) == "Words."


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (".vitepress/config.js", "<<< a#b" + " " * MANY + "x"),
        (".vitepress/config.js", "<<< a{1" + " " * MANY + "x" * MANY),
        (".vitepress/config.js", "<!-- @include: a" + " " * MANY + "x -->"),
        ("myst.yml", "`" * MANY + "a" * MANY + "[x](#y)"),
    ],
)
def test_lines_of_sites_without_an_end(tmp_path: Path, settings: str, text: str) -> None:
    (tmp_path / settings).parent.mkdir(exist_ok=True)
    (tmp_path / settings).write_text("")
    (tmp_path / "a.md").write_text(f"# A\n\n{text}{LAST}")
    (post,) = clothbound.read(tmp_path)
    assert plain_text(post.body[-1:]) == LAST.strip()


@pytest.mark.parametrize(
    "text",
    [
        "`" * MANY * 5 + " [a](b c.png) ![a](b.png =1x2) ![a](b.png width=1)",
        "<" * MANY * 5 + "[a]\n[b]",
        "```{r" + "a" * MANY * 5 + "\n```",
        "$$\na\\\\[" + "1" * MANY * 5 + "\n$$",
        "<div " + " " * MANY * 5 + "markdown\n\n*a*</div>",
        "[a]: b" + " c=d" * MANY + "\n\n[a]",
    ],
)
def test_code_tags_and_pairs_without_an_end(text: str) -> None:
    body, _, _ = parse_markdown(text + LAST)
    assert plain_text(body).endswith(LAST.strip())


@pytest.mark.parametrize("text", ["a{", "^{", "-a", "a-a.", "/*"])
def test_long_words_of_restructured_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.rst").write_text(f"See a@b.example.\n\n{text * MANY}@a.b{LAST}")
    (post,) = clothbound.read(tmp_path, on_error="collect")
    assert plain_text(post.body).startswith("See a@b.example.")
    assert plain_text(post.body).endswith(LAST.strip())


@pytest.mark.parametrize("name", ["a.mdx", "a.rst", "a.md"])
@pytest.mark.parametrize("before", ["Words.\n\n", "{", ""])
@pytest.mark.parametrize("blanks", [" ", "\t", "\n"])
def test_blanks_without_an_end(tmp_path: Path, name: str, before: str, blanks: str) -> None:
    (tmp_path / name).write_text(before + blanks * MANY * 5 + "Words." + LAST)
    (post,) = clothbound.read(tmp_path, on_error="collect")
    assert plain_text(post.body).endswith(LAST.strip())


def test_many_lists_of_attributes_belong_to_one_block() -> None:
    lists = [f"{{: .a{n}}}\n" for n in range(MANY)]
    below, _, _ = parse_markdown("Text.\n" + "".join(lists) + LAST)
    above, _, _ = parse_markdown("Text.\n\n" + "".join(lists) + LAST.lstrip())
    assert below[0].classes == above[1].classes == tuple(f"a{n}" for n in range(MANY))


def test_a_list_of_attributes_below_another_is_given_to_the_box_that_that_made() -> None:
    body, _, _ = parse_markdown("> Text.\n{: .notice}\n{: .prompt-tip #a}\n{: .b #c}\n")
    assert (body[0].classes, body[0].id) == (("prompt-tip", "b"), "c")
