"""The names that an EPUB of our own has for its parts. The writer prints them, and the reader makes posts again by them.

A chapter's ids begin with the key of its post, so that ids are unique in the whole book.
"""

from __future__ import annotations

from .lazy_pattern import lazy_pattern

GENERATOR = "clothbound"
COVER_ORIGIN = "clothbound:cover"
"""The name of the metadata that say how the cover was made."""
DRAWN = "drawn"

# The keys of posts contain no underscore, so these names cannot clash with a chapter.
COVER_PAGE = "cover_page.xhtml"
TITLE_PAGE = "title_page.xhtml"
IMPRINT_PAGE = "imprint_page.xhtml"
CONTENTS_PAGE = "contents_page.xhtml"
INDEX_PAGE = "index_page.xhtml"
SERIES_PAGE = "series_page.xhtml"
COLOPHON_PAGE = "colophon_page.xhtml"

CHAPTER_END = ".xhtml"
"""The end of the name of a chapter's file, behind the key of its post."""

LIST_OF_LINKS = "list-of-links"
"""The key of the chapter with the addresses of all links; behind it a hyphen, if a post has that key."""
MENTIONED_IN = "mentioned-in"
"""The class of the line that names the posts that link to a post."""
OPENER = "opener"
"""The class of the header above a chapter's text."""
SUBTITLE = "subtitle"
LINE = "line"
"""The class of the span around a line of verse."""
LONG = "long"
"""The class of what may be broken anywhere, or scrolls: long words in tables, wide formulas."""
PICTURED = "pictured"
"""The class of a paragraph that begins with a picture."""
LINES = "lines"
"""The class of a paragraph of verse: of lines that the author broke."""
BOLD_HEADING = "bold-heading"
"""The class of a paragraph that is bold throughout."""
WIDE = "wide"
"""The class of a table that is set smaller."""
FORMULA = "formula"
"""The class of a picture in place of a formula."""

TITLE = "dcterms.title"
ALTERNATIVE = "dcterms.alternative"
CREATOR = "dcterms.creator"
ISSUED = "dcterms.issued"
MODIFIED = "dcterms.modified"
SUBJECT = "dcterms.subject"
ACCESS_RIGHTS = "dcterms.accessRights"
DRAFT = "draft"
"""The access rights of a post that nobody may see yet."""
UNLISTED = "unlisted"
"""The access rights of a post that stands in no list."""
TEXT_FIELDS = {
    "dcterms.abstract": "description",
    "dcterms.language": "language",
    "dcterms.identifier": "canonical_url",
    "dcterms.type": "kind",
    "clothbound.id": "id",
    "clothbound.slug": "slug",
    "clothbound.cover": "cover",
    "clothbound.cover-alt": "cover_alt",
    "clothbound.cover-caption": "cover_caption",
}
"""The fields of ``Metadata`` that hold one text, by the names that they have in the head of a chapter.

The names are those of the DCMI Metadata Terms, as HTML's registry of names has them, and five of our own.
"""

_ENCODED = lazy_pattern(r"[^\w.-]|_(?=[0-9a-f]{1,6}(?:_|[^\w.-]))")
"""Matches what an id cannot hold, and an underscore that would be read as the beginning of such a code."""
_CODE = lazy_pattern(r"_([0-9a-f]{1,6})_")
_KIND = lazy_pattern(r"(?:-(?:note|mark\d*))?--")


def node_anchor(file_key: str, node_id: str, kind: str = "") -> str:
    """Returns the id of a node in a chapter, ``KEY--ID``; with a ``kind``, ``KEY-KIND--ID``."""
    name = _ENCODED.sub(lambda found: f"_{ord(found[0]):x}_", node_id)
    return f"{file_key}{'-' if kind else ''}{kind}--{name}"


def title_anchor(file_key: str) -> str:
    """Returns the id of a chapter's title."""
    return f"{file_key}-title"


def node_id_of(file_key: str, anchor: str) -> str:
    """Returns the id that a node of the post has: ``two`` for ``31003001--two`` and ``31003001-note--two``."""
    found = _KIND.match(anchor, len(file_key)) if anchor.startswith(file_key) else None
    if found is None:
        return anchor
    return _CODE.sub(lambda code: chr(int(code[1], 16)), anchor[found.end() :])


def file_key_of(file: str) -> str:
    """Returns the key with which the ids of a chapter begin, by the path of its file."""
    return file.rpartition("/")[2].removesuffix(CHAPTER_END)
