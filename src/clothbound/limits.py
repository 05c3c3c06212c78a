"""Every bound that a conversion keeps, in one place."""

from __future__ import annotations

import msgspec

from .errors import UsageError

FORMULA_DEPTH = 60
"""Levels in a formula, TeX or MathML; deeper ones are kept as source text. No option: a formula is
the same in every product."""
FORMULA_ELEMENTS = 2_000
"""Elements of a formula that is drawn as SVG; ziamath's time is their square. A longer one is shown as TeX."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds against hostile or broken input. Sizes are bytes, times seconds."""

    post_bytes: int = 20_000_000
    """A longer post is bad: it is named and left out."""
    header_bytes: int = 200_000
    """Front matter; a longer header is left aside with a warning."""
    header_depth: int = 20
    """Nesting in front matter. libyaml's loader crashes the process at about 25 000."""
    header_aliases: int = 50
    """YAML aliases; a few dozen can expand to billions of values."""
    depth: int = 100
    """Levels in a document tree; deeper input is flattened. Pickle fails at about 200."""
    delimiters: int = 2_000
    """Emphasis and bracket characters in one paragraph, above which they are text:
    mistune's inline parser is quadratic in them."""
    links: int = 1_000
    """Links in one paragraph, which is made several above it. See ``model/bounds.py``."""
    containers: int = 20_000
    """Quotations, list items and divisions of one post; the content of further ones is kept without them."""
    nodes: int = 100_000
    """Elements of one post, above which its text is joined: 50 000 paragraphs, about."""
    resource_bytes: int = 100_000_000
    """One picture or file."""
    redirects: int = 5
    """On the way to one picture."""
    fetch_seconds: float = 30.0
    """For one download, redirects and all."""
    pixels: int = 100_000_000
    """One decoded picture."""
    pixels_at_once: int = 100_000_000
    """Of all pictures that are converted beside each other; a larger one is converted alone. A pixel
    takes about eight bytes."""
    svg_elements: int = 100_000
    """What one SVG picture draws, each element as often as it is used: a few lines of uses of uses
    can draw millions."""
    svg_seconds: float = 20.0
    """For drawing one SVG picture as pixels."""
    entries: int = 100_000
    """Files in an archive."""
    archive_bytes: int = 4_000_000_000
    """An archive unpacked."""
    ratio: int = 200
    """Unpacked to packed size of one entry."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or value < 0:
                raise UsageError(f"{name} is a number from 0, not {value!r}")
