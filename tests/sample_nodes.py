"""Makes nodes and moments that many tests need."""

from __future__ import annotations

from datetime import UTC, datetime

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Timestamp


def paragraph(*children: i.Inline | str, name: str = "") -> b.Paragraph:
    """A paragraph of inlines, with the id ``name``; a string is a text."""
    return b.Paragraph(
        tuple(i.Text(child) if isinstance(child, str) else child for child in children), id=name
    )


def day(text: str) -> Timestamp:
    """A day, ``2023-05-01``, at midnight UTC."""
    return Timestamp(text, datetime.fromisoformat(text).replace(tzinfo=UTC), "day")
