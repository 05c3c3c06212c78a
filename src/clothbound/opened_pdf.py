"""Opens finished PDFs with pdfium, whose functions only one thread of a process may call at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ReadError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_pdfium = threading.RLock()


@contextmanager
def opened_pdf(source: Path | bytes, called: str = "") -> Iterator[PdfDocument]:
    """Opens a PDF, and closes it with its pages. Meanwhile other threads wait.

    Raises ReadError for a file that is not a PDF or needs a password; ``called`` names it.
    """
    from pypdfium2 import PdfDocument, PdfiumError

    with _pdfium:
        try:
            document = PdfDocument(source)
        except (PdfiumError, OSError) as error:
            message = f"is not a PDF that can be read: {error}"
            raise ReadError(message, source=called) from error
        try:
            yield document
        finally:
            document.close()
