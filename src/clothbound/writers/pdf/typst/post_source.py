"""The source of one post of a book by Typst, and how the sources of all posts fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..matter_pages import INDEX_ID, part_id
from .chapter import Piece
from .literals import literal
from .picture_fit import FittablePicture


@dataclass(slots=True)
class PostSource:
    """The source of one post, kept until the sources of all posts are known."""

    post_key: str
    source: str
    """The file from which the post was read."""
    opening: str
    """The call of ``chapter``, up to the text."""
    level: int
    """The level of the title."""
    heading: str
    """Level, kind and words of the title as arguments for the contents; empty if there is none."""
    pieces: list[Piece]
    anchors: set[str] = field(default_factory=set)
    targets: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    """Level, kind and words of the headings that the contents list, by name."""
    widths: dict[int, float] = field(default_factory=dict)
    """The widths in points of the letters of each paragraph, by its position in the body."""
    pictures: dict[str, FittablePicture] = field(default_factory=dict)
    """The pictures that may be shrunk, by name."""
    plain: int = 0
    """The number of pieces that were replaced by plain text."""


def divide_places(
    parts: Sequence[PostSource],
    ranges: Sequence[range],
    headings: Iterable[str],
    indexed: Mapping[str, str],
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Returns, for each batch, the names of places elsewhere that it links to, and of those in it that others
    link to, as the contents do to ``headings``, and the index in the last batch to the places ``indexed``, which have the
    keys of their posts.
    """
    last = len(ranges) - 1
    home = {
        name: n
        for n, posts in enumerate(ranges)
        for part in parts[posts.start : posts.stop]
        for name in (part.post_key, part_id(part.post_key), *part.sections)
    }
    home[INDEX_ID] = last
    far: list[dict[str, None]] = [{} for _ in ranges]
    own: list[dict[str, None]] = [{} for _ in ranges]
    for name in headings:
        own[home[name]][name] = None
    for part in parts:
        for name, key in part.targets.items():
            if home[key] != home[part.post_key]:
                far[home[part.post_key]][name] = None
                own[home[key]][name] = None
    for name, key in indexed.items():
        if home[key] != last:
            far[last][name] = None
            own[home[key]][name] = None
    return [tuple(names) for names in far], [tuple(names) for names in own]


def place_lost_targets(parts: Iterable[PostSource]) -> None:
    """Defines every link target, since Typst refuses undefined labels."""
    parts = list(parts)
    placed = {name for part in parts for name in part.anchors}
    by_key = {part.post_key: part for part in parts}
    targets = {name: key for part in parts for name, key in part.targets.items()}
    for name in sorted(targets.keys() - placed):
        part = by_key[targets[name]]
        part.pieces.insert(0, Piece(f"at({literal(name)})", anchors=(name,)))
        part.anchors.add(name)
