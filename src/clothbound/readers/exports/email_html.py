"""Takes off what e-mails have around and within their text: layout tables, counters, fields of templates, tracking."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from bs4 import Tag

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...lazy_pattern import lazy_pattern
from ..searched_html import attribute, remove, words_in

FIELD = lazy_pattern(r"\{\{(?P<name>[^{}\n]{0,200})\}\}|\{%(?P<tag>[^{}\n]{0,200})%\}")
"""Matches a field or a tag of a template, which a service fills in for each reader."""
_CONDITION = lazy_pattern(r"\{%-?\s*(?P<end>end)?(?:if|unless|case|comment)\b[^{}]{0,2000}%\}")
"""Matches the beginning or the end of a part of a template that only some readers are sent, or none."""
_DEFAULT = lazy_pattern(r"\|\s*(?:default|fallback)\s*:\s*(?:\"([^\"]*)\"|'([^']*)')")
_CODE_MARK = lazy_pattern(
    r"^(?P<fence>```++|~~~++)[^\n]*|(?P<inline>`[^`\n]++`)|<(?P<end>/?)(?P<tag>pre|code)\b[^<>]*>",
    re.M | re.I,
)
"""Matches code in a line, or what begins or ends code of several lines, in Markdown or HTML."""
_TRACKING = lazy_pattern(r"utm_\w+|last_resource_guid|_bhlid|mc_[ce]id|ck_subscriber_id")
_HIDDEN = lazy_pattern(r"(?:^|[;\s])display\s*:\s*none|mso-hide\s*:\s*all", 0)
_TINY = frozenset({"0", "1", "0px", "1px"})
_CELLS = ("td", "th")
_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "colgroup", "col"})
_VERBATIM = ("pre", "code", "script", "style")


def remove_unseen(body: Tag) -> None:
    """Removes what no reader sees: hidden parts, counters of readers, and the template's comments."""
    remove(e for e in body.find_all(style=True) if _HIDDEN.search(attribute(e, "style").lower()))
    remove(
        picture
        for picture in body.select("img")
        if attribute(picture, "width") in _TINY and attribute(picture, "height") in _TINY
    )


def unwrap_layout(body: Tag) -> None:
    """Makes blocks of the cells of tables that lay a page out, and figures of a picture over its caption."""
    for table in reversed(_find_tables(body)):
        is_layout = _is_layout(table)
        is_figure = is_layout and _make_figure(table)
        if table.outer is not None and not is_figure:
            table.outer.holds_table |= table.holds_table or not is_layout
        if is_figure or not is_layout:
            continue
        for part in table.parts:
            part.unwrap()
        for cell in table.cells:
            cell.name = "div"
            cell.attrs = {}
        table.element.unwrap()
    for list_holder in body.select("div.edm_outlooklist"):
        list_holder.unwrap()
    for stray in body.find_all(["tr", "td", "tbody"]):
        if stray.find_parent("table") is None:
            stray.name = "div"
            stray.attrs = {}


@dataclass(slots=True)
class _Table:
    """A table with what is its own and not of a table within it."""

    element: Tag
    outer: _Table | None
    parts: list[Tag] = field(default_factory=list)
    """Its rows, groups of rows, and columns."""
    rows: list[Tag] = field(default_factory=list)
    cells: list[Tag] = field(default_factory=list)
    cells_of_rows: Counter[int] = field(default_factory=Counter)
    has_head: bool = False
    """Whether it has a caption, or cells that are heads."""
    holds_table: bool = False
    """Whether a table within it stays one."""


def _find_tables(body: Tag) -> list[_Table]:
    """Returns the tables in the order of the document, by one walk: they may be thousands within one another."""
    found: list[_Table] = []
    # Each with the nearest table and row around it.
    left: list[tuple[Tag, _Table | None, Tag | None]] = [(body, None, None)]
    while left:
        element, table, row = left.pop()
        if element.name == "table":
            table, row = _Table(element, table), None
            found.append(table)
        elif table is not None:
            if element.name in _PARTS:
                table.parts.append(element)
            if element.name == "tr":
                row = element
                table.rows.append(element)
            if element.name in _CELLS:
                table.cells.append(element)
                table.cells_of_rows[id(row)] += 1
            table.has_head |= element.name in ("th", "caption")
        inner = [child for child in element.children if isinstance(child, Tag)]
        left += [(child, table, row) for child in reversed(inner)]
    return found


def _is_layout(table: _Table) -> bool:
    if attribute(table.element, "role") in ("none", "presentation"):
        return True
    if table.has_head:
        return False
    if table.holds_table:
        return True
    return max((table.cells_of_rows[id(row)] for row in table.rows), default=0) < 2


def _make_figure(table: _Table) -> bool:
    rows = table.rows
    if len(rows) != 2:
        return False
    pictures = rows[0].find_all("img")
    if len(pictures) != 1 or words_in(rows[0]) or rows[1].find(["img", "table", "ul", "ol"]):
        return False
    if not words_in(rows[1]):
        return False
    picture = pictures[0]
    shown = picture.parent if picture.parent is not None and picture.parent.name == "a" else picture
    shown = shown.extract()
    rows[1].name = "figcaption"
    rows[1].attrs = {}
    for part in rows[1].find_all([*_CELLS, "p", "div"]):
        part.unwrap()
    caption = rows[1].extract()
    table.element.clear()
    table.element.name = "figure"
    table.element.attrs = {}
    table.element.append(shown)
    table.element.append(caption)
    return True


def clean_links(body: Tag) -> None:
    """Removes from addresses what tells a service which e-mail a reader came from."""
    for link in body.select("a[href]"):
        link["href"] = without_tracking(attribute(link, "href"))


def without_tracking(address: str) -> str:
    """Returns an address without the parameters by which services follow readers."""
    if "?" not in address:
        return address
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return address
    kept = [pair for pair in query if not _TRACKING.fullmatch(pair[0].lower())]
    if len(kept) == len(query):
        return address
    return parts._replace(query=urlencode(kept)).geturl()


def remove_fields(body: Tag, source: str) -> tuple[Diagnostic, ...]:
    """Removes the fields of the template from the text, but not from code; returns what to report."""
    found: Counter[str] = Counter()
    for text in body.find_all(string=True):
        if FIELD.search(str(text)) and text.find_parent(_VERBATIM) is None:
            text.replace_with(take_fields(str(text), found))
    for link in body.select("a[href]"):
        if FIELD.search(attribute(link, "href")):
            found.update(match[0] for match in FIELD.finditer(attribute(link, "href")))
            link.unwrap()
    return report_fields(found, source)


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yields where code begins and ends in Markdown or HTML. What looks like a template there is an example.

    Code without an end is none, so that nothing private hides in it.
    """
    opened: re.Match[str] | None = None
    for mark in _CODE_MARK.finditer(text):
        if opened is None:
            if mark["inline"]:
                yield mark.span()
            elif not mark["end"]:
                opened = mark
        elif opened["fence"]:
            if (mark["fence"] or "").startswith(opened["fence"]):
                yield opened.start(), mark.end()
                opened = None
        elif mark["end"] and mark["tag"].lower() == opened["tag"].lower():
            yield opened.start(), mark.end()
            opened = None


def without_conditions(text: str, source: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """Removes the parts of a template that only some readers were sent, such as those who pay, and comments, which nobody
    was; but not from code.

    A part without an end goes to the end of the text: too little is the safer error.
    """
    kept: list[str] = []
    removed: list[str] = []
    code = deque(code_spans(text) if _CONDITION.search(text) else ())
    place = depth = 0
    for tag in _CONDITION.finditer(text):
        while code and code[0][1] <= tag.start():
            code.popleft()
        if code and code[0][0] <= tag.start():
            continue
        (removed if depth else kept).append(text[place : tag.start()])
        place = tag.end()
        depth = max(0, depth + (-1 if tag["end"] else 1))
    (removed if depth else kept).append(text[place:])
    words = sum(len(FIELD.sub(" ", part).split()) for part in removed)
    if not removed:
        return text, ()
    message = f"{format_count(words, 'word')} in conditions and comments of the template, not for all readers, left out"
    return "".join(kept), (Diagnostic(DiagnosticCode.NODE_DROPPED, message, source),)


def take_fields(text: str, found: Counter[str]) -> str:
    """Returns a text without fields of a template, and counts them in ``found``. The words that a field names for readers
    of whom nothing is known stay.
    """
    found.update(match[0] for match in FIELD.finditer(text))
    return FIELD.sub(_default_of, text)


def _default_of(field: re.Match[str]) -> str:
    default = _DEFAULT.search(field["name"] or "")
    return (default[1] or default[2] or "") if default is not None else ""


def report_fields(found: Counter[str], source: str) -> tuple[Diagnostic, ...]:
    """Returns the finding on fields of a template that were left out; none if there are none."""
    if not found:
        return ()
    names = ", ".join(
        f"{name[:60]}" + (f" ({n} times)" if n > 1 else "") for name, n in found.items()
    )
    message = f"{format_count(found.total(), 'field')} of the e-mail's template left out: {names}"
    return (Diagnostic(DiagnosticCode.NODE_CHROME, message, source, severity=Severity.INFO),)
