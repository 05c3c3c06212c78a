"""Makes the Origin of a node: what the round trip needs of its element beyond the typed fields."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model.node import Node, Origin
from ..model.walk import walk
from .component_element import Element, attribute_of
from .component_lookup import row_by_kind
from .component_spec import ComponentRow
from .data_attrs import parse, stringify, text_in_json
from .pictures import FIGURE, signature_of

N = TypeVar("N", bound=Node)

_TEMPLATE_CLASSES = frozenset(
    {
        "button",
        "primary",
        "outer",
        "pencraft",
        "native",
        "image-link",
        "is-viewable-img",
        "sizing-normal",
        "sizing-large",
        "sizing-fullscreen",
        "wide",
        "narrow",
        "callout-block",
    }
)
_TEMPLATE_ATTRIBUTES = frozenset(
    {
        "at",
        "decorative",
        "attrs",
        "component-name",
        "fields",
        "generation",
        "markup",
        "signature",
        "element",
        "href",
        "src",
        "srcset",
        "sizes",
        "alt",
        "title",
        "target",
        "rel",
        "native",
        "loading",
        "fetchpriority",
        "width",
        "height",
        "style",
        "type",
        "contenteditable",
        "tabindex",
        "role",
        "kind",
        "audiences",
        "dynamic-audiences",
        "dynamic-content",
        "callout",
        "frameborder",
        "gesture",
        "allow",
        "allowfullscreen",
        "allowautoplay",
        "scrolling",
        "name",
        "value",
        "placeholder",
    }
)
_NUMBERED = lazy_pattern(r"pc-|image2-\d")


def is_of_template(token: str) -> bool:
    """Whether Substack's templates write this class, so that it carries no information."""
    return token in _TEMPLATE_CLASSES or _NUMBERED.match(token) is not None


def make_origin(row: ComponentRow, typed: Node, element: Element, node: Node) -> Origin | None:
    """Records what ``row``'s template, given only the fields of ``typed``, would not write of
    ``element``.

    ``node`` is the element with its descendants.
    """
    data = ""
    base = element.data
    if row is FIGURE and not base:
        image = next((n for n in walk(node) if attribute_of(n, "attrs")), None)
        base = parse(attribute_of(image, "attrs")) or {} if image is not None else {}
    if base:
        canonical = stringify(base)
        if row.data is None or canonical != stringify(row.data(typed)):
            data = canonical
    seen = element.attribute("component-name")
    component = ""
    if row_by_kind(typed) is not row:
        component = row.name
    elif seen and row.components and seen != row.components[0] and seen in row.components:
        component = seen
    generation = ""
    if row.components and row is not FIGURE:
        token = next((c for c in element.classes if c in row.classes), row.classes[0])
        generation = token if token != row.classes[0] else ""
    if row is FIGURE and "image3" in element.classes:
        generation = "image3"
    signature = signature_of(walk(node)) if row is FIGURE else ""
    # Markdown states the generation in an attribute.
    generation = element.attributes.get("generation") or generation
    markup = text_in_json(element.attributes.get("markup", ""))
    if not (data or component or generation or signature or markup):
        return None
    return Origin(component, generation, data, signature, markup)


def strip_position(node: N) -> N:
    """Removes the source position, which is needed only until nodes are typed."""
    if not node.attributes:
        return node
    rest = tuple(pair for pair in node.attributes if pair[0] != "at")
    return node if rest == node.attributes else msgspec.structs.replace(node, attributes=rest)


def with_element(typed: N, node: Node, classes: tuple[str, ...]) -> N:
    """Returns ``typed`` with the id, line and attributes of ``node`` that templates do not
    write.
    """
    attributes = tuple(
        (name, value)
        for name, value in node.attributes
        if name.removeprefix("data-") not in _TEMPLATE_ATTRIBUTES
    )
    return msgspec.structs.replace(
        typed, id=node.id, classes=classes, attributes=attributes, line=node.line
    )
