"""Reads the content of a finished product: an EPUB, a PDF, a page, a folder of pages, an archive, Markdown, a feed."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from ..errors import ReadError, UsageError, reason_of
from .content import Item, decode
from .feeds import is_json_feed, read_feed, read_json_feed
from .file_forms import MARKDOWN
from .markup import strip_html
from .sources import (
    HTML,
    archived_posts,
    content_of,
    epub_documents,
    read_member,
)


class ProductPart(NamedTuple):
    """A part of a product that is read as a whole: a chapter, a page of a site, an archived post, a PDF."""

    name: str
    items: list[Item]


class ProductContent(NamedTuple):
    """The content of a product. ``format`` is the writer that makes such files."""

    format: str
    documents: list[ProductPart]
    is_paged: bool = False
    """A PDF: its notes may be set as any list, and are there if their words are; links stand behind a page's words."""


def read_product(path: Path) -> ProductContent:
    """Returns the content of a product. Raises ReadError, and UsageError for a file of another kind."""
    try:
        return _read(path)
    except (OSError, zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        reason = reason_of(error)
        raise ReadError(f"cannot be read: {reason}", source=str(path)) from error


def _read(path: Path) -> ProductContent:
    extension = path.suffix.lower()
    if path.is_dir():
        return _folder(path)
    with path.open("rb") as stream:
        head = stream.read(1024)
    if b"%PDF-" in head:
        from .pdf import read_pdf

        return ProductContent("pdf", [ProductPart(path.name, read_pdf(path))], is_paged=True)
    if head.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            if "META-INF/container.xml" in archive.namelist():
                return ProductContent("epub", _epub(archive))
            return ProductContent(
                "substack", [ProductPart(n, items) for n, items in archived_posts(archive)]
            )
    data = path.read_bytes()
    if extension in HTML:
        return ProductContent(
            "html", [ProductPart(path.name, strip_html(decode(data), is_product=True))]
        )
    if extension in MARKDOWN:
        return ProductContent(
            "markdown", [ProductPart(path.name, content_of(data, extension, is_product=True))]
        )
    if extension in (".xml", ".rss"):
        entries = read_feed(data, path.name, is_product=True)
        return ProductContent(
            "rss", [ProductPart(entry.name, list(entry.items)) for entry in entries]
        )
    if extension == ".json" and is_json_feed(data):
        entries = read_json_feed(data, path.name, is_product=True)
        return ProductContent(
            "jsonfeed", [ProductPart(entry.name, list(entry.items)) for entry in entries]
        )
    raise UsageError(
        "is no product that can be held against its source",
        source=str(path),
        hint="it takes EPUB, PDF, HTML, a site, an archive of Substack's, Markdown and RSS",
    )


def _folder(path: Path) -> ProductContent:
    if (path / "posts.csv").is_file():
        raise UsageError(
            "is an unpacked archive", source=str(path), hint="give the ZIP file that was written"
        )
    files = sorted(p for p in path.rglob("*") if p.is_file())
    pages = [p for p in files if p.suffix.lower() in HTML]
    if pages:
        is_site = (path / "index.html").is_file()
        documents = [
            ProductPart(
                p.relative_to(path).as_posix(), strip_html(decode(p.read_bytes()), is_product=True)
            )
            for p in pages
        ]
        return ProductContent("site" if is_site else "html", documents)
    texts = [p for p in files if p.suffix.lower() in MARKDOWN]
    if not texts:
        raise UsageError("has no pages and no Markdown", source=str(path))
    return ProductContent(
        "markdown",
        [
            ProductPart(
                p.relative_to(path).as_posix(),
                content_of(p.read_bytes(), p.suffix.lower(), is_product=True),
            )
            for p in texts
        ],
    )


def _epub(archive: zipfile.ZipFile) -> list[ProductPart]:
    return [
        ProductPart(name, strip_html(decode(read_member(archive, name)), is_product=True))
        for name in epub_documents(archive)
    ]
