r"""Writes inlines as Markdown in Pandoc's dialect, escaped so that they are read back unchanged.

If a delimiter would be misread (emphasis that begins with a space, a superscript with a blank in
it), the equivalent HTML tag is written; readers treat both alike.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from ...escape import attribute
from ...lazy_pattern import lazy_pattern
from ...model import inlines as i
from ...model.characters import text_alone
from ...model.default_alts import is_default_alt
from ...model.node import Node, Origin
from ...model.plain_text import plain_text
from ...substack.component_lookup import component_of
from ...substack.data_attrs import Data, parse, stringify
from ...substack.loose_marks import is_loose_mark, missing_note
from ...substack.visible_fields import Visible, make_visible
from ...web.html_elements import ATTRIBUTE_NAME
from ...web.summary_end import SUMMARY_END
from .edges import move_edges_out

Pairs: TypeAlias = tuple[tuple[str, str], ...]

_SPECIAL = lazy_pattern(
    r"""[\\`*\[\]<^~$"'{]
    | _
    | -(?=-)
    | (?<=\\)\(                    # a formula, behind a backslash that is escaped
    | \.(?=\.\.)
    | (?<=\()@(?=[\w-]*\))         # an example's number and a citation without its author,
    | (?<=-)@(?=\w)                # which Pandoc makes of them
    | &(?=[#A-Za-z])
    | (?<![^\s]):(?=id=[\w-]+$)   # the name of a heading in Docsify
    | !$
    | [\n\r]
    """,
    re.X,
)
# The last two lines are list markers that Pandoc knows and our reader does not.
_LINE_START = lazy_pattern(
    r"(?:\#{1,6}(?=[ \t]|$)|>|[-+](?=[ \t]|$)|[-=][-=:| \t]*$|[|]|:|\d{1,9}(?=[.)](?:[ \t]|$))"
    r"|[?!](?=>[ \t])|@(?=\[\w+\]\([^\s()]+\)[ \t]*\\?$)|\[plugin(?=:)|[Tt]able(?=:)|\[\^[^\]]*\](?=:)"
    r"|(?:[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)(?=[.)](?:[ \t]|$))|\#(?=[.)](?:[ \t]|$))"
    r"|\((?:\#|\d+|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)(?=\)(?:[ \t]|$)))"
)
_SUMMARY_END = lazy_pattern(rf"{SUMMARY_END}(?=[ \t]*\Z)")
_NAME = lazy_pattern(r":[A-Za-z][A-Za-z0-9.-]*")
_UNSAFE_VALUE = lazy_pattern(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_NOT_SPACE = lazy_pattern(r"[^\S ]|&")
_CLASS = lazy_pattern(r"[^\s{}=\"'.:#]+")
_TAG = lazy_pattern(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>\n]*)?/?>")
# Readers turn pairs of these tags into marks.
_SIMPLE_TAG = lazy_pattern(r"</?(?:b|strong|i|em|u|ins|s|del|strike|sup|sub|mark|br)\s*/?>", re.I)
_ADDRESS = lazy_pattern(r"[!#%'*+,./0-9:;=?@A-Za-z_~-]+")
_REFERENCE = lazy_pattern(r"&(?=#?[A-Za-z0-9]+;)")
_MAY_BEGIN_REFERENCE = lazy_pattern(r"&(?=[#A-Za-z])(?!#?[A-Za-z0-9]+;)")
_AUTOLINK = lazy_pattern(r"https?://[!#%&+,./0-9:;=?@A-Za-z_~-]+")
_WIDE_SPACE = lazy_pattern(r"[^\S \n]")
_HTML_START = lazy_pattern(r"<[A-Za-z/!?](?!ttps?://)")
_LINE_END = lazy_pattern(r"\r\n?|\n")
_EDGE_TABS = lazy_pattern(r"^\t+|\t+$")
_MATH = lazy_pattern(r"(?![\s$])(?:[^$\\\n]|\\[^\n])+(?<!\s)")
_EMPTY_SAYS_NOTHING = frozenset(
    "align class dir height id lang name rel role style target title width".split()
)
_TAGS: dict[type[Node], tuple[str, str]] = {
    i.Emphasis: ("*", "em"),
    i.Strong: ("**", "strong"),
    i.Strikethrough: ("~~", "del"),
    i.Superscript: ("^", "sup"),
    i.Subscript: ("~", "sub"),
}
SEPARATOR = "<!-- -->"
"""Separates two delimiters; readers drop comments."""


@dataclass(frozen=True, slots=True)
class InlinePlace:
    """The surroundings of inlines: what may break their line, and what must be escaped."""

    one_line: bool = False
    """Whether they must stay on one line (heading, cell, line of verse), so that a hard break is
    ``<br>``."""
    table: bool = False
    emphasis: str = ""
    """The delimiters of the emphasis around; inside it, others are used."""


PARAGRAPH = InlinePlace()
HEADING = InlinePlace(one_line=True)
CELL = InlinePlace(one_line=True, table=True)


def attributes(
    identifier: str = "", classes: Iterable[str] = (), pairs: Iterable[tuple[str, str]] = ()
) -> str:
    """Returns ``{#id .class key="value"}``; empty if there are no attributes."""
    parts = []
    if identifier:
        plain = _CLASS.fullmatch(identifier) is not None
        parts.append(f"#{identifier}" if plain else f'id="{_value(identifier)}"')
    for name in classes:
        parts.append(f".{name}" if _CLASS.fullmatch(name) else f'class="{_value(name)}"')
    parts += [f'{key}="{_value(value)}"' for key, value in pairs if ATTRIBUTE_NAME.fullmatch(key)]
    # Behind a brace, a colon would begin what is kramdown's.
    opening = "{ " if parts and parts[0].startswith(":") else "{"
    return opening + " ".join(parts) + "}" if parts else ""


def json_value(data: Data | str) -> str:
    """Returns JSON for an attribute, without ``&``, which readers of HTML would decode, and white
    space, which ends lines.
    """
    return _NOT_SPACE.sub(lambda m: f"\\u{ord(m[0]):04x}", stringify(data))


def _value(text: str) -> str:
    text = _UNSAFE_VALUE.sub(" ", text)
    return text.replace("\\", "\\\\").replace('"', '\\"')


def of(node: Node) -> str:
    """Returns the attribute block of a node."""
    return attributes(node.id, node.classes, node.attributes)


def is_marked(node: Node) -> bool:
    """Whether a node has an id, classes or attributes, which its own Markdown cannot hold."""
    return bool(node.id or node.classes or any(map(_says_something, node.attributes)))


def _says_something(attribute: tuple[str, str]) -> bool:
    """Whether an attribute can be seen or heard: an empty style or language changes nothing."""
    name, value = attribute
    return bool(value.strip()) or name not in _EMPTY_SAYS_NOTHING


def html_attributes(node: Node) -> str:
    """Returns the attributes of a node for a tag of HTML, with a space before each."""
    pairs = [("id", node.id), ("class", " ".join(node.classes))]
    pairs = [pair for pair in pairs if pair[1]]
    pairs += [p for p in node.attributes if ATTRIBUTE_NAME.fullmatch(p[0]) and _says_something(p)]
    return "".join(f' {key}="{attribute(value)}"' for key, value in pairs)


def escape(text: str, place: InlinePlace) -> str:
    """Escapes ``text`` so that no character of it is markup, except at the beginning of a line."""

    def replace(match: re.Match[str]) -> str:
        found = match[0]
        if len(found) > 1:
            return found
        if found == "_":
            before, after = match.start() - 1, match.end()
            inside = before >= 0 and after < len(text) and text[before].isalnum()
            return "_" if inside and text[after].isalnum() else "\\_"
        if found in "\n\r":
            return f"&#{ord(found)};"
        return "\\" + found

    escaped = _SPECIAL.sub(replace, text_alone(text))
    if not place.table:
        return escaped
    # Readers strip every kind of white space from a cell.
    escaped = _WIDE_SPACE.sub(lambda m: f"&#{ord(m[0])};", escaped)
    return escaped.replace("|", "\\|")


def keep_from_summary(line: str) -> str:
    """Returns ``line`` with a reference for its first letter if it would end a summary."""
    return f"&#{ord(line[0])};{line[1:]}" if _SUMMARY_END.match(line) else line


def at_line_start(line: str) -> str:
    """Returns ``line`` with a backslash if it would begin a block, or a reference if it would end a summary."""
    line = keep_from_summary(line)
    found = _LINE_START.match(line)
    if found is None:
        # An empty span, which is dropped when read, keeps inline HTML from being a block.
        return f"[]{{}}{line}" if _HTML_START.match(line) else line
    # A number and a note's mark are escaped at the character that makes them a marker.
    at = found.end() if found[0][0].isalnum() or found[0][0] in "[(" else 0
    return f"{line[:at]}\\{line[at:]}"


def paragraph(nodes: Iterable[i.Inline]) -> str:
    """Returns the lines of a paragraph."""
    text = render(nodes, PARAGRAPH, whole=True).strip(" ")
    return at_line_starts(_EDGE_TABS.sub(lambda match: "&#9;" * len(match[0]), text))


def at_line_starts(lines: str) -> str:
    """Returns ``lines`` with a backslash in each one that would begin a block."""
    return "\n".join(map(at_line_start, lines.split("\n")))


def render(nodes: Iterable[i.Inline], place: InlinePlace, *, whole: bool = False) -> str:
    """Returns inlines as Markdown for ``place``; ``whole`` means that they are a whole
    paragraph.
    """
    nodes = move_edges_out(nodes)
    pieces = [_piece(node, place) for node in nodes]
    out = ""
    for position, (node, piece) in enumerate(zip(nodes, pieces, strict=True)):
        following = pieces[position + 1] if position + 1 < len(pieces) else ""
        new = piece
        tags = None if is_loose_mark(node) else _TAGS.get(type(node))
        if tags is not None and is_marked(node):
            new = f"<{tags[1]}{html_attributes(node)}>{piece}</{tags[1]}>"
        elif tags is not None:
            new = _mark(piece, tags, out, following, _delimiter(node, place))
        elif type(node) is i.LineBreak and not place.one_line:
            edge = whole and not (following and out)
            edge = edge or following[:1].isspace() or out[-1:] == " "
            new = "<br>" if edge else "\\\n"
        if out and new and _would_join(out, new):
            new = SEPARATOR + new
        out += new
    return out


def _would_join(out: str, new: str) -> bool:
    last, first = out[-1], new[0]
    if first == "[" and ":" in out and _NAME.fullmatch(out, out.rindex(":")):
        return True  # a component with a label
    if last == first and first in "`*~^$_":
        # In code, a backslash does not escape anything.
        return first == "`" or not out.endswith("\\" + last)
    return last == "$" and first.isdigit() and not out.endswith("\\$")


def _mark(content: str, tags: tuple[str, str], out: str, following: str, delimiter: str) -> str:
    marker, name = tags
    if not content:
        return f"<{name}></{name}>"
    first, last = content[0], content[-1]
    before, after = out[-1:] or " ", following[:1] or " "
    safe = not (first.isspace() or last.isspace() or content.startswith("\\\n"))
    if marker in "^~":
        safe = content.isalnum() and content.isascii()
    elif marker == "~~":
        safe = safe and "~" not in content
    else:
        marker = marker.replace("*", delimiter or "*")
        safe = safe and delimiter != ""
        if delimiter == "_":
            # Underscores have no effect inside a word, nor, in Pandoc, after a full stop.
            safe = safe and not (before.isalnum() or before == "." or after.isalnum())
        safe = safe and delimiter not in (first, last, before, after)
        safe = safe and (first.isalnum() or _is_edge(before))
        safe = safe and (last.isalnum() or _is_edge(after))
        safe = safe and before not in "*_" and after not in "*_"
    return f"{marker}{content}{marker}" if safe else f"<{name}>{content}</{name}>"


def _delimiter(node: i.Inline, place: InlinePlace) -> str:
    """Returns asterisks, or underscores around content that needs asterisks itself; empty if both
    are in use.
    """
    if not isinstance(node, i.Emphasis | i.Strong):
        return ""
    if not place.emphasis:
        nested = any(isinstance(child, i.Emphasis | i.Strong) for child in node.children)
        return "_" if nested else "*"
    return {"*": "_", "_": "*"}.get(place.emphasis, "")


def _is_edge(char: str) -> bool:
    return char.isspace() or char in ".,;:!?()[]"


def _piece(node: i.Inline, place: InlinePlace) -> str:  # noqa: C901, PLR0912 - match dispatch
    match node:
        case i.Text(text):
            return escape(text, place)
        case i.Emphasis(children) | i.Strong(children):
            around = place.emphasis + _delimiter(node, place)
            return render(children, InlinePlace(place.one_line, place.table, around))
        case i.Superscript(children) if is_loose_mark(node):
            return _loose_mark(node, render(children, place))
        case i.Strikethrough(children) | i.Superscript(children) | i.Subscript(children):
            return render(children, place)
        case i.Link():
            return _link(node, place)
        case i.Code(text):
            return _code(text, place) + of(node)
        case i.LineBreak():
            return "<br>" if place.one_line else "\\"
        case i.NoteRef(target):
            return f"[^{target}]"
        case i.Image():
            return image(node, place)
        case i.Span(children):
            content = render(children, place)
            pairs = (*node.attributes, *marks_of_origin(node.origin))
            block = attributes(node.id, node.classes, pairs)
            return f"[{content}]{block}" if block else content
        case i.Underline(children):
            if is_marked(node):
                return f"<u{html_attributes(node)}>{render(children, place)}</u>"
            return f"[{render(children, place)}]{{.underline}}"
        case i.Highlight(children):
            if is_marked(node):
                return f"<mark{html_attributes(node)}>{render(children, place)}</mark>"
            return f"[{render(children, place)}]{{.mark}}"
        case i.Math(tex):
            simple = _MATH.fullmatch(tex) and not (place.table and "|" in tex)
            hidden = ("{{" in tex or "{%" in tex) and make_visible(node) is None
            if node.origin is None and simple and not hidden:
                return f"$${tex}$$" if node.classes == ("display",) else f"${tex}$"
            return _component(node, f"${tex}$" if simple else _code(tex, place))
        case i.Mention(children):
            return _component(node, render(children, place))
        case i.RawInline(form, text):
            if form == "html" and _TAG.fullmatch(text) and not _SIMPLE_TAG.fullmatch(text):
                return text
            return f"{_code(text, place)}{{={form}}}"
        case _:
            assert_never(node)


def _loose_mark(node: i.Superscript, content: str) -> str:
    origin = node.origin or Origin()
    pairs = () if origin.generation else (("component-name", origin.component),)
    block = attributes("", ("footnote-anchor",), pairs)
    return f"[{content}]({address(f'#footnote-{missing_note(node)}')}){block}"


def _component(node: i.Math | i.Mention, content: str) -> str:
    form = make_visible(node)
    if form is None and isinstance(node, i.Math):
        content = ""
    return f"[{content}]{component_attributes(node, form)}"


def component_attributes(node: Node, form: Visible | None = None) -> str:
    """Returns the attribute block by which readers recognize a component, without what its text
    says.
    """
    component = component_of(node, as_read=True)
    if component is None:
        raise TypeError(f"no component holds this {type(node).__name__}")
    pairs: list[tuple[str, str]] = []
    data, fields = (form.data, form.fields) if form else (component.data, component.fields)
    if data is not None:
        pairs.append(("attrs", json_value(data)))
    if component.name:
        pairs.append(("component-name", component.name))
    pairs += marks_of_origin(node.origin)
    if fields:
        pairs.append(("fields", json_value(fields)))
    # The component's own id is part of its address.
    return attributes(
        node.id if form else component.id, component.classes, (*pairs, *node.attributes)
    )


def _link(node: i.Link, place: InlinePlace) -> str:
    pairs = (*node.attributes, *marks_of_origin(node.origin))
    block = attributes(node.id, node.classes, pairs)
    if len(node.children) == 1 and not (block or node.title):
        only = node.children[0]
        if type(only) is i.Text and only.text == node.href and is_plain_address(node.href):
            return f"<{node.href}>"
    return f"[{render(node.children, place)}]({address(node.href)}{link_title(node.title)}){block}"


def is_plain_address(href: str) -> bool:
    """Whether an address stays the same between angle brackets, even if a reader decodes entities
    there.
    """
    return _AUTOLINK.fullmatch(href) is not None and html.unescape(href) == href


def image(
    node: i.Image, place: InlinePlace, caption: tuple[i.Inline, ...] = (), extra: Pairs = ()
) -> str:
    """Writes a picture with its caption or, if it has none, its description before the address.

    The description of a picture that stands alone without a caption is written in ``alt``, since
    the text before the address would be read as its caption.
    """
    words = render(caption, place) if caption else escape(node.alt, place)
    pairs = (*extra, *node.attributes)
    if node.origin is not None:
        pairs = (*_origin_pairs(node.origin), *pairs)
    # Readers take a default description without ``alt`` for no caption.
    if caption and (plain_text(caption) != node.alt or is_default_alt(node.alt)):
        pairs = (("alt", node.alt), *pairs)
    block = attributes(node.id, node.classes, pairs)
    return f"![{words}]({address(node.src)}{link_title(node.title)}){block}"


def _origin_pairs(origin: Origin) -> Pairs:
    """Returns a picture's original data as attributes; later edits are written beside them."""
    data = parse(origin.data) or {}
    pairs = [("attrs", json_value(data))]
    pairs += [("component-name", origin.component)] if origin.component else []
    return (*pairs, *marks_of_origin(origin))


def marks_of_origin(origin: Origin | None) -> Pairs:
    """Returns the parts of an Origin that are written besides a component's class, name and
    data.
    """
    if origin is None:
        return ()
    pairs = [("generation", origin.generation)] if origin.generation else []
    pairs += [("signature", origin.signature)] if origin.signature else []
    pairs += [("markup", json_value(origin.markup))] if origin.markup else []
    return tuple(pairs)


def address(href: str) -> str:
    """Returns a link's destination, in angle brackets if it contains characters that would end
    it.
    """
    if _ADDRESS.fullmatch(href) or not href:
        return href
    inner = href.replace("\n", "%0A").replace("\r", "%0D").replace("\\", "\\\\")
    # mistune reads a whole character reference even behind a backslash.
    inner = _MAY_BEGIN_REFERENCE.sub(r"\\&", _REFERENCE.sub("&amp;", inner))
    return "<" + inner.replace("<", "\\<").replace(">", "\\>") + ">"


def link_title(title: str) -> str:
    """Returns the title of a link or a picture behind its address, with a space before it."""
    if not title:
        return ""
    text = re.sub(r'(["\\`]|&(?=[#A-Za-z]))', r"\\\1", _LINE_END.sub(" ", title))
    return f' "{text}"'


def _code(text: str, place: InlinePlace) -> str:
    return code_span(text.replace("|", "\\|") if place.table else text)


def code_span(text: str) -> str:
    """Returns code between as many backticks as it needs."""
    text = text.replace("\n", " ")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[:1] in ("`", "") or text[-1:] == "`" else ""
    if text.startswith(" ") and text.endswith(" ") and text.strip():
        pad = " "
    return f"{fence}{pad}{text}{pad}{fence}"
