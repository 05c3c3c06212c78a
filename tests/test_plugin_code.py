"""Finds the packages of plug-ins and their files, by which products that are kept are known to be right still."""

from __future__ import annotations

from pathlib import Path

import pytest

from clothbound.batch import conversion_key
from clothbound.batch.conversion_key import key_of_conversion
from clothbound.part_digests import code_digest
from clothbound.plugin_code import files_of, list_plugins, package_of, packages_named_in

ENTRY_POINTS = """[console_scripts]
tide = tide_command:main

[clothbound.writers]
tide = tide_plugin.writing.pages:Writer
shore = tide_plugin:shore

[clothbound.transforms]
ebb = ebb_plugin:Transform
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns the folder of a package that is installed as a plug-in, beside a plug-in of one module."""
    info = tmp_path / "tide-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tide\nVersion: 1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    for name in ("__init__.py", "page.css", "writing/pages.py"):
        file = tmp_path / "tide_plugin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("a = 1\n")
    (tmp_path / "ebb_plugin.py").write_text("a = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "tide_plugin"


def digests() -> tuple[str, str]:
    """Returns what decides about kept parts, and about the products of ``convert_many``, as a new process has them."""
    conversion_key._versions.cache_clear()
    return code_digest.__wrapped__(), key_of_conversion("", "")


def test_packages_are_those_of_the_entry_points(plugin: Path) -> None:
    found = packages_named_in(ENTRY_POINTS.encode())
    assert found == {"tide_plugin", "ebb_plugin"}
    assert found <= {package_of(target) for _, _, target in list_plugins()}


def test_the_files_of_a_package_and_of_a_module(plugin: Path) -> None:
    assert list(files_of("tide_plugin")) == [
        "tide_plugin/__init__.py",
        "tide_plugin/page.css",
        "tide_plugin/writing/pages.py",
    ]
    assert files_of("ebb_plugin") == {"ebb_plugin.py": plugin.parent / "ebb_plugin.py"}
    assert files_of("no_such_plugin") == {}
    (plugin / "__init__.py").unlink()
    assert list(files_of("tide_plugin")) == ["tide_plugin/page.css", "tide_plugin/writing/pages.py"]


@pytest.mark.parametrize(
    "name", ["tide_plugin/page.css", "tide_plugin/writing/pages.py", "ebb_plugin.py"]
)
def test_a_file_of_a_plug_in_decides(name: str, plugin: Path) -> None:
    before = digests()
    (plugin.parent / name).write_text("a = 22\n")
    assert [one == other for one, other in zip(before, digests(), strict=True)] == [False, False]


def test_what_python_keeps_of_a_plug_in_does_not_decide(plugin: Path) -> None:
    before = digests()
    (plugin / "__pycache__").mkdir()
    (plugin / "__pycache__" / "pages.cpython-313.pyc").write_bytes(b"made when it is imported")
    assert digests() == before
