"""Keeps code from the templates of a generator of sites, which run in the whole text of a post, code included."""

from __future__ import annotations

from ...lazy_pattern import lazy_pattern
from .dialects import Dialect

_END_OF_RAW = lazy_pattern(r"\{%-?\s*endraw")
_SHORTCODE = lazy_pattern(r"\{\{([<%])((?:(?!\{\{[<%]).)*?)([%>])\}\}")


def keep_from_templates(code: str, dialect: Dialect, line_end: str = "") -> str:
    """Returns code, written as Markdown, in which no template is run; ``line_end`` ends the lines of marks around a block."""
    if dialect.templates == "hugo":
        return _SHORTCODE.sub(r"{{\1/*\2*/\3}}", code)
    if dialect.templates == "liquid" and ("{{" in code or "{%" in code):
        inner = _END_OF_RAW.sub(r"{% endraw %}{{ '\g<0>' }}{% raw %}", code)
        return f"{{% raw %}}{line_end}{inner}{line_end}{{% endraw %}}"
    return code
