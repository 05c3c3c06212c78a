"""The names of files, for every writer: the only place where one is made of a post, a title or a tag.

A name can be a file's on every system: Windows' own names and characters, dots and blanks at the end,
control and bidirectional characters leave it; it is short enough with its extension (file systems
count up to 255 bytes), in composed form (NFC), and no two names of a product differ in case only.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, count
from pathlib import PurePosixPath

from .lazy_pattern import lazy_pattern
from .model.index import Index, ascii_slug, post_slug
from .model.post import Metadata

_DEVICES = lazy_pattern(r"(?i)con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]")
"""Names that no file may have on Windows, whatever their extension."""
_NOT_IN_NAMES = lazy_pattern(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\ud800-\udfff]+')
_SPACES = lazy_pattern(r"\s+")
_JOINERS = "\u200c\u200d"
"""Invisible characters that words of Persian, Hindi and others are spelled with."""
_UUID = lazy_pattern(r"([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NOT_IN_KEYS = lazy_pattern(r"[^A-Za-z0-9._-]+")
_TITLE_BYTES = 200
_SLUG_LETTERS = 80
_SLUG_BYTES = 120
_KEY_LETTERS = 60
_HASH = 8
_PICTURE_HASH = 16

_POST_FILES = frozenset(
    ".md .markdown .mdown .mkd .mdx .qmd .rmd .txt .html .htm .xhtml".split(" ")
)
"""What a file is called that holds one post, so that its name is the post's."""
_OF_EVERY_FOLDER = frozenset("index _index post readme article content main page text".split(" "))
"""What the file of a post is called where each has a folder of its own, whose name is the post's."""
_TAKEN = "index"
"""The page of a folder itself."""


def file_names(index: Index, *, own_first: bool = False) -> dict[str, str]:
    """Key to the name of a post's file, without its extension.

    It is the post's slug, else the name of its own file (of its folder, where each post has one),
    else its title, else its key. ``own_first``: the name of its own file goes before its slug, and
    stands as it is, for products whose links lead from file to file as they did. Where several
    posts ask for a name none has it: each takes what it has next, at last the name with what tells
    their keys apart.

    The names are the same whichever posts of a collection are in ``index``, and a post that is not
    public takes no name from one that is.
    """
    every = {metadata.key: metadata for metadata in (*index.whole, *index)}
    names: dict[str, str] = {}
    taken = {_TAKEN}
    public: list[Metadata] = []
    other: list[Metadata] = []
    for metadata in every.values():
        (public if metadata.is_for_everyone else other).append(metadata)
    sources = Counter(metadata.source for metadata in every.values())
    for posts in (public, other):
        wishes = {
            m.key: _wishes(m, has_file=sources[m.source] == 1, own_first=own_first) for m in posts
        }
        _give(wishes, names, taken)
    return {metadata.key: names[metadata.key] for metadata in index}


def _give(wishes: dict[str, Sequence[str]], names: dict[str, str], taken: set[str]) -> None:
    """Gives each post the first of its wishes that no other asks for and nobody has."""
    waiting = dict(wishes)
    for turn in range(max(map(len, wishes.values()), default=0)):
        asked = {key: given[turn] for key, given in waiting.items() if turn < len(given)}
        times = Counter(map(_folded, asked.values()))
        for key, wish in asked.items():
            if times[_folded(wish)] == 1 and _folded(wish) not in taken:
                names[key] = wish
                del waiting[key]
        taken.update(_folded(names[key]) for key in asked if key in names)
    for key in sorted(waiting):
        own = _of_key(key)
        given = next(iter(waiting[key]), "")
        # A key that is made of the name says it already.
        name = own if not given or own.startswith(f"{given}-") else f"{given}-{own}"
        names[key] = free_name(_allowed(name), taken, _digest(key))


def _of_key(key: str) -> str:
    """A key as a part of a file's name: of a UUID eight digits will do."""
    short = _UUID.sub(r"\1", _NOT_IN_KEYS.sub("-", key).strip(".-")) or "post"
    return short if len(short) <= _KEY_LETTERS else _digest(key)


def _wishes(metadata: Metadata, *, has_file: bool, own_first: bool) -> Sequence[str]:
    """``has_file``: it came from a file of its own, and not with others from a feed, say."""
    path = PurePosixPath(metadata.source.replace("\\", "/"))
    if not has_file or path.suffix.lower() not in _POST_FILES or path.name.startswith(("<", ".")):
        path = PurePosixPath()
    slug = slug_of(post_slug(metadata))
    stem = file_name(path.stem, "") if own_first else slug_of(path.stem)
    folder, title = slug_of(path.parent.name), slug_of(metadata.title)
    # A folder of a year or a month tells less than the title.
    around = [folder, title] if folder.strip("0123456789-") else [title, folder]
    if path.stem.lower() in _OF_EVERY_FOLDER:
        wishes = [slug, *around, stem]
    elif own_first:
        wishes = [stem, slug, *around]
    else:
        wishes = [slug, stem, *around]
    return list(dict.fromkeys(filter(None, wishes)))


def tag_names(tags: Iterable[str]) -> dict[str, str]:
    """Tag to the name of its page, without extension."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for tag in tags:
        names[tag] = free_name(slug_of(tag), taken, _digest(tag))
    return names


def picture_name(data: bytes, extension: str) -> str:
    """The name of a picture beside pages, made of its bytes, so that it is there once."""
    return f"pictures/{hashlib.sha256(data).hexdigest()[:_PICTURE_HASH]}.{extension}"


def free_name(wish: str, taken: set[str], suffix: str) -> str:
    """``wish``, or with ``suffix`` and a number behind it where it is in ``taken``, to which the name
    is added in the form in which names are compared.
    """
    tried = chain(
        (wish, f"{wish}-{suffix}".strip("-")), (f"{wish}-{suffix}-{n}".strip("-") for n in count(2))
    )
    name = next(n for n in tried if n and _folded(n) not in taken)
    taken.add(_folded(name))
    return name


def numbered_names(wishes: Sequence[str]) -> list[str]:
    """``wishes``, of which the first has its name and a later one of the same a number behind it."""
    asked = taken_names(wishes)
    given: set[str] = set()
    numbers: Counter[str] = Counter()
    names = []
    for wish in wishes:
        name = wish
        while _folded(name) in given or (name != wish and _folded(name) in asked):
            numbers[_folded(wish)] += 1
            name = f"{wish}-{numbers[_folded(wish)] + 1}"
        given.add(_folded(name))
        names.append(name)
    return names


def free_post_name(wish: str, taken: set[str], key: str) -> str:
    """The name of a post's file among files that are there already."""
    return free_name(wish, taken, _of_key(key))


def taken_names(names: Collection[str]) -> set[str]:
    """Names that are there already, as ``free_name`` compares them."""
    return set(map(_folded, names))


def file_name(text: str, fallback: str = "book") -> str:
    """A title as a file name, its words as they are; Send to Kindle shows it to the reader."""
    name = unicodedata.normalize("NFC", _without_marks(text))
    name = _SPACES.sub(" ", _NOT_IN_NAMES.sub(" ", name))
    return _allowed(_cut(name.strip(" ."), _TITLE_BYTES).strip(" .")) or fallback


def is_file_name(name: str) -> bool:
    """Whether a name that somebody gave can be a file's as it is."""
    return file_name(name, "") == name != ""


def slug_of(text: str) -> str:
    """A text as lower-case words joined by hyphens: in ASCII where no letter is lost by that."""
    found = ascii_slug(text)
    folded = unicodedata.normalize("NFKD", text)
    if not folded.isascii() and any(ord(c) > 127 and _is_of_word(c, "LN") for c in folded):
        lowered = unicodedata.normalize("NFKC", _without_marks(text)).lower()
        composed = unicodedata.normalize("NFC", lowered)
        letters = (c if _is_of_word(c, "LMN") else "-" for c in composed)
        found = "-".join(filter(None, "".join(letters).split("-")))
    return _allowed(_cut(found[:_SLUG_LETTERS], _SLUG_BYTES).strip("-"))


def _without_marks(text: str) -> str:
    """``text`` without invisible characters that order or join others, but for those of spelling."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf" or c in _JOINERS)


def _is_of_word(character: str, categories: str) -> bool:
    return unicodedata.category(character)[0] in categories


def _allowed(name: str) -> str:
    # Windows looks at what stands before the first dot.
    first, dot, rest = name.partition(".")
    return f"{first}_{dot}{rest}" if _DEVICES.fullmatch(first.rstrip()) else name


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8", "ignore")[:most].decode(errors="ignore")


def _folded(name: str) -> str:
    """A name as file systems compare it that tell neither case nor composition apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH]
