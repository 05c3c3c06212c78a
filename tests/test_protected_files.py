"""Tests that no output overwrites an input, and that refusal comes before any output is made."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clothbound.cli import main

MINE = """---
title:   Mine   # a comment of my own
slug: mine
post_id: "1"
date: 2023-01-05
---
A secret, and a link to [the other](other.md).
"""
OTHER = MINE.replace("Mine", "Other").replace("mine", "other").replace('"1"', '"2"')

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.md").write_text(MINE)
    (tmp_path / "own" / "other.md").write_text(OTHER)
    (tmp_path / "before.md").write_text("# Before\n\nWords of my own.\n")
    (tmp_path / "edits").mkdir()
    (tmp_path / "edits" / "2.md").write_text("Edited by hand.\n")
    (tmp_path / "cover.png").write_bytes(b"\x89PNG")

    def call(*arguments: str) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main(arguments)
        said = capfd.readouterr().err
        assert "Traceback" not in said
        return int(left.value.code or 0), said

    return call


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_no_product_goes_into_a_folder_that_import_keeps(run: Run, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(FEED)
    assert run("import", "feed.xml", "kept")[0] == 0
    (post,) = (tmp_path / "kept").glob("*.md")
    post.write_text(post.read_text() + "\nMy own words.\n")
    before = everything(tmp_path)
    for format in ("markdown", "site"):
        code, said = run("convert", "feed.xml", "-t", format, "-o", "kept")
        assert code == 2
        assert "'kept' is a folder that `clothbound import` keeps" in said
    assert everything(tmp_path) == before


@pytest.mark.parametrize("option", ["--report", "--log", "-o"])
def test_no_report_takes_the_place_of_a_picture(run: Run, tmp_path: Path, option: str) -> None:
    (tmp_path / "photo.png").write_bytes(b"the author's")
    if option == "-o":
        (tmp_path / "page.html").symlink_to("photo.png")
    before = everything(tmp_path)
    name = "page.html" if option == "-o" else "photo.png"
    more = () if option == "-o" else ("-o", "page.html")
    code, said = run("convert", "own/mine.md", option, name, *more)
    assert code == 2
    assert f"'{name}' would overwrite a picture" in said
    assert everything(tmp_path) == before


@pytest.mark.parametrize("name", ["photo.png", "PHOTO.JPEG", "figure.svg"])
def test_no_text_takes_the_place_of_a_picture(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"the author's")
    before = everything(tmp_path)
    code, said = run("convert", "own/mine.md", "-t", "html", "-o", name)
    assert code == 2
    assert f"'{name}' would overwrite a picture" in said
    assert everything(tmp_path) == before


PLAN = """[posts]
source = "own/"
{posts}

[book]
title = "B"
{book}

[texts]
foreword = "before.md"

[[remove]]
text = "secret"

[[output]]
{output}
"""


@pytest.mark.parametrize(
    ("output", "named"),
    [
        ('path = "own"\nformat = "markdown"', "own"),
        ('path = "own/"\nformat = "site"', "own/"),
        ('path = "own/mine.md"', "mine.md"),
        ('path = "own/mine.md"\nformat = "epub"', "mine.md"),
        ('path = "before.md"\nformat = "text"', "before.md"),
        ('path = "edits/2.md"\nformat = "jsonl"', "2.md"),
        ('path = "cover.png"\nformat = "jsonl"', "cover.png"),
        ('path = "book.toml"\nformat = "json"', "book.toml"),
    ],
)
def test_a_planned_book_takes_no_place_of_its_sources(
    run: Run, tmp_path: Path, output: str, named: str
) -> None:
    cover = 'cover = "cover.png"' if "cover" in output else ""
    (tmp_path / "book.toml").write_text(PLAN.format(posts="", book=cover, output=output))
    there = everything(tmp_path)
    for more in ((), ("--dry-run",)):
        code, said = run("book", "book.toml", *more)
        assert code == 2, said
        assert named in said
        assert everything(tmp_path) == there


@pytest.mark.parametrize(
    "arguments",
    [
        ("own/mine.md", "-t", "markdown", "-o", "own/"),
        ("own/mine.md", "-t", "markdown", "-o", "own"),
        ("own", "-t", "markdown", "-o", "own/"),
        ("own", "-t", "markdown", "-o", "./own/../own"),
        ("own", "-o", "own/other.md", "-t", "jsonl"),
        (".", "-t", "markdown", "-o", "own"),
        ("own/mine.md", "-o", "own/mine.md", "-t", "text"),
    ],
)
def test_convert_takes_no_place_of_its_sources(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    there = everything(tmp_path)
    code, said = run("convert", *arguments)
    assert (code, everything(tmp_path)) == (2, there), said


def test_nor_of_the_table_of_an_unpacked_export(run: Run, tmp_path: Path) -> None:
    (tmp_path / "export" / "posts").mkdir(parents=True)
    (tmp_path / "export" / "posts" / "7.weir.html").write_text("<p>The weir is closed.</p>")
    (tmp_path / "export" / "posts.csv").write_text("post_id,title,is_published\n7.weir,Weir,true\n")
    there = everything(tmp_path)
    assert run("convert", "export", "-t", "text", "-o", "export/posts.csv")[0] == 2
    assert run("check", "export", "--report", "export/posts.csv")[0] == 2
    assert everything(tmp_path) == there


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_nor_by_another_name_of_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link.md").symlink_to("own/mine.md")
    os.link(tmp_path / "own" / "other.md", tmp_path / "second.md")
    there = everything(tmp_path)
    for name in ("link.md", "second.md"):
        assert run("convert", "own", "-t", "jsonl", "-o", name)[0] == 2
    assert everything(tmp_path) == there


def test_nor_by_a_name_that_a_tree_turns_out_to_have(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "own" / "page" / "index.html"
    page.parent.mkdir()
    page.write_text("<title>Page</title><p>Written by hand.</p>")
    there = everything(tmp_path)
    code, said = run("convert", "own/page/index.html", "-t", "site", "-o", "own/page/")
    assert code == 1
    assert "index.html" in said
    assert everything(tmp_path) == there


def test_nor_by_a_report_or_a_log(run: Run, tmp_path: Path) -> None:
    there = everything(tmp_path)
    for option in ("--report", "--log"):
        assert run("convert", "own", "-t", "jsonl", "-o", "a", option, "own/mine.md")[0] == 2
        assert run("book", "own", "--all", "-o", "a.json", option, "own/mine.md")[0] == 2
        assert everything(tmp_path) == there
    (tmp_path / "own.log").write_text("of the last run")
    assert run("convert", "own", "-t", "jsonl", "-o", "a", "--log", "own.log")[0] == 0
    assert "last run" not in (tmp_path / "own.log").read_text()


FEED = (
    "<rss version='2.0'><channel><title>Weir</title><item><title>Note</title><description>Words of a feed."
    "</description></item></channel></rss>"
)


def test_no_command_reports_into_what_it_reads(run: Run, tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(PLAN.format(posts="", book="", output='path = "b.json"'))
    (tmp_path / "feed.xml").write_text(FEED)
    assert run("import", "feed.xml", "kept")[0] == 0
    (kept,) = (tmp_path / "kept").glob("*.md")
    assert run("convert", "own/mine.md", "-o", "own.epub", "--report", "made.json")[0] == 0
    (tmp_path / "pages.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "empty.md").write_bytes(b"\0\0")
    (tmp_path / "bad" / "other.md").write_bytes(b"\0\0")
    (tmp_path / "mine.css").write_text("p { color: black }")
    there = everything(tmp_path)
    compared = ("check", "own/mine.md", "own.epub", "--explained-by", "made.json")
    for command, named in (
        (("check", "own"), ("own/mine.md",)),
        (("check", "own/mine.md"), ("own/mine.md",)),
        (("check", "bad"), ("bad/other.md",)),
        (("check", "book.toml"), ("book.toml", "own/mine.md", "before.md", "edits/2.md")),
        (("check", "own.epub"), ("own.epub",)),
        (("check", "pages.pdf"), ("pages.pdf",)),
        (compared, ("own/mine.md", "own.epub", "made.json")),
        (("convert", "own", "-o", "a.html", "--css", "mine.css"), ("mine.css",)),
        (("import", "feed.xml", "kept"), ("feed.xml", f"kept/{kept.name}")),
        (("import", "own", "taken"), ("own/mine.md",)),
    ):
        for name in named:
            for option in ("--report", "--log"):
                code, said = run(*command, option, name)
                assert (code, "overwrite" in said) == (2, True), (command, name, said)
                assert everything(tmp_path) == there
    for command, name in (
        (("update", "book.toml"), "book.toml"),
        (("update", "book.toml"), "own/mine.md"),
        (("init", "own", "-o", "new.toml"), "own/mine.md"),
        (("preview", "own", "--no-open"), "own/mine.md"),
    ):
        code, said = run(*command, "--log", name)
        assert (code, "overwrite" in said) == (2, True), (command, name, said)
        assert everything(tmp_path) == there


def test_what_was_made_is_made_again(run: Run, tmp_path: Path) -> None:
    plan = PLAN.format(posts="", book="", output='path = "out/"\nformat = "site"')
    (tmp_path / "book.toml").write_text(f'{plan}\n[[output]]\npath = "own.epub"\n')
    for _ in range(2):
        assert run("book", "book.toml")[0] == 0
        assert run("convert", "own", "-t", "markdown", "-o", "copies/")[0] == 0
        # Beside a post there may be its page.
        assert run("convert", "own/mine.md", "-o", "own/mine.html")[0] == 0
        (tmp_path / "own" / "mine.html").unlink()


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (("-o", "b.txt"), "several files"),
        (("-o", "own/other.md"), "other.md"),
        (("-o", "out/b.epub", "-o", "out/"), "out"),
    ],
)
def test_nothing_is_made_where_something_is_refused(
    run: Run, tmp_path: Path, last: tuple[str, ...], says: str
) -> None:
    (tmp_path / "out").mkdir()
    writer = ("-t", "epub") if last[-1] == "out/" else ()
    there = everything(tmp_path)
    code, said = run("book", "own", "--all", "--title", "b", "-o", "first.epub", *last, *writer)
    assert (code, says in said) == (2, True), said
    assert everything(tmp_path) == there


@pytest.mark.parametrize("place", ["../mine.jsonl", "{tmp}/mine.jsonl", "{{title}}/mine.jsonl"])
def test_a_plan_makes_nothing_outside_its_folder(run: Run, tmp_path: Path, place: str) -> None:
    (tmp_path / "plan").mkdir()
    (tmp_path / "mine.jsonl").write_text("Kept.\n")
    (tmp_path / "plan" / "B").symlink_to(tmp_path)
    plan = '[book]\ntitle = "B"\n[posts]\nsource = "../own"\nyear = 2023\n[[output]]\npath = "{}"\n'
    written = plan.format(place.format(tmp=tmp_path.as_posix()))
    (tmp_path / "plan" / "book.toml").write_text(written)
    code, said = run("book", "plan/book.toml")
    assert code == 2, said
    assert "outside the folder of this file" in said
    assert (tmp_path / "mine.jsonl").read_text() == "Kept.\n"
    code, said = run("book", "plan/book.toml", "-o", "named.jsonl")
    assert code == 0, said
    assert (tmp_path / "named.jsonl").exists()
