"""Writes formulas as plain text, for titles in contents, running heads and names, which hold characters alone."""

from __future__ import annotations

import unicodedata
from xml.etree.ElementTree import Element, fromstring

from .line_breaks import local_name
from .operators import LARGE_WITH_LIMITS
from .tex_to_mathml import to_mathml

_RAISED = str.maketrans("0123456789ni", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
"""The small characters that faces of books have. Signs are in few of them."""
_SMALL = frozenset(map(chr, _RAISED.values()))
_PRIMES = "′″‴"
_ACCENTS = {
    "^": "\u0302", "~": "\u0303", "¯": "\u0304", "‾": "\u0304", "˙": "\u0307", "¨": "\u0308",
    "→": "\u20d7",
}  # fmt: skip
"""The combining characters of signs above a letter."""
_ROOTS = {"2": "√", "3": "∛", "4": "∜"}
_UNSPACED = LARGE_WITH_LIMITS | frozenset("∫∬∭∮¬∂∇∞√|/~")
"""Mathematical signs that stand directly beside their operands."""
_ROWS = ("mrow", "mstyle", "mpadded")
_SIGNS = ("−", "+", "±", "∓")
_DIFFERENTIALS = ("d", "∂")
_FUNCTION, _TIMES = "\u2061", "\u2062"
"""What stands unseen before and behind the name of a function."""
_NARROW = 0.16
"""The narrowest space in em that stays one."""


class _RefusedError(Exception):
    """The formula has a form that one line of text cannot show."""


def to_plain(tex: str) -> str | None:
    """Returns a formula as text in one line, such as ``E = mc²``; None if it cannot be written so.

    A binomial coefficient is ``C(n, k)``, which is read in every language, and a matrix ``(a, b; c, d)``.
    """
    mathml = to_mathml(tex, display=False)
    if mathml is None:
        return None
    try:
        text = _row(fromstring(mathml))  # noqa: S314 - our own, without a DTD
    except _RefusedError:
        return None
    return " ".join(text.split()) or None


def _row(parent: Element) -> str:
    text = ""
    before: Element | None = None
    elements = list(parent)
    pieces = [_write(element) for element in elements]
    for place, element in enumerate(elements):
        piece, behind = pieces[place], "".join(pieces[place + 1 : place + 2])
        if any(map(_is_binomial, elements[place + 1 : place + 2])):
            piece = f"C{piece}"
        is_factor = _begins_operand(behind) or _ends_operand(text, before)
        whole = f"({piece})" if is_factor and _is_fraction(element) else piece
        text = _joined(text, before, element, whole)
        before = element
    return text


def _joined(text: str, before: Element | None, element: Element, piece: str) -> str:
    """Returns a text that ends with what an element ``before`` was written as, and the ``piece`` behind it."""
    if local_name(element) == "mo" and _has_spaces(piece):
        # A sign without an operand before it belongs to the one behind it.
        is_first = not text.strip() or text.endswith((" ", "(", "["))
        return f"{text}{piece}" if is_first else f"{text} {piece} "
    if piece == " " and text.endswith(_SIGNS):
        return text
    if _is_name(before) and (piece[:1].isalnum() or piece[:1] == "√"):
        return f"{text} {piece}"
    return f"{text}·{piece}" if _would_join(text, before, element, piece) else f"{text}{piece}"


def _is_fraction(element: Element) -> bool:
    """Whether an element is a fraction alone."""
    alone = _alone(element)
    return local_name(alone) == "mfrac" and not _is_binomial(alone)


def _is_binomial(element: Element) -> bool:
    return local_name(element) == "mfrac" and "linethickness" in element.attrib


def _alone(element: Element) -> Element:
    """Returns what stands alone in rows within rows."""
    while local_name(element) in _ROWS and len(element) == 1:
        element = element[0]
    return element


def _begins_operand(text: str) -> bool:
    return text[:1].isalnum() or text[:1] in ("√", "(")


def _ends_operand(text: str, last: Element | None) -> bool:
    """Whether a text ends with a factor of what follows, and not with a name."""
    return (text[-1:].isalnum() or text[-1:] == ")") and not _is_name(last)


def _would_join(text: str, last: Element | None, element: Element, piece: str) -> bool:
    """Whether figures would be read as those of a root before them, or the index of a root as an exponent."""
    if local_name(element) == "mroot" and piece[:1] in _SMALL:
        return text[-1:].isalnum()
    is_behind_root = last is not None and local_name(last) in ("msqrt", "mroot")
    return is_behind_root and text[-1:].isdecimal() and piece[:1].isdecimal()


def _is_name(element: Element | None) -> bool:
    """Whether what follows is set apart: behind a word, or a sum with its limits."""
    if element is None:
        return False
    match local_name(element), [*element]:
        case (("mi" | "mtext"), _):
            return len(element.text or "") > 1
        case (("msub" | "msup" | "msubsup" | "munder" | "munderover"), [base, *_]):
            words = "".join(base.itertext())
            return (len(words) > 1 and words.isalpha()) or words in _UNSPACED
    return False


def _has_spaces(sign: str) -> bool:
    return len(sign) == 1 and sign not in _UNSPACED and unicodedata.category(sign) == "Sm"


def _write(element: Element) -> str:
    match local_name(element), [*element]:
        case (("mi" | "mn" | "mtext"), _):
            return element.text or ""
        case "mo", _:
            return _sign(element.text or "")
        case (("mrow" | "mstyle" | "mpadded"), _):
            return _row(element)
        case "mtable", rows:
            return "; ".join(map(_table_row, rows))
        case "mspace", _:
            return _space(element.get("width", ""))
        case "msup", [base, upper]:
            return _power(base) + _raised(upper)
        case (("msub" | "munder") as kind, [base, lower]):
            return _operand(base) + (_below(lower) if kind == "munder" else _lowered(lower))
        case (("msubsup" | "munderover"), [base, lower, upper]):
            return _operand(base) + _lowered(lower) + _raised(upper)
        case "mover", [base, upper]:
            return _accented(_write(base), _write(upper))
        case "mfrac", _:
            return _fraction(element)
        case (("msqrt" | "mroot"), _):
            return _root(element)
    raise _RefusedError


def _root(element: Element) -> str:
    if local_name(element) == "msqrt":
        return f"√{_bracketed(_row(element))}"
    base, index = element
    number = _write(index)
    root = _ROOTS.get(number) or f"{_script(number, _RAISED, '')}√"
    return root + _bracketed(_write(base))


def _table_row(row: Element) -> str:
    """Writes a row of a matrix. The columns of aligned equations are parts of one."""
    if local_name(row) != "mtr":
        raise _RefusedError
    if [cell.get("columnalign") for cell in row][:2] == ["right", "left"]:
        equation = Element("mrow")
        equation.extend(part for cell in row for part in cell)
        return _row(equation).strip()
    return ", ".join(_row(cell).strip() for cell in row)


def _sign(text: str) -> str:
    if text in (_FUNCTION, _TIMES):
        return " "
    return {"-": "−", ",": ", ", ";": "; "}.get(text, text)


def _space(width: str) -> str:
    try:
        return " " if float(width.removesuffix("em")) >= _NARROW else ""
    except ValueError:
        return " "


def _operand(element: Element) -> str:
    """Writes what an operator binds as a whole: in brackets, if others stand in it."""
    text = _write(element)
    is_whole = len(text) < 2 or not (text[0] == "(" or any(sign in text for sign in " /√"))
    return text if is_whole or _is_bracketed(text) else f"({text.strip()})"


def _fraction(element: Element) -> str:
    """Writes a fraction, or the two numbers of a binomial coefficient."""
    above, below = element
    if _is_binomial(element):
        return f"{_write(above).strip()}, {_write(below).strip()}"
    divisor = _operand(below)
    is_whole = divisor[:1] == "(" and divisor[-1:] == ")"
    return f"{_operand(above)}/{divisor if is_whole or _is_one_factor(below) else f'({divisor})'}"


def _is_one_factor(element: Element) -> bool:
    """Whether no part of a row would be read as a factor behind a fraction, as the x of 1/2x would."""
    row = _alone(element)
    if local_name(row) not in _ROWS or not len(row):
        return True
    first, *others = row
    if len(others) == 1 and "".join(first.itertext())[:1] in _DIFFERENTIALS:
        return True
    return all(other.text == "!" for other in others)


def _power(element: Element) -> str:
    """Writes what is raised to a power: in brackets, if it has a power or a sign of its own."""
    text = _operand(element)
    is_whole = text[:1] != "−" and text[-1:] not in _SMALL and "^" not in text
    return text if is_whole or _is_bracketed(text) else f"({text})"


def _is_bracketed(text: str) -> bool:
    return (
        text.startswith("(") and text.endswith(")") and "(" not in text[1:] and ")" not in text[:-1]
    )


def _bracketed(text: str) -> str:
    is_one = len(text) == 1 or text.isdecimal() or _is_bracketed(text)
    return text if is_one else f"({text.strip()})"


def _raised(element: Element) -> str:
    text = _compact(element)
    return text if text and all(sign in _PRIMES for sign in text) else _script(text, _RAISED, "^")


def _lowered(element: Element) -> str:
    return _script(_compact(element), _LOWERED, "_")


def _below(element: Element) -> str:
    """Writes the limit that stands below a sign. A line or a brace there is none."""
    if not any(map(str.isalnum, _write(element))):
        raise _RefusedError
    return _lowered(element)


def _compact(element: Element) -> str:
    return _write(element).replace(" ", "")


def _script(text: str, forms: dict[int, int], mark: str) -> str:
    """Returns an index or an exponent in small figures, or behind a mark if it has other characters."""
    if all(ord(character) in forms for character in text):
        return text.translate(forms)
    return mark + (text if len(text) == 1 else f"({text})")


def _accented(base: str, sign: str) -> str:
    if len(base) != 1 or sign not in _ACCENTS:
        raise _RefusedError
    return unicodedata.normalize("NFC", base + _ACCENTS[sign])
