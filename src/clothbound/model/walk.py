"""Traverses a tree: ``walk``, ``rewrite``; changes one node: ``replace``.

Both use one table of the fields that hold the children of each type. A new block needs an entry
there, a new inline none; ``tests/test_walk.py`` fails if one is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any, TypeAlias, TypeVar, overload

import msgspec

from . import blocks as b
from . import inlines as i
from .node import Node
from .post import Footnote, Post

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)
Root = TypeVar("Root", bound=Post | Footnote | Node)
A = TypeVar("A", bound=Node)
B = TypeVar("B", bound=Node)
C = TypeVar("C", bound=Node)
D = TypeVar("D", bound=Node)

Tree: TypeAlias = Post | Footnote | Node | Iterable[Node]
"""All that has nodes: a post, a note, a node, or several nodes."""
Visited: TypeAlias = Node | Iterable[Node] | None
"""The nodes that take the place of one: itself, another, several, or none."""
Visit: TypeAlias = Callable[[A], Visited]

# The fields that hold child nodes, by type. A field holds one node, a tuple of nodes, or tuples of
# tuples of nodes (table rows, definitions).
CHILD_FIELDS: dict[type[Node], tuple[str, ...]] = {
    **{kind: ("children",) if kind in i.INLINE_CONTAINERS else () for kind in i.INLINE},
    b.Paragraph: ("children",),
    b.Heading: ("children",),
    b.Quote: ("children",),
    b.PullQuote: ("children",),
    b.List: ("items",),
    b.ListItem: ("children",),
    b.DefinitionList: ("items",),
    b.DefinitionItem: ("term", "definitions"),
    b.CodeBlock: (),
    b.MathBlock: (),
    b.Verse: ("children",),
    b.Figure: ("image", "caption"),
    b.Gallery: ("figures", "caption"),
    b.Table: ("caption", "head", "rows"),
    b.Cell: ("children",),
    b.ThematicBreak: (),
    b.Callout: ("title", "children"),
    b.Embed: (),
    b.Media: ("caption",),
    b.FileDownload: (),
    b.Button: (),
    b.SubscribeForm: (),
    b.PaywallBreak: (),
    b.Poll: (),
    b.Recipe: (),
    b.Conditional: ("children",),
    b.Group: ("children",),
    b.RawBlock: (),
    b.Extension: ("fallback",),
}


_INLINE = frozenset({Node, *i.INLINE})
_Table: TypeAlias = dict[type[Node], tuple[str, ...]]
_BLOCK_FIELDS: _Table = {**CHILD_FIELDS, b.Paragraph: (), b.Heading: ()}
"""The same without the inlines of paragraphs and headings, which hold no blocks and are most of a text."""


def children(node: Node) -> Iterator[Node]:
    """Yields the children of a node in reading order."""
    for name in CHILD_FIELDS[type(node)]:
        yield from _flatten(getattr(node, name))


def _flatten(value: Any) -> Iterable[Node]:
    if type(value) is not tuple:
        return (value,)
    return chain.from_iterable(value) if value and type(value[0]) is tuple else value


def replace(struct: S, **changes: Any) -> S:
    """Returns a copy of a node, of a post or of its metadata in which these fields have other values.

    Raises TypeError for a field that it does not have.
    """
    return msgspec.structs.replace(struct, **changes)


@overload
def walk(root: Tree) -> Iterator[Node]: ...
@overload
def walk(root: Tree, kind: type[A], /) -> Iterator[A]: ...
@overload
def walk(root: Tree, kind: type[A], other: type[B], /) -> Iterator[A | B]: ...
@overload
def walk(root: Tree, kind: type[A], other: type[B], third: type[C], /) -> Iterator[A | B | C]: ...
@overload
def walk(
    root: Tree, kind: type[A], other: type[B], third: type[C], fourth: type[D], /
) -> Iterator[A | B | C | D]: ...
@overload
def walk(root: Tree, *kinds: type[Node]) -> Iterator[Node]: ...
def walk(root: Tree, *kinds: type[Node]) -> Iterator[Node]:
    """Yields every node below ``root``, and ``root`` if it is a node, parents before children.

    With ``kinds`` only nodes of these types are yielded: ``walk(post, Image, Link)``. A post's notes follow its
    body.
    """
    if kinds:
        table = CHILD_FIELDS if _INLINE.intersection(kinds) else _BLOCK_FIELDS
        return (node for node in _walk(root, table) if isinstance(node, kinds))
    return _walk(root, CHILD_FIELDS)


def _walk(root: Tree, table: _Table) -> Iterator[Node]:
    if isinstance(root, Post):
        stack: list[Node] = [n for note in root.footnotes[::-1] for n in note.children[::-1]]
        stack.extend(root.body[::-1])
    elif isinstance(root, Footnote):
        stack = [*reversed(root.children)]
    elif isinstance(root, Node):
        stack = [root]
    else:
        stack = [*root][::-1]
    while stack:
        node = stack.pop()
        yield node
        fields = table[type(node)]
        if len(fields) == 1:
            value = getattr(node, fields[0])
            if value:
                stack.extend(([*_flatten(value)] if type(value[0]) is tuple else value)[::-1])
        elif fields:
            stack.extend([*children(node)][::-1])


def walk_lines(root: Post) -> Iterator[tuple[Node, int]]:
    """Yields every node with its line, or with that of the last node before it that has one."""
    line = 0
    for node in walk(root):
        line = node.line or line
        yield node, line


def lines_of_addresses(post: Post) -> dict[str, int]:
    """Returns the line on which each address of ``post`` is first linked or shown."""
    lines: dict[str, int] = {}
    for node, line in walk_lines(post):
        for address in addresses_of(node):
            lines.setdefault(address.strip(), line)
    return lines


def addresses_of(node: Node | Footnote) -> Iterator[str]:
    """Yields the address that a node links to, and that of the picture or file that it shows."""
    for address in (getattr(node, "href", ""), getattr(node, "src", "")):
        if address:
            yield address


@overload
def rewrite(root: Root, visit: Visit[Node], kinds: None = None) -> Root: ...
@overload
def rewrite(root: Root, visit: Visit[A], kinds: AbstractSet[type[A]]) -> Root: ...
@overload
def rewrite(root: tuple[T, ...], visit: Visit[Node], kinds: None = None) -> tuple[T, ...]: ...
@overload
def rewrite(root: tuple[T, ...], visit: Visit[A], kinds: AbstractSet[type[A]]) -> tuple[T, ...]: ...
def rewrite(root: Any, visit: Visit[Any], kinds: AbstractSet[type[Node]] | None = None) -> Any:
    """Returns ``root`` (a post, a note, a node or a tuple of nodes) with ``visit`` applied bottom-up.

    ``visit`` returns the node itself, another, several, or None to drop it. With ``kinds`` it sees
    only nodes of these types, which is faster. Untouched subtrees are shared: a rewrite that
    changes nothing returns ``root`` itself. Texts are not merged again; call ``canonical`` for that. Where there
    is room for one node of one type (``Figure.image``, or ``root`` if it is a node), ``visit`` must return such
    a node; TypeError is raised for anything else.
    """
    table = CHILD_FIELDS if kinds is None or _INLINE.intersection(kinds) else _BLOCK_FIELDS
    if isinstance(root, Post):
        return with_blocks(root, lambda blocks: _rewrite_tuple(blocks, visit, kinds, table))
    if isinstance(root, Footnote):
        return with_children(root, _rewrite_tuple(root.children, visit, kinds, table))
    if isinstance(root, tuple):
        return _rewrite_tuple(root, visit, kinds, table)
    return _rewrite_one(root, visit, kinds, table, type(root).__name__)


def _rewrite_one(
    node: Node, visit: Visit[Any], kinds: AbstractSet[type[Node]] | None, table: _Table, place: str
) -> Node:
    below = _rewrite_children(node, visit, kinds, table)
    new = visit(below) if kinds is None or type(node) in kinds else below
    if not isinstance(new, type(node)):
        raise TypeError(f"{place} holds one {type(node).__name__}")
    return new


def with_children(note: Footnote, content: tuple[b.Block, ...]) -> Footnote:
    """Replaces the blocks of ``note``, keeping its id and origin."""
    return note if content is note.children else msgspec.structs.replace(note, children=content)


def with_blocks(post: Post, change: Callable[[tuple[b.Block, ...]], tuple[b.Block, ...]]) -> Post:
    """Applies ``change`` to the body of ``post`` and to the blocks of each note."""
    body = change(post.body)
    notes = tuple(with_children(note, change(note.children)) for note in post.footnotes)
    if body is post.body and all(n is o for n, o in zip(notes, post.footnotes, strict=True)):
        return post
    return msgspec.structs.replace(post, body=body, footnotes=notes)


def _rewrite_children(
    node: Node, visit: Visit[Any], kinds: AbstractSet[type[Node]] | None, table: _Table
) -> Node:
    changed: dict[str, Any] = {}
    for name in table[type(node)]:
        old = getattr(node, name)
        new: Any
        if isinstance(old, tuple):
            new = _rewrite_tuple(old, visit, kinds, table)
        else:
            new = _rewrite_one(old, visit, kinds, table, f"{type(node).__name__}.{name}")
        if new is not old:
            changed[name] = new
    return msgspec.structs.replace(node, **changed) if changed else node


def _rewrite_tuple(
    nodes: tuple[Any, ...], visit: Visit[Any], kinds: AbstractSet[type[Node]] | None, table: _Table
) -> tuple[Any, ...]:
    result: list[Any] | None = None
    for position, node in enumerate(nodes):
        kind = type(node)
        new: Any
        if kind is tuple:
            # A row of a table remains one item.
            row = _rewrite_tuple(node, visit, kinds, table)
            new = node if row is node else [row]
        else:
            new = _rewrite_children(node, visit, kinds, table) if table[kind] else node
            if kinds is None or kind in kinds:
                new = visit(new)
        if new is node:
            if result is not None:
                result.append(node)
            continue
        if result is None:
            result = list(nodes[:position])
        if isinstance(new, Node):
            result.append(new)
        elif new is not None:
            result.extend(new)
    return nodes if result is None else tuple(result)
