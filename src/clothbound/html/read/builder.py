"""Converts HTML elements to nodes, event by event.

``FragmentBuilder`` receives the starts, the ends and the text of elements, either from a parsed tree
(``parse``) or from tags in Markdown (``raw_html``). No event recurses, so nesting is not limited by the
stack; below ``depth`` levels, elements are replaced by their content. ``elements`` has the rules for each
element.

An inline element in which a block begins is closed before the block, reopened in it, and reopened again
after it, as browsers show ``<b>a<p>c</p></b>``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.plain_text import plain_text
from .block_builders import PLAIN, Attributes, Common, ReadTable, build_node, lone_picture

_FORMATTING = lazy_pattern(r"[\t\n\r\f]| {2}")
_SPACES = lazy_pattern(r"[ \t\n\r\f]+")
_SPACE = " \t\n\r\f"

Start: TypeAlias = Callable[["FragmentBuilder", str, Attributes], None]
End: TypeAlias = Callable[["FragmentBuilder", "Frame"], None]


class Frame(msgspec.Struct, eq=False):
    """An open element that becomes a node."""

    kind: str
    common: Common
    line: int
    inline: Any = None
    """The type of an inline element's node; None for blocks."""
    data: Any = None
    """Data specific to the kind of element: a list's items, a table's rows, or a link without
    children."""
    blocks: list[Any] = []
    run: list[Any] = []
    """Inline nodes, and text as plain strings."""
    again: bool = False
    """Whether an earlier part of the element precedes a block, so that an empty rest loses
    nothing."""
    component: bool = False
    """Whether the element is one of the open Substack components."""
    loose: bool = False
    """Whether it contained a ``p``, which makes the list of such an item loose."""

    def reopen(self) -> Frame:
        """Returns a frame that continues an inline element after a block, without its id."""
        common = self.common
        if common.id:
            common = Common("", common.classes, common.attributes)
        again = Frame("inline", common, self.line, inline=self.inline, data=self.data)
        again.again = True
        return again


class Opened(msgspec.Struct, frozen=True, eq=False):
    """An open element; ``frame`` is None if it has no node of its own."""

    name: str
    frame: Frame | None
    is_block: bool
    at_end: Callable[[FragmentBuilder], None] | None = None


class FragmentBuilder:
    """Builds the nodes of one fragment. Nodes begun while ``line`` is set get that line."""

    def __init__(
        self,
        starts: Mapping[str, Start],
        ends: Mapping[str, End],
        *,
        line: int,
        source: str,
        depth: int,
        exact: bool,
    ) -> None:
        self.starts = starts
        self.ends = ends
        self.line = line
        self.reported_line = line
        """The line that findings name; the first line of the HTML if no better one is known."""
        self.source = source
        self.exact = exact
        """Whether to keep spaces and empty paragraphs, since the source wrote them on purpose."""
        self.is_faithful = False
        """Whether to keep details that only a round trip needs, such as the choice between
        equivalent elements and spans without meaning."""
        self.findings: list[Diagnostic] = []
        self.code: list[Common] = []
        """The open ``code`` elements. Text in them becomes Code."""
        self.sources: list[str] = []
        """The addresses that the open ``picture`` has offered before its ``img``."""
        self.components = 0
        """The number of open elements that are Substack components; controls in them are not
        reported."""
        self.verbatim = 0
        """The number of open ``pre`` elements."""
        self.top = Frame("root", PLAIN, line)
        self._frames = [self.top]
        self._opened: list[Opened] = []
        self._depth = depth
        self._space = True
        self._too_deep = False

    # --- events -----------------------------------------------------------------------------------

    def start(self, name: str, attrs: Attributes) -> None:
        """Handles the start tag ``<name attrs>``."""
        if self.top.kind == "opaque":
            self.top.data.start(name, attrs)
            self._opened.append(Opened(name, None, False, _end_in_opaque))
            return
        begin = self.starts.get(name)
        if begin is not None:
            begin(self, name, attrs)
        else:
            at_end = _report_if_empty(name, self.top) if "-" in name else None
            self._opened.append(Opened(name, None, False, at_end))

    def end(self, name: str) -> None:
        """Handles the end tag ``</name>``: ends the innermost element of that name and all open
        elements in it.
        """
        opened = self._opened
        if not opened or opened[-1].name != name:
            if not self.is_open(name):
                return
            while opened[-1].name != name:
                self._close(opened.pop())
        self._close(opened.pop())

    def is_open(self, name: str) -> bool:
        return any(entry.name == name for entry in self._opened)

    def text(self, text: str) -> None:
        """Handles text with character references resolved."""
        if self.top.kind == "opaque":
            self.top.data.text(text)
            return
        if not self.verbatim and not self.exact:
            if _FORMATTING.search(text):
                text = _SPACES.sub(" ", text)
            if self._space and text[:1] == " ":
                text = text[1:]
            if not text:
                return
            self._space = text[-1] == " "
        self._append_text(text)

    def literal(self, text: str) -> None:
        """Adds text whose spaces must be kept."""
        if self.top.kind == "opaque":
            self.top.data.text(text)
        elif text:
            self._space = text[-1] == " "
            self._append_text(text)

    def node(self, node: Any) -> None:
        """Adds an existing node."""
        if self.top.kind == "opaque":
            self.top.data.text(plain_text(node))
        elif i.is_inline(node):
            self.append(node)
        else:
            self.break_run()
            self.add_block(self.flow(), node)

    def begin(self, name: str, node: Any) -> None:
        """Begins an existing paragraph or inline, whose children follow."""
        common = Common(node.id, node.classes, node.attributes)
        common = PLAIN if common == PLAIN else common
        if i.is_inline(node):
            self.push_inline(name, type(node), common, node)
        else:
            self.push_block(name, "p", common)

    def finish(self) -> tuple[b.Block, ...]:
        """Ends the open elements and returns the blocks."""
        while self._opened:
            self._close(self._opened.pop())
        self.break_run()
        return tuple(self.top.blocks)

    # --- for the elements -------------------------------------------------------------------------

    def find(
        self,
        code: DiagnosticCode,
        message: str,
        text: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Records a finding, with the beginning of ``text`` if there is any."""
        self.findings.append(
            Diagnostic(code, message, self.source, self.reported_line, severity, text.strip())
        )

    def append(self, node: Any, *, space: bool = False) -> None:
        """Adds an inline node. ``space`` means that the text after it needs no space before it."""
        self._space = space
        self.top.run.append(node)

    def keep_space(self) -> None:
        """Makes a space that follows count, whatever stands before it."""
        self._space = False

    def passes(
        self,
        name: str,
        at_end: Callable[[FragmentBuilder], None] | None = None,
        *,
        is_block: bool = False,
    ) -> None:
        """Opens an element without a node, whose content belongs to the element around it."""
        if is_block:
            self.break_run()
        self._opened.append(Opened(name, None, is_block, at_end))

    def push_block(
        self, name: str, kind: str, common: Common, data: Any = None, *, component: bool = False
    ) -> Frame | None:
        """Opens a block element. Returns None if it is nested too deeply; its content then belongs
        to the element around it.
        """
        waiting = self._close_inlines()
        frame = None
        if not self._is_deep():
            frame = self.top = Frame(kind, common, self.line, data=data)
            if component:
                frame.component = True
                self.components += 1
            self._frames.append(frame)
        self._opened.append(Opened(name, frame, True))
        if waiting:
            self._reopen(waiting)
        return frame

    def push_inline(
        self,
        name: str,
        inline: Any,
        common: Common,
        data: Any = None,
        at_end: Callable[[FragmentBuilder], None] | None = None,
    ) -> None:
        """Opens an inline element. ``data`` is a Link or Mention without children; ``at_end`` runs within it."""
        frame = None
        if not self._is_deep():
            frame = self.top = Frame("inline", common, self.line, inline=inline, data=data)
            self._frames.append(frame)
        self._opened.append(Opened(name, frame, False, at_end))

    def push_opaque(self, name: str, data: Any) -> None:
        """Opens an element whose content is not read as HTML; ``data`` collects it."""
        self.top = Frame("opaque", PLAIN, self.line, data=data)
        self._frames.append(self.top)
        self._opened.append(Opened(name, self.top, False))

    def break_run(self) -> None:
        """Ends the run of inlines at the boundary of a block; the run becomes a paragraph."""
        waiting = self._close_inlines()
        if waiting:
            self._reopen(waiting)

    def flow(self) -> Frame:
        """Returns the innermost block element that is open."""
        if self.top.inline is None:
            return self.top
        return next(frame for frame in reversed(self._frames) if frame.inline is None)

    def within(self, *kinds: str) -> Frame | None:
        """Returns the innermost block element, if it is of one of these kinds."""
        frame = self.flow()
        return frame if frame.kind in kinds else None

    def around(self, kind: str) -> Frame | None:
        """Returns the innermost open element of this kind."""
        return next((frame for frame in reversed(self._frames) if frame.kind == kind), None)

    def add_block(self, frame: Frame, block: Any) -> None:
        """Adds a block to ``frame``, in the form that its kind of element can contain."""
        kind = frame.kind
        if kind == "list":
            items = frame.data.items
            if items:
                items[-1] = msgspec.structs.replace(
                    items[-1], children=(*items[-1].children, block)
                )
            else:
                items.append(b.ListItem((block,), line=block.line))
        elif kind == "table":
            frame.data.strays.append(block)
        elif kind == "tr":
            table: ReadTable = self._frames[self._frames.index(frame) - 1].data
            table.strays.append(block)
        elif kind == "dl":
            frame.data.append(b.DefinitionItem((), ((block,),), line=block.line))
        elif kind == "pre":
            frame.run.append(f"\n{plain_text(block)}\n")
        else:
            frame.blocks.append(block)

    def inlines(self, run: list[Any], *, trim: bool = False) -> tuple[i.Inline, ...]:
        """Returns a run as inlines with texts merged; ``trim`` removes spaces that are not
        displayed.
        """
        result: list[Any] = []
        text = ""
        for item in run:
            if type(item) is str:
                text += item
            elif type(item) is i.Text and not (item.id or item.classes or item.attributes):
                text += item.text
            else:
                if text:
                    result.append(i.Text(text))
                    text = ""
                result.append(item)
        if trim and not self.exact:
            text = text.rstrip(_SPACE)
            if not text:
                while result and type(result[-1]) is i.LineBreak:
                    result.pop()
        if text:
            result.append(i.Text(text))
        return tuple(result)

    # --- frames -----------------------------------------------------------------------------------

    def _append_text(self, text: str) -> None:
        if self.code and not self.verbatim:
            common = self.code[-1]
            last = self.top.run[-1] if self.top.run else None
            if type(last) is i.Code and last.classes == common.classes:
                # The text of an element arrives in pieces. An empty string separates it from the
                # next element's.
                text = last.text + text
                self.top.run.pop()
            text_node = i.Code(text, classes=common.classes, attributes=common.attributes)
            self.top.run.append(text_node)
        else:
            self.top.run.append(text)

    def _is_deep(self) -> bool:
        if len(self._frames) < self._depth:
            return False
        if not self._too_deep:
            self._too_deep = True
            self.find(
                DiagnosticCode.MARKUP_REPAIRED,
                "HTML is nested too deeply; inner elements were replaced by their content",
            )
        return True

    def _close_inlines(self) -> list[Frame]:
        """Ends the run of inlines; returns the open inline elements, to be reopened."""
        frames = self._frames
        frame = frames[-1]
        waiting: list[Frame] = []
        while frame.inline is not None:
            frames.pop()
            if frame.run:
                self._finish_inline(frame, frames[-1])
                waiting.append(frame.reopen())
            else:
                waiting.append(frame)
            frame = frames[-1]
        self.top = frame
        self._space = True
        if frame.run:
            self._flush(frame)
        return waiting

    def _reopen(self, waiting: list[Frame]) -> None:
        self._frames.extend(reversed(waiting))
        self.top = self._frames[-1]

    def _close(self, entry: Opened) -> None:
        if entry.frame is None:
            if entry.is_block:
                self.break_run()
            if entry.at_end is not None:
                entry.at_end(self)
            return
        if entry.at_end is not None:
            entry.at_end(self)
        if entry.is_block:
            waiting = self._close_inlines()
            frame = self._frames.pop()
            self.top = self._frames[-1]
            if frame.component:
                self.components -= 1
            self.ends[frame.kind](self, frame)
            if waiting:
                self._reopen(waiting)
        else:
            frame = self._frames.pop()
            self.top = self._frames[-1]
            if frame.inline is None:
                self.ends[frame.kind](self, frame)
            else:
                self._finish_inline(frame, self.top)

    def _finish_inline(self, frame: Frame, parent: Frame) -> None:
        says_less = frame.again and frame.common == PLAIN  # its id stands before the block
        if says_less and frame.inline is i.Span and not self.is_faithful:
            parent.run.extend(frame.run)
            return
        children = self.inlines(frame.run)
        common = frame.common
        kind = frame.inline
        says_nothing = common is PLAIN and kind is not i.Link and not self.is_faithful
        if not children and (frame.again or says_nothing):
            return
        if frame.data is None:
            parent.run.append(build_node(kind, children, common, frame.line))
        else:
            parent.run.append(
                msgspec.structs.replace(
                    frame.data,
                    children=children,
                    id=common.id,
                    classes=common.classes,
                    attributes=common.attributes,
                    line=frame.line,
                )
            )

    def _flush(self, frame: Frame) -> None:
        """Turns the run of inlines of a block element into a paragraph."""
        run = frame.run
        kind = frame.kind
        if kind == "pre":
            return
        frame.run = []
        keeps_space = self.exact and kind in ("p", "heading")
        if not keeps_space and all(type(item) is str and item.strip(_SPACE) == "" for item in run):
            return
        children = self.inlines(run, trim=True)
        if not children:
            return
        block: Any = None
        if kind != "heading":
            block = lone_picture(children, frame.line)
        if block is None:
            block = b.Paragraph(children, line=frame.line if kind == "p" else self.line)
        self.add_block(frame, block)


def _end_in_opaque(build: FragmentBuilder) -> None:
    build.top.data.end()


def _report_if_empty(name: str, around: Frame) -> Callable[[FragmentBuilder], None]:
    """Returns what reports, at its end, an element of a web component in which nothing stands: its program would fill it."""
    inlines, blocks = len(around.run), len(around.blocks)

    def report(build: FragmentBuilder) -> None:
        added = around.run[inlines:]
        is_empty = all(type(node) is str and not node.strip() for node in added)
        if build.top is around and len(around.blocks) == blocks and is_empty:
            message = f"<{name}> was left out: only a program shows what stands there"
            build.find(DiagnosticCode.RAW_DROPPED, message)

    return report
