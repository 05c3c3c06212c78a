"""Decisions about pictures and depths of pages between two layouts of Typst."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from clothbound.writers.pdf.page_format import PAGES, ThemeName
from clothbound.writers.pdf.typst.make_up import END, MakeUp, make_up_source
from clothbound.writers.pdf.typst.picture_fit import FittablePicture, PictureFit
from printed_books import book, make, p, pages, post

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
    assert one.decide(over("0", left)) == ({"a"} if shrinks else set())
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


def settle(make_up: MakeUp, *layouts: dict[str, Any]) -> list[str]:
    """What is written between ``layouts``, of which the last one stays."""
    written: list[str] = []
    left = [*layouts]
    make_up.settle(written.append, lambda: left.pop(0) if len(left) > 1 else left[0])
    return written[1:]


def test_layouts_end_though_no_picture_ever_settles() -> None:
    pictures = {str(n): FittablePicture("a", 300, 200) for n in range(30)}
    fits = [mark for n in range(30) for mark in over(str(n), 150, 2 * n + 1)]
    assert len(settle(MakeUp(pictures, (), PAGE), {"fits": fits, "marks": [], "entries": []})) == 10


def chapter(pages: int, lines: float) -> dict[str, Any]:
    foot = PAGE.top + lines * PAGE.leading
    marks = [[7, PAGE.top, "a", -1], [7, 200, "a", 0], [6 + pages, foot, "a", END]]
    return {"fits": [], "marks": marks, "entries": []}


def test_a_short_last_page_is_pulled_up_by_a_line_a_page() -> None:
    written = settle(MakeUp({}, ("a",), PAGE), chapter(4, 3), chapter(3, 38))
    assert written == [make_up_source({}, {"a": 1})]


def test_a_last_page_that_cannot_be_pulled_up_gets_lines_from_those_before() -> None:
    written = settle(MakeUp({}, ("a",), PAGE), chapter(3, 3), chapter(3, 5))
    assert written == [make_up_source({}, {"a": -1})]
    written = settle(MakeUp({}, ("a",), PAGE), chapter(4, 2), chapter(4, 1), chapter(4, 5))
    assert written == [make_up_source({}, {"a": n}) for n in (1, -1)]


def test_pages_that_stay_short_have_their_depth_again() -> None:
    written = settle(MakeUp({}, ("a",), PAGE), chapter(2, 3))
    assert written == [make_up_source({}, {"a": -2}), make_up_source({}, {})]


@pytest.mark.parametrize("layout", [chapter(1, 3), chapter(4, 5), chapter(4, 30)])
def test_other_pages_keep_their_depth(layout: dict[str, Any]) -> None:
    assert settle(MakeUp({}, ("a",), PAGE), layout) == []


def test_notes_fill_a_last_page() -> None:
    layout = chapter(4, 3) | {"fits": [[10, 500, "note", "n"], [10, 510, "note-end", "n"]]}
    assert settle(MakeUp({}, ("a",), PAGE), layout) == []


@pytest.mark.parametrize("theme", get_args(ThemeName))
def test_a_last_page_of_few_lines_is_pulled_up_or_filled(theme: ThemeName) -> None:
    def lines_on_pages(paragraphs: int) -> list[int]:
        body = [p(f"Paragraph {n} has two lines, as one sees when it is printed on a page of a book.") for n in range(paragraphs)]  # fmt: skip
        data, _ = make(book(post("one", "T", *body)), "typst", theme=theme)
        return [
            sum(line != "\n" for line in text.splitlines(keepends=True)) for text in pages(data)
        ]

    found = [lines_on_pages(paragraphs) for paragraphs in range(46, 64, 2)]
    assert len({len(lines) for lines in found}) > 1
    for lines in found:
        # The head, or the number below the text, is a line.
        assert lines[-1] >= 5, found


def test_a_refused_book_is_left_to_its_compilation() -> None:
    def refuse() -> dict[str, Any]:
        raise RuntimeError("failed to compile document")

    written: list[str] = []
    MakeUp({}, ("a",), PAGE).settle(written.append, refuse)
    assert written == [make_up_source({}, {})]
