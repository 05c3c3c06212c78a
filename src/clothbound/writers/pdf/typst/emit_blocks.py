"""Writes the blocks of a chapter's tree as Typst source: calls of the functions of ``print.typ``.

``CLASSES`` and ``TAGS`` are the contract between the tree and that file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from ....diagnostics import Outcome, Severity
from ....html.write.missing_pictures import leads_to_picture
from ....html.write.picture_sizes import FILLED
from ....html.write.target import EQUATION_NUMBER
from ....language.direction import direction
from ....language.writing_systems import script_rules
from ....model import blocks as b
from ....model.grid import Placed, grid_of
from ....web.html_elements import BLOCKS, HEADINGS
from ..chapter_tree import HANGING, first_number, is_task, pixels_of
from ..code_lines import SPACED
from ..kept_lines import FOLLOWS, LEADS_IN, LINES, PARTED, WHOLE
from ..tables import TALL
from ..theme import NARROWEST
from .block_contents import has_words, is_seen, lines_of_verse, rows_of_table, space_after
from .emit_code import code_lines, number_code, outdent_arguments
from .emit_inlines import ENLARGES, EmitterState, InlineEmitter, Item, items, width_on_page
from .literals import content, literal
from .picture_fit import FittablePicture

_NUMBER_ROOM = 3
"""The room in em for the number of an equation, on both sides of it."""
_TOGETHER = 0.5
"""The share of the text's height up to which a gallery stays on one page."""
_DEEPEST = 7
"""The most levels of blocks that are set apart. Typst refuses about seventy layers of layout, and a
list takes five."""
_PARAGRAPHS = {LINES: "broken-lines", "ragged": "ragged", "row": "row", "caption": "row-caption"}
"""What paragraphs of a class are set by: verse, lines that are not filled, and those of a table that is a list."""
_TABLE_CLASSES = ("wide", "short")
"""Classes of tables that are parameters of ``data-table``."""
_SURE_TAGS = frozenset((*HEADINGS, "dl", "hr", "pre", "table"))
"""Tags whose meaning is not changed by an author's classes."""
_HIGH = BLOCKS | {"br", "img", "svg"}
"""The elements that may make a cell higher than its text is long."""
_SIDES = {"align-left": "left", "align-center": "center", "align-right": "right"}


class BlockEmitter(InlineEmitter):
    """Writes the blocks of one chapter, each as one or several expressions."""

    title_level: int
    """The level of the chapter's title in the outline."""
    _after_heading = False
    """Whether the last block was a heading."""
    _below_heading = False
    _subsections = 0
    """The number of subsections in the current section so far."""

    def flow(
        self, pieces: Iterable[Item], state: EmitterState, *, runs_in: bool = False
    ) -> list[str]:
        """Writes blocks, and the lines between them as paragraphs.

        With ``runs_in``, the first paragraph continues the line of a number or a mark.
        """
        parts: list[str] = []
        line: list[Item] = []

        def end_line() -> None:
            nonlocal runs_in
            if any(map(is_seen, line)):
                written = self.paragraph(line, self._running(state))
                parts.extend(written if runs_in else _call("par", written))
                runs_in = False
            line.clear()

        for piece in pieces:
            if isinstance(piece, str) or not _is_block(piece):
                line.append(piece)
                continue
            end_line()
            if runs_in and _runs_in(piece):
                parts += [*self.anchor(piece), *self.paragraph(items(piece), self._running(state))]
            else:
                parts += self.block(piece, state)
            runs_in = False
        end_line()
        return parts

    def block(self, element: Element, state: EmitterState) -> list[str]:
        self._below_heading = self._after_heading
        self._after_heading = element.tag in HEADINGS
        is_code = element.tag == "pre"
        arguments = "" if is_code else self.run_arguments(element)
        classes = element.get("class", "").split()
        write = TAGS.get(element.tag, BlockEmitter._children)
        if element.tag not in _SURE_TAGS:
            write = next((CLASSES[name] for name in classes if name in CLASSES), write)
        parts = write(self, element, state)
        if arguments and parts:
            parts = [f"[#set text({arguments});#{content(parts)}]"]
        side = next((_SIDES[name] for name in classes if name in _SIDES), "")
        if side and parts:
            parts = [f"aligned({side}, {content(parts)})"]
        return [*self.anchor(element), *parts]

    def _children(self, element: Element, state: EmitterState) -> list[str]:
        return self.flow(items(element), state)

    def _within(
        self,
        call: str,
        element: Element,
        state: EmitterState,
        indent: float,
        head: Sequence[str] = (),
    ) -> list[str]:
        """Writes blocks within the layout ``call``, or without it if it is nested too deeply."""
        if state.level >= _DEEPEST:
            return [*head, *self._children(element, state)]
        return _call(call, [*head, *self._children(element, self._narrower(state, indent))])

    def _narrower(self, state: EmitterState, indent: float) -> EmitterState:
        room = max(state.room - indent * self.size, NARROWEST)
        return replace(state, room=room, level=state.level + 1)

    # text

    def _paragraph(self, element: Element, state: EmitterState, call: str = "par") -> list[str]:
        classes = element.get("class", "").split()
        if call == "par":
            call = next((_PARAGRAPHS[name] for name in classes if name in _PARAGRAPHS), call)
        if HANGING in classes:
            space = ["blank-line()"] if PARTED in classes else []
            return [*space, *self._hanging_lines(element, self._running(state))]
        parts = self.paragraph(items(element), self._running(state))
        if PARTED not in classes:
            written = _call(call, [*self.anchor(element), *parts])
            follows = "true" if element.get(FOLLOWS) else "false"
            if LEADS_IN not in classes or state.in_note:
                return _call("follows", written) if follows == "true" and call == "par" else written
            return _call(f"leads-in(follows: {follows}, ", written)
        call = "parted" if call == "par" else call
        return ["blank-line()", *_call(call, [*self.anchor(element), *parts])]

    def _hanging_lines(self, element: Element, state: EmitterState) -> list[str]:
        first, *others = [self.paragraph(line, state) for line in lines_of_verse(element)]
        lines = map(content, ([*self.anchor(element), *first], *others))
        return [f"hanging-lines(({', '.join(lines)},), {_is_whole(element)})"]

    def _running(self, state: EmitterState) -> EmitterState:
        """Returns the state of running text, whose lines leave room for readings above letters."""
        rules = script_rules(self.chapter.head.language)
        has_room = rules is not None and bool(rules.ruby_leading)
        is_small = state.in_note or state.in_cell or (state.level > 0 and not state.in_item)
        return replace(state, sets_readings=has_room and not is_small)

    def _heading(self, element: Element, state: EmitterState) -> list[str]:
        below = self._below_heading
        anchor = [] if element.get("id") in self._section_names else self.anchor(element)
        parts = self.paragraph(items(element), state)
        if all(part == "linebreak()" for part in parts):
            return anchor
        if state.in_note:
            # The heading belongs to the note, not the text, and a tagged PDF must not skip levels.
            return _call("bold-heading", [*anchor, f"strong({content(parts)})"])
        if not has_words(element):
            # A tagged PDF must not contain a heading without text.
            message = "a heading without words was set as a paragraph"
            self.context.account(Outcome.SIMPLIFIED, self.post, (), message, self.line)
            call = "pictures" if element.find("img") is not None else "bold-heading"
            return _call(call, [*anchor, *parts])
        level = self.heading_level(int(element.tag[1]))
        closer = ["closer()"] if below else []
        name = element.get("id", "")
        if name in self._section_names:
            return [*closer, self._section(name, level, parts)]
        number = ""
        if element.tag == "h3" and self.sections:
            self._subsections += 1
            number = f'supplement: kind("section", number: "{self._number}.{self._subsections}"), '
        return [*closer, f"heading(level: {level}, {number}{content([*anchor, *parts])})"]

    def _section(self, name: str, level: int, parts: Sequence[str]) -> str:
        """Writes a heading that the contents list."""
        self._section_names.discard(name)
        self.anchors[name] = None
        self._subsections = 0
        words = literal(dict(self.chapter.sections)[name])
        number = f"{self.chapter.number}.{len(self.sections) + 1}"
        self.sections[name] = f'{level}, kind("section", number: "{number}"), {words}'
        return f'section({literal(name)}, {level}, "{number}", {content([*parts])})'

    @property
    def _number(self) -> str:
        """The number of the current section."""
        return f"{self.chapter.number}.{len(self.sections)}"

    def heading_level(self, level: int) -> int:
        """Returns the level in the document of a heading within the post."""
        return min(max(level, 2), 6) + self.title_level - 1

    def _list(self, element: Element, state: EmitterState) -> list[str]:
        inner = replace(self._narrower(state, self._indents["ul"]), in_item=True)
        is_ordered = element.tag == "ol"
        has_tasks = "tasks" in element.get("class", "").split()
        start = first_number(element) if is_ordered else 1
        if is_ordered:
            number_code(element, start)
        written: list[list[str]] = []
        ends = ""
        for number, item in enumerate(filter(is_seen, items(element)), start):
            if isinstance(item, str):
                parts = self.paragraph([item], inner)
            else:
                parts = [*self.anchor(item), *self.flow(items(item), inner, runs_in=True)]
                if has_tasks and not is_task(item):
                    parts.insert(0, "bullet()")
            if written and ends:
                written[-1].append(f"v(theme.{ends})")
            ends = "" if isinstance(item, str) else space_after(item)
            if inner.level > _DEEPEST:
                parts.insert(0, literal(f"{number}. " if is_ordered else "• "))
            written.append(parts)
        if inner.level > _DEEPEST:
            return ["parbreak()", *(part for parts in written for part in (*parts, "parbreak()"))]
        if not written:
            return []
        arguments = ", ".join(map(content, written))
        kind = "inner-" if state.in_item else ""
        if has_tasks:
            return [f"{kind}tasks({arguments})"]
        if not is_ordered:
            return [f"{kind}bulleted({arguments})"]
        return [f"{kind}numbered({f'start: {start}, ' if start != 1 else ''}{arguments})"]

    def _small_print(self, element: Element, state: EmitterState) -> list[str]:
        if element.tag in ("ul", "ol"):
            return _call("small-print", self._list(element, state))
        pieces = [*filter(is_seen, items(element))]
        head = self.flow(pieces[:1], state)
        return [*head, *_call("small-print", self.flow(pieces[1:], state))]

    def _definitions(self, element: Element, state: EmitterState) -> list[str]:
        inner = self._narrower(state, self._indents["dd"])
        meanings: list[tuple[list[str], list[str]]] = []
        for child in filter(is_seen, items(element)):
            if isinstance(child, str):
                meanings.append((self.paragraph([child], inner), []))
            elif child.tag == "dd" and meanings:
                # On the term's last line, the paragraph would get the term's indent.
                is_first = not meanings[-1][1]
                meanings[-1][1].extend(self.flow(items(child), inner, runs_in=is_first))
            else:
                term = [*self.anchor(child), *self.paragraph(items(child), inner)]
                meanings.append((term, []))
        calls = [f"meaning({content(term)}, {content(meaning)})" for term, meaning in meanings]
        return [f"meanings({', '.join(calls)})"] if calls else []

    def _verse(self, element: Element, state: EmitterState) -> list[str]:
        state = replace(state, keeps_spaces=True)
        stanzas = []
        for stanza in element.iter("p"):
            lines = [content(self.inlines(line, state)) for line in lines_of_verse(stanza)]
            stanzas.append(f"(({', '.join(lines)},), {_is_whole(stanza)})")
        if not stanzas:
            return self._children(element, state)
        return [f"verse(whole: {_is_whole(element)}, {', '.join(stanzas)})"]

    def _code(self, element: Element, state: EmitterState) -> list[str]:  # noqa: ARG002
        code = element.find("code")
        lines = code_lines(element if code is None else code)
        spaced = ["spaced: true"] if SPACED in element.get("class", "").split() else []
        return [
            f"code-lines({', '.join([*outdent_arguments(element), *spaced, *map(content, lines)])})"
        ]

    def _code_title(self, element: Element, state: EmitterState) -> list[str]:
        call = f"code-title.with({', '.join(outdent_arguments(element))})"
        return self._paragraph(element, state, call)

    def _quote(self, element: Element, state: EmitterState) -> list[str]:
        written = self._within("quote(block: true, ", element, state, self._indents["blockquote"])
        return _call("whole", written) if _is_whole(element) == "true" else written

    def _pull_quote(self, element: Element, state: EmitterState) -> list[str]:
        return self._within("pull-quote", element, state, self._indents["pullquote"])

    # boxes

    def _callout(self, element: Element, state: EmitterState) -> list[str]:
        return self._within("callout", element, state, self._indents["callout"])

    def _file(self, element: Element, state: EmitterState) -> list[str]:
        return _call("card", self._paragraph(element, state))

    def _card(self, element: Element, state: EmitterState) -> list[str]:
        code = element.find("p[@class='embed-scan']")
        lines = element.find("div[@class='embed-lines']")
        if code is None or lines is None:
            return _call("card", self._children(element, state))
        picture = next(code.iter("img"))
        drawn = self.draw(self.file_of(picture), picture, "width: code-size")
        words = content(self._children(lines, state))
        return _call("card", [f"coded({words}, {drawn})"])

    def _display(self, element: Element, state: EmitterState) -> list[str]:
        number = element.find(f"span[@class='{EQUATION_NUMBER}']")
        if number is None:
            return _call("displayed", self.paragraph(items(element), state))
        formula = [item for item in items(element) if item is not number]
        words = content(self.inlines(items(number), state))
        # The number stands beside the middle of the formula, which has less of the line.
        narrow = replace(state, room=max(state.room - 2 * _NUMBER_ROOM * self.size, self.size))
        return [f"numbered-formula({content(self.paragraph(formula, narrow))}, {words})"]

    def _thumbnail(self, element: Element, state: EmitterState) -> list[str]:
        name = next(filter(None, map(self.file_of, element.iter("img"))), "")
        if not name:
            return self._paragraph(element, state)
        return [f"thumbnail({name})"]

    # pictures

    def _figure(self, element: Element, state: EmitterState, width: float = 0) -> list[str]:
        """Writes a figure. ``width`` is that of the picture in points; 0 means its own."""
        first = next(iter(element), None)
        link = first if first is not None and first.tag == "a" else None
        picture = first if link is None else next(iter(link), None)
        caption = element.find("figcaption")
        name = self.file_of(picture) if picture is not None and picture.tag == "img" else ""
        if not name or picture is None:
            return self._caption(element, caption, state)
        wide = width or width_on_page(picture, state.room, self.page, self.theme)
        before = len(self.anchors)
        words = self.paragraph(items(caption), state) if caption is not None else []
        mark = "" if width else self._fittable(picture, wide, islice(self.anchors, before, None))
        size = f"fitted({mark}, {wide:.1f}pt)" if mark else f"{wide:.1f}pt"
        drawn = self.draw(name, picture, f"width: {size}")
        if link is not None and leads_to_picture(link.get("href", "")):
            self.report_unlinked(link, ENLARGES, Severity.INFO)
        elif link is not None and (words or self.leads_away(link)):
            words = self.link(link, words, state)
        elif link is not None:
            [drawn] = self.link(link, [drawn], state)
        shown = content([*self.anchor(picture), *_fit_mark("top", mark), drawn])
        room = [f"room({mark})"] if mark else []
        if not words:
            return [*room, f"lone-picture({shown})"]
        foot = [f"caption-foot({mark})"] if mark else []
        return [*room, f"captioned({shown}, {content([*words, *foot])})"]

    def _fittable(self, picture: Element, width: float, anchors: Iterable[str]) -> str:
        """Returns the name of a picture that may be shrunk, as a literal; empty if its shape is unknown.

        ``anchors`` are the names of link targets in its caption.
        """
        wide, high = pixels_of(picture)
        if not wide:
            return ""
        notes = tuple(name for name in anchors if name in self.note_names)
        name = f"{len(self.pictures)} {self.key}"
        self.pictures[name] = FittablePicture(self.key, width, width * high / wide, notes)
        return literal(name)

    def _caption(self, element: Element, caption: Element | None, state: EmitterState) -> list[str]:
        """Writes a figure that contains something other than a picture of the book."""
        rest = [piece for piece in items(element) if piece is not caption]
        if all(isinstance(piece, str) or not _is_block(piece) for piece in rest):
            shown = self.paragraph(rest, state)
        else:
            shown = self.flow(rest, state)
        words = self.paragraph(items(caption), state) if caption is not None else []
        if words:
            return [f"captioned({content(shown)}, {content(words)})"]
        return _call("lone-picture", shown)

    def _gallery(self, element: Element, state: EmitterState) -> list[str]:
        rows: dict[str, list[Element]] = {}
        if any(child.tag not in ("figure", "figcaption") for child in element):
            return self._figure(element, state)
        for figure in element.findall("figure"):
            rows.setdefault(figure.get("data-row", ""), []).append(figure)
        caption = element.find("figcaption")
        calls = []
        high = 0.0
        for row in rows.values():
            cells, widths, highest = [], [], 0.0
            for figure in row:
                width = state.room * float(figure.get("data-width", "100").rstrip("%")) / FILLED
                cell = self._figure(figure, replace(state, room=width), width)
                cells.append(content([*self.anchor(figure), *cell]))
                widths.append(f"{width:.2f}pt")
                highest = max(highest, self._height(figure, width))
            high += highest
            calls.append(f"gallery-row(({', '.join(widths)},), {', '.join(cells)})")
        words = self.paragraph(items(caption), state) if caption is not None else []
        if not calls:
            return _call("par", words)
        named = f"caption: {content(words)}, " if words else ""
        if high < self.page.text_height * _TOGETHER:
            named += "together: true, "
        return [f"gallery({named}{', '.join(calls)})"]

    def _height(self, figure: Element, width: float) -> float:
        """Returns the height in points of a picture of this width; that of a page if its shape is
        unknown.
        """
        picture = next(figure.iter("img"), None)
        wide, high = pixels_of(picture) if picture is not None else (0, 0)
        return width * high / wide if wide else self.page.text_height

    # tables

    def _table(self, element: Element, state: EmitterState) -> list[str]:
        table = element if element.tag == "table" else element.find("table")
        if table is None:
            return self._children(element, state)
        cells: dict[int, Element] = {}
        head = rows_of_table(table.findall("thead/tr"), cells)
        body = [*table.findall("tr"), *table.findall("tbody/tr"), *table.findall("tfoot/tr")]
        grid = grid_of(b.Table(rows=rows_of_table(body, cells), head=head))
        if not grid.columns:
            return self._children(table, state)
        arguments = [f"columns: {grid.columns}"]
        arguments += [f"{c}: true" for c in table.get("class", "").split() if c in _TABLE_CLASSES]
        if (table.get("dir") or direction(self.chapter.head.language)) == "rtl":
            arguments.append("rtl: true")
        caption = table.find("caption")
        if caption is not None:
            arguments.append(f"caption: {content(self.paragraph(items(caption), state))}")
        columns = grid.columns
        is_wide = "wide" in table.get("class", "").split()
        gap = self.theme.column_padding(self.page, is_wide=is_wide)
        if head:
            in_head = replace(state, head_cell="wide-head-cell" if is_wide else "head-cell")
            written = self._cells(grid.whole(grid.head), columns, gap, cells, in_head, "table")
            arguments.append(f"head: ({', '.join(written)},)")
        form = "table" if head else "grid"
        whole = [_is_row_of_lines(row) for row in body]
        arguments += self._cells(grid.whole(grid.rows), columns, gap, cells, state, form, whole)
        call = f"data-table({', '.join(arguments)})"
        run = self.run_arguments(table) if table is not element else ""
        return [*self.anchor(table), f"[#set text({run});#{call}]" if run else call]

    def _cells(
        self,
        rows: list[list[Placed]],
        columns: int,
        gap: float,
        cells: dict[int, Element],
        state: EmitterState,
        form: str,
        whole: Sequence[bool] = (),
    ) -> list[str]:
        """Writes the cells of rows; ``whole`` says of each row whether it stays on one page."""
        kept = {
            id(next((placed for placed in row if placed.height == 1), None))
            for row, stays in zip(rows, whole, strict=False)
            if stays
        }
        written = []
        for placed in (placed for row in rows for placed in row):
            # A column may be as narrow as an equal share of the line.
            room = state.room * placed.width / columns - gap
            cell = cells.get(id(placed.cell))
            inner = replace(state, room=room)
            parts = self._cell(cell, inner) if cell is not None else []
            arguments = []
            if placed.width > 1:
                arguments.append(f"colspan: {placed.width}")
            if placed.height > 1:
                arguments.append(f"rowspan: {placed.height}")
            classes = cell.get("class", "").split() if cell is not None else ()
            arguments += [f"align: {_SIDES[name]}" for name in classes if name in _SIDES][:1]
            if id(placed) in kept:
                arguments.append("breakable: false")
            if arguments:
                written.append(f"{form}.cell({', '.join([*arguments, content(parts)])})")
            else:
                written.append(content(parts))
        return written

    def _cell(self, cell: Element, state: EmitterState) -> list[str]:
        parts = self.attributed(
            cell, self.flow(items(cell), replace(state, in_cell=True), runs_in=True)
        )
        return _call(state.head_cell, parts) if state.head_cell else parts


def _call(name: str, parts: Sequence[str]) -> list[str]:
    """Writes a call of the function ``name``, which may have arguments before its content."""
    start = name if name.endswith(", ") else f"{name}("
    return [f"{start}{content([*parts])})"] if parts else []


def _is_whole(element: Element) -> str:
    """Returns whether a text stays on one page, as Typst writes it."""
    return "true" if WHOLE in element.get("class", "").split() else "false"


def _is_row_of_lines(row: Element) -> bool:
    """Whether a row has nothing but some lines of text, so that it certainly fits on a page."""
    inner = {part.tag for cell in row for part in cell.iter() if part is not cell}
    return TALL not in row.get("class", "").split() and inner.isdisjoint(_HIGH)


def _is_block(element: Element) -> bool:
    return element.tag in BLOCKS


def _runs_in(paragraph: Element) -> bool:
    return paragraph.tag == "p" and not paragraph.get("lang") and not paragraph.get("dir")


def _fit_mark(kind: str, name: str) -> list[str]:
    return [f'fit-mark("{kind}", {name}, 0pt)'] if name else []


def _paragraph_writer(call: str) -> EmitMethod:
    """Returns a writer that sets a paragraph as a call of the function ``call``."""
    return lambda emitter, element, state: emitter._paragraph(element, state, call)


def _container_writer(call: str) -> EmitMethod:
    """Returns a writer that sets a block's content as the argument of the function ``call``."""
    return lambda emitter, element, state: _call(call, emitter._children(element, state))


EmitMethod = Callable[[BlockEmitter, Element, EmitterState], list[str]]
CLASSES: dict[str, EmitMethod] = {
    "addresses": BlockEmitter._small_print,
    "bold-heading": _paragraph_writer("bold-heading"),
    "button": _paragraph_writer("broken-lines"),
    "callout": BlockEmitter._callout,
    "callout-title": _paragraph_writer("card-title"),
    "code-title": BlockEmitter._code_title,
    "embed": BlockEmitter._card,
    "embed-byline": _paragraph_writer("card-byline"),
    "embed-source": _paragraph_writer("card-source"),
    "embed-thumbnail": BlockEmitter._thumbnail,
    "embed-title": _paragraph_writer("card-title"),
    "file": BlockEmitter._file,
    "gallery": BlockEmitter._gallery,
    "link-notes": BlockEmitter._small_print,
    "math": BlockEmitter._display,
    "mentioned-in": _container_writer("mentioned-in"),
    "pictures": _paragraph_writer("pictures"),
    "poll": _container_writer("card"),
    "pullquote": BlockEmitter._pull_quote,
    "recipe": BlockEmitter._callout,
    "recipe-title": _paragraph_writer("card-title"),
    "stacked": _container_writer("stacked"),
    "table": BlockEmitter._table,
    "verse": BlockEmitter._verse,
}
"""The writers by class. The first class of a block that is listed here decides, else the tag."""
TAGS: dict[str, EmitMethod] = {
    "blockquote": BlockEmitter._quote,
    "dl": BlockEmitter._definitions,
    "figure": BlockEmitter._figure,
    "hr": lambda _, __, ___: ["rule()"],
    "ol": BlockEmitter._list,
    "p": BlockEmitter._paragraph,
    "pre": BlockEmitter._code,
    "table": BlockEmitter._table,
    "ul": BlockEmitter._list,
    **dict.fromkeys(HEADINGS, BlockEmitter._heading),
}
"""The writers by tag. Of other blocks, the content is written."""
