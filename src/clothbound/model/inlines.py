"""The inline nodes. ``Inline`` is their closed union; match on it and end in ``assert_never``."""

from __future__ import annotations

from typing import TypeAlias, TypeGuard, Union, get_args

from .node import Node


class Text(Node, frozen=True, gc=False):
    """Characters, including spaces. A line ending of the source is a space."""

    text: str


class Emphasis(Node, frozen=True, gc=False):
    """Emphasized text, usually in italics."""

    children: tuple[Inline, ...] = ()


class Strong(Node, frozen=True, gc=False):
    """Strongly emphasized text, usually in bold."""

    children: tuple[Inline, ...] = ()


class Strikethrough(Node, frozen=True, gc=False):
    """Text that is struck through."""

    children: tuple[Inline, ...] = ()


class Underline(Node, frozen=True, gc=False):
    """Underlined text."""

    children: tuple[Inline, ...] = ()


class Superscript(Node, frozen=True, gc=False):
    """Raised text."""

    children: tuple[Inline, ...] = ()


class Subscript(Node, frozen=True, gc=False):
    """Lowered text."""

    children: tuple[Inline, ...] = ()


class Highlight(Node, frozen=True, gc=False):
    """Text marked as relevant, as with a highlighter."""

    children: tuple[Inline, ...] = ()


class Code(Node, frozen=True, gc=False):
    """A piece of computer code."""

    text: str


class Math(Node, frozen=True, gc=False):
    """A formula within text."""

    tex: str
    """The formula in TeX, without delimiters."""


class LineBreak(Node, frozen=True, gc=False):
    """A hard line break."""


class Link(Node, frozen=True, gc=False):
    """A link."""

    children: tuple[Inline, ...] = ()
    href: str = ""
    """The address; may be relative to the post."""
    title: str = ""
    """Advisory text that screens show as a tooltip; empty if there is none."""


class Image(Node, frozen=True, gc=False):
    """A picture within text. ``src`` is the address in the post; ``media.resources`` reads its bytes."""

    src: str
    """The address in the post; may be relative. ``media.resources`` reads the bytes."""
    alt: str = ""
    """The alternative text; empty if there is none."""
    title: str = ""
    """Advisory text that screens show as a tooltip; empty if there is none."""


class Mention(Node, frozen=True, gc=False):
    """A named person, publication or cashtag. Its children are the name."""

    children: tuple[Inline, ...] = ()
    href: str = ""
    """The address of the person or publication; empty if unknown."""


class NoteRef(Node, frozen=True, gc=False):
    """A footnote mark. ``target`` is a ``Footnote.id``; one note may be cited twice."""

    target: str
    """The ``id`` of the ``Footnote``."""


class Span(Node, frozen=True, gc=False):
    """Text with classes, attributes (``lang``, ``dir``) or an id."""

    children: tuple[Inline, ...] = ()


class RawInline(Node, frozen=True, gc=False):
    """Markup of one format, written only where the format matches."""

    format: str
    """The name of the format, such as ``html``."""
    text: str
    """The markup, unescaped."""


Inline: TypeAlias = Union[
    Text,
    Emphasis,
    Strong,
    Link,
    Code,
    LineBreak,
    NoteRef,
    Image,
    Span,
    Strikethrough,
    Superscript,
    Subscript,
    Underline,
    Highlight,
    Math,
    Mention,
    RawInline,
]

INLINE: frozenset[type[Node]] = frozenset(get_args(Inline))
"""The classes of the union, for tests of a node's kind."""
INLINE_CONTAINERS = frozenset(kind for kind in INLINE if "children" in kind.__struct_fields__)
"""The inlines that contain inlines."""


def is_inline(node: object) -> TypeGuard[Inline]:
    """Whether ``node`` stands in a line of text, as opposed to a block or a part of one."""
    return type(node) in INLINE
