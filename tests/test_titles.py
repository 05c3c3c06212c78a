"""Titles whose lines are about as long as each other."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from clothbound.writers.pdf.fonts import SERIF_ROMAN, Measure
from clothbound.writers.pdf.titles import balance_width

FACE = Measure(SERIF_ROMAN, 20, drawn_for=20)
ROOM = 300.0


def lines(text: str, width: float) -> list[str]:
    """Filled one after another, as an engine does."""
    made = [""]
    for word in text.split():
        longer = f"{made[-1]} {word}".strip()
        if FACE.width(longer) > width:
            made.append(word)
        else:
            made[-1] = longer
    return made


@example(["WWWWWWW", "WWWWWWWWW"])
@given(st.lists(st.text("abc iW", min_size=1, max_size=12), min_size=1, max_size=12))
def test_no_line_more_and_none_longer(words: list[str]) -> None:
    title = " ".join(" ".join(words).split())
    before = lines(title, ROOM)
    width = balance_width(FACE, title, ROOM)
    if width is None:
        assert len(before) == 1
        return
    assert width <= ROOM
    assert len(lines(title, width)) == len(before)
    narrower = width * 0.99 - 1
    longest = max(FACE.width(word) for word in title.split())
    assert longest > narrower or len(lines(title, narrower)) != len(before)


def test_a_last_word_does_not_stand_alone() -> None:
    title = "Letter to a mathematician, aged ten"
    assert lines(title, ROOM) == ["Letter to a mathematician, aged", "ten"]
    width = balance_width(FACE, title, ROOM)
    assert width is not None
    assert lines(title, width) == ["Letter to a", "mathematician, aged ten"]


def test_what_cannot_be_told() -> None:
    assert balance_width(FACE, "short", ROOM) is None
    assert balance_width(FACE, "", ROOM) is None
    assert balance_width(FACE, "\u0924" * 40, ROOM) is None
    assert balance_width(FACE, "a word and " + "W" * 40, ROOM) is None


def test_a_title_with_signs_of_mathematics_is_balanced_too() -> None:
    words = "Why the sum of all that we have seen is greater for x"
    title = next(t for n in range(9, 60) if FACE.width(t := f"{words[-n:]} ∈ ℝ") > ROOM)
    width = balance_width(FACE, title, ROOM)
    assert width is not None
    assert width < 0.75 * ROOM
