"""Marks runs in other scripts of a short text by language and direction."""

from __future__ import annotations

from ...escape import escape
from ...language.direction import direction
from ...language.writing_systems import has_kana, has_letter_of_scripts, pieces


def mark_runs(text: str, language: str) -> str:
    """Returns ``text`` as content of an XHTML element in ``language``, with other scripts marked."""
    if not has_letter_of_scripts(text):
        return escape(text)
    return "".join(
        f'<span lang="{p.language}" xml:lang="{p.language}" dir="{direction(p.language)}">'
        f"{escape(p.text)}</span>"
        if p.language
        else escape(p.text)
        for p in pieces(text, language, japanese=has_kana(text))
    )
