"""Parts, trims and reads the inlines of paragraphs and of the lines of verses."""

from __future__ import annotations

import msgspec

from ...model import blocks as b
from ...model import inlines as i


def trim(nodes: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """Removes line breaks, and the spaces that a comment left, from both ends."""
    start, end = 0, len(nodes)
    while start < end and _is_gap(nodes[start]):
        start += 1
    while start < end and _is_gap(nodes[end - 1]):
        end -= 1
    nodes = nodes[start:end]
    if nodes and type(nodes[0]) is i.Text and nodes[0].text[:1] == " ":
        nodes = (i.Text(nodes[0].text.lstrip(" ")), *nodes[1:])
    if nodes and type(nodes[-1]) is i.Text and nodes[-1].text[-1:] == " ":
        nodes = (*nodes[:-1], i.Text(nodes[-1].text.rstrip(" ")))
    return nodes


def _is_gap(node: i.Inline) -> bool:
    return type(node) is i.LineBreak or (type(node) is i.Text and not node.text.strip(" "))


def lone_id(block: b.Block) -> str:
    """Returns the id below a table, quotation or list, which applies to the whole block."""
    if isinstance(block, b.Paragraph) and len(block.children) == 1:
        only = block.children[0]
        if isinstance(only, i.Span) and not (only.children or only.classes or only.attributes):
            return only.id
    return ""


def split_math(children: tuple[i.Inline, ...], line: int) -> tuple[b.Block, ...]:
    """Splits a paragraph at its display formulas."""
    result: list[b.Block] = []
    run: list[i.Inline] = []

    def end_run() -> None:
        rest = trim(tuple(run))
        if rest:
            result.append(b.Paragraph(rest, line=line if not result else 0))
        run.clear()

    for child in children:
        if type(child) is i.Math and child.classes == ("display",):
            end_run()
            result.append(b.MathBlock(child.tex, line=line if not result else 0))
        else:
            run.append(child)
    end_run()
    return tuple(result)


def without_line_end_spaces(children: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """Returns the children of a verse without the spaces before ``<br>``, which show nothing."""
    kept: list[i.Inline] = []
    for child, following in zip(children, (*children, None)[1:], strict=True):
        if type(child) is i.Text and type(following) in (i.LineBreak, type(None)):
            text = child.text.rstrip(" ")
            if text:
                kept.append(msgspec.structs.replace(child, text=text))
        else:
            kept.append(child)
    return tuple(kept)
