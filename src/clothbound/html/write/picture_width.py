"""The width that a post wants a picture to have: ``{width=50%}``."""

from __future__ import annotations

from ...lazy_pattern import lazy_pattern
from ...model.inlines import Image

# CSS Values and Units 4, section 6.2; an em is taken for what browsers set it to.
_PIXELS = {"px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "pt": 4 / 3, "em": 16.0}
_STEPS = (*range(5, 101, 5), 33, 67)
"""Percents that the style sheet of a page has a class for."""
_LENGTH = lazy_pattern(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)(%|px|in|cm|mm|pt|em)?")


def wanted_width(node: Image) -> tuple[str, str] | None:
    """Digits and unit, as CSS has them; None where nothing is wanted, or nothing that is a width."""
    match = _LENGTH.fullmatch(dict(node.attributes).get("width", "").strip())
    return (match[1], match[2] or "px") if match else None


def in_pixels(wanted: tuple[str, str]) -> int:
    """A width as an attribute of HTML has it; 0 for one in percent."""
    digits, unit = wanted
    return round(float(digits) * _PIXELS[unit]) if unit != "%" else 0


def width_class(wanted: tuple[str, str]) -> str:
    """The class of a width in percent, the nearest that there is; empty for another."""
    digits, unit = wanted
    if unit != "%" or not float(digits):
        return ""
    return f"width-{min(_STEPS, key=lambda step: abs(step - float(digits)))}"


def style_on_paper(wanted: tuple[str, str]) -> str:
    """The width as an attribute of a printed picture, with a leading space."""
    # Where the page is too low for that width, the picture keeps its shape.
    return f' style="width: {"".join(wanted)}; object-fit: contain; object-position: 0 0"'
