"""Turns newsletter and blog posts into books.

::

    posts = clothbound.read("posts/")
    book = clothbound.book(posts, year=2023, title="Letters")
    clothbound.write(book, clothbound.Epub(toc_depth=2)).save("2023.epub")

The public modules are this one, ``model`` (posts and their nodes), ``options`` (formats, books and runs),
``plan`` (books that a book.toml plans), ``filters``, ``errors``, ``plugins`` and ``testing`` (for plug-ins). docs/reference/api.md lists their names; all other modules may change at any time.

Importing this package loads nothing: each name is loaded when it is first used.
"""

from typing import TYPE_CHECKING

from .late_names import load_late, load_module

if TYPE_CHECKING:
    from .api import book, check, compare, convert, read, to_html, write
    from .artifact import Artifact
    from .batch.convert_many import convert_many
    from .batch.worker import Costs, Result
    from .diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
    from .errors import ClothboundError
    from .limits import Limits
    from .manuscript import Change, ImportReport, import_archive
    from .model.book_info import BookInfo, Series
    from .model.collection import Collection
    from .model.post import Post
    from .options import (
        BearBlogInput,
        BeehiivInput,
        BloggerInput,
        ButtondownInput,
        DevToInput,
        Epub,
        EpubInput,
        FeedInput,
        Fetcher,
        GhostInput,
        Html,
        HtmlFragment,
        HtmlInput,
        Json,
        JsonFeed,
        JsonFeedInput,
        JsonInput,
        Jsonl,
        Kdp,
        Markdown,
        MarkdownInput,
        MediumInput,
        MovableTypeInput,
        ObsidianInput,
        Order,
        Pandoc,
        PandocInput,
        Pdf,
        PlainText,
        Rss,
        Select,
        Site,
        SiteInput,
        SubstackArchive,
        SubstackEditor,
        SubstackInput,
        SubstackPaste,
        TumblrInput,
        WordPressInput,
        WriteAsInput,
    )
    from .progress import Progress
    from .run import Run
    from .verify import Comparison, ContentCounts

__version__ = "0.1.0"

_MODULES = {
    "Artifact": "artifact",
    "BearBlogInput": "options",
    "BeehiivInput": "options",
    "BloggerInput": "options",
    "BookInfo": "model.book_info",
    "ButtondownInput": "options",
    "Change": "manuscript",
    "ClothboundError": "errors",
    "Collection": "model.collection",
    "Comparison": "verify",
    "ContentCounts": "verify",
    "Costs": "batch.worker",
    "DevToInput": "options",
    "Diagnostic": "diagnostics",
    "DiagnosticCode": "diagnostics",
    "Epub": "options",
    "EpubInput": "options",
    "FeedInput": "options",
    "Fetcher": "options",
    "GhostInput": "options",
    "Html": "options",
    "HtmlFragment": "options",
    "HtmlInput": "options",
    "ImportReport": "manuscript",
    "Json": "options",
    "JsonFeed": "options",
    "JsonFeedInput": "options",
    "JsonInput": "options",
    "Jsonl": "options",
    "Kdp": "options",
    "Limits": "limits",
    "LossReport": "diagnostics",
    "Markdown": "options",
    "MarkdownInput": "options",
    "MediumInput": "options",
    "MovableTypeInput": "options",
    "ObsidianInput": "options",
    "Order": "options",
    "Pandoc": "options",
    "PandocInput": "options",
    "Pdf": "options",
    "PlainText": "options",
    "Post": "model.post",
    "Progress": "progress",
    "Result": "batch.worker",
    "Rss": "options",
    "Run": "run",
    "Select": "options",
    "Series": "model.book_info",
    "Severity": "diagnostics",
    "Site": "options",
    "SiteInput": "options",
    "SubstackArchive": "options",
    "SubstackEditor": "options",
    "SubstackInput": "options",
    "SubstackPaste": "options",
    "TumblrInput": "options",
    "WordPressInput": "options",
    "WriteAsInput": "options",
    "book": "api",
    "check": "api",
    "compare": "api",
    "convert": "api",
    "convert_many": "batch.convert_many",
    "import_archive": "manuscript",
    "read": "api",
    "to_html": "api",
    "write": "api",
}
"""The module of each public name, which is loaded when the name is first used."""

__all__ = [
    "Artifact",
    "BearBlogInput",
    "BeehiivInput",
    "BloggerInput",
    "BookInfo",
    "ButtondownInput",
    "Change",
    "ClothboundError",
    "Collection",
    "Comparison",
    "ContentCounts",
    "Costs",
    "DevToInput",
    "Diagnostic",
    "DiagnosticCode",
    "Epub",
    "EpubInput",
    "FeedInput",
    "Fetcher",
    "GhostInput",
    "Html",
    "HtmlFragment",
    "HtmlInput",
    "ImportReport",
    "Json",
    "JsonFeed",
    "JsonFeedInput",
    "JsonInput",
    "Jsonl",
    "Kdp",
    "Limits",
    "LossReport",
    "Markdown",
    "MarkdownInput",
    "MediumInput",
    "MovableTypeInput",
    "ObsidianInput",
    "Order",
    "Pandoc",
    "PandocInput",
    "Pdf",
    "PlainText",
    "Post",
    "Progress",
    "Result",
    "Rss",
    "Run",
    "Select",
    "Series",
    "Severity",
    "Site",
    "SiteInput",
    "SubstackArchive",
    "SubstackEditor",
    "SubstackInput",
    "SubstackPaste",
    "TumblrInput",
    "WordPressInput",
    "WriteAsInput",
    "book",
    "check",
    "compare",
    "convert",
    "convert_many",
    "import_archive",
    "read",
    "to_html",
    "write",
]


_PUBLIC_MODULES = ("errors", "filters", "model", "options", "plan", "plugins", "testing")


def __getattr__(name: str) -> object:
    if name in _PUBLIC_MODULES:
        return load_module(f"{__name__}.{name}")
    return load_late(__name__, _MODULES, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
