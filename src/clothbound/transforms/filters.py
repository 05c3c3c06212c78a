"""Applies the filters of a conversion to a post, and reports what they took out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ..console_text import format_count
from ..context import Context
from ..errors import FilterError
from ..filters import NamedFunction, Visitor
from ..model.blocks import BLOCK, Block, Cell, Figure, Gallery
from ..model.bounds import within_bounds
from ..model.census import tally
from ..model.check import canonical, fitted, max_depth
from ..model.inlines import INLINE, Image
from ..model.node import Node
from ..model.notes import settle_notes
from ..model.plain_text import plain_text
from ..model.post import Footnote, Metadata, Post
from ..model.walk import CHILD_FIELDS, walk

_CONTENT = frozenset({"children", "items", "figures"})
"""The fields without which a node shows nothing."""
_CHANGEABLE = frozenset(
    "title subtitle authors language tags description cover published updated extra".split()
)
"""Fields of metadata that a filter may change. By the others a post is found, named, and kept private."""


def apply_filters(post: Post, context: Context) -> Post:
    """Returns ``post`` as the filters of ``context`` make it, in their order.

    A note is removed with its last mark, and an element with the last of its content. The result is canonical and
    within the limits. Raises FilterError where a filter raises an error or returns what cannot stand in its place.
    """
    filters = context.checked_filters
    assert filters is not None
    changed = post
    for visitor in filters.visitors:
        if visitor.kinds is None:
            changed = _change_post(visitor, changed, context)
        else:
            changed = _change_nodes(visitor, changed, context)
    if changed is post:
        return post
    most = context.run.limits.depth
    if max_depth(changed) > most:
        last = filters.visitors[-1].function
        raise last.failed(f"nested {_named(post)} deeper than {most} levels")
    settled, gone = settle_notes(post, changed)
    for note in gone:
        context.report_filtered(settled, note, plain_text(note), "note left out with its last mark")
    bounded = within_bounds(canonical(settled), context.run.limits)
    context.account_filters(post, bounded)
    return bounded


def _change_post(visitor: Visitor, post: Post, context: Context) -> Post:
    function = visitor.function
    result: object = _call(function, post, _named(post))
    if result is post:
        return post
    if not isinstance(result, Post):
        hint = "return the post, or another made with clothbound.model.replace(post, body=...)"
        if result is None:
            hint += "; posts.filter(...) leaves posts out"
        raise function.failed(f"returned {_shown(result)} for {_named(post)}, not a Post", hint)
    result = _checked_post(function, post, result)
    before, after = _words_of_post(post), _words_of_post(result)
    lost, less = _lost_words(before, after), _less(post, result)
    if lost or less:
        message = f"the post changed by the filter {function.name!r}{less}"
        context.report_filtered(post, (), lost, message)
    return result


def _checked_post(function: NamedFunction, before: Post, after: Post) -> Post:
    """Returns ``after`` with tuples for lists. Raises FilterError for what is not a post's."""
    for name in Metadata.__struct_fields__:
        fixed = name not in _CHANGEABLE
        if fixed and getattr(after.metadata, name) != getattr(before.metadata, name):
            raise function.failed(
                f"changed metadata.{name} of {_named(before)}, by which the post is found or kept private",
                f"it may change {', '.join(sorted(_CHANGEABLE))}",
            )
    changed: dict[str, Any] = {}
    wanted = {"metadata": Metadata, "body": tuple[Block, ...], "footnotes": tuple[Footnote, ...]}
    for name, kind in wanted.items():
        value = getattr(after, name)
        if value is not getattr(before, name):
            what = f"returned a post for {_named(before)} with"
            changed[name] = _checked(function, value, kind, f"{what} {name} that cannot be")
    checked: Post = msgspec.structs.replace(after, **changed)
    return checked


def _words_of_post(post: Post) -> str:
    return "\n".join((post.metadata.title, post.metadata.subtitle, plain_text(post)))


def _change_nodes(visitor: Visitor, post: Post, context: Context) -> Post:
    assert visitor.kinds is not None
    pass_over = _Pass(visitor.function, visitor.kinds, post, context)
    body = pass_over.nodes(post.body)
    notes = []
    for note in post.footnotes:
        content = pass_over.nodes(note.children)
        if content is not note.children:
            note = msgspec.structs.replace(note, children=content)  # noqa: PLW2901
        notes.append(note)
    if body is post.body and all(n is o for n, o in zip(notes, post.footnotes, strict=True)):
        return post
    return msgspec.structs.replace(post, body=body, footnotes=tuple(notes))


class _Pass:
    """One filter on its way through one post."""

    def __init__(
        self,
        function: NamedFunction,
        kinds: frozenset[type[Node]],
        post: Post,
        context: Context,
    ) -> None:
        self._function = function
        self._kinds = kinds
        self._post = post
        self._context = context
        self._line = 0
        """The line of the node that is visited, or of the last one before it that has one."""

    def nodes(self, nodes: tuple[Any, ...]) -> tuple[Any, ...]:
        """Returns what stands in the place of ``nodes``, which may be rows of nodes; themselves if unchanged."""
        result: list[Any] = []
        is_changed = False
        for item in nodes:
            if type(item) is tuple:
                row = self.nodes(item)
                new: tuple[Any, ...] = (row,) if row or not item else ()
                is_changed = is_changed or row is not item
            else:
                new = self._node(item)
                is_changed = is_changed or not (len(new) == 1 and new[0] is item)
            result.extend(new)
        return tuple(result) if is_changed else nodes

    def _node(self, node: Node) -> tuple[Node, ...]:
        self._line = node.line or self._line
        line = self._line
        inner = self._with_children(node) if CHILD_FIELDS[type(node)] else node
        if inner is None:
            return ()
        return self._ask(inner, line) if type(node) in self._kinds else (inner,)

    def _with_children(self, node: Node) -> Node | None:
        """Returns ``node`` with its children filtered; None if nothing that it shows is left."""
        changed: dict[str, Any] = {}
        is_emptied = False
        for name in CHILD_FIELDS[type(node)]:
            old = getattr(node, name)
            new: Any
            if not isinstance(old, tuple):
                new = self._only(node, name, old)
                if new is None:
                    self._report(node, (), "with its picture")
                    return None
            else:
                new = self.nodes(old)
                is_emptied = is_emptied or (bool(old) and not new and name in _CONTENT)
            if new is not old:
                changed[name] = new
        if not changed:
            return node
        result: Node = msgspec.structs.replace(node, **changed)
        if isinstance(result, Gallery) and not all(type(f) is Figure for f in result.figures):
            raise self._failed("put something else than figures into a Gallery")
        # A cell holds its place in the table even if it is empty.
        return None if is_emptied and type(node) is not Cell and _shows_nothing(result) else result

    def _only(self, node: Node, name: str, child: Node) -> Node | None:
        """Returns what stands in a field that holds one node; None if it was taken out."""
        new = self._node(child)
        if not new:
            return None
        if len(new) > 1 or type(new[0]) is not type(child):
            place = f"{type(node).__name__}.{name}"
            raise self._failed(
                f"returned {_shown(new)} for {place}, which holds one {type(child).__name__}",
                f"visit the {type(node).__name__}",
            )
        return new[0]

    def _ask(self, node: Node, line: int) -> tuple[Node, ...]:
        """Returns what the filter puts in the place of ``node``."""
        result = _call(self._function, node, self._place(node))
        if result is node:
            return (node,)
        if isinstance(result, Node):
            given: tuple[Any, ...] = (result,)
        elif result is None:
            given = ()
        elif isinstance(result, Iterable) and not isinstance(result, (str, bytes, Mapping)):
            given = tuple(result)
        else:
            raise self._failed(
                f"returned {_shown(result)} for {self._place(node)}",
                "return the node, another, a tuple of nodes, or None to take it out",
            )
        new = tuple(one if one is node else self._fit(one, node) for one in given)
        self._line = line
        self._report(node, new, f"by the filter {self._function.name!r}")
        return new

    def _fit(self, given: Any, node: Node) -> Node:
        """Returns a node that may stand in the place of ``node``. Raises FilterError for another."""
        allowed = next((kinds for kinds in (INLINE, BLOCK) if type(node) in kinds), {type(node)})
        what = f"returned {_shown(given)} for {self._place(node)}"
        if type(given) not in allowed:
            if allowed is BLOCK:
                needs, hint = "a block", "put text into a Paragraph: Paragraph((Text(...),))"
            elif allowed is INLINE:
                needs, hint = "an inline", "a block can only stand in the place of a block"
            else:
                needs, hint = f"a {type(node).__name__}", "visit the node around it"
            raise self._failed(f"{what}, where {needs} must stand", hint)
        checked: Node = _checked(self._function, given, type(given), f"{what} that cannot be")
        return checked

    def _report(self, before: Node, after: tuple[Node, ...], why: str) -> None:
        name = type(before).__name__
        lost = _lost_words(plain_text(before), plain_text(after))
        less = _less((before,), after) if after else ""
        if not after or lost or less:
            message = f"{name} changed {why}{less}" if after else f"{name} taken out {why}"
            self._context.report_filtered(self._post, (before,), lost, message, self._line)

    def _place(self, node: Node) -> str:
        where = self._post.metadata.source or self._post.metadata.title or "the post"
        line = node.line or self._line
        return f"{_with_article(type(node).__name__)} in {where}" + (f":{line}" if line else "")

    def _failed(self, message: str, hint: str = "") -> FilterError:
        if " in " not in message:
            message += f", in {_named(self._post)}"
        return self._function.failed(message, hint)


def _call(function: NamedFunction, argument: object, place: str) -> Any:
    try:
        result = function.call(argument)
        # The body of a generator runs when it is asked for nodes.
        is_lazy = hasattr(result, "__next__")
        return tuple(result) if is_lazy else result
    except Exception as error:
        raise function.raised(error, place) from error


def _checked(function: NamedFunction, value: Any, kind: Any, message: str) -> Any:
    """Returns ``value`` with tuples for lists. Raises FilterError for fields of other types."""
    try:
        return fitted(value, kind)
    except (ValueError, RecursionError) as error:
        raise function.failed(
            f"{message}: {error}", "children are a tuple of nodes: (Text('words'),)"
        ) from error


def _lost_words(before: str, after: str) -> str:
    """Returns the words of ``before`` that ``after`` lacks, in order; ``before`` itself if it lacks them all."""
    if not after.strip():
        return before
    left = Counter(after.split())
    lost = []
    for word in before.split():
        if left[word]:
            left[word] -= 1
        else:
            lost.append(word)
    return " ".join(lost)


def _less(before: Post | Iterable[Node], after: Post | Iterable[Node]) -> str:
    """Returns ``, 1 link less``; empty if ``after`` has as many links, pictures and notes."""
    old, new = tally(before), tally(after)
    gone = [
        format_count(getattr(old, name) - getattr(new, name), name.removesuffix("s"))
        for name in ("links", "pictures", "notes")
        if getattr(old, name) > getattr(new, name)
    ]
    return f", {', '.join(gone)} less" if gone else ""


def _shows_nothing(node: Node) -> bool:
    return not plain_text(node) and not any(isinstance(one, Image) for one in walk(node))


def _named(post: Post) -> str:
    return post.metadata.source or repr(post.metadata.title or "a post")


def _shown(value: object) -> str:
    """Returns what messages call a value that a filter returned."""
    if isinstance(value, tuple):
        return f"{len(value)} nodes" if len(value) != 1 else _shown(value[0])
    if value is None or isinstance(value, (str, bytes, int, float)):
        return f"{value!r:.60}"
    return _with_article(type(value).__name__)


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
