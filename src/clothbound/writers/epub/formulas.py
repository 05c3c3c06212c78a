"""Writes formulas as the destination shows them: as MathML with a picture beside it, or as a picture.

Sources: MathML 3, section 2.2.2 (``altimg``, for reading systems that set no MathML).
"""

from __future__ import annotations

import hashlib
import io

import msgspec

from ... import epub_names as names
from ...destinations import Destination
from ...escape import attribute
from ...html.write.target import MathMarkup
from ...math.line_breaks import in_lines, in_pieces
from ...math.svg import Formula, to_svg
from ...math.tex_to_mathml import to_mathml
from ...math.width import width_of
from ...parts.post_parts import ShownFile

_SVG = "image/svg+xml"
_ROOM = 30
"""The width in em of a small screen. A wider formula that cannot be broken is set smaller."""
_SMALLEST = 0.65
"""The smallest size of a formula, as a share of the text's. One that is still too wide gets a box that scrolls."""
_PHONE = 20
"""The width in em of a telephone's screen. A wider formula scrolls if it cannot be broken."""
_LINE = 18
"""The width in em of a broken formula's lines. Where no face for formulas is installed, letters are wider than computed by
up to an eighth."""
_PIECE = 6
"""The width in em of the unbroken pieces of a formula within a line of text."""
_PIXELS = 96
"""The pixels of an em. They give three to four times the resolution of text at usual sizes."""


class ChapterFormula(msgspec.Struct, frozen=True):
    """A formula as a chapter shows it."""

    markup: MathMarkup
    """Its markup is None if the formula cannot be typeset."""
    files: tuple[ShownFile, ...] = ()
    as_mathml: bool = False
    as_picture: bool = False
    """Whether it is a picture with its TeX as alternative text."""


class Formulas:
    """Sets the formulas of a book, each once."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination
        self._known: dict[tuple[str, bool], ChapterFormula] = {}

    def set(self, tex: str, display: bool) -> ChapterFormula:
        """Returns ``tex`` as markup, with the files that it names."""
        found = self._known.get((tex, display))
        if found is None:
            found = self._set(tex, display)
            self._known[tex, display] = found
        return found

    def _set(self, tex: str, display: bool) -> ChapterFormula:
        if not self.destination.mathml:
            formula = to_svg(tex, display, _PHONE)
            return (
                ChapterFormula(MathMarkup(None))
                if formula is None
                else self._as_picture(tex, formula, display)
            )
        mathml = to_mathml(tex, display)
        if mathml is None:
            return ChapterFormula(MathMarkup(None))
        width = width_of(mathml)
        if width > _LINE and display:
            mathml = in_lines(mathml, _LINE)
            width = width_of(mathml)
        elif width > _PHONE and not self.destination.formula_pictures:
            pieces = in_pieces(mathml, _PIECE)
            width = max(map(width_of, pieces))
            mathml = "".join(pieces)
            if len(pieces) > 1:
                called = f'role="math" aria-label="{attribute(tex.strip())}"'
                mathml = f"<span {called}>{mathml}</span>"
        if width > _ROOM:
            size = max(_ROOM / width, _SMALLEST)
            mathml = mathml.replace("<math", f'<math style="font-size: {size:.0%}"')
        mathml, files = self._add_picture(tex, mathml, display)
        if display and width > _PHONE:
            # Boxes that scroll must be reachable by keyboard (WCAG 2.2, criterion 2.1.1).
            mathml = f'<div class="{names.LONG}" tabindex="0">{mathml}</div>'
        return ChapterFormula(MathMarkup(mathml, _describe_width(width)), files, as_mathml=True)

    def _add_picture(
        self, tex: str, mathml: str, display: bool
    ) -> tuple[str, tuple[ShownFile, ...]]:
        formula = to_svg(tex, display, _PHONE) if self.destination.formula_pictures else None
        if formula is None:
            return mathml, ()
        file = _file(formula.svg.encode(), _SVG, "svg")
        size = (
            f' altimg="{file.name}" altimg-width="{formula.width:.2f}em"'
            f' altimg-height="{formula.height:.2f}em" altimg-valign="{-formula.depth:.2f}em"'
        )
        return mathml.replace(" alttext=", f"{size} alttext=", 1), (file,)

    def _as_picture(self, tex: str, formula: Formula, display: bool) -> ChapterFormula:
        width = _describe_width(formula.width)
        data = self._draw(formula)
        if data is None:
            return ChapterFormula(MathMarkup(None, width))
        file = _file(data, "image/png", "png")
        place = "" if display else f" vertical-align: {-formula.depth:.2f}em"
        if place and formula.lines > 1:
            place = " display: block; margin: 0.4em auto"
        # With the width alone, a picture that is wider than the page keeps its shape when it shrinks.
        markup = (
            f'<img class="{names.FORMULA}" src="{file.name}" alt="{attribute(tex.strip())}"'
            f' style="width: {formula.width:.2f}em;{place}"/>'
        )
        return ChapterFormula(MathMarkup(markup, width), (file,), as_picture=True)

    def _draw(self, formula: Formula) -> bytes | None:
        """Draws the formula as a grayscale PNG picture; returns None if resvg refuses it.

        The ground is white, since black on a transparent ground would be invisible on a black page.
        The picture holds only outlines that we set ourselves, so it is drawn in this process.
        """
        import resvg_py
        from PIL import Image

        wide = formula.width >= formula.height
        side = round(max(formula.width, formula.height) * _PIXELS)
        side = max(1, min(side, self.destination.pictures.longest_side or side))
        try:
            png = resvg_py.svg_to_bytes(
                svg_string=formula.svg,
                background="#ffffff",
                width=side if wide else None,
                height=None if wide else side,
                skip_system_fonts=True,
            )
        except ValueError:
            return None
        stream = io.BytesIO()
        with Image.open(io.BytesIO(bytes(png))) as picture:
            picture.convert("L").save(stream, "PNG", optimize=True)
        return stream.getvalue()


def _file(data: bytes, media_type: str, extension: str) -> ShownFile:
    digest = hashlib.sha256(data).hexdigest()[:16]
    return ShownFile(f"images/formula-{digest}.{extension}", media_type, data, id=f"f-{digest}")


def _describe_width(width: float) -> str:
    """Returns a message about a formula of ``width`` em that is too wide for a small page, or nothing."""
    if width * _SMALLEST <= _ROOM:
        return ""
    return "a formula is wider than a small page, and its line cannot be broken"
