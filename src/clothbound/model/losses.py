"""What several writers say where they write a node of the web site otherwise, or leave it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

POLL_LEFT_OUT: Final = "a poll was left out: its question is only on the web site"
POLL_AS_LIST: Final = "a poll was written as a list"
RECIPE_LEFT_OUT: Final = "a recipe was left out: its text is only on the web site"
FORM_AS_TEXT: Final = "a subscribe form was written as its text"
FORM_LEFT_OUT: Final = "a subscribe form was left out"
TANGLED_HTML: Final = "raw HTML was written as its text, since too many of its elements lie in each other or lack their ends"


def written_for_all(audiences: Sequence[str]) -> str:
    """Says that a text for some readers stands where all read it."""
    return f"text for {', '.join(audiences) or 'some readers'} was written for all"
