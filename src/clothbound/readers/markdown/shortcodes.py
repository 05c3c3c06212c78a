"""Reads shortcodes of site generators: ``{{< youtube id >}}`` and ``{{% note %}}`` of Hugo and
Quarto, ``{{ image(src="x") }}`` and ``{% note %}`` of Zola and Jekyll.

Only the templates of a site define them. The few that every Hugo site has are converted; the others
are kept as text, character for character, and reported.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...web.providers import GIST, TWITTER, VIMEO, YOUTUBE, AddressParts, Provider
from .smart import ESCAPED

SHORTCODE = lazy_pattern(
    # No alternative contains the beginning of another, since an unclosed one would otherwise be
    # searched to the end.
    r"\{\{(?P<mark>[<%])\s*+(?P<name>/?[\w/.-]++)(?P<rest>(?:(?![>%]\}\}|\{\{[<%]).)*+)[>%]\}\}"
    r"|\{\{\s*+(?P<call>[\w.]++)\([^{}]*\)\s*\}\}"
    r"|\{%-?\s*+(?P<tag>\w++)(?:(?!%\}|\{%).)*+%\}",
    re.S,
)
_ARGUMENT = lazy_pattern(r"""(?:([\w-]+)\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+))""")
_TRANSLATION = {ord(char): code for char, code in ESCAPED.items()}


def protect(text: str) -> str:
    """Hides the shortcodes of ``text`` from Markdown's rules."""
    return SHORTCODE.sub(lambda m: m[0].translate(_TRANSLATION), text)


def shortcode_name(found: re.Match[str]) -> str:
    """Returns the name in a match of ``SHORTCODE``."""
    return found["name"] or found["call"] or found["tag"]


def read_shortcode(text: str, line: int) -> b.Block | None:
    """Returns the block that a shortcode on its own line shows; None if it is not a known one."""
    found = SHORTCODE.fullmatch(text.strip())
    if found is None or not found["mark"]:
        return None
    named: dict[str, str] = {}
    plain: list[str] = []
    for key, double, single, bare in _ARGUMENT.findall(found["rest"]):
        value = double or single or bare
        if key:
            named[key.lower()] = value
        else:
            plain.append(value)
    first = plain[0] if plain else named.get("id", "")
    match found["name"]:
        case "youtube" if first:
            return _embed(YOUTUBE, {"id": first}, line, title=named.get("title", ""))
        case "vimeo" if first:
            return _embed(VIMEO, {"id": first}, line, title=named.get("title", ""))
        case "tweet" | "twitter" | "x" if first:
            parts = {"user": named.get("user", "i"), "id": first}
            return _embed(TWITTER, parts, line, author=named.get("user", ""))
        case "gist" if len(plain) > 1:
            return _embed(GIST, {"path": f"{plain[0]}/{plain[1]}"}, line)
        case "figure" if named.get("src"):
            caption = named.get("caption") or named.get("title") or ""
            return b.Figure(
                i.Image(named["src"], named.get("alt", ""), line=line),
                (i.Text(caption),) if caption else (),
                named.get("link", ""),
                line=line,
            )
    return None


def _embed(
    provider: Provider, parts: AddressParts, line: int, *, title: str = "", author: str = ""
) -> b.Embed:
    return b.Embed(
        provider.kind,
        provider.page_of(parts),
        provider.name,
        title=title,
        author=author,
        line=line,
    )
