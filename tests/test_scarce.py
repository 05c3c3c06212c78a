"""Commands that run out of file size, file handles, space or the right to write: one line says so, what was there is whole,
and the next run with enough makes what it should.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clothbound.doctor import has_pdf_engine
from killed_commands import COMMANDS, Desk

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the limits are Unix's")
QUICK = ("convert", "import")
NAMES = [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in COMMANDS]


def mount(*arguments: str | Path) -> bool:
    try:
        done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=40m", "tmpfs", place):
        pytest.skip("a file system is mounted by root only")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=False)


def skip_without_engine(name: str) -> None:
    if "WeasyPrint" in name and not has_pdf_engine():
        pytest.skip("Pango is not installed")


def assert_told(code: int, said: str, reason: str) -> None:
    assert code == 1, said
    lines = said.strip().splitlines()
    assert re.match(rf"clothbound: .*{reason}", lines[-1]), said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", NAMES)
def test_too_small_a_quota_of_bytes(tmp_path: Path, name: str) -> None:
    skip_without_engine(name)
    desk = Desk(tmp_path, COMMANDS[name])
    for size in (0, 100):
        desk.restore()
        code, said, left = desk.fail(FSIZE=size)
        assert_told(code, said, "File too large|No usable temporary directory")
        assert left == "old"
    desk.run_again()


@pytest.mark.parametrize("name", NAMES)
def test_too_few_file_handles(tmp_path: Path, name: str) -> None:
    skip_without_engine(name)
    desk = Desk(tmp_path, COMMANDS[name])
    for number in (4, 16):
        desk.restore()
        code, said, left = desk.fail(NOFILE=number)
        if code == 0:
            assert left == "new"
        else:
            assert_told(code, said, "Too many open files")
            assert left == "old"
    desk.run_again()


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk(disk: Path, name: str) -> None:
    skip_without_engine(name)
    desk = Desk(disk, COMMANDS[name])
    desk.restore()
    filler = disk / "temporary" / "filler"
    with filler.open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space left"):
        while True:
            stream.write(b"\0" * 4096)
    code, said, left = desk.fail()
    assert_told(code, said, "No space left on device|No usable temporary directory")
    assert left == "old"
    filler.unlink()
    desk.run_again()


@pytest.mark.parametrize("name", NAMES)
def test_a_target_that_may_only_be_read(disk: Path, name: str) -> None:
    skip_without_engine(name)
    desk = Desk(disk, COMMANDS[name])
    desk.restore()
    before = desk.names()
    assert mount("-o", "remount,ro", disk)
    code, said, left = desk.fail()
    assert_told(code, said, "Read-only file system")
    assert left == "old"
    assert desk.names() == before
    assert mount("-o", "remount,rw", disk)
    desk.run_again()
