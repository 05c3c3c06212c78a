"""Makes the body and the notes of a post from the tokens of a whole text.

Recursion is bounded, since the parser stops nesting at ``NESTING`` containers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...late_names import late_module
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model import blocks as b
from ...model import inlines as i
from ...model.check import canonical_inlines
from ...model.post import Footnote
from ...web.html_elements import QUARTO_CALLOUT
from ..sites.link_targets import resolve_targets
from .attributes import NONE, AttributeBlock, split_heading
from .dialects import DialectParser
from .inline_nodes import Gathered, InlineBuilder
from .multimarkdown import with_abbreviations
from .paragraphs import lone_id, split_math, trim, without_line_end_spaces
from .parser import Environment, Token
from .smart import decode_entities, unescape

if TYPE_CHECKING:
    from ...html.read import block_builders
    from ...model import flatten
    from ...web import css_lengths, template_examples
    from . import (
        code_info,
        heading_names,
        jsx,
        kramdown,
        obsidian,
        quarto_divisions,
        shortcode_nodes,
        tables,
    )
    from . import html as html_tokens
    from .chunks import Chunk, Chunks
else:
    # What few texts have.
    jsx = late_module("clothbound.readers.markdown.jsx")
    kramdown = late_module("clothbound.readers.markdown.kramdown")
    obsidian = late_module("clothbound.readers.markdown.obsidian")
    quarto_divisions = late_module("clothbound.readers.markdown.quarto_divisions")
    shortcode_nodes = late_module("clothbound.readers.markdown.shortcode_nodes")
    block_builders = late_module("clothbound.html.read.block_builders")
    flatten = late_module("clothbound.model.flatten")
    html_tokens = late_module("clothbound.readers.markdown.html")
    heading_names = late_module("clothbound.readers.markdown.heading_names")
    code_info = late_module("clothbound.readers.markdown.code_info")
    css_lengths = late_module("clothbound.web.css_lengths")
    tables = late_module("clothbound.readers.markdown.tables")
    template_examples = late_module("clothbound.web.template_examples")

_BLOCK_RESERVE = 24
"""Levels reserved for the content of the innermost container."""

_CONTENTS = lazy_pattern(
    r"\s*(?:\[toc\]|\[\[_?toc_?\]\]|\{\{\s*toc(?::\d[\d-]*)?\s*\}\}|\[:contents\]|@\[toc\]|\$\{toc\})\s*",
    re.I,
)
"""Matches the place of a table of contents, in the forms of several programs. A book has its own."""
_TASK = lazy_pattern(r"\[([ xX])\](?:[ \t\n]+|$)")
_ALERT = lazy_pattern(
    r"\[!(?P<kind>[^\W\d_][\w-]*)(?:\|[^\]\n]*)?\](?P<fold>[-+]?)[ \t]*(?P<title>[^\n]*)(?:\n|$)"
)
"""Matches the first line of an alert of GitHub or of a callout of Obsidian, which may have a title."""


class NodeBuilder:
    """Builds the nodes of one text. An instance is used once."""

    def __init__(
        self,
        parser: DialectParser,
        env: Environment,
        limits: Limits,
        *,
        curls: bool = True,
        breaks: bool = False,
        chunks: Chunks | None = None,
    ) -> None:
        """``curls``: whether straight quotation marks become curly; ``breaks``: whether the end of a
        line is a break; ``chunks``: those of a post whose
        code is run.
        """
        self._chunks = chunks
        self._env = env
        self._is_pandoc = parser.dialect == "pandoc"
        self._is_extended = parser.dialect != "commonmark"
        self._is_vault = parser.wikilinks
        self._has_lists = parser.kramdown
        self._deepest_block = max(1, limits.depth - _BLOCK_RESERVE)
        self._gathered = Gathered(
            [
                *((DiagnosticCode.MARKUP_REPAIRED, said, line) for line, said in env["repairs"]),
            ]
        )
        self._inlines = InlineBuilder(
            parser,
            env,
            limits,
            self._gathered,
            curls=curls,
            breaks=breaks,
            conditions=chunks.conditions if chunks is not None else None,
        )
        self._simplified_cells: list[int] = []
        """The lines of cells, in the table being built, whose blocks were flattened to lines."""

    @property
    def findings(self) -> list[LineDiagnostic]:
        return self._gathered.findings

    @property
    def is_dialect(self) -> bool:
        """Whether any node has classes or attributes, which may be names of Substack's
        components.
        """
        return self._gathered.is_dialect

    @property
    def has_ids(self) -> bool:
        return bool(self._gathered.ids)

    def build(self, tokens: list[Token]) -> tuple[tuple[b.Block, ...], tuple[Footnote, ...]]:
        """Returns the blocks and notes of a post."""
        notes = self._env["notes"]
        for key, definitions in notes.items():
            self._gathered.note_ids[key] = self._gathered.new_note_id(definitions[0]["label"])
        body = self.blocks(tokens)
        for key, definitions in notes.items():
            for position, definition in enumerate(definitions):
                label, line = definition["label"], definition["line"]
                note_id = self._gathered.note_ids[key]
                if position:
                    note_id = self._gathered.new_note_id(label)
                    message = (
                        f"note [^{label}] is defined twice; the second one is kept without a mark"
                    )
                    self._gathered.add_finding(DiagnosticCode.ID_DUPLICATE, message, line)
                self._gathered.footnotes.append(
                    (line, Footnote(note_id, self.blocks(definition["children"])))
                )
        for key, definitions in notes.items():
            if self._gathered.note_ids[key] not in self._gathered.used_notes:
                message = f"note [^{definitions[0]['label']}] has no mark in the text"
                self._gathered.add_finding(
                    DiagnosticCode.FOOTNOTE_UNUSED, message, definitions[0]["line"]
                )
        self._gathered.findings.extend(self._gathered.shortcodes.findings())
        for line in self._env["too_deep"][:1]:
            self._gathered.flatten(line)
        self._gathered.footnotes.sort(key=lambda pair: pair[0])
        footnotes = tuple(note for _, note in self._gathered.footnotes)
        if meanings := self._env["abbreviations"]:
            body = with_abbreviations(body, meanings)
        wanted = self._gathered.fragments.difference(self._gathered.ids)
        if wanted:
            body = heading_names.with_heading_ids(
                body, wanted, self._gathered.ids, is_pandoc=self._is_pandoc
            )
        return body, footnotes

    def blocks(self, tokens: list[Token], depth: int = 0) -> tuple[b.Block, ...]:
        """Returns the nodes of block tokens."""
        if self._is_extended and any(token["type"] == "block_html" for token in tokens):
            tokens, too_deep = html_tokens.wrap_divisions(tokens)
            if too_deep:
                self._gathered.flatten(too_deep[0])
        if self._has_lists:
            tokens = kramdown.join_lists(tokens)
        result: list[b.Block] = []
        below: AttributeBlock | None = None
        is_adjacent = False
        for token in tokens:
            kind = token["type"]
            if kind == "blank_line":
                is_adjacent, below = False, None
                continue
            if kind == "attribute_list":
                below = self._add_lists(result, token["texts"], below, is_adjacent=is_adjacent)
                continue
            count = len(result)
            new_blocks = _BLOCKS[kind](self, token, depth)
            if isinstance(new_blocks, tuple):
                result.extend(new_blocks)
            elif result and not result[-1].id and (name := lone_id(new_blocks)):
                result[-1] = msgspec.structs.replace(result[-1], id=name)
            else:
                result.append(new_blocks)
            if below is not None and len(result) > count:
                result[count] = self._with_attributes(result[count], below)
            is_adjacent, below = True, None
        return tuple(result)

    def _add_lists(
        self,
        result: list[b.Block],
        texts: Sequence[str],
        below: AttributeBlock | None,
        *,
        is_adjacent: bool,
    ) -> AttributeBlock | None:
        """Gives kramdown's attributes to the block directly above them; returns those for the block below."""
        defined = self._env["attribute_lists"]
        lists = [kramdown.read_list(text, defined).attributes for text in texts]
        if not (is_adjacent and result):
            return kramdown.merge_lists(*([below] if below is not None else []), *lists)
        # The first may make another block of it; the others are given to that at once, since there may be thousands.
        result[-1] = self._with_attributes(result[-1], lists[0])
        if lists[1:]:
            for attributes in lists[1:-1]:
                self._gathered.common(attributes)
            result[-1] = self._with_attributes(result[-1], kramdown.merge_lists(*lists[1:]))
        return None

    def _with_attributes(self, block: b.Block, attributes: AttributeBlock) -> b.Block:
        self._gathered.common(attributes)
        node: b.Block = kramdown.with_attributes(block, attributes)  # type: ignore[assignment]
        return node

    def _paragraph(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        return self._make_paragraph(token["text"], token["line"])

    def _make_paragraph(self, text: str, line: int) -> b.Block | tuple[b.Block, ...]:
        if self._is_extended and text[:1] in "[{@$" and _CONTENTS.fullmatch(text):
            return ()
        children = trim(self._inlines.read(text, line))
        if not children:
            return ()
        if self._is_vault and (files := obsidian.read_embedded_files(children, line)):
            return files
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
            return split_math(children, line)
        return b.Paragraph(children, line=line)

    def _figure(self, image: i.Image, href: str, line: int) -> b.Block:
        caption: tuple[i.Inline, ...] = ()
        if self._is_pandoc and not href:
            caption = self._inlines.caption
        width, height = (
            css_lengths.pixels_in(image.attributes, name) for name in ("width", "height")
        )
        return b.Figure(image, caption, href, width, height, line=line)

    def _heading(self, token: Token, depth: int) -> b.Block:
        text = token["text"]
        attributes = NONE
        if self._is_pandoc:
            text, block = split_heading(text)
            if block:
                attributes = kramdown.read_block(block, self._env["attribute_lists"])
        return b.Heading(
            self._inlines.read(text, token["line"]),
            token["attrs"]["level"],
            line=token["line"],
            **self._gathered.common(attributes),
        )

    def _rule(self, token: Token, depth: int) -> b.Block:
        return b.ThematicBreak(line=token["line"])

    def _quote(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        source = kramdown.take_last_list([token]) if self._has_lists else None
        if source is not None:
            made = self._quote(token, depth)
            attributes = kramdown.read_list(source, self._env["attribute_lists"]).attributes
            return made if isinstance(made, tuple) else self._with_attributes(made, attributes)
        children = token["children"]
        kind = ""
        title: tuple[i.Inline, ...] = ()
        if self._is_extended and children:
            first = next((c for c in children if c["type"] != "blank_line"), children[0])
            if first["type"] == "paragraph" and (alert := _ALERT.match(first["text"])):
                kind = alert["kind"].lower()
                if alert["title"].strip():
                    title = self._inlines.read(alert["title"], first["line"])
                first["text"] = first["text"][alert.end() :]
                first["line"] += alert[0].count("\n")
                if not first["text"].strip():
                    children = [c for c in children if c is not first]
        content = self.blocks(children, depth + 1)
        if self._is_too_deep(depth, token):
            return content
        if kind:
            return b.Callout(content, title, kind, line=token["line"])
        return b.Quote(content, line=token["line"])

    def _list(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        if depth + 2 > self._deepest_block:
            self._gathered.flatten(token["line"])
            return tuple(
                block
                for item in token["children"]
                for block in self.blocks(item["children"], depth)
            )
        items = []
        source = kramdown.take_last_list(token["children"]) if self._has_lists else None
        attributes = NONE
        if source is not None:
            attributes, names = kramdown.read_list(source, self._env["attribute_lists"])
            if kramdown.TOC in names:
                return ()
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
        made = b.List(
            tuple(items),
            attrs["ordered"],
            attrs.get("start", 1),
            token["tight"],
            line=token["line"],
        )
        return made if source is None else self._with_attributes(made, attributes)

    def _code_block(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        text = token["raw"]
        text = text.removesuffix("\n")
        line = token["line"]
        if "{" in text and self._is_extended:
            text = template_examples.printed_code(text)
        hidden = token.get("attrs", {}).get("info", "")
        info = unescape(decode_entities(hidden))
        if self._is_vault and info.strip().lower() in obsidian.COMPUTED:
            message = f"a block of {info.strip()!r} is computed by Obsidian; it was left out"
            self._gathered.add_finding(DiagnosticCode.NODE_DROPPED, message, line)
            return ()
        if not info:
            named = code_info.read_first_line(text) if self._is_extended else ("", text)
            return b.CodeBlock(named[1], named[0], line=line)
        if not self._is_pandoc or "{" not in hidden:
            language, _, rest = info.partition(" ")
            if ":" in language:
                language, rest = code_info.part_line_numbers(language, rest)
            pairs = (("info", rest.strip()),) if rest.strip() else ()
            return b.CodeBlock(text, language, attributes=pairs, line=line)
        if raw := code_info.raw_format(hidden):
            return b.RawBlock(raw, text, line=line)
        runs = self._chunks is not None and self._chunks.runs
        read = code_info.read_info(hidden, runs=runs)
        if read.options is not None and self._chunks is not None:
            chunk = self._chunks.read(read.language, read.options, text, line)
            return self._chunk(chunk, read.language, line)
        shown = self._inlines.shown_attributes("block of code", read.attributes, line)
        if shown is None:
            return ()
        return b.CodeBlock(text, read.language, line=line, **self._gathered.common(shown))

    def _chunk(self, chunk: Chunk, language: str, line: int) -> tuple[b.Block, ...]:
        titled = (("title", chunk.title),) if chunk.title else ()
        code = b.CodeBlock(chunk.code, language, attributes=titled, line=line)
        figures = (
            b.Figure(
                i.Image(figure.src, figure.alternative, line=line),
                self._inlines.read(figure.caption, line) if figure.caption else (),
                line=line,
            )
            for figure in chunk.figures
        )
        return ((code,) if chunk.is_printed else ()) + tuple(figures)

    def _html(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        raw = token["raw"]
        if html_tokens.is_comment(raw) or (self._is_extended and html_tokens.is_space(raw)):
            return ()
        if self._is_extended and raw.lstrip().startswith("<!--"):
            rest = html_tokens.after_comments(raw)
            if not rest.startswith("<"):
                line = token["line"] + raw.count("\n", 0, len(raw) - len(rest))
                return self._make_paragraph(rest, line)
        if self._is_extended and ("{{" in raw or "{%" in raw):
            raw = resolve_targets(raw)
        return b.RawBlock("html", raw.rstrip("\n"), line=token["line"])

    def _html_words(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        children = self._inlines.read(token["text"], token["line"])
        return (
            b.Paragraph(children, line=token["line"], classes=(block_builders.WITHIN_HTML,))
            if children
            else ()
        )

    def _html_div(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        attributes: AttributeBlock = token["attributes"]
        if attributes == NONE:
            return self.blocks(token["children"], depth)
        return self._group(token, depth)

    def _group(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        line = token["line"]
        attributes = self._inlines.shown_attributes("division", token["attributes"], line)
        if attributes is None:
            return ()
        if attributes == NONE:
            return self.blocks(token["children"], depth)
        children = self.blocks(token["children"], depth + 1)
        if self._is_too_deep(depth, token):
            return children
        first = attributes.classes[0] if attributes.classes else ""
        if QUARTO_CALLOUT.fullmatch(first):
            return self._callout(attributes, children, token["line"])
        made = self._quarto_division(attributes, children, token["line"])
        if made is not None:
            return made
        return b.Group(children, line=token["line"], **self._gathered.common(attributes))

    def _quarto_division(
        self, attributes: AttributeBlock, children: tuple[b.Block, ...], line: int
    ) -> tuple[b.Block, ...] | None:
        """Returns the nodes of a division that only Quarto has; None for any other."""
        if self._chunks is None:
            return None
        said = attributes.get("tbl-cap") or attributes.get("fig-cap")
        caption = self._inlines.read(said, line) if said else ()
        made = quarto_divisions.make_division(attributes, children, caption, line)
        if made is not None and attributes.id and any(node.id == attributes.id for node in made):
            self._gathered.common(AttributeBlock(id=attributes.id))
        return made

    def _callout(
        self, attributes: AttributeBlock, children: tuple[b.Block, ...], line: int
    ) -> b.Block:
        """Makes one of Quarto's callouts; the title is an attribute or a heading at the top."""
        title: tuple[i.Inline, ...] = ()
        if named := attributes.get("title"):
            title = self._inlines.read(named, line)
        elif children and type(children[0]) is b.Heading:
            title = children[0].children
            children = children[1:]
        kind = attributes.classes[0].removeprefix("callout-")
        rest = msgspec.structs.replace(attributes.without("title"), classes=attributes.classes[1:])
        return b.Callout(children, title, kind, line=line, **self._gathered.common(rest))

    def _definition_list(self, token: Token, depth: int) -> b.Block | tuple[b.Block, ...]:
        items = tuple(
            b.DefinitionItem(
                self._inlines.read(item["term"], item["line"]),
                tuple(self.blocks(d, depth + 2) for d in item["definitions"]),
                line=item["line"],
            )
            for item in token["items"]
        )
        if self._is_too_deep(depth + 1, token):
            return tuple(block for item in items for d in item.definitions for block in d)
        return b.DefinitionList(items, line=token["line"])

    def _table(self, token: Token, depth: int) -> b.Block:
        caption = self._inlines.read(token["caption"], 0) if token["caption"] else ()
        simplified = len(self._simplified_cells)
        head, rows = (
            tuple(tuple(self._cell(cell, line, depth) for cell in cells) for line, cells in part)
            for part in (token["head"], token["rows"])
        )
        if len(self._simplified_cells) > simplified:
            line = self._simplified_cells[simplified]
            del self._simplified_cells[simplified:]
            self._gathered.add_finding(
                DiagnosticCode.MARKUP_REPAIRED, block_builders.CELLS_AS_LINES, line
            )
        return b.Table(
            head,
            rows,
            tuple(token["alignments"]) if any(token["alignments"]) else (),
            caption,
            line=token["line"],
            **self._gathered.common(token["attributes"]),
        )

    def _cell(self, cell: str | tables.ParsedCell, line: int, depth: int) -> b.Cell:
        if isinstance(cell, str):
            return b.Cell(self._inlines.read(cell, line))
        blocks = self.blocks(cell.tokens, depth + 2)
        if not block_builders.are_lines(blocks):
            self._simplified_cells.append(blocks[0].line or line)
        return b.Cell(flatten.flatten_blocks(blocks), cell.width, cell.height)

    def _verse(self, token: Token, depth: int) -> b.Block:
        children: list[i.Inline] = []
        for offset, text in enumerate(token["lines"]):
            if offset:
                children.append(i.LineBreak())
            indent = len(text) - len(text.lstrip(" "))
            if indent and text.strip():
                children.append(i.Text(" " * indent))
            if text.strip():
                children.extend(self._inlines.read(text, token["line"] + offset))
        return b.Verse(without_line_end_spaces(canonical_inlines(children)), line=token["line"])

    def _display_math(self, token: Token, depth: int) -> b.Block:
        attributes = token.get("attributes", NONE)
        return b.MathBlock(token["raw"], line=token["line"], **self._gathered.common(attributes))

    def _shortcode(self, token: Token, depth: int) -> tuple[b.Block, ...]:
        if self._is_too_deep(depth, token):
            return self.blocks(token["children"], depth)
        # Kept here, it and this would keep each other, and what the post was made of, after its end.
        report = self._gathered.shortcodes
        return shortcode_nodes.ShortcodeBuilder(self._inlines.read, self.blocks, report).block(
            token, depth
        )

    def _expression(self, token: Token, depth: int) -> tuple[b.Block, ...]:
        """Returns what an expression of MDX says that stands as a block; one that only the site evaluates is kept."""
        raw, line = token["raw"], token["line"]
        value = jsx.evaluate(raw[1:-1], self._env["script"])
        if value is None:
            self._gathered.shortcodes.add_expression(raw, line)
            if "\n" in raw:
                return (b.CodeBlock(raw, line=line, classes=(shortcode_nodes.KEPT,)),)
            return (b.Paragraph((i.Code(raw, classes=(shortcode_nodes.KEPT,)),), line=line),)
        return (b.Paragraph((i.Text(value.strip()),), line=line),) if value.strip() else ()

    def _is_too_deep(self, depth: int, token: Token) -> bool:
        if depth + 1 <= self._deepest_block:
            return False
        self._gathered.flatten(token["line"])
        return True


_BLOCKS: dict[str, Callable[[NodeBuilder, Token, int], b.Block | tuple[b.Block, ...]]] = {
    "paragraph": NodeBuilder._paragraph,
    "block_text": NodeBuilder._paragraph,
    "heading": NodeBuilder._heading,
    "thematic_break": NodeBuilder._rule,
    "block_quote": NodeBuilder._quote,
    "list": NodeBuilder._list,
    "block_code": NodeBuilder._code_block,
    "block_html": NodeBuilder._html,
    "html_div": NodeBuilder._html_div,
    "html_words": NodeBuilder._html_words,
    "div": NodeBuilder._group,
    "def_list": NodeBuilder._definition_list,
    "table": NodeBuilder._table,
    "line_block": NodeBuilder._verse,
    "display_math": NodeBuilder._display_math,
    "shortcode": NodeBuilder._shortcode,
    "jsx_expression": NodeBuilder._expression,
}
