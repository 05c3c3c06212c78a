"""What hints say where pip, pipx or uv made the environment. scripts/installers.sh follows them."""

from __future__ import annotations

from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

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


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ('[{ name = "cloth" }]', "uv tool install cloth --with 'a>=1'"),
        (
            '[{ name = "cloth", specifier = "==0.1.0" }]',
            "uv tool install cloth==0.1.0 --with 'a>=1'",
        ),
        (
            '[{ name = "cloth", extras = ["typst", "heic"], directory = "/my co" }, { name = "b", specifier = ">=2" }]',
            "uv tool install '/my co[typst,heic]' --with 'b>=2' --with 'a>=1'",
        ),
        (
            '[{ name = "cloth", editable = "/co" }, { name = "a", specifier = ">=0.5" }]',
            "uv tool install --editable /co --with 'a>=1'",
        ),
        (
            '[{ name = "cloth", extras = ["typst"], path = "/d/cloth-1.whl" }]',
            "uv tool install '/d/cloth-1.whl[typst]' --with 'a>=1'",
        ),
        (
            '[{ name = "cloth", git = "https://code.example/cloth?rev=main" }]',
            "uv tool install 'cloth @ git+https://code.example/cloth@main' --with 'a>=1'",
        ),
        (
            '[{ name = "cloth", url = "https://code.example/cloth.whl" }]',
            "uv tool install 'cloth @ https://code.example/cloth.whl' --with 'a>=1'",
        ),
    ],
)
def test_a_hint_for_uv_keeps_whence_it_came_and_its_extras(
    asked: str, command: str, tmp_path: Path
) -> None:
    """The receipts are as uv 0.13 writes them."""
    environment = tmp_path / "cloth"
    environment.mkdir()
    (environment / "uv-receipt.toml").write_text(f"[tool]\nrequirements = {asked}\n", "utf-8")
    assert command_to_add("a>=1", environment=str(environment)) == command


def test_a_package_that_clothbound_requires_has_its_bounds_the_lower_first() -> None:
    required = [Requirement(line) for line in requires("clothbound") or ()]
    assert {"pypdfium2", "weasyprint"} <= {one.name for one in required}
    for one in required:
        said = Requirement(command_to_add(one.name).removeprefix("pip install ").strip("'"))
        assert (said.name, said.specifier) == (one.name, one.specifier)
    assert command_to_add("weasyprint").startswith("pip install 'weasyprint>=")


def test_this_environment_is_of_pip() -> None:
    assert command_to_add("a>=1") == "pip install 'a>=1'"


@pytest.mark.parametrize(
    "receipt",
    [
        b"not TOML [",
        b"\xff\xfe",
        b"[tool]\nrequirements = 3\n",
        b'[tool]\nrequirements = ["cloth"]\n',
        b'[tool]\nrequirements = [{ extras = "typst" }]\n',
        b'tool = "uv"\n',
    ],
)
def test_a_damaged_receipt_leaves_a_hint(receipt: bytes, tmp_path: Path) -> None:
    environment = tmp_path / "cloth"
    environment.mkdir()
    (environment / "uv-receipt.toml").write_bytes(receipt)
    command = command_to_add("a>=1", environment=str(environment))
    assert command == "uv tool install cloth --with 'a>=1'"
