"""Renders what posts of Jekyll and Eleventy write in Liquid: values, and the loops and conditions over values that are
known. ``LiquidValues`` knows them.

Source: Liquid's documentation (tags ``for``, ``if``, ``unless``, ``assign``, ``capture``, ``raw``, operators, whitespace control);
Nunjucks writes loops and conditions alike. A loop or a condition over a value that only the site computes stays as it
is written, and the reader of Markdown names it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from ...lazy_pattern import lazy_pattern
from .generator import OwnText
from .liquid_values import UNKNOWN, LiquidValues, shown_text

_TAG = lazy_pattern(
    r"(?P<raw>\{%-?\s*(?P<verbatim>raw|comment)\s*-?%\}.*?(?:\{%-?\s*end(?P=verbatim)\s*-?%\}|\Z))"
    r"|\{\{-?(?P<value>(?![%<])[^{}]{1,400}?)-?\}\}"
    r"|\{%(?P<left>-?)\s*(?P<name>assign|set|for|endfor|if|elsif|elseif|elif|else|endif|unless|endunless|capture|endcapture)\b"
    r"(?P<said>(?:[^{}%]|%(?!\})){0,400}?)\s*(?P<right>-?)%\}",
    re.S,
)
_ASSIGNED = lazy_pattern(r"\s*([\w-]+)\s*=\s*(.+)", re.S)
_LOOP = lazy_pattern(
    r"\s*(?P<name>[\w-]+)\s+in\s+(?:\(\s*(?P<from>[^\s().]+)\s*\.\.\s*(?P<to>[^\s().]+)\s*\)|(?P<list>[^\s|()]+))"
    r"(?P<options>(?:\s+(?:reversed|(?:limit|offset)\s*:\s*\d+))*)\s*"
)
_OPTION = lazy_pattern(r"(limit|offset)\s*:\s*(\d+)")
_IN_TARGET = lazy_pattern(r"(?:\]\(\s*<?|[=]\s*[\"']?|\]:\s*<?)$")
_IN_PICTURE = lazy_pattern(r"(?:!\[[^\[\]\n]*\]\(\s*<?|\b(?:src|poster)\s*=\s*[\"']?)$")
"""Matches the beginning of the address of a picture, whose file is seen from the root of the site."""
_BEFORE = 300
"""The most characters before a value that are searched for the beginning of a picture."""
_CALL = ("{{", "{%")
_PRINTED = lazy_pattern(r"\{\{-?\s*([\w-]+)")
_OPENING = ("for", "if", "unless", "capture")
_MOST = 1_000_000
"""The most characters that are filled into one text."""
_DEEPEST = 50
"""The most loops and conditions within one another. A tag below is text."""
_MOST_ROUNDS = 2_000
"""The most rounds of all loops of one text."""


class _Tag(msgspec.Struct, frozen=True):
    """A tag of the source, from ``start`` to ``end``."""

    start: int
    end: int
    name: str = ""
    said: str = ""
    trims_before: bool = False
    trims_after: bool = False


class _Value(msgspec.Struct, frozen=True):
    """A value that is printed."""

    start: int
    end: int
    written: str


class _Branch(msgspec.Struct):
    """A tag, and what stands between it and the next tag of its block."""

    tag: _Tag
    nodes: list[_Node] = []


class _Block(msgspec.Struct):
    """A loop or a condition with its branches."""

    branches: list[_Branch]
    close: _Tag | None = None


_Node: TypeAlias = "tuple[int, int] | _Tag | _Value | _Block"
"""A part of the source: text, an assignment, a value, or a block."""


class _TooLongError(Exception):
    """The loops of a text make more than the limits allow."""


class Rendered(msgspec.Struct, frozen=True):
    """A text in which values are filled in."""

    text: str
    numbers: tuple[int, ...] = ()
    """The line of the source, counted from 0, of each line; empty if the lines are those of the source."""


def fill_values(post: OwnText, values: LiquidValues) -> OwnText:
    """Returns the text of a post with its known values."""
    made = render(post.text, values)
    numbers = tuple(post.first_line + number for number in made.numbers)
    return msgspec.structs.replace(post, text=made.text, numbers=numbers)


def render(text: str, values: LiquidValues) -> Rendered:
    """Returns a text with its known values, and with the loops and conditions over them carried out."""
    nodes = _parse(text)
    try:
        return _Renderer(text, values).render(nodes)
    except _TooLongError:
        return Rendered(text)


def _parse(text: str) -> list[_Node]:
    """Returns the nodes of a text. A tag that ends or parts no block is text."""
    top: list[_Node] = []
    opened: list[_Block] = []
    places = [top]
    position = 0
    for found in _TAG.finditer(text):
        place = places[-1]
        if found.start() > position:
            place.append((position, found.start()))
        position = found.end()
        name = found["name"]
        if found["raw"] is not None:
            place.append(found.span())
        elif name is None:
            place.append(_Value(*found.span(), found["value"].strip()))
        else:
            tag = _Tag(
                *found.span(), name, found["said"], found["left"] == "-", found["right"] == "-"
            )
            _add_tag(tag, places, opened)
    places[-1].append((position, len(text)))
    while opened:
        _undo(opened.pop(), places)
    return top


def _add_tag(tag: _Tag, places: list[list[_Node]], opened: list[_Block]) -> None:
    """Adds a tag to the nodes of the innermost block."""
    if tag.name in ("assign", "set"):
        places[-1].append(tag)
    elif tag.name in _OPENING and len(opened) < _DEEPEST:
        block = _Block([_Branch(tag)])
        places[-1].append(block)
        opened.append(block)
        places.append(block.branches[0].nodes)
    elif tag.name.startswith("end"):
        while opened and opened[-1].branches[0].tag.name != tag.name[3:]:
            _undo(opened.pop(), places)
        if not opened:
            places[-1].append((tag.start, tag.end))
            return
        opened.pop().close = tag
        places.pop()
    elif opened and tag.name not in _OPENING:
        opened[-1].branches.append(_Branch(tag))
        places[-1] = opened[-1].branches[-1].nodes
    else:
        places[-1].append((tag.start, tag.end))


def _undo(block: _Block, places: list[list[_Node]]) -> None:
    """Makes the tags of a block that does not end text in the nodes around it."""
    places.pop()
    around = places[-1]
    around.remove(block)
    for branch in block.branches:
        around.append((branch.tag.start, branch.tag.end))
        around.extend(branch.nodes)


class _Renderer:
    """Renders the nodes of one text."""

    def __init__(self, text: str, values: LiquidValues) -> None:
        self._text = text
        self._values = values
        self._pieces: list[tuple[str, int]] = []
        """What is rendered, each with its place in the source."""
        self._left = _MOST
        self._rounds = 0
        self._depth = 0
        """The number of loops and conditions that are being carried out."""
        self._is_changed = False
        self._captured: set[str] = set()
        """The words of blocks that are printed elsewhere, which keep their lines."""
        self._prints: dict[str, int] | None = None
        self._trimmed: set[int] = set()
        """The places in the source at which text begins whose first blanks are left out."""

    def render(self, nodes: list[_Node]) -> Rendered:
        self._add(nodes)
        made = "".join(piece for piece, _ in self._pieces)
        return Rendered(made, tuple(self._numbers()) if self._is_changed else ())

    def _add(self, nodes: list[_Node]) -> None:
        for node in nodes:
            match node:
                case (start, end):
                    self._emit_text(start, end)
                case _Value():
                    for line in self._shown(node).splitlines(keepends=True):
                        self._emit(line, node.start)
                case _Tag():
                    self._assign(node)
                case _Block():
                    match node.branches[0].tag.name:
                        case "for":
                            self._loop(node)
                        case "capture":
                            self._capture(node)
                        case _:
                            self._choose(node)

    def _emit(self, written: str, start: int) -> None:
        if self._depth:
            self._left -= len(written)
            if self._left < 0:
                raise _TooLongError
        if written:
            self._pieces.append((written, start))

    def _emit_text(self, start: int, end: int) -> None:
        written = self._text[start:end]
        if start in self._trimmed:
            written = written.lstrip()
        self._emit(written, end - len(written))

    def _trim(self, tag: _Tag | None) -> None:
        """Leaves out the blanks at the end of the text before a tag that asks for it."""
        if tag is None or not tag.trims_before or not self._pieces:
            return
        written, start = self._pieces[-1]
        if start + len(written) == tag.start and self._text.startswith(written, start):
            self._pieces[-1] = (written.rstrip(), start)

    def _shown(self, node: _Value) -> str:
        source = self._text[node.start : node.end]
        before = self._text[max(0, node.start - 8) : node.start]
        # A reference that follows has an address of its own.
        is_called = self._text[node.end : node.end + 2] in _CALL
        if _IN_TARGET.search(before) and (self._values.is_host(node.written) or is_called):
            return source
        value = self._values.evaluate(node.written)
        is_captured = isinstance(value, str) and value in self._captured
        shown = value if is_captured else shown_text(value, source)
        path = self._values.path
        if path and f"{shown}/".startswith(f"{path}/"):
            long_before = self._text[max(0, node.start - _BEFORE) : node.start]
            shown = shown.removeprefix(path) if _IN_PICTURE.search(long_before) else shown
        self._left -= 0 if self._depth else len(shown)
        return shown if self._left >= 0 else source

    def _assign(self, tag: _Tag) -> None:
        found = _ASSIGNED.fullmatch(tag.said)
        if found is not None:
            self._values.bind(found[1], self._values.evaluate(found[2].strip()))
        # The reader of Markdown prints nothing for the tag.
        if not self._depth:
            self._emit(self._text[tag.start : tag.end], tag.start)

    def _capture(self, block: _Block) -> None:
        """Keeps the words of a block for the place that prints them. Without one below, they stay where they are."""
        name = block.branches[0].tag.said.strip(" \t\n\"'")
        end = block.close.end if block.close is not None else 0
        if self._last_prints().get(name, -1) < end:
            self._keep(block, "")
            return
        self._begin(block)
        before, self._pieces = self._pieces, []
        for branch in block.branches:
            self._add(branch.nodes)
        made = "".join(piece for piece, _ in self._pieces).strip("\n")
        self._pieces = before
        self._depth -= 1
        self._captured.add(made)
        self._values.bind(name, made)

    def _last_prints(self) -> dict[str, int]:
        """Returns the last place at which each name is printed."""
        if self._prints is None:
            self._prints = {one[1]: one.start() for one in _PRINTED.finditer(self._text)}
        return self._prints

    def _loop(self, block: _Block) -> None:
        first, *others = block.branches
        found = _LOOP.fullmatch(first.tag.said)
        items = self._items(found) if found is not None else None
        if found is None or items is None:
            self._keep(block, found["name"] if found is not None else "")
            return
        self._begin(block)
        name, count = found["name"], len(items)
        for number, item in enumerate(items):
            self._rounds += 1
            if self._rounds > _MOST_ROUNDS:
                raise _TooLongError
            place = _place_in_loop(number, count)
            with self._values.bound({name: item, "forloop": place, "loop": place}):
                self._add(first.nodes)
            self._trim(others[0].tag if others else block.close)
        if not items:
            for other in others:
                self._add(other.nodes)
        self._depth -= 1

    def _items(self, found: re.Match[str]) -> list[Any] | None:
        """Returns what a loop goes through; None if it is unknown."""
        items: object
        if found["list"] is None:
            ends = [str(self._values.evaluate(found[name])) for name in ("from", "to")]
            if not all(end.isdecimal() and len(end) < 6 for end in ends):
                return None
            items = list(range(int(ends[0]), int(ends[1]) + 1))
        else:
            items = self._values.evaluate(found["list"])
        if isinstance(items, Mapping):
            items = [list(pair) for pair in items.items()]
        items = [] if items is None else items
        if not isinstance(items, list):
            return None
        options = {name: int(number) for name, number in _OPTION.findall(found["options"])}
        start = options.get("offset", 0)
        items = items[start : start + options.get("limit", len(items))]
        return items[::-1] if "reversed" in found["options"] else items

    def _choose(self, block: _Block) -> None:
        verdicts = []
        for branch in block.branches:
            is_else = branch.tag.name == "else"
            verdict = True if is_else else self._values.holds(branch.tag.said)
            if branch.tag.name == "unless" and verdict is not None:
                verdict = not verdict
            verdicts.append(verdict)
            if verdict is not False:
                break
        if verdicts[-1] is None:
            self._keep(block, "")
            return
        self._begin(block)
        if verdicts[-1]:
            chosen = block.branches[len(verdicts) - 1]
            self._add(chosen.nodes)
            following = block.branches[len(verdicts) :]
            self._trim(following[0].tag if following else block.close)
        self._depth -= 1

    def _begin(self, block: _Block) -> None:
        """Begins to carry out a loop or a condition."""
        self._is_changed = True
        self._depth += 1
        tags = [branch.tag for branch in block.branches]
        self._trim(tags[0])
        tags += [block.close] if block.close is not None else []
        self._trimmed.update(tag.end for tag in tags if tag.trims_after)

    def _keep(self, block: _Block, name: str) -> None:
        """Adds a block as it is written. In a loop, the value of ``name`` is unknown."""
        for branch in block.branches:
            self._emit(self._text[branch.tag.start : branch.tag.end], branch.tag.start)
            with self._values.bound({name: UNKNOWN} if name else {}):
                self._add(branch.nodes)
        if block.close is not None:
            self._emit(self._text[block.close.start : block.close.end], block.close.start)

    def _numbers(self) -> list[int]:
        """Returns the line of the source, counted from 0, of each line that is rendered."""
        ends = [found.end() for found in re.finditer("\n", self._text)]
        numbers: list[int] = []
        is_start = True
        line = 0
        for piece, start in self._pieces:
            line = bisect_right(ends, start)
            parts = piece.split("\n")
            for number, part in enumerate(parts):
                if number:
                    is_start, line = True, line + 1
                if is_start and (part or number + 1 < len(parts)):
                    numbers.append(line)
                    is_start = False
        return [*numbers, line] if is_start else numbers


def _place_in_loop(number: int, count: int) -> dict[str, object]:
    """Returns what a loop says of one of its rounds, by the names of Liquid and of Nunjucks."""
    return {
        "index": number + 1,
        "index0": number,
        "rindex": count - number,
        "rindex0": count - number - 1,
        "revindex": count - number,
        "first": number == 0,
        "last": number + 1 == count,
        "length": count,
    }
