"""The key of a conversion: two conversions of one key make the same product, so the second can be left out.

A key holds the bytes of the source, the formats and their options with the bytes of the files that these name, the
filters, the parts of the run on which a product depends, and the versions of clothbound and of the packages that it
stands on. It does not hold pictures beside a single file or on the network.
"""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..errors import UsageError
from ..fields import is_path
from ..filter_code import find_imported_code
from ..filters import FilterFile, as_files
from ..installer import package_of_requirement
from ..plugin_code import files_of, list_plugins, package_of
from ..run import deciding_values

if TYPE_CHECKING:
    from ..formats import ReaderOptions, WriterOptions
    from ..run import Run

_FORM = "clothbound conversion 1"
_THEME = "theme"
"""The name of the option that may be the path of a theme."""


def key_of_settings(
    reader: str | ReaderOptions | None,
    writer: str | WriterOptions,
    run: Run,
    chosen: tuple[object, ...] = (),
    *,
    strict: bool,
) -> str:
    """Returns the part of a key that all sources of one call share; ``chosen`` says which posts of them and how.

    Raises UsageError for an option or a filter of which nobody can tell whether it changed.
    """
    filters = as_files(run.filters)
    code = [find_imported_code(one.code).files for one in filters if isinstance(one, FilterFile)]
    facts = (reader, writer, strict, *deciding_values(run), filters, code, run.now, *chosen)
    return _digest_of_parts(_parts(facts))


def key_of_conversion(settings: str, content: str) -> str:
    """Returns the key of a source whose bytes have the digest ``content``, as this process would convert it."""
    return _digest_of_parts((_FORM, settings, content, *_versions()))


def digest_of_place(path: Path) -> str:
    """Returns the digest of a file, or of all files of a folder with their names. Raises OSError."""
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    return _digest_of_parts(
        part
        for file in _files_in(path)
        for part in (file.relative_to(path).as_posix(), digest_of_place(file))
    )


def _files_in(folder: Path) -> Iterator[Path]:
    """Yields the files of a folder and of those below it, in order. Raises OSError if there is no such folder."""

    def refuse(error: OSError) -> None:
        raise error

    for place, folders, files in os.walk(folder, onerror=refuse):
        folders.sort()
        yield from (path for name in sorted(files) if (path := Path(place, name)).is_file())


def _digest_of_parts(parts: Iterator[str] | tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def _parts(value: Any) -> Iterator[str]:
    """Yields texts that differ wherever the value does, or a file that it names. Raises UsageError."""
    yield type(value).__qualname__
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield name
            yield from _parts(getattr(value, name))
            if name == _THEME:
                yield _digest_of_theme(getattr(value, name))
    elif isinstance(value, Mapping):
        yield from _parts(tuple(value.items()))
    elif isinstance(value, (list, tuple)):
        yield str(len(value))
        for one in value:
            yield from _parts(one)
    elif isinstance(value, AbstractSet):
        yield from sorted(_digest_of_parts(_parts(one)) for one in value)
    elif isinstance(value, (str, os.PathLike)):
        yield os.fspath(value)
        yield _digest_of_named(os.fspath(value))
    elif inspect.isroutine(value) or isinstance(value, type):
        yield from (str(value.__module__), value.__qualname__, _digest_of_code(value))
    elif _says_nothing(value):
        raise UsageError(
            f"resume cannot tell whether {type(value).__qualname__} changes",
            hint="give a function of a module, or a file",
        )
    else:
        yield repr(value)


def _says_nothing(value: object) -> bool:
    """Returns whether the text of a value is its place in memory."""
    return repr(value) == object.__repr__(value)


def _digest_of_named(text: str) -> str:
    """Returns the digest of the file that a text names; empty if it names none."""
    try:
        return digest_of_place(Path(text)) if Path(text).is_file() else ""
    except (OSError, ValueError):  # A style sheet is no name of a file.
        return ""


def _digest_of_theme(value: object) -> str:
    """Returns the digest of a theme's folder, since its file names others there; empty for one of ours."""
    is_file = is_path(value) and Path(str(value)).is_file()
    return digest_of_place(Path(str(value)).parent) if is_file else ""


def _digest_of_code(function: Any) -> str:
    try:
        file = inspect.getsourcefile(inspect.unwrap(function))
    except TypeError:
        file = None
    if file is None or not Path(file).is_file():
        raise UsageError(
            f"resume cannot read the code of {function.__qualname__!r}",
            hint="define it in a file, or name that file",
        )
    return digest_of_place(Path(file))


@cache
def _versions() -> tuple[str, ...]:
    """Returns the packages that make a product, with their versions, and the code of plug-ins."""
    from importlib.metadata import PackageNotFoundError, requires, version

    wanted = set(map(package_of_requirement, requires("clothbound") or ()))
    found = []
    for name in ("clothbound", *sorted(wanted)):
        try:
            found += [name, version(name)]
        except PackageNotFoundError:  # of an extra that is not installed
            continue
    for kind, name, target in list_plugins():
        found += [kind, name, target]
        for file, path in files_of(package_of(target)).items():
            found += [file, digest_of_place(path)] if path.is_file() else []
    return tuple(found)
