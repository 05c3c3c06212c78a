r"""Reads Franklin's marks: divisions (``@@name`` to ``@@``), HTML between lines of ``~~~``, pictures (``\fig{a.png}``), and
the place of the contents (``\toc``).

Sources: Franklin's documentation ("Div blocks", "Raw HTML", "Inserting a figure", "Table of contents"), and sites in public
repositories.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from ..fences import with_code

_BEGIN = lazy_pattern(r"[ \t]*@@(?P<name>[A-Za-z][\w-]*)(?:,[\w,-]*)?[ \t]*")
_END = lazy_pattern(r"[ \t]*@@[ \t]*")
_DIVISION = r"(?<![\w@])@@[A-Za-z][\w,-]*[ \t]+(?P<words>[^@\n]*(?:@(?!@)[^@\n]*)*)@@(?!\w)"
_WITHIN = lazy_pattern(rf"(?P<ticks>`+)(?:(?!(?P=ticks)).)+?(?P=ticks)(?!`)|{_DIVISION}")
_SIGN = lazy_pattern(
    rf"(?m)^(?:{_BEGIN.pattern}$|{_DIVISION}|\\(?:toc|tableofcontents)[ \t]*$|\\fig(?:alt)?\{{)"
)
_CONTENTS = lazy_pattern(r"[ \t]*\\(?:toc|tableofcontents)[ \t]*")
_FIGURE = lazy_pattern(r"\\fig(?:alt\{(?P<alt>[^{}\n]*)\})?\{(?P<file>[^{}\n]+)\}")
_HTML = "~~~"


def is_page(text: str) -> bool:
    """Returns whether a text has marks that only Franklin has."""
    return ("@@" in text or "\\" in text) and _SIGN.search(text) is not None


def as_markdown(text: str) -> str:
    """Returns a page with Franklin's marks as Markdown's, its lines kept."""
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if line.strip() == _HTML]
    for opening, closing in zip(fences[::2], fences[1::2], strict=False):
        lines[opening], lines[closing] = "```{=html}", "```"
    depth, result = 0, []
    for line, is_code in with_code(lines):
        if is_code:
            result.append(line)
        elif (begin := _BEGIN.fullmatch(line)) is not None:
            depth += 1
            result.append(f"::: {begin['name']}")
        elif depth and _END.fullmatch(line):
            depth -= 1
            result.append(":::")
        elif _CONTENTS.fullmatch(line):
            result.append("")
        else:
            result.append(_FIGURE.sub(_picture, _WITHIN.sub(_words, line)))
    return "\n".join(result)


def _words(found: re.Match[str]) -> str:
    return found[0] if found["ticks"] else found["words"].strip()


def _picture(found: re.Match[str]) -> str:
    return f"![{found['alt'] or ''}](<{found['file']}>)"
