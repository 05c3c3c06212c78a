"""The wheel in an environment of its own, with what it declares and nothing else, without Pango."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

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


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("clothbound-*.whl")
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
