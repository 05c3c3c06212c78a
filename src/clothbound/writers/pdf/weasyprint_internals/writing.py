"""Writes a document that was laid out."""

from __future__ import annotations

from types import FunctionType, SimpleNamespace
from typing import Any, BinaryIO


def write_document(document: Any, target: BinaryIO | None, **options: Any) -> bytes | None:
    """Does what ``Document.write_pdf`` does, without making a list of all pages for each tag."""
    import pydyf
    from weasyprint.document import Document
    from weasyprint.pdf import generate_pdf

    class CountingPDF(pydyf.PDF):  # type: ignore[misc]
        _known: tuple[bytes, ...] = ()

        @property
        def page_references(self) -> tuple[bytes, ...]:
            if len(self._known) != self.pages["Count"]:
                self._known = super().page_references
            return self._known

    names = SimpleNamespace(**{**vars(pydyf), "PDF": CountingPDF})
    generate = _with_names(generate_pdf, pydyf=names)
    write = _with_names(Document.write_pdf, generate_pdf=generate)
    written: bytes | None = write(document, target, **options)
    return written


def _with_names(function: Any, **names: Any) -> Any:
    """Returns a copy of ``function`` for which names of its module mean something else."""
    return FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
