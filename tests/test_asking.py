"""Tests that the command asks once, and only on a terminal, whether to fetch pictures, and who the author is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from terminal import COMMAND, WITHOUT_CI, on_terminal

# No address of the network: it is refused without being asked for.
NEAR = "http://127.0.0.1:9"
QUESTION = "3 pictures are on 2 hosts; fetch them? [Y/n]"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are Unix's")


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    folder = tmp_path / "posts"
    folder.mkdir()
    pictures = f"![A]({NEAR}/a.png)\n\n![B]({NEAR}/b.png)\n\n![C](http://10.0.0.1/c.png)\n"
    (folder / "one.md").write_text(
        f"---\ntitle: One\nauthor: Ada\ndate: 2023-05-01\n---\n\n{pictures}", "utf-8"
    )
    return folder


def test_book_asks_once_and_does_without(posts: Path) -> None:
    wanted = ("book", "posts", "-o", "a b.epub", "-o", "{title}.html", "--all")
    code, shown = on_terminal(posts.parent, *wanted)
    assert code == 0
    assert shown.count(QUESTION) == 1
    assert shown.rstrip().splitlines()[-1] == (
        "clothbound: 3 pictures on 2 hosts were not fetched. To fetch them: "
        "clothbound book --fetch posts -o 'a b.epub' -o '{title}.html' --all"
    )


def test_book_fetches_when_told_to(posts: Path) -> None:
    code, shown = on_terminal(posts.parent, "book", "posts", "-o", "a.epub", answer="")
    assert code == 0
    assert QUESTION in shown
    assert "3 failed" in shown
    assert "To fetch them" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("book", "posts", "-o", "a.epub", "-q"),
        ("book", "posts", "-o", "a.epub", "--no-fetch"),
        ("book", "posts", "-o", "a.epub", "--fetch"),
        ("book", "posts", "-o", "a.epub", "--images", "."),
        ("book", "posts", "-o", "a.epub", "--dry-run"),
        ("book", "posts", "-o", "a.html"),
        ("convert", "posts", "-o", "a.epub"),
        ("import", "posts", "manuscript", "-q"),
    ],
)
def test_what_was_said_or_is_not_needed_is_not_asked(
    posts: Path, arguments: tuple[str, ...]
) -> None:
    code, shown = on_terminal(posts.parent, *arguments)
    assert code == 0
    assert "[Y/n]" not in shown


def test_nobody_is_asked_in_ci_or_in_a_pipe(posts: Path) -> None:
    wanted = ("book", "posts", "-o", "a.epub")
    _, shown = on_terminal(posts.parent, *wanted, environment=WITHOUT_CI | {"CI": "true"})
    assert "[Y/n]" not in shown
    done = subprocess.run(
        [*COMMAND, *wanted], cwd=posts.parent, capture_output=True, text=True, env=WITHOUT_CI
    )
    assert done.returncode == 0
    assert "[Y/n]" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith("clothbound book --fetch posts -o a.epub")


def test_import_asks_for_what_no_file_holds_yet(posts: Path) -> None:
    wanted = ("import", "posts", "manuscript")
    code, shown = on_terminal(posts.parent, *wanted)
    assert code == 0
    assert shown.count(QUESTION) == 1
    assert shown.rstrip().splitlines()[-1] == (
        "clothbound: 3 pictures stay on 2 hosts. To fetch them: "
        "clothbound import --fetch posts manuscript"
    )
    lines = f"images/a.png\t{NEAR}/a.png\nimages/b.png\t{NEAR}/b.png\n"
    listed = posts.parent / "manuscript" / ".clothbound" / "pictures.tsv"
    listed.write_text(lines, "utf-8")
    _, shown = on_terminal(posts.parent, *wanted)
    assert "1 picture is on 10.0.0.1; fetch it? [Y/n]" in shown


def test_a_plan_says_to_fetch(posts: Path) -> None:
    plan = '[book]\nfetch = true\n[posts]\nsource = "posts"\n[[output]]\npath = "a.epub"\n'
    (posts.parent / "book.toml").write_text(plan, "utf-8")
    code, shown = on_terminal(posts.parent, "book", "book.toml")
    assert code == 0
    assert "[Y/n]" not in shown
    assert "3 failed" in shown
    _, shown = on_terminal(posts.parent, "book", "book.toml", "--no-fetch")
    assert "3 pictures on 2 hosts were not fetched" in shown
    assert "failed" not in shown


WHO = "(Enter: the book names nobody):"


@pytest.fixture
def nameless(tmp_path: Path) -> Path:
    (tmp_path / "posts").mkdir()
    text = "---\ntitle: One\ndate: 2023-05-01\n---\n\nWords.\n"
    (tmp_path / "posts" / "one.md").write_text(text, "utf-8")
    return tmp_path


def test_init_asks_once_who_the_author_is(nameless: Path) -> None:
    code, shown = on_terminal(nameless, "init", "posts", answer="Ada Quill", prompt=WHO)
    assert code == 0
    assert shown.count(WHO) == 1
    assert 'authors = ["Ada Quill"]' in (nameless / "book.toml").read_text("utf-8")
    code, shown = on_terminal(nameless, "book", "book.toml", "-o", "a.json", prompt=WHO)
    assert (code, WHO in shown) == (0, False)


def test_book_asks_once_who_the_author_is(nameless: Path) -> None:
    wanted = ("book", "posts", "-o", "a.json", "-o", "b.json")
    code, shown = on_terminal(nameless, *wanted, answer="Ada Quill", prompt=WHO)
    assert (code, shown.count(WHO)) == (0, 1)
    assert '"Ada Quill"' in (nameless / "b.json").read_text("utf-8")
    code, shown = on_terminal(nameless, *wanted, answer="", prompt=WHO)
    assert code == 0
    assert "warning: author: none is known (inferred; override it with --author)" in shown


def test_where_nobody_can_be_asked_it_is_said_aloud(nameless: Path) -> None:
    for wanted in (("init", "posts"), ("book", "posts", "-o", "a.json")):
        done = subprocess.run(
            [*COMMAND, *wanted], cwd=nameless, capture_output=True, text=True, env=WITHOUT_CI
        )
        assert done.returncode == 0
        assert done.stderr.count("warning: author: none is known") == 1
