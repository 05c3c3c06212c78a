"""A row of the vocabulary: one component, in both directions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..model.node import Node
from .component_element import Read
from .data_attrs import Data


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``read`` makes the typed node of an element; ``data`` makes the ``data-attrs`` of a node.

    Both are total: ``read`` gives None only where the element holds nothing that the row knows, and
    takes every absent or mistyped field as empty; ``data`` needs the typed fields alone.
    """

    classes: tuple[str, ...]
    """The class tokens that name it; the first is the current generation's."""
    components: tuple[str, ...] = ()
    """Its ``data-component-name``s; the first is the current one. Empty: it is not stamped."""
    kind: type[Node]
    read: Read
    data: Callable[[Any], Data] | None = None
    """None: the component has no ``data-attrs``."""
    covers: Callable[[Any], bool] = lambda _: True
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

    @property
    def name(self) -> str:
        """What an Origin calls it."""
        return self.components[0] if self.components else self.classes[0]
