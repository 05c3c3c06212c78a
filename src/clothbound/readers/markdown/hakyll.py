"""Reads the marks of Hakyll's templates, which posts may have, too: ``$title$``, ``$if(x)$`` to ``$endif$``,
``$partial("x.html")$``.

Source: Hakyll's documentation (``Hakyll.Web.Template``, tutorial "Snapshots, and how to produce an RSS/Atom feed").
"""

from __future__ import annotations

import re

from ...diagnostics import LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ...model.post import Metadata
from ..fences import CODE_SPAN, with_code
from .shortcode_report import COMPUTED, ShortcodeReport

_LOGIC = r"(?:if|elseif|for)\([\w.-]+\)|else|endif|endfor|sep"
_LOGIC_SIGN = lazy_pattern(rf"\$(?:{_LOGIC}|partial\(\"[^\"$\n]+\"\))\$")
_FIELD_SIGN = lazy_pattern(r"\$(?:title|author|date|body)\$")
_FORMULA = lazy_pattern(r"(?<![\\$\w])\$(?=[^\s$])[^$\n]*[^\s\\$]\$(?![\d$])|\$\$")
_MARK = lazy_pattern(
    rf"{CODE_SPAN}"
    rf"|(?<![\\$\w])\$(?:(?P<logic>{_LOGIC})"
    r"|(?P<call>[a-z]\w*\((?:\"[^\"$\n]*\"|[^\"$()\n])*\))|(?P<name>[A-Za-z][\w-]{2,}))\$(?![\d$])"
)
_ENDS = frozenset({"else", "endif", "endfor", "sep"})


def is_page(text: str) -> bool:
    """Returns whether a text has marks that no formula is, outside code: of logic, or several fields where there are no
    formulas. One alone may be a formula, or named by a text about templates.
    """
    if "$" not in text or not (_LOGIC_SIGN.search(text) or _FIELD_SIGN.search(text)):
        return False
    words = "\n".join("" if is_code else line for line, is_code in with_code(text.split("\n")))
    marks = [found[0] for found in _MARK.finditer(words)]
    if any(map(_LOGIC_SIGN.match, marks)):
        return True
    fields = set(filter(_FIELD_SIGN.match, marks))
    return len(fields) > 1 and not _FORMULA.search(
        _MARK.sub(lambda found: " " * len(found[0]), words)
    )


def as_markdown(text: str, metadata: Metadata, first_line: int) -> tuple[str, list[LineDiagnostic]]:
    """Returns a page with the values that its header has, its lines kept, and what is to be said of its other marks."""
    report = ShortcodeReport()
    values = _values_of(metadata)
    result = []
    for number, (line, is_code) in enumerate(with_code(text.split("\n")), first_line):
        if is_code or "$" not in line:
            result.append(line)
            continue
        result.append(_MARK.sub(lambda found, at=number: _shown(found, values, report, at), line))  # type: ignore[misc]
    return "\n".join(result), report.findings()


def _shown(found: re.Match[str], values: dict[str, str], report: ShortcodeReport, line: int) -> str:
    if found["ticks"]:
        return found[0]
    if logic := found["logic"]:
        if logic not in _ENDS:
            report.add(found[0], COMPUTED, line, "mark")
        return ""
    if found["name"] in values:
        return values[found["name"]]
    report.add_expression(found[0], line)
    return f"`{found[0]}`"


def _values_of(metadata: Metadata) -> dict[str, str]:
    """Returns the fields of a header by the names that templates have for them."""
    day = metadata.published.day if metadata.published is not None else ""
    known = {
        "title": metadata.title,
        "author": ", ".join(metadata.authors),
        "date": day,
        "description": metadata.description,
    }
    given = {name: value for name, value in metadata.extra.items() if isinstance(value, str)}
    return {name: value for name, value in {**given, **known}.items() if value}
