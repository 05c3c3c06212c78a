r"""TeX to MathML that is safe to put into a page.

latex2mathml makes the tree. Its own serialiser is not used: it writes the text of ``\text{<b>}`` as
markup and the address of ``\href`` as it came. The tree is written here instead, element by element
from the allow-list of MathML (Core, and what of MathML 3 readers of e-books still use).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ..escape import attribute, escape
from ..lazy_pattern import lazy_pattern
from ..limits import FORMULA_DEPTH
from .tex import readable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_LONGEST = 20_000
# Macros can double their length with every definition; no limit of latex2mathml bounds that.
_MACRO = lazy_pattern(r"\\(?:(?:re)?newcommand|providecommand|[gex]?def|let)(?![A-Za-z])")
_REFERENCE = lazy_pattern(r"&#x([0-9A-Fa-f]{1,6});")
_VALUE = lazy_pattern(r"[A-Za-z0-9#.+\- %]{1,80}")

# Element -> number of children it must have (MathML Core, sections 2 and 3); None: any.
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
# Names of operators that have what is below them there in a displayed formula.
_LIMITS = frozenset(("inf", "lim", "max", "min", "sup"))
_LARGE = frozenset("∑∏∐⋂⋃⋀⋁⨀⨁⨂⨆")
_UNDER = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_IN_NAMES = frozenset(("mi", "mn", "mo", "mrow", "mtext"))
# Named spaces are not in MathML Core.
_SPACES = {"negativethinmathspace": "-0.167em"}
_BRACES = ("{", "}")
_ROW_GAP = "0.5em"
_COLOURS = frozenset(("mathcolor", "mathbackground"))
_DIGITS = lazy_pattern(r"#(?:[0-9A-Fa-f]{3}){1,2}")
# ``mathvariant`` is not in MathML Core but for "normal": the letters themselves carry the style.
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
    """The tree is not what MathML allows, or holds a command that was not understood."""


def to_mathml(tex: str, display: bool) -> str | None:
    """``tex`` as a ``math`` element with its TeX as ``alttext``, or None where it cannot be set.

    The result is well-formed XML and valid in HTML: no script, no address, no style.
    """
    if len(tex) > _LONGEST or _MACRO.search(tex):
        return None
    from latex2mathml.converter import convert_to_element

    mode = "block" if display else "inline"
    try:
        tree = convert_to_element(readable(tex), display=mode)
        content = "".join([_write(child, 1) for child in tree])
    # latex2mathml raises whatever its parser stumbles over: IndexError, StopIteration, its own kinds.
    except Exception:
        return None
    return (
        f'<math xmlns="{_NAMESPACE}" display="{mode}" alttext="{attribute(tex.strip())}">'
        f"{content}</math>"
    )


def _write(element: Element, depth: int) -> str:
    name = element.tag
    if name not in _ELEMENTS or depth > FORMULA_DEPTH:
        raise _RefusedError
    arity = _ELEMENTS[name]
    if arity is not None and len(element) != arity:
        raise _RefusedError
    raw = element.text or ""
    # An unknown command comes through as its own name, and what has no place as itself: the reader
    # is better served by the TeX.
    if name in ("mi", "mo") and (raw.startswith("\\") or raw in ("&", "{", "}")):
        raise _RefusedError
    if name == "mspace" and "linebreak" in element.attrib:
        return ""  # a line's end where there are no lines
    text = _REFERENCE.sub(_character, raw)
    if name == "mo" and len(element):
        return _operator(_operator_name(element))
    if name == "mo" and len(text) > 1 and text.replace("\u2009", "").isalpha() and text != "mod":
        if element.get("movablelimits") == "true" or text in _LIMITS:
            return _operator(text)
        name = "mi"
    if name == "mi" and len(text) == 1:
        name, text = _sign(text)
    if name in _UNDER and _takes_limits(element[0]):
        name = _UNDER[name]
    attributes = (
        ' stretchy="false"' if name == "mo" and text in _BRACES and not element.attrib else ""
    )
    allowed = _ATTRIBUTES.get(name, frozenset())
    for key, given in element.attrib.items():
        value = _SPACES.get(given, given)
        if key == "mathvariant":
            if name == "mtext" or value == "normal":
                attributes += f' mathvariant="{value}"' if value in _KEPT_VARIANTS else ""
            elif value in _VARIANTS:
                text = "".join([_styled(c, _VARIANTS[value]) for c in text])
        elif key in _COLOURS:
            if colour := _colour(value):
                attributes += f' {key}="{colour}"'
        elif key == "rowspacing" and value.endswith("pt"):
            # latex2mathml's points are too few between lines, and those of no known size of type.
            attributes += f' {key}="{_ROW_GAP}"'
        elif key in allowed and _VALUE.fullmatch(value):
            attributes += f' {key}="{value}"'
    children = "".join([_write(child, depth + 1) for child in element])
    return f"<{name}{attributes}>{escape(text)}{children}</{name}>"


def _colour(value: str) -> str:
    """A colour by its digits, since MathML 3 names sixteen alone (section 2.1.5.2); empty: none."""
    if _DIGITS.fullmatch(value):
        return value
    from PIL import ImageColor

    found = ImageColor.colormap.get(value.lower())
    return found if isinstance(found, str) else ""


def _operator(name: str) -> str:
    """The name of an operator that stands close before what it is applied to."""
    return f'<mo movablelimits="true" lspace="0" rspace="0.167em">{escape(name)}</mo>'


def _operator_name(element: Element) -> str:
    """The text of an operator that is put together from several elements."""
    parts = []
    for part in element.iter():
        if part.tag == "mspace":
            parts.append("\u2009")
        elif part.tag not in _IN_NAMES or (part.text or "").startswith("\\"):
            raise _RefusedError
        else:
            parts.append(_REFERENCE.sub(_character, part.text or ""))
    return "".join(parts)


def _sign(character: str) -> tuple[str, str]:
    """The element and the character for what latex2mathml takes for a letter. Relations and
    brackets are operators: their spaces come from that.
    """
    if character == "~":
        return "mo", "∼"
    is_operator = character in (*_BRACES, ":") or unicodedata.category(character) == "Sm"
    return ("mo" if is_operator else "mi"), character


def _takes_limits(base: Element) -> bool:
    text = _REFERENCE.sub(_character, base.text or "")
    is_operator = base.tag == "mo" and base.get("movablelimits") != "false"
    return is_operator and (
        len(base) > 0 or text in _LARGE or text in _LIMITS or base.get("movablelimits") == "true"
    )


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= 0x10FFFF else ""


def _styled(character: str, style: str) -> str:
    """The character of Unicode's mathematical alphabet, or itself where there is none."""
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
