"""Turns newsletter and blog posts into books.

::

    posts = clothbound.read("posts/")
    book = clothbound.book(posts, year=2023, title="Letters")
    clothbound.write(book, "epub").save("2023.epub")

Importing this loads no engine, no parser of HTML and no picture library.
"""

from .api import book, check, convert, read, to_html, write
from .batch import convert_many
from .diagnostics import Code, Diagnostic, LossReport, Severity
from .errors import ClothboundError
from .limits import Limits
from .manuscript import ImportReport, import_archive
from .model.post import Collection, Post

__version__ = "0.1.0"

__all__ = [
    "ClothboundError",
    "Code",
    "Collection",
    "Diagnostic",
    "ImportReport",
    "Limits",
    "LossReport",
    "Post",
    "Severity",
    "book",
    "check",
    "convert",
    "convert_many",
    "import_archive",
    "read",
    "to_html",
    "write",
]
