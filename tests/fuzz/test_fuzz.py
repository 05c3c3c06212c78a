"""Runs every harness over its seeds, and over some inputs that atheris makes, where that is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import named_files
import pytest
from findings import findings_of, keep_findings
from harnesses import HARNESSES
from properties import PATIENCE

from clothbound import formats

FOLDER = Path(__file__).parent
RUNS = {
    "json": 2000,
    "jsonfeed": 1000,
    "pandoc": 2000,
    "substack": 400,
    "epub": 150,
    "medium": 150,
    "blogger": 250,
    "wordpress": 150,
    "buttondown": 400,
    "beehiiv": 250,
    "bear-blog": 100,
    "devto": 1000,
    "write-as": 1000,
    "tumblr": 150,
    "movable-type": 200,
    "ghost": 250,
    "html": 300,
    "rss": 500,
    "site": 90,
    "obsidian": 100,
    "markdown": 500,
    "markdown-files": 300,
    "header": 10000,
    "posts-csv": 2000,
    "svg": 30000,
    "style-sheet": 1000,
    "tex": 1000,
    "mathml": 200000,
    "manifest": 10000,
    "sanitised": 7000,
    "liquid": 7000,
    "pages": 400,
    "picture": 150000,
}
"""Executions of each harness in scripts/test.sh, which take about three seconds each.

Seed and number are fixed, so that the same code gets the same inputs each time.
"""
SECONDS_AT_MOST = 60
"""For a machine that is slower by far. Such a run ends early, and passes."""
SLOW_SECONDS = 10
"""Of each harness in scripts/slow.sh, by chance."""


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


_OPTIONS = ("--serve", "--most-seeds", "20")
"""Begins with few seeds, since another test goes over all of them."""


class Fuzzer:
    """A process with instrumented code, which forks another for each harness."""

    def __init__(self) -> None:
        pytest.importorskip(
            "atheris", reason="atheris, which fuzzes, is not installed; it is for Linux"
        )
        self._process = subprocess.Popen(
            [sys.executable, FOLDER / "run_harnesses.py", *_OPTIONS],
            env={**os.environ, "PYTHONHASHSEED": "0", PATIENCE: "10"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def check(self, name: str, folder: Path, seconds: int, runs: int, seed: int) -> None:
        """Fails with the findings and their tracebacks, if there are any."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name} {seconds} {runs} {seed} {folder}\n")
        self._process.stdin.flush()
        figures, *findings = iter(self._process.stdout.readline, "\n")
        for path in (Path(path.strip()) for path in findings):
            traceback = path.with_suffix(".txt").read_text("utf-8")
            pytest.fail(f"{name} found: {path.read_bytes()!r}\n{traceback}", pytrace=False)
        _, executions, coverage, *_ = figures.split()
        assert int(executions.replace(",", "")) > 0
        assert int(coverage.replace(",", "")) > 20

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def fuzzer() -> Iterator[Fuzzer]:
    made = Fuzzer()
    yield made
    made.close()


_INSTRUMENT = """
import sys, types
from pathlib import Path
import json.decoder
texts = [str(number) for number in range(int(sys.argv[1]))]
del texts[::2]
from atheris.instrument_bytecode import patch_code
from numbered_edges import number_edges
number_edges()
def facts(code):
    yield code.co_code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from facts(constant)
        elif isinstance(constant, int):
            yield constant
code = compile(Path(json.decoder.__file__).read_text(), "a", "exec")
print(hash(tuple(facts(patch_code(code, trace_dataflow=True)))))
"""


def test_edges_have_the_same_numbers_wherever_code_lies_in_memory() -> None:
    """By these numbers the fuzzer chooses its next input."""
    pytest.importorskip("atheris", reason="atheris is not installed; it is for Linux")
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    found = {
        subprocess.run(
            [sys.executable, "-c", _INSTRUMENT, number],
            cwd=FOLDER,
            env=environment,
            capture_output=True,
            check=True,
        ).stdout
        for number in ("0", "1000", "30001")
    }
    assert len(found) == 1 and found != {b""}


def test_every_harness_has_its_number_of_executions() -> None:
    assert list(RUNS) == list(HARNESSES)


@pytest.mark.parametrize("name", RUNS)
def test_the_fuzzer_finds_nothing(name: str, fuzzer: Fuzzer, tmp_path: Path) -> None:
    fuzzer.check(name, tmp_path, SECONDS_AT_MOST, RUNS[name], seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", HARNESSES)
def test_the_fuzzer_finds_nothing_by_chance(name: str, fuzzer: Fuzzer, tmp_path: Path) -> None:
    fuzzer.check(name, tmp_path, SLOW_SECONDS, runs=-1, seed=0)


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
