"""Pages of Notion's export (*Markdown & CSV*), which are told by the ids in their names.

Notion writes the properties of a page below its title, as lines that would be the first words of the text. The rule is
the same for a ZIP, for the folder to which it was unpacked, and for a page alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..lazy_pattern import lazy_pattern
from .front_matter import Header
from .header_lines import split_lists
from .post_files import is_notion_page
from .publication_state import TABLE, publication_of

_ID = lazy_pattern(r" [0-9a-f]{32}(?:_all)?$")
_WORKSPACE = "Private & Shared/"
_TOP = lazy_pattern(
    r"\s*# (?P<title>[^\n]+)\n[ \t]*\n(?P<properties>(?:[^\n]*\S[^\n]*(?:\n|\Z)){1,200})(?:[ \t]*\n|\Z)"
)
"""Matches the title of a page and the paragraph below it."""
_PROPERTY = lazy_pattern(r"([^\s:#>*|-][^:]{0,60}):(?:[ \t]+(.*)|[ \t]*)")
_OF_POSTS = frozenset(
    "author authors category categories created date lang language slug summary tags url".split()
)
"""Properties that are fields of posts."""
_UNFINISHED = frozenset({"not started", "in progress", "to do", "todo"})
"""The statuses of Notion's own by which a page is not done yet."""
_BEGINNING_OF_SPAN = lazy_pattern(
    r"@?(?P<first>(?:[^\n\u2192]*[^\s\u2192])?)[ \t]*(?:\u2192[^\n]*)?"
)
"""Matches a date, or the first one of two with an arrow between them."""
_DATES = frozenset("created createdtime date publisheddate publishedon publishdate updated".split())


def title_of_export(names: Iterable[str]) -> str:
    """Returns the title of the one page at the top of an export, below Notion's own folder; empty if there are several.

    It can be the name of a folder.
    """
    tops = {name.removeprefix(_WORKSPACE).partition("/")[0] for name in names}
    titles = {_ID.sub("", top.removesuffix(".md").removesuffix(".csv")) for top in tops}
    title = titles.pop() if len(titles) == 1 else ""
    return title if title.strip(". ") and "\\" not in title else ""


def read_properties(text: str) -> Header | None:
    r"""Returns the title and the properties of a page whose lines end in ``\n``; None if the paragraph below the title is
    part of the text, since none of its keys is known.
    """
    found = _TOP.match(text)
    if found is None:
        return None
    fields, is_continued = _fields_of(found["properties"].splitlines())
    says_who = not TABLE.keys().isdisjoint(fields) or publication_of(fields, with_typed=True)
    # A line without a key may be prose, which is set aside only where it could make a draft public.
    if not says_who and (is_continued or _OF_POSTS.isdisjoint(fields)):
        return None
    written = found[0]
    for name in _DATES & fields.keys():
        if (span := _BEGINNING_OF_SPAN.fullmatch(fields[name])) and span["first"]:
            fields[name] = span["first"]
    if fields.get("status", "").lower() in _UNFINISHED:
        fields.setdefault("draft", "true")
    split_lists(fields)
    fields = {**fields, "title": found["title"].strip()}
    return Header(fields, text[found.end() :], written.count("\n") + 1, written=written)


def _fields_of(lines: Sequence[str]) -> tuple[dict[str, Any], bool]:
    """Returns the properties in lines, and whether a line continues the one above it; none if the first is no property."""
    fields: dict[str, Any] = {}
    key, is_continued = "", False
    for line in lines:
        if (found := _PROPERTY.fullmatch(line.rstrip())) is not None:
            key = "".join(re.findall(r"\w+", found[1])).lower()
            fields[key] = (found[2] or "").strip()
        elif not key:
            return {}, False
        else:
            fields[key], is_continued = f"{fields[key]}\n{line.strip()}".strip(), True
    return fields, is_continued


def report_pages(names: Iterable[str]) -> list[Diagnostic]:
    """Returns what is to be known of the pages of Notion among some files."""
    first = next(filter(is_notion_page, names), "")
    message = (
        "an export of Notion: pages whose properties do not say who may see them count as public"
    )
    found = Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, first, severity=Severity.WARNING)
    return [found] if first else []
