"""The base of all nodes: id, classes, attributes, origin, line."""

from __future__ import annotations

import msgspec


class Origin(msgspec.Struct, frozen=True, omit_defaults=True, repr_omit_defaults=True):
    """The part of a node's source that its typed fields do not hold.

    A reader sets it only where the element's template, fed the typed fields alone, would write
    something else; so a model made by hand equals what is read back.
    """

    component: str = ""
    """The value of Substack's ``data-component-name``."""
    generation: str = ""
    """The generation of a component's markup, and its variants; empty for the current one."""
    data: str = ""
    """The value of Substack's ``data-attrs``, as JSON.stringify writes it."""
    signature: str = ""
    """The CDN's signature in the URLs of a picture, which ``data-attrs`` lacks."""
    markup: str = ""
    """The element as it was read, if no template reproduces it."""


class Node(
    msgspec.Struct,
    frozen=True,
    eq=False,
    kw_only=True,
    omit_defaults=True,
    repr_omit_defaults=True,
    tag_field="type",
    tag=True,
    gc=False,
):
    """A node of the document tree. Nodes are equal when all but their lines are equal."""

    id: str = ""
    """The id that links may name, unique in a post; empty if there is none."""
    classes: tuple[str, ...] = ()
    """The classes of the element, in the order of the source."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Other attributes as (name, value) pairs, in the order of the source."""
    origin: Origin | None = None
    """What the typed fields lack for writing the element as it was read; None if they lack nothing.
    """
    line: int = 0
    """The line in the post's source, from 1; 0 if unknown. ``Metadata.source`` names the file."""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        if self is other:
            return True
        for name in self.__struct_fields__:
            if name != "line" and getattr(self, name) != getattr(other, name):
                return False
        return True

    def __ne__(self, other: object) -> bool:
        # The comparison that msgspec provides would compare identities.
        return not self == other

    def __hash__(self) -> int:
        return hash(
            (type(self), *(getattr(self, n) for n in self.__struct_fields__ if n != "line"))
        )
