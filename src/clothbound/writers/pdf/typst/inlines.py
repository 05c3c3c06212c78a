"""Inline nodes as Typst source: a list of expressions that a block of code joins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from ....context import Context
from ....diagnostics import Code as DiagnosticCode
from ....diagnostics import Outcome
from ....escape import safe_href
from ....html.read.parse import parse_fragment
from ....html.write.missing_pictures import Placeholder, placeholder
from ....html.write.picture_sizes import wanted_width
from ....language.words import wording
from ....math.svg import to_svg
from ....model.flatten import flatten_blocks
from ....model.inlines import (
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
)
from ....model.language_tags import language_tag
from ....model.node import Node
from ....model.post import Post
from ....model.walk import picture_words, plain_text, walk
from ....web.addresses import absolute_url, is_address, spoken
from ..page import SMALL_FORMULA, PageFormat
from .mathematics import to_typst
from .source import (
    breakable,
    collapsed,
    content,
    first_direction,
    language_arguments,
    literal,
    name_in,
)

_STYLES: dict[type[Node], str] = {
    Emphasis: "emph",
    Strong: "strong",
    Strikethrough: "strike",
    Superscript: "super",
    Subscript: "sub",
    Underline: "emph",
    Highlight: "emph",
}
_DEEPEST = 12
"""Inline nodes within each other whose style is still told apart; Typst refuses about sixty."""
_PICTURE_FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".heic")
_SURELY_FITS = 0.75
"""Of the line: widths of formulas are estimated, and those that may be wider are measured."""
_OWN = "clothbound:"
"""How links to posts of the book begin."""
_LONGEST_URL = 4000
_DPI = 200
_HIGHEST = 0.66
"""Of the text's height that a picture takes at most."""
_POINTS = {"px": 0.75, "in": 72, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a file of the compilation. Width and height are pixels, 0 unknown."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Book:
    """What the source of one post asks of the book that it stands in."""

    picture: Callable[[Post, Image], Picture | None]
    """The file of a picture; None: not to be had (already reported)."""
    drawing: Callable[[str], str]
    """Keeps an SVG of ours and returns its file's name."""
    keys: frozenset[str]
    """The posts of the book."""


class Inlines:
    """Writes the inline nodes of one post.

    ``anchors`` are the names that were written so far, in order, ``targets`` those that links lead to, with the
    key of the post that has them.
    """

    def __init__(self, post: Post, book: Book, context: Context, page: PageFormat) -> None:
        self.post = post
        self.book = book
        self.context = context
        self.anchors: dict[str, None] = {}
        self.targets: dict[str, str] = {}
        self.language = language_tag(post.metadata.language or context.language, "en")
        self.size = page.size
        """Points of the text, for what is measured in em."""
        self._page = page
        self._room = page.measure
        """Points of the line where the present block stands."""
        self._line = 0
        """That of the block that is being written, or of the last one before it that has one."""
        self._after_space = True
        self._keeps_spaces = False
        self._in_head = False
        """Within a table's head, which later pages repeat: a tagged PDF has no link there."""
        self._depth = 0
        self._superior = False
        """Within a superscript: it is a mark, and no number of a page follows it."""
        self._pictures_alone = False
        """In a paragraph of pictures without words, which are as large as those of figures."""

    def note_mark(self, target: str) -> str:
        """The mark of a note, and the note itself where it stands at the page's foot."""
        raise NotImplementedError

    def paragraph(self, nodes: Iterable[Inline]) -> list[str]:
        """The expressions of nodes with which a paragraph begins."""
        self._after_space = True
        return self.inlines(nodes)

    def verse(self, nodes: Iterable[Inline]) -> list[str]:
        """The same with every space kept."""
        self._keeps_spaces = True
        parts = self.inlines(nodes)
        self._keeps_spaces = False
        return parts

    def inlines(self, nodes: Iterable[Inline]) -> list[str]:
        parts: list[str] = []
        is_mark = False
        for node in nodes:
            if type(node) is Text:
                text = self.text(node.text)
                if text:
                    parts.append(text)
                    is_mark = False
            else:
                before, is_mark = is_mark, type(node) is NoteRef
                if before and is_mark:
                    # Notes 1 and 2, and not note 12.
                    parts.append('super(",")')
                parts.extend(self.inline(node))
        return parts

    def text(self, text: str) -> str:
        """A string literal, or nothing where the text is a space after a space."""
        if self._keeps_spaces:
            return literal(text.replace("\t", "    ")) if text else ""
        text = collapsed(text)
        if self._after_space and text[:1] == " ":
            text = text[1:]
        if not text:
            return ""
        self._after_space = text[-1] == " "
        return literal(breakable(text))

    def inline(self, node: Inline) -> list[str]:
        if self.context.run.overrides and type(node) in self.context.run.overrides:
            return self._html(self.context.run.overrides[type(node)](node))
        style = _STYLES.get(type(node))
        if style is not None:
            return self._wrapped(node, style, node.children)  # type: ignore[union-attr]
        match node:
            case Text(text):
                written = self.text(text)
                return [written] if written else []
            case Link(children, href):
                parts = self._nested(children)
                if parts and ("address" in node.classes or is_address(plain_text(node))):
                    parts = [f"address({content(parts)})"]
                return self._attributed(node, self.link(href, parts))
            case Mention(children, href):
                return self._attributed(node, self.link(href, self._nested(children)))
            case Code(text):
                self._after_space = False
                return self._attributed(node, [f"raw({literal(breakable(text))})"] if text else [])
            case LineBreak():
                self._after_space = True
                return ["linebreak()"]
            case NoteRef(target):
                # The note is a text of its own.
                mark = self.note_mark(target)
                self._after_space = False
                return [mark]
            case Image():
                self._after_space = False
                return self._attributed(node, self.inline_image(node))
            case Span(children):
                return self._attributed(node, self._nested(children))
            case Math(tex):
                self._after_space = False
                return self._attributed(node, [self.math(node, tex, False)])
            case RawInline(form, text):
                if form == "html":
                    return self._html(text)
                self.context.account(
                    Outcome.DROPPED, self.post, node, f"raw {form} left out: it has no form here"
                )
                return []
            case (
                Emphasis()
                | Strong()
                | Strikethrough()
                | Superscript()
                | Subscript()
                | Underline()
                | Highlight()
            ):
                raise AssertionError("in _STYLES")
        assert_never(node)

    def _wrapped(self, node: Inline, style: str, children: tuple[Inline, ...]) -> list[str]:
        deep = self._depth >= _DEEPEST
        superior, self._superior = self._superior, self._superior or type(node) is Superscript
        parts = self._nested(children)
        self._superior = superior
        if parts and not deep:
            parts = [f"{style}({content(parts)})"]
            if "mark" in node.classes:
                # The number of an address does not begin a line.
                parts.insert(0, "sym.wj")
        return self._attributed(node, parts)

    def _nested(self, children: tuple[Inline, ...]) -> list[str]:
        self._depth += 1
        parts = self.inlines(children)
        self._depth -= 1
        return parts

    # what all nodes share

    def anchor(self, node: Node) -> list[str]:
        """The place that links to ``node`` lead to, if it has a name."""
        if not node.id:
            return []
        name = f"{self.post.metadata.key}--{node.id}"
        if name in self.anchors:
            return []
        self.anchors[name] = None
        return [f"at({literal(name)})"]

    def run_arguments(self, node: Node) -> str:
        """Typst's arguments for the language and direction that a node's attributes name."""
        if not node.attributes:
            return ""
        attributes = dict(node.attributes)
        arguments = language_arguments(attributes.get("lang", ""))
        way = attributes.get("dir", "").lower()
        if way == "auto":
            way = first_direction(plain_text(node))
        if way in ("ltr", "rtl"):
            arguments = arguments.rpartition(", dir")[0]
            arguments += (", " if arguments else "") + f"dir: {way}"
        return arguments

    def _attributed(self, node: Node, parts: list[str]) -> list[str]:
        if not (node.id or node.attributes):
            return parts
        arguments = self.run_arguments(node)
        if arguments and parts:
            parts = [f"text({arguments}, {content(parts)})"]
        return [*self.anchor(node), *parts]

    # links

    def link(self, href: str, parts: list[str], *, paged: bool = True) -> list[str]:
        """``paged``: where page numbers are set after links to other posts, one is set here."""
        if not href:
            return parts
        if self._in_head and parts:
            return [*parts, *self._page_of(href)] if paged else parts
        safe = safe_href(href)
        if safe is None:
            self.context.warn(
                DiagnosticCode.RAW_DROPPED,
                f"link with an unsafe address left out: {href[:120]}",
                self.post,
                self._line,
            )
            return parts
        if not parts:
            words = self._leads_to(href)
            if not words:
                return []
            parts = [words]
            self._after_space = False
        if any(part.startswith(("link(", "to(", "within(")) for part in parts):
            return parts
        if all(part.startswith("inline-picture(") for part in parts):
            # A tagged link has a name of words.
            if leads_to_picture(href):
                return parts
            words = self._leads_to(href)
            return [*parts, *self.link(href, [literal(" "), words])] if words else parts
        if safe.lower().startswith(_OWN):
            key, _, fragment = safe.partition(":")[2].partition("#")
            if key not in self.book.keys:
                return parts
            target = f"{key}--{fragment}" if fragment else key
            self.targets[target] = key
            own = key == self.post.metadata.key
            call = "to" if paged and not own and not self._superior else "within"
            return [f"{call}({literal(target)}, {content(parts)})"]
        if safe.startswith("#"):
            if len(safe) == 1:
                return parts
            target = f"{self.post.metadata.key}--{safe[1:]}"
            self.targets[target] = self.post.metadata.key
            return [f"within({literal(target)}, {content(parts)})"]
        url = absolute_url(safe)
        if url is None or not 0 < len(url) <= _LONGEST_URL:
            return parts
        return [f"link({literal(url)}, {content(parts)})"]

    def _leads_to(self, href: str) -> str:
        """What stands for a link without words, as an expression; empty where it leads nowhere."""
        if not href.lower().startswith(_OWN):
            return f"address({literal(breakable(spoken(href)))})"
        key = href[len(_OWN) :].partition("#")[0]
        if key not in self.book.keys:
            return ""
        return literal(breakable(name_in(self.context.index[key].title) or key))

    def _page_of(self, href: str) -> list[str]:
        """The page of another post, without a link: in the head of a table, which is repeated."""
        key, _, fragment = href[len(_OWN) :].partition("#")
        other = key in self.book.keys and key != self.post.metadata.key
        if not href.lower().startswith(_OWN) or not other or self._superior:
            return []
        target = f"{key}--{fragment}" if fragment else key
        self.targets[target] = key
        return [f"page-reference({literal(target)})"]

    # pictures and formulas

    def inline_image(self, node: Image) -> list[str]:
        picture = self.book.picture(self.post, node)
        if picture is None:
            return self.missing(placeholder(node))
        alt = self._alternative(node)
        name = literal(picture.name)
        width = self.picture_width(node, picture.width, picture.height)
        high = width * picture.height / picture.width if picture.width else 2 * self.size
        if not self._pictures_alone and wanted_width(node) is None:
            # A picture within a line is rarely higher than the line.
            high = min(high, 4 * self.size)
        drawn = f"image({name}, alt: {literal(alt)}, height: {high:.1f}pt)"
        return [f"inline-picture({drawn})"]

    def picture_width(self, node: Image, width: int, height: int) -> float:
        """Points that a picture of ``width`` and ``height`` pixels, 0 unknown, is wide by itself."""
        points = min(width * 72 / _DPI, self._room) if width and height else self._room
        wanted = wanted_width(node)
        if wanted is not None and float(wanted[0]):
            units = {**_POINTS, "%": self._room / 100, "em": self.size}
            points = min(float(wanted[0]) * units[wanted[1]], self._room)
        if width and height:
            points = min(points, self._page.text_height * _HIGHEST * width / height)
        return points

    def _alternative(self, node: Image) -> str:
        words = name_in(picture_words(node))
        if not words:
            self.context.warn(
                DiagnosticCode.ALT_MISSING,
                f"picture without alternative text: {node.src[:120]}",
                self.post,
                node.line,
            )
        # A tagged PDF may hold no picture without words: the least that is true.
        return words or wording(self.language).undescribed

    def missing(self, instead: Placeholder, caption: Sequence[Inline] = ()) -> list[str]:
        """The box in the place of a missing picture; nothing where readers can be told nothing."""
        if instead.is_caption:
            label = self.paragraph(caption)
        else:
            label = [literal(breakable(instead.words))] if instead.words else []
        if not label:
            return []
        if instead.address and not any(
            isinstance(n, Link | Mention | NoteRef) for n in walk(caption)
        ):
            label = self.link(instead.address, label)
        return [f"missing({content(label)})"]

    def math(self, node: Node, tex: str, display: bool) -> str:
        """A formula: in Typst's own mathematics, as a drawing, or as its TeX."""
        alt = name_in(tex)
        if not alt:
            self.context.account(Outcome.CHROME, self.post, node, "empty formula left out")
            return '""'
        alt = literal(alt)
        widest = self._room / self.size
        equation = to_typst(tex, display, widest)
        if equation is not None:
            body = f"${equation.source}$.body"
            if not display or equation.width <= widest * _SURELY_FITS:
                return f"formula({'true' if display else 'false'}, {alt}, {body})"
            points = self.size * widest / equation.width
            if points < SMALL_FORMULA:
                self.context.account(
                    Outcome.SIMPLIFIED,
                    self.post,
                    node,
                    f"formula set in type of about {points:.0f} points, as wide as the page",
                    self._line,
                )
            return f"fitted-formula({alt}, {body})"
        drawn = to_svg(tex, display)
        if drawn is None:
            message = "formula written as TeX: it cannot be set"
            self.context.account(Outcome.SIMPLIFIED, self.post, node, message, self._line)
            return f"raw({literal(breakable(' '.join(tex.split())))})"
        message = "formula set as a drawing"
        self.context.account(Outcome.SIMPLIFIED, self.post, node, message, self._line)
        name = literal(self.book.drawing(drawn.svg))
        shown = f"image({name}, alt: {alt}, height: {drawn.height:.3f}em)"
        return f"drawn-formula({shown}, {drawn.depth:.3f}em)"

    def _html(self, markup: str) -> list[str]:
        return self._nested(self._html_inlines(markup))

    def _html_inlines(self, markup: str) -> tuple[Inline, ...]:
        """HTML within a line, read into nodes. Blocks of it lose what makes them blocks."""
        parsed = parse_fragment(markup, source=self.post.metadata.source)
        return tuple(n for n in flatten_blocks(parsed.blocks) if type(n) is not RawInline)


def leads_to_picture(href: str) -> bool:
    """Whether a link round a picture only leads to it, in its own size."""
    address = href.lower()
    path = address.split("?", 1)[0].split("#", 1)[0]
    return path.endswith(_PICTURE_FILES) or "substackcdn.com/image/" in address
