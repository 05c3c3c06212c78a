"""Tests how the command's own process ends: at once, but not before what must still happen."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from clothbound.cli.streams import end_process

PROGRAM = """
import atexit, os, sys, threading, time
from clothbound.cli import main

class Held:
    def __del__(self, write=os.write):
        write(1, b"freed ")

held = Held()
atexit.register(print, "registered", end=" ")
sys.argv = ["clothbound", {arguments}]
{more}
main()
print("returned")
"""


def run_process(arguments: str = "'--version'", more: str = "") -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(arguments=arguments, more=more)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_process_ends_without_freeing_its_objects() -> None:
    done = run_process()
    assert done.returncode == 0
    assert done.stdout.endswith("\nregistered ")
    assert "freed" not in done.stdout
    assert "returned" not in done.stdout


@pytest.mark.parametrize(("arguments", "code"), [("'none'", 2), ("'check', 'absent.md'", 1)])
def test_the_exit_code_and_messages_stay(arguments: str, code: int) -> None:
    done = run_process(arguments)
    assert done.returncode == code
    assert done.stderr
    assert done.stdout == "registered "


@pytest.mark.parametrize(
    "more",
    [
        "threading.Thread(target=lambda: (time.sleep(0.3), print('waited for', end=' '))).start()",
        "sys.setprofile(lambda *_: None)",
        "sys.settrace(lambda *_: None)",
        pytest.param(
            "sys.monitoring.use_tool_id(sys.monitoring.COVERAGE_ID, 'a coverage')",
            marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="from Python 3.12 on"),
        ),
    ],
)
def test_a_process_that_somebody_needs_ends_as_usual(more: str) -> None:
    done = run_process(more=more)
    assert done.returncode == 0
    assert "freed" in done.stdout
    assert "registered" in done.stdout
    assert ("waited for" in done.stdout) == ("Thread" in more)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_a_full_disk_is_a_failure() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        command = [sys.executable, "-m", "clothbound", "--version"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_output_is_whole_in_a_pipe() -> None:
    command = [sys.executable, "-m", "clothbound", "formats"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stdout.endswith(b"\n")


def test_a_program_with_threads_of_its_own_goes_on() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        end_process(7)  # returns, since the thread is still at work
    finally:
        stop.set()
        thread.join()
