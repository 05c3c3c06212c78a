"""Fills justified lines by widening the spaces that were measured.

WeasyPrint 70 measures a line as one text, and draws it with an attribute of Pango's on each space (``Layout.set_text``).
Pango parts a text at its attributes, and takes a space that stands apart from the first face of the list. So where a
face of another script sets two words, the space between them was measured in that face and is drawn in another: the
line does not end at the margin, and a hole stands before the next element.

The change of WeasyPrint that would make this unnecessary: ``Layout.reactivate`` sets the text without
``justify=True`` and adds the spacing to the width of each glyph of a space, as ``fill`` does here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Reactivate: TypeAlias = "Callable[[Any, Any], None]"

_MARK = "widens_measured_spaces"


def fill_lines_evenly(fonts: Any) -> None:
    """Marks a ``FontConfiguration`` as one whose documents are justified so. Those of others in the process are not."""
    vars(fonts)[_MARK] = True


def widen_measured_spaces(reactivate: Reactivate) -> Reactivate:
    """Returns a function that does what ``Layout.reactivate`` does, and fills the lines of documents that are marked."""

    def fill(layout: Any, style: Any) -> None:
        if not layout.justification_spacing or _MARK not in vars(style.font_config):
            reactivate(layout, style)
            return
        from weasyprint.text.ffi import TO_UNITS, pango

        layout.setup(style)
        layout.set_text(layout.text)
        # What draws the line asks for this as well, and a change would make Pango shape the text again.
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
        _widen(layout, int(layout.justification_spacing * TO_UNITS))

    return fill


def _widen(layout: Any, extra: int) -> None:
    """Adds units of Pango's to the width of each space of the first line."""
    from weasyprint.text.ffi import ffi

    text = layout.text.encode().replace(b"\0", b"")
    line, _ = layout.get_first_line()
    run = line.runs[0] if line.runs != ffi.NULL else ffi.NULL
    while run != ffi.NULL:
        item = run.data
        run = run.next
        start = item.item.offset
        part = text[start : start + item.item.length]
        if b" " not in part and b"\xc2\xa0" not in part:
            continue
        glyphs = item.glyphs
        shapes = glyphs.glyphs
        for glyph, place in enumerate(ffi.unpack(glyphs.log_clusters, glyphs.num_glyphs)):
            if part[place : place + 1] == b" " or part[place : place + 2] == b"\xc2\xa0":
                shapes[glyph].geometry.width += extra
