"""Reads elements whose content is not parsed as HTML: scripts, frames, media, formulas,
drawings.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from ...diagnostics import DiagnosticCode, Severity
from ...errors import ResourceError
from ...escape import attribute, escape
from ...lazy_pattern import lazy_pattern
from ...math.mathml_to_tex import to_tex
from ...media.svg.cleaning import SVG_NAMESPACE, clean_svg
from ...model import blocks as b
from ...model import inlines as i
from ...web.html_elements import XML_ATTRIBUTE, XML_NAME
from ...web.providers import GIST, player_of
from .block_builders import Attributes, common_of, number, with_common

if TYPE_CHECKING:
    from xml.etree.ElementTree import TreeBuilder

_IFRAME_FIELDS = frozenset(
    """
    src srcdoc title width height frameborder allow allowfullscreen scrolling loading style
    referrerpolicy sandbox name marginheight marginwidth
    """.split()
)
_TITLES_OF_PLAYERS = frozenset(
    (
        "youtube video player",
        "youtube player",
        "youtube video",
        "vimeo-player",
        "vimeo video player",
        "video player",
        "embedded video",
        "embedded content",
        "iframe",
    )
)
"""The titles that the embed codes of players give to whatever they show."""
_MEDIA_FIELDS = frozenset(
    """
    src poster title aria-label controls autoplay loop muted playsinline preload width height type
    crossorigin
    """.split()
)
_ICON = lazy_pattern(r"(?:^|[\s_-])(?:icon|icons|lucide|octicon|fa|feather)(?:$|[\s_-])")
_ICON_SIZE = 48
"""The size in CSS pixels below which a drawing is an icon of the page instead of a part of the
text."""
# HTML parsers based on XML convert names of SVG to lower case.
_CAMEL = {
    name.lower(): name
    for name in """
    linearGradient radialGradient clipPath textPath feBlend feColorMatrix feComponentTransfer
    feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology
    feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence foreignObject viewBox
    preserveAspectRatio gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits
    maskContentUnits patternUnits patternContentUnits patternTransform markerHeight markerWidth
    markerUnits refX refY pathLength startOffset textLength lengthAdjust stdDeviation baseFrequency
    numOctaves stitchTiles tableValues filterUnits primitiveUnits kernelMatrix edgeMode
    surfaceScale specularConstant specularExponent diffuseConstant limitingConeAngle pointsAtX
    pointsAtY pointsAtZ xChannelSelector yChannelSelector preserveAlpha targetX targetY
    kernelUnitLength systemLanguage attributeName
    """.split()
}
_TEX = lazy_pattern(r"(?:application|text)/x-(?:la)?tex\Z", re.I)
# Matches a label that is spoken text; others are the formula's TeX.
_SPOKEN = lazy_pattern(r"\A[^\\^_{]*[^\W\d_]{3}[^\\^_{]*\Z")

Find = Callable[[DiagnosticCode, str, str, Severity], None]


class OpaqueElement:
    """The content of an opaque element, collected event by event."""

    __slots__ = (
        "_annotation",
        "_open",
        "attrs",
        "draws",
        "formula",
        "markup",
        "name",
        "sources",
        "tex",
        "words",
    )

    def __init__(self, name: str, attrs: Attributes) -> None:
        self.name = name
        self.attrs = attrs
        self.words: list[str] = []
        """The text, and a space for every element."""
        self.sources: list[str] = []
        """The addresses in the ``source`` elements of a video."""
        self.tex: list[str] = []
        """The TeX from which a formula was made."""
        self.markup: list[str] = []
        """The markup of a drawing as XML."""
        self._annotation = False
        self.draws = name == "svg" and not _is_icon(attrs)
        """Whether the element is a drawing, whose markup is needed."""
        self.formula = _tree_of(attrs) if name == "math" else None
        """The tree of a formula's MathML."""
        self._open: list[str] = []

    def start(self, name: str, attrs: Attributes) -> None:
        self.words.append(" ")
        self._annotation = False
        if name == "source" and attrs.get("src"):
            self.sources.append(attrs["src"])
        elif name == "annotation":
            self._annotation = _TEX.match(attrs.get("encoding", "")) is not None
        elif self.draws:
            name = _CAMEL.get(name, name)
            if not XML_NAME.fullmatch(name):
                name = "g"
            self._open.append(name)
            self.markup.append(_xml_tag(name, attrs))
        if self.formula is not None:
            self._open.append(name)
            self.formula.start(name, dict(attrs))

    def end(self) -> None:
        self.words.append(" ")
        self._annotation = False
        if self._open:
            name = self._open.pop()
            if self.formula is not None:
                self.formula.end(name)
            else:
                self.markup.append(f"</{name}>")

    def text(self, text: str) -> None:
        (self.tex if self._annotation else self.words).append(text)
        if self.draws:
            self.markup.append(escape(text))
        if self.formula is not None:
            self.formula.data(text)

    @property
    def content(self) -> str:
        return "".join(self.words).strip()


def _tree_of(attrs: Attributes) -> TreeBuilder:
    from xml.etree.ElementTree import TreeBuilder

    tree = TreeBuilder()
    tree.start("math", dict(attrs))
    return tree


def _xml_tag(name: str, attrs: Attributes) -> str:
    written = [f"<{name}"]
    for key, value in attrs.items():
        written_key = "href" if key == "xlink:href" else _CAMEL.get(key, key)
        if XML_ATTRIBUTE.fullmatch(written_key):
            written.append(f' {written_key}="{attribute(value)}"')
    return "".join(written) + ">"


def _is_icon(attrs: Attributes) -> bool:
    width, height = attrs.get("width", ""), attrs.get("height", "")
    return (
        attrs.get("aria-hidden") == "true"
        or 0 < max(number(width, 0), number(height, 0)) <= _ICON_SIZE
        or width.endswith("em")
        or _ICON.search(attrs.get("class", "")) is not None
    )


def nodes_of(read: OpaqueElement, find: Find, line: int) -> list[Any]:
    """Returns the blocks or inlines of an opaque element, or none and a finding with its text."""
    match read.name:
        case "script":
            return _script(read, find, line)
        case "iframe" | "embed":
            return _frame(read, find, line)
        case "audio":
            return _media(read, "audio", find, line)
        case "video":
            return _media(read, "video", find, line)
        case "math":
            return _math(read, find, line)
        case "svg":
            return _drawing(read, find, line)
        case "katex" | "rp":
            return []
        case "title":
            find(
                DiagnosticCode.RAW_DROPPED,
                "a title element was left out",
                read.content,
                Severity.INFO,
            )
        case name:
            severity = Severity.INFO if name == "style" else Severity.WARNING
            find(DiagnosticCode.RAW_DROPPED, f"{name} element was left out", read.content, severity)
    return []


def _script(read: OpaqueElement, find: Find, line: int) -> list[Any]:
    source = read.attrs.get("src", "").strip()
    kind = read.attrs.get("type", "").lower()
    if kind.startswith("math/tex") and read.content:
        node = b.MathBlock if "mode=display" in kind else i.Math
        return [node(read.content, line=line)]
    if source:
        player = player_of(source)
        if player.provider == GIST.name:
            return [b.Embed(player.kind, href=player.href, provider=player.provider, line=line)]
    find(
        DiagnosticCode.RAW_DROPPED,
        f"a script was left out: {source[:120]}" if source else "a script was left out",
        read.content,
        Severity.WARNING,
    )
    return []


def _frame(read: OpaqueElement, find: Find, line: int) -> list[Any]:
    source = (read.attrs.get("src") or read.attrs.get("data-src", "")).strip()
    try:
        scheme = urlsplit(source).scheme
    except ValueError:
        scheme = "invalid"
    if not source or scheme not in ("", "http", "https"):
        words = " ".join(filter(None, (source, read.attrs.get("srcdoc", ""), read.content)))
        message = f"{read.name} was left out: it has no address that can be opened"
        find(DiagnosticCode.RAW_DROPPED, message, words, Severity.WARNING)
        return []
    player = player_of(source)
    title = read.attrs.get("title", "")
    node = b.Embed(
        player.kind,
        href=player.href,
        provider=player.provider,
        title="" if title.strip().casefold() in _TITLES_OF_PLAYERS else title,
        line=line,
    )
    return [with_common(node, common_of(read.attrs, typed=_IFRAME_FIELDS))]


def _media(
    read: OpaqueElement, kind: Literal["audio", "video"], find: Find, line: int
) -> list[Any]:
    source = read.attrs.get("src", "") or next(iter(read.sources), "")
    if not source:
        return [i.Text(read.content)] if read.content else []
    if read.content:
        find(
            DiagnosticCode.RAW_DROPPED,
            f"fallback text for browsers without {kind} was left out",
            read.content,
            Severity.INFO,
        )
    title = read.attrs.get("title") or read.attrs.get("aria-label", "")
    node = b.Media(
        kind,
        source.strip(),
        read.attrs.get("poster", ""),
        (i.Text(title),) if title else (),
        line=line,
    )
    return [with_common(node, common_of(read.attrs, typed=_MEDIA_FIELDS))]


def _math(read: OpaqueElement, find: Find, line: int) -> list[Any]:
    """Returns a formula as its original TeX, else as TeX converted from its MathML, else as its
    text.
    """
    tex = "".join(read.tex).strip()
    label = read.attrs.get("alttext", "").strip()
    if not tex and label and not _SPOKEN.search(label):
        tex = label
    if not tex and read.formula is not None:
        read.formula.end("math")
        tex = to_tex(read.formula.close()) or ""
    if tex:
        node = b.MathBlock if read.attrs.get("display") == "block" else i.Math
        return [node(tex, line=line)]
    words = label or " ".join(read.content.split())
    if words:
        find(
            DiagnosticCode.NODE_SIMPLIFIED,
            "a formula was written as its text: TeX cannot express its MathML",
            words,
            Severity.WARNING,
        )
    return [i.Text(words)] if words else []


def _drawing(read: OpaqueElement, find: Find, line: int) -> list[Any]:
    """Returns a drawing as a picture that contains its own bytes; an icon or an invalid drawing as
    its text.
    """
    attrs = read.attrs
    words = " ".join(read.content.split())
    width, height = number(attrs.get("width", ""), 0), number(attrs.get("height", ""), 0)
    if not any(part.startswith("<") for part in read.markup):
        return [i.Text(words)] if words else []
    head = _xml_tag("svg", attrs)[:-1] + f' xmlns="{SVG_NAMESPACE}">'
    try:
        cleaned = clean_svg((head + "".join(read.markup) + "</svg>").encode("utf-8", "replace"))
    except ResourceError as error:
        message = f"drawing left out: {error.message}"
        find(DiagnosticCode.RAW_DROPPED, message, words, Severity.WARNING)
        return []
    for lost in cleaned.lost:
        find(DiagnosticCode.IMAGE_CUT, f"left out of a drawing: {lost}", "", Severity.WARNING)
    address = f"data:image/svg+xml;base64,{base64.b64encode(cleaned.data).decode('ascii')}"
    label = attrs.get("aria-label", "") or words
    sizes = tuple((n, str(v)) for n, v in (("width", width), ("height", height)) if v)
    return [i.Image(address, label, attributes=sizes, line=line)]
