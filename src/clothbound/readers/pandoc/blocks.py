"""Reads pandoc's blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

import msgspec

from ...diagnostics import DiagnosticCode
from ...errors import ReadError
from ...html.read.block_builders import CELLS_AS_LINES, are_lines
from ...limits import Limits
from ...model import blocks as b
from ...model import inlines as i
from ...model.flatten import flatten_blocks
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Footnote
from ...pandoc import ast as p
from ...pandoc.vocabulary import (
    FIELD,
    FOOTNOTE,
    KINDS,
    LABEL,
    LISTS,
    WORDS,
    FieldsOf,
    mark_of,
    values_of,
)
from ...web.css_lengths import pixels_in
from .inlines import LEVELS, InlineReader, PostState, raw_format

_ALIGNMENTS: dict[str, b.Alignment] = {
    "AlignLeft": "left",
    "AlignCenter": "center",
    "AlignRight": "right",
}
_BOXES = {"\N{BALLOT BOX WITH X}": True, "\N{BALLOT BOX}": False}
_ALERTS = frozenset({"note", "tip", "important", "warning", "caution"})
"""The kinds of GitHub's alerts, which pandoc reads as divs of these classes."""
_NUMBERED = frozenset({"numberLines", "number-lines"})
_FIGURES = frozenset({"Decimal", "DefaultStyle", "Example"})
"""The styles of lists that are numbered by figures."""
_MOST = 10**9
"""The largest number of a list's first item."""
_SPAN = 1000
"""The largest number of columns or rows that a cell may claim (HTML, section 4.9.11)."""


class BlockReader:
    """Reads the blocks of one post."""

    def __init__(self, version: tuple[int, ...], limits: Limits, state: PostState) -> None:
        self._version = version
        # A list takes two levels of the model, and each block has inlines in it.
        self._deepest = max(1, (limits.depth - LEVELS - 4) // 2)
        self._state = state
        self._inline = InlineReader(state, self.blocks)
        self._depth = 0

    def blocks(self, nodes: tuple[p.Block, ...]) -> tuple[b.Block, ...]:
        if self._depth >= self._deepest:
            self._state.flatten()
            words = p.words_of(nodes)
            return (b.Paragraph((i.Text(words),)),) if words else ()
        self._depth += 1
        result = tuple(block for node in nodes for block in self.block(node))
        self._depth -= 1
        return result

    def block(self, node: p.Block) -> Iterable[b.Block]:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case p.Plain(c=inlines) | p.Para(c=inlines):
                return self._paragraph(inlines)
            case p.LineBlock(c=lines):
                return (self._verse(lines),)
            case p.CodeBlock(c=(attr, text)):
                return (self._code(attr, text),)
            case p.RawBlock(c=(form, text)):
                return (b.RawBlock(raw_format(form), text),)
            case p.BlockQuote(c=inner):
                return (b.Quote(self.blocks(inner)),)
            case p.OrderedList(c=((start, style, _), items)):
                if style.t not in _FIGURES:
                    message = "the letters or Roman numbers of a list became figures"
                    self._state.report(DiagnosticCode.NODE_SIMPLIFIED, message)
                start = min(max(start, -_MOST), _MOST)
                return (self._list(items, ordered=True, start=start),)
            case p.BulletList(c=items):
                return (self._list(items),)
            case p.DefinitionList(c=items):
                return (b.DefinitionList(tuple(map(self._definition, items))),)
            case p.Header(c=(level, attr, inlines)):
                level = min(max(level, 1), 6)
                children = self._inline.inlines(inlines)
                return (b.Heading(children, level, **self._common(attr)),)
            case p.HorizontalRule():
                return (b.ThematicBreak(),)
            case p.Table(c=raw):
                return (self._table(raw),)
            case p.Figure(c=(attr, caption, inner)):
                return self._figure(attr, self._caption(caption), inner)
            case p.Div(c=(attr, inner)):
                return self._div(attr, inner)
            case p.Null():
                return ()
            case _:
                assert_never(node)

    def _common(self, attr: p.Attr) -> dict[str, Any]:
        return self._inline.common(attr)

    # --- text ---------------------------------------------------------------------------------------

    def _paragraph(self, inlines: tuple[p.Inline, ...]) -> Iterable[b.Block]:
        """Returns a paragraph; a figure if it is one picture, and several if formulas divide it."""
        children = self._inline.inlines(inlines)
        match children:
            case ():
                return ()
            case (i.Image() as image,):
                return (_lone_picture(image, ""),)
            case (i.Link((i.Image() as image,), href) as link,) if not (
                link.id or link.classes or link.attributes
            ):
                return (_lone_picture(image, href),)
        if not any(type(n) is i.Math and n.classes == ("display",) for n in children):
            return (b.Paragraph(children),)
        result: list[b.Block] = []
        run: list[i.Inline] = []
        for child in (*children, None):
            if child is not None and not (type(child) is i.Math and child.classes == ("display",)):
                run.append(child)
                continue
            if any(not (type(n) is i.Text and not n.text.strip()) for n in run):
                result.append(b.Paragraph(tuple(run)))
            run = []
            if type(child) is i.Math:
                result.append(b.MathBlock(child.tex))
        return result

    def _verse(self, lines: tuple[tuple[p.Inline, ...], ...]) -> b.Verse:
        children: list[i.Inline] = []
        for number, line in enumerate(lines):
            if number:
                children.append(i.LineBreak())
            read = list(self._inline.inlines(line))
            if read and type(read[0]) is i.Text:
                text = read[0].text
                rest = text.lstrip("\N{NO-BREAK SPACE}")
                read[0] = i.Text(" " * (len(text) - len(rest)) + rest)
            children.extend(read)
        return b.Verse(tuple(children))

    def _code(self, attr: p.Attr, text: str) -> b.CodeBlock:
        name, classes, pairs = attr
        language = ""
        if classes and classes[0] not in _NUMBERED:
            language, *rest = classes
            classes = tuple(rest)
        return b.CodeBlock(
            text.removesuffix("\n"), language, **self._common((name, classes, pairs))
        )

    def _list(
        self, items: tuple[tuple[p.Block, ...], ...], *, ordered: bool = False, start: int = 1
    ) -> b.List:
        tight = not any(isinstance(block, p.Para) for item in items for block in item)
        return b.List(tuple(map(self._item, items)), ordered, start, tight)

    def _item(self, blocks: tuple[p.Block, ...]) -> b.ListItem:
        checked = None
        match blocks:
            case ((p.Plain() | p.Para()) as first, *rest):
                match first.c:
                    case (p.Str(c=box), *words) if box in _BOXES:
                        checked = _BOXES[box]
                        words = words[1:] if words[:1] == [p.Space()] else words
                        blocks = (type(first)(tuple(words)), *rest)
            case (p.Div(c=(attr, inner)),) if not mark_of(attr) and attr[0:2] != ("", ()):
                read = self._item(inner)
                return msgspec.structs.replace(read, **self._common(attr))
        return b.ListItem(self.blocks(blocks), checked)

    def _definition(
        self, item: tuple[tuple[p.Inline, ...], tuple[tuple[p.Block, ...], ...]]
    ) -> b.DefinitionItem:
        term, definitions = item
        return b.DefinitionItem(self._inline.inlines(term), tuple(map(self.blocks, definitions)))

    # --- pictures and tables ------------------------------------------------------------------------

    def _caption(self, caption: p.Caption) -> tuple[i.Inline, ...]:
        return flatten_blocks(self.blocks(caption[1]))

    def _figure(
        self, attr: p.Attr, caption: tuple[i.Inline, ...], inner: tuple[p.Block, ...]
    ) -> Iterable[b.Block]:
        content = self.blocks(inner)
        common = self._common(attr)
        match content:
            case (b.Figure(caption=()) as figure,) if not (figure.id or figure.classes):
                return (msgspec.structs.replace(figure, caption=caption, **common),)
            case (b.Figure(), *_) if all(isinstance(block, b.Figure) for block in content):
                return (b.Gallery(content, caption, **common),)  # type: ignore[arg-type]
            case (b.Table(caption=()) as table,):
                return (msgspec.structs.replace(table, caption=caption, **common),)
        if caption:
            content = (*content, b.Paragraph(caption, classes=("caption",)))
        common["classes"] = ("figure", *common["classes"])
        return (b.Group(content, **common),)

    def _table(self, raw: msgspec.Raw) -> b.Table:
        try:
            if self._version < p.TABLES_SINCE:
                return self._old_table(msgspec.json.decode(raw, type=p.OldTable))
            content = msgspec.json.decode(raw, type=p.TableContent)
        except msgspec.ValidationError as error:
            raise ReadError(f"is not a document of pandoc: in a table: {error}") from error
        attr, caption, columns, (_, head), bodies, (_, foot) = content
        if foot:
            message = "the foot of a table became its last rows"
            self._state.report(DiagnosticCode.NODE_SIMPLIFIED, message)
        rows = [row for _, _, heads, rows in bodies for row in (*heads, *rows)]
        alignments = tuple(_ALIGNMENTS.get(align.t, "") for align, _ in columns)
        return b.Table(
            tuple(map(self._row, head)),
            tuple(map(self._row, (*rows, *foot))),
            alignments if any(alignments) else (),
            self._caption(caption),
            **self._common(attr),
        )

    def _old_table(self, content: p.OldTable) -> b.Table:
        caption, aligns, _, heads, rows = content
        alignments = tuple(_ALIGNMENTS.get(align.t, "") for align in aligns)
        head = tuple(b.Cell(self._cell_content(cell)) for cell in heads)
        return b.Table(
            (head,) if any(cell.children for cell in head) else (),
            tuple(tuple(b.Cell(self._cell_content(cell)) for cell in row) for row in rows),
            alignments if any(alignments) else (),
            self._inline.inlines(caption),
        )

    def _row(self, row: p.Row) -> tuple[b.Cell, ...]:
        return tuple(
            b.Cell(
                self._cell_content(content),
                min(max(columns, 1), _SPAN),
                min(max(rows, 1), _SPAN),
                **self._common(attr),
            )
            for attr, _, rows, columns, content in row[1]
        )

    def _cell_content(self, blocks: tuple[p.Block, ...]) -> tuple[i.Inline, ...]:
        content = self.blocks(blocks)
        if not are_lines(content):
            self._state.report(DiagnosticCode.MARKUP_REPAIRED, CELLS_AS_LINES)
        return flatten_blocks(content)

    # --- divs ---------------------------------------------------------------------------------------

    def _div(self, attr: p.Attr, inner: tuple[p.Block, ...]) -> Iterable[b.Block]:
        mark = mark_of(attr)
        if mark == LABEL:
            return ()
        if mark == FOOTNOTE:
            name = self._state.note_of(attr[0])
            self._state.footnotes.append(Footnote(name, self.blocks(inner)))
            return ()
        if mark in KINDS:
            made = self._marked(KINDS[mark], attr, inner)
            if made is not None:
                return (made,)
        attr = (attr[0], attr[1], tuple(pair for pair in attr[2] if not mark or pair[1] != mark))
        if callout := self._foreign_callout(attr, inner):
            return (callout,)
        children = self.blocks(inner)
        return children if attr == p.NO_ATTR else (b.Group(children, **self._common(attr)),)

    def _foreign_callout(self, attr: p.Attr, inner: tuple[p.Block, ...]) -> b.Callout | None:
        """Returns one of GitHub's alerts or of Quarto's callouts; None for any other div."""
        name, classes, pairs = attr
        first = classes[0] if classes else ""
        match inner:
            case (p.Div(c=(("", ("title",), ()), titles)), *rest) if first in _ALERTS:
                title = flatten_blocks(self.blocks(titles))
                if plain_text(title).casefold() == first:
                    title = ()
                common = self._common((name, classes[1:], pairs))
                return b.Callout(self.blocks(tuple(rest)), title, first, **common)
        if not first.startswith("callout-"):
            return None
        children = self.blocks(inner)
        given = dict(pairs).get("title", "")
        title = (i.Text(given),) if given else ()
        if not title and children and isinstance(children[0], b.Heading):
            title, children = children[0].children, children[1:]
        rest_pairs = tuple(pair for pair in pairs if pair[0] != "title")
        common = self._common((name, classes[1:], rest_pairs))
        return b.Callout(children, title, first.removeprefix("callout-"), **common)

    def _marked(self, kind: type[Node], attr: p.Attr, inner: tuple[p.Block, ...]) -> b.Block | None:
        """Returns the node that clothbound wrote as a div; None if the div is no longer one."""
        values: dict[str, Any] = values_of(kind, attr)
        values["id"] = self._state.id(attr[0])
        if kind in WORDS:
            return _of_fields(kind, values, inner)
        match kind:
            case b.PullQuote:
                match inner:
                    case (p.BlockQuote(c=quoted),):
                        inner = quoted
                return b.PullQuote(self.blocks(inner), **values)
            case b.Gallery:
                caption, rest = self._take_part("caption", inner)
                figures = self.blocks(rest)
                if all(isinstance(figure, b.Figure) for figure in figures):
                    return b.Gallery(figures, caption, **values)  # type: ignore[arg-type]
                more = (b.Paragraph(caption),) if caption else ()
                return b.Group((*figures, *more), **values)
            case b.Callout:
                title, rest = self._take_part("title", inner)
                return b.Callout(self.blocks(rest), title, **values)
            case b.Conditional:
                return b.Conditional(self.blocks(inner), **values)
            case b.PaywallBreak if not inner:
                return b.PaywallBreak(**values)
            case b.Media if "kind" in values and _is_player(inner):
                caption, _ = self._take_part("caption", inner)
                return b.Media(caption=caption, **values)
        return None

    def _take_part(
        self, name: str, blocks: tuple[p.Block, ...]
    ) -> tuple[tuple[i.Inline, ...], tuple[p.Block, ...]]:
        """Returns the inlines of the part with this class, and the blocks around it."""
        rest = []
        found: tuple[i.Inline, ...] = ()
        for block in blocks:
            match block:
                case p.Div(c=((_, (first,), _) as attr, inner)) if first == name and mark_of(
                    attr
                ) in (FIELD, LABEL):
                    found = flatten_blocks(self.blocks(inner)) if mark_of(attr) == FIELD else ()
                case _:
                    rest.append(block)
        return found, tuple(rest)


def _lone_picture(image: i.Image, href: str) -> b.Figure:
    width, height = (pixels_in(image.attributes, name) for name in ("width", "height"))
    return b.Figure(image, (), href, width, height)


def _is_player(blocks: tuple[p.Block, ...]) -> bool:
    """Whether a recording's div holds a caption and labels alone."""
    fields = FieldsOf()
    fields.add_blocks(block for block in blocks if not isinstance(block, p.Div))
    return not fields.has_others and not fields.words


def _of_fields(
    kind: type[Node], values: dict[str, Any], inner: tuple[p.Block, ...]
) -> b.Block | None:
    """Returns a node whose words are those of its div's fields; None if the div holds others."""
    fields = FieldsOf()
    fields.add_blocks(inner)
    if fields.has_others or not fields.words.keys() <= set(WORDS[kind]):
        return None
    if any(isinstance(text, tuple) != (name in LISTS) for name, text in fields.words.items()):
        return None
    try:
        made: b.Block = kind(**fields.words, **values)  # type: ignore[arg-type, assignment]
    except TypeError:  # A field is missing that the node must have.
        return None
    return made
