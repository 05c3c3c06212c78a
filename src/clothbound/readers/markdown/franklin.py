r"""Reads Franklin's marks: divisions (``@@name`` to ``@@``), HTML between lines of ``~~~``, pictures (``\fig{a.png}``), and
the place of the contents (``\toc``).

Sources: Franklin's documentation ("Div blocks", "Raw HTML", "Inserting a figure", "Table of contents"), and sites in public
repositories.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    """Returns whether a text has marks that only Franklin has, outside code: Ruby and SQL have names with ``@@``, too."""
    if ("@@" not in text and "\\" not in text) or _SIGN.search(text) is None:
        return False
    return any(not is_code and _SIGN.match(line) for line, is_code in with_code(text.split("\n")))


def as_markdown(text: str) -> str:
    """Returns a page with Franklin's marks as Markdown's, its lines kept."""
    lines = text.split("\n")
    fences = list(_fences_of_html(lines))
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


def _fences_of_html(lines: Sequence[str]) -> Iterator[int]:
    """Yields the numbers of the lines of ``~~~`` around HTML, but not of those that stand in code."""
    opening = ""
    for number, (line, is_code) in enumerate(with_code(lines)):
        sign = line.strip()
        if opening == _HTML == sign or (is_code and not opening and sign == _HTML):
            yield number
        if not is_code:
            opening = ""
        elif not opening:
            opening = sign
        elif sign and not sign.strip(opening[0]) and opening.startswith(sign):
            opening = ""


def _words(found: re.Match[str]) -> str:
    return found[0] if found["ticks"] else found["words"].strip()


def _picture(found: re.Match[str]) -> str:
    return f"![{found['alt'] or ''}](<{found['file']}>)"
