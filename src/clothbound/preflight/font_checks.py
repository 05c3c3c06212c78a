"""Checks the fonts that a book contains and those that its style sheets name.

Sources: Kobo's epub-spec, "Fonts"; Apple's Books Asset Guide, "Embedding fonts"; CSS Fonts Level 4,
section 2.1 (generic families); the first bytes of fonts are those of OpenType 1.9 and WOFF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import tinycss2
from lxml import etree

from ..destinations import Destination
from ..style_sheets import read_address
from .faults import Fault
from .opened_book import OPF, OpenedBook, parse_xml
from .references import place_of
from .style_checks import walk_tokens

_APPLE_DISPLAY = "META-INF/com.apple.ibooks.display-options.xml"
_FORMS: Mapping[bytes, str] = {
    b"\0\1\0\0": "TrueType",
    b"true": "TrueType",
    b"OTTO": "OpenType",
    b"ttcf": "collection",
    b"wOFF": "WOFF",
    b"wOF2": "WOFF 2",
}
_ALWAYS_THERE = frozenset(
    "serif sans-serif monospace cursive fantasy system-ui math emoji fangsong ui-serif "
    "ui-sans-serif ui-monospace ui-rounded inherit initial unset revert revert-layer".split(" ")
)


def check_fonts(book: OpenedBook, destination: Destination) -> Iterator[Fault]:
    named: dict[str, tuple[str, str, int]] = {}
    held: set[str] = set()
    faces: dict[str, None] = {}
    for item in book.of_type("text/css"):
        rules = tinycss2.parse_stylesheet((book.read(item) or b"").decode(errors="replace"))
        for declaration, in_face in _find_declarations(rules):
            families = _read_families(declaration)
            if in_face:
                held.update(family.lower() for family in families)
                addresses = filter(None, map(read_address, walk_tokens(declaration.value)))
                faces.update((place_of(address, item.name), None) for address in addresses)
            else:
                for family in families:
                    place = (family, item.name, declaration.source_line)
                    named.setdefault(family.lower(), place)
    by_name = {item.name: item for item in book.items.values()}
    for name in faces:
        data = book.read(by_name[name]) if name in by_name else None
        form = _FORMS.get((data or b"")[:4], "")
        if form and destination.fonts and form not in destination.fonts:
            accepted = ", ".join(sorted(destination.fonts))
            message = f"the font is in the format {form}, which is not accepted"
            yield Fault(message, f"embed it as one of {accepted}", name)
    if destination.fonts_marked and faces and not _shows_own_fonts(book):
        yield Fault(
            "the fonts in the book are not used",
            f"put <option name='specified-fonts'>true</option> into {_APPLE_DISPLAY}",
            refused=False,
        )
    if destination.fonts_held:
        for family, file, line in (named[key] for key in named.keys() - held - _ALWAYS_THERE):
            yield Fault(
                f"the style sheet names the font {family!r}, which is not in the book",
                "embed it, or name only serif, sans-serif or monospace",
                file,
                line,
                refused=False,
            )


def _find_declarations(rules: Any) -> Iterator[tuple[Any, bool]]:
    """Yields all declarations of fonts, and whether each is within ``@font-face``."""
    waiting = [(rule, False) for rule in reversed(rules)]
    while waiting:
        rule, in_face = waiting.pop()
        if rule.type == "declaration":
            if rule.lower_name in ("font-family", "font", "src"):
                yield rule, in_face
        elif rule.type in ("at-rule", "qualified-rule") and rule.content:
            in_face = rule.type == "at-rule" and rule.lower_at_keyword == "font-face"
            inner = tinycss2.parse_blocks_contents(rule.content)
            waiting.extend((each, in_face) for each in reversed(inner))


def _read_families(declaration: Any) -> list[str]:
    """Returns the families that a declaration names; in ``font`` they follow the size."""
    if declaration.lower_name == "src":
        return []
    families = [""]
    for token in declaration.value:
        if token.type == "literal" and token.value == ",":
            families.append("")
        elif token.type == "string":
            families[-1] = token.value
        elif token.type == "ident":
            families[-1] = f"{families[-1]} {token.value}".strip()
        elif token.type in ("dimension", "percentage", "number"):
            families[-1] = ""
    if declaration.lower_name == "font" and not any(
        token.type in ("dimension", "percentage", "number") for token in declaration.value
    ):
        # The size is a keyword, or the value is a system font.
        return []
    return [family for family in families if family]


def _shows_own_fonts(book: OpenedBook) -> bool:
    """Returns whether the book says, in either of Apple's ways, that its own fonts are to be used."""
    for meta in book.package.iter(f"{OPF}meta"):
        if meta.get("property") == "ibooks:specified-fonts":
            return (meta.text or "").strip() == "true"
    try:
        root = parse_xml(book.display_options or b"")
    except etree.XMLSyntaxError:
        return False
    options = root.iter("{*}option")
    return any(o.get("name") == "specified-fonts" and o.text == "true" for o in options)
