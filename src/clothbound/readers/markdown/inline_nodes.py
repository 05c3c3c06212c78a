"""Makes inline nodes: parses texts, and turns their tokens into nodes of the model.

Each text is checked for too many delimiters first, and inlines nested deeper than ``_LEVELS`` are
flattened, so that recursion is bounded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from mistune.util import unikey

from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...late_names import late_module
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model import blocks as b
from ...model import inlines as i
from ...model.check import canonical_inlines
from ...model.links import EMBEDDED, WIKILINK
from ...model.node import Node
from ...model.plain_text import own_text
from ...model.post import Footnote
from ...model.walk import walk
from ...web.html_elements import MARK_KINDS
from ..sites.link_targets import resolve_filename, resolve_targets
from .attributes import NONE, AttributeBlock
from .dialects import DialectParser
from .parser import Environment, Token, hide_escapes
from .shortcode_report import ShortcodeReport
from .smart import decode_entities, escape_source, smarten, unescape, unescape_url
from .spaced_targets import enclose_targets

if TYPE_CHECKING:
    from ...model import default_alts
    from . import html as html_tokens
    from . import kramdown, obsidian, quarto_conditions, shortcode_nodes, shortcodes
    from .quarto_conditions import Conditions
else:
    kramdown = late_module("clothbound.readers.markdown.kramdown")
    obsidian = late_module("clothbound.readers.markdown.obsidian")
    quarto_conditions = late_module("clothbound.readers.markdown.quarto_conditions")
    shortcode_nodes = late_module("clothbound.readers.markdown.shortcode_nodes")
    shortcodes = late_module("clothbound.readers.markdown.shortcodes")
    html_tokens = late_module("clothbound.readers.markdown.html")
    default_alts = late_module("clothbound.model.default_alts")

_LEVELS = 20
_DELIMITERS = "*_[]`<$^~!"
_NOT_EARLY = lazy_pattern(r"[`<{]|\[\^|\\\\[(\[]")
_OPTION = lazy_pattern(r":(?:(?:size|target|class|id)=|(?:include|ignore|disabled)(?![\w-]))")
_UNSAFE_ID = lazy_pattern(r"[^\w.-]+")
# Newlines in code, HTML, mathematics and addresses have no token that could be counted.
_HIDES_LINES = lazy_pattern(r"\][\[(][^\])]*\n|\{[^{}]*\n|<[^<>\n]*\n")
_RUNS = lazy_pattern("`+|\\$+")
_EMAIL = lazy_pattern(
    r"(?<![\w.+/-])[\w.+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*[A-Za-z0-9])+(?![\w-]|\.[\w-]*[_-]\b)",
    re.A,
)


class Gathered(msgspec.Struct):
    """State that is collected over a whole post while its nodes are made."""

    findings: list[LineDiagnostic] = []
    ids: list[str] = []
    fragments: set[str] = set()
    """The fragments to which links within the post point."""
    is_dialect: bool = False
    """Whether any node has classes or attributes, which may be names of Substack's components."""
    footnotes: list[tuple[int, Footnote]] = []
    """The notes, each with its line."""
    note_ids: dict[str, str] = {}
    """The id of each note, by its normalized label."""
    used_notes: set[str] = set()
    taken_note_ids: set[str] = set()
    note_numbers: dict[str, int] = {}
    is_flattened: bool = False
    shortcodes: ShortcodeReport = msgspec.field(default_factory=ShortcodeReport)

    def common(self, attributes: AttributeBlock) -> dict[str, Any]:
        if attributes is NONE:
            return {}
        if attributes.id:
            self.ids.append(attributes.id)
        if attributes.classes or attributes.pairs:
            self.is_dialect = True
        return {
            "id": attributes.id,
            "classes": attributes.classes,
            "attributes": attributes.pairs,
        }

    def add_finding(self, code: DiagnosticCode, message: str, line: int) -> None:
        self.findings.append((code, message, line))

    def flatten(self, line: int) -> None:
        if not self.is_flattened:
            self.is_flattened = True
            message = "nested too deeply; the levels below are flattened"
            self.add_finding(DiagnosticCode.MARKUP_REPAIRED, message, line)

    def new_note_id(self, label: str) -> str:
        """Returns a free id for a note: its label without unsafe characters, numbered if it is
        taken.
        """
        base = _UNSAFE_ID.sub("-", label).strip("-") or "note"
        candidate = base
        number = self.note_numbers.get(base, 1)
        while candidate in self.taken_note_ids:
            number += 1
            candidate = f"{base}-{number}"
        self.note_numbers[base] = number
        self.taken_note_ids.add(candidate)
        return candidate


def _hides_lines(text: str) -> bool:
    """Whether code, mathematics, a tag or an address may continue on the next line."""
    if _HIDES_LINES.search(text):
        return True
    for line in text.split("\n") if "`" in text or "$" in text else ():
        runs = Counter(_RUNS.findall(line))
        if any(count % 2 for count in runs.values()):
            return True
    return False


def _pair_html(tokens: list[Token]) -> list[Token]:
    for token in tokens:
        if token["type"] == "inline_html":
            return html_tokens.pair_inline_html(tokens)
    return tokens


class InlineBuilder:
    """Makes the inline nodes of one post's texts."""

    def __init__(
        self,
        parser: DialectParser,
        env: Environment,
        limits: Limits,
        gathered: Gathered,
        *,
        curls: bool,
        breaks: bool,
        conditions: Conditions | None = None,
    ) -> None:
        """``curls``: whether straight quotation marks become curly; ``breaks``: whether the end of a line is a break;
        ``conditions``: what decides which spans a post of Quarto's shows.
        """
        self._breaks = breaks
        self._conditions = conditions
        self._parse_inline = parser.parse_inlines
        self._env = env
        self._limits = limits
        self._gathered = gathered
        self._is_gfm = parser.dialect == "gfm"
        self._is_pandoc = parser.dialect == "pandoc"
        self._is_extended = parser.dialect != "commonmark"
        self._is_vault = parser.wikilinks
        self._curls = curls
        self._last = ""
        """The character before the current one, which decides the direction of quotation marks."""
        self._level = 0
        self._line = 0
        self._counts_lines = False
        self._in_link = False
        self.caption: tuple[i.Inline, ...] = ()
        """The description of the last image that was read."""

    @property
    def _shortcodes(self) -> shortcode_nodes.ShortcodeBuilder:
        # Kept here, it and this would keep each other, and what the post was made of, after its end.
        return shortcode_nodes.ShortcodeBuilder(
            self.read, lambda tokens, depth: (), self._gathered.shortcodes
        )

    def read(self, text: str, line: int) -> tuple[i.Inline, ...]:
        """Returns the nodes of a text."""
        text = text.strip(" \r\n\t\f")
        if text.isalnum() and text.isascii():
            # A word or a number is all that most cells of tables hold, and no rule knows it.
            return (i.Text(text),)
        if len(text) > self._limits.delimiters and _count(text) > self._limits.delimiters:
            return self._parse_by_line(text, line)
        return self._parse(text, line)

    def _parse(self, text: str, line: int) -> tuple[i.Inline, ...]:
        env = self._env
        if ("{{" in text or "{%" in text) and self._is_extended:
            text = self._resolve_references(text, line)
        if self._is_pandoc and "](" in text:
            text = enclose_targets(text)
        if (
            self._is_pandoc
            and "\\" in text
            and not _NOT_EARLY.search(text)
            and not (env["ref_links"] and "[" in text)
        ):
            # Most backslashes in a file from Pandoc precede quotation marks; removing them all at
            # once saves mistune from stopping at each.
            text = hide_escapes(text)
        tokens = self._parse_inline(text, env)
        self._last = ""
        self._level = 0
        self._line = line
        self._counts_lines = line > 0 and "\n" in text
        if self._counts_lines and _hides_lines(text):
            # Only the line on which the text begins is known.
            self._counts_lines = False
        nodes = self._run(tokens)
        if env["undefined"]:
            for label in dict.fromkeys(env["undefined"]):
                self._gathered.add_finding(
                    DiagnosticCode.FOOTNOTE_UNDEFINED, f"note [^{label}] is not defined", line
                )
            env["undefined"].clear()
        return nodes

    def _run(self, tokens: list[Token]) -> tuple[i.Inline, ...]:
        if self._is_extended:
            tokens = _pair_html(tokens)
        result: list[i.Inline] = []
        text = ""
        for position, token in enumerate(tokens):
            kind = token["type"]
            if kind == "text":
                raw = token["raw"]
                if self._is_gfm and "@" in raw and not self._in_link:
                    parts = self._emails(raw)
                    result.extend((i.Text(text), *parts) if text else parts)
                    text = ""
                else:
                    text += self._words(raw, tokens, position)
                continue
            if kind == "softbreak":
                self._end_line()
                if not self._breaks:
                    text += " "
                    continue
            if text:
                result.append(i.Text(text))
                text = ""
            has_list = kind == "attribute_list"
            new = self._apply_list(token, result) if has_list else _INLINES[kind](self, token)
            if isinstance(new, tuple):
                result.extend(new)
            else:
                result.append(new)
        if text:
            result.append(i.Text(text))
        return canonical_inlines(result) if len(result) > 1 else tuple(result)

    def _end_line(self) -> None:
        if self._counts_lines:
            self._line += 1
        self._last = " "

    def _soft_break(self, token: Token) -> i.Inline:
        return i.LineBreak()

    def _apply_list(self, token: Token, result: list[i.Inline]) -> tuple[i.Inline, ...]:
        """Gives kramdown's attributes to the last node. Returns the letters of what is no such list."""
        defined = self._env["attribute_lists"]
        attributes, names = kramdown.read_list(token["raw"], defined)
        if attributes == NONE and not (names and all(name in defined for name in names)):
            return (i.Text(token["text"]),)
        if result and type(result[-1]) not in (i.Text, i.LineBreak, i.NoteRef):
            self._gathered.common(attributes)
            applied: Any = kramdown.with_attributes(result[-1], attributes)
            result[-1] = applied
        return ()

    def _words(self, raw: str, tokens: list[Token], position: int) -> str:
        """Returns the text of the token at ``position``, whose source is ``raw``."""
        if self._is_pandoc:
            following = tokens[position + 1]["type"] if position + 1 < len(tokens) else "end"
            more = following not in ("softbreak", "linebreak", "end")
            raw = smarten(raw, self._last, more, curls=self._curls)
        if "&" in raw:
            raw = decode_entities(raw)
        raw = unescape(raw)
        if raw:
            self._last = raw[-1]
        return raw

    def _emails(self, raw: str) -> list[i.Inline]:
        """Returns a text with GFM's bare e-mail addresses as links."""
        result: list[i.Inline] = []
        done = 0
        for found in _EMAIL.finditer(raw):
            result.append(i.Text(unescape(decode_entities(raw[done : found.start()]))))
            address = found[0]
            result.append(i.Link((i.Text(address),), f"mailto:{address}", line=self._line))
            done = found.end()
        result.append(i.Text(unescape(decode_entities(raw[done:]))))
        return result

    def _parse_by_line(self, text: str, line: int) -> tuple[i.Inline, ...]:
        """Parses a text with too many delimiters line by line; a line with too many is plain
        text.
        """
        message = f"more than {self._limits.delimiters} delimiters in one paragraph; read as text"
        result: list[i.Inline] = []
        for position, part in enumerate(text.split("\n")):
            if result:
                result.append(i.Text(" "))
            if _count(part) > self._limits.delimiters:
                self._gathered.add_finding(
                    DiagnosticCode.MARKUP_REPAIRED, message, line + position if line else 0
                )
                result.append(i.Text(part.strip() or " "))
            else:
                result.extend(self._parse(part.strip(), line + position if line else 0))
        return canonical_inlines(result)

    def _children(self, token: Token) -> tuple[i.Inline, ...]:
        self._level += 1
        try:
            return self._run(token["children"])
        finally:
            self._level -= 1

    def _mark(self, token: Token) -> i.Inline | tuple[i.Inline, ...]:
        children = self._children(token)
        if self._level >= _LEVELS:
            self._gathered.flatten(self._line)
            return children
        return _MARKS[token["type"]](children)

    def _code(self, token: Token) -> i.Inline:
        self._last = "x"
        attributes = token.get("attributes", NONE)
        return i.Code(escape_source(token["raw"]), **self._gathered.common(attributes))

    def _link(self, token: Token) -> i.Inline:
        attrs = token["attrs"]
        line = self._line
        href = self._target(attrs["url"])
        if href.startswith("#"):
            self._gathered.fragments.add(href[1:])
        outer, self._in_link = self._in_link, True
        if not token["children"] and (named := self._env["heading_names"].get(attrs["url"])):
            children: tuple[i.Inline, ...] = (i.Text(named),)
        elif "verbatim" in token:
            shown = token["children"][0]["raw"]
            children = (i.Text(decode_entities(shown)),)
            self._last = shown[-1]
        else:
            children = self._children(token)
        self._in_link = outer
        return i.Link(
            children,
            href,
            _title(attrs.get("title")),
            line=line,
            **self._gathered.common(token.get("attributes", NONE)),
        )

    def _target(self, url: str) -> str:
        address = unescape_url(url)
        return resolve_filename(address) if self._is_extended else address

    def _wikilink(self, token: Token) -> i.Inline:
        text = unescape(decode_entities(token["text"]))
        self._last = text[-1:]
        name = unescape(decode_entities(token["name"]))
        classes = (WIKILINK, EMBEDDED) if token["embedded"] else (WIKILINK,)
        children = self._children(token) if "children" in token else (i.Text(text),)
        return i.Link(children, name, classes=classes, line=self._line)

    def _image(self, token: Token) -> i.Inline:
        attrs = token["attrs"]
        attributes: AttributeBlock = token.get("attributes", NONE)
        if attributes is NONE and (given := self._env["link_attributes"].get(attrs["url"])):
            attributes = _block_of(given)
        line = self._line
        self.caption = self._children(token)
        own = attributes.get("alt") or attributes.get("fig-alt")
        alt = own or _alt_text(self.caption)
        if self._is_vault and "|" in alt and (sized := obsidian.split_size(alt)):
            alt, size = sized
            self.caption = (i.Text(alt),) if alt else ()
            attributes = msgspec.structs.replace(attributes, pairs=(*attributes.pairs, *size))
        if not own and (
            default_alts.is_default_alt(alt) or default_alts.names_file(alt, attrs["url"])
        ):
            self.caption = ()
        return i.Image(
            self._target(attrs["url"]),
            alt,
            _title(attrs.get("title")),
            line=line,
            **self._gathered.common(attributes.without("alt", "fig-alt")),
        )

    def _span(self, token: Token) -> i.Inline | tuple[i.Inline, ...]:
        line = self._line
        children = self._children(token)
        attributes = self.shown_attributes("span", token["attributes"], line)
        if attributes is None:
            return ()
        if attributes == NONE:
            return children
        if attributes in _MARK_SPANS:
            return _MARK_SPANS[attributes](children)
        return i.Span(children, line=line, **self._gathered.common(attributes))

    def shown_attributes(
        self, kind: str, attributes: AttributeBlock, line: int
    ) -> AttributeBlock | None:
        """Returns the attributes of what is shown, without conditions; None for what Quarto hides, which is noted."""
        if self._conditions is None:
            return attributes
        if self._conditions.show(attributes):
            return quarto_conditions.without_conditions(attributes)
        message = f"a {kind} that Quarto does not show in pages of HTML was left out"
        self._gathered.add_finding(DiagnosticCode.NODE_DROPPED, message, line)
        return None

    def _break(self, token: Token) -> i.Inline:
        self._last = ""
        if self._counts_lines:
            # A <br> breaks the line for readers, not in the source.
            self._line += token.get("lines", 1)
        return i.LineBreak()

    def _raw_html(self, token: Token) -> i.Inline | tuple[i.Inline, ...]:
        raw = escape_source(token["raw"])
        if raw.startswith("<!--"):
            return ()
        return i.RawInline("html", raw)

    def _raw(self, token: Token) -> i.Inline:
        return i.RawInline(token["format"], token["raw"])

    def _math(self, token: Token) -> i.Inline:
        self._last = "x"
        tex = escape_source(token["raw"])
        return i.Math(tex, classes=("display",) if token.get("display") else ())

    def _note_ref(self, token: Token) -> i.Inline:
        note_id = self._gathered.note_ids[unikey(token["label"])]
        self._gathered.used_notes.add(note_id)
        return i.NoteRef(note_id, line=self._line)

    def _inline_note(self, token: Token) -> i.Inline:
        note_id = self._gathered.new_note_id("inline")
        line = self._line
        outer = self._last, self._level, self._line, self._counts_lines
        children = self.read(token["text"], line)
        self._last, self._level, self._line, self._counts_lines = outer
        content = (b.Paragraph(children, line=line),) if children else ()
        self._gathered.footnotes.append((line, Footnote(note_id, content)))
        return i.NoteRef(note_id, line=line)

    def _resolve_references(self, text: str, line: int) -> str:
        text, names = shortcodes.take_other_references(resolve_targets(text))
        for name in names:
            self._gathered.shortcodes.add(
                name, "names the target of a link; its path was taken", line
            )
        return text

    def _shortcode(self, token: Token) -> tuple[i.Inline, ...]:
        line = self._line
        children = self._children(token) if token["children"] else ()
        outer = self._last, self._level, self._line, self._counts_lines
        nodes: tuple[i.Inline, ...] = self._shortcodes.inline(
            token["tag"], token["content"], children, line
        )
        self._last, self._level, self._line, self._counts_lines = outer
        self._last = "x"
        if self._counts_lines:
            self._line += token["tag"].text.count("\n")
        return nodes

    def _template_value(self, token: Token) -> tuple[i.Inline, ...]:
        self._last = "x"
        nodes: tuple[i.Inline, ...] = self._shortcodes.value(
            token["raw"], token["path"], self._line
        )
        return nodes

    def _expression(self, token: Token) -> i.Inline:
        self._last = "x"
        raw = token["raw"]
        self._gathered.shortcodes.add_expression(raw, self._line)
        if self._counts_lines:
            self._line += raw.count("\n")
        return i.Code(" ".join(escape_source(raw).split()), classes=(shortcode_nodes.KEPT,))

    def _example(self, token: Token) -> i.Inline | tuple[i.Inline, ...]:
        self._last = token["raw"][-1:] or self._last
        return i.Code(token["raw"]) if token["raw"] else ()


def _block_of(pairs: dict[str, str]) -> AttributeBlock:
    rest = tuple((name, value) for name, value in pairs.items() if name not in ("id", "class"))
    return AttributeBlock(pairs.get("id", ""), tuple(pairs.get("class", "").split()), rest)


def _count(text: str) -> int:
    return sum(map(text.count, _DELIMITERS))


def _title(title: str | None) -> str:
    """Returns the title of a link or a picture; one that only sets an option of Docsify's is none."""
    return unescape(decode_entities(title)) if title and not _OPTION.match(title) else ""


def _alt_text(nodes: tuple[i.Inline, ...]) -> str:
    """Returns the text of a description, including that of pictures in it and the TeX of formulas."""
    return "".join(map(_described, walk(nodes)))


def _described(node: Node) -> str:
    match node:
        case i.Image():
            return node.alt
        case i.LineBreak():
            return " "
        case i.RawInline():
            return ""
    return own_text(node)


_MARKS = {kind.__name__.lower(): kind for kind in MARK_KINDS.values()}
"""The kinds of marks, by the types of their tokens."""
_MARK_SPANS: dict[AttributeBlock, Callable[[tuple[i.Inline, ...]], i.Inline]] = {
    AttributeBlock(classes=("underline",)): i.Underline,
    AttributeBlock(classes=("ul",)): i.Underline,
    AttributeBlock(classes=("mark",)): i.Highlight,
}
_INLINES: dict[str, Callable[[InlineBuilder, Token], i.Inline | tuple[i.Inline, ...]]] = {
    **dict.fromkeys(_MARKS, InlineBuilder._mark),
    "codespan": InlineBuilder._code,
    "link": InlineBuilder._link,
    "image": InlineBuilder._image,
    "wikilink": InlineBuilder._wikilink,
    "span": InlineBuilder._span,
    "linebreak": InlineBuilder._break,
    "softbreak": InlineBuilder._soft_break,
    "inline_html": InlineBuilder._raw_html,
    "raw": InlineBuilder._raw,
    "math": InlineBuilder._math,
    "note_ref": InlineBuilder._note_ref,
    "inline_note": InlineBuilder._inline_note,
    "inline_shortcode": InlineBuilder._shortcode,
    "template_value": InlineBuilder._template_value,
    "example": InlineBuilder._example,
    "expression": InlineBuilder._expression,
}
