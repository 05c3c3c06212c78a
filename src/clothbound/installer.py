"""Returns the commands that change this installation, for hints to name.

pip, pipx and uv install a command in different places, and what one of them installs the others do not see.
pipx and uv leave a file in the environment that they made for a command. uv makes it anew from what its command
names, so a hint repeats from uv's file whence the command came, its extras, and what was added before.
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import msgspec


def command_to_add(*packages: str, environment: str = sys.prefix) -> str:
    """Returns the command that adds packages to an environment, in the versions that clothbound takes (``pyproject.toml``).

    One that clothbound does not require is named as it is given, ``s3fs`` or ``s3fs>=2025.3``.
    """
    folder = Path(environment)
    bounded = _own_requirements()
    quoted = [f"'{bounded.get(package, package)}'" for package in packages]
    if _is_of_pipx(folder):
        return " ".join(("pipx inject", folder.name, *quoted))
    if _is_of_uv(folder):
        tool, *added = _installed_by_uv(folder)
        names = set(map(package_of_requirement, packages))
        kept = [shlex.quote(one) for name, one in added if name not in names]
        return " --with ".join((f"uv tool install {tool[1]}", *kept, *quoted))
    return " ".join(("pip install", *quoted))


def command_to_upgrade(*, environment: str = sys.prefix) -> str:
    """Returns the command that replaces the clothbound of an environment by the newest version."""
    folder = Path(environment)
    if _is_of_pipx(folder):
        return f"pipx upgrade {folder.name}"
    if _is_of_uv(folder):
        return f"uv tool upgrade {folder.name}"
    return "pip install --upgrade clothbound"


def package_of_requirement(requirement: str) -> str:
    """Returns the name at the beginning of a requirement, such as ``pillow-heif>=1.4``."""
    return re.split(r"[^\w.-]", requirement)[0]


def _own_requirements() -> dict[str, str]:
    """Returns what this installation of clothbound requires, also for its extras, by the name of each package.

    It is empty where clothbound runs without being installed.
    """
    from importlib.metadata import PackageNotFoundError, requires

    try:
        lines = requires("clothbound") or ()
    except PackageNotFoundError:
        return {}
    found = {}
    for line in lines:
        requirement = line.partition(";")[0].strip()
        name = package_of_requirement(requirement)
        # Metadata sort the bounds by their signs, and a reader looks for the lower one first.
        bounds = sorted(requirement.removeprefix(name).split(","), reverse=True)
        found[name] = name + ",".join(bounds)
    return found


def _is_of_pipx(environment: Path) -> bool:
    return (environment / "pipx_metadata.json").is_file()


def _is_of_uv(environment: Path) -> bool:
    return (environment / "uv-receipt.toml").is_file()


class _Asked(msgspec.Struct, frozen=True):
    """An entry of uv's file: what it was asked to install."""

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    directory: str = ""
    editable: str = ""
    path: str = ""
    url: str = ""
    git: str = ""


class _Tool(msgspec.Struct, frozen=True):
    requirements: tuple[_Asked, ...] = ()


class _Receipt(msgspec.Struct, frozen=True):
    tool: _Tool = _Tool()


def _installed_by_uv(environment: Path) -> list[tuple[str, str]]:
    """Returns the names of what uv was asked to install, and how its command names each, the tool first.

    A file that uv no longer writes so, or that is damaged, says nothing, and the tool has its name alone.
    """
    own = _Asked(environment.name)
    try:
        data = (environment / "uv-receipt.toml").read_bytes()
        asked = msgspec.toml.decode(data, type=_Receipt).tool.requirements
    except (OSError, UnicodeError, ValueError, msgspec.MsgspecError):
        asked = ()
    others = [(one.name, _as_requirement(one)) for one in asked if one.name != own.name]
    own = next((one for one in asked if one.name == own.name), own)
    return [(environment.name, _as_tool(own)), *others]


def _as_tool(asked: _Asked) -> str:
    words = shlex.quote(_as_requirement(asked))
    return f"--editable {words}" if asked.editable else words


def _as_requirement(asked: _Asked) -> str:
    """Returns an entry of uv's file as uv's command takes it: a path or a name, with extras, and an address."""
    extras = f"[{','.join(asked.extras)}]" if asked.extras else ""
    if place := asked.directory or asked.editable or asked.path:
        return f"{place}{extras}"
    name = f"{asked.name}{extras}"
    if asked.url:
        return f"{name} @ {asked.url}"
    if asked.git:
        address, _, revision = asked.git.partition("?rev=")
        return f"{name} @ git+{address}{f'@{revision}' if revision else ''}"
    return f"{name}{asked.specifier}"
