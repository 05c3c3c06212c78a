"""Block nodes as Typst source. ``Blocks`` writes the body and the notes of one post."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import assert_never

from ....context import Context
from ....diagnostics import Outcome
from ....escape import escape
from ....html.read.parse import parse_fragment
from ....html.write.cards import (
    byline,
    callout_label,
    lines_without_numbers,
    player_label,
    source_label,
)
from ....html.write.highlight import highlight
from ....html.write.missing_pictures import placeholder
from ....html.write.picture_sizes import gallery_rows
from ....language.direction import direction
from ....lazy_pattern import lazy_pattern
from ....model.blocks import (
    Block,
    Button,
    Callout,
    CodeBlock,
    Conditional,
    DefinitionList,
    Embed,
    Extension,
    Figure,
    FileDownload,
    Gallery,
    Group,
    Heading,
    List,
    ListItem,
    MathBlock,
    Media,
    Paragraph,
    PaywallBreak,
    Poll,
    PullQuote,
    Quote,
    RawBlock,
    Recipe,
    SubscribeForm,
    Table,
    ThematicBreak,
    Verse,
)
from ....model.grid import Grid, Placed, Rows, grid_of
from ....model.inlines import Code, Image, Inline, LineBreak, Link, Math, Mention, RawInline, Text
from ....model.node import Node
from ....model.post import Post
from ....model.tables_as_lists import stack_table
from ....model.walk import is_bold_heading, walk
from ....web.addresses import last_segment, spoken
from ..code_lines import wrap_code
from ..fonts import MONO_ADVANCE
from ..indents import INDENTS, NARROWEST
from ..page import PageFormat
from ..table_widths import MANY_COLUMNS, TOO_WIDE, fits
from .inlines import Book, Inlines, Picture, leads_to_picture
from .mathematics import to_typst
from .source import breakable, content, literal
from .styled_code import code_lines

CODE_SIZE = 8 / 10.4
"""Of code, in parts of the text's size; essay.typ has the same."""
_TOGETHER = 0.5
"""Of the text's height that a gallery takes which is not parted."""
_DEEPEST = 7
"""Blocks within each other that are still set apart; Typst refuses about seventy layers of layout,
of which a list takes five."""
_SIDES = {"align-left": "left", "align-center": "center", "align-right": "right"}
_NOT_WORDS = lazy_pattern(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.S | re.I)
_CELL_PADDING = 0.9
"""Of a column, in rem."""


class Blocks(Inlines):
    """Writes one post. Each block is one expression or several, joined by the caller."""

    def __init__(self, post: Post, book: Book, context: Context, page: PageFormat) -> None:
        super().__init__(post, book, context, page)
        self._level = 0
        self._in_item = False
        self._is_heading = False
        """Whether the last block was a heading."""
        self._below_heading = False

    def blocks(self, nodes: Iterable[Block]) -> list[str]:
        return [part for node in nodes for part in self.block(node)]

    def block(self, node: Block) -> list[str]:
        self._line = node.line or self._line
        if self.context.run.overrides and type(node) in self.context.run.overrides:
            return self._html_blocks(self.context.run.overrides[type(node)](node), node)
        self._below_heading = self._is_heading
        self._is_heading = type(node) is Heading
        arguments = self.run_arguments(node)
        parts = self._block(node)
        if arguments and parts:
            parts = [f"[#set text({arguments});#{content(parts)}]"]
        side = next((_SIDES[name] for name in node.classes if name in _SIDES), "")
        if side and parts:
            parts = [f"aligned({side}, {content(parts)})"]
        if node.id and not isinstance(node, Heading | Paragraph):
            parts = [*self.anchor(node), *parts]
        return parts

    def _block(self, node: Block) -> list[str]:
        match node:
            case Paragraph(children):
                return self._paragraph(node, children)
            case Heading(children, level):
                return self._heading(node, children, level)
            case List(classes=classes):
                written = self._list(node)
                return [f"small-print({content(written)})"] if "addresses" in classes else written
            case Quote(children):
                return self._within("quote(block: true, ", children, INDENTS[Quote])
            case Figure():
                return self._figure(node)
            case ThematicBreak():
                return ["rule()"]
            case CodeBlock(text, language):
                if unnumbered := lines_without_numbers(node):
                    self._simplified(node, unnumbered)
                return [self._code(text, language)]
            case Embed():
                return self._embed(node)
            case PullQuote(children):
                return self._within("pull-quote(", children, INDENTS[PullQuote])
            case Table():
                return self._table(node)
            case MathBlock(tex):
                return [f"displayed({self.math(node, tex, True)})"]
            case Verse(children):
                return self._verse(children)
            case Group(children, classes=classes):
                if "link-notes" in classes:
                    listed = self.blocks(children[1:])
                    return [*self.blocks(children[:1]), f"small-print({content(listed)})"]
                written = self.blocks(children)
                if "mentioned-in" in classes:
                    return [f"mentioned-in({content(written)})"]
                return written
            case Gallery():
                return self._gallery(node)
            case DefinitionList():
                return self._definition_list(node)
            case Callout():
                return self._callout(node)
            case Media():
                return self._media(node)
            case FileDownload(src, name, size):
                label = literal(breakable(name or last_segment(src)))
                more = [literal(f" {size}")] if size else []
                return [f"card(par({content([*self.link(src, [label]), *more])}))"]
            case Button(label, href):
                return self._lines([self.link(href, [literal(label)] if label else [])])
            case SubscribeForm(text, label):
                self._simplified(node, "subscribe form written as its text")
                return self._lines([[literal(" ".join(filter(None, (text, label))))]])
            case PaywallBreak():
                return []
            case Poll():
                return self._poll(node)
            case Recipe():
                return self._recipe(node)
            case Conditional(children):
                return self.blocks(children)
            case RawBlock(form, text):
                return self._raw(node, form, text)
            case Extension(name, _, fallback):
                self._simplified(node, f"extension {name!r} written as its fallback")
                return self.blocks(fallback)
        assert_never(node)

    def _within(self, call: str, children: Sequence[Block], indent: float) -> list[str]:
        """Blocks in something that sets them apart; where that is too deep, the blocks alone."""
        if self._level >= _DEEPEST:
            return self.blocks(children)
        parts = self._narrower(children, indent)
        return [f"{call}{content(parts)})"] if parts else []

    def _narrower(self, children: Sequence[Block], indent: float) -> list[str]:
        room = self._room
        self._room = max(room - indent * self.size, NARROWEST)
        self._level += 1
        parts = self.blocks(children)
        self._level -= 1
        self._room = room
        return parts

    def _lines(self, lines: Iterable[list[str]]) -> list[str]:
        return [f"par({content(line)})" for line in lines if line]

    # text

    def _paragraph(self, node: Paragraph, children: tuple[Inline, ...]) -> list[str]:
        parts = [*self.anchor(node), *self._in_paragraph(children)]
        if not parts:
            return []
        if _are_pictures(children):
            return [f"pictures({content(parts)})"]
        if is_bold_heading(children):
            return [f"bold-heading({content(parts)})"]
        return [f"par({content(parts)})"]

    def _in_paragraph(self, children: tuple[Inline, ...]) -> list[str]:
        """The expressions of a paragraph's nodes; where they are pictures alone, those are large."""
        before, self._pictures_alone = self._pictures_alone, _are_pictures(children)
        parts = self.paragraph(children)
        self._pictures_alone = before
        return parts

    def _heading(self, node: Heading, children: tuple[Inline, ...], level: int) -> list[str]:
        below = self._below_heading
        anchor = self.anchor(node)
        parts = self._in_paragraph(children)
        if all(part == "linebreak()" for part in parts):
            message = "heading without words left out"
            self.context.account(Outcome.CHROME, self.post, node, message)
            return anchor
        parts = [*anchor, *parts]
        if not self._has_words(children):
            # A tagged PDF may have no heading that is not told in words.
            self._simplified(node, "heading without words set as a paragraph")
            call = "pictures" if _are_pictures(children) else "bold-heading"
            return [f"{call}({content(parts)})"]
        closer = ["closer()"] if below else []
        return [*closer, f"heading(level: {self.heading_level(level)}, {content(parts)})"]

    def _has_words(self, nodes: Sequence[Inline]) -> bool:
        """Whether Typst finds words in ``nodes``: no pictures, and no formulas that are drawn."""
        for node in walk(nodes):
            match node:
                case Text(text) | Code(text):
                    found = bool(literal(text).strip('" '))
                case Math(tex):
                    found = to_typst(tex, False) is not None
                case RawInline("html", text):
                    found = self._has_words(self._html_inlines(text))
                case _:
                    found = False
            if found:
                return True
        return False

    def heading_level(self, level: int) -> int:
        """The level in the document of a heading within the post."""
        return min(max(level, 2), 6)

    def run_in(self, nodes: Sequence[Block]) -> list[str]:
        """Blocks the first paragraph of which goes on where a number or a mark stands."""
        if nodes and type(nodes[0]) is Paragraph and not nodes[0].attributes:
            first = [*self.anchor(nodes[0]), *self.paragraph(nodes[0].children)]
            return [*first, *self.blocks(nodes[1:])]
        return self.blocks(nodes)

    def _list(self, node: List) -> list[str]:
        tasks = any(item.checked is not None for item in node.items)
        items = []
        room = self._room
        self._room = max(room - INDENTS[List] * self.size, NARROWEST)
        self._level += 1
        within, self._in_item = self._in_item, True
        for number, item in enumerate(node.items):
            parts = [*self.anchor(item), *self._item(item, node.tight)]
            if item.checked is not None:
                parts.insert(0, f"task({'true' if item.checked else 'false'})")
            if self._level > _DEEPEST:
                mark = f"{node.start + number}. " if node.ordered else "• "
                parts.insert(0, literal(mark))
            items.append(parts)
        self._level -= 1
        self._room, self._in_item = room, within
        if self._level >= _DEEPEST:
            return ["parbreak()", *(part for parts in items for part in (*parts, "parbreak()"))]
        written = ", ".join(content(parts) for parts in items)
        if not items:
            return []
        inner = "inner-" if self._in_item else ""
        if tasks:
            return [f"{inner}tasks({written})"]
        if node.ordered:
            start = f"start: {node.start}, " if node.start != 1 else ""
            return [f"{inner}numbered({start}{written})"]
        return [f"{inner}bulleted({written})"]

    def _item(self, item: ListItem, tight: bool) -> list[str]:
        if not tight:
            return self.run_in(item.children)
        parts: list[str] = []
        before: Block | None = None
        for child in item.children:
            self._line = child.line or self._line
            if type(child) is Paragraph and not child.attributes:
                if type(before) is Paragraph:
                    parts.append("linebreak()")
                parts.extend((*self.anchor(child), *self.paragraph(child.children)))
            else:
                parts.extend(self.block(child))
            before = child
        return parts

    def _definition_list(self, node: DefinitionList) -> list[str]:
        items = []
        room = self._room
        self._room = max(room - INDENTS[DefinitionList] * self.size, NARROWEST)
        self._level += 1
        for item in node.items:
            term = [*self.anchor(item), *self.paragraph(item.term)]
            first, *more = item.definitions or ((),)
            # On the term's last line it would have the term's indent.
            meaning = [*self.run_in(first), *(part for one in more for part in self.blocks(one))]
            items.append(f"meaning({content(term)}, {content(meaning)})")
        self._level -= 1
        self._room = room
        return [f"meanings({', '.join(items)})"] if items else []

    def _verse(self, children: tuple[Inline, ...]) -> list[str]:
        stanzas: list[list[str]] = [[]]
        for is_break, nodes in groupby(children, lambda child: isinstance(child, LineBreak)):
            if not is_break:
                stanzas[-1].append(content(self.verse(nodes)))
            elif stanzas[-1] and len(list(nodes)) > 1:
                stanzas.append([])
        written = [f"({', '.join(lines)},)" for lines in stanzas if lines]
        return [f"verse({', '.join(written)})"] if written else []

    def _code(self, text: str, language: str) -> str:
        columns = max(int(self._room / (CODE_SIZE * self.size * MONO_ADVANCE)), 20)
        markup = wrap_code(highlight(text, language) or escape(text), columns)
        lines = [content(line) for line in code_lines(markup)]
        return f"code-lines({', '.join(lines)})"

    # what stands apart

    def _callout(self, node: Callout) -> list[str]:
        label = callout_label(node, self.language)
        title = self.paragraph(node.title) if node.title else [literal(label)] if label else []
        head = [f"card-title({content(title)})"] if title else []
        if self._level >= _DEEPEST:
            return [*head, *self.blocks(node.children)]
        return [f"callout({content([*head, *self._narrower(node.children, INDENTS[Callout])])})"]

    def _embed(self, node: Embed) -> list[str]:
        """A card: what was captured, and the address."""
        self._simplified(node, f"{node.provider or node.kind} embed written as a card with a link")
        parts = self._thumbnail(node.thumbnail, node)
        if node.title:
            title = self.link(node.href, [literal(breakable(node.title))], paged=False)
            parts.append(f"card-title({content(title)})")
        parts.extend(
            self._lines([self._plain(line)] for line in node.text.split("\n") if line.strip())
        )
        told_by = byline(node, self.language)
        if told_by:
            parts.append(f"card-byline({literal(breakable(told_by))})")
        label = source_label(node)
        if node.href.startswith("clothbound:"):
            source = self.link(node.href, [literal(label)])
        elif node.href:
            shown = literal(breakable(spoken(node.href)))
            source = [literal(f"{label}: "), *self.link(node.href, [shown])]
        else:
            source = [literal(label)]
        parts.append(f"card-source({content(source)})")
        return [f"card({content(parts)})"]

    def _media(self, node: Media) -> list[str]:
        self._simplified(node, f"{node.kind} written as a link")
        parts = self._thumbnail(node.poster, node)
        if node.caption:
            parts.append(f"card-title({content(self.paragraph(node.caption))})")
        label = player_label(node, self.language)
        source = [literal(f"{label}: " if node.src else label)]
        if node.src:
            source += self.link(node.src, [literal(breakable(spoken(node.src)))])
        parts.append(f"card-source({content(source)})")
        return [f"card({content(parts)})"]

    def _thumbnail(self, src: str, node: Node) -> list[str]:
        if not src:
            return []
        picture = self.book.picture(self.post, Image(src, line=node.line))
        if picture is None:
            return []
        drawn = f'image({literal(picture.name)}, height: 1.4in, fit: "contain")'
        return [f"thumbnail({drawn})"]

    def _plain(self, text: str) -> str:
        self._after_space = True
        return self.text(text) or '""'

    def _poll(self, node: Poll) -> list[str]:
        if not node.question and not node.options:
            message = "poll left out: its question is only on the web site"
            self.context.account(Outcome.DROPPED, self.post, node, message)
            return []
        self._simplified(node, "poll written as a list")
        parts = self._lines([self.link(node.href, [self._plain(node.question)])])
        if node.options:
            parts.append(f"bulleted({', '.join(map(self._plain, node.options))})")
        return [f"card({content(parts)})"]

    def _recipe(self, node: Recipe) -> list[str]:
        if not (node.title or node.ingredients or node.steps):
            message = "recipe left out: its text is only on the web site"
            self.context.account(Outcome.DROPPED, self.post, node, message)
            return []
        parts = []
        if node.title:
            parts.append(f"card-title({content(self.link(node.href, [self._plain(node.title)]))})")
        if node.ingredients:
            parts.append(f"bulleted({', '.join(map(self._plain, node.ingredients))})")
        if node.steps:
            parts.append(f"numbered({', '.join(map(self._plain, node.steps))})")
        return [f"callout({content(parts)})"]

    def _raw(self, node: RawBlock, form: str, text: str) -> list[str]:
        if form == "html":
            return self._html_blocks(text, node)
        self.context.account(
            Outcome.DROPPED, self.post, node, f"raw {form} left out: it has no form here"
        )
        return []

    def _html_blocks(self, markup: str, node: Node) -> list[str]:
        """HTML read into nodes; what the reader leaves raw, as its words."""
        parsed = parse_fragment(markup, source=self.post.metadata.source)
        parts: list[str] = []
        for block in parsed.blocks:
            if isinstance(block, RawBlock):
                words = html.unescape(_NOT_WORDS.sub(" ", block.text)).strip()
                if words:
                    self._simplified(node, "raw HTML written as its words")
                    parts.extend(self._lines([[self._plain(words)]]))
            elif type(block) not in self.context.run.overrides:
                parts.extend(self.block(block))
        return parts

    # pictures

    def _figure(self, node: Figure) -> list[str]:
        return self._with_picture(node, self.book.picture(self.post, node.image))

    def _with_picture(self, node: Figure, picture: Picture | None, width: float = 0) -> list[str]:
        """``width``: points that the picture is wide; 0: as wide as it is by itself."""
        if picture is None:
            instead = placeholder(node.image, node.caption)
            box = self.missing(instead, node.caption)
            shown = content(box) if box else ""
            has_caption = instead.is_caption
        else:
            shown = self._shown(node, picture, width)
            has_caption = False
        caption = [] if has_caption else self.paragraph(node.caption)
        if not shown and not caption:
            return []
        linked = any(isinstance(n, Link | Mention) for n in walk(node.caption))
        if node.href and not linked and not leads_to_picture(node.href):
            # On the words and not on the picture: a tagged link has a name of words.
            caption = self.link(node.href, caption)
        if not caption:
            return [f"lone-picture({shown})"]
        return [f"captioned({shown or '[]'}, {content(caption)})"]

    def _shown(self, node: Figure, picture: Picture, width: float) -> str:
        image = node.image
        if not width:
            pixels = picture.width or node.width, picture.height or node.height
            width = self.picture_width(image, *pixels)
        alt = literal(self._alternative(image))
        drawn = f"image({literal(picture.name)}, alt: {alt}, width: {width:.1f}pt)"
        return content([*self.anchor(image), drawn])

    def _gallery(self, node: Gallery) -> list[str]:
        pictures = [self.book.picture(self.post, figure.image) for figure in node.figures]
        shown = [
            (figure, picture, _shape(figure, picture))
            for figure, picture in zip(node.figures, pictures, strict=True)
            if picture is not None or placeholder(figure.image, figure.caption).has_words
        ]
        figures = iter(shown)
        rows = []
        room = self._room
        high = 0.0
        for widths in gallery_rows([shape for _, _, shape in shown]):
            cells = []
            highest = 0.0
            for width in widths:
                figure, picture, shape = next(figures)
                self._room = room * width / 100
                highest = max(highest, self._room / shape if shape else self._page.text_height)
                cell = self._with_picture(figure, picture, self._room)
                cells.append(content([*self.anchor(figure), *cell]))
            high += highest
            columns = ", ".join(f"{room * width / 100:.2f}pt" for width in widths)
            rows.append(f"gallery-row(({columns},), {', '.join(cells)})")
        self._room = room
        caption = self.paragraph(node.caption)
        if not rows:
            return [f"par({content(caption)})"] if caption else []
        named = f"caption: {content(caption)}, " if caption else ""
        if high < self._page.text_height * _TOGETHER:
            named += "together: true, "
        return [f"gallery({named}{', '.join(rows)})"]

    # tables

    def _table(self, node: Table) -> list[str]:
        grid = grid_of(node)
        columns = grid.columns
        if not columns:
            return []
        wide = columns > MANY_COLUMNS
        if not fits(grid, self._room, self.size):
            self._simplified(node, TOO_WIDE.format(columns=columns))
            # Its name stands before what takes its place.
            return self.blocks(stack_table(node).children)
        parts = [f"columns: {columns}", f"wide: {'true' if wide else 'false'}"]
        if direction(self.language) == "rtl":
            parts.append("rtl: true")
        if node.caption:
            parts.append(f"caption: {content(self.paragraph(node.caption))}")
        if node.head:
            self._in_head = True
            cells = self._cells(node, grid, grid.head)
            self._in_head = False
            parts.append(f"head: ({', '.join(cells)},)")
        parts += self._cells(node, grid, grid.rows)
        return [f"data-table({', '.join(parts)})"]

    def _cells(self, table: Table, grid: Grid, rows: Rows) -> list[str]:
        room = self._room
        cells = []
        for placed in (placed for row in grid.whole(rows) for placed in row):
            # A column may be as wide as any other at least.
            self._room = room * placed.width / grid.columns - _CELL_PADDING * self.size
            cells.append(self._cell(placed, table, grid.alignment(placed)))
        self._room = room
        return cells

    def _cell(self, placed: Placed, table: Table, align: str) -> str:
        cell = placed.cell
        parts = self._attributed(cell, self._in_paragraph(cell.children))
        if self._in_head and parts:
            parts = [f"head-cell({content(parts)})"]
        arguments = []
        if placed.width > 1:
            arguments.append(f"colspan: {placed.width}")
        if placed.height > 1:
            arguments.append(f"rowspan: {placed.height}")
        if align in ("center", "right"):
            arguments.append(f"align: {align}")
        if not arguments:
            return content(parts)
        form = "table" if table.head else "grid"
        return f"{form}.cell({', '.join([*arguments, content(parts)])})"

    def _simplified(self, node: Node, message: str) -> None:
        self.context.account(Outcome.SIMPLIFIED, self.post, node, message)


def _shape(figure: Figure, picture: Picture | None) -> float:
    """The width of a picture for its height; 0 unknown."""
    if picture is not None and picture.width and picture.height:
        return picture.width / picture.height
    return figure.width / figure.height if figure.width and figure.height else 0


def _are_pictures(nodes: Sequence[Inline]) -> bool:
    """Whether a paragraph is of pictures alone, without links."""
    pictures = [node for node in nodes if type(node) is Image]
    return bool(pictures) and all(
        type(node) in (Image, LineBreak) or (type(node) is Text and not node.text.strip())
        for node in nodes
    )
