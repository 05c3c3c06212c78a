"""Makes three states of a text comparable line by line, without numbers that depend on positions.

Our writer numbers notes and the items of ordered lists. A note or an item that one side inserts
changes every number after it, and a merge by lines would give a note to another passage. So before
a merge, notes are named by their content and items lose their numbers; afterwards both are numbered
again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..lazy_pattern import lazy_pattern
from ..readers.fences import CODE_SPAN, with_code
from .alignment import ALIKE, likeness, traits

Lines = Sequence[str]
Notes = dict[str, list[str]]
"""The lines of each definition, without empty lines at its end, by label."""

_DEFINITION = lazy_pattern(r"\[\^([^\[\]\s]++)\]:")
# Escaped characters and code hold no marks.
_MARK = lazy_pattern(rf"\\.|{CODE_SPAN}|\[\^(?P<note>[^\[\]\s]++)\]")
_ITEM = lazy_pattern(r"(\s*)(\d{1,9})([.)])(\s+)(?=\S)")
_BARE_ITEM = lazy_pattern(r"(\s*)\x01([.)])(\s*)\x01")
_RARE = 8
"""The most notes that may share a trait for the trait to make them candidates for a pair."""


def comparable(
    base: Lines, ours: Lines, theirs: Lines
) -> tuple[list[list[str]], Callable[[Lines], list[str]]]:
    """Returns the three texts, and a function that restores the numbers in a merge of them."""
    texts = [list(base), list(ours), list(theirs)]
    names = [] if any(map(has_doubles, texts)) else _names([definitions(text) for text in texts])
    if names:
        texts = [_with_labels(text, known.get) for text, known in zip(texts, names, strict=True)]
    texts = [_without_numbers(text) for text in texts]

    def restore(lines: Lines) -> list[str]:
        numbered = _with_numbers(lines)
        return _with_labels(numbered, _labels(numbered, ours, names).get) if names else numbered

    return texts, restore


def split_notes(lines: Lines) -> tuple[list[str], Notes]:
    """Returns a text and the definitions of notes at its end."""
    start = len(lines)
    found: Notes = {}
    for label, first, last in reversed(_definitions(lines)):
        if any(line.strip() for line in lines[last:start]):
            break
        start = first
        found[label] = list(lines[first:last])
    body = list(lines[:start])
    while found and body and not body[-1].strip():
        body.pop()
    return body, dict(reversed(found.items()))


def definitions(lines: Lines) -> Notes:
    """Returns the definitions of notes anywhere in a text; the first one if a label is defined
    twice.
    """
    found: Notes = {}
    for label, first, last in _definitions(lines):
        found.setdefault(label, list(lines[first:last]))
    return found


def has_doubles(lines: Lines) -> bool:
    """Returns whether a label is defined twice."""
    labels = [label for label, _, _ in _definitions(lines)]
    return len(set(labels)) < len(labels)


def _definitions(lines: Lines) -> list[tuple[str, int, int]]:
    """Returns the label of each definition, its first line, and the line behind its last."""
    found: list[tuple[str, int, int]] = []
    is_open, is_apart = False, True
    for number, (line, is_code) in enumerate(with_code(lines)):
        match = None if is_code else _DEFINITION.match(line)
        is_blank = not line.strip()
        if match:
            found.append((match[1], number, number + 1))
            is_open = True
        elif not is_blank and is_apart and not line.startswith((" ", "\t")):
            is_open = False
        elif not is_blank and is_open:
            label, first, _ = found[-1]
            found[-1] = (label, first, number + 1)
        is_apart = is_blank
    return found


# --- notes ------------------------------------------------------------------------------------------


def _names(states: list[Notes]) -> list[dict[str, str]]:
    """Returns the names of notes by label, for base, ours and theirs. Equal names are states of one note.

    The list is empty if none of the texts has notes.
    """
    base, *sides = [{label: _words(lines) for label, lines in notes.items()} for notes in states]
    if not any(states):
        return []
    names = [{label: f"\x02b{n}\x02" for n, label in enumerate(base)}]
    new: dict[str, str] = {}
    for side in sides:
        pairs = _pairs(base, side)
        known = {label: names[0][pairs[label]] for label in pairs}
        for label, words in side.items():
            if label not in known:
                # A note that both sides added with the same text is one note.
                name = new.setdefault(words, f"\x02n{len(new)}\x02")
                known[label] = name if name not in known.values() else f"{name[:-1]}-{label}\x02"
        names.append(known)
    return names


def _words(lines: list[str]) -> str:
    return " ".join(_DEFINITION.sub("", "\n".join(lines), count=1).split())


def _pairs(base: dict[str, str], side: dict[str, str]) -> dict[str, str]:
    """Pairs labels of ``side`` with labels of ``base``: equal notes first, then notes between the same
    neighbours, then similar notes.
    """
    pairs: dict[str, str] = {}
    left = dict(base)
    for label, words in side.items():
        same = next((other for other, text in left.items() if text == words), None)
        if same is not None:
            pairs[label] = same
            del left[same]
    taken = {other: label for label, other in pairs.items()}
    here = _between(list(side), {label: pairs.get(label, "") for label in side})
    there = _between(list(base), {other: other if other in taken else "" for other in base})
    for place, labels in here.items():
        others = there.get(place, [])
        if len(labels) == len(others):
            pairs.update(zip(labels, others, strict=True))
            for other in others:
                left.pop(other, None)
    pairs.update(_alike(left, {label: side[label] for label in side if label not in pairs}))
    return pairs


def _alike(base: dict[str, str], side: dict[str, str]) -> dict[str, str]:
    """Pairs each label of ``side`` with the label of ``base`` whose note is most similar; each is used once."""
    known = {label: traits(words) for label, words in base.items()}
    having: dict[str, list[str]] = {}
    for label, found in known.items():
        for trait in found:
            having.setdefault(trait, []).append(label)
    pairs: dict[str, str] = {}
    taken = set[str]()
    for label, words in side.items():
        mine = traits(words)
        # A trait that many notes have does not identify one.
        found_in = [labels for trait in mine if len(labels := having.get(trait, [])) <= _RARE]
        near = sorted({other for labels in found_in for other in labels} - taken)
        likest = max(near, key=lambda other: likeness(known[other], mine), default="")
        if likest and likeness(known[likest], mine) >= ALIKE:
            pairs[label] = likest
            taken.add(likest)
    return pairs


def _between(labels: list[str], known: dict[str, str]) -> dict[tuple[str, str], list[str]]:
    """Returns the labels that are not known, by the known ones before and behind them."""
    found: dict[tuple[str, str], list[str]] = {}
    for position, label in enumerate(labels):
        if known[label]:
            continue
        before = next((known[x] for x in reversed(labels[:position]) if known[x]), "")
        behind = next((known[x] for x in labels[position:] if known[x]), "")
        found.setdefault((before, behind), []).append(label)
    return found


def _with_labels(lines: Lines, label_of: Callable[[str], str | None]) -> list[str]:
    def rename(match: re.Match[str]) -> str:
        label = label_of(match["note"]) if match["note"] else None
        return match[0] if label is None else f"[^{label}]"

    return [
        line if is_code or "[^" not in line else _MARK.sub(rename, line)
        for line, is_code in with_code(lines)
    ]


def _labels(lines: Lines, ours: Lines, names: list[dict[str, str]]) -> dict[str, str]:
    """Returns the label of each name in a merge: numbers in the order of marks if ours are ordered
    so; else the old labels, and free numbers for new notes.
    """
    own = {name: label for label, name in names[1].items()}
    given = {name: label for label, name in names[2].items()} | own
    in_order = note_labels(lines)
    ours_in_order = [label for label in note_labels(ours) if label in names[1]]
    numbered = [label for label in ours_in_order if label.isdigit()]
    labels = {name: label for name, label in own.items() if not label.isdigit()}
    taken = set(labels.values())
    if numbered != [str(n) for n in range(1, len(numbered) + 1)]:
        labels = dict(own)
        taken = set(labels.values())
    free = (str(n) for n in range(1, len(in_order) + len(taken) + 2) if str(n) not in taken)
    for name in in_order:
        if name in given and name not in labels:
            wanted = given[name]
            keeps = not wanted.isdigit() and wanted not in labels.values()
            labels[name] = wanted if keeps else next(free)
    return labels


def note_labels(lines: Lines) -> list[str]:
    """Returns the labels of marks in their order, each once, then those of definitions without a
    mark.
    """
    found: dict[str, None] = {}
    defined: dict[str, None] = {}
    for line, is_code in with_code(lines):
        if is_code or "[^" not in line:
            continue
        definition = _DEFINITION.match(line)
        for match in _MARK.finditer(line, definition.end() if definition else 0):
            if match["note"]:
                found[match["note"]] = None
        if definition:
            defined[definition[1]] = None
    return list(found | defined)


# --- ordered lists ----------------------------------------------------------------------------------


def _without_numbers(lines: Lines) -> list[str]:
    """Items that count on from the one before, without their numbers."""
    last: dict[tuple[str, str], int] = {}

    def bare(line: str) -> str:
        _forget(last, line)
        item = _ITEM.match(line)
        if not item:
            return line
        key = (item[1], item[3])
        number = int(item[2])
        goes_on = last.get(key) == number - 1
        last[key] = number
        if not goes_on:
            return line
        # The width of the marker is kept, because the lines below are indented to it.
        space = " " * (len(item[2]) + len(item[4]) - 1)
        return f"{item[1]}\x01{item[3]}{space}\x01{line[item.end() :]}"

    return [line if is_code else bare(line) for line, is_code in with_code(lines)]


def _with_numbers(lines: Lines) -> list[str]:
    last: dict[tuple[str, str], int] = {}

    def numbered(line: str) -> str:
        _forget(last, line)
        if item := _BARE_ITEM.match(line):
            key = (item[1], item[2])
            last[key] = last.get(key, 0) + 1
            marker = f"{last[key]}{item[2]}".ljust(len(item[3]) + 2)
            space = "" if marker.endswith(" ") else " "
            return f"{item[1]}{marker}{space}{line[item.end() :]}"
        if item := _ITEM.match(line):
            last[item[1], item[3]] = int(item[2])
        return line

    return [line if is_code else numbered(line) for line, is_code in with_code(lines)]


def _forget(last: dict[tuple[str, str], int], line: str) -> None:
    """Closes the lists that end before a line: those indented more, or as much if the line is not
    an item.
    """
    if not line.strip() or not last:
        return
    indent = len(line) - len(line.lstrip())
    is_item = _ITEM.match(line) or _BARE_ITEM.match(line)
    for key in list(last):
        if len(key[0]) > indent or (len(key[0]) == indent and not is_item):
            del last[key]
