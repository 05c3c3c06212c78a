"""Writes blocks in the plain dialects: GitHub's, CommonMark and Obsidian's.

There are no fenced divisions and no attributes in braces. Cards become their words and a link; what has no
Markdown at all becomes HTML around Markdown, which all readers of CommonMark parse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import assert_never

from ...diagnostics import Outcome, fallback_message, raw_message
from ...html.write.cards import (
    byline,
    callout_label,
    lines_without_numbers,
    player_label,
    source_label,
)
from ...html.write.sanitize import clean
from ...html.write.target import UNSET_FORMULA
from ...language.detect import post_language
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.grid import Placed, grid_of, has_spans
from ...model.language_tags import primary_language
from ...model.losses import (
    FORM_AS_TEXT,
    POLL_AS_LIST,
    POLL_LEFT_OUT,
    RECIPE_LEFT_OUT,
    TANGLED_HTML,
    written_for_all,
)
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Footnote, Post
from ...model.slugs import ascii_slug
from ...model.walk import walk
from ...substack.component_markup import FOR_SOME_READERS, PAYWALL, write_attribute
from ...web.addresses import last_segment
from ...web.providers import provider_of
from .blocks import fence, indent_below, prefix
from .html_tables import html_rows
from .plain_inlines import PlainInlines, at_line_start, language_attributes
from .template_code import keep_from_templates

_LANGUAGE = lazy_pattern(r"[^\s`{}\"'<>]+")
_BLANK_LINES = lazy_pattern(r"\n[ \t]*(?=\n)")
_HUGO_SHORTCODES = frozenset({"youtube", "vimeo"})
"""Hugo's own shortcodes that need no network while a site is built."""
_OBSIDIAN_EMBEDS = frozenset({"youtube", "twitter"})
"""Services whose addresses Obsidian shows as players and cards."""


class PlainBlocks:
    """Writes the blocks of one post."""

    def __init__(self, inlines: PlainInlines) -> None:
        self.post = inlines.post
        self.dialect = inlines.dialect
        self.inlines = inlines
        self.language = post_language(self.post.metadata, "", inlines.context.language)

    def body(self) -> str:
        """Returns the body and the notes, with one line ending at the end; empty for an empty post."""
        text = self.blocks(self.post.body)
        text = "***" + text[3:] if text.startswith("---\n") or text == "---" else text
        parts = [text, self.notes()]
        whole = "\n\n".join(filter(None, parts))
        return f"{whole}\n" if whole else ""

    def notes(self) -> str:
        notes = self.post.footnotes
        if self.dialect.footnotes or not notes:
            return "\n\n".join(self.note(note, n) for n, note in enumerate(notes, 1))
        # CommonMark has no notes, so they are a list behind a rule, with links there and back.
        items = []
        for number, note in enumerate(notes, 1):
            back = f'<a href="#fnref{number}">↩</a>' if note.id in self.inlines.marks else ""
            content = self.blocks(note.children)
            ends_in_text = note.children and isinstance(note.children[-1], b.Paragraph)
            content += f" {back}" if ends_in_text else f"\n\n{back}"
            items.append(f'<li id="fn{number}">\n\n{content.strip()}\n\n</li>')
        self.inlines.has_html = True
        return "\n".join(["---\n\n<ol>", *items, "</ol>"])

    def note(self, note: Footnote, number: int) -> str:
        return f"[^{number}]: {indent_below(self.blocks(note.children), '    ')}"

    def blocks(self, nodes: Iterable[b.Block], *, tight: bool = False) -> str:
        """Writes blocks one after another, in a tight item without blank lines between them."""
        out = ""
        last: b.Block | None = None
        turn = 0
        for node in nodes:
            self.inlines.line = node.line or self.inlines.line
            follows = isinstance(node, b.List) and not _continues(last, node)
            turn = 1 - turn if follows else 0
            text = self.block(node, turn)
            if not text:
                continue
            if follows and self.dialect.is_kramdown:
                out += "\n\n<!-- -->"
            if last is not None:
                joins = tight and isinstance(node, b.List) and isinstance(last, b.Paragraph)
                joins = joins and (not node.ordered or node.start == 1)  # type: ignore[union-attr]
                out += "\n" if joins else "\n\n"
            out += text
            last = node
        return out

    def block(self, node: b.Block, turn: int = 0) -> str:  # noqa: C901, PLR0912 - match dispatch
        """Returns a block. ``turn`` is 1 for a list that must not continue the one before."""
        lines = self.inlines
        match node:
            case b.Paragraph(children):
                return self.spoken(node, lines.anchor(node) + lines.paragraph(children))
            case b.Heading():
                return self.heading(node)
            case b.List():
                return self.list(node, turn)
            case b.Quote(children) | b.PullQuote(children):
                return self.spoken(node, prefix(self.blocks(children), "> "))
            case b.Figure():
                return self.figure(node)
            case b.Gallery(figures, caption):
                parts = [*map(self.figure, figures), self.caption(caption)]
                return "\n\n".join(filter(None, parts))
            case b.ThematicBreak():
                return "---"
            case b.CodeBlock():
                return self.code(node)
            case b.Table():
                return self.table(node)
            case b.MathBlock(tex):
                return self.formula(node, tex)
            case b.Verse():
                return self.verse(node)
            case b.DefinitionList():
                return self.definitions(node)
            case b.Callout():
                return self.callout(node)
            case b.Group(children):
                return "\n".join(
                    filter(None, [lines.anchor(node), self.spoken(node, self.blocks(children))])
                )
            case b.Conditional(children, audiences):
                lines.simplify(node, written_for_all(audiences))
                return self.for_some_readers(audiences, self.blocks(children))
            case b.Embed():
                return self.embed(node)
            case b.Media(kind, src, _, caption):
                lines.simplify(node, f"{kind} was written as a link")
                label = lines.line_of(caption) if caption else player_label(node, self.language)
                return at_line_start(lines.link(src, label))
            case b.FileDownload(src, name, size):
                text = lines.line_of((i.Text(name or last_segment(src)),))
                more = f" ({lines.line_of((i.Text(size),))})" if size else ""
                return at_line_start(f"{lines.link(src, text)}{more}")
            case b.Button(label, href):
                return at_line_start(lines.link(href, lines.line_of((i.Text(label),))))
            case b.SubscribeForm(text, label):
                lines.simplify(node, FORM_AS_TEXT)
                return lines.paragraph((i.Text(" ".join(filter(None, (text, label)))),))
            case b.PaywallBreak():
                return PAYWALL
            case b.Poll():
                return self.poll(node)
            case b.Recipe():
                return self.recipe(node)
            case b.RawBlock(form, text):
                return self.raw(node, form, text)
            case b.Extension(name, _, fallback):
                lines.simplify(node, fallback_message(name))
                return self.blocks(fallback)
            case _:
                assert_never(node)

    # --- text ---------------------------------------------------------------------------------------

    def spoken(self, node: Node, content: str) -> str:
        """Wraps a block in HTML if it is in another language or direction than its post."""
        found = language_attributes(node)
        own = primary_language(self.language)
        given = dict(node.attributes)
        same = not given.get("dir") or "lang" not in given
        if not found or not content or (same and primary_language(given.get("lang", own)) == own):
            return content
        return self.wrap("div", content, found)

    def wrap(self, name: str, content: str, attributes: str = "") -> str:
        """Returns tags around Markdown, apart from it by blank lines so that it is read as Markdown."""
        self.inlines.has_html = True
        inside = f"\n\n{content}\n\n" if content else ""
        return f"<{name}{self.parsed}{attributes}>{inside}</{name}>"

    def for_some_readers(self, audiences: tuple[str, ...], content: str) -> str:
        """Returns what only some readers see, with tags by which it is so again when it is read."""
        names = write_attribute("data-dynamic-audiences", ",".join(audiences))
        return self.wrap("div", content, f"{write_attribute('class', FOR_SOME_READERS)}{names}")

    @property
    def parsed(self) -> str:
        """The attribute by which kramdown parses what is within a tag, with a space before it."""
        return ' markdown="1"' if self.dialect.is_kramdown else ""

    def heading(self, node: b.Heading) -> str:
        lines = self.inlines
        text = lines.line_of(node.children)
        text = f"{text[:-1]}\\#" if text.endswith("#") and not text.endswith("\\#") else text
        if not text:
            return lines.anchor(node)
        if self.dialect.is_kramdown or self.dialect.templates == "hugo":
            text = re.sub(r"(?<!\\)\{", r"\\{", text)
        place = "" if self.inlines.anchors.get(node.id) else lines.anchor(node)
        return f"{'#' * min(max(node.level, 1), 6)} {place}{text}"

    def list(self, node: b.List, turn: int) -> str:
        items = []
        tight = node.tight
        for position, item in enumerate(node.items, node.start):
            bullet = "*" if turn else "-"
            ending = ")" if turn and not self.dialect.is_kramdown else "."
            marker = f"{position}{ending} " if node.ordered else f"{bullet} "
            content = self.blocks(item.children, tight=tight)
            place = self.inlines.anchor(item)
            if item.checked is not None:
                content = self.task(item, content)
            content = place + content
            items.append((marker + indent_below(content, " " * len(marker))).rstrip(" "))
        return ("\n" if tight else "\n\n").join(items)

    def task(self, item: b.ListItem, content: str) -> str:
        """Returns the content of an item behind its box, which needs a paragraph around it."""
        boxes = ("[x]", "[ ]") if self.dialect.tasks else ("☑", "☐")
        box = boxes[0] if item.checked else boxes[1]
        starts = item.children and isinstance(item.children[0], b.Paragraph)
        return f"{box} {content}" if starts else f"{box}\n\n{content}"

    def definitions(self, node: b.DefinitionList) -> str:
        lines = self.inlines
        if self.dialect.definitions:
            items = []
            for item in node.items:
                parts = [lines.paragraph(item.term) or "&#160;"]
                parts += [f": {indent_below(self.blocks(d), '  ')}" for d in item.definitions]
                items.append("\n".join(parts))
            return "\n\n".join(items)
        rows = []
        for item in node.items:
            rows.append(self.wrap("dt", lines.paragraph(item.term)))
            rows += [self.wrap("dd", self.blocks(definition)) for definition in item.definitions]
        return "\n".join(["<dl>", *rows, "</dl>"])

    def verse(self, node: b.Verse) -> str:
        """Writes lines of verse as lines of a paragraph, and stanzas as paragraphs."""
        stanzas: list[list[i.Inline]] = [[]]
        for position, child in enumerate(node.children):
            following = node.children[position + 1 : position + 2]
            if isinstance(child, i.LineBreak) and (
                not stanzas[-1] or isinstance((*following, None)[0], i.LineBreak | None)
            ):
                if stanzas[-1]:
                    stanzas.append([])
            else:
                stanzas[-1].append(child)
        return "\n\n".join(
            filter(None, (self.inlines.paragraph(_with_indents(stanza)) for stanza in stanzas))
        )

    def code(self, node: b.CodeBlock) -> str:
        if unnumbered := lines_without_numbers(node):
            self.inlines.simplify(node, unnumbered)
        language = _LANGUAGE.match(node.language.strip())
        return self.literal(fence(node.text, language[0] if language else ""))

    def literal(self, code: str) -> str:
        """Returns code in which no template of the generator is run."""
        return keep_from_templates(code, self.dialect, "\n")

    def formula(self, node: b.MathBlock, tex: str) -> str:
        tex = self.inlines.formula(_BLANK_LINES.sub("", tex.strip()))
        if not self.dialect.math or not tex or "$$" in tex:
            self.inlines.simplify(node, UNSET_FORMULA)
            return fence(tex, "tex")
        self.inlines.has_math = True
        return f"$$\n{tex}\n$$"

    def callout(self, node: b.Callout) -> str:
        lines = self.inlines
        title = lines.line_of(node.title) or lines.line_of(
            (i.Text(callout_label(node, self.language)),)
        )
        content = self.blocks(node.children)
        if self.dialect.wikilinks:
            kind = ascii_slug(node.kind) or "note"
            own = lines.line_of(node.title)
            head = f"[!{kind}] {own}".rstrip()
            return prefix(f"{head}\n{content}".rstrip("\n"), "> ")
        head = f"**{title}**" if title and "*" not in title else at_line_start(title)
        return prefix("\n\n".join(filter(None, (head, content))), "> ")

    def raw(self, node: b.RawBlock, form: str, text: str) -> str:
        lines = self.inlines
        if form != "html":
            lines.context.account(Outcome.DROPPED, self.post, node, raw_message(form))
            return ""
        tell = partial(lines.simplify, node, TANGLED_HTML)
        # A blank line would end the block of HTML.
        markup = _BLANK_LINES.sub("", clean(text, xhtml=False, report_text_alone=tell).strip())
        lines.has_html |= "<" in markup
        return markup.replace("{", "&#123;") if self.dialect.templates else markup

    # --- tables -------------------------------------------------------------------------------------

    def table(self, node: b.Table) -> str:
        rows = (*node.head, *node.rows)
        cells = [cell for row in rows for cell in row]
        if not cells:
            return self.caption(node.caption)
        if not self.dialect.tables or len(node.head) > 1 or has_spans(node):
            return self.html_table(node)
        width = max(map(len, rows))
        alignments = (*node.alignments, *[""] * width)[:width]
        rules = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
        lines = [self.row(node.head[0] if node.head else (), width)]
        lines.append("| " + " | ".join(rules[a] for a in alignments) + " |")
        lines += [self.row(row, width) for row in node.rows]
        caption = self.caption(node.caption)
        return "\n".join(lines) + (f"\n\n{caption}" if caption else "")

    def row(self, row: tuple[b.Cell, ...], width: int) -> str:
        cells = [self.inlines.line_of(cell.children, cell=True) for cell in row]
        return "| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |"

    def html_table(self, node: b.Table) -> str:
        """Writes a table that a pipe table cannot hold as HTML around Markdown."""
        parts = [f"<table{self.parsed}>"]
        if node.caption:
            parts.append(self.wrap("caption", self.inlines.paragraph(node.caption)))
        parts += html_rows(grid_of(node), self.html_cell)
        self.inlines.has_html = True
        return "\n".join([*parts, "</table>"])

    def html_cell(self, name: str, placed: Placed, align: str) -> str:
        more = f' colspan="{placed.width}"' if placed.width > 1 else ""
        more += f' rowspan="{placed.height}"' if placed.height > 1 else ""
        more += f' align="{align}"' if align else ""
        return self.wrap(name, self.inlines.paragraph(placed.cell.children), more)

    # --- pictures and cards -------------------------------------------------------------------------

    def figure(self, node: b.Figure) -> str:
        lines = self.inlines
        lines.line = node.line or node.image.line or lines.line
        picture = lines.image(node.image)
        if node.href and picture:
            target = lines.href(node.href)
            picture = lines.link(node.href, picture) if target else picture
        place = lines.anchor(node)
        return "\n\n".join(filter(None, (place + picture, self.caption(node.caption))))

    def caption(self, caption: tuple[i.Inline, ...]) -> str:
        """Returns a caption in italics, as a paragraph below what it belongs to."""
        if not plain_text(caption).strip() and not any(map(_is_picture, walk(caption))):
            return ""
        return self.inlines.paragraph((i.Emphasis(caption),))

    def embed(self, node: b.Embed) -> str:
        lines = self.inlines
        provider = provider_of(node.href)
        service = (node.provider or (provider.name if provider else "")).lower()
        if self.dialect.templates == "hugo" and service in _HUGO_SHORTCODES:
            name = provider.parts_of(node.href).get("id", "") if provider else ""
            if re.fullmatch(r"[\w-]+", name):
                return f"{{{{< {service} {name} >}}}}"
        if self.dialect.wikilinks and service in _OBSIDIAN_EMBEDS and node.href:
            return f"!{lines.link(node.href, lines.line_of((i.Text(node.title),)))}"
        lines.simplify(
            node, f"{node.provider or node.kind} embed was written as its words with a link"
        )
        label = source_label(node, self.language)
        is_code = node.kind == "gist" and bool(node.text.strip())
        quotes = bool(node.text.strip()) and not is_code
        title = node.title or ("" if quotes else label)
        by = byline(node, self.language)
        parts = []
        if title:
            parts.append(at_line_start(lines.link(node.href, lines.line_of((i.Text(title),)))))
        if by and not quotes:
            parts[-1] += f" — {lines.line_of((i.Text(by),))}"
        if is_code:
            parts.append(self.literal(fence(node.text, "")))
        if quotes:
            paragraphs = [line.strip() for line in node.text.split("\n") if line.strip()]
            written = [lines.paragraph((i.Text(line),)) for line in paragraphs]
            source = lines.line_of((i.Text(by or label),))
            if not title:
                written.append(f"— {lines.link(node.href, source)}")
            elif by:
                written.append(f"— {source}")
            parts.append(prefix("\n\n".join(written), "> "))
        return "\n\n".join(parts)

    def poll(self, node: b.Poll) -> str:
        lines = self.inlines
        if not node.question and not node.options:
            message = POLL_LEFT_OUT
            lines.context.account(Outcome.DROPPED, self.post, node, message)
            return ""
        lines.simplify(node, POLL_AS_LIST)
        question = lines.line_of((i.Strong((i.Text(node.question),)),)) if node.question else ""
        parts = [lines.link(node.href, question) if question else "", self.plain_list(node.options)]
        return "\n\n".join(filter(None, parts))

    def recipe(self, node: b.Recipe) -> str:
        lines = self.inlines
        if not (node.title or node.ingredients or node.steps):
            message = RECIPE_LEFT_OUT
            lines.context.account(Outcome.DROPPED, self.post, node, message)
            return ""
        title = lines.line_of((i.Strong((i.Text(node.title),)),)) if node.title else ""
        steps = self.plain_list(node.steps, ordered=True)
        parts = [lines.link(node.href, title) if title else "", self.plain_list(node.ingredients)]
        return "\n\n".join(filter(None, (*parts, steps)))

    def plain_list(self, items: Iterable[str], *, ordered: bool = False) -> str:
        return self.list(
            b.List(
                tuple(b.ListItem((b.Paragraph((i.Text(item),)),)) for item in items),
                ordered=ordered,
            ),
            0,
        )


def _continues(last: b.Block | None, node: b.List) -> bool:
    """Whether a list may be read as one with the block before it: its numbers go on, or that is no list."""
    if not isinstance(last, b.List):
        return True
    return last.ordered and node.ordered and node.start == last.start + len(last.items)


def _is_picture(node: Node) -> bool:
    return isinstance(node, i.Image)


def _with_indents(nodes: Iterable[i.Inline]) -> list[i.Inline]:
    """Replaces spaces at the beginning of lines by no-break spaces, which Markdown keeps."""
    found: list[i.Inline] = []
    for node in nodes:
        starts = not found or isinstance(found[-1], i.LineBreak)
        if starts and type(node) is i.Text:
            rest = node.text.lstrip(" ")
            node = i.Text("\xa0" * (len(node.text) - len(rest)) + rest)  # noqa: PLW2901
        found.append(node)
    return found


def heading_anchors(post: Post) -> dict[str, str]:
    """Returns the id that generators derive from the words of each heading with an id, by its id.

    GitHub, Hugo, Astro and Obsidian Publish derive it in the same way, kramdown nearly.
    """
    found: dict[str, str] = {}
    taken: dict[str, int] = {}
    for node in walk(post.body):
        if not isinstance(node, b.Heading):
            continue
        words = plain_text(node.children).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        times = taken.get(slug, 0)
        taken[slug] = times + 1
        if node.id and slug:
            found[node.id] = f"{slug}-{times}" if times else slug
    return found
