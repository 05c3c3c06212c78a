"""The independent count answers on texts that were made to exhaust it, in a time that grows with them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable

import pytest

from clothbound.verify.content import Item, words_of_title
from clothbound.verify.left_out import content_of_element, without_elements
from clothbound.verify.markdown import strip_markdown
from clothbound.verify.markup import strip_html
from clothbound.verify.mdx import without_script
from clothbound.verify.restructured_text import strip_rst
from clothbound.verify.wordpress import without_hidden
from line_counts import growth

MOST = 3
"""Seconds of the processor. What grows with the text takes a sixth of it, and what grows with its square many times as long."""
DEEP = 3_000


def words(items: Iterable[Item]) -> list[str]:
    return [item.value for item in items]


def assert_quick(strip: Callable[[str], object], text: str) -> None:
    start = time.process_time()
    strip(text)
    assert time.process_time() - start < MOST


@pytest.mark.parametrize(
    "token", ["[", "![", "^[", "[[", "[a][", "@[", "<![CDATA[", "{% comment %}", "{{< comment >}}"]
)
def test_signs_without_an_end(token: str) -> None:
    assert_quick(strip_markdown, token * (30_000 // len(token)))


@pytest.mark.parametrize("token", ["~", "`", "{% ", "{{< ", "{{% ", "{# ", "<!-- a", "a <!-- "])
def test_signs_without_an_end_in_a_long_text(token: str) -> None:
    assert_quick(strip_markdown, token * (120_000 // len(token)))


@pytest.mark.parametrize("sign", [" ", "\t", ">", "> ", "#", "{", "}"])
def test_a_long_heading_and_a_long_address(sign: str) -> None:
    long = sign * (60_000 // len(sign))
    assert_quick(strip_markdown, f"# {long}x\n\n[{long}](a {long}b)\n\n[c][d]\n")


def test_tags_of_components_without_an_end() -> None:
    assert_quick(without_script, "{{< " * 10_000)


def test_brackets_around_all_of_a_text() -> None:
    assert_quick(strip_markdown, "[" * 60_000 + "a" + "]" * 60_000)


def test_a_field_of_a_component_with_many_spaces() -> None:
    assert_quick(strip_markdown, f"::card{{}}\n---\ntitle: a{' ' * 60_000}b\n---\n::\n")


def test_a_title_of_backslashes() -> None:
    assert_quick(words_of_title, "$" + "\\" * 60_000 + "$")


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
    assert_quick(lambda text: without_elements(text, pattern.search), text * 12_000)


@pytest.mark.parametrize(
    "text",
    [f"{OF_NOBODY}a<!-- /wp:group -->b", OF_NOBODY, OF_NOBODY[:-4], OF_NOBODY[:20], "<!-- wp:a {"],
)
def test_many_hidden_blocks(text: str) -> None:
    assert_quick(without_hidden, text * 12_000)
    assert_quick(without_hidden, OF_NOBODY[:-4] + '"hideBlock":true' * 12_000)


@pytest.mark.parametrize(
    "line", ["{% highlight a %}\n", "{{< highlight a >}}\n", "<pre>\n", "<script>\n"]
)
def test_the_end_of_what_begins_in_many_lines_is_sought_once(line: str) -> None:
    def counting(size: int) -> Callable[[], object]:
        return lambda: strip_markdown(line * size)

    assert growth(counting, 200) < 5
