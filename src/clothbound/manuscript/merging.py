"""Merges three states of a post in Markdown: changes of one side only are taken over.

Front matter is merged field by field, so that neighbouring fields do not collide; the text block by
block (paragraphs, lists, code); a block that both sides changed, sentence by sentence and line by
line; and notes note by note. The rest is a conflict: the file holds both texts between marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..lazy_pattern import lazy_pattern
from ..readers.conflict_marks import BETWEEN, OURS, THEIRS
from .alignment import regions
from .comparable import Lines, comparable, definitions, has_doubles, note_labels, split_notes
from .merge_units import Sentence, TextBlock, blocks, is_prose, sentences

_FIELD = lazy_pattern(r"""("[^"]*"|'[^']*'|[^\s#'"\-][^:]*|-[^\s:][^:]*):(?=\s|$)|#.*""")
_FENCES = ("---", "...")
_UNSPACED = tuple("。！？”’」』）")
"""Characters that end a sentence without a space after it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed: its 1-based line in the merged text, and its field if any."""

    line: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    text: str
    conflicts: tuple[Conflict, ...]
    moved: tuple[tuple[int, ...], ...] = ()
    """The 1-based lines of each paragraph that is where one side did not want it, because both sides moved it, or
    one side moved it and the other changed or removed it.
    """


def merge(base: str, ours: str, theirs: str) -> Merged:
    r"""Returns ``ours`` with what ``theirs`` changed since ``base``. Lines end in ``\n``."""
    result = _Result()
    # Some editors end a file with a line end and some do not; that is not a change of the last line.
    texts = [text.rstrip("\n") for text in (base, ours, theirs)]
    b_end, o_end, t_end = (
        whole[len(text) :] for whole, text in zip((base, ours, theirs), texts, strict=True)
    )
    parts = [split for text in texts if (split := _split_header(text)) is not None]
    if len(parts) == 3:
        (b, b_text), (o, o_text), (t, t_text) = parts
        result.take(["---"])
        _merge_fields(b, o, t, result)
        result.take(["---"])
        _merge_text(b_text, o_text, t_text, result)
    elif len(parts) == 2 and (header := other_header(ours)):
        # Its header is not YAML like the export's, so it is kept, and only the texts are merged.
        result.take(header)
        o_text = texts[1].split("\n")[len(header) :]
        _merge_text(parts[0][1], o_text, parts[1][1], result)
    else:
        b_text, o_text, t_text = (text.split("\n") for text in texts)
        _merge_text(b_text, o_text, t_text, result)
    end = t_end if o_end == b_end else o_end
    return Merged("\n".join(result.lines) + end, tuple(result.conflicts), tuple(result.moved))


def _merge_text(base: Lines, ours: Lines, theirs: Lines, result: _Result) -> None:
    if ours == base or theirs in (ours, base):
        return result.take(theirs if ours == base else ours)
    start = len(result.lines)
    texts, restored = comparable(base, ours, theirs)
    known = [definitions(texts[n]) for n in (1, 2, 0)]
    # If a label is defined twice, notes cannot be matched by it and are merged like other blocks.
    are_apart = not any(map(has_doubles, texts))
    split = [split_notes(text) if are_apart else (text, {}) for text in texts]
    (b, _), (o, o_notes), (t, t_notes) = split
    result.merge_blocks(b, o, t)
    text = result.lines[start:]
    missing = _cited_names(text, known).difference(definitions(text))
    if missing or o_notes or t_notes:
        gap = [""] if _set_apart(ours if o_notes else theirs) else []
        _merge_notes(split, known, missing, gap, result)
    result.lines[start:] = restored(result.lines[start:])
    return None


def _merge_notes(
    split: Sequence[tuple[Lines, HeaderFields]],
    known: Sequence[HeaderFields],
    missing: set[str],
    gap: Lines,
    result: _Result,
) -> None:
    """Writes the notes at the end of the texts, and notes that one side removed while their mark
    stands in text that the other changed or moved.
    """
    base, ours, theirs = (notes for _, notes in split)
    between: Lines = [""] if result.lines and result.lines[-1].strip() else []
    further = [name for notes in known for name in notes if name in missing]
    for name in _order(_order(ours, theirs), dict.fromkeys(further)):
        kept = len(result.lines)
        result.take(between)
        result.merge_blocks(*(notes.get(name, []) for notes in (base, ours, theirs)))
        if len(result.lines) == kept + len(between) and name in missing:
            result.take(next(notes[name] for notes in known if name in notes))
        if len(result.lines) == kept + len(between):
            del result.lines[kept:]
        else:
            between = gap


def _cited_names(lines: Lines, notes: Sequence[HeaderFields]) -> set[str]:
    """Returns the names of notes whose marks stand in a text, and in the notes that it needs."""
    found: set[str] = set()
    new = set(note_labels(lines))
    while new:
        found |= new
        further = (known[name] for known in notes for name in new if name in known)
        new = {mark for definition in further for mark in note_labels(definition)} - found
    return found


def _set_apart(lines: Lines) -> bool:
    """Returns whether definitions of notes have empty lines between them."""
    starts = [n for n, line in enumerate(lines) if line.startswith("[^")]
    return len(starts) < 2 or any(not lines[n - 1].strip() for n in starts[1:])


HeaderFields = dict[str, list[str]]


@dataclass(slots=True)
class _Result:
    lines: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    moved: list[tuple[int, ...]] = field(default_factory=list)

    def take(self, lines: Lines) -> None:
        self.lines.extend(lines)

    def merge_blocks(self, base: Lines, ours: Lines, theirs: Lines) -> None:
        if theirs in (ours, base):
            return self.take(ours)
        if ours == base:
            return self.take(theirs)
        states = [blocks(lines) for lines in (base, ours, theirs)]
        first = next((state for state in states[1:] if len(state) > 1), states[1])[0]
        text = _Text(self, first.gap)
        for b, o, t in _places(*states):
            one_each = len(b) == len(o) == len(t) == 1
            if one_each and text.merge_sentences(b[0], o[0], t[0]):
                continue
            if (taken := _decide(b, o, t)) is not None:
                for block in taken:
                    text.put(block)
            elif one_each:
                text.merge_lines(b[0], o[0], t[0])
            else:
                text.choose(o, t)
        self.moved += _find_moved(states, text.places)
        return None

    def merge_lines(self, base: Lines, ours: Lines, theirs: Lines, name: str = "") -> None:
        for places in regions(base, ours, theirs):
            texts = zip((base, ours, theirs), places, strict=True)
            b, o, t = ([text[n] for n in place] for text, place in texts)
            if t in (o, b):
                self.take(o)
            elif o == b:
                self.take(t)
            elif (
                len(b) == len(o) == len(t) == 1
                and (merged := _merge_sentences(b[0], o[0], t[0])) is not None
            ):
                self.take([merged])
            else:
                self.mark(o, t, name)

    def mark(self, ours: Lines, theirs: Lines, name: str = "") -> None:
        # Lines that both sides have at the edges are not part of the conflict.
        start, end = _common_edges(ours, theirs)
        self.take(ours[:start])
        self.conflicts.append(Conflict(len(self.lines) + 1, name))
        self.take([OURS, *ours[start : len(ours) - end], BETWEEN])
        self.take([*theirs[start : len(theirs) - end], THEIRS])
        self.take(ours[len(ours) - end :])


@dataclass(slots=True)
class _Text:
    """Blocks put down one after another, with the empty lines between them."""

    result: _Result
    first_gap: tuple[str, ...]
    is_empty: bool = True
    places: dict[str, list[int]] = field(default_factory=dict)
    """By its key, the lines in which a block begins that is in no conflict."""

    def put(self, block: TextBlock) -> None:
        if not block.text:  # the end of the text
            return self.result.take(self.first_gap if self.is_empty else block.gap)
        self.space(block.gap)
        self.places.setdefault(block.key, []).append(len(self.result.lines) + 1)
        return self.result.take(block.text.split("\n"))

    def space(self, gap: tuple[str, ...]) -> None:
        self.result.take(self.first_gap if self.is_empty else gap or ("",))
        self.is_empty = False

    def merge_sentences(self, b: TextBlock, o: TextBlock, t: TextBlock) -> bool:
        """Returns a block that both sides wrote anew, in words or in how its lines are broken;
        False if they did not, or both changed one sentence.
        """
        is_code = b.is_code or o.is_code or t.is_code
        if is_code or o.text == b.text or t.text in (o.text, b.text):
            return False
        merged = _merge_sentences(b.text, o.text, t.text)
        if merged is None:
            return False
        self.space(o.gap if o.gap != b.gap else t.gap)
        self.result.take(merged.split("\n"))
        return True

    def merge_lines(self, b: TextBlock, o: TextBlock, t: TextBlock) -> None:
        """Merges a block in which both sides changed the same sentence."""
        self.space(o.gap if o.gap != b.gap else t.gap)
        base, ours, theirs = (block.text.split("\n") for block in (b, o, t))
        if not (b.is_code or o.is_code or t.is_code):
            return self.result.merge_lines(base, ours, theirs)
        tried = _Result()
        tried.merge_lines(base, ours, theirs)
        if tried.conflicts:
            # Within a fence, marks would be code.
            return self.mark([o], [t])
        return self.result.take(tried.lines)

    def choose(self, o: list[TextBlock], t: list[TextBlock]) -> None:
        """Marks a block that one side removed and the other changed, or blocks that both inserted."""
        start, end = _common_edges([x.key for x in o], [x.key for x in t])
        for block in o[:start]:
            self.put(block)
        mine, other = o[start : len(o) - end], t[start : len(t) - end]
        self.space((mine or other)[0].gap)
        self.mark(mine, other)
        for block in o[len(o) - end :]:
            self.put(block)

    def mark(self, ours: list[TextBlock], theirs: list[TextBlock]) -> None:
        result = self.result
        result.conflicts.append(Conflict(len(result.lines) + 1))
        result.take([OURS, *_lines_of(ours), BETWEEN, *_lines_of(theirs), THEIRS])


def _lines_of(parts: Sequence[TextBlock]) -> list[str]:
    """Returns the lines of blocks, without the empty ones before the first."""
    lines: list[str] = []
    for part in parts:
        if lines:
            lines += part.gap or ("",)
        lines += part.text.split("\n")
    return lines


def _common_edges(ours: Lines, theirs: Lines) -> tuple[int, int]:
    """Returns how many lines at the beginning, and at the end, are the same."""
    start, end = 0, 0
    shorter = min(len(ours), len(theirs))
    while start < shorter and ours[start] == theirs[start]:
        start += 1
    while end < shorter - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    return start, end


P = TypeVar("P", TextBlock, Sentence)


def _places(
    base: Sequence[P], ours: Sequence[P], theirs: Sequence[P]
) -> Iterator[tuple[list[P], list[P], list[P]]]:
    states = (base, ours, theirs)
    keys = ([part.key for part in state] for state in states)
    for places in regions(*keys):
        b, o, t = ([state[n] for n in place] for state, place in zip(states, places, strict=True))
        yield b, o, t


def _decide(b: Sequence[P], o: Sequence[P], t: Sequence[P]) -> list[P] | None:
    """Returns the parts of the side that changed them; None where both did, and not alike."""
    base, ours, theirs = ([part.key for part in state] for state in (b, o, t))
    if theirs == base == ours:
        # The words are equal, so only the side that broke lines elsewhere has changed something.
        made = [y if y.text != x.text else z for x, y, z in zip(b, o, t, strict=True)]
    elif theirs in (base, ours):
        made = list(o)
    elif ours == base:
        made = list(t)
    else:
        return None
    if len(b) == len(o) == len(t):
        gaps = (y.gap if y.gap != x.gap else z.gap for x, y, z in zip(b, o, t, strict=True))
        made = [replace(part, gap=gap) for part, gap in zip(made, gaps, strict=True)]
    return made


def _merge_sentences(base: str, ours: str, theirs: str) -> str | None:
    """Returns a text that both sides changed, if they changed different sentences of it."""
    if ' attrs="' in base:
        return None
    prose = is_prose(base) and is_prose(ours) and is_prose(theirs)
    states = [sentences(text, is_prose=prose) for text in (base, ours, theirs)]
    merged = ""
    for b, o, t in _places(*states):
        taken = _decide(b, o, t)
        if taken is None:
            return None
        for sentence in taken:
            gap = sentence.gap
            if gap is None:  # first in its own text, and perhaps not here
                gap = "" if merged.endswith(_UNSPACED) else " "
            merged += (gap if merged else "") + sentence.text
    return merged


def _find_moved(
    states: Sequence[Sequence[TextBlock]], places: Mapping[str, Sequence[int]]
) -> Iterator[tuple[int, ...]]:
    """Yields the lines of blocks of the base that a merge has more often than the changes of both sides
    account for.
    """
    base, ours, theirs = (Counter(block.key for block in state) for state in states)
    for key, lines in places.items():
        wanted = ours[key] + theirs[key] - base[key]
        if base[key] and len(lines) > max(wanted, 0) and any(map(str.isalnum, key)):
            yield tuple(lines)


# --- front matter -------------------------------------------------------------------------------


def other_header(text: str) -> list[str]:
    """Returns the lines of a header in TOML or JSON; empty if there is none."""
    closing = {"+++": "+++", ";;;": ";;;", "{": "}"}
    lines = text.split("\n")
    end = closing.get(lines[0].rstrip())
    found = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == end), 0)
    return lines[: found + 1] if found else []


def same_fields(one: str, other: str) -> bool:
    """Returns whether two texts have equal headers."""
    first, second = _split_header(one), _split_header(other)
    return (first and first[0]) == (second and second[0])


def _split_header(text: str) -> tuple[HeaderFields, list[str]] | None:
    """Returns the fields of a YAML header with the lines of each, and the lines after it."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in _FENCES), 0)
    if not end:
        return None
    fields: HeaderFields = {}
    name = ""
    for line in lines[1:end]:
        if found := _FIELD.match(line):
            name = found[1] or line
            if name in fields:
                return None
        fields.setdefault(name, []).append(line)
    return fields, lines[end + 1 :]


def _merge_fields(
    base: HeaderFields, ours: HeaderFields, theirs: HeaderFields, result: _Result
) -> None:
    for name in _order(ours, theirs):
        result.merge_lines(base.get(name, []), ours.get(name, []), theirs.get(name, []), name)


def _order(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Returns names in the order of ``ours``; new names follow the name that precedes them in ``theirs``."""
    order = list(ours)
    known = set(order)
    before = ""
    for name in theirs:
        if name not in known:
            order.insert(order.index(before) + 1 if before else 0, name)
        before = name
    return order
