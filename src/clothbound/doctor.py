"""What of the outside a conversion needs, and whether it is there."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from . import formats
from .errors import ClothboundError, MissingEngineError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``remedy`` is empty where all is well."""

    what: str
    state: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Looks at Python, at each output format's libraries, and at the PDF engine."""
    yield Finding("Python", f"{platform.python_version()} ({sys.platform})")
    for name in formats.WRITERS:
        try:
            formats.writer(name)
        except (ImportError, ClothboundError) as error:
            yield Finding(name, "cannot be loaded", str(error))
        else:
            if name != "pdf":
                yield Finding(name, "ready")
    yield _pdf_engine()


def _pdf_engine() -> Finding:
    """What sets PDFs here. One engine is enough."""
    weasyprint, typst = _weasyprint(), _typst()
    there = [f.state for f in (weasyprint, typst) if not f.remedy]
    if there:
        return Finding("pdf", f"ready ({' and '.join(there)})")
    return Finding("pdf", weasyprint.state, f"{weasyprint.remedy}; or {typst.remedy}")


def _weasyprint() -> Finding:
    from .writers.pdf.weasyprint import load

    try:
        return Finding("WeasyPrint", f"WeasyPrint {load().__version__}")
    except MissingEngineError as error:
        return Finding("WeasyPrint", error.message, error.hint)


def _typst() -> Finding:
    from .writers.pdf.typst.engine import load

    try:
        load()
    except MissingEngineError as error:
        return Finding("Typst", error.message, error.hint)
    return Finding("Typst", f"Typst {version('typst')}")


def has_pdf_engine() -> bool:
    """Whether a PDF can be made here."""
    return not _pdf_engine().remedy
