"""Extends mistune's parsers by line numbers.

mistune gives tokens without positions. Every container of Markdown (quote, list item, div, note)
takes a run of whole lines and passes the rest of each to a child state, so line numbers stay
correct at any nesting if the number of the container's first line is added. ``LineState`` does that
through mistune's public ``BlockState`` methods.
"""

from __future__ import annotations

import re
import string
import textwrap
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from mistune import BlockParser, BlockState, InlineParser
from mistune.block_parser import BLOCK_TAGS, PRE_TAGS  # type: ignore[attr-defined]
from mistune.core import InlineState

from ...late_names import late_module
from ...lazy_pattern import lazy_pattern
from ...model.characters import BACKSLASH_ESCAPE
from .smart import ESCAPED

if TYPE_CHECKING:
    from . import shortcodes
else:
    # What few posts need.
    shortcodes = late_module("clothbound.readers.markdown.shortcodes")


Dialect: TypeAlias = Literal["pandoc", "gfm", "commonmark"]
Token: TypeAlias = dict[str, Any]
Environment: TypeAlias = MutableMapping[str, Any]

NESTING = 34
"""The deepest container level that is parsed. Two nodes for each level (list and item) and 20 levels
of inlines inside stay below ``Limits.depth``."""

BLOCK_START = lazy_pattern(
    r" {0,3}(?:#{1,6}[ \t]|>|```|~~~|:::|[*+-][ \t]|\d{1,9}[.)][ \t]|(?:[-*_][ \t]*){3,}$|\[\^[^\[\]\n]+\]:)"
)
"""Matches the beginning of a line that begins a block, also below words or cells."""
_SHORT_MARK = 3
"""The most characters of a number and its sign that begin a list within a paragraph of an item."""
_BLANK = "blank_line"
"""mistune's name of the rule for lines without words."""
_BY_SIGNS = frozenset(
    "abbreviation admonition atx_heading attributed_link blank_line block_html block_quote def_list display_math docsify_tip"
    " fancy_list fenced_code fenced_directive footnote_def grid_table indented_fence jsx kramdown line_block list"
    " markdown_in_html pipe_table raw_html ref_link remark_directive ruled_table setex_heading shortcode simple_table"
    " spaced_link tex_environment tex_in_brackets thematic_break".split()
)
"""The rules that take no line beginning with a letter, but as the head of a table. Most lines begin with one."""
_BELOW_HEADS = frozenset(" -:|")
"""The characters with which the line below the head of a table begins."""
_BACKTICKS = lazy_pattern(r"`+")
_ENDS = {
    "<?": lazy_pattern(r"\?>"),
    "<![cdata[": lazy_pattern(r"\]\]>"),
    "<script": lazy_pattern(r"</script\s*>", re.I),
    "<style": lazy_pattern(r"</style\s*>", re.I),
}
"""Matches what ends the instructions and the code that go on over blank lines."""
_DECLARATION_OR_BLANK = lazy_pattern(r">|\n[ \t]*\n")
_BARE_MARKER = lazy_pattern(r" {0,3}(?:[*+-]|\d{1,9}[.)])[ \t]*\n")
_DIV_LINE = lazy_pattern(r"^ {0,3}:::", re.M)
_FORMULA_IN_HTML = lazy_pattern(
    r"(?is:<!--.*?(?:-->|\Z)|<(pre|code|script|style|svg|math|textarea|template)\b.*?(?:</\1\s*>|\Z))"
    r"|(?m:^[ \t]*+)\$\$(?P<tex>[^$<>]*[^$<>\s][^$<>]*)\$\$[ \t]*(?:\n|\Z)"
)
_INDENTED = lazy_pattern(
    r"(?: {4}| {0,3}\t)[ \t]*+[^\s][^\n]*(?:\n|$)(?:(?:(?: {4}| {0,3}\t)[^\n]*|[ \t]*)(?:\n|\Z))*+"
)


class LineState(BlockState):
    """A block state that writes ``line`` into each token and records where nesting was cut off."""

    def __init__(self, parent: LineState | None = None) -> None:
        super().__init__(parent)
        self.first_line = 1
        self.level: int = parent.level + 1 if parent else 0
        self.anchor = -1
        """The position where the current construct began; -1 between constructs."""
        self.item = -1
        """The position where the current list item began; -1 outside a list."""
        self.is_item = False
        """Whether the text is the content of a list item."""
        self._ends_paragraph = False
        """Whether the list at the cursor may end a paragraph, whatever its first number."""
        self._counted_to = 0
        self._counted = 0
        self._division = (0, -1)
        """The position from which a division was searched for, and where the next one begins."""
        self._tags: dict[int, tuple[int, int]] | None = None
        self.closing_elements: dict[int, tuple[int, int]] | None = None
        """Where the tag begins and ends that closes each element of HTML; None if not sought yet."""
        self.ends_of_directives: dict[int, tuple[int, int]] | None = None
        """Where the line begins and ends that ends each component between colons; None if not sought yet."""
        self.jsx: Any = None
        """The elements of this text, if it is MDX."""
        self.endless: set[str] = set()
        """The beginnings of code and instructions that do not end in this text."""
        self.no_declaration = 0
        """The place in the text up to which no declaration ends."""

    def closing_tag(self, position: int) -> tuple[int, int] | None:
        """Returns where the closing tag of the shortcode at ``position`` begins and ends."""
        if self._tags is None:
            self._tags = shortcodes.pair_tags(self.src)
        return self._tags.get(position)

    def line_at(self, position: int) -> int:
        """Returns the line of a position in ``src``, counted from the start of the file."""
        if position < self._counted_to:
            # A rule returns to the start of its construct, which is near, so count backwards from
            # here.
            self._counted -= self.src.count("\n", position, self._counted_to)
        else:
            self._counted += self.src.count("\n", self._counted_to, position)
        self._counted_to = position
        return self.first_line + self._counted

    def next_division(self, position: int) -> int:
        """Returns where the first line of colons at or after ``position`` begins.

        If there is none, returns the length of the text.
        """
        start, division = self._division
        if not start <= position <= division:
            found = _DIV_LINE.search(self.src, position) if ":::" in self.src else None
            division = found.start() if found else len(self.src)
            self._division = (position, division)
        return division

    def here(self) -> int:
        return self.line_at(self.anchor if self.anchor >= 0 else self.cursor)

    def append_token(self, token: Token) -> None:
        token["line"] = self.here()
        self.tokens.append(token)

    def prepend_token(self, token: Token) -> None:
        token["line"] = self.here()
        super().prepend_token(token)

    def add_paragraph(self, text: str) -> None:
        last = self.tokens[-1] if self.tokens else None
        if last is not None and last["type"] == "paragraph":
            last["text"] += text
        else:
            token = {"type": "paragraph", "text": text, "line": self.here()}
            self.tokens.append(token)

    def append_paragraph(self) -> int | None:
        return None if self._ends_paragraph else super().append_paragraph()

    @contextmanager
    def ending_paragraph(self) -> Iterator[None]:
        """Lets the list that is parsed meanwhile end an open paragraph."""
        self._ends_paragraph = True
        try:
            yield
        finally:
            self._ends_paragraph = False

    def child_state(self, src: str, lazy_line_starts: set[int] | None = None) -> LineState:
        child = super().child_state(src, lazy_line_starts)
        assert isinstance(child, LineState)
        if self.item < 0:
            child.first_line = self.here()
            return child
        child.is_item = True
        # The content of an item whose marker stands alone begins on the next line. The next item
        # begins on the last line that the list parser consumed.
        child.first_line = self.line_at(self.item)
        if _BARE_MARKER.match(self.src, self.item):
            child.first_line += 1
        self.item = self.src.rfind("\n", 0, max(self.cursor - 1, 0)) + 1
        return child

    def nested(self, src: str, first_line: int) -> LineState:
        """Returns a child for one of our constructs, whose text begins at line ``first_line``."""
        child = super().child_state(src)
        assert isinstance(child, LineState)
        child.first_line = first_line
        return child


class LineBlockParser(BlockParser):
    """mistune's block parser, working on ``LineState``."""

    state_cls = LineState

    def __init__(self, dialect: Dialect) -> None:
        # ``parse`` handles indented code itself.
        rules = [rule for rule in self.DEFAULT_RULES if rule != "indent_code"]
        super().__init__(list(rules), list(rules), max_nested_level=NESTING)
        self.rules = rules
        # mistune ends a list at "<div " and "<div", and not at "<div>" and "</div>", which end it too.
        self.specification["block_html"] = self.specification["block_html"].replace(
            r"(?:[ \t]+|\n|$)", r"(?:[ \t]+|\n|$|(?=/?>))"
        )
        self.dialect = dialect
        self.is_jsx = False
        """Whether the text is MDX, which has neither indented code nor HTML."""
        self.cut_html: Callable[[LineBlockParser, Any, int], int | None] | None = None
        """Cuts HTML at its shortcodes, if the text has any."""

    def parse(self, state: BlockState, rules: list[str] | None = None) -> None:
        """Parses line by line, since every rule begins at the beginning of a line.

        At each paragraph that does not begin with a letter, mistune searches for the next rule
        position by position. That took a fifth of the time of reading a post.
        """
        rules = self.rules if rules is None else rules
        match_line = self.compile_sc(rules).match
        # No other rule takes a line without a character, and there is one between any two blocks.
        match_empty = self.compile_sc([_BLANK]).match if _BLANK in rules else match_line
        are_by_signs = _BY_SIGNS.issuperset(rules)
        src, end = state.src, state.cursor_max
        found: re.Match[str] | None = None

        def match(position: int) -> re.Match[str] | None:
            sign = src[position]
            if sign == "\n":
                return match_empty(src, position)
            if are_by_signs and sign.isalpha():
                below = state.find_line_end_at(position)
                if src[below : below + 1] not in _BELOW_HEADS:
                    return None
            return match_line(src, position)

        while state.cursor < end:
            cursor = state.cursor
            may_be_code = src[cursor] in " \t" and not self.is_jsx
            position = self._parse_indented(state) if may_be_code else None
            if position is None:
                found = found or match(cursor)
                if found:
                    position = self.parse_method(found, state) or self._next_rule(
                        found, state, rules
                    )
            found = None
            if not position:
                position = state.find_line_end_at(cursor)
                while position < end:
                    found = match(position)
                    if found:
                        break
                    position = state.find_line_end_at(position)
                state.add_paragraph(src[cursor:position])
            state.cursor = position

    def parse_fenced_code(self, m: re.Match[str], state: BlockState) -> int | None:
        """Parses code between fences; escaped characters behind the fence become their stand-ins."""
        end = super().parse_fenced_code(m, state)
        if end is not None and m["fenced_3"]:
            state.tokens[-1]["attrs"]["info"] = hide_escapes(m["fenced_3"]).strip()
        return end

    def _next_rule(self, found: re.Match[str], state: BlockState, rules: list[str]) -> int | None:
        """Tries the rules that follow the rule of ``found``.

        Returns the end of the first construct that one of them parses, or None.
        """
        while found.lastgroup:
            rules = rules[rules.index(found.lastgroup) + 1 :]
            following = self.compile_sc(rules).match(state.src, found.start()) if rules else None
            if following is None:
                return None
            if position := self.parse_method(following, state):
                return position
            found = following
        return None

    def _parse_indented(self, state: BlockState) -> int | None:
        """Parses indented code, or a paragraph's indented line, at the cursor.

        Returns where it ends, or None if the line is not indented.
        """
        found = _INDENTED.match(state.src, state.cursor)
        if found is None:
            return None
        if end := state.append_paragraph():
            return end
        text = found[0]
        code = "\n".join(_unindent(line) for line in text.split("\n")).strip("\n")
        state.append_token({"type": "block_code", "raw": code, "style": "indent"})
        return found.end()

    def parse_method(self, m: re.Match[str], state: BlockState) -> int | None:
        assert isinstance(state, LineState)
        anchor, item, count = state.anchor, state.item, len(state.tokens)
        state.anchor = m.start()
        state.item = state.anchor if m.lastgroup == "list" else -1
        line = state.line_at(state.anchor)
        try:
            end = super().parse_method(m, state)
        finally:
            state.anchor, state.item = anchor, item
        for token in state.tokens[count:]:
            # mistune inserts a list before the block that ended it without calling append_token.
            if "line" not in token:
                token["line"] = line
        return end

    def parse_raw_html(self, m: re.Match[str], state: BlockState) -> int | None:
        """Parses an element. As in pandoc, a line within a code span of pandoc's dialect begins none."""
        mark = m[0].strip().lower()
        if self.is_jsx and not mark.startswith(("<!", "<?")):
            return None
        if self.dialect == "pandoc" and _lacks_end(mark, state, m.end()):
            return self._parse_without_end(state, mark)
        end = _end_of_code(state, m) if self.dialect == "pandoc" else 0
        if end:
            line_end: int = state.find_line_end_at(end - 1)
            state.add_paragraph(state.src[m.start() : line_end])
            return line_end
        count = len(state.tokens)
        position = super().parse_raw_html(m, state)
        if position and len(state.tokens) > count:
            raw = state.tokens[-1]["raw"]
            if self.cut_html is not None and ("{{" in raw or "{%" in raw):
                return self.cut_html(self, state, m.start()) or position
            if self.dialect == "pandoc" and "$$" in raw:
                _cut_at_formulas(state)
        return position

    def _parse_without_end(self, state: BlockState, mark: str) -> int | None:
        """Parses code or an instruction whose end is missing, for which mistune takes the rest of the text.

        Code ends at a blank line, as other elements do; an instruction is text.
        """
        if mark.startswith(("<!", "<?")):
            return None
        blank = self.BLANK_LINE.search(state.src, state.cursor)
        end = blank.start() if blank else state.cursor_max
        state.append_token({"type": "block_html", "raw": state.src[state.cursor : end]})
        return end

    def parse_atx_heading(self, m: re.Match[str], state: BlockState) -> int:
        """Parses a heading without its closing signs; mistune's pattern is quadratic in blanks."""
        text = m["atx_2"].strip(string.whitespace)
        bare = text.rstrip("#")
        if not bare or bare[-1].isspace():
            text = bare.rstrip()
        attrs = {"level": len(m["atx_1"])}
        state.append_token({"type": "heading", "text": text, "attrs": attrs, "style": "atx"})
        return m.end() + 1

    def rules_below(self, state: LineState) -> list[str]:
        """Returns the rules for the content of a container that begins in ``state``."""
        if state.level < self.max_nested_level - 1:
            return self.list_rules
        state.env["too_deep"].append(state.here())
        return [rule for rule in self.list_rules if rule not in CONTAINERS]

    def parse_content(self, state: LineState, text: str, first_line: int) -> list[dict[str, Any]]:
        """Returns the tokens of the content of a container, whose text begins at line ``first_line``."""
        child = state.nested(text, first_line)
        self.parse(child, self.rules_below(state))
        return child.tokens

    def parse_between_tags(
        self, state: LineState, content: str, first_line: int
    ) -> list[dict[str, Any]]:
        """Returns the tokens of what stands between two tags, of which the first ends at line ``first_line``."""
        text = content.lstrip(" \t")
        begins_below = text.startswith("\n")
        text = textwrap.dedent(text[begins_below:])
        text += "" if text.endswith("\n") else "\n"
        return self.parse_content(state, text, first_line + begins_below)

    def parse_block_quote(self, m: re.Match[str], state: BlockState) -> int:
        assert isinstance(state, LineState)
        if state.level >= self.max_nested_level - 1:
            state.env["too_deep"].append(state.here())
        whole = state.cursor_max
        if self.dialect == "pandoc":
            # A div below a quotation does not continue it as a lazy line.
            state.cursor_max = min(whole, state.next_division(m.end()))
        try:
            return super().parse_block_quote(m, state)
        finally:
            state.cursor_max = whole

    def parse_list(self, m: re.Match[str], state: BlockState) -> int:
        assert isinstance(state, LineState)
        if state.level >= self.max_nested_level - 1:
            state.env["too_deep"].append(state.here())
        # In an item, pandoc, kramdown and Python-Markdown read ``3.`` as a list; CommonMark reads only ``1.`` so.
        # A larger number is more often a year with which a line happens to begin.
        is_short = len(m["list_2"]) <= _SHORT_MARK
        if self.dialect == "pandoc" and state.is_item and is_short and m["list_3"].strip():
            with state.ending_paragraph():
                return super().parse_list(m, state)
        return super().parse_list(m, state)


def _lacks_end(mark: str, state: BlockState, position: int) -> bool:
    """Returns whether code or an instruction that goes on over blank lines begins, and does not end."""
    assert isinstance(state, LineState)
    if mark.startswith("<!") and mark not in ("<!--", "<![cdata["):
        if position < state.no_declaration:
            return True
        found = _DECLARATION_OR_BLANK.search(state.src, position)
        if found is not None and found[0] == ">":
            return False
        state.no_declaration = found.start() if found else len(state.src)
        return True
    end = _ENDS.get(mark)
    if end is None:
        return False
    if mark not in state.endless and end.search(state.src, position) is None:
        state.endless.add(mark)
    return mark in state.endless


def _cut_at_formulas(state: BlockState) -> None:
    """Replaces the HTML that was just read by its pieces and the displayed formulas between them.

    Scripts on the page set these wherever they find them, but not within code.
    """
    token = state.tokens[-1]
    raw: str = token["raw"]
    pieces: list[Token] = []
    after = 0
    for found in _FORMULA_IN_HTML.finditer(raw):
        if found["tex"] is None:
            continue
        lines = raw.count("\n", 0, found.start("tex"))
        pieces.append(
            {
                **token,
                "raw": raw[after : found.start()],
                "line": token["line"] + raw.count("\n", 0, after),
            }
        )
        pieces.append(
            {"type": "display_math", "raw": found["tex"].strip(), "line": token["line"] + lines}
        )
        after = found.end()
    if pieces:
        rest = {**token, "raw": raw[after:], "line": token["line"] + raw.count("\n", 0, after)}
        state.tokens[-1:] = [*pieces, rest]


def _end_of_code(state: BlockState, element: re.Match[str]) -> int:
    """Returns where the paragraph's code span ends in which an element stands that would interrupt it; 0 without one."""
    paragraph = state.last_token()
    if paragraph is None or paragraph["type"] != "paragraph" or "`" not in paragraph["text"]:
        return 0
    name = element[0].strip(" \t\n<>/").lower()
    if not element[0].lstrip().startswith(("<!", "<?")) and name not in (*BLOCK_TAGS, *PRE_TAGS):
        return 0  # It interrupts no paragraph.
    start = element.start()
    blank = BlockParser.BLANK_LINE.search(state.src, start, state.cursor_max)
    before = len(paragraph["text"])
    text = paragraph["text"] + state.src[start : blank.start() if blank else state.cursor_max]
    ends = (end for begin, end in _code_spans(text) if begin < before < end)
    return start + next(ends, before - start) - before


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    runs = [(found.start(), found.end()) for found in _BACKTICKS.finditer(text)]
    last = {end - begin: begin for begin, end in runs}
    opened: tuple[int, int] | None = None
    for begin, end in runs:
        if opened is None:
            is_closed = last[end - begin] > begin and text[begin - 1 : begin] != "\\"
            opened = (begin, end - begin) if is_closed else None
        elif end - begin == opened[1]:
            yield opened[0], end
            opened = None


def _unindent(line: str) -> str:
    """Removes one level of indent from a line; tab stops are four columns apart."""
    indent = line[: len(line) - len(line.lstrip(" \t"))].expandtabs(4)
    return indent[4:] + line.lstrip(" \t")


CONTAINERS = frozenset(
    {
        "block_quote",
        "list",
        "fenced_directive",
        "footnote_def",
        "def_list",
        "shortcode",
        "jsx",
        "markdown_in_html",
        "admonition",
        "remark_directive",
    }
)


class PostInlineParser(InlineParser):
    """mistune's inline parser; an escaped character becomes its stand-in (see ``smart``)."""

    def _get_fast_trigger_re(self, chars: set[str]) -> re.Pattern[str]:
        # mistune sorts the characters at each text, but only ``register`` changes them, and forgets the pattern.
        return self._fast_trigger_re or super()._get_fast_trigger_re(chars)

    def parse_escape(self, m: re.Match[str], state: InlineState) -> int:
        state.append_token({"type": "text", "raw": hide_escapes(m.group(0))})
        return m.end()

    def parse_auto_link(self, m: re.Match[str], state: InlineState) -> int:
        end = super().parse_auto_link(m, state)
        # The text of an autolink is its address, so its dashes must not become typographic ones.
        state.tokens[-1]["verbatim"] = True
        return end


def hide_escapes(text: str) -> str:
    """Replaces each backslash with the punctuation after it by the stand-in of that character."""
    return BACKSLASH_ESCAPE.sub(lambda m: ESCAPED[m[1]], text)
