"""Finds the code of plug-ins: which packages they are, and the files of a package.

A package counts with all its files, since a template or a style sheet decides about products as much as its code does;
what Python keeps of the code (``__pycache__``) comes and goes by itself.
"""

from __future__ import annotations

import os
from pathlib import Path


def package_of(target: str) -> str:
    """Returns the package of an entry point, which is ``module:attribute``."""
    return target.partition(":")[0].partition(".")[0]


def packages_named_in(entry_points: bytes) -> set[str]:
    """Returns the packages that a file ``entry_points.txt`` names as plug-ins of clothbound.

    ``formats.plugins`` asks ``importlib.metadata``, which reads that file of every package that is installed; this
    takes longer than to make a post.
    """
    if b"[clothbound." not in entry_points:
        return set()
    sections = entry_points.decode(errors="replace").split("[")
    lines = "".join(one for one in sections if one.startswith("clothbound.")).splitlines()
    targets = (line.partition("=")[2].strip() for line in lines)
    return {package_of(target) for target in targets if target}


def files_of(package: str) -> dict[str, Path]:
    """Returns the files of a package or of a module by their names; none if it is not installed as files."""
    from importlib.util import find_spec

    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return {}
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    if not folders:
        return {Path(spec.origin).name: Path(spec.origin)} if spec.origin else {}
    return {
        path.relative_to(folder.parent).as_posix(): path
        for folder in folders
        for path in _files_below(folder)
    }


def _files_below(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        found += [Path(place, name) for name in sorted(names)]
    return found
