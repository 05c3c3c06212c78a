"""Writes inlines in the plain dialects: GitHub's, CommonMark and Obsidian's.

A character is escaped only where it would be markup, since people go on writing in these files. What a
dialect cannot say is written as HTML.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Protocol, assert_never

from msgspec import structs

from ...context import Context
from ...diagnostics import DiagnosticCode, Outcome, raw_message
from ...escape import attribute, safe_href
from ...html.write.sanitize import clean
from ...html.write.target import UNSET_FORMULA, unsafe_link_message
from ...language.direction import DIRECTIONS
from ...lazy_pattern import lazy_pattern
from ...model import inlines as i
from ...model.addresses import is_relative
from ...model.book_links import split_book_address
from ...model.characters import ASCII_PUNCTUATION, text_alone
from ...model.default_alts import is_default_alt
from ...model.language_tags import language_tag
from ...model.losses import TANGLED_HTML
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Post
from ...model.split_links import holds, is_mark, split_link
from ...model.walk import walk
from ...web.html_elements import MARKS
from .dialects import Dialect
from .edges import PLAIN_MARKS, move_edges_out
from .inlines import SEPARATOR, address, code_span, is_plain_address, keep_from_summary, link_title
from .template_code import keep_from_templates

_SPECIAL = lazy_pattern(
    rf"""\\(?={ASCII_PUNCTUATION}|$)
    | (?<![^\s])\*(?=\s)            # free stars and underscores delimit nothing
    | (?<![^\s])_(?=\s)
    | [*`_]
    | \[[^\[\]\n]*\]                # a pair of brackets, and any other
    | [\[\]]
    | <(?=[A-Za-z/!?])
    | &(?=\#?[A-Za-z0-9]+;)
    | [\n\r]
    """,
    re.X,
)
_KRAMDOWN = lazy_pattern(r"[|]|\{(?=:)|<(?=<)|>(?=>)")
_HASH_TAG = lazy_pattern(r"(?<!\S)#(?=\w)|%(?=%)|\^(?=[\w-]+$)")
_LONG_DASH = lazy_pattern(r"(?<![\w-])--(?=\w)")
_CLOSING_TILDE = lazy_pattern(r"\S~")
_FORMULA = lazy_pattern(r"\$(?=\S)[^$]*(?<=\S)\$(?!\d)", re.S)
_EMOJI = lazy_pattern(r"(?<!\w):(?=[a-z0-9_+-]*[a-z_+-][a-z0-9_+-]*:)")
_LINE_START = lazy_pattern(
    r"(?:\#{1,6}(?=[ \t]|$)|>|[-+*](?=[ \t]|$)|[-=]+[ \t]*$|:(?=[ \t])|[|:-][|: -]*$"
    r"|\d{1,9}(?=[.)](?:[ \t]|$))|\[\^[^\]]*\](?=:))"
)
# A bare address with a character that would be escaped; its end is as in GFM's own rule.
_BARE_LINK = lazy_pattern(
    r"(?<![\w/@])(https?://(?:"
    r"[!#%&+,./0-9:;=?@A-Za-z~-]*[_~][!#%&+,./0-9:;=?@A-Za-z_~-]*[/0-9A-Za-z_=-](?=[\s.,;:!?]|$)"
    r"|[!#%&+,./0-9:;=?@A-Za-z_~-]*[/0-9A-Za-z_=-](?=[^\s!#%&+,./0-9:;=?@A-Za-z_~-])))"
)
_HUGO_OPEN = lazy_pattern(r"\{\{(?=[<%]|\\<)")
_LIQUID_OPEN = lazy_pattern(r"\{(?=[{%])")
_BLOCK_TAG = lazy_pattern(r"<[A-Za-z/!?][^<>]*>\s*$")
_TAG = lazy_pattern(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?:\s[^<>\n]*)?/?>")
_UNSAFE_MATH = lazy_pattern(r"\n|^\s|\s$|(?<!\\)\$|^$")


class Places(Protocol):
    """Where the pictures and the posts of a product are."""

    def picture(self, image: i.Image) -> str | None:
        """Returns the address of a picture; None if it is missing, which is then already reported."""

    def page(self, key: str, anchor: str) -> str | None:
        """Returns the address of a post; None if the product does not hold it."""

    def note_name(self, key: str) -> str:
        """Returns the name of a post's note, without the extension, for wikilinks."""


class PlainInlines:
    """Writes the inlines of one post."""

    def __init__(
        self,
        post: Post,
        dialect: Dialect,
        places: Places,
        context: Context,
        anchors: Mapping[str, str],
    ) -> None:
        """``anchors`` maps the ids of headings to those that generators derive from their words."""
        self.post = post
        self.dialect = dialect
        self.places = places
        self.context = context
        self.anchors = anchors
        self.numbers = {note.id: n for n, note in enumerate(post.footnotes, 1)}
        self.marks: dict[str, int] = {}
        """How many marks of each note have been written."""
        self.linked = frozenset(
            place[1]
            for node in walk(post)
            if isinstance(node, i.Link)
            and (place := _place_of(node.href, post.metadata.key))[0] == post.metadata.key
        )
        """The ids in this post to which it links."""
        self.has_html = False
        """Whether raw HTML has been written."""
        self.has_math = False
        """Whether a formula has been written as one."""
        self.line = 0
        """The line of the block that is being written."""

    def simplify(self, node: Node, message: str) -> None:
        self.context.account(Outcome.SIMPLIFIED, self.post, node, message, self.line)

    # --- lines --------------------------------------------------------------------------------------

    def paragraph(self, nodes: Iterable[i.Inline]) -> str:
        """Returns the lines of a paragraph."""
        text = self.line_of(nodes, breaks="  \n" if self.dialect.is_kramdown else "\\\n")
        return "\n".join(at_line_start(line) for line in text.split("\n"))

    def line_of(
        self, nodes: Iterable[i.Inline], *, breaks: str = "<br>", cell: bool = False
    ) -> str:
        """Returns inlines on one line, or with ``breaks`` between lines; ``cell``: in a pipe table."""
        nodes = _without_edge_breaks(move_edges_out(nodes, PLAIN_MARKS))
        words = " ".join(
            [plain_text(nodes), *(n.alt for n in walk(nodes) if isinstance(n, i.Image))]
        )
        line = _Line(self, words, breaks=breaks, cell=cell)
        return line.render(nodes).strip(" \t")

    def anchor(self, node: Node) -> str:
        """Returns a place to link to if the post links to the id of ``node``."""
        if not node.id or node.id not in self.linked:
            return ""
        self.has_html = True
        return f'<a id="{attribute(node.id)}"></a>'

    def href(self, href: str) -> str | None:
        """Returns an address as the product has it; None if it is unsafe or leads nowhere there."""
        place = split_book_address(href)
        if place is not None:
            key, anchor = place
            if key == self.post.metadata.key:
                return f"#{self.anchors.get(anchor, anchor)}" if anchor else ""
            return self.places.page(key, anchor)
        if href.startswith("#"):
            return f"#{self.anchors.get(href[1:], href[1:])}"
        safe = safe_href(href)
        if safe is None:
            self.context.warn(
                DiagnosticCode.RAW_DROPPED, unsafe_link_message(href), self.post, self.line
            )
        return safe

    def link(self, href: str, text: str, title: str = "") -> str:
        """Returns a link whose text is written already; its text alone if it leads nowhere."""
        place = split_book_address(href)
        if self.dialect.wikilinks and place is not None and place[0] != self.post.metadata.key:
            name = self.places.note_name(place[0])
            if name:
                plain = text.replace("|", "-")
                return f"[[{name}]]" if plain == name else f"[[{name}|{plain}]]"
        target = self.href(href) if href else None
        return (
            text if target is None else f"[{text}]({self.destination(target)}{link_title(title)})"
        )

    def formula(self, tex: str) -> str:
        """Returns TeX in which no template begins; a space between two braces means nothing there."""
        return _LIQUID_OPEN.sub("{ ", tex) if self.dialect.templates else tex

    def destination(self, href: str) -> str:
        """Returns an address between parentheses."""
        if self.dialect.templates:
            href = href.replace("{", "%7B").replace("}", "%7D")
        return address(href)

    def image(self, node: i.Image, line: _Line | None = None) -> str:
        """Returns a picture, in ``line`` if it is within text; its description if it is missing."""
        src = self.places.picture(node)
        words = (line or _Line(self, node.alt)).escape(node.alt, in_link=True)
        if src is None:
            return "" if is_default_alt(node.alt) else words
        if self.dialect.wikilinks and is_relative(src):
            name = src.rpartition("/")[2]
            return f"![[{name}|{words}]]" if words else f"![[{name}]]"
        return f"![{words}]({self.destination(src)}{link_title(node.title)})"


class _Line:
    """Writes the inlines of one line or paragraph, whose ``words`` decide what must be escaped."""

    def __init__(
        self, page: PlainInlines, words: str, *, breaks: str = "<br>", cell: bool = False
    ) -> None:
        self._page = page
        self._dialect = page.dialect
        self._breaks = breaks
        self._cell = cell
        self._more = [
            pattern
            for pattern, applies in (
                (re.compile("~"), "~" in words and _CLOSING_TILDE.search(words)),
                (re.compile(r"\$"), words.count("$") > 1 and _FORMULA.search(words)),
                (re.compile("=(?==)"), page.dialect.wikilinks and "==" in words),
                (re.compile(r"\|"), cell and "|" in words),
                (_KRAMDOWN, page.dialect.is_kramdown),
                (_HASH_TAG, page.dialect.hash_tags),
                (_LONG_DASH, page.dialect.curls and "--" in words),
                (_EMOJI, words.count(":") > 1),
            )
            if applies
        ]

    def render(
        self, nodes: Iterable[i.Inline], around: tuple[type[Node], ...] = (), edge: str = ""
    ) -> str:
        """Returns inlines as Markdown. ``around``: the marks around them; ``edge``: the last
        character before them.
        """
        nodes = tuple(_merge(nodes, around))
        out = ""
        for position, node in enumerate(nodes):
            following = nodes[position + 1] if position + 1 < len(nodes) else None
            piece = self._piece(node, out[-1:] or edge, following, around)
            if out.endswith("!") and piece.startswith("[") and out[-2:-1] != "\\":
                out = f"{out[:-1]}\\!"
            if out.endswith("]") and piece.startswith(("(", "[", ":")) and type(node) is i.Text:
                piece = f"\\{piece}"
            if out.endswith("`") and piece.startswith("`"):
                piece = SEPARATOR + piece
            out += piece
        return out

    def escape(self, text: str, *, in_link: bool = False) -> str:
        """Escapes ``text`` so that no character of it is markup within a line."""
        if self._dialect.bare_links and not in_link and "://" in text:
            # A backslash would become a part of the address.
            parts = _BARE_LINK.split(text)
            for position in range(0, len(parts), 2):
                parts[position] = self._escape(parts[position], in_link=False)
            for position in range(1, len(parts), 2):
                parts[position] = f"<{parts[position]}>"
            return "".join(parts)
        return self._escape(text, in_link=in_link)

    def _escape(self, text: str, *, in_link: bool) -> str:
        def replace(match: re.Match[str]) -> str:
            found = match[0]
            if found in "\n\r":
                return " "
            if found[0] == "[" and len(found) > 1:
                after = text[match.end() : match.end() + 1]
                is_text = not in_link and after not in ("(", "[", ":") and found[1] != "^"
                inside = self._escape(found[1:-1], in_link=in_link)
                if (
                    is_text
                    and found not in ("[ ]", "[x]", "[X]")
                    and text[: match.start()][-1:] != "["
                ):
                    return f"[{inside}]"
                return f"\\[{inside}\\]"
            if found == "_":
                before, after = match.start() - 1, text[match.end() : match.end() + 1]
                inside_word = before >= 0 and text[before].isalnum() and after.isalnum()
                return "_" if inside_word or _is_free(text, match) else "\\_"
            if found == "*" and _is_free(text, match):
                return "*" if match.start() else "\\*"
            return f"\\{found}"

        result = _SPECIAL.sub(replace, text_alone(text))
        if self._dialect.templates == "hugo":
            result = _HUGO_OPEN.sub(r"{\\{", result)
        elif self._dialect.templates == "liquid":
            result = _LIQUID_OPEN.sub("&#123;", result)
        for pattern in self._more:
            result = pattern.sub(lambda m: _escape_each(m[0], m.string[: m.start()]), result)
        return result

    def _piece(  # noqa: C901, PLR0912 - match dispatch
        self,
        node: i.Inline,
        before: str,
        following: i.Inline | None,
        around: tuple[type[Node], ...],
    ) -> str:
        page, dialect = self._page, self._dialect
        match node:
            case i.Text(text):
                return self.escape(text, in_link=i.Link in around)
            case i.Emphasis() | i.Strong():
                return self._emphasis(node, before, following, around)
            case i.Strikethrough(children):
                content = self.render(children, (*around, type(node)), "~")
                good = dialect.strikethrough and "~" not in content
                after = self._first_character(following)
                if good and content and _flanks("~", content, before, after):
                    return f"~~{content}~~"
                return self._tags(node, content)
            case i.Superscript(children) | i.Subscript(children) | i.Underline(children):
                return self._tags(node, self.render(children, around, ">"))
            case i.Highlight(children):
                content = self.render(children, around, "=")
                if dialect.wikilinks and content:
                    return f"=={content}=="
                return self._tags(node, content)
            case i.Link() | i.Mention() if page.numbers and holds(node, is_mark):
                return self.render(split_link(node), around, before)
            case i.Link(children, href, title):
                return self._link(children, href, title, around)
            case i.Mention(children, href):
                return self._link(children, href, "", around)
            case i.Code(text):
                return self._code(text)
            case i.LineBreak():
                page.has_html |= self._breaks == "<br>"
                return self._breaks
            case i.NoteRef(target):
                return self._note_mark(target)
            case i.Image():
                return page.image(node, self)
            case i.Span(children):
                return page.anchor(node) + self._span(node, self.render(children, around, before))
            case i.Math(tex):
                return self._math(node, tex)
            case i.RawInline(form, text):
                return self._raw(node, form, text)
            case _:
                assert_never(node)

    def _emphasis(
        self,
        node: i.Emphasis | i.Strong,
        before: str,
        following: i.Inline | None,
        around: tuple[type[Node], ...],
    ) -> str:
        inner = (*around, type(node))
        size = 2 if isinstance(node, i.Strong) else 1
        nested = (i.Emphasis, i.Strong)
        at_edge = bool(node.children) and (
            isinstance(node.children[0], nested) or isinstance(node.children[-1], nested)
        )
        # Underscores for the inner one of two: `**a _b_**`, and for one that begins with the other.
        first = "_" if size == 1 and (at_edge or i.Strong in around) else "*"
        after = self._first_character(following)
        for marker in (first, "_" if first == "*" else "*"):
            content = self.render(node.children, inner, marker)
            if content and _flanks(marker, content, before, after):
                return f"{marker * size}{content}{marker * size}"
        return self._tags(node, self.render(node.children, inner, ">"))

    def _first_character(self, following: i.Inline | None) -> str:
        """Returns the character with which the next inline begins."""
        match following:
            case None:
                return ""
            case i.Text(text):
                return text[:1]
            case i.Emphasis() | i.Strong():
                return "*"
            case i.Strikethrough():
                return "~"
            case i.LineBreak():
                return " "
            case i.Span(children) | i.Mention(children, "") if children:
                return self._first_character(children[0])
            case i.Math() if self._dialect.math:
                return "$"
            case _:
                return "["

    def _tags(self, node: i.Inline, content: str) -> str:
        if not content:
            return ""
        self._page.has_html = True
        name = MARKS[type(node)]
        return f"<{name}>{content}</{name}>"

    def _link(
        self, children: tuple[i.Inline, ...], href: str, title: str, around: tuple[type[Node], ...]
    ) -> str:
        page = self._page
        if len(children) == 1 and type(children[0]) is i.Text and not title:
            text = children[0].text
            if text == href and is_plain_address(href) and i.Link not in around:
                return f"<{href}>"
        if i.Link in around:  # Markdown has no link within a link.
            return self.render(children, around)
        return page.link(href, self.render(children, (*around, i.Link), "["), title)

    def _code(self, text: str) -> str:
        return keep_from_templates(self._code_alone(text), self._dialect)

    def _code_alone(self, text: str) -> str:
        if self._dialect.is_kramdown and ("]:" in text or ("|" in text and not self._cell)):
            # kramdown takes `[a]:` for a definition and a pipe for a table, in code too.
            self._page.has_html = True
            shown = html.escape(text, quote=False)
            for character in "|]{*_":
                shown = shown.replace(character, f"&#{ord(character)};")
            return f"<code>{shown}</code>"
        return code_span(text.replace("|", "\\|") if self._cell else text)

    def _note_mark(self, target: str) -> str:
        page = self._page
        number = page.numbers.get(target)
        if number is None:
            return f"\\[{target}\\]"
        if self._dialect.footnotes:
            return f"[^{number}]"
        page.has_html = True
        page.marks[target] = nth = page.marks.get(target, 0) + 1
        place = f' id="fnref{number}"' if nth == 1 else ""
        return f'<sup><a href="#fn{number}"{place}>{number}</a></sup>'

    def _span(self, node: i.Span, content: str) -> str:
        given = dict(node.attributes)
        if given.get("element") == "abbr" and given.get("title"):
            self._page.has_html = True
            return f'<abbr title="{attribute(given["title"])}">{content}</abbr>'
        spoken = language_attributes(node)
        if not spoken or not content:
            return content
        self._page.has_html = True
        return f"<span{spoken}>{content}</span>"

    def _math(self, node: i.Math, tex: str) -> str:
        tex = " ".join(tex.split())
        way = self._dialect.math
        if "|" in tex and (self._cell or self._dialect.is_kramdown):
            # A pipe would make a table; in TeX, \vert is the same sign.
            tex = re.sub(r"(?<!\\)\|", r"\\vert ", tex.replace("\\|", "\\Vert "))
        tex = self._page.formula(tex)
        if not way or _UNSAFE_MATH.search(tex):
            self._page.simplify(node, UNSET_FORMULA)
            return self._code(tex)
        self._page.has_math = True
        fence = "$$" if way == "double-dollars" or node.classes == ("display",) else "$"
        return f"{fence}{tex}{fence}"

    def _raw(self, node: i.RawInline, form: str, text: str) -> str:
        page = self._page
        if form != "html":
            page.context.account(Outcome.DROPPED, page.post, node, raw_message(form))
            return ""
        markup = sanitize_inline(text, partial(page.simplify, node, TANGLED_HTML))
        page.has_html |= bool(markup)
        return markup


def sanitize_inline(markup: str, report_text_alone: Callable[[], None]) -> str:
    """Returns raw HTML of a line, sanitised; a tag without its partner stays one."""
    tag = _TAG.fullmatch(markup)
    if tag is None:
        cleaned = clean(markup, xhtml=False, report_text_alone=report_text_alone)
        return cleaned.replace("\n", " ")
    name = tag[2].lower()
    if tag[1]:
        return f"</{name}>" if clean(f"<{name}>x</{name}>", xhtml=False) != "x" else ""
    return clean(markup, xhtml=False).removesuffix(f"</{name}>")


def language_attributes(node: Node) -> str:
    """Returns ``lang`` and ``dir`` of a node for a tag, with a space before each."""
    found = ""
    for name, value in node.attributes:
        if name == "lang" and (tag := language_tag(value)):
            found += f' lang="{tag}"'
        elif name == "dir" and value.lower() in DIRECTIONS:
            found += f' dir="{value.lower()}"'
    return found


def _place_of(href: str, own_key: str) -> tuple[str, str]:
    """Returns the post and the id to which a link leads; a key that no post has if that is none."""
    if href.startswith("#"):
        return own_key, href[1:]
    return split_book_address(href) or ("\0", "")


def _merge(nodes: Iterable[i.Inline], around: tuple[type[Node], ...]) -> Iterable[i.Inline]:
    """Yields inlines without marks inside marks of the same kind, and with adjacent marks joined."""
    last: i.Inline | None = None
    for node in nodes:
        kind = type(node)
        if kind in PLAIN_MARKS and kind in around:
            parts: Iterable[i.Inline] = _merge(node.children, around)  # type: ignore[union-attr]
        else:
            parts = (node,)
        for part in parts:
            if last is not None and type(last) is type(part) and _is_joined(last, part):
                last = _join(last, part)
                continue
            if last is not None:
                yield last
            last = part
    if last is not None:
        yield last


def _is_joined(one: i.Inline, other: i.Inline) -> bool:
    marked = (n.id or n.classes or n.attributes for n in (one, other))
    # Two pieces of code side by side would be one with wrong backticks.
    return type(one) in (i.Code, i.Text) or (type(one) in PLAIN_MARKS and not any(marked))


def _join(one: i.Inline, other: i.Inline) -> i.Inline:
    if isinstance(one, i.Text | i.Code) and isinstance(other, i.Text | i.Code):
        return structs.replace(one, text=one.text + other.text)
    return structs.replace(one, children=(*one.children, *other.children))  # type: ignore[union-attr]


def _without_edge_breaks(nodes: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """Leaves out line breaks at the beginning and the end, which Markdown cannot hold."""
    first, last = 0, len(nodes)
    while first < last and type(nodes[first]) is i.LineBreak:
        first += 1
    while last > first and type(nodes[last - 1]) is i.LineBreak:
        last -= 1
    return nodes[first:last]


def _is_free(text: str, match: re.Match[str]) -> bool:
    """Whether a character has white space, or an end of the text, on both sides."""
    before, after = text[: match.start()][-1:], text[match.end() : match.end() + 1]
    return (not before or before.isspace()) and after.isspace()


def _escape_each(found: str, before: str) -> str:
    """Puts a backslash before each character, unless the one before it is escaped already."""
    if (len(before) - len(before.rstrip("\\"))) % 2:
        return found
    return "".join(f"\\{character}" for character in found)


def _flanks(marker: str, content: str, before: str, after: str) -> bool:
    """Whether delimiters around ``content`` open and close emphasis (CommonMark, section 6.2)."""
    first, last = content[0], content[-1]
    if first.isspace() or last.isspace():
        return False
    ends_escaped = content[-2:-1] == "\\"
    if marker in (before, after, first) or (last == marker and not ends_escaped):
        return False
    opens = not _is_punctuation(first) or not before or before.isspace() or _is_punctuation(before)
    closes = not _is_punctuation(last) or not after or after.isspace() or _is_punctuation(after)
    if marker == "_":
        opens = opens and not (before and before.isalnum())
        closes = closes and not (after and after.isalnum())
    return opens and closes


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def at_line_start(line: str) -> str:
    """Returns ``line`` with a backslash if it would begin a block, or a reference if it would end a summary."""
    line = keep_from_summary(line)
    found = _LINE_START.match(line)
    if found is None:
        # A tag alone on a line would begin a block of HTML.
        return f"&#8203;{line}" if _BLOCK_TAG.fullmatch(line) else line
    at = found.end() if found[0][0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"
