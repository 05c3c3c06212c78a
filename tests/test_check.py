"""Tests the functions that establish and check canonical form."""

from __future__ import annotations

import msgspec
from hypothesis import given

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import canonical, canonical_inlines, max_depth, problems, unique_ids
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Post
from sample_nodes import paragraph
from strategies import posts, runs


@given(posts())
def test_generated_posts_are_canonical(post: Post) -> None:
    assert list(problems(post)) == []
    assert canonical(post) == post


@given(runs())
def test_merging_texts_twice_is_merging_them_once(run: tuple[i.Inline, ...]) -> None:
    doubled = canonical_inlines((*run, *run))
    assert canonical_inlines(doubled) == doubled
    assert plain_text(doubled) == plain_text((*run, *run))


def test_texts_are_merged_everywhere() -> None:
    pair = (i.Text("a"), i.Text("b"))
    post = Post(
        body=(
            paragraph(i.Emphasis(pair), *pair, i.Text("")),
            b.DefinitionList((b.DefinitionItem(pair, ((paragraph(*pair),),)),)),
            b.Table(((b.Cell(pair),),), (), (), pair),
            b.Callout((paragraph(*pair),), pair),
            b.Gallery((b.Figure(i.Image("x"), pair),), pair),
        ),
        footnotes=(Footnote("1", (paragraph(*pair),)),),
    )
    kinds = "Paragraph Emphasis DefinitionItem Cell Table Callout Figure Gallery"
    assert {p.split(" in ")[1] for p in problems(post)} == set(kinds.split(" "))
    made = canonical(post)
    assert list(problems(made)) == []
    assert plain_text(made) == plain_text(post)


def test_a_text_with_an_id_or_a_class_is_not_merged() -> None:
    run = (i.Text("a"), i.Text("b", classes=("c",)), i.Text("d"), i.Text("", id="here"))
    assert canonical_inlines(run) == run


def test_merged_texts_have_the_line_of_the_first() -> None:
    (merged,) = canonical_inlines((i.Text("a", line=3), i.Text("b", line=4), i.Text("c", line=5)))
    assert merged.line == 3


def test_a_long_run_of_texts_is_merged_in_one_go() -> None:
    run = canonical_inlines([i.Text("word ")] * 200_000)
    assert run == (i.Text("word " * 200_000),)


def test_later_ids_are_renamed_and_free_names_are_respected() -> None:
    post = Post(
        body=(
            paragraph(name="a"),
            paragraph(name="a"),
            paragraph(name="a-2"),
            paragraph(name="a"),
        )
    )
    made, renamed = unique_ids(post)
    assert [node.id for node in made.body] == ["a", "a-3", "a-2", "a-4"]
    assert renamed == (("a", 0), ("a", 0))
    assert unique_ids(made) == (made, ())


def test_very_many_equal_ids_are_renamed_in_linear_time() -> None:
    post = Post(body=(paragraph(name="same"),) * 50_000)
    made, renamed = unique_ids(post)
    assert len({node.id for node in made.body}) == 50_000
    assert len(renamed) == 49_999


def test_a_second_note_of_one_name_is_renamed_and_kept() -> None:
    notes = (Footnote("1", (paragraph(i.Text("first")),)), Footnote("1", (paragraph(),)))
    post = Post(body=(paragraph(i.NoteRef("1")),), footnotes=notes)
    assert "two notes have the same id" in list(problems(post))
    made = canonical(post)
    assert [note.id for note in made.footnotes] == ["1", "1-2"]
    assert list(problems(made)) == []


def test_problems_are_named() -> None:
    def nested(levels: int) -> b.Block:
        return b.Quote((nested(levels - 1),)) if levels else paragraph()

    post = Post(
        body=(
            paragraph(i.NoteRef("nowhere"), name="x"),
            b.Heading((), 7, id="x"),
            nested(5),
        )
    )
    found = list(problems(post, depth=4))
    assert "id 'x' is used twice" in found
    assert "heading level 7" in found
    assert "note mark without a note: 'nowhere'" in found
    assert "deeper than 4 levels" in found
    assert len(found) == 4


def test_notes_count_for_depth() -> None:
    note = Footnote("1", (b.Quote((b.Quote((paragraph(),)),)),))
    assert "deeper than 2 levels" in list(problems(Post(footnotes=(note,)), depth=2))


def test_depth_is_counted_at_any_depth() -> None:
    tree: b.Block = paragraph(i.Text("x"))
    for _ in range(20_000):
        tree = b.Quote((tree,))
    assert max_depth((tree,)) == 20_002
    assert max_depth(()) == 0
    assert max_depth(msgspec.structs.replace(tree, children=()).children) == 0
