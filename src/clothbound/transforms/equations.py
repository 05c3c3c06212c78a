"""Numbers equations as TeX does, and makes references to them links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from ..context import Context
from ..late_names import late_module
from ..model.blocks import MathBlock
from ..model.check import canonical
from ..model.inlines import Inline, Link, Math, Text
from ..model.node import Node
from ..model.post import Post
from ..model.walk import rewrite, walk

if TYPE_CHECKING:
    from ..math import numbers as equation_numbers
else:
    # What few posts need.
    equation_numbers = late_module("clothbound.math.numbers")


def number_equations(post: Post, context: Context) -> Post:
    r"""Returns ``post`` with a ``\tag`` on each equation that TeX would number, and each ``\ref`` and
    ``\eqref`` to one as a link.

    A post without ``\label`` is returned unchanged: nothing in it refers to a number.
    """
    if "\\label" not in context.census(post).text:
        return post
    blocks = [*walk(post.body, MathBlock)]
    if not any(equation_numbers.has_labels(block.tex) for block in blocks):
        return post
    taken = {node.id for node in walk(post.body) if node.id}
    numbered: dict[int, MathBlock] = {}
    places: dict[str, tuple[str, str]] = {}
    following = 1
    for block in blocks:
        tex, labels, following = equation_numbers.number_lines(block.tex, following)
        name = block.id
        if labels and not name:
            name = _unused(taken)
        places.update({label: (number, name) for label, number in labels.items() if number})
        if tex != block.tex or name != block.id:
            numbered[id(block)] = msgspec.structs.replace(block, tex=tex, id=name)

    def visit(node: Node) -> Node | tuple[Inline, ...]:
        if isinstance(node, Link):
            # A link must not contain another.
            inner = rewrite(node.children, _words_of, {Link})
            return node if inner is node.children else msgspec.structs.replace(node, children=inner)
        if isinstance(node, MathBlock):
            found = numbered.get(id(node), node)
            return _in_formula(found, places)
        if isinstance(node, Math):
            whole = equation_numbers.REFERENCE.fullmatch(node.tex.strip())
            if whole and whole["label"].strip() in places:
                return (_link(whole, places),)
            return _in_formula(node, places)
        assert isinstance(node, Text)
        return _in_text(node, places)

    result: Post = canonical(rewrite(post, visit, {MathBlock, Math, Text, Link}))
    return result


def _words_of(link: Node) -> tuple[Inline, ...]:
    assert isinstance(link, Link)
    return link.children


def _unused(taken: set[str]) -> str:
    number = 1
    while f"equation-{number}" in taken:
        number += 1
    taken.add(f"equation-{number}")
    return f"equation-{number}"


def _number(match: re.Match[str], places: dict[str, tuple[str, str]]) -> str:
    number = places[match["label"].strip()][0]
    return f"({number})" if match["command"] == "eqref" else number


def _link(match: re.Match[str], places: dict[str, tuple[str, str]]) -> Link:
    return Link((Text(_number(match, places)),), f"#{places[match['label'].strip()][1]}")


def _in_formula(node: Math | MathBlock, places: dict[str, tuple[str, str]]) -> Math | MathBlock:
    def replace(match: re.Match[str]) -> str:
        is_known = match["label"].strip() in places
        return rf"\text{{{_number(match, places)}}}" if is_known else match[0]

    tex = equation_numbers.REFERENCE.sub(replace, node.tex)
    return node if tex == node.tex else msgspec.structs.replace(node, tex=tex)


def _in_text(node: Text, places: dict[str, tuple[str, str]]) -> Node | tuple[Inline, ...]:
    parts: list[Inline] = []
    end = 0
    for match in equation_numbers.REFERENCE.finditer(node.text):
        if match["label"].strip() in places:
            parts += [Text(node.text[end : match.start()]), _link(match, places)]
            end = match.end()
    if not parts:
        return node
    return tuple(part for part in (*parts, Text(node.text[end:])) if part != Text(""))
