"""Writes nodes as Substack's own HTML of the current generation: the body of a post in an export.

The result is a fragment without a wrapper or white space between blocks. Players and forms come
only from the templates here and in ``templates.py``; text of the input is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import assert_never

import msgspec

from ..context import ReportLoss
from ..diagnostics import Outcome, fallback_message, raw_message
from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.grid import Grid, Placed, grid_of
from ..model.node import Node
from ..model.post import Post
from ..web.html_elements import MARK_KINDS, MARKS
from . import losses, templates
from .component_lookup import component_of
from .component_markup import PAYWALL, data_attrs, text, write_attribute
from .data_attrs import Data, parse, string
from .loose_marks import is_loose_mark
from .templates import element, others
from .widgets import is_captioned_button


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Callbacks from the markup to the writer that makes it."""

    report: ReportLoss
    """Reports a node that is not written as it is."""
    clean: Callable[[str], str]
    """Removes active content from raw HTML."""
    address: Callable[[str], str]
    """Returns a link's address; empty if its scheme is unsafe."""
    picture: Callable[[str], str]
    """Returns a picture's address, absolute if possible."""
    source_markup: Callable[[Node], str] = lambda _: ""
    """Returns the markup in a node's Origin if it still matches the node and contains nothing
    active; else empty."""


def body_html(post: Post, hooks: Hooks) -> str:
    """Returns a post's body and notes as HTML; never empty, since importers reject an empty
    body.
    """
    markup = Markup(post, hooks)
    parts = [markup.blocks(post.body)]
    markup.in_notes = True
    written = 0
    for note in (None, *post.footnotes):
        if note is not None and note.id not in markup.numbers:
            markup.cite(note.id)
        # Notes may cite notes, so the list grows during the loop.
        while written < len(markup.cited):
            written += 1
            parts.append(markup.note(*markup.cited[written - 1]))
    return "".join(parts) or "<p></p>"


_NOTE_NAME = lazy_pattern(r"[\w-]{1,40}")
_COPIES = 20
"""The most copies of one note, so that many marks of a long note do not multiply the post."""


class Markup:
    """Writes the nodes of one post as Substack's markup."""

    def __init__(self, post: Post, hooks: Hooks) -> None:
        self.hooks = hooks
        self.report = hooks.report
        self.notes = {note.id: note for note in post.footnotes}
        self.cited: list[tuple[str, str]] = []
        """The name in its element and the id of each note that was cited, in order."""
        self.numbers: dict[str, str] = {}
        self.names: set[str] = set()
        self.copies: dict[str, int] = {}
        self.in_notes = False
        self.paywalled = False

    # --- notes ----------------------------------------------------------------------------------

    def cite(self, target: str) -> str:
        """Returns the name of the next note: its name in the source, or else the next free
        number.
        """
        number = len(self.cited) + 1
        name = string(self.form(target).get("name"))
        if target in self.numbers or name in self.names or not _NOTE_NAME.fullmatch(name):
            while (name := str(number)) in self.names:
                number += 1
        self.cited.append((name, target))
        self.names.add(name)
        self.numbers[target] = name
        return name

    def form(self, target: str) -> Data:
        """Returns the data in a note's Origin: the forms of its name, number and mark."""
        origin = self.notes[target].origin
        return (parse(origin.data) or {}) if origin is not None else {}

    def shown(self, name: str, target: str) -> str:
        """Returns the number that the page shows for a note."""
        return text(string(self.form(target).get("number"))) or name.partition("-")[0]

    def mark(self, node: i.NoteRef) -> str:
        """Writes the mark of a note. Substack has one note per mark, so a note cited again is
        written again.

        Marks within notes, and those after ``_COPIES``, lead to a copy that exists.
        """
        target = node.target
        if target not in self.notes:
            return f"<sup>{text(target)}</sup>"
        name = self.numbers.get(target, "")
        identifier = ""
        copies = self.copies.get(target, 0)
        if not name or (not self.in_notes and copies < _COPIES):
            self.copies[target] = copies + 1
            name = self.cite(target)
            identifier = f' id="footnote-anchor-{name}"'
        shown = text(string(self.form(target).get("mark"))) or self.shown(name, target)
        origin = self.notes[target].origin
        if origin is not None and "unnamed" in origin.generation.split("/"):
            return f'<a class="footnote-anchor"{identifier} href="#footnote-{name}">{shown}</a>'
        return (
            '<a class="footnote-anchor" data-component-name="FootnoteAnchorToDOM"'
            f'{identifier} href="#footnote-{name}" target="_self">{shown}</a>'
        )

    def note(self, name: str, target: str) -> str:
        note = self.notes[target]
        content = self.blocks(note.children) or "<p></p>"
        shown = self.shown(name, target)
        generation = note.origin.generation if note.origin is not None else ""
        link = f'href="#footnote-anchor-{name}" class="footnote-number" contenteditable="false"'
        if generation == "unnamed/div":
            return (
                f'<div class="footnote" id="footnote-{name}"><a {link}>{shown}</a>'
                f'<div class="footnote-content">{content}</div></div>'
            )
        if generation == "unnamed":
            return (
                f'<div class="footnote"><a id="footnote-{name}" {link}>{shown}</a>'
                f'<div class="footnote-content">{content}</div></div>'
            )
        return (
            '<div class="footnote" data-component-name="FootnoteToDOM">'
            f'<a id="footnote-{name}" {link} target="_self">{shown}</a>'
            f'<div class="footnote-content">{content}</div></div>'
        )

    # --- blocks ---------------------------------------------------------------------------------

    def blocks(self, nodes: Iterable[b.Block]) -> str:
        return "".join([self.block(node) for node in nodes])

    def block(self, node: b.Block) -> str:  # noqa: C901, PLR0912 - match dispatch
        origin = node.origin
        if origin is not None and origin.markup and (written := self.hooks.source_markup(node)):
            return written
        match node:
            case b.Paragraph(children):
                return f"<p{others(node)}>{self.inlines(children)}</p>"
            case b.Heading(children, level):
                return f"<h{level}{others(node)}>{self.inlines(children)}</h{level}>"
            case b.List():
                return self.list(node)
            case b.Quote(children):
                return f"<blockquote>{self.blocks(children) or '<p></p>'}</blockquote>"
            case b.Figure():
                return self.figure(node)
            case b.ThematicBreak():
                return "<hr>" if origin is not None else "<div><hr></div>"
            case b.CodeBlock():
                return templates.code(node)
            case b.Embed():
                return self.embed(node)
            case b.PullQuote(children):
                data = parse(origin.data) if origin is not None and origin.data else None
                attribute_text = data_attrs(data) if data is not None else ""
                return f'<div class="pullquote"{attribute_text}>{self.blocks(children) or "<p></p>"}</div>'
            case b.Table():
                return self.table(node)
            case b.MathBlock():
                return templates.write_empty(node)
            case b.Verse(children):
                return templates.verse(node, self.inlines(children, newline="\n"))
            case b.Group():
                return self.group(node)
            case b.Gallery():
                gallery = losses.fit_gallery(node, self.report)
                return templates.gallery(gallery, self.hooks.picture)
            case b.DefinitionList():
                return self.definitions(node)
            case b.Callout():
                return self.callout(node)
            case b.Media():
                return self.media(node)
            case b.FileDownload():
                return templates.file(node, self.hooks.address(node.src))
            case b.Button():
                return templates.button(node, self.hooks.address(node.href))
            case b.SubscribeForm():
                return templates.form(node)
            case b.PaywallBreak():
                return self.paywall(node)
            case b.Poll() | b.Recipe():
                return self.remote(node)
            case b.Conditional(children, audiences):
                return templates.conditional(audiences, self.blocks(children))
            case b.RawBlock():
                return self.raw(node)
            case b.Extension(name, _, fallback):
                self.report(Outcome.SIMPLIFIED, node, fallback_message(name))
                return self.blocks(fallback)
            case _:
                assert_never(node)

    def list(self, node: b.List) -> str:
        items = []
        for item in node.items:
            content = self.item(item)
            if box := losses.task_box(item, self.report):
                opening = "<p>" if content.startswith("<p>") else ""
                content = f"<p>{box} {content[3:]}" if opening else f"<p>{box}</p>{content}"
            items.append(f"<li>{content}</li>")
        if not node.ordered:
            return f"<ul>{''.join(items)}</ul>"
        start = f' start="{node.start}"' if node.start != 1 else ""
        return f"<ol{start}>{''.join(items)}</ol>"

    def item(self, node: b.ListItem) -> str:
        first = node.children[0] if node.children else None
        if node.origin is not None and node.origin.component == "li":
            # An item from another source, whose text is not in a paragraph.
            bare = (
                self.inlines(child.children)
                if isinstance(child, b.Paragraph)
                else self.block(child)
                for child in node.children
            )
            return "".join(bare) if first is not None else ""
        return self.blocks(node.children) or "<p></p>"

    def figure(self, node: b.Figure) -> str:
        source = self.hooks.picture(node.image.src)
        caption = self.inlines(node.caption)
        return templates.figure(node, source, self.hooks.address(node.href), caption)

    def embed(self, node: b.Embed) -> str:
        component = component_of(node)
        if component is None:
            self.report(Outcome.SIMPLIFIED, node, f"{node.kind or 'embed'} was written as a link")
            return templates.card(node, self.hooks.address(node.href))
        if component.fields:
            lost = ", ".join(component.fields)
            message = f"{node.kind}: Substack's component has no place for {lost}"
            self.report(Outcome.SIMPLIFIED, node, message)
        return templates.embed(node, component, self.hooks.address, self.hooks.clean)

    def table(self, node: b.Table) -> str:
        message = "a table was written as HTML, since Substack has none; use -O tables=picture or tables=text"
        self.report(Outcome.SIMPLIFIED, node, message)
        grid = grid_of(node)
        rows = [self.row(row, grid, "th") for row in grid.head]
        head = f"<thead>{''.join(rows)}</thead>" if rows else ""
        body = "".join([self.row(row, grid, "td") for row in grid.rows])
        caption = f"<caption>{self.inlines(node.caption)}</caption>" if node.caption else ""
        return f"<table>{caption}{head}<tbody>{body}</tbody></table>"

    def row(self, cells: tuple[Placed, ...], grid: Grid, name: str) -> str:
        parts = []
        for cell in cells:
            alignment = grid.alignment(cell)
            attributes = write_attribute("style", f"text-align: {alignment}" if alignment else "")
            if cell.width > 1:
                attributes += f' colspan="{cell.width}"'
            if cell.height > 1:
                attributes += f' rowspan="{cell.height}"'
            parts.append(f"<{name}{attributes}>{self.inlines(cell.cell.children)}</{name}>")
        return f"<tr>{''.join(parts)}</tr>"

    def group(self, node: b.Group) -> str:
        content = self.blocks(node.children)
        if is_captioned_button(node):
            return templates.captioned_button(node, content)
        return element(_division(node), content, node)

    def definitions(self, node: b.DefinitionList) -> str:
        self.report(
            Outcome.SIMPLIFIED, node, "a definition list was written as paragraphs and quotes"
        )
        parts = []
        for item in node.items:
            parts.append(f"<p><strong>{self.inlines(item.term)}</strong></p>")
            parts += [f"<blockquote>{self.blocks(d)}</blockquote>" for d in item.definitions]
        return "".join(parts)

    def callout(self, node: b.Callout) -> str:
        title = losses.callout_title(node, self.report)
        line = f"<p><strong>{self.inlines(title)}</strong></p>" if title else ""
        content = line + self.blocks(node.children)
        more = others(msgspec.structs.replace(node, id="", classes=()))
        return f'<div class="callout-block" data-callout="true"{more}>{content}</div>'

    def media(self, node: b.Media) -> str:
        if component_of(node) is not None:
            return templates.write_empty(node)
        self.report(Outcome.SIMPLIFIED, node, f"{node.kind} was written as a link to its file")
        label = self.inlines(node.caption) or text(node.src.rpartition("/")[2]) or node.kind
        return f"<p><a{write_attribute('href', self.hooks.address(node.src))}>{label}</a></p>"

    def paywall(self, node: b.PaywallBreak) -> str:
        if self.paywalled:
            losses.report_later_paywall(node, self.report)
            return ""
        self.paywalled = True
        return PAYWALL

    def remote(self, node: b.Poll | b.Recipe) -> str:
        """Writes a poll or recipe; as plain blocks if it has no id on Substack."""
        if node.origin is not None and node.origin.data:
            return templates.write_empty(node)
        self.report(Outcome.SIMPLIFIED, node, "a poll or recipe without an id became a list")
        if isinstance(node, b.Poll):
            return templates.list_items(
                node.question, (node.options,), self.hooks.address(node.href)
            )
        parts = (node.ingredients, node.steps)
        return templates.list_items(node.title, parts, self.hooks.address(node.href))

    def raw(self, node: b.RawBlock | i.RawInline) -> str:
        if node.format != "html":
            self.report(Outcome.DROPPED, node, raw_message(node.format))
            return ""
        return self.hooks.clean(node.text)

    # --- inlines --------------------------------------------------------------------------------

    def inlines(self, nodes: Iterable[i.Inline], newline: str = "<br>") -> str:
        return "".join([self.inline(node, newline) for node in nodes])

    def inline(self, node: i.Inline, newline: str) -> str:  # noqa: C901, PLR0912 - match dispatch
        origin = node.origin
        if origin is not None and origin.markup and (written := self.hooks.source_markup(node)):
            return written
        match node:
            case i.Text(words):
                return text(words)
            case (
                i.Emphasis(children)
                | i.Strong(children)
                | i.Strikethrough(children)
                | i.Underline(children)
                | i.Superscript(children)
                | i.Subscript(children)
                | i.Highlight(children)
            ):
                if is_loose_mark(node):
                    return templates.loose_mark(node, self.inlines(children, newline))
                name = origin.component if origin is not None else MARKS[type(node)]
                name = name if name in MARK_KINDS else MARKS[type(node)]
                return f"<{name}>{self.inlines(children, newline)}</{name}>"
            case i.Link(children, href, title):
                address = write_attribute("href", self.hooks.address(href))
                more = write_attribute("title", title) + others(node)
                return f"<a{address}{more}>{self.inlines(children, newline)}</a>"
            case i.Code(words):
                return f"<code>{text(words)}</code>"
            case i.LineBreak():
                return newline
            case i.NoteRef():
                return self.mark(node)
            case i.Image():
                return templates.image(node, self.hooks.picture(node.src))
            case i.Span(children):
                content = self.inlines(children, newline)
                return element("span", content, node)
            case i.Math(tex):
                if node.origin is not None:
                    return templates.write_empty(node, "span")
                # Substack's editor is not known to accept a formula within a line.
                self.report(Outcome.SIMPLIFIED, node, "a formula in a line was written as its TeX")
                return text(f"${tex}$")
            case i.Mention():
                return templates.write_empty(node, "span")
            case i.RawInline():
                return self.raw(node)
            case _:
                assert_never(node)


def _division(node: Node) -> str:
    """Returns the name of the element for a group: its own, if that has no node type, else
    ``div``.
    """
    name = next((value for key, value in node.attributes if key == "element"), "")
    return name if name in _DIVISIONS else "div"


_DIVISIONS = frozenset({"center", "details", "figure", "span"})
