"""Inserts new posts into a ``book.toml`` where they belong, without changing any existing line.

A post that its author commented out with ``#`` is not added again, and its line still helps to place
others.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias, TypeVar

import msgspec

from ..anthology.order import in_order, part_labels
from ..anthology.post_dates import moment_of
from ..anthology.select import Selection
from ..authored_files import ChangedMeanwhileError, replace_file
from ..errors import ManifestError, NoPostsError, UsageError, WriteError, reason_of
from ..language.detect import book_language
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.census import tally
from ..model.collection import Collection, pick
from ..model.post import Metadata, Timestamp
from ..model.years import years_in
from ..moment import moment_of_run
from ..progress import COUNTING, counted
from ..run import Run, run_of
from ..staging import staging
from ..toml_lines import insert, split_lines, statements
from .chapter_names import Names, listed_name
from .drafting import chapter_line, part_heading
from .edits import digest, find_edits, new_edit, stamp_edit
from .filters import nothing_left, refuse_unknown
from .listed_lines import (
    ListedLine,
    ListedPart,
    commented_key,
    find_lines,
    find_parts,
    is_commented_heading,
)
from .making import choose, make_book, without_own_files
from .pictures import HEADING, PictureList, resolve
from .reading import parse_manifest
from .schema import PICTURES, Manifest, PictureLine

_FACTS = lazy_pattern(r"  # (?=\d{4}|no date)")
_DAY = lazy_pattern(r"  # (\d{4}-\d\d-\d\d)\b")


K = TypeVar("K")
_Rank: TypeAlias = tuple[float, int]
"""A position in the order of posts: the number of a post or a number between two posts, then the month,
which orders months without posts between them.
"""


@dataclass(frozen=True, slots=True)
class Update:
    """The changes of an update, which are not written yet, and what to report."""

    text: str
    """The new text of the file."""
    added: tuple[tuple[int, str], ...]
    """The line and title of each new post."""
    faults: tuple[UsageError, ...]
    """Errors about posts that the file names and that do not exist, with their probable new names, and about a
    selection that leaves no post."""
    edits: dict[Path, tuple[bytes, bytes]]
    """Edits that were not yet tied to their post, by path: the present and the new bytes."""
    tied: int
    """The number of rules and edits that are tied to the present state of their post."""
    pictures: int = 0
    """The number of pictures without alternative text that were added to ``[pictures]``."""
    later: int = 0
    """The number of posts after the last one that the file lists which its ``[posts]`` would select if they were not of
    another time."""


@dataclass(slots=True)
class _NewPart:
    title: str
    after: int
    is_before: bool
    """Whether it is inserted before an existing part, not after one."""
    lines: list[str] = field(default_factory=list)


def update(manifest: Manifest, collection: Collection, *, run: Run | None = None) -> Update:
    """Adds the posts that ``[posts]`` selects and the file does not name yet.

    Pictures of the book that have no alternative text are added to ``[pictures]``. Raises ManifestError if the file
    lists neither chapters nor pictures.
    """
    if not manifest.parts and not manifest.line_of_pictures:
        raise ManifestError(
            "has no list of chapters to which posts could be added",
            source=manifest.name,
            hint="its [posts] select the posts of each book; `clothbound init` makes a list",
        )
    run = run_of(run)
    now = moment_of_run(run.now)
    collection = without_own_files(manifest, collection)
    refuse_unknown(manifest, collection.index.whole)
    names = Names(collection.index)
    parts = find_parts(manifest)
    lines = list(find_lines(manifest, parts)) if parts else []
    known = {names[line.name] for line in lines if line.name in names}
    fresh, empty_selection = _choose_fresh(manifest, collection, known, now) if parts else ([], [])
    gone = [line for line in lines if line.name not in names]
    successors = _find_successors(manifest, gone, fresh)
    held = {metadata.key for metadata in successors.values()}
    fresh = [m for m in fresh if m.key not in held]
    places = [line for line in lines if line.name in names and line.part]
    added = _place(manifest, collection, parts, places, fresh, now)
    stamps = _make_stamps(manifest, collection, names)
    for line, one in stamps.items():
        added.setdefault(line, []).append(one)
    text = insert(manifest.text, added)
    pictures = _list_pictures(parse_manifest(text, manifest.path), collection, names, run)
    text = insert(text, pictures)
    updated = parse_manifest(text, manifest.path)
    new = {m.key for m in fresh}
    edits = _stamp_edits(manifest, collection, names, run.limits)
    return Update(
        text=text,
        added=tuple(
            (chapter.line, chapter.title)
            for part in updated.parts
            for chapter in part.chapters
            if chapter.post in names and names[chapter.post] in new
        ),
        faults=(
            *empty_selection,
            *(
                _missing_post_error(manifest, line, successors.get(line), names)
                for line in gone
                if line.is_active or line in successors
            ),
        ),
        edits=edits,
        tied=len(stamps) + len(edits),
        pictures=len(updated.pictures) - len(manifest.pictures),
        later=_count_later(manifest, collection, {*known, *new}, now) if parts else 0,
    )


def _count_later(
    manifest: Manifest, collection: Collection, listed: AbstractSet[str], now: datetime
) -> int:
    wanted = msgspec.structs.replace(manifest.posts.select, now=now)
    selection = Selection.of(wanted, collection.index)
    days = (m.published.day for m in collection.index if m.key in listed and m.published)
    last = max(days, default="")
    return sum(
        metadata.published is not None
        and metadata.published.day > last
        and selection.secret_in(metadata) is None
        and selection.reason_against(metadata) != ""
        and selection.reason_against(metadata, at_any_time=True) == ""
        for metadata in collection.index
        if metadata.key not in listed
    )


def _list_pictures(
    manifest: Manifest, collection: Collection, names: Names, run: Run
) -> dict[int, list[str]]:
    """Returns the lines for pictures without alternative text that the file does not name yet, by the line after
    which they are inserted.

    There are none while the book cannot be made because the file names a post that does not exist.
    """
    try:
        book = make_book(manifest, collection, run=run)
    except UsageError:
        return {}
    found = PictureList()
    for post in counted(book.posts, COUNTING, run.progress):
        found.add(post, book.roles.get(post.metadata.key, ""))
    rows = ["", *split_lines(manifest.text)]
    last = first = manifest.line_of_pictures
    commented = []
    while first and last + 1 < len(rows) and rows[last + 1].lstrip().startswith("#"):
        if is_commented_heading(rows[last + 1]):
            break
        last += 1
    begin = next(
        (s.line for s in statements(manifest.text, manifest.name) if s.heading == (PICTURES,)), 0
    )
    for row in rows[begin + 1 : last + 1] if first else ():
        if found_key := commented_key(row):
            commented.append(PictureLine(found_key.name, "", 0, 0))
    listed = resolve((*manifest.pictures, *commented), names, book.roles)
    lines = found.lines(listed)
    if not lines:
        return {}
    return {last: lines} if first else {len(rows) - 1: ["", *HEADING, *lines]}


def _choose_fresh(
    manifest: Manifest, collection: Collection, known: Container[str], now: datetime
) -> tuple[list[Metadata], list[UsageError]]:
    """Returns the selected posts that are not ``known``, and the error for a selection without any post."""
    try:
        chosen = choose(manifest.posts, collection, now).index
    except NoPostsError:
        error = nothing_left(manifest, collection.index, manifest.posts.select, ())
        return [], [error] if error else []
    return [metadata for metadata in chosen if metadata.key not in known], []


def _find_successors(
    manifest: Manifest, gone: Sequence[ListedLine], fresh: Sequence[Metadata]
) -> dict[ListedLine, Metadata]:
    """Returns the posts that only have a new name, by the line whose post is gone and has the same title.

    The day decides among several posts. A line that is commented out has a successor only if the day is the same,
    because a weekly title by itself proves nothing.
    """
    rows = ["", *split_lines(manifest.text)]
    left: dict[str, list[Metadata]] = {}
    for metadata in fresh:
        left.setdefault(_fold(metadata.title), []).append(metadata)
    found: dict[ListedLine, Metadata] = {}
    for by_day in (True, False):
        for line in gone:
            among = left.get(_fold(line.title), [])
            if by_day:
                day = _DAY.search(rows[line.first])
                among = [m for m in among if day and m.published and m.published.day == day[1]]
            if among and line not in found and (by_day or line.is_active):
                found[line] = among[0]
                left[_fold(line.title)].remove(among[0])
    return found


def _fold(title: str) -> str:
    return " ".join(title.split()).casefold()


def _place(
    manifest: Manifest,
    collection: Collection,
    parts: Sequence[ListedPart],
    places: Sequence[ListedLine],
    fresh: Sequence[Metadata],
    now: datetime,
) -> dict[int, list[str]]:
    """Returns the lines of new posts, by the line after which they are inserted."""
    names = Names(collection.index)
    key_at = {place: names[place.name] for place in places}
    rank = {m.key: n for n, m in enumerate(in_order(collection, manifest.posts.order.by).index)}
    listed = {*key_at.values(), *(metadata.key for metadata in fresh)}
    there = [p for p, metadata in enumerate(collection.index) if metadata.key in listed]
    label_of = _make_labeller(manifest, pick(collection, there))
    periods = list(_find_periods(manifest, collection, parts, label_of))
    ranks = {place: rank[key_at[place]] for place in places}
    falling = _runs_backward(manifest, periods, ranks)
    label = {m.key: label_of(m) for m in collection.index if m.key in listed}
    width = _find_facts_column(manifest, places)
    at = {m.key: position for position, m in enumerate(collection.index)}
    lines: dict[int, list[str]] = {}
    by_line = {part.line: part for part in parts}
    anchors = [((float(number), 0), by_line[place.part]) for place, number in ranks.items()]
    anchors += periods
    alike: dict[str, dict[ListedLine, int]] = {}
    within: dict[int, dict[ListedLine, int]] = {}
    for place, number in ranks.items():
        alike.setdefault(label[key_at[place]], {})[place] = number
        within.setdefault(place.part, {})[place] = number
    new_parts: dict[str, _NewPart] = {}
    for metadata in sorted(fresh, key=lambda m: rank[m.key], reverse=falling):
        row = chapter_line(metadata, tally(collection.posts[at[metadata.key]]).words, now, width)
        title = label[metadata.key]
        own = next((p for p in parts if title and p.title == title), None)
        among = alike.get(title) or (within.get(own.line) if own else None)
        if among or not title:
            after = _find_line_before(among or ranks, rank[metadata.key], falling=falling)
            lines.setdefault(parts[-1].last if after is None else after, []).append(row)
        elif own:
            lines.setdefault(own.line, []).append(row)
        else:
            if title not in new_parts:
                new_parts[title] = _place_new_part(
                    title, parts, anchors, (rank[metadata.key], 0), falling=falling
                )
            new_parts[title].lines.append(row)
    for part in new_parts.values():
        rows = [part_heading(part.title), *part.lines]
        rows = [*rows, ""] if part.is_before else ["", *rows]
        lines.setdefault(part.after, []).extend(rows)
    return lines


def _make_labeller(manifest: Manifest, collection: Collection) -> Callable[[Metadata], str]:
    """Returns a function from a post to the title of the part in which ``init`` would put it.

    The title is empty if the file has no parts with titles.
    """
    posts = manifest.posts
    language = manifest.book.info.language or book_language(collection)
    grouped = any(part.title for part in manifest.parts)
    wanted = posts.order.parts if grouped else "none"
    return part_labels(collection, wanted, manifest.zone, language)


def _find_periods(
    manifest: Manifest,
    collection: Collection,
    parts: Sequence[ListedPart],
    label: Callable[[Metadata], str],
) -> Iterator[tuple[_Rank, ListedPart]]:
    """Yields the two ranks between which the posts of a part belong whose title is a month or year, whether or
    not it has any posts.
    """
    posts = manifest.posts
    if posts.order.by != "date" or posts.order.parts not in ("months", "years"):
        return
    length = 2 if posts.order.parts == "months" else 1
    moments = (moment_of(metadata, manifest.zone) for metadata in collection.index)
    there = sorted((m.year, m.month)[:length] for m in moments if m is not None)
    known: dict[str, int] = {}
    """The months of the years that titles of parts name, counted from year 0, by the title of their part."""
    for year in {year for part in parts for year in years_in(part.title)}:
        for month in range(12, 0, -1):
            day = Timestamp("", datetime(year, month, 1, tzinfo=UTC), "month")
            known[label(Metadata(published=day))] = year * 12 + month - 1
    for part in parts:
        if (number := known.get(part.title)) is not None:
            period = (number // 12, number % 12 + 1)[:length]
            yield (bisect_left(there, period) - 0.5, number), part
            yield (bisect_right(there, period) - 0.5, number), part


def _runs_backward(
    manifest: Manifest, periods: Sequence[tuple[_Rank, ListedPart]], ranks: Mapping[ListedLine, int]
) -> bool:
    """Returns whether the list has the newest posts first.

    Authors put single posts anywhere, but keep the months in order. A single month has no order; then the plan says
    it, or the posts in that month do.
    """
    reverse = manifest.posts.order.reverse
    if not periods:
        return _is_falling(list(ranks.values()), reverse)
    own = {part.line for _, part in periods}
    among = [rank for line, rank in ranks.items() if line.part in own]
    numbers = [number for (_, number), _ in periods[::2]]
    return _is_falling(numbers, reverse or _is_falling(among, reverse))


def _is_falling(ranks: Sequence[int], otherwise: bool) -> bool:
    """Returns whether most ranks decrease from one to the next; ``otherwise`` if there are as many of each."""
    count = Counter(one > other for one, other in pairwise(ranks))
    return otherwise if count[True] == count[False] else count[True] > count[False]


def _find_facts_column(manifest: Manifest, places: Sequence[ListedLine]) -> int:
    """Returns the column in which most lines have the facts that ``init`` wrote after the title."""
    rows = ["", *split_lines(manifest.text)]
    found = (_FACTS.search(rows[place.first]) for place in places)
    columns = Counter(match.start() for match in found if match)
    return columns.most_common(1)[0][0] if columns else 0


def _find_neighbours(
    ranked: Iterable[tuple[_Rank, K]], rank: _Rank, *, falling: bool
) -> tuple[K | None, K | None]:
    """Returns the nearest entries before and after a rank, in the direction of the file."""
    lower: tuple[_Rank, K] | None = None
    higher: tuple[_Rank, K] | None = None
    for pair in ranked:
        if pair[0] < rank and (lower is None or pair[0] > lower[0]):
            lower = pair
        if pair[0] > rank and (higher is None or pair[0] < higher[0]):
            higher = pair
    before, later = (higher, lower) if falling else (lower, higher)
    return before and before[1], later and later[1]


def _find_line_before(ranks: Mapping[ListedLine, int], rank: int, *, falling: bool) -> int | None:
    """Returns the line after which a post is inserted."""
    ranked = [((float(number), 0), line) for line, number in ranks.items()]
    before, later = _find_neighbours(ranked, (rank, 0), falling=falling)
    if before is not None:
        return before.last
    return later.first - 1 if later is not None else None


def _place_new_part(
    title: str,
    parts: Sequence[ListedPart],
    anchors: Sequence[tuple[_Rank, ListedPart]],
    rank: _Rank,
    *,
    falling: bool,
) -> _NewPart:
    """Places a new part after the part that precedes it in the order of posts, if there is one."""
    before, later = _find_neighbours(anchors, rank, falling=falling)
    if before is not None:
        return _NewPart(title, before.last, False)
    if later is not None:
        return _NewPart(title, later.above, True)
    return _NewPart(title, parts[-1].last, False)


def _make_stamps(manifest: Manifest, collection: Collection, names: Names) -> dict[int, str]:
    """Returns the line that ties each untied rule for one post to it, by the line before."""
    at = {metadata.key: position for position, metadata in enumerate(collection.index)}
    stamps = {}
    for rule in manifest.rules:
        if len(rule.post) == 1 and not rule.made_for and rule.post[0] in names:
            post = collection.posts[at[names[rule.post[0]]]]
            stamps[rule.last] = f'made-for = "{digest(post)}"'
    return stamps


def _stamp_edits(
    manifest: Manifest, collection: Collection, names: Names, limits: Limits
) -> dict[Path, tuple[bytes, bytes]]:
    at = {metadata.key: position for position, metadata in enumerate(collection.index)}
    tied = {}
    for name, edit in find_edits(manifest.beside(manifest.book.edits), limits).items():
        if not edit.made_for and name in names:
            post = collection.posts[at[names[name]]]
            tied[edit.path] = stamp_edit(edit, digest(post))
    return tied


def _missing_post_error(
    manifest: Manifest, line: ListedLine, successor: Metadata | None, names: Names
) -> ManifestError:
    hint = "put a # before the line, or remove it"
    if successor is not None:
        hint = f"write {listed_name(successor)!r} there: that post has the same title"
    near = "" if successor is not None else names.near(line.name)
    return ManifestError(
        f"there is no post {line.name!r} any more in {manifest.posts.source}{near}",
        source=manifest.name,
        line=line.first,
        hint=hint,
    )


def add_edit(
    manifest: Manifest, collection: Collection, name: str, *, run: Run | None = None
) -> Path:
    """Writes a post's text into the folder of edits, to be changed there, and returns the path of the new file.

    Raises UsageError if the post does not exist, or has an edit already.
    """
    limits = run_of(run).limits
    collection = without_own_files(manifest, collection)
    names = Names(collection.index)
    if name not in names:
        raise UsageError(f"there is no post {name!r}{names.near(name)}")
    key = names[name]
    position = next(p for p, metadata in enumerate(collection.index) if metadata.key == key)
    folder = manifest.beside(manifest.book.edits)
    path = folder / f"{key}.md"
    there = [
        e.path for n, e in find_edits(folder, limits).items() if n in names and names[n] == key
    ]
    for one in [path] if path.exists() else there:
        raise UsageError(f"{one} exists already", hint="edit it, or delete it first")
    text = new_edit(collection.posts[position], limits)
    put(path, text.encode("utf-8", "replace"), replaces=None)
    return path


def put(path: Path, data: bytes, *, replaces: bytes | None) -> None:
    """Writes a file in one step if it still contains ``replaces``, or, for None, if it does not exist.

    Raises WriteError if another program changed it, or if it cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with staging(target) as room:
            replace_file(target, data, room / "file", replaces=replaces)
    except ChangedMeanwhileError as error:
        raise WriteError(
            "was saved by another program just now, and was left as it is",
            source=str(path),
            hint="run the command again",
        ) from error
    except OSError as error:
        raise WriteError(f"cannot be written: {reason_of(error)}", source=str(path)) from error
