"""Tests the widths of the pictures in a gallery."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clothbound.html.write.picture_sizes import filled_rows, gallery_rows

SHAPES = st.lists(st.just(0.0) | st.floats(0.05, 20), min_size=1, max_size=12)


@given(SHAPES)
def test_each_row_fits_and_has_up_to_three_pictures(shapes: list[float]) -> None:
    places = filled_rows(shapes)
    assert len(places) == len(shapes)
    # As an engine fills lines: a picture that has no room begins the next.
    rows: list[list[float]] = [[]]
    used = 0.0
    for width, margin in places:
        if used + width + 2 * margin > 100:
            used = 0
            rows.append([])
        used += width + 2 * margin
        rows[-1].append(width)
    assert all(width > 0 and width + 2 * margin <= 100 for width, margin in places)
    assert all(len(row) <= 3 for row in rows)
    assert rows == gallery_rows(shapes)


@given(st.lists(st.floats(0.3, 4), min_size=1, max_size=3))
def test_pictures_of_one_row_have_one_height(shapes: list[float]) -> None:
    (row,) = gallery_rows(shapes)
    heights = [width / shape for width, shape in zip(row, shapes, strict=True)]
    assert max(heights) - min(heights) < 0.5
    assert max(heights) < 100


def test_upright_pictures_keep_to_their_row() -> None:
    assert filled_rows([0.25] * 4) == [(20.3, 14.8)] * 4
    assert filled_rows([1.5] * 2) == [(48.9, 0.5)] * 2


def test_rows_are_filled_alike() -> None:
    def widths(shapes: list[float]) -> list[float]:
        return [width for row in gallery_rows(shapes) for width in row]

    assert widths([1.0] * 4) == [48.9] * 4
    assert widths([1.0] * 5) == [32.2] * 3 + [48.9] * 2
    assert widths([1.0] * 7) == [32.2] * 3 + [48.9] * 4


def test_a_picture_of_unknown_size_is_as_the_others() -> None:
    assert gallery_rows([2.0, 0.0]) == gallery_rows([2.0, 2.0])
