"""Makes SVG pictures safe to show.

Only what an allow-list names is kept, so that the result runs and loads nothing. Visible content
that is removed is reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...errors import ResourceError
from ...untrusted_xml import PARSER_OPTIONS, part_name
from .cycles import HREFS, cut_cycles
from .foreign_objects import set_words, text_lines
from .styles import (
    clean_declarations,
    clean_sheet,
    in_light,
    is_embedded_picture,
    leads_outside,
)

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"

# The elements that draw (SVG 1.1, element index), without those that run, animate, embed or link.
_ELEMENTS = frozenset(
    """
    svg g defs symbol use title desc switch path rect circle ellipse line polyline polygon text tspan
    textPath linearGradient radialGradient stop pattern clipPath mask marker image style filter feBlend
    feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
    feSpotLight feTile feTurbulence
    """.split()
)
_ANIMATIONS = frozenset(("animate", "animateColor", "animateMotion", "animateTransform", "set"))
_SILENT = frozenset(("script", "metadata", "font", "font-face"))
"""Elements that show nothing themselves."""
_OCTAVES = 9
"""The most octaves of a noise. Each is half as strong as the one before, and the tenth is below 1/255."""
_NAMED = 60
"""The most characters of removed content that a message quotes."""


@dataclass(frozen=True, slots=True)
class CleanSvg:
    """A picture that only draws, and the changes made to it."""

    data: bytes
    changes: tuple[str, ...] = ()
    """Descriptions of content that is shown in another way."""
    lost: tuple[str, ...] = ()
    """Descriptions of content that was removed."""


@dataclass(slots=True)
class _Account:
    """Records what happened to the parts of a picture and reports each once."""

    changes: dict[str, None] = field(default_factory=dict)
    lost: dict[str, None] = field(default_factory=dict)


def clean_svg(data: bytes) -> CleanSvg:
    """Removes scripts, events, foreign content, animations, links and references out of the file.

    Words that the picture sets in HTML become SVG text. Raises ResourceError if ``data`` is not
    well-formed SVG, or declares entities, which could read other files.
    """
    from lxml import etree

    root = _parse(data)
    account = _Account()
    foreign = []
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or _is_undeclared(element.tag):
            _remove(element)
            continue
        namespace, name = part_name(element.tag)
        known = namespace == SVG_NAMESPACE
        if known and name == "a":
            # Replace a link by its content, which keeps its place.
            element.tag = f"{{{SVG_NAMESPACE}}}g"
            for href in HREFS:
                element.attrib.pop(href, None)
            _clean_attributes(element, "g", account)
        elif known and name == "foreignObject":
            if _is_within(element, root):
                lines = text_lines(element)
                foreign.append((element, lines, set_words(element, lines)))
            del element[:]
        elif not known or name not in _ELEMENTS:
            if namespace in (SVG_NAMESPACE, _XHTML) and _is_within(element, root):
                _report(element, name, account)
            _remove(element)
        else:
            _clean_attributes(element, name, account)
            if name == "style":
                _clean_sheet(element, account)
            elif name == "image" and not any(h in element.attrib for h in HREFS):
                _remove(element)
    for element, lines, words in foreign:
        _replace_foreign(element, lines, words, account)
    cut_cycles(root)
    etree.cleanup_namespaces(root)
    cleaned: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return CleanSvg(cleaned, tuple(account.changes), tuple(account.lost))


def _parse(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(remove_comments=True, remove_pis=True, **PARSER_OPTIONS)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = (error.msg or "").partition(", line ")[0]
        if "depth" in reason:
            raise ResourceError("an SVG picture whose elements are nested too deeply") from error
        place = f" (line {error.lineno})" if error.lineno else ""
        raise ResourceError(f"an SVG picture that is not well-formed XML{place}") from error
    except ValueError as error:
        raise ResourceError("an SVG picture that is not well-formed XML") from error
    if root.tag == "svg":
        raise ResourceError(
            "an SVG picture without the namespace of SVG, which browsers do not show either",
            hint=f'begin it <svg xmlns="{SVG_NAMESPACE}"',
        )
    if root.tag != f"{{{SVG_NAMESPACE}}}svg":
        raise ResourceError("XML that is not an SVG picture")
    if _declares_entities(root.getroottree().docinfo.internalDTD):
        raise ResourceError("an SVG picture that declares entities, by which it could read files")
    return root


def _declares_entities(dtd: Any) -> bool:
    return dtd is not None and next(dtd.iterentities(), None) is not None


def _is_undeclared(name: str) -> bool:
    """Whether a name has a prefix without a namespace. libxml2 lets it pass sometimes, and lxml refuses it."""
    return ":" in name and name[0] != "{"


def _is_within(element: Any, root: Any) -> bool:
    """Whether the element is still in the picture. If a removed element contained it, it was
    reported with that one.
    """
    while element is not None and element is not root:
        element = element.getparent()
    return element is root


def _remove(element: Any) -> None:
    """Removes an element with its content, but not the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _report(element: Any, name: str, account: _Account) -> None:
    if name in _ANIMATIONS:
        account.changes["without its animation"] = None
    elif name not in _SILENT:
        words = " ".join(text_lines(element))
        if words:
            account.lost[_quote(words)] = None


def _replace_foreign(element: Any, lines: tuple[str, ...], words: Any, account: _Account) -> None:
    """Replaces an object in HTML by its words as SVG text, unless they are there already.

    In a switch, an alternative for viewers without HTML may show them, as the same text or as a
    picture. Any other alternative, such as a message that HTML is missing, is removed.
    """
    parent = element.getparent()
    others: list[Any] = []
    if parent.tag == f"{{{SVG_NAMESPACE}}}switch":
        others = [each for each in parent if each is not element]
    shown = ["".join("".join(each.itertext()).split()) for each in others]
    is_drawn = any(
        next(each.iter(f"{{{SVG_NAMESPACE}}}image"), None) is not None for each in others
    )
    if lines and not is_drawn and "".join("".join(lines).split()) not in shown:
        if words is None:
            account.lost[_quote(" ".join(lines))] = None
        else:
            element.addprevious(words)
            for other in others:
                parent.remove(other)
            account.changes["its words in HTML were drawn as SVG text"] = None
    _remove(element)


def _quote(words: str) -> str:
    return f"“{words[:_NAMED]}…”" if len(words) > _NAMED else f"“{words}”"


def _clean_sheet(element: Any, account: _Account) -> None:
    given = "".join(element.itertext())
    sheet = clean_sheet(in_light(given))
    if sheet.typefaces:
        account.changes[f"without its own typeface ({', '.join(sheet.typefaces)[:_NAMED]})"] = None
    account.lost.update(dict.fromkeys(f"a style ({each[:_NAMED]})" for each in sheet.lost))
    if not sheet.text.strip():
        _remove(element)
    elif sheet.text != given:
        del element[:]
        element.text = sheet.text


def _clean_attributes(element: Any, kind: str, account: _Account) -> None:
    attributes = element.attrib
    for name, given in list(attributes.items()):
        if _is_undeclared(name):
            del attributes[name]
            continue
        value = attributes[name] = in_light(given)
        namespace, local = part_name(name)
        if local == "href":
            is_kept = namespace in ("", _XLINK) and (
                value.startswith("#") or is_embedded_picture(value)
            )
            if not is_kept and kind in ("image", "use"):
                account.lost[f"a picture within it ({value.strip()[:_NAMED]})"] = None
        else:
            is_kept = (
                namespace in ("", _XML) and local != "base" and not local.lower().startswith("on")
            )
            if is_kept and leads_outside(value):
                is_kept = not namespace and local == "style"
                lost = [f"{local}: {value}"]
                if is_kept:
                    attributes[name], lost = clean_declarations(value)
                account.lost.update(dict.fromkeys(f"a style ({e[:_NAMED]})" for e in lost))
        if not is_kept or not attributes[name]:
            del attributes[name]
    if kind == "feTurbulence" and _number(attributes.get("numOctaves", "")) > _OCTAVES:
        attributes["numOctaves"] = str(_OCTAVES)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
