"""Decisions about the widths of pictures between two layouts of Typst."""

from __future__ import annotations

from typing import Any

import pytest

from clothbound.writers.pdf.page_format import PAGES
from clothbound.writers.pdf.typst.picture_fit import (
    FittablePicture,
    PictureFit,
    fit_pictures,
    widths_source,
)

PAGE = PAGES["6x9"]
FOOT = PAGE.height - PAGE.foot


def over(name: str, left: float, page: int = 1) -> list[list[Any]]:
    """The marks of a picture on the page after ``page``, on which ``left`` points are left."""
    return [[page, FOOT - left, "room", name], [page + 1, PAGE.top, "top", name]]


def below(name: str, page: int = 1) -> list[list[Any]]:
    """The marks of a picture on the page of the text before it."""
    return [[page, PAGE.top, "room", name], [page, PAGE.top, "top", name]]


def fit(*keys: str) -> PictureFit:
    return PictureFit({str(n): FittablePicture(k, 300, 200) for n, k in enumerate(keys)}, PAGE)


@pytest.mark.parametrize(
    ("left", "shrinks"), [(199, True), (130, True), (119, False), (201, False)]
)
def test_a_picture_is_shrunk_within_limits(left: float, shrinks: bool) -> None:
    one = fit("a")
    assert one.decide(over("0", left)) is shrinks
    assert one.widths == ({"0": pytest.approx(300 * (left - 0.5) / 200)} if shrinks else {})


def test_of_each_post_one_picture_changes_between_layouts() -> None:
    one = fit("a", "a", "b")
    assert one.decide([*over("0", 150), *over("1", 150, 3), *over("2", 150, 5)])
    assert set(one.widths) == {"0", "2"}
    assert one.decide([*below("0"), *over("1", 150, 3), *below("2", 5)])
    assert set(one.widths) == {"0", "1", "2"}
    assert not one.decide([*below("0"), *below("1", 3), *below("2", 5)])


def test_a_picture_that_does_not_fit_after_all_has_its_size_again() -> None:
    one = fit("a")
    assert one.decide(over("0", 150))
    assert one.decide(over("0", 150))
    assert one.widths == {}
    assert not one.decide(over("0", 150))


def test_notes_and_a_caption_take_of_the_room() -> None:
    one = PictureFit({"0": FittablePicture("a", 300, 200, ("n",))}, PAGE)
    caption = [2, PAGE.top + 200 + 20, "foot", "0"]
    note = [[2, 500, "note", "n"], [2, 510, "note-end", "n"]]
    assert one.decide([*over("0", 190), caption, *note])
    assert one.widths == {"0": pytest.approx(300 * (190 - 20 - 10 - 0.5) / 200)}


def test_layouts_end_though_no_picture_ever_settles() -> None:
    written: list[str] = []
    many = fit(*["a"] * 30)
    layouts = 0

    def lay_out() -> dict[str, Any]:
        nonlocal layouts
        layouts += 1
        return {"fits": [mark for n in range(30) for mark in over(str(n), 150, 2 * n + 1)]}

    fit_pictures(many, written.append, lay_out)
    assert layouts < 10
    assert written[0] == widths_source({}) == "#let picture-widths = (:)\n"
