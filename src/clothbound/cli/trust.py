"""Decides whether the files of filters that a book.toml names are run: the file is data, and they are code.

A file that the user has trusted on a terminal is known by its bytes, so a changed one is asked about again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console_text import agree, format_count, printable
from ..errors import ManifestError
from ..filters import FilterFile
from .fetching import is_watched

if TYPE_CHECKING:
    from ..plan import Manifest


def trusted(manifest: Manifest, trust: bool, *, quiet: bool) -> tuple[FilterFile, ...]:
    """Returns the files of filters of a plan. Raises ManifestError if they are not trusted.

    ``trust`` runs them this time. Without it, a user at a terminal is asked, and the answer yes is kept.
    """
    files = tuple(FilterFile.read(manifest.beside(name)) for name in manifest.book.filters)
    if trust:
        return files
    known = _known()
    unknown = [file for file in files if file.digest not in known]
    if not unknown:
        return files
    names = ", ".join(printable(name) for name in manifest.book.filters)
    if is_watched(quiet=quiet) and _ask(manifest, unknown):
        _remember(unknown)
        return files
    them = agree(len(unknown), "it", "them")
    raise ManifestError(
        f"'filters' names Python files, which are run only if they are trusted: {names}",
        source=manifest.name,
        line=manifest.line_of_filters,
        hint=f"read {them}, and add --trust to the command",
    )


def _ask(manifest: Manifest, files: Sequence[FilterFile]) -> bool:
    for file in files:
        lines = format_count(len(file.code.splitlines()), "line")
        click.echo(f"{printable(file.path)}: {lines} of Python, not run yet", err=True)
    what = agree(len(files), "this file", "these files")
    question = f"{printable(manifest.name)} wants to run {what}; do you trust {agree(len(files), 'it', 'them')}?"
    return click.confirm(question, default=False, err=True)


def _list() -> Path:
    import platformdirs

    return platformdirs.user_state_path("clothbound") / "trusted-filters"


def _known() -> frozenset[str]:
    """Returns the SHA-256 of the files that were trusted."""
    try:
        return frozenset(_list().read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError):
        return frozenset()


def _remember(files: Sequence[FilterFile]) -> None:
    path = _list()
    # If it cannot be kept, the user is asked again.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a", encoding="ascii") as stream:
            stream.writelines(f"{file.digest}\n" for file in files)
