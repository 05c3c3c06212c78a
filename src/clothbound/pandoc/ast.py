"""pandoc's document tree, as pandoc's JSON has it.

Source: the Haskell package pandoc-types 1.23 (``Text.Pandoc.Definition``). Each constructor is a
struct with pandoc's name; ``t`` is its tag and ``c`` its content, so msgspec reads and writes the
JSON as it is. Constructors of older versions are among them: ``Null`` (before 1.23), and tables of
five fields (before 1.21), for which the content of ``Table`` is decoded separately.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, Union

import msgspec

VERSION = (1, 23, 1)
"""The version of pandoc-types in which documents are written; pandoc 3.0 and later read it."""
OLDEST = (1, 17)
"""The oldest version that is read, that of pandoc 1.18 (2016); before it, JSON had another form."""
TABLES_SINCE = (1, 21)
"""The first version whose tables have heads, bodies and feet."""

Attr: TypeAlias = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]
"""An id, classes, and other attributes; all may be empty."""
NO_ATTR: Attr = ("", (), ())


class Name(msgspec.Struct, frozen=True, gc=False):
    """A constructor without content, of a type that is not a block or an inline: ``AlignLeft``."""

    t: str


class _Element(msgspec.Struct, frozen=True, tag_field="t", tag=True, gc=False):
    """The base of all constructors."""


# --- inlines --------------------------------------------------------------------------------------


class Str(_Element, frozen=True, gc=False):
    c: str


class Emph(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class Underline(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class Strong(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class Strikeout(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class Superscript(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class Subscript(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class SmallCaps(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class Quoted(_Element, frozen=True, gc=False):
    """Text in quotation marks, which are not part of the text."""

    c: tuple[Name, tuple[Inline, ...]]


class Citation(msgspec.Struct, frozen=True, gc=False):
    """A reference to a bibliography; only its key is read, since ``Cite`` has the words too."""

    citationId: str  # noqa: N815 - pandoc's name


class Cite(_Element, frozen=True, gc=False):
    c: tuple[tuple[Citation, ...], tuple[Inline, ...]]


class Code(_Element, frozen=True, gc=False):
    c: tuple[Attr, str]


class Space(_Element, frozen=True, gc=False):
    pass


class SoftBreak(_Element, frozen=True, gc=False):
    pass


class LineBreak(_Element, frozen=True, gc=False):
    pass


class Math(_Element, frozen=True, gc=False):
    c: tuple[Name, str]


class RawInline(_Element, frozen=True, gc=False):
    c: tuple[str, str]


class Link(_Element, frozen=True, gc=False):
    """A link; its target is an address and a title."""

    c: tuple[Attr, tuple[Inline, ...], tuple[str, str]]


class Image(_Element, frozen=True, gc=False):
    """A picture; its inlines are the alternative text."""

    c: tuple[Attr, tuple[Inline, ...], tuple[str, str]]


class Note(_Element, frozen=True, gc=False):
    """A note, which stands where its mark is."""

    c: tuple[Block, ...]


class Span(_Element, frozen=True, gc=False):
    c: tuple[Attr, tuple[Inline, ...]]


Inline: TypeAlias = Union[
    Str,
    Emph,
    Underline,
    Strong,
    Strikeout,
    Superscript,
    Subscript,
    SmallCaps,
    Quoted,
    Cite,
    Code,
    Space,
    SoftBreak,
    LineBreak,
    Math,
    RawInline,
    Link,
    Image,
    Note,
    Span,
]


# --- blocks ---------------------------------------------------------------------------------------


class Plain(_Element, frozen=True, gc=False):
    """Text that is not a paragraph, such as the content of a tight item or of a cell."""

    c: tuple[Inline, ...]


class Para(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class LineBlock(_Element, frozen=True, gc=False):
    """Lines of verse; spaces at their beginnings are no-break spaces."""

    c: tuple[tuple[Inline, ...], ...]


class CodeBlock(_Element, frozen=True, gc=False):
    c: tuple[Attr, str]


class RawBlock(_Element, frozen=True, gc=False):
    c: tuple[str, str]


class BlockQuote(_Element, frozen=True, gc=False):
    c: tuple[Block, ...]


class OrderedList(_Element, frozen=True, gc=False):
    """A numbered list: its start, the style of its numbers and their delimiter; and its items."""

    c: tuple[tuple[int, Name, Name], tuple[tuple[Block, ...], ...]]


class BulletList(_Element, frozen=True, gc=False):
    c: tuple[tuple[Block, ...], ...]


class DefinitionList(_Element, frozen=True, gc=False):
    c: tuple[tuple[tuple[Inline, ...], tuple[tuple[Block, ...], ...]], ...]


class Header(_Element, frozen=True, gc=False):
    c: tuple[int, Attr, tuple[Inline, ...]]


class HorizontalRule(_Element, frozen=True, gc=False):
    pass


class Table(_Element, frozen=True, gc=False):
    """A table; its content is a ``TableContent``, or an ``OldTable`` in older versions."""

    c: msgspec.Raw


class Figure(_Element, frozen=True, gc=False):
    c: tuple[Attr, Caption, tuple[Block, ...]]


class Div(_Element, frozen=True, gc=False):
    c: tuple[Attr, tuple[Block, ...]]


class Null(_Element, frozen=True, gc=False):
    """Nothing."""


Block: TypeAlias = Union[
    Plain,
    Para,
    LineBlock,
    CodeBlock,
    RawBlock,
    BlockQuote,
    OrderedList,
    BulletList,
    DefinitionList,
    Header,
    HorizontalRule,
    Table,
    Figure,
    Div,
    Null,
]

Caption: TypeAlias = tuple[tuple[Inline, ...] | None, tuple[Block, ...]]
"""A short form for lists, which may be missing, and the caption."""


# --- tables ---------------------------------------------------------------------------------------


class ColWidth(_Element, frozen=True, gc=False):
    """The width of a column as a part of the page's."""

    c: float


class ColWidthDefault(_Element, frozen=True, gc=False):
    pass


ColSpec: TypeAlias = tuple[Name, ColWidth | ColWidthDefault]
Cell: TypeAlias = tuple[Attr, Name, int, int, tuple[Block, ...]]
"""Attributes, alignment, the numbers of rows and of columns, and the content."""
Row: TypeAlias = tuple[Attr, tuple[Cell, ...]]
TableHead: TypeAlias = tuple[Attr, tuple[Row, ...]]
TableBody: TypeAlias = tuple[Attr, int, tuple[Row, ...], tuple[Row, ...]]
"""Attributes, the number of columns that are heads of rows, rows of heads, and rows."""
TableContent: TypeAlias = tuple[
    Attr, Caption, tuple[ColSpec, ...], TableHead, tuple[TableBody, ...], TableHead
]
"""Attributes, caption, columns, head, bodies and foot."""
OldTable: TypeAlias = tuple[
    tuple[Inline, ...],
    tuple[Name, ...],
    tuple[float, ...],
    tuple[tuple[Block, ...], ...],
    tuple[tuple[tuple[Block, ...], ...], ...],
]
"""Caption, alignments, widths, heads and rows."""


# --- metadata -------------------------------------------------------------------------------------


class MetaMap(_Element, frozen=True, gc=False):
    c: dict[str, MetaValue]


class MetaList(_Element, frozen=True, gc=False):
    c: tuple[MetaValue, ...]


class MetaBool(_Element, frozen=True, gc=False):
    c: bool


class MetaString(_Element, frozen=True, gc=False):
    c: str


class MetaInlines(_Element, frozen=True, gc=False):
    c: tuple[Inline, ...]


class MetaBlocks(_Element, frozen=True, gc=False):
    c: tuple[Block, ...]


MetaValue: TypeAlias = Union[MetaMap, MetaList, MetaBool, MetaString, MetaInlines, MetaBlocks]


class Version(msgspec.Struct, frozen=True):
    """The version of a document, which is read before all else."""

    numbers: tuple[int, ...] = msgspec.field(name="pandoc-api-version")


class Pandoc(Version, frozen=True):
    """A document."""

    blocks: tuple[Block, ...]
    meta: dict[str, MetaValue] = {}


# --- words ----------------------------------------------------------------------------------------


def to_inlines(text: str) -> tuple[Inline, ...]:
    """Returns a plain text as words and spaces; a line ending is a ``LineBreak``."""
    result: list[Inline] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            result.append(LineBreak())
        result.extend(to_words(line))
    return tuple(result)


def to_words(text: str) -> list[Inline]:
    """Returns a plain text as words and spaces, by which pandoc's writers break lines."""
    result: list[Inline] = []
    for number, word in enumerate(text.replace("\n", " ").replace("\t", " ").split(" ")):
        if number:
            result.append(_SPACE)
        if word:
            result.append(Str(word))
    return result


_SPACE = Space()


def elements(root: object) -> Iterator[_Element]:
    """Yields every element below ``root`` in reading order, those of tables excepted. Any depth is
    safe.
    """
    stack = [root]
    while stack:
        value = stack.pop()
        if isinstance(value, tuple):
            stack.extend(value[::-1])
        elif isinstance(value, _Element):
            yield value
            stack.append(getattr(value, "c", ()))


def words_of(root: object) -> str:
    """Returns the words below ``root``, those of notes and tables included. Any depth is safe."""
    parts: list[str] = []
    for element in elements(root):
        match element:
            case Str(c=text) | Code(c=(_, text)) | CodeBlock(c=(_, text)) | Math(c=(_, text)):
                parts.append(text)
            case Table(c=raw):
                parts.append(f" {words_of(_table_elements(raw))} ")
            case Space() | SoftBreak() | LineBreak() | Para() | Plain() | Header():
                parts.append(" ")
    return " ".join("".join(parts).split())


def _table_elements(raw: msgspec.Raw) -> tuple[Inline, ...]:
    """Returns the texts of a table that is too deep to be read, as words."""
    found: list[Inline] = []
    stack = [msgspec.json.decode(raw)]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(value[::-1])
        elif isinstance(value, dict):
            content = value.get("c")
            if isinstance(content, str):
                found += [Str(content), _SPACE]
            else:
                stack.append(content)
    return tuple(found)
