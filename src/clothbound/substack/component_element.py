"""The form in which component rows see an element, whatever format it was read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..model import blocks as b
from ..model import inlines as i
from ..model.flatten import flatten_blocks
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.walk import walk
from ..web.markdown_addresses import encode_address
from .data_attrs import Data


@dataclass(frozen=True, slots=True)
class Element:
    """A generic node with what the rows read: a Group, Span, Link or Paragraph.

    ``data`` is the parsed ``data-attrs``, empty if there is none. ``type_blocks`` and
    ``type_inlines`` replace components among the children by typed nodes.
    """

    node: Node
    classes: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    data: Data = field(default_factory=dict)
    type_blocks: Callable[[tuple[b.Block, ...]], tuple[b.Block, ...]] = tuple
    type_inlines: Callable[[tuple[i.Inline, ...]], tuple[i.Inline, ...]] = tuple

    @property
    def blocks(self) -> tuple[b.Block, ...]:
        """The children of a Group, with components typed; empty for other nodes."""
        children = getattr(self.node, "children", ())
        return self.type_blocks(children) if isinstance(self.node, b.Group) else ()

    @property
    def content(self) -> tuple[b.Block, ...]:
        """The children of a Group as they were read; of a Paragraph, which others give such classes too, one without them."""
        if isinstance(self.node, b.Group):
            return self.node.children
        return (b.Paragraph(self.node.children),) if isinstance(self.node, b.Paragraph) else ()

    def find(self, *tokens: str) -> Node | None:
        """Returns the first descendant with one of these classes; None if there is none."""
        return next(self.find_all(*tokens), None)

    def find_all(self, *tokens: str) -> Iterator[Node]:
        """Yields every descendant with one of these classes."""
        for node in walk(getattr(self.node, "children", ())):
            if node.classes and not set(node.classes).isdisjoint(tokens):
                yield node

    def text(self, *tokens: str) -> str:
        """Returns the text of the first descendant with one of these classes; empty if there is
        none.
        """
        node = self.find(*tokens)
        return plain_text(node) if node is not None else ""

    def href(self, *tokens: str) -> str:
        """Returns the address of the first link among the descendants; empty if there is none.

        With ``tokens``, only links with one of these classes count.
        """
        for node in walk(getattr(self.node, "children", ())):
            if not tokens or not set(node.classes).isdisjoint(tokens):
                href = node.href if isinstance(node, i.Link) else attribute_of(node, "href")
                if href:
                    return href
        return ""

    def frame(self) -> str:
        """Returns the address of the first frame (``iframe``), the element itself included; empty
        if there is none.
        """
        if self.attribute("element") == "iframe":
            return self.attribute("src")
        for node in walk(getattr(self.node, "children", ())):
            if attribute_of(node, "element") == "iframe":
                return attribute_of(node, "src")
        return ""

    def attribute(self, name: str) -> str:
        """Returns an attribute of the element, with or without ``data-``; empty if it is
        missing.
        """
        return self.attributes.get(name, "") or self.attributes.get(f"data-{name}", "")


Read: TypeAlias = Callable[[Element], Any]


def attribute_of(node: Node, name: str) -> str:
    """Returns the value of an attribute; empty if the node has no such attribute."""
    # A generator would take four times as long for a node without any.
    for key, value in node.attributes:
        if key == name:
            return value
    return ""


def take_shown_address(paragraphs: list[b.Paragraph]) -> str:
    """Returns the address of the first link in the first paragraph, where Markdown shows that of a recording.

    The paragraph is removed unless it has other words, which are then the beginning of a caption.
    """
    href = Element(paragraphs[0]).href()
    if href and encode_address(plain_text(paragraphs[0]).strip()) == encode_address(href):
        del paragraphs[0]
    return href


def unwrap_inlines(nodes: Iterable[Node]) -> tuple[i.Inline, ...]:
    """Returns the inlines inside ``nodes`` without their wrappers, with a hard break between two blocks."""
    result: list[i.Inline] = []
    for node in nodes:
        if isinstance(node, b.Paragraph | b.Heading):
            part: tuple[i.Inline, ...] = node.children
        elif isinstance(node, b.Group):
            part = unwrap_inlines(node.children)
        elif isinstance(node, i.Span) and not node.classes:
            part = node.children
        elif i.is_inline(node):
            part = (node,)
        else:
            part = flatten_blocks((node,))  # type: ignore[arg-type]
        if result and part and not i.is_inline(node):
            result.append(i.LineBreak())
        result.extend(part)
    return tuple(result)


def lines(text: str) -> tuple[i.Inline, ...]:
    """Returns ``text`` with hard breaks in place of its line endings."""
    result: list[i.Inline] = []
    for position, line in enumerate(text.split("\n")):
        if position:
            result.append(i.LineBreak())
        if line:
            result.append(i.Text(line))
    return tuple(result)
