"""Tests that generated pages are up to date, and that the examples in pages run."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pypandoc
import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)


def test_diagnostics_page_has_every_code() -> None:
    made = runpy.run_path(str(DOCS / "make_diagnostics.py"))
    assert [code for code, _ in made["codes"]()] == [code.value for code in DiagnosticCode]
    written = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    assert written == made["page"](), "run: python docs/make_diagnostics.py"


def test_every_public_name_is_on_the_page_of_public_names() -> None:
    written = (DOCS / "api.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(DOCS / "make_api.py"))
    public = {n for module in made["MODULES"] for n in import_module(module).__all__}
    listed = re.findall(r"^(?:#### (\w+)(?: \*)?|- `(\w+)`: .*)$", written, re.M)
    assert sorted(map("".join, listed)) == sorted(public)
    assert len(public) > 150
    assert written == made["page"](), "run: python docs/make_api.py"


def test_the_schema_of_the_model_is_published() -> None:
    made = runpy.run_path(str(DOCS / "make_schema.py"))
    written = (DOCS / "model.schema.json").read_text(encoding="utf-8")
    assert written == made["page"](), "run: python docs/make_schema.py"


def test_every_public_name_that_the_documentation_uses_is_there() -> None:
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    named = {
        name
        for page in pages
        for name in re.findall(r"\bclothbound\.([A-Za-z]\w*)", page.read_text(encoding="utf-8"))
    }
    assert {"read", "Pdf", "Run", "Fetcher"} <= named
    for name in named - set(clothbound.__all__):
        assert find_spec(f"clothbound.{name}") is not None, name


@pytest.mark.parametrize(
    "page", ["docs/guide.md", "docs/explanation/substack.md", "docs/how-to/leaving.md"]
)
def test_what_a_page_shows_runs(page: str, tmp_path: Path) -> None:
    """A page's commands in order, then its Python as one program, in a folder with posts in it.

    README's run in test_readme.py, where what they make is looked at.
    """
    shutil.copytree(ROOT / "examples" / "letters", tmp_path / "posts")
    shutil.copy(next((tmp_path / "posts" / "2023").glob("2023-01-*.md")), tmp_path / "post.md")
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert blocks
    pandoc = Path(pypandoc.get_pandoc_path()).parent
    path = os.pathsep.join((str(Path(sys.executable).parent), str(pandoc), os.environ["PATH"]))
    shell = [text for language, text in blocks if language == "sh"]
    python = "".join(text for language, text in blocks if language == "python")
    for program, text in [
        *((["sh", "-eu"], text) for text in shell),
        ([sys.executable, "-"], python),
    ]:
        done = subprocess.run(
            program,
            input=text,
            cwd=tmp_path,
            env={**os.environ, "PATH": path, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stderr}"


def test_each_wish_has_a_test_of_its_number() -> None:
    page = (DOCS / "explanation" / "wishes.md").read_text(encoding="utf-8")
    tests = (ROOT / "tests" / "test_wishes.py").read_text(encoding="utf-8")
    listed = {int(number) for number in re.findall(r"^\| (\d+) \|", page, re.M)}
    tested = {int(number) for number in re.findall(r"^def test_wish_(\d+)", tests, re.M)}
    assert listed == tested == {*range(1, 13), *range(26, 40)}
