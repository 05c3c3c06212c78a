"""Which engine sets a book, where the caller leaves that open."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ...context import Context
from ...diagnostics import DiagnosticCode, Severity
from ...errors import MissingEngineError, OptionError
from ...language.writing_systems import script_name

Engine: TypeAlias = Literal["weasyprint", "typst"]
EngineName: TypeAlias = Literal["auto", Engine]

_BETWEEN_CHARACTERS = "it fills lines between the characters, where WeasyPrint leaves them ragged"
_FROM_THE_RIGHT = (
    "it indents paragraphs and fills lines from right to left, which WeasyPrint does not"
)
_EVEN = "it breaks the lines of a paragraph together, and stretches far fewer than WeasyPrint"
BETTER_BY_TYPST = {
    "Chinese": _BETWEEN_CHARACTERS,
    "Japanese": _BETWEEN_CHARACTERS,
    "Thai": _BETWEEN_CHARACTERS,
    "Korean": "it fills lines of whole words evenly, where WeasyPrint leaves them ragged",
    "Hebrew": _FROM_THE_RIGHT,
    "Arabic": _FROM_THE_RIGHT,
    "Cyrillic": _EVEN,
    "Greek": _EVEN,
}
"""The writing systems that Typst sets better, with the reason. The same books were looked at by both engines (Typst
0.15, WeasyPrint 70), and their stretched lines counted: docs/explanation/scripts.md has the figures. Devanagari and
Latin look alike, and WeasyPrint takes style sheets.
"""


def choose_engine(
    wanted: str, context: Context, *, needs_weasyprint: str, prefers_weasyprint: bool = False
) -> Engine:
    """Returns an installed engine for what was ``wanted``: ``auto``, or the name of an engine.

    ``needs_weasyprint`` names what only WeasyPrint does and was asked for as well; it is empty if there is
    nothing of the kind. ``prefers_weasyprint`` is for what Typst does without. A choice that depends on the script or on what is missing is a diagnostic. Raises
    MissingEngineError if no engine is installed, and OptionError if Typst is asked for what it cannot do.
    """
    if wanted == "typst":
        if needs_weasyprint:
            raise OptionError(
                f"Typst has no {needs_weasyprint}", hint="leave it out, or use engine=weasyprint"
            )
        _load_typst()
        return "typst"
    reason = "" if prefers_weasyprint else BETTER_BY_TYPST.get(script_name(context.language), "")
    if wanted == "auto" and reason and not needs_weasyprint and _takes_typst(reason, context):
        return "typst"
    from .weasyprint import load as load_weasyprint

    try:
        # Loading fails before the posts are read: those of a large book take a minute.
        load_weasyprint()
    except MissingEngineError as error:
        if wanted != "auto" or needs_weasyprint:
            raise
        try:
            _load_typst()
        except MissingEngineError as other:
            raise MissingEngineError(
                error.message, hint=f"{error.hint}; or {other.hint}"
            ) from error
        _tell(
            context,
            f"{error.message}; the PDF is set by Typst. Hint: {error.hint}; or use engine=typst",
        )
        return "typst"
    if wanted == "auto" and reason and needs_weasyprint:
        _tell(
            context,
            f"WeasyPrint sets the pages, since Typst has no {needs_weasyprint}. Typst sets "
            f"{script_name(context.language)} better: {reason}",
        )
    return "weasyprint"


def engine_for(language: str) -> Engine | None:
    """Returns the engine that ``auto`` stands for in a book of a language on this machine; None without an engine."""
    if script_name(language) in BETTER_BY_TYPST and has_typst():
        return "typst"
    from .weasyprint import load as load_weasyprint

    try:
        load_weasyprint()
    except MissingEngineError:
        return "typst" if has_typst() else None
    return "weasyprint"


def has_typst() -> bool:
    """Whether Typst is installed."""
    try:
        _load_typst()
    except MissingEngineError:
        return False
    return True


def _load_typst() -> None:
    """Raises MissingEngineError if Typst is not installed."""
    from .typst.compiler import load

    load()


def _takes_typst(reason: str, context: Context) -> bool:
    """Returns whether Typst is installed, and says that it sets the book or would set it better."""
    script = script_name(context.language)
    try:
        _load_typst()
    except MissingEngineError as error:
        _tell(context, f"Typst would set {script} better: {reason}. Hint: {error.hint}")
        return False
    _tell(
        context,
        f"Typst sets the pages, since it sets {script} better: {reason}. "
        "Hint: engine=weasyprint takes the other engine",
    )
    return True


def _tell(context: Context, message: str) -> None:
    context.warn(DiagnosticCode.ENGINE, message, severity=Severity.INFO)
