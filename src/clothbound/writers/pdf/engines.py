"""Chooses the engine of a PDF: the one asked for, else WeasyPrint, or Typst where Pango is missing."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ...context import Context
from ...diagnostics import DiagnosticCode, Severity
from ...errors import MissingEngineError, OptionError

Engine: TypeAlias = Literal["weasyprint", "typst"]


def engine_for(asked: str, context: Context, *, needs_weasyprint: str) -> Engine:
    """Returns the available engine for what was ``asked``: ``auto``, or the name of an engine.

    ``needs_weasyprint`` names what only WeasyPrint does and was asked for as well; it is empty if there is
    nothing of the kind. A change of engine is a diagnostic. Raises MissingEngineError if no engine is
    available, and OptionError if Typst is asked for what it cannot do.
    """
    if asked == "typst":
        if needs_weasyprint:
            raise OptionError(
                f"Typst has no {needs_weasyprint}", hint="leave it out, or take engine=weasyprint"
            )
        from .typst.compiler import load

        load()
        return "typst"
    from .weasyprint import load as load_weasyprint

    try:
        # Loading fails before the posts are read: those of a large book take a minute.
        load_weasyprint()
    except MissingEngineError as error:
        if asked != "auto" or needs_weasyprint or not _has_typst():
            raise
        context.warn(
            DiagnosticCode.ENGINE,
            f"{error.message}; the PDF is set by Typst. Hint: {error.hint}; or say engine=typst",
            severity=Severity.INFO,
        )
        return "typst"
    return "weasyprint"


def _has_typst() -> bool:
    from .typst.compiler import load

    try:
        load()
    except MissingEngineError:
        return False
    return True
