"""Tests that imports are declared, declared packages are used, and CI installs declared
versions.
"""

from __future__ import annotations

import ast
import re
import runpy
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions as distributions_installed
from importlib.metadata import packages_distributions
from importlib.metadata import version as version_of
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = [
    Requirement(line)
    for line in (
        *PROJECT["project"]["dependencies"],
        *(line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra),
    )
]
GROUPS = PROJECT["dependency-groups"]
DEVELOPMENT = [Requirement(line) for group in GROUPS.values() for line in group]
LOCKED = dict(
    line.split("==")
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)

NOT_IMPORTED = {
    "fontpkg-amiri": "font files, read as resources of the package",
    "fontpkg-frank-ruhl-libre": "a font file, read as a resource of the package",
    "fontpkg-noto-sans-devanagari": "a font file, read as a resource of the package",
    "fontpkg-noto-sans-thai": "a font file, read as a resource of the package",
    "fontpkg-jetbrains-mono": "a font file, read as a resource of the package",
    "fontpkg-source-sans-3": "font files, read as resources of the package",
    "fontpkg-source-serif-4": "font files, read as resources of the package",
    "pillow-heif": "imported by a name that is chosen where a picture is decoded",
}
"""Packages that the source names in a string alone, and why."""


OWN_FOLDERS = ("tests", "benchmarks", "scripts")


def imported(folder: str) -> Iterator[str]:
    """The top-level names of the packages of others that the modules in a folder import."""
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            yield from (name.partition(".")[0] for name in names)


@cache
def distributions(folder: str) -> frozenset[str]:
    """The distributions of what is imported in a folder, as PyPI writes their names."""
    known = packages_distributions()
    own = {path.stem for other in OWN_FOLDERS for path in (ROOT / other).glob("*")}
    own |= {path.stem for path in (ROOT / "tests" / "fuzz").glob("*")}
    found = set(imported(folder)) - sys.stdlib_module_names - own - {"clothbound"}
    return frozenset(canonicalize_name(d) for n in found for d in known.get(n, [n]))


def names(requirements: list[Requirement]) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements}


def test_what_the_package_imports_is_declared() -> None:
    assert distributions("src") - names(RUNTIME) == set()


def test_what_is_declared_is_imported_or_has_a_reason() -> None:
    assert names(RUNTIME) - distributions("src") == set(NOT_IMPORTED)


def test_what_is_not_imported_is_named_in_a_string() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in NOT_IMPORTED:
        assert re.search(rf'"{name.replace("-", "_")}\b', text), name


def test_what_tests_and_benchmarks_use_is_declared() -> None:
    used = distributions("tests") | distributions("benchmarks") | distributions("scripts")
    own = {"beside", "audit-hook"}  # one that test_isolated writes, one that audited_run finds
    assert used - names(RUNTIME) - names(DEVELOPMENT) - own == set()


def test_each_has_one_line_and_a_lower_bound() -> None:
    for group in (PROJECT["project"]["dependencies"], *GROUPS.values()):
        given = [canonicalize_name(Requirement(line).name) for line in group]
        assert len(given) == len(set(given))
    for requirement in (*RUNTIME, *DEVELOPMENT):
        assert ">=" in str(requirement.specifier) or requirement.name.startswith("types-")
    bounds: dict[str, set[str]] = {}
    for requirement in (*RUNTIME, *DEVELOPMENT):
        bounds.setdefault(canonicalize_name(requirement.name), set()).add(
            str(requirement.specifier)
        )
    assert {name for name, found in bounds.items() if len(found) > 1} == set()


@pytest.mark.parametrize("requirement", [*RUNTIME, *DEVELOPMENT], ids=str)
def test_ci_installs_a_version_within_the_bounds(requirement: Requirement) -> None:
    versions = {canonicalize_name(name): version for name, version in LOCKED.items()}
    assert versions[canonicalize_name(requirement.name)] in requirement.specifier


def test_the_versions_of_ci_run_on_the_oldest_python() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    for found in distributions_installed():
        if LOCKED.get(found.metadata["Name"]) == found.version:
            wanted = found.metadata.get_all("Requires-Python") or [""]
            assert f"{oldest}.0" in SpecifierSet(wanted[0]), found.name


def test_the_lock_has_the_versions_of_ci_and_hashes_of_their_files() -> None:
    lock = (ROOT / "lock.txt").read_text(encoding="utf-8")
    entries = re.findall(
        r"^([\w.-]+)==([\w.+!]+)(?: ; [^\n]+?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
        lock,
        re.M,
    )
    assert "".join(lock.splitlines(keepends=True)[:1]).startswith("# ")
    assert lock.count("==") - lock.count(" == '") == len(entries)  # nothing stands without a hash
    locked = {canonicalize_name(name): version for name, version, _ in entries}
    versions = {canonicalize_name(name): version for name, version in LOCKED.items()}
    others = {name: version for name, version in versions.items() if locked.get(name) != version}
    assert others == {}, "run: sh scripts/lock.sh"
    assert not re.search(r"://|@|--(?!hash=)", lock), "it names a place"


def test_the_page_on_licences_names_every_package() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_licences.py"))
    page = (ROOT / "docs" / "explanation" / "licences.md").read_text(encoding="utf-8")
    written = dict(re.findall(r"^\| ([\w.-]+) \| (.+?) \|$", page.split(made["HEADING"])[1], re.M))
    locked = {canonicalize_name(name): version for name, version in LOCKED.items()}
    for name, licence in made["licences"]().items():
        assert name in written, "run: python docs/make_licences.py"
        if locked.get(name) == version_of(name):
            assert written[name] == licence, "run: python docs/make_licences.py"


def test_the_versions_of_ci_name_no_place() -> None:
    for name, version in LOCKED.items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        assert re.fullmatch(r"[a-z0-9.+!]+", version)


def test_the_architecture_has_a_reason_for_each() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.split("## Dependencies, and why each\n", 1)[1]
    for name in names(RUNTIME):
        assert re.search(rf"\b{re.escape(name)}\b", section, re.I), name


def test_bounds_stand_in_pyproject_alone() -> None:
    """``installer.command_to_add`` takes those of a package from the metadata of the installation."""
    written = re.compile(r"""['"]([\w-]+>=\d[\d.,<]*)['"]""")
    assert written.findall("command_to_add('typst>=0.15,<0.16')") == ["typst>=0.15,<0.16"]
    for path in (ROOT / "src").rglob("*.py"):
        assert not written.findall(path.read_text(encoding="utf-8")), path
