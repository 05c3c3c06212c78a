"""Reads what MultiMarkdown has beside Markdown: links to headings, attributes in definitions of links, abbreviations,
and the level of the first headings. pandoc shares the first, kramdown and Python-Markdown share abbreviations.

Sources: MultiMarkdown's user guide (Cross-References, Images, Abbreviations, Metadata); pandoc's manual, extension
``implicit_header_references``; PHP Markdown Extra, section Abbreviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from mistune.util import escape_url, unikey

from ...late_names import late_module
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.post import Post
from ...model.walk import rewrite
from .attributes import split_heading
from .parser import Environment, LineBlockParser, LineState, Token

if TYPE_CHECKING:
    from ...model import heading_ids
    from . import kramdown
else:
    # What few posts need.
    kramdown = late_module("clothbound.readers.markdown.kramdown")
    heading_ids = late_module("clothbound.model.heading_ids")


_ABBREVIATION = r"^ {0,3}(?:\*\[(?P<abbr_star>[^\]\n]+)\]|\[>(?P<abbr_mmd>[^\]\n]+)\]):[ \t]*(?P<abbr_text>[^\n]*)(?:\n|\Z)"
_LABEL = r"^ {0,3}\[(?!\^)(?P<mmd_label>[^\[\]\n]+)\]:[ \t]*"
_TITLE = r"(?P<mmd_title>[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?"
_DEFINITION = (
    rf"{_LABEL}(?:<(?P<mmd_angled>[^<>\n]*)>|(?P<mmd_address>[^\s<>]+)){_TITLE}"
    r"(?P<mmd_pairs>(?:[ \t]+[A-Za-z][\w-]*=(?:\"[^\"\n]*\"|[^\s\"]+))+)[ \t]*(?:\n|\Z)"
)
_SPACED = (
    r"^ {0,3}\[(?!\^)(?P<spaced_label>[^\[\]\n]+)\]:[ \t]*(?P<spaced_address>[^\s<>\"]+(?:[ ][^\s<>\"]+)+\.[A-Za-z0-9]{2,4})"
    r"(?P<spaced_title>[ \t]+\"[^\"\n]*\")?[ \t]*(?:\n|\Z)"
)
_PAIR = lazy_pattern(r"(?<![\w-])([A-Za-z][\w-]*+)=(?:\"([^\"\n]*)\"|([^\s\"]+))")
_OWN_LABEL = lazy_pattern(r"^(.*\S)[ \t]*(?<!\])\[([^\[\]]+)\]$")
_BRACKETED = lazy_pattern(r"\[([^\[\]\n]{1,200})\]")
_REFERENCE_END = lazy_pattern(r"\](?!\()")
_USED = lazy_pattern(r"\[([^\[\]\n]+)\](?!:)")
_NOT_IN_LABEL = lazy_pattern(r"[^0-9a-z]+")
_MARKS = lazy_pattern(r"[*_`]+")
_KEPT = frozenset({"width", "height", "class", "id"})


def add_definitions(block: LineBlockParser) -> None:
    """Registers the rules for abbreviations, and for definitions of links that CommonMark does not read."""
    rules: tuple[tuple[str, str, Any], ...] = (
        ("abbreviation", _ABBREVIATION, parse_abbreviation),
        ("attributed_link", _DEFINITION, parse_attributed_link),
        ("spaced_link", _SPACED, parse_spaced_link),
    )
    for name, pattern, rule in rules:
        block.register(name, pattern, rule, before="ref_link")
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


def parse_abbreviation(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Notes what an abbreviation means; the line prints nothing."""
    name = (m["abbr_star"] or m["abbr_mmd"]).strip()
    if not name or _is_in_paragraph(state):
        return None
    state.env["abbreviations"].setdefault(name, m["abbr_text"].strip())
    return m.end()


def parse_attributed_link(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Defines a link or picture with attributes: ``[a]: b.png "Title" width=40px``."""
    if _is_in_paragraph(state) or not _is_used(state, m["mmd_label"]):
        return None
    address = m["mmd_address"] if m["mmd_angled"] is None else m["mmd_angled"]
    _define(state, m["mmd_label"], address, m["mmd_title"])
    pairs = {
        found[1].lower(): found[2] or found[3] or "" for found in _PAIR.finditer(m["mmd_pairs"])
    }
    kept = {name: value for name, value in pairs.items() if name in _KEPT}
    state.env["link_attributes"].setdefault(escape_url(address), kept)
    return m.end()


def parse_spaced_link(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Defines a link to a file whose name has spaces, as pandoc does.

    ``[Anna]: I opened notes.txt`` looks the same, so a definition that no link uses is text.
    """
    if _is_in_paragraph(state) or not _is_used(state, m["spaced_label"]):
        return None
    _define(state, m["spaced_label"], m["spaced_address"], m["spaced_title"])
    return m.end()


def _is_in_paragraph(state: LineState) -> bool:
    return bool(state.tokens) and state.tokens[-1]["type"] == "paragraph"


def _is_used(state: LineState, label: str) -> bool:
    """Whether a link or a picture of the text names a label."""
    used: set[str] | None = state.env["used_labels"]
    if used is None:
        used = {unikey(name) for name in _USED.findall(state.env["text"])}
        state.env["used_labels"] = used
    return unikey(label) in used


def _define(state: LineState, label: str, address: str, title: str | None) -> None:
    data = {"url": escape_url(address), "label": label}
    if title:
        data["title"] = title.strip()[1:-1]
    state.env["ref_links"].setdefault(unikey(label), data)


def define_headings(tokens: list[Token], text: str, env: Environment) -> None:
    """Makes each heading that is named in brackets the target of a link by that name, unless it is defined."""
    headings = list(_headings(tokens)) if _REFERENCE_END.search(text) else []
    if not headings:
        return
    bracketed = [(m.start(), m[1].casefold()) for m in _BRACKETED.finditer(text)]
    shown = {unikey(label) for _, label in bracketed}
    named = {unikey(label) for start, label in bracketed if start and text[start - 1] == "]"}
    defined = set(env["ref_links"])
    for token in headings:
        name, block = split_heading(token["text"].strip())
        given = kramdown.read_block(block, env["attribute_lists"]).id if block else ""
        own = _OWN_LABEL.match(name)
        is_defined = own is None or unikey(own[2]) in defined
        identifier = given
        if own is not None and not is_defined and unikey(own[2].casefold()) in named:
            # MultiMarkdown's own label of a heading, which is not printed.
            name = own[1]
            identifier = given or heading_ids.pandoc_heading_id(own[2])
            if not given:
                opening = "{:" if block.startswith("{:") else "{"
                block = f"{opening}#{identifier} {block.removeprefix(opening) or '}'}"
            token["text"] = f"{name} {block}"
            _define_heading(env, own[2], name, identifier)
        plain = _MARKS.sub("", name)
        label = _NOT_IN_LABEL.sub("", name.lower())
        labels = [
            said
            for said in dict.fromkeys((name, plain))
            if said and unikey(said.casefold()) in shown
        ]
        if label and unikey(label) in named:
            labels.append(label)
        for said in labels:
            identifier = identifier or heading_ids.pandoc_heading_id(plain)
            _define_heading(env, said, plain, identifier)


def _headings(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if token["type"] == "heading":
            yield token
        elif token["type"] in ("div", "block_quote"):
            yield from _headings(token["children"])


def _define_heading(env: Environment, label: str, name: str, identifier: str) -> None:
    env["ref_links"].setdefault(unikey(label), {"url": f"#{identifier}", "label": label})
    env["heading_names"].setdefault(f"#{identifier}", name)


def with_abbreviations(
    blocks: tuple[b.Block, ...], abbreviations: Mapping[str, str]
) -> tuple[b.Block, ...]:
    """Returns blocks in which each abbreviation says what it means, as the title of a span."""
    names = "|".join(re.escape(name) for name in sorted(abbreviations, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])")

    def visit(text: i.Text) -> tuple[i.Inline, ...] | i.Text:
        parts: list[i.Inline] = []
        done = 0
        for found in pattern.finditer(text.text):
            if found.start() > done:
                parts.append(i.Text(text.text[done : found.start()]))
            meaning = abbreviations[found[0]]
            word = i.Text(found[0])
            pairs = (("title", meaning),)
            parts.append(i.Span((word,), attributes=pairs) if meaning else word)
            done = found.end()
        if not done:
            return text
        if done < len(text.text):
            parts.append(i.Text(text.text[done:]))
        return tuple(parts)

    return rewrite(blocks, visit, frozenset({i.Text}))


def with_base_level(post: Post, fields: Mapping[str, Any]) -> Post:
    """Returns a post whose headings begin at the level that its header names (``Base Header Level``)."""
    given = fields.get("baseheaderlevel", fields.get("base header level", ""))
    if not re.fullmatch(r"[2-6]", str(given).strip()):
        return post
    shift = int(str(given).strip()) - 1

    def visit(heading: b.Heading) -> b.Heading:
        return msgspec.structs.replace(heading, level=min(6, heading.level + shift))

    return rewrite(post, visit, frozenset({b.Heading}))
