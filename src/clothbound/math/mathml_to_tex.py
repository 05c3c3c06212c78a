"""Converts presentation MathML to TeX, the form in which the model holds formulas.

A formula that TeX cannot express is refused, so that none changes its meaning. Sources: MathML Core,
and MathML 3, chapter 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..limits import FORMULA_DEPTH
from .operators import LARGE_WITH_LIMITS, WORDS_WITH_LIMITS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TRANSPARENT = frozenset(("math", "mrow", "mstyle", "mpadded", "merror", "mtd", "none"))
_TOKENS = frozenset(("mi", "mn", "mo"))
_FIRST_ONLY = frozenset(("semantics", "maction"))
_UNSEEN = frozenset(("annotation", "annotation-xml"))
_FUNCTIONS = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh".split()
).union(WORDS_WITH_LIMITS)
_SIGNS = {
    **{sign: f"\\{sign}" for sign in "{}%#&$_"},
    "\\": r"\backslash ",
    "~": r"\sim ",
    "^": r"\hat{}",
    "′": r"\prime ",
    "″": r"\prime \prime ",
    "\u00a0": r"\ ",
    # Applied functions, invisible times, separator and plus.
    **dict.fromkeys("\u2061\u2062\u2063\u2064\u200b", ""),
}
_IN_TEXT = {sign: f"\\{sign}" for sign in "%#&$_"} | {"\u00a0": " "}
_NOT_IN_TEXT = frozenset("\\{}^~")
_LARGE = {
    "∑": r"\sum", "∏": r"\prod", "∐": r"\coprod", "⋃": r"\bigcup", "⋂": r"\bigcap",
    "⋁": r"\bigvee", "⋀": r"\bigwedge", "⨁": r"\bigoplus", "⨂": r"\bigotimes",
    "⨀": r"\bigodot", "⨆": r"\bigsqcup",
}  # fmt: skip
_OVER = {
    **dict.fromkeys("¯‾―_\u0305", r"\overline"), **dict.fromkeys("^ˆ\u0302", r"\hat"),
    **dict.fromkeys("~˜∼\u0303", r"\tilde"), **dict.fromkeys("→⃗", r"\vec"),
    **dict.fromkeys(".˙\u0307", r"\dot"), **dict.fromkeys("¨\u0308", r"\ddot"),
    "ˇ": r"\check", "˘": r"\breve", "⏞": r"\overbrace",
}  # fmt: skip
_UNDER = {**dict.fromkeys("_¯‾―\u0332", r"\underline"), "⏟": r"\underbrace"}
_WIDE = {r"\hat": r"\widehat", r"\tilde": r"\widetilde", r"\vec": r"\overrightarrow"}
_VARIANTS = {
    "normal": r"\mathrm", "bold": r"\mathbf", "bold-italic": r"\boldsymbol", "script": r"\mathcal",
    "fraktur": r"\mathfrak", "double-struck": r"\mathbb", "sans-serif": r"\mathsf",
    "monospace": r"\mathtt", "italic": "",
}  # fmt: skip
_CLOSING = {
    "(": ")",
    "[": "]",
    "{": "}",
    "⟨": "⟩",
    "⌈": "⌉",
    "⌊": "⌋",
    "|": "|",
    "‖": "‖",
    "∥": "∥",
}
_FENCES = {
    "{": r"\{", "}": r"\}", "⟨": r"\langle ", "⟩": r"\rangle ", "⌈": r"\lceil ", "⌉": r"\rceil ",
    "⌊": r"\lfloor ", "⌋": r"\rfloor ", "‖": r"\| ", "∥": r"\| ", "": ".",
}  # fmt: skip
_ENDS = (")", "]", "")
"""Signs that close any bracket: half-open intervals have brackets of two kinds."""
_TALL = frozenset(("mfrac", "mtable", "munder", "munderover", "msubsup"))
_COLUMNS = {"left": "l", "right": "r", "center": "c"}


class _RefusedError(Exception):
    """TeX cannot express the element."""


def to_tex(math: Element) -> str | None:
    """Returns the TeX of a ``math`` element, or None if TeX cannot express it."""
    try:
        return _row(math, 0).strip() or None
    except _RefusedError:
        return None


def _row(element: Element, depth: int) -> str:
    """Returns the TeX of the children in a row. Brackets around tall content grow with it."""
    children = [child for child in element if child.tag not in _UNSEEN]
    if any((text or "").strip() for text in (element.text, *(child.tail for child in element))):
        raise _RefusedError
    grown, after = _brackets(children)
    parts = []
    for position, child in enumerate(children):
        parts.append(grown.get(position) or _tex(child, depth + 1))
        if position in after:
            parts.append(r"\right.")
    return _join(parts)


def _join(parts: Sequence[str]) -> str:
    """Joins parts, with a space only where a letter would otherwise continue a command's name."""
    result = ""
    for part in filter(None, parts):
        is_open = result[-1:].isalpha() and result.rpartition("\\")[2].isalpha() and "\\" in result
        result += f" {part}" if is_open and part[0].isalpha() else part
    return result


def _brackets(children: Sequence[Element]) -> tuple[dict[int, str], set[int]]:
    """Returns the TeX of brackets that grow, by position, and where unclosed brackets end.

    An unclosed bracket ends after the position that the set holds.
    """
    grown: dict[int, str] = {}
    waiting: list[tuple[int, str]] = []
    for position, child in enumerate(children):
        if child.tag != "mo":
            continue
        sign = _words(child)
        if waiting and (sign == _CLOSING[waiting[-1][1]] or sign in _ENDS):
            start, opening = waiting.pop()
            if any(_is_tall(inner) for inner in children[start + 1 : position]):
                grown[start] = rf"\left{_FENCES.get(opening, opening)}"
                grown[position] = rf"\right{_FENCES.get(sign, sign)}"
        elif sign in _CLOSING:
            waiting.append((position, sign))
    after = set()
    for start, opening in waiting:
        following = children[start + 1 : start + 2]
        if following and _holds_table(following[0]):
            grown[start] = rf"\left{_FENCES.get(opening, opening)}"
            after.add(start + 1)
    return grown, after


def _is_tall(element: Element) -> bool:
    return any(inner.tag in _TALL for inner in element.iter())


def _holds_table(element: Element) -> bool:
    while element.tag in _TRANSPARENT and len(element) == 1:
        element = element[0]
    return element.tag == "mtable"


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split(" ")).strip()


def _tex(element: Element, depth: int) -> str:  # noqa: C901, PLR0912 - match dispatch
    if depth > FORMULA_DEPTH:
        raise _RefusedError
    name = element.tag
    if name in _TOKENS and len(element):
        raise _RefusedError
    match name:
        case "mi":
            return _identifier(element)
        case "mn":
            return _escape(_words(element))
        case "mo":
            return _operator(_words(element))
        case "mtext" | "ms":
            return _text(element)
        case "mspace":
            return _space(element.get("width", ""))
        case _ if name in _TRANSPARENT:
            return _row(element, depth)
        case _ if name in _FIRST_ONLY:
            return _tex(element[0], depth) if len(element) else ""
        case "mphantom":
            return rf"\phantom{{{_row(element, depth)}}}"
        case "msqrt":
            return rf"\sqrt{{{_row(element, depth)}}}"
        case "mfenced":
            return _fence(element, depth)
        case "mtable":
            return _table(element, depth)
        case "mfrac" | "mroot" | "msub" | "msup" | "munder" | "mover":
            first, second = _parts(element, depth, 2)
            return _pair(element, first, second)
        case "msubsup" | "munderover":
            base, below, above = _parts(element, depth, 3)
            if name == "msubsup" or _takes_limits(element[0]):
                return f"{_base(element[0], base)}_{{{below}}}^{{{above}}}"
            return rf"\overset{{{above}}}{{\underset{{{below}}}{{{base}}}}}"
        case "mmultiscripts":
            return _around(element, depth)
        case _:
            raise _RefusedError


def _parts(element: Element, depth: int, count: int) -> list[str]:
    children = [child for child in element if child.tag not in _UNSEEN]
    if len(children) != count:
        raise _RefusedError
    return [_tex(child, depth + 1).strip() for child in children]


def _pair(element: Element, first: str, second: str) -> str:
    match element.tag:
        case "mfrac" if element.get("linethickness", "").startswith("0"):
            return rf"\begin{{matrix}}{first} \\ {second}\end{{matrix}}"
        case "mfrac":
            return rf"\frac{{{first}}}{{{second}}}"
        case "mroot":
            return rf"\sqrt[{second}]{{{first}}}"
        case "msub":
            return f"{_base(element[0], first)}_{{{second}}}"
        case "msup":
            return f"{_base(element[0], first)}^{{{second}}}"
    above = element.tag == "mover"
    if _takes_limits(element[0]):
        return f"{first}{'^' if above else '_'}{{{second}}}"
    command = (_OVER if above else _UNDER).get(_words(element[1])) if len(element[1]) == 0 else None
    if command:
        if len(_words(element[0])) > 1:
            command = _WIDE.get(command, command)
        return f"{command}{{{first}}}"
    if (above and first.startswith(r"\overbrace")) or first.startswith(r"\underbrace"):
        return f"{first}{'^' if above else '_'}{{{second}}}"
    return rf"\{'over' if above else 'under'}set{{{second}}}{{{first}}}"


def _base(element: Element, tex: str) -> str:
    is_one = element.tag in ("mi", "mn", "mo") and bool(tex)
    return tex if is_one else f"{{{tex}}}"


def _takes_limits(base: Element) -> bool:
    words = _words(base)
    return base.tag in ("mi", "mo") and (words in LARGE_WITH_LIMITS or words in WORDS_WITH_LIMITS)


def _escape(text: str) -> str:
    return "".join(_SIGNS.get(character, character) for character in text)


def _identifier(element: Element) -> str:
    text = _words(element)
    if text in _FUNCTIONS:
        return rf"\{text}"
    variant = element.get("mathvariant", "")
    if len(text) > 1 and text.isalpha() and not variant:
        return rf"\operatorname{{{text}}}"
    command = _VARIANTS.get(variant)
    if variant and command is None:
        raise _RefusedError
    tex = _escape(text)
    return f"{command}{{{tex}}}" if command and tex else tex


def _operator(text: str) -> str:
    if text in _LARGE:
        return _LARGE[text]
    if text in _FUNCTIONS:
        return rf"\{text}"
    if len(text) > 1 and text.isalpha():
        return rf"\operatorname{{{text}}}"
    return _escape(text)


def _text(element: Element) -> str:
    text = "".join(element.itertext())
    if _NOT_IN_TEXT & set(text):
        raise _RefusedError
    text = "".join(_IN_TEXT.get(character, character) for character in text)
    return rf"\text{{{text}}}" if text.strip() else r"\ " * bool(text)


def _space(width: str) -> str:
    try:
        ems = float(width.removesuffix("em")) if width.endswith("em") else 0.2
    except ValueError as error:
        raise _RefusedError from error
    if ems <= 0:
        return r"\!" if ems else ""
    return (
        r"\qquad " if ems >= 1.5 else r"\quad " if ems >= 0.6 else r"\;" if ems >= 0.25 else r"\,"
    )


def _fence(element: Element, depth: int) -> str:
    opening, closing = element.get("open", "("), element.get("close", ")")
    if not {opening, closing} <= {*_CLOSING, *_CLOSING.values(), ""}:
        raise _RefusedError
    separators = element.get("separators", ",").replace(" ", "")
    parts = []
    for position, child in enumerate(element):
        if position and separators:
            parts.append(_escape(separators[min(position, len(separators)) - 1]))
        parts.append(_tex(child, depth + 1))
    content = _join(parts)
    left, right = _FENCES.get(opening, opening), _FENCES.get(closing, closing)
    return rf"\left{left}{content}\right{right}"


def _table(element: Element, depth: int) -> str:
    rows = []
    columns = 0
    for row in element:
        if row.tag != "mtr" or any(cell.tag != "mtd" for cell in row):
            raise _RefusedError
        if any(
            cell.get("columnspan", "1") != "1" or cell.get("rowspan", "1") != "1" for cell in row
        ):
            raise _RefusedError
        columns = max(columns, len(row))
        rows.append(" & ".join(_row(cell, depth + 2) for cell in row))
    content = r" \\ ".join(rows)
    aligned = [_COLUMNS.get(word, "c") for word in element.get("columnalign", "").split()]
    if set(aligned) <= {"c"}:
        return rf"\begin{{matrix}}{content}\end{{matrix}}"
    aligned += aligned[-1:] * (columns - len(aligned))
    return rf"\begin{{array}}{{{''.join(aligned[:columns])}}}{content}\end{{array}}"


def _around(element: Element, depth: int) -> str:
    """Returns the TeX of ``mmultiscripts``: a base with scripts on both sides."""
    names = [child.tag for child in element]
    split = names.index("mprescripts") if "mprescripts" in names else len(names)
    after, before = element[1:split], element[split + 1 :]
    if not len(element) or len(after) not in (0, 2) or len(before) not in (0, 2):
        raise _RefusedError
    base = _base(element[0], _tex(element[0], depth + 1))
    return _scripts("{}", before, depth) + _scripts(base, after, depth)


def _scripts(base: str, scripts: Sequence[Element], depth: int) -> str:
    if not scripts:
        return "" if base == "{}" else base
    below, above = (_tex(script, depth + 1) for script in scripts)
    result = base + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return "" if result == "{}" else result
