"""Checks META-INF/encryption.xml, which lists the files that cannot be read without a key.

Sources: EPUB 3.3, sections 4.2.6.3.2 (encryption) and 4.4 (font obfuscation).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from ..console_text import list_and_count
from ..readers.epub.container import ENCRYPTION, FONT_OBFUSCATION
from .faults import Fault
from .opened_book import OpenedBook, parse_xml

_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_NAMED = 3


def check_encryption(book: OpenedBook) -> Iterator[Fault]:
    """Yields faults about files that a copy protection encrypted, and about obfuscated fonts."""
    data = book.encryption
    if data is None:
        return
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError as error:
        message = f"the list of encrypted files is not well-formed: {error.msg}"
        yield Fault(message, "correct its markup, or remove it", ENCRYPTION)
        return
    locked: list[str] = []
    obfuscated: list[str] = []
    for entry in root.iter(f"{_ENC}EncryptedData"):
        method = entry.find(f"{_ENC}EncryptionMethod")
        algorithm = "" if method is None else method.get("Algorithm", "")
        reference = entry.find(f".//{_ENC}CipherReference")
        name = "" if reference is None else unquote(reference.get("URI", ""))
        (obfuscated if algorithm in FONT_OBFUSCATION else locked).append(name or "a file")
    if locked:
        yield Fault(
            f"files are encrypted, as by copy protection: {list_and_count(locked, _NAMED)}",
            "use the file without copy protection; the store adds its own",
            ENCRYPTION,
        )
    if obfuscated:
        yield Fault(
            f"fonts are obfuscated, and not every reading system can read them: {list_and_count(obfuscated, _NAMED)}",
            "embed them as they are, if their licence allows it",
            ENCRYPTION,
            refused=False,
        )
