"""Writes blocks as pandoc's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

import msgspec

from ...context import Context
from ...diagnostics import fallback_message
from ...html.write.cards import callout_label
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.grid import Placed, Rows, grid_of
from ...model.losses import written_for_all
from ...model.node import Node
from ...model.post import Footnote, Post
from ...pandoc import ast as p
from ...pandoc.vocabulary import FIELD, FOOTNOTE, LABEL, MARK, label
from .cards import write_card, write_player, write_poll, write_recipe, write_subscribe_form
from .inlines import DISPLAY_MATH, InlineWriter, Notes, Show

_ALIGNMENTS = {
    "": p.Name("AlignDefault"),
    "left": p.Name("AlignLeft"),
    "center": p.Name("AlignCenter"),
    "right": p.Name("AlignRight"),
}
_DECIMAL, _PERIOD = p.Name("Decimal"), p.Name("Period")
_DEEPEST = 6
"""The deepest level of headings."""
_BOXES = {True: "\N{BALLOT BOX WITH X}", False: "\N{BALLOT BOX}"}
"""The boxes of tasks, as pandoc's own readers have them."""
_INDENT = lazy_pattern(r"^ +")


class BlockWriter:
    """Writes one post."""

    def __init__(
        self,
        post: Post,
        context: Context,
        show: Show,
        *,
        language: str,
        shift: int = 0,
        prefix: str = "",
        notes_before: int = 0,
    ) -> None:
        """``shift`` is added to the levels of headings; ``prefix`` comes before all ids of a post
        that is one of several; ``notes_before`` is the number of notes in the posts before it.
        """
        self.post = post
        self.notes = Notes(post, notes_before)
        self._language = language
        self._shift = shift
        self._inline = InlineWriter(post, context, self.notes, show, prefix, self.blocks)

    def body(self) -> tuple[p.Block, ...]:
        """Returns the blocks of the post, and the notes that do not stand at a mark."""
        return (*self.blocks(self.post.body), *map(self._note_at_end, self.notes.at_end))

    def blocks(self, nodes: Iterable[b.Block]) -> tuple[p.Block, ...]:
        return tuple([block for node in nodes for block in self.block(node)])

    def block(self, node: b.Block) -> tuple[p.Block, ...]:  # noqa: C901, PLR0912 - match dispatch
        write = self._inline
        write.line = node.line or write.line
        match node:
            case b.Paragraph(children):
                return self._marked(node, p.Para(write.inlines(children)))
            case b.Heading(children, level):
                level = min(max(level + self._shift, 1), _DEEPEST)
                return (p.Header((level, write.attr(node), write.inlines(children))),)
            case b.List():
                return self._marked(node, self._list(node))
            case b.Quote(children):
                return self._marked(node, p.BlockQuote(self.blocks(children)))
            case b.Figure():
                return self._figure(node)
            case b.ThematicBreak():
                return self._marked(node, p.HorizontalRule())
            case b.CodeBlock(text, language):
                name, classes, pairs = write.attr(node)
                words = tuple(language.split())
                return (p.CodeBlock(((name, (*words, *classes), pairs), text)),)
            case b.Embed() | b.FileDownload() | b.Button():
                return (write_card(write, node, self._language),)
            case b.PullQuote(children):
                return (self._div(node, (p.BlockQuote(self.blocks(children)),)),)
            case b.Table():
                return (self._table(node),)
            case b.MathBlock(tex):
                return self._marked(node, p.Para((p.Math((DISPLAY_MATH, tex)),)))
            case b.Verse(children):
                return self._marked(node, self._verse(children))
            case b.Group(children):
                return (p.Div((write.attr(node), self.blocks(children))),)
            case b.Gallery(figures, caption):
                return (self._div(node, (*self.blocks(figures), *self._caption(caption))),)
            case b.DefinitionList():
                return self._marked(node, self._definitions(node))
            case b.Callout(children):
                return (self._div(node, (*self._title(node), *self.blocks(children))),)
            case b.Media(caption=caption):
                return (write_player(write, node, self._caption(caption), self._language),)
            case b.SubscribeForm():
                return (write_subscribe_form(write, node),)
            case b.PaywallBreak():
                return (self._div(node, ()),)
            case b.Poll():
                return (write_poll(write, node),)
            case b.Recipe():
                return (write_recipe(write, node),)
            case b.Conditional(children, audiences):
                write.simplify(node, written_for_all(audiences))
                return (self._div(node, self.blocks(children)),)
            case b.RawBlock(form, text):
                write.report_raw(node, form)
                return (p.RawBlock((form, text)),)
            case b.Extension(name, _, fallback):
                write.simplify(node, fallback_message(name))
                attr = write.attr(node)
                return (p.Div(((attr[0], (name, *attr[1]), attr[2]), self.blocks(fallback))),)
            case _:
                assert_never(node)

    def _marked(self, node: Node, block: p.Block) -> tuple[p.Block, ...]:
        """Returns a block that has no attributes in pandoc, in a div if the node has some."""
        attr = self._inline.attr(node)
        return (block,) if attr == p.NO_ATTR else (p.Div((attr, (block,))),)

    def _div(self, node: Node, content: tuple[p.Block, ...]) -> p.Div:
        return p.Div((self._inline.attr(node, mark=True), content))

    def _note_at_end(self, note: Footnote) -> p.Div:
        attr = (self._inline.note_anchor(note.id), ("footnote",), ((MARK, FOOTNOTE),))
        content = self.blocks(note.children)
        mark = label(p.Str(self.notes.letters[note.id]), p.Space())
        match content:
            case (p.Para(c=inlines), *rest):
                content = (p.Para((mark, *inlines)), *rest)
            case _:
                content = (p.Plain((mark,)), *content)
        return p.Div((attr, content))

    def _list(self, node: b.List) -> p.BulletList | p.OrderedList:
        items = tuple(self._item(item, tight=node.tight) for item in node.items)
        if node.ordered:
            return p.OrderedList(((node.start, _DECIMAL, _PERIOD), items))
        return p.BulletList(items)

    def _item(self, item: b.ListItem, *, tight: bool) -> tuple[p.Block, ...]:
        content = [
            p.Plain(block.c) if tight and isinstance(block, p.Para) else block
            for block in self.blocks(item.children)
        ]
        if item.checked is not None:
            box: tuple[p.Inline, ...] = (p.Str(_BOXES[item.checked]), p.Space())
            match content[:1]:
                case [p.Plain(c=inlines)]:
                    content[0] = p.Plain((*box, *inlines))
                case [p.Para(c=inlines)]:
                    content[0] = p.Para((*box, *inlines))
                case _:
                    content.insert(0, p.Plain(box[:1]))
        attr = self._inline.attr(item)
        return tuple(content) if attr == p.NO_ATTR else (p.Div((attr, tuple(content))),)

    def _definitions(self, node: b.DefinitionList) -> p.DefinitionList:
        items = []
        for item in node.items:
            term = self._inline.inlines(item.term)
            attr = self._inline.attr(item)
            if attr != p.NO_ATTR:
                term = (p.Span((attr, term)),)
            items.append((term, tuple(map(self.blocks, item.definitions))))
        return p.DefinitionList(tuple(items))

    def _verse(self, children: tuple[i.Inline, ...]) -> p.LineBlock:
        lines: list[list[i.Inline]] = [[]]
        for child in children:
            if type(child) is i.LineBreak:
                lines.append([])
            else:
                lines[-1].append(child)
        return p.LineBlock(tuple(self._verse_line(line) for line in lines))

    def _verse_line(self, nodes: list[i.Inline]) -> tuple[p.Inline, ...]:
        first = nodes[0] if nodes else None
        if type(first) is i.Text:
            text = _INDENT.sub(lambda found: "\N{NO-BREAK SPACE}" * len(found[0]), first.text)
            nodes = [msgspec.structs.replace(first, text=text), *nodes[1:]]
        return self._inline.inlines(nodes)

    # --- pictures and tables ------------------------------------------------------------------------

    def _figure(self, node: b.Figure) -> tuple[p.Block, ...]:
        write = self._inline
        picture = write.image(node.image)
        if node.href:
            picture = write.link(p.NO_ATTR, picture, node.href)
        attr = write.attr(node)
        if not node.caption:
            return self._marked(node, p.Para(picture))
        caption = (None, (p.Plain(write.inlines(node.caption)),))
        return (p.Figure((attr, caption, (p.Plain(picture),))),)

    def _caption(self, caption: tuple[i.Inline, ...]) -> tuple[p.Block, ...]:
        if not caption:
            return ()
        attr = ("", ("caption",), ((MARK, FIELD),))
        return (p.Div((attr, (p.Para(self._inline.inlines(caption)),))),)

    def _title(self, node: b.Callout) -> tuple[p.Block, ...]:
        """Returns the title of a callout, else the name of its kind."""
        mark, words = FIELD, self._inline.inlines(node.title)
        if not node.title:
            mark, words = LABEL, tuple(p.to_words(callout_label(node, self._language)))
        attr = ("", ("title",), ((MARK, mark),))
        return (p.Div((attr, (p.Para(words),))),) if words else ()

    def _table(self, node: b.Table) -> p.Table:
        grid = grid_of(node)
        caption: p.Caption = (None, ())
        if node.caption:
            caption = (None, (p.Plain(self._inline.inlines(node.caption)),))
        columns = tuple((_ALIGNMENTS[a], p.ColWidthDefault()) for a in grid.alignments)

        def rows(of: Rows) -> tuple[p.Row, ...]:
            return tuple((p.NO_ATTR, tuple(map(cell, row))) for row in grid.whole(of))

        def cell(placed: Placed) -> p.Cell:
            inlines = self._inline.inlines(placed.cell.children)
            content = (p.Plain(inlines),) if inlines else ()
            attr = self._inline.attr(placed.cell)
            return attr, _ALIGNMENTS[""], placed.height, placed.width, content

        content: p.TableContent = (
            self._inline.attr(node),
            caption,
            columns,
            (p.NO_ATTR, rows(grid.head)),
            ((p.NO_ATTR, 0, (), rows(grid.rows)),),
            (p.NO_ATTR, ()),
        )
        return p.Table(msgspec.Raw(msgspec.json.encode(content)))
