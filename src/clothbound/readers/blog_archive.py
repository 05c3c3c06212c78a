"""Converts the items of a Blog Archive (``.bar``), as Micro.blog and other programs export it: pictures are beside the feed.

Source: Manton Reece's description of the format (manton.org, 2017 and 2021). The feed has each text as HTML, or as Markdown
in the member that is plain text in a feed on the network.
"""

from __future__ import annotations

import msgspec

from ..limits import Limits
from ..model.post import Metadata, Post
from .archive_place import ArchivePlace, place_files
from .entries import EntryText
from .html_post import post_of

MARKDOWN = "markdown"
"""The form of a text that is Markdown."""


def make_archive_post(place: ArchivePlace, text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of an item."""
    if text.form == MARKDOWN:
        from .markdown import make_markdown_post
        from .markdown.options import MarkdownInput

        post = make_markdown_post(text.content, metadata, MarkdownInput(), Limits())
        post = msgspec.structs.replace(post, diagnostics=(*text.findings, *post.diagnostics))
    else:
        post = post_of(text.content, metadata, findings=text.findings)
    return place_files(post, place, text.base)
