"""Everything that one hands to the functions of the library: options of formats, of books and of runs.

An options object knows its format: ``write(book, Epub(toc_depth=2))``, ``read(path, MarkdownInput(dialect="gfm"))``.
Each name is loaded when it is first used.
"""

from typing import TYPE_CHECKING

from .late_names import load_late

if TYPE_CHECKING:
    from .anthology.order import By, Order, PartsBy
    from .anthology.select import Select
    from .api import OnError
    from .destinations import DestinationName
    from .fields import Field
    from .formats import ReaderOptions, Source, WriterOptions
    from .kdp.options import Kdp
    from .kdp.specs import Binding, Ink, Paper
    from .limits import Limits
    from .manuscript.import_report import FolderLayout
    from .media.fetch import Download, FetchedFrom, Fetcher, FetchStats
    from .media.resources import Fetch
    from .model.book_info import BookInfo, Series
    from .page_list import PagePlace, PageStart, PrintedPages
    from .page_sizes import PageName, Trim
    from .progress import HearProgress, Progress
    from .protected_files import FileId, ProtectedFiles
    from .readers.epub import EpubInput
    from .readers.exports.bear_blog import BearBlogInput
    from .readers.exports.beehiiv import BeehiivInput
    from .readers.exports.blogger import BloggerInput
    from .readers.exports.buttondown import ButtondownInput
    from .readers.exports.dev_to import DevToInput
    from .readers.exports.ghost.reader import GhostInput
    from .readers.exports.medium import MediumInput
    from .readers.exports.movable_type import MovableTypeInput
    from .readers.exports.tumblr import TumblrInput
    from .readers.exports.wordpress import WordPressInput
    from .readers.exports.write_as import WriteAsInput
    from .readers.html import HtmlInput
    from .readers.json import JsonInput
    from .readers.json_feed import JsonFeedInput
    from .readers.markdown.options import MarkdownInput, ObsidianInput
    from .readers.markdown.parser import Dialect
    from .readers.pandoc import PandocInput
    from .readers.rss import FeedInput
    from .readers.site import SiteInput
    from .readers.substack import SubstackInput
    from .run import Run
    from .writers.epub.options import Epub
    from .writers.html import Html, HtmlFragment, PicturesAre
    from .writers.json import Json, Jsonl, LineKind
    from .writers.json_feed import JsonFeed
    from .writers.markdown import Header, Markdown
    from .writers.markdown.dialects import DialectName
    from .writers.pandoc import Pandoc, PandocPictures
    from .writers.pdf import Pdf
    from .writers.pdf.engine_choice import EngineName
    from .writers.pdf.page_format import ThemeName
    from .writers.rss import Rss
    from .writers.site import Site
    from .writers.substack.archive import SubstackArchive, Tables
    from .writers.substack.editor import SubstackEditor
    from .writers.substack.importers import Importer
    from .writers.substack.paste import SubstackPaste
    from .writers.text import PlainText

_MODULES = {
    "BearBlogInput": "readers.exports.bear_blog",
    "BeehiivInput": "readers.exports.beehiiv",
    "Binding": "kdp.specs",
    "BloggerInput": "readers.exports.blogger",
    "BookInfo": "model.book_info",
    "ButtondownInput": "readers.exports.buttondown",
    "By": "anthology.order",
    "DestinationName": "destinations",
    "DevToInput": "readers.exports.dev_to",
    "Dialect": "readers.markdown.parser",
    "DialectName": "writers.markdown.dialects",
    "Download": "media.fetch",
    "EngineName": "writers.pdf.engine_choice",
    "Epub": "writers.epub.options",
    "EpubInput": "readers.epub",
    "FeedInput": "readers.rss",
    "Fetch": "media.resources",
    "FetchStats": "media.fetch",
    "FetchedFrom": "media.fetch",
    "Fetcher": "media.fetch",
    "Field": "fields",
    "FileId": "protected_files",
    "FolderLayout": "manuscript.import_report",
    "Header": "writers.markdown",
    "GhostInput": "readers.exports.ghost.reader",
    "HearProgress": "progress",
    "Html": "writers.html",
    "HtmlFragment": "writers.html",
    "HtmlInput": "readers.html",
    "Importer": "writers.substack.importers",
    "Ink": "kdp.specs",
    "Json": "writers.json",
    "JsonFeed": "writers.json_feed",
    "JsonFeedInput": "readers.json_feed",
    "JsonInput": "readers.json",
    "Jsonl": "writers.json",
    "Kdp": "kdp.options",
    "Limits": "limits",
    "LineKind": "writers.json",
    "Markdown": "writers.markdown",
    "MarkdownInput": "readers.markdown.options",
    "MediumInput": "readers.exports.medium",
    "MovableTypeInput": "readers.exports.movable_type",
    "ObsidianInput": "readers.markdown.options",
    "OnError": "api",
    "Order": "anthology.order",
    "PageName": "page_sizes",
    "PagePlace": "page_list",
    "PageStart": "page_list",
    "Pandoc": "writers.pandoc",
    "PandocInput": "readers.pandoc",
    "PandocPictures": "writers.pandoc",
    "Paper": "kdp.specs",
    "PartsBy": "anthology.order",
    "Pdf": "writers.pdf",
    "PicturesAre": "writers.html",
    "PlainText": "writers.text",
    "PrintedPages": "page_list",
    "Progress": "progress",
    "ProtectedFiles": "protected_files",
    "ReaderOptions": "formats",
    "Rss": "writers.rss",
    "Run": "run",
    "Select": "anthology.select",
    "Series": "model.book_info",
    "Site": "writers.site",
    "SiteInput": "readers.site",
    "Source": "formats",
    "SubstackArchive": "writers.substack.archive",
    "SubstackEditor": "writers.substack.editor",
    "SubstackInput": "readers.substack",
    "SubstackPaste": "writers.substack.paste",
    "Tables": "writers.substack.archive",
    "ThemeName": "writers.pdf.page_format",
    "Trim": "page_sizes",
    "TumblrInput": "readers.exports.tumblr",
    "WordPressInput": "readers.exports.wordpress",
    "WriteAsInput": "readers.exports.write_as",
    "WriterOptions": "formats",
}
"""The module of each public name."""

__all__ = [
    "BearBlogInput",
    "BeehiivInput",
    "Binding",
    "BloggerInput",
    "BookInfo",
    "ButtondownInput",
    "By",
    "DestinationName",
    "DevToInput",
    "Dialect",
    "DialectName",
    "Download",
    "EngineName",
    "Epub",
    "EpubInput",
    "FeedInput",
    "Fetch",
    "FetchStats",
    "FetchedFrom",
    "Fetcher",
    "Field",
    "FileId",
    "FolderLayout",
    "GhostInput",
    "Header",
    "HearProgress",
    "Html",
    "HtmlFragment",
    "HtmlInput",
    "Importer",
    "Ink",
    "Json",
    "JsonFeed",
    "JsonFeedInput",
    "JsonInput",
    "Jsonl",
    "Kdp",
    "Limits",
    "LineKind",
    "Markdown",
    "MarkdownInput",
    "MediumInput",
    "MovableTypeInput",
    "ObsidianInput",
    "OnError",
    "Order",
    "PageName",
    "PagePlace",
    "PageStart",
    "Pandoc",
    "PandocInput",
    "PandocPictures",
    "Paper",
    "PartsBy",
    "Pdf",
    "PicturesAre",
    "PlainText",
    "PrintedPages",
    "Progress",
    "ProtectedFiles",
    "ReaderOptions",
    "Rss",
    "Run",
    "Select",
    "Series",
    "Site",
    "SiteInput",
    "Source",
    "SubstackArchive",
    "SubstackEditor",
    "SubstackInput",
    "SubstackPaste",
    "Tables",
    "ThemeName",
    "Trim",
    "TumblrInput",
    "WordPressInput",
    "WriteAsInput",
    "WriterOptions",
]


def __getattr__(name: str) -> object:
    return load_late(__name__, _MODULES, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
