"""Titles of several lines, broken so that the lines are about as long as each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from ...lazy_pattern import lazy_pattern
from .balance import balanced_width
from .fonts import TITLE_SIZE, FontFile, Measure

_COMPOUND = lazy_pattern(r"((?=\S{1,24}(?:\s|$))(?<!\S)\w[^\s-]*(?:-[^\s-]+)+)")
"""A word with a hyphen in it, that is not divided there."""
_HYPHEN = "\u2010"
"""As wide as the other."""
_SPARE = 1.02
"""The engine's lines may be a little wider than they were measured."""


@dataclass(frozen=True, slots=True)
class DisplayType:
    """The type of a title."""

    font: FontFile
    size: float
    """In rem."""
    leading: float
    """In rem, from one line to the next."""
    spread: float = 1.0
    """How much wider its letters are than those of the font's regular weight at the size of titles."""


class TitleWidths:
    """Narrows titles that take several lines: of text as wide as the page the last is often one word."""

    def __init__(self, kinds: Mapping[str, DisplayType], size: float, room: float) -> None:
        """``kinds``: the types of titles by class. ``size``: points of a rem. ``room``: of a line."""
        self._kinds = kinds
        self._size = size
        self._room = room
        self._measures = {kind.font: Measure(kind.font, TITLE_SIZE) for kind in kinds.values()}

    def narrow(self, root: Element) -> None:
        """Gives each such title below ``root`` its width, as its ``style``."""
        for element in root.iter():
            kind = self._kinds.get(element.get("class", ""))
            if kind is None:
                continue
            measure = self._measures[kind.font]
            scale = kind.size * kind.spread * self._size / TITLE_SIZE
            title = " ".join("".join(element.itertext()).split())
            whole = _COMPOUND.sub(lambda word: word[0].replace("-", _HYPHEN), title)
            width = balanced_width(measure, whole, self._room / scale)
            _keep_compounds(element)
            if width is not None and width * scale * _SPARE < self._room:
                element.set("style", f"max-width: {width * scale * _SPARE:.1f}pt")


def _keep_compounds(title: Element) -> None:
    """Puts compound words of a title into elements whose lines are not broken."""
    first, *rest = _COMPOUND.split(title.text or "")
    title.text = first
    for word, after in zip(rest[::2], rest[1::2], strict=True):
        SubElement(title, "span", {"class": "compound"}).text = word
        title[-1].tail = after
