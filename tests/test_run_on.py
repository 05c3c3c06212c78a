"""Short posts that follow each other on the pages of a printed book."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from clothbound.errors import OptionError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection, Part
from clothbound.writers.pdf.page_format import ThemeName
from printed_books import WORDS, Engine, book, make, p, pages, post

NAMES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")


def printed(source: Collection, engine: Engine, theme: ThemeName = "essay") -> list[str]:
    data, report = make(source, engine, theme=theme, openers="run-on")
    assert not [d for d in report.diagnostics if d.code == "engine"]
    return pages(data)


def posts(times: int = 1) -> Collection:
    return book(*[post(name.lower(), name, p(f"Words of {name}. {WORDS * times}"), p(f"End of {name}.")) for name in NAMES])  # fmt: skip


def page_of(found: list[str], words: str) -> int:
    (number,) = [n for n, text in enumerate(found, 1) if words in " ".join(text.split())]
    return number


@pytest.mark.parametrize("theme", get_args(ThemeName))
def test_short_posts_follow_each_other_on_a_page(engine: Engine, theme: ThemeName) -> None:
    found = printed(posts(), engine, theme)
    first, *rest = [page_of(found, f"End of {name}.") for name in NAMES]
    assert rest[0] == first
    assert max(rest) - first < 4
    contents = next(text for text in found if all(name in text for name in NAMES))
    for name in NAMES:
        # The contents name the page on which the post begins.
        assert re.search(rf"{name}[\s.…]*?{page_of(found, f'ords of {name}.')}\b", contents)


def test_the_head_of_a_page_is_that_of_the_first_post_that_begins_on_it(engine: Engine) -> None:
    found = printed(posts(5), engine)
    first = page_of(found, "ords of Alpha.")
    for number, text in enumerate(found[first:], first + 1):
        head = text.strip().splitlines()[0]
        begun = [name for name in NAMES if page_of(found, f"ords of {name}.") <= number]
        here = [name for name in begun if page_of(found, f"ords of {name}.") == number]
        assert (here or begun[-1:])[0] in head if number % 2 else "letters 2023" in head.lower()
    assert not re.match(r"\s*(Alpha|Letters)\b.*\d", found[first - 1])


@pytest.mark.parametrize("theme", get_args(ThemeName))
def test_two_lines_of_a_first_paragraph_or_more_stand_below_its_title(
    engine: Engine, theme: ThemeName
) -> None:
    divided = 0
    for times in (2, 3, 4):
        texts = [post(name.lower(), name, p(f"Words of {name}. {WORDS * times}"), p(f"End of {name}. {WORDS * 2}")) for name in NAMES]  # fmt: skip
        found = printed(book(*texts), engine, theme)
        for name in NAMES:
            number = page_of(found, f"ords of {name}.")
            lines = [line.strip() for line in found[number - 1].strip().splitlines()]
            (first,) = [n for n, line in enumerate(lines) if f"ords of {name}." in line]
            foot = [line for line in lines[first:] if len(line) > 30]
            assert len(foot) > 1
            divided += not any(f"End of {name}." in line for line in foot)
    assert divided


def test_parts_begin_on_pages_of_their_own(engine: Engine) -> None:
    source = posts()
    parts = (
        Part("First", ("alpha", "beta")),
        Part("Second", ("gamma", "delta", "epsilon", "zeta")),
    )
    found = printed(book(*source.posts, parts=parts), engine)
    assert page_of(found, "End of Alpha.") == page_of(found, "End of Beta.")
    assert page_of(found, "ords of Gamma.") > page_of(found, "End of Beta.") + 1


def test_posts_below_others_cannot_begin_on_right_hand_pages() -> None:
    with pytest.raises(OptionError, match=r"recto=true .* openers=run-on") as raised:
        make(posts(), "typst", openers="run-on", recto=True)
    assert raised.value.hint


def test_a_book_of_one_post_runs_on_after_nothing(engine: Engine) -> None:
    one = book(post("one", "T", p(WORDS), b.Paragraph((i.Text("End."),))))
    plain, _ = make(one, engine)
    assert len(printed(one, engine)) == len(pages(plain))
