"""Checks the words of authors by which posts are selected: tags, types and audiences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from ..errors import UsageError, did_you_mean
from ..model.post import Metadata
from ..model.publication import AUDIENCES

Trait: TypeAlias = Literal["tags", "kinds", "audiences"]
"""A field by which posts are selected and whose words authors choose."""
TRAITS: tuple[Trait, ...] = get_args(Trait)

_USUAL: Mapping[Trait, tuple[str, ...]] = {
    "tags": (),
    "kinds": ("newsletter", "podcast", "page", "thread"),
    "audiences": AUDIENCES,
}
"""Words that are accepted even if no post has them yet."""
_SINGULAR: Mapping[Trait, str] = {"tags": "tag", "kinds": "type", "audiences": "audience"}
_LISTED = 12
"""The most known words that an error lists."""


def known_words(trait: Trait, index: Iterable[Metadata]) -> tuple[str, ...]:
    """Returns the words that posts have for a trait, and the usual ones."""
    found: set[str] = set()
    for metadata in index:
        if trait == "tags":
            found.update(metadata.tags)
        elif trait == "kinds":
            found.add(metadata.kind)
        else:
            found.update(metadata.audiences)
    return tuple(sorted({*found, *_USUAL[trait]} - {""}))


def unknown_word(
    trait: Trait, words: Iterable[str], index: Iterable[Metadata], *, only_near: bool = False
) -> UsageError | None:
    """Returns the error for a word that no post has, which would silently leave posts out; None if there is none.

    With ``only_near``, only a word similar to a known word is an error; others may belong to posts elsewhere.
    """
    words = tuple(words)
    if not words:  # No post is asked for what it has.
        return None
    known = known_words(trait, index)
    strange = [(word, did_you_mean(word, known)) for word in words if word not in known]
    if only_near:
        strange = [(word, near) for word, near in strange if near]
    if not strange:
        return None
    wrong, near = strange[0]
    some = ", ".join(known[:_LISTED]) + (", ..." if len(known) > _LISTED else "")
    return UsageError(
        f"no post has the {_SINGULAR[trait]} {wrong!r}{near}",
        hint=f"the posts have {some}" if known else f"no post has a {_SINGULAR[trait]}",
    )
