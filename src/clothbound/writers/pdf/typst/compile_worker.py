"""Compiles one batch with Typst in a process of its own, whose memory is freed when it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .make_up import FILE, LABEL, MakeUp

if TYPE_CHECKING:
    import typst

BATCH = "batch"
"""The input by which `print.typ` finds the files of a batch: the name of their folder, with a slash at its end."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Typst's diagnostics for a file that it refuses."""

    message: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch in the process that compiles it. Typst keeps what it has laid out."""

    compiler: typst.Compiler
    folder: Path


def load() -> None:
    """Loads ahead what a process needs for its batch."""
    import typst  # noqa: F401 - whoever needs it finds it loaded


def open_batch(
    folder: Path,
    *,
    root: Path,
    faces: Path,
    with_system_fonts: bool,
    nowhere: Path,
) -> OpenBatch:
    """Makes ready to compile ``main.typ`` in ``folder``, which is within ``root``.

    ``faces`` is the folder of the book's own fonts. ``nowhere`` is a folder that does not exist, in
    which Typst looks for packages.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=with_system_fonts,
        include_embedded_fonts=True,
        font_paths=[str(faces)],
    )
    compiler = typst.Compiler(
        str(folder / "main.typ"),
        root=str(root),
        font_paths=fonts,
        sys_inputs={BATCH: f"{folder.relative_to(root).as_posix()}/"},
        package_path=str(nowhere),
        package_cache_path=str(nowhere),
    )
    return OpenBatch(compiler, folder)


def settle(make_up: MakeUp, batch: OpenBatch) -> Mapping[str, Any] | None:
    """Lays a batch out until ``make_up`` changes nothing more.

    Returns the values of ``<places>`` and ``<pages>``, or None if Typst refuses it.
    """

    def value(label: str) -> Any:
        return json.loads(batch.compiler.query(label, field="value", one=True))

    make_up.settle((batch.folder / FILE).write_text, lambda: value(LABEL))
    try:
        return {name: value(f"<{name}>") for name in ("places", "pages")}
    except RuntimeError:
        # A query does not say where the fault is, as writing does.
        return None


def write(output: Path, timestamp: int, batch: OpenBatch) -> Sequence[str] | Refused:
    """Writes a batch to the PDF ``output``, and returns Typst's warnings.

    ``timestamp`` is that of the document, in seconds since 1970.
    """
    import typst

    try:
        _, warnings = batch.compiler.compile_with_warnings(
            output=str(output),
            format="pdf",
            pdf_standards=["ua-1"],
            pdf_tags=True,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        return Refused(error.message, error.diagnostic or "")
    return [warning.message for warning in warnings]
