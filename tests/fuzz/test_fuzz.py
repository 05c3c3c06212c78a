"""Runs every harness over its seeds, and for a few seconds under atheris, where that is installed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import named_files
import pytest
from findings import findings_of, keep_findings
from harnesses import HARNESSES

from clothbound import formats

FOLDER = Path(__file__).parent
SECONDS = 3
"""For each harness in scripts/test.sh, which makes about 80 seconds on two cores; slow tests take ten each."""


def test_every_reader_has_a_harness() -> None:
    assert [name for name in HARNESSES if name in formats.READERS] == list(formats.READERS)


def test_a_folder_of_text_becomes_the_same_files_in_a_zip() -> None:
    files = {"a.md": b"# A\n\nWords.\n", "b/c.md": b"=== \n====== x\n"}
    assert named_files.unpacked(named_files.as_zip(named_files.as_text(files))) == files


@pytest.mark.parametrize("name", HARNESSES)
def test_every_property_holds_of_our_own_documents(name: str) -> None:
    seeds = [seed for seed in HARNESSES[name].seeds() if seed]
    assert seeds
    for seed in seeds:
        HARNESSES[name].check(seed)


_OPTIONS = ("--serve", "--seed", "1", "--most-seeds", "20")
"""Begins with few seeds, since another test goes over all of them."""


class Fuzzer:
    """A process with instrumented code, which forks another for each harness."""

    def __init__(self, folder: Path) -> None:
        pytest.importorskip(
            "atheris", reason="atheris, which fuzzes, is not installed; it is for Linux"
        )
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, FOLDER / "run_harnesses.py", *_OPTIONS, "--corpus", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, name: str, seconds: int) -> str:
        """Returns the line of figures, and below it the files of the findings."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name} {seconds}\n")
        self._process.stdin.flush()
        return "".join(iter(self._process.stdout.readline, "\n"))

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzer]:
    made = Fuzzer(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.close()


@pytest.mark.parametrize(
    "seconds", [SECONDS, pytest.param(10, marks=pytest.mark.slow)], ids="{}s".format
)
@pytest.mark.parametrize("name", HARNESSES)
def test_the_fuzzer_finds_nothing(name: str, seconds: int, fuzzer: Fuzzer) -> None:
    figures, *findings = fuzzer.run(name, seconds).splitlines()
    assert [Path(path.strip()).with_suffix(".txt").read_text("utf-8") for path in findings] == []
    _, executions, coverage, *_ = figures.split()
    assert int(executions.replace(",", "")) > 0
    assert int(coverage.replace(",", "")) > 20


def test_what_breaks_a_property_is_kept_with_its_traceback(tmp_path: Path) -> None:
    def check(data: bytes) -> None:
        assert b"{{" not in data
        data.decode("ascii")

    checked = keep_findings("a", check, tmp_path)
    for data in (b"{{ 1", b"b", b"{{ 2", b"\xff"):
        checked(data)
    found = findings_of("a", tmp_path, 0)
    assert {path.read_bytes() for path in found} == {b"{{ 1", b"\xff"}
    told = "".join(path.with_suffix(".txt").read_text("utf-8") for path in found)
    assert "AssertionError" in told and "UnicodeDecodeError" in told
