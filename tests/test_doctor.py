"""The doctor: which licences the installed packages have, by their metadata."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest

from clothbound.doctor import check_installation, has_pdf_engine
from clothbound.media import own_fonts
from docs_pages import page_named

METADATA = "Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n"


def install(folder: Path, name: str, *lines: str, files: str = "") -> None:
    """A distribution that is metadata alone."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    text = METADATA.format(name=name) + "".join(f"{line}\n" for line in lines)
    (info / "METADATA").write_text(text, encoding="utf-8")
    (info / "RECORD").write_text(files, encoding="utf-8")


def licences(folder: Path) -> list[str]:
    """What the doctor says of licences where ``folder`` goes before what is installed."""
    program = (
        "from clothbound.doctor import check_installation, has_pdf_engine\n"
        "print(*(f.state for f in check_installation() if f.what == 'licence'), sep='\\n')"
    )
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_licences_that_bind_whoever_passes_a_package_on_are_named(tmp_path: Path) -> None:
    install(
        tmp_path,
        "clothbound",
        *(f"Requires-Dist: {n}>=1" for n in ("one", "Two-B", "three", "four", "five", "gone")),
        "Requires-Dist: six; extra == 'more'",
    )
    install(tmp_path, "one", "License-Expression: AGPL-3.0-only", "Requires-Dist: seven")
    install(tmp_path, "two_b", "License: GNU General Public License v3")
    install(tmp_path, "three", "License-Expression: MIT OR GPL-2.0-or-later")
    install(
        tmp_path,
        "four",
        "Classifier: License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)",
    )
    install(
        tmp_path,
        "five",
        "Classifier: License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)",
        "Classifier: License :: OSI Approved :: Mozilla Public License 1.1 (MPL 1.1)",
    )
    library = tmp_path / "six.libs" / "libx265-1.so"
    library.parent.mkdir()
    library.touch()
    install(tmp_path, "six", "License-Expression: BSD-3-Clause", files="six.libs/libx265-1.so,,\n")
    install(
        tmp_path,
        "seven",
        "License-Expression: GPL-3.0-or-later",
        "Requires-Dist: eight; extra == 'doc'",
    )
    install(tmp_path, "eight", "License-Expression: GPL-3.0-or-later")
    said = [line.removesuffix(" (README, Licence)") for line in licences(tmp_path)]
    assert said == [
        "clothbound: MIT",
        "one: AGPL-3.0-only",
        "seven: GPL-3.0-or-later",
        "six: contains x265, under the GNU General Public License v2 or later",
        "two_b: GNU General Public License v3",
    ]


def test_the_licences_of_the_table_are_those_of_what_is_installed() -> None:
    """The table of the page on licences names each package that the doctor names, and the licence of our metadata is MIT."""
    said = [found.state for found in check_installation() if found.what == "licence"]
    assert said[0] == f"clothbound: {metadata('clothbound')['License-Expression']}"
    assert [line for line in said if line.startswith("EbookLib: GNU Affero")]
    table = page_named("licences.md").split("\n## ", 1)[0].lower()
    for line in said:
        assert line.partition(":")[0].replace("_", "-").lower() in table


def test_the_fonts_in_pdfs_have_the_open_font_license() -> None:
    fonts = [
        name for name in map(required_name, requires("clothbound") or ()) if "fontpkg-" in name
    ]
    assert len(fonts) == 7
    for name in fonts:
        assert metadata(name)["License-Expression"] == "OFL-1.1"


def required_name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


WITHOUT_ENGINES = """
import sys
import cffi
import weasyprint
from clothbound import formats, write
from clothbound.doctor import check_installation
from clothbound.errors import MissingEngineError
from clothbound.model.post import Metadata, Post

for name in formats.WRITERS:
    formats.writer(name)
for name in [n for n in sys.modules if n.partition(".")[0] == "weasyprint"]:
    del sys.modules[name]
def dlopen(self, name, flags=0):
    raise OSError(f"cannot load library {name!r}")
cffi.FFI.dlopen = dlopen
sys.modules["typst"] = None
sys.platform = "darwin"
print(*(f.remedy for f in check_installation() if f.what == "pdf"))
try:
    write(Post(Metadata(title="x")), "pdf").to_bytes()
except MissingEngineError as error:
    print(error.hint)
"""


@pytest.mark.skipif(not has_pdf_engine(), reason="Pango is not installed")
def test_on_a_mac_without_engines_homebrew_and_the_typst_wheel_are_offered() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ENGINES], capture_output=True, text=True, check=True
    )
    for told in done.stdout.splitlines():
        assert told.startswith("brew install pango; or pip install 'typst>=")
        assert "'pikepdf>=" in told
    assert len(done.stdout.splitlines()) == 2


def test_the_extra_proof_is_listed_with_the_command_that_installs_it(tmp_path: Path) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ImportError('none here')\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "clothbound", "doctor"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("proof "))
    assert lines[place].endswith("needs the package pypdfium2, which is not installed")
    assert "pypdfium2>=" in lines[place + 1]
    assert next(one for one in check_installation() if one.what == "proof").state == "ready"


def test_faces_of_scripts_are_listed_with_the_script_that_each_serves(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'fontpkg_amiri' else find(name, *more)\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "clothbound", "doctor"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split(None, 1) for line in done.stdout.splitlines()]
    faces = [words[1] for words in lines if words[0] == "face"]
    assert [face.partition(" in print")[0] for face in faces] == [
        "Hebrew", "Arabic", "Devanagari", "Thai",
    ]  # fmt: skip
    place = next(n for n, words in enumerate(lines) if words[1].startswith("Arabic in print"))
    assert lines[place][1] == "Arabic in print: Amiri, which is not installed"
    assert "fontpkg-amiri" in " ".join(lines[place + 1])
    if own_fonts.HEBREW.is_installed:
        assert "Hebrew in print: Frank Ruhl Libre" in faces
    if has_pdf_engine():  # They are an extra.
        assert done.returncode == 0


def test_the_extra_preview_is_listed_with_the_command_that_installs_it(tmp_path: Path) -> None:
    (tmp_path / "watchfiles.py").write_text("raise ImportError('none here')\n", "utf-8")
    for environment, state, remedy in (
        ({}, "ready", ""),
        (
            {"PYTHONPATH": str(tmp_path)},
            "the preview needs the package watchfiles, which is not installed",
            "pip install 'pypdfium2",
        ),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "clothbound", "doctor"],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = done.stdout.splitlines()
        place = next(n for n, line in enumerate(lines) if line.startswith("preview "))
        assert lines[place].removeprefix("preview").strip() == state
        assert lines[place + 1].strip().startswith(remedy)
        assert ("watchfiles>=" in lines[place + 1]) is bool(remedy)
        if has_pdf_engine():  # Whoever needs no preview lacks nothing.
            assert done.returncode == 0


@pytest.mark.parametrize("target", ["html", "site", "rss", "substack", "pdf"])
def test_other_formats_need_no_ebooklib(target: str, tmp_path: Path) -> None:
    """The page on licences says so to those who cannot accept the AGPL."""
    program = (
        "import sys\n"
        "sys.modules['ebooklib'] = None\n"
        "import clothbound\n"
        "from clothbound.model.post import Metadata, Post\n"
        "clothbound.write([Post(Metadata(title='x'))], sys.argv[1]).to_bytes()\n"
    )
    if target == "pdf" and not has_pdf_engine():
        pytest.skip("Pango is not installed")
    subprocess.run([sys.executable, "-c", program, target], check=True, timeout=60)
