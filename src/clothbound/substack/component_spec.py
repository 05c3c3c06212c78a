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


class Places(NamedTuple):
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


def _read_by_keys(_: Element) -> Any:
    raise TypeError("a row without keys needs read")


def _cover_all(_: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Describes a component: how it is read as a node, and how a node is written as it.

    An embed whose data are its fields under other names has ``keys``, from which ``read`` and
    ``data`` follow; other rows give both as functions. Both are total: ``read`` gives None only where the
    element holds nothing that the row knows, and takes every absent or mistyped field as empty;
    ``data`` needs the typed fields alone.
    """

    classes: tuple[str, ...]
    """The class tokens that name it; the first is the current generation's."""
    components: tuple[str, ...] = ()
    """Its ``data-component-name``s; the first is the current one. Empty: it is not stamped."""
    kind: type[Node] = Embed
    keys: FieldMap | None = None
    """The keys of an embed's data, and the fields that they hold."""
    provider: Provider | None = None
    """The service of an embed: its name, its kind, and which nodes the row writes."""
    shows: str = ""
    """The kind of an embed where it is not the provider's."""
    href: Callable[[Element], str] = link_or_frame
    """Finds the address of an embed whose data have none."""
    more: Callable[[Element], Mapping[str, str]] = lambda _: {}
    """Reads the fields of an embed that no single key holds."""
    read: Read = _read_by_keys
    data: Callable[[Any], Data] | None = None
    """None, and no ``keys``: the component has no ``data-attrs``."""
    covers: Callable[[Any], bool] = _cover_all
    """Whether this row writes a node of ``kind`` whose Origin names no component."""
    together: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Keys that are rewritten together with an edited key, because they repeat its content."""
    id: Callable[[Any], str] = lambda _: ""
    """The id that the template gives the element."""
    extra: tuple[str, ...] = ()
    """Classes that the template writes beside the first of ``classes``."""
    variants: tuple[str, ...] = ()
    """Names of other observed forms of the markup that the template can write."""
    aside: re.Pattern[str] | None = None
    """Finds text of the site's own in the markup, which no field and no data hold."""
    shown: Places | None = None
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

    def __post_init__(self) -> None:
        if self.keys is None:
            return
        derived: dict[str, Any] = {
            "read": self._read_embed,
            "data": partial(write_data, self.keys),
            "covers": self._is_of_provider,
        }
        given = {"read": self.read is not _read_by_keys, "data": self.data is not None}
        given["covers"] = self.covers is not _cover_all or self.provider is None
        for name, value in derived.items():
            if not given[name]:
                object.__setattr__(self, name, value)

    @property
    def name(self) -> str:
        """The name by which an Origin refers to the row."""
        return self.components[0] if self.components else self.classes[0]

    def _read_embed(self, element: Element) -> Embed:
        provider = self.provider
        fields: dict[str, Any] = {"provider": provider.name if provider is not None else ""}
        fields.update(read_fields(self.keys or {}, element, element.data))
        fields.update(self.more(element))
        if not fields.get("href"):
            fields["href"] = self.href(element)
        return Embed(self.shows or (provider.kind if provider is not None else ""), **fields)

    def _is_of_provider(self, node: Embed) -> bool:
        return self.provider is not None and node.provider == self.provider.name


@dataclass(frozen=True, slots=True)
class Component:
    """The component that holds a node."""

    row: Row
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
