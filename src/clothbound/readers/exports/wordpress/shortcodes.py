"""Finds WordPress's shortcodes in a text and replaces each by the HTML that it stands for.

Source: WordPress's documentation of shortcodes, and exports. A name in brackets is a shortcode if it is known, if it has
an end tag, or if it has a quoted attribute. Everything else in brackets is text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from ....diagnostics import DiagnosticCode, LineDiagnostic
from ....escape import attribute as escape_attribute
from ....escape import escape
from ....lazy_pattern import lazy_pattern
from ...searched_html import MEMBERS_END, MEMBERS_START
from .builder_shortcodes import is_hidden, with_titles, with_words
from .enclosed import replace_enclosed

_ATTRIBUTE = lazy_pattern(
    r"""([A-Za-z_][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))|"([^"]*)"|'([^']*)'|([^\s"']+)"""
)
_TAG = lazy_pattern(
    r"""\[(\[?)(/?)([A-Za-z][\w-]{0,60})((?:[\s=](?:"[^"]*"|'[^']*'|[^\[\]"'])*+)?)\](\]?)"""
)
_LITERAL = lazy_pattern(r"(?<!\[)\[(code|sourcecode|source|plain)(?![\w-])([^\]]*)\]", re.I)
_VERBATIM = lazy_pattern(r"<(pre|code|script|style|textarea)\b[^<>]*>", re.I)
_ALONE = lazy_pattern(r"^[ \t]*(https?://[^\s<>\"'\[\]]+)[ \t]*$", re.M | re.I)
"""Matches an address alone on its line."""
_HAS_QUOTED = lazy_pattern(r"""\s[\w-]+\s*=\s*["'\u201c]""")
_CURLED = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2033": '"', "\u2032": "'"})
LAYOUT = lazy_pattern(
    r"(?:vc|et|et_pb|fusion|av|mk|cs|kc|fl|tatsu|nectar|wpb|x|thb|ux)_\w+|_?(?:row|column|col|columns|section|container)"
    r"(?:[_-]?\w+)?|one_(?:half|third|fourth|fifth|sixth)\w*|two_(?:thirds?|fifths?)\w*|three_(?:fourths?|fifths?)\w*"
    r"|clear|clearfix|divider|spacer|raw|div|span|center|text_block|x_text",
    re.I,
)
"""Matches the shortcodes of page builders, which lay out what stands in them."""
_FOR_SOME = lazy_pattern(
    r"(?!.*team)(?:.*(?:member|restrict|private|paywall|premium|paid|subscriber|logged|login|protect|password|patreon"
    r"|hide|hidden)|.*access(?!i)|(?:s2|mepr|pmpro|ihc|wlm|swpm|rcp|armember|memb)[-_]?).*",
    re.I,
)
"""Matches the shortcodes of plug-ins that show what stands in them to some readers only."""
_DEEPEST = 30
_KEPT_MARK = lazy_pattern(
    r'<p>\s*<div data-kept="(\d+)"></div>\s*</p>|<div data-kept="(\d+)"></div>|<i data-kept="(\d+)"></i>'
)

Attributes: TypeAlias = Mapping[str, str]
Expand: TypeAlias = Callable[[Attributes, str], str]
"""Makes HTML of a shortcode's attributes and of the text in it. Attributes without a name have numbers, from 0."""


class _Tag(msgspec.Struct):
    start: int
    end: int
    name: str
    attributes: str
    is_end: bool
    partner: int = -1
    """The position of the end tag among the tags."""
    is_doubled: bool = False
    """Whether a further bracket stands before a start, or behind an end."""
    is_escaped: bool = False
    """Whether such brackets stand on both sides, so that the shortcode is shown as it is written."""


class Shortcodes:
    """Expands the shortcodes of one text; ``findings`` says which were unknown."""

    def __init__(self, embed: Callable[[str], str]) -> None:
        """``embed`` makes the HTML of the card of an address."""
        self.known: dict[str, Expand] = {}
        """A function for each shortcode that is known, by its name in lower case."""
        self._embed = embed
        self._kept: list[str] = []
        self.findings: list[LineDiagnostic] = []
        self.texts: list[str] = []
        """What of each finding is not printed."""

    def expand(self, text: str) -> str:
        """Returns the text with HTML instead of shortcodes, and cards instead of addresses alone on their lines.

        Blocks and preformatted text are kept from further changes until ``restore``.
        """
        text = replace_enclosed(text, _LITERAL, "[/{}", self._listing)
        text = replace_enclosed(text, _VERBATIM, "</{}", self._verbatim)
        text = _ALONE.sub(lambda found: self.block(self._embed(found[1])), text)
        return text if "[" not in text else self._expand(text, 0)

    def block(self, markup: str) -> str:
        """Keeps the HTML of a block from changes; returns what stands for it until ``restore``."""
        return self._keep(markup, "")

    def restore(self, text: str) -> str:
        """Puts the HTML that was kept in its place."""
        for _ in range(_DEEPEST):
            if "data-kept=" not in text:
                break
            text = _KEPT_MARK.sub(lambda found: self._kept[int(found[found.lastindex or 1])], text)
        return text

    def _keep(self, markup: str, name: str) -> str:
        self._kept.append(markup)
        number = len(self._kept) - 1
        if name in ("code", "script"):  # it may stand within a paragraph
            return f'<i data-kept="{number}"></i>'
        return f'\n\n<div data-kept="{number}"></div>\n\n'

    def _verbatim(self, found: re.Match[str], content: str) -> str:
        return self._keep(f"{found[0]}{content}</{found[1]}>", found[1].lower())

    def _listing(self, found: re.Match[str], content: str) -> str:
        attributes = read_attributes(found[2])
        language = attributes.get("language") or attributes.get("lang") or attributes.get("0", "")
        return self.block(listing(html.unescape(content), language))

    def _expand(self, text: str, depth: int) -> str:
        tags = self._tags(text)
        if not tags or depth > _DEEPEST:
            return text
        parts: list[str] = []
        place, number = 0, 0
        while number < len(tags):
            tag = tags[number]
            parts.append(text[place : tag.start])
            if tag.partner >= 0:
                last = tags[tag.partner]
                inner: str | None = text[tag.end : last.start]
                number, place = tag.partner + 1, last.end
            else:
                inner, place, number = None, tag.end, number + 1
            if tag.is_escaped:
                parts.append(text[tag.start + 1 : place - 1].replace("[", "&#91;"))
            else:
                parts.append(self._made(tag, inner, depth))
        parts.append(text[place:])
        return "".join(parts)

    def _made(self, tag: _Tag, inner: str | None, depth: int) -> str:
        name = tag.name.lower()
        if tag.is_end:
            return ""
        expand = self.known.get(name)
        attributes = read_attributes(tag.attributes)
        is_layout = LAYOUT.fullmatch(name) is not None
        if is_layout and is_hidden(attributes):
            self.tell(tag.name, "the site hides it", inner or "")
            return ""
        content = "" if inner is None else self._expand(inner, depth + 1)
        if expand is not None:
            return expand(attributes, content)
        if is_layout:
            return f"\n\n{with_words(attributes, content)}\n\n"
        has_password = any("password" in key for key in attributes)
        if content.strip() and (has_password or _FOR_SOME.fullmatch(name)):
            self.tell(tag.name, "the part in it is for some readers only")
            return f"\n\n{MEMBERS_START}\n\n{content}\n\n{MEMBERS_END}\n\n"
        kept = "the words in it are kept" if content.strip() else "it is left out"
        self.tell(f"{tag.name} {tag.attributes.strip()}".strip(), f"it is not known: {kept}")
        return with_titles(attributes, content) if content.strip() else content

    def tell(self, words: str, outcome: str, content: str = "") -> None:
        """Reports a shortcode that is not printed: ``words`` are its name and attributes, ``content`` what stands in it,
        if that is not printed either.
        """
        message = f"the shortcode [{words[:200]}]: {outcome}"
        self.findings.append((DiagnosticCode.NODE_DROPPED, message, 0))
        self.texts.append(f"{words} {content}".strip())

    def _tags(self, text: str) -> list[_Tag]:
        """Returns the tags that are shortcodes, each start with its end tag, where it has one."""
        found: list[_Tag] = []
        opened: dict[str, list[int]] = {}
        for match in _TAG.finditer(text):
            double, slash, name, attributes, closes = match.groups()
            is_double = bool(double) and bool(closes)
            start = match.start() if is_double or not double else match.start() + 1
            end = match.end() if is_double or not closes else match.end() - 1
            tag = _Tag(start, end, name, attributes.removesuffix("/"), bool(slash))
            tag.is_doubled = bool(closes if slash else double)
            tag.is_escaped = is_double
            found.append(tag)
            if is_double:
                continue
            if slash:
                if opened.get(name.lower()):
                    opening = found[opened[name.lower()].pop()]
                    opening.partner = len(found) - 1
                    if opening.is_doubled and tag.is_doubled:
                        opening.is_escaped = True
                        opening.start -= 1
                        tag.end += 1
                continue
            if not attributes.endswith("/"):
                opened.setdefault(name.lower(), []).append(len(found) - 1)
        return self._shortcodes_of(found)

    def _shortcodes_of(self, found: list[_Tag]) -> list[_Tag]:
        ends = {tag.partner for tag in found if tag.partner >= 0}
        chosen = [
            n
            for n, tag in enumerate(found)
            if tag.is_escaped
            or n in ends
            or tag.partner >= 0
            or (not tag.is_end and tag.name.lower() in self.known)
            or (bool(LAYOUT.fullmatch(tag.name)) and _is_layout(tag))
            or (not tag.is_end and bool(_HAS_QUOTED.match(tag.attributes)))
        ]
        place = {n: m for m, n in enumerate(chosen)}
        return [
            msgspec.structs.replace(found[n], partner=place.get(found[n].partner, -1))
            for n in chosen
        ]


def _is_layout(tag: _Tag) -> bool:
    """Whether a name that a page builder uses is one: it may be a word in brackets as well."""
    return "_" in tag.name or bool(_HAS_QUOTED.match(tag.attributes))


def read_attributes(text: str) -> dict[str, str]:
    """Returns the attributes of a shortcode; those without a name by their number."""
    found: dict[str, str] = {}
    text = html.unescape(text).translate(_CURLED)
    for match in _ATTRIBUTE.finditer(text.removeprefix("=")):
        name, double, single, bare, *alone = match.groups()
        if name:
            found[name.lower()] = (double or single or bare or "").strip()
        else:
            unnamed = sum(key.isdigit() for key in found)
            found[str(unnamed)] = "".join(filter(None, alone)).strip()
    return found


def listing(code: str, language: str) -> str:
    """Returns code as HTML."""
    named = f' class="language-{escape_attribute(language)}"' if language else ""
    return f"<pre><code{named}>{escape(code.strip(chr(10)))}</code></pre>"
