"""What is published: the sdist, and the wheel that is made from it, in an environment of its own, with what it
declares and nothing else, without Pango.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

import clothbound
from tutorial_page import commands

ROOT = Path(__file__).resolve().parents[1]
LETTERS = ROOT / "examples" / "letters"

# What cffi says where the library is not there. Hiding the library itself would need a machine
# without it; WeasyPrint loads it through this function only.
NO_PANGO = """
import cffi
load = cffi.FFI.dlopen
def dlopen(self, name, flags=0):
    if "pango" in str(name):
        raise OSError(f"cannot load library {name!r}")
    return load(self, name, flags)
cffi.FFI.dlopen = dlopen
"""


def closure(requirements: list[str], known: set[str]) -> Iterator[str]:
    """The names of all distributions that are required, directly or not."""
    for line in requirements:
        requirement = Requirement(line)
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        extras = requirement.extras or {""}
        marker = requirement.marker
        environment = dict(default_environment())
        wanted = marker is None or any(marker.evaluate({**environment, "extra": e}) for e in extras)
        if wanted and name not in known:
            known.add(name)
            yield name
            yield from closure(requires(name) or [], known)


def link_into(site_packages: Path, name: str) -> None:
    """Puts an installed distribution into another environment, as pip would, by links."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return  # wanted by a marker's branch that this environment has no use for
    for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
        target = site_packages / top
        if not target.exists():
            target.symlink_to(found.locate_file(top))


def build(project: Path, folder: Path, *arguments: str) -> None:
    """Makes the sdist of a project, and the wheel out of the sdist."""
    done = subprocess.run(
        [sys.executable, "-m", "build", "-n", *arguments, "--outdir", str(folder), str(project)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def python(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = dist.glob("clothbound-*.whl")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    said = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    site_packages = Path(said.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site_packages)
        metadata = next(n for n in archive.namelist() if n.endswith("/METADATA"))
        declared = re.findall(r"^Requires-Dist: (.*)$", archive.read(metadata).decode(), re.M)
    for name in closure(declared, set()):
        link_into(site_packages, name)
    # Debian's Python has a sitecustomize of its own, which hides another one.
    (site_packages / "no_pango.py").write_text(NO_PANGO)
    (site_packages / "no_pango.pth").write_text("import no_pango\n")
    return python


def run(python: Path, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-I", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def metadata(dist: Path) -> Message:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name))


def test_an_index_would_take_both_files(dist: Path) -> None:
    files = sorted(dist.iterdir())
    assert [path.suffix for path in files] == [".whl", ".gz"]
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


@pytest.mark.slow
def test_both_files_have_the_same_bytes_wherever_and_whenever_they_are_made(
    dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of the sdist, in another folder, another time zone, with other rights and times of files."""
    (sdist,) = dist.glob("clothbound-*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "other", filter="data")
    (project,) = (tmp_path / "other").iterdir()
    (project / "PKG-INFO").unlink()  # it would be written once more
    for path in project.rglob("*"):
        os.utime(path, (1e9, 1e9))
        if path.is_file():
            path.chmod(path.stat().st_mode | 0o020)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    build(project, tmp_path / "again")
    for path in dist.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_sdist_holds_what_one_works_with_and_nothing_made(dist: Path) -> None:
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "README.md", "LICENSE", "CHANGELOG.md", "constraints.txt", "docs/tutorial.md",
        "scripts/test.sh", "tests/test_wheel.py", "examples/plugin/pyproject.toml",
    } <= names  # fmt: skip
    made = (".venv", "out/", "dist/", "build/", "shared/", ".git/")
    assert not [n for n in names if n.startswith(made) or n.endswith(".pyc")]


def test_the_wheel_holds_every_file_of_the_package_and_the_man_page(dist: Path) -> None:
    """Style sheets, themes, the preview's page and py.typed are files beside the modules."""
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    source = ROOT / "src"
    of_the_package = {
        path.relative_to(source).as_posix()
        for path in (source / "clothbound").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {"clothbound/py.typed", "clothbound/themes/epub.css"} <= of_the_package
    assert {name for name in names if name.startswith("clothbound/")} == of_the_package
    others = {name.partition("/")[2] for name in names - of_the_package}
    assert others == {
        "data/share/man/man1/clothbound.1", "METADATA", "WHEEL", "RECORD", "entry_points.txt",
        "licenses/LICENSE",
    }  # fmt: skip


def test_classifiers_name_the_pythons_from_the_oldest_on(dist: Path) -> None:
    classifiers = metadata(dist).get_all("Classifier") or []
    minors = [
        int(found[1])
        for line in classifiers
        if (found := re.fullmatch(r"Programming Language :: Python :: 3\.(\d+)", line))
    ]
    assert metadata(dist)["Requires-Python"] == f">=3.{minors[0]}"
    assert minors == list(range(minors[0], minors[-1] + 1))
    systems = [line.split(" :: ")[-1] for line in classifiers if "Operating System" in line]
    assert systems == ["MacOS", "Windows", "Linux"]


@pytest.mark.parametrize("address", ["", "https://code.example/clothbound/"])
def test_the_address_of_the_project_is_one_field(address: str, tmp_path: Path) -> None:
    """While it is empty, the metadata name no address; with one, links on an index lead there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    project = tmp_path / "project"
    shutil.copytree(ROOT / "src", project / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "LICENSE", "docs/clothbound.1", "scripts/project_address.py"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    text, count = re.subn(
        r'^address = ".*?"',
        f'address = "{address}"',
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        flags=re.M,
    )
    assert count == 1
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    build(project, tmp_path / "dist", "--wheel")
    made = metadata(tmp_path / "dist")
    page = made.get_payload()
    if not address:
        assert made.get_all("Project-URL") is None
        assert page.strip() == readme.strip()
        return
    assert made.get_all("Project-URL") == [
        "Homepage, https://code.example/clothbound",
        "Issues, https://code.example/clothbound/issues",
    ]
    tag = f"v{clothbound.__version__}"
    assert f"(https://code.example/clothbound/blob/{tag}/docs/tutorial.md)" in page
    assert f"(https://code.example/clothbound/raw/{tag}/docs/pictures/overview.png)" in page
    links = re.findall(r"\]\(([^)]*)\)", page)
    assert len(links) == len(re.findall(r"\]\(([^)]*)\)", readme))
    assert [link for link in links if not link.startswith("https://")] == []


def test_the_wheel_is_what_is_tested(python: Path, tmp_path: Path) -> None:
    said = run(python, "-c", "import clothbound; print(clothbound.__file__)", folder=tmp_path)
    assert Path(said.stdout.strip()).is_relative_to(python.parents[1])
    absent = run(python, "-c", "import pytest", folder=tmp_path)
    assert "ModuleNotFoundError" in absent.stderr


def test_it_makes_an_epub_and_a_page(python: Path, tmp_path: Path) -> None:
    book = run(
        python, "-m", "clothbound", "book", LETTERS, "--year", "2021", "-o", "2021.epub",
        folder=tmp_path,
    )  # fmt: skip
    assert book.returncode == 0, book.stderr
    with zipfile.ZipFile(tmp_path / "2021.epub") as epub:
        assert "EPUB/31001001.xhtml" in epub.namelist()
    site = run(
        python, "-m", "clothbound", "convert", LETTERS, "-t", "site", "-o", "site", folder=tmp_path
    )
    assert site.returncode == 0, site.stderr
    assert (tmp_path / "site" / "index.html").is_file()


def test_a_pdf_without_pango_says_how_to_install_it(python: Path, tmp_path: Path) -> None:
    letter = LETTERS / "2021" / "2021-01-08-the-net-loft.md"
    pdf = run(python, "-m", "clothbound", "convert", letter, "-o", "letter.pdf", folder=tmp_path)
    assert pdf.returncode == 5, pdf.stderr
    assert "libpango-1.0-0" in pdf.stderr
    assert "Traceback" not in pdf.stderr
    assert not (tmp_path / "letter.pdf").exists()


@pytest.mark.slow
def test_the_tutorial_followed_literally(python: Path, tmp_path: Path) -> None:
    """From Substack's ZIP to both files of the book, with the extra that it installs, an empty HOME and no Pango."""
    environment = tmp_path / "env"
    shutil.copytree(python.parents[1], environment, symlinks=True)
    (site_packages,) = environment.glob("lib/python*/site-packages")
    extra = [r.partition(";")[0] for r in requires("clothbound") or () if "'typst'" in r]
    assert extra
    for name in closure(extra, set()):
        link_into(site_packages, name)
    command = environment / "bin" / "clothbound"
    command.write_text(f'#!/bin/sh\nexec {environment}/bin/python -I -m clothbound "$@"\n')
    command.chmod(0o755)
    downloads = tmp_path / "home" / "Downloads"
    downloads.mkdir(parents=True)
    posts = clothbound.read(LETTERS, on_error="collect")
    clothbound.write(posts, "substack").save(downloads / "export.zip")
    (install, typed) = commands()
    assert install.startswith("uv tool install")
    done = subprocess.run(
        ["sh", "-eu", "-c", typed],
        cwd=downloads,
        env={"HOME": str(downloads.parent), "PATH": f"{command.parent}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = sorted(path.suffix for path in downloads.iterdir())
    assert made == [".epub", ".pdf", ".zip"]
    assert "2023" in next(downloads.glob("*.pdf")).name
