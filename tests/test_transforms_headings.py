"""Levels of headings, and ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clothbound.context import Context
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import problems
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Post
from clothbound.model.walk import walk
from clothbound.transforms.headings import fit_levels
from strategies import posts


def heading(text: str, level: int = 3, name: str = "") -> b.Heading:
    return b.Heading((i.Text(text),), level, id=name)


def fitted(*body: b.Block) -> list[b.Heading]:
    made = fit_levels(Post(body=body), Context())
    return [node for node in walk(made) if isinstance(node, b.Heading)]


def levels(*given_levels: int) -> list[int]:
    return [h.level for h in fitted(*(heading(f"h{n}", n) for n in given_levels))]


@pytest.mark.parametrize(
    ("read", "made"),
    [
        ([3, 3, 3], [2, 2, 2]),
        ([1, 2, 3], [2, 3, 4]),
        ([3, 4, 3], [2, 3, 2]),
        ([2, 4, 4, 2, 3], [2, 3, 3, 2, 3]),
        ([2, 6, 3, 6], [2, 3, 3, 4]),
        ([4, 2, 3], [2, 2, 3]),
        ([1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 6]),
        ([6], [2]),
    ],
)
def test_the_first_level_is_two_and_none_is_skipped(read: list[int], made: list[int]) -> None:
    assert levels(*read) == made


@given(st.lists(st.integers(1, 6)))
def test_going_down_goes_one_level_at_a_time_and_equals_stay_equal(read: list[int]) -> None:
    made = levels(*read)
    for before, after in zip([1, *made], made, strict=False):
        assert 2 <= after <= before + 1
    for n in range(1, len(read)):
        if read[n] == read[n - 1]:
            assert made[n] == made[n - 1]
        elif read[n] < read[n - 1]:
            assert made[n] <= made[n - 1]


def test_headings_inside_other_blocks_count() -> None:
    group = b.Group((heading("b", 5), b.Quote((heading("c", 3),))))
    assert [h.level for h in fitted(heading("a", 3), group)] == [2, 3, 2]


def test_ids_are_made_unique_and_given_ones_stay() -> None:
    found = fitted(
        heading("The Same"),
        heading("The Same"),
        heading("Other", name="the-same-1"),
        heading("The Same"),
        b.Paragraph((i.Text("x"),), id="taken"),
        heading("Taken"),
    )
    assert [h.id for h in found] == [
        "the-same",
        "the-same-2",
        "the-same-1",
        "the-same-3",
        "taken-1",
    ]


def test_an_id_within_a_note_is_taken_too() -> None:
    note = Footnote("1", (b.Quote((b.Paragraph((i.Text("x"),), id="winter"),)),))
    made = fit_levels(Post(body=(heading("Winter"),), footnotes=(note,)), Context())
    assert [n.id for n in walk(made) if n.id] == ["winter-1", "winter"]


def test_very_many_equal_headings_are_named_in_linear_time() -> None:
    found = fitted(*[heading("Same")] * 30_000)
    assert len({h.id for h in found}) == 30_000


@given(posts())
def test_nothing_but_levels_and_ids_changes(post: Post) -> None:
    made = fit_levels(post, Context())
    assert list(problems(made)) == []
    assert plain_text(made) == plain_text(post)
    assert [type(n) for n in walk(made)] == [type(n) for n in walk(post)]
    assert all(n.id for n in walk(made.body) if isinstance(n, b.Heading))
    assert fit_levels(made, Context()) == made
