"""Finds the lines of a ``book.toml`` that name posts, commented out or not, and the parts in which they stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..fields import settings
from ..lazy_pattern import lazy_pattern
from ..toml_lines import split_lines, statements
from .schema import HEADINGS, LISTS, PICTURES, REPEATED, Manifest

_COMMENTED = lazy_pattern(
    r"""\s*\#[\s#]*(?:"(?P<basic>[^"]+)"|'(?P<literal>[^']+)'|(?P<bare>[A-Za-z0-9_-]+))
    \s*=\s*(?:(?P<quote>["'])(?P<title>.*?)(?P=quote)\s*(?:\#|$))?""",
    re.X,
)

_COMMENTED_HEADING = lazy_pattern(
    rf"\s*\#[\s#]*\[\[?\s*(?:{'|'.join([*HEADINGS, *LISTS, REPEATED, PICTURES])})\s*[\].]"
)


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line that names a post, commented out or not."""

    name: str
    title: str
    first: int
    last: int
    part: int
    """The line of the heading of its part; 0 if it is in no part."""
    is_active: bool


@dataclass(slots=True)
class ListedPart:
    """The lines of a part."""

    line: int
    title: str
    last: int
    """Its last line, including comments that follow without an empty line."""
    above: int
    """The line after which another part is inserted before this one, above the comments over its heading."""


@dataclass(frozen=True, slots=True)
class CommentedKey:
    """A key that is commented out, and the text behind it, if there is one."""

    name: str
    text: str


def find_parts(manifest: Manifest) -> list[ListedPart]:
    """Returns the parts of the file in order, with their lines."""
    rows = ["", *split_lines(manifest.text)]
    parts = []
    found = statements(manifest.text, manifest.name)
    for statement in found:
        if statement.value is None and statement.heading[0] in LISTS:
            above = statement.line - 1
            while above and _is_remark(rows[above]):
                above -= 1
            title = statement.heading[1] if len(statement.heading) > 1 else ""
            parts.append(ListedPart(statement.line, title, statement.line, above))
    headings = [*sorted(s.line for s in found if s.value is None), len(rows)]
    values = [s for s in found if s.value is not None]
    places = [s.line for s in values]
    for part in parts:
        end = headings[bisect_right(headings, part.line)]
        before = bisect_left(places, end)
        last = values[before - 1].last if before else 0
        own = [last] if last > part.line else []
        # A heading that is commented out ends the part, unless posts that are in the book follow it.
        behind = range(max([part.line, *own]) + 1, end)
        end = next((n for n in behind if is_commented_heading(rows[n])), end)
        own += [n for n in range(part.line + 1, end) if commented_key(rows[n])]
        part.last = max([part.line, *own])
        while part.last + 1 < end and rows[part.last + 1].lstrip().startswith("#"):
            part.last += 1
    return parts


def _is_remark(row: str) -> bool:
    """Whether a line is a comment that is neither a post's line nor a heading."""
    return row.lstrip().startswith("#") and not (commented_key(row) or is_commented_heading(row))


def find_lines(manifest: Manifest, parts: Sequence[ListedPart]) -> Iterator[ListedLine]:
    """Yields the lines that name posts, in the order of the file."""
    chapters = {chapter.line: chapter for part in manifest.parts for chapter in part.chapters}
    values = {
        n
        for statement in statements(manifest.text, manifest.name)
        if statement.value is not None
        for n in range(statement.line, statement.last + 1)
    }
    starts = [part.line for part in parts]
    offered = {s.toml for kind in HEADINGS.values() for s in settings(kind)}
    for number, row in enumerate(split_lines(manifest.text), 1):
        above = parts[bisect_right(starts, number) - 1]
        part = above.line if above.line <= number <= above.last else 0
        chapter = chapters.get(number)
        if chapter is not None:
            yield ListedLine(chapter.post, chapter.title, number, chapter.last, part, True)
        elif number not in values and (found := commented_key(row)):
            if not part and found.name in offered:
                continue  # This is a key of the schema that is commented out, even if a post has its name.
            yield ListedLine(found.name, found.text, number, number, part, False)


def commented_key(row: str) -> CommentedKey | None:
    """Returns the key of a line that is commented out; None for another line."""
    found = _COMMENTED.match(row)
    if found is None:
        return None
    return CommentedKey(found["basic"] or found["literal"] or found["bare"], found["title"] or "")


def is_commented_heading(row: str) -> bool:
    """Whether a line is a heading that is commented out."""
    return _COMMENTED_HEADING.match(row) is not None
