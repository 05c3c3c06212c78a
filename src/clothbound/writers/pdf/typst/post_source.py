"""The source of one post of a book by Typst, and how the sources of all posts fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import structs

from ....parts.post_parts import ShownFile
from ..chapter_uses import ChapterUses
from ..matter_pages import INDEX_ID, part_id
from .literals import literal
from .picture_fit import FittablePicture


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a post, or a note at its end, as source on one line, since Typst's errors name the
    line.
    """

    source: str
    line: int = 0
    """The line in the post's file; 0 if unknown."""
    place: int | None = None
    """The number of the block in the post's body; None if it is not a block."""
    notes: tuple[str, ...] = ()
    """The ids of the notes that the piece contains."""
    anchors: tuple[str, ...] = ()
    """The names of link targets in the piece."""
    room: str = ""
    """The call before the piece that marks where the text before its picture ends."""
    is_heading: bool = False
    """Whether the piece is a heading, which goes to the next page with what follows."""


class PostSource(msgspec.Struct, frozen=True):
    """All that one post gives to a book by Typst."""

    post_key: str
    source: str
    """The file from which the post was read."""
    opening: str
    """The call of ``chapter``, up to the text."""
    level: int
    """The level of the title."""
    heading: str
    """Level, kind and words of the title as arguments for the contents; empty if there is none."""
    pieces: tuple[Piece, ...]
    anchors: frozenset[str]
    """The names of all link targets."""
    targets: dict[str, str]
    """The names to which links lead, with the key of the post that contains each."""
    sections: dict[str, str]
    """Level, kind and words of the headings that the contents list, by name."""
    widths: dict[int, float]
    """The widths in points of the letters of each paragraph, by its position in the body."""
    pictures: dict[str, FittablePicture]
    """The pictures that may be shrunk, by name."""
    files: tuple[ShownFile, ...]
    """The files that it shows."""
    uses: ChapterUses


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


def place_lost_targets(parts: Sequence[PostSource]) -> list[PostSource]:
    """Returns the sources with a place for every link target, since Typst refuses undefined labels."""
    placed = {name for part in parts for name in part.anchors}
    targets = {name: key for part in parts for name, key in part.targets.items()}
    lost: dict[str, list[str]] = {}
    for name in sorted(targets.keys() - placed):
        lost.setdefault(targets[name], []).insert(0, name)
    return [_with_places(part, lost.get(part.post_key, ())) for part in parts]


def _with_places(part: PostSource, names: Sequence[str]) -> PostSource:
    """Returns a source that begins with places of these names."""
    places = tuple(Piece(f"at({literal(name)})", anchors=(name,)) for name in names)
    return structs.replace(part, pieces=(*places, *part.pieces), anchors=part.anchors.union(names))
