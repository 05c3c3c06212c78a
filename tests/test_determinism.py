"""Tests that the same posts give the same bytes, whatever the folder, time and settings."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

LETTERS = Path(__file__).parents[1] / "examples" / "letters"
# All that programs are known to let into their products.
SETTINGS = (
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "HOME": "/nowhere"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C", "USER": "somebody-else"},
)
OUTPUTS = ("a.epub", "a.json", "a.jsonl", "a.rss", "a.zip")
FOLDERS = ("site", "html", "html-fragment", "markdown", "text", "substack-paste", "substack-editor")
SCRIPT = """
import sys
from clothbound.cli import main

def run(*arguments):
    try:
        main(arguments)
    except SystemExit as left:
        assert not left.code, (arguments, left.code)

run("book", "letters", "--all", "-q", *(a for name in sys.argv[1].split() for a in ("-o", name)))
for name in sys.argv[2].split():
    run("convert", "letters", "-q", "-t", name, "-o", name)
"""


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "letters" not in path.relative_to(folder).parts
    }


def make(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    folder.mkdir()
    shutil.copytree(LETTERS, folder / "letters")
    subprocess.run(
        [sys.executable, "-c", SCRIPT, " ".join(OUTPUTS), " ".join(FOLDERS)],
        cwd=folder,
        env={**os.environ, **settings},
        check=True,
        timeout=240,
    )
    return digests(folder)


@pytest.mark.skipif(not LETTERS.is_dir(), reason="the examples are not beside the tests")
def test_nothing_but_the_posts_is_in_the_bytes(tmp_path: Path) -> None:
    first = make(tmp_path / "one", SETTINGS[0])
    time.sleep(2.1)  # the times in a ZIP archive have steps of two seconds
    second = make(tmp_path / "another-folder-with-a-long-name", SETTINGS[1])
    assert len(first) > 100
    assert [name for name in first if first[name] != second.get(name)] == []
    assert first.keys() == second.keys()
