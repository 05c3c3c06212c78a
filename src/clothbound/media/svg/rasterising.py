"""Measures cleaned SVG pictures and draws them as pixels with resvg."""

from __future__ import annotations

import io
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from ...errors import ResourceError
from ...isolated import JobError, JobTimeoutError, NoProcessError, run
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...untrusted_xml import PARSER_OPTIONS
from ...web.css_lengths import PIXELS
from ..own_fonts import MONO, SANS, SANS_ITALIC, SERIF, SERIF_ITALIC
from ..picture_limits import PictureRules
from .cleaning import SVG_NAMESPACE
from .cycles import references

if TYPE_CHECKING:
    from PIL import Image

_LENGTH = lazy_pattern(rf"\s*([0-9.]+(?:e[0-9]+)?)\s*({'|'.join(PIXELS)}|)\s*\Z", re.I)
_SHARPNESS, _SHARPEST, _SHARP = 2, 4, 800
"""A rasterised picture is enlarged by the first factor; a small one by up to the second, while its longer
side stays within the third number of pixels."""
_WIDE, _WIDEST = 1600, 2400
"""The longer side, in pixels, of a picture without a size of its own, and of one whose target sets no limit."""
_ENDLESS = 1e6
"""The pixels above which a length is a mistake."""
_UNSIZED = (300.0, 150.0)
"""The size at which browsers show a picture without a size (CSS 2, section 10.3.2)."""
_OUR_SCRIPTS = lazy_pattern("[^\x00-\u052f\u1e00-\u1eff\u2000-\u22ff]")
"""Matches characters that our fonts lack."""
_FAMILIES = lazy_pattern(r"(font-family\s*:\s*)([^;}]+)", re.I)
_GENERIC = lazy_pattern(r"serif|mono|cursive|fantasy|times|georgia|garamond|palatino|cambria", re.I)
_TYPEWRITER = lazy_pattern(r"courier|consolas|menlo|monaco", re.I)
_FONTS = (SANS, SANS_ITALIC, SERIF, SERIF_ITALIC, MONO)


def svg_size(data: bytes) -> tuple[int, int]:
    """Returns the size of a cleaned picture in pixels; (0, 0) if it declares none."""
    root = _root(data)
    width, height = _length(root.get("width")), _length(root.get("height"))
    return (max(1, round(width)), max(1, round(height))) if width and height else (0, 0)


def drawn_elements(data: bytes) -> int:
    """Counts the elements that a cleaned picture draws, with each repetition by ``use``."""
    root = _root(data)
    by_name = {e.get("id"): e for e in root.iter() if e.get("id") is not None}
    known: dict[Any, int] = {}
    # Use an explicit stack, since nested uses may exceed Python's recursion limit.
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, entered = stack.pop()
        parts = [*element, *(by_name[name] for name in references(element) if name in by_name)]
        if entered:
            known[element] = 1 + sum(known[part] for part in parts)
        elif element not in known:
            # An element that uses itself through a style sheet draws nothing more.
            known[element] = 0
            stack.append((element, True))
            stack.extend((part, False) for part in parts if part not in known)
    return known[root]


def rasterise(data: bytes, rules: PictureRules, limits: Limits) -> Image.Image:
    """Draws a cleaned picture as pixels, with our fonts or, for other scripts, those of the system.

    Raises ResourceError if it cannot be drawn.
    """
    from lxml import etree
    from PIL.PngImagePlugin import PngImageFile

    root = _root(data)
    width, height = _natural_size(root)
    longest = rules.longest_side or _WIDEST
    if svg_size(data) != (0, 0):
        side = max(width, height)
        longest = min(longest, round(min(_SHARPEST * side, max(_SHARPNESS * side, _SHARP))))
    else:
        longest = min(longest, _WIDE)
        root.set("width", str(width))
        root.set("height", str(height))
    _name_generic_families(root)
    longest = max(1, longest)
    if longest * longest * min(width, height) / max(width, height) > limits.pixels:
        raise ResourceError("an SVG picture has more pixels than the limit allows")
    png = _draw(
        {
            "svg_string": etree.tostring(root, encoding="unicode"),
            "width": longest if width >= height else None,
            "height": longest if width < height else None,
            "dpi": 96.0,
            "skip_system_fonts": not any(_OUR_SCRIPTS.search(text) for text in root.itertext()),
            "font_files": [font.path for font in _FONTS],
            "font_family": "Source Sans 3",
            "sans_serif_family": "Source Sans 3",
            "serif_family": "Source Serif 4",
            "monospace_family": "JetBrains Mono",
        },
        limits,
    )
    picture = PngImageFile(io.BytesIO(png))
    picture.load()
    return picture


def _draw(arguments: dict[str, Any], limits: Limits) -> bytes:
    """Runs resvg in another process: a short filter can keep it busy for days, and nesting can exhaust its
    stack.
    """
    import resvg_py

    try:
        return run(partial(resvg_py.svg_to_bytes, **arguments), seconds=limits.svg_seconds)
    except NoProcessError as error:
        raise ResourceError(
            "an SVG picture is drawn in a separate process, which cannot be started here",
            hint="export it as PNG",
        ) from error
    except JobTimeoutError as error:
        message = f"an SVG picture that takes more than {limits.svg_seconds:g} seconds to draw"
        raise ResourceError(message) from error
    except JobError as error:
        raise ResourceError(f"an SVG picture that cannot be drawn: {error.reason}") from error


def _root(data: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))


def _name_generic_families(root: Any) -> None:
    """Adds a generic family to names of fonts that are not ours, since resvg would use a serif for
    any.
    """
    for element in root.iter():
        if element.get("font-family"):
            element.set("font-family", _with_generic(element.get("font-family")))
        if element.get("style"):
            element.set("style", _in_style(element.get("style")))
        if element.tag == f"{{{SVG_NAMESPACE}}}style" and element.text:
            element.text = _in_style(element.text)


def _in_style(style: str) -> str:
    return _FAMILIES.sub(lambda found: found[1] + _with_generic(found[2]), style)


def _with_generic(families: str) -> str:
    if _GENERIC.search(families):
        return families
    return f"{families}, {'monospace' if _TYPEWRITER.search(families) else 'sans-serif'}"


def _natural_size(root: Any) -> tuple[float, float]:
    width, height = _length(root.get("width")), _length(root.get("height"))
    if width and height:
        return width, height
    try:
        _, _, wide, high = (float(n) for n in root.get("viewBox", "").replace(",", " ").split())
    except ValueError:
        return _UNSIZED
    return (wide, high) if 0 < wide < _ENDLESS and 0 < high < _ENDLESS else _UNSIZED


def _length(text: str | None) -> float:
    """Returns a length in pixels; 0 if there is none, or if it is relative to its surroundings."""
    match = _LENGTH.match(text or "")
    try:
        length = float(match[1]) * PIXELS[match[2].lower() or "px"] if match else 0.0
    except ValueError:
        return 0.0
    return length if length < _ENDLESS else 0.0
