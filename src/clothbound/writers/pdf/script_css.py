"""The rules of print by WeasyPrint for writing systems that are not like Latin, as a style sheet.

WeasyPrint 70 fills lines by spaces between words alone, which would make holes beside Latin words in Chinese and
Japanese, and at the few spaces of Thai. So lines of scripts without spaces between words are ragged.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...language.direction import direction
from ...language.writing_systems import LETTER_SPACE, languages_with_rules

# Pages before the text are centred, so that their sections are left out.
_TEXTS = ("html", ".chapter[lang]", ".foot-note", ".endnote")
_SMALL_CAPITALS = (
    ".date", ".byline", ".lead", ".lead-words", ".drop-words", ".book-author", ".toc-part", ".series-head", "h2",
)  # fmt: skip
"""What themes set in small capitals and old-style figures."""
_MARKS = ("em", "i", "cite", "mark", "u")


def script_css(*, has_indents: bool, leading: float) -> str:
    """Returns the rules that follow the style sheets of a theme.

    ``has_indents`` says whether an indent parts its paragraphs, as opposed to a gap; ``leading`` is the distance of its
    lines in rem.
    """
    rules = languages_with_rules()
    lines = [
        f"{_in(('*',), rules)} {{ font-style: normal !important; letter-spacing: 0 !important; }}",
        f"{_in(_MARKS, rules)} {{ font-weight: 600; }}",
        f"{_in(_SMALL_CAPITALS, rules)} {{ font-feature-settings: normal; }}",
        f"{_in(_TEXTS, rules)} {{ font-variant-numeric: lining-nums; }}",
    ]
    # Right-to-left lines are ragged too, for another reason (print.css).
    ragged = [
        name
        for name, rule in rules.items()
        if rule.indent or rule.letter_space > LETTER_SPACE or direction(name) == "rtl"
    ]
    lines.append(f"{_in(_TEXTS, ragged)} {{ text-align: start; }}")
    lines += [
        f"{_in(('.chapter',), (name,))} {{ --paragraph-indent: {rule.indent}em; --first-indent: {rule.indent}em; }}"
        for name, rule in rules.items()
        if rule.indent and has_indents
    ]
    lines += [
        f"{_in(('.chapter',), (name,))} {{ line-height: {rule.leading}rem; }}"
        for name, rule in rules.items()
        if rule.leading > leading
    ]
    return "\n".join(lines)


def _in(elements: Iterable[str], languages: Iterable[str]) -> str:
    """Returns the selector of elements in any of some languages."""
    return ", ".join(f"{element}:lang({name})" for name in languages for element in elements)
