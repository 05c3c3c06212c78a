"""Tests the public names, their docstrings, and how little the import loads."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import clothbound
from clothbound.context import Context

HEAVY = (
    "PIL",
    "bs4",
    "ebooklib",
    "latex2mathml",
    "lxml",
    "nh3",
    "pygments",
    "weasyprint",
    "ziamath",
)
"""Loaded only inside the functions that need them. See CONTRIBUTING and the issue's budgets."""


POST = "---\ntitle: T\ndate: 2023-05-01\n---\n\n*Words*[^1].\n\n[^1]: N.\n"
CONVERTED = """
from clothbound.cli import main
try:
    main(["convert", "post.md", "-o", "post.html"])
except SystemExit as left:
    assert not left.code
"""


def loaded_after(script: str, folder: Path) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded when ``script`` is through."""
    tail = "\nimport sys\nprint(*sorted({name.split('.')[0] for name in sys.modules}))"
    return printed_by(script + tail, folder)


def printed_by(script: str, folder: Path) -> set[str]:
    """The words that a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        capture_output=True,
        check=True,
        timeout=60,
        text=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("name", clothbound.__all__)
def test_every_public_name_says_what_it_is(name: str) -> None:
    thing = getattr(clothbound, name)
    assert len(thing.__doc__ or "") > 20  # its own, not that of its base
    if inspect.isclass(thing):
        for member, value in vars(thing).items():
            is_ours = inspect.isfunction(value) and not member.startswith("_")
            if is_ours and name in ("LossReport", "Collection"):
                assert value.__doc__, f"{name}.{member}"


@pytest.mark.parametrize(
    "name", ["book", "check", "convert", "convert_many", "read", "to_html", "write"]
)
def test_the_verbs_take_no_bag_of_options(name: str) -> None:
    parameters = inspect.signature(getattr(clothbound, name)).parameters.values()
    assert not [p for p in parameters if p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    assert all(p.annotation is not p.empty for p in parameters)


def test_importing_it_loads_nothing_heavy(tmp_path: Path) -> None:
    modules = "clothbound, clothbound.model, clothbound.options, clothbound.errors"
    loaded = loaded_after(f"import {modules}", tmp_path)
    assert loaded.isdisjoint({*HEAVY, "mistune", "yaml", "frontmatter", "click", "rich"})


def test_the_public_modules_are_there_when_they_are_named(tmp_path: Path) -> None:
    script = "import clothbound\nprint(clothbound.model.Paragraph.__name__, clothbound.errors.UsageError.__name__)"
    assert printed_by(script, tmp_path) == {"Paragraph", "UsageError"}
    with pytest.raises(AttributeError):
        clothbound.nothing  # noqa: B018


def test_one_post_to_html_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(POST)
    loaded = loaded_after(CONVERTED, tmp_path)
    assert (tmp_path / "post.html").stat().st_size > 1000
    assert loaded.isdisjoint({*HEAVY, "rich"})


def test_the_command_loads_what_makes_books_and_products_when_it_makes_them(tmp_path: Path) -> None:
    script = "import clothbound.cli, sys\nprint(*sys.modules)"
    loaded = {name.removeprefix("clothbound.") for name in printed_by(script, tmp_path)}
    assert "cli.streams" in loaded
    assert loaded.isdisjoint({"outputs", "naming", "anthology.select", "anthology.order"})


def test_no_verb_and_no_context_repeats_a_field_of_a_run() -> None:
    fields = set(clothbound.Run.__struct_fields__)
    for name in ("read", "write", "convert", "check", "convert_many", "import_archive"):
        parameters = set(inspect.signature(getattr(clothbound, name)).parameters)
        assert "run" in parameters
        # The executor of many conversions does the conversions; that of a run, their pictures. Filters given to a
        # verb are those of its run, and giving both is an error.
        allowed = {"filters", "executor"} if name == "convert_many" else {"filters"}
        assert parameters & fields <= allowed, name
    assert not fields & set(Context.__slots__)


WATCHED = """
import dataclasses
made, make = [], dataclasses._process_class
def watched(kind, *arguments, **flags):
    made.append(kind.__module__)
    return make(kind, *arguments, **flags)
dataclasses._process_class = watched
"""


@pytest.mark.parametrize(
    ("script", "others"),
    [("import clothbound", set()), (CONVERTED, {"mistune"})],
    ids=["import", "convert"],
)
def test_starting_makes_no_dataclass(script: str, others: set[str], tmp_path: Path) -> None:
    """One costs 0.4 ms of every start, a struct a fortieth of it."""
    (tmp_path / "post.md").write_text(POST)
    made = printed_by(f"{WATCHED}{script}\nprint(*made)", tmp_path)
    assert {name.split(".")[0] for name in made} == others


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(clothbound.__file__).parent / "py.typed").is_file()


def test_the_library_prints_nothing(tmp_path: Path) -> None:
    script = """
import clothbound
posts = clothbound.read(b"# T\\n\\n![](gone.png) `x`{=tex} words\\n", "markdown")
for name in ("html", "text", "json", "markdown", "epub", "site", "substack"):
    clothbound.write(posts, name).to_bytes()
clothbound.check(posts)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == (b"", b"")


def test_no_module_of_ours_is_a_bag_of_helpers() -> None:
    root = Path(clothbound.__file__).parent
    names = {path.stem for path in root.rglob("*.py")}
    assert names.isdisjoint({"utils", "util", "helpers", "helper", "common", "misc"})
