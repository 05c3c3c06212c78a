"""Reads the bytes of a source that is one file (a path, bytes or a stream), and the text of an author's file."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from ..errors import LimitError, ReadError, reason_of
from ..media.sniffing import begins_zip

if TYPE_CHECKING:
    from ..formats import Source


_PIECE = 1_000_000
_LEAST = 4_000
_BEGINNING = 4


def read_whole(stream: IO[bytes], most: int, size: int = _PIECE) -> bytes:
    """Returns the bytes of a stream, or one more than ``most`` of a longer one. ``size`` is about how many there are.

    ``stream.read(most + 1)`` would ask the system for so much memory, and a ZIP's ``read`` holds a file twice.
    """
    whole = io.BytesIO()
    at_once = min(max(size + 1, _LEAST), _PIECE)
    while piece := stream.read(min(at_once, most + 1 - whole.tell())):
        whole.write(piece)
    return whole.getvalue()


def is_utf8(data: bytes) -> bool:
    """Returns whether bytes are UTF-8, without making a text of them all."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(view[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def source_bytes(source: Source, most: int) -> tuple[bytes, str]:
    """Returns the bytes of a path, of bytes or of a stream, and their name in messages.

    Raises ReadError if it cannot be read, LimitError if it has more than ``most`` bytes.
    """
    if isinstance(source, bytes):
        data, name = source, "<bytes>"
    elif isinstance(source, (str, Path)):
        path = Path(source)
        name = path.name
        try:
            with path.open("rb") as stream:
                data = read_whole(stream, most)
        except OSError as error:
            raise ReadError(f"cannot be read: {reason_of(error)}", source=str(path)) from error
    else:
        given = getattr(source, "name", "")
        named = isinstance(given, str) and given and given[0] != "<"
        name = Path(given).name if named else "<stdin>"
        data = read_whole(source, most)
    if len(data) > most:
        raise LimitError(f"is longer than {most} bytes", source=name)
    return data, name


def open_file(path: Path, most: int) -> BinaryIO:
    """Opens a file that is read piece by piece.

    Raises ReadError if it cannot be opened, LimitError if it has more than ``most`` bytes.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise ReadError(f"cannot be read: {reason_of(error)}", source=str(path)) from error
    if path.stat().st_size > most:
        stream.close()
        raise LimitError(f"is longer than {most} bytes", source=path.name)
    return stream


def is_zip(source: Source) -> bool:
    """Returns whether a source is a ZIP, by its first bytes. A stream stays where it was."""
    if isinstance(source, bytes):
        return begins_zip(source)
    if isinstance(source, (str, Path)):
        try:
            with Path(source).open("rb") as stream:
                return begins_zip(stream.read(_BEGINNING))
        except OSError:
            return False
    if not source.seekable():
        return False
    position = source.tell()
    head = source.read(_BEGINNING)
    source.seek(position)
    return begins_zip(head)


def source_text(path: Path, most: int) -> str:
    """Returns the text of a file in UTF-8, without its byte order mark.

    Raises ReadError where it cannot be read, LimitError where it has more than ``most`` bytes.
    """
    data, _ = source_bytes(path, most)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}"
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            what = "is UTF-16"
        raise ReadError(what, source=str(path), hint="save the file as UTF-8") from error
