"""Removes references out of the file from style sheets and properties of SVG pictures."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...lazy_pattern import lazy_pattern
from ...model.characters import text_alone
from ..sniffing import sniff

# Addresses in style sheets and properties. An escape could spell any of them in another way.
_OUTSIDE = lazy_pattern(r"url\(\s*(?!['\"]?#)|@import|@font-face|expression\(|javascript:|\\", re.I)
_DATA = lazy_pattern(r"data:image/(?:png|jpeg|gif);base64,([A-Za-z0-9+/=\s]+)\Z", re.I)
_EMBEDDED = frozenset(("image/png", "image/jpeg", "image/gif"))
_HEAD = 32
"""Characters of base64 that hold the first bytes of a picture, by which its type is known."""
# The colour matches blanks too, since a separate pattern would backtrack over every division of them.
_LIGHT_OR_DARK = lazy_pattern(
    r"light-dark\(((?:[^(),]|\([^()]*\))+),(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", re.I
)
_NESTED = frozenset(("media", "supports", "layer", "container"))
"""At-rules that hold rules."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet that refers only to parts of its own picture."""

    text: str
    typefaces: tuple[str, ...] = ()
    """The names of the typefaces that it embedded."""
    lost: tuple[str, ...] = ()
    """The declarations and rules that were removed."""


def is_embedded_picture(address: str) -> bool:
    """Whether an address holds a picture that an SVG picture may embed.

    Its bytes count, whatever it says: WeasyPrint takes what Pillow cannot read for SVG, whose references nobody cleaned.
    """
    found = _DATA.match(address)
    if found is None:
        return False
    head = "".join(found[1].split())[:_HEAD].encode()
    try:
        return sniff(b64decode(head[: len(head) // 4 * 4])) in _EMBEDDED
    except ValueError:
        return False


def in_light(text: str) -> str:
    """Replaces each ``light-dark()`` by its colour for light pages (CSS Color 5, section 8).

    Renderers that do not know the function would paint everything black.
    """
    return _LIGHT_OR_DARK.sub(lambda found: found[1].strip(), text)


def leads_outside(text: str) -> bool:
    """Whether a property or a sheet names anything outside its picture."""
    return _OUTSIDE.search(text) is not None


def clean_sheet(css: str) -> Sheet:
    """Removes the rules and declarations that lead outside."""
    if not leads_outside(css):
        return Sheet(css)
    import tinycss2

    typefaces: list[str] = []
    lost: list[str] = []
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    try:
        text = _rules(rules, typefaces, lost)
    except RecursionError:  # tinycss2 writes brackets in brackets by recursion
        return Sheet("", lost=(_short(css),))
    return Sheet(text_alone(text), tuple(dict.fromkeys(typefaces)), tuple(lost))


def clean_declarations(css: str) -> tuple[str, list[str]]:
    """Splits the properties of an element into those to keep and those that lead outside."""
    import tinycss2

    lost: list[str] = []
    try:
        safe = _declarations(tinycss2.parse_blocks_contents(css), lost)
    except RecursionError:
        return "", [_short(css)]
    return text_alone(safe), lost


def _rules(rules: Iterable[Any], typefaces: list[str], lost: list[str]) -> str:
    import tinycss2

    parts = []
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "font-face":
            typefaces.extend(_family(rule))
            continue
        if rule.type == "at-rule" and rule.lower_at_keyword in _NESTED and rule.content is not None:
            nested = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
            content = _rules(nested, typefaces, lost)
        elif rule.type == "qualified-rule":
            head = tinycss2.serialize(rule.prelude)
            content = _declarations(tinycss2.parse_blocks_contents(rule.content), lost)
        elif rule.type == "error":
            continue
        else:
            head, content = rule.serialize(), ""
            if leads_outside(head):
                lost.append(_short(head))
            else:
                parts.append(head)
            continue
        if leads_outside(head):
            lost.append(_short(head))
        elif content:
            parts.append(f"{head.strip()} {{{content}}}")
    return "\n".join(parts)


def _declarations(nodes: Iterable[Any], lost: list[str]) -> str:
    safe: list[str] = []
    for node in nodes:
        if node.type in ("comment", "whitespace", "error"):
            continue
        text = node.serialize()
        if leads_outside(text):
            lost.append(_short(text))
        else:
            safe.append(text)
    return "; ".join(safe)


def _family(rule: Any) -> list[str]:
    import tinycss2

    return [
        tinycss2.serialize(node.value).strip().strip("\"'")
        for node in tinycss2.parse_blocks_contents(rule.content or ())
        if node.type == "declaration" and node.lower_name == "font-family"
    ]


def _short(text: str) -> str:
    """Shortens a declaration for messages and omits the data that it may embed."""
    return re.sub(r"(data:[\w/+.-]*)[^'\")]*", r"\1...", " ".join(text.split()))
