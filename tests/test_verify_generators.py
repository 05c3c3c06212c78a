"""What ``check`` takes off Markdown that only generators of sites understand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clothbound.verify.generators import without_marks_of_generators
from line_counts import growth

CODE = "`" * 9


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("```{note}\nwords\n```\nrest", "\nwords\n\nrest"),
        ("```{note} Title\n:class: dropdown\nwords\n```\n", "Title\n\nwords\n\n"),
        ("```{figure} a.png\n:alt: x\ncaption\n```\n", "\n\ncaption\n\n"),
        ("```{code-block} python\n:linenos:\nx = 1\n```\n", f"{CODE}\n\nx = 1\n{CODE}\n"),
        # The longer fence is around the shorter one.
        ("::::{grid}\n:::{card} A\none\n:::\n::::\ntwo\n", "\nA\none\n\n\ntwo\n"),
        ("```{note}\n```python\nx\n```\n```\n", "\n```python\nx\n\n```\n"),
        (":::{note} ```{tip} Both\nx\n```\n:::\n", "Both\nx\n\n\n"),
        (
            "```{figure} a.png\n---\nname: sea\nwidth: 2px\n---\ncaption\n```\n",
            "\n\n\n\n\ncaption\n\n",
        ),
        ("::::{grid} 1 2\n:::{card} A\none\n:::\n::::\n", "\nA\none\n\n\n"),
        ("{doc}`a`, {doc}`the words <a>`, {abbr}`SOS (Save our souls)`", ", the words, SOS"),
        ("```{note}\nwithout an end\n", "\nwithout an end\n"),
        ("```{code-block} c\nwithout an end\n", f"{CODE}\nwithout an end\n{CODE}"),
        (":::{code-block} c\n```{note}\nx\n:::\nrest\n", f"{CODE}\n\nx\n\nrest\n"),
    ],
)
def test_directives_leave_their_titles_and_contents(text: str, words: str) -> None:
    assert without_marks_of_generators(text) == words


DIRECTIVES = [
    "```{note} Title\nwords\n```\n",
    "```{code-block} python\nx = 1\n```\n",
    ":::{note}\n",
    "```{code-block} c\n",
    ":::{note}\n```\n:::\n",
    "```{note} ```{note} ```{note} ```{note} x\n",
]


@pytest.mark.parametrize("text", DIRECTIVES)
def test_work_grows_as_the_text(text: str) -> None:
    def stripping(size: int) -> Callable[[], object]:
        return lambda: without_marks_of_generators(text * size)

    assert growth(stripping, 200) < 5


@pytest.mark.parametrize("text", [*DIRECTIVES, "````{note}\n" + "```\n" * 9])
def test_many_directives_have_an_answer(text: str) -> None:
    # In the square of the text this would not end.
    assert len(without_marks_of_generators(text * 50_000)) >= 50_000
