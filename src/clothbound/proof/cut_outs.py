"""Draws findings: the cut-out of each, one contact sheet of all, and their list as JSON."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..errors import WriteError, reason_of
from ..model.slugs import file_name
from ..opened_pdf import opened_pdf
from .face_files import Box
from .findings import CHECKS, Finding, FindingKind

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

_SCALE = 2.0
"""Pixels to the point: 144 dots per inch."""
_LARGEST = 8_000
"""The most pixels of a side; a poster is drawn with fewer to the point."""
_AROUND = (36.0, 24.0)
"""The points of the page that a cut-out shows beside and above a finding."""
_LEAST = (260.0, 90.0)
_MARK = (214, 40, 40)
_ADVICE = (40, 90, 200)
_CELL, _CAPTION, _COLUMNS = (420, 230), 34, 3
_MOST_ON_SHEET = 120
_MOST = 1000
"""Cut-outs of one check that are drawn; a book may have thousands of stretched lines."""


def save_cut_outs(source: Path | bytes, found: Sequence[Finding], folder: Path) -> list[str]:
    """Writes the cut-outs, ``contact-sheet.png`` and ``findings.json`` into a folder, and returns their names.

    Of each check the first thousand findings are drawn; ``findings.json`` has them all, the others without a picture.

    Raises WriteError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _save(source, found, folder)
    except OSError as error:
        raise WriteError(f"cannot be written: {reason_of(error)}", source=str(folder)) from error


def _save(source: Path | bytes, found: Sequence[Finding], folder: Path) -> list[str]:
    names: list[str] = []
    shown: list[tuple[Finding, Image]] = []
    listed = []
    for number, (finding, picture) in enumerate(_draw(source, found), 1):
        name = _name(number, finding) if picture is not None else ""
        listed.append({**msgspec.to_builtins(finding), "kind": finding.kind.value, "picture": name})
        if picture is None:
            continue
        picture.save(folder / name)
        names.append(name)
        if len(shown) < _MOST_ON_SHEET:
            small = picture.copy()
            small.thumbnail((_CELL[0] - 12, _CELL[1] - _CAPTION - 12))
            shown.append((finding, small))
    (folder / "findings.json").write_bytes(
        msgspec.json.format(msgspec.json.encode(listed), indent=2)
    )
    names.append("findings.json")
    if shown:
        _contact_sheet(shown).save(folder / "contact-sheet.png")
        names.append("contact-sheet.png")
    return names


def _name(number: int, finding: Finding) -> str:
    position = str(finding.page + 1)
    label = file_name(finding.label or position, position)
    return f"{number:04}-page-{label}-{finding.check.replace(' ', '-')}.png"


def count_undrawn(found: Sequence[Finding]) -> int:
    """Returns the number of findings that get no cut-out."""
    return sum(max(0, count - _MOST) for count in Counter(one.check for one in found).values())


def _draw(source: Path | bytes, found: Sequence[Finding]) -> Iterator[tuple[Finding, Image | None]]:
    """Yields each finding with its cut-out, if it gets one: errors first, and the pages in order."""
    from PIL import ImageDraw

    drawn: Counter[str] = Counter()
    with opened_pdf(source) as document:
        page_number, whole, scale = -1, None, _SCALE
        for finding in sorted(found, key=lambda one: (one.kind is FindingKind.ADVICE, one.page)):
            drawn[finding.check] += 1
            if drawn[finding.check] > _MOST:
                yield finding, None
                continue
            if finding.page != page_number:
                page_number = finding.page
                whole, scale = _draw_page(document, page_number)
            assert whole is not None
            picture = whole.copy()
            colour = _MARK if finding.kind is FindingKind.ERROR else _ADVICE
            x0, top, x1, bottom = (side * scale for side in finding.box)
            ImageDraw.Draw(picture).rectangle(
                (x0 - 4, top - 4, x1 + 4, bottom + 4), outline=colour, width=2
            )
            yield finding, picture.crop(_crop(finding.box, scale, whole.size))


def _draw_page(document: PdfDocument, number: int) -> tuple[Image, float]:
    """Returns a page as a picture, and its pixels to the point."""
    page = document[number]
    try:
        scale = min(_SCALE, _LARGEST / max(page.get_size()))
        picture: Image = page.render(scale=scale).to_pil()
        return picture.convert("RGB"), scale
    finally:
        page.close()


def _crop(box: Box, scale: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    x0, top, x1, bottom = box
    wide = max((_LEAST[0] - (x1 - x0)) / 2, _AROUND[0])
    high = max((_LEAST[1] - (bottom - top)) / 2, _AROUND[1])
    left, upper = max(0, int((x0 - wide) * scale)), max(0, int((top - high) * scale))
    right = min(size[0], math.ceil((x1 + wide) * scale))
    lower = min(size[1], math.ceil((bottom + high) * scale))
    return (min(left, size[0] - 8), min(upper, size[1] - 8), max(right, 8), max(lower, 8))


def _contact_sheet(shown: Sequence[tuple[Finding, Image]]) -> Image:
    from PIL import Image, ImageDraw

    rows = math.ceil(len(shown) / _COLUMNS)
    sheet = Image.new("RGB", (_CELL[0] * _COLUMNS, _CELL[1] * rows), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (finding, picture) in enumerate(shown):
        x, y = number % _COLUMNS * _CELL[0] + 6, number // _COLUMNS * _CELL[1] + 4
        colour = _MARK if finding.kind is FindingKind.ERROR else _ADVICE
        told = f"{finding.label or finding.page + 1}: {CHECKS[finding.check].name}"
        draw.text((x, y), told, fill=colour)
        draw.text(
            (x, y + 13), finding.message.encode("ascii", "replace").decode()[:66], fill=(60, 60, 60)
        )
        sheet.paste(picture, (x, y + _CAPTION - 4))
    return sheet
