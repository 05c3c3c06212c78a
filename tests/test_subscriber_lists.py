"""The lists of subscribers that platforms pack beside posts are never opened, whichever reader looks for its own files."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.limits import Limits
from clothbound.readers.export_files import FolderFiles, ZipFiles
from clothbound.readers.text_files import BadPostError

CASES = Path(__file__).parent / "cases"
LISTS = (
    "email_list.tide.csv",
    "subscribers.csv",
    "subscribers-2025-01.csv",
    "members.2025-01-02.csv",
    "subscribers (1).csv",
    "members.2025-01-02 2.csv",
    "posts/1.opens.csv",
    "posts/1.opens(1).csv",
    "posts/1.delivers.csv",
)
OPENED = """
import sys

def tell(event, arguments):
    if event == "open" and str(arguments[0]).endswith(".csv"):
        print(arguments[0])

sys.addaudithook(tell)
import clothbound
clothbound.read(sys.argv[1])
"""


def add_lists(folder: Path) -> None:
    for name in LISTS:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("email,name\nreader@harbour.example,Secret Reader\n", encoding="utf-8")


@pytest.mark.parametrize("case", ["substack-archive", "buttondown", "beehiiv", "blog-archive"])
def test_no_list_of_subscribers_in_a_folder_is_opened(case: str, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    shutil.copytree(CASES / case, folder)
    plain = list(clothbound.read(folder).index)
    add_lists(folder)
    done = subprocess.run(
        [sys.executable, "-c", OPENED, folder], capture_output=True, text=True, check=True
    )
    opened = {Path(line).relative_to(folder).as_posix() for line in done.stdout.splitlines()}
    assert opened.isdisjoint(LISTS)
    assert list(clothbound.read(folder).index) == plain


@pytest.mark.parametrize("name", LISTS)
def test_no_reader_of_an_archive_is_given_one(name: str, tmp_path: Path) -> None:
    add_lists(tmp_path)
    (tmp_path / "members of the crew.csv").write_bytes(b"no list")
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for path in tmp_path.rglob("*.csv"):
            archive.write(path, path.relative_to(tmp_path).as_posix())
    packed = ZipFiles.open(str(tmp_path / "export.zip"), "export.zip", Limits())
    for files in (packed, FolderFiles.open(tmp_path, Limits())):
        assert name in files.names
        with pytest.raises(BadPostError, match="list of subscribers"):
            files.read(name)
        with pytest.raises(BadPostError, match="list of subscribers"):
            files.read_start(name, 10)
        assert files.read("members of the crew.csv") == b"no list"


def test_a_packed_folder_of_markdown_is_read_without_its_list(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letters.zip", "w") as archive:
        archive.writestr("a.md", "# A letter\n\nWords")
        archive.writestr("members.csv", "email\nreader@harbour.example\n")
    posts = clothbound.read(tmp_path / "letters.zip")
    assert [post.title for post in posts] == ["A letter"]
    assert posts.diagnostics == clothbound.read(b"# A letter\n\nWords").diagnostics
