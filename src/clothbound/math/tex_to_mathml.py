r"""Converts TeX to MathML that is safe to put into a page.

latex2mathml makes the tree. Its own serialiser is not used, since it writes the text of
``\text{<b>}`` as markup and the address of ``\href`` unchecked. This module writes the tree itself,
with the elements of an allow-list: MathML Core, and the part of MathML 3 that e-readers still use.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from ..escape import attribute, escape
from ..lazy_pattern import lazy_pattern
from ..limits import FORMULA_DEPTH
from .converter_import import import_converter
from .operators import LARGE_WITH_LIMITS, WORDS_WITH_LIMITS
from .spaces import LETTERS, set_spaces
from .tex import readable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_LONGEST = 20_000
# Macros can double their length with every definition, and latex2mathml does not limit that.
_MACRO = lazy_pattern(r"\\(?:(?:re)?newcommand|providecommand|[gex]?def|let)(?![A-Za-z])")
_REFERENCE = lazy_pattern(r"&#x([0-9A-Fa-f]{1,6});")
_VALUE = lazy_pattern(r"[A-Za-z0-9#.+\- %]{1,80}")

# The number of children that each element must have (MathML Core, sections 2 and 3); None means any.
_ELEMENTS: dict[str, int | None] = {
    "mi": None,
    "mn": None,
    "mo": None,
    "ms": None,
    "mtext": None,
    "mspace": None,
    "mrow": None,
    "mstyle": None,
    "mpadded": None,
    "mphantom": None,
    "menclose": None,
    "msqrt": None,
    "mtable": None,
    "mtr": None,
    "mtd": None,
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
}
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "mo": frozenset(
        (
            "fence",
            "form",
            "largeop",
            "lspace",
            "maxsize",
            "minsize",
            "movablelimits",
            "rspace",
            "separator",
            "stretchy",
            "symmetric",
        )
    ),
    "mspace": frozenset(("width", "height", "depth")),
    "mpadded": frozenset(("width", "height", "depth", "lspace", "voffset")),
    "mfrac": frozenset(("linethickness",)),
    "mover": frozenset(("accent",)),
    "munder": frozenset(("accentunder",)),
    "munderover": frozenset(("accent", "accentunder")),
    "menclose": frozenset(("notation",)),
    "mstyle": frozenset(("displaystyle", "scriptlevel")),
    "mtable": frozenset(
        ("columnalign", "columnlines", "columnspacing", "displaystyle", "rowlines", "rowspacing")
    ),
    "mtr": frozenset(("columnalign",)),
    "mtd": frozenset(("columnalign", "columnspan", "rowspan")),
}
_UNDER = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_AS_WIDE_AS_THEIR_BASE = frozenset("⏞⏟⏠⏡⎴⎵―‾→←↔")
_OVER_AND_UNDER = frozenset(("munder", "mover", "munderover"))
_IN_NAMES = frozenset(("mi", "mn", "mo", "mrow", "mtext"))
# MathML Core does not have named spaces.
_SPACES = {"negativethinmathspace": "-0.167em"}
_BRACKETS = frozenset("{}⟨⟩⌊⌋⌈⌉")
"""Brackets that latex2mathml takes as letters. They do not grow, unless by ``\\left``."""
_ROW_GAP = "0.5em"
_COLOURS = frozenset(("mathcolor", "mathbackground"))
_DIGITS = lazy_pattern(r"#(?:[0-9A-Fa-f]{3}){1,2}")
# MathML Core has no ``mathvariant`` but "normal". The letters themselves carry the style.
_VARIANTS = {
    "bold": "BOLD",
    "italic": "ITALIC",
    "bold-italic": "BOLD ITALIC",
    "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT",
    "fraktur": "FRAKTUR",
    "bold-fraktur": "BOLD FRAKTUR",
    "double-struck": "DOUBLE-STRUCK",
    "sans-serif": "SANS-SERIF",
    "bold-sans-serif": "SANS-SERIF BOLD",
    "monospace": "MONOSPACE",
}
_KEPT_VARIANTS = frozenset(("normal", "bold", "italic", "bold-italic", "monospace", "sans-serif"))
_CHARACTER_NAME = lazy_pattern(r"(?:LATIN|GREEK) (SMALL|CAPITAL) LETTER ([A-Z]+)|(DIGIT [A-Z]+)")


class _RefusedError(Exception):
    """The tree is not valid MathML, or holds a command that latex2mathml does not know."""


def to_mathml(tex: str, display: bool) -> str | None:
    """Returns ``tex`` as a ``math`` element with the TeX as ``alttext``; None if it cannot be set.

    The result is well-formed XML and valid in HTML, without scripts, addresses or styles.
    """
    return _to_mathml(tex, display) if len(tex) <= _LONGEST else None


@lru_cache(maxsize=512)
def _to_mathml(tex: str, display: bool) -> str | None:
    """Remembers formulas, since most in a text are signs that it repeats."""
    if _MACRO.search(tex):
        return None
    convert_to_element = import_converter().convert_to_element

    mode = "block" if display else "inline"
    try:
        tree = convert_to_element(readable(tex), display=mode)
        _name_signs(tree)
        set_spaces(tree)
        content = "".join([_write(child, 1) for child in tree])
    # latex2mathml raises IndexError, StopIteration and others beside its own exceptions.
    except Exception:
        return None
    return (
        f'<math xmlns="{_NAMESPACE}" display="{mode}" alttext="{attribute(tex.strip())}">'
        f"{content}</math>"
    )


def _name_signs(root: Element) -> None:
    """Decodes the signs of the tree, and makes those elements operators that are operators."""
    for element in root.iter():
        raw = element.text or ""
        text = _REFERENCE.sub(_character, raw)
        if element.tag in ("mi", "mo"):
            # latex2mathml passes on unknown commands by name, and misplaced signs as they are. The
            # TeX serves the reader better.
            if raw[:1] in ("\\", "&", "{", "}") and raw == text:
                raise _RefusedError
            if len(text) == 1 and element.tag == "mi":
                element.tag, text = _sign(text)
            if text in LETTERS:
                element.tag = "mi"
        element.text = text
        _mend(element)


def _mend(element: Element) -> None:
    """Writes in MathML Core what latex2mathml writes for browsers of its own time."""
    if element.tag in _OVER_AND_UNDER:
        if _is_arrow(element[0]):
            # A browser does not stretch an arrow in a style of its own.
            element[0] = element[0][0]
        mark = element[1]
        if element.tag == "mover" and mark.get("stretchy") == "true":
            # \bar and \vec, unlike \overline and \overrightarrow, are as wide as a letter.
            mark.set("stretchy", "false")
        elif _REFERENCE.sub(_character, mark.text or "") in _AS_WIDE_AS_THEIR_BASE:
            mark.attrib.setdefault("stretchy", "true")
    elif element.tag == "mpadded" and element.get("voffset"):
        # The label of an arrow; MathML Core does not know lengths that begin with a plus.
        element.tag, element.attrib = "mrow", {}
        element[:] = [_gap(), *(child for child in element if child.tag != "mspace"), _gap()]
    elif element.tag == "mfrac":
        for part in element:
            if part.get("displaystyle") == "false":
                # \cfrac, which TeX sets in the size of displayed formulas.
                part.set("displaystyle", "true")


def _is_arrow(element: Element) -> bool:
    is_styled = element.tag == "mstyle" and element.get("scriptlevel") == "0"
    return is_styled and len(element) == 1 and element[0].tag == "mo"


def _gap() -> Element:
    from xml.etree.ElementTree import Element

    return Element("mspace", width="0.4em")


def _write(element: Element, depth: int) -> str:
    _check(element, depth)
    if element.tag == "mspace" and "linebreak" in element.attrib:
        # A row of a formula has no lines to break.
        return ""
    text = element.text or ""
    if element.tag == "mo" and (operator := _named_operator(element, text)) is not None:
        return _operator(operator)
    name, text = _name_and_text(element, text)
    attributes, text = _attributes(element, name, text)
    children = "".join([_write(child, depth + 1) for child in element])
    return f"<{name}{attributes}>{escape(text)}{children}</{name}>"


def _check(element: Element, depth: int) -> None:
    """Raises _RefusedError for an element that MathML does not allow here."""
    name = element.tag
    if name not in _ELEMENTS or depth > FORMULA_DEPTH:
        raise _RefusedError
    arity = _ELEMENTS[name]
    if arity is not None and len(element) != arity:
        raise _RefusedError


def _named_operator(element: Element, text: str) -> str | None:
    """Returns the name of an operator such as ``lim`` that takes limits; None for another ``mo``."""
    if len(element):
        return _operator_name(element)
    takes_limits = element.get("movablelimits") == "true" or text in WORDS_WITH_LIMITS
    return text if takes_limits and _is_word(text) else None


def _is_word(text: str) -> bool:
    return len(text) > 1 and text.replace("\u2009", "").isalpha() and text != "mod"


def _name_and_text(element: Element, text: str) -> tuple[str, str]:
    """Returns the element to write and its text, where latex2mathml chose another element."""
    name = element.tag
    if name == "mo" and _is_word(text):
        return "mi", text
    if name in _UNDER and _takes_limits(element[0]):
        return _UNDER[name], text
    return name, text


def _attributes(element: Element, name: str, text: str) -> tuple[str, str]:
    """Returns the attributes to write, and ``text`` in the letters of its ``mathvariant``."""
    is_bracket = name == "mo" and text in _BRACKETS
    attributes = ' stretchy="false"' if is_bracket and not element.attrib else ""
    allowed = _ATTRIBUTES.get(name, frozenset())
    for key, given in element.attrib.items():
        value = _SPACES.get(given, given)
        if key == "mathvariant":
            if name == "mtext" or value == "normal":
                attributes += f' mathvariant="{value}"' if value in _KEPT_VARIANTS else ""
            elif value in _VARIANTS:
                text = "".join([_in_style(c, _VARIANTS[value]) for c in text])
        elif key in _COLOURS:
            if colour := _colour(value):
                attributes += f' {key}="{colour}"'
        elif key == "rowspacing" and value.endswith("pt"):
            # latex2mathml writes points, which are too small and ignore the type size.
            attributes += f' {key}="{_ROW_GAP}"'
        elif key in allowed and _VALUE.fullmatch(value):
            attributes += f' {key}="{value}"'
    return attributes, text


def _colour(value: str) -> str:
    """Returns the digits of a colour, since MathML 3 knows sixteen names only (section 2.1.5.2).

    Empty if the colour is unknown.
    """
    if _DIGITS.fullmatch(value):
        return value
    from PIL import ImageColor

    found = ImageColor.colormap.get(value.lower())
    return found if isinstance(found, str) else ""


def _operator(name: str) -> str:
    """Returns a named operator with little space between it and its argument."""
    return f'<mo movablelimits="true" lspace="0" rspace="0.167em">{escape(name)}</mo>'


def _operator_name(element: Element) -> str:
    """Returns the text of an operator that consists of several elements."""
    parts = []
    for part in element.iter():
        if part.tag == "mspace":
            parts.append("\u2009")
        elif part.tag not in _IN_NAMES or (part.text or "").startswith("\\"):
            raise _RefusedError
        else:
            parts.append(part.text or "")
    return "".join(parts)


def _sign(character: str) -> tuple[str, str]:
    """Returns the element and the character for a sign that latex2mathml takes as a letter.

    Relations and brackets become operators, so that they get their spaces.
    """
    if character == "~":
        return "mo", "∼"
    is_operator = character in (*_BRACKETS, ":", ";") or (
        unicodedata.category(character) == "Sm" and character not in LETTERS
    )
    return ("mo" if is_operator else "mi"), character


def _takes_limits(base: Element) -> bool:
    text = base.text or ""
    is_operator = base.tag == "mo" and base.get("movablelimits") != "false"
    return is_operator and (
        len(base) > 0
        or text in LARGE_WITH_LIMITS
        or text in WORDS_WITH_LIMITS
        or base.get("movablelimits") == "true"
    )


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= 0x10FFFF else ""


def _in_style(character: str, style: str) -> str:
    """Returns a character in the mathematical alphabet ``style`` of Unicode, or itself if there is none."""
    named = _CHARACTER_NAME.fullmatch(unicodedata.name(character, ""))
    if named is None:
        return character
    rest = named[3] or f"{named[1]} {named[2]}"
    # Letters that Unicode had before its mathematical alphabets have older names.
    for name in (f"MATHEMATICAL {style} {rest}", f"{style} {rest}", f"BLACK-LETTER {rest}"):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return character
