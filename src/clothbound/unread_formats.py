"""Knows the formats of books, documents and exports that no reader takes, and what makes of them one that is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from .console_text import list_some
from .formats import ArchiveFiles
from .lazy_pattern import lazy_pattern
from .media.sniffing import begins_zip
from .model.slugs import POST_FILES

_PALM = slice(60, 68)
"""The type and the creator in the header of a Palm database (PDB), of which MOBI is one."""

_BEGINNING = 2_000
"""The number of bytes of a file in a ZIP by which its kind is told."""
_MOST_FILES = 50
"""The most files of a folder or a ZIP whose beginnings are read."""
_PACKED = (".zip", ".textpack", ".bear2bk")
"""The extensions of ZIPs that readers take."""
_DATA = frozenset({".csv", ".json", ".txt", ".xml"})
"""The extensions of files in which exports keep posts."""
_OF_NOTION = lazy_pattern(r"(?:.*/)?[^/]+ [0-9a-f]{32}\.html")


class _Kind(NamedTuple):
    name: str
    hint: str
    extensions: frozenset[str]
    heads: tuple[bytes, ...] = ()
    file: str = ""
    """A file in the ZIP that a document of this kind is."""
    beginning: re.Pattern[bytes] | None = None
    """Matches the beginning of such a file, or of a file in the root of such a ZIP or folder."""
    names: re.Pattern[str] | None = None
    """Matches a file that only such a ZIP or folder has."""
    every_name: re.Pattern[str] | None = None
    """Matches every file of such a ZIP or folder."""
    may_be_post: bool = False
    """Whether people keep posts in such files, so that one among posts is named."""


_CALIBRE = "make an EPUB of it with calibre (ebook-convert {name} {epub}), and give that"
_EACH = "make a file in Markdown of each post, which {where}, and give their folder"
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
        may_be_post=True,
    ),
    _Kind(
        "a document of an old Word",
        "save it as .docx in Word or LibreOffice",
        frozenset({".doc"}),
        (bytes.fromhex("d0cf11e0a1b11ae1"),),
        may_be_post=True,
    ),
    _Kind("an OpenDocument text", _PANDOC, frozenset({".odt"}), file="styles.xml", may_be_post=True),
    _Kind(
        "a document of Pages",
        "export it as EPUB or Word in Pages",
        frozenset({".pages"}),
        file="Index/Document.iwa",
        may_be_post=True,
    ),
    _Kind(
        "a text in the markup of another program",
        _PANDOC,
        frozenset(
            ".creole .dj .dokuwiki .latex .mediawiki .muse .org .rtf .t2t .tex .textile .typ .wiki".split()
        ),
        (b"{\\rtf", b"\\documentclass"),
        may_be_post=True,
    ),
    _Kind(
        "a text in AsciiDoc",
        "make a page of it with Asciidoctor (asciidoctor {name}), and give {html}",
        frozenset({".adoc", ".asc", ".asciidoc"}),
        may_be_post=True,
    ),
    _Kind(
        "a text in Markdown under a name that other programs give it",
        "give it a name that ends in .md",
        frozenset(".markdn .mdoc .mdtext .mdtxt .pandoc .pdc".split()),
        may_be_post=True,
    ),
    _Kind(
        "a text in the format of one program",
        "export it from that program as Markdown or HTML",
        frozenset(".fountain .one .scrivx .tid .ulyz .ulysses .wpd .wps".split()),
        may_be_post=True,
    ),
    _Kind(
        "an export of notes from Evernote",
        "import it into Joplin or Obsidian, export the notes as Markdown, and give their folder",
        frozenset({".enex"}),
        beginning=lazy_pattern(rb"\s*(?:<\?xml[^<>]*>\s*)?<(?:!DOCTYPE )?en-export\b"),
        may_be_post=True,
    ),
    _Kind(
        "a mailbox or a letter",
        "save its letters as HTML in the program for mail, and give their folder with --from html",
        frozenset({".eml", ".emlx", ".mbox", ".msg"}),
        beginning=lazy_pattern(rb"From \S+ [^\n]*\d{4}[^\n]*\n[A-Z][\w-]*:"),
        may_be_post=True,
    ),
    _Kind(
        "an export of Day One",
        "make a file of each of its entries, whose field 'text' is Markdown, and give their folder",
        frozenset({".dayone"}),
        beginning=lazy_pattern(
            rb'\s*\{\s*(?:"metadata"\s*:\s*\{[^{}]*\}\s*,\s*)?"entries"\s*:\s*\[\s*\{[^{}]{0,600}"creation'
        ),
    ),
    _Kind(
        "an export of Write.as or WriteFreely that does not say who may see a post",
        "export it again as JSON, and give that",
        frozenset(),
        beginning=lazy_pattern(rb'id,slug,blog,url,created,title,body\r?\n'),
        every_name=lazy_pattern(r"(?:[\w-]+/){0,2}(?:[\w-]+_)?[a-z0-9]{10,16}\.txt"),
    ),
    _Kind(
        "an export of a blog at Wix",
        "give the feed of the site (https://SITE/blog-feed.xml), which has the latest posts, or pages that the browser"
        " saved",
        frozenset(),
        beginning=lazy_pattern(rb"(?=[^\n]*\bPlain Content\b)(?=[^\n]*\bRich Content\b)[^\n]*\n"),
    ),
    _Kind(
        "an answer of Kit (ConvertKit) with broadcasts",
        "make a file in HTML of each broadcast, which has it as content, and give their folder with --from html",
        frozenset(),
        beginning=lazy_pattern(rb'\s*\{\s*"broadcasts"\s*:\s*\['),
    ),
    _Kind(
        "an answer of Patreon with posts",
        "make a file in HTML of each post, which has it as content, and give their folder with --from html; of a post whose"
        " is_public is false or whose min_cents_pledged_to_view is not 0, not everybody may see the text",
        frozenset(),
        beginning=lazy_pattern(
            rb'\s*\{\s*"data"\s*:\s*\[\s*\{(?=[^\0]{0,2000}"(?:min_cents_pledged_to_view|patreon_url|is_paid)"\s*:)'
        ),
    ),
    _Kind(
        "an archive of Mastodon",
        "give the feed of the account (https://SERVER/@NAME.rss), which has the latest posts that all may read",
        frozenset(),
        beginning=lazy_pattern(
            rb'\s*\{\s*"@context"\s*:(?:(?!"orderedItems")[^\0]){0,800}?"type"\s*:\s*"OrderedCollection"'
        ),
        names=lazy_pattern(r"(?:[^/]+/)?outbox\.json"),
    ),
    _Kind(
        "an archive of Bluesky",
        "give the feed of the account (the address of the profile with /rss behind it), which has the latest posts",
        frozenset({".car"}),
    ),
    _Kind(
        "an export of Roam",
        "export it again as Markdown (Export All > Markdown), and give that ZIP",
        frozenset({".edn"}),
        beginning=lazy_pattern(
            rb'\s*\[\s*\{[^\[\]]{0,400}"(?:(?:create|edit)-time"\s*:\s*\d|children"\s*:\s*\[\s*\{[^\[\]]{0,300}"string"\s*:)'
        ),
    ),
    _Kind(
        "a backup of Standard Notes",
        _EACH.format(where="has it as text; leave out those whose trashed is true"),
        frozenset(),
        beginning=lazy_pattern(
            rb'\s*\{\s*(?:"version"\s*:\s*"\d+"\s*,\s*)?"items"\s*:\s*\[\s*\{[^{}]{0,600}"content_type"'
        ),
        names=lazy_pattern(r"(?:[^/]+/)?Standard Notes Backup and Import File[^/]*\.txt"),
    ),
    _Kind(
        "an export of LiveJournal",
        "bring it into WordPress by its importer of LiveJournal, and give the export of that",
        frozenset(),
        beginning=lazy_pattern(rb"\s*(?:<\?xml[^<>]*>\s*)?<livejournal\b"),
    ),
    _Kind(
        "an answer of a site by Drupal",
        "give the feed of the site (https://SITE/rss.xml), or pages that the browser saved",
        frozenset(),
        beginning=lazy_pattern(rb'\s*\{\s*"jsonapi"\s*:|\s*(?:<\?xml[^<>]*>\s*)?<node_export\b'),
    ),
    _Kind(
        "an export of Hashnode",
        "let Hashnode keep the posts in a repository of GitHub, as it offers, and give the folder of that;"
        " or give the blog's feed (https://NAME.hashnode.dev/rss.xml)",
        frozenset(),
        beginning=lazy_pattern(
            rb'\s*(?:\{\s*"posts"\s*:\s*)?\[\s*\{(?=[^\0]{0,2000}"contentMarkdown"\s*:)'
        ),
    ),
    _Kind(
        "an export of Telegram",
        "export it as HTML, and give its file messages.html, which is one post with all messages; for a post of each, make a file in Markdown of"
        " each, which has its words in result.json as text, and give their folder",
        frozenset(),
        beginning=lazy_pattern(
            rb'\s*\{\s*"name"\s*:[^\n{}\[\]]{0,400},\s*"type"\s*:\s*"[a-z_]*(?:channel|chat|group|messages)"\s*,\s*"id"'
            rb'|\s*\{\s*"about"\s*:[^\n{}\[\]]{0,800},\s*"(?:personal_information|chats)"'
        ),
        names=lazy_pattern(r"(?:[^/]+/)?messages\d*\.html"),
    ),
    _Kind(
        "a site of Kirby",
        "give the feed of the site, if it has one, or pages that the browser saved; or make a file in Markdown of each post,"
        " which has its words in its .txt below Text:, and give their folder",
        frozenset(),
        names=lazy_pattern(r"(?:[^/]+/)*\d+_[\w-]+/[a-z][\w-]*(?:\.[a-z]{2})?\.txt"),
    ),
    _Kind(
        "a post of Mirror",
        _EACH.format(where="has its words in its field 'body' as Markdown, beside its title and the seconds of its day since 1970"),
        frozenset(),
        beginning=lazy_pattern(rb'\s*\{\s*"content"\s*:\s*\{\s*"(?:body|timestamp|title)"\s*:'),
    ),
    _Kind(
        "an archive of Cohost",
        _EACH.format(where="has its words in its post.json; those in published alone were public"),
        frozenset(),
        names=lazy_pattern(r"(?:[^/]+/)*project/[^/]+/posts/[^/]+/[^/]+/post\.json"),
    ),
    _Kind(
        "an export of Joplin with its own data",
        "export it again as Markdown with front matter (File > Export all > MD - Markdown + Front Matter), and give"
        " that folder",
        frozenset({".jex"}),
        every_name=lazy_pattern(r"(?:[^/]+/)?(?:[0-9a-f]{32}\.md|resources(?:/.*)?)"),
    ),
    _Kind(
        "an export of Mailchimp",
        "unpack it, and give its folder campaigns_content with --from html; days and states are not in it",
        frozenset(),
        names=lazy_pattern(r"(?:[^/]+/)?(?:campaigns_content/[^/]+\.html|campaigns\.csv)"),
    ),
    _Kind(
        "a packed archive of another kind than ZIP",
        "unpack it, and give the folder or the file that comes out",
        frozenset(".7z .bz2 .gz .rar .tar .tgz .txz .xz .zst".split()),
        (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"),
    ),
    _Kind(
        "a database",
        "export the posts from the program that keeps them in it, such as WordPress (Tools > Export)",
        frozenset(".sql .sqlite .sqlite3".split()),
        (b"SQLite format 3\0",),
    ),
)  # fmt: skip


POST_EXTENSIONS = frozenset().union(*(kind.extensions for kind in _KINDS if kind.may_be_post))
"""The extensions of such files in which people keep posts."""


class UnreadFormat(NamedTuple):
    """A format that no reader takes."""

    name: str
    hint: str


def unread_format(
    name: str, suffix: str, head: bytes, list_files: Callable[[], ArchiveFiles | None]
) -> UnreadFormat | None:
    """Returns what a source is that no reader accepted, by its beginning, its extension, and the files in a ZIP or a
    folder, which has no beginning.
    """
    kind, holds = _of_beginning(head), ""
    if kind is None and head[_PALM] in (b"BOOKMOBI", b"TEXtREAd"):
        kind = _of_extension(".mobi")
    files = list_files() if kind is None and (not head or begins_zip(head)) else None
    if files is not None:
        inner = files.names
        zips = [one for one in inner if one.lower().endswith(_PACKED)]
        if head and zips and len(zips) == len(inner):
            hint = f"unpack it, and give what is in it: {list_some(zips)}"
            return UnreadFormat("a ZIP of other ZIPs", hint)
        if any(map(_OF_NOTION.fullmatch, inner)):
            hint = "export it again, and choose Markdown & CSV"
            return UnreadFormat("an export of Notion as HTML", hint)
        kind = _of_files(inner)
        if kind is None and not any(one.lower().endswith(POST_FILES) for one in inner):
            kind, holds = _of_one_file(files, inner, is_folder=not head)
            if kind is None and zips and not head:
                hint = f"give what it holds by itself: {list_some(zips)}"
                return UnreadFormat("a folder without posts", hint)
    if kind is None and head:
        kind = _of_extension(suffix)
    if kind is None:
        return None
    shown = holds or name or "FILE"
    stem = shown.removesuffix(suffix) if suffix and not holds else shown
    values = {
        "{name}": shown,
        "{epub}": f"{stem}.epub",
        "{json}": f"{stem}.json",
        "{html}": f"{stem}.html",
    }
    hint = kind.hint
    for mark, value in values.items():
        hint = hint.replace(mark, _quoted(value))
    if holds and not head:
        return UnreadFormat(f"a folder with {holds}, {kind.name}", hint)
    return UnreadFormat(kind.name, hint)


def _of_files(names: Sequence[str]) -> _Kind | None:
    """Returns what a ZIP or a folder with these files is."""
    for kind in _KINDS:
        is_own = kind.names is not None and any(map(kind.names.fullmatch, names))
        if is_own or (kind.file and kind.file in names) or _are_all(kind, names):
            return kind
    return None


def _are_all(kind: _Kind, names: Sequence[str]) -> bool:
    return (
        kind.every_name is not None and bool(names) and all(map(kind.every_name.fullmatch, names))
    )


def unread_texts(names: Sequence[str]) -> UnreadFormat | None:
    """Returns whose own data the files of a folder or a ZIP are, though they look like posts."""
    kind = next((kind for kind in _KINDS if _are_all(kind, names)), None)
    return UnreadFormat(kind.name, kind.hint) if kind is not None else None


def _of_one_file(
    files: ArchiveFiles, names: Sequence[str], *, is_folder: bool
) -> tuple[_Kind | None, str]:
    """Returns what a file at the top of a ZIP or a folder is by its beginning, in a folder also by its extension, and the
    name of that file.
    """
    for name in [one for one in names if "/" not in one][:_MOST_FILES]:
        suffix = PurePosixPath(name).suffix.lower()
        is_data = suffix in _DATA
        kind = (
            _of_beginning(files.read_start(name, _BEGINNING)) if is_data else _of_extension(suffix)
        )
        if kind is not None and (is_data or (is_folder and not kind.may_be_post)):
            return kind, name
    return None, ""


def _of_beginning(head: bytes) -> _Kind | None:
    text = head.removeprefix(b"\xef\xbb\xbf")
    for kind in _KINDS:
        if (kind.heads and head.startswith(kind.heads)) or (
            kind.beginning and kind.beginning.match(text)
        ):
            return kind
    return None


def _of_extension(suffix: str) -> _Kind | None:
    return next((kind for kind in _KINDS if suffix in kind.extensions), None)


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
