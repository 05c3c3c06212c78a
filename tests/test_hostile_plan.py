"""A ``book.toml`` of a stranger: each gets an answer."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clothbound.cli import main

LETTERS = Path(__file__).resolve().parents[1] / "examples" / "letters"
POSTS = '[posts]\nsource = "posts"\n'

Answer = Callable[[str], str]


@pytest.fixture
def answer(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Answer:
    """Makes the book of a plan beside two letters, and returns what the command says."""
    folder = tmp_path / "plan"
    (folder / "posts").mkdir(parents=True)
    for path in sorted((LETTERS / "2023").glob("*.md"))[:2]:
        shutil.copy(path, folder / "posts")
    monkeypatch.chdir(folder)

    def make(plan: str) -> str:
        Path("book.toml").write_text(plan, "utf-8")
        with pytest.raises(SystemExit) as left:
            main(["book", "book.toml"])
        told = capfd.readouterr().err
        assert left.value.code in (None, 0, 1, 2)
        assert "this is a fault in clothbound" not in told
        return told

    return make


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 9000, "-" + "9" * 30])
@pytest.mark.parametrize(
    ("plan", "line"),
    [
        ("clothbound = {}", 1),
        ("[book]\nnumber = {}", 2),
        (POSTS + "year = {}", 3),
        (POSTS + "min-words = [1,\n{}]", 3),
        ("[posts.options]\na = {}", 2),
    ],
)
def test_a_number_that_is_too_large_is_named_with_its_line(
    plan: str, line: int, number: str, answer: Answer
) -> None:
    told = answer(plan.format(number))
    assert f"book.toml:{line}: cannot be read: a whole number has more than 64 bits" in told


@pytest.mark.parametrize(
    "plan",
    [
        '[book]\nedits = "a\\u0000b"',
        '[book]\n"\\u0000" = 1',
        POSTS + '[[output]]\npath = "a\\u0000.epub"',
        POSTS + '[book]\ntitle = "\\U00000000"',
        '[texts]\nforeword = "\\u0000"',
    ],
)
def test_a_text_with_the_character_that_ends_names_of_files_is_refused(
    plan: str, answer: Answer
) -> None:
    assert "a text has the character U+0000" in answer(plan)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ('[posts]\nsource = "{}"', "there is no folder or file"),
        (POSTS + '[book]\ncover = "{}"', "there is no file"),
        (POSTS + '[texts]\nforeword = "{}"', "there is no file"),
        (POSTS + '[[output]]\npath = "a.html"\noptions = {{ css = "{}" }}', "there is no file"),
    ],
)
def test_a_pipe_or_a_device_is_no_file_of_a_plan(plan: str, told: str, answer: Answer) -> None:
    """They would be read without an end."""
    os.mkfifo("pipe")
    for name in ("pipe", "/dev/zero"):
        assert told in answer(plan.format(name))


@pytest.mark.parametrize("title", ["a" * 100_000, "a " * 50_000, "漢" * 50_000])
def test_a_title_without_an_end_is_cut_on_the_cover(title: str, answer: Answer) -> None:
    plan = f'[book]\ntitle = "{title}"\n{POSTS}[[output]]\npath = "a.epub"\n'
    assert "the drawn cover" in answer(plan)
    assert Path("a.epub").stat().st_size
