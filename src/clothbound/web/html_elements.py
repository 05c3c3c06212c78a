"""Elements of HTML that several formats read or write."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import inlines as i
from ..model.node import Node

MARKS: Mapping[type[Node], str] = {
    i.Emphasis: "em",
    i.Strong: "strong",
    i.Strikethrough: "s",
    i.Underline: "u",
    i.Superscript: "sup",
    i.Subscript: "sub",
    i.Highlight: "mark",
}
"""The element that each mark of text is written as."""
MARK_KINDS: Mapping[str, type[Node]] = {
    **{name: kind for kind, name in MARKS.items()},
    **dict.fromkeys(("i", "cite", "dfn", "var"), i.Emphasis),
    "b": i.Strong,
    **dict.fromkeys(("strike", "del"), i.Strikethrough),
    "ins": i.Underline,
}
"""The mark that each element is read as."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
VOID = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr".split()
)
"""Elements that have no content and no end tag (WHATWG HTML, sections 13.1.2 and 16.2)."""
