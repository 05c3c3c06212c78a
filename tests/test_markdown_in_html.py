"""Elements of HTML in Markdown whose content is Markdown, though no blank line says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
from line_counts import growth
from posts_in_markdown import read, shown

BOLD = 'Paragraph\n    "Tie it " Strong("twice") "."'


@pytest.mark.parametrize("said", ['markdown="1"', "markdown='block'", "markdown=1", "markdown"])
def test_an_element_with_the_attribute_holds_markdown(tmp_path: Path, said: str) -> None:
    text = f'<div class="tip" {said}>\nTie it **twice**.\n\n- one\n</div>\n'
    tree = shown(tmp_path, text)
    assert tree.startswith(f"Group .tip\n  {BOLD}\n  List"), tree
    assert "markdown" not in tree


def test_the_first_of_several_attributes_with_one_name_counts(tmp_path: Path) -> None:
    text = '<div class="a" id="c" CLASS="b" ID="d" title="&lt;e" title="f">\n\nTie it **twice**.\n\n</div>\n'
    assert shown(tmp_path, text) == f'Group #c .a title:"<e"\n  {BOLD}'
    table = shown(
        tmp_path, '<table id="c" id="d" class="a" class="b"><tr><td>One</td></tr></table>\n'
    )
    assert table.startswith("Table #c .a")


def test_a_line_holds_inlines(tmp_path: Path) -> None:
    assert (
        shown(tmp_path, '<p markdown="1">- *no* list</p>\n')
        == 'Paragraph\n  "- " Emphasis("no") " list"'
    )
    tree = shown(tmp_path, '<div class="a" markdown="span">\n- *no* list\n</div>\n')
    assert "List" not in tree and 'Emphasis("no")' in tree


def test_elements_within_elements_and_words_behind(tmp_path: Path) -> None:
    text = (
        '<div class="a" markdown="1"><aside markdown="1">\nTie it **twice**.\n\n'
        "```html\n</div>\n```\n</aside></div> and *wait*\n"
    )
    tree = shown(tmp_path, text)
    assert tree.startswith(
        'Group .a\n  Callout kind="aside"\n    Paragraph\n      "Tie it " Strong("twice")'
    ), tree
    assert 'CodeBlock text="</div>"' in tree
    assert tree.endswith('Paragraph\n  "and " Emphasis("wait")')


def test_a_figure_of_material_for_mkdocs(tmp_path: Path) -> None:
    text = (
        '<figure markdown="span">\n  ![A kite](https://example.com/k.png){ width="300" }\n'
        "  <figcaption>Up</figcaption>\n</figure>\n"
    )
    tree = shown(tmp_path, text)
    assert tree.startswith("Figure Image(") and 'caption: "Up"' in tree


def test_a_title_of_details(tmp_path: Path) -> None:
    text = '<details markdown="1"><summary>More *now*</summary>\nTie it **twice**.\n</details>\n'
    tree = shown(tmp_path, text)
    assert tree.startswith(f'Callout kind="details"\n  {BOLD}'), tree


@pytest.mark.parametrize("icon", ["💡", "ℹ️", "⚠️", "☎"])
def test_a_callout_of_notion_holds_markdown(tmp_path: Path, icon: str) -> None:
    tree = shown(tmp_path, f"<aside>\n{icon} Tie it **twice**.\n\n</aside>\n")
    assert tree == f'Callout kind="aside"\n  Paragraph\n    "{icon} Tie it " Strong("twice") "."'


@pytest.mark.parametrize(
    "text",
    [
        "<div>\nTie it **twice**.\n</div>\n",
        "<aside>\nTie it **twice**.\n</aside>\n",
        '<aside class="x">\n💡 Tie it **twice**.\n</aside>\n',
        '<div markdown="0">\nTie it **twice**.\n</div>\n',
    ],
)
def test_other_elements_follow_commonmark(tmp_path: Path, text: str) -> None:
    tree = shown(tmp_path, text)
    assert "Tie it **twice**." in tree
    assert "markdown" not in tree


def test_an_element_without_an_end_keeps_its_words(tmp_path: Path) -> None:
    text = '<div markdown="1">\nTie it **twice**.\n\nWait.\n' + '<div markdown="1">\n' * 3000
    assert "Wait." in shown(tmp_path, text)


@pytest.mark.parametrize(
    ("part", "end"),
    [
        ("<div markdown>\nWords *here*\n\n", ""),
        ("<div markdown>\n\nWords\n\n", "</div>\n\n"),
        ("<p markdown>Words <b markdown>here\n", ""),
        ("<details markdown><summary>Words</summary>\n", ""),
        ("<aside>\n\N{ELECTRIC LIGHT BULB} Words\n\n", "</aside>\n\n"),
    ],
)
def test_many_elements_take_no_more_time_each(part: str, end: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        text = (part * size + end * size).encode()
        return lambda: list(clothbound.read(text, "markdown", on_error="collect"))

    assert growth(reading, 100) < 5


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    post = read(tmp_path, '<div class="a" markdown="1">\n\n  Tie.\n\n  # Wait\n</div>\n')
    assert [node.line for node in post.body[0].children] == [7, 9]  # type: ignore[attr-defined]
