"""Reads the boxes between colons of Docusaurus, Starlight (Astro), VitePress and VuePress as callouts: ``:::note``,
``:::tip[Title]{icon="star"}``, ``::: warning``, ``::: details Title {open}``.

Sources: Docusaurus, "Admonitions"; Starlight, "Asides"; VitePress, "Custom Containers".
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from .outside_code import rewrite_lines

_OPENING = lazy_pattern(
    r"(?P<indent>[ \t]*)(?P<colons>:{3,})[ \t]*(?P<kind>note|tip|info|important|success|warning|caution|danger|details)"
    r"(?:\[(?P<title>[^\n]*)\]|[ \t]+(?P<words>[^\n{}\[\]]+?)[ \t]*(?=\{))?[ \t]*(?:\{[^{}\n]*\})?[ \t]*"
)
_DETAILS = "Details"
"""The words that VitePress and VuePress show for details without a summary."""


def asides_as_callouts(text: str) -> str:
    """Returns a text in which the line that begins such a box begins a callout."""
    return rewrite_lines(text, _OPENING, _callout) if ":::" in text else text


def _callout(found: re.Match[str]) -> str:
    kind, title = found["kind"], found["title"] or found["words"] or ""
    begin = f"{found['indent']}{found['colons']}"
    if title or kind == "details":
        return f"{begin}{kind}[{title or _DETAILS}]"
    return f"{begin} {{.callout-{kind}}}"
