"""Asks who the author is where neither options nor posts say it: a book without one is hard to find."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..model.collection import Collection
from .fetching import is_watched


def author_of(given: Sequence[str], collection: Collection, *, quiet: bool) -> tuple[str, ...]:
    """Returns the authors that were given or, if there is none and the posts name none, the answer of a user at a
    terminal; empty if nobody is known, which the book then reports.
    """
    is_known = collection.info.authors or any(m.authors for m in collection.index)
    if given or is_known or not is_watched(quiet=quiet):
        return tuple(given)
    question = "the posts name no author; who is it? (Enter: the book names nobody)"
    name = click.prompt(question, default="", show_default=False, err=True)
    return tuple(filter(None, (" ".join(name.split()),)))
