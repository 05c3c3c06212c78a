"""Digests of what decides about the parts of products: this installation, the run, options and posts.

They are made for each post of each run, by msgspec; the key of a whole conversion is made by ``conversion_key``.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from .run import deciding_values

if TYPE_CHECKING:
    from .run import Run


class UnkeyableError(Exception):
    """Something decides about a product of which no digest can be made, such as a function."""


FILE: Final = "file"
INDEX: Final = "index"
WHOLE: Final = "whole"


class Question(msgspec.Struct, frozen=True):
    """One question of a post."""

    of: str
    """Who is asked: ``index``, ``whole`` (the index of all posts that were read), ``file``, or a name of the writer's."""
    name: str
    """The function of the index; empty for others."""
    arguments: tuple[str, ...]
    answer: str
    """A digest of the answer."""


def digest_of(*facts: object) -> str:
    """Returns a digest of values. Of a path it is that of the file's bytes. Raises UnkeyableError for a function."""
    try:
        data = msgspec.json.encode(facts, enc_hook=_encode, order="deterministic")
    except (UnicodeEncodeError, TypeError, ValueError):
        # JSON holds no undecodable bytes of names, as files on Linux may have, and no keys but texts.
        try:
            plain = msgspec.to_builtins(facts, enc_hook=_encode)
        except (TypeError, ValueError) as error:
            raise UnkeyableError(str(error)) from error
        data = repr(plain).encode("utf-8", "backslashreplace")
    return hashlib.sha256(data).hexdigest()


@cache
def code_digest() -> str:
    """Returns a digest of this installation: Python, clothbound, its plug-ins, and the names and versions of all packages.

    Files of clothbound and of plug-ins count with their times and sizes, since reading them all would take longer than most conversions.
    """
    from .plugin_code import packages_named_in

    room = Path(__file__).parent
    ours = []
    for folder, _, names in os.walk(room):
        if not folder.endswith("__pycache__"):
            for name in names:
                status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - a path takes longer
                ours.append((folder, name, status.st_size, status.st_mtime_ns))
    packages: set[str] = set()
    plugins: set[str] = set()
    for entry in sys.path:
        try:
            names = os.listdir(entry or ".")  # noqa: PTH208 - likewise
        except OSError:
            continue
        found = [n for n in names if n.endswith((".dist-info", ".egg-info", ".pth"))]
        packages.update(found)
        plugins.update(*(packages_named_in(_entry_points(entry, name)) for name in found))
    code = [_state_of_package(name) for name in sorted(plugins)]
    return digest_of(sys.version, sys.platform, sorted(ours), sorted(packages), code)


def _entry_points(entry: str, package: str) -> bytes:
    try:
        with open(os.path.join(entry, package, "entry_points.txt"), "rb") as file:  # noqa: PTH118, PTH123 - a path takes longer
            return file.read()
    except OSError:
        return b""


def _state_of_package(name: str) -> list[object]:
    """Returns the names, sizes and times of the files of a package."""
    from .plugin_code import files_of

    states = ((file, path.stat()) for file, path in files_of(name).items() if path.is_file())
    return [name, *((file, state.st_size, state.st_mtime_ns) for file, state in states)]


def run_facts(run: Run) -> tuple[object, ...]:
    """Returns what of a run decides about products besides its moment.

    Raises UnkeyableError for filters that are functions, or that may read what has no digest.
    """
    if not run.filters:
        return deciding_values(run)
    from .filter_code import find_imported_code
    from .filters import FilterFile, as_files

    filters = []
    for one in as_files(run.filters):
        if not isinstance(one, FilterFile):
            raise UnkeyableError("a filter that is a function has no digest")
        imported = find_imported_code(one.code)
        if imported.depends_on_more:
            raise UnkeyableError("a filter may depend on files, the clock or the network")
        filters.append((one, imported.files))
    return (*deciding_values(run), filters)


def _encode(value: Any) -> object:
    if isinstance(value, os.PathLike):
        path = Path(os.fspath(value))
        if not path.is_file():
            return [os.fspath(path)]
        with path.open("rb") as stream:
            return [os.fspath(path), hashlib.file_digest(stream, "sha256").hexdigest()]
    raise UnkeyableError(f"a {type(value).__name__} has no digest")
