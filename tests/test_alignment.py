"""Tests the alignment of two states of a text, and of the differences of two states from a
third.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clothbound.manuscript.alignment import differences, likeness, regions, traits

PARTS = st.lists(
    st.sampled_from(
        ["", "a", "b", "one two three", "one two four", "quite another thing", "* * *", "潮が来た"]
    ),
    max_size=9,
)


@given(PARTS, PARTS)
def test_differences_make_the_other_of_the_base(base: list[str], other: list[str]) -> None:
    made, at, there = list[str](), 0, 0
    for found in differences(base, other):
        assert base[at : found.start] == other[there : found.first]
        assert found.end - found.start <= 1
        made += base[at : found.start] + other[found.first : found.last]
        at, there = found.end, found.last
    assert base[at:] == other[there:]
    assert made + base[at:] == other


@given(PARTS, PARTS, PARTS)
def test_regions_hold_every_part_once_and_in_order(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    found = list(regions(base, ours, theirs))
    for text, places in zip((base, ours, theirs), zip(*found, strict=True), strict=True):
        assert [n for place in places for n in place] == list(range(len(text)))


@given(PARTS, PARTS)
def test_what_one_side_changed_is_changed_by_nobody_else(base: list[str], ours: list[str]) -> None:
    for b, _, t in regions(base, ours, base):
        assert b == t


def test_equal_parts_that_stand_everywhere_match_by_their_neighbours() -> None:
    base = ["one", "***", "two", "***", "three"]
    other = ["***", "two", "***", "three", "***", "four"]
    gone, new = differences(base, other)
    assert (gone.start, gone.end, gone.first, gone.last) == (0, 1, 0, 0)
    assert (new.start, new.end, new.first, new.last) == (5, 5, 4, 6)


def test_an_edited_part_is_found_among_new_ones() -> None:
    base = ["The tide came in at noon and went.", "End."]
    other = ["Quite new words.", "The tide came in at one and went.", "More of them.", "End."]
    found = [(d.start, d.end, d.first, d.last) for d in differences(base, other)]
    assert found == [(0, 0, 0, 1), (0, 1, 1, 2), (1, 1, 2, 3)]


def test_a_part_that_moved_went_and_came() -> None:
    base = ["one", "two", "three", "four"]
    found = [(d.start, d.end, d.first, d.last) for d in differences(base, [*base[1:], base[0]])]
    assert found == [(0, 1, 0, 0), (4, 4, 3, 4)]


def test_two_sides_that_touch_each_other_are_two_places() -> None:
    base = ["one", "two"]
    changed = [
        (list(o), list(t))
        for b, o, t in regions(base, ["one mine", "two"], ["one", "two theirs"])
        if len(b) == 1
    ]
    assert changed == [([0], [0]), ([1], [1])]


def test_likeness_needs_no_spaces_between_words() -> None:
    def of(one: str, other: str) -> float:
        return likeness(traits(one), traits(other))

    assert of("潮が来た。船は出た。誰も見ない。", "潮が来た。船は出た。皆が見た。") > 0.4
    assert of("潮が来た。船は出た。誰も見ない。", "今日は雨だ。明日も雨だろう。") < 0.4
    assert of("One came in.", "One came out.") > 0.4
    assert of("", "") == 1


def test_a_long_text_of_edited_parts_is_still_paired() -> None:
    """Only parts near each other are compared, since there are too many to compare all pairs."""
    base = [
        f"Paragraph {n} says what its number {n * 7} has to say, and no more." for n in range(900)
    ]
    other = ["New at the top."] + [text.replace("says", "tells") for text in base]
    found = differences(base, other)
    assert (found[0].first, found[0].last) == (0, 1)
    assert all(d.first == d.start + 1 for d in found[1:])
    assert len(found) == 901


def test_many_equal_parts_are_edges_at_least() -> None:
    """If there are many parts and none is unique, only the edges are matched."""
    base = ["x", "y"] * 4_000
    assert [(d.start, d.end, d.first, d.last) for d in differences(base, ["new", *base])] == [
        (0, 0, 0, 1)
    ]
    assert differences(base, ["new", *base, "end"])
