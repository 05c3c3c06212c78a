"""The step that makes a release, in copies of the checkout, and what a hosted CI would run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import clothbound

ROOT = Path(__file__).resolve().parents[1]
FILES = (
    "pyproject.toml",
    "README.md",
    "docs/how-to/install.md",
    "docs/how-to/web-service.md",
    "docs/tutorial.md",
    "CHANGELOG.md",
    "src/clothbound/__init__.py",
)
DAY = "2027-01-31"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout that has an address and changes that are not released."""
    for name in (*FILES, "scripts/release_texts.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    change(tmp_path / "pyproject.toml", r'^address = ".*?"', 'address = "https://code.example/c"')
    change(tmp_path / "CHANGELOG.md", r"^## \S+ \(.*\)$", "## 97.1 (unreleased)")
    return tmp_path


def change(path: Path, pattern: str, new: str) -> None:
    text, count = re.subn(pattern, new, path.read_text("utf-8"), count=1, flags=re.M)
    assert count == 1
    path.write_text(text, encoding="utf-8")


def release(project: Path, version: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "scripts/release_texts.py", version, DAY],
        cwd=project, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def texts(project: Path) -> dict[str, str]:
    return {name: (project / name).read_text("utf-8") for name in FILES}


def test_a_release_changes_the_version_its_day_and_the_set_up(project: Path) -> None:
    before = texts(project)
    done = release(project, "97.1")
    assert done.returncode == 0, done.stderr
    new = {
        name: [line for line in text.splitlines() if line not in before[name].splitlines()]
        for name, text in texts(project).items()
    }
    readme, page = new.pop("README.md"), new.pop("docs/how-to/install.md")
    tutorial, service = new.pop("docs/tutorial.md"), new.pop("docs/how-to/web-service.md")
    install = '        uv tool install "clothbound[typst]"'
    if readme or page:  # an earlier release may have switched them
        assert readme[0].startswith("    pip install clothbound ")
        assert page[1:] == [
            "    pipx install clothbound",
            "    uv tool install 'clothbound[typst]'",
        ]
    assert tutorial in (["    Type:", install], [])
    from_index = ["Start it, and send it a post:", "    pip install clothbound starlette uvicorn"]
    assert service in (from_index, [])
    assert new == {
        "pyproject.toml": [],
        "CHANGELOG.md": [f"## 97.1 ({DAY})"],
        "src/clothbound/__init__.py": ['__version__ = "97.1"'],
    }
    readme_now = texts(project)["README.md"]
    assert "## Try it\n\n    pip install clothbound " in readme_now
    assert "THIS-REPOSITORY" not in readme_now
    assert not re.search(r"install '?\.|checkout, puts", texts(project)["docs/how-to/install.md"])
    assert f"    Type:\n\n{install}\n" in texts(project)["docs/tutorial.md"]


def test_a_later_release_leaves_the_set_up_alone(project: Path) -> None:
    assert release(project, "97.1").returncode == 0
    change(project / "CHANGELOG.md", r"^## \S+ \(.*\)$", "## 97.2 (unreleased)")
    before = texts(project)
    assert release(project, "97.2").returncode == 0
    changed = {name for name, text in texts(project).items() if text != before[name]}
    assert changed == {"CHANGELOG.md", "src/clothbound/__init__.py"}


@pytest.mark.parametrize(
    ("file", "pattern", "new", "version", "told"),
    [
        ("pyproject.toml", r'^address = ".*?"', 'address = ""', "97.1", "address of the project"),
        ("CHANGELOG.md", r"\(unreleased\)", f"({DAY})", "97.1", "CHANGELOG.md"),
        ("README.md", r"^    (git clone|pip install) .*$", "    x", "97.1", "README.md"),
        ("docs/how-to/install.md", r"^    pipx install .*$", "    x", "97.1", "install.md"),
        ("docs/tutorial.md", r"uv tool install", "x", "97.1", "docs/tutorial.md"),
        ("README.md", r"\Z", "", "97.2", "CHANGELOG.md"),
        ("README.md", r"\Z", "", "0.0.1", "does not follow"),
        ("README.md", r"\Z", "", "97.01", "written 97.1"),
        ("README.md", r"\Z", "", "soon", "'soon' is not a version"),
    ],
)
def test_what_is_not_ready_is_named_and_nothing_is_written(
    project: Path, file: str, pattern: str, new: str, version: str, told: str
) -> None:
    change(project / file, pattern, new)
    before = texts(project)
    done = release(project, version)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert texts(project) == before


def test_the_version_stands_in_one_file() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" in settings["project"]["dynamic"]
    assert settings["tool"]["hatch"]["version"]["path"] == "src/clothbound/__init__.py"
    newest = re.search(r"^## (\S+) \((.*)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest is not None
    assert newest[1] == clothbound.__version__ or newest[2] == "unreleased"


def test_the_hosted_ci_runs_on_the_systems_and_pythons_of_the_classifiers() -> None:
    path = ROOT / ".github" / "workflows" / "test.yml"
    text = path.read_text(encoding="utf-8")
    assert "never been run" in text
    jobs = yaml.safe_load(text)["jobs"]
    scripts = {step["run"] for job in jobs.values() for step in job["steps"] if "run" in step}
    assert "sh scripts/test.sh" in scripts
    for script in scripts:
        for name in re.findall(r"\b(?:scripts|tests|examples)/[\w./-]+", script):
            assert (ROOT / name).exists(), name
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "classifiers"
    ]
    pythons = {line.rpartition(" :: ")[2] for line in classifiers if ":: Python :: 3." in line}
    tables = [job["strategy"]["matrix"] for job in jobs.values() if "strategy" in job]
    assert {python for table in tables for python in table["python"]} == pythons
    systems = {system for table in tables for system in table["system"]}
    assert {system.partition("-")[0] for system in systems} == {"ubuntu", "macos", "windows"}


@pytest.mark.parametrize("page", ["SECURITY.md", "CONTRIBUTING.md"])
def test_what_the_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[\w-]+)?\)", text)
    named = [*links, *re.findall(r"\b(?:scripts|tests|\.github)/[\w./-]+\.\w+", text)]
    assert len(named) > 3
    assert [name for name in named if not (ROOT / name).exists()] == []
    main = subprocess.run(
        [sys.executable, "-m", "clothbound", "book", "--help"],
        capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    options = set(re.findall(r"`(--(?:trust|drafts|audience|state))\b", text))
    assert [option for option in options if option not in main] == []
