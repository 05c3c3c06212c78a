"""The words of cards, which stand where a page had an embed or a player, and of other boxes."""

from __future__ import annotations

from datetime import UTC, datetime

from ...language.dates import long_date
from ...language.words import CALLOUTS, wording
from ...model.blocks import Callout, CodeBlock, Embed, Media
from ...model.post import Timestamp
from ...web.addresses import host_of

_NUMBERED = frozenset({"numberLines", "number-lines"})


def byline(node: Embed, language: str) -> str:
    """Who wrote what was embedded, and when: a day in the words of ``language`` (BCP 47), a date of
    any other form as it was captured.
    """
    return " · ".join(filter(None, (node.author, _day(node.date, language))))


def source_label(node: Embed) -> str:
    """Where what was embedded comes from."""
    return node.provider or host_of(node.href) or node.kind


def player_label(node: Media, language: str) -> str:
    """What one would hear or see, in the words of ``language``, and how long it takes."""
    words = wording(language)
    label = words.video if node.kind == "video" else words.audio
    return f"{label} ({_duration(node.duration)})" if node.duration else label


def callout_label(node: Callout, language: str) -> str:
    """What a callout without a title is called after its kind, in the words of ``language`` where we
    know the kind, else in its author's; empty for what is no kind but an element of HTML.
    """
    kind = node.kind.lower()
    if node.title or kind in ("aside", "details"):
        return ""
    if kind in CALLOUTS:
        return wording(language).callouts[CALLOUTS.index(kind)]
    return node.kind[:1].upper() + node.kind[1:]


def lines_without_numbers(node: CodeBlock) -> str:
    """What is said of code whose lines pandoc or a site would number; empty where none would."""
    if not _NUMBERED.intersection(node.classes):
        return ""
    given = dict(node.attributes)
    start = given.get("startFrom") or given.get("start-from") or "1"
    return f"code written without the numbers of its lines, which begin with {start}"


def _day(date: str, language: str) -> str:
    try:
        value = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return date
    return long_date(Timestamp(date, value, "day"), language)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
