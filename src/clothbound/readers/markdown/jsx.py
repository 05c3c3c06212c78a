"""Finds the elements and expressions of JSX in a text of MDX, and reads them.

Source: the documentation of MDX ("What is MDX?", sections JSX and Expressions). A name in lower case is an
element of HTML, any other one a component, which only the site defines; ``shortcode_table`` has what components of
that name show. ``{...}`` is an expression, which only a run of the site would evaluate, unless it is literal.
"""

from __future__ import annotations

import html
import re

import msgspec

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import VOID
from ..fences import code_places
from .mdx_script import Script, end_of_script, read_literal
from .shortcode_table import shows_what
from .shortcodes import Shortcode

_NAME = lazy_pattern(r"<(/?)\s*((?:[A-Za-z_$][\w$-]*(?:[.:][A-Za-z_$][\w$-]*)*)?)(?=[\s/>{])")
_ITEM = lazy_pattern(
    r"\s*+(?:(?P<end>/?\s*>)|(?P<spread>\{)"
    r"|(?P<name>[A-Za-z_$@:][\w$.:@-]*+)(?:\s*+=\s*+(?:(?P<quoted>\"[^\"]*\"|'[^']*')|(?P<expression>\{)))?)"
)
_STEP = lazy_pattern(r"(?P<code>(?<![`\\])(`+)(?!`))|(?P<escape>\\[\s\S])|[{<]")
_CALL = lazy_pattern(r"[\w$.]+\(\s*((?:\"[^\"\n]*\"|'[^'\n]*'|`[^`$\n]*`))\s*\)(?:\.[\w$]+)*")
_PATH = lazy_pattern(r"([\w$]+)(?:\.src|\.default)*")
_COMMENT = lazy_pattern(r"\s*(?:/\*.*?\*/\s*|//[^\n]*\n\s*)*", re.S)
_HTML_NAMES = {"classname": "class", "htmlfor": "for", "srcset": "srcset"}
_UNSPOKEN = frozenset(
    "class classname key ref style sizes srcset loading width height layout placeholder priority fill quality fit"
    " objectfit objectposition decoding fetchpriority align color colour size icon slot as rel target variant"
    " format formats widths breakpoints density densities role tabindex lang attrs".split()
)
"""The attributes of components that say how something looks."""
_UNENDING = 50
"""The most brackets of a text that are sought in vain."""

_SCANS = 20
"""How often each character of a text may be read as a part of an expression: so deep may expressions nest."""


class JsxTag(msgspec.Struct, frozen=True):
    """A tag as it stands in a text. The name is empty for a fragment (``<>``)."""

    name: str
    end: int
    text: str
    is_closing: bool = False
    is_single: bool = False
    strings: tuple[tuple[str, str], ...] = ()
    """The attributes whose values are strings, or that have none."""
    expressions: tuple[tuple[str, str], ...] = ()
    """The attributes whose values are expressions, without their braces."""

    @property
    def is_html(self) -> bool:
        """Whether this is an element of HTML. Other elements with a hyphen are components of the browser."""
        if "-" in self.name:
            return shows_what(self.name) is None
        return self.name[:1].islower() and "." not in self.name

    @property
    def is_void(self) -> bool:
        return self.is_single or (self.is_html and self.name in VOID)


class JsxText:
    """The elements and expressions of one text. Each is sought once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._unending = 0
        self._ends: dict[int, int] = {}
        self._scanned = 0
        self._closing: dict[int, tuple[int, int]] | None = None

    def expression_end(self, start: int) -> int:
        """Returns the position behind the expression whose brace is at ``start``; -1 if it does not end."""
        if start in self._ends:
            return self._ends[start]
        if self._unending >= _UNENDING or self._scanned > _SCANS * len(self.text):
            return -1
        end = self._ends[start] = end_of_script(self.text, start)
        self._unending += end < 0
        self._scanned += max(end - start, 0)
        return end

    def tag_at(self, start: int) -> JsxTag | None:
        """Returns the tag that begins at ``start``; None if there is none."""
        found = _NAME.match(self.text, start)
        if found is None:
            return None
        strings: list[tuple[str, str]] = []
        expressions: list[tuple[str, str]] = []
        position = found.end()
        while item := _ITEM.match(self.text, position):
            position = item.end()
            if item["end"]:
                text = self.text[start:position]
                is_single = item["end"].startswith("/")
                return JsxTag(
                    found[2],
                    position,
                    text,
                    bool(found[1]),
                    is_single,
                    tuple(strings),
                    tuple(expressions),
                )
            name = item["name"] or ""
            if item["spread"] or item["expression"]:
                begin = position
                position = self.expression_end(position - 1)
                if position < 0:
                    return None
                expressions.append((name, self.text[begin : position - 1]))
            else:
                quoted = item["quoted"]
                strings.append((name, html.unescape(quoted[1:-1]) if quoted else "true"))
        return None

    def closing_tag(self, start: int) -> tuple[int, int] | None:
        """Returns where the tag begins and ends that closes the one at ``start``."""
        if self._closing is None:
            self._closing = self._pair_tags()
        return self._closing.get(start)

    def _pair_tags(self) -> dict[int, tuple[int, int]]:
        pairs: dict[int, tuple[int, int]] = {}
        opened: list[tuple[str, int]] = []
        counts: dict[str, int] = {}
        code = code_places(self.text)
        position, block = 0, 0
        while found := _STEP.search(self.text, position):
            start, position = found.start(), found.end()
            while block < len(code) and code[block][1] <= start:
                block += 1
            if block < len(code) and code[block][0] <= start:
                position = code[block][1]
            elif found["code"]:
                position = _end_of_code(self.text, position, found[2])
            elif found[0] == "{":
                position = max(position, self.expression_end(start))
            elif found[0] == "<" and (tag := self.tag_at(start)) is not None:
                position = tag.end
                if not tag.is_closing:
                    if not tag.is_void:
                        opened.append((tag.name, start))
                        counts[tag.name] = counts.get(tag.name, 0) + 1
                elif counts.get(tag.name):
                    while opened:
                        name, begin = opened.pop()
                        counts[name] -= 1
                        if name == tag.name:
                            pairs[begin] = (start, tag.end)
                            break
        return pairs


def _end_of_code(text: str, position: int, ticks: str) -> int:
    """Returns where the code that begins at ``position`` ends; the same position if it does not in its paragraph."""
    blank = text.find("\n\n", position)
    close = re.compile(rf"(?<!`){ticks}(?!`)").search(
        text, position, blank if blank >= 0 else len(text)
    )
    return close.end() if close else position


def evaluate(source: str, script: Script) -> str | None:
    """Returns the text of an expression that is literal, a comment, or the name of what was exported so; None for
    others.
    """
    inner = source[_match_comment(source) :].strip()
    if not inner:
        return ""
    literal = read_literal(inner)
    return literal if literal is not None else script.values.get(inner)


def _match_comment(source: str) -> int:
    found = _COMMENT.match(source)
    return found.end() if found else 0


def _attribute_value(source: str, script: Script) -> str | None:
    """Returns what an attribute's expression says: also the file of an import, or the one argument of a call."""
    value = evaluate(source, script)
    if value is not None:
        return value
    inner = source.strip()
    if (found := _PATH.fullmatch(inner)) is not None and found[1] in script.files:
        return script.files[found[1]]
    if (found := _CALL.fullmatch(inner)) is not None:
        return read_literal(found[1])
    # An element: its words are read where they are shown.
    return inner if inner.startswith("<") else None


def as_html(tag: JsxTag, script: Script) -> str:
    """Returns an element's tag as HTML, without what only a run of the site would tell."""
    if tag.is_closing:
        return f"</{tag.name}>"
    parts = [tag.name]
    for name, value in (*tag.strings, *_evaluated(tag, script)):
        key = _HTML_NAMES.get(name.lower(), name.lower())
        if key == "style" or key.startswith("on") or key.startswith("<"):
            continue
        parts.append(f'{key}="{html.escape(value)}"')
    closed = f"</{tag.name}>" if tag.is_single and tag.name not in VOID else ""
    return f"<{' '.join(parts)}>{closed}"


def _evaluated(tag: JsxTag, script: Script) -> list[tuple[str, str]]:
    values = ((name, _attribute_value(source, script)) for name, source in tag.expressions if name)
    return [(name, value) for name, value in values if value is not None]


def as_shortcode(tag: JsxTag, script: Script) -> Shortcode:
    """Returns a component's tag in the form in which the builder of shortcodes takes it."""
    name = tag.name.lower()
    if shows_what(name) is None and "." in name:
        name = name.rpartition(".")[2]
    if tag.name in script.components and shows_what(name) == "code":
        # Its own component, such as Highlight, marks words: it is none that the table knows.
        name = ""
    pairs = (*tag.strings, *_evaluated(tag, script))
    named = {
        key.lower(): value
        for key, value in pairs
        if key.lower() not in _UNSPOKEN and ":" not in key and key[:2] not in ("on", "aria")
    }
    quoted = tuple(value for value in named.values() if value != "true")
    return Shortcode(
        name, tag.text, "jsx", named, [], tag.is_closing, tag.is_single, quoted, tag.name
    )
