"""Notes in the order of their marks."""

from __future__ import annotations

from hypothesis import given

from clothbound.context import Context
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote, Post
from clothbound.transforms.footnotes import order_notes
from strategies import posts


def marks(*names: str) -> b.Paragraph:
    return b.Paragraph(tuple(i.NoteRef(name) for name in names))


def order(body: tuple[b.Block, ...], *notes: Footnote) -> list[str]:
    return [note.id for note in order_notes(Post(body=body, footnotes=notes), Context()).footnotes]


def test_notes_stand_in_the_order_of_first_mark_and_unused_ones_last() -> None:
    notes = [Footnote(name, (marks(),)) for name in "abcd"]
    assert order((marks("c", "a"), b.Quote((marks("c", "d"),))), *notes) == ["c", "a", "d", "b"]


def test_notes_of_notes_follow_those_of_the_text() -> None:
    notes = (
        Footnote("a", (marks("x", "a"),)),
        Footnote("y"),
        Footnote("x", (marks("y"),)),
        Footnote("b"),
    )
    assert order((marks("a", "b"),), *notes) == ["a", "b", "x", "y"]


def test_a_mark_without_a_note_is_passed_over() -> None:
    assert order((marks("nowhere", "a"),), Footnote("a")) == ["a"]


def test_no_note_is_lost_though_two_have_one_name() -> None:
    first, second = Footnote("a", (marks(),)), Footnote("a", (b.ThematicBreak(),))
    post = Post(body=(marks("a"),), footnotes=(first, second))
    assert order_notes(post, Context()).footnotes == (first, second)


@given(posts())
def test_the_notes_are_the_same_notes(post: Post) -> None:
    made = order_notes(post, Context())
    assert sorted(map(id, made.footnotes)) == sorted(map(id, post.footnotes))
    assert made.body is post.body
    assert order_notes(made, Context()) is made
