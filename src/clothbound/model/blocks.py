"""The block nodes. ``Block`` is their closed union; match on it and end in ``assert_never``."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, Union, get_args

from .inlines import Image, Inline
from .node import Node


class Paragraph(Node, frozen=True, gc=False):
    children: tuple[Inline, ...] = ()


class Heading(Node, frozen=True, gc=False):
    children: tuple[Inline, ...] = ()
    level: int = 2
    """The level in the post, 1 to 6. The headings transform fits levels to a target."""


class Quote(Node, frozen=True, gc=False):
    children: tuple[Block, ...] = ()


class PullQuote(Node, frozen=True, gc=False):
    children: tuple[Block, ...] = ()


class ListItem(Node, frozen=True, gc=False):
    children: tuple[Block, ...] = ()
    checked: bool | None = None
    """The state of a task; None if the item is not a task."""


class List(Node, frozen=True, gc=False):
    items: tuple[ListItem, ...] = ()
    ordered: bool = False
    start: int = 1
    tight: bool = True
    """Whether items have no space between them."""


class DefinitionItem(Node, frozen=True, gc=False):
    term: tuple[Inline, ...] = ()
    definitions: tuple[tuple[Block, ...], ...] = ()


class DefinitionList(Node, frozen=True, gc=False):
    items: tuple[DefinitionItem, ...] = ()


class CodeBlock(Node, frozen=True, gc=False):
    """Preformatted code; ``text`` has no final newline."""

    text: str
    language: str = ""


class MathBlock(Node, frozen=True, gc=False):
    """Display mathematics in TeX."""

    tex: str


class Verse(Node, frozen=True, gc=False):
    """Poetry: line breaks (``LineBreak``) and runs of spaces are kept."""

    children: tuple[Inline, ...] = ()


class Figure(Node, frozen=True, gc=False):
    """A picture that stands alone. The alternative text is the image's, never the caption."""

    image: Image
    caption: tuple[Inline, ...] = ()
    href: str = ""
    """The address that a click opens; empty if there is none or if it is the picture."""
    width: int = 0
    """The width in pixels; 0 if unknown."""
    height: int = 0


class Gallery(Node, frozen=True, gc=False):
    figures: tuple[Figure, ...] = ()
    caption: tuple[Inline, ...] = ()


class Cell(Node, frozen=True, gc=False):
    children: tuple[Inline, ...] = ()
    colspan: int = 1
    rowspan: int = 1


Alignment: TypeAlias = Literal["", "left", "center", "right"]


class Table(Node, frozen=True, gc=False):
    head: tuple[tuple[Cell, ...], ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    alignments: tuple[Alignment, ...] = ()
    """The alignment of each column of the grid (``model/grid.py``); missing ones are empty."""
    caption: tuple[Inline, ...] = ()


class ThematicBreak(Node, frozen=True, gc=False):
    """A rule between sections."""


class Callout(Node, frozen=True, gc=False):
    children: tuple[Block, ...] = ()
    title: tuple[Inline, ...] = ()
    kind: str = ""
    """The kind, such as ``note`` or ``warning``; any string is allowed."""


class Embed(Node, frozen=True, gc=False):
    """Content of another service, with the text captured when the post was written."""

    kind: str
    """The kind: ``tweet``, ``note``, ``video``, ``audio``, ``post``, ``publication``, ``gist``, ``chart`` ..."""
    href: str = ""
    provider: str = ""
    """The name of the service as readers know it, such as ``YouTube``."""
    title: str = ""
    text: str = ""
    author: str = ""
    date: str = ""
    """The date as the source gives it."""
    thumbnail: str = ""


class Media(Node, frozen=True, gc=False):
    """Native audio or video."""

    kind: Literal["audio", "video"]
    src: str = ""
    poster: str = ""
    caption: tuple[Inline, ...] = ()
    duration: float = 0.0
    """The duration in seconds; 0 if unknown."""


class FileDownload(Node, frozen=True, gc=False):
    src: str
    name: str = ""
    size: str = ""
    """The size as the source gives it: ``31.6KB ∙ PDF file``."""


class Button(Node, frozen=True, gc=False):
    label: str
    href: str = ""
    action: str = ""
    """The action, such as ``subscribe``, ``share`` or ``gift``; empty for a plain link."""


class SubscribeForm(Node, frozen=True, gc=False):
    text: str = ""
    """The sentence above the form."""
    label: str = ""


class PaywallBreak(Node, frozen=True, gc=False):
    """Marks the point from which the post is for paying readers."""


class Poll(Node, frozen=True, gc=False):
    question: str = ""
    options: tuple[str, ...] = ()
    href: str = ""


class Recipe(Node, frozen=True, gc=False):
    title: str = ""
    ingredients: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    href: str = ""


class Conditional(Node, frozen=True, gc=False):
    """Content that is shown to some audiences only (Substack's dynamic content)."""

    children: tuple[Block, ...] = ()
    audiences: tuple[str, ...] = ()


class Group(Node, frozen=True, gc=False):
    """A division whose classes or attributes carry meaning."""

    children: tuple[Block, ...] = ()


class RawBlock(Node, frozen=True, gc=False):
    """Markup of one format, written only where the format matches."""

    format: str
    text: str


class Extension(Node, frozen=True, gc=False):
    """A plug-in's node. Writers that do not know ``name`` write the fallback and report it."""

    name: str
    data: dict[str, Any] = {}
    fallback: tuple[Block, ...] = ()

    def __hash__(self) -> int:
        return hash((self.name, self.fallback))


Block: TypeAlias = Union[
    Paragraph,
    Heading,
    List,
    Quote,
    Figure,
    ThematicBreak,
    CodeBlock,
    Embed,
    PullQuote,
    Table,
    MathBlock,
    Verse,
    Group,
    Gallery,
    DefinitionList,
    Callout,
    Media,
    FileDownload,
    Button,
    SubscribeForm,
    PaywallBreak,
    Poll,
    Recipe,
    Conditional,
    RawBlock,
    Extension,
]

BLOCK: frozenset[type[Node]] = frozenset(get_args(Block))
"""The classes of the union. Items and cells are parts of blocks, and neither inlines nor blocks."""
