"""Decodes a posts.csv, whichever program last saved it."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator

from ..diagnostics import DiagnosticCode
from ..errors import Hint, OptionError, ReadError
from ..model.characters import CODECS, utf16_variant
from .csv_records import read_records

_DELIMITERS = ",;\t"
# Encodings that spreadsheet programs save, those first in which some bytes are not characters. The
# names are WHATWG's; ``CODECS`` has Python's.
_CANDIDATES = (
    *("utf-8", "utf-16", "shift_jis", "euc-jp", "gb18030", "big5", "cp949"),
    *("windows-1251", "windows-1252", "windows-1250", "windows-1253", "windows-1254"),
    *("windows-1255", "windows-1256", "windows-874", "koi8-r", "macintosh"),
)
_SHOWN = 60
_DAMAGED = 100
"""A file may be in an encoding if at most one in this many characters has to be replaced."""
_ROWS = 1000
"""At most this many rows are searched for a title that tells encodings apart."""


def decode_table(
    data: bytes, encoding: str, source: str
) -> tuple[str, list[tuple[DiagnosticCode, str]]]:
    """Decodes the file; returns the text and remarks on it. Raises as ``posts_csv.load`` does."""
    if encoding:
        return _decode_as(data, encoding)
    utf16 = utf16_variant(data)
    try:
        if utf16:
            text = data.decode(utf16).removeprefix("\ufeff")
            return text, [(DiagnosticCode.ENCODING_REPAIRED, "it is UTF-16")]
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        encoding_problem = "is damaged UTF-16" if utf16 else "is neither UTF-8 nor UTF-16"
        message = f"{encoding_problem} (byte {error.start})"
        titles = [(name, title) for name, title in _read_titles(data, utf16) if title]
        if titles:
            read = ", ".join(f"{title!r} in {name}" for name, title in titles)
            message += f"; its first title that is not ASCII reads {read}"
        choose = "choose the encoding in which it reads correctly, for example"
        hint = Hint(f"{choose} encoding='windows-1252'", f"{choose} --encoding windows-1252")
        if utf16:
            hint = Hint(
                "export it again, or give encoding='utf-16', which marks damaged characters",
                "export it again, or use --encoding utf-16, which marks damaged characters",
            )
        raise ReadError(message, source=source, hint=hint) from error


def delimiter_of(text: str) -> str:
    """Returns the delimiter of the first line."""
    first = text[:10_000].replace("\r", "\n").partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _decode_as(data: bytes, encoding: str) -> tuple[str, list[tuple[DiagnosticCode, str]]]:
    name = CODECS.get(encoding.lower(), encoding)
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # some codecs do not decode text
    except (LookupError, ValueError) as error:
        raise OptionError(
            f"{encoding!r} is not a known encoding", hint="for example shift_jis or windows-1251"
        ) from error
    if codec.name == "utf-16":
        name = utf16_variant(data) or "utf-16"
    text = data.decode(name, "replace").removeprefix("\ufeff")
    bad = text.count("\ufffd")
    message = f"it was read as {encoding}, as requested"
    if bad:
        message += f"; {bad} characters could not be decoded and were replaced by U+FFFD"
    return text, [(DiagnosticCode.ENCODING_REPAIRED, message)]


def _read_titles(data: bytes, utf16: str) -> Iterator[tuple[str, str]]:
    """Yields each encoding that the file may be in, with the first non-ASCII title as it reads in
    that encoding.
    """
    seen = set()
    for name in ("utf-16",) if utf16 else _CANDIDATES:
        unicode = name.startswith("utf-")
        if name == "utf-16" and not utf16:
            continue
        python = utf16 or CODECS.get(name, name)
        try:
            text = data.decode(python, "replace" if unicode else "strict").removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        title = _first_title(text)
        doubtful = sum(
            c == "\ufffd" or unicodedata.category(c) in ("Cc", "Co", "Cn") for c in title
        )
        if text.count("\ufffd") * _DAMAGED > len(text) or (doubtful and not unicode):
            continue
        if title not in seen:
            seen.add(title)
            yield name, title[:_SHOWN]


def _first_title(text: str) -> str:
    """Returns the first title that is not ASCII, else the first such field."""
    title_at = None
    field = ""
    for number, (_, fields) in enumerate(read_records(text, delimiter_of(text))):
        if number == 0:
            names = [name.strip().lower() for name in fields]
            title_at = names.index("title") if "title" in names else None
            continue
        title = fields[title_at] if title_at is not None and title_at < len(fields) else ""
        if not title.isascii():
            return title
        field = field or next((value for value in fields if not value.isascii()), "")
        if number > _ROWS:
            break
    return field
