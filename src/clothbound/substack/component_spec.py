"""The row that describes a component for reading and writing, and the component of one node."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from ..model.blocks import Embed
from ..model.node import Node
from ..web.providers import Provider
from .component_element import Element, Read
from .data_attrs import Data
from .field_map import FieldMap, read_fields, write_data

Clean: TypeAlias = Callable[[str], str]


class ShownFields(NamedTuple):
    """The field of a node that each place of its Markdown form shows; empty if the place is
    unused.
    """

    label: str = ""
    """The field shown as the words of the link or, without an address, as a line in bold."""
    href: str = ""
    text: str = ""
    """The field shown as a quote."""
    author: str = ""
    """The field shown on a line that begins with a dash."""
    tex: str = ""
    """The field shown as a formula; the other places are then unused."""


def link_or_frame(element: Element) -> str:
    """Finds an embed's address in its markup: the link, else the frame."""
    return element.href() or element.frame()


def _cover_all(_: Any) -> bool:
    return True


def _no_id(_: Any) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentRow:
    """Describes a component: how an element is read as a node, and how a node is written as an
    element.

    ``read`` and ``data`` accept any input. ``read`` returns None only if the element holds nothing
    that the row knows, and treats an absent or mistyped field as empty; ``data`` needs only the
    typed fields. ``embed_row`` makes both functions for an embed whose data are its fields under
    other names.
    """

    classes: tuple[str, ...]
    """The class tokens that identify the component; the first belongs to the current generation."""
    components: tuple[str, ...] = ()
    """The values of ``data-component-name``; the first is the current one. If empty, none is
    written."""
    kind: type[Node] = Embed
    read: Read
    """Makes the typed node of an element; None if the element holds nothing that the row knows."""
    data: Callable[[Any], Data] | None = None
    """Makes the value of ``data-attrs`` from a node; None if the component has no data."""
    covers: Callable[[Any], bool] = _cover_all
    """Whether this row writes a node of ``kind`` whose Origin does not name a component."""
    together: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pairs of a key and the keys that repeat its content, which are rewritten when it is
    edited."""
    id: Callable[[Any], str] = _no_id
    """Returns the id that the template gives the element."""
    extra: tuple[str, ...] = ()
    """Classes that the template writes in addition to the first of ``classes``."""
    variants: tuple[str, ...] = ()
    """Names of other observed forms of the markup that the template can write."""
    aside: re.Pattern[str] | None = None
    """Matches text in the markup that the site added; neither a field nor the data hold it."""
    has_words: bool = False
    """Whether forms of the markup without data have words of the site's beside the author's: a label, a count of likes."""
    shown: ShownFields | None = None
    """The places where Markdown shows the fields, if they differ from ``visible_fields.PLACES``."""
    holes: tuple[str, ...] = ()
    """Classes and elements that enclose the author's own content."""
    inner: Callable[[Any, Data], str] | None = None
    """Writes the content of an embed's element; None if it is empty."""
    markup: Callable[[Any, Component, Clean, Clean], str] | None = None
    """Writes the whole element of an embed that is not a ``div`` around ``inner``. The last two
    arguments make an address safe and raw HTML safe."""
    editor: str = ""
    """The type of the node in the editor's document; empty if none is known."""

    @property
    def name(self) -> str:
        """The name by which an Origin refers to the row."""
        return self.components[0] if self.components else self.classes[0]


def embed_row(
    *,
    classes: tuple[str, ...],
    keys: FieldMap,
    components: tuple[str, ...] = (),
    provider: Provider | None = None,
    shows: str = "",
    href: Callable[[Element], str] = link_or_frame,
    more: Callable[[Element], Mapping[str, str]] = lambda _: {},
    data: Callable[[Any], Data] | None = None,
    covers: Callable[[Any], bool] | None = None,
    id: Callable[[Any], str] = _no_id,
    extra: tuple[str, ...] = (),
    variants: tuple[str, ...] = (),
    aside: re.Pattern[str] | None = None,
    shown: ShownFields | None = None,
    inner: Callable[[Any, Data], str] | None = None,
    markup: Callable[[Any, Component, Clean, Clean], str] | None = None,
    editor: str = "",
) -> ComponentRow:
    """Makes the row of an embed whose data are its fields under other names.

    ``keys`` maps the keys of the data to fields; ``more`` reads fields that no single key holds,
    and ``href`` finds the address if the data have none. The nodes' kind is ``shows``, else the
    provider's. ``data`` replaces what ``keys`` would write. The row covers the nodes of
    ``provider`` unless ``covers`` is given; a row without a provider needs ``covers``. The other
    parameters are those of ``ComponentRow``.
    """
    name = provider.name if provider is not None else ""
    kind = shows or (provider.kind if provider is not None else "")

    def read(element: Element) -> Embed:
        fields: dict[str, Any] = {"provider": name}
        fields.update(read_fields(keys, element, element.data))
        fields.update(more(element))
        if not fields.get("href"):
            fields["href"] = href(element)
        return Embed(kind, **fields)

    return ComponentRow(
        classes=classes,
        components=components,
        read=read,
        data=data or partial(write_data, keys),
        covers=covers or (lambda node: node.provider == name),
        id=id,
        extra=extra,
        variants=variants,
        aside=aside,
        shown=shown,
        inner=inner,
        markup=markup,
        editor=editor,
    )


@dataclass(frozen=True, slots=True)
class Component:
    """A node as a component: everything that its template needs."""

    row: ComponentRow
    name: str
    """The value of ``data-component-name``; empty if none is written."""
    classes: tuple[str, ...]
    id: str
    data: Data | None
    """The value of ``data-attrs``; None if there is none."""
    fields: Data
    """The typed fields that neither data nor children hold; Markdown writes them as attributes."""
    unnamed: bool = False
    """Whether the node was read from an element without a component name."""
