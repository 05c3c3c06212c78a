"""Files as a ZIP archive holds them, compressed where they are made and written as they are.

So chapters are compressed by the processes that make them, and those that are kept between runs are not compressed again.

Source: APPNOTE.TXT 6.3.10 of PKWARE, section 4.3.
"""

from __future__ import annotations

import zipfile
import zlib

import msgspec

LIBRARY = zlib.ZLIB_RUNTIME_VERSION
"""The version of the library that compresses; another one may make other bytes of the same text."""


class PackedFile(msgspec.Struct, frozen=True):
    """A compressed file."""

    data: bytes
    size: int
    """The bytes of the file before compression."""
    checksum: int
    """Its CRC-32."""

    def unpack(self) -> bytes:
        return zlib.decompress(self.data, -zlib.MAX_WBITS, self.size)


def pack_text(text: str) -> PackedFile:
    """Returns a text in UTF-8, compressed to the same bytes as ``ZipFile.writestr`` makes."""
    data = text.encode()
    deflate = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return PackedFile(deflate.compress(data) + deflate.flush(), len(data), zlib.crc32(data))


def write_packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: PackedFile) -> None:
    """Writes a packed file into an archive that is open for writing in a seekable stream."""
    stream = archive.fp
    assert stream is not None
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.file_size, entry.compress_size, entry.CRC = file.size, len(file.data), file.checksum
    entry.header_offset = archive.start_dir
    stream.seek(archive.start_dir)
    stream.write(entry.FileHeader())
    stream.write(file.data)
    archive.start_dir = stream.tell()
    archive.filelist.append(entry)
    archive.NameToInfo[entry.filename] = entry
