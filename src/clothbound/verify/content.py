"""The content of a text without its markup: a stream of words, pictures, notes and links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from ..lazy_pattern import lazy_pattern

_WORD = lazy_pattern(r"[^\W_]+")
# Characters that typesetting adds, removes or replaces within a word, and signs of markup that join letters.
_JOINING = dict.fromkeys(
    map(
        ord,
        "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u2066\u2067\u2068\u2069"
        "\u202a\u202b\u202c\u202d\u202e\u0640*~^`='\u2018\u2019\u02bc\u2032",
    )
)
# Writing without spaces between words: each character counts as a word.
_UNSPACED = lazy_pattern(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
# Where directions of writing meet, a PDF does not tell whether there is a space.
_TURN = lazy_pattern("(?<=[\u0590-\u08ff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u0590-\u08ff])")
_WEB = lazy_pattern(r"(?:https?:)?//(?:www\.)?|www\.", re.I)
_PERSON = lazy_pattern(r"mailto:|tel:", re.I)

_FORMULA = lazy_pattern(r"\$[^$\n]+\$")
_COMMAND = lazy_pattern(r"(?<!\\)\\+[A-Za-z]+")
_ENCODING = lazy_pattern(r"(\A\s*<\?xml\b[^<>]*\bencoding\s*=\s*[\"'])[\w.-]+")
"""Matches the declaration of XML up to its encoding."""
_CYRILLIC = lazy_pattern("[А-я]")
_CYRILLIC_WORD = lazy_pattern("[А-я]{3,}")
_CHARSET = lazy_pattern(rb"<meta[^>]*charset\s*=\s*[\"']?([A-Za-z][\w-]*)")
_RIGHT_TO_LEFT = lazy_pattern("[\u0590-\u08ff\U00010800-\U00010fff]")


class Kind(Enum):
    """What an item of a text is."""

    WORD = "word"
    PICTURE = "picture"
    NOTE = "note"
    LINK = "link"


class Item(NamedTuple):
    """One word, picture, note or link. ``line`` is 1-based in the source."""

    kind: Kind
    value: str
    """A word without case and marks; the address of a picture or link; empty for a note."""
    line: int
    shown: str = ""
    """The word, or the link's address, as the source has it."""

    @property
    def key(self) -> str:
        """Returns what is compared: two items with the same key are the same."""
        if self.kind is Kind.WORD:
            return self.value
        return (
            f"\0{self.kind.value}:{self.value}"
            if self.kind is Kind.LINK
            else f"\0{self.kind.value}"
        )


def words_of(text: str, line: int = 0) -> list[Item]:
    """Returns the words of a text that has no markup."""
    return [
        Item(Kind.WORD, word, line, run)
        for run in text.split()
        for word in _WORD.findall(_with_spaces(plain_letters(run)))
    ]


def words_of_title(title: str, line: int = 0) -> list[Item]:
    """Returns the words of a title that has no markup but TeX between dollar signs."""
    return words_of(without_commands(title), line)


def without_commands(title: str) -> str:
    """Returns a title without the names of commands in its formulas, which products show as signs."""
    return _FORMULA.sub(lambda found: _COMMAND.sub(" ", found[0]), title) if "$" in title else title


def in_utf8(data: bytes) -> bytes:
    """Returns the bytes of a text in UTF-8, also of XML that says another encoding of itself, if they are UTF-16 with its
    mark; else the same bytes.
    """
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    text = data.decode("utf-16", "replace")
    return _ENCODING.sub(r"\1UTF-8", text, count=1).encode("utf-8", "replace")


def part_name(name: str) -> tuple[str, str]:
    """Returns the namespace and the local name of ``{namespace}name``, of which lxml's ``QName`` refuses some."""
    namespace, _, local = name.rpartition("}")
    return namespace.removeprefix("{"), local


def is_right_to_left(item: Item) -> bool:
    """Returns whether a word is written from right to left."""
    return item.kind is Kind.WORD and _RIGHT_TO_LEFT.search(item.value) is not None


def shown_words(items: Iterable[Item]) -> Iterator[str]:
    """Yields the words among items as they are written; what was written as one is yielded once."""
    last: object = None
    for item in items:
        if item.kind is Kind.WORD and item.shown is not last:
            yield item.shown
        last = item.shown


def _with_spaces(letters: str) -> str:
    return letters if letters.isascii() else _TURN.sub(" ", _UNSPACED.sub(r" \g<0> ", letters))


def plain_letters(text: str) -> str:
    """Returns text without case, ligatures, combining marks and signs that join letters."""
    if text.isascii():
        return text.translate(_JOINING).casefold()
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_JOINING)
    if folded.isascii():
        return folded
    return "".join(c for c in folded if unicodedata.category(c) != "Mn")


def address_of(href: str) -> str:
    """Returns a link's address in one form, or an empty text for a link that leads into the publication's own files."""
    from urllib.parse import unquote

    address = "".join(unquote(href).split()).strip("[]<>")
    web = _WEB.match(address)
    if web:
        host, slash, rest = address[web.end() :].partition("/")
        return f"{host.casefold()}{slash}{rest}".rstrip("/?#")
    return address.casefold() if _PERSON.match(address) else ""


def decode(data: bytes) -> str:
    """Returns the text of a file's bytes, with line feeds alone at the ends of lines."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            named = _CHARSET.search(data, 0, 2048)
            text = in_charset(data, named[1].decode()) if named else in_old_charset(data)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def in_old_charset(data: bytes) -> str:
    """Returns the text of bytes that do not say what they are: Japanese if all are valid and it has kana, Russian if its
    letters are those of words in it, else Western.
    """
    for name in ("euc_jp", "cp932"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if 10 * sum("\u3041" <= c <= "\u30ff" for c in text) > sum(not c.isascii() for c in text):
            return text
    text = data.decode("cp1251", "replace")
    letters = "".join(_CYRILLIC.findall(text))
    words = "".join(_CYRILLIC_WORD.findall(text))
    is_russian = 10 * len(words) >= 8 * len(letters) and letters.lower() != letters
    if is_russian and 10 * sum(c in "аеинот" for c in letters) >= 3 * len(letters):
        return text
    return data.decode("cp1252", "replace")


def in_charset(data: bytes, name: str) -> str:
    """Returns the text of bytes in an encoding, or in Windows-1252 if nobody knows its name."""
    try:
        return data.decode(name, "replace")
    except LookupError:
        return data.decode("cp1252", "replace")
