"""Replaces the raw HTML within Markdown by nodes, in one pass over a post's blocks.

Markdown delivers HTML tag by tag and paragraph by paragraph, so an element may begin and end in
different pieces, with Markdown between them. Pieces between blocks are joined and parsed as one
text, in which a marker replaces each block of Markdown. Tags within a paragraph need no parser:
Markdown has found their limits, so they are passed to the builder directly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model import blocks as b
from ...model import inlines as i
from ...model.check import max_depth
from ...model.flatten import flatten_blocks
from ...model.node import Node
from ...model.walk import CHILD_FIELDS, walk
from ...web.html_elements import VOID, tag_attributes
from ...web.missing_ends import OPAQUE, PLAYER_PARTS, PLAYERS
from .block_builders import WITHIN_HTML, lone_picture
from .builder import FragmentBuilder
from .elements import KNOWN, STARTS_BLOCK, builder

_ATTRIBUTE_TEXT = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
# A tag as CommonMark finds one within a paragraph (section 6.6).
_TAG = lazy_pattern(rf"<([A-Za-z][A-Za-z0-9-]*)((?:{_ATTRIBUTE_TEXT})*)\s*+(/?)>\Z", re.ASCII)
_END_TAG = lazy_pattern(r"</([A-Za-z][A-Za-z0-9-]*)\s*>\Z", re.ASCII)
_COMMENT = lazy_pattern(r"<!--(?:-?>)?|<\?|<!\[CDATA\[|<![A-Za-z]")
"""Matches the beginning of a comment, an instruction, a section or a declaration."""
# Blocks that need no parser: bare wrappers, which have no meaning, and rules.
_WRAPPERS = lazy_pattern(r"(?:\s*</?(?:div|p|hr|section|article)\s*/?>)*\s*\Z", re.I)
_RULE = lazy_pattern(r"<hr\s*/?>", re.I)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Blocks without raw HTML, and findings about omissions and repairs."""

    blocks: tuple[b.Block, ...]
    findings: tuple[Diagnostic, ...]


def resolve_raw(blocks: tuple[b.Block, ...], *, source: str = "") -> Resolved:
    """Replaces each RawBlock and RawInline of the format ``html`` in ``blocks`` by nodes.

    A post without any is returned unchanged, and raw markup of other formats is left alone.
    Findings name ``source``. Ids may be duplicates; a reader makes them unique.
    """
    if not any(_is_raw(node) or _is_within_html(node) for node in walk(blocks)):
        return Resolved(blocks, ())
    resolver = _Resolver(source)
    resolved = resolver.blocks(blocks)
    if max_depth(resolved) > Limits().depth:
        message = "HTML is nested too deeply; its elements were replaced by their content"
        resolver.findings.append(Diagnostic(DiagnosticCode.MARKUP_REPAIRED, message, source))
        resolved = _dissolve_wrappers(resolved)
    return Resolved(resolved, tuple(resolver.findings))


def _is_raw(node: Any) -> bool:
    return isinstance(node, b.RawBlock | i.RawInline) and node.format == "html"


def _is_within_html(node: Any) -> TypeGuard[b.Paragraph]:
    return isinstance(node, b.Paragraph) and node.classes == (WITHIN_HTML,)


def _dissolve_wrappers(blocks: Iterable[b.Block]) -> tuple[b.Block, ...]:
    """Dissolves wrappers, so that nodes built by HTML and Markdown together stay within the
    limit.
    """
    result: list[b.Block] = []
    for block in blocks:
        if isinstance(block, b.Group | b.Callout | b.Quote):
            result.extend(_dissolve_wrappers(block.children))
        else:
            result.append(block)
    return tuple(result)


def _without_comments(text: str) -> str:
    """Returns HTML without its comments, instructions, sections and declarations; one that has no end is text.

    A mark that is not found behind one beginning is not searched for behind the next.
    """
    kept: list[str] = []
    missing: set[str] = set()
    done = position = 0
    while (found := _COMMENT.search(text, position)) is not None:
        start = found[0]
        mark = {"<!--": "-->", "<?": "?>", "<![C": "]]>"}.get(start[:4], ">")
        end = -1 if mark in missing else text.find(mark, found.start() + min(len(start), 4))
        if end >= 0:
            end += len(mark)
        elif start.startswith("<!--") and start.endswith(">"):
            end = found.end()
        if end < 0:
            missing.add(mark)
            position = found.start() + 1
            continue
        kept.append(text[done : found.start()])
        done = position = end
    return "".join((*kept, text[done:]))


class _Resolver:
    """Resolves the HTML of one post. It may recurse, since trees are at most ``Limits.depth``
    levels deep.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.findings: list[Diagnostic] = []

    # --- blocks -----------------------------------------------------------------------------------

    def blocks(self, nodes: Sequence[b.Block]) -> tuple[b.Block, ...]:
        """Resolves siblings: each in itself, then the pieces of HTML among them."""
        result: list[b.Block] = []
        pieces: list[int] = []
        needs_parser = False
        for node in nodes:
            if _is_raw(node):
                text = _without_comments(node.text)  # type: ignore[union-attr]
                if text.strip():
                    pieces.append(len(result))
                    needs_parser = needs_parser or _WRAPPERS.match(text) is None
                    result.append(node)
            else:
                result.extend(self.block(node))
        if pieces and needs_parser:
            first, last = pieces[0], pieces[-1] + 1
            result[first:last] = self._parse(result[first:last])
        result = [_without_mark(node) for node in result]
        if not pieces or needs_parser:
            return tuple(result)
        return tuple(
            part for node in result for part in (_rules(node) if _is_raw(node) else (node,))
        )

    def _parse(self, nodes: Sequence[b.Block]) -> tuple[b.Block, ...]:
        """Parses a run of HTML pieces and blocks of Markdown as one text."""
        from .parse import MarkedPlace, parse_fragment, parse_places

        texts = "".join(node.text for node in nodes if isinstance(node, b.RawBlock))
        marker = "markdown-block"
        while marker in texts.lower():
            marker += "x"
        parts: list[str] = []
        places: list[MarkedPlace] = []
        for node in nodes:
            parts.append(f'<{marker} n="{len(places)}"></{marker}>')
            if _is_raw(node):
                text = node.text  # type: ignore[union-attr]
                places.append(MarkedPlace(line=node.line, is_exact="\n" not in text.strip("\n")))
                parts.append(text)
            elif _is_within_html(node):
                parts.pop()
                for child in node.children:
                    parts.append(f'<{marker} n="{len(places)}"></{marker}>')
                    places.append(MarkedPlace(node=child))
            else:
                places.append(MarkedPlace(node=node))
        parsed = parse_places("".join(parts), tuple(places), marker, source=self.source)
        if parsed is not None:
            self.findings.extend(parsed.findings)
            return parsed.blocks
        # An open `<title>` or the like would swallow the Markdown after it.
        result: list[b.Block] = []
        for node in nodes:
            if _is_raw(node):
                alone = parse_fragment(
                    node.text,  # type: ignore[union-attr]
                    line=node.line,
                    source=self.source,
                )
                self.findings.extend(alone.findings)
                result.extend(alone.blocks)
            else:
                result.append(node)
        return tuple(result)

    def block(self, node: Any) -> tuple[b.Block, ...]:
        """Resolves one block of Markdown. A paragraph may become several blocks."""
        if type(node) is b.Paragraph:
            if any(_has_raw(child) for child in node.children):
                return self._paragraph(node)
            return (node,)
        if not any(_is_raw(child) or _is_within_html(child) for child in walk(node)):
            return (node,)
        changed: dict[str, Any] = {}
        for name in CHILD_FIELDS[type(node)]:
            old = getattr(node, name)
            new = self._value(old)
            if new is not old:
                changed[name] = new
        return (msgspec.structs.replace(node, **changed),)

    def _value(self, value: Any) -> Any:
        """Returns a field's nodes: inlines, blocks, items, rows or definitions."""
        if not isinstance(value, tuple) or not value:
            return value
        first = value[0]
        if isinstance(first, tuple):
            return tuple(self._value(part) for part in value)
        if i.is_inline(first):
            return self._inlines(value) if any(_has_raw(child) for child in value) else value
        if isinstance(first, b.ListItem | b.DefinitionItem | b.Cell):
            return tuple(self.block(item)[0] for item in value)
        return self.blocks(value)

    # --- inlines ----------------------------------------------------------------------------------

    def _paragraph(self, node: b.Paragraph) -> tuple[b.Block, ...]:
        build = builder(line=node.line, source=self.source, exact=True)
        build.begin("", node)
        self._feed(build, node.children)
        blocks = build.finish()
        self.findings.extend(build.findings)
        return tuple(block for block in blocks if not _is_empty(block))

    def _inlines(self, nodes: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
        line = next((node.line for node in nodes if node.line), 0)
        build = builder(line=line, source=self.source, exact=True)
        build.begin("", b.Paragraph((), line=line))
        self._feed(build, nodes)
        blocks = build.finish()
        self.findings.extend(build.findings)
        return flatten_blocks(blocks)

    def _feed(self, build: FragmentBuilder, nodes: tuple[i.Inline, ...]) -> None:
        ends = {_closing_name(node): position for position, node in enumerate(nodes)}
        player = ""
        for position, node in enumerate(nodes):
            if node.line:
                build.line = build.reported_line = node.line
            if player and not _is_part_of_player(node):
                build.end(player)
                player = ""
            if type(node) is i.Text and not (node.id or node.classes or node.attributes):
                build.literal(node.text)
            elif isinstance(node, i.RawInline) and node.format == "html":
                behind = {name for name in ends if ends[name] > position}
                player = self._tag(build, node.text, behind) or player
            elif _has_raw(node):
                name = f"{position}:{type(node).__name__}"
                build.begin(name, node)
                self._feed(build, node.children)  # type: ignore[union-attr]
                build.end(name)
            else:
                build.node(node)
        if player:
            build.end(player)

    def _tag(self, build: FragmentBuilder, text: str, ends_behind: set[str]) -> str:
        """Passes a tag to the builder. Returns the name of the player that it begins, if that has no end tag."""
        ended = _END_TAG.match(text)
        if ended is not None:
            build.end(ended[1].lower())
            return ""
        found = _TAG.match(text)
        if found is None:
            self._fragment(build, text)
            return ""
        written, rest, slash = found.groups()
        name = written.lower()
        attrs = tag_attributes(rest)
        ends = name in ends_behind
        is_component = bool(slash) and "-" in name
        if not ends and not attrs and name not in KNOWN and not is_component:
            message = f"<{written}> is not an HTML element and was kept as text"
            build.find(DiagnosticCode.MARKUP_REPAIRED, message, "", Severity.INFO)
            build.literal(text)
        elif not ends and name in PLAYERS:
            build.start(name, attrs)
            return name
        elif not ends and name in OPAQUE and name != "iframe":
            # The element never ends, so the text after it is the author's.
            build.find(DiagnosticCode.RAW_DROPPED, f"{name} tag was left out", text)
        else:
            build.start(name, attrs)
            if (
                name in VOID
                or (slash and name not in STARTS_BLOCK)
                or (name == "iframe" and not ends)
            ):
                build.end(name)
        return ""

    def _fragment(self, build: FragmentBuilder, text: str) -> None:
        """Handles raw HTML other than a single tag; comments are dropped."""
        text = _without_comments(text)
        if not text.strip():
            return
        from .parse import parse_fragment

        parsed = parse_fragment(text, line=build.line, source=self.source)
        self.findings.extend(parsed.findings)
        if all(isinstance(block, b.Paragraph) for block in parsed.blocks):
            for inline in flatten_blocks(parsed.blocks):
                build.node(inline)
        else:
            for block in parsed.blocks:
                build.node(block)


def _without_mark(block: b.Block) -> b.Block:
    """Returns what stands within HTML that is left out, as a paragraph of HTML is read."""
    if not _is_within_html(block):
        return block
    return lone_picture(block.children, block.line) or msgspec.structs.replace(block, classes=())


def _is_empty(block: b.Block) -> bool:
    return (
        type(block) is b.Paragraph
        and not (block.id or block.attributes)
        and all(isinstance(c, i.Text) and c.text.isspace() for c in block.children)
    )


def _has_raw(node: Any) -> bool:
    if isinstance(node, i.RawInline):
        return node.format == "html"
    children: tuple[Node, ...] = getattr(node, "children", ())
    return any(_has_raw(child) for child in children)


def _is_part_of_player(node: Node) -> bool:
    """Returns whether an inline is a recording's address, or the space between two."""
    if isinstance(node, i.RawInline):
        found = _TAG.match(node.text)
        return found is not None and found[1].lower() in PLAYER_PARTS
    return isinstance(node, i.Text) and node.text.isspace()


def _closing_name(node: Node) -> str:
    """Returns the name of the element that a piece of raw HTML ends; empty if it ends none."""
    ended = _END_TAG.match(node.text) if isinstance(node, i.RawInline) else None
    return ended[1].lower() if ended else ""


def _rules(node: Any) -> tuple[b.Block, ...]:
    """Returns the rules that bare wrappers contain; may be empty."""
    line = 0 if "\n" in node.text.strip("\n") else node.line
    return tuple(b.ThematicBreak(line=line) for _ in _RULE.findall(_without_comments(node.text)))
