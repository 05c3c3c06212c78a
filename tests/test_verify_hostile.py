"""The independent count answers on texts that were made to exhaust it, in a time that grows with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

import pytest

from clothbound.verify.content import Item, words_of_title
from clothbound.verify.left_out import content_of_element, without_elements
from clothbound.verify.markdown import strip_markdown
from clothbound.verify.markup import strip_html
from clothbound.verify.mdx import without_script
from clothbound.verify.restructured_text import strip_rst
from clothbound.verify.wordpress import without_hidden
from line_counts import growth

MOST = 5
"""Times as many lines of Python for four times the text. Its square makes 16. What grows within a regular expression runs no
line: ``benchmarks/pattern_growth.py``, which ``scripts/slow.sh`` runs, tries each of them.
"""
DEEP = 3_000


def words(items: Iterable[Item]) -> list[str]:
    return [item.value for item in items]


def assert_linear(strip: Callable[[str], object], make: Callable[[int], str]) -> None:
    """Asserts that the work of ``strip`` grows no faster than the text that ``make`` makes of a number."""
    assert growth(lambda size: partial(strip, make(size)), 300) < MOST


@pytest.mark.parametrize(
    "token", ["[", "![", "^[", "[[", "[a][", "@[", "<![CDATA[", "{% comment %}", "{{< comment >}}"]
)
def test_signs_without_an_end(token: str) -> None:
    assert_linear(strip_markdown, lambda size: token * size)


@pytest.mark.parametrize("token", ["~", "`", "{% ", "{{< ", "{{% ", "{# ", "<!-- a", "a <!-- "])
def test_signs_without_an_end_in_a_long_text(token: str) -> None:
    assert_linear(strip_markdown, lambda size: token * size)


@pytest.mark.parametrize("sign", [" ", "\t", ">", "> ", "#", "{", "}"])
def test_a_long_heading_and_a_long_address(sign: str) -> None:
    def make(size: int) -> str:
        long = sign * size
        return f"# {long}x\n\n[{long}](a {long}b)\n\n[c][d]\n"

    assert_linear(strip_markdown, make)


def test_tags_of_components_without_an_end() -> None:
    assert_linear(without_script, lambda size: "{{< " * size)


def test_brackets_around_all_of_a_text() -> None:
    assert_linear(strip_markdown, lambda size: "[" * size + "a" + "]" * size)


def test_a_field_of_a_component_with_many_spaces() -> None:
    assert_linear(strip_markdown, lambda size: f"::card{{}}\n---\ntitle: a{' ' * size}b\n---\n::\n")


def test_a_title_of_backslashes() -> None:
    assert_linear(words_of_title, lambda size: "$" + "\\" * size + "$")


@pytest.mark.parametrize(
    ("opened", "closed"), [("[", "](a)"), ("![", "](a)"), ("^[", "]"), ("[", "]{.a}")]
)
def test_brackets_that_are_nested_by_thousands(opened: str, closed: str) -> None:
    found = words(strip_markdown(f"before {opened * DEEP}inner{closed * DEEP} after"))
    assert {"before", "inner", "after"} <= set(found)


def test_directives_that_are_nested_by_hundreds() -> None:
    lines = [f"{'   ' * depth}.. note:: level {depth}\n" for depth in range(400)]
    _, items = strip_rst("\n".join(lines))
    assert {"0", "399"} <= set(words(items))


def test_data_of_an_element_that_are_nested_by_thousands() -> None:
    items = strip_html(f'<p>before</p><div data-attrs="{"[" * 100_000}"></div><p>after</p>')
    assert words(items) == ["before", "after"]


def test_nested_links_are_told_as_ever() -> None:
    items = strip_markdown("[a ![b](c.png) [d][e] `]` f](g)\n\n[e]: https://h.example\n")
    assert [(item.kind.value, item.value) for item in items] == [
        ("link", ""),
        ("word", "a"),
        ("picture", "c.png"),
        ("word", "b"),
        ("link", "h.example"),
        ("word", "d"),
        ("word", "f"),
    ]


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("## Nets and lofts [nets] ##", ["nets", "and", "lofts"]),
        ("## Nets and lofts [nets] {.a}", ["nets", "and", "lofts"]),
        ("## Nets [and] lofts", ["nets", "and", "lofts"]),
        ("## Nets and lofts [others]", ["nets", "and", "lofts", "others"]),
    ],
)
def test_a_label_behind_a_heading_is_no_word_if_a_link_names_it(
    heading: str, shown: list[str]
) -> None:
    assert words(strip_markdown(f"{heading}\n\nSee [there][nets].\n"))[: len(shown) + 1] == [
        *shown,
        "see",
    ]


POLL = '<div class="poll">'
OF_NOBODY = '<!-- wp:group {"metadata":{"blockVisibility":false}} -->'


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (f"a {POLL}b<div>c</div>d</div> e", "a </div> e"),
        (f"a {POLL}b{POLL}c</div>d</div> e{POLL}f</div>", "a </div> e</div>"),
        (f"a {POLL}b <p>c</p>", f"a {POLL}b <p>c</p>"),
        (f'a <img class="poll"> {POLL}b</DIV> c', 'a <img class="poll"> </DIV> c'),
    ],
)
def test_elements_are_left_out_up_to_their_ends(text: str, rest: str) -> None:
    assert without_elements(text, re.compile("poll").search) == rest


def test_the_content_of_an_element_goes_to_its_end() -> None:
    find = re.compile("id=a").search
    assert content_of_element("x <p id=a>y<p>z</p></p> w", find) == "y<p>z</p>"
    assert content_of_element("x <p id=a>y", find) == "y"
    assert content_of_element("x <p>y</p>", find) == "x <p>y</p>"


def test_hidden_blocks_are_left_out_up_to_their_ends() -> None:
    group = "<!-- wp:group -->b<!-- /wp:group -->"
    one = f"{OF_NOBODY}a{group}<!-- wp:group /-->c<!-- /wp:group -->"
    alone = OF_NOBODY.replace("-->", "/-->")
    assert without_hidden(f"x{one}y{alone}{one}z{OF_NOBODY}w") == "xyz"


@pytest.mark.parametrize(
    "text",
    [f"{POLL}<p>a</p></div>b", POLL, '<div class="poll"', f"{POLL}</p>", "<p class='poll' <"],
)
def test_many_elements_that_are_left_out(text: str) -> None:
    pattern = re.compile(r"""\bclass=["'][^"']*poll""")
    assert_linear(lambda made: without_elements(made, pattern.search), lambda size: text * size)


@pytest.mark.parametrize(
    "text",
    [f"{OF_NOBODY}a<!-- /wp:group -->b", OF_NOBODY, OF_NOBODY[:-4], OF_NOBODY[:20], "<!-- wp:a {"],
)
def test_many_hidden_blocks(text: str) -> None:
    assert_linear(without_hidden, lambda size: text * size)
    assert_linear(without_hidden, lambda size: OF_NOBODY[:-4] + '"hideBlock":true' * size)


@pytest.mark.parametrize(
    "line", ["{% highlight a %}\n", "{{< highlight a >}}\n", "<pre>\n", "<script>\n"]
)
def test_the_end_of_what_begins_in_many_lines_is_sought_once(line: str) -> None:
    assert_linear(strip_markdown, lambda size: line * size)
