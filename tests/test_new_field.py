"""Tests that a new field of a book is one line, from which the command, book.toml, docs and JSON
take it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import reduce
from pathlib import Path

import pytest
from msgspec.structs import replace

import clothbound
from clothbound import fields
from clothbound.kdp.options import Kdp
from clothbound.kdp.sheet import Facts, write_sheet
from clothbound.kdp.specs import TRIMS, WrapSize
from clothbound.kdp.wrap import Wrap
from clothbound.model.book_info import BookInfo
from clothbound.model.post import Metadata, Post
from clothbound.model.posts_at_hand import as_collection

PACKAGE = Path(clothbound.__file__).parent
DOCS = Path(__file__).parents[1] / "docs"
STRUCT = "class BookInfo("
WRAP = Wrap(b"", WrapSize.of(TRIMS["6x9"], 0.2), False, ())
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


INFO = fields.make_struct(
    BookInfo,
    {
        each.name: (f"The {each.name}",) if each.is_many else f"The {each.name}"
        for each in fields.settings(BookInfo)
    }
    | {"language": "de-AT", "isbn": "9783161484100", "series_position": "7.25", "cover": ""},
)
COLLECTION = replace(as_collection(Post(Metadata(key="one", source="one.md"))), info=INFO)


def package() -> str:
    with zipfile.ZipFile(io.BytesIO(clothbound.write(COLLECTION, "epub").to_bytes())) as archive:
        return archive.read("EPUB/content.opf").decode()


def sheet() -> str:
    facts = Facts(
        pages=100, options=Kdp(), wrap=WRAP, third_party={}, words=1, now=datetime(2024, 1, 1)
    )
    return write_sheet(COLLECTION, facts)


@pytest.mark.parametrize(
    ("where", "left_out"),
    [
        (package, {"cover", "also_in_series", "back_cover", "back_quote"}),
        (sheet, {"cover", "identifier", "also_in_series", "back_cover", "back_quote"}),
    ],
)
def test_stores_and_their_forms_are_told_of_it(
    where: Callable[[], str], left_out: set[str]
) -> None:
    text = where()
    told = set()
    for each in fields.settings(BookInfo):
        value = reduce(getattr, each.path, INFO)
        if value and (value if isinstance(value, str) else value[0]) in text:
            told.add(each.name)
    assert {each.name for each in fields.settings(BookInfo)} - told == left_out
