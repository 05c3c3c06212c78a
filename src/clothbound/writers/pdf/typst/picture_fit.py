"""Shrinks pictures to the space that is left on a page, by laying the book out again.

Typst has no way to ask for the space that is left, and sizes that depend on places of the same layout need
not settle. So invisible marks report the places around each picture; pictures are decided from the first of
each chapter on, as pages are, and the chapters that change are laid out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..figure_fit import shrunk_height
from ..page_format import PageFormat

_SLACK = 0.5
"""The points by which a caption may be higher than its marks tell."""


@dataclass(frozen=True, slots=True)
class FittablePicture:
    """A picture that may be shrunk, as it was written."""

    key: str
    """The key of its post."""
    width: float
    """The width in points."""
    height: float
    notes: tuple[str, ...] = ()
    """The names of the notes in its caption, which are set at the foot of its page."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a layout put the pictures, in points from the upper edges of the pages."""

    room: Mapping[str, tuple[int, float]]
    """The page and the lower edge of the text before each picture, or before the headings above it. The space that
    the picture keeps from the text is included."""
    top: Mapping[str, tuple[int, float]]
    """The page and the upper edge of each picture."""
    foot: Mapping[str, float]
    """The lower edge of each caption."""
    notes: Mapping[str, tuple[int, float]]
    """The page of each note, and where the text ends above it."""
    ends: Mapping[str, tuple[int, float]]
    """The page and the lower edge of the end of each note."""

    @classmethod
    def read(cls, marks: Iterable[Sequence[Any]]) -> _Places:
        found: dict[str, dict[str, tuple[int, float]]] = {
            kind: {} for kind in ("room", "top", "foot", "note", "note-end")
        }
        for page, y, kind, name in marks:
            found[kind][name] = (page, y)
        return cls(
            found["room"],
            found["top"],
            {name: y for name, (_, y) in found["foot"].items()},
            found["note"],
            found["note-end"],
        )


class PictureFit:
    """Decides the widths of the pictures of one compilation, from one layout to the next."""

    def __init__(self, pictures: Mapping[str, FittablePicture], page: PageFormat) -> None:
        self._pictures = pictures
        self._page = page
        self._bottom = page.height - page.foot
        self.widths: dict[str, float] = {}
        """The widths in points of the pictures that are shrunk."""
        self._decided: set[str] = set()
        self._deeper: dict[str, float] = {}
        """The points by which the pages of a post are higher than others, by its key."""

    def change_depth(self, key: str, points: float) -> None:
        """Decides the pictures of a post anew, whose pages become ``points`` higher than others."""
        self._deeper[key] = points
        for name, picture in self._pictures.items():
            if picture.key == key:
                self._decided.discard(name)
                self.widths.pop(name, None)

    def decide(self, marks: Iterable[Sequence[Any]]) -> set[str]:
        """Decides the next pictures from the ``fits`` of ``page-marks``; returns the keys of posts with another width."""
        places = _Places.read(marks)
        by_post: dict[str, list[str]] = {}
        for name in places.top:
            by_post.setdefault(self._pictures[name].key, []).append(name)
        # The places of what follows a changed picture are known after the next layout.
        return {
            key
            for key, names in by_post.items()
            if any(self._change(name, places) for name in names)
        }

    def _change(self, name: str, places: _Places) -> bool:
        goes_over = name in places.room and places.room[name][0] < places.top[name][0]
        if name in self._decided:
            # It did not fit after all.
            return goes_over and self.widths.pop(name, None) is not None
        self._decided.add(name)
        if not goes_over:
            return False
        picture = self._pictures[name]
        bottom = self._bottom + self._deeper.get(picture.key, 0.0)
        height = shrunk_height(picture.height, self._free(name, places, bottom), bottom)
        if height is None:
            return False
        self.widths[name] = picture.width * height / picture.height
        return True

    def _free(self, name: str, places: _Places, bottom: float) -> float:
        """Returns the height that is left for a picture on the page before its own."""
        page, reached = places.room[name]
        _, top = places.top[name]
        picture = self._pictures[name]
        bottom = min([bottom, *(y for number, y in places.notes.values() if number == page)])
        headings = top - self._page.top
        below = places.foot[name] - top - picture.height if name in places.foot else 0.0
        for note in picture.notes:
            if places.notes[note][0] != places.ends[note][0]:
                return 0.0
            below += places.ends[note][1] - places.notes[note][1]
        return bottom - reached - headings - below - _SLACK
