"""Runs what a new user would write first, and asks mypy about it, and about what it must refuse."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
PROGRAMS = sorted((TESTS / "first_programs").glob("*.py"))
PRINTED = {
    "book_of_a_year": r"epub 12 posts, 1 dropped\npdf 12 posts, 1 dropped\n",
    "change_links": r"A \[ferry\]\(https://ferry\.example/times\)\.",
    "letter_by_hand": r"(?s)<h1>By hand</h1>.*<h2 id=.*>Morning</h2>.*The ferry was \*late\*\.",
    "list_of_posts": r"(?m)^08 Jan 2021  the-net-loft +The net loft <>$",
    "many_pages": r"(?m)^posts/2021/2021-01-08-the-net-loft\.md -> pages/.*the-net-loft\.html$",
    "pictures_and_links": r"has no description\n\[\('', 11\), \('netloft\.example', 10\)",
    "search_index": r"",
    "spring_letters": r"\['March 2021', 'April 2021', 'May 2021'\]\n\d+\n.*True\n",
    "text_to_html": r"<article><h2>The harbour</h2><p>The <em>ferry</em> was late again\.</p>\n</article>\n\Z",
    "web_service": r"\Ab'PK'\nTrue\n0 True\n\Z",
    "what_went_wrong": r"ReadError: no such file.*\n.*did you mean 'harbour'\?.*\nPosts 2021",
}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_a_first_program_runs(program: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "letters", tmp_path / "posts")
    done = subprocess.run(
        [sys.executable, "-W", "error", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(PRINTED[program.stem], done.stdout)
    if program.stem == "search_index":
        rows = (tmp_path / "index.jsonl").read_text(encoding="utf-8").splitlines()
        first = json.loads(rows[0])
        assert len(rows) > 30
        assert (first["id"], first["title"]) == ("the-net-loft", "The net loft")
        assert len(first["text"].split()) > 100


def test_first_programs_are_ten_and_import_public_names_alone() -> None:
    assert PRINTED.keys() == {program.stem for program in PROGRAMS}
    assert len(PROGRAMS) >= 10
    public = {"clothbound", "clothbound.model", "clothbound.options", "clothbound.errors"}
    for program in [*PROGRAMS, *(TESTS / "typed_programs").glob("*.py")]:
        for node in ast.walk(ast.parse(program.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("clothbound"):
                assert node.module in public, program.name


def mypy(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-pretty", "--hide-error-context"]
    return subprocess.run(
        [*command, *map(str, files)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )


def test_first_programs_pass_mypy() -> None:
    done = mypy(*PROGRAMS, TESTS / "typed_programs" / "right.py")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_wrong_is_an_error_of_mypy() -> None:
    program = TESTS / "typed_programs" / "wrong.py"
    expected = {
        (number, code)
        for number, line in enumerate(program.read_text(encoding="utf-8").splitlines(), 1)
        if (remark := re.search(r"# error: (.*)$", line))
        for code in remark[1].split(", ")
    }
    assert len(expected) > 20
    said = mypy(program).stdout
    found = re.findall(r"^[^:\n]*wrong\.py:(\d+): error: .*\[([\w-]+)\]$", said, re.M)
    assert {(int(number), code) for number, code in found} == expected, said
