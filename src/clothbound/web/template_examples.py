"""Examples of shortcodes and of a template's tags, which a generator prints and does not run.

Sources of Hugo, Zola, Quarto and Jekyll have marks around them, which are printed nowhere: in code too, for the sake of which
most of them are written.
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern

EXAMPLE = lazy_pattern(
    # No alternative contains the beginning of another, since an unclosed one would otherwise be searched to the end.
    r"\{(?P<quarto>\{\{[<%](?:(?![>%]\}\}\}).)*+[>%]\}\})\}"
    r"|\{\{(?P<open>[<%])/\*(?P<hugo>(?:(?!\*/).)*+)\*/[>%]\}\}"
    r"|\{\{\s*/\*(?P<zola>(?:(?!\*/).)*+)\*/\s*\}\}"
    r"|\{%\s*/\*(?P<tag>(?:(?!\*/).)*+)\*/\s*%\}"
    r"|\{\#\s(?P<note>(?:(?![\s\u200b]\#\})[^{}\n])*+)[\s\u200b]\#\}",
    re.S,
)
"""Matches an example of a shortcode, which is printed without its marks, and a template's comment."""
_RAW_TAG = lazy_pattern(
    r"^[ \t]*\{%-?\s*(?:end)?raw\s*-?%\}[ \t]*(?:\n|\Z)|\{%-?\s*(?:end)?raw\s*-?%\}", re.M
)


def example_text(found: re.Match[str]) -> str:
    """Returns what readers see of a match of ``EXAMPLE``: the shortcode; nothing for a comment."""
    if found["quarto"]:
        return found["quarto"]
    if found["open"]:
        close = ">" if found["open"] == "<" else "%"
        return f"{{{{{found['open']}{found['hugo']}{close}}}}}"
    if found["tag"]:
        return f"{{%{found['tag']}%}}"
    # Zola's example is a call; other text is a comment of a template.
    inner = found["zola"]
    return f"{{{{{inner}}}}}" if inner and re.match(r"\s*[\w.:]+\(", inner) else ""


def printed_code(code: str) -> str:
    """Returns a block of code as a generator prints it: examples without their marks, and no tags between which a template
    leaves braces alone. Comments stay: they are what such code shows.
    """
    if "endraw" in code and _RAW_TAG.search(code):
        code = _RAW_TAG.sub("", code).strip("\n")
    if "*/" in code or "{{{" in code:
        code = EXAMPLE.sub(lambda found: example_text(found) or found[0], code)
    return code
