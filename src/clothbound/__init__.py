"""Turns newsletter and blog posts into books.

::

    posts = clothbound.read("posts/")
    book = clothbound.book(posts, year=2023, title="Letters")
    clothbound.write(book, clothbound.Epub(toc_depth=2)).save("2023.epub")

Importing this package loads no engine, no HTML parser and no picture library. Options of formats, the fetcher,
imports and batches are loaded when their names are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .api import book, check, convert, read, to_html, write
from .artifact import Artifact
from .diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
from .errors import (
    ClothboundError,
    FilterError,
    LimitError,
    LossError,
    ManifestError,
    MissingEngineError,
    OptionError,
    ReadError,
    ResourceError,
    UnknownFormatError,
    UsageError,
    WriteError,
)
from .limits import Limits
from .model.book_info import BookInfo, Series
from .model.collection import Collection
from .model.post import Post
from .run import Run

if TYPE_CHECKING:
    from .anthology.order import Order
    from .anthology.select import Select
    from .batch import convert_many
    from .kdp.options import Kdp
    from .manuscript import ImportReport, import_archive
    from .media.fetch import Fetcher
    from .readers.html import HtmlInput
    from .readers.json import JsonInput
    from .readers.markdown import MarkdownInput, ObsidianInput
    from .readers.rss import FeedInput
    from .readers.substack import SubstackInput
    from .writers.epub.package import Epub
    from .writers.html import Html, HtmlFragment
    from .writers.json import Json, Jsonl
    from .writers.markdown import Markdown
    from .writers.pdf import Pdf
    from .writers.rss import Rss
    from .writers.site import Site
    from .writers.substack.archive import SubstackArchive
    from .writers.substack.editor import SubstackEditor
    from .writers.substack.paste import SubstackPaste
    from .writers.text import PlainText

__version__ = "0.1.0"

_MODULES = {
    "Epub": "writers.epub.package",
    "FeedInput": "readers.rss",
    "Fetcher": "media.fetch",
    "Html": "writers.html",
    "HtmlFragment": "writers.html",
    "HtmlInput": "readers.html",
    "ImportReport": "manuscript",
    "Json": "writers.json",
    "JsonInput": "readers.json",
    "Jsonl": "writers.json",
    "Kdp": "kdp.options",
    "Markdown": "writers.markdown",
    "MarkdownInput": "readers.markdown",
    "ObsidianInput": "readers.markdown",
    "Order": "anthology.order",
    "Pdf": "writers.pdf",
    "PlainText": "writers.text",
    "Rss": "writers.rss",
    "Select": "anthology.select",
    "Site": "writers.site",
    "SubstackArchive": "writers.substack.archive",
    "SubstackEditor": "writers.substack.editor",
    "SubstackInput": "readers.substack",
    "SubstackPaste": "writers.substack.paste",
    "convert_many": "batch",
    "import_archive": "manuscript",
}
"""The module of each public name that is loaded when the name is first used."""

__all__ = [
    "Artifact",
    "BookInfo",
    "ClothboundError",
    "Collection",
    "Diagnostic",
    "DiagnosticCode",
    "Epub",
    "FeedInput",
    "Fetcher",
    "FilterError",
    "Html",
    "HtmlFragment",
    "HtmlInput",
    "ImportReport",
    "Json",
    "JsonInput",
    "Jsonl",
    "Kdp",
    "LimitError",
    "Limits",
    "LossError",
    "LossReport",
    "ManifestError",
    "Markdown",
    "MarkdownInput",
    "MissingEngineError",
    "ObsidianInput",
    "OptionError",
    "Order",
    "Pdf",
    "PlainText",
    "Post",
    "ReadError",
    "ResourceError",
    "Rss",
    "Run",
    "Select",
    "Series",
    "Severity",
    "Site",
    "SubstackArchive",
    "SubstackEditor",
    "SubstackInput",
    "SubstackPaste",
    "UnknownFormatError",
    "UsageError",
    "WriteError",
    "book",
    "check",
    "convert",
    "convert_many",
    "import_archive",
    "read",
    "to_html",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
