"""Writes formulas as Typst expressions: TeX by way of MathML becomes Typst's own mathematics.

The library that reads TeX for HTML and EPUB reads it here too, so a formula is the same in all of
them. Its tree has a closed set of elements, and every character of it is written escaped: a formula
cannot become code. What has no counterpart is written as its TeX.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ....html.write.target import UNSET_FORMULA
from ....lazy_pattern import lazy_pattern
from ....math.line_breaks import INDENT, lines_of, local_name
from ....math.operators import LARGE_WITH_LIMITS, WORDS_WITH_LIMITS
from ....math.tex_to_mathml import to_mathml
from ....math.width import width_together
from ..page_format import SMALL_FORMULA
from .literals import literal, name_in

# After an empty string, a sign at the beginning of a line gets the spaces of a binary operator.
_INDENT = " ".join(["quad"] * INDENT + ['""'])
_NUMBER = lazy_pattern(r"[0-9]+(?:\.[0-9]+)?")
_EM = lazy_pattern(r"([+-]?(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++))em")
_LARGEST_SPACE = 20.0
_OPEN, _CLOSE = frozenset("([{⟨⌊⌈|‖∣∥"), frozenset(")]}⟩⌋⌉|‖∣∥")
# Authors write argmax and argmin with \operatorname, often without the star that would give them
# limits.
_LIMITS = WORDS_WITH_LIMITS | {
    "lim sup", "lim inf", "argmax", "argmin", "arg max", "arg min",
}  # fmt: skip
# Signs over and under a base, and the functions that set them (Typst reference, "Accent").
_OVER = {
    "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "∼": "tilde", "¯": "overline",
    "―": "overline", "‾": "overline", "_": "overline", "→": "arrow", "⃗": "arrow", "˙": "dot",
    "¨": "dot.double", "˘": "breve", "ˇ": "caron", "´": "acute", "`": "grave", "⏞": "overbrace",
    "⏠": "overparen", "⎴": "overbracket", "←": "arrow.l", "↔": "arrow.l.r", "°": "circle",
}  # fmt: skip
_UNDER = {"_": "underline", "―": "underline", "¯": "underline", "‾": "underline", "̲": "underline",
          "⏟": "underbrace", "⏡": "underparen", "⎵": "underbracket"}  # fmt: skip
_CALLED = frozenset(("overline", "underline", "overbrace", "underbrace", "overparen", "underparen",
                     "overbracket", "underbracket"))  # fmt: skip
_SIGNS = {"-": "−", "*": "∗", "~": "∼", "\u2061": "", "\u2062": "", "\u2063": "", "⩽": "⩽"}
_STROKES, _GROWING = frozenset("|‖"), frozenset("⟨⟩⌊⌋⌈⌉")
_ARROWS = frozenset("←→↔⇐⇒⇔↦⟵⟶")
_STRUCK = {
    "updiagonalstrike": "", "downdiagonalstrike": ", inverted: #true",
    "updiagonalstrike downdiagonalstrike": ", cross: #true",
    "horizontalstrike": ", angle: #90deg",
}  # fmt: skip
_SIZES = {"1": "script", "2": "sscript"}
_PAIR_GAP = 2
"""The gap between pairs of aligned columns in em."""
_STYLES = {"bold": "bold", "italic": "italic", "bold-italic": "bold", "monospace": "mono",
           "sans-serif": "sans", "normal": "upright"}  # fmt: skip

_SURELY_FITS = 0.75
"""The share of the line up to which a formula surely fits. Typst measures formulas of greater
estimated width."""


@dataclass(frozen=True, slots=True)
class SetFormula:
    """A formula as a Typst expression, and what was lost."""

    source: str
    simplified: str = ""
    """The loss to report if the formula was simplified; else empty."""


def set_formula(tex: str, size: float, room: float, *, is_displayed: bool) -> SetFormula:
    """Typesets ``tex`` at ``size`` points on a line of ``room`` points."""
    alt = literal(name_in(tex))
    widest = room / size
    equation = to_typst(tex, is_displayed, widest)
    if equation is not None:
        body = f"${equation.source}$.body"
        if not is_displayed or equation.width <= widest * _SURELY_FITS:
            return SetFormula(f"formula({'true' if is_displayed else 'false'}, {alt}, {body})")
        points = size * widest / equation.width
        simplified = ""
        if points < SMALL_FORMULA:
            simplified = (
                f"a formula was set in type of about {points:.0f} points, as wide as the page"
            )
        return SetFormula(f"fitted-formula({alt}, {body})", simplified)
    return SetFormula(f"text(dir: ltr, raw({literal(' '.join(tex.split()))}))", UNSET_FORMULA)


class _RefusedError(Exception):
    """Typst has no counterpart for the element."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A formula in Typst's mathematics."""

    source: str
    """The content of an equation in math mode."""
    width: float
    """The approximate width in em of its widest line."""


def to_typst(tex: str, display: bool, widest: float = 0) -> Equation | None:
    """Returns ``tex`` in Typst's mathematics; None if that is not possible.

    A displayed formula wider than ``widest`` em is broken into lines if possible; 0 allows any
    width. Every character other than a letter or digit is escaped or within a string.
    """
    mathml = to_mathml(tex, display)
    if mathml is None or not tex.strip():
        return None
    root = ElementTree.fromstring(mathml)  # noqa: S314 - ours, without a DTD
    width = width_together(list(root))
    try:
        if display and widest and width > widest:
            lines = lines_of(root, widest, 1, width_together)
            if len(lines) > 1:
                source = f" \\ & {_INDENT} ".join(_mrow(line) for line in lines)
                return Equation(f"& {source}", max(map(width_together, lines)) + INDENT)
        return Equation(_formula(root), width)
    except (_RefusedError, RecursionError):
        return None


def _formula(root: Element) -> str:
    """Returns the whole equation. Lines and their alignment belong to the equation itself."""
    element = root
    while len(element) == 1 and local_name(element[0]) == "mrow":
        element = element[0]
    if len(element) == 1 and local_name(element[0]) == "mtable":
        table = element[0]
        if _is_aligned(table) or all(len(row) == 1 for row in table):
            return _lines(table, "\\")
    return _mrow(list(element))


def _is_aligned(table: Element) -> bool:
    """Whether columns are aligned right and left by turns, as in aligned lines."""
    sides = ("right", "left")
    return len(table) > 0 and all(
        cell.get("columnalign") in (sides[number % 2], None)
        if number
        else cell.get("columnalign") == "right"
        for row in table
        for number, cell in enumerate(row)
    )


def _lines(table: Element, end: str) -> str:
    rows = [" & ".join(map(_aligned_cell, range(len(row)), row)) for row in table]
    return f" {end} ".join(rows).strip()


def _aligned_cell(number: int, cell: Element) -> str:
    """Returns a cell of aligned lines; a gap is before each pair of columns but the first."""
    inner = _row(list(cell))
    return f"#h({_PAIR_GAP}em) {inner}".rstrip() if number and number % 2 == 0 else inner


def _row(elements: Sequence[Element]) -> str:
    parts: list[str] = []
    position = 0
    while position < len(elements):
        taken, text = _fence(elements, position)
        parts.append(text)
        position += taken
    return _join(parts)


def _join(parts: Sequence[str]) -> str:
    """Joins ``parts`` with spaces, but beside words in quotes, where Typst would set them."""
    result = ""
    for part in filter(None, parts):
        is_quoted = part[0] == '"' or result.endswith('"')
        result += part if is_quoted or not result else f" {part}"
    return result


def _fence(elements: Sequence[Element], position: int) -> tuple[int, str]:
    """Returns the number of elements that are set as one, such as a binomial or a matrix in
    brackets, and their source.
    """
    three = elements[position : position + 3]
    if len(three) == 3 and _is_bracket(three[0], _OPEN) and _is_bracket(three[2], _CLOSE):
        middle = three[1]
        if local_name(middle) == "mfrac" and middle.get("linethickness") == "0":
            return 3, f"binom({_group(middle[0])}, {_group(middle[1])})"
        if local_name(middle) == "mtable":
            inside = " ".join((_element(three[0]), _element(middle), _element(three[2])))
            return 3, f"lr({inside})"
    return 1, _element(elements[position])


def _is_bracket(element: Element, brackets: frozenset[str]) -> bool:
    return local_name(element) == "mo" and (element.text or "") in brackets


def _group(element: Element) -> str:
    """Returns an argument. Its commas are escaped like all signs, so it cannot end early."""
    return _element(element) or '""'


def _element(element: Element) -> str:  # noqa: C901, PLR0912 - match dispatch
    name = local_name(element)
    text = element.text or ""
    children = list(element)
    match name:
        case "mi":
            return _identifier(text, element.get("mathvariant", ""))
        case "mn":
            return text if _NUMBER.fullmatch(text) else literal(text)
        case "mo":
            return _operator(text, element)
        case "mtext" | "ms":
            return _style(literal(text), element.get("mathvariant", "")) if text else ""
        case "mspace":
            return _space(element)
        case "mrow" if len(children) == 1 and local_name(children[0]) == "mo":
            # A sign in braces of its own has no spaces.
            sign = _element(children[0])
            return f'class("normal", {sign})' if sign else ""
        case "mrow" | "mpadded":
            return _mrow(children)
        case "mstyle":
            if element.get("scriptlevel") == "1" and _is_table(children):
                return _table(children[0], "script")
            inner = _row(children)
            style = _SIZES.get(element.get("scriptlevel", ""), "")
            if element.get("displaystyle") == "true":
                style = "display"
            return f"{style}({inner})" if style and inner else inner
        case "msqrt":
            return f"sqrt({_row(children) or chr(34) * 2})"
        case "mroot":
            return f"root({_group(children[1])}, {_group(children[0])})"
        case "mfrac":
            if element.get("linethickness") in ("0", "0pt"):
                return f"mat(delim: #none, {_group(children[0])}; {_group(children[1])})"
            return f"frac({_group(children[0])}, {_group(children[1])})"
        case "msub" | "msup" | "msubsup" | "munder" | "mover" | "munderover":
            return _scripts(name, children)
        case "mtable":
            if _is_aligned(element):
                return f"mat(delim: #none, {_lines(element, ';')})"
            return _table(element)
        case "mphantom":
            return f"#hide(${_row(children)}$.body)"
        case "menclose" if element.get("notation") == "box":
            return f"#boxed(${_row(children)}$.body)"
        case "menclose" if element.get("notation") in _STRUCK:
            how = _STRUCK[element.get("notation", "")]
            return f"cancel({_row(children) or chr(34) * 2}{how})"
    raise _RefusedError


def _is_table(children: Sequence[Element]) -> bool:
    return len(children) == 1 and local_name(children[0]) == "mtable"


def _identifier(text: str, variant: str) -> str:
    if not text:
        return ""
    if len(text) == 1:
        sign = _sign(text)
        return f"upright({sign})" if variant == "normal" and sign else sign
    if not text.replace(" ", "").isalpha():
        return literal(text)
    limits = ", limits: #true" if text in _LIMITS else ""
    return f"op({literal(text)}{limits})"


def _operator(text: str, element: Element) -> str:
    if not text:
        return ""
    if text == "mod":
        return 'class("binary", op("mod"))'
    if len(text) > 1:
        limits = element.get("movablelimits") == "true" or text in _LIMITS
        return f"op({literal(text)}{', limits: #true' if limits else ''})"
    sign = _sign(text)
    if sign and text in _STROKES and element.get("stretchy") == "false":
        # Typst would set them as relations, or as high as what is between them.
        kind = {"prefix": "opening", "postfix": "closing"}.get(element.get("form", ""), "normal")
        return f'class("{kind}", {sign})'
    if sign and text in _GROWING and not element.get("form"):
        return "\\" + text
    size = _EM.fullmatch(element.get("minsize", ""))
    return f"lr(size: #{float(size[1]):.3f}em, {sign})" if size and sign else sign


def _sign(character: str) -> str:
    character = _SIGNS.get(character, character)
    if not character or character.isalnum() or ord(character) > 0x7F:
        return "" if character.isspace() else character
    if character.isspace() or not character.isprintable():
        return ""
    return "\\" + character


def _style(text: str, variant: str) -> str:
    style = _STYLES.get(variant)
    return f"{style}({text})" if style and style != "upright" else text


def _space(element: Element) -> str:
    width = _EM.fullmatch(element.get("width", ""))
    if width is None:
        return ""
    return f"#h({min(float(width[1]), _LARGEST_SPACE):.3f}em)"


def _mrow(children: list[Element]) -> str:
    if any(c.get("fence") == "true" and c.get("stretchy") == "true" for c in children):
        first, last = children[0], children[-1]
        if first.get("form") == "prefix" or last.get("form") == "postfix":
            parts = [
                f"mid({_element(c)})"
                if c is not first and c is not last and _is_middle(c) and c.text
                else None
                for c in children
            ]
            return f"lr({_with_middles(children, parts)})"
    return _row(children)


def _is_middle(element: Element) -> bool:
    return (
        local_name(element) == "mo"
        and element.get("fence") == "true"
        and not element.get("form")
        and element.get("stretchy") == "true"
    )


def _with_middles(children: list[Element], middles: list[str | None]) -> str:
    parts: list[str] = []
    run: list[Element] = []
    for child, middle in zip(children, middles, strict=True):
        if middle is None:
            run.append(child)
        else:
            parts.extend((_row(run), middle))
            run = []
    parts.append(_row(run))
    return _join(parts)


def _scripts(name: str, children: list[Element]) -> str:
    base = children[0]
    below = children[1] if name in ("msub", "msubsup", "munder", "munderover") else None
    above = children[-1] if name in ("msup", "msubsup", "mover", "munderover") else None
    if name in ("munder", "mover"):
        accented = _accent(name, base, children[1])
        if accented is not None:
            return accented
    text = _stretched(base) or _group(base)
    if name in ("munder", "mover", "munderover") and not _takes_limits(base):
        text = f"limits({text})"
    if below is not None:
        text += f", b: {_group(below)}"
    if above is not None:
        text += f", t: {_group(above)}"
    return f"attach({text})"


def _stretched(base: Element) -> str:
    """Returns an arrow that is as wide as its labels; empty for another base."""
    while local_name(base) == "mrow" and len(base) == 1:
        base = base[0]
    text = base.text or ""
    return f"stretch({text})" if local_name(base) == "mo" and text in _ARROWS else ""


def _takes_limits(base: Element) -> bool:
    text = (base.text or "") if len(base) == 0 else ""
    return text in LARGE_WITH_LIMITS or text in _LIMITS or base.get("movablelimits") == "true"


def _accent(name: str, base: Element, sign: Element) -> str | None:
    table = _OVER if name == "mover" else _UNDER
    while local_name(sign) == "mrow" and len(sign) == 1:
        sign = sign[0]
    text = (sign.text or "") if len(sign) == 0 else ""
    function = table.get(text) if local_name(sign) in ("mo", "mi") else None
    if text == "¯" and sign.get("stretchy") == "false":
        function = "macron"
    # A label on a brace is the second argument of the brace.
    inner = base if len(base) == 2 and local_name(base) == name else None
    if function is None and inner is not None:
        brace = inner[1].text or ""
        function = table.get(brace)
        if function and function in _CALLED and "line" not in function:
            return f"{function}({_group(inner[0])}, {_group(sign)})"
        return None
    if function is None:
        return None
    if function in _CALLED:
        return f"{function}({_group(base)})"
    return f"accent({_group(base)}, {function})"


def _table(table: Element, size: str = "") -> str:
    """``size`` is the function that sets the size of cells, which Typst makes smaller in scripts."""
    written = []
    side = ""
    for row in table:
        cells = []
        for cell in row:
            side = side or cell.get("columnalign", "")
            inner = _row(list(cell)) or '""'
            cells.append(f"{size}({inner})" if size else inner)
        written.append(", ".join(cells))
    align = f", align: #{side}" if side in ("left", "right") else ""
    return f"mat(delim: #none{align}{_rules(table)}, {'; '.join(written)})"


def _rules(table: Element) -> str:
    """Returns the argument for the rules between rows and columns."""
    rules = []
    for name, key in (("hline", "rowlines"), ("vline", "columnlines")):
        kinds = table.get(key, "").split()
        if name == "hline" and kinds:
            # The last kind counts for all rows that follow.
            kinds += kinds[-1:] * (len(table) - 1 - len(kinds))
            kinds = kinds[: len(table) - 1]
        places = [str(number) for number, kind in enumerate(kinds, start=1) if kind != "none"]
        if places:
            rules.append(f"{name}: ({', '.join(places)},)")
    return f", augment: #({', '.join(rules)})" if rules else ""
