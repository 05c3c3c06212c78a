"""Whether a language that an author writes is one: a BCP 47 tag of a language that there is."""

from __future__ import annotations

from ..errors import UsageError
from ..language.tags import language_tag


def checked_language(language: str) -> str:
    """The tag, its underscores mended. Raises UsageError for what is not a language code.

    Codes of three letters are taken as they are: there are thousands, and CLDR knows hundreds.
    """
    from difflib import get_close_matches

    from babel import Locale
    from babel.core import get_global

    known = Locale("en").languages
    tag = language_tag(language)
    primary = tag.split("-")[0].lower()
    if len(primary) == 3 or primary in known or primary in get_global("language_aliases"):
        return tag
    codes = {name.casefold(): code for code, name in known.items() if len(code) < 4}
    nearest = get_close_matches(language.strip().casefold(), codes, n=1, cutoff=0.8)
    near = f"; did you mean {codes[nearest[0]]!r}?" if nearest else ""
    raise UsageError(
        f"{language!r} is not a language code{near}", hint="write en, de or pt-BR, say"
    )
