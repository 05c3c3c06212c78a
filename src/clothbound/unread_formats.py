"""Knows the formats of books and documents that no reader takes, and which program makes of them one that is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from .formats import ArchiveFiles
from .lazy_pattern import lazy_pattern

_PALM = slice(60, 68)
"""The type and the creator in the header of a Palm database (PDB), of which MOBI is one."""

_BEGINNING = 2_000
"""The number of bytes of a file in a ZIP by which its kind is told."""
_OF_NOTION = lazy_pattern(r"(?:.*/)?[^/]+ [0-9a-f]{32}\.html")


class _Kind(NamedTuple):
    name: str
    hint: str
    extensions: frozenset[str]
    heads: tuple[bytes, ...] = ()
    file: str = ""
    """A file in the ZIP that a document of this kind is."""
    beginning: re.Pattern[bytes] | None = None
    """Matches the beginning of such a file, or of a file in the root of such a ZIP."""


_CALIBRE = "make an EPUB of it with calibre (ebook-convert {name} {epub}), and give that"
_PANDOC = "make a document tree of it with pandoc (pandoc --extract-media=pictures -t json -o {json} {name}), and give that"
_KINDS = (
    _Kind(
        "a PDF, whose words have places on pages and no order",
        "give what it was made from; if there is nothing else, calibre makes an EPUB of it (ebook-convert {name} {epub}),"
        " in which lines and notes must be mended",
        frozenset({".pdf"}),
        (b"%PDF-",),
    ),
    _Kind(
        "a Kindle book",
        f"{_CALIBRE}; a book with digital rights management cannot be converted",
        frozenset({".mobi", ".azw", ".azw1", ".azw3", ".azw4", ".kfx", ".kpf", ".prc"}),
        (b"\xeaDRMION\xee", b"TPZ0"),
    ),
    _Kind(
        "an e-book of another format than EPUB",
        _CALIBRE,
        frozenset({".fb2", ".fbz", ".lit", ".lrf", ".pdb", ".rb", ".snb", ".tcr", ".chm", ".djvu", ".cbz", ".cbr"}),
        (b"ITOLITLS", b"AT&TFORM"),
    ),
    _Kind(
        "a document of Word",
        _PANDOC,
        frozenset({".docx"}),
        file="word/document.xml",
    ),
    _Kind(
        "a document of an old Word",
        "save it as .docx in Word or LibreOffice",
        frozenset({".doc"}),
        (bytes.fromhex("d0cf11e0a1b11ae1"),),
    ),
    _Kind("an OpenDocument text", _PANDOC, frozenset({".odt"}), file="styles.xml"),
    _Kind(
        "a document of Pages",
        "export it as EPUB or Word in Pages",
        frozenset({".pages"}),
        file="Index/Document.iwa",
    ),
    _Kind(
        "a text in the markup of another program",
        _PANDOC,
        frozenset({".rtf", ".tex", ".latex", ".org", ".textile", ".typ", ".adoc", ".asciidoc", ".mediawiki"}),
        (b"{\\rtf", b"\\documentclass"),
    ),
    _Kind(
        "an export of notes from Evernote",
        "import it into Joplin or Obsidian, export the notes as Markdown, and give their folder",
        frozenset({".enex"}),
        beginning=lazy_pattern(rb"\s*(?:<\?xml[^<>]*>\s*)?<(?:!DOCTYPE )?en-export\b"),
    ),
    _Kind(
        "a mailbox or a letter",
        "save its letters as HTML in the program for mail, and give their folder with --from html",
        frozenset({".eml", ".emlx", ".mbox", ".msg"}),
        beginning=lazy_pattern(rb"From \S+ [^\n]*\d{4}[^\n]*\n[A-Z][\w-]*:"),
    ),
    _Kind(
        "an export of Day One",
        "make a file of each of its entries, whose field 'text' is Markdown, and give their folder",
        frozenset({".dayone"}),
        beginning=lazy_pattern(
            rb'\s*\{\s*(?:"metadata"\s*:\s*\{[^{}]*\}\s*,\s*)?"entries"\s*:\s*\[\s*\{[^{}]{0,600}"creation'
        ),
    ),
)  # fmt: skip


class UnreadFormat(NamedTuple):
    """A format that no reader takes."""

    name: str
    hint: str


def unread_format(
    name: str, suffix: str, head: bytes, list_files: Callable[[], ArchiveFiles | None]
) -> UnreadFormat | None:
    """Returns what a source is that no reader accepted, by its beginning, its extension, and the files in a ZIP."""
    kind = _of_beginning(head)
    if kind is None and head[_PALM] in (b"BOOKMOBI", b"TEXtREAd"):
        kind = _of_extension(".mobi")
    files = list_files() if kind is None and head.startswith(b"PK") else None
    if files is not None:
        inner = [one for one in files.names if not one.startswith("__MACOSX/")]
        if inner and all(one.lower().endswith(".zip") for one in inner):
            shown = ", ".join(inner[:3]) + (" ..." if len(inner) > 3 else "")
            hint = f"unpack it, and give what is in it: {shown}"
            return UnreadFormat("a ZIP of other ZIPs", hint)
        if any(map(_OF_NOTION.fullmatch, inner)):
            hint = "export it again, and choose Markdown & CSV"
            return UnreadFormat("an export of Notion as HTML", hint)
        kind = next((kind for kind in _KINDS if kind.file and kind.file in files.names), None)
        data = [one for one in inner if one.endswith(".json") and "/" not in one]
        if kind is None and len(data) == 1:
            kind = _of_beginning(files.read_start(data[0], _BEGINNING))
    elif kind is None:
        kind = _of_extension(suffix)
    if kind is None:
        return None
    shown = name or "FILE"
    stem = shown.removesuffix(suffix) if suffix else shown
    return UnreadFormat(
        kind.name,
        kind.hint.format(
            name=_quoted(shown), epub=_quoted(f"{stem}.epub"), json=_quoted(f"{stem}.json")
        ),
    )


def _of_beginning(head: bytes) -> _Kind | None:
    for kind in _KINDS:
        if (kind.heads and head.startswith(kind.heads)) or (
            kind.beginning and kind.beginning.match(head)
        ):
            return kind
    return None


def _of_extension(suffix: str) -> _Kind | None:
    return next((kind for kind in _KINDS if suffix in kind.extensions), None)


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
