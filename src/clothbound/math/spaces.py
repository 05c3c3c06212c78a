r"""Gives the operators of a formula the spaces of TeX, where those of MathML differ.

TeX chooses the space between two atoms by their classes (The TeXbook, chapter 18), MathML by a
dictionary of operators and by their place in the row (MathML Core, appendix B). They agree about
relations and about operators that join terms. They differ about signs of numbers after another
sign (``= -2``), dots, colons, strokes, fractions in a line (``a/b``), signs in braces of their own
(``1{,}000``), and functions with their arguments (``2 \sin x``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from .operators import LARGE_WITH_LIMITS, WORDS_WITH_LIMITS
from .width import COMPARING, JOINING

BINARY_SPACE, RELATION_SPACE, INTEGRALS = "0.222em", "0.278em", frozenset("∫∬∭⨌∮∯∰")
_NONE, _THIN = "0em", "0.167em"
_STROKES = frozenset("|‖")
SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))
_CLASSES = {
    "operator": LARGE_WITH_LIMITS | WORDS_WITH_LIMITS | INTEGRALS,
    "binary": frozenset(JOINING + "·⋅×÷∘•⋆⊙⊔⊓†‡*") | {"mod"},
    "opening": frozenset("([{⟨⌊⌈"),
    "closing": frozenset(")]}⟩⌋⌉"),
    "punctuation": frozenset(",;"),
    "inner": frozenset("⋯…"),
    "relation": frozenset(COMPARING + ":∣∥"),
}
_WITHOUT_SPACE_IN_SCRIPTS = frozenset(("binary", "relation", "punctuation", "inner"))
_FORMS = {"opening": "prefix", "closing": "postfix"}
LETTERS = frozenset("∂∞∅")
"""Signs that are letters of mathematics, though Unicode counts them as operators."""
_SYMBOLS = frozenset("∇∀∃∄¬√∠")
APPLIED, TIMES = "\u2061", "\u2062"
"""The signs for the application of a function and for a product that nobody writes."""

# The classes of atoms after which a sign such as - belongs to the number behind it, and those
# before which it joins nothing (The TeXbook, appendix G, rules 5 and 6).
_BEFORE_A_NUMBER = frozenset(("", "binary", "operator", "relation", "opening", "punctuation"))
_AFTER_A_NUMBER = frozenset(("", "relation", "closing", "punctuation"))


def set_spaces(element: Element, is_script: bool = False) -> None:
    """Sets ``lspace`` and ``rspace`` of the operators in a tree of latex2mathml, in place.

    Capital letters of Greek are set upright, as in TeX. Within scripts, as ``is_script`` says, TeX
    sets no spaces but those beside named and large operators.
    """
    for number, child in enumerate(element):
        set_spaces(child, is_script or (bool(number) and element.tag in SCRIPTED))
        if is_script and child.tag == "mo" and _class(child) in _WITHOUT_SPACE_IN_SCRIPTS:
            _set(child, _NONE, _NONE)
    match element.tag:
        case "mi" if len(element.text or "") == 1 and "Α" <= (element.text or "") <= "Ω":
            element.attrib.setdefault("mathvariant", "normal")
        case "mo" if element.text in _SYMBOLS:
            _set(element, _NONE, _NONE)
        case "mrow" if len(element) == 1 and element[0].tag == "mo":
            # TeX sets a sign in braces of its own as a letter.
            _set(element[0], _NONE, _NONE)
        case "math" | "mrow" | "mstyle" | "msqrt" | "mpadded" | "menclose":
            _space_row(element)
        case "mtr":
            side = ""
            for cell in element:
                # A line that continues another at a mark of alignment begins with an operator.
                is_continued = side == "right" and cell.get("columnalign") == "left"
                _space_row(cell, "ordinary" if is_continued else "")
                side = cell.get("columnalign", "")


def _space_row(row: Element, first: str = "") -> None:
    """``first`` is the class of what stands before the row."""
    children = list(row)
    classes = _classes(children)
    result: list[Element] = []
    for position, child in enumerate(children):
        before = classes[position - 1] if position else first
        following = children[position + 1 : position + 2]
        after = classes[position + 1] if following else ""
        if classes[position] == "binary" and (
            before in _BEFORE_A_NUMBER or after in _AFTER_A_NUMBER
        ):
            classes[position] = "ordinary"
            _set(child, _NONE, _NONE)
        elif child.tag == "mo":
            _space_operator(child, classes[position], (before, after), following)
        is_function = classes[position] == "function"
        if is_function and before in ("ordinary", "closing"):
            result.append(Element("mo", lspace=_NONE, rspace=_THIN))
            result[-1].text = TIMES
        result.append(child)
        if is_function and after in ("ordinary", "function", "operator"):
            result.append(Element("mo", lspace=_NONE, rspace=_THIN))
            result[-1].text = APPLIED
            # One space is between two functions, not two.
            classes[position] = "operator"
    row[:] = result


def _space_operator(
    element: Element, kind: str, beside: tuple[str, str], following: Sequence[Element]
) -> None:
    """Sets the spaces of an operator of the class ``kind`` between atoms of the classes ``beside``.

    ``following`` holds the element after it, if there is one.
    """
    sign, (before, after) = element.text or "", beside
    if kind == "relation" and sign == ":":
        is_assigned = after == "relation" and following[0].text == "="
        _set(element, RELATION_SPACE, _NONE if is_assigned else RELATION_SPACE)
        if is_assigned:
            _set(following[0], _NONE, RELATION_SPACE)
    elif sign == "mod":
        _set(element, BINARY_SPACE, BINARY_SPACE)
    elif kind == "punctuation":
        _set(element, _NONE, _THIN)
    elif kind == "inner":
        is_apart = after in ("ordinary", "opening", "inner", "punctuation", "operator")
        left = _THIN if before in ("ordinary", "closing", "inner") else _NONE
        _set(element, left, _THIN if is_apart else _NONE)
    elif sign == "(" and following and following[0].text == "mod":
        element.set("stretchy", "false")
    elif sign in ("/", "!") or sign in _STROKES:
        if form := _FORMS.get(kind):
            element.attrib.setdefault("form", form)
        _set(element, _NONE, _NONE)


def _set(element: Element, left: str, right: str) -> None:
    if element.tag == "mo":
        element.attrib.setdefault("lspace", left)
        element.attrib.setdefault("rspace", right)


def _classes(children: Sequence[Element]) -> list[str]:
    """Returns the class of each element of a row; a stroke opens and closes by turns."""
    classes: list[str] = []
    inside = False
    for child in children:
        sign = (child.text or "") if child.tag == "mo" else ""
        if sign in _STROKES and not (child.get("form") or child.get("fence") == "true"):
            after_a_term = bool(classes) and classes[-1] in ("ordinary", "closing", "inner")
            opens = not inside and not after_a_term
            classes.append("opening" if opens else "closing" if inside else "ordinary")
            inside = opens or (inside and not after_a_term)
        else:
            classes.append(_class(child))
    return classes


def _class(element: Element) -> str:
    while element.tag in SCRIPTED and len(element):
        element = element[0]
    text = element.text or ""
    if element.tag == "mspace":
        return "space"
    if element.tag == "mi":
        is_word = len(text) > 1 and text.isalpha() and not element.get("mathvariant")
        return "function" if is_word else "ordinary"
    if element.tag != "mo":
        return "ordinary"
    if form := element.get("form"):
        return {"prefix": "opening", "postfix": "closing"}.get(form, "ordinary")
    return "operator" if len(element) else _class_of_sign(text)


def _class_of_sign(text: str) -> str:
    if found := next((name for name, signs in _CLASSES.items() if text in signs), ""):
        return found
    if len(text) > 1:
        return "function" if text.isalpha() else "ordinary"
    is_relation = "←" <= text <= "⇿" or unicodedata.category(text or " ") == "Sm"
    return "relation" if is_relation and text not in _SYMBOLS else "ordinary"
