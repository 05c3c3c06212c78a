"""How wide the pictures of a gallery stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clothbound.html.gallery_rows import GAP, gallery_rows, row_widths

SHAPES = st.lists(st.just(0.0) | st.floats(0.05, 20), min_size=1, max_size=12)


@given(SHAPES)
def test_each_row_fits_and_has_up_to_three_pictures(shapes: list[float]) -> None:
    widths = row_widths(shapes)
    assert len(widths) == len(shapes)
    # As an engine fills lines: a picture that has no room begins the next.
    row: list[float] = []
    rows = [row]
    for width in widths:
        if sum(row) + width + GAP * (len(row) + 1) > 100:
            row = []
            rows.append(row)
        row.append(width)
    assert all(0 < width <= 100 - GAP for width in widths)
    assert all(len(row) <= 3 for row in rows)
    assert rows == gallery_rows(shapes)


@given(st.lists(st.floats(0.3, 4), min_size=1, max_size=3))
def test_pictures_of_one_row_have_one_height(shapes: list[float]) -> None:
    heights = [width / shape for width, shape in zip(row_widths(shapes), shapes, strict=True)]
    assert max(heights) - min(heights) < 0.5
    assert max(heights) < 100


def test_rows_are_filled_alike() -> None:
    assert row_widths([1.0] * 4) == [48.9] * 4
    assert row_widths([1.0] * 5) == [32.2] * 3 + [48.9] * 2
    assert row_widths([1.0] * 7) == [32.2] * 3 + [48.9] * 4


def test_a_picture_of_unknown_size_is_as_the_others() -> None:
    assert row_widths([2.0, 0.0]) == row_widths([2.0, 2.0])
