"""Tells what an element of Substack's shows that the node which was read of it has not: words, links, pictures."""

from __future__ import annotations

from collections import Counter

from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.walk import rewrite, walk
from ..web.markdown_addresses import encode_address
from .component_element import Element, attribute_of
from .component_lookup import BLOCK_TOKENS, row_of_element
from .data_attrs import parse
from .note_typer import is_note_mark
from .visible_fields import AUTHOR_DASH


def hides_words(typed: Node, node: Node) -> bool:
    """Returns whether an embed has none of the words of its element, nor an address to follow."""
    return (
        isinstance(typed, b.Embed)
        and typed == b.Embed(typed.kind, provider=typed.provider)
        and bool(plain_text(node).strip())
    )


def loses_words(typed: Node, node: Node, of_site: bool) -> bool:
    """Returns whether the node that was read of an element lacks words of it; if some of them may be the site's own, whether
    the node lacks them all. A dash before an author's name is no word, nor are the mark of a note and the node's address.
    """
    kept = _words_of(typed)
    if _words_of(node) == kept:
        return False
    given = _words_of(rewrite(node, lambda link: None if is_note_mark(link) else link, {i.Link}))
    if isinstance(typed, b.Figure):
        kept += typed.image.alt.split()
    elif isinstance(typed, b.Embed):
        kept += typed.provider.split()
    if of_site:
        return bool(given) and set(given).isdisjoint(kept)
    addresses = {encode_address(getattr(typed, name, "")) for name in ("href", "src")}
    return any(encode_address(word) not in addresses for word in Counter(given) - Counter(kept))


def swallowed_blocks(typed: Node, node: Node, *, are_of_site: bool) -> tuple[b.Block, ...]:
    """Returns the blocks of an author's own that stand in a component of Substack's, and that its node has not: they follow
    its own parts where its end is missing. Where no part has a class, ``are_of_site`` says whose words are.
    """
    if isinstance(node, b.Paragraph):
        parts = [n for n, child in enumerate(node.children, 1) if child.classes]
        behind = b.Paragraph(node.children[parts[-1] if parts else 0 :], line=node.line)
        blocks: tuple[b.Block, ...] = (behind,)
    elif isinstance(node, b.Group):
        known = [n for n, child in enumerate(node.children) if not _is_no_part(child)]
        first = known[0] if known else len(node.children) if are_of_site else 0
        blocks = node.children[first:]
    else:
        return ()
    return tuple(
        child
        for child in blocks
        if _is_no_part(child)
        and (
            loses_words(typed, child, of_site=False)
            or loses_links(typed, child)
            or (isinstance(typed, b.Embed) and _has_picture(child))
        )
    )


def _is_no_part(block: b.Block) -> bool:
    """Returns whether a block in a component is another component, or has no class by which it would be a part of it."""
    if attribute_of(block, "component-name"):
        return True
    is_bare = not (isinstance(block, b.Group) or block.classes)
    return is_bare and all(name == "at" for name, _ in block.attributes)


def loses_links(typed: Node, node: Node) -> bool:
    """Returns whether the node that was read of an element has no picture where it has, or does not lead where a link in it, by
    other words than its address, does.
    """
    given = {encode_address(n.href) for n in walk(node) if isinstance(n, i.Link) and _has_words(n)}
    if not isinstance(typed, b.Embed) and _has_picture(node) and not _has_picture(typed):
        return True
    if not given:
        return False
    kept = {encode_address(getattr(n, name, "")) for n in walk(typed) for name in ("href", "src")}
    return not given <= kept


def _has_picture(node: Node) -> bool:
    return any(isinstance(inner, i.Image) for inner in walk(node))


def _has_words(link: i.Link) -> bool:
    text = "".join(n.text for n in walk(link) if isinstance(n, i.Text)).strip()
    return (
        bool(text) and not is_note_mark(link) and encode_address(text) != encode_address(link.href)
    )


def _words_of(node: Node) -> list[str]:
    labels = "".join(f" {label}" for inner in walk(node) if (label := _label_in_data(inner)))
    return (plain_text(node) + labels).replace(AUTHOR_DASH, " ").split()


def _label_in_data(node: Node) -> str:
    """Returns the label of a button that has it in its data alone, as Markdown writes it; empty for other nodes."""
    if not isinstance(node, b.Group) or node.children or not attribute_of(node, "attrs"):
        return ""
    row = row_of_element(node, BLOCK_TOKENS)
    if row is None or row.kind is not b.Button:
        return ""
    data = parse(attribute_of(node, "attrs")) or {}
    return plain_text(row.read(Element(node, node.classes, dict(node.attributes), data)))
