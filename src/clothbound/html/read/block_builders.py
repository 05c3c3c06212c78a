"""Builds nodes that are complete only when an element of HTML ends: lists, tables, figures,
quotations.

Each function takes the content of an element and returns its nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

import msgspec

from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.grid import grid_of
from ...model.node import Node
from ...model.plain_text import plain_text
from ...web.html_elements import ATTRIBUTE_NAME, LANGUAGE_OF_CODE
from ...web.providers import INSTAGRAM, THREADS, TIKTOK, TWITTER

LANGUAGE_CLASS = lazy_pattern(
    rf"(?:^|\s)(?:language-|lang-|brush:\s*|sourceCode\s+)({LANGUAGE_OF_CODE})"
)
"""Matches a class that names the language of code."""
_ALIGN = lazy_pattern(r"text-align\s*:\s*(left|center|right)", re.I)
_ALIGNMENTS: dict[str, b.Alignment] = {"left": "left", "center": "center", "right": "right"}
# Classes of quotations that a provider's script replaces by a player, with the attribute that holds
# the address.
_EMBED_CODES = {
    "instagram-media": (INSTAGRAM, "instgrm-permalink"),
    "text-post-media": (THREADS, "text-post-permalink"),
    "tiktok-embed": (TIKTOK, "cite"),
}
_TWEET_BYLINE = lazy_pattern(r"\s*[—–-]*\s*(.*?)\s*\Z", re.S)


N = TypeVar("N", bound=Node)


class Common(NamedTuple):
    """The properties of an element that every node may have: id, classes, attributes."""

    id: str = ""
    classes: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


PLAIN = Common()
Attributes: TypeAlias = Mapping[str, str]


_NUMBER = lazy_pattern(r"\s*(-?[0-9]{1,9})")
_UNSPOKEN = frozenset({"xmlns", "markdown"})
"""Attributes that only say how an element is parsed."""


def is_component(attrs: Attributes) -> bool:
    """Returns whether an element is a component of Substack's editor."""
    return "data-attrs" in attrs or "data-component-name" in attrs


def language_of_code(attrs: Attributes) -> str:
    """Returns the language that the classes of an element name; empty if none does."""
    found = LANGUAGE_CLASS.search(attrs.get("class", ""))
    return found[1] if found else ""


def with_id_of_name(attrs: Attributes) -> Attributes:
    """Returns the attributes of an anchor with its id in place of a name, by which links led to it before HTML 5."""
    if "name" not in attrs:
        return attrs
    anchor = {key: value for key, value in attrs.items() if key != "name"}
    anchor.setdefault("id", attrs["name"])
    return anchor


def common_of(
    attrs: Attributes, *, typed: frozenset[str] = frozenset(), element: str = ""
) -> Common:
    """Returns attributes in the form of the pandoc dialect, with ``data-`` removed from names.

    Attributes in ``typed``, which a field of the node holds, and event handlers are left out. Of
    ``style``, only the alignment is kept, as a class. What a stray mark has made a name (``<p ">``) is left out, too. ``element`` names an element without a node
    type of its own.
    """
    if not attrs and not element:
        return PLAIN
    identifier = ""
    classes: tuple[str, ...] = ()
    attributes: dict[str, str] = {"element": element} if element else {}
    for name, value in attrs.items():
        if name == "class":
            classes = (*value.split(), *classes)
        elif name == "id":
            identifier = "-".join(value.split())
        elif name in typed or name[:2] == "on" or name in _UNSPOKEN:
            continue
        elif name[:5] == "data-" and ATTRIBUTE_NAME.fullmatch(name):
            short = name[5:]
            attributes[name if short in attrs or short in attributes or not short else short] = (
                value
            )
        elif name == "style" or name == "align":  # noqa: PLR1714 (a tuple is slower here)
            alignment = alignment_of({name: value})
            if alignment and alignment != "left":
                classes = (*classes, f"align-{alignment}")
        elif ATTRIBUTE_NAME.fullmatch(name):
            attributes.setdefault(name, value)
    if not (identifier or classes or attributes):
        return PLAIN
    return Common(identifier, classes, tuple(attributes.items()))


def alignment_of(attrs: Attributes) -> b.Alignment:
    """Returns ``left``, ``center`` or ``right`` from the attribute or the style; empty if neither
    is set.
    """
    align, style = attrs.get("align", ""), attrs.get("style", "")
    return _alignment(align, style) if align or style else ""


@lru_cache(maxsize=16)
def _alignment(align: str, style: str) -> b.Alignment:
    """Remembers some, since most cells of a table say the same."""
    for value in (align.strip().lower(), _read_alignment(style)):
        if value in _ALIGNMENTS:
            return _ALIGNMENTS[value]
    return ""


def _read_alignment(style: str) -> str:
    found = _ALIGN.search(style) if style else None
    return found[1].lower() if found else ""


def number(text: str, default: int, least: int = 0, most: int = 100_000) -> int:
    """Returns the whole number in an attribute, ``120`` or ``120px``, within bounds."""
    found = _NUMBER.match(text) if text else None
    return min(max(int(found[1]), least), most) if found else default


def cell_span(text: str) -> int:
    """Returns the span of columns or rows that a cell declares; HTML allows 1000 at most."""
    return number(text, 1, 1, 1000)


def build_node(kind: Callable[..., N], children: object, common: Common, line: int) -> N:
    """Returns a node of ``kind`` with children."""
    if common is PLAIN:
        return kind(children, line=line)
    return kind(
        children,
        id=common.id,
        classes=common.classes,
        attributes=common.attributes,
        line=line,
    )


def with_common(node: N, common: Common) -> N:
    """Returns ``node`` with the attributes of its wrapper; its own id takes precedence."""
    if common is PLAIN:
        return node
    return msgspec.structs.replace(
        node,
        id=node.id or common.id,
        classes=(*common.classes, *(c for c in node.classes if c not in common.classes)),
        attributes=tuple({**dict(common.attributes), **dict(node.attributes)}.items()),
    )


# --- inlines --------------------------------------------------------------------------------------


def lone_picture(children: tuple[i.Inline, ...], line: int) -> b.Figure | None:
    """Returns the figure for a paragraph that contains only a picture or a link around one; else
    None.
    """
    only = _only(children)
    common, href = PLAIN, ""
    if type(only) is i.Link:
        common, href = Common(only.id, only.classes, only.attributes), only.href
        only = _only(only.children)
    if type(only) is not i.Image:
        return None
    sizes = dict(only.attributes)
    if sizes.get("width", "").endswith(("%", "px")):
        # It is a wish of the author, not the picture's own size.
        return with_common(b.Figure(only, href=href, line=line), common)
    width, height = number(sizes.pop("width", ""), 0), number(sizes.pop("height", ""), 0)
    if len(sizes) != len(only.attributes):
        only = msgspec.structs.replace(only, attributes=tuple(sizes.items()))
    figure = b.Figure(only, href=href, width=width, height=height, line=line)
    return with_common(figure, common)


def _only(children: tuple[i.Inline, ...]) -> Any:
    """Returns the only node that is not blank; None if there are none or several."""
    if len(children) == 1:
        return children[0]
    if len(children) > 3:
        return None
    seen = [c for c in children if not (type(c) is i.Text and c.text.isspace())]
    return seen[0] if len(seen) == 1 else None


# --- tables ---------------------------------------------------------------------------------------


WITHIN_HTML = "within-html"
"""The class of a paragraph that is a part of the HTML before and behind it; no result has it."""
CELLS_AS_LINES = "blocks in the cells of a table were written as lines"
"""The message for a table with a cell for which ``are_lines`` is false."""
CELLS_IN_TURN = "a table with tables or headings in its cells was written cell by cell"
"""The message for a table of several rows and columns that cannot stay a table."""


def are_lines(blocks: Iterable[b.Block]) -> bool:
    """Whether a cell, which holds inlines, can show these blocks unchanged: text and pictures."""
    return all(map(_is_simple, blocks))


class ReadCell(NamedTuple):
    """A cell, and the blocks from which its content was made."""

    cell: b.Cell
    blocks: tuple[b.Block, ...]
    is_header: bool
    alignment: b.Alignment


class ReadTable(msgspec.Struct):
    """A table that is being read."""

    head: list[tuple[ReadCell, ...]] = []
    rows: list[tuple[ReadCell, ...]] = []
    foot: list[tuple[ReadCell, ...]] = []
    section: str = ""
    columns: list[b.Alignment] = []
    caption: tuple[i.Inline, ...] = ()
    strays: list[b.Block] = []
    """Content between the rows; HTML moves it before the table (13.2.6.1)."""
    role: str = ""

    def add(self, row: tuple[ReadCell, ...]) -> None:
        rows = {"thead": self.head, "tfoot": self.foot}.get(self.section, self.rows)
        rows.append(row)


def table_blocks(table: ReadTable, common: Common, line: int) -> tuple[list[b.Block], str]:
    """Returns the table, or the content of a layout table, and a finding if it was simplified."""
    head, rows = list(table.head), [*table.rows, *table.foot]
    if not head:
        while len(rows) > 1 and rows[0] and all(cell.is_header for cell in rows[0]):
            head.append(rows.pop(0))
    every = [cell for row in (*head, *rows) for cell in row]
    result = list(table.strays)
    if _only_lays_out(table, every):
        content = [block for cell in every for block in cell.blocks]
        if table.caption:
            content.insert(0, b.Paragraph(table.caption, line=line))
        simplified = CELLS_IN_TURN if _has_columns(table) else ""
        if common is PLAIN:
            return [*result, *content], simplified
        return [*result, build_node(b.Group, tuple(content), common, line)], simplified
    if not every and not table.caption:
        return result, ""
    bare = b.Table(
        tuple(tuple(cell.cell for cell in row) for row in head),
        tuple(tuple(cell.cell for cell in row) for row in rows),
    )
    node = b.Table(
        bare.head,
        bare.rows,
        _alignments(bare, every, table.columns),
        table.caption,
        id=common.id,
        classes=common.classes,
        attributes=common.attributes,
        line=line,
    )
    are_all_lines = all(are_lines(cell.blocks) for cell in every)
    return [*result, node], "" if are_all_lines else CELLS_AS_LINES


def _only_lays_out(table: ReadTable, cells: list[ReadCell]) -> bool:
    if table.role in ("presentation", "none"):
        return True
    blocks = [block for cell in cells for block in cell.blocks]
    if any(isinstance(block, b.Table | b.Heading) for block in blocks):
        return True
    one_column = all(len(row) <= 1 for row in (*table.head, *table.rows, *table.foot))
    return one_column and not are_lines(blocks)


def _has_columns(table: ReadTable) -> bool:
    """Whether a table has text in at least two rows and two columns, so that it is not for
    layout.
    """
    rows = [[c for c in row if c.blocks] for row in (*table.head, *table.rows, *table.foot)]
    is_data = table.role not in ("presentation", "none")
    return is_data and sum(len(row) > 1 for row in rows) > 1


def _is_simple(block: b.Block) -> bool:
    return isinstance(block, b.Paragraph) or (isinstance(block, b.Figure) and not block.caption)


def _alignments(
    table: b.Table, cells: list[ReadCell], columns: list[b.Alignment]
) -> tuple[b.Alignment, ...]:
    """Returns the alignment of each column: that of its ``col``, else of its first cell with one."""
    grid = grid_of(table)
    alignments = {id(cell.cell): cell.alignment for cell in cells}
    none: list[b.Alignment] = [""] * grid.columns
    found = [*columns, *none][: grid.columns]
    for row in (*grid.head, *grid.rows):
        for placed in row:
            found[placed.column] = found[placed.column] or alignments[id(placed.cell)]
    return tuple(found) if any(found) else ()


# --- figures, quotes ------------------------------------------------------------------------------


def figure_blocks(
    blocks: tuple[b.Block, ...],
    caption: tuple[i.Inline, ...],
    common: Common,
    line: int,
    *,
    is_faithful: bool = False,
) -> list[b.Block]:
    """Converts a ``figure`` to a Figure, a Gallery, a Table or Media with a caption, or a Group."""
    figures: list[b.Figure] = []
    if _pictures_only(blocks, figures) and figures:
        own = figures[0].caption
        # A picture of Markdown has its alternative text as its caption, too.
        has_two_captions = bool(caption and own and plain_text(own) != figures[0].image.alt)
        if len(figures) == 1 and not has_two_captions and "gallery" not in common.classes:
            figure = figures[0]
            if caption:
                figure = msgspec.structs.replace(figure, caption=caption)
            return [with_common(figure, common)]
        gallery = b.Gallery(tuple(figures), caption, line=line)
        return [with_common(gallery, common)]
    only = blocks[0] if len(blocks) == 1 else None
    if isinstance(only, b.Table | b.Media) and not only.caption:
        return [with_common(msgspec.structs.replace(only, caption=caption), common)]
    if is_faithful and not caption:
        # Without a picture and text of its own, the figure is written back unchanged.
        element = ("element", "figure")
        return [
            build_node(
                b.Group, blocks, common._replace(attributes=(*common.attributes, element)), line
            )
        ]
    if not caption and common is PLAIN:
        return list(blocks)
    if caption:
        blocks = (*blocks, b.Paragraph(caption, classes=("caption",), line=line))
    return [with_common(build_node(b.Group, blocks, Common(classes=("figure",)), line), common)]


def _pictures_only(
    blocks: Iterable[b.Block], found: list[b.Figure], link: Node | None = None
) -> bool:
    """Whether ``blocks`` contain only pictures, apart from wrappers; collects the pictures in
    ``found``.
    """
    for block in blocks:
        match block:
            case b.Figure():
                found.append(_with_link(block, link))
            case b.Group(children):
                linked = block if dict(block.attributes).get("element") == "a" else link
                if not _pictures_only(children, found, linked):
                    return False
            case b.Paragraph(children) if all(
                lone_picture((c,), block.line) is not None
                for c in children
                if not (isinstance(c, i.Text) and c.text.isspace())
            ):
                pictures = [lone_picture((c,), block.line) for c in children]
                found.extend(_with_link(p, link) for p in pictures if p is not None)
            case _:
                return False
    return True


def _with_link(figure: b.Figure, link: Node | None) -> b.Figure:
    if link is None:
        return figure
    attributes = dict(link.attributes)
    attributes.pop("element", None)
    href = attributes.pop("href", "")
    if not figure.href:
        figure = msgspec.structs.replace(figure, href=href)
    common = Common(link.id, link.classes, tuple(attributes.items()))
    return with_common(figure, common)


def quote_block(blocks: tuple[b.Block, ...], common: Common, line: int) -> b.Block:
    """Returns a quotation, or the embed if it is the embed code of Twitter or another service."""
    if "twitter-tweet" in common.classes:
        tweet = _tweet(blocks, line)
        if tweet is not None:
            return tweet
    for name, (provider, address) in _EMBED_CODES.items():
        href = dict(common.attributes).get(address, "") if name in common.classes else ""
        if href:
            text = plain_text(blocks).strip()
            return b.Embed(provider.kind, href, provider.name, text=text, line=line)
    if "pullquote" in common.classes:
        rest = tuple(c for c in common.classes if c != "pullquote")
        common = Common(common.id, rest, common.attributes)
        common = PLAIN if common == PLAIN else common
        return build_node(b.PullQuote, blocks, common, line)
    return build_node(b.Quote, blocks, common, line)


def _tweet(blocks: tuple[b.Block, ...], line: int) -> b.Embed | None:
    last = blocks[-1] if blocks else None
    if not isinstance(last, b.Paragraph):
        return None
    link = next((c for c in reversed(last.children) if isinstance(c, i.Link)), None)
    if link is None:
        return None
    place = last.children.index(link)
    before, after = last.children[:place], last.children[place + 1 :]
    byline = _TWEET_BYLINE.match(plain_text(before))
    words = (plain_text(blocks[:-1]), plain_text(after))  # people add their own behind the date
    return b.Embed(
        TWITTER.kind,
        href=link.href,
        provider=TWITTER.name,
        text="\n\n".join(text for part in words if (text := part.strip())),
        author=byline[1] if byline else "",
        date=plain_text(link),
        line=line,
    )
