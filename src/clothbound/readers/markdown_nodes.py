"""From mistune's tokens to nodes of the model.

Blocks come as a finished tree of tokens; inlines are parsed here, text by text, so that each text
passes a bound on its delimiters first. Recursion is bounded: the parser stops nesting at
``NESTING`` containers, and inlines are flattened at ``_INLINE_LEVELS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from mistune.util import unescape as decode_entities
from mistune.util import unikey

from ..diagnostics import Code
from ..limits import Limits
from ..model import blocks as b
from ..model import inlines as i
from ..model.check import canonical_inlines
from ..model.node import Node
from ..model.post import Footnote
from ..model.walk import plain_text, rewrite, walk
from .markdown_attributes import NONE, Attributes, parse_attributes
from .markdown_html import after_comments, is_comment, pair_inline_html, wrap_divisions
from .markdown_parser import Environment, Parser, Token, hide_escapes
from .markdown_shortcodes import (
    SHORTCODE,
    protect,
    read_shortcode,
    resolve_references,
    shortcode_name,
)
from .markdown_smart import escape_source, smarten, unescape, unescape_url

_INLINE_LEVELS = 20
_BLOCK_RESERVE = 24
"""Levels kept for what is below the innermost container."""

_DELIMITERS = "*_[]`<$^~!"
_NOT_EARLY = re.compile(r"[`<{]|\[\^").search
# Right after a link, a span or code the block is theirs.
_HEADING_ATTRIBUTES = re.compile(r"(?:^|[ \t]+|(?<=[^\\)\]`]))(\{[^{}]*\})[ \t]*$")
_TASK = re.compile(r"\[([ xX])\](?:[ \t\n]+|$)")
_FILE_NAME = re.compile(r"[\w%.() +-]*\.(?:png|jpe?g|gif|webp|svg|avif|heic|bmp|tiff?)", re.I)
_PIXELS = re.compile(r"(\d{1,5})(?:px)?")
_UNSAFE_ID = re.compile(r"[^\w.-]+")
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)")
_CODE_INFO = re.compile(r"([^\s{]*)[ \t]*(\{.*\})?[ \t]*(.*)", re.S)
_RAW_FENCE = re.compile(r"\{=([\w+-]+)\}")
_CHUNK = re.compile(r"\{(\w[\w.+#-]*)[ \t,]*(.*)\}", re.S)
# Newlines in code, HTML, mathematics and addresses give no token that could be counted.
_HIDES_LINES = re.compile(r"[`<$]|\][\[(][^\])]*\n|\{[^}]*\n").search
_EMAIL = re.compile(
    r"(?<![\w.+/-])[\w.+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*[A-Za-z0-9])+(?![\w-]|\.[\w-]*[_-]\b)",
    re.A,
)
_COLON_ID = re.compile(r"[^\w\s.-]")

Finding = tuple[Code, str, int]


class Builder:
    """Builds the nodes of one text. Used once."""

    def __init__(self, parser: Parser, env: Environment, limits: Limits) -> None:
        self._parse_inline = parser.parse_inlines
        self._env = env
        self._limits = limits
        self._is_gfm = parser.dialect == "gfm"
        self._is_pandoc = parser.dialect == "pandoc"
        self._is_extended = parser.dialect != "commonmark"
        self._deepest_block = max(1, limits.depth - _BLOCK_RESERVE)
        self.findings: list[Finding] = [
            (Code.MARKUP_REPAIRED, message, line) for line, message in env["repairs"]
        ]
        self.is_dialect = False
        """Whether there is anything with classes or attributes, which Substack's names might be."""
        self.ids: list[str] = []
        self._fragments: set[str] = set()
        self._footnotes: list[tuple[int, Footnote]] = []
        self._note_ids: dict[str, str] = {}
        self._used_notes: set[str] = set()
        self._taken_note_ids: set[str] = set()
        self._last = ""
        self._level = 0
        self._line = 0
        self._counts_lines = False
        self._in_link = False
        self._caption: tuple[i.Inline, ...] = ()
        """The description of the image read last."""
        self._flattened = False

    # Entry points

    def build(self, tokens: list[Token]) -> tuple[tuple[b.Block, ...], tuple[Footnote, ...]]:
        """The blocks and notes of a post."""
        notes = self._env["notes"]
        for key, definitions in notes.items():
            self._note_ids[key] = self._new_note_id(definitions[0]["label"])
        body = self.blocks(tokens)
        for key, definitions in notes.items():
            for position, definition in enumerate(definitions):
                label, line = definition["label"], definition["line"]
                note_id = self._note_ids[key]
                if position:
                    note_id = self._new_note_id(label)
                    message = f"note [^{label}] is defined again; the later one is kept unmarked"
                    self._find(Code.ID_DUPLICATE, message, line)
                self._footnotes.append(
                    (line, Footnote(note_id, self.blocks(definition["children"])))
                )
        for key, definitions in notes.items():
            if self._note_ids[key] not in self._used_notes:
                message = f"note [^{definitions[0]['label']}] is never referred to"
                self._find(Code.FOOTNOTE_UNUSED, message, definitions[0]["line"])
        for line in self._env["too_deep"][:1]:
            self._flatten(line)
        self._footnotes.sort(key=lambda pair: pair[0])
        footnotes = tuple(note for _, note in self._footnotes)
        if self._fragments.difference(self.ids):
            body = self._with_heading_ids(body)
        return body, footnotes

    def blocks(self, tokens: list[Token], depth: int = 0) -> tuple[b.Block, ...]:
        """Nodes of a list of block tokens."""
        if self._is_extended and any(token["type"] == "block_html" for token in tokens):
            tokens, too_deep = wrap_divisions(tokens)
            if too_deep:
                self._flatten(too_deep[0])
        result: list[b.Block] = []
        for token in tokens:
            kind = token["type"]
            if kind == "blank_line":
                continue
            made = _BLOCKS[kind](self, token, depth)
            if isinstance(made, tuple):
                result.extend(made)
            else:
                result.append(made)
        return tuple(result)

    def inlines(self, text: str, line: int) -> tuple[i.Inline, ...]:
        """Nodes of a text."""
        text = text.strip(" \r\n\t\f")
        if len(text) > self._limits.delimiters and _count(text) > self._limits.delimiters:
            return self._bounded(text, line)
        return self._parse(text, line)

    # Inlines

    def _parse(self, text: str, line: int) -> tuple[i.Inline, ...]:
        env = self._env
        if ("{{" in text or "{%" in text) and self._is_extended:
            text = self._keep_shortcodes(text, line)
        if (
            self._is_pandoc
            and "\\" in text
            and not _NOT_EARLY(text)
            and not (env["ref_links"] and "[" in text)
        ):
            # Most backslashes of a Pandoc file stand before quotation marks; taking them out at
            # once spares mistune a stop at each.
            text = hide_escapes(text)
        tokens = self._parse_inline(text, env)
        self._last = ""
        self._level = 0
        self._line = line
        self._counts_lines = line > 0 and "\n" in text
        if self._counts_lines and _HIDES_LINES(text):
            self._line = 0
            self._counts_lines = False
        nodes = self._run(tokens)
        if env["undefined"]:
            for label in dict.fromkeys(env["undefined"]):
                self._find(Code.FOOTNOTE_UNDEFINED, f"there is no note [^{label}]", line)
            env["undefined"].clear()
        return nodes

    def _run(self, tokens: list[Token]) -> tuple[i.Inline, ...]:
        if self._is_extended:
            for token in tokens:
                if token["type"] == "inline_html":
                    tokens = pair_inline_html(tokens)
                    break
        result: list[i.Inline] = []
        text = ""
        count = len(tokens)
        for position, token in enumerate(tokens):
            kind = token["type"]
            if kind == "text":
                raw = token["raw"]
                if self._is_pandoc:
                    following = tokens[position + 1]["type"] if position + 1 < count else "end"
                    more = following not in ("softbreak", "linebreak", "end")
                    raw = smarten(raw, self._last, more)
                elif "@" in raw and self._is_gfm and not self._in_link:
                    parts = self._emails(raw)
                    result.extend((i.Text(text), *parts) if text else parts)
                    text = ""
                    continue
                if "&" in raw:
                    raw = decode_entities(raw)
                raw = unescape(raw)
                if raw:
                    text += raw
                    self._last = raw[-1]
                continue
            if kind == "softbreak":
                if self._counts_lines:
                    self._line += 1
                text += " "
                self._last = " "
                continue
            if text:
                result.append(i.Text(text))
                text = ""
            made = _INLINES[kind](self, token)
            if isinstance(made, tuple):
                result.extend(made)
            else:
                result.append(made)
        if text:
            result.append(i.Text(text))
        return canonical_inlines(result) if len(result) > 1 else tuple(result)

    def _emails(self, raw: str) -> list[i.Inline]:
        """A text with GFM's bare addresses of electronic mail as links."""
        result: list[i.Inline] = []
        done = 0
        for found in _EMAIL.finditer(raw):
            result.append(i.Text(unescape(decode_entities(raw[done : found.start()]))))
            address = found[0]
            result.append(i.Link((i.Text(address),), f"mailto:{address}", line=self._line))
            done = found.end()
        result.append(i.Text(unescape(decode_entities(raw[done:]))))
        return result

    def _bounded(self, text: str, line: int) -> tuple[i.Inline, ...]:
        """A text with too many delimiters, line by line; a line with too many is plain text."""
        message = f"more than {self._limits.delimiters} delimiters in one paragraph; read as text"
        result: list[i.Inline] = []
        for position, part in enumerate(text.split("\n")):
            if result:
                result.append(i.Text(" "))
            if _count(part) > self._limits.delimiters:
                self._find(Code.MARKUP_REPAIRED, message, line + position if line else 0)
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
        if self._level >= _INLINE_LEVELS:
            self._flatten(self._line)
            return children
        return _MARKS[token["type"]](children)

    def _code(self, token: Token) -> i.Inline:
        self._last = "x"
        attributes = token.get("attributes", NONE)
        return i.Code(escape_source(token["raw"]), **self._common(attributes))

    def _link(self, token: Token) -> i.Inline:
        attrs = token["attrs"]
        line = self._line
        href = unescape_url(attrs["url"])
        if href.startswith("#"):
            self._fragments.add(href[1:])
        outer, self._in_link = self._in_link, True
        if "verbatim" in token:
            shown = token["children"][0]["raw"]
            children: tuple[i.Inline, ...] = (i.Text(decode_entities(shown)),)
            self._last = shown[-1]
        else:
            children = self._children(token)
        self._in_link = outer
        return i.Link(
            children,
            href,
            _title(attrs.get("title")),
            line=line,
            **self._common(token.get("attributes", NONE)),
        )

    def _image(self, token: Token) -> i.Inline:
        attrs = token["attrs"]
        attributes: Attributes = token.get("attributes", NONE)
        line = self._line
        self._caption = self._children(token)
        alt = attributes.get("alt") or _alt_text(self._caption)
        return i.Image(
            unescape_url(attrs["url"]),
            alt,
            _title(attrs.get("title")),
            line=line,
            **self._common(attributes.without("alt")),
        )

    def _span(self, token: Token) -> i.Inline | tuple[i.Inline, ...]:
        attributes: Attributes = token["attributes"]
        line = self._line
        children = self._children(token)
        if attributes == NONE:
            return children
        if attributes in _MARK_SPANS:
            return _MARK_SPANS[attributes](children)
        return i.Span(children, line=line, **self._common(attributes))

    def _break(self, token: Token) -> i.Inline:
        self._last = ""
        if self._counts_lines:
            self._line += 1
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
        note_id = self._note_ids[unikey(token["label"])]
        self._used_notes.add(note_id)
        return i.NoteRef(note_id, line=self._line)

    def _inline_note(self, token: Token) -> i.Inline:
        note_id = self._new_note_id("inline-1")
        line = self._line
        outer = self._last, self._level, self._line, self._counts_lines
        children = self.inlines(token["text"], line)
        self._last, self._level, self._line, self._counts_lines = outer
        content = (b.Paragraph(children, line=line),) if children else ()
        self._footnotes.append((line, Footnote(note_id, content)))
        return i.NoteRef(note_id, line=line)

    # Blocks

    def _paragraph(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        text = token["text"]
        line = token["line"]
        if "{{" in text and self._is_extended:
            split = self._split_shortcodes(text, line)
            if split is not None:
                return split
        return self._make_paragraph(text, line)

    def _make_paragraph(self, text: str, line: int) -> b.Block | tuple[b.Block, ...]:
        children = _trimmed(self.inlines(text, line))
        if not children:
            return ()
        if len(children) == 1:
            only = children[0]
            if type(only) is i.Image:
                return self._figure(only, "", line)
            if type(only) is i.Link and len(only.children) == 1:
                inner = only.children[0]
                if type(inner) is i.Image and not (only.classes or only.attributes or only.id):
                    return self._figure(inner, only.href, line)
        if self._is_pandoc and any(
            type(child) is i.Math and child.classes == ("display",) for child in children
        ):
            return _split_math(children, line)
        return b.Paragraph(children, line=line)

    def _figure(self, image: i.Image, href: str, line: int) -> b.Block:
        caption: tuple[i.Inline, ...] = ()
        if self._is_pandoc and not href:
            caption = self._caption
            if len(caption) == 1 and type(caption[0]) is i.Text:
                caption = () if _FILE_NAME.fullmatch(caption[0].text) else caption
        width, height = (_pixels(image, name) for name in ("width", "height"))
        return b.Figure(image, caption, href, width, height, line=line)

    def _heading(self, token: Token, depth: int) -> b.Block:
        text = token["text"]
        attributes = NONE
        if self._is_pandoc and "{" in text:
            found = _HEADING_ATTRIBUTES.search(text)
            parsed = parse_attributes(found[1]) if found else None
            if found and parsed and parsed[1] == len(found[1]):
                attributes = parsed[0]
                text = text[: found.start()]
        return b.Heading(
            self.inlines(text, token["line"]),
            token["attrs"]["level"],
            line=token["line"],
            **self._common(attributes),
        )

    def _rule(self, token: Token, depth: int) -> b.Block:
        return b.ThematicBreak(line=token["line"])

    def _quote(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        children = token["children"]
        kind = ""
        if self._is_extended and children:
            first = next((c for c in children if c["type"] != "blank_line"), children[0])
            if first["type"] == "paragraph" and (alert := _ALERT.match(first["text"])):
                kind = alert[1].lower()
                first["text"] = first["text"][alert.end() :]
                if not first["text"].strip():
                    children = [c for c in children if c is not first]
        content = self.blocks(children, depth + 1)
        if self._is_too_deep(depth, token):
            return content
        if kind:
            return b.Callout(content, kind=kind, line=token["line"])
        return b.Quote(content, line=token["line"])

    def _list(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        if depth + 2 > self._deepest_block:
            self._flatten(token["line"])
            return tuple(
                block
                for item in token["children"]
                for block in self.blocks(item["children"], depth)
            )
        items = []
        for item in token["children"]:
            children = item["children"]
            checked: bool | None = None
            first = children[0] if children else None
            if self._is_extended and first and first["type"] in ("paragraph", "block_text"):
                task = _TASK.match(first["text"])
                if task:
                    checked = task[1] != " "
                    first["text"] = first["text"][task.end() :]
            line = first.get("line", 0) if first else 0
            items.append(b.ListItem(self.blocks(children, depth + 2), checked, line=line))
        attrs = token["attrs"]
        return b.List(
            tuple(items),
            attrs["ordered"],
            attrs.get("start", 1),
            token["tight"],
            line=token["line"],
        )

    def _code_block(self, token: Token, depth: int) -> b.Block:
        text = token["raw"]
        text = text.removesuffix("\n")
        line = token["line"]
        info = decode_entities(token.get("attrs", {}).get("info", ""))
        if not info:
            return b.CodeBlock(text, line=line)
        if not self._is_pandoc or "{" not in info:
            language, _, rest = info.partition(" ")
            pairs = (("info", rest.strip()),) if rest.strip() else ()
            return b.CodeBlock(text, language, attributes=pairs, line=line)
        if raw := _RAW_FENCE.fullmatch(info):
            return b.RawBlock(raw[1], text, line=line)
        found = _CODE_INFO.fullmatch(info)
        assert found is not None
        language, block, rest = found[1], found[2] or "", found[3]
        attributes = NONE
        parsed = parse_attributes(block) if block else None
        if parsed and parsed[1] == len(block):
            attributes = parsed[0]
            if not language and attributes.classes:
                language = attributes.classes[0]
                attributes = attributes._replace(classes=attributes.classes[1:])
        elif chunk := _CHUNK.fullmatch(block):
            language = language or chunk[1]
            rest = chunk[2] or rest
        elif block:
            rest = f"{block} {rest}".strip()
        if rest:
            attributes = attributes._replace(pairs=(*attributes.pairs, ("info", rest)))
        return b.CodeBlock(text, language, line=line, **self._common(attributes))

    def _html(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        raw = token["raw"]
        if is_comment(raw):
            return ()
        if self._is_extended and raw.lstrip().startswith("<!--"):
            rest = after_comments(raw)
            if not rest.startswith("<"):
                line = token["line"] + raw.count("\n", 0, len(raw) - len(rest))
                return self._make_paragraph(rest, line)
        return b.RawBlock("html", raw.rstrip("\n"), line=token["line"])

    def _html_div(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        attributes: Attributes = token["attributes"]
        if attributes == NONE:
            return self.blocks(token["children"], depth)
        return self._group(token, depth)

    def _group(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        attributes: Attributes = token["attributes"]
        if attributes == NONE:
            return self.blocks(token["children"], depth)
        children = self.blocks(token["children"], depth + 1)
        if self._is_too_deep(depth, token):
            return children
        first = attributes.classes[0] if attributes.classes else ""
        if first.startswith("callout-") and first not in ("callout-block", "callout-title"):
            return self._callout(attributes, children, token["line"])
        return b.Group(children, line=token["line"], **self._common(attributes))

    def _callout(self, attributes: Attributes, children: tuple[b.Block, ...], line: int) -> b.Block:
        """Quarto's callouts; the title is an attribute or a heading at the top."""
        title: tuple[i.Inline, ...] = ()
        if named := attributes.get("title"):
            title = self.inlines(named, line)
        elif children and type(children[0]) is b.Heading:
            title = children[0].children
            children = children[1:]
        kind = attributes.classes[0].removeprefix("callout-")
        rest = attributes.without("title")._replace(classes=attributes.classes[1:])
        return b.Callout(children, title, kind, line=line, **self._common(rest))

    def _definition_list(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        items = tuple(
            b.DefinitionItem(
                self.inlines(item["term"], item["line"]),
                tuple(self.blocks(d, depth + 2) for d in item["definitions"]),
                line=item["line"],
            )
            for item in token["items"]
        )
        if self._is_too_deep(depth + 1, token):
            return tuple(block for item in items for d in item.definitions for block in d)
        return b.DefinitionList(items, line=token["line"])

    def _table(self, token: Token, depth: int) -> b.Block:
        line = token["line"]
        head = tuple(b.Cell(self.inlines(cell, line)) for cell in token["head"])
        rows = tuple(
            tuple(b.Cell(self.inlines(cell, row_line)) for cell in row)
            for row_line, row in token["rows"]
        )
        caption = self.inlines(token["caption"], 0) if token["caption"] else ()
        alignments = token["alignments"] if any(token["alignments"]) else ()
        return b.Table((head,) if head else (), rows, tuple(alignments), caption, line=line)

    def _verse(self, token: Token, depth: int) -> b.Block:
        children: list[i.Inline] = []
        for offset, text in enumerate(token["lines"]):
            if offset:
                children.append(i.LineBreak())
            indent = len(text) - len(text.lstrip(" "))
            if indent and text.strip():
                children.append(i.Text(" " * indent))
            if text.strip():
                children.extend(self.inlines(text, token["line"] + offset))
        return b.Verse(canonical_inlines(children), line=token["line"])

    def _display_math(self, token: Token, depth: int) -> b.Block:
        return b.MathBlock(token["raw"], line=token["line"])

    # Shortcodes

    def _split_shortcodes(self, text: str, line: int) -> tuple[b.Block, ...] | None:
        """A paragraph one line of which is a shortcode that shows a block; None if none is."""
        result: list[b.Block] = []
        pending: list[str] = []
        start = line
        found_one = False
        for offset, part in enumerate(text.split("\n")):
            block = read_shortcode(part, line + offset) if "{{" in part else None
            if block is None:
                if not pending:
                    start = line + offset
                pending.append(part)
                continue
            found_one = True
            if any(p.strip() for p in pending):
                self._extend(result, self._make_paragraph("\n".join(pending), start))
            pending = []
            result.append(block)
        if not found_one:
            return None
        if any(p.strip() for p in pending):
            self._extend(result, self._make_paragraph("\n".join(pending), start))
        return tuple(result)

    @staticmethod
    def _extend(result: list[b.Block], made: b.Block | tuple[b.Block, ...]) -> None:
        if isinstance(made, tuple):
            result.extend(made)
        else:
            result.append(made)

    def _keep_shortcodes(self, text: str, line: int) -> str:
        text = resolve_references(text)
        names = dict.fromkeys(map(shortcode_name, SHORTCODE.finditer(text)))
        for name in names:
            message = f"shortcode {name!r} stands in the text as it is written"
            self._find(Code.SHORTCODE_KEPT, message, line)
        return protect(text) if names else text

    # Bookkeeping

    def _common(self, attributes: Attributes) -> dict[str, Any]:
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

    def _find(self, code: Code, message: str, line: int) -> None:
        self.findings.append((code, message, line))

    def _is_too_deep(self, depth: int, token: Token) -> bool:
        if depth + 1 <= self._deepest_block:
            return False
        self._flatten(token["line"])
        return True

    def _flatten(self, line: int) -> None:
        if not self._flattened:
            self._flattened = True
            message = "nested too deeply; the levels below are flattened"
            self._find(Code.MARKUP_REPAIRED, message, line)

    def _new_note_id(self, label: str) -> str:
        base = _UNSAFE_ID.sub("-", label).strip("-") or "note"
        candidate = base
        count = 1
        stem, dash, digits = base.rpartition("-")
        if dash and digits.isdigit() and stem == "inline":
            base, count = stem, 0
        while candidate in self._taken_note_ids:
            count += 1
            candidate = f"{base}-{count}"
        self._taken_note_ids.add(candidate)
        return candidate

    def _with_heading_ids(self, body: tuple[b.Block, ...]) -> tuple[b.Block, ...]:
        """Headings that a link of the post names by Pandoc's automatic identifier get it."""
        wanted = self._fragments.difference(self.ids)
        taken: set[str] = set(self.ids)

        def visit(node: Any) -> Any:
            if type(node) is b.Heading and not node.id:
                name = heading_id(plain_text(node))
                if name in wanted and name not in taken:
                    taken.add(name)
                    return msgspec.structs.replace(node, id=name)
            return node

        result: tuple[b.Block, ...] = rewrite(body, visit)
        return result


def heading_id(text: str) -> str:
    """Pandoc's and GitHub's automatic identifier of a heading."""
    return re.sub(r"\s+", "-", _COLON_ID.sub("", text).strip().lower())


def _count(text: str) -> int:
    return sum(map(text.count, _DELIMITERS))


def _title(title: str | None) -> str:
    return unescape(decode_entities(title)) if title else ""


def _alt_text(nodes: tuple[i.Inline, ...]) -> str:
    """The words of a description, those of pictures in it too."""
    return "".join(node.alt if type(node) is i.Image else _own(node) for node in walk(nodes))


def _own(node: Node) -> str:
    return node.text if isinstance(node, (i.Text, i.Code)) else ""


def _pixels(image: i.Image, name: str) -> int:
    value = next((value for key, value in image.attributes if key == name), "")
    found = _PIXELS.fullmatch(value)
    return int(found[1]) if found else 0


def _trimmed(nodes: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """Inlines without the spaces that a comment left at either end."""
    if nodes and type(nodes[0]) is i.Text and nodes[0].text[:1] == " ":
        text = nodes[0].text.lstrip(" ")
        nodes = ((i.Text(text),) if text else ()) + nodes[1:]
    if nodes and type(nodes[-1]) is i.Text and nodes[-1].text[-1:] == " ":
        text = nodes[-1].text.rstrip(" ")
        nodes = nodes[:-1] + ((i.Text(text),) if text else ())
    return nodes


def _split_math(children: tuple[i.Inline, ...], line: int) -> tuple[b.Block, ...]:
    """A paragraph cut at its display formulas."""
    result: list[b.Block] = []
    run: list[i.Inline] = []

    def end_run() -> None:
        rest = _trimmed(tuple(run))
        if rest:
            result.append(b.Paragraph(rest, line=line if not result else 0))
        run.clear()

    for child in children:
        if type(child) is i.Math and child.classes == ("display",):
            end_run()
            result.append(b.MathBlock(child.tex, line=line if not result else 0))
        else:
            run.append(child)
    end_run()
    return tuple(result)


_MARKS: dict[str, Callable[[tuple[i.Inline, ...]], i.Inline]] = {
    "emphasis": i.Emphasis,
    "strong": i.Strong,
    "strikethrough": i.Strikethrough,
    "superscript": i.Superscript,
    "subscript": i.Subscript,
    "underline": i.Underline,
    "highlight": i.Highlight,
}
_MARK_SPANS: dict[Attributes, Callable[[tuple[i.Inline, ...]], i.Inline]] = {
    Attributes(classes=("underline",)): i.Underline,
    Attributes(classes=("ul",)): i.Underline,
    Attributes(classes=("mark",)): i.Highlight,
}
_INLINES: dict[str, Callable[[Builder, Token], i.Inline | tuple[i.Inline, ...]]] = {
    **dict.fromkeys(_MARKS, Builder._mark),
    "codespan": Builder._code,
    "link": Builder._link,
    "image": Builder._image,
    "span": Builder._span,
    "linebreak": Builder._break,
    "inline_html": Builder._raw_html,
    "raw": Builder._raw,
    "math": Builder._math,
    "note_ref": Builder._note_ref,
    "inline_note": Builder._inline_note,
}
_BLOCKS: dict[str, Callable[[Builder, Token, int], b.Block | tuple[b.Block, ...]]] = {
    "paragraph": Builder._paragraph,
    "block_text": Builder._paragraph,
    "heading": Builder._heading,
    "thematic_break": Builder._rule,
    "block_quote": Builder._quote,
    "list": Builder._list,
    "block_code": Builder._code_block,
    "block_html": Builder._html,
    "html_div": Builder._html_div,
    "div": Builder._group,
    "def_list": Builder._definition_list,
    "pipe_table": Builder._table,
    "line_block": Builder._verse,
    "display_math": Builder._display_math,
}
