"""Builds lists, definitions and tables, whose parts depend on each other."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from ...diagnostics import DiagnosticCode, Severity
from ...model import blocks as b
from ...model.flatten import flatten_blocks
from .block_builders import (
    PLAIN,
    Attributes,
    ReadCell,
    ReadTable,
    alignment_of,
    cell_span,
    common_of,
    number,
    table_blocks,
    with_common,
)
from .builder import FragmentBuilder, Frame

_TABLE_FIELDS = frozenset(
    {"border", "cellpadding", "cellspacing", "width", "height", "role", "summary", "align"}
)
_CELL_FIELDS = frozenset(
    "abbr align bgcolor colspan headers height nowrap rowspan scope style valign width".split()
)
_OF_LANGUAGE = frozenset({"lang", "dir"})


# --- lists ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _ReadList:
    ordered: bool
    start: int
    items: list[b.ListItem] = field(default_factory=list)
    tight: bool = True
    numbered: dict[int, int] = field(default_factory=dict)
    """The numbers of items that name one, by position."""


def start_list(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.verbatim:
        build.passes(name)
        return
    common = common_of(attrs, typed=frozenset({"start", "type", "reversed"}))
    start = number(attrs.get("start", ""), 1, most=10**9)
    build.push_block(name, "list", common, _ReadList(name == "ol", start))


def end_list(build: FragmentBuilder, frame: Frame) -> None:
    read: _ReadList = frame.data
    common = frame.common
    for start, items in _runs(read):
        node = b.List(items, read.ordered, start, read.tight, line=items[0].line or frame.line)
        build.add_block(build.flow(), with_common(node, common))
        common = PLAIN


def _runs(read: _ReadList) -> list[tuple[int, tuple[b.ListItem, ...]]]:
    """Splits the items into runs of consecutive numbers, each with the number of its first item."""
    items = tuple(read.items)
    if not read.ordered:
        return [(1, items)] if items else []
    starts = [(0, read.start)]
    for place, value in read.numbered.items():
        if place == 0:
            starts[0] = (0, value)
        elif place < len(items) and value != starts[-1][1] + place - starts[-1][0]:
            starts.append((place, value))
    ends = [*(place for place, _ in starts[1:]), len(items)]
    return [(n, items[place:end]) for (place, n), end in zip(starts, ends, strict=True) if items]


def start_item(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.verbatim:
        build.passes(name)
        return
    parent = build.within("list")
    if parent is not None:
        common = common_of(attrs, typed=frozenset({"value", "type"}))
        if "value" in attrs and not build.is_faithful:
            read: _ReadList = parent.data
            read.numbered[len(read.items)] = number(attrs["value"], 1, most=10**9)
        build.push_block(name, "li", common)
    else:
        build.passes(name, is_block=True)


def end_item(build: FragmentBuilder, frame: Frame) -> None:
    parent = build.flow()
    checked: bool | None = frame.data
    item = b.ListItem(tuple(frame.blocks), checked, line=frame.line)
    read: _ReadList = parent.data
    if build.is_faithful and not frame.loose:
        # Substack puts a paragraph into every item, so an item without one keeps its form.
        item = msgspec.structs.replace(item, attributes=(("element", "li"),))
    read.items.append(with_common(item, frame.common))
    read.tight = read.tight and not (frame.loose and not all(map(_is_of_language, frame.blocks)))


def _is_of_language(block: b.Block) -> bool:
    """Returns whether a block has nothing but a language or a direction of its own, for which a tight item needs ``p``."""
    names = {name for name, _ in block.attributes}
    return bool(names) and names <= _OF_LANGUAGE and not (block.id or block.classes)


def start_definitions(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.verbatim:
        build.passes(name)
    else:
        build.push_block(name, "dl", common_of(attrs), [])


def end_definitions(build: FragmentBuilder, frame: Frame) -> None:
    if frame.data:
        node = b.DefinitionList(tuple(frame.data), line=frame.line)
        build.add_block(build.flow(), with_common(node, frame.common))


def start_definition(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    inner = build.within("dd") if name == "dd" else None
    if build.within("dl"):
        build.push_block(name, name, common_of(attrs), [])
    elif inner is not None:
        # libxml2 does not end a ``dd`` where the next begins.
        build.break_run()
        inner.data.append(tuple(inner.blocks))
        inner.blocks = []
        build.passes(name, is_block=True)
    else:
        build.passes(name, is_block=True)


def end_term(build: FragmentBuilder, frame: Frame) -> None:
    item = b.DefinitionItem(flatten_blocks(frame.blocks), (), line=frame.line)
    build.flow().data.append(with_common(item, frame.common))


def end_definition(build: FragmentBuilder, frame: Frame) -> None:
    items: list[b.DefinitionItem] = build.flow().data
    last = items.pop() if items else b.DefinitionItem(line=frame.line)
    definitions = (*last.definitions, *frame.data, tuple(frame.blocks))
    items.append(msgspec.structs.replace(last, definitions=definitions))


# --- tables ---------------------------------------------------------------------------------------


def start_table(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    common = common_of(attrs, typed=_TABLE_FIELDS)
    build.push_block(name, "table", common, ReadTable(role=attrs.get("role", "")))


def end_table(build: FragmentBuilder, frame: Frame) -> None:
    blocks, simplified = table_blocks(frame.data, frame.common, frame.line)
    parent = build.flow()
    for block in blocks:
        build.add_block(parent, block)
    if simplified:
        build.find(
            DiagnosticCode.MARKUP_REPAIRED,
            simplified,
            severity=Severity.INFO,
        )


def start_section(build: FragmentBuilder, name: str, _: Attributes) -> None:
    build.passes(name, _leave_section, is_block=True)
    if table := build.within("table"):
        table.data.section = name


def _leave_section(build: FragmentBuilder) -> None:
    if table := build.within("table"):
        table.data.section = ""


def start_row(build: FragmentBuilder, name: str, _: Attributes) -> None:
    if build.within("table"):
        build.push_block(name, "tr", PLAIN, [])
    else:
        build.passes(name, is_block=True)


def end_row(build: FragmentBuilder, frame: Frame) -> None:
    if frame.data:
        build.flow().data.add(tuple(frame.data))


def start_cell(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if build.within("tr"):
        build.push_block(name, "cell", common_of(attrs, typed=_CELL_FIELDS), (name, attrs))
    else:
        build.passes(name, is_block=True)


def end_cell(build: FragmentBuilder, frame: Frame) -> None:
    name, attrs = frame.data
    blocks = tuple(frame.blocks)
    cell = b.Cell(
        flatten_blocks(blocks),
        cell_span(attrs.get("colspan", "")),
        cell_span(attrs.get("rowspan", "")),
        line=frame.line,
    )
    cell = with_common(cell, frame.common)
    build.flow().data.append(ReadCell(cell, blocks, name == "th", alignment_of(attrs)))


def start_column(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    build.passes(name)
    table = build.within("table")
    if table is not None and name == "col" and len(table.data.columns) < 1000:
        span = cell_span(attrs.get("span", ""))
        table.data.columns.extend([alignment_of(attrs)] * span)
