"""Parses the components that Nuxt Content and plug-ins of remark write between colons: a block of ``::alert{type="info"}``
to ``::``, a line ``::github{repo="name/of-it"}``, and within a line ``:badge[New]{type="tip"}``. Also the players that
Zenn and Grav write as links, ``@[youtube](id)`` and ``[plugin:youtube](https://...)``.

Sources: Nuxt Content, "MDC syntax"; remark-directive; the templates Fuwari and Starlight of Astro; Zenn's guide to its
Markdown; Grav's plug-in for YouTube. ``shortcode_table`` has what each shows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mistune.core import InlineState

from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ..fences import with_code
from ..front_matter import read_header
from . import component_fields
from .blocks import find_div_end
from .parser import LineBlockParser, LineState, PostInlineParser
from .shortcode_table import shows_what
from .shortcodes import Shortcode, read_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = r"[A-Za-z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*"
_LABEL = r"\[(?!\^)(?P<label>(?:[^\[\]\n]|\[[^\[\]\n]*\])*+)\]"
_BRACES = r"\{(?P<said>(?:[^{}\"'\n]|\"[^\"\n]*\"|'[^'\n]*')*+)\}"
_SIGN = lazy_pattern(
    rf"^[ \t>]*(?:(?:[-*+]|\d{{1,9}}[.)])[ \t]+)*(?:::(?!:)[ \t]*{_NAME}|:{{3,}}[ \t]*{_NAME}[ \t]*\{{|@\[\w+\]\(|\[plugin:)"
    rf"|(?<![A-Za-z0-9_:/{{\\]):{_NAME}(?:\[|\{{(?!\}}))",
    re.M,
)
_OPENING = lazy_pattern(
    rf"[ \t]*(?P<colons>:{{2,}})[ \t]*(?P<name>{_NAME})(?:{_LABEL})?(?:{_BRACES})?[ \t]*"
)
_CLOSING = lazy_pattern(r"[ \t]*::[ \t]*")
_PLAYER = lazy_pattern(
    r" {0,3}(?:@\[(?P<zenn>\w+)\]|\[plugin:(?P<grav>[\w-]+)\])\((?P<target>[^\s()]+)\)[ \t]*"
)
_INLINE = lazy_pattern(rf":(?P<name>{_NAME})(?:{_LABEL}(?!\())?(?:{_BRACES})?")
_SLOT = lazy_pattern(r"[ \t]*#[a-z][\w-]*(?:\{[^{}\n]*\})?[ \t]*")
"""Matches the line above the words for one place in a component."""
_FIELDS = lazy_pattern(r"\s*?---[ \t]*\n(?P<inner>.*?\n)---[ \t]*(?:\n|\Z)", re.S)
_LINE = r"^ {0,3}(?=::[ \t]*[A-Za-z]|:{3,}[ \t]*[A-Za-z][\w.-]*(?:\[[^\n]*\])?\{|@\[\w|\[plugin:)"
_WITHIN = rf"(?<![A-Za-z0-9_:/{{\\]):(?={_NAME}(?:\[|\{{))"
_ATTRIBUTES = r"(?<=[*_])\{[.#][^{}\n]*\}"
"""Matches attributes behind words in bold or italics, which Nuxt Content allows."""
_OF_ZENN = {"card": "linkcard"}
"""The names of Zenn's cards that other generators give to something else."""
_CARDS = frozenset({"figure", "video", "media", "post", "gist", "link", "button", "file"})
"""What a component shows that a box between more colons would not."""

_PLAIN = (str, int, float, bool)
_LABELLED = frozenset({"words", "details", "code", "formula"})
"""What a component within a line may show that has a label alone. Others are words behind a colon, such as ``:x[1]``."""


def has_directives(text: str) -> bool:
    """Returns whether a text may have such a component."""
    return (":" in text or "@[" in text) and _SIGN.search(text) is not None


def add_block_directives(block: LineBlockParser) -> None:
    """Registers the rule for components that have whole lines."""
    rule: Any = parse_directive  # mistune's types know only its own states
    block.register("remark_directive", _LINE, rule, before="fenced_code")
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


def add_inline_directives(inline: PostInlineParser) -> None:
    """Registers the rules for components within a line, and for attributes behind words in bold."""
    inline.register(
        "remark_directive", _WITHIN, parse_directive_within, before="link", start_chars=":"
    )
    inline.register(
        "attributes_of_words", _ATTRIBUTES, _skip_attributes, before="link", start_chars="{"
    )


def parse_directive(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a component that begins with a line, up to the line that ends it, if it has one; a player of Zenn or Grav."""
    line_end = state.find_line_end_at(m.start())
    line = state.src[m.start() : line_end].rstrip("\n")
    if (player := _PLAYER.fullmatch(line)) is not None:
        return _append_player(player, state, line_end)
    opening = _OPENING.fullmatch(line)
    if opening is None:
        return None
    tag = _tag(opening)
    content_end, end = _end_of(opening, m.start(), line_end, state)
    if end < 0:
        return None
    _append(block, state, tag, state.src[line_end:content_end], state.line_at(line_end))
    return end


def _end_of(opening: re.Match[str], start: int, line_end: int, state: LineState) -> tuple[int, int]:
    """Returns where the content of a component ends, and where the line that ends it; less than 0 for a line that is no
    component.
    """
    if len(opening["colons"]) > 2:
        return find_div_end(state.src, line_end)
    ends = _ends_of(state)
    if start in ends:
        return ends[start]
    if opening["label"] is not None or opening["said"] is not None:
        return line_end, line_end
    if not ends:
        return line_end, -1
    message = f"the component ::{opening['name']} is not closed; it extends to the end of the text"
    state.env["repairs"].append((state.line_at(start), message))
    return len(state.src), len(state.src)


def _append(
    block: LineBlockParser, state: LineState, tag: Shortcode, inner: str, line: int
) -> None:
    """Appends a component with its content, whose first lines may be fields of its own."""
    begin = line
    given, code = component_fields.bound_values(tag.named), ""
    if given:
        tag = tag._replace(named={k: v for k, v in tag.named.items() if k not in given})
    if (fields := _FIELDS.match(inner)) is not None:
        own = read_header(fields[0].lstrip(), Limits()).fields
        if own:
            tag, given = _with_fields(tag, own), {**given, **own}
        else:
            code = fields["inner"]
        inner, line = inner[fields.end() :], line + fields[0].count("\n")
    shown = "\n".join(component_fields.list_lines(given))
    before = block.parse_between_tags(state, f"\n{shown}\n", begin) if shown else []
    if code:
        before.append({"type": "block_code", "raw": code, "attrs": {"info": "yaml"}, "line": begin})
    words = "\n".join(
        "" if not is_code and _SLOT.fullmatch(one) else one
        for one, is_code in with_code(inner.split("\n"))
    )
    # Their indent says in what they are, and never that they are code.
    children = block.parse_between_tags(state, f"\n{words}", line - 1) if words.strip() else []
    content = words if words.strip() or before else None
    token = {"type": "shortcode", "tag": tag, "content": content, "children": before + children}
    state.append_token(token)


def _append_player(found: re.Match[str], state: LineState, end: int) -> int | None:
    name = _OF_ZENN.get(found["zenn"], found["zenn"]) or found["grav"]
    name = name.lower()
    if shows_what(name) not in _CARDS:
        return None
    tag = Shortcode(name, found[0].strip(), "directive", {}, [found["target"]])
    state.append_token({"type": "shortcode", "tag": tag, "content": None, "children": []})
    return end


def parse_directive_within(
    inline: PostInlineParser, m: re.Match[str], state: InlineState
) -> int | None:
    """Parses a component within a line. Without attributes, and under a name that marks no words, it is text."""
    found = _INLINE.match(state.src, m.start())
    if found is None or (found["label"] is None and found["said"] is None):
        return None
    tag = _tag(found)
    if found["said"] is None and shows_what(tag.name) not in _LABELLED:
        return None
    token: dict[str, Any] = {"type": "inline_shortcode", "tag": tag, "children": []}
    token["content"] = found["label"]
    if found["label"] and state.depth < inline.max_nested_level:
        child = state.copy()
        child.src = found["label"]
        token["children"] = inline.render(child)
        # The label is what the component holds, and not its title, too.
        token["tag"] = tag._replace(named={k: v for k, v in tag.named.items() if k != "label"})
    state.append_token(token)
    return found.end()


def _skip_attributes(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int:
    return m.end()


def _tag(found: re.Match[str]) -> Shortcode:
    # A word alone is a switch, a class or a name for links.
    named, _, quoted = read_arguments(found["said"] or "")
    if found["label"]:
        named = {"label": found["label"], **named}
    return Shortcode(
        _known_name(found["name"].lower()), found[0].strip(), "directive", named, [], quoted=quoted
    )


def _known_name(name: str) -> str:
    """Returns the name under which the table has a component, such as ``img`` for ``prose-img``."""
    bare = name.replace("-", "")
    forms = (name, bare, name.removeprefix("prose-"), bare.removeprefix("prose"))
    return next((form for form in forms if shows_what(form) is not None), name)


def _with_fields(tag: Shortcode, given: Mapping[str, Any]) -> Shortcode:
    named = {key.lower(): str(value) for key, value in given.items() if isinstance(value, _PLAIN)}
    words = tuple(value for value in given.values() if isinstance(value, str))
    return tag._replace(named={**tag.named, **named}, quoted=(*tag.quoted, *words))


def _ends_of(state: LineState) -> dict[int, tuple[int, int]]:
    """Returns where the line begins and ends that ends each component with two colons, by where that begins. A component
    ends with the first line of two colons below it that ends no other one.
    """
    if state.ends_of_directives is None:
        ends: dict[int, tuple[int, int]] = {}
        opened: list[int] = []
        position = 0
        for line, is_code in with_code(state.src.splitlines(keepends=True)):
            bare = line.rstrip("\n")
            if not is_code and _CLOSING.fullmatch(bare):
                if opened:
                    ends[opened.pop()] = (position, position + len(line))
            elif not is_code and (found := _OPENING.fullmatch(bare)) and found["colons"] == "::":
                opened.append(position)
            position += len(line)
        state.ends_of_directives = ends
    return state.ends_of_directives
