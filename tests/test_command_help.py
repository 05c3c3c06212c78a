"""Tests the groups of options, the man page made from them, and near misses."""

from __future__ import annotations

import runpy
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from clothbound.cli import command
from clothbound.cli.help import GROUPS, OTHERS, GroupedCommand, grouped, name_of

DOCS = Path(__file__).resolve().parents[1] / "docs"
# click keeps the help option of the first context, so this one has the settings of the command's own.
ROOT = click.Context(command, info_name="clothbound", **command.context_settings)
COMMANDS = {name: command.get_command(ROOT, name) for name in command.list_commands(ROOT)}


def options(name: str) -> set[str]:
    found = COMMANDS[name]
    assert found is not None
    parameters = found.get_params(click.Context(found, parent=ROOT))
    return {name_of(one) for one in parameters if isinstance(one, click.Option)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_group(name: str) -> None:
    found = COMMANDS[name]
    assert found is not None
    groups = dict(grouped(found, click.Context(found, parent=ROOT)))
    assert OTHERS not in groups, "write these options into cli/help.py:GROUPS"
    assert sum(map(len, groups.values())) == len(options(name))
    if options(name) != {"--help"}:
        assert isinstance(found, GroupedCommand), "@click.command(cls=GroupedCommand)"


def test_every_option_of_a_group_exists_once() -> None:
    named = [name for names in GROUPS.values() for name in names.split()]
    assert len(named) == len(set(named))
    assert set(named) - {"--version"} == set.union(*map(options, COMMANDS))


def test_the_help_of_book_has_headings_in_order() -> None:
    text = CliRunner().invoke(command, ["book", "--help"]).output
    places = [text.index(f"\n{heading}:\n") for heading in GROUPS]
    assert places == sorted(places)
    assert "\nOptions:" not in text
    assert text.count("--min-words N") == 1


def test_the_version_has_a_short_option() -> None:
    assert CliRunner().invoke(command, ["-V"]).output.startswith("clothbound")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bok"], "there is no command 'bok'; did you mean 'book'?"),
        (["post.md"], "to convert a file or folder: clothbound convert post.md"),
        (["xyzzy"], "there is no command 'xyzzy'"),
        (["book", "--yaer", "2023"], "--year"),
    ],
)
def test_a_near_miss_is_told(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "post.md").write_text("words")
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_the_man_page_is_that_of_the_commands() -> None:
    made = runpy.run_path(str(DOCS / "make_man.py"))
    written = (DOCS / "clothbound.1").read_text(encoding="utf-8")
    assert written == made["page"](), "run: python docs/make_man.py"
    for name in COMMANDS:
        assert f".SH CLOTHBOUND {name.upper()}\n" in written
        for option in options(name):
            assert option.replace("-", "\\-") in written


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_has_nothing_to_say_of_the_man_page() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", str(DOCS / "clothbound.1")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "clothbound book posts/ --year 2023 -o 2023.epub -o 2023.pdf" in done.stdout
