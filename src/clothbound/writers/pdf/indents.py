"""What a block takes of the width of the line for what stands in it."""

from __future__ import annotations

from ...model import blocks as b
from ...model.node import Node

INDENTS: dict[type[Node], float] = {
    b.Quote: 3.0,
    b.PullQuote: 3.7,
    b.List: 1.3,
    b.DefinitionList: 1.3,
    b.Callout: 1.6,
}
"""Rem, of both sides together; print.css and essay.typ have the same."""
NARROWEST = 60.0
"""Points: deeper than a few levels nothing is indented any more."""
