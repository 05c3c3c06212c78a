"""What hints say where pip, pipx or uv made the environment. scripts/installers.sh follows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from clothbound.installer import command_to_add, command_to_upgrade


@pytest.mark.parametrize(
    ("left_by_it", "add", "upgrade"),
    [
        ("pyvenv.cfg", "pip install 'a>=1,<2' 'b>=3'", "pip install --upgrade clothbound"),
        ("pipx_metadata.json", "pipx inject cloth 'a>=1,<2' 'b>=3'", "pipx upgrade cloth"),
        (
            "uv-receipt.toml",
            "uv tool install cloth --with 'a>=1,<2' --with 'b>=3'",
            "uv tool upgrade cloth",
        ),
    ],
)
def test_a_hint_names_the_program_that_made_the_environment(
    left_by_it: str, add: str, upgrade: str, tmp_path: Path
) -> None:
    environment = tmp_path / "cloth"
    environment.mkdir()
    (environment / left_by_it).touch()
    assert command_to_add("a>=1,<2", "b>=3", environment=str(environment)) == add
    assert command_to_upgrade(environment=str(environment)) == upgrade


def test_this_environment_is_of_pip() -> None:
    assert command_to_add("a>=1") == "pip install 'a>=1'"
