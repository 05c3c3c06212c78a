"""Sets the emoji that a text names (``:smile:``), where the site's generator does.

Sources: gemoji, whose names GitHub, Jekyll (jemoji), Hugo (``enableEmoji``), Zola (``render_emoji``), PyMdown's
extension Emoji and VitePress have; Material for MkDocs for the names of icons.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from .outside_code import rewrite_words

_NAME = lazy_pattern(r"(?<![\w:]):(?P<name>[a-z0-9_+-]{1,60}):(?![\w:])")
_ICON = lazy_pattern(
    r"[ \t]?(?<!\w):(?:material|fontawesome|octicons|simple)-[a-z0-9-]{1,80}:(?:\{[^{}\n]*\})?"
)


def with_emoji(text: str) -> str:
    """Returns a text in which the names of emoji are these emoji. Other words between colons stay as they are."""
    return rewrite_words(text, _NAME, _emoji_of) if text.count(":") > 1 else text


def without_icons(text: str) -> str:
    """Returns a text without the icons that Material for MkDocs draws, which carry no words."""
    return rewrite_words(text, _ICON, lambda found: "") if ":" in text else text


def _emoji_of(found: re.Match[str]) -> str:
    import emoji

    made: str = emoji.emojize(found[0], language="alias")
    return found[0] if ":" in made else made
