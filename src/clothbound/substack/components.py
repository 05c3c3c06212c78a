"""Turns Substack's components into typed nodes, by the table in ``component_lookup``.

Readers first make a generic tree, whatever the syntax: a ``div`` is a Group, a ``span`` a Span,
with their classes and attributes; ``data-attrs`` is the attribute ``attrs``,
``data-component-name`` is ``component-name``, and an element without a node type of its own keeps
its name in ``element``. ``type_nodes`` replaces the elements that the table knows by typed nodes. A
component is recognized by a class token, then by its component name, never by the whole ``class``,
which grows with each release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from ..diagnostics import DiagnosticCode, LineDiagnostic
from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node, Origin
from ..model.post import Footnote
from ..model.walk import CHILD_FIELDS, walk
from ..web.html_elements import MARK_KINDS
from .completeness import hides_words, loses_links, loses_words, swallowed_blocks
from .component_element import Element, attribute_of, take_shown_address, unwrap_inlines
from .component_lookup import BLOCK_TOKENS, INLINE_TOKENS, plain_fields, row_of_element
from .component_spec import ComponentRow
from .data_attrs import parse, string, text_in_json
from .note_typer import NoteTyper
from .origin import is_of_template, make_origin, strip_position, with_element
from .pictures import FIGURE, GALLERY, RENDITION, component_attributes_of, read_image
from .source_markup import keep_markup, write_events
from .visible_fields import (
    apply_visible_fields,
    begins_with_address,
    read_visible_fields,
    restore_data,
    shown_fields_of,
)
from .widgets import CODE

N = TypeVar("N", bound=Node)

ICONS = frozenset({"header-anchor-parent", "image-link-expand"})
"""Chrome that makes up most elements of a picture or heading and has no content; readers skip
it."""

FIELD_CLASSES: dict[str, type[Node]] = {
    "embed": b.Embed,
    "media": b.Media,
    "file-embed-wrapper": b.FileDownload,
    "poll": b.Poll,
    "recipe": b.Recipe,
}
"""Classes of our own divs for nodes without a component; the attribute ``fields`` is the node in
JSON."""

_FIGURE_ATTRIBUTES = ("attrs", "fields", "decorative")


class Typed(NamedTuple):
    """A post's body and notes with components typed, and the findings."""

    body: tuple[b.Block, ...]
    footnotes: tuple[Footnote, ...]
    findings: tuple[LineDiagnostic, ...]


def type_nodes(
    body: tuple[b.Block, ...],
    footnotes: tuple[Footnote, ...] = (),
    events: Sequence[Any] = (),
    *,
    is_markdown: bool = False,
) -> Typed:
    """Replaces every known component by its typed node and leaves unknown ones as they are.

    Notes are moved from the body to the end of ``footnotes``. A mark without a note becomes a
    superscript. ``events`` is the event list of an exact source
    (``html.read.parse.Parsed.events``); a node that no template reproduces keeps its markup.
    ``is_markdown`` says that text in a component holds its fields (``visible_fields``).
    """
    typer = _Typer({note.id for note in footnotes}, events, is_markdown=is_markdown)
    new_body = typer.type_blocks(body)
    notes = tuple(typer.notes.retype(note) for note in footnotes)
    new_body, notes = typer.notes.finish(new_body, notes)
    typer.notes.report(body)
    return Typed(new_body, notes, tuple(typer.findings))


class _Typer:
    """Types the nodes of one post. It may recurse, since trees are at most ``Limits.depth`` levels
    deep.
    """

    def __init__(self, ids: set[str], events: Sequence[Any], *, is_markdown: bool) -> None:
        self.events = events
        self.is_markdown = is_markdown
        self.findings: list[LineDiagnostic] = []
        self.notes = NoteTyper(ids, self.type_blocks, self.findings, is_exact=bool(events))

    # --- blocks ---------------------------------------------------------------------------------

    def type_blocks(self, nodes: tuple[b.Block, ...]) -> tuple[b.Block, ...]:
        result: list[b.Block] = []
        same = True
        position = 0
        while position < len(nodes):
            node = nodes[position]
            position += 1
            kind = type(node)
            new: Any = node
            if kind is b.Paragraph:
                following = nodes[position] if position < len(nodes) else None
                picture = self._read_linked_picture(node, following)
                if picture is not None:
                    same = False
                    result.append(picture)
                    position += following is not None and _is_inset(following)
                    continue
                new = self._type_paragraph(node)  # type: ignore[arg-type]
            elif kind is b.Group:
                new = self._type_group(node)  # type: ignore[arg-type]
            elif kind is b.Figure:
                new = self._type_figure(node)  # type: ignore[arg-type]
            elif kind is b.Gallery:
                new = self._type_gallery(node)  # type: ignore[arg-type]
            elif kind is b.CodeBlock:
                new = self._add_origin(CODE, strip_position(node), None, node)
            elif kind is b.ThematicBreak and (self.events or node.attributes):
                new = self._type_rule(node)
            else:
                new = self.type_children(node)
            if new is node:
                result.append(node)
                continue
            same = False
            if isinstance(new, Node):
                result.append(new)  # type: ignore[arg-type]
            elif new is not None:
                result.extend(new)
        return nodes if same else tuple(result)

    def _type_rule(self, node: Any) -> Any:
        """Removes the position, and records a rule that lacks the ``div`` which Substack puts
        around it.
        """
        place = attribute_of(node, "at")
        alone = attribute_of(node, "generation") == "hr"
        if place and self.events:
            alone = alone or self.events[int(place) - 1] != ("div", {})
        rest = tuple(pair for pair in node.attributes if pair[0] not in ("at", "generation"))
        origin = Origin(generation="hr") if alone else None
        return msgspec.structs.replace(node, attributes=rest, origin=origin)

    def type_children(self, node: N) -> N:
        """Returns ``node`` with its children typed."""
        changed = {}
        for name in CHILD_FIELDS[type(node)]:
            old = getattr(node, name)
            new = self._type_value(old)
            if new is not old:
                changed[name] = new
        if node.attributes and self.events:
            changed["attributes"] = strip_position(node).attributes
            element = attribute_of(node, "element")
            if element in MARK_KINDS or (element == "li" and type(node) is b.ListItem):
                changed["attributes"] = tuple(
                    p for p in strip_position(node).attributes if p[0] != "element"
                )
                changed["origin"] = Origin(component=element)
        return msgspec.structs.replace(node, **changed) if changed else node

    def _type_value(self, value: Any) -> Any:
        if not isinstance(value, tuple):
            return self._type_image(value) if isinstance(value, i.Image) else value
        if not value:
            return value
        first = value[0]
        if isinstance(first, tuple):
            new = tuple(self._type_value(item) for item in value)
            return value if all(n is o for n, o in zip(new, value, strict=True)) else new
        if i.is_inline(first):
            return self.type_inlines(value)
        if isinstance(first, b.ListItem | b.DefinitionItem | b.Cell):
            new = tuple(self.type_children(item) for item in value)
            return value if all(n is o for n, o in zip(new, value, strict=True)) else new
        return self.type_blocks(value)

    def _type_paragraph(self, node: b.Paragraph) -> Any:
        children = node.children
        if node.classes or node.attributes:
            row = row_of_element(node, BLOCK_TOKENS)
            if row is not None:
                typed = self._read_component(row, _make_element(node, self), node)
                if typed is not None:
                    return typed
        if len(children) == 1 and type(children[0]) is i.Link:
            link = children[0]
            if "button" in link.classes and link.href:
                element = _make_element(link, self)
                return self._read_component(BLOCK_TOKENS["button-wrapper"], element, link) or node
        new = self.type_inlines(children)
        node = strip_position(node)
        return node if new is children else msgspec.structs.replace(node, children=new)

    def _read_linked_picture(self, node: Any, following: Any) -> b.Figure | None:
        """Reads a linked picture: ``[](href){.image-link}`` and the inset after it, or a picture in
        such a link.
        """
        children = node.children
        if len(children) != 1 or type(children[0]) is not i.Link:
            return None
        link = children[0]
        if "image-link" not in link.classes:
            return None
        parts: tuple[b.Block, ...] = (node,)
        if not link.children:
            if following is None or not _is_inset(following):
                return None
            parts = (node, following)
        wrapper = b.Group(parts, attributes=link.attributes, line=node.line)
        return self._read_component(FIGURE, _make_element(wrapper, self), wrapper)  # type: ignore[no-any-return]

    def _type_figure(self, node: b.Figure) -> Any:
        image = node.image
        if any(attribute_of(n, name) for n in (image, node) for name in _FIGURE_ATTRIBUTES):
            wrapper = b.Group(
                (node,),
                id=node.id,
                classes=node.classes,
                attributes=(*component_attributes_of(image), *node.attributes),
                line=node.line,
            )
            typed = self._read_component(FIGURE, _make_element(wrapper, self), wrapper)
            if typed is not None:
                return typed
        inner = self.type_children(node)
        if not self.events:
            return inner
        image = msgspec.structs.replace(inner.image, origin=None)
        inner = msgspec.structs.replace(strip_position(inner), image=image)
        return self._add_origin(FIGURE, inner, None, node)

    def _type_gallery(self, node: b.Gallery) -> b.Gallery:
        """Cleans a gallery from the web page, whose pictures are ``figure`` elements with
        renditions.
        """
        new = self.type_children(node)
        if attribute_of(node, "component-name") != "ImageGallery" and not any(
            "imageGallery" in token for token in node.classes
        ):
            return new
        figures = tuple(
            msgspec.structs.replace(figure, image=read_image({}, figure.image), width=0, height=0)
            for figure in new.figures
        )
        classes = tuple(c for c in node.classes if not RENDITION.match(c))
        row = with_element(msgspec.structs.replace(new, figures=figures), node, classes)
        return self._add_origin(GALLERY, row, None, node)

    def _type_group(self, node: b.Group) -> Any:
        if not (node.classes or node.attributes or node.id):
            return self._type_plain_group(node)
        if "markup" in node.classes and "body" in node.classes and not self.events:
            # The web page wraps the whole text in a div with these classes.
            return self.type_blocks(node.children)
        if self.notes.read_note(node):
            return ()
        typed = self._read_own_node(node)
        if typed is not None:
            return typed
        row = row_of_element(node, BLOCK_TOKENS)
        if row is not None:
            typed = self._read_component(row, _make_element(node, self), node)
            if typed is not None:
                return typed
        children = self.type_blocks(node.children)
        if not children and attribute_of(node, "attrs") not in ("", "{}"):
            name = attribute_of(node, "component-name") or " ".join(node.classes)
            message = f"the component {name[:60]!r} is unknown, and its data are not shown"
            self.findings.append((DiagnosticCode.MARKUP_REPAIRED, message, node.line))
        typed = strip_position(node)
        if children is not node.children:
            typed = msgspec.structs.replace(typed, children=children)
        kept = self._keep_unknown(node, typed)
        if kept is not None:
            return kept
        return () if node.children and not children and not node.id else typed

    def _keep_unknown(self, node: N, typed: N) -> N | None:
        """Returns an unknown component with its markup, as an exact source has it or as Markdown kept it; None for what is
        no component. ``typed`` is the node with its children typed.
        """
        if self.events and (attribute_of(node, "attrs") or attribute_of(node, "component-name")):
            origin = Origin(markup=write_events(self.events, int(attribute_of(node, "at") or 0)))
            return msgspec.structs.replace(typed, origin=origin)
        return _keep_markup(typed) if attribute_of(typed, "markup") else None

    def _type_plain_group(self, node: b.Group) -> Any:
        """Unwraps a ``div`` without attributes around a rule, and drops an empty one.

        Substack puts one around each rule, and an empty one into some pictures.
        """
        children = self.type_blocks(node.children)
        if not children:
            return ()
        if len(children) == 1 and isinstance(children[0], b.ThematicBreak):
            return children[0]
        return (
            node if children is node.children else msgspec.structs.replace(node, children=children)
        )

    def _read_own_node(self, node: b.Group) -> Node | None:
        """Reads a node that has a class of ``FIELD_CLASSES``: ``::: {.embed fields="{json}"}``."""
        fields = attribute_of(node, "fields")
        if not fields:
            return None
        for token in node.classes:
            kind = FIELD_CLASSES.get(token)
            if kind is None:
                continue
            typed = self._apply_fields(kind, fields, node)
            if typed is None:
                return None
            paragraphs = [n for n in node.children if isinstance(n, b.Paragraph)]
            places = shown_fields_of(None, kind)
            if isinstance(typed, b.Media):
                if paragraphs and begins_with_address(typed, paragraphs[0]):
                    typed = apply_visible_fields(typed, {"src": take_shown_address(paragraphs)})
                caption = self.type_inlines(unwrap_inlines(paragraphs))
                typed = msgspec.structs.replace(typed, caption=caption)
            elif self.is_markdown and places is not None:
                typed = apply_visible_fields(typed, read_visible_fields(node, places) or {})
                if loses_words(typed, node, of_site=False):
                    return None
            rest = tuple(c for c in node.classes if c != token)
            owned: Node = with_element(typed, node, rest)
            generation = attribute_of(node, "generation")
            markup = (
                text_in_json(attribute_of(node, "markup")) if attribute_of(node, "markup") else ""
            )
            if generation or markup:
                origin = Origin(generation=generation, markup=markup)
                owned = msgspec.structs.replace(owned, origin=origin)
            return owned
        return None

    def _apply_fields(self, kind: type[Node], written: str, node: Node, base: Any = None) -> Any:
        """Applies the fields in the JSON ``written`` to ``base``, or to a new node of ``kind``;
        None if they are invalid.
        """
        try:
            values = {
                field.name: msgspec.convert(_replace_surrogates(value), field.type)
                for field in plain_fields(kind)
                if (value := (parse(written) or {}).get(field.name)) is not None
            }
            return msgspec.structs.replace(base, **values) if base is not None else kind(**values)
        except (msgspec.ValidationError, TypeError) as error:
            message = f"the attribute fields was ignored: {error}"
            self.findings.append((DiagnosticCode.MARKUP_REPAIRED, message, node.line))
            return base

    # --- inlines --------------------------------------------------------------------------------

    def type_inlines(self, nodes: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
        result: list[i.Inline] = []
        same = True
        for node in nodes:
            kind = type(node)
            if kind is i.Text:
                result.append(node)
                continue
            new: Any
            if kind is i.Link or kind is i.Span:
                new = self._type_link(node)
            elif kind is i.Image:
                new = self._type_image(node)  # type: ignore[arg-type]
            else:
                new = self.type_children(node)
            same = same and new is node
            result.append(new)
        return nodes if same else tuple(result)

    def _type_link(self, node: Any) -> Any:
        if not (node.classes or node.attributes):
            return self.type_children(node)
        mark = self.notes.read_mark(node)
        if mark is not None:
            return mark
        row = row_of_element(node, INLINE_TOKENS)
        if row is not None:
            typed = self._read_component(row, _make_element(node, self), node)
            if typed is not None:
                return typed
        new = self.type_children(node)
        return self._keep_unknown(node, new) or new

    def _type_image(self, node: i.Image) -> i.Image:
        """Reads an inline picture with data, as the first generation of the editor wrote it."""
        if not attribute_of(node, "attrs"):
            name = attribute_of(node, "component-name")
            node = strip_position(node)
            if name:
                rest = tuple(p for p in node.attributes if p[0] != "component-name")
                origin = Origin(component=name)
                node = msgspec.structs.replace(node, attributes=rest, origin=origin)
            return node
        wrapper = b.Group((b.Paragraph((node,)),), attributes=node.attributes, line=node.line)
        typed = self._read_component(FIGURE, _make_element(wrapper, self), wrapper)
        if typed is None:
            return node
        return msgspec.structs.replace(typed.image, id=node.id, origin=typed.origin)  # type: ignore[no-any-return]

    # --- both -----------------------------------------------------------------------------------

    def _read_component(self, row: ComponentRow, element: Element, node: Node) -> Any:
        """Reads an element as a typed node; its Origin keeps what the typed fields cannot hold."""
        attrs = element.attributes.get("attrs", "")
        is_broken = bool(attrs) and not element.data and parse(attrs) is None
        if is_broken:
            message = f"the data of a {row.name} is not a JSON object; it was set aside"
            self.findings.append((DiagnosticCode.MARKUP_REPAIRED, message, node.line))
        typed = row.read(element)
        places = shown_fields_of(row, row.kind) if self.is_markdown else None
        words = (
            read_visible_fields(node, places)
            if places is not None and row.kind is not b.Media
            else None
        )
        if typed is None and words and row.kind is b.Embed:
            # The author replaced the component's address by one of another service.
            shown = apply_visible_fields(b.Embed("video"), words)
            return None if loses_links(shown, node) else with_element(shown, node, ())
        fields = element.attributes.get("fields")
        if typed is None and fields:
            # All fields stand there if the data could not be read when they were written.
            typed = self._apply_fields(row.kind, fields, node)
        if typed is None or (is_broken and not words and hides_words(typed, node)):
            return None
        if row is FIGURE and not fields:
            # Markdown writes them on the picture where a div around it has the figure's attributes.
            fields = next((w for n in walk(node) if (w := attribute_of(n, "fields"))), "")
        if fields:
            typed = self._apply_fields(row.kind, fields, node, typed)
        if words is not None:
            typed = apply_visible_fields(typed, words)
        of_site = row.has_words and words is None
        has_data = bool(attribute_of(node, "attrs")) and not is_broken
        if self._may_be_of_others(row, node, has_data=has_data) and (
            loses_words(typed, node, of_site) or (not of_site and loses_links(typed, node))
        ):
            return None
        if places is not None and row.data is not None:
            element = dataclasses.replace(element, data=restore_data(element.data, row.data(typed)))
        known = {*row.classes, *row.extra, *row.components}
        rest = tuple(
            token for token in element.classes if token not in known and not is_of_template(token)
        )
        typed = with_element(typed, node, typed.classes or rest)
        if typed.id and typed.id == row.id(typed):
            typed = msgspec.structs.replace(typed, id="")
        is_whole = bool(element.data) or not attrs
        if is_whole and (
            swallowed := swallowed_blocks(
                typed, node, are_of_site=row.has_words and not element.data
            )
        ):
            origin = make_origin(row, typed, element, node)
            whole = typed if origin is None else msgspec.structs.replace(typed, origin=origin)
            return (whole, *self.type_blocks(swallowed))
        return self._add_origin(row, typed, make_origin(row, typed, element, node), node)

    def _may_be_of_others(self, row: ComponentRow, node: Node, *, has_data: bool) -> bool:
        """Returns whether an element has no data by which it is Substack's: ``twitter-embed`` around a quotation, or a
        component that was damaged.

        What may end the public part of a post is Substack's in any case.
        """
        if has_data or attribute_of(node, "fields"):
            return False
        return not (row.kind is b.PaywallBreak or (self.is_markdown and row.kind is b.Media))

    def _add_origin(self, row: ComponentRow, typed: N, origin: Origin | None, node: Node) -> N:
        """Gives ``typed`` an Origin if its element would otherwise be written differently."""
        if self.events:
            image = node.image if isinstance(node, b.Figure) else node
            both = (*node.attributes, *image.attributes)
            places = [int(value) for name, value in both if name == "at"]
            if places:
                start = min(places)
                if row is FIGURE and start and self.events[start - 1] == ("p", {}):
                    start -= 1
                return keep_markup(typed, origin, row, self.events, start)
        return typed if origin is None else msgspec.structs.replace(typed, origin=origin)


def _make_element(node: Any, typer: _Typer) -> Element:
    attributes = {name.removeprefix("data-"): value for name, value in node.attributes}
    attrs = attributes.get("attrs", "")
    data = (parse(attrs) or {}) if attrs else {}
    if not data and "apple-podcast-container" in node.classes:
        # This component alone has its data on the frame inside.
        inner = next((n for n in walk(node.children) if attribute_of(n, "attrs")), None)
        if inner is not None:
            attributes["attrs"] = attribute_of(inner, "attrs")
            data = parse(attributes["attrs"]) or {}
    return Element(node, node.classes, attributes, data, typer.type_blocks, typer.type_inlines)


def _keep_markup(node: N) -> N:
    """Moves the markup that Markdown kept for an unknown component into the node's Origin."""
    rest = tuple(pair for pair in node.attributes if pair[0] != "markup")
    origin = Origin(markup=text_in_json(attribute_of(node, "markup")))
    return msgspec.structs.replace(node, attributes=rest, origin=origin)


def _replace_surrogates(value: Any) -> Any:
    """Replaces lone surrogates in the strings of a JSON value."""
    if isinstance(value, list):
        return [_replace_surrogates(item) for item in value]
    return string(value) if isinstance(value, str) else value


def _is_inset(node: Node) -> bool:
    return isinstance(node, b.Group) and "image2-inset" in node.classes
