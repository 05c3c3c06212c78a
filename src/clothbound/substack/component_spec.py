"""The row that describes a component in both directions, and the component of one node."""

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
    """Which field of a node each place of its Markdown shows; empty if none."""

    label: str = ""
    """The words of the link, or, without an address, a line in bold."""
    href: str = ""
    text: str = ""
    """A quote."""
    author: str = ""
    """A line that begins with a dash."""
    tex: str = ""
    """A formula; the other places are then empty."""


def link_or_frame(element: Element) -> str:
    """Finds an embed's address in its markup: the link, else the frame."""
    return element.href() or element.frame()


def _cover_all(_: Any) -> bool:
    return True


def _no_id(_: Any) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentRow:
    """Describes a component: how it is read as a node, and how a node is written as it.

    ``read`` and ``data`` are total: ``read`` gives None only where the element holds nothing that the
    row knows, and takes every absent or mistyped field as empty; ``data`` needs the typed fields alone.
    ``embed_row`` makes both for an embed whose data are its fields under other names.
    """

    classes: tuple[str, ...]
    """The class tokens that name it; the first is the current generation's."""
    components: tuple[str, ...] = ()
    """Its ``data-component-name``s; the first is the current one. Empty: it is not stamped."""
    kind: type[Node] = Embed
    read: Read
    data: Callable[[Any], Data] | None = None
    """None if the component has no ``data-attrs``."""
    covers: Callable[[Any], bool] = _cover_all
    """Whether this row writes a node of ``kind`` whose Origin names no component."""
    together: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Keys that are rewritten together with an edited key, because they repeat its content."""
    id: Callable[[Any], str] = _no_id
    """The id that the template gives the element."""
    extra: tuple[str, ...] = ()
    """Classes that the template writes beside the first of ``classes``."""
    variants: tuple[str, ...] = ()
    """Names of other observed forms of the markup that the template can write."""
    aside: re.Pattern[str] | None = None
    """Finds text of the site's own in the markup, which no field and no data hold."""
    shown: ShownFields | None = None
    """Where Markdown shows its fields, if it differs from the default for its kind."""
    holes: tuple[str, ...] = ()
    """Classes and elements in which the author's own content stands."""
    inner: Callable[[Any, Data], str] | None = None
    """Writes the content of an embed's element; None if it is empty."""
    markup: Callable[[Any, Component, Clean, Clean], str] | None = None
    """Writes the whole element of an embed that is no ``div`` with ``inner`` in it; it is given
    what makes an address and what makes raw HTML safe.
    """
    editor: str = ""
    """The type of its node in the editor's document; empty if none is known."""

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

    ``keys`` are the keys of the data and the fields that they hold; ``more`` reads the fields that no
    single key holds, and ``href`` finds the address where the data have none. The nodes are of the
    kind ``shows``, else of the provider's. ``data`` replaces what ``keys`` write. The row covers the
    nodes of ``provider`` unless ``covers`` is given, which a row without a provider needs. The other
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
    """The component that holds a node."""

    row: ComponentRow
    name: str
    """Its ``data-component-name``; empty where none is stamped."""
    classes: tuple[str, ...]
    id: str
    data: Data | None
    """Its ``data-attrs``; None where it has none."""
    fields: Data
    """The typed fields that neither data nor children hold; Markdown writes them as attributes."""
    unnamed: bool = False
    """Whether it was read without its component name."""
