r"""TeX to MathML that is safe to put into a page.

latex2mathml makes the tree. Its own serialiser is not used: it writes the text of ``\text{<b>}`` as
markup and the address of ``\href`` as it came. The tree is written here instead, element by element
from the allow-list of MathML (Core, and what of MathML 3 readers of e-books still use).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from .escape import attribute, escape

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_LONGEST = 20_000
_DEEPEST = 60
# Macros can double their length with every definition; no limit of latex2mathml bounds that.
_MACRO = re.compile(r"\\(?:(?:re)?newcommand|providecommand|[gex]?def|let)(?![A-Za-z])")
# A label is a name to refer to; latex2mathml would set it as text.
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_VALUE = re.compile(r"[A-Za-z0-9#.+\- %]{1,80}")

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
_COLOURS = frozenset(("mathcolor", "mathbackground"))
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
_CHARACTER_NAME = re.compile(r"(?:LATIN|GREEK) (SMALL|CAPITAL) LETTER ([A-Z]+)|(DIGIT [A-Z]+)")


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
        tree = convert_to_element(_LABEL.sub("", tex), display=mode)
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
    if name not in _ELEMENTS or depth > _DEEPEST:
        raise _RefusedError
    arity = _ELEMENTS[name]
    if arity is not None and len(element) != arity:
        raise _RefusedError
    text = _REFERENCE.sub(_character, element.text or "")
    # An unknown command comes through as its own name: the reader is better served by the TeX.
    if name == "mi" and len(text) > 1 and text[0] == "\\":
        raise _RefusedError
    allowed = _ATTRIBUTES.get(name, frozenset())
    attributes = ""
    for key, value in element.attrib.items():
        if key == "mathvariant":
            if name == "mtext" or value == "normal":
                attributes += f' mathvariant="{value}"' if value in _KEPT_VARIANTS else ""
            elif value in _VARIANTS:
                text = "".join([_styled(c, _VARIANTS[value]) for c in text])
        elif (key in allowed or key in _COLOURS) and _VALUE.fullmatch(value):
            attributes += f' {key}="{value}"'
    children = "".join([_write(child, depth + 1) for child in element])
    return f"<{name}{attributes}>{escape(text)}{children}</{name}>"


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
