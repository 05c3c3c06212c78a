"""New posts put into a ``book.toml`` where they belong; every line that is there stays as it is.

A post that stands behind a ``#`` was left out by its author: it keeps its place, by which others
find theirs, and does not come back.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from ..anthology import NoPostsError, in_order, part_labels, pick, zone_of
from ..artifact import Artifact
from ..diagnostics import LossReport
from ..errors import ManifestError, UsageError
from ..limits import Limits
from ..model.post import Collection, Metadata
from ..model.walk import tally
from .drafting import chapter_line, part_heading
from .edits import digest, find_edits, new_edit, stamped_edit
from .filters import nothing_left, refuse_unknown
from .making import choose, posts_of, selection_of
from .naming import Names, name_of
from .reading import parse_manifest
from .schema import HEADINGS, LISTS, Manifest, key_of
from .statements import insert, split_lines, statements

_COMMENTED = re.compile(
    r"""\s*\#[\s#]*(?:"(?P<basic>[^"]+)"|'(?P<literal>[^']+)'|(?P<bare>[A-Za-z0-9_-]+))
    \s*=\s*(?:(?P<quote>["'])(?P<title>.*?)(?P=quote)\s*(?:\#|$))?""",
    re.X,
)

_CLOSED = re.compile(rf"\s*\#[\s#]*\[\[?\s*(?:{'|'.join([*HEADINGS, *LISTS])})\s*[\].]")
"""A heading behind a ``#``."""
_OFFERED = frozenset(key_of(f) for kind in HEADINGS.values() for f in dataclasses.fields(kind))
"""The names that ``init`` offers behind a ``#``."""
_FACTS = re.compile(r"  # (?=\d{4}|no date)")


@dataclass(frozen=True, slots=True)
class Update:
    """What an update does, and what there is to tell. Nothing is written yet."""

    text: str
    """The file's new text."""
    added: tuple[tuple[int, str], ...]
    """The line and the title of each new post."""
    faults: tuple[UsageError, ...]
    """Posts that the file names and that are not there, with what each may be called now; and a
    selection that lets no post through, by which none can be new."""
    edits: dict[Path, str]
    """The new texts of edits that were not yet tied to their post."""
    tied: int
    """How many rules and edits were tied to their post as it is now."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that names a post, commented out or not."""

    name: str
    title: str
    first: int
    last: int
    part: int
    """The line of the heading of its part; 0 where it stands elsewhere."""
    is_active: bool


@dataclass(slots=True)
class _Part:
    """Where a part stands."""

    line: int
    title: str
    last: int
    """The last of its lines, with comments that follow without a gap."""
    above: int
    """The line after which a part before it goes: above the comments right over its heading."""


@dataclass(slots=True)
class _NewPart:
    title: str
    after: int
    is_before: bool
    """Whether it goes before the part that stands there."""
    lines: list[str] = field(default_factory=list)


def update(manifest: Manifest, collection: Collection) -> Update:
    """The file with those posts that its ``[posts]`` let through and that it does not know yet.

    Raises ManifestError where it lists no chapters at all.
    """
    if not manifest.parts:
        raise ManifestError(
            "lists no chapters, so there is nothing to add to",
            source=manifest.name,
            hint="its [posts] choose the posts each time; `clothbound init` makes a list",
        )
    collection = posts_of(manifest, collection)
    refuse_unknown(manifest, collection.index.whole)
    names = Names(collection.index)
    parts = _parts(manifest)
    lines = list(_lines(manifest, parts))
    known = {names[line.name] for line in lines if line.name in names}
    # A post whose key has changed is the one of the same title, not a new one.
    lost = {_folded(line.title) for line in lines if line.name not in names}
    idle = None
    try:
        fresh = [m for m in choose(manifest.posts, collection).index if m.key not in known]
    except NoPostsError:
        fresh = []
        idle = nothing_left(manifest, collection.index, selection_of(manifest.posts), ())
    successors = {_folded(m.title): m for m in fresh if _folded(m.title) in lost}
    fresh = [m for m in fresh if _folded(m.title) not in successors]
    places = [line for line in lines if line.name in names and line.part]
    added = _placed(manifest, collection, parts, places, fresh)
    stamps = _stamps(manifest, collection, names)
    for line, one in stamps.items():
        added.setdefault(line, []).append(one)
    text = insert(manifest.text, added)
    made = parse_manifest(text, manifest.path)
    new = {m.key for m in fresh}
    edits = _tied_edits(manifest, collection, names)
    return Update(
        text=text,
        added=tuple(
            (chapter.line, chapter.title)
            for part in made.parts
            for chapter in part.chapters
            if chapter.post in names and names[chapter.post] in new
        ),
        faults=(
            *([idle] if idle else []),
            *(
                _gone(manifest, line, successors.get(_folded(line.title)), names)
                for line in lines
                if line.name not in names and (line.is_active or _folded(line.title) in successors)
            ),
        ),
        edits=edits,
        tied=len(stamps) + len(edits),
    )


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def _parts(manifest: Manifest) -> list[_Part]:
    """The parts of the file in order, with the lines that are theirs."""
    rows = ["", *split_lines(manifest.text)]
    parts = []
    found = statements(manifest.text, manifest.name)
    for statement in found:
        if statement.value is None and statement.heading[0] in LISTS:
            above = statement.line - 1
            while above and _is_remark(rows[above]):
                above -= 1
            title = statement.heading[1] if len(statement.heading) > 1 else ""
            parts.append(_Part(statement.line, title, statement.line, above))
    headings = [*sorted(s.line for s in found if s.value is None), len(rows)]
    for part in parts:
        end = next(line for line in headings if line > part.line)
        own = [s.last for s in found if s.value is not None and part.line < s.line < end]
        # A heading behind a # closes the part, unless posts that are in the book follow it.
        behind = range(max([part.line, *own]) + 1, end)
        end = next((n for n in behind if _CLOSED.match(rows[n])), end)
        own += [n for n in range(part.line + 1, end) if _commented(rows[n])]
        part.last = max([part.line, *own])
        while part.last + 1 < end and rows[part.last + 1].lstrip().startswith("#"):
            part.last += 1
    return parts


def _is_remark(row: str) -> bool:
    """Whether a line is a comment that is neither a post's line nor a heading."""
    return row.lstrip().startswith("#") and not _commented(row) and not _CLOSED.match(row)


def _commented(row: str) -> re.Match[str] | None:
    return _COMMENTED.match(row)


def _lines(manifest: Manifest, parts: Sequence[_Part]) -> Iterator[_Line]:
    """The lines that name posts, in the order of the file."""
    chapters = {chapter.line: chapter for part in manifest.parts for chapter in part.chapters}
    values = {
        n
        for statement in statements(manifest.text, manifest.name)
        if statement.value is not None
        for n in range(statement.line, statement.last + 1)
    }
    for number, row in enumerate(split_lines(manifest.text), 1):
        part = next((p.line for p in parts if p.line <= number <= p.last), 0)
        chapter = chapters.get(number)
        if chapter is not None:
            yield _Line(chapter.post, chapter.title, number, chapter.last, part, True)
        elif number not in values and (found := _commented(row)):
            name = found["basic"] or found["literal"] or found["bare"]
            if not part and name in _OFFERED:
                continue  # a post may be called so, but this is not its line
            yield _Line(name, found["title"] or "", number, number, part, False)


def _placed(
    manifest: Manifest,
    collection: Collection,
    parts: Sequence[_Part],
    places: Sequence[_Line],
    fresh: Sequence[Metadata],
) -> dict[int, list[str]]:
    """The lines of new posts, by the line after which they go."""
    names = Names(collection.index)
    key_at = {place: names[place.name] for place in places}
    rank = {m.key: n for n, m in enumerate(in_order(collection, manifest.posts.sort).index)}
    falling = _is_falling([rank[key_at[place]] for place in places], manifest.posts.reverse)
    listed = {*key_at.values(), *(metadata.key for metadata in fresh)}
    there = [p for p, metadata in enumerate(collection.index) if metadata.key in listed]
    label = _labels(manifest, pick(collection, there))
    width = _column(manifest, places)
    at = {m.key: position for position, m in enumerate(collection.index)}
    lines: dict[int, list[str]] = {}
    new_parts: dict[str, _NewPart] = {}
    for metadata in sorted(fresh, key=lambda m: rank[m.key], reverse=falling):
        row = chapter_line(metadata, tally(collection.posts[at[metadata.key]]).words, width)
        title = label[metadata.key]
        kin = [p for p in places if label[key_at[p]] == title]
        own = next((p for p in parts if title and p.title == title), None)
        among = kin or [p for p in places if own and p.part == own.line]
        if among or not title:
            ranks = {place: rank[key_at[place]] for place in among or places}
            after = _beside(ranks, rank[metadata.key], falling=falling)
            lines.setdefault(parts[-1].last if after is None else after, []).append(row)
        elif own:
            lines.setdefault(own.line, []).append(row)
        else:
            ranks = {place: rank[key_at[place]] for place in places}
            if title not in new_parts:
                new_parts[title] = _new_part(
                    title, parts, ranks, rank[metadata.key], falling=falling
                )
            new_parts[title].lines.append(row)
    for part in new_parts.values():
        rows = [part_heading(part.title), *part.lines]
        rows = [*rows, ""] if part.is_before else ["", *rows]
        lines.setdefault(part.after, []).extend(rows)
    return lines


def _labels(manifest: Manifest, collection: Collection) -> Mapping[str, str]:
    """By key, the title of the part in which ``init`` would put a post; empty where there are none."""
    posts = manifest.posts
    language = manifest.book.language or collection.language or collection.index.language or "en"
    grouped = any(part.title for part in manifest.parts)
    wanted = posts.parts if grouped else "none"
    label = part_labels(collection, wanted, zone_of(posts.timezone), language)
    return {metadata.key: label(metadata) for metadata in collection.index}


def _is_falling(ranks: Sequence[int], otherwise: bool) -> bool:
    """Whether the file has the newest first."""
    count = Counter(one > other for one, other in pairwise(ranks))
    return otherwise if count[True] == count[False] else count[True] > count[False]


def _column(manifest: Manifest, places: Sequence[_Line]) -> int:
    """The column in which most lines have the facts that ``init`` put behind the title."""
    rows = ["", *split_lines(manifest.text)]
    found = (_FACTS.search(rows[place.first]) for place in places)
    columns = Counter(match.start() for match in found if match)
    return columns.most_common(1)[0][0] if columns else 0


def _neighbours(ranks: Mapping[_Line, int], rank: int) -> tuple[_Line | None, _Line | None]:
    """The nearest that comes before by rank, and the nearest that comes after."""
    before = [place for place in ranks if ranks[place] < rank]
    later = [place for place in ranks if ranks[place] > rank]
    return (
        max(before, key=ranks.__getitem__, default=None),
        min(later, key=ranks.__getitem__, default=None),
    )


def _beside(ranks: Mapping[_Line, int], rank: int, *, falling: bool) -> int | None:
    """The line after which a post goes: after the one before it, in the file's own direction."""
    before, later = _neighbours(ranks, rank)
    if falling:
        before, later = later, before
    if before is not None:
        return before.last
    return later.first - 1 if later is not None else None


def _new_part(
    title: str, parts: Sequence[_Part], ranks: Mapping[_Line, int], rank: int, *, falling: bool
) -> _NewPart:
    """Where a part goes that is not there yet: after that of the post before it."""
    before, later = _neighbours(ranks, rank)
    if falling:
        before, later = later, before
    by_line = {part.line: part for part in parts}
    if before is not None:
        return _NewPart(title, by_line[before.part].last, False)
    if later is not None:
        return _NewPart(title, by_line[later.part].above, True)
    return _NewPart(title, parts[-1].last, False)


def _stamps(manifest: Manifest, collection: Collection, names: Names) -> dict[int, str]:
    """For each rule that is for one post and not tied to it: the line to put in, by the line before."""
    at = {metadata.key: position for position, metadata in enumerate(collection.index)}
    stamps = {}
    for rule in manifest.rules:
        if len(rule.post) == 1 and not rule.made_for and rule.post[0] in names:
            post = collection.posts[at[names[rule.post[0]]]]
            stamps[rule.last] = f'made-for = "{digest(post)}"'
    return stamps


def _tied_edits(manifest: Manifest, collection: Collection, names: Names) -> dict[Path, str]:
    at = {metadata.key: position for position, metadata in enumerate(collection.index)}
    tied = {}
    for name, edit in find_edits(manifest.beside(manifest.book.edits), Limits()).items():
        if not edit.made_for and name in names:
            post = collection.posts[at[names[name]]]
            tied[edit.path] = stamped_edit(edit, digest(post))
    return tied


def _gone(
    manifest: Manifest, line: _Line, successor: Metadata | None, names: Names
) -> ManifestError:
    hint = "put a # before the line, or take it out"
    if successor is not None:
        hint = f"write {name_of(successor)!r} there, which has the same title"
    near = "" if successor is not None else names.near(line.name)
    return ManifestError(
        f"there is no post {line.name!r} any more in {manifest.posts.source}{near}",
        source=manifest.name,
        line=line.first,
        hint=hint,
    )


def add_edit(manifest: Manifest, collection: Collection, name: str) -> Path:
    """Writes a post's text into the folder of edits, to be changed there; the new file.

    Raises UsageError where there is no such post, or an edit of it.
    """
    collection = posts_of(manifest, collection)
    names = Names(collection.index)
    if name not in names:
        raise UsageError(f"there is no post {name!r}{names.near(name)}")
    key = names[name]
    position = next(p for p, metadata in enumerate(collection.index) if metadata.key == key)
    folder = manifest.beside(manifest.book.edits)
    path = folder / f"{key}.md"
    there = [
        e.path for n, e in find_edits(folder, Limits()).items() if n in names and names[n] == key
    ]
    for one in [path] if path.exists() else there:
        raise UsageError(f"{one} is there already", hint="edit it, or delete it first")
    put(path, new_edit(collection.posts[position], Limits()).encode("utf-8", "replace"))
    return path


def put(path: Path, data: bytes) -> None:
    """Writes a file in one step: a failure leaves the old one whole. Raises WriteError."""

    def write(stream: BinaryIO) -> None:
        stream.write(data)

    Artifact(report=LossReport(""), file=write).save(path)
