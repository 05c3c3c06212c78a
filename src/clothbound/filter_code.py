"""What the code of a file of filters imports, by which it is told whether filters do the same as in a run before.

Modules of the user's beside the file count with their bytes, and so do the modules that these import. Whatever else a
filter may depend on (files, the clock, the environment, the network) can only be had by a module that is not among
``_WITHOUT_STATE``, or by one of the functions ``_READ_MORE``.
"""

from __future__ import annotations

import ast
import hashlib
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder
from pathlib import Path

import msgspec

_WITHOUT_STATE = frozenset(
    {
        "__future__", "abc", "array", "base64", "bisect", "calendar", "collections", "colorsys", "contextlib",
        "copy", "dataclasses", "decimal", "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "html",
        "itertools", "json", "math", "msgspec", "numbers", "operator", "re", "statistics", "string", "struct", "textwrap",
        "types", "typing", "typing_extensions", "unicodedata", "zlib",
    }
)  # fmt: skip
"""Modules whose functions return the same for the same arguments, in one version of Python and of each package."""
_OF_CLOTHBOUND = ("clothbound.model", "clothbound.filters")
"""The modules of clothbound's with which filters are written; others read files."""
_READ_MORE = frozenset(
    {"open", "exec", "eval", "compile", "__import__", "input", "__loader__", "__spec__"}
)
"""Names of Python's own by which code reads files or runs other code."""


class ImportedCode(msgspec.Struct, frozen=True):
    """What some code imports."""

    files: tuple[tuple[str, str], ...] = ()
    """The files of the user's modules, with digests of their bytes."""
    depends_on_more: bool = False
    """Whether it may depend on what has no digest here, such as a file that it reads."""


def find_imported_code(code: bytes) -> ImportedCode:
    """Returns what the code imports, wherever in it, and what that imports. Nothing is run."""
    found: dict[Path, str] = {}
    depends_on_more = False
    waiting = [code]
    while waiting:
        names, reads_more = _names_in(waiting.pop())
        depends_on_more |= reads_more
        for name in names:
            files = _files_of(name)
            depends_on_more |= files is None
            for file in files or ():
                if file not in found:
                    data = _read(file)
                    depends_on_more |= data is None
                    found[file] = hashlib.sha256(data or b"").hexdigest()
                    waiting.append(data or b"")
    listed = tuple(sorted((str(file), digest) for file, digest in found.items()))
    return ImportedCode(listed, depends_on_more)


def _names_in(code: bytes) -> tuple[set[str], bool]:
    """Returns the modules that code imports, without those in packages, and whether it may read anything else."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return set(), True
    names: set[str] = set()
    reads_more = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
        elif isinstance(node, ast.Name):
            reads_more |= node.id in _READ_MORE
    # All files of a package count, so what its modules import of each other is among them.
    return {
        name.partition(".")[0]
        for name in names
        if name.partition(".")[0] not in _WITHOUT_STATE and not name.startswith(_OF_CLOTHBOUND)
    }, reads_more


def _files_of(name: str) -> list[Path] | None:
    """Returns the files of a module or package of the user's; None for any other, and for one that is not there."""
    if name in sys.stdlib_module_names:
        return None
    try:
        spec = PathFinder.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if spec.submodule_search_locations is not None:
        files = list(_files_below(spec.submodule_search_locations))
    else:
        files = [Path(spec.origin)] if spec.origin and spec.origin.endswith(".py") else []
    return None if not files or any(map(_is_installed, files)) else files


def _files_below(folders: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(Path(folder).rglob("*.py"))


def _is_installed(file: Path) -> bool:
    return any(file.is_relative_to(sysconfig.get_path(place)) for place in ("purelib", "platlib"))


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
