"""What the plan of one year's book passes on to the plan of another year's, as its author wrote it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta

import msgspec
from msgspec import structs

from ..anthology.post_dates import first_moment
from ..anthology.select import Select
from ..anthology.wishes import Wishes
from ..errors import UsageError
from ..lazy_pattern import lazy_pattern
from ..model.book_info import BookInfo
from ..toml_lines import Statement, split_lines, statements
from .schema import INDEX, WITH_OPTIONS, Manifest, PostFields

_OF_ONE_BOOK = frozenset({"identifier", "isbn", "number"})
"""The keys of ``[book]`` that no other book may have."""
_WITH_YEAR = frozenset(
    {("book", "title"), ("book", "subtitle"), ("book", "rights"), ("output", "path")}
)
"""The keys, with their headings, in which the year of the book may stand."""
_YEARS = lazy_pattern(
    r"(?<![\d\\])(?<!\\u)(\d{4})(?:([-/\u2013\u2014])(\d{4}|\d\d)(?![-/\d]))?(?!\d)"
)
"""Matches a year, or two with a sign between them; but not a character that TOML names by its number."""
_PROPOSAL = lazy_pattern(rf"#[ \t]*(?:{'|'.join(sorted(key for _, key in _WITH_YEAR))})[ \t]*=")
"""Matches the beginning of a comment that is one of these keys with its value, as ``init`` proposes them."""
_RULES = frozenset({"remove", "replace"})
_PASSED_ON = frozenset({"texts", "output", *_RULES})


class Pattern(msgspec.Struct, frozen=True):
    """What a plan passes on, as lines without their ends."""

    info: BookInfo
    book: tuple[str, ...]
    """``[book]``; empty if the plan has none."""
    others: tuple[str, ...]
    """``[texts]``, ``[[output]]`` and the rules, in their order."""
    index: tuple[str, ...]
    """``[index]``; empty if the plan has none, or only proposals."""
    left_out: frozenset[str]
    """The words of ``[repeated]`` whose blocks are left out."""
    set_aside: tuple[str, ...]
    """What the other book does not get: keys of ``[book]``, and rules that name posts."""
    of_old_year: tuple[str, ...]
    """The keys of ``[book]`` and ``[texts]`` whose values still name the year of this book."""
    names_alike: tuple[str, ...]
    """The files of this book that those of the other would replace."""


def posts_of_year(manifest: Manifest, asked: Wishes) -> PostFields:
    """Returns ``[posts]`` of a plan for another year, which ``asked`` names, with the source as it is reached from here.

    Raises UsageError if the plan makes a book for each year.
    """
    posts = manifest.posts
    if posts.split != "none":
        message = f"{manifest.name} makes a book for each of the {posts.split}, also of new posts"
        raise UsageError(message, hint=f"clothbound book {manifest.path}")
    select = structs.replace(posts.select, year=None, month="", after=None, before=None)
    both = asked.over(Wishes.of(select, BookInfo(), posts.order))
    return structs.replace(
        posts,
        source=os.fspath(manifest.beside(posts.source)),
        select=both.make_select(),
        order=both.make_order(),
    )


def pattern_of(manifest: Manifest, year: int) -> Pattern:
    """Returns what the plan passes on to that of the book of ``year``."""
    found = statements(manifest.text, manifest.name)
    lines = [line.rstrip("\r\n") for line in split_lines(manifest.text)]
    set_aside = list(_change(lines, found, _year_of(manifest.posts.select), year))
    kept: dict[str, list[str]] = {}
    for name, own, block in _blocks(lines, found):
        if name in _RULES and any(one.key == "post" for one in own):
            set_aside.append(f"[[{name}]] in line {own[0].line}")
        elif name in _PASSED_ON:
            kept.setdefault("others", []).extend(("", *block))
        elif name == "book" or (name == INDEX and len(own) > 1):
            kept[name] = block
    old, title = _year_of(manifest.posts.select), manifest.book.info.title
    paths = [one.path.replace("{title}", title) for one in manifest.outputs]
    return Pattern(
        info=manifest.book.info,
        book=tuple(kept.get("book", ())),
        others=tuple(kept.get("others", ())[1:]),
        index=tuple(kept.get(INDEX, ())),
        left_out=frozenset(one.words for one in manifest.repeated if one.is_left_out),
        set_aside=tuple(set_aside),
        of_old_year=tuple(_keys_naming(found, old)),
        names_alike=tuple(
            path for path in paths if "{year}" not in path and _with_year(path, old, year) == path
        ),
    )


def _year_of(select: Select) -> int | None:
    """Returns the year of the posts that a plan selects; None if they may be of several."""
    if select.year is not None or not (select.after and select.before):
        return select.year
    first, end = (first_moment(day, UTC) for day in (select.after, select.before))
    return first.year if (end - timedelta.resolution).year == first.year else None


def _change(
    lines: list[str], found: Sequence[Statement], old: int | None, year: int
) -> Iterator[str]:
    """Makes comments of the lines that belong to one book alone, whose keys are yielded, and replaces the year."""
    stated = {number for one in found for number in range(one.line - 1, one.last)}
    for number, line in enumerate(lines):
        if number not in stated and _PROPOSAL.match(line):
            lines[number] = _with_year(line, old, year)
    for statement in found:
        if statement.value is None:
            continue
        heading, key = ".".join(statement.heading), statement.key
        own = range(statement.line - 1, statement.last)
        if heading == "book" and key in _OF_ONE_BOOK:
            lines[own.start : own.stop] = [f"# {line}" for line in lines[own.start : own.stop]]
            yield key
        elif (heading, key) in _WITH_YEAR:
            for number in own:
                lines[number] = _with_year(lines[number], old, year)


def _keys_naming(found: Sequence[Statement], old: int | None) -> Iterator[str]:
    """Yields the keys whose values name the year ``old``, which may be an author's own words about it."""
    for one in found:
        heading, said = ".".join(one.heading), str(one.value)
        is_kept = heading in ("book", "texts") and one.key not in _OF_ONE_BOOK
        if old is None or not is_kept or (heading, one.key) in _WITH_YEAR:
            continue
        if _with_year(said, old, old + 1) != said:
            yield one.key


def _with_year(text: str, old: int | None, year: int) -> str:
    """Replaces the year of the book, also in seasons: ``2022-23``, ``2021/2022``."""
    if old is None:
        return text

    def replaced(found: re.Match[str]) -> str:
        first, sign, second = found.groups(default="")
        is_season = sign and (int(first) + 1) % 100 == int(second) % 100
        if is_season and old in (int(first), int(first) + 1):
            moved = f"{int(first) + year - old + 1}"
            return f"{int(first) + year - old}{sign}{moved[-len(second) :]}"
        return found[0].replace(str(old), str(year))

    return _YEARS.sub(replaced, text)


def _blocks(
    lines: Sequence[str], found: Sequence[Statement]
) -> Iterator[tuple[str, list[Statement], list[str]]]:
    """Yields the name of each block, its statements, and its lines with the comments that touch it."""
    blocks: list[list[Statement]] = []
    for statement in found:
        is_more = len(statement.heading) > 1 and statement.heading[0] in WITH_OPTIONS
        if statement.value is None and not is_more:
            blocks.append([])
        if blocks:
            blocks[-1].append(statement)
    starts = [_first_line(lines, found, block[0]) for block in blocks]
    for block, start, end in zip(blocks, starts, [*starts[1:], len(lines)], strict=True):
        own = list(lines[start:end])
        while own and not own[-1].strip():
            own.pop()
        yield block[0].heading[0], block, own


def _first_line(lines: Sequence[str], found: Sequence[Statement], heading: Statement) -> int:
    """Returns the index of the first line of a heading, or of the comments directly above it."""
    before = max((one.last for one in found if one.line < heading.line), default=0)
    start = heading.line - 1
    while start > before and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start
