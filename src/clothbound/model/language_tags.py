"""Normalizes and checks language tags (BCP 47)."""

from __future__ import annotations

from ..errors import UsageError
from ..lazy_pattern import lazy_pattern

# Language, script, region, variants, private use: the well-formed tags in use (RFC 5646, 2.1).
_TAG = lazy_pattern(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?"
    r"(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)
_POSIX_ENDING = lazy_pattern(r"(?<=[A-Za-z])[.@][\w.@-]*")


def language_tag(language: str, default: str = "") -> str:
    """Returns ``language`` as a BCP 47 tag in canonical form, or ``default`` if it is not a tag.

    Forms of POSIX and others are repaired: ``zh_tw`` is ``zh-TW``, ``de_DE.UTF-8`` is ``de-DE``.
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
            # Subtags after x are for private use.
            return "-".join([*usual, *map(str.lower, rest[position:])])
        is_region = len(part) == 2
        is_script = len(part) == 4 and part.isalpha()
        usual.append(part.upper() if is_region else part.title() if is_script else part.lower())
    return "-".join(usual)


def primary_language(tag: str) -> str:
    """Returns the language that a tag names without script and region, as ``pt`` of ``pt-BR`` (RFC 5646, 2.2.1)."""
    return tag.partition("-")[0].lower()


def check_language(language: str) -> str:
    """Returns the tag with hyphens for underscores. Raises UsageError if it is not a language code.

    Codes of three letters are not checked: there are thousands, and CLDR knows only hundreds.
    """
    from difflib import get_close_matches

    from babel import Locale
    from babel.core import get_global

    known = Locale("en").languages
    tag = language_tag(language)
    primary = primary_language(tag)
    if len(primary) == 3 or primary in known or primary in get_global("language_aliases"):
        return tag
    codes = {name.casefold(): code for code, name in known.items() if len(code) < 4}
    nearest = get_close_matches(language.strip().casefold(), codes, n=1, cutoff=0.8)
    near = f"; did you mean {codes[nearest[0]]!r}?" if nearest else ""
    raise UsageError(
        f"{language!r} is not a language code{near}", hint="for example en, de or pt-BR"
    )
