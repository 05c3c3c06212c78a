"""Reads texts in the data of components: HTML in JSON, time stamps, bylines."""

from __future__ import annotations

import html
import re

from ..lazy_pattern import lazy_pattern
from .data_attrs import Data, records, string

_TAG = lazy_pattern(r"<(?:br\s*/?|/p|/div|/li|/tr)>", re.I)
_ANY_TAG = lazy_pattern(r"<[^<>]*>")
_DAY = lazy_pattern(r"^\d{4}-\d\d-\d\dT")


def strip_tags(markup: str) -> str:
    """Returns the text of an HTML fragment."""
    text = _ANY_TAG.sub("", _TAG.sub("\n", markup)) if "<" in markup else markup
    return html.unescape(text).strip() if "&" in text else text.strip()


def day(value: object) -> str:
    """Returns the day of an ISO time stamp; any other text is returned unchanged."""
    date = string(value)
    return date[:10] if _DAY.match(date) else date


def names_of(bylines: object) -> str:
    """Returns the names in a list of bylines, separated by commas."""
    return ", ".join(filter(None, (string(byline.get("name")) for byline in records(bylines))))


def bylines_of(author: str) -> list[Data]:
    """Returns the bylines of the names in ``author``, which commas separate."""
    return [{"name": name} for name in author.split(", ")] if author else []
