"""The names of posts in addresses: slugs, and the names that a post's file may have."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Protocol

from ..lazy_pattern import lazy_pattern

CHUNK_FILES = (".qmd", ".rmd", ".rmarkdown")
"""The extensions of Markdown whose code in braces is run, by Quarto and R Markdown."""
NOTEBOOK_FILES = (".ipynb",)
"""The extension of notebooks of Jupyter, which are read as such Markdown."""
RUN_FILES = (*CHUNK_FILES, *NOTEBOOK_FILES)
"""The extensions of posts whose code is run."""
MDX_FILE = ".mdx"
"""The extension of Markdown with components and JavaScript, of Astro, Docusaurus, Next and Gatsby."""
SUPERMD_FILE = ".smd"
"""The extension of Zine's Markdown."""
LITERATE_FILES = (".lhs",)
"""The extension of literate Haskell, in which posts of Hakyll may be written: Markdown with code between its words."""
LEKTOR_FILES = (".lr",)
"""The extension of Lektor's pages."""
MARKDOWN_FILES = (
    ".md",
    ".markdown",
    ".mdown",
    ".mdwn",
    ".mkd",
    ".mkdn",
    ".mkdown",
    SUPERMD_FILE,
    *LITERATE_FILES,
    *LEKTOR_FILES,
    *CHUNK_FILES,
    MDX_FILE,
)
RST_FILES = (".rst",)
"""The extension of posts in reStructuredText, of Pelican, Nikola and Sphinx."""
HTML_FILES = (".html", ".htm", ".xhtml")
"""The extensions by which the reader of HTML, and that of Markdown, finds posts in a folder."""
TEXT_FILES = (".txt", ".text")
"""The extensions of any text, which may be Markdown; in a folder, such files are not read."""
WRITTEN_FILES = (*MARKDOWN_FILES, *RST_FILES)
"""The extensions of posts that a person writes as text with marks."""
POST_FILES = (*WRITTEN_FILES, *NOTEBOOK_FILES, *HTML_FILES)
"""The extensions of a post's file, and of the page that a site makes of it."""
BUNDLE = ".textbundle"
"""The extension of a folder that holds one text and its pictures, of Bear, Ulysses and others."""

_SLUG = lazy_pattern(r"[^a-z0-9]+")
_ID_NUMBER = lazy_pattern(r"([0-9]{1,40})(?:\.|\Z)")
# No file may have these names on Windows, whatever the extension.
_DEVICES = lazy_pattern(r"(?i)con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]")
# Invisible characters that Persian, Hindi and other languages use in spelling.
_JOINERS = "\u200c\u200d"
_NOT_IN_NAMES = lazy_pattern(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\ud800-\udfff]+')
_SPACES = lazy_pattern(r"\s+")
_TITLE_BYTES = 200
_SLUG_LETTERS = 80
_SLUG_BYTES = 120

# Extensions of files that hold one post, whose name is then the post's.
_ONE_POST = frozenset((*POST_FILES, *TEXT_FILES))
# Names of post files in folders of their own; the folder's name is then the post's.
_OF_EVERY_FOLDER = frozenset(
    "index _index post readme article content contents main page text".split(" ")
)


class Named(Protocol):
    """The metadata by which a post is named."""

    @property
    def key(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def title(self) -> str: ...


def ascii_slug(text: str) -> str:
    """Returns ``text`` as lower-case ASCII words joined by hyphens; empty if nothing is left."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _SLUG.sub("-", ascii_text.lower()).strip("-")


def post_slug(metadata: Named) -> str:
    """Returns the slug by which links name a post: its own, or the words of Substack's post_id."""
    if metadata.slug:
        return metadata.slug.lower()
    number = number_of_id(metadata.id)
    return metadata.id[len(number) + 1 :].lower() if number else ""


def number_of_id(identifier: str) -> str:
    """Returns the number at the beginning of a Substack id (``123.slug``); empty for other ids."""
    found = _ID_NUMBER.match(identifier)
    return found[1] if found else ""


def name_choices(
    metadata: Named, *, has_file: bool = True, own_first: bool = False
) -> Sequence[str]:
    """Returns the names that a post's file may have, without an extension, best first; ``naming`` chooses.

    ``has_file``: its source file holds no other post.
    """
    path = PurePosixPath(metadata.source.replace("\\", "/"))
    if not has_file or path.suffix.lower() not in _ONE_POST or path.name.startswith(("<", ".")):
        path = PurePosixPath()
    slug = slug_of(post_slug(metadata))
    stem = file_name(path.stem, "") if own_first else slug_of(path.stem)
    folder, title = slug_of(path.parent.name.removesuffix(BUNDLE)), slug_of(metadata.title)
    # The folder of a year or month says less than the title.
    around = [folder, title] if folder.strip("0123456789-") else [title, folder]
    if path.stem.lower().partition("+")[0] in _OF_EVERY_FOLDER:
        wishes = [slug, *around, stem]
    elif own_first:
        wishes = [stem, slug, *around]
    else:
        wishes = [slug, stem, *around]
    return list(dict.fromkeys(filter(None, wishes)))


def slug_of_post(metadata: Named) -> str:
    """Returns the name of a post in addresses and file names, before those of other posts are considered."""
    return next(iter(name_choices(metadata)), metadata.key)


def file_name(text: str, fallback: str = "book") -> str:
    """Returns a title as a file name with its words unchanged: Send to Kindle shows it to readers."""
    name = unicodedata.normalize("NFC", without_marks(text))
    name = _SPACES.sub(" ", _NOT_IN_NAMES.sub(" ", name))
    return without_device_name(cut_bytes(name.strip(" ."), _TITLE_BYTES).strip(" .")) or fallback


def slug_of(text: str) -> str:
    """Returns a text as lower-case words joined by hyphens, in ASCII if that loses no letter."""
    found = ascii_slug(text)
    folded = unicodedata.normalize("NFKD", text)
    if not folded.isascii() and any(ord(c) > 127 and _is_of_word(c, "LN") for c in folded):
        lowered = unicodedata.normalize("NFKC", without_marks(text)).lower()
        composed = unicodedata.normalize("NFC", lowered)
        letters = (c if _is_of_word(c, "LMN") else "-" for c in composed)
        found = "-".join(filter(None, "".join(letters).split("-")))
    return without_device_name(cut_bytes(found[:_SLUG_LETTERS], _SLUG_BYTES).strip("-"))


def without_marks(text: str) -> str:
    """Removes invisible formatting characters, except those that belong to the spelling."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf" or c in _JOINERS)


def _is_of_word(character: str, categories: str) -> bool:
    return unicodedata.category(character)[0] in categories


def without_device_name(name: str) -> str:
    # Windows compares only the part before the first dot.
    first, dot, rest = name.partition(".")
    return f"{first}_{dot}{rest}" if _DEVICES.fullmatch(first.rstrip()) else name


def cut_bytes(text: str, most: int) -> str:
    return text.encode("utf-8", "ignore")[:most].decode(errors="ignore")
