"""Checks a book against the rules of a destination, one function for each part of the book."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag

from lxml import etree

from ..console_text import format_megabytes
from ..destinations import COVER_SIZE, Destination
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import ResourceError
from ..html.read.block_builders import number
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..media.animation import moves
from ..media.colour import may_be_transparent
from ..media.decode import opened
from ..media.resources import Resource
from ..media.sniffing import sniff
from ..model.language_tags import primary_language
from .documents import (
    check_document,
    check_drawing,
    describe_missing,
    find_pictures,
    is_formula,
    read_ids,
)
from .encryption import check_encryption
from .faults import Fault, PicturePlace
from .font_checks import check_fonts
from .opened_book import DC, OPF, ManifestItem, OpenedBook, parse_xml
from .reading_order import check_reading_order
from .references import IdsByFile, place_of
from .source_post import SourcePost
from .style_checks import check_style

_XHTML = "application/xhtml+xml"
_SVG = "image/svg+xml"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_HEAVIEST = 5
_RIGHT_COVER_SIZE = f"{COVER_SIZE[0]} x {COVER_SIZE[1]} pixels suit all stores"
_NAME = lazy_pattern(r"[A-Za-z0-9._/-]+\Z")


def check_epub(
    data: bytes,
    name: str,
    destination: Destination,
    limits: Limits,
    posts: Mapping[str, SourcePost] | None = None,
) -> tuple[Diagnostic, ...]:
    """Returns what ``destination`` would refuse in the EPUB ``data``, or show badly.

    ``posts`` maps the names of chapters to the posts that they were made from; diagnostics name these
    instead of the files within the book. Raises ReadError if ``data`` is not an EPUB.
    """
    book = OpenedBook.of(data, name, limits)
    examination = _Examination(book, destination, limits, posts)
    places = examination.list_places()
    found = [
        *examination.check_package(len(data)),
        *check_reading_order(book),
        *check_encryption(book),
        *examination.check_cover(),
        *examination.check_navigation(places),
        *examination.check_documents(places),
        *examination.check_pictures(),
        *check_fonts(book, destination),
    ]
    return tuple(_make_diagnostic(f, name, destination, posts) for f in found)


def _make_diagnostic(
    fault: Fault, name: str, destination: Destination, posts: Mapping[str, SourcePost] | None
) -> Diagnostic:
    post = (posts or {}).get(posixpath.basename(fault.file))
    # A book that was made from posts for this check has no file.
    whole = name if posts is None else ""
    inside = f"{name}/{fault.file}" if fault.file else whole
    return Diagnostic(
        DiagnosticCode.STORE_RULE,
        f"{destination.title}: {fault.message}. Hint: {fault.hint}",
        post.source if post else inside,
        post.line_of(fault) if post else fault.line,
        Severity.ERROR if fault.refused else Severity.WARNING,
    )


@dataclass(slots=True)
class _Examination:
    book: OpenedBook
    destination: Destination
    limits: Limits
    posts: Mapping[str, SourcePost] | None

    # the book as a whole

    def check_package(self, size: int) -> Iterator[Fault]:
        destination, book = self.destination, self.book
        most = destination.file_bytes
        if most and size > most:
            yield Fault(
                f"the book has {format_megabytes(size)}, more than the {format_megabytes(most)} that are accepted",
                "make pictures smaller, or make two books; the heaviest: " + self._name_heaviest(),
            )
        if not book.has_mimetype:
            yield Fault(
                "the archive does not begin with the entry mimetype",
                "make mimetype its first file, uncompressed, with the content application/epub+zip",
            )
        yield from self._check_required()
        yield from self._check_language()
        for item in book.items.values():
            if not _NAME.match(item.name):
                yield Fault(
                    f"the file name {item.name!r} has characters other than ASCII letters, digits and . _ -",
                    "rename it",
                    item.name,
                )
            is_checked_later = item.media_type == _XHTML or item.media_type.startswith("image/")
            if not is_checked_later and not book.has(item):
                yield Fault(
                    "the file is listed, but is not in the EPUB", "add it to the EPUB", item.name
                )

    def _name_heaviest(self) -> str:
        """Names the largest files, by their places in posts where these are known."""
        book = self.book
        heavy = sorted(book.items.values(), key=book.packed, reverse=True)[:_HEAVIEST]
        shown = self._find_shown()
        named = []
        for item in heavy:
            file, picture = shown.get(item.name, (item.name, None))
            name = item.name
            if self.posts is not None:
                post = self.posts.get(posixpath.basename(file))
                name = post.place_of(picture) if post else posixpath.basename(name)
            named.append(f"{name} ({format_megabytes(book.packed(item))})")
        return ", ".join(named)

    def _check_required(self) -> Iterator[Fault]:
        book = self.book
        if not (book.package.findtext(f".//{DC}title") or "").strip():
            yield Fault("the book has no title", "give it one", book.package_name)
        if not book.identifier:
            yield Fault(
                "the book has no unique identifier",
                "let the package's unique-identifier name the id of a dc:identifier",
                book.package_name,
            )

    def _check_language(self) -> Iterator[Fault]:
        from babel import Locale, UnknownLocaleError

        tag = (self.book.package.findtext(f".//{DC}language") or "").strip()
        if not tag:
            yield Fault("the book has no language", "give it one", self.book.package_name)
            return
        try:
            Locale.parse(primary_language(tag))
        except (UnknownLocaleError, ValueError):
            yield Fault(
                f"the language {tag!r} is unknown", "use a tag such as en", self.book.package_name
            )

    def check_cover(self) -> Iterator[Fault]:
        book, rules = self.book, self.destination.cover
        marked = [i for i in book.items.values() if "cover-image" in i.properties]
        named = [
            book.items[content]
            for meta in book.package.iter(f"{OPF}meta")
            if meta.get("name") == "cover" and (content := meta.get("content", "")) in book.items
        ]
        cover = next(iter((*marked, *named)), None)
        if cover is None:
            yield Fault(
                "no picture is marked as the cover", "mark one, or let clothbound draw a cover"
            )
            return
        if not named:
            yield Fault(
                "the cover is not marked as EPUB 2 does, and thumbnails are made from that mark",
                'add <meta name="cover" content="ID"/> to the package document',
                book.package_name,
                refused=False,
            )
        if cover.media_type not in rules.types:
            yield Fault(f"the cover is {cover.media_type}", "make it a JPEG", cover.name)
        data = book.read(cover)
        if data is None:
            yield Fault("the cover is not in the EPUB", "add it to the EPUB", cover.name)
            return
        if rules.max_bytes and len(data) > rules.max_bytes:
            yield Fault(
                f"the cover has {format_megabytes(len(data))}, more than the"
                f" {format_megabytes(rules.max_bytes)} that are accepted",
                "save it with a lower quality",
                cover.name,
            )
        yield from self._check_cover_size(cover, data)

    def _check_cover_size(self, cover: ManifestItem, data: bytes) -> Iterator[Fault]:
        rules = self.destination.cover
        try:
            with opened(Resource(data, sniff(data)), self.limits) as picture:
                width, height = picture.size
        except ResourceError:
            return
        if width < rules.least[0] or height < rules.least[1]:
            yield Fault(
                f"the cover has {width} x {height} pixels, fewer than the required"
                f" {rules.least[0]} x {rules.least[1]}",
                _RIGHT_COVER_SIZE,
                cover.name,
            )
        if rules.longest_side and max(width, height) > rules.longest_side:
            yield Fault(
                f"the cover has {width} x {height} pixels, more than the {rules.longest_side}"
                " on a side that are accepted",
                _RIGHT_COVER_SIZE,
                cover.name,
            )

    def check_navigation(self, places: IdsByFile) -> Iterator[Fault]:
        book = self.book
        if not any("nav" in item.properties for item in book.items.values()):
            yield Fault("there is no navigation document", "add one (EPUB 3.3, section 7)")
        ncx = next(book.of_type("application/x-dtbncx+xml"), None)
        data = book.read(ncx) if ncx else None
        if ncx is None or data is None:
            yield Fault(
                "there is no NCX, which Kindle and older readers need", "add one", refused=False
            )
            return
        yield from self._check_ncx(ncx, data, places)

    def _check_ncx(self, ncx: ManifestItem, data: bytes, places: IdsByFile) -> Iterator[Fault]:
        try:
            root = parse_xml(data)
        except (SyntaxError, ValueError) as error:
            yield Fault(f"the NCX is not well-formed: {error}", "correct its markup", ncx.name)
            return
        points = list(root.iter(f"{_NCX}navPoint"))
        depth = max((len(list(p.iterancestors(f"{_NCX}navPoint"))) + 1 for p in points), default=0)
        most = self.destination.contents_levels
        if most and depth > most:
            yield Fault(
                f"the NCX has {depth} levels, of which {most} are shown",
                "use fewer levels (toc_depth)",
                ncx.name,
                refused=False,
            )
        orders = [number(p.get("playOrder", ""), 0) for p in points if p.get("playOrder")]
        if orders != sorted(orders):
            yield Fault(
                "the NCX is not in reading order", "number playOrder in order from 1", ncx.name
            )
        for content in root.iter(f"{_NCX}content"):
            path, fragment = urldefrag(content.get("src", ""))
            missing = describe_missing(path, fragment, ncx.name, places)
            if missing or not path:
                yield Fault(
                    f"an entry of the NCX links to {missing or 'no file'}: {content.get('src', '')[:80]!r}",
                    "link to a document of the book, or remove the entry",
                    ncx.name,
                    content.sourceline or 0,
                )
        given = root.xpath("string(//*[@name='dtb:uid']/@content)")
        if self.book.identifier != given.strip():
            yield Fault(
                "the NCX and the package document have different identifiers",
                "give dtb:uid the identifier of the package document",
                ncx.name,
            )

    # the files of the book

    def check_documents(self, places: IdsByFile) -> Iterator[Fault]:
        most = self.destination.document_bytes
        for item in self.book.of_type(_XHTML):
            data = self.book.read(item)
            if data is None:
                yield Fault("the document is not in the EPUB", "add it to the EPUB", item.name)
                continue
            if most and len(data) > most:
                yield Fault(
                    f"the chapter has {format_megabytes(len(data))}, more than the {format_megabytes(most)}"
                    " that are accepted",
                    "split it",
                    item.name,
                )
            yield from check_document(data, item.name, self.destination, places)
        for item in self.book.of_type("text/css"):
            style = (self.book.read(item) or b"").decode(errors="replace")
            yield from check_style(style, item.name, places)
        for item in self.book.of_type(_SVG):
            yield from check_drawing(self.book.read(item) or b"", item.name, places)

    def list_places(self) -> IdsByFile:
        return {
            item.name: read_ids(self.book.read(item) or b"") if item.media_type == _XHTML else None
            for item in self.book.items.values()
        }

    def check_pictures(self) -> Iterator[Fault]:
        shown = self._find_shown()
        for item in self.book.items.values():
            if not item.media_type.startswith("image/") or "cover-image" in item.properties:
                continue
            file, place = shown.get(item.name, (item.name, None))
            for message, hint in self._check_picture(item):
                name = posixpath.basename(item.name)
                yield Fault(f"{name}: {message}", hint, file, picture=place)

    def _check_picture(self, item: ManifestItem) -> Iterator[tuple[str, str]]:
        rules = self.destination.pictures
        data = self.book.read(item)
        if data is None:
            yield "the picture is not in the EPUB", "add it to the EPUB"
            return
        media_type = sniff(data)
        if media_type != item.media_type:
            yield (
                f"the picture is {media_type}, but is listed as {item.media_type}",
                f"list it as {media_type}",
            )
        if media_type not in rules.accepted:
            # The SVG of a formula is meant for reading systems that show SVG.
            if media_type != _SVG or not is_formula(item.name):
                yield f"pictures of type {media_type} are not shown", "save it as a JPEG or PNG"
            return
        if rules.max_bytes and len(data) > rules.max_bytes:
            yield (
                f"the picture has {format_megabytes(len(data))}, more than the"
                f" {format_megabytes(rules.max_bytes)} that are accepted",
                "make it smaller",
            )
        if media_type != _SVG:
            yield from self._check_pixels(Resource(data, media_type))

    def _check_pixels(self, resource: Resource) -> Iterator[tuple[str, str]]:
        """Yields what the destination refuses of a picture's size, transparency, frames and colours."""
        rules = self.destination.pictures
        try:
            with opened(resource, self.limits) as picture:
                size = picture.size
                alpha = may_be_transparent(picture)
                is_moving = moves(picture)
                ink = picture.mode == "CMYK"
                # Only loading a picture reveals a truncated file.
                picture.load()
        except ResourceError as error:
            yield error.message, "save it again"
            return
        sized = f"the picture has {size[0]} x {size[1]} pixels, more than the"
        if rules.longest_side and max(size) > rules.longest_side:
            yield f"{sized} {rules.longest_side} on a side that are accepted", "make it smaller"
        if rules.max_pixels and size[0] * size[1] > rules.max_pixels:
            yield f"{sized} {rules.max_pixels} in all that are accepted", "make it smaller"
        if alpha and not rules.alpha:
            yield "the picture has transparency", "save it on a white background"
        if is_moving and not rules.animated:
            yield "the picture is animated", "use one of its frames"
        if ink and rules.srgb:
            yield "the picture has the colours of printing ink (CMYK)", "save it in sRGB"

    def _find_shown(self) -> dict[str, tuple[str, PicturePlace | None]]:
        """Returns, by the name of a picture, the first document that shows it and its place there."""
        found: dict[str, tuple[str, PicturePlace | None]] = {}
        for item in self.book.of_type(_XHTML):
            try:
                root = parse_xml(self.book.read(item) or b"")
            except etree.XMLSyntaxError:
                continue
            for element, place in find_pictures(root):
                source = place_of(element.get("src", ""), item.name)
                found.setdefault(source, (item.name, place))
        return found
