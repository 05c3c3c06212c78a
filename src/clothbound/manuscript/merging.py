"""Three states of a post as Markdown become one: what changed on one side is taken.

Front matter is merged field by field, so that neighbouring fields do not collide; the text line by
line, which is paragraph by paragraph in what our writer writes; a paragraph that both sides changed,
sentence by sentence; and notes note by note. What is left is a conflict: both texts stand in the
file, marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .comparable import comparable, split_notes

OURS = "<<<<<<< yours"
BETWEEN = "======="
THEIRS = ">>>>>>> export"

_FIELD = re.compile(r"""("[^"]*"|'[^']*'|[^\s#'"\-][^:]*|-[^\s:][^:]*):(?=\s|$)|#.*""")
_LONGEST = 10_000
"""Lines that are compared; a longer text that both sides changed is one conflict. difflib is
quadratic where lines are many and alike."""
_FENCES = ("---", "...")
_SENTENCES = re.compile(r"((?<=[.!?…。！？])[\"'”’)\]*_]*\s+)")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed: its 1-based line in the merged text, and its field if any."""

    line: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    text: str
    conflicts: tuple[Conflict, ...]


def merge(base: str, ours: str, theirs: str) -> Merged:
    r"""``ours`` with what ``theirs`` changed since ``base``. Lines end in ``\n``."""
    result = _Result()
    # Editors differ in whether a file ends with a line's end; the last line is the same with it.
    texts = [text.rstrip("\n") for text in (base, ours, theirs)]
    b_end, o_end, t_end = (
        whole[len(text) :] for whole, text in zip((base, ours, theirs), texts, strict=True)
    )
    parts = [split for text in texts if (split := _split(text)) is not None]
    if len(parts) == 3:
        (b, b_text), (o, o_text), (t, t_text) = parts
        result.take(["---"])
        _merge_fields(b, o, t, result)
        result.take(["---"])
        _merge_text(b_text, o_text, t_text, result)
    elif len(parts) == 2 and (header := other_header(ours)):
        # Its fields are in another form than the export's: they stay, and the texts are merged.
        result.take(header)
        o_text = texts[1].split("\n")[len(header) :]
        _merge_text(parts[0][1], o_text, parts[1][1], result)
    else:
        b_text, o_text, t_text = (text.split("\n") for text in texts)
        _merge_text(b_text, o_text, t_text, result)
    end = t_end if o_end == b_end else o_end
    return Merged("\n".join(result.lines) + end, tuple(result.conflicts))


def _merge_text(base: Lines, ours: Lines, theirs: Lines, result: _Result) -> None:
    if ours == base or theirs in (ours, base):
        return result.take(theirs if ours == base else ours)
    start = len(result.lines)
    texts, restored = comparable(base, ours, theirs)
    (b, b_notes), (o, o_notes), (t, t_notes) = map(split_notes, texts)
    result.merge(b, o, t)
    if o_notes or t_notes:
        gap = [""] if _set_apart(ours if o_notes else theirs) else []
        _merge_notes(b_notes, o_notes, t_notes, gap, result)
    result.lines[start:] = restored(result.lines[start:])
    return None


def _merge_notes(base: Fields, ours: Fields, theirs: Fields, gap: Lines, result: _Result) -> None:
    between: Lines = [""] if result.lines and result.lines[-1].strip() else []
    for name in _order(ours, theirs):
        kept = len(result.lines)
        result.take(between)
        result.merge(base.get(name, []), ours.get(name, []), theirs.get(name, []))
        if len(result.lines) == kept + len(between):
            del result.lines[kept:]
        else:
            between = gap


def _set_apart(lines: Lines) -> bool:
    """Whether definitions of notes have empty lines between them."""
    starts = [n for n, line in enumerate(lines) if line.startswith("[^")]
    return len(starts) < 2 or any(not lines[n - 1].strip() for n in starts[1:])


def unresolved(text: str) -> int:
    """The line of the first conflict that still stands in a text, 0 if there is none."""
    lines = text.split("\n")
    if OURS not in lines:
        return 0
    line = lines.index(OURS)
    return line + 1 if THEIRS in lines[line:] else 0


Lines = Sequence[str]
Fields = dict[str, list[str]]


@dataclass(slots=True)
class _Result:
    lines: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def take(self, lines: Lines) -> None:
        self.lines.extend(lines)

    def merge(self, base: Lines, ours: Lines, theirs: Lines, name: str = "") -> None:
        if theirs in (ours, base):
            return self.take(ours)
        if ours == base:
            return self.take(theirs)
        for b, o, t in _regions(base, ours, theirs):
            if t in (o, b):
                self.take(o)
            elif o == b:
                self.take(t)
            elif (sentences := _merge_paragraph(b, o, t)) is not None:
                self.take([sentences])
            else:
                self.mark(o, t, name)
        return None

    def mark(self, ours: Lines, theirs: Lines, name: str) -> None:
        # What both have at the edges of a conflict is none.
        start, end = 0, 0
        shorter = min(len(ours), len(theirs))
        while start < shorter and ours[start] == theirs[start]:
            start += 1
        while end < shorter - start and ours[-1 - end] == theirs[-1 - end]:
            end += 1
        self.take(ours[:start])
        self.conflicts.append(Conflict(len(self.lines) + 1, name))
        self.take([OURS, *ours[start : len(ours) - end], BETWEEN])
        self.take([*theirs[start : len(theirs) - end], THEIRS])
        self.take(ours[len(ours) - end :])


def _regions(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """The three texts cut into runs that belong together."""
    if max(len(base), len(ours), len(theirs)) > _LONGEST:
        yield base, ours, theirs
        return
    # GPL-2.0-or-later: imported here alone, so that another merge could stand in.
    from merge3 import Merge3

    for kind, *groups in Merge3(base, ours, theirs).merge_groups():
        if kind == "conflict":
            b, o, t = groups
            yield b, o, t
        else:
            # "b" and its like say whose lines they are; all have been decided already.
            yield groups[0], groups[0], groups[0]


def _merge_paragraph(base: Lines, ours: Lines, theirs: Lines) -> str | None:
    """One line that both sides changed, if they changed different sentences of it."""
    if not len(base) == len(ours) == len(theirs) == 1 or ' attrs="' in base[0]:
        return None
    parts = [_SENTENCES.split(lines[0]) for lines in (base, ours, theirs)]
    merged: list[str] = []
    for b, o, t in _regions(*parts):
        if t in (o, b):
            merged += o
        elif o == b:
            merged += t
        else:
            return None
    return "".join(merged)


# --- front matter -------------------------------------------------------------------------------


def other_header(text: str) -> list[str]:
    """The lines of a header in TOML or JSON; none if there is no such header."""
    closing = {"+++": "+++", ";;;": ";;;", "{": "}"}
    lines = text.split("\n")
    end = closing.get(lines[0].rstrip())
    found = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == end), 0)
    return lines[: found + 1] if found else []


def same_fields(one: str, other: str) -> bool:
    """Whether two texts of ours have equal headers."""
    first, second = _split(one), _split(other)
    return (first and first[0]) == (second and second[0])


def _split(text: str) -> tuple[Fields, list[str]] | None:
    """The fields of a YAML header with the lines of each, and the lines after it."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in _FENCES), 0)
    if not end:
        return None
    fields: Fields = {}
    name = ""
    for line in lines[1:end]:
        if found := _FIELD.match(line):
            name = found[1] or line
            if name in fields:
                return None
        fields.setdefault(name, []).append(line)
    return fields, lines[end + 1 :]


def _merge_fields(base: Fields, ours: Fields, theirs: Fields, result: _Result) -> None:
    for name in _order(ours, theirs):
        result.merge(base.get(name, []), ours.get(name, []), theirs.get(name, []), name)


def _order(ours: Fields, theirs: Fields) -> list[str]:
    """Names in the order of ``ours``, new ones after the one that they follow in ``theirs``."""
    order = list(ours)
    before = ""
    for name in theirs:
        if name not in ours:
            order.insert(order.index(before) + 1 if before else 0, name)
        before = name
    return order
