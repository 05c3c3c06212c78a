"""Says which face sets each script of a printed book, and warns where none is a face for books."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ...context import Context
from ...diagnostics import DiagnosticCode, Severity
from ...installer import command_to_add
from ...language.writing_systems import script_language, script_rules
from .fonts import SCRIPT_FACES, book_faces


def report_faces(languages: Iterable[str], families: Collection[str], context: Context) -> None:
    """Adds a diagnostic for each script of ``languages`` (BCP 47) but Latin, Greek and Cyrillic.

    ``families`` are the names of families that the engine has.
    """
    known = {name.lower() for name in families}
    for language in {script_language(name): name for name in languages}.values():
        rules = script_rules(language)
        if rules is None:
            continue
        faces = [name for name in book_faces(language) if name.lower() in known]
        if faces:
            message = f"{rules.name} is set in {faces[0].removeprefix('Clothbound ')}"
            context.warn(DiagnosticCode.FACE, message, severity=Severity.INFO)
        else:
            context.warn(DiagnosticCode.FACE, f"{_without_book_face(language, rules.name)}")


def _without_book_face(language: str, script: str) -> str:
    best = book_faces(language)[-1]
    own = [face for face in SCRIPT_FACES if face.language == script_language(language)]
    if own and own[0].is_installed:
        return (
            f"{script} is set in {own[0].name}, which is no face for books, as there is no better one. "
            f"Hint: install {best}"
        )
    hint = f"install {best}"
    if own:
        hint = f"{command_to_add(own[0].package)}; or {hint}"
    return f"no face for books in {script} is installed: it is set in what the system has. Hint: {hint}"
