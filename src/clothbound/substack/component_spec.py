"""A row of the vocabulary: one component, in both directions; and the component of a node."""

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
    """Which field of a node stands where in its Markdown; empty: none stands there."""

    label: str = ""
    """The words of the link, or, without an address, a line in bold."""
    href: str = ""
    text: str = ""
    """A quote."""
    author: str = ""
    """A line that begins with a dash."""
    tex: str = ""
    """A formula; nothing else then."""


def link_or_frame(element: Element) -> str:
    """The address of an embed whose data have none: its link, else its frame."""
    return element.href() or element.frame()


def _read_by_keys(_: Element) -> Any:
    raise TypeError("a row without keys needs read")


def _cover_all(_: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How a component becomes a node and a node a component.

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
    """Whether a node of ``kind`` is written by this row, where no Origin says so."""
    together: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Keys that are taken anew with a key whose field was edited, since they hold it too."""
    id: Callable[[Any], str] = lambda _: ""
    """The id that the template gives the element."""
    extra: tuple[str, ...] = ()
    """Classes that the template writes beside the first of ``classes``."""
    variants: tuple[str, ...] = ()
    """Other forms of the same markup that were seen; the template knows each by this name."""
    aside: re.Pattern[str] | None = None
    """Finds words of the site's in the markup that no field and no data hold."""
    shown: Places | None = None
    """Where its fields stand in Markdown, if not where those of its kind stand."""
    holes: tuple[str, ...] = ()
    """Classes and elements in which the author's own content stands."""
    inner: Callable[[Any, Data], str] | None = None
    """Writes what stands in the element of an embed; None: nothing does."""
    markup: Callable[[Any, Component, Clean, Clean], str] | None = None
    """Writes the whole element of an embed that is no ``div`` with ``inner`` in it; it is given
    what makes an address and what makes raw HTML safe.
    """
    editor: str = ""
    """The node of the editor's document for it; empty: the editor has none that is known."""

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
        """What an Origin calls it."""
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
    """The typed fields that neither the data nor the children say: Markdown writes them."""
    unnamed: bool = False
    """Whether it stood without its name."""
