"""SVG pictures of others, made safe to show, on lxml's parser.

They keep what an allow-list names. What comes out does not run and loads nothing.
"""

from __future__ import annotations

import re
from typing import Any

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"

# What draws (SVG 1.1, appendix on the element index), less what runs, animates, embeds or links.
SVG_ELEMENTS = frozenset(
    """
    svg g defs symbol use title desc switch path rect circle ellipse line polyline polygon text tspan
    textPath linearGradient radialGradient stop pattern clipPath mask marker image style filter feBlend
    feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
    feSpotLight feTile feTurbulence
    """.split()
)
# Addresses in style sheets and properties. A backslash could spell any of them in another way.
_OUTSIDE = re.compile(r"url\(\s*(?!['\"]?#)|@import|@font-face|expression\(|javascript:|\\", re.I)
_SIDES = (b"width", b"height")
_SVG_DATA = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+\Z", re.I)


def clean_svg(data: bytes) -> bytes | None:
    """An SVG picture that only draws: no script, event, foreign content, animation or link, and no
    reference out of the file. None where ``data`` is no well-formed SVG or declares a document type
    (entities are the one way by which a picture reads other files).
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    document = root.getroottree().docinfo
    if root.tag != f"{{{SVG_NAMESPACE}}}svg" or _declares_entities(document.internalDTD):
        return None
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            _take_out(element)
            continue
        name = etree.QName(element)
        known = name.namespace == SVG_NAMESPACE
        if known and name.localname == "a":
            # A link gives way to what it holds.
            element.tag = f"{{{SVG_NAMESPACE}}}g"
            element.attrib.clear()
        elif (
            not known
            or name.localname not in SVG_ELEMENTS
            or (name.localname == "style" and _OUTSIDE.search("".join(element.itertext())))
        ):
            _take_out(element)
        else:
            _clean_attributes(element)
    etree.cleanup_namespaces(root)
    cleaned: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return cleaned


def _declares_entities(dtd: Any) -> bool:
    return dtd is not None and next(dtd.iterentities(), None) is not None


def _take_out(element: Any) -> None:
    """Removes an element with its content; the text behind it stays."""
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


def _clean_attributes(element: Any) -> None:
    attributes = element.attrib
    for name, value in list(attributes.items()):
        namespace, _, local = name[1:].rpartition("}") if name[0] == "{" else ("", "", name)
        if local == "href":
            kept = namespace in ("", _XLINK) and (
                value.startswith("#") or _SVG_DATA.match(value) is not None
            )
        else:
            kept = (
                namespace in ("", _XML)
                and local != "base"
                and not local.lower().startswith("on")
                and not _OUTSIDE.search(value)
            )
        if not kept:
            del attributes[name]


def svg_size(data: bytes) -> tuple[int, int]:
    """The size that a cleaned picture gives itself in pixels; (0, 0) where it gives none."""
    root = data[: data.find(b">", data.find(b"<svg")) + 1]
    sides = [re.search(rb'\s%s="(\d+)(?:\.\d+)?(?:px)?"' % name, root) for name in _SIDES]
    width, height = [int(side[1]) if side else 0 for side in sides]
    return (width, height) if width and height else (0, 0)
