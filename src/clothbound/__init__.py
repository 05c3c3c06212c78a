"""Turns newsletter and blog posts into books.

::

    posts = clothbound.read("posts/")
    book = clothbound.book(posts, year=2023, title="Letters")
    clothbound.write(book, clothbound.Epub(toc_depth=2)).save("2023.epub")

The public modules are this one, ``model`` (posts and their nodes), ``options`` (formats, books and runs),
``plan`` (books that a book.toml plans), ``filters``, ``errors``, ``plugins`` and ``testing`` (for plug-ins). docs/reference/api.md lists their names; all other modules may change at any time.

Importing this package loads no engine, no HTML parser and no picture library. Options of formats, the fetcher,
imports and batches are loaded when their names are first used.
"""

from typing import TYPE_CHECKING

from .api import book, check, compare, convert, read, to_html, write
from .artifact import Artifact
from .diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
from .errors import ClothboundError
from .late_names import load_late
from .limits import Limits
from .model.book_info import BookInfo, Series
from .model.collection import Collection
from .model.post import Post
from .progress import Progress
from .run import Run

if TYPE_CHECKING:
    from .batch import convert_many
    from .batch_worker import Costs, Result
    from .manuscript import Change, ImportReport, import_archive
    from .options import (
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
    )
    from .verify import Comparison, ContentCounts

__version__ = "0.1.0"

_MODULES = {
    "BeehiivInput": "options",
    "BloggerInput": "options",
    "ButtondownInput": "options",
    "Change": "manuscript",
    "Comparison": "verify",
    "ContentCounts": "verify",
    "Costs": "batch_worker",
    "DevToInput": "options",
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
    "Result": "batch_worker",
    "Rss": "options",
    "Select": "options",
    "Site": "options",
    "SiteInput": "options",
    "SubstackArchive": "options",
    "SubstackEditor": "options",
    "SubstackInput": "options",
    "SubstackPaste": "options",
    "TumblrInput": "options",
    "WordPressInput": "options",
    "convert_many": "batch",
    "import_archive": "manuscript",
}
"""The module of each public name that is loaded when the name is first used."""

__all__ = [
    "Artifact",
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


def __getattr__(name: str) -> object:
    return load_late(__name__, _MODULES, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
