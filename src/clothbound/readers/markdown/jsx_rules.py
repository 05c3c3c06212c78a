"""Parses the elements and expressions of JSX as blocks and as inlines. Only MDX is parsed with these rules."""

from __future__ import annotations

from html import escape
from typing import Any

from mistune.core import InlineState

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import LINES, PHRASING
from .jsx import JsxTag, JsxText, as_html, as_shortcode, evaluate
from .mdx_script import Script, read_literal
from .parser import LineBlockParser, LineState, PostInlineParser, hide_escapes
from .shortcode_rules import OWN_LINE, tag_shows
from .smart import hide_punctuation

_BLOCK = r"^[ \t]*(?=<[A-Za-z_$>/]|\{)"
# A name with a colon may be the scheme of an address between brackets, which MDX itself forbids.
_INLINE = r"<(?=/?(?:[A-Za-z_$][\w$.:-]*)?[\s/>{])(?![A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>]*>)|\{"
_INDENTED_FENCE = r"^(?: {4}|\t)[ \t]*+(?=`{3,}[^`\n]*$|~{3,})"
_BLANK = lazy_pattern(r"[ \t]*(?:\n|\Z)")
_BLANK_LINE = lazy_pattern(r"\n[ \t]*\n")
_BETWEEN_CELLS = lazy_pattern(r"(</(?:dd|dt|li|t[dhr])>)[ \t]*(?=<)")
_LITERAL = lazy_pattern(r"\{\s*(`[^`$]*`|\"[^\"\n]*\"|'[^'\n]*')\s*\}")
_FENCE = lazy_pattern(r"\s*(?:```|~~~)")
_HIDDEN = frozenset({"head", "script", "style"})
"""Components and elements that no page shows."""
_OPAQUE = frozenset({"pre", "script", "style", "svg", "math", "textarea", "iframe", "object"})
"""Elements whose content is no Markdown."""
_PHRASES = PHRASING.union("a big br data del font ins label meter nobr strike time tt wbr".split())
"""Elements that are a part of a paragraph, also if they have a line of their own."""
_LINES = LINES | {"td", "th"}
"""Elements whose words are one paragraph if no line between them is blank."""
_TEXTS = 64
"""The most texts of paragraphs whose tags are remembered."""


def add_block_jsx(block: LineBlockParser) -> None:
    """Registers the rule for elements and expressions that have whole lines."""
    # mistune's types know only its own BlockState; LineBlockParser always passes a LineState.
    rule: Any = parse_jsx_block
    block.is_jsx = True
    block.register("jsx", _BLOCK, rule, before="fenced_code")
    block.register("indented_fence", _INDENTED_FENCE, _parse_indented_fence, before="fenced_code")
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


def add_inline_jsx(inline: PostInlineParser) -> None:
    """Registers the rule for elements and expressions within a paragraph."""
    inline.register("jsx", _INLINE, parse_jsx, before="link", start_chars=("<", "{"))


def _parse_indented_fence(block: Any, m: Any, state: Any) -> int:
    """Parses code between fences that stand further in than others: where no text is code by its indent, they are fences."""
    start, line_end = m.end(), state.find_line_end_at(m.end())
    opened = state.src[start:line_end].strip()
    marker = opened[: len(opened) - len(opened.lstrip(opened[0]))]
    position, lines = line_end, []
    while position < state.cursor_max:
        begin, position = position, state.find_line_end_at(position)
        line = state.src[begin:position]
        if line.strip().startswith(marker) and not line.strip().strip(marker[0]):
            break
        lines.append(line)
    indent = len(m[0].expandtabs(4))
    code = "".join(_without_indent(line, indent) for line in lines)
    token = {"type": "block_code", "raw": code, "style": "fenced", "marker": marker}
    if info := opened[len(marker) :].strip():
        token["attrs"] = {"info": hide_escapes(info)}
    state.append_token(token)
    return int(position)


def _without_indent(line: str, indent: int) -> str:
    text = line.lstrip(" \t")
    spaces = len(line[: len(line) - len(text)].expandtabs(4))
    return " " * max(0, spaces - indent) + text


def parse_jsx_block(block: LineBlockParser, m: Any, state: LineState) -> int | None:
    """Parses an expression, or an element with what is between its tags, that has whole lines."""
    start = m.end()
    if state.jsx is None:
        state.jsx = JsxText(state.src)
    found: JsxText = state.jsx
    in_paragraph = bool(state.tokens) and state.tokens[-1]["type"] == "paragraph"
    if state.src[start] == "{":
        end = -1 if in_paragraph else found.expression_end(start)
        after = _BLANK.match(state.src, end) if end > 0 else None
        if after is None:
            return None
        raw = state.src[start:end]
        state.append_token({"type": "jsx_expression", "raw": raw})
        return after.end()
    tag = found.tag_at(start)
    if tag is None or (tag.is_html and tag.name in _PHRASES):
        return None
    close = None if tag.is_void or tag.is_closing else found.closing_tag(start)
    after = _BLANK.match(state.src, close[1] if close else tag.end)
    if after is None:
        return None
    content = state.src[tag.end : close[0]] if close else None
    script: Script = state.env["script"]
    if tag.name and not tag.is_html:
        shown = as_shortcode(tag, script)
        if in_paragraph and "\n" not in (content or "") and tag_shows(shown) not in OWN_LINE:
            return None
        _append_component(block, state, tag, content, script)
    elif close is None and not (tag.is_void or tag.is_closing):
        return None
    else:
        _append_element(block, state, tag, content, script)
    return after.end()


def _append_component(
    block: LineBlockParser, state: LineState, tag: JsxTag, content: str | None, script: Script
) -> None:
    shortcode = as_shortcode(tag, script)
    token: dict[str, Any] = {"type": "shortcode", "tag": shortcode, "content": content}
    token["children"] = []
    if content is not None:
        if shortcode.name in _HIDDEN:
            return
        is_code = tag_shows(shortcode) == "code"
        code = _as_code(content) if is_code else None
        if code is not None:
            token["content"] = code
        else:
            if is_code:
                # The code has a fence, so the component is only a box around it.
                token["tag"] = shortcode._replace(name="div")
            token["children"] = block.parse_between_tags(
                state, content, state.here() + tag.text.count("\n")
            )
    state.append_token(token)


def _as_code(content: str) -> str | None:
    """Returns the code in ``{`code`}`` or in a text without a fence."""
    stripped = content.strip()
    if stripped.startswith("{") and stripped.endswith("}"):
        return read_literal(stripped[1:-1])
    return None if _FENCE.match(content) else content


def _append_element(
    block: LineBlockParser, state: LineState, tag: JsxTag, content: str | None, script: Script
) -> None:
    """Appends the tags of an element as HTML, and between them the blocks of its content."""
    if content is None:
        if tag.name:
            state.append_token({"type": "block_html", "raw": as_html(tag, script)})
        return
    if tag.name in _HIDDEN:
        return
    opening, closing = as_html(tag, script), f"</{tag.name}>"
    if tag.name in _OPAQUE:
        inner = _LITERAL.sub(lambda m: escape(read_literal(m[1]) or ""), content)
        state.append_token({"type": "block_html", "raw": f"{opening}{inner}{closing}"})
        return
    is_line = tag.name in _LINES and not _BLANK_LINE.search(content.strip())
    if is_line and tag.name[0] == "h":
        attrs = {"level": int(tag.name[1])}
        text = " ".join(content.split())
        if identifier := dict(tag.strings).get("id"):
            text += f" {{#{identifier}}}"
        state.append_token({"type": "heading", "text": text, "attrs": attrs, "style": "atx"})
        return
    if is_line and tag.name == "p":
        state.append_token({"type": "paragraph", "text": content.strip()})
        state.append_token({"type": "blank_line"})
        return
    if tag.name:
        state.append_token({"type": "block_html", "raw": opening})
    if is_line:
        state.append_token({"type": "paragraph", "text": content.strip()})
    else:
        content = _BETWEEN_CELLS.sub(r"\1\n", content)
        for child in block.parse_between_tags(state, content, state.here() + tag.text.count("\n")):
            state.tokens.append(child)
    if tag.name:
        state.append_token({"type": "block_html", "raw": closing})


def parse_jsx(inline: PostInlineParser, m: Any, state: InlineState) -> int | None:
    """Parses an expression, or a tag with what is between it and the tag that closes it, within a paragraph."""
    src, start = state.src, m.start()
    found = _text_of(state)
    script: Script = state.env["script"]
    if src[start] == "{":
        end = found.expression_end(start)
        if end < 0:
            return None
        _append_expression(src[start:end], script, state)
        return end
    tag = found.tag_at(start)
    if tag is None:
        return None
    if tag.is_html or not tag.name:
        if tag.name:
            state.append_token({"type": "inline_html", "raw": as_html(tag, script)})
        return tag.end
    shortcode = as_shortcode(tag, script)
    close = None if tag.is_void or tag.is_closing else found.closing_tag(start)
    token: dict[str, Any] = {
        "type": "inline_shortcode",
        "tag": shortcode,
        "content": None,
        "children": [],
    }
    end = close[1] if close else tag.end
    if shortcode.name in _HIDDEN:
        return end
    if close is not None:
        content = src[tag.end : close[0]]
        token["content"] = content
        code = _as_code(content) if tag_shows(shortcode) == "code" else None
        if code is not None:
            token["content"] = code
        elif state.depth < inline.max_nested_level:
            child = state.copy()
            child.src = content
            token["children"] = inline.render(child)
    state.append_token(token)
    return end


def _append_expression(raw: str, script: Script, state: InlineState) -> None:
    value = evaluate(raw[1:-1], script)
    if value is None:
        state.append_token({"type": "expression", "raw": raw})
    elif value:
        state.append_token({"type": "text", "raw": hide_punctuation(value)})


def _text_of(state: InlineState) -> JsxText:
    """Returns the tags of a text, which are sought once for each text."""
    known: dict[str, JsxText] = state.env.setdefault("jsx", {})
    if state.src not in known:
        if len(known) >= _TEXTS:
            known.clear()
        known[state.src] = JsxText(state.src)
    return known[state.src]
