"""The words of cards, which stand where a page had an embed or a player."""

from __future__ import annotations

from datetime import UTC, datetime

from ..model.blocks import Embed, Media
from ..model.post import Timestamp
from .address import host_of
from .language import long_date


def byline(node: Embed, language: str) -> str:
    """Who wrote what was embedded, and when: a day in the words of ``language`` (BCP 47), a date of
    any other form as it was captured.
    """
    return " · ".join(filter(None, (node.author, _day(node.date, language))))


def source_label(node: Embed) -> str:
    """Where what was embedded comes from."""
    return node.provider or host_of(node.href) or node.kind


def player_label(node: Media) -> str:
    """What one would hear or see, and how long it takes."""
    label = "Video" if node.kind == "video" else "Audio"
    return f"{label} ({_duration(node.duration)})" if node.duration else label


def _day(date: str, language: str) -> str:
    try:
        value = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return date
    return long_date(Timestamp(date, value, "day"), language)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
