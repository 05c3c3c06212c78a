"""Words of authors' own by which posts are chosen: tags, types, audiences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from ..errors import UsageError, did_you_mean
from ..model.post import Metadata

Trait: TypeAlias = Literal["tags", "kinds", "audiences"]
"""What a selection chooses posts by that is a word of their authors'."""
TRAITS: tuple[Trait, ...] = get_args(Trait)

_USUAL: Mapping[Trait, tuple[str, ...]] = {
    "tags": (),
    "kinds": ("newsletter", "podcast", "page", "thread"),
    "audiences": ("everyone", "only_paid", "only_free", "founding"),
}
"""Words that may be asked for though no post has them yet."""
_SINGULAR: Mapping[Trait, str] = {"tags": "tag", "kinds": "type", "audiences": "audience"}
_LISTED = 12
"""How many of the words that there are an error lists."""


def known_words(trait: Trait, index: Iterable[Metadata]) -> tuple[str, ...]:
    """The words that posts have for a trait, and the usual ones."""
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
    """The error for a word that no post has, which would leave posts out without a sign; else None.

    ``only_near``: for a word like one that there is; another may be that of posts elsewhere.
    """
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
        hint=f"known are: {some}" if known else f"no post has a {_SINGULAR[trait]}",
    )
