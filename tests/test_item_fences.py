"""Tests code behind the sign of a list item that goes on at the margin, as Roam exports it."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.readers.markdown.item_fences import indent_code_of_items

ROAM = "- Tie:\n    - ```javascript\nconst a = 1;\n  const b = 2;{end}\n    - Then **belay**\n- Last words\n"


def body_of(text: str) -> tuple[b.Block, ...]:
    (post,) = clothbound.read(text.encode(), "markdown").posts
    return post.body


@pytest.mark.parametrize("end", ["```", "\n```", "\n    ```"])
def test_code_at_the_margin_stays_in_its_item(end: str) -> None:
    (made,) = body_of(ROAM.replace("{end}", end))
    (code,) = walk((made,), b.CodeBlock)
    assert (code.text, code.language) == ("const a = 1;\n  const b = 2;", "javascript")
    assert isinstance(made, b.List)
    assert [plain_text(item).split()[0] for item in made.items] == ["Tie:", "Last"]


def test_a_fence_at_the_margin_ends_code_that_stands_within_its_item() -> None:
    made, after = body_of("1. ```js\n   knot()\n```\n\nBelay it.\n")
    (code,) = walk((made,), b.CodeBlock)
    assert (code.text, plain_text(after)) == ("knot()", "Belay it.")


@pytest.mark.parametrize(
    "text",
    [
        "- ```js\n  knot()\n  ```\n- Last\n",
        "````md\n- ```js\nknot()\n```\n````\n",
        "- ```js\n\nProse.\n\n```py\nknot()\n```\n",
        "- ```js\nknot()\n",
        "- A ```word``` in it\n",
    ],
)
def test_other_texts_are_as_they_were(text: str) -> None:
    assert indent_code_of_items(text) == text


def test_code_of_items_is_found_behind_a_fence_without_an_end() -> None:
    """One of an item may have no end while the next one has; one at the margin holds all that follows."""
    item = "- ```js\nknot()\n```\n"
    indented = "- ```js\n  knot()\n  ```\n"
    assert indent_code_of_items(f"- ```js\n\n{item}") == f"- ```js\n\n{indented}"
    assert indent_code_of_items(f"~~~\nknot()\n{item}") == f"~~~\nknot()\n{indented}"
