"""Makes the nodes of a text of Markdown: first those that Markdown has, then those of its raw HTML, then Substack's components.

HTML comes before components, since a component may hold HTML, and HTML components.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from ...diagnostics import Diagnostic, LineDiagnostic
from ...late_names import late_module
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.blocks import Block, CodeBlock
from ...model.check import consistent
from ...model.post import Footnote, Post
from ...model.walk import with_children
from ..text_files import PARSER_ERRORS, keep_as_code
from .blocks import has_sign
from .dialects import parser_for
from .nodes import NodeBuilder
from .parser import Dialect

if TYPE_CHECKING:
    from . import markdown_in_html, remark_directives
    from .chunks import Chunks
    from .mdx_script import Script
else:
    # What a sign in the text asks for.
    markdown_in_html = late_module("clothbound.readers.markdown.markdown_in_html")
    remark_directives = late_module("clothbound.readers.markdown.remark_directives")

_FANCY_MARK = lazy_pattern(
    r"\n[ \t>]*(?:(?:[*+-]|\d{1,9}[.)])[ \t]+)?"
    r"(?:\((?:\d{1,9}|#|@[\w-]{0,60})\)|#[.)])"
    r"(?=[ \t]|$)",
    re.M,
)
"""Matches a line that may begin with another mark of a list than a number with a sign, with the end of the line before
it, from which it is searched six times as fast."""
_TAG = lazy_pattern(r"<[A-Za-z/!?]")
_COLON = lazy_pattern(r":(?:(?<![A-Za-z0-9_:]:)(?::[ \t]*)?[A-Za-z]|::[ \t]*[\w.-]+[^\n{]*\{)")
"""Matches what a component between colons may begin with. It begins with its colon, from which it is searched 20 times as
fast."""


class TextNodes(msgspec.Struct, frozen=True):
    """The blocks and notes of a text, and the findings."""

    body: tuple[Block, ...]
    footnotes: tuple[Footnote, ...] = ()
    findings: tuple[LineDiagnostic, ...] = ()
    may_have_components: bool = False
    """Whether there are attributes or elements, by which components are known."""
    has_ids: bool = False


def parse_markdown(
    text: str,
    dialect: Dialect = "pandoc",
    limits: Limits | None = None,
    *,
    wikilinks: bool = False,
    script: Script | None = None,
) -> tuple[tuple[Block, ...], tuple[Footnote, ...], list[LineDiagnostic]]:
    """Returns the blocks and notes of a text without a header, its raw HTML as it is, and the findings. Never raises."""
    nodes = type_components(parse_nodes(text, dialect, limits, wikilinks=wikilinks, script=script))
    return nodes.body, nodes.footnotes, list(nodes.findings)


def parse_nodes(
    text: str,
    dialect: Dialect = "pandoc",
    limits: Limits | None = None,
    first_line: int = 1,
    *,
    wikilinks: bool = False,
    breaks: bool = False,
    language: str = "",
    chunks: Chunks | None = None,
    script: Script | None = None,
) -> TextNodes:
    """Returns the nodes that Markdown has in a text without a header. Never raises.

    ``breaks`` says that the end of a line is a break. ``language`` (BCP 47, empty if unknown) decides whether straight
    quotation marks become English ones. ``chunks`` reads the code of a post of Quarto's or R Markdown's; ``script``,
    which is what the statements of a text of MDX say, has its elements and expressions read.
    """
    limits = limits or Limits()
    try:
        has_tags = dialect != "commonmark" and ("{{" in text or "{%" in text or "{# " in text)
        is_mdx = script is not None
        parser = parser_for(
            dialect,
            wikilinks=wikilinks,
            shortcodes=has_tags and not is_mdx,
            jsx=is_mdx,
            kramdown="{:" in text and dialect != "commonmark" and not is_mdx,
            fancy_lists=dialect == "pandoc"
            and not is_mdx
            and bool(_FANCY_MARK.search(f"\n{text}")),
            markdown_in_html=dialect != "commonmark" and not is_mdx and _has_markdown_in_html(text),
            directives=dialect == "pandoc" and _has_directives(text),
            has_sign=has_sign(text),
        )
        tokens, env = parser.parse_blocks(text, first_line, script)
        builder = NodeBuilder(
            parser,
            env,
            limits,
            curls=_uses_curly_quotes(language),
            breaks=breaks,
            chunks=chunks,
        )
        body, footnotes = builder.build(tokens)
    except PARSER_ERRORS as error:
        code = CodeBlock(text.strip("\n"), line=first_line)
        return TextNodes((code,), findings=(keep_as_code(error, first_line),))
    findings = tuple(builder.findings)
    return TextNodes(body, footnotes, findings, builder.is_dialect, builder.has_ids)


def replace_html(
    nodes: TextNodes, text: str, source: str
) -> tuple[TextNodes, tuple[Diagnostic, ...]]:
    """Returns the nodes of ``text`` with its raw HTML replaced by nodes, and what is said of it."""
    # A text without a tag contains no HTML, and searching it is cheaper than walking its nodes.
    if not _TAG.search(text):
        return nodes, ()
    from ...html.read.raw_html import resolve_raw

    body = resolve_raw(nodes.body, source=source)
    notes = [resolve_raw(note.children, source=source) for note in nodes.footnotes]
    given = [nodes.body, *(note.children for note in nodes.footnotes)]
    if all(made.blocks is blocks for made, blocks in zip((body, *notes), given, strict=True)):
        return nodes, ()
    replaced = msgspec.structs.replace(
        nodes,
        body=body.blocks,
        footnotes=tuple(
            with_children(note, made.blocks)
            for note, made in zip(nodes.footnotes, notes, strict=True)
        ),
        may_have_components=True,
    )
    return replaced, tuple(finding for made in (body, *notes) for finding in made.findings)


def type_components(nodes: TextNodes) -> TextNodes:
    """Returns the nodes in canonical form, with Substack's components typed."""
    body, footnotes, findings = nodes.body, nodes.footnotes, [*nodes.findings]
    if nodes.may_have_components:
        from ...substack.components import type_nodes

        typed = type_nodes(body, footnotes, is_markdown=True)
        body, footnotes = typed.body, typed.footnotes
        findings += typed.findings
    if nodes.has_ids or nodes.may_have_components:
        canonical = consistent(Post(body=body, footnotes=footnotes))
        body, footnotes = canonical.post.body, canonical.post.footnotes
        findings += canonical.findings
    findings.sort(key=lambda finding: finding[2])
    return TextNodes(body, footnotes, tuple(findings))


def _uses_curly_quotes(language: str) -> bool:
    if not language or language.startswith("en"):
        return True
    from ...language.quotes import has_other_marks

    return not has_other_marks(language)


def _has_directives(text: str) -> bool:
    may_begin = "@[" in text or "[plugin:" in text or _COLON.search(text)
    return bool(may_begin) and remark_directives.has_directives(text)


def _has_markdown_in_html(text: str) -> bool:
    return ("markdown" in text or "<aside>" in text) and markdown_in_html.has_markdown_in_html(text)
