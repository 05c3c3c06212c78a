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
_FUNCTION, _TIMES = "\u2061", "\u2062"
"""What stands unseen before and behind the name of a function."""
_NARROW = 0.16
"""The narrowest space in em that stays one."""


class _RefusedError(Exception):
    """The formula has a form that one line of text cannot show."""


def to_plain(tex: str) -> str | None:
    """Returns a formula as text in one line, such as ``E = mc²``; None if it cannot be written so."""
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
    for element, piece, behind in zip(elements, pieces, (*pieces[1:], ""), strict=True):
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
    if _is_name(before) and (piece[:1].isalnum() or piece[:1] == "√"):
        return f"{text} {piece}"
    return f"{text}·{piece}" if _would_join(text, before, element, piece) else f"{text}{piece}"


def _is_fraction(element: Element) -> bool:
    """Whether an element is a fraction alone."""
    while local_name(element) in ("mrow", "mstyle", "mpadded") and len(element) == 1:
        element = element[0]
    return local_name(element) == "mfrac"


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
        case "mfrac", [above, below] if "linethickness" not in element.attrib:
            return f"{_operand(above)}/{_operand(below)}"
        case "msqrt", _:
            return f"√{_bracketed(_row(element))}"
        case "mroot", [base, index]:
            number = _write(index)
            root = _ROOTS.get(number) or f"{_script(number, _RAISED, '')}√"
            return root + _bracketed(_write(base))
    raise _RefusedError


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
