"""Returns the commands that change this installation, for hints to name.

pip, pipx and uv install a command in different places, and what one of them installs the others do not see.
pipx and uv leave a file in the environment that they made for a command.
"""

from __future__ import annotations

import sys
from pathlib import Path


def command_to_add(*requirements: str, environment: str = sys.prefix) -> str:
    """Returns the command that adds packages, such as ``pillow-heif>=1.4``, to an environment."""
    folder = Path(environment)
    quoted = [f"'{requirement}'" for requirement in requirements]
    if _is_of_pipx(folder):
        return " ".join(("pipx inject", folder.name, *quoted))
    if _is_of_uv(folder):
        return " --with ".join((f"uv tool install {folder.name}", *quoted))
    return " ".join(("pip install", *quoted))


def command_to_upgrade(*, environment: str = sys.prefix) -> str:
    """Returns the command that replaces the clothbound of an environment by the newest version."""
    folder = Path(environment)
    if _is_of_pipx(folder):
        return f"pipx upgrade {folder.name}"
    if _is_of_uv(folder):
        return f"uv tool upgrade {folder.name}"
    return "pip install --upgrade clothbound"


def _is_of_pipx(environment: Path) -> bool:
    return (environment / "pipx_metadata.json").is_file()


def _is_of_uv(environment: Path) -> bool:
    return (environment / "uv-receipt.toml").is_file()
