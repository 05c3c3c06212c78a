"""File names for every writer, made from posts, titles and tags. No other module makes any.

Each name is valid on every system: it has no device names or reserved characters of Windows, no dots or
spaces at the end, and no control or bidirectional characters. It is short enough with its extension (file
systems allow 255 bytes) and in composed form (NFC), and no two names of a product differ only in case.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableSet, Sequence
from functools import partial
from itertools import chain, count
from pathlib import PurePosixPath
from urllib.parse import unquote

import msgspec

from .lazy_pattern import lazy_pattern
from .model.addresses import without_query
from .model.index import Index
from .model.post import Metadata
from .model.slugs import file_name, name_choices, slug_of, without_device_name
from .stored_items import StoredList, StoredNames, StoredTable, repeated
from .title_text import plain_title
from .web.addresses import is_data

_NOT_IN_NOTES = lazy_pattern(r"[#^\[\]|]+")
_UUID = lazy_pattern(r"([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NOT_IN_KEYS = lazy_pattern(r"[^A-Za-z0-9._-]+")
_KEY_LETTERS = 60
_HASH = 8
_PICTURE_HASH = 16
_MOST_BYTES = 255
"""The bytes of a name that file systems allow; stores allow more."""

_TAKEN = ("index", "404")
"""The names of a folder's own page, and of the one that hosts send instead of a page that is not there."""


def file_names(index: Index, *, own_first: bool = False) -> Mapping[str, str]:
    """Returns the name of each post's file, without its extension, by the post's key.

    A post is named by its slug, else by its source file (or the folder, where each post has one), else by
    its title, else by its key. With ``own_first`` the unchanged name of the source file precedes the slug,
    for products whose links go from file to file as in the source. A name that several posts ask for goes
    to none of them: each takes its next choice, and in the end the name with a distinguishing part of its
    key.

    The names do not depend on which posts of a collection are in ``index``, and a post that is not public
    takes no name from one that is.
    """
    names: StoredTable[str] = StoredTable(str)
    taken = StoredNames()
    for name in _TAKEN:
        taken.add(name)
    shared = repeated(lambda: (metadata.source for metadata in _every(index)))

    for public in (True, False):
        wishes: StoredList[_Wishes] = StoredList(_Wishes)
        for metadata in _every(index):
            if metadata.is_for_everyone == public:
                has_file = metadata.source not in shared
                choices = name_choices(metadata, has_file=has_file, own_first=own_first)
                wishes.append(_Wishes(metadata.key, tuple(choices)))
        _give(wishes, names, taken)
    found: StoredTable[str] = StoredTable(str)
    for metadata in index:
        found[metadata.key] = names[metadata.key]
    return found


def _every(index: Index) -> Iterator[Metadata]:
    """Yields the posts of the whole collection, with what ``index`` says of them, and those that only ``index`` has."""
    if index.entries is index.whole.entries:
        yield from index
        return
    for metadata in index.whole:
        is_changed = metadata.key in index
        yield index[metadata.key] if is_changed else metadata
    for metadata in index:
        if metadata.key not in index.whole:
            yield metadata


class _Wishes(msgspec.Struct, frozen=True):
    """The names that a post's file may have, best first."""

    key: str
    names: tuple[str, ...]


def _give(wishes: Sequence[_Wishes], names: StoredTable[str], taken: MutableSet[str]) -> None:
    """Gives each post the first of its choices that no other post asks for or has."""
    is_named = bytearray(len(wishes))

    def waiting() -> Iterator[tuple[int, _Wishes]]:
        return ((place, one) for place, one in enumerate(wishes) if not is_named[place])

    def asked(turn: int) -> Iterator[str]:
        return (_fold(one.names[turn]) for _, one in waiting() if turn < len(one.names))

    turn, most = 0, 1
    while turn < most:
        several = repeated(partial(asked, turn))
        for place, one in waiting():
            most = max(most, len(one.names))
            if turn < len(one.names):
                folded = _fold(one.names[turn])
                if folded not in several and folded not in taken:
                    names[one.key] = one.names[turn]
                    taken.add(folded)
                    is_named[place] = 1
        turn += 1
    for key, given in sorted((one.key, next(iter(one.names), "")) for _, one in waiting()):
        own = _of_key(key)
        # A key made from the name already contains it.
        name = own if not given or own.startswith(f"{given}-") else f"{given}-{own}"
        names[key] = free_name(without_device_name(name), taken, _digest(key))


def _of_key(key: str) -> str:
    """Returns a key as part of a file name; of a UUID, only its first eight digits."""
    short = _UUID.sub(r"\1", _NOT_IN_KEYS.sub("-", key).strip(".-")) or "post"
    return short if len(short) <= _KEY_LETTERS else _digest(key)


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


def picture_names(src: str, data: bytes, extension: str) -> tuple[str, str]:
    """Returns the name of a picture after its own file, and one that differs for other bytes.

    For folders in which a person goes on working. ``src`` is the picture's address.
    """
    digest = hashlib.sha256(data).hexdigest()[:_PICTURE_HASH]
    own = "" if is_data(src) else without_query(src)
    stem = slug_of(PurePosixPath(unquote(unquote(own))).stem)
    if not stem or len(stem) > _KEY_LETTERS:
        return f"{digest}.{extension}", f"{digest}.{extension}"
    return f"{stem}.{extension}", f"{stem}-{digest[:_HASH]}.{extension}"


def note_names(index: Index) -> dict[str, str]:
    """Returns the name of each post's note in a vault of Obsidian, without its extension, by its key.

    It is the title, without what Obsidian forbids in names to which links lead; else the slug.
    """
    fallbacks = file_names(index)
    taken: set[str] = set()
    names = {}
    for metadata in sorted(index, key=lambda m: not m.is_for_everyone):
        wish = file_name(
            _NOT_IN_NOTES.sub(" ", plain_title(metadata.title)), fallbacks[metadata.key]
        )
        names[metadata.key] = free_name(wish, taken, _of_key(metadata.key))
    return {metadata.key: names[metadata.key] for metadata in index}


def free_name(wish: str, taken: MutableSet[str], suffix: str) -> str:
    """Returns ``wish``, with ``suffix`` and a number appended if it is in ``taken``.

    The name is added to ``taken`` in the form in which names are compared.
    """
    tried = chain(
        (wish, f"{wish}-{suffix}".strip("-")), (f"{wish}-{suffix}-{n}".strip("-") for n in count(2))
    )
    name = next(n for n in tried if n and _fold(n) not in taken)
    taken.add(_fold(name))
    return name


class NumberedNames:
    """Gives names one after another, with a number where one repeats an earlier one."""

    def __init__(self, asked: Collection[str] = ()) -> None:
        """``asked`` are the names that will be asked for, where they are known: no number makes one of them."""
        self._asked = taken_names(asked)
        self._given: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def give(self, wish: str) -> str:
        name = wish
        while _fold(name) in self._given or (name != wish and _fold(name) in self._asked):
            self._numbers[_fold(wish)] += 1
            name = f"{wish}-{self._numbers[_fold(wish)] + 1}"
        self._given.add(_fold(name))
        return name

    def __len__(self) -> int:
        return len(self._given)


def name_with_digest(wish: str, source: str) -> str:
    """Returns a name that no other source has, and that depends on no other."""
    return f"{wish}-{hashlib.sha256(source.encode('utf-8', 'replace')).hexdigest()[:_PICTURE_HASH]}"


def fitted_name(name: str) -> str:
    """Returns the name of a file; if it is longer than file systems allow, its beginning with a digest of the whole and
    its extension.
    """
    data = name.encode("utf-8", "surrogateescape")
    if len(data) <= _MOST_BYTES:
        return name
    suffix = PurePosixPath(name).suffix
    end = f"-{hashlib.sha256(data).hexdigest()[:_PICTURE_HASH]}{suffix if len(suffix) < _KEY_LETTERS else ''}"
    beginning = data[: _MOST_BYTES - len(end.encode("utf-8", "surrogateescape"))]
    return f"{beginning.decode(errors='ignore')}{end}"


def free_post_name(wish: str, taken: set[str], key: str) -> str:
    """Returns a name for a post's file that no existing file has."""
    return free_name(wish, taken, _of_key(key))


def taken_names(names: Collection[str]) -> set[str]:
    """Returns existing names in the form in which ``free_name`` compares them."""
    return set(map(_fold, names))


def is_file_name(name: str) -> bool:
    """Whether ``name`` is a valid file name without any change."""
    return file_name(name, "") == name != ""


def _fold(name: str) -> str:
    """Returns a name as file systems compare it that ignore case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH]
