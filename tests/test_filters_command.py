"""``--filter``, and the filters of a book.toml, which run only if they are trusted."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import clothbound
from clothbound.errors import LossError
from clothbound.plan import make_book, read_manifest, read_posts
from terminal import COMMAND, WITHOUT_CI, on_terminal

FILTER = """\
from clothbound.model import Quote
def no_quotes(quote: Quote):
    return None
"""
PLAN = """\
[book]
title = "T"
authors = ["A"]
filters = ["no_quotes.py"]
[posts]
source = "posts"
[[output]]
path = "book.epub"
"""
QUESTION = "do you trust it? [y/N]:"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "posts").mkdir()
    text = "---\ntitle: One\ndate: 2023-05-01\n---\n\nwords\n\n> a quotation\n"
    (tmp_path / "posts" / "one.md").write_text(text, encoding="utf-8")
    (tmp_path / "no_quotes.py").write_text(FILTER)
    (tmp_path / "book.toml").write_text(PLAN)
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    return {**WITHOUT_CI, "XDG_STATE_HOME": str(folder / "state"), "HOME": str(folder)}


def answered(folder: Path, answer: str) -> tuple[int, str]:
    """Returns the exit code and the output of ``book book.toml``, with ``answer`` to the question."""
    where = environment(folder)
    return on_terminal(
        folder, "book", "book.toml", answer=answer, prompt=QUESTION, environment=where
    )


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_file_of_three_lines_on_the_command_line(folder: Path) -> None:
    arguments = ("posts", "-t", "text", "-o", "out.txt", "--filter", "no_quotes.py", "--strict")
    code, _, said = run(folder, "convert", *arguments, "--report", "report.json")
    assert code == 0
    assert "1 filtered" in said
    assert "quotation" not in (folder / "out.txt").read_text()
    (report,) = json.loads((folder / "report.json").read_text())
    (found,) = [d for d in report["diagnostics"] if d["code"] == "node-filtered"]
    assert (found["text"], found["line"], found["source"]) == ("a quotation", 8, "one.md")
    (post,) = report["posts"]
    assert post["filtered"] == 1
    assert post["read"]["words"] - post["left_out"]["words"] == post["written"]["words"] == 1
    code, _, said = run(folder, "book", "posts", "--filter", "no_quotes.py", "-o", "b.epub")
    assert code == 0
    assert "1 filtered" in said


def test_a_file_that_is_no_filter_stops_the_command_before_anything_is_written(
    folder: Path,
) -> None:
    (folder / "bad.py").write_text("def no_polls(poll): return None")
    code, out, said = run(folder, "convert", "posts", "-o", "a.epub", "--filter", "bad.py")
    assert (code, out) == (2, "")
    assert said.startswith("clothbound: bad.py: the file has no filter")
    assert not (folder / "a.epub").exists()
    assert run(folder, "convert", "posts", "-o", "a.epub", "--filter", "none.py")[0] == 2


def test_a_filter_that_fails_names_filter_and_post(folder: Path) -> None:
    (folder / "bad.py").write_text(FILTER.replace("return None", "return 1 // 0"))
    code, _, said = run(folder, "convert", "posts", "-o", "a.epub", "--filter", "bad.py")
    assert code == 1
    assert (
        "clothbound: bad.py:3: the filter 'no_quotes' raised ZeroDivisionError: integer division or"
        " modulo by zero, at a Quote in one.md:8" in said
    )
    assert not (folder / "a.epub").exists()


def test_a_product_does_not_take_the_place_of_a_filter(folder: Path) -> None:
    arguments = ("posts", "-t", "text", "--filter", "no_quotes.py", "-o", "no_quotes.py")
    for verb in ("convert", "book"):
        code, _, said = run(folder, verb, *arguments)
        assert code == 2, said
    assert run(folder, "book", "book.toml", "-t", "text", "-o", "no_quotes.py", "--trust")[0] == 2
    assert (folder / "no_quotes.py").read_text() == FILTER


def test_a_plan_runs_nothing_that_is_not_trusted(folder: Path) -> None:
    (folder / "no_quotes.py").write_text(f"open('ran', 'w')\n{FILTER}")
    code, _, said = run(folder, "book", "book.toml")
    assert code == 2
    assert said == (
        "clothbound: book.toml:4: 'filters' names Python files, which are run only if they are"
        " trusted: no_quotes.py. Hint: read it, and add --trust to the command\n"
    )
    idle = "book.toml:4: error: the filters of this file are not run: no_quotes.py."
    code, _, said = run(folder, "book", "book.toml", "--dry-run")
    assert code == 0
    assert idle in said
    code, out, said = run(folder, "check", "book.toml")
    assert idle in out + said
    assert not (folder / "ran").exists()
    assert not (folder / "book.epub").exists()
    code, _, said = run(folder, "book", "book.toml", "--trust")
    assert code == 0
    assert "1 filtered" in said
    assert "not run" not in said
    assert (folder / "ran").exists()
    assert run(folder, "book", "book.toml")[0] == 2  # --trust is for one time


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are Unix's")
def test_a_terminal_asks_once_and_again_when_the_file_changes(folder: Path) -> None:
    code, said = answered(folder, "n")
    assert code == 2
    assert "no_quotes.py: 3 lines of Python, not run yet" in said
    assert QUESTION in said
    assert not (folder / "book.epub").exists()
    code, said = answered(folder, "y")
    assert code == 0
    assert "1 filtered" in said
    code, said = answered(folder, "n")
    assert code == 0
    assert QUESTION not in said
    assert run(folder, "book", "book.toml")[0] == 0  # known without a terminal too
    (folder / "no_quotes.py").write_text(f"# changed\n{FILTER}")
    code, said = answered(folder, "n")
    assert code == 2
    assert QUESTION in said


def test_the_filters_of_a_plan_come_before_those_of_the_command_line(folder: Path) -> None:
    (folder / "loud.py").write_text(
        "from clothbound.model.inlines import Text\n"
        "def loud(text: Text): return Text(text.text.upper())\n"
    )
    (folder / "one.py").write_text(
        "from clothbound.model.inlines import Text\n"
        "def one(text: Text): return Text(text.text.replace('words', 'more'))\n"
    )
    (folder / "book.toml").write_text(PLAN.replace("no_quotes.py", "one.py"))
    arguments = ("book.toml", "-t", "text", "-o", "b.txt", "--trust", "--filter", "loud.py")
    assert run(folder, "book", *arguments)[0] == 0
    assert "MORE" in (folder / "b.txt").read_text()


def test_a_plan_names_the_line_of_a_file_that_is_not_there(folder: Path) -> None:
    (folder / "book.toml").write_text(PLAN.replace("no_quotes.py", "quotes.py"))
    code, _, said = run(folder, "book", "book.toml", "--trust")
    assert code == 2
    assert said.startswith("clothbound: book.toml:4: 'filters': there is no file 'quotes.py'")


def test_from_python_the_filters_of_a_plan_are_handed_to_write(folder: Path) -> None:
    manifest = read_manifest(folder / "book.toml")
    book = make_book(manifest, read_posts(manifest))
    with pytest.raises(LossError):
        clothbound.write(book, "text").to_bytes(strict=True)
    files = [manifest.beside(name) for name in manifest.book.filters]
    assert b"quotation" not in clothbound.write(book, "text", filters=files).to_bytes(strict=True)


def test_what_a_filter_took_out_explains_what_a_product_lacks(folder: Path) -> None:
    words = " ".join(f"word{number}" for number in range(80))
    (folder / "one.md").write_text(f"{words}\n\n> a quotation gone now\n\nend\n")
    arguments = ("one.md", "-o", "one.epub", "--filter", "no_quotes.py", "--report", "report.json")
    assert run(folder, "convert", *arguments)[0] == 0
    assert run(folder, "check", "one.md", "one.epub")[0] == 3
    code, _, said = run(folder, "check", "one.md", "one.epub", "--explained-by", "report.json")
    assert (code, "nothing is missing" in said) == (0, True)
