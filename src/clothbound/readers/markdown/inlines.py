r"""Parses inlines beyond CommonMark: notes, spans, attributes, scripts, formulas, bare links.

Tokens follow mistune's form. Our own are ``note_ref`` (label), ``inline_note`` (source text),
``span`` (children, attributes), ``math`` (raw, display), ``raw`` (format, raw), and ``attributes``
on links, images and code.
"""

from __future__ import annotations

import re

from mistune.core import InlineState
from mistune.util import unikey

from ...lazy_pattern import lazy_pattern
from ...model.characters import BACKSLASH_ESCAPE
from .attributes import AttributeBlock, parse_attributes, parse_raw_format
from .parser import Dialect, PostInlineParser

_OPEN = lazy_pattern(r"!?\[")
_CLOSE = lazy_pattern(r"\]")
_MATH = lazy_pattern(r"\$(?![\s$])((?:[^$\\]|\\.)++)\$(?!\d)", re.S)
_BEGUN_VALUE = lazy_pattern(r"`(?:r|\{\w+\}) [^`]*\Z")
"""Matches the begin of code whose value knitr or Quarto puts in its place, before pandoc looks for formulas."""
_DISPLAY_MATH = lazy_pattern(r"\$\$((?:[^$\\]|\\.|\$(?!\$))++)\$\$", re.S)
_TEX_IN_BRACKETS = lazy_pattern(
    r"\\\\(?:\(((?:[^\\]|\\(?!\\[()\[\]]))++)\\\\\)|\[((?:[^\\]|\\(?!\\[()\[\]]))++)\\\\\])"
)
_SCRIPT = {
    "^": lazy_pattern(r"\^((?:[^\s^\\\[]|\\.)(?:[^\s^\\]|\\.)*+)\^", re.S),
    "~": lazy_pattern(r"~((?:[^\s~\\]|\\.)++)~", re.S),
}
_TRAILING = lazy_pattern(r"(?:[?!.,:*_~'\"]|&[A-Za-z0-9]+;)+$")
# A letter beyond ASCII decides, so that other addresses stay with the rule of CommonMark.
_EMAIL = r"<(?=[ -;=?-~]*[^\x00-\x7f])[^\s<>@\"'`\\:/]+@[^\s<>@\"'`\\:/]+\.[^\s<>@\"'`\\:/.]+>"
_NOTE_REF = r"\[\^[^\]\[\n]+\]"
_BARE_LINK = r"(?:https?://|ftp://|www\.)[^\s<>]+"


def add_inline_rules(inline: PostInlineParser, dialect: Dialect) -> None:
    """Registers the rules of ``gfm`` or ``pandoc`` with an inline parser."""
    inline.register("note_ref", _NOTE_REF, parse_note_ref, before="link", start_chars="[")
    # If ( or [ follows, it is a picture whose description begins with ^.
    inline.register(
        "worldwide_email", _EMAIL, parse_worldwide_email, before="auto_email", start_chars="<"
    )
    exclaimed = rf"!{_NOTE_REF}(?!\(|\[(?!\^))"
    inline.register("exclaimed_note", exclaimed, parse_exclaimed, before="link", start_chars="!")
    if dialect == "gfm":
        strike = r"(?<!~)~{1,2}(?=[^\s~])"
        inline.register("strike", strike, parse_strike, before="link", start_chars="~")
        return
    inline.register("strike", r"(?<!~)~~(?=[^\s~])", parse_strike, before="link", start_chars="~")
    inline.register("inline_note", r"\^\[", parse_inline_note, before="link", start_chars="^")
    inline.register("script", r"[\^~]", parse_script, before="linebreak", start_chars=("^", "~"))
    inline.register("math", r"\$", parse_math, before="link", start_chars="$")
    brackets = r"\\\\[(\[]"
    inline.register(
        "tex_in_brackets", brackets, parse_tex_in_brackets, before="escape", start_chars="\\"
    )
    inline.register("nbsp", r"\\ ", parse_nbsp, before="linebreak", start_chars="\\")
    inline.register("link_close", None, parse_close, start_chars="]")
    inline.register("codespan", None, parse_code, start_chars="`")


def parse_worldwide_email(
    inline: PostInlineParser, m: re.Match[str], state: InlineState
) -> int | None:
    """Parses an e-mail address in angle brackets that has letters beyond ASCII."""
    return inline.parse_auto_email(m, state)


def add_bare_links(inline: PostInlineParser) -> None:
    """Registers the rule for GFM's bare links.

    It stops at every ``h``, ``w`` and ``f``, so use such a parser only for texts that contain an
    address.
    """
    inline.register("bare_link", _BARE_LINK, parse_bare_link, start_chars=("h", "w", "f"))


# Notes


def parse_note_ref(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses ``[^label]`` if a note has that label; otherwise it may still be the text of a
    link.
    """
    label = m.group(0)[2:-1]
    if unikey(label) not in state.env["notes"]:
        # If ( or [ follows, it is a link whose text begins with ^.
        if state.src[m.end() : m.end() + 1] not in ("(", "["):
            state.env["undefined"].append(label)
        opening = _OPEN.match(state.src, m.start())
        assert opening is not None
        return inline.parse_link(opening, state)
    state.append_token({"type": "note_ref", "label": label})
    return m.end()


def parse_exclaimed(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses ``Really![^label]``, an exclamation mark and a note mark, if a note has that label."""
    label = m.group(0)[3:-1]
    if unikey(label) in state.env["notes"]:
        state.append_token({"type": "text", "raw": "!"})
        state.append_token({"type": "note_ref", "label": label})
        return m.end()
    state.env["undefined"].append(label)
    opening = _OPEN.match(state.src, m.start())
    assert opening is not None
    return inline.parse_link(opening, state)


def parse_inline_note(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses ``^[text]`` with balanced brackets."""
    depth = 1
    src = state.src
    position = m.end()
    while position < len(src):
        char = src[position]
        if char == "\\":
            position += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if depth == 0:
                state.append_token({"type": "inline_note", "text": src[m.end() : position]})
                return position + 1
        position += 1
    return None


# Attributes: spans, links, images, code


def parse_close(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int:
    """Parses closing brackets one by one, since attributes may follow any of them."""
    src = state.src
    if "{" not in src:
        return _plain_close(inline, m, state)
    position = m.start()
    while position < m.end():
        if _has_attributes(src, position + 1) and state.brackets:
            found = parse_attributes(src, position + 1)
            if found and _close_span(inline, state, found[0]):
                position = found[1]
                continue
        single = _CLOSE.match(src, position)
        assert single is not None
        count = len(state.brackets)
        end = _plain_close(inline, single, state)
        if end > position + 1 and len(state.brackets) < count and _has_attributes(src, end):
            found = parse_attributes(src, end)
            if found:
                state.tokens[-1]["attributes"] = found[0]
                end = found[1]
        position = end
    return position


def _has_attributes(text: str, start: int) -> bool:
    """Whether attributes of pandoc's begin at ``start``. Those of kramdown begin with a brace and a colon."""
    return text.startswith("{", start) and not text.startswith("{:", start)


def _plain_close(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int:
    end: int = type(inline).parse_link_close(inline, m, state)
    return end


def _close_span(inline: PostInlineParser, state: InlineState, attributes: AttributeBlock) -> bool:
    opener = state.brackets[-1]
    if opener.image or state.depth + opener.child_depth >= inline.max_nested_level:
        return False
    state.brackets.pop()
    state.last_link = opener.previous_link
    children = inline.finalize_tokens(state.tokens[opener.token_index + 1 :], state.depth + 1)
    del state.tokens[opener.token_index :]
    state.append_token({"type": "span", "children": children, "attributes": attributes})
    return True


def parse_code(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int:
    """Parses a code span, with the raw format or the attributes after it."""
    end: int = type(inline).parse_codespan(inline, m, state)
    if _has_attributes(state.src, end) and state.tokens[-1]["type"] == "codespan":
        raw = parse_raw_format(state.src, end)
        if raw:
            state.tokens[-1] = {"type": "raw", "format": raw[0], "raw": state.tokens[-1]["raw"]}
            return raw[1]
        found = parse_attributes(state.src, end)
        if found:
            state.tokens[-1]["attributes"] = found[0]
            return found[1]
    return end


# Characters


def parse_nbsp(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int:
    """Parses an escaped space, which is a no-break space."""
    state.append_token({"type": "text", "raw": "\u00a0"})
    return m.end()


def parse_strike(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses struck-through text between tildes."""
    marker = m.group(0)
    if state.depth >= inline.max_nested_level:
        return None
    size = len(marker)
    position = m.end()
    while True:
        close = state.delimiters.find(marker, position, formatting=True)
        if close is None:
            return None
        # The closing run is as long as the opening one.
        if state.src[close - 1] != "~" and state.src[close + size : close + size + 1] != "~":
            break
        position = close + size
    _append_children(inline, state, "strikethrough", state.src[m.end() : close])
    return close + size


def parse_script(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses ``H~2~O`` and ``2^10^``, without unescaped space inside."""
    if state.depth >= inline.max_nested_level:
        return None
    char = m.group(0)
    found = _SCRIPT[char].match(state.src, m.start())
    if found is None:
        return None
    kind = "superscript" if char == "^" else "subscript"
    _append_children(inline, state, kind, found[1])
    return found.end()


def _append_children(inline: PostInlineParser, state: InlineState, kind: str, source: str) -> None:
    child = state.copy()
    child.src = source
    state.append_token({"type": kind, "children": inline.render(child)})


def parse_math(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses a formula by Pandoc's rule: no space inside the dollars and no digit after, so that
    ``$5 and $6`` is text.
    """
    src = state.src
    start = m.start()
    if src.startswith("$$", start):
        found = _DISPLAY_MATH.match(src, start)
        if found is None or not found[1].strip():
            return None
        state.append_token({"type": "math", "raw": found[1].strip(), "display": True})
        return found.end()
    found = _MATH.match(src, start)
    if found is None or found[1][-1].isspace() or _BEGUN_VALUE.search(found[1]):
        return None
    state.append_token({"type": "math", "raw": found[1]})
    return found.end()


def parse_tex_in_brackets(
    inline: PostInlineParser, m: re.Match[str], state: InlineState
) -> int | None:
    r"""Parses ``\\(x\\)`` and ``\\[x\\]``: scripts on the page set what stands between ``\(`` and ``\)``."""
    found = _TEX_IN_BRACKETS.match(state.src, m.start())
    if found is None:
        return None
    tex = BACKSLASH_ESCAPE.sub(r"\1", found[1] or found[2]).strip()
    if not tex:
        return None
    token = {"type": "math", "raw": tex}
    state.append_token({**token, "display": True} if found[2] else token)
    return found.end()


# GFM's bare links


def parse_bare_link(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses a bare address; it includes a closing parenthesis that balances one inside."""
    src = state.src
    before = src[m.start() - 1 : m.start()]
    if state.in_link or state.depth >= inline.max_nested_level:
        return None
    if before and (before.isalnum() or before in "/@"):
        return None
    url = m.group(0)
    while True:
        if url.endswith(")") and url.count("(") < url.count(")"):
            url = url[:-1]
            continue
        trimmed = _TRAILING.sub("", url)
        if trimmed == url:
            break
        url = trimmed
    domain = re.split(r"[/?#:]", url.split("://", 1)[-1])[0]
    if not domain or "_" in "".join(domain.rsplit(".", 2)[-2:]):
        return None
    if state.brackets and "]" in url:
        url = url.split("]", 1)[0]
    href = url if "://" in url else "http://" + url
    inline._add_auto_link(href, url, state)
    state.tokens[-1].update(_autolink=url, verbatim=True)
    return m.start() + len(url)
