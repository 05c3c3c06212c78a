"""Writes blocks as Markdown in Pandoc's dialect, from which the reader makes the same tree
again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import assert_never

import msgspec

from ...context import ReportLoss
from ...diagnostics import Outcome, fallback_message
from ...escape import attribute
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.default_alts import is_default_alt
from ...model.grid import Placed, grid_of, has_spans
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Footnote, Post
from ...substack.component_lookup import component_of, fields_not_in
from ...substack.component_markup import FOR_SOME_READERS
from ...substack.data_attrs import string, whole_number
from ...substack.visible_fields import fits_between_dollars, make_visible
from ...substack.widgets import action_of
from ...web.css_lengths import pixels_in
from ...web.html_elements import LANGUAGE_OF_CODE, QUARTO_CALLOUT
from ...web.markdown_addresses import encode_address
from .html_tables import html_rows
from .inlines import (
    CELL,
    HEADING,
    PARAGRAPH,
    SEPARATOR,
    at_line_start,
    at_line_starts,
    attributes,
    component_attributes,
    html_attributes,
    image,
    is_marked,
    json_value,
    marks_of_origin,
    of,
    paragraph,
    render,
)

_INFO_ESCAPE = lazy_pattern(r"\\|&(?=[#A-Za-z])")
_REFERENCE = lazy_pattern(r"&(?=[#A-Za-z])")
_BRACE = lazy_pattern(r"[{}]")
_INFO_LANGUAGE = lazy_pattern(r"[^\s{]+")
"""Matches what can stand behind a fence."""
_CLASS_LANGUAGE = lazy_pattern(LANGUAGE_OF_CODE)
_SPACE = lazy_pattern(r"\s")
_RAW_START = lazy_pattern(
    r"</?(?:address|article|aside|blockquote|center|dd|details|dialog|dl|dt|fieldset|figcaption"
    r"|figure|footer|form|h[1-6]|header|iframe|li|main|nav|ol|p|summary|table|tbody|td|tfoot|th"
    r"|thead|tr|ul)(?=[\s/>])",
    re.I,
)
_ONE_CLASS = lazy_pattern(r"^\{\.([A-Za-z][\w-]*)\}$")
_FENCES = lazy_pattern(r"^ *(:{3,})", re.M)
_OWN_CLASSES: dict[type[Node], str] = {
    b.Embed: "embed",
    b.Media: "media",
    b.FileDownload: "file-embed-wrapper",
    b.Poll: "poll",
    b.Recipe: "recipe",
}


def body_markdown(post: Post, report: ReportLoss) -> str:
    """Returns the body and the notes of a post, with one line ending at the end; empty for an empty
    post.
    """
    writer = _Blocks(report)
    parts = [writer.blocks(post.body), *(writer.note(note) for note in post.footnotes)]
    text = "\n\n".join(part for part in parts if part)
    return text + "\n" if text else ""


class _Blocks:
    def __init__(self, report: ReportLoss) -> None:
        self.report = report

    def blocks(self, nodes: Iterable[b.Block], tight: bool = False) -> str:
        """Writes blocks one after another, in a tight item without blank lines between them."""
        out = before = ""
        last: b.Block | None = None
        for node in nodes:
            text = self.block(node)
            if not text:
                continue
            if tight and isinstance(node, b.MathBlock) and text.startswith("$$"):
                # Keep it in a line of its paragraph, since a block would need blank lines around
                # it.
                text = f"$${node.tex}$$"
            if last is not None:
                if _would_merge(last, node):
                    out += f"\n\n{SEPARATOR}"
                # Only a blank line ends what is written as HTML.
                is_text = isinstance(last, b.Paragraph) and not is_marked(last)
                is_open = before.startswith("<") and not is_text
                out += "\n" if tight and not is_open and _interrupts(node, last, text) else "\n\n"
            out += text
            last, before = node, text
        return out

    def note(self, note: Footnote) -> str:
        content = self.blocks(note.children)
        if note.origin is not None:
            # The span is invisible, and stays even if the text of the note is edited.
            pairs = [("attrs", note.origin.data)] if note.origin.data else []
            form = (
                f"[]{attributes('', ('footnote-number',), (*pairs, *marks_of_origin(note.origin)))}"
            )
            first = note.children[0] if note.children else b.ThematicBreak()
            in_line = isinstance(first, b.Paragraph) and self.block(first) and not is_marked(first)
            content = form + content if in_line else f"{form}\n\n{content}"
        return f"[^{note.id}]: {indent_below(content, '    ')}"

    def block(self, node: b.Block) -> str:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case b.Paragraph(children):
                return (
                    _wrap_in_tags("p", node, paragraph(children))
                    if is_marked(node)
                    else paragraph(children)
                )
            case b.Heading(children, level):
                return self.heading(children, level, of(node))
            case b.List():
                return self.list(node)
            case b.Quote(children):
                content = self.blocks(children)
                return (
                    _wrap_in_tags("blockquote", node, content)
                    if is_marked(node)
                    else prefix(content, "> ")
                )
            case b.Figure():
                return self.figure(node)
            case b.ThematicBreak():
                if node.origin is not None:
                    return f'<hr{html_attributes(node)} generation="{node.origin.generation}">'
                return f"<hr{html_attributes(node)}>" if is_marked(node) else "* * *"
            case b.CodeBlock():
                if node.origin is not None:
                    return self.component(node, _code(node))
                return _code(node)
            case b.PullQuote(children) | b.Conditional(children):
                return self.component(node, self.blocks(children))
            case b.Table():
                return self.table(node)
            case b.MathBlock(tex):
                if node.origin is None and fits_between_dollars(tex):
                    label = f" {attributes(node.id, (), ())}" if node.id else ""
                    return f"$$\n{tex}\n$${label}"
                return self.component(node)
            case b.Verse():
                return self.verse(node)
            case b.Group():
                return self.group(node)
            case b.Gallery():
                return self.gallery(node)
            case b.DefinitionList():
                return self.definitions(node)
            case b.Callout():
                return self.callout(node)
            case b.Button():
                return self.button(node)
            case b.SubscribeForm(text):
                return self.component(node, at_line_start(render((i.Text(text),), PARAGRAPH)))
            case b.Media(caption=caption):
                return self.component(node, paragraph(caption) if caption else "")
            case b.Embed() | b.FileDownload() | b.Poll() | b.Recipe() | b.PaywallBreak():
                return self.component(node)
            case b.RawBlock(form, text):
                return _raw(form, text)
            case b.Extension(name, _, fallback):
                self.report(Outcome.SIMPLIFIED, node, fallback_message(name))
                return self.blocks(fallback)
            case _:
                assert_never(node)

    # --- text -----------------------------------------------------------------------------------

    def heading(self, children: tuple[i.Inline, ...], level: int, block: str) -> str:
        text = render(children, HEADING).strip(" \t")
        if text.endswith("#"):
            text = f"{text[:-1]}\\#"
        return " ".join(filter(None, ("#" * level, text, block)))

    def list(self, node: b.List) -> str:
        if is_marked(node) or any(is_marked(item) for item in node.items):
            return self.html_list(node)
        items = []
        for position, item in enumerate(node.items, node.start):
            marker = f"{position}.".ljust(4) if node.ordered else "-   "
            if not marker.endswith(" "):
                marker += " "
            # An empty span is not displayed, and keeps an empty item from ending its list.
            content = self.blocks(item.children, node.tight) or "[]{}"
            if item.checked is not None:
                content = f"[{'x' if item.checked else ' '}]{_gap_behind_box(item, content, node.tight)}{content}"
            items.append((marker + indent_below(content, " " * len(marker))).rstrip(" "))
        if not node.tight and len(items) == 1 and len(node.items[0].children) < 2:
            # Only a blank line inside an item makes a list of one item loose.
            items[0] += f"\n\n    {SEPARATOR}"
        return ("\n" if node.tight else "\n\n").join(items)

    def html_list(self, node: b.List) -> str:
        """Writes a list whose items have ids or classes as HTML around Markdown."""
        start = f' start="{node.start}"' if node.ordered and node.start != 1 else ""
        name = "ol" if node.ordered else "ul"
        parts = [f"<{name}{start}{html_attributes(node)}>"]
        for item in node.items:
            content = self.blocks(item.children)
            if item.checked is not None:
                # Within HTML, a box in brackets would be words.
                box = f'<input type="checkbox"{" checked" if item.checked else ""}>'
                content = f"{box}\n\n{content}" if content else box
            parts.append(_wrap_in_tags("li", item, content))
        return "\n".join([*parts, f"</{name}>"])

    def definitions(self, node: b.DefinitionList) -> str:
        if any(map(is_marked, (node, *node.items))) or not all(
            item.definitions for item in node.items
        ):
            return self.html_definitions(node)
        items = []
        for item in node.items:
            # Without a term, the definition would belong to the paragraph above.
            lines = [at_line_start(render(item.term, HEADING)) or "[]{}"]
            lines += [
                f":   {indent_below(self.blocks(definition) or '[]{}', '    ')}"
                for definition in item.definitions
            ]
            items.append("\n".join(lines))
        return "\n\n".join(items)

    def html_definitions(self, node: b.DefinitionList) -> str:
        """Writes a list with ids or classes, or with a term without a definition, as HTML around Markdown."""
        parts = [f"<dl{html_attributes(node)}>"]
        for item in node.items:
            if item.term or not item.definitions or is_marked(item):
                parts.append(_wrap_in_tags("dt", item, render(item.term, HEADING)))
            parts += [_wrap_in_tags("dd", b.Group(), self.blocks(d)) for d in item.definitions]
        return "\n".join([*parts, "</dl>"])

    def verse(self, node: b.Verse) -> str:
        lines: list[list[i.Inline]] = [[]]
        for child in node.children:
            if type(child) is i.LineBreak:
                lines.append([])
            else:
                lines[-1].append(child)
        written = [_verse_line(line) for line in lines]
        # A single line without words would be read as a paragraph.
        is_line_block = any(written) or len(written) > 1
        keeps_blanks = node.origin is None and not any(line.endswith(" ") for line in written)
        # Code keeps blanks at the ends of lines, but no link and no emphasis, which count for more.
        is_plain = all(isinstance(child, i.Text | i.LineBreak) for child in node.children)
        if is_line_block and (keeps_blanks or not is_plain):
            block = "\n".join(f"| {line}".rstrip(" ") for line in written)
            is_alone = node.origin is None and not is_marked(node)
            return block if is_alone else self.component(node, block)
        return self.component(node, fence(plain_text(node.children), "text"))

    def table(self, node: b.Table) -> str:
        rows = [*node.head[1:], *node.rows]
        width = max((len(row) for row in (*node.head, *node.rows)), default=0)
        width = width or len(node.alignments) or 1
        cells = [cell for row in (*node.head, *node.rows) for cell in row]
        if len(node.head) > 1 or has_spans(node) or any(map(is_marked, (node, *cells))):
            return self.html_table(node)
        alignments = (*node.alignments, *[""] * width)[:width]
        rules = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
        head = node.head[0] if node.head else ()
        lines = [_row(head, width), "|" + "|".join(rules[a] for a in alignments) + "|"]
        lines += [_row(row, width) for row in rows]
        if node.caption:
            lines += ["", f": {render(node.caption, HEADING)}"]
        return "\n".join(lines)

    def html_table(self, node: b.Table) -> str:
        """Writes a table that a pipe table cannot represent as HTML around Markdown."""
        parts = [f"<table{html_attributes(node)}>"]
        if node.caption:
            parts.append(_wrap_in_tags("caption", b.Group(), render(node.caption, HEADING)))
        return "\n".join([*parts, *html_rows(grid_of(node), _html_cell), "</table>"])

    # --- pictures -------------------------------------------------------------------------------

    def figure(self, node: b.Figure) -> str:
        picture = node.image
        if node.origin is None and _is_simple(node):
            if node.href:
                return f"[{image(picture, PARAGRAPH)}]({_address(node.href)})"
            return _alone(picture, node.caption)
        pairs: list[tuple[str, str]] = []
        origin = node.origin
        read_back: b.Figure | None = None
        if origin is not None:
            component = component_of(node, as_read=True)
            if component is not None and component.data is not None:
                pairs.append(("attrs", json_value(component.data)))
                read_back = b.Figure(
                    picture,
                    href=string(component.data.get("href")),
                    width=whole_number(component.data.get("width")),
                    height=whole_number(component.data.get("height")),
                )
            pairs += [("component-name", origin.component)] if origin.component else []
            pairs += marks_of_origin(origin)
        fields = fields_not_in(read_back, node)
        pairs += [("fields", json_value(fields))] if fields or not pairs else []
        bare = msgspec.structs.replace(picture, origin=None)
        if node.id or node.classes or node.attributes:
            content = _alone(bare, (), tuple(pairs))
            if node.caption:
                content += "\n\n" + _div("image-caption", paragraph(node.caption))
            classes = ("captioned-image-container", *node.classes)
            return _div(attributes(node.id, classes, node.attributes), content)
        pairs += [("decorative", "true")] if node.caption and not picture.alt else []
        return _alone(bare, node.caption, tuple(pairs))

    def gallery(self, node: b.Gallery) -> str:
        parts = [self.figure(figure) for figure in node.figures]
        if node.caption:
            parts.append(_div("gallery-caption", paragraph(node.caption)))
        content = "\n\n".join(parts)
        if node.origin is not None:
            return self.component(node, content)
        block = attributes(node.id, ("image-gallery-embed", *node.classes), node.attributes)
        return _div(block, content)

    # --- divisions ------------------------------------------------------------------------------

    def group(self, node: b.Group) -> str:
        content = self.blocks(node.children)
        if component_of(node) is not None:
            return self.component(node, content)
        pairs = (*node.attributes, *marks_of_origin(node.origin))
        block = attributes(node.id, node.classes, pairs)
        return _div(block, content) if block else content

    def component(self, node: b.Block, content: str = "") -> str:
        """Writes a div by which readers recognize the component, around the text that an author may
        edit.
        """
        if isinstance(node, b.Conditional):
            audiences = (("dynamic-audiences", ",".join(node.audiences)),)
            classes = (FOR_SOME_READERS, *node.classes)
            return _div(attributes(node.id, classes, (*audiences, *node.attributes)), content)
        form = make_visible(node)
        shown = self.blocks(form.blocks) if form is not None else ""
        if shown:
            # The blank lines make readers that do not know divs see paragraphs.
            content = f"\n{shown}\n\n{content}".rstrip("\n") + "\n"
        known = component_of(node) is not None
        if known and (form is not None or not isinstance(node, b.FileDownload)):
            return _div(component_attributes(node, form), content)
        fields = form.fields if form is not None else fields_not_in(None, node)
        classes = (_OWN_CLASSES[type(node)], *node.classes)
        pairs = (("fields", json_value(fields)), *marks_of_origin(node.origin), *node.attributes)
        return _div(attributes(node.id, classes, pairs), content)

    def callout(self, node: b.Callout) -> str:
        title = render(node.title, HEADING)
        headed = bool(node.children) and isinstance(node.children[0], b.Heading)
        name = f"callout-{node.kind}"
        if QUARTO_CALLOUT.fullmatch(name) and not (headed and not title):
            pairs = ((("title", title),) if title else ()) + node.attributes
            pairs += tuple(marks_of_origin(node.origin))
            classes = (name, *node.classes)
            return _div(attributes(node.id, classes, pairs), self.blocks(node.children))
        content = self.blocks(node.children)
        if title:
            heading = _div("callout-title", at_line_start(title))
            content = f"{heading}\n\n{content}" if content else heading
        pairs = ((("kind", node.kind),) if node.kind else ()) + node.attributes
        pairs += tuple(marks_of_origin(node.origin))
        return _div(attributes(node.id, ("callout-block", *node.classes), pairs), content)

    def button(self, node: b.Button) -> str:
        plain = node.action == action_of(node.href) and node.href and node.label
        marked = node.id or node.classes or node.attributes or node.origin
        is_exact = node.label == node.label.strip() and node.href == encode_address(node.href)
        if not plain or marked or not is_exact:
            return self.component(node)
        link = i.Link((i.Text(node.label),), node.href, classes=("button", "primary"))
        return paragraph((link,))


def _html_cell(name: str, placed: Placed, align: str) -> str:
    """Writes a cell with the spans that it has, true or not, for whoever reads them back."""
    cell = placed.cell
    more = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    more += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    more += f' style="text-align: {align}"' if align else ""
    return _wrap_in_tags(name, cell, paragraph(cell.children) if cell.children else "", more)


def _wrap_in_tags(name: str, node: Node, content: str, more: str = "") -> str:
    """Wraps Markdown in tags of HTML, separated by blank lines so that readers parse it as
    Markdown.
    """
    inside = f"\n\n{content}\n\n" if content else ""
    return f"<{name}{more}{html_attributes(node)}>{inside}</{name}>"


def _is_simple(node: b.Figure) -> bool:
    """Whether readers make this figure of a picture in a paragraph of its own."""
    picture = node.image
    if node.id or node.classes or node.attributes or picture.origin:
        return False
    if (node.width, node.height) != (
        pixels_in(picture.attributes, "width"),
        pixels_in(picture.attributes, "height"),
    ):
        return False
    if node.href:
        return not node.caption
    return bool(not node.caption or picture.alt)


def _alone(
    picture: i.Image, caption: tuple[i.Inline, ...], extra: tuple[tuple[str, str], ...] = ()
) -> str:
    if not caption and picture.alt and not is_default_alt(picture.alt):
        extra = (("alt", picture.alt), *extra)
        picture = msgspec.structs.replace(picture, alt="")
    return at_line_starts(image(picture, PARAGRAPH, caption, extra))


def _address(href: str) -> str:
    from .inlines import address

    return address(href)


def _would_merge(last: b.Block, node: b.Block) -> bool:
    kinds = (b.List, b.DefinitionList, b.Verse)
    return isinstance(last, kinds) and type(node) is type(last)


def _gap_behind_box(item: b.ListItem, content: str, tight: bool) -> str:
    """Returns what stands between the box of a task and the content of its item: the box is read at the beginning of
    a paragraph alone.
    """
    first = item.children[0] if item.children else b.Paragraph()
    match first:
        case b.Paragraph() if not is_marked(first):
            return " "
        case b.Figure() if not content.startswith(":::"):
            return " "
    return "\n" if tight and _interrupts(first, b.Paragraph(), content) else "\n\n"


def _interrupts(node: b.Block, last: b.Block, text: str) -> bool:
    """Whether ``node`` may follow without a blank line and still begin a block of its own."""
    if isinstance(last, b.Table) and last.caption:
        # A caption is a paragraph behind a colon, which only a blank line surely ends.
        return False
    if text.startswith(":::"):
        return True
    if isinstance(node, b.List):
        return not node.ordered or node.start == 1
    if isinstance(node, b.Paragraph):
        if isinstance(last, b.Table):
            return "|" not in text
        if isinstance(last, b.Quote):
            # An open paragraph would continue on the next line.
            return not last.children or isinstance(last.children[-1], b.CodeBlock | b.Heading)
        # A picture alone in its paragraph is a figure.
        return not isinstance(last, b.Paragraph | b.List | b.RawBlock | b.Figure)
    simple = (b.CodeBlock, b.Quote, b.Heading, b.ThematicBreak, b.RawBlock, b.Table, b.MathBlock)
    return isinstance(node, simple)


def _verse_line(nodes: list[i.Inline]) -> str:
    indent = 0
    if nodes and type(nodes[0]) is i.Text:
        text = nodes[0].text
        indent = len(text) - len(text.lstrip(" "))
        rest = text[indent:]
        nodes = [i.Text(rest), *nodes[1:]] if rest else nodes[1:]
    line = at_line_start(render(nodes, HEADING))
    return " " * indent + line


def _row(row: tuple[b.Cell, ...], width: int) -> str:
    cells = [render(cell.children, CELL).strip(" \t") for cell in row]
    return "| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |"


def _code(node: b.CodeBlock) -> str:
    shows_marks = "{" in node.text and _shows_template_marks(node)
    if shows_marks or _SPACE.search(node.language):
        return _code_as_html(node)
    pairs = tuple(pair for pair in node.attributes if pair[0] != "info")
    info = next((value for name, value in node.attributes if name == "info"), "")
    language = node.language
    classes = node.classes
    head = _INFO_ESCAPE.sub(r"\\\g<0>", language)
    info = _INFO_ESCAPE.sub(r"\\\g<0>", info)
    if language and not _INFO_LANGUAGE.fullmatch(language):
        head, classes = "", (language, *classes)
    block = _REFERENCE.sub(r"\\\g<0>", attributes(node.id, classes, pairs))
    if block:
        info = _BRACE.sub(r"\\\g<0>", info)
    beginning = " ".join(filter(None, (head, block, info)))
    # Where nothing stands beside the fence, readers take a first line of colons for the language.
    return fence(node.text, beginning or ("{}" if node.text.startswith(":::") else ""))


def _shows_template_marks(node: b.CodeBlock) -> bool:
    """Whether the reader would take marks in the code, which it shows, for those of a generator's source."""
    from ...web.template_examples import printed_code

    return printed_code(node.text) != node.text


def _code_as_html(node: b.CodeBlock) -> str:
    whole = language = ""
    if _CLASS_LANGUAGE.fullmatch(node.language):
        language = f' class="language-{node.language}"'
    elif node.language:
        whole = f' lang="{attribute(node.language)}"'.replace("{", "&#123;")
    text = html.escape(node.text, quote=False).replace("{", "&#123;")
    return f"<pre{html_attributes(node)}{whole}><code{language}>{text}</code></pre>"


def fence(text: str, info: str) -> str:
    """Returns code between fences that it does not contain."""
    mark = "~" if "`" in info else "`"
    longest = max((len(run) for run in re.findall(mark + "{3,}", text)), default=2)
    marks = mark * (longest + 1)
    return f"{marks}{info}\n{text}\n{marks}"


def _raw(form: str, text: str) -> str:
    if form == "html" and "\n\n" not in text and _RAW_START.match(text) and text == text.strip():
        return text
    return fence(text, f"{{={form}}}")


def _div(block: str, content: str) -> str:
    longest = max((len(run) for run in _FENCES.findall(content)), default=2)
    colons = ":" * (longest + 1)
    block = _ONE_CLASS.sub(r"\1", block)
    return f"{colons} {block}\n{content}\n{colons}" if content else f"{colons} {block}\n{colons}"


def indent_below(text: str, indent: str) -> str:
    """Indents all lines but the first; empty ones stay empty."""
    if "\n" not in text:
        return text
    first, *rest = text.split("\n")
    return "\n".join([first, *(indent + line if line else "" for line in rest)])


def prefix(text: str, mark: str) -> str:
    """Puts ``mark`` before each line."""
    lines = (mark + line for line in text.split("\n"))
    return "\n".join(line if line != mark else mark.rstrip(" ") for line in lines)
