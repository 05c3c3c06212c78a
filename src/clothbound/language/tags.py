"""Language tags (BCP 47) and the direction in which a language is written."""

from __future__ import annotations

import re

# Language, script, region, variants, private use: the well-formed tags that occur (RFC 5646, 2.1).
_TAG = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?"
    r"(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)
_POSIX_ENDING = re.compile(r"(?<=[A-Za-z])[.@][\w.@-]*")
_RTL_SCRIPTS = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"})


def language_tag(language: str, default: str = "") -> str:
    """``language`` as a BCP 47 tag in its usual form, or ``default`` where it is none.

    What POSIX and others write is mended: ``zh_tw`` is ``zh-TW``, ``de_DE.UTF-8`` is ``de-DE``.
    """
    if language == "en":
        return language
    tag = _POSIX_ENDING.sub("", language.strip()).replace("_", "-")
    if not _TAG.fullmatch(tag):
        return default
    primary, *rest = tag.split("-")
    usual = [primary.lower()]
    for position, part in enumerate(rest):
        if len(part) == 1:
            # What follows is private.
            return "-".join([*usual, *map(str.lower, rest[position:])])
        is_region = len(part) == 2
        is_script = len(part) == 4 and part.isalpha()
        usual.append(part.upper() if is_region else part.title() if is_script else part.lower())
    return "-".join(usual)


def direction(language: str) -> str:
    """``rtl`` for a language that is written from right to left, else ``ltr``."""
    if language[:2] == "en" or not language_tag(language):
        return "ltr"
    primary, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _RTL_SCRIPTS else "ltr"
    from babel import Locale, UnknownLocaleError

    try:
        found: str = Locale.parse(language, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        primary = language.split("-", maxsplit=1)[0].lower()
        return direction(primary) if primary != language else "ltr"
    return found
