"""The rules for each HTML element: ``STARTS`` by its name, ``ENDS`` by the kind of its frame."""

from __future__ import annotations

from typing import Any

from ...diagnostics import DiagnosticCode, Severity
from ...limits import Limits
from ...model import blocks as b
from ...model import inlines as i
from ...model.flatten import flatten_blocks
from ...model.plain_text import plain_text
from ...model.walk import children, walk
from ...web.html_elements import BLOCKS, CODE, HEADINGS, MARK_KINDS, VOID
from ...web.missing_ends import OPAQUE, UNCLOSED_COMMENT, UNCLOSED_TAG
from . import inline_elements, list_table_builders
from .block_builders import (
    LANGUAGE_CLASS,
    PLAIN,
    Attributes,
    ReadTable,
    build_node,
    common_of,
    figure_blocks,
    is_component,
    language_of_code,
    quote_block,
    with_common,
)
from .builder import End, FragmentBuilder, Frame, Start
from .opaque_elements import OpaqueElement, nodes_of
from .web_players import WEB_PLAYERS, start_web_player


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_VERSE = frozenset({"verse", "wp-block-verse"})
"""The classes of preformatted text that is verse, whose spaces are kept."""
_OUR_LEVELS = 6
"""The most levels that a frame adds below itself, for the content of a cell or a figure."""
_DEEPEST = Limits().depth - _OUR_LEVELS

SPANS = _names("span abbr acronym bdi bdo big button data font label small time")
_PLAIN_DIVISIONS = _names(
    "article div fieldset footer header hgroup main nav section search address"
)
_DIVISIONS = _PLAIN_DIVISIONS | _names(
    "center dialog form legend noscript object optgroup option output select"
)
_FLOWS = ("blockquote", "figure", "details", "aside")
_CAPTIONS = ("caption", "figcaption", "summary")
STARTS_BLOCK = BLOCKS | _DIVISIONS | _names("audio video iframe embed") | WEB_PLAYERS.keys()
"""Elements that begin a new block of the model. In browsers some of them are inline: the choices
and frames of forms, and players."""
KNOWN = (
    STARTS_BLOCK
    | OPAQUE
    | VOID
    | SPANS
    | frozenset((*MARK_KINDS, *CODE))
    | _names("a body colgroup head html image map nobr picture q rb rt ruby textarea")
    | _names("canvas datalist meter progress slot")
)
"""The names of HTML elements. Other text between angle brackets may be meant literally."""

_RULE_FIELDS = frozenset({"align", "color", "noshade", "size", "width"})


def builder(*, line: int = 0, source: str = "", exact: bool = False) -> FragmentBuilder:
    """Returns a builder that knows HTML."""
    return FragmentBuilder(STARTS, ENDS, line=line, source=source, depth=_DEEPEST, exact=exact)


def has_meaning(attrs: Attributes) -> bool:
    """Whether an inline element that contains blocks has attributes worth keeping."""
    return "class" in attrs or is_component(attrs)


def start_group(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    """Begins an inline element (``a``, ``span``) that contains blocks, as a Group with its name."""
    common = common_of(attrs, element="" if name == "span" else name)
    build.push_block(name, "group", common, component=is_component(attrs))


def start_hollow(build: FragmentBuilder) -> None:
    """Begins a ``div`` without attributes that is empty or contains only others of its kind."""
    build.push_block("div", "group", common_of({}, element="div"))


# --- block elements -------------------------------------------------------------------------------


def _in_pre(build: FragmentBuilder, name: str) -> bool:
    """Starts a new line if a block element begins within ``pre``; returns whether it does."""
    if not build.verbatim:
        return False
    _new_line(build)
    build.passes(name, _new_line)
    return True


def _new_line(build: FragmentBuilder) -> None:
    run = build.top.run
    if run and not (type(run[-1]) is str and run[-1].endswith("\n")):
        run.append("\n")


def _paragraph(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if not _in_pre(build, name):
        common = common_of(attrs) if attrs else PLAIN
        build.push_block(name, "p", common, component=is_component(attrs))


def _end_paragraph(build: FragmentBuilder, frame: Frame) -> None:
    parent = build.flow()
    parent.loose = True
    blocks = frame.blocks
    common = frame.common
    if not blocks:
        if build.exact or common.id or common.attributes:
            build.add_block(parent, build_node(b.Paragraph, (), common, frame.line))
    elif common is PLAIN:
        for block in blocks:
            build.add_block(parent, block)
    elif len(blocks) == 1 and type(blocks[0]) in (b.Paragraph, b.Figure):
        build.add_block(parent, with_common(blocks[0], common))
    else:
        build.add_block(parent, build_node(b.Group, tuple(blocks), common, frame.line))


def _heading(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if not _in_pre(build, name):
        build.push_block(name, "heading", common_of(attrs), int(name[1]))


def _end_heading(build: FragmentBuilder, frame: Frame) -> None:
    children = flatten_blocks(frame.blocks)
    common = frame.common
    if children or build.exact:
        heading = b.Heading(children, frame.data, line=frame.line)
        build.add_block(build.flow(), with_common(heading, common))


def _division(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if _in_pre(build, name):
        return
    component = is_component(attrs)
    if name == "form" and not build.components and not component:
        build.find(DiagnosticCode.RAW_DROPPED, "a form was written as its text", "", Severity.INFO)
        attrs = {key: value for key, value in attrs.items() if key in ("id", "class")}
    elif name == "object":
        build.find(DiagnosticCode.RAW_DROPPED, "an object was left out", attrs.get("data", ""))
        attrs = {}
    elif name == "center":
        attrs = {**attrs, "align": "center"}
    elif name in ("option", "optgroup", "select"):
        attrs = {}
    common = common_of(attrs)
    if common == PLAIN or build.within("dl", "table", "tr", "list"):
        build.passes(name, is_block=True)
        return
    if name not in _PLAIN_DIVISIONS and name != "center":
        common = common_of(attrs, element=name)
    build.push_block(name, "group", common, component=component)


def _end_group(build: FragmentBuilder, frame: Frame) -> None:
    build.add_block(
        build.flow(), build_node(b.Group, tuple(frame.blocks), frame.common, frame.line)
    )


def _flow(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if not _in_pre(build, name):
        build.push_block(name, name, common_of(attrs), component=is_component(attrs))


def _end_quote(build: FragmentBuilder, frame: Frame) -> None:
    if frame.blocks or frame.common is not PLAIN:
        quote = quote_block(tuple(frame.blocks), frame.common, frame.line)
        if isinstance(quote, b.Embed):
            _report_links(build, quote, tuple(frame.blocks))
        build.add_block(build.flow(), quote)


def _report_links(build: FragmentBuilder, embed: b.Embed, blocks: tuple[b.Block, ...]) -> None:
    """Names the links in the text of an embed, which holds plain words."""
    found = dict.fromkeys(node.href for node in walk(blocks, i.Link))
    if lost := [href for href in found if href != embed.href]:
        message = (
            f"links in the text of a post of {embed.provider} are kept as words: {', '.join(lost)}"
        )
        build.find(DiagnosticCode.NODE_SIMPLIFIED, message, severity=Severity.INFO)


def _end_figure(build: FragmentBuilder, frame: Frame) -> None:
    parent = build.flow()
    caption = frame.data or ()
    blocks = figure_blocks(
        tuple(frame.blocks), caption, frame.common, frame.line, is_faithful=build.is_faithful
    )
    for block in blocks:
        build.add_block(parent, block)


def _end_details(build: FragmentBuilder, frame: Frame) -> None:
    title = frame.data or ()
    node = b.Callout(tuple(frame.blocks), title, "details", line=frame.line)
    build.add_block(build.flow(), with_common(node, frame.common))


def _end_aside(build: FragmentBuilder, frame: Frame) -> None:
    node = b.Callout(tuple(frame.blocks), (), "aside", line=frame.line)
    build.add_block(build.flow(), with_common(node, frame.common))


_CAPTIONED = {"figcaption": "figure", "summary": "details", "caption": "table"}


def _caption(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    build.push_block(name, "caption", common_of(attrs, element=name), name)


def _end_caption(build: FragmentBuilder, frame: Frame) -> None:
    parent = build.flow()
    kind = _CAPTIONED[frame.data]
    owner = build.around(kind)
    if owner is None:
        for block in frame.blocks:
            build.add_block(parent, block)
        return
    content = flatten_blocks(frame.blocks)
    if kind == "table":
        table: ReadTable = owner.data
        table.caption = _join_lines(table.caption, content)
    else:
        owner.data = _join_lines(owner.data or (), content)


def _join_lines(first: tuple[i.Inline, ...], second: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    return (*first, i.LineBreak(), *second) if first and second else first or second


# --- rules, code, opaque content ------------------------------------------------------------------


def _rule(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    build.break_run()
    rule = b.ThematicBreak(line=build.line)
    common = common_of(attrs, typed=_RULE_FIELDS)
    build.add_block(build.flow(), with_common(rule, common))
    build.passes(name)


def _start_preformatted(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if _in_pre(build, name):
        return
    language = language_of_code(attrs) or attrs.get("lang", "")
    common = common_of(attrs, typed=frozenset({"lang"}))
    if build.push_block(name, "pre", common, language or None) is not None:
        build.verbatim += 1


def _end_preformatted(build: FragmentBuilder, frame: Frame) -> None:
    build.verbatim -= 1
    common = frame.common
    marked_up = any(type(item) is not str for item in frame.run)
    is_verse = not _VERSE.isdisjoint(common.classes)
    if (marked_up or is_verse) and frame.data is None:
        if is_verse:
            common = common._replace(classes=tuple(c for c in common.classes if c not in _VERSE))
        verse = build_node(b.Verse, _verse_lines(build.inlines(frame.run)), common, frame.line)
        build.add_block(build.flow(), verse)
        return
    text = "".join(item if type(item) is str else _text_in_code(item, build) for item in frame.run)
    # The first line ending after the tag is not content (HTML, section 13.1.2.5).
    text = text.replace("\r\n", "\n").removeprefix("\n")
    while text.endswith("\n"):
        text = text[:-1]
    language = frame.data or ""
    named = {language, "brush:", "sourceCode"}
    classes = tuple(c for c in common.classes if c not in named and not LANGUAGE_CLASS.match(c))
    code = b.CodeBlock(text, language, line=frame.line)
    build.add_block(build.flow(), with_common(code, common._replace(classes=classes)))


def _text_in_code(item: Any, build: FragmentBuilder) -> str:
    """Returns the text of an inline node in code, which is text alone: a picture is its words, and a link is reported."""
    if isinstance(item, i.Image):
        inline_elements.report_picture_in_code(build, item)
        return item.alt
    if isinstance(item, i.Link):
        inline_elements.report_link_in_code(build, item.href)
    if isinstance(item, i.Text | i.Code):
        return item.text
    return "".join(_text_in_code(child, build) for child in children(item)) or plain_text(item)


def _verse_lines(children: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """Replaces the line endings of verse by hard breaks."""
    result: list[Any] = []
    for child in children:
        if type(child) is not i.Text:
            result.append(child)
            continue
        for position, line in enumerate(child.text.split("\n")):
            if position:
                result.append(i.LineBreak())
            if line:
                result.append(i.Text(line))
    while result and type(result[0]) is i.LineBreak:
        result.pop(0)
    while result and type(result[-1]) is i.LineBreak:
        result.pop()
    return tuple(result)


def _start_opaque(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    if name == "iframe" and not build.verbatim and (build.components or is_component(attrs)):
        start_group(build, name, attrs)
    else:
        build.push_opaque(name, OpaqueElement(name, attrs))


def _embed(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    build.push_opaque(name, OpaqueElement(name, attrs))
    build.end(name)
    build.passes(name)


def _end_opaque(build: FragmentBuilder, frame: Frame) -> None:
    if build.components and frame.data.name in ("script", "style"):
        # It belongs to a component and contains no text of the author.
        return
    for node in nodes_of(frame.data, build.find, frame.line):
        build.node(node)


def _report_comment(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    message = "a comment (<!--) is not closed; the text below it is left out"
    build.find(DiagnosticCode.MARKUP_REPAIRED, message, attrs.get("text", ""))
    build.passes(name)


def _report_tag(build: FragmentBuilder, name: str, attrs: Attributes) -> None:
    message = "a tag lacks its end, > or a quotation mark; what it says is left out"
    build.find(DiagnosticCode.MARKUP_REPAIRED, message, attrs.get("text", ""))
    build.passes(name)


def _starts() -> dict[str, Start]:
    table: dict[str, Start] = dict.fromkeys(_DIVISIONS, _division)
    for names, start in (
        (MARK_KINDS, inline_elements.start_mark),
        (CODE, inline_elements.start_code),
        (SPANS, inline_elements.start_span),
        (_FLOWS, _flow),
        (HEADINGS, _heading),
        (_CAPTIONS, _caption),
        (("ul", "ol", "menu", "dir"), list_table_builders.start_list),
        (("dt", "dd"), list_table_builders.start_definition),
        (("thead", "tbody", "tfoot"), list_table_builders.start_section),
        (("td", "th"), list_table_builders.start_cell),
        (("col", "colgroup"), list_table_builders.start_column),
        (("pre", "listing", "xmp", "plaintext"), _start_preformatted),
        (OPAQUE, _start_opaque),
        (WEB_PLAYERS, start_web_player),
        (("img", "image"), inline_elements.start_image),
    ):
        table.update(dict.fromkeys(names, start))
    return table | {
        "a": inline_elements.start_link,
        "area": inline_elements.start_area,
        "br": inline_elements.start_break,
        "dl": list_table_builders.start_definitions,
        "embed": _embed,
        "hr": _rule,
        "input": inline_elements.start_input,
        "li": list_table_builders.start_item,
        "p": _paragraph,
        "picture": inline_elements.start_picture,
        "q": inline_elements.start_quotation,
        "rt": inline_elements.start_reading,
        "ruby": inline_elements.start_ruby,
        "source": inline_elements.start_source,
        "table": list_table_builders.start_table,
        "tr": list_table_builders.start_row,
        UNCLOSED_COMMENT: _report_comment,
        UNCLOSED_TAG: _report_tag,
    }


STARTS = _starts()
ENDS: dict[str, End] = {
    "aside": _end_aside,
    "blockquote": _end_quote,
    "caption": _end_caption,
    "cell": list_table_builders.end_cell,
    "dd": list_table_builders.end_definition,
    "details": _end_details,
    "dl": list_table_builders.end_definitions,
    "dt": list_table_builders.end_term,
    "figure": _end_figure,
    "group": _end_group,
    "heading": _end_heading,
    "li": list_table_builders.end_item,
    "list": list_table_builders.end_list,
    "p": _end_paragraph,
    "pre": _end_preformatted,
    "opaque": _end_opaque,
    "table": list_table_builders.end_table,
    "tr": list_table_builders.end_row,
}
