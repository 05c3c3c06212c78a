"""Decodes JSON of strangers: with a byte order mark, in another encoding, with bytes that are not UTF-8, with halves of
surrogate pairs, or with characters that no text contains.
"""

from __future__ import annotations

import re
from typing import Generic, NamedTuple, TypeVar

import msgspec

from ..console_text import format_count
from ..errors import ReadError
from ..lazy_pattern import lazy_pattern
from ..model.characters import repair_text, text_alone
from ..xml_beginning import as_utf8
from .source_bytes import is_utf8

T = TypeVar("T")

# Matches an escape. The group is half of a surrogate pair, which JavaScript writes where it cuts an emoji.
_ESCAPE = lazy_pattern(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.S,
)

_HALF = lazy_pattern(rb"\xed[\xa0-\xbf][\x80-\xbf]")
"""Matches half of a surrogate pair that is written as UTF-8 writes characters."""
_ESCAPED_CHARACTER = lazy_pattern(r"\\(?:u([0-9a-fA-F]{4})|([bf])|.)", re.S)
_UNUSUAL = (b"\\u", b"\\b", b"\\f", b"\x7f", b"\xef")
"""Bytes without which valid JSON has no character that is no text: an escape, DEL, the beginning of U+F000 to U+FFFF."""
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are no JSON of the kind asked for, are not UTF-8, or are nested too deeply."""
_ESCAPED_BYTE = lazy_pattern(r"[\udc80-\udcff]")


class Decoded(NamedTuple, Generic[T]):
    """What a file of JSON holds."""

    value: T
    repairs: tuple[str, ...] = ()
    """What was repaired in the file, as messages."""


def decode_json(data: bytes, kind: type[T], name: str, *, what: str, hint: str = "") -> Decoded[T]:
    """Returns the content of a file. Raises ReadError if it is not JSON, or not of this kind.

    ``name`` is the file's name in messages, and ``what`` says what it should be: ``an export of Ghost``.
    """
    data = as_utf8(data)
    repairs: tuple[str, ...] = ()
    if not is_utf8(data):
        data, message = _repair_bytes(data)
        repairs = (message,)
    try:
        try:
            return Decoded(msgspec.json.decode(data, type=kind), repairs)
        except msgspec.DecodeError:
            whole = _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], data)
            if whole == data:
                raise
            message = "halves of surrogate pairs were replaced"
            return Decoded(msgspec.json.decode(whole, type=kind), (*repairs, message))
    except msgspec.ValidationError as error:
        raise ReadError(f"is not {what}: {error}", source=name) from error
    except RecursionError as error:
        raise ReadError("is not read: it is nested too deeply", source=name) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        is_cut = "truncated" in str(error)
        raise ReadError(
            f"is cut off after {len(data):,} bytes" if is_cut else f"is not valid JSON: {error}",
            source=name,
            hint=hint,
        ) from error


def repair_json(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Removes the characters that no text contains, escaped or not, and reads bytes that are not UTF-8 as Windows-1252.

    Returns the bytes, and what was repaired, as messages.
    """
    repairs: tuple[str, ...] = ()
    if not is_utf8(data):
        data, message = _repair_bytes(data)
        repairs = (message,)
    if any(unusual in data for unusual in _UNUSUAL):
        text, message = repair_text(_ESCAPED_CHARACTER.sub(_resolve_escape, data.decode()))
        if message:
            return text.encode(), (*repairs, message)
    return data, repairs


def _resolve_escape(found: re.Match[str]) -> str:
    """Returns the character of an escape if no text contains it. Surrogates stay, since two of them are one character."""
    if found[2]:
        return "\b" if found[2] == "b" else "\f"
    if found[1] is None:
        return found[0]
    character = chr(int(found[1], 16))
    if "\ud800" <= character <= "\udfff" or text_alone(character) == character:
        return found[0]
    return character


def _repair_bytes(data: bytes) -> tuple[bytes, str]:
    """Returns the bytes with those that are not UTF-8 read as Windows-1252, and a message about it.

    A file of which all is in that encoding is read whole this way, and of a file in UTF-8 no other byte changes.
    """
    text = _HALF.sub("\ufffd".encode(), data).decode("utf-8", "surrogateescape")
    repaired, count = _ESCAPED_BYTE.subn(_from_windows, text)
    message = f"not UTF-8, and read as Windows-1252: {format_count(count, 'byte')}"
    return repaired.encode(), message if count else "halves of surrogate pairs were replaced"


def _from_windows(found: re.Match[str]) -> str:
    return found[0].encode("utf-8", "surrogateescape").decode("windows-1252", "replace")
