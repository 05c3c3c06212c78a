"""Marks whose note a post lacks, as behind a paywall: superscripts whose ``Origin`` keeps where the mark leads."""

from __future__ import annotations

import msgspec

from ..model import inlines as i
from ..model.node import Node, Origin
from ..model.walk import rewrite
from .data_attrs import parse, string, stringify

COMPONENT = "FootnoteAnchorToDOM"
"""What Substack's editor calls the mark of a note."""


def make_loose_mark(text: str, note: str, form: str, line: int) -> i.Superscript:
    """Returns the mark of a note that is not there. ``form`` is the generation of the mark's markup."""
    origin = Origin(COMPONENT, form, stringify({"note": note}))
    return i.Superscript((i.Text(text),) if text else (), line=line, origin=origin)


def is_loose_mark(node: Node) -> bool:
    """Whether a node is the mark of a note that is not there."""
    return (
        type(node) is i.Superscript
        and node.origin is not None
        and node.origin.component == COMPONENT
    )


def missing_note(mark: Node) -> str:
    """Returns the name of the note that a loose mark has lost."""
    return string((parse(mark.origin.data if mark.origin is not None else "") or {}).get("note"))


def unmark(link: i.Link) -> i.Link:
    """Returns a link whose loose marks are superscripts alone. As marks they would be links within it."""
    return msgspec.structs.replace(link, children=rewrite(link.children, _forget, {i.Superscript}))


def _forget(node: i.Superscript) -> i.Superscript:
    return msgspec.structs.replace(node, origin=None) if is_loose_mark(node) else node
