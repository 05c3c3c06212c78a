"""Shows component fields as visible Markdown text: address, label, quote, author, formula.

An author reads and may edit the text, so the value is only there: in the data, ``true`` marks a
value that the text holds. This module makes and reads blocks; the reader and the writer of Markdown
convert them to and from text.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.characters import NO_TEXT
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.walk import walk
from ..web.markdown_addresses import encode_address
from .component_element import Element
from .component_lookup import component_of, fields_not_in, plain_fields
from .component_spec import ComponentRow, ShownFields
from .data_attrs import Data, stringify

PLACES: dict[type[Node], ShownFields] = {
    b.Embed: ShownFields(label="title", href="href", text="text", author="author"),
    b.Media: ShownFields(href="src"),
    b.FileDownload: ShownFields(label="name", href="src", text="size"),
    b.Button: ShownFields(label="label", href="href"),
    b.MathBlock: ShownFields(tex="tex"),
    i.Math: ShownFields(tex="tex"),
    i.Mention: ShownFields(),
}
"""Default places of a node's fields; a component's row may override them."""

_CONTENT: dict[type[Node], str] = {b.Media: "caption", i.Mention: "children"}
"""The field that a node shows in Markdown unchanged, and whose words the data repeat."""
_ADDRESSES = ("href", "src")
AUTHOR_DASH = "\N{EM DASH}"
"""Stands before the name of an author in Markdown, and belongs to no field."""
_UNSEEN = lazy_pattern(
    rf"[{NO_TEXT}\r\x80-\x9f\u2028\u2029]"
    r"|\{\{[<%]|\{\{\s*[\w.]+\(|\{%"
)
"""Matches characters that Markdown cannot write, or reads as a shortcode."""
_BLANKS = lazy_pattern(r"[ \t]+")
_GAP = lazy_pattern(r"\n\s*\n")


class Visible(NamedTuple):
    """The Markdown form of a node."""

    blocks: tuple[b.Block, ...]
    data: Data | None
    """The data that the text does not hold; None if it holds all."""
    fields: Data
    """The typed fields that neither the text nor the data hold."""


def make_visible(node: Node) -> Visible | None:
    """Makes the Markdown form of ``node``; None if it has no component or nothing to show."""
    component = component_of(node, as_read=True)
    row = component.row if component is not None else None
    places = shown_fields_of(row, type(node))
    if places is None:
        return None
    blocks = _make_blocks(node, places)
    if any(places) and not blocks:
        return None
    exact: dict[str, Any] = {name: "" for name in places if name and _is_exact(node, name)}
    content = _CONTENT.get(type(node), "")
    words = plain_text(getattr(node, content)) if content else ""
    blank = exact | {content: ()} if words and words == _normalize_text(words) else exact
    if component is None:
        fields = fields_not_in(None, node)
        return Visible(blocks, None, {key: fields[key] for key in fields if key not in exact})
    fields = {key: value for key, value in component.fields.items() if key not in exact}
    candidates = [component.data]
    if component.data is not None and component.row.data is not None:
        fresh = component.row.data(node)
        without_text = component.row.data(msgspec.structs.replace(node, **blank))
        candidates.insert(0, _reduce_data(component.data, fresh, without_text))
        if stringify(fresh) == stringify(component.data):
            candidates.insert(0, None)
    for data in candidates:
        if _survives_round_trip(
            node, component.row, places, Visible(blocks, data, fields), component.data
        ):
            return Visible(blocks, data, fields)
    return None


def shown_fields_of(row: ComponentRow | None, kind: type[Node]) -> ShownFields | None:
    """Returns the places of a row's fields, else the default ones of its kind; None if there are
    none.
    """
    return row.shown if row is not None and row.shown is not None else PLACES.get(kind)


def read_visible_fields(node: Node, places: ShownFields) -> dict[str, str] | None:
    """Reads the fields from the text of an element; None if it has no text, or the markup of a web
    page.
    """
    children: tuple[Any, ...] = node.children if isinstance(node, b.Group | i.Span) else ()
    below = list(walk(children))
    if not below or any(n.classes or n.attributes or isinstance(n, b.Group) for n in below):
        return None
    if places.tex:
        formula = next((n for n in below if isinstance(n, b.MathBlock | i.Math)), None)
        return {"tex": formula.tex if formula is not None else plain_text(node)}
    values = dict.fromkeys(("label", "href", "author"), "")
    texts: list[str] = []
    for child in children:
        words = _text_of(child)
        only = child.children[0] if isinstance(child, b.Paragraph) and child.children else None
        if only is not None and len(child.children) > 1:
            only = None
        if isinstance(only, i.Link) and not values["href"]:
            values["href"] = only.href
            values["label"] = "" if words == only.href else words
        elif isinstance(only, i.Strong) and not (values["label"] or texts):
            values["label"] = words
        elif isinstance(child, b.Paragraph) and words.startswith(AUTHOR_DASH):
            values["author"] = words[1:].strip()
        else:
            texts.append(words)
    values["text"] = "\n\n".join(filter(None, texts))
    named = places._asdict()
    return {named[place]: value for place, value in values.items() if named[place]}


def begins_with_address(media: b.Media, first: b.Paragraph) -> bool:
    """Whether ``first``, above the caption of ``media``, shows its address: it always does if its fields hold none."""
    if not media.src or not _make_blocks(media, PLACES[b.Media]):
        return not media.src
    only = first.children[0] if len(first.children) == 1 else None
    return isinstance(only, i.Link) and _text_of(first) == only.href


def apply_visible_fields(node: Any, values: dict[str, str]) -> Any:
    """Applies ``values`` to the fields of ``node``, ignoring differences in white space and
    percent-encoding.
    """
    edited = {
        name: value
        for name, value in values.items()
        if not _are_same(name, value, getattr(node, name))
    }
    return msgspec.structs.replace(node, **edited) if edited else node


def _are_same(name: str, one: str, other: str) -> bool:
    return (
        encode_address(one) == encode_address(other)
        if name in _ADDRESSES
        else one.split() == other.split()
    )


def restore_data(data: Data, fresh: Data) -> Data:
    """Replaces every ``true`` in ``data``, which marks a value that the text holds, by its value in
    ``fresh``.
    """
    result = dict(data)
    for key, value in data.items():
        new = fresh.get(key)
        if value is True and key in fresh and not isinstance(new, bool):
            result[key] = new
        elif isinstance(value, dict) and isinstance(new, dict):
            result[key] = restore_data(value, new)
    return result


def _reduce_data(data: Data, fresh: Data, blank: Data) -> Data:
    result = dict(data)
    for key, value in data.items():
        new, old = fresh.get(key), blank.get(key)
        if isinstance(value, str | list) and value == new != old:
            result[key] = True
        elif isinstance(value, dict) and isinstance(new, dict) and isinstance(old, dict):
            result[key] = _reduce_data(value, new, old)
    return result


def _survives_round_trip(
    node: Node, row: ComponentRow, places: ShownFields, form: Visible, data: Data | None
) -> bool:
    """Whether reading ``form`` gives ``node`` and ``data`` again."""
    inside: Node = b.Group(form.blocks)
    values = read_visible_fields(inside, places)
    if isinstance(node, b.Media):
        inside = b.Group((*form.blocks, *((b.Paragraph(node.caption),) if node.caption else ())))
        values = {}
    elif isinstance(node, i.Mention):
        inside, values = i.Span(node.children), {}
    typed = row.read(Element(inside, data=form.data or {}))
    if typed is None or values is None:
        return False
    known = {field.name for field in plain_fields(row.kind)}
    given = {key: value for key, value in form.fields.items() if key in known}
    typed = apply_visible_fields(msgspec.structs.replace(typed, **given), values)
    content = _CONTENT.get(type(node), "")
    if fields_not_in(typed, node) or (
        content and getattr(typed, content) != getattr(node, content)
    ):
        return False
    if form.data is None or row.data is None:
        return True
    return stringify(restore_data(form.data, row.data(typed))) == stringify(data)


# --- blocks and their words -------------------------------------------------------------------------


def _make_blocks(node: Any, places: ShownFields) -> tuple[b.Block, ...]:
    if places.tex:
        return (_make_formula(node),) if node.tex.strip() and not _UNSEEN.search(node.tex) else ()
    label, href, text, author, _ = (getattr(node, name) if name else "" for name in places)
    if any(_UNSEEN.search(value) for value in (label, href, text, author)):
        return ()
    label, author = " ".join(label.split()), " ".join(author.split())
    if len(href.split()) > 1 or href != href.strip():
        return ()
    href = encode_address(href)
    if href and label == href:
        return ()
    blocks: list[b.Block] = []
    if href:
        blocks.append(b.Paragraph((i.Link((i.Text(label or href),), href),)))
    elif label:
        blocks.append(b.Paragraph((i.Strong((i.Text(label),)),)))
    if isinstance(node, b.Embed) and node.kind == "gist" and text.strip():
        blocks.append(b.CodeBlock(text))
    elif canonical := _normalize_text(text):
        paragraphs = tuple(b.Paragraph(_make_lines(part)) for part in canonical.split("\n\n"))
        blocks.extend(paragraphs if isinstance(node, b.FileDownload) else (b.Quote(paragraphs),))
    if author:
        blocks.append(b.Paragraph((i.Text(f"{AUTHOR_DASH} {author}"),)))
    return tuple(blocks)


def _make_formula(node: b.MathBlock | i.Math) -> b.Block:
    """Writes a formula as Markdown mathematics if possible, else as code."""
    tex = node.tex
    if isinstance(node, i.Math):
        return b.Paragraph((i.Math(tex if _is_exact(node, "tex") else " ".join(tex.split())),))
    return b.MathBlock(tex) if fits_between_dollars(tex) else b.CodeBlock(tex, "tex")


def fits_between_dollars(tex: str) -> bool:
    """Whether Markdown preserves a displayed formula between two lines of ``$$``."""
    if "$$" in tex or "\n\n" in tex or tex.endswith("\\"):
        return False
    return bool(tex) and tex == tex.strip()


def _is_exact(node: Any, name: str) -> bool:
    """Whether the Markdown text preserves every character of a field."""
    value = getattr(node, name)
    if isinstance(node, i.Math):
        return bool(value) and value == value.strip() and "\n" not in value
    if isinstance(node, b.MathBlock) or (isinstance(node, b.Embed) and node.kind == "gist"):
        return bool(value)
    if name in _ADDRESSES:
        return bool(value) and value == encode_address(value)
    lines = value.split("\n")
    many = name in ("text", "size")
    same = value == (_normalize_text(value) if many else " ".join(value.split()))
    return bool(value) and same and all(line == line.strip() for line in lines)


def _normalize_text(text: str) -> str:
    """Normalizes paragraphs and lines, removing space that Markdown does not keep."""
    parts = []
    for part in _GAP.split(text):
        lines = (_BLANKS.sub(" ", line).strip() for line in part.split("\n"))
        parts.append("\n".join(filter(None, lines)))
    return "\n\n".join(filter(None, parts))


def _make_lines(text: str) -> tuple[i.Inline, ...]:
    result: list[i.Inline] = []
    for line in text.split("\n"):
        result += [i.LineBreak(), i.Text(line)] if result else [i.Text(line)]
    return tuple(result)


def _text_of(node: Node) -> str:
    match node:
        case b.CodeBlock(text):
            return text
        case b.Quote(children):
            return "\n\n".join(_text_of(child) for child in children)
        case b.Paragraph():
            return _normalize_text(plain_text(node))
        case _:
            return plain_text(node)
