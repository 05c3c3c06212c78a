"""Filters: functions that change what posts hold, and functions that render nodes."""

from __future__ import annotations

import functools
import io
import pickle
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given

import clothbound
from clothbound import Run
from clothbound.diagnostics import Diagnostic, DiagnosticCode
from clothbound.errors import FilterError, ReadError, UsageError
from clothbound.filters import Default, FilterFile, render
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.census import tally
from clothbound.model.check import problems
from clothbound.model.node import Node
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.model.walk import CHILD_FIELDS, walk
from strategies import posts

ROOT = Path(__file__).resolve().parents[1]
SOURCE = """\
# A day

Words with a [link](https://example.org/) and *more*.[^1]

![A pier](pier.png "t")

Fig. 1

> A quotation.

| *head* | b |
|:--|--:|
| cell one | d |

: Caption of a table

[^1]: A note with *words*.
"""


def read(text: str = SOURCE) -> Post:
    return clothbound.read(text.encode(), "markdown")[0]


def written(post: Post, *filters: Any, format: str = "json") -> tuple[Post, clothbound.LossReport]:
    artifact = clothbound.write(post, format, filters=filters)
    made = clothbound.read(artifact.to_bytes(), format)[0]
    return made, artifact.report


def html_of(post: Post, *filters: Any) -> str:
    return clothbound.to_html(post, filters=filters)


def filtered(report: clothbound.LossReport) -> list[Diagnostic]:
    return [d for d in report.diagnostics if d.code is DiagnosticCode.NODE_FILTERED]


def no_quotes(quote: b.Quote) -> None: ...


def loud(text: i.Text) -> i.Text:
    return i.Text(text.text.upper())


# what a filter may return


def test_none_takes_a_node_out_and_the_report_has_its_words() -> None:
    post, report = written(read(), no_quotes)
    assert not [n for n in walk(post) if isinstance(n, b.Quote)]
    (found,) = filtered(report)
    assert found.text == "A quotation."
    assert found.line == 9
    assert str(found).endswith("Quote taken out by the filter 'no_quotes' [node-filtered]")
    (account,) = report.accounts.values()
    assert (account.filtered, account.dropped, account.left_out.words) == (1, 0, 2)
    assert account.written == tally(post)


def test_strict_lets_it_pass() -> None:
    clothbound.write(read("> q"), "text", filters=[no_quotes]).to_bytes(strict=True)


def test_several_nodes_take_the_place_of_one() -> None:
    def twice(quote: b.Quote) -> list[b.Block]:
        return [*quote.children, b.ThematicBreak()]

    def lazily(quote: b.Quote) -> Iterator[b.Block]:
        yield from quote.children
        yield b.ThematicBreak()

    for function in (twice, lazily):
        post, report = written(read("> q\n\nend"), function)
        kinds = [type(node) for node in post.body]
        assert kinds == [b.Paragraph, b.ThematicBreak, b.Paragraph]
        assert not filtered(report)


def test_a_filter_that_returns_the_node_changes_nothing() -> None:
    def same(node: Node) -> Node:
        return node

    def same_post(post: Post) -> Post:
        return post

    post, report = written(read(), same, same_post)
    assert post == written(read())[0]
    assert not filtered(report)


def test_every_place_with_text_is_visited() -> None:
    text = plain_text(written(read(), loud)[0])
    assert text == text.upper()
    for words in ("HEAD", "CELL ONE", "CAPTION OF A TABLE", "A NOTE WITH WORDS.", "FIG. 1"):
        assert words in text


def test_titles_of_boxes_terms_and_captions_are_visited() -> None:
    figure = b.Figure(i.Image("a.png"), (i.Text("caption"),))
    body = (
        b.Callout((b.Paragraph((i.Text("x"),)),), (i.Text("title"),)),
        b.DefinitionList((b.DefinitionItem((i.Text("term"),), ((b.Paragraph((i.Text("d"),)),),)),)),
        b.Gallery((figure,), (i.Text("of all"),)),
        b.Media("audio", "a.mp3", caption=(i.Text("sound"),)),
    )
    text = plain_text(written(Post(Metadata(title="T"), body), loud)[0])
    assert text == text.upper()
    assert all(word in text for word in ("TITLE", "TERM", "CAPTION", "OF ALL", "SOUND"))


def test_filters_are_applied_in_order_and_see_children_first() -> None:
    seen: list[str] = []

    def first(node: i.Text | b.Paragraph) -> Node:
        seen.append(plain_text(node))
        return i.Text("b") if isinstance(node, i.Text) else node

    def second(text: i.Text) -> i.Text:
        seen.append(text.text)
        return i.Text("c")

    post, _ = written(read("a"), first, second)
    assert seen == ["a", "b", "b"]
    assert plain_text(post) == "c"


def test_texts_are_merged_and_links_within_links_parted() -> None:
    def linked(node: i.Emphasis | i.Text) -> Any:
        link = i.Link((i.Text("new"),), "https://example.org/2")
        return link if isinstance(node, i.Emphasis) else (node, i.Text("!"))

    post, _ = written(read("[a *b* c](https://example.org/1) d"), linked)
    assert not list(problems(post))


# what goes with a node


def test_what_holds_nothing_goes_and_a_cell_stays() -> None:
    def no_text(text: i.Text) -> None: ...

    post, report = written(read(), no_text)
    left = [type(node) for node in walk(post)]
    assert set(left) == {b.Figure, i.Image, b.Table, b.Cell}
    assert not post.footnotes
    (account,) = report.accounts.values()
    assert account.written == tally(post)
    assert "A note with" in {found.text.strip() for found in filtered(report)}


def test_lists_and_rows_that_lose_everything_go_and_rows_without_cells_stay() -> None:
    def no_items(node: b.ListItem | b.Cell | b.DefinitionItem | b.Figure) -> None: ...

    row = (b.Cell((i.Text("x"),)),)
    body = (
        b.List((b.ListItem((paragraph("a"),)),)),
        b.DefinitionList((b.DefinitionItem((i.Text("t"),), ((paragraph("d"),),)),)),
        b.Gallery((b.Figure(i.Image("a.png")),)),
        b.Gallery((b.Figure(i.Image("b.png")),), (i.Text("words"),)),
        b.Table((), (row, ())),
    )
    post, report = written(Post(Metadata(), body), no_items)
    assert [type(node) for node in post.body] == [b.Gallery, b.Table]
    assert post.body[1] == b.Table((), ((),))
    (account,) = report.accounts.values()
    assert account.written == tally(post)


def paragraph(text: str) -> b.Paragraph:
    return b.Paragraph((i.Text(text),))


def test_a_picture_takes_its_figure_along_and_its_caption_is_in_the_report() -> None:
    def no_pictures(image: i.Image) -> None: ...

    figure = b.Figure(i.Image("a.png"), (i.Text("A caption"),))
    linked = b.Paragraph((i.Link((i.Image("b.png"),), "https://example.org"),))
    post, report = written(Post(Metadata(), (figure, linked)), no_pictures)
    assert not post.body
    assert {(d.message, d.text) for d in filtered(report)} == {
        ("Image taken out by the filter 'no_pictures'", ""),
        ("Figure taken out with its picture", "A caption"),
    }


def test_a_note_goes_with_its_last_mark() -> None:
    def no_first(paragraph: b.Paragraph) -> b.Paragraph | None:
        return None if plain_text(paragraph).startswith("Words") else paragraph

    post, report = written(read(), no_first)
    assert not post.footnotes
    assert "A note with words." in [found.text for found in filtered(report)]


def test_a_link_that_was_taken_out_is_told() -> None:
    def unlinked(link: i.Link) -> Any:
        return link.children

    _, report = written(read(), unlinked)
    assert [found.message for found in filtered(report)] == [
        "Link changed by the filter 'unlinked', 1 link less"
    ]
    (account,) = report.accounts.values()
    assert account.written.links == 0


def test_words_that_a_filter_replaces_are_in_the_report_and_no_others() -> None:
    def mended(text: i.Text) -> i.Text:
        return i.Text(text.text.replace("quotation", "citation"))

    _, report = written(read(), mended)
    assert [found.text for found in filtered(report)] == ["quotation."]


@given(posts(as_read=True), posts(as_read=True))
def test_what_is_written_is_counted(post: Post, other: Post) -> None:
    """Half of all nodes are taken out, and another's blocks come in."""
    number = 0

    def half(node: Node) -> Node | None:
        nonlocal number
        number += 1
        return node if number % 2 or isinstance(node, b.Cell) else None

    def more(paragraph: b.Paragraph) -> tuple[b.Block, ...]:
        return (paragraph, *other.body)

    artifact = clothbound.write(post, "json", filters=[half, more])
    made = clothbound.read(artifact.to_bytes(), "json")[0]
    (account,) = artifact.report.accounts.values()
    assert account.written == tally(made)
    assert not [p for p in problems(made) if "mark without a note" not in p]


# posts


def test_a_filter_for_posts_gets_the_post_and_the_title_is_in_the_contents() -> None:
    def plain_title(post: Post) -> Post:
        metadata = msgspec.structs.replace(post.metadata, title=f"New {post.metadata.title}")
        return msgspec.structs.replace(post, metadata=metadata, body=post.body[:1])

    posts = [read("# One\n\nwords\n\nend"), read("# Two\n\nwords")]
    artifact = clothbound.write(posts, "epub", filters=[plain_title])
    archive = zipfile.ZipFile(io.BytesIO(artifact.to_bytes()))
    navigation = next(archive.read(n).decode() for n in archive.namelist() if "contents" in n)
    assert "New One" in navigation
    assert ">One<" not in navigation
    assert [found.text for found in filtered(artifact.report)] == ["end"]


def test_a_filter_decides_neither_keys_nor_who_may_see_a_post() -> None:
    def published(post: Post) -> Post:
        metadata = msgspec.structs.replace(post.metadata, is_draft=False)
        return msgspec.structs.replace(post, metadata=metadata)

    draft = Post(Metadata(title="T", is_draft=True), source_body())
    with pytest.raises(FilterError, match=r"metadata\.is_draft"):
        clothbound.write(draft, "json", filters=[published]).to_bytes()


def for_posts(make: Callable[[Post], Any]) -> Callable[[Post], Any]:
    def bad(post: Post) -> Any:
        return make(post)

    return bad


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda post: None, r"returned None for 'T', not a Post. Hint: .*posts\.filter"),
        (lambda post: "x", r"returned 'x' for 'T', not a Post. Hint: return the post, [^;]*$"),
        (lambda post: post.body, r"returned a Paragraph for 'T', not a Post"),
        (
            lambda post: msgspec.structs.replace(post, body="words"),
            r"returned a post for 'T' with body that cannot be: Expected array, got str\. Hint",
        ),
        (
            lambda post: msgspec.structs.replace(post, footnotes=(b.Paragraph(),)),
            r"with footnotes that cannot be: Object missing required field id - at \[0\]\. Hint",
        ),
    ],
)
def test_what_is_no_post_is_an_error(make: Callable[[Post], Any], message: str) -> None:
    with pytest.raises(FilterError, match=message):
        clothbound.to_html(Post(Metadata(title="T"), source_body()), filters=[for_posts(make)])


def test_words_of_titles_that_go_are_in_the_report() -> None:
    def shorter(post: Post) -> Post:
        metadata = msgspec.structs.replace(post.metadata, title="Pier", subtitle="")
        return msgspec.structs.replace(post, metadata=metadata)

    post = Post(Metadata(title="Letter 12: Pier", subtitle="Sub"), source_body())
    assert [found.text for found in filtered(written(post, shorter)[1])] == ["Letter 12: Sub"]


def test_a_figure_holds_one_picture() -> None:
    def two(image: i.Image) -> Any:
        return (image, i.Text("x"))

    def word(image: i.Image) -> Any:
        return i.Text("x")

    post = Post(Metadata(title="T"), (b.Figure(i.Image("a.png")),))
    hint = "for Figure.image, which holds one Image, in 'T'. Hint: visit the Figure"
    for function, returned in ((two, "2 nodes"), (word, "a Text")):
        with pytest.raises(FilterError, match=re.escape(f"returned {returned} {hint}")):
            written(post, function)

    def turned(image: i.Image) -> Any:
        return i.Image("b.png")

    assert written(post, turned)[0].body == (b.Figure(i.Image("b.png")),)


def test_an_error_at_a_node_without_a_line_names_the_post() -> None:
    def broken(image: i.Image) -> None:
        raise ValueError

    post = Post(Metadata(title="T"), (b.Figure(i.Image("a.png")),))
    with pytest.raises(FilterError, match=r"raised ValueError, at an Image in T$"):
        written(post, broken)


def source_body() -> tuple[b.Block, ...]:
    return (b.Paragraph((i.Text("words"),)),)


def test_a_filter_does_not_see_what_the_product_must_not_hold() -> None:
    seen: list[str] = []

    def no_walls(wall: b.PaywallBreak) -> None: ...

    def look(text: i.Text) -> i.Text:
        seen.append(text.text)
        return text

    body = (*source_body(), b.PaywallBreak(), b.Paragraph((i.Text("paid"),)))
    post = Post(Metadata(title="T"), body)
    data = clothbound.write(post, "rss", filters=[no_walls, look]).to_bytes()
    assert b"words" in data
    assert b"paid" not in data
    assert set(seen) == {"words"}
    assert b"paid" in clothbound.write(post, "html", filters=[no_walls, look]).to_bytes()


def test_links_that_a_filter_makes_to_secret_posts_are_cut() -> None:
    def linked(text: i.Text) -> i.Link:
        return i.Link((text,), "https://example.org/p/secret")

    public = Post(
        Metadata(title="T", slug="open", canonical_url="https://example.org/p/open"), source_body()
    )
    secret = Post(
        Metadata(
            title="S", slug="secret", is_draft=True, canonical_url="https://example.org/p/secret"
        ),
        source_body(),
    )
    files = zipfile.ZipFile(
        io.BytesIO(clothbound.write([public, secret], "site", filters=[linked]).to_bytes())
    )
    assert not [name for name in files.namelist() if b"p/secret" in files.read(name)]


def test_posts_are_filtered_one_by_one_when_they_are_written() -> None:
    asked: list[str] = []

    def look(post: b.Paragraph) -> b.Paragraph:
        asked.append(plain_text(post))
        return post

    artifact = clothbound.write([read("one"), read("two")], "json", filters=[look])
    assert not asked
    artifact.to_bytes()
    assert asked == ["one", "two"]


# errors


def returns(value: object) -> Callable[[b.Paragraph], Any]:
    def bad(paragraph: b.Paragraph) -> Any:
        return value

    return bad


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("text", r"'bad' returned 'text' for a Paragraph in <bytes>:1"),
        (3, r"returned 3 for a Paragraph"),
        (b.Paragraph, r"returned a StructMeta for a Paragraph"),
        (i.Text("x"), r"returned a Text for a Paragraph in <bytes>:1, where a block must stand"),
        ((b.ThematicBreak(), "x"), r"returned 'x' for a Paragraph"),
        (b.ListItem(), r"returned a ListItem .* where a block must stand"),
        (b.Paragraph("words"), r"cannot be: Expected array, got str - at children"),  # type: ignore[arg-type]
        (b.Paragraph((b.Poll(),)), r"cannot be: Invalid value 'Poll' - at children\[0\]"),  # type: ignore[arg-type]
        (b.Heading((), "1"), r"cannot be: Expected int, got str"),  # type: ignore[arg-type]
        ({"a": 1}, r"returned a dict for a Paragraph"),
    ],
)
def test_what_cannot_stand_there_is_an_error_that_names_the_filter(
    value: object, message: str
) -> None:
    with pytest.raises(FilterError, match=message) as caught:
        written(read("words"), returns(value))
    assert caught.value.source == __file__
    assert "def bad" in Path(__file__).read_text().split("\n")[caught.value.line - 1]


def test_lists_in_the_place_of_tuples_are_taken() -> None:
    new = b.Paragraph([i.Text("new")])  # type: ignore[arg-type]
    assert plain_text(written(read("words"), returns(new))[0]) == "new"
    clothbound.write(read("words"), "html", filters=[returns(new)]).to_bytes()


def test_what_a_filter_raises_names_filter_line_and_post() -> None:
    def broken(paragraph: b.Paragraph) -> b.Paragraph:
        names: dict[str, str] = {}
        return b.Paragraph((i.Text(names["x"]),))

    with pytest.raises(FilterError) as caught:
        written(read("a\n\nwords"), broken)
    assert str(caught.value) == (
        f"{__file__}:{caught.value.line}: the filter 'broken' raised KeyError: 'x', at a Paragraph"
        " in <bytes>:1"
    )
    line = Path(__file__).read_text().split("\n")[caught.value.line - 1]
    assert 'names["x"]' in line


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        ("str", "'bad' has the annotation str, which is not a node"),
        ("b.Poll | None", "has the annotation NoneType"),
        ("b.Poll | Post", "has the annotation Post"),
        ("b.Pol", "has the annotation 'b.Pol', which is not known there"),
        ("list[b.Poll]", "has the annotation list"),
        ("3", "has the annotation 3"),
    ],
)
def test_a_wrong_annotation_is_an_error(annotation: str, message: str) -> None:
    def bad(node: Any) -> None: ...

    bad.__annotations__["node"] = annotation
    with pytest.raises(UsageError, match=message.replace("|", r"\|")) as caught:
        clothbound.write(read(), "json", filters=[bad])
    assert caught.value.source == __file__


@pytest.mark.parametrize("value", [3, b.Poll, None])
def test_what_is_no_filter_is_an_error(value: Any) -> None:
    with pytest.raises(UsageError, match="a filter is a function or the path of a file"):
        clothbound.write(read(), "json", filters=[value])


def test_other_parameters_need_a_default() -> None:
    def two(node: b.Poll, other: int) -> None: ...
    def none() -> None: ...
    def more(node: b.Quote, other: int = 3) -> None: ...

    for function in (two, none):
        with pytest.raises(UsageError, match="but it gets the node"):
            clothbound.write(read(), "json", filters=[function])
    assert filtered(written(read(), more)[1])
    with pytest.raises(UsageError, match="a lambda has no annotation"):
        clothbound.write(read(), "json", filters=[lambda node: node])


def test_any_callable_with_an_annotation_is_a_filter() -> None:
    class Taker:
        def __call__(self, quote: b.Quote) -> None: ...
        def method(self, quote: b.Quote) -> None: ...

    for one in (Taker(), Taker().method, functools.partial(Taker.method, Taker())):
        assert filtered(written(read(), one)[1])


def test_filters_are_given_once_and_one_needs_no_list(tmp_path: Path) -> None:
    file = tmp_path / "filters.py"
    file.write_text(FILE)
    one: Any
    for one in (no_quotes, file, str(file), FilterFile.read(file), iter([no_quotes])):
        data = clothbound.write(read(), "text", filters=one).to_bytes()
        assert b"A quotation." not in data
    assert Run(filters=no_quotes).filters == (no_quotes,)  # type: ignore[arg-type]
    assert b"A quotation." in clothbound.write(read(), "text", filters=None).to_bytes()  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="a filter is a function or the path of a file, not 3"):
        clothbound.write(read(), "text", filters=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="given twice"):
        clothbound.write(read(), "json", filters=[loud], run=Run(filters=[loud]))


def test_a_filter_that_nests_without_end_is_an_error() -> None:
    def deep(paragraph: b.Paragraph) -> b.Block:
        result: b.Block = paragraph
        for _ in range(200):
            result = b.Quote((result,))
        return result

    with pytest.raises(FilterError, match="deeper than 100 levels"):
        written(read("words"), deep)


# the verbs


def test_every_verb_takes_filters(tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text(SOURCE, encoding="utf-8")
    clothbound.convert(source, tmp_path / "a.html", filters=[loud])
    assert "A QUOTATION." in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "A QUOTATION." in clothbound.to_html(read(), filters=[loud])
    run = Run(filters=[loud])
    assert b"A QUOTATION." in clothbound.write(read(), "text", run=run).to_bytes()
    found = clothbound.check(read(), "text", run=Run(filters=[no_quotes]))
    assert DiagnosticCode.NODE_FILTERED in {d.code for d in found}


# files


FILE = """\
from clothbound.model.blocks import Quote
def no_quotes(quote: Quote):
    return None
"""


def test_a_file_of_three_lines(tmp_path: Path) -> None:
    file = tmp_path / "filters.py"
    file.write_text(FILE)
    for one in (file, str(file)):
        _, report = written(read(), one)
        assert [found.text for found in filtered(report)] == ["A quotation."]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["filters.py"]


def test_what_of_a_file_is_a_filter(tmp_path: Path) -> None:
    file = tmp_path / "filters.py"
    file.write_text(
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "from clothbound.model.blocks import Heading, Paragraph, Quote\n"
        "from clothbound.model.inlines import Text\n"
        "from clothbound.model.plain_text import plain_text\n"
        "from clothbound.model.census import tally\n"
        "from clothbound.filters import render\n"
        "@dataclass\n"
        "class Count:\n"
        "    words: int = 0\n"
        "count = Count()\n"
        "def _helper(quote: Quote): raise AssertionError\n"
        "def two(a: Paragraph, b: str): raise AssertionError\n"
        "def bare(quote): raise AssertionError\n"
        "def words(paragraph: Paragraph):\n"
        "    count.words += 1\n"
        "    return Paragraph((*paragraph.children, Text(f' ({count.words})')))\n"
        "@render('html')\n"
        "def quote(node: Quote): return '<aside>q</aside>'\n"
    )
    html = html_of(read("# T\n\na\n\n> b\n\nc"), file)
    assert "<p>a (1)</p>" in html
    assert "<p>c (3)</p>" in html
    assert "<aside>q</aside>" in html
    # It is run afresh for each product.
    assert "<p>a (1)</p>" in html_of(read("a"), file)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = (", 1, "not valid Python"),
        ("\nimport no_such_module", 2, "ModuleNotFoundError: No module named 'no_such_module'"),
        ("x = 1", 0, "has no filter"),
        ("def no_polls(poll): return None", 0, r"has no filter \('no_polls' has no annotation\)"),
        (
            "def f(text: object, n: int): ...\ndef g(): ...",
            0,
            "'f' has 2 parameters without a default, 'g' has 0 parameters without a default",
        ),
        ("raise SystemExit(3)", 1, "SystemExit"),
        ("def words(text: str): return text", 1, "the annotation str, which is not a node"),
        (
            "from clothbound.filters import render\n@render('htm')\ndef f(x): pass",
            2,
            "did you mean 'html'",
        ),
        ("\0", 0, "not valid Python"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, line: int, message: str) -> None:
    file = tmp_path / "filters.py"
    file.write_text(text)
    with pytest.raises(UsageError, match=message) as caught:
        clothbound.write(read(), "json", filters=[file])
    assert (caught.value.source, caught.value.line) == (str(file), line)
    with pytest.raises(ReadError, match="No such file"):
        clothbound.write(read(), "json", filters=[tmp_path / "other.py"])


# many conversions


def test_filters_in_a_pool_of_processes(tmp_path: Path) -> None:
    file = tmp_path / "filters.py"
    file.write_text(FILE)
    sources = []
    for name in ("a", "b"):
        sources.append(tmp_path / f"{name}.md")
        sources[-1].write_text(SOURCE, encoding="utf-8")
    with ProcessPoolExecutor(2) as pool:
        made = clothbound.convert_many(
            sources, to="text", folder=tmp_path / "out", filters=[file, loud], executor=pool
        )
        file.unlink()  # The processes need not have it.
        results = list(made)
    for result in results:
        assert result.error is None
        assert result.report is not None
        assert "A quotation." in [found.text for found in filtered(result.report)]
        text = Path(result.target).read_text(encoding="utf-8")
        assert "WORDS WITH" in text
        assert "QUOTATION" not in text


def test_what_a_pool_cannot_have_is_refused_at_the_door(tmp_path: Path) -> None:
    def local(quote: b.Quote) -> None: ...

    unnamed: Any = lambda quote: None  # noqa: E731
    unnamed.__annotations__["quote"] = b.Quote
    for function, name in ((local, "local"), (unnamed, "<lambda>")):
        many = functools.partial(
            clothbound.convert_many, [], to="text", folder=tmp_path, filters=[function]
        )
        with (
            ProcessPoolExecutor(1) as pool,
            pytest.raises(UsageError, match=f"the filter '{name}' cannot be sent"),
        ):
            many(executor=pool)
        for factory in (ProcessPoolExecutor, functools.partial(ProcessPoolExecutor, 1)):
            with pytest.raises(UsageError, match=f"the filter '{name}' cannot be sent"):
                many(executor=factory)
        with pytest.raises(UsageError, match=f"the filter '{name}' cannot be sent"):
            list(many(executor=lambda: ProcessPoolExecutor(1)))
        with ThreadPoolExecutor(1) as threads:
            assert list(many(executor=threads)) == []
        assert list(many()) == []


def test_a_filter_that_raises_stops_one_source_alone(tmp_path: Path) -> None:
    def fussy(text: i.Text) -> i.Text:
        if "bad" in text.text:
            raise ValueError("no")
        return text

    for name in ("good", "bad"):
        (tmp_path / f"{name}.md").write_text(name)
    results = list(
        clothbound.convert_many(
            [tmp_path / "good.md", tmp_path / "bad.md"],
            to="text",
            folder=tmp_path / "out",
            filters=[fussy],
        )
    )
    assert [type(result.error) for result in results] == [type(None), FilterError]
    assert "bad.md:1" in str(results[1].error)
    assert pickle.loads(pickle.dumps(results[1].error)).line == results[1].error.line  # type: ignore[union-attr]


def test_a_file_of_filters_can_be_sent(tmp_path: Path) -> None:
    file = tmp_path / "filters.py"
    file.write_text(FILE)
    one = FilterFile.read(file)
    assert pickle.loads(pickle.dumps(one)) == one


# rendering


@render("html")
def aside(node: b.Quote, default: Default) -> str:
    return f'<aside class="q" onclick="x()">{default(node.children)}<script>bad</script></aside>'


def test_a_node_is_rendered_in_ones_own_way() -> None:
    html = html_of(read("> a *b*[^1]\n\n[^1]: n"), aside)
    assert '<aside class="q"><p>a <em>b</em><sup>' in html
    assert "script" not in html
    assert "onclick" not in html
    assert 'id="fnref:1"' in html  # What the default returned is kept as it is.


def test_the_default_renders_the_node_itself_and_others() -> None:
    @render("html")
    def framed(node: b.Quote, default: Default) -> str:
        again = default(b.Quote((b.Paragraph((i.Text("more"),)),)))
        return f"<div>{default(node)}{again}{default(i.Strong((i.Text('x'),)))}</div>"

    html = html_of(read("> a"), framed)
    assert html.count("<blockquote>") == 2
    assert "<strong>x</strong>" in html


def test_of_two_functions_the_later_one_is_asked_first() -> None:
    @render("html")
    def inner(node: b.Quote, default: Default) -> str:
        return f"<i>inner</i>{default(node)}"

    @render("web")
    def outer(node: b.Quote, default: Default) -> str:
        return f"<b>outer</b>{default(node)}"

    assert "<b>outer</b><i>inner</i><blockquote>" in html_of(read("> a"), inner, outer)


def test_products_of_render() -> None:
    def marked(product: str) -> Any:
        @render(product)
        def mark(node: b.Quote, default: Default) -> str:
            return f"<p>in {product}</p>{default(node)}"

        return mark

    filters = [marked(product) for product in ("html", "web", "epub", "pdf")]
    page = clothbound.write(read("> a"), "html", filters=filters).to_bytes().decode()
    assert "in html" in page
    assert "in web" in page
    assert "in epub" not in page
    book = clothbound.write(read("> a"), "epub", filters=filters).to_bytes()
    archive = zipfile.ZipFile(io.BytesIO(book))
    text = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".xhtml"))
    assert "in html" in text
    assert "in epub" in text
    assert "in web" not in text


def test_a_book_stays_well_formed_whatever_a_function_returns() -> None:
    from lxml import etree

    @render("epub")
    def broken(node: b.Quote, default: Default) -> str:
        return f"<p>one<br>two & three {default(node)} <li>x"

    @render("epub")
    def phrase(node: i.Emphasis, default: Default) -> str:
        return f"<div>{default(node)}</div>"

    book = clothbound.write(read("> a\n\nb *c* d"), "epub", filters=[broken, phrase]).to_bytes()
    archive = zipfile.ZipFile(io.BytesIO(book))
    pages = [archive.read(n) for n in archive.namelist() if n.endswith(".xhtml")]
    for page in pages:
        etree.fromstring(page)
    text = b"".join(pages)
    assert b"<blockquote>" in text
    assert b"three" in text
    assert b"<span><em>c</em></span>" in text


def test_words_that_a_function_leaves_out_are_in_the_report() -> None:
    @render("html")
    def short(node: b.Quote) -> str:
        return "<p>a <b>qu</b>otation</p>"

    artifact = clothbound.write(read("> a quotation long"), "html-fragment", filters=[short])
    artifact.to_bytes()
    assert [found.text for found in filtered(artifact.report)] == ["long"]


def test_texts_and_pictures_can_be_rendered() -> None:
    @render("html")
    def dots(node: i.Text) -> str:
        return node.text.replace("a", "<wbr>a")

    @render("html")
    def lazy(node: i.Image, default: Default) -> str:
        return f'<span class="pic">{default(node)}</span>'

    html = html_of(read("banal ![x](data:image/png;base64,AAAA) y"), dots, lazy)
    assert "b<wbr>an<wbr>al" in html
    assert '<span class="pic">' in html


@pytest.mark.parametrize("value", [None, 3, b"x", ("a",)])
def test_a_render_function_returns_text(value: Any) -> None:
    @render("html")
    def bad(node: b.Quote) -> str:
        return value

    with pytest.raises(
        FilterError, match=r"'bad' returned .* for a Quote in <bytes>, and not markup"
    ):
        html_of(read("> a"), bad)


def test_errors_of_render() -> None:
    @render("html")
    def broken(node: b.Quote, default: Default) -> str:
        return str(1 // 0)

    @render("html")
    def inside(node: b.Quote, default: Default) -> str:
        return f'<p title="{default(node)}">x</p>'

    with pytest.raises(FilterError, match="'broken' raised ZeroDivisionError"):
        html_of(read("> a"), broken)
    with pytest.raises(FilterError, match="not into an attribute"):
        html_of(read("> a"), inside)

    @render("html")
    def item(node: b.ListItem) -> str:
        return ""

    @render("html")
    def whole(node: Post) -> str:
        return ""

    with pytest.raises(UsageError, match="renders ListItem"):
        html_of(read(), item)
    with pytest.raises(UsageError, match="renders a Post"):
        html_of(read(), whole)
    with pytest.raises(UsageError, match="@render needs a product"):
        render()
    with pytest.raises(UsageError, match="a function"):
        render(item)  # type: ignore[arg-type]


def test_every_kind_of_node_may_be_visited() -> None:
    for kind in CHILD_FIELDS:

        def visit(node: Any) -> Any:
            return node

        visit.__annotations__["node"] = kind
        clothbound.write(read(), "json", filters=[visit]).to_bytes()


# collections


def letters() -> clothbound.Collection:
    return clothbound.read(ROOT / "examples" / "letters" / "2021")


def test_map_is_lazy_and_keeps_the_index() -> None:
    asked: list[str] = []

    def first_block(post: Post) -> Post:
        asked.append(post.metadata.key)
        return msgspec.structs.replace(post, body=post.body[:1])

    mapped = letters().map(first_block)
    assert asked == []
    assert [m.key for m in mapped.index] == [m.key for m in letters().index]
    assert len(mapped[2].body) == 1
    assert asked == [mapped.index.entries[2].metadata.key]
    assert len(clothbound.book(mapped, year=2021)) == len(mapped)


def test_map_refuses_what_the_index_would_not_know() -> None:
    def renamed(post: Post) -> Post:
        return msgspec.structs.replace(post, metadata=Metadata(title="x"))

    with pytest.raises(UsageError, match="map: renamed changed the metadata"):
        letters().map(renamed)[0]
    with pytest.raises(UsageError, match="returned a NoneType, not a Post"):
        letters().map(lambda post: None)[0]  # type: ignore[arg-type, return-value]


def test_filter_keeps_posts_and_parses_them_only_when_it_must() -> None:
    found = letters()

    def of_march(metadata: Metadata) -> bool:
        return metadata.published is not None and metadata.published.day.startswith("2021-03")

    parsed: list[int] = []
    watched = found.map(lambda post: parsed.append(1) or post)  # type: ignore[func-returns-value]
    chosen = watched.filter(of_march)
    assert not parsed
    assert 0 < len(chosen) < len(found)
    assert len(chosen.index) == len(chosen)
    assert [p.metadata.key for p in chosen] == [m.key for m in chosen.index]
    by_post = watched.filter(lambda post: of_march(post.metadata))
    assert [m.key for m in by_post.index] == [m.key for m in chosen.index]
    assert chosen.index.whole is found.index.whole


def test_filter_keeps_texts_and_drops_empty_parts(tmp_path: Path) -> None:
    (tmp_path / "foreword.md").write_text("Words before.")
    book = clothbound.book(
        letters(),
        order=clothbound.Order(parts="months"),
        texts={"foreword": tmp_path / "foreword.md"},
    )
    chosen = book.filter(lambda post: post.metadata.key == book.parts[1].keys[0])
    assert len(chosen) == 2
    assert [part.title for part in chosen.parts] == [book.parts[1].title]
    clothbound.write(chosen, "epub").to_bytes()


def test_texts_around_the_mark_of_an_emptied_note_are_merged() -> None:
    def no_notes(paragraph: b.Paragraph) -> b.Paragraph | None:
        return None if plain_text(paragraph) == "note" else paragraph

    post, _ = written(read("one[^1] two\n\n[^1]: note"), no_notes)
    assert post.body == (paragraph("one two"),)
    assert not list(problems(post))


def test_notes_that_a_filter_empties_take_their_marks_along() -> None:
    def no_notes(paragraph: b.Paragraph) -> b.Paragraph | None:
        return None if plain_text(paragraph).startswith("A note") else paragraph

    post, _ = written(read(), no_notes)
    assert not post.footnotes
    assert not [n for n in walk(post) if isinstance(n, i.NoteRef)]


def test_no_other_module_runs_files_of_filters() -> None:
    package = Path(clothbound.__file__).parent
    places = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(
            r"\b(exec|eval|compile)\((code|file|annotation)\b|__clothbound_render__",
            path.read_text(encoding="utf-8"),
        )
    }
    assert places == {"filters.py"}
