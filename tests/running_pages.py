"""Runs what a page of the documentation shows, in the folder that its reader has."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import types
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pypandoc
import pytest
from click.testing import CliRunner

import clothbound
from clothbound.cli import command
from docs_pages import ROOT, blocks

LETTERS = ROOT / "examples" / "letters"
_NEEDED = "folding-a-sheet paste light-across tide storm warm-knife midsummer book-of-the-letters"
"""The letters that pages name, by their ids and days; the first of each year stands for the others."""
_SHELL = re.compile(r"[|<>;&$`]|^(?!clothbound )", re.M)
"""What only a shell does, or a command that is not ours."""


def make_start(folder: Path, *, few: bool) -> Path:
    """Makes the folder in which a page finds itself: posts/, one of them as post.md, export.zip, and an archive of each
    platform that a page is about. With ``few``, posts/ has only some letters.
    """
    for path in LETTERS.rglob("*"):
        is_letter = path.suffix == ".md"
        if path.is_file() and (not few or not is_letter or _is_needed(path)):
            target = folder / "posts" / path.relative_to(LETTERS)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    shutil.copy(next((folder / "posts" / "2023").glob("2023-01-*.md")), folder / "post.md")
    posts = clothbound.read(folder / "posts", on_error="collect")
    clothbound.write(posts, "substack").save(folder / "export.zip")
    clothbound.write(clothbound.book(posts, year=2023), "epub").save(folder / "letters.epub")
    cases = ROOT / "tests" / "cases"
    shutil.make_archive(str(folder / "medium-export"), "zip", cases / "medium")
    shutil.copytree(cases / "sites" / "hugo", folder / "hugo-site")
    shutil.copytree(ROOT / "examples" / "themes" / "harbour", folder / "mytheme")
    shutil.copy(cases / "blogger" / "blog-06-01-2024.xml", folder / "blog.xml")
    shutil.make_archive(str(folder / "takeout"), "zip", cases / "blogger", "Takeout")
    shutil.copy(cases / "wordpress" / "export.xml", folder / "wordpress.xml")
    shutil.make_archive(str(folder / "buttondown"), "zip", cases / "buttondown")
    shutil.copy(cases / "beehiiv" / "posts.csv", folder / "beehiiv.csv")
    shutil.copy(cases / "movable-type" / "typepad.txt", folder / "typepad.txt")
    shutil.make_archive(str(folder / "weir"), "zip", cases / "blog-archive" / "weir")
    (folder / "weir.zip").rename(folder / "weir.bar")
    shutil.make_archive(str(folder / "dev-export"), "zip", cases / "devto" / "export")
    shutil.copy(cases / "devto" / "export" / "articles.json", folder / "articles.json")
    shutil.copy(cases / "bear-blog" / "post_export.csv", folder)
    shutil.copy(cases / "write-as" / "ada.json", folder)
    pack_tumblr(cases / "tumblr", folder / "tumblr.zip")
    answer = {
        "object_type": "post",
        "type": "blocks",
        "blog_name": "weir",
        "id_string": "71",
        "post_url": "https://weir.tumblr.com/post/71/low-tide",
        "date": "2024-05-01 12:30:00 GMT",
        "state": "published",
        "content": [{"type": "text", "text": "Low tide."}],
    }
    response = {"blog": {"name": "weir"}, "posts": [answer]}
    (folder / "posts.json").write_text(json.dumps({"meta": {"status": 200}, "response": response}))
    pack_notion(cases / "notion", folder / "notion-export.zip")
    shutil.copy(next((cases / "ghost").glob("*.json")), folder / "ghost-export.json")
    shutil.copytree(cases / "ghost" / "content", folder / "content")
    shutil.copy(cases / "feeds" / "json-feed-1.1.json", folder / "feed.json")
    return folder


def pack_tumblr(case: Path, target: Path) -> None:
    """Packs an archive of Tumblr: its pages in ``posts.zip``, beside the other files."""
    pages = shutil.make_archive(str(target.with_name("part")), "zip", case / "posts")
    with zipfile.ZipFile(target, "w") as outer:
        outer.write(pages, "posts.zip")
        for path in sorted(case.rglob("*")):
            inner = path.relative_to(case)
            if path.is_file() and inner.parts[0] in ("media", "payload-0.json", "posts_index.html"):
                outer.write(path, inner.as_posix())
    Path(pages).unlink()


def pack_notion(case: Path, target: Path) -> None:
    """Packs the parts of an export of Notion in one ZIP."""
    with zipfile.ZipFile(target, "w") as outer:
        for part in (1, 2):
            inner = shutil.make_archive(str(target.with_name("part")), "zip", case / f"part-{part}")
            name = f"ExportBlock-01234567-89ab-cdef-0123-456789abcdef-Part-{part}.zip"
            outer.write(inner, name)
            Path(inner).unlink()


def _is_needed(letter: Path) -> bool:
    is_first = letter == min(letter.parent.glob("*.md"))
    return is_first or any(word in letter.name for word in _NEEDED.split())


def run_as_reader(page: str, folder: Path) -> None:
    """Runs a page's commands in order, each block by a shell, then its Python as one program."""
    shell, python = _parts(page)
    for text in shell:
        _run_program(["sh", "-eu"], text, folder)
    if python:
        _run_program([sys.executable, "-"], python, folder)


def run_here(page: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Does the same in this process, but for blocks that need a shell, other programs or processes of their own."""
    patch.chdir(folder)
    shell, python = _parts(page)
    for text in shell:
        joined = text.replace("\\\n", " ")
        lines = [line for line in joined.splitlines() if line.strip()]
        if any(map(_SHELL.search, lines)):
            _run_program(["sh", "-eu"], text, folder)
            continue
        for line in lines:
            _run_command(shlex.split(line, comments=True)[1:])
    if "ProcessPoolExecutor" in python:
        _run_program([sys.executable, "-"], python, folder)
    elif python:
        program = types.ModuleType("__main__")
        exec(compile(python, "the page's Python", "exec"), program.__dict__)


def _parts(page: str) -> tuple[list[str], str]:
    shown = [block for block in blocks(page) if not block.reason]
    shell = [block.text for block in shown if block.language == "sh"]
    return shell, "".join(block.text for block in shown if block.language == "python")


def _run_command(arguments: Sequence[str]) -> None:
    done = CliRunner().invoke(command, arguments, standalone_mode=False, obj=tuple(arguments))
    if done.exception is not None:
        raise done.exception
    assert not done.return_value, f"clothbound {shlex.join(arguments)}\n{done.output}"


def _run_program(program: Sequence[str], text: str, folder: Path) -> None:
    pandoc = Path(pypandoc.get_pandoc_path()).parent
    path = os.pathsep.join((str(Path(sys.executable).parent), str(pandoc), os.environ["PATH"]))
    done = subprocess.run(
        program,
        input=text,
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stderr}"
