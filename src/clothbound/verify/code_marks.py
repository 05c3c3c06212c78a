"""The forms of code in Markdown, within which no mark is one: the parts of patterns that skip it.

A fence is taken whole, so that a long one without an end is looked for once, and not once for each of its signs.
"""

from __future__ import annotations

FENCED = r"^[ \t]*(?P<fence>`{3,}+|~{3,}+)[^\n]*\n(?:(?![ \t]*(?P=fence))[^\n]*\n)*+[ \t]*(?P=fence)[^\n]*$"
"""Matches code between fences, whose sign is the group ``fence``, where ``re.MULTILINE`` is set."""
TICKED = r"(?<!`)(?P<ticks>`++)[^`\n]+(?P=ticks)"
"""Matches code within a line, between the same numbers of backticks: the group ``ticks``."""
