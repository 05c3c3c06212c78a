"""Chooses the font families for Chinese, Japanese and Korean by the language of the text.

The same character has different forms in these languages. The families are Google's and Adobe's Noto CJK,
under the names that systems give them. They are not embedded in our package.
"""

from __future__ import annotations

# Longer tags come later: the last that matches wins, as in a style sheet.
_REGIONS = {
    "": "JP",
    "zh": "SC",
    "zh-hant": "TC",
    "zh-tw": "TC",
    "zh-hk": "HK",
    "zh-mo": "HK",
    "zh-hant-hk": "HK",
    "zh-hant-mo": "HK",
    "ko": "KR",
}
_FAMILIES = {"serif": "Noto Serif CJK", "sans": "Noto Sans CJK", "mono": "Noto Sans Mono CJK"}


def cjk_families(language: str) -> dict[str, str]:
    """Returns the families for text in ``language``, a BCP 47 tag, by ``serif``, ``sans`` and ``mono``."""
    tag = language.lower()
    region = [r for t, r in _REGIONS.items() if not t or tag == t or tag.startswith(f"{t}-")][-1]
    return {kind: f"{family} {region}" for kind, family in _FAMILIES.items()}


def cjk_css() -> str:
    """Returns a style sheet with these families as custom properties, by the language of each element."""
    return "\n".join(
        f"{f':lang({tag})' if tag else ':root'} {{ "
        + " ".join(f'--cjk-{kind}: "{name}";' for kind, name in cjk_families(tag).items())
        + " }"
        for tag in _REGIONS
    )
