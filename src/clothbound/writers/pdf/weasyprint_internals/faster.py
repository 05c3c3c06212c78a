"""What of WeasyPrint is replaced by functions that give the same results in less time, and lines filled evenly."""

from __future__ import annotations

from .even_spaces import widen_measured_spaces
from .faster_drawing import read_glyphs_at_once
from .faster_styles import ask_for_margin_boxes, resolve_lengths_first, take_defaults_first
from .faster_text import remember_struts, set_up_once, space_words_later
from .replacing import replace_everywhere

REPLACED = (
    ("weasyprint.text.line_break", "Layout.setup", set_up_once),
    ("weasyprint.text.line_break", "Layout.reactivate", widen_measured_spaces),
    ("weasyprint.text.line_break", "strut", remember_struts),
    ("weasyprint.layout.inline", "add_word_spacing", space_words_later),
    ("weasyprint.draw.text", "draw_first_line", read_glyphs_at_once),
    ("weasyprint.layout.page", "set_page_type_computed_styles", ask_for_margin_boxes),
    ("weasyprint.layout.percent", "resolve_percentages", resolve_lengths_first),
    ("weasyprint.css", "ComputedStyle.__missing__", take_defaults_first),
)
"""Modules of WeasyPrint, their functions, and what makes the new ones."""


WRITTEN_FOR = frozenset({"70.0"})
"""The versions of WeasyPrint whose functions were compared. Any other keeps its own, and takes longer."""


def make_faster() -> None:
    """Replaces the functions in ``REPLACED``, once in a process."""
    import weasyprint

    if weasyprint.__version__ in WRITTEN_FOR:
        for module, name, make in REPLACED:
            replace_everywhere(module, name, make)
