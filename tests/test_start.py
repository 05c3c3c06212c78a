"""A start of the command loads what it uses: each module takes a tenth of a millisecond or more of every start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from made_folders import picture

PROSE = """---
title: A post
date: 2024-05-06
---

Some *plain* prose, “quoted”, with a [link](https://a.example/) and a note.[^1]

[^1]: The note.
"""
RUN = """
import sys, collections
made, make = [], collections.namedtuple
def watched(name, *arguments, **options):
    made.append(options.get("module") or "")
    return make(name, *arguments, **options)
collections.namedtuple = watched
sys.argv[0] = "clothbound"
from clothbound.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("loaded", *sys.modules)
print("named tuples", *made)
"""

FEW_POSTS = {
    "cli.completion",
    "cli.book",
    "anthology.order",
    "media.decode",
    "media.svg",
    "post_pictures",
    "html.read.block_builders",
    "html.write.cards",
    "html.write.figures",
    "html.write.nesting",
    "html.write.overrides",
    "html.write.shown_pictures",
    "math.numbers",
    "model.default_alts",
    "model.flatten",
    "model.grid",
    "model.recordings",
    "readers.markdown.admonitions",
    "readers.markdown.code_info",
    "readers.markdown.grid_tables",
    "readers.markdown.html",
    "readers.markdown.ruled_tables",
    "readers.markdown.shortcode_nodes",
    "readers.markdown.shortcode_rules",
    "readers.markdown.shortcodes",
    "readers.markdown.tables",
    "readers.sites.hugo",
    "readers.sites.vitepress",
    "substack.cdn",
    "web.providers",
}
"""What a post of prose needs nothing of: tables, pictures, shortcodes, formulas, sites, books, shells."""
OF_OTHERS = {
    "PIL",
    "bz2",
    "email",
    "http",
    "importlib.metadata",
    "logging",
    "lxml",
    "pkgutil",
    "platformdirs",
    "random",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "xml",
    "zipfile",
}


def loaded_by(folder: Path, *arguments: str) -> tuple[set[str], list[str]]:
    """Returns the modules that a run of the command loads, and those that make a named tuple meanwhile."""
    command = [sys.executable, "-c", RUN, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    *_, modules, tuples = done.stdout.splitlines()
    return set(modules.split()[1:]), tuples.split()[2:]


def ours(modules: set[str]) -> set[str]:
    return {m.removeprefix("clothbound.") for m in modules if m.startswith("clothbound.")}


@pytest.fixture
def prose(tmp_path: Path) -> Path:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / ".git").mkdir()  # what lies above is another's
    (folder / "post.md").write_text(PROSE)
    return folder


def test_a_post_of_prose_loads_what_it_needs(prose: Path) -> None:
    loaded, tuples = loaded_by(prose, "convert", "post.md", "-o", "post.html", "--quiet")
    assert "<em>plain</em>" in (prose / "post.html").read_text()
    assert not loaded & OF_OTHERS
    assert not ours(loaded) & FEW_POSTS
    assert len(ours(loaded)) <= 160
    assert not [name for name in tuples if name.startswith("clothbound")]


def test_a_picture_of_pixels_loads_nothing_of_svg(prose: Path) -> None:
    (prose / "dot.png").write_bytes(picture("PNG", "RGB", (9, 9, 9)))
    (prose / "post.md").write_text("![A dot](dot.png)\n")
    arguments = ("convert", "post.md", "-o", "post.html", "--quiet", "--cache", "cache")
    loaded, _ = loaded_by(prose, *arguments)
    assert "<img" in (prose / "post.html").read_text()
    assert "media.conversion" in ours(loaded)
    assert loaded.isdisjoint({"clothbound.media.svg", "lxml", "pickle", "subprocess"})


@pytest.mark.skipif(sys.platform != "linux", reason="platformdirs is asked elsewhere")
def test_the_folder_for_caches_loads_no_archives(
    prose: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    (prose / "dot.png").write_bytes(picture("PNG", "RGB", (9, 9, 9)))
    (prose / "post.md").write_text("![A dot](dot.png)\n")
    loaded, _ = loaded_by(prose, "convert", "post.md", "-o", "post.html", "--quiet")
    assert (tmp_path / "caches" / "clothbound" / "converted").is_dir()
    assert loaded.isdisjoint({"platformdirs", "tempfile", "shutil", "bz2", "random"})


def test_what_a_post_of_prose_does_not_need_is_there() -> None:
    script = (
        "import importlib, sys\nfor n in sys.argv[1:]: importlib.import_module('clothbound.' + n)"
    )
    subprocess.run([sys.executable, "-c", script, *FEW_POSTS], check=True)


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("nothing",)])
def test_help_version_and_a_wrong_name_load_no_command(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    loaded, _ = loaded_by(tmp_path, *arguments)
    assert "click" in loaded
    assert loaded.isdisjoint({"msgspec", "mistune", "yaml"})
    assert len(ours(loaded)) <= 10
