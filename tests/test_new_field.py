"""A field of a book is one line: the command, book.toml, the docs and JSON have it from there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound

PACKAGE = Path(clothbound.__file__).parent
DOCS = Path(__file__).parents[1] / "docs"
STRUCT = "class BookInfo("
LINE = '    motto: Annotated[str, Field(flag="--motto", toml="motto", help="A few words.")] = ""\n'

Run = Callable[..., str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs Python in a folder with posts, with a copy of the package that has one line more."""
    folder = tmp_path_factory.mktemp("new-field")
    copy = folder / "lib" / "clothbound"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    module = copy / "model" / "book_info.py"
    text = module.read_text(encoding="utf-8")
    place = text.index("    title: Annotated[", text.index(STRUCT))
    module.write_text(text[:place] + LINE + text[place:], encoding="utf-8")
    (folder / "posts").mkdir()
    (folder / "posts" / "one.md").write_text("---\ntitle: One\ndate: 2023-01-01\n---\nWords.\n")
    environment = {**os.environ, "PYTHONPATH": str(folder / "lib"), "COLUMNS": "200"}

    def call(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    assert str(folder) in call("-c", "import clothbound; print(clothbound.__file__)")
    return call


def book(run: Run, *arguments: str) -> dict[str, object]:
    made = run("-m", "clothbound", "book", *arguments, "-q", "-t", "json", "-o", "-")
    head: dict[str, object] = json.loads(made)
    return head


def test_the_command_has_an_option_for_it(run: Run) -> None:
    assert "--motto TEXT" in run("-m", "clothbound", "book", "--help")
    assert book(run, "posts", "--motto", "By hand.")["motto"] == "By hand."
    assert book(run, "posts", "-M", "motto=By hand.")["motto"] == "By hand."
    assert "motto" not in book(run, "posts")


def test_a_plan_has_a_key_for_it(run: Run) -> None:
    write = "from pathlib import Path; Path('book.toml').write_text({!r})"
    plan = '[book]\nmotto = "By hand."\n[posts]\nsource = "posts"\n'
    run("-c", write.format(plan))
    assert book(run, "book.toml")["motto"] == "By hand."
    assert book(run, "book.toml", "--motto", "In print.")["motto"] == "In print."


def test_a_draft_of_a_plan_offers_it(run: Run) -> None:
    run("-m", "clothbound", "init", "posts", "-o", "drafted.toml", "-q")
    assert '# motto = "..."\n' in run("-c", "print(open('drafted.toml').read())")


def test_the_docs_have_a_row_for_it(run: Run) -> None:
    code = (
        f"import sys; sys.path.append({str(DOCS)!r}); import make_book_toml as m; print(m.page())"
    )
    assert "| `motto` | A few words. |\n" in run("-c", code)


def test_json_gives_it_back(run: Run) -> None:
    code = (
        "import clothbound as c; b = c.book(c.read('posts'), info=c.BookInfo(motto='By hand.'));"
        "print(c.read(c.write(b, 'json').to_bytes()).info.motto)"
    )
    assert run("-c", code) == "By hand.\n"
