"""Tests walk, rewrite, plain_text and tally, including with trees that are far too deep."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis.strategies import sampled_from, sets

import clothbound
from clothbound import formats
from clothbound.context import Context
from clothbound.diagnostics import LossReport
from clothbound.model import blocks as b
from clothbound.model import census as census_module
from clothbound.model import inlines as i
from clothbound.model.census import PostCensus, take_census, tally
from clothbound.model.characters import has_byte_of
from clothbound.model.check import canonical
from clothbound.model.index import Index
from clothbound.model.node import Node, Origin
from clothbound.model.plain_text import (
    _BEYOND,
    _UNSPACED,
    count_words,
    cut_at_word,
    is_bold_heading,
    letters_and_digits,
    own_text,
    plain_text,
    prose_sample,
)
from clothbound.model.post import Footnote, Post
from clothbound.model.walk import CHILD_FIELDS, children, replace, rewrite, walk, with_blocks
from clothbound.substack.components import type_nodes
from clothbound.substack.pictures import restore_addresses
from clothbound.writers.substack.drafts import without_raw
from sample_nodes import paragraph
from strategies import posts


def deep(levels: int) -> b.Block:
    node: b.Block = paragraph("bottom")
    for _ in range(levels):
        node = b.Quote((node,))
    return node


def recursive_walk(node: Node) -> list[Node]:
    return [node, *(below for child in children(node) for below in recursive_walk(child))]


@given(posts())
def test_walk_is_a_walk_in_reading_order(post: Post) -> None:
    expected = [n for block in post.body for n in recursive_walk(block)]
    expected += [
        n for note in post.footnotes for block in note.children for n in recursive_walk(block)
    ]
    found = list(walk(post))
    assert len(found) == len(expected)
    assert all(a is b for a, b in zip(found, expected, strict=True))


def test_walk_takes_every_kind_of_root() -> None:
    note = Footnote("1", (paragraph("note"),))
    post = Post(body=(paragraph("body"),), footnotes=(note,))
    assert [n.text for n in walk(post) if isinstance(n, i.Text)] == ["body", "note"]
    assert [type(n) for n in walk(note)] == [b.Paragraph, i.Text]
    assert [type(n) for n in walk(paragraph("x"))] == [b.Paragraph, i.Text]
    assert [type(n) for n in walk(iter((i.Text("a"), i.Code("b"))))] == [i.Text, i.Code]
    assert not list(walk(()))


def test_every_field_of_nodes_is_walked() -> None:
    kinds = {kind.__name__ for kind in CHILD_FIELDS} | {"Block", "Inline", "Content"}
    for kind in CHILD_FIELDS:
        written = {
            name: annotation
            for ancestor in kind.__mro__
            for name, annotation in vars(ancestor).get("__annotations__", {}).items()
        }
        holds_nodes = {n for n, a in written.items() if kinds & set(re.findall(r"\w+", str(a)))}
        assert set(CHILD_FIELDS[kind]) == holds_nodes, kind.__name__


def test_a_mention_is_walked() -> None:
    found = walk(i.Mention((i.Emphasis((i.Text("Ada"),)),)))
    assert [type(n) for n in found] == [i.Mention, i.Emphasis, i.Text]


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (i.Text("a"), "a"),
        (i.Code("a"), "a"),
        (i.Math("x"), "x"),
        (i.LineBreak(), "\n"),
        (i.RawInline("html", "<b>"), "<b>"),
        (i.Image("a.png", "alt"), ""),
        (b.CodeBlock("a\nb"), "a\nb"),
        (b.MathBlock("x"), "x"),
        (b.RawBlock("html", "<hr>"), "<hr>"),
        (
            b.Embed("post", "h", title="T", text="said", author="Ann", date="May"),
            "T\nsaid\nAnn\nMay",
        ),
        (b.Embed("post", "h", provider="P"), ""),
        (b.Button("Go", "h"), "Go"),
        (b.SubscribeForm("Read on", "Subscribe"), "Read on\nSubscribe"),
        (b.SubscribeForm("", "Subscribe"), "Subscribe"),
        (b.FileDownload("a.pdf", "A paper", "3 kB"), "A paper\n3 kB"),
        (b.FileDownload("a.pdf", "A paper"), "A paper"),
        (b.Poll("Which?", ("One", "Two")), "Which?\nOne\nTwo"),
        (b.Recipe("Soup", ("salt",), ("Boil.", "Eat.")), "Soup\nsalt\nBoil.\nEat."),
    ],
)
def test_the_words_that_a_node_holds_itself(node: Node, words: str) -> None:
    assert own_text(node) == words


@pytest.mark.parametrize(
    ("nodes", "is_heading"),
    [
        ((i.Strong((i.Text("The sea"),)),), True),
        ((i.Text(" "), i.Strong((i.Emphasis((i.Text("The sea"),)),)), i.Text("\n")), True),
        ((i.Strong((i.Text("Is it?"),)),), True),
        ((i.Strong((i.Text("A sentence."),)),), False),
        ((i.Strong((i.Text("A clause,"),)),), False),
        ((i.Strong((i.Text("One line"), i.LineBreak(), i.Text("and another"))),), False),
        ((i.Strong((i.Text("n" * 99),)),), True),
        ((i.Strong((i.Text("n" * 100),)),), False),
        ((i.Strong((i.Text("n" * 200 + "?"),)),), True),
        ((i.Strong((i.Text("“" + "n" * 200 + "？”"),)),), True),
        ((i.Strong((i.Text("n" * 300 + "?"),)),), False),
        ((i.Strong((i.Text("Γιατί;"),)),), True),
        ((i.Strong((i.Text("一句话。"),)),), False),
        ((i.Strong((i.Text("एक वाक्य।"),)),), False),
        ((i.Strong((i.Text(" "),)),), False),
        ((i.Strong((i.Text("a"),)), i.Text("b")), False),
        ((i.Strong((i.Text("a"),)), i.Strong((i.Text("b"),))), False),
        ((i.Emphasis((i.Text("a"),)),), False),
        ((), False),
    ],
)
def test_a_paragraph_in_bold_that_is_a_heading(
    nodes: tuple[i.Inline, ...], is_heading: bool
) -> None:
    assert is_bold_heading(nodes) is is_heading


def test_a_table_is_walked_row_by_row_with_its_caption_first() -> None:
    def cell(text: str) -> b.Cell:
        return b.Cell((i.Text(text),))

    table = b.Table(
        ((cell("h1"), cell("h2")),), ((cell("a"), cell("b")), (cell("c"),)), (), (i.Text("cap"),)
    )
    assert [n.text for n in walk(table) if isinstance(n, i.Text)] == [
        "cap",
        "h1",
        "h2",
        "a",
        "b",
        "c",
    ]


def test_definitions_are_walked_below_their_term() -> None:
    item = b.DefinitionItem((i.Text("t"),), ((paragraph("d1"), paragraph("d2")), (paragraph("e"),)))
    found = [n.text for n in walk(b.DefinitionList((item,))) if isinstance(n, i.Text)]
    assert found == ["t", "d1", "d2", "e"]


@given(posts())
def test_a_rewrite_that_changes_nothing_returns_the_very_post(post: Post) -> None:
    assert rewrite(post, lambda node: node) is post


@given(posts())
def test_a_rewrite_visits_every_node_once(post: Post) -> None:
    visited: list[Node] = []

    def visit(node: Node) -> Node:
        visited.append(node)
        return node

    rewrite(post, visit)
    assert sorted(map(id, visited)) == sorted(map(id, walk(post)))


@given(posts())
def test_a_rewrite_can_change_every_node(post: Post) -> None:
    changed = rewrite(post, lambda node: msgspec.structs.replace(node, id="x"))
    assert all(node.id == "x" for node in walk(changed))
    assert [type(n) for n in walk(changed)] == [type(n) for n in walk(post)]


def test_a_rewrite_drops_replaces_and_multiplies() -> None:
    def visit(node: Node) -> Node | tuple[Node, ...] | None:
        match node:
            case i.Code():
                return None
            case i.Emphasis(inner):
                return inner
            case i.Text("a"):
                return i.Text("A")
        return node

    body = (b.Paragraph((i.Text("a"), i.Code("x"), i.Emphasis((i.Text("b"), i.Text("c"))))),)
    (result,) = rewrite(body, visit)
    assert result.children == (i.Text("A"), i.Text("b"), i.Text("c"))


def test_untouched_subtrees_are_shared() -> None:
    first, second = paragraph("same"), paragraph("other")
    changed = rewrite(
        (b.Quote((first,)), b.Quote((second,))),
        lambda n: i.Text("new") if n == i.Text("other") else n,
    )
    assert changed[0].children[0] is first
    assert changed[1].children[0].children == (i.Text("new"),)


@pytest.mark.parametrize("answer", [None, (), (i.Image("a"), i.Image("b")), i.Text("x")])
def test_a_field_of_one_node_takes_one_node_of_its_type(answer: object) -> None:
    figure = b.Figure(i.Image("a.png"))
    with pytest.raises(TypeError, match=r"Figure\.image holds one Image"):
        rewrite(figure, lambda n: answer if isinstance(n, i.Image) else n)  # type: ignore[arg-type, return-value]


def test_plain_text_sets_blocks_apart_and_leaves_alternatives_and_marks_out() -> None:
    body = (
        b.Heading((i.Text("Title"),)),
        b.Paragraph(
            (
                i.Text("one"),
                i.LineBreak(),
                i.Emphasis((i.Text("two"),)),
                i.NoteRef("1"),
                i.Image("x.png", "alt"),
                i.Link((i.Text("three"),), "https://example.org"),
            )
        ),
        b.Embed("tweet", "https://example.org", "Twitter", "T", "said", "Ann", "May"),
        b.CodeBlock("code"),
    )
    assert plain_text(body) == "Title\n\none\ntwothree\n\nT\nsaid\nAnn\nMay\n\ncode"


def test_a_sample_is_the_beginning_of_the_prose_alone() -> None:
    link = i.Link((i.Text("there"),), "https://a.example/address")
    short = Post(body=(paragraph("Go ", link, i.Code("code"), i.Math("x")), b.CodeBlock("block")))
    assert prose_sample(short) == "Go there"
    long = Post(body=(paragraph("abcd" * 99), paragraph("efgh" * 99)))
    assert prose_sample(long) == "abcd" * 99 + "\nef"  # after a line ending


@given(posts())
def test_a_tally_counts_the_words_of_plain_text(post: Post) -> None:
    count = tally(post)
    assert count.words == count_words(plain_text(post))
    assert count.nodes == len(list(walk(post)))
    assert count.notes == len(post.footnotes)
    assert count.pictures == sum(isinstance(n, i.Image) for n in walk(post))
    assert count.links == sum(
        isinstance(n, i.Link) or (isinstance(n, b.Figure) and bool(n.href)) for n in walk(post)
    )


@given(posts())
def test_a_census_says_what_walks_would_find(post: Post) -> None:
    census = take_census(post)
    nodes = list(walk(post))
    body = list(walk(post.body))
    assert census.tally == tally(post)
    assert census.kinds == {type(node) for node in nodes} - {i.Text}
    assert census.classes == {name for node in nodes for name in node.classes}
    assert census.ids == {node.id for node in nodes} - {""}
    assert census.levels == tuple(n.level for n in body if isinstance(n, b.Heading))
    assert census.marks == tuple(n.target for n in body if isinstance(n, i.NoteRef))
    assert "".join(census.text.split()) == "".join(plain_text(post).split())


def all_facts(census: PostCensus) -> list[Any]:
    names = ("tally", "text", "kinds", "classes", "ids", "levels", "marks")
    return [getattr(census, name) for name in names]


@given(posts())
def test_a_census_is_taken_again_of_another_tree_alone(post: Post) -> None:
    context = Context()
    census = context.census(post)
    renamed = replace(post, metadata=replace(post.metadata, title="Another"))
    assert context.census(renamed) is census
    longer = replace(post, body=(*post.body, paragraph("more words")))
    assert all_facts(context.census(longer)) == all_facts(take_census(longer))
    noted = replace(longer, footnotes=(*longer.footnotes, Footnote("new", (paragraph("a note"),))))
    assert context.census(noted).tally.notes == len(post.footnotes) + 1


def test_blocks_that_a_post_still_has_are_not_counted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: list[b.Block] = []

    def own_count(block: b.Block) -> object:
        counted.append(block)
        return count(block)

    count = census_module._count
    monkeypatch.setattr(census_module, "_count", own_count)
    first, second, note = paragraph("one two"), paragraph("three"), paragraph("four")
    post = Post(body=(first, second), footnotes=(Footnote("1", (note,)),))
    counter = census_module.PostCounter()
    assert counter.count(post).tally.words == 4
    new = b.Heading((i.Text("a heading"),), 2, id="a")
    changed = replace(post, body=(first, new, first))
    assert all_facts(counter.count(changed)) == all_facts(take_census(changed))
    assert counted[:4] == [first, second, note, new]


@given(posts(), sets(sampled_from(sorted({*CHILD_FIELDS} - {i.Text}, key=repr)), min_size=1))
def test_a_counted_post_is_rewritten_like_any_other(post: Post, kinds: set[type[Node]]) -> None:
    def visit_for(seen: list[Node]) -> Callable[[Node], Any]:
        def visit(node: Node) -> Any:
            seen.append(node)
            if isinstance(node, b.Paragraph):
                return (node, node) if len(seen) % 2 else None
            return replace(node, id="seen")

        return visit

    seen: list[Node] = []
    seen_of_all: list[Node] = []
    counter = census_module.PostCounter()
    rewritten = counter.rewrite(post, visit_for(seen), kinds)
    assert rewritten == rewrite(post, visit_for(seen_of_all), kinds)
    assert seen == seen_of_all
    assert counter.rewrite(post, lambda node: node, kinds) is post


def test_blocks_without_a_kind_are_not_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    gone_through: list[Any] = []

    def own_rewrite(blocks: tuple[b.Block, ...], *others: Any) -> tuple[b.Block, ...]:
        gone_through.extend(blocks)
        return rewrite(blocks, *others)

    monkeypatch.setattr(census_module, "rewrite", own_rewrite)
    linked = b.Quote((b.Paragraph((i.Link((i.Text("a"),), "b"),)),))
    post = Post(
        body=(paragraph("no link"), linked), footnotes=(Footnote("1", (paragraph("none"),)),)
    )
    rewritten = Context().rewrite(post, lambda link: replace(link, href="c"), {i.Link})
    assert [link.href for link in walk(rewritten, i.Link)] == ["c"]
    assert rewritten.body[0] is post.body[0]
    assert gone_through == [linked]


@given(posts())
def test_the_words_of_a_block_are_those_of_its_census(post: Post) -> None:
    context = Context()
    texts = [context.text_of(block) for block in post.body]
    texts += [context.text_of(block) for note in post.footnotes for block in note.children]
    assert "".join(texts) == context.census(post).text


def test_a_note_on_its_own_counts_as_one_note() -> None:
    assert tally(Footnote("1", (paragraph("two words"),))).notes == 1


def test_every_kind_of_node_has_an_entry_in_the_table() -> None:
    kinds = {
        kind
        for module in (b, i)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Node) and kind is not Node
    }
    assert kinds == set(CHILD_FIELDS)
    assert kinds == i.INLINE | b.BLOCK | {b.ListItem, b.DefinitionItem, b.Cell}
    assert {kind for kind in kinds if kind.__module__ == i.__name__} == i.INLINE


def test_what_needs_no_recursion_takes_any_depth() -> None:
    tree = deep(50_000)
    assert sum(1 for _ in walk(tree)) == 50_002
    assert plain_text(tree) == "bottom"
    assert tally(tree).words == 1


def test_a_linked_figure_is_a_link_and_parts_words() -> None:
    linked = b.Figure(i.Image("x.png"), (i.Text("below"),), "https://a.example/")
    count = tally((paragraph("one"), linked, paragraph("two")))
    assert (count.words, count.links) == (3, 1)


def test_what_recurses_holds_at_the_limit_and_fails_cleanly_far_above_it() -> None:
    at_limit = deep(98)
    assert at_limit == deep(98)
    assert hash(at_limit) == hash(deep(98))
    assert rewrite(at_limit, lambda n: n) is at_limit
    for operation in (lambda t: t == deep(5000), hash, lambda t: rewrite(t, lambda n: n)):
        with pytest.raises(RecursionError):
            operation(deep(5000))


@given(posts())
def test_a_rewrite_of_some_kinds_visits_these_alone(post: Post) -> None:
    kinds = {i.Text, b.Quote, i.Image, b.Cell}
    visited: list[Node] = []

    def visit(node: Node) -> Node:
        visited.append(node)
        return msgspec.structs.replace(node, id="x")

    changed = rewrite(post, visit, kinds)
    assert len(visited) == sum(type(n) in kinds for n in walk(post))
    assert changed == rewrite(post, lambda n: visit(n) if type(n) in kinds else n)
    assert rewrite(post, lambda n: n, kinds) is post


def test_texts_are_compared_by_their_letters_and_digits() -> None:
    assert letters_and_digits("Stra\u00dfe_12: \u201cA\u2013B\u201d!") == "strasse12ab"
    assert letters_and_digits("\u2014 _") == ""


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("of words", "of words"),
        ("a whole text", "a whole …"),
        ("a tale, of it", "a tale …"),
        ("unbroken-words", "unbroken-w …"),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, cut: str) -> None:
    assert cut_at_word(text, 10) == cut


def test_words_without_spaces_between_them() -> None:
    assert count_words("two words") == 2
    assert count_words("naïve café") == 2
    assert count_words("紙は水でできています。") == 6
    assert count_words("The 紙 of 金沢, so") == 6


def noted(post: Post) -> Post:
    """``post`` with something in the origin of each of its notes."""
    notes = tuple(msgspec.structs.replace(n, origin=Origin(data=n.id)) for n in post.footnotes)
    return msgspec.structs.replace(post, footnotes=notes)


def without_children(thing: Node | Footnote | Post) -> list[object]:
    names = CHILD_FIELDS[type(thing)] if isinstance(thing, Node) else ("children",)
    if isinstance(thing, Post):
        names = ("body", "footnotes")
    return [getattr(thing, n) for n in thing.__struct_fields__ if n not in names]


@given(posts())
def test_rewriting_keeps_all_but_the_children(post: Post) -> None:
    post = noted(post)

    def visit(node: Node) -> Node:
        return msgspec.structs.replace(node, text=f"{node.text}!") if type(node) is i.Text else node

    made = rewrite(post, visit)
    assert without_children(made) == without_children(post)
    for new, old in zip(made.footnotes, post.footnotes, strict=True):
        assert without_children(new) == without_children(old)
    pairs = zip(walk(made), walk(post), strict=True)
    for node, before in pairs:
        if type(node) is not i.Text:
            assert without_children(node) == without_children(before)


def every_rewriting() -> dict[str, Callable[[Post], Post]]:
    """What makes a post of a post: the transforms, and what readers, writers and books do."""

    def transform(name: str) -> Callable[[Post], Post]:
        def change(post: Post) -> Post:
            context = Context(report=LossReport("test"), index=Index.of([post]), language="ar")
            return formats.transform(name)(post, context)

        return change

    return {
        **{name: transform(name) for name in formats.TRANSFORMS},
        "without_raw": without_raw,
        "canonical": canonical,
        "restore_addresses": restore_addresses,
        "type_nodes": lambda p: Post(footnotes=type_nodes(p.body, p.footnotes).footnotes),
        "with_blocks": lambda p: with_blocks(p, lambda blocks: (*blocks, paragraph("more"))),
    }


@pytest.mark.parametrize("name", every_rewriting())
@settings(max_examples=30)
@given(posts())
def test_a_note_keeps_its_origin_whatever_is_rewritten(name: str, post: Post) -> None:
    post = noted(post)
    before = {note.id: note.origin for note in post.footnotes}
    made = every_rewriting()[name](post)
    for note in made.footnotes:
        if note.id in before:
            assert note.origin == before[note.id]


def test_no_module_builds_a_note_of_another_note() -> None:
    """Such code would lose future fields of notes; ``with_children`` keeps them."""
    built = re.compile(r"Footnote\(\s*\w+\.id\b")
    package = Path(clothbound.__file__).parent
    found = [
        str(path)
        for path in package.rglob("*.py")
        if built.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_first_look_for_scripts_without_spaces_misses_no_character() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    unspaced = set("".join(_UNSPACED.findall(everything)))
    assert len(unspaced) > 60_000
    assert all(has_byte_of(one.encode(), _BEYOND) for one in unspaced)
