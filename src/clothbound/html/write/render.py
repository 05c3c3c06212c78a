"""Renders nodes as HTML or XHTML, for every writer that makes pages.

``Renderer`` renders one post. Its ``Target`` holds the differences between products: addresses of
pictures, the form of links and notes, the syntax. All input is escaped here, and no template in
this file contains active markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, assert_never

from msgspec import structs

from ...context import Context
from ...diagnostics import DiagnosticCode, Outcome, fallback_message, raw_message
from ...escape import attribute, escape, safe_href
from ...language.direction import DIRECTIONS
from ...language.wording import CALLOUTS
from ...language.words import wording
from ...late_names import late_function, late_module
from ...model.blocks import (
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
from ...model.book_links import split_book_address
from ...model.inlines import (
    Code,
    Emphasis,
    Highlight,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Mention,
    NoteRef,
    RawInline,
    Span,
    Strikethrough,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
    is_inline,
)
from ...model.language_tags import language_tag
from ...model.losses import FORM_AS_TEXT, TANGLED_HTML
from ...model.node import Node
from ...model.post import Footnote, Post
from ...web.addresses import absolute_url, last_segment, trim_address
from ...web.html_elements import LONG_NUMBERS, MARKS, SHORT_NUMBER
from .target import EQUATION_NUMBER, UNSET_FORMULA, Target, unsafe_link_message

if TYPE_CHECKING:
    from ...filters import Override
    from ...language.bidirectional import direction_of_code
    from ...math import numbers as equation_numbers
    from ...model import grid as table_grid
    from ...model import split_links
    from . import cards, figures, nesting
    from . import overrides as overriding
else:
    # What few posts need.
    direction_of_code = late_function("clothbound.language.bidirectional", "direction_of_code")
    cards = late_module("clothbound.html.write.cards")
    figures = late_module("clothbound.html.write.figures")
    nesting = late_module("clothbound.html.write.nesting")
    table_grid = late_module("clothbound.model.grid")
    split_links = late_module("clothbound.model.split_links")
    equation_numbers = late_module("clothbound.math.numbers")
    overriding = late_module("clothbound.html.write.overrides")

_SPANS = ("abbr", "ruby", "rt")
"""The elements of HTML that a span of the model may stand for."""
_TEXT_ALONE = frozenset({Text})


class Renderer:
    """Renders the body and the notes of one post."""

    def __init__(self, post: Post, target: Target, context: Context) -> None:
        self.post = post
        self.target = target
        self.context = context
        self.notes = {note.id: note for note in post.footnotes}
        self.numbers = {note.id: n for n, note in enumerate(post.footnotes, 1)}
        self.marks: dict[str, int] = {}
        """The number of marks of each note written so far."""
        self._is_followed = False
        """Whether the inline being written is followed by a note's mark, with nothing but spaces between them."""
        self._line = 0
        """The line of the block being written, or of the last one before it that has one."""
        filters = context.checked_filters
        self._overrides = (
            {} if filters is None else filters.overrides_for(overriding.medium_of(target))
        )
        self._has_plain_text = Text not in self._overrides
        self._end = "/>" if target.xhtml else ">"
        self._reach = ' tabindex="0"' if target.scrolls else ""

    # blocks

    def blocks(self, nodes: Iterable[Block]) -> str:
        return "".join([self.block(node) + "\n" for node in nodes])

    def block(self, node: Block) -> str:
        self._line = node.line or self._line
        if self._overrides and (overrides := self._overrides.get(type(node))):
            return overriding.render_by(overrides, self, node)
        return self._block(node)

    def _block(self, node: Block) -> str:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case Paragraph(children):
                text = self.inlines(children)
                if not text.strip() and any(isinstance(child, Image) for child in children):
                    return ""  # all its pictures are missing and have no placeholder
                return f"<p{self.attributes(node)}>{text}</p>"
            case Heading(children, level):
                text = self.inlines(children)
                # A heading without text would be announced as one, so it becomes a place to link
                # to.
                name = f"h{min(max(level, 1), 6)}" if text.strip() else "div"
                return f"<{name}{self.attributes(node)}>{text}</{name}>"
            case List():
                return self._list(node)
            case Quote(children):
                return self._wrap("blockquote", node, self.blocks(children))
            case Figure():
                return figures.render_figure(self, node)
            case ThematicBreak():
                return f"<hr{self.attributes(node)}{self._end}"
            case CodeBlock():
                return self._code_block(node)
            case Embed():
                return cards.embed_card(self, node)
            case PullQuote(children):
                return self._wrap("blockquote", node, self.blocks(children), "pullquote")
            case Table():
                return self._table(node)
            case MathBlock():
                return self._equation(node)
            case Verse(children):
                return self._verse(node, children)
            case Group(children):
                return self._wrap("div", node, self.blocks(children))
            case Gallery():
                return figures.render_gallery(self, node)
            case DefinitionList():
                return self._definition_list(node)
            case Callout():
                return self._callout(node)
            case Media():
                return cards.player_card(self, node)
            case FileDownload(src, name, size):
                text = self.link(src, escape(name or last_segment(src)))
                more = f' <span class="size">{escape(size)}</span>' if size else ""
                return f"<p{self.attributes(node, 'file')}>{text}{more}</p>"
            case Button(label, href):
                return f"<p{self.attributes(node, 'button')}>{self.link(href, escape(label))}</p>"
            case SubscribeForm(text, label):
                self.report_simplified(node, FORM_AS_TEXT)
                words = " ".join(filter(None, (text, label)))
                return f"<p{self.attributes(node, 'subscribe')}>{escape(words)}</p>"
            case PaywallBreak():
                return ""
            case Poll():
                return cards.poll_list(self, node)
            case Recipe():
                return cards.recipe_lists(self, node)
            case Conditional(children):
                return self._wrap("div", node, self.blocks(children), "conditional")
            case RawBlock(form, text):
                return self._raw(node, form, text)
            case Extension(name, _, fallback):
                self.report_simplified(node, fallback_message(name))
                return self._wrap("div", node, self.blocks(fallback))
        assert_never(node)

    def _wrap(self, name: str, node: Node, content: str, *classes: str) -> str:
        return f"<{name}{self.attributes(node, *classes)}>\n{content}</{name}>"

    def _list(self, node: List) -> str:
        name = "ol" if node.ordered else "ul"
        start = f' start="{node.start}"' if node.ordered and node.start != 1 else ""
        items = "".join(self._list_item(item, node.tight) for item in node.items)
        tasks = any(item.checked is not None for item in node.items)
        classes = self.attributes(node, *(("tasks",) if tasks else _digits(node)))
        return f"<{name}{classes}{start}>\n{items}</{name}>"

    def _list_item(self, item: ListItem, tight: bool) -> str:
        mark = ""
        if item.checked is not None:
            words = wording(self.language())
            label, sign = (words.done, "☑") if item.checked else (words.to_do, "☐")
            mark = f'<span class="task" role="img" aria-label="{label}">{sign}</span> '
        parts: list[str] = []
        for position, child in enumerate(item.children):
            if type(child) is Paragraph:
                self._line = child.line or item.line or self._line
                text = (mark if position == 0 else "") + self.inlines(child.children)
                plain = tight and not (child.id or child.classes or child.attributes)
                if plain:
                    separate = parts and isinstance(item.children[position - 1], Paragraph)
                    parts.append(f"<br{self._end}{text}" if separate else text)
                else:
                    parts.append(f"<p{self.attributes(child)}>{text}</p>")
            else:
                parts.append(("\n" if parts else mark) + self.block(child) + "\n")
        return f"<li{self.attributes(item)}>{''.join(parts) or mark}</li>\n"

    def _code_block(self, node: CodeBlock) -> str:
        if unnumbered := cards.lines_without_numbers(node):
            self.report_simplified(node, unnumbered)
        inner = self.target.code(node.text, node.language)
        language = (
            f' class="language-{attribute(node.language.split()[0])}"'
            if node.language.strip()
            else ""
        )
        content = escape(node.text) if inner is None else inner
        return f"<pre{self._of_code(node)}{self._reach}><code{language}>{content}</code></pre>"

    def _of_code(self, node: CodeBlock | Code) -> str:
        """Returns the attributes of code. A block of it runs from left to right in any language."""
        attributes = self.attributes(node)
        if " dir=" in attributes:
            return attributes
        return attributes + self._direction_of_code(node.text if isinstance(node, Code) else "")

    def _direction_of_code(self, code: str) -> str:
        way = direction_of_code(code, self.language())
        return f' dir="{way}"' if way else ""

    def _verse(self, node: Verse, children: tuple[Inline, ...]) -> str:
        stanzas: list[list[Inline]] = [[]]
        for position, child in enumerate(children):
            following = children[position + 1] if position + 1 < len(children) else None
            if isinstance(child, LineBreak) and (
                isinstance(following, LineBreak) or following is None
            ):
                if stanzas[-1]:
                    stanzas.append([])
            elif isinstance(child, LineBreak) and not stanzas[-1]:
                continue
            else:
                stanzas[-1].append(child)
        text = "".join(f"<p>{self.inlines(s)}</p>" for s in stanzas if s)
        return f"<div{self.attributes(node, 'verse')}>{text}</div>"

    def _table(self, node: Table) -> str:
        grid = table_grid.grid_of(node)
        parts = []
        if node.caption:
            parts.append(f"<caption>{self.inlines(node.caption)}</caption>\n")
        if node.head:
            rows = self._rows(grid, grid.head, "th")
            parts.append(f"<thead>\n{rows}</thead>\n")
        if node.rows:
            rows = self._rows(grid, grid.rows, "td")
            parts.append(f"<tbody>\n{rows}</tbody>\n")
        if not node.head and not node.rows:
            return ""
        return f'<div class="table"{self._reach}><table{self.attributes(node)}>\n{"".join(parts)}</table></div>'

    def _rows(self, grid: table_grid.Grid, rows: table_grid.Rows, name: str) -> str:
        return "".join([self._row(grid, row, name) for row in rows])

    def _row(self, grid: table_grid.Grid, row: tuple[table_grid.Placed, ...], name: str) -> str:
        cells = []
        for placed in row:
            cell, align = placed.cell, grid.alignment(placed)
            more = self.attributes(cell, f"align-{align}") if align else self.attributes(cell)
            if placed.width > 1:
                more += f' colspan="{placed.width}"'
            if placed.height > 1:
                more += f' rowspan="{placed.height}"'
            if name == "th":
                more += ' scope="col"'
            cells.append(f"<{name}{more}>{self.inlines(cell.children)}</{name}>")
        return f"<tr>{''.join(cells)}</tr>\n"

    def _definition_list(self, node: DefinitionList) -> str:
        parts = []
        for item in node.items:
            parts.append(f"<dt{self.attributes(item)}>{self.inlines(item.term)}</dt>\n")
            for definition in item.definitions:
                if len(definition) == 1 and isinstance(definition[0], Paragraph):
                    parts.append(f"<dd>{self.inlines(definition[0].children)}</dd>\n")
                else:
                    parts.append(f"<dd>\n{self.blocks(definition)}</dd>\n")
        return f"<dl{self.attributes(node)}>\n{''.join(parts)}</dl>"

    def _callout(self, node: Callout) -> str:
        kind = f"callout-{node.kind}" if node.kind.isalnum() else ""
        title = self.inlines(node.title)
        if not title and (label := cards.callout_label(node, self.language())):
            # The author's own name of a kind is in the author's language.
            title = cards.own_words(self, label) if node.kind.lower() in CALLOUTS else escape(label)
        title = f'<p class="callout-title">{title}</p>\n' if title else ""
        content = title + self.blocks(node.children)
        classes = ("callout", kind) if kind else ("callout",)
        return f'<div{self.attributes(node, *classes)} role="note">\n{content}</div>'

    def language(self) -> str:
        """Returns the language of the post (BCP 47); English if it is unknown."""
        language = self.post.metadata.language or self.context.language
        return language_tag(language, "en")

    def _raw(self, node: RawBlock | RawInline, form: str, text: str) -> str:
        if form == "html":
            markup = self.target.raw(text, partial(self.report_simplified, node, TANGLED_HTML))
            return nesting.as_phrasing(markup) if isinstance(node, RawInline) else markup
        self.context.account(
            Outcome.DROPPED,
            self.post,
            node,
            f"{raw_message(form)}, since it cannot be written in HTML",
        )
        return ""

    # inlines

    def inlines(self, nodes: Iterable[Inline]) -> str:
        if self.notes:
            given = tuple(nodes)
            # Nothing but a mark asks what follows it.
            if not (self._has_plain_text and _TEXT_ALONE.issuperset(map(type, given))):
                return "".join(self._inlines_with_marks(given))
            nodes = given
        if not self._has_plain_text:
            return "".join(map(self.inline, nodes))
        return "".join(
            [escape(node.text) if type(node) is Text else self.inline(node) for node in nodes]
        )

    def _inlines_with_marks(self, nodes: Sequence[Inline]) -> Iterator[str]:
        is_followed = self._is_followed
        followed: list[bool] = []
        for node in reversed(nodes):
            followed.append(is_followed)
            if type(node) is not Text:
                is_followed = _begins_with_mark(node)
            elif node.text.strip():
                is_followed = False
        for node, is_followed in zip(nodes, reversed(followed), strict=True):
            self._is_followed = is_followed
            is_plain = self._has_plain_text and type(node) is Text
            yield escape(node.text) if is_plain else self.inline(node)  # type: ignore[union-attr]

    def inline(self, node: Inline) -> str:
        if self._overrides and (overrides := self._overrides.get(type(node))):
            return overriding.render_by(overrides, self, node)
        return self._inline(node)

    def _inline(self, node: Inline) -> str:  # noqa: C901, PLR0912 - match dispatch
        name = MARKS.get(type(node))
        if name is not None:
            return f"<{name}{self.attributes(node)}>{self.inlines(node.children)}</{name}>"  # type: ignore[union-attr]
        match node:
            case Text(text):
                return escape(text)
            case Link() | Mention() if self.notes and split_links.holds(node, split_links.is_mark):
                return self.inlines(split_links.split_link(node))
            case Link(children, href, title):
                return self.link(href, self._link_content(children, href), title, node)
            case Code(text):
                return f"<code{self._of_code(node)}>{escape(text)}</code>"
            case LineBreak():
                return f"<br{self._end}"
            case NoteRef(target):
                return self._note_ref(target)
            case Image():
                return figures.render_image(self, node)
            case Span(children):
                inner = self.inlines(children)
                name = next((n for n in _SPANS if ("element", n) in node.attributes), "span")
                if name == "rt" and inner[:1] == "(" and inner[-1:] == ")":
                    return f"<rp>(</rp><rt>{inner[1:-1]}</rt><rp>)</rp>"
                return f"<{name}{self.attributes(node)}>{inner}</{name}>"
            case Math():
                return self._math(node)
            case Mention(children, href):
                return self.link(href, self.inlines(children), "", node)
            case RawInline(form, text):
                return self._raw(node, form, text)
            case (
                Emphasis()
                | Strong()
                | Strikethrough()
                | Superscript()
                | Subscript()
                | Underline()
                | Highlight()
            ):
                raise AssertionError("in MARKS")
        assert_never(node)

    def _note_ref(self, target: str) -> str:
        note = self.notes.get(target)
        if note is None:
            return f"<sup>[{escape(target)}]</sup>"
        mark = self.marks.get(target, 0) + 1
        self.marks[target] = mark
        return self.target.note_mark(note, self.numbers[target], mark, self._is_followed)

    def _equation(self, node: MathBlock) -> str:
        """Returns a displayed formula, with its number at the end of the line."""
        tex, number = equation_numbers.split_number(node.tex)
        if not number:
            return f"<div{self.attributes(node, 'math')}{self._reach}>{self._math(node)}</div>"
        formula = self._math(structs.replace(node, tex=tex))
        return (
            f"<div{self.attributes(node, 'math', 'numbered')}{self._reach}>{formula}"
            f'<span class="{EQUATION_NUMBER}">{escape(number)}</span></div>'
        )

    def _math(self, node: Math | MathBlock) -> str:
        if not node.line:
            node = structs.replace(node, line=self._line)
        math = self.target.math(node)
        if math.markup is not None:
            if math.simplified:
                self.report_simplified(node, math.simplified)
            return math.markup
        self.report_simplified(node, UNSET_FORMULA)
        return f'<code class="tex"{self._direction_of_code("")}>{escape(node.tex)}</code>'

    def name_of_target(self, href: str) -> str:
        """Returns the text for a link that has none: the title of a post of the book, or the
        address.
        """
        place = split_book_address(href)
        if place is not None and place[0] in self.context.index:
            return self.context.index[place[0]].title
        return trim_address(href)

    def _link_content(self, children: tuple[Inline, ...], href: str) -> str:
        match children:
            case (Image() as picture,) if Image not in self._overrides:
                return figures.render_image(self, picture, leads_to=href)
        return self.inlines(children)

    def link_target(self, href: str) -> str | None:
        """Returns an address as the product writes it; None if it is unsafe or leads nowhere there."""
        safe = href if split_book_address(href) is not None else safe_href(href)
        if safe is None:
            self.context.warn(
                DiagnosticCode.RAW_DROPPED,
                unsafe_link_message(href),
                self.post,
                self._line,
            )
            return None
        return self.target.href(safe)

    def link(
        self, href: str, content: str, title: str = "", node: Link | Mention | None = None
    ) -> str:
        """Returns an ``a``; only the content if the address is unsafe or leads nowhere in the
        product.
        """
        target = self.link_target(href) if href else None
        more = self.attributes(node) if node is not None else ""
        within = "<a " in content
        if node is not None and target is not None and within:
            self.report_simplified(node, f"a link around another link was left out: {href[:120]}")
        if target is None or within:
            return f"<span{more}>{content}</span>" if more else content
        tip = f' title="{attribute(title)}"' if title else ""
        # An empty link has no text, but its target may be its only content.
        text = content or escape(self.name_of_target(href))
        return f'<a href="{attribute(target)}"{tip}{more}>{text}</a>'

    # for functions that render nodes in a way of their own

    def render_nodes(self, nodes: Iterable[Any]) -> str:
        """Returns the markup of nodes, which may be blocks, inlines, or a mixture."""
        return "".join(self.inline(n) if is_inline(n) else self.block(n) + "\n" for n in nodes)

    def render_default(self, node: Any, overrides: tuple[Override, ...]) -> str:
        """Returns the markup of a node by ``overrides``, or, without any, by the product's own rules."""
        if overrides:
            return overriding.render_by(overrides, self, node)
        return self._inline(node) if is_inline(node) else self._block(node)

    # what all share

    def attributes(self, node: Node, *classes: str) -> str:
        """Returns id, class, lang and dir of a node with a leading space; empty if it has none."""
        if not (node.id or node.classes or node.attributes or classes):
            return ""
        result = ""
        if node.id:
            result = f' id="{attribute(self.target.anchor(node.id))}"'
        if classes or node.classes:
            result += f' class="{attribute(" ".join((*classes, *node.classes)))}"'
        for name, value in node.attributes:
            if name == "lang" and (tag := language_tag(value)):
                result += f' lang="{tag}"'
                if self.target.xhtml:
                    result += f' xml:lang="{tag}"'
            elif name == "dir" and value.lower() in DIRECTIONS:
                result += f' dir="{value.lower()}"'
            elif name == "title" and type(node) is Span:
                result += f' title="{attribute(value)}"'
            elif name == "cite" and type(node) is Quote:
                address = absolute_url(value) or ""
                result += f' cite="{attribute(address)}"' if address.startswith("http") else ""
        return result

    def report_simplified(self, node: Node, message: str) -> None:
        """Reports a node that the target cannot represent fully."""
        self.context.account(Outcome.SIMPLIFIED, self.post, node, message, self._line)

    def note_content(self, note: Footnote) -> str:
        """Returns the blocks of a note."""
        return self.blocks(note.children)


def _digits(node: List) -> tuple[str, ...]:
    """Returns the class of a list whose numbers are wider than its indent, or none."""
    if not node.ordered:
        return ()
    last = node.start + len(node.items) - 1
    digits = max(len(str(node.start)), len(str(last)))
    return LONG_NUMBERS[: digits - SHORT_NUMBER][-1:] if digits > SHORT_NUMBER else ()


def _begins_with_mark(node: Inline) -> bool:
    """Returns whether the first that is seen of an inline is the mark of a note."""
    children = getattr(node, "children", ())
    first = next((c for c in children if type(c) is not Text or c.text.strip()), None)
    return type(node) is NoteRef or (first is not None and _begins_with_mark(first))
