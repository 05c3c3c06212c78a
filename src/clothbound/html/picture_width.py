"""The width that a post wants a picture to have: ``{width=50%}``."""

from __future__ import annotations

import re

from ..model.inlines import Image

_LENGTH = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)(%|px|in|cm|mm|pt|em)?")


def wanted_width(node: Image) -> tuple[str, str] | None:
    """Digits and unit, as CSS has them; None where nothing is wanted, or nothing that is a width."""
    match = _LENGTH.fullmatch(dict(node.attributes).get("width", "").strip())
    return (match[1], match[2] or "px") if match else None
