"""The dialects of Markdown: the block and inline rules of each."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...late_names import late_module
from .blocks import add_block_rules, add_definition_lists
from .inlines import add_bare_links, add_inline_rules
from .multimarkdown import add_definitions, define_headings
from .parser import (
    Dialect,
    Environment,
    LineBlockParser,
    LineState,
    PostInlineParser,
    Token,
)

if TYPE_CHECKING:
    from . import fancy_lists as list_rules
    from . import jsx_rules, obsidian, remark_directives, shortcode_rules
    from . import kramdown as kramdown_rules
    from . import markdown_in_html as html_rules
    from . import wikilinks as wikilinks_rules
    from .mdx_script import Script
else:
    # The rules that an option or a sign in the text asks for.
    html_rules = late_module("clothbound.readers.markdown.markdown_in_html")
    list_rules = late_module("clothbound.readers.markdown.fancy_lists")
    jsx_rules = late_module("clothbound.readers.markdown.jsx_rules")
    kramdown_rules = late_module("clothbound.readers.markdown.kramdown")
    obsidian = late_module("clothbound.readers.markdown.obsidian")
    remark_directives = late_module("clothbound.readers.markdown.remark_directives")
    wikilinks_rules = late_module("clothbound.readers.markdown.wikilinks")
    shortcode_rules = late_module("clothbound.readers.markdown.shortcode_rules")


class DialectParser:
    """The block parser and the inline parser of a dialect.

    Nothing changes after construction, so threads may share an instance.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        wikilinks: bool,
        shortcodes: bool = False,
        jsx: bool = False,
        kramdown: bool = False,
        markdown_in_html: bool = False,
        fancy_lists: bool = False,
        directives: bool = False,
        has_sign: bool = True,
    ) -> None:
        self.dialect = dialect
        self.wikilinks = wikilinks
        self.kramdown = kramdown
        self.block = LineBlockParser(dialect)
        if dialect != "commonmark" and has_sign:
            add_block_rules(self.block, dialect)
        if dialect == "pandoc":
            add_definition_lists(self.block)
            if has_sign:
                add_definitions(self.block)
        if shortcodes:
            shortcode_rules.add_block_shortcodes(self.block)
        if jsx:
            jsx_rules.add_block_jsx(self.block)
        if kramdown:
            kramdown_rules.add_block_lists(self.block)
        if markdown_in_html:
            html_rules.add_markdown_in_html(self.block)
        if fancy_lists:
            list_rules.add_fancy_lists(self.block)
        if directives:
            remark_directives.add_block_directives(self.block)
        kinds = (wikilinks, shortcodes, jsx, kramdown, directives)
        self.inline = self._with_links = _inline_parser(dialect, *kinds)
        if fancy_lists:
            list_rules.add_references(self.inline)
        if dialect == "gfm":
            self._with_links = _inline_parser(dialect, *kinds)
            add_bare_links(self._with_links)
        self.block.compile_sc()
        self.inline.compile_sc()

    def parse_inlines(self, text: str, env: Environment) -> list[Token]:
        """Returns the inline tokens of a text."""
        inline = self._with_links if "://" in text or "www." in text else self.inline
        return inline(text, env)

    def parse_blocks(
        self, text: str, first_line: int, script: Script | None = None
    ) -> tuple[list[Token], Environment]:
        """Returns the block tokens of a text, with unparsed inlines, and the environment.

        ``script`` is what the statements of a text of MDX say.
        """
        state = LineState()
        state.first_line = first_line
        state.env.update(
            notes={},
            too_deep=[],
            repairs=[],
            examples={},
            undefined=[],
            script=script,
            attribute_lists={},
        )
        state.env.update(abbreviations={}, link_attributes={}, heading_names={}, ends={})
        state.env.update(unclosed_marks=set())
        if not text.endswith("\n"):
            text += "\n"
        state.env.update(text=text, used_labels=None)
        state.process(text)
        self.block.parse(state)
        if self.dialect == "pandoc" and "[" in text:
            define_headings(state.tokens, text, state.env)
        return state.tokens, state.env


def _inline_parser(
    dialect: Dialect,
    wikilinks: bool,
    shortcodes: bool,
    jsx: bool,
    kramdown: bool,
    directives: bool,
) -> PostInlineParser:
    inline = PostInlineParser()
    if dialect != "commonmark":
        add_inline_rules(inline, dialect)
    if wikilinks:
        wikilinks_rules.add_wikilinks(inline)
        obsidian.add_marks(inline)
    if shortcodes:
        shortcode_rules.add_inline_shortcodes(inline)
    if jsx:
        jsx_rules.add_inline_jsx(inline)
    if kramdown:
        kramdown_rules.add_inline_lists(inline)
    if directives:
        remark_directives.add_inline_directives(inline)
    return inline


@lru_cache(maxsize=32)
def parser_for(
    dialect: Dialect,
    *,
    wikilinks: bool = False,
    shortcodes: bool = False,
    jsx: bool = False,
    kramdown: bool = False,
    markdown_in_html: bool = False,
    fancy_lists: bool = False,
    directives: bool = False,
    has_sign: bool = True,
) -> DialectParser:
    """Returns the parser of a dialect, which is made at first use.

    Without ``has_sign`` (``blocks.has_sign`` of the text) it lacks the rules that no such text has anything for, since
    most of the time for a parser goes into compiling them.
    """
    return DialectParser(
        dialect,
        wikilinks=wikilinks,
        shortcodes=shortcodes,
        jsx=jsx,
        kramdown=kramdown,
        markdown_in_html=markdown_in_html,
        fancy_lists=fancy_lists,
        directives=directives,
        has_sign=has_sign,
    )
