"""File names for every writer, made from posts, titles and tags. No other module makes any.

Each name is valid on every system: it has no device names or reserved characters of Windows, no dots or
spaces at the end, and no control or bidirectional characters. It is short enough with its extension (file
systems allow 255 bytes) and in composed form (NFC), and no two names of a product differ only in case.
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
from .model.post_names import POST_FILES

# No file may have these names on Windows, whatever the extension.
_DEVICES = lazy_pattern(r"(?i)con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]")
_NOT_IN_NAMES = lazy_pattern(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\ud800-\udfff]+')
_SPACES = lazy_pattern(r"\s+")
# Invisible characters that Persian, Hindi and other languages use in spelling.
_JOINERS = "\u200c\u200d"
_UUID = lazy_pattern(r"([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NOT_IN_KEYS = lazy_pattern(r"[^A-Za-z0-9._-]+")
_TITLE_BYTES = 200
_SLUG_LETTERS = 80
_SLUG_BYTES = 120
_KEY_LETTERS = 60
_HASH = 8
_PICTURE_HASH = 16

# Extensions of files that hold one post, whose name is then the post's.
_ONE_POST = frozenset((*POST_FILES, ".txt"))
# Names of post files in folders of their own; the folder's name is then the post's.
_OF_EVERY_FOLDER = frozenset("index _index post readme article content main page text".split(" "))
# The name of a folder's own page.
_TAKEN = "index"


def file_names(index: Index, *, own_first: bool = False) -> dict[str, str]:
    """Returns the name of each post's file, without its extension, by the post's key.

    A post is named by its slug, else by its source file (or the folder, where each post has one), else by
    its title, else by its key. With ``own_first`` the unchanged name of the source file precedes the slug,
    for products whose links go from file to file as in the source. A name that several posts ask for goes
    to none of them: each takes its next choice, and in the end the name with a distinguishing part of its
    key.

    The names do not depend on which posts of a collection are in ``index``, and a post that is not public
    takes no name from one that is.
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
    """Gives each post the first of its choices that no other post asks for or has."""
    waiting = dict(wishes)
    for turn in range(max(map(len, wishes.values()), default=0)):
        asked = {key: given[turn] for key, given in waiting.items() if turn < len(given)}
        times = Counter(map(_fold, asked.values()))
        for key, wish in asked.items():
            if times[_fold(wish)] == 1 and _fold(wish) not in taken:
                names[key] = wish
                del waiting[key]
        taken.update(_fold(names[key]) for key in asked if key in names)
    for key in sorted(waiting):
        own = _of_key(key)
        given = next(iter(waiting[key]), "")
        # A key made from the name already contains it.
        name = own if not given or own.startswith(f"{given}-") else f"{given}-{own}"
        names[key] = free_name(_allowed(name), taken, _digest(key))


def _of_key(key: str) -> str:
    """Returns a key as part of a file name; of a UUID, only its first eight digits."""
    short = _UUID.sub(r"\1", _NOT_IN_KEYS.sub("-", key).strip(".-")) or "post"
    return short if len(short) <= _KEY_LETTERS else _digest(key)


def _wishes(metadata: Metadata, *, has_file: bool, own_first: bool) -> Sequence[str]:
    """Returns the names that a post may have, best first. ``has_file``: its source file holds no other post."""
    path = PurePosixPath(metadata.source.replace("\\", "/"))
    if not has_file or path.suffix.lower() not in _ONE_POST or path.name.startswith(("<", ".")):
        path = PurePosixPath()
    slug = slug_of(post_slug(metadata))
    stem = file_name(path.stem, "") if own_first else slug_of(path.stem)
    folder, title = slug_of(path.parent.name), slug_of(metadata.title)
    # The folder of a year or month says less than the title.
    around = [folder, title] if folder.strip("0123456789-") else [title, folder]
    if path.stem.lower() in _OF_EVERY_FOLDER:
        wishes = [slug, *around, stem]
    elif own_first:
        wishes = [stem, slug, *around]
    else:
        wishes = [slug, stem, *around]
    return list(dict.fromkeys(filter(None, wishes)))


def tag_names(tags: Iterable[str]) -> dict[str, str]:
    """Returns the name of each tag's page, without its extension, by the tag."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for tag in tags:
        names[tag] = free_name(slug_of(tag), taken, _digest(tag))
    return names


def picture_name(data: bytes, extension: str) -> str:
    """Returns the name of a picture beside pages, made from its bytes, so that each is saved once."""
    return f"pictures/{hashlib.sha256(data).hexdigest()[:_PICTURE_HASH]}.{extension}"


def free_name(wish: str, taken: set[str], suffix: str) -> str:
    """Returns ``wish``, with ``suffix`` and a number appended if it is in ``taken``.

    The name is added to ``taken`` in the form in which names are compared.
    """
    tried = chain(
        (wish, f"{wish}-{suffix}".strip("-")), (f"{wish}-{suffix}-{n}".strip("-") for n in count(2))
    )
    name = next(n for n in tried if n and _fold(n) not in taken)
    taken.add(_fold(name))
    return name


def numbered_names(wishes: Sequence[str]) -> list[str]:
    """Returns ``wishes`` with a number appended to each that repeats an earlier one."""
    asked = taken_names(wishes)
    given: set[str] = set()
    numbers: Counter[str] = Counter()
    names = []
    for wish in wishes:
        name = wish
        while _fold(name) in given or (name != wish and _fold(name) in asked):
            numbers[_fold(wish)] += 1
            name = f"{wish}-{numbers[_fold(wish)] + 1}"
        given.add(_fold(name))
        names.append(name)
    return names


def free_post_name(wish: str, taken: set[str], key: str) -> str:
    """Returns a name for a post's file that no existing file has."""
    return free_name(wish, taken, _of_key(key))


def taken_names(names: Collection[str]) -> set[str]:
    """Returns existing names in the form in which ``free_name`` compares them."""
    return set(map(_fold, names))


def file_name(text: str, fallback: str = "book") -> str:
    """Returns a title as a file name with its words unchanged: Send to Kindle shows it to readers."""
    name = unicodedata.normalize("NFC", _without_marks(text))
    name = _SPACES.sub(" ", _NOT_IN_NAMES.sub(" ", name))
    return _allowed(_cut(name.strip(" ."), _TITLE_BYTES).strip(" .")) or fallback


def is_file_name(name: str) -> bool:
    """Whether ``name`` is a valid file name without any change."""
    return file_name(name, "") == name != ""


def slug_of(text: str) -> str:
    """Returns a text as lower-case words joined by hyphens, in ASCII if that loses no letter."""
    found = ascii_slug(text)
    folded = unicodedata.normalize("NFKD", text)
    if not folded.isascii() and any(ord(c) > 127 and _is_of_word(c, "LN") for c in folded):
        lowered = unicodedata.normalize("NFKC", _without_marks(text)).lower()
        composed = unicodedata.normalize("NFC", lowered)
        letters = (c if _is_of_word(c, "LMN") else "-" for c in composed)
        found = "-".join(filter(None, "".join(letters).split("-")))
    return _allowed(_cut(found[:_SLUG_LETTERS], _SLUG_BYTES).strip("-"))


def _without_marks(text: str) -> str:
    """Removes invisible formatting characters, except those that belong to the spelling."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf" or c in _JOINERS)


def _is_of_word(character: str, categories: str) -> bool:
    return unicodedata.category(character)[0] in categories


def _allowed(name: str) -> str:
    # Windows compares only the part before the first dot.
    first, dot, rest = name.partition(".")
    return f"{first}_{dot}{rest}" if _DEVICES.fullmatch(first.rstrip()) else name


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8", "ignore")[:most].decode(errors="ignore")


def _fold(name: str) -> str:
    """Returns a name as file systems compare it that ignore case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH]
