r"""Reads the numbers and labels of equations from TeX: ``\tag``, ``\label``, ``\ref``, ``\eqref``."""

from __future__ import annotations

from ..lazy_pattern import lazy_pattern

# Without the look back, each space of a long row would be tried as the first.
_TAG = lazy_pattern(r"(?<!\s)\s*\\tag(?P<bare>\*)?\s*\{(?P<words>[^{}]*)\}")
_LABEL = lazy_pattern(r"(?<!\s)\s*\\label\s*\{([^{}]*)\}")
_UNNUMBERED = lazy_pattern(r"\\(?:notag|nonumber)(?![A-Za-z])")
# The environments that TeX numbers, once as a whole or once for each line (amsmath, section 3).
_AS_ONE = lazy_pattern(r"\\begin\s*\{(?:equation|multline)\}")
_BY_LINE = lazy_pattern(r"\\begin\s*\{(?P<name>align|alignat|flalign|gather|eqnarray)\}")
_LINE = lazy_pattern(r"\\\\")
REFERENCE = lazy_pattern(r"\\(?P<command>eqref|ref)\s*\{(?P<label>[^{}]*)\}")
r"""A reference to the number of an equation. ``\eqref`` sets it in brackets."""


def split_number(tex: str) -> tuple[str, str]:
    r"""Returns ``tex`` without its ``\tag``, and the number with its brackets.

    The number is empty if there is no tag, or if several lines have their own, which stay.
    """
    found = list(_TAG.finditer(tex))
    if len(found) != 1 or (_BY_LINE.search(tex) and len(_LINE.findall(tex)) > 0):
        return tex, ""
    words = found[0]["words"].strip()
    number = words if found[0]["bare"] else f"({words})"
    return tex[: found[0].start()] + tex[found[0].end() :], number


def has_labels(tex: str) -> bool:
    """Whether other places may refer to the formula."""
    return _LABEL.search(tex) is not None


def number_lines(tex: str, next_number: int) -> tuple[str, dict[str, str], int]:
    r"""Gives the lines of ``tex`` that TeX numbers a ``\tag``, from ``next_number`` on.

    Returns the formula without labels, the number of each label, and the next number.
    """
    by_line = _BY_LINE.search(tex)
    parts = _LINE.split(tex) if by_line else [tex]
    is_numbered = by_line is not None or _AS_ONE.search(tex) is not None
    labels: dict[str, str] = {}
    written = []
    for part in parts:
        tag = _TAG.search(part)
        number = tag["words"].strip() if tag else ""
        found = _LABEL.findall(part)
        line = _LABEL.sub("", part)
        # A label without an environment counts, since scripts on pages number such formulas.
        counts = (is_numbered or bool(found)) and bool(line.strip())
        if counts and not tag and not _UNNUMBERED.search(line):
            number = str(next_number)
            next_number += 1
            line = _with_tag(line, number)
        labels.update(dict.fromkeys(map(str.strip, found), number))
        written.append(line)
    return "\\\\".join(written), labels, next_number


def _with_tag(part: str, number: str) -> str:
    """Adds a tag at the end of a line, before the end of its environment."""
    end = part.rfind("\\end")
    body, rest = (part[:end], part[end:]) if end >= 0 and _ends_numbered(part) else (part, "")
    return f"{body.rstrip()} \\tag{{{number}}}{rest}"


def _ends_numbered(part: str) -> bool:
    name = part[part.rfind("\\end") :].removeprefix("\\end").strip().strip("{}").strip()
    return name in ("equation", "multline", "align", "alignat", "flalign", "gather", "eqnarray")
