"""Makes the kit: the inside first, since its pages decide the rest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .. import api
from ..artifact import Artifact
from ..context import Context
from ..diagnostics import Code, Diagnostic, LossReport, Severity
from ..errors import OptionError, WriteError
from ..formats import Produces
from ..html.language import direction
from ..limits import Limits
from ..model.post import Collection
from . import press
from .press import Paper, Trim

KIT = "kdp"
"""The name under which the command knows the kit among formats."""

_NOT_TO_BE_HAD = frozenset({Code.IMAGE_MISSING, Code.IMAGE_REMOTE, Code.IMAGE_UNREADABLE})
"""What is said of a picture that a placeholder stands for."""
_EBOOK_COVER = "ebook-cover.jpg"
_EBOOK_COVER_SIZE = (1600, 2560)
_COVER_DPI = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class KitOptions:
    """How a book is made ready for Kindle Direct Publishing."""

    trim: Trim = "6x9"
    """The size of the paperback: inches, or A5."""
    paper: Paper = "white"
    """White or cream; it decides how thick the book is."""
    theme: Literal["essay", "novel", "manual"] = "essay"
    """How the paperback looks inside."""
    links: Literal["footnotes", "endnotes", "none"] = "none"
    """Where the addresses of links stand on paper."""
    page_references: bool = True
    """Write the page after a link to another post of the book."""
    grayscale: bool = False
    """Pictures of the paperback in shades of gray, as black ink prints them."""
    css: Path | None = None
    """A style sheet that is applied after the paperback's own."""


class Kit:
    """Found by its name as a writer is; made of the products of several, it is a folder."""

    extension = ""
    media_type = "application/zip"
    options_type = KitOptions
    produces: Produces = "tree"
    public = False
    transforms: tuple[str, ...] = ()

    def assemble(self, collection: Collection, options: KitOptions, **common: Any) -> Artifact:
        """Prepares the kit. ``common`` are the arguments of ``api.write`` after its options.

        Raises OptionError for a style sheet that cannot be read; when the artifact is saved, also for
        a cover, and MissingEngineError without Pango.
        """
        report = LossReport(KIT)
        css = _read(options.css)

        def tree() -> Iterator[tuple[str, bytes]]:
            yield from _files(collection, options, css, common, report)

        return Artifact(report=report, tree=tree)


def _files(
    collection: Collection,
    options: KitOptions,
    css: str,
    common: Mapping[str, Any],
    report: LossReport,
) -> Iterator[tuple[str, bytes]]:
    from ..writers.epub.package import EpubOptions
    from . import sheet, wrap
    from .interior import InteriorWriter

    inside = InteriorWriter(options, css)
    artifact = api.write_with(inside, KIT, collection, options, **common)
    interior = artifact.to_bytes()
    report.accounts.update(artifact.report.accounts)
    report.diagnostics.extend(artifact.report.diagnostics)
    made = inside.made
    assert made is not None
    for message in _refused(made.pages, options):
        report.diagnostics.add(Diagnostic(Code.STORE_RULE, message, severity=Severity.ERROR))
    for picture, dots in made.coarse:
        message = (
            f"picture {picture.src[:200]}: {dots} dots to the inch as it is printed, and KDP asks for"
            " 300. Hint: a larger original, or print it smaller (width=50% in the post)"
        )
        report.diagnostics.add(Diagnostic(Code.STORE_RULE, message, picture.source, picture.line))
    for found in list(artifact.report.diagnostics):
        if found.code in _NOT_TO_BE_HAD:
            message = (
                f"{found.message}: a placeholder stands in its place, and KDP prints none."
                " Hint: --fetch, the picture's file, or leave it out of the post"
            )
            report.diagnostics.add(
                Diagnostic(
                    Code.STORE_RULE, message, found.source, found.line, severity=Severity.ERROR
                )
            )
    yield "interior.pdf", interior

    epub = api.write(collection, "epub", EpubOptions(destination="kdp"), **common)
    ebook = epub.to_bytes()
    report.diagnostics.extend(epub.report.diagnostics)
    yield "ebook.epub", ebook

    cover = _cover_of(ebook)
    for message in _small(cover):
        report.diagnostics.add(Diagnostic(Code.STORE_RULE, message, collection.cover))
    yield _EBOOK_COVER, cover

    spine = press.spine_width(made.pages, options.paper)
    size = wrap.WrapSize.of(press.TRIMS[options.trim], spine)
    words = {key: account.read.words for key, account in report.accounts.items()}
    context = Context(limits=common.get("limits") or Limits(), report=report)
    language = collection.language or collection.index.language
    if direction(language) == "rtl":
        message = (
            "the cover is drawn for a book that opens to the left, and this one opens to the right."
            " Hint: a cover of your own, with the front on the left of the spine"
        )
        report.diagnostics.add(Diagnostic(Code.STORE_RULE, message, severity=Severity.ERROR))
    drawn = wrap.write_wrap(collection, size, made.pages, words, context)
    for message in drawn.messages:
        report.diagnostics.add(Diagnostic(Code.STORE_RULE, message, collection.cover))
    yield "cover.pdf", drawn.data

    facts = sheet.Facts(
        pages=made.pages,
        trim=options.trim,
        paper=options.paper,
        size=size,
        has_spine_text=drawn.has_spine_text,
        embeds=inside.embeds,
        words=sum(words.values()),
    )
    yield "sheet.html", sheet.write_sheet(collection, facts).encode()


def _read(css: Path | None) -> str:
    if css is None:
        return ""
    try:
        return css.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"the style sheet cannot be read: {error}", source=str(css)) from error


def _refused(pages: int, options: KitOptions) -> Iterator[str]:
    most = press.TRIMS[options.trim].most_pages[options.paper]
    if pages < press.FEWEST_PAGES:
        yield (
            f"the paperback has {pages} pages, and KDP prints from {press.FEWEST_PAGES} on."
            " Hint: more posts, a smaller trim, or theme=novel"
        )
    if pages > most:
        yield (
            f"the paperback has {pages} pages, and KDP prints up to {most} at {options.trim} on"
            f" {options.paper} paper. Hint: a larger trim, white paper, or two volumes"
        )


def _cover_of(ebook: bytes) -> bytes:
    """The cover of the Kindle book as a JPEG picture."""
    from PIL import Image

    with zipfile.ZipFile(io.BytesIO(ebook)) as archive:
        name = next((n for n in archive.namelist() if "/images/cover." in f"/{n}"), None)
        if name is None:
            raise WriteError("the Kindle book has no cover")
        data = archive.read(name)
    with Image.open(io.BytesIO(data)) as picture:
        if picture.format == "JPEG":
            return data
        stream = io.BytesIO()
        picture.convert("RGB").save(stream, "JPEG", quality=92, optimize=True)
        return stream.getvalue()


def _small(cover: bytes) -> Iterator[str]:
    from PIL import Image

    with Image.open(io.BytesIO(cover)) as picture:
        width, height = picture.size
    if width < _EBOOK_COVER_SIZE[0] or height < _EBOOK_COVER_SIZE[1]:
        yield (
            f"the cover has {width} x {height} pixels, and KDP advises"
            f" {_EBOOK_COVER_SIZE[0]} x {_EBOOK_COVER_SIZE[1]}. Hint: a larger picture"
        )


WRITER = Kit()
