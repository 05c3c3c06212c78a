"""Tests that scripts of several parts run them all, and name those that failed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READY = "environment() { :; }\npango() { :; }\ncheckers() { :; }\n"
"""Everything that the scripts would set up is there already."""
KEEPS_BYTECODE = '[ -z "${PYTHONDONTWRITEBYTECODE:-}" ] || exit 9'
"""Each Python that a test starts would otherwise compile clothbound anew."""
PARTS = (
    "slow tests",
    "properties with more examples",
    "exports of 1,000 posts",
    "regular expressions",
    "texts of many marks",
    "other converters",
    "scripts/oldest.sh",
    "scripts/installers.sh",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(ROOT / "scripts" / "slow.sh", scripts)
    setup = (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")
    (scripts / "setup.sh").write_text(setup + READY, encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    return tmp_path


def slow(project: Path, codes: Sequence[int], *arguments: str) -> tuple[int, str]:
    """Runs the script where its parts end with these codes; returns its code and what it says last."""
    tests, many, exports, patterns, texts, converters, oldest, installers = codes
    commands = {
        "pytest": f'{KEEPS_BYTECODE}\ncase "$*" in *hypothesis*) exit {many} ;; esac\nexit {tests}',
        "python": f'case "$*" in *converters*) exit {converters} ;; *pattern*) exit {patterns} ;; *text*) exit {texts} ;; esac\n'
        f"exit {exports}",
    }
    for name, lines in commands.items():
        command = project / ".venv" / "bin" / name
        command.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        command.chmod(0o755)
    for name, code in (("oldest", oldest), ("installers", installers)):
        (project / "scripts" / f"{name}.sh").write_text(f"exit {code}\n", encoding="utf-8")
    done = subprocess.run(
        ["sh", "scripts/slow.sh", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    begun = [line[3:] for line in done.stderr.splitlines() if line.startswith("== ")]
    assert begun == list(PARTS[:1] if arguments else PARTS)
    return done.returncode, done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "codes",
    [
        (1, 0, 0, 0, 0, 0, 0, 0),
        (0, 1, 0, 0, 0, 0, 0, 0),
        (0, 0, 1, 0, 0, 0, 0, 0),
        (0, 0, 0, 1, 0, 0, 0, 0),
        (0, 0, 0, 0, 1, 0, 0, 0),
        (0, 0, 0, 0, 0, 1, 0, 0),
        (0, 0, 0, 0, 0, 0, 1, 0),
        (0, 0, 0, 0, 0, 0, 0, 1),
        (1, 1, 1, 1, 1, 1, 1, 2),
        (5, 0, 0, 0, 0, 0, 0, 0),
    ],
)
def test_every_part_of_the_slow_tests_runs_and_those_that_fail_are_named(
    codes: Sequence[int], project: Path
) -> None:
    failed = [part for part, code in zip(PARTS, codes, strict=True) if code]
    assert slow(project, codes) == (1, f"clothbound: these checks failed: {', '.join(failed)}")


def test_slow_tests_that_pass_end_with_0(project: Path) -> None:
    assert slow(project, (0,) * 8)[0] == 0


def test_files_without_a_slow_test_are_no_failure(project: Path) -> None:
    assert slow(project, (5, 1, 1, 1, 1, 1, 1, 1), "tests/test_naming.py")[0] == 0
    assert slow(project, (1, 0, 0, 0, 0, 0, 0, 0), "tests/test_docs.py")[0] == 1
    assert slow(project, (2, 0, 0, 0, 0, 0, 0, 0), "tests/test_docs.py")[0] == 1
