"""The block nodes. ``Block`` is their closed union; match on it and end in ``assert_never``."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, Union, get_args

from .inlines import INLINE, Image, Inline
from .node import Node


class Paragraph(Node, frozen=True, gc=False):
    """A paragraph of text."""

    children: tuple[Inline, ...] = ()


class Heading(Node, frozen=True, gc=False):
    """A heading within a post. The post's title is in its metadata instead."""

    children: tuple[Inline, ...] = ()
    level: int = 2
    """The level in the post, 1 to 6; the transform ``headings`` fits levels to a target."""


class Quote(Node, frozen=True, gc=False):
    """A block quotation."""

    children: tuple[Block, ...] = ()


class PullQuote(Node, frozen=True, gc=False):
    """A sentence set apart to attract attention."""

    children: tuple[Block, ...] = ()


class ListItem(Node, frozen=True, gc=False):
    """An item of a list; a part of a block."""

    children: tuple[Block, ...] = ()
    checked: bool | None = None
    """The state of a task's checkbox; None if the item is not a task."""


class List(Node, frozen=True, gc=False):
    """A list, numbered or with bullets."""

    items: tuple[ListItem, ...] = ()
    ordered: bool = False
    """Whether items are numbered."""
    start: int = 1
    """The number of the first item, if items are numbered."""
    tight: bool = True
    """Whether items follow each other without space between them."""


class DefinitionItem(Node, frozen=True, gc=False):
    """A term and its definitions; a part of a block."""

    term: tuple[Inline, ...] = ()
    definitions: tuple[tuple[Block, ...], ...] = ()
    """The definitions of the term, each a sequence of blocks."""


class DefinitionList(Node, frozen=True, gc=False):
    """A list of terms with their definitions."""

    items: tuple[DefinitionItem, ...] = ()


class CodeBlock(Node, frozen=True, gc=False):
    """Preformatted code; ``text`` has no final newline."""

    text: str
    language: str = ""
    """The name of the programming language; empty if unknown."""


class MathBlock(Node, frozen=True, gc=False):
    """A displayed formula."""

    tex: str
    """The formula in TeX, without delimiters."""


class Verse(Node, frozen=True, gc=False):
    """Poetry: line breaks (``LineBreak``) and runs of spaces are kept."""

    children: tuple[Inline, ...] = ()


class Figure(Node, frozen=True, gc=False):
    """A picture that stands alone. The alternative text is the image's, never the caption."""

    image: Image
    caption: tuple[Inline, ...] = ()
    href: str = ""
    """The address that a click opens; empty if there is none or if it is the picture's own."""
    width: int = 0
    """The width in pixels; 0 if unknown."""
    height: int = 0
    """The height in pixels; 0 if unknown."""


class Gallery(Node, frozen=True, gc=False):
    """Pictures shown side by side."""

    figures: tuple[Figure, ...] = ()
    caption: tuple[Inline, ...] = ()
    """The caption of the whole gallery."""


class Cell(Node, frozen=True, gc=False):
    """A cell of a table; a part of a block."""

    children: tuple[Inline, ...] = ()
    colspan: int = 1
    """The number of columns that the cell claims; the grid (``model/grid.py``) limits it."""
    rowspan: int = 1
    """The number of rows that the cell claims; the grid (``model/grid.py``) limits it."""


Alignment: TypeAlias = Literal["", "left", "center", "right"]


class Table(Node, frozen=True, gc=False):
    """A table. Its columns are those of its grid (``model/grid.py``)."""

    head: tuple[tuple[Cell, ...], ...] = ()
    """The rows of column heads."""
    rows: tuple[tuple[Cell, ...], ...] = ()
    """The rows of the body."""
    alignments: tuple[Alignment, ...] = ()
    """The alignment of each column of the grid (``model/grid.py``); missing ones are empty."""
    caption: tuple[Inline, ...] = ()


class ThematicBreak(Node, frozen=True, gc=False):
    """A break between sections, usually shown as a rule."""


class Callout(Node, frozen=True, gc=False):
    """A box of text set apart, such as a note or a warning."""

    children: tuple[Block, ...] = ()
    title: tuple[Inline, ...] = ()
    """The title; if it is empty, writers may name the kind instead."""
    kind: str = ""
    """The kind, such as ``note`` or ``warning``; any string is allowed."""


class Embed(Node, frozen=True, gc=False):
    """Content of another service, with the text captured when the post was written."""

    kind: str
    """The kind: ``tweet``, ``note``, ``video``, ``audio``, ``post``, ``publication``, ``gist``, ``chart`` ..."""
    href: str = ""
    """The address of the content on its service."""
    provider: str = ""
    """The name of the service as readers know it, such as ``YouTube``."""
    title: str = ""
    """The title of the content; empty if it has none."""
    text: str = ""
    """The text of the content when the post was written.
    """
    author: str = ""
    """The author of the content, as the source names them."""
    date: str = ""
    """The date as the source gives it."""
    thumbnail: str = ""
    """The address of a preview picture; empty if there is none."""


class Media(Node, frozen=True, gc=False):
    """Audio or video that belongs to the post itself."""

    kind: Literal["audio", "video"]
    src: str = ""
    """The address of the file, which may be relative to the post."""
    poster: str = ""
    """The address of a picture shown before playback; empty if there is none."""
    caption: tuple[Inline, ...] = ()
    duration: float = 0.0
    """The duration in seconds; 0 if unknown."""


class FileDownload(Node, frozen=True, gc=False):
    """A file that readers can download."""

    src: str
    """The address of the file, which may be relative to the post."""
    name: str = ""
    """The title shown for the file; empty if unknown."""
    size: str = ""
    """The size as the source gives it: ``31.6KB ∙ PDF file``."""


class Button(Node, frozen=True, gc=False):
    """A link shown as a button."""

    label: str
    """The text of the button."""
    href: str = ""
    """The address that the button opens; empty if there is none."""
    action: str = ""
    """The action, such as ``subscribe``, ``share`` or ``gift``; empty for a plain link."""


class SubscribeForm(Node, frozen=True, gc=False):
    """A form for subscribing to the publication."""

    text: str = ""
    """The sentence above the form."""
    label: str = ""
    """The text of the form's button."""


class PaywallBreak(Node, frozen=True, gc=False):
    """Marks the point from which the post is for paying readers."""


class Poll(Node, frozen=True, gc=False):
    """A poll on Substack."""

    question: str = ""
    options: tuple[str, ...] = ()
    """The answers to choose from."""
    href: str = ""
    """The address of the poll on the network; empty if unknown."""


class Recipe(Node, frozen=True, gc=False):
    """A recipe on Substack."""

    title: str = ""
    ingredients: tuple[str, ...] = ()
    """The ingredients, each with its quantity."""
    steps: tuple[str, ...] = ()
    """The steps of preparation, in order."""
    href: str = ""
    """The address of the recipe on the network; empty if unknown."""


class Conditional(Node, frozen=True, gc=False):
    """Content that is shown to some audiences only (Substack's dynamic content)."""

    children: tuple[Block, ...] = ()
    audiences: tuple[str, ...] = ()
    """The audiences that see the content, as the source names them; empty if it names none."""


class Group(Node, frozen=True, gc=False):
    """A division whose classes or attributes carry meaning."""

    children: tuple[Block, ...] = ()


class RawBlock(Node, frozen=True, gc=False):
    """Markup of one format, written only where the format matches."""

    format: str
    """The name of the format, such as ``html``."""
    text: str
    """The markup, unescaped."""


class Extension(Node, frozen=True, gc=False):
    """A plug-in's node. Writers that do not know ``name`` write the fallback and report it."""

    name: str
    """The name of the node's type, by which plug-ins recognize it."""
    data: dict[str, Any] = {}
    """The plug-in's own data, as JSON values."""
    fallback: tuple[Block, ...] = ()
    """Blocks that writers without the plug-in write instead."""

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

LINKING: frozenset[type[Node]] = frozenset(
    kind for kind in (*BLOCK, *INLINE) if "href" in kind.__struct_fields__
)
"""The kinds of nodes that lead to an address."""
