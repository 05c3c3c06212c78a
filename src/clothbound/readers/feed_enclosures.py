"""Decides what becomes of the files that come with an entry of a feed: its recording, its cover, or a part of its text."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..escape import attribute, escape
from ..lazy_pattern import lazy_pattern
from ..media.sniffing import type_of_address
from ..web.addresses import last_segment

_DURATION = lazy_pattern(r"(?:(?:(\d{1,9}):)?(\d{1,3}):)?(\d{1,9})(?:\.\d+)?")
_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB"))


class Enclosure(msgspec.Struct, frozen=True, kw_only=True):
    """A file that comes with an entry. An empty field is unknown."""

    url: str
    type: str = ""
    """The media type."""
    size: int = 0
    """The length in bytes."""
    duration: float = 0.0
    """The duration in seconds."""
    title: str = ""
    alt: str = ""
    """What a picture shows."""

    @property
    def kind(self) -> str:
        """``audio``, ``video``, ``image`` or another first half of a media type, by the address if none is given."""
        given = "" if self.type == "application/octet-stream" else self.type
        return (given or type_of_address(self.url)).partition("/")[0].lower()


class PlacedEnclosures(msgspec.Struct, frozen=True):
    """The files of an entry in their places."""

    recording: Enclosure | None
    cover: str
    """The address of the entry's picture; empty if there is none."""
    markup: str
    """The other files, as HTML that follows the text."""


def place_enclosures(
    enclosures: Sequence[Enclosure], text: str, *, pictures_in_text: bool = False
) -> PlacedEnclosures:
    """Chooses the first recording and the first picture; the rest follows the text if the text has it not.

    ``pictures_in_text`` means that the pictures belong to the text, as in an entry without a title.
    """
    recording: Enclosure | None = None
    cover, parts = "", []
    seen: set[str] = set()
    for one in enclosures:
        if not one.url or one.url in seen:
            continue
        seen.add(one.url)
        kind = one.kind
        if kind in ("audio", "video") and recording is None:
            recording = one
            continue
        is_other_form = recording is not None and one.title != "" and one.title == recording.title
        if kind == "image" and not pictures_in_text:
            cover = cover or one.url
        elif not is_other_form and one.url not in text and escape(one.url) not in text:
            parts.append(_markup(one, kind))
    return PlacedEnclosures(recording, cover, "".join(parts))


def seconds_of(text: str) -> float:
    """Returns a duration (``1:02:03``, ``62:03``, ``3723``) in seconds; 0 for another text."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return 0.0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float((hours * 60 + minutes) * 60 + seconds)


def number_of(text: str) -> int:
    """Returns a number of bytes or of an episode; 0 for a text that is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _markup(one: Enclosure, kind: str) -> str:
    url, title = attribute(one.url), one.title or one.alt
    if kind in ("audio", "video"):
        named = f' title="{attribute(title)}"' if title else ""
        return f'<{kind} src="{url}"{named} controls></{kind}>'
    if kind == "image":
        return f'<figure><img src="{url}" alt="{attribute(title)}"></figure>'
    name = one.title or last_segment(one.url) or one.url
    size = f' <span class="size">{_size(one.size)}</span>' if one.size else ""
    return f'<p class="file"><a href="{url}">{escape(name)}</a>{size}</p>'


def _size(size: int) -> str:
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"
