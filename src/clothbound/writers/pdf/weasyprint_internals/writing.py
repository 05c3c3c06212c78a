"""Writes a document that was laid out."""

from __future__ import annotations

import zlib
from types import SimpleNamespace
from typing import Any, BinaryIO

from .replacing import with_names

_LEVEL = 6
"""The level of zlib. pydyf's own level, 9, takes twice the time for a file that is 1 % smaller."""
_BEFORE, _AFTER = b"\nstream\n", b"\nendstream"


def write_document(document: Any, target: BinaryIO | None, **options: Any) -> bytes | None:
    """Does what ``Document.write_pdf`` does, without making a list of all pages for each tag.

    Objects get their texts, and streams are compressed, before they are written: pydyf does so once to write
    them and once more for the digest in the file's identifier.
    """
    import pydyf
    from weasyprint.document import Document
    from weasyprint.pdf import generate_pdf

    class MadeObject(pydyf.Object):  # type: ignore[misc]
        """An object that is not changed any more, with its text."""

        data = b""

        def __init__(self, item: Any) -> None:
            super().__init__()
            self.number, self.generation, self.free = item.number, item.generation, item.free
            self.data = item.data

    class SavingPDF(pydyf.PDF):  # type: ignore[misc]
        _known: tuple[bytes, ...] = ()
        _is_written = False

        @property
        def page_references(self) -> tuple[bytes, ...]:
            if len(self._known) != self.pages["Count"]:
                self._known = super().page_references
            return self._known

        def write(self, *given: Any, **options: Any) -> None:
            self._is_written = True
            for number, item in enumerate(self.objects):
                if isinstance(item, pydyf.Stream):
                    _compress(item)
                elif item.compressible and item.free != "f":
                    self.objects[number] = MadeObject(item)
            super().write(*given, **options)

        def add_object(self, item: Any) -> None:
            if self._is_written and isinstance(item, pydyf.Stream):
                _compress(item)
            super().add_object(item)

    names = SimpleNamespace(**{**vars(pydyf), "PDF": SavingPDF})
    generate = with_names(generate_pdf, pydyf=names)
    write = with_names(Document.write_pdf, generate_pdf=generate)
    written: bytes | None = write(document, target, **options)
    return written


def _compress(stream: Any) -> None:
    """Compresses a stream of pydyf's that is marked for compression."""
    import pydyf

    if stream.compress:
        plain = pydyf.Stream(stream.stream).data
        text = plain[plain.index(_BEFORE) + len(_BEFORE) : -len(_AFTER)]
        stream.stream = [zlib.compress(text, _LEVEL)]
        stream.extra = {**stream.extra, "Filter": "/FlateDecode"}
        stream.compress = False
