"""Writes Substack's export archive: posts.csv and a fragment of HTML for each post."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from functools import partial
from typing import Annotated, BinaryIO, ClassVar, Literal, TypeAlias
from urllib.parse import quote

import msgspec

from ...artifact import Artifact, zip_entry
from ...context import Context, ReportLoss
from ...diagnostics import DiagnosticCode, Outcome, Severity
from ...errors import ResourceError
from ...escape import safe_href
from ...fields import Field
from ...formats import Produces, WriterOptions
from ...lazy_pattern import lazy_pattern
from ...media.data_addresses import shown_data_address
from ...model.addresses import is_relative
from ...model.blocks import Block, Figure, Table
from ...model.collection import Collection
from ...model.inlines import Image, Link
from ...model.losses import TANGLED_HTML
from ...model.node import Node
from ...model.post import Post
from ...model.recordings import without_recording
from ...model.walk import rewrite, walk
from ...post_pictures import leave_address
from ...substack.components import ICONS, type_nodes
from ...substack.markup import Hooks, body_html
from ...substack.pictures import local_name, restore_addresses
from ...substack.posts_csv import dump
from ...substack.table_picture import draw_table
from ...substack.tables import table_as_list
from ...web.addresses import is_data
from .importers import Importer, fit_row, fit_to_importer, report_audiences, report_unlisted
from .listing import PostIds, columns_of, in_archive_order, make_row, report_fields
from .post_links import with_post_addresses

_MISSING = (
    "an archive holds no pictures. Hint: upload them and give their address with"
    " -O image_base_url=URL"
)

Tables: TypeAlias = Literal["html", "picture", "text"]


class SubstackArchive(WriterOptions, frozen=True, kw_only=True):
    """Options of an archive like Substack's export."""

    format: ClassVar[str] = "substack"
    image_base_url: Annotated[
        str,
        Field(
            help="The web address under which the posts' own pictures will be; it is put "
            "before their relative addresses."
        ),
    ] = ""
    tables: Annotated[
        Tables,
        Field(
            help="The form of tables, since Substack has none: HTML, a picture, or a list "
            "of the rows."
        ),
    ] = "html"
    destination: Annotated[
        Importer,
        Field(
            help="The service that will import it: Substack itself, or Ghost or WordPress, "
            "whose importers need another form."
        ),
    ] = "substack"


class ArchiveWriter:
    """Writes an archive that Ghost, WordPress and others import as a Substack export.

    The archive is the author's own: it contains drafts and posts for paying readers, as Substack's
    exports do. Authors and tags are missing, since the format has no place for them.
    """

    extension = ".zip"
    media_type = "application/zip"
    options_type = SubstackArchive
    produces: Produces = "file"
    public = False
    transforms: tuple[str, ...] = ("footnotes",)

    def write(self, collection: Collection, options: SubstackArchive, context: Context) -> Artifact:
        def file(stream: BinaryIO) -> None:
            _write_archive(stream, collection, options, context)

        return Artifact.of_file(report=context.report, make=file)


def _write_archive(
    stream: BinaryIO, collection: Collection, options: SubstackArchive, context: Context
) -> None:
    rows: list[tuple[str, dict[str, str]]] = []
    faithful = options.destination == "substack"
    ids = PostIds(collection, exact=faithful)
    missing = "" if options.image_base_url else _MISSING
    drawn: dict[str, bytes] = {}
    """Pictures of tables, by their address in a post's file."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for original in map(restore_addresses, collection.posts):
            # posts.csv has a column for the recording.
            linked = with_post_addresses(without_recording(original), collection.index, ids)
            tabled = _with_tables(linked, options, context, drawn)
            post = fit_to_importer(tabled, options.destination, context)
            metadata = post.metadata
            post_id = ids.of(post, context)
            row = make_row(
                metadata, post_id, context.moment, as_read=faithful and ids.was_read(metadata)
            )
            row = fit_row(row, options.destination, context, post)
            rows.append((metadata.id, row))
            for node in walk(post):
                if isinstance(node, Image) and node.src not in drawn:
                    leave_address(post, node, context, missing)
            body = body_html(post, _hooks(post, options, context))
            _add(archive, f"posts/{post_id}.html", body)
        _add_drawn(archive, drawn, options, context)
        columns = columns_of(collection)
        ordered = in_archive_order(rows, collection)
        _add(archive, "posts.csv", dump(ordered, columns, on_one_line=not faithful))
        report_fields(collection, columns, context)
        if faithful:
            report_audiences(ordered, context)
        report_unlisted(collection, context)


def _with_tables(
    post: Post, options: SubstackArchive, context: Context, drawn: dict[str, bytes]
) -> Post:
    """Replaces tables as the options say; new pictures are added to ``drawn``."""
    if options.tables == "html":
        return post

    def visit(node: Node) -> tuple[Block, ...]:
        assert isinstance(node, Table)
        if options.tables == "picture":
            try:
                return (_picture_of(node, post, context, drawn),)
            except ResourceError as error:
                message = f"a table was written as a list: {error.message}"
        else:
            message = "a table was written as a list, since Substack has none"
        context.account(Outcome.SIMPLIFIED, post, node, message)
        return table_as_list(node)

    replaced: Post = rewrite(post, visit, {Table})
    return replaced


def _picture_of(table: Table, post: Post, context: Context, drawn: dict[str, bytes]) -> Figure:
    """Draws a table as a captioned image with its text as the alternative text."""
    picture = draw_table(table)
    name = local_name(picture.data, "image/png")
    drawn[name] = picture.data
    cells = [cell for row in (*table.head, *table.rows) for cell in row]
    lost = " without its links" if any(isinstance(node, Link) for node in walk(cells)) else ""
    message = f"a table was drawn as the picture {name}{lost}"
    context.account(Outcome.SIMPLIFIED, post, table, message)
    image = Image(name, picture.words)
    return Figure(image, table.caption, width=picture.width, height=picture.height, line=table.line)


def _add_drawn(
    archive: zipfile.ZipFile, drawn: dict[str, bytes], options: SubstackArchive, context: Context
) -> None:
    for name, data in sorted(drawn.items()):
        _add(archive, name, data)
    if drawn:
        where = f"put images/ below {options.image_base_url}"
        if not options.image_base_url:
            where = "upload images/ and give its address with -O image_base_url=URL"
        count = f"pictures of tables in the archive, where no importer looks: {len(drawn)}"
        context.warn(
            DiagnosticCode.NODE_SIMPLIFIED, f"{count}. Hint: {where}", severity=Severity.INFO
        )


def _add(archive: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    archive.writestr(zip_entry(name), data, zipfile.ZIP_DEFLATED)


def _hooks(post: Post, options: SubstackArchive, context: Context) -> Hooks:
    def report(outcome: Outcome, node: Node, message: str) -> None:
        context.account(outcome, post, node, message)

    def clean(markup: str) -> str:
        from ...html.write.sanitize import clean as sanitize

        tell = partial(context.warn, DiagnosticCode.NODE_SIMPLIFIED, TANGLED_HTML, post)
        return sanitize(markup, xhtml=False, report_text_alone=tell)

    def address(href: str) -> str:
        safe = safe_href(href)
        if safe is None:
            from ...html.write.target import unsafe_link_message

            context.warn(DiagnosticCode.RAW_DROPPED, unsafe_link_message(href), post)
        return safe or ""

    def picture(src: str) -> str:
        if is_data(src):
            return shown_data_address(src) or ""
        safe = safe_href(src) or ""
        if not safe or not options.image_base_url or not is_relative(safe):
            return safe
        return f"{options.image_base_url.rstrip('/')}/{quote(safe.lstrip('/'), safe='/%')}"

    def source_markup(node: Node) -> str:
        return _read_source_markup(node, report)

    return Hooks(
        report=report, clean=clean, address=address, picture=picture, source_markup=source_markup
    )


def _read_source_markup(node: Node, report: ReportLoss) -> str:
    """Returns the markup of a node's Origin if it still reads as the same node and holds no active
    content.

    Players with an https address are allowed, as in Substack's own export.
    """
    from ...html.read.parse import parse_fragment

    markup = node.origin.markup if node.origin is not None else ""
    parsed = parse_fragment(markup, line=node.line, exact=True, skip=ICONS)
    if _LOADS.search(markup) or any(
        type(event) is tuple and not _is_still(*event) for event in parsed.events
    ):
        report(
            Outcome.SIMPLIFIED,
            node,
            "the original markup was not written, since it contains active content",
        )
        return ""
    again = type_nodes(parsed.blocks, events=parsed.events).body
    inside = getattr(again[0], "children", ()) if len(again) == 1 else ()
    wanted = _with_children_alone(node)
    same = any(
        len(read) == 1 and type(read[0]) is type(node) and _with_children_alone(read[0]) == wanted
        for read in (again, inside)
    )
    return markup if same else ""


def _with_children_alone(node: Node) -> Node:
    """Returns ``node`` without the origins and positions of its descendants, which Markdown does
    not keep.
    """

    def visit(below: Node) -> Node:
        return msgspec.structs.replace(below, origin=None) if below.origin is not None else below

    bare: Node = rewrite(node, visit)
    return msgspec.structs.replace(bare, origin=node.origin)


def _is_still(name: str, attributes: Mapping[str, str] | None) -> bool:
    """Whether an element has no active content and no unsafe address."""
    return attributes is None or (
        name not in _ACTIVE
        and (name != "iframe" or attributes.get("src", "https://").startswith("https://"))
        and "srcdoc" not in attributes
        and (name != "link" or attributes.get("rel") == "stylesheet")
        and not any(
            key.startswith("on")
            or key in ("action", "formaction")
            or (key in _ADDRESSES and safe_href(value) is None)
            for key, value in attributes.items()
        )
    )


_ACTIVE = frozenset("base embed frame meta object script".split())
_LOADS = lazy_pattern(r"<style[^>]*>[^<]*(?:url\(|@import|expression|\\\\)", re.I)
"""Matches a style sheet that loads something."""
_ADDRESSES = frozenset({"href", "src", "xlink:href", "action", "formaction", "poster", "data"})


WRITER = ArchiveWriter()
