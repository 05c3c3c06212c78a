"""The faces that characters of Chinese, Japanese and Korean are printed in, by the language of the text:
one character has other forms in each of them.

The families are those of Google's and Adobe's Noto CJK, which systems have under these names. No book
brings them along.
"""

from __future__ import annotations

# The longer a tag, the later: the last that fits decides, as the last rule of a style sheet does.
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
    """The family for text in ``language``, a BCP 47 tag, by ``serif``, ``sans`` and ``mono``."""
    tag = language.lower()
    region = [r for t, r in _REGIONS.items() if not t or tag == t or tag.startswith(f"{t}-")][-1]
    return {kind: f"{family} {region}" for kind, family in _FAMILIES.items()}


def cjk_css() -> str:
    """Custom properties with these families, for the language of each element."""
    return "\n".join(
        f"{f':lang({tag})' if tag else ':root'} {{ "
        + " ".join(f'--cjk-{kind}: "{name}";' for kind, name in cjk_families(tag).items())
        + " }"
        for tag in _REGIONS
    )
