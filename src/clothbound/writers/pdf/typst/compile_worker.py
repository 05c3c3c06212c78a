"""Compiles one file with Typst in a process of its own, whose memory is freed when it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .make_up import FILE, LABEL, MakeUp


@dataclass(frozen=True, slots=True)
class Finished:
    """The values of ``<places>`` and ``<pages>`` in a compiled file, and Typst's warnings."""

    values: Mapping[str, Any]
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """Typst's diagnostics for a file that it refuses."""

    message: str
    diagnostic: str


def compile_file(
    main: Path,
    output: Path,
    *,
    faces: Path,
    with_system_fonts: bool,
    nowhere: Path,
    timestamp: int,
    make_up: MakeUp,
) -> Finished | Refused:
    """Compiles ``main`` and the files beside it to the PDF ``output``.

    ``faces`` is the folder of the book's own fonts. ``nowhere`` is a folder that does not exist, in
    which Typst looks for packages. ``timestamp`` is that of the document, in seconds since 1970.
    ``make_up`` decides what follows from earlier layouts.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=with_system_fonts,
        include_embedded_fonts=True,
        font_paths=[str(faces)],
    )
    compiler = typst.Compiler(
        str(main),
        root=str(main.parent),
        font_paths=fonts,
        package_path=str(nowhere),
        package_cache_path=str(nowhere),
    )
    try:
        make_up.settle(
            (main.parent / FILE).write_text,
            lambda: json.loads(compiler.query(LABEL, field="value", one=True)),
        )
        _, warnings = compiler.compile_with_warnings(
            output=str(output),
            format="pdf",
            pdf_standards=["ua-1"],
            pdf_tags=True,
            timestamp=timestamp,
        )
        values = {
            name: json.loads(compiler.query(f"<{name}>", field="value", one=True))
            for name in ("places", "pages")
        }
    except typst.TypstError as error:
        return Refused(error.message, error.diagnostic or "")
    return Finished(values, [warning.message for warning in warnings])
