"""What readers and writers of plug-ins are made of, beside posts and options.

A reader of text files hands ``read_text_files`` a ``TextFormat``; ``metadata_of`` and ``post_of`` make its metadata and,
from HTML, its posts. A writer with a file for each post names them by ``file_names``. The protocols of readers and writers
are in ``clothbound.testing``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .artifact import FileContent
from .model.post import Metadata
from .naming import file_names
from .post_pictures import leave_addresses
from .readers.front_matter import Header
from .readers.html_post import post_of
from .readers.post_metadata import read_metadata
from .readers.sites.generator import SiteTexts
from .readers.text_files import DecodedText, TextFormat, decode, read_text_files

__all__ = [
    "DecodedText",
    "FileContent",
    "SiteTexts",
    "TextFormat",
    "decode",
    "file_names",
    "leave_addresses",
    "metadata_of",
    "post_of",
    "read_text_files",
]


def metadata_of(fields: Mapping[str, Any], source: str, heading: str = "") -> Metadata:
    """Returns what fields say that have the names of a header in Markdown: ``title``, ``date``, ``tags``, ``draft``.

    ``source`` is the post's file, relative to the folder that was read; ``heading`` is the title where no field is.
    Unknown fields go to ``extra`` unchanged.
    """
    return read_metadata(Header(fields=dict(fields)), source, heading)
