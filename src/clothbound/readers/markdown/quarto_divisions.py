"""Makes nodes of the divisions that only Quarto has: cells of code with their results, figures, tables, layouts, tabs.

Sources: Quarto's documentation, "Figures", "Tables", "Cross references", "Tabsets".
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ...model import blocks as b
from ...model import inlines as i
from .attributes import AttributeBlock

Blocks = tuple[b.Block, ...]
Inlines = tuple[i.Inline, ...]
_LAYOUTS = ("layout", "layout-ncol", "layout-nrow")


def make_division(
    attributes: AttributeBlock, children: Blocks, caption: Inlines, line: int
) -> Blocks | None:
    """Returns the nodes that take the place of a division; None for one that is a group like any other.

    ``caption`` is that among its attributes.
    """
    is_cell = any(name == "cell" or name.startswith("cell-") for name in attributes.classes)
    if is_cell:
        children = tuple(_without_cell(child) for child in children)
    if attributes.id.startswith("fig-") or any(attributes.get(name) for name in _LAYOUTS):
        made = _figure(attributes.id, children, caption, line)
        if made is not None:
            return (made,)
    if attributes.id.startswith("tbl-"):
        table = _table(attributes.id, children, caption)
        if table is not None:
            return (table,)
    if "panel-tabset" in attributes.classes:
        return tuple(_with_plain_tabs(children))
    return children if is_cell and not attributes.id else None


def _without_cell(block: b.Block) -> b.Block:
    """Returns a block without what Quarto notes of how its code was run."""
    if not isinstance(block, b.CodeBlock) or "cell-code" not in block.classes:
        return block
    return msgspec.structs.replace(block, classes=(), attributes=())


def _figure(name: str, children: Blocks, caption: Inlines, line: int) -> b.Block | None:
    """Returns pictures alone, perhaps with a caption below, as a figure or a gallery; None for anything else."""
    last = children[-1] if children else None
    if (
        name
        and not caption
        and len(children) > 1
        and isinstance(last, b.Paragraph)
        and not _pictures(last)
    ):
        caption, children = last.children, children[:-1]
    figures = [figure for child in children for figure in _pictures(child)]
    if not figures or any(not _pictures(child) for child in children):
        return None
    if len(figures) == 1 and not (caption and figures[0].caption):
        only = figures[0]
        return msgspec.structs.replace(only, caption=caption or only.caption, id=name or only.id)
    return b.Gallery(tuple(figures), caption, id=name, line=line)


def _pictures(block: b.Block) -> tuple[b.Figure, ...]:
    """Returns the pictures of a block that has nothing else; empty if it has."""
    match block:
        case b.Figure():
            return (block,)
        case b.Gallery(figures) if not block.caption:
            return figures
        case b.Paragraph(children):
            shown = [c for c in children if not (isinstance(c, i.Text) and not c.text.strip())]
            pictures = [c for c in shown if isinstance(c, i.Image)]
            is_all = len(pictures) == len(shown)
            return tuple(b.Figure(p, line=block.line) for p in pictures) if is_all else ()
    return ()


def _table(name: str, children: Blocks, given: Inlines) -> b.Block | None:
    """Returns a table with the paragraph that is its caption; None if there is anything else."""
    match children:
        case (b.Table() as table, b.Paragraph(caption)) | (
            b.Paragraph(caption),
            b.Table() as table,
        ):
            return (
                None if table.caption else msgspec.structs.replace(table, caption=caption, id=name)
            )
        case (b.Table() as table,):
            return msgspec.structs.replace(table, id=name, caption=table.caption or given)
    return None


def _with_plain_tabs(children: Blocks) -> Iterator[b.Block]:
    """Yields the content of tabs, each below its name, which is no heading of the post."""
    levels = [child.level for child in children if isinstance(child, b.Heading)]
    for child in children:
        if isinstance(child, b.Heading) and child.level == levels[0]:
            yield b.Paragraph((i.Strong(child.children),), id=child.id, line=child.line)
        else:
            yield child
