"""Reports whether everything that a conversion needs is installed, and its licences."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version

from . import formats
from .errors import ClothboundError, MissingEngineError
from .installer import command_to_add
from .lazy_pattern import lazy_pattern

_NAME = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = lazy_pattern(r"\bextra\s*==")
# Licences that require distributors of a program to provide its whole source. The LGPL does not.
_COPYLEFT = lazy_pattern(r"\bA?GPL\b|(?<!Lesser )General Public License")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check. ``remedy`` is empty unless something is missing."""

    what: str
    state: str
    remedy: str = ""
    is_extra: bool = False
    """Whether it is an extra, without which all formats can be written."""


def check_installation() -> Iterator[CheckResult]:
    """Checks Python, the libraries of each output format, the PDF engines, the extras ``preview``, ``proof`` and
    ``scripts``, and the licences.
    """
    yield CheckResult("Python", f"{platform.python_version()} ({sys.platform})")
    for name in formats.WRITERS:
        try:
            formats.writer(name)
        except (ImportError, ClothboundError) as error:
            yield CheckResult(name, "cannot be loaded", str(error))
        else:
            if name not in ("pdf", "kdp"):
                yield CheckResult(name, "ready")
    yield _pdf_engine()
    yield _upload_kit()
    yield _preview()
    yield _proof()
    yield from _script_faces()
    for kind in ("reader", "writer"):
        yield from map(partial(_plugin, kind), formats.installed(kind))
    yield from _licences()


def _plugin(kind: formats.Kind, plugin: formats.Installed) -> CheckResult:
    """Returns whether a reader or writer of a plug-in can be used, and for which files."""
    if plugin.fault:
        return CheckResult(plugin.name, "cannot be used", plugin.fault)
    files = f" for {', '.join(plugin.extensions)}" if plugin.extensions else ""
    return CheckResult(
        plugin.name, f"ready ({kind}{files}, from {plugin.module.partition('.')[0]})"
    )


def _pdf_engine() -> CheckResult:
    """Returns which engines can make PDFs here. One of them is enough."""
    weasyprint, typst = _weasyprint(), _typst()
    ready = [f.state for f in (weasyprint, typst) if not f.remedy]
    if ready:
        return CheckResult("pdf", f"ready ({' and '.join(ready)})")
    return CheckResult("pdf", weasyprint.state, f"{weasyprint.remedy}; or {typst.remedy}")


def _upload_kit() -> CheckResult:
    """Returns whether the upload kit can be made. It has no remedy of its own beside the engine's."""
    weasyprint = _weasyprint()
    return CheckResult("kdp", f"not ready: {weasyprint.state}" if weasyprint.remedy else "ready")


def _preview() -> CheckResult:
    """Returns whether the command ``preview`` can be used."""
    from .preview.extra import require

    try:
        require()
    except MissingEngineError as error:
        return CheckResult("preview", error.message, error.hint, is_extra=True)
    return CheckResult("preview", "ready", is_extra=True)


def _proof() -> CheckResult:
    """Returns whether the pages of a PDF can be looked at."""
    from .proof.extra import require

    try:
        require()
    except MissingEngineError as error:
        return CheckResult("proof", error.message, error.hint, is_extra=True)
    return CheckResult("proof", "ready", is_extra=True)


def _script_faces() -> Iterator[CheckResult]:
    """Yields, for each script with a face in the extra ``scripts``, whether that is installed."""
    from .language.writing_systems import languages_with_rules
    from .writers.pdf.fonts import SCRIPT_FACES

    rules = languages_with_rules()
    for face in SCRIPT_FACES:
        said = f"{rules[face.language].name} in print: {face.name}"
        if face.is_installed:
            yield CheckResult("face", said, is_extra=True)
        else:
            remedy = command_to_add(face.package)
            yield CheckResult("face", f"{said}, which is not installed", remedy, is_extra=True)


def _weasyprint() -> CheckResult:
    from .writers.pdf.weasyprint import load

    try:
        return CheckResult("WeasyPrint", f"WeasyPrint {load().__version__}")
    except MissingEngineError as error:
        return CheckResult("WeasyPrint", error.message, error.hint)


def _typst() -> CheckResult:
    from .writers.pdf.typst.compiler import load

    try:
        load()
    except MissingEngineError as error:
        return CheckResult("Typst", error.message, error.hint)
    return CheckResult("Typst", f"Typst {version('typst')}")


def has_pdf_engine() -> bool:
    """Returns whether a PDF can be made here."""
    return not _pdf_engine().remedy


def _licences() -> Iterator[CheckResult]:
    """Yields our licence, and those of installed dependencies that bind whoever passes them on."""
    yield CheckResult("licence", "clothbound: MIT")
    for found in sorted(_dependencies("clothbound"), key=lambda found: found.name.lower()):
        if licence := _copyleft(found):
            yield CheckResult("licence", f"{found.name}: {licence} (README, Licence)")


def _dependencies(name: str) -> Iterable[Distribution]:
    """Returns the installed distributions that ``name`` requires, directly or not, with its extras."""
    found: dict[str, Distribution] = {}
    waiting = _find_required(name, with_extras=True)
    while waiting:
        required = waiting.pop()
        key = required.lower().replace("_", "-")
        if key in found:
            continue
        try:
            found[key] = distribution(required)
        except PackageNotFoundError:  # of an extra, or for another system
            continue
        waiting += _find_required(required)
    return found.values()


def _find_required(name: str, *, with_extras: bool = False) -> list[str]:
    try:
        requirements = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    return [
        found[0]
        for line in requirements
        if (with_extras or not _EXTRA.search(line)) and (found := _NAME.match(line))
    ]


def _copyleft(found: Distribution) -> str:
    """Returns the copyleft licence of a distribution; empty where it has none, or another to choose."""
    if any("x265" in file.name for file in found.files or ()):
        return "contains x265, under the GNU General Public License v2 or later"
    expression = "".join(found.metadata.get_all("License-Expression") or [])
    classifiers = found.metadata.get_all("Classifier") or []
    licences = [
        *(part.strip(" ()") for part in re.split(r"\bOR\b", expression) if part.strip()),
        *(line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")),
    ] or ["".join(found.metadata.get_all("License") or []).partition("\n")[0]]
    return " or ".join(licences) if all(map(_COPYLEFT.search, licences)) else ""
