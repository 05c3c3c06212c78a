"""Which engine sets a PDF: the one asked for, else WeasyPrint, else Typst where Pango is missing."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ...context import Context
from ...diagnostics import Code, Severity
from ...errors import MissingEngineError, OptionError

Engine: TypeAlias = Literal["weasyprint", "typst"]


def engine_for(asked: str, context: Context, *, needs_weasyprint: str) -> Engine:
    """The engine that is at hand for what was ``asked`` (``auto``, or its name).

    ``needs_weasyprint``: what only WeasyPrint does and was asked for too, in words; empty: nothing.
    A change of engine is a diagnostic. Raises MissingEngineError, and OptionError where Typst was
    asked for what it does not do.
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
        # Known before the posts are read: a book of a thousand takes a minute.
        load_weasyprint()
    except MissingEngineError as error:
        if asked != "auto" or needs_weasyprint or not _has_typst():
            raise
        context.warn(
            Code.ENGINE,
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
