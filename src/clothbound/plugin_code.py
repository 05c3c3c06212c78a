"""Finds plug-ins by their entry points, and their code: which packages they are, and the files of a package.

A package counts with all its files, since a template or a style sheet decides about products as much as its code does;
what Python keeps of the code (``__pycache__``) comes and goes by itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, TypeAlias, get_args

PluginKind: TypeAlias = Literal["reader", "writer", "transform"]
"""What a plug-in may be."""
_GROUPS = {kind: f"clothbound.{kind}s" for kind in get_args(PluginKind)}
"""The group of entry points of each kind."""


def targets_by_name(kind: PluginKind) -> dict[str, str]:
    """Returns ``module:attribute`` of each plug-in of a kind by its name, as ``importlib.metadata`` finds them."""
    from importlib.metadata import entry_points

    return {one.name: one.value for one in entry_points(group=_GROUPS[kind])}


def list_plugins() -> list[tuple[PluginKind, str, str]]:
    """Returns the kind, the name and the target of each plug-in, in a fixed order."""
    kinds: tuple[PluginKind, ...] = get_args(PluginKind)
    return [(kind, *plugin) for kind in kinds for plugin in sorted(targets_by_name(kind).items())]


def package_of(target: str) -> str:
    """Returns the package of an entry point, which is ``module:attribute``."""
    return target.partition(":")[0].partition(".")[0]


def packages_named_in(entry_points: bytes) -> set[str]:
    """Returns the packages that a file ``entry_points.txt`` names as plug-ins of clothbound.

    ``list_plugins`` reads that file of every package that is installed, which takes longer than to make a post.
    """
    if b"[clothbound." not in entry_points:
        return set()
    sections = (one.partition("]") for one in entry_points.decode(errors="replace").split("["))
    lines = [
        line
        for group, _, text in sections
        if group in _GROUPS.values()
        for line in text.splitlines()
    ]
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
