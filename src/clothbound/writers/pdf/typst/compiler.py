"""Compiles with Typst's Python package, which reads only the files of the book and no packages."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from ....errors import MissingEngineError, WriteError
from ....installer import command_to_add
from ....isolated import JobDiedError, JobError, WaitingWorkers, Worker
from ....lazy_pattern import lazy_pattern
from ....staging import TemporaryFolder
from ..fonts import SERIF, BookFonts
from .compile_worker import OpenBatch, Refused, open_batch, settle, write
from .faces import DISPLAY_SIZE, file_name, script_fonts, subset, with_equivalents
from .make_up import FILE, LABEL, MakeUp

T = TypeVar("T")

_PLACE = lazy_pattern(r"chapters/(\d+)\.typ(?::(\d+))?")
_PICTURE = lazy_pattern(r"files/\w+\.\w+")
_MISSING = lazy_pattern(r'the text `"((?:[^"\\`]|\\.)+)"` could not be displayed')
_CODE_POINT = lazy_pattern(r"\\u\{([0-9a-f]+)\}")


def load() -> ModuleType:
    """Imports the module ``typst``. Raises MissingEngineError if it is not installed."""
    try:
        importlib.import_module("uharfbuzz")
        return importlib.import_module("typst")
    except ImportError as error:
        raise MissingEngineError(
            "PDF by Typst needs the packages typst and uharfbuzz, which are not installed",
            hint=command_to_add("typst", "pikepdf", "uharfbuzz"),
        ) from error


class CompileError(Exception):
    """Typst refused the source.

    ``lines`` are the chapter and line numbers that it names, ``pictures`` the files, and ``texts``
    the words that no font could show.
    """

    def __init__(
        self,
        message: str,
        lines: frozenset[tuple[int, int]],
        pictures: frozenset[str],
        texts: frozenset[str],
    ) -> None:
        super().__init__(message)
        self.message = message
        self.lines = lines
        self.pictures = pictures
        self.texts = texts


class Compiler:
    """Compiles one book, in a folder that is removed when the compiler is closed.

    Typst reads nothing outside that folder except fonts, and no packages, since their folder does
    not exist.
    """

    def __init__(self, size: float, book_fonts: BookFonts, characters: Iterable[str]) -> None:
        """``size`` is that of the text in points; ``characters`` are all that ``book_fonts``, the book's own,
        must show.

        Raises MissingEngineError.
        """
        self._typst = load()
        self._folder = TemporaryFolder()
        self._root = Path(self._folder.path, "book")
        self._faces = Path(self._folder.path, "faces")
        self._faces.mkdir()
        self._size = size
        self._book_fonts = book_fonts
        self._with_system_fonts = False
        self._characters: frozenset[str] = frozenset()
        self.font_generation = 0
        """Font generation counter; a new generation invalidates compiled batches."""
        self.write_fonts(characters)

    def __enter__(self) -> Compiler:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def write_fonts(self, characters: Iterable[str]) -> None:
        """Writes the book's own fonts again, with more ``characters``, if they lack some."""
        needed = self._characters.union(characters)
        if self.font_generation and needed == self._characters:
            return
        self._characters = needed
        self.font_generation += 1
        wanted = with_equivalents(needed)
        own = self._book_fonts.static(self._size, DISPLAY_SIZE)
        for font in (*own, *script_fonts("".join(sorted(needed)))):
            (self._faces / file_name(font)).write_bytes(subset(font, wanted))
        self._fonts = self._load_fonts()

    def _load_fonts(self, *, own_alone: bool = False) -> Any:
        return self._typst.Fonts(
            include_system_fonts=self._with_system_fonts,
            include_embedded_fonts=not own_alone,
            font_paths=[str(self._faces)],
        )

    def families(self) -> frozenset[str]:
        """Returns the names of all available font families, in lower case."""
        return frozenset(name.lower() for name in self._fonts.families())

    def take_characters(self, characters: Iterable[str]) -> frozenset[str]:
        """Loads the system's fonts too if the book's own lack some of ``characters``.

        Returns those that no font has.
        """
        # The engine includes faces for mathematics and code, which have letters of other scripts
        # too; in text they are the last resort.
        missing = self._missing(sorted(characters), self._load_fonts(own_alone=True))
        if missing:
            self._with_system_fonts = True
            self._fonts = self._load_fonts()
            missing = self._missing(missing, self._fonts)
        return frozenset(missing)

    def _missing(self, characters: Sequence[str], fonts: Any) -> list[str]:
        """Returns the characters that Typst refuses, since a tagged PDF must have a glyph for
        each.
        """
        if not characters:
            return []
        lines = ";".join(f'par("\\u{{{ord(c):x}}}")' for c in characters)
        source = f'#set document(title: "x")\n#set text(font: "{SERIF}")\n#{{{lines}}}'
        try:
            self._typst.compile(
                source.encode(),
                root=self._faces,
                font_paths=fonts,
                format="pdf",
                pdf_standards=["ua-1"],
            )
        except self._typst.TypstError as error:
            return sorted(_undisplayed(error.diagnostic))
        return []

    def compile(
        self, sources: Mapping[str, bytes], *, timestamp: int, make_up: MakeUp | None = None
    ) -> tuple[bytes, Sequence[str]]:
        """Returns the PDF and Typst's warnings. Raises CompileError.

        ``sources`` are files by path, added to those of earlier calls; compilation begins with
        ``main.typ``. ``timestamp`` is that of the document, in seconds since 1970.
        ``make_up`` decides what follows from earlier layouts.
        """
        self.put(sources)
        nowhere = Path(self._folder.path, "none")
        try:
            self._compiler = self._typst.Compiler(
                self._root / "main.typ",
                root=self._root,
                package_path=nowhere,
                package_cache_path=nowhere,
                font_paths=self._fonts,
            )
            if make_up is not None:
                make_up.settle((self._root / FILE).write_text, lambda: self.value(LABEL))
            pdf, warnings = self._compiler.compile_with_warnings(
                format="pdf",
                pdf_standards=["ua-1"],
                pdf_tags=True,
                timestamp=timestamp,
            )
        except self._typst.TypstError as error:
            raise _compile_error(error.message, error.diagnostic or "") from error
        return pdf, [_one_line(w.message) for w in warnings]

    def value(self, label: str) -> Any:
        """Returns the value under ``label`` in the book that was compiled last."""
        return json.loads(self._compiler.query(label, field="value", one=True))

    def put(self, sources: Mapping[str, bytes]) -> None:
        """Adds files to the project."""
        for path, data in sources.items():
            target = self._root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def open_batch(self, name: str, waiting: WaitingWorkers) -> BatchCompiler:
        """Returns what compiles ``main.typ`` in the folder ``name``, with files added by ``put``: in a process that is
        ``waiting``, or else in a new one.
        """
        begin = partial(
            open_batch,
            self._root / name,
            root=self._root,
            faces=self._faces,
            with_system_fonts=self._with_system_fonts,
            nowhere=Path(self._folder.path, "none"),
        )
        (worker,) = waiting.take(1, begin) or [Worker(begin)]
        return BatchCompiler(worker, self._root / name / "batch.pdf")


class BatchCompiler:
    """Compiles one batch in a process of its own, which keeps what it has laid out until it is closed.

    Each step raises NoProcessError if no process can be started, and WriteError if it fails.
    """

    def __init__(self, worker: Worker, output: Path) -> None:
        self._worker = worker
        self._output = output

    def __enter__(self) -> BatchCompiler:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.__exit__()

    def settle(self, make_up: MakeUp) -> Mapping[str, Any]:
        """Lays the batch out, and returns the values of ``<places>`` and ``<pages>``. Raises CompileError.

        ``make_up`` decides what follows from earlier layouts.
        """
        values = self._run(partial(settle, make_up))
        if values is None:
            self.write(0)
            raise WriteError("Typst cannot lay out a part of the book")
        return values

    def write(self, timestamp: int) -> tuple[Path, Sequence[str]]:
        """Returns the PDF as it was laid out, and the engine's warnings. Raises CompileError."""
        result = self._run(partial(write, self._output, timestamp))
        if isinstance(result, Refused):
            raise _compile_error(result.message, result.diagnostic)
        return self._output, [_one_line(w) for w in result]

    def _run(self, job: Callable[[OpenBatch], T]) -> T:
        try:
            return self._worker.run(job)
        except JobDiedError as error:
            raise _process_error(error) from error
        except JobError as error:
            raise WriteError(f"Typst cannot compile a part of the book: {error.reason}") from error


def _process_error(error: JobDiedError) -> WriteError:
    message = f"Typst compiled a part of the book: {error.reason}"
    if not error.was_killed:
        return WriteError(message)
    return WriteError(
        message,
        hint="the system may have lacked memory, of which it takes up to a gigabyte: end other "
        "programs, or make a book of each year",
    )


def _compile_error(message: str, diagnostic: str) -> CompileError:
    found = _PLACE.findall(diagnostic)
    lines = frozenset((int(chapter), int(line or 0)) for chapter, line in found)
    pictures = frozenset(_PICTURE.findall(diagnostic))
    return CompileError(_one_line(message), lines, pictures, _undisplayed(diagnostic))


def _undisplayed(diagnostic: str | None) -> frozenset[str]:
    found = "".join(_MISSING.findall(diagnostic or ""))
    return frozenset(_CODE_POINT.sub(lambda match: chr(int(match[1], 16)), found))


def _one_line(message: str) -> str:
    return " ".join(str(message).split())[:500]
