"""``ShortcodeReport``: what is said of the shortcodes, components and expressions of a post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ...diagnostics import DiagnosticCode, LineDiagnostic

if TYPE_CHECKING:
    from .shortcodes import Shortcode

COMPUTED = "is computed by the site; only the words within it were kept"
UNKNOWN = "is not known; its words were kept"
ADDRESS = "is an address that the site computes; of the link, only the words were kept"
HIDDEN = "holds what the site does not show; it was left out"
KEPT_AS_TEXT = "was kept as text"
"""What becomes of a shortcode."""
_SHOWN = 60
"""The most characters of an expression that a message shows."""


class ShortcodeReport(msgspec.Struct):
    """What is reported of a post's shortcodes, and of MDX's components: each name once, with its number and its
    first line.
    """

    found: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, name: str, what: str, line: int, kind: str = "shortcode") -> None:
        named = f"{kind} {name!r}".replace("\\\\", "\\")
        count, first = self.found.get((named, what), (0, line))
        self.found[named, what] = (count + 1, min(first, line) if line else first)

    def add_expression(self, source: str, line: int) -> None:
        """Notes an expression of MDX that was kept as it is written."""
        short = " ".join(source.split())
        short = short if len(short) <= _SHOWN else f"{short[:_SHOWN]}..."
        self.add(short, f"{KEPT_AS_TEXT}, since only the site evaluates it", line, "expression")

    def add_tag(self, tag: Shortcode, what: str, line: int) -> None:
        if tag.written:
            self.add(tag.written, what, line, "component")
        else:
            self.add(tag.name, what, line)

    def findings(self) -> list[LineDiagnostic]:
        result = []
        for (named, what), (count, line) in self.found.items():
            times = f" ({count} times)" if count > 1 else ""
            message = f"{named} {what}{times}"
            result.append((DiagnosticCode.SHORTCODE_KEPT, message, line))
        return result
