"""What a theme of one's own changes in the looks of the theme that it stands on, for both engines."""

from __future__ import annotations

from dataclasses import dataclass

SLANTS = {"roman": "normal", "italic": "italic"}
"""What both engines call the styles of titles."""
WEIGHTS = {"regular": 400, "bold": 600}
_TITLES = ".half-title, .book-title, .part-title, .chapter-title, .contents h1"
_CASES = {
    "as-written": "font-feature-settings: normal; text-transform: none;",
    "small-caps": 'font-feature-settings: "smcp"; letter-spacing: 0.05em;',
    "capitals": "text-transform: uppercase; letter-spacing: 0.08em;",
}


@dataclass(frozen=True, slots=True)
class Look:
    """The looks that a theme of one's own sets. What is empty stays as it is."""

    align: str = ""
    """The side of openers: ``start`` or ``center``."""
    title_style: str = ""
    title_weight: str = ""
    title_case: str = ""
    title_color: str = ""
    """The colour of titles: ``#`` and six digits; that of headings too."""
    heading_color: str = ""
    rule: str = ""
    """The width of a rule below an opener, as CSS writes it."""
    break_mark: str = ""
    """The characters between two sections of a chapter."""

    def css(self) -> str:
        """Returns the rules for WeasyPrint; Typst gets the same as the dictionary ``own``."""
        rules = []
        title = "".join(
            (
                f"font-style: {SLANTS[self.title_style]};" if self.title_style else "",
                f"font-weight: {WEIGHTS[self.title_weight]};" if self.title_weight else "",
                _CASES.get(self.title_case, ""),
                f"color: {self.title_color};" if self.title_color else "",
            )
        )
        if title:
            rules.append(f"{_TITLES} {{ {title} }}")
        if self.heading_color:
            rules.append(f"h2, h3, h4, h5, h6 {{ color: {self.heading_color}; }}")
        if self.align:
            side = "auto" if self.align == "center" else "0"
            heads = ".opener, .contents h1" if self.align == "center" else ".opener"
            rules.append(f"{heads} {{ text-align: {self.align}; }}")
            rules.append(
                f".chapter-title, .subtitle {{ margin-left: {side}; margin-right: auto; }}"
            )
        if self.rule:
            rules.append(
                f".opener {{ padding-bottom: 0.8rem; border-bottom: {self.rule} solid {self.title_color or '#000'}; }}"
            )
        if self.break_mark:
            mark = self.break_mark.replace("\\", "\\\\").replace('"', '\\"')
            rules.append("hr { height: 1.346rem; width: auto; border: 0; }")
            rules.append(f'hr::before {{ content: "{mark}"; font-size: 1rem; }}')
        return "\n".join(rules)


UNCHANGED = Look()


def contrast_with_white(color: str) -> float:
    """Returns the contrast of a colour with white (WCAG 2.2)."""
    digits = color[1:] if len(color) > 4 else "".join(2 * digit for digit in color[1:])
    parts = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
