"""Decodes JSON of strangers: with a byte order mark, in another encoding, or with halves of surrogate pairs."""

from __future__ import annotations

import re
from typing import Generic, NamedTuple, TypeVar

import msgspec

from ..errors import ReadError
from ..lazy_pattern import lazy_pattern
from ..xml_beginning import as_utf8

T = TypeVar("T")

# Matches an escape. The group is half of a surrogate pair, which JavaScript writes where it cuts an emoji.
_ESCAPE = lazy_pattern(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.S,
)


class Decoded(NamedTuple, Generic[T]):
    """What a file of JSON holds."""

    value: T
    is_repaired: bool
    """Whether halves of surrogate pairs were replaced."""


def decode_json(data: bytes, kind: type[T], name: str, *, what: str, hint: str = "") -> Decoded[T]:
    """Returns the content of a file. Raises ReadError if it is not JSON, or not of this kind.

    ``name`` is the file's name in messages, and ``what`` says what it should be: ``an export of Ghost``.
    """
    data = as_utf8(data)
    try:
        try:
            return Decoded(msgspec.json.decode(data, type=kind), False)
        except msgspec.DecodeError:
            whole = _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], data)
            if whole == data:
                raise
            return Decoded(msgspec.json.decode(whole, type=kind), True)
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
