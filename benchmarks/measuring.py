"""Measures commands: user CPU and wall-clock seconds, and memory. It imports little, since Linux counts the parent's
memory into a child that it forks.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """What a command took, with every process that it waited for."""

    cpu: float
    """User seconds."""
    wall: float
    """Seconds from its start to its end."""
    memory: float
    """MB, of the largest process."""


def remove(path: Path) -> None:
    """Removes a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def run(command: Sequence[str], made: Path) -> Cost:
    """Runs a command that makes ``made``; ends the program with its messages if it fails or makes nothing."""
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode or not made.exists():
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace")[-3000:])
            raise SystemExit(f"exit {process.returncode}: {' '.join(command)[:300]}")
    scale = 1 if platform.system() == "Darwin" else 1024  # bytes there, kilobytes elsewhere
    return Cost(usage.ru_utime, wall, usage.ru_maxrss * scale / 1e6)


def measure(command: Sequence[str], runs: int, made: Path, *kept: Path) -> Cost:
    """Returns the medians of ``runs`` first runs: what was ``made`` or ``kept`` by another is removed before each."""
    costs = []
    for _ in range(runs):
        for path in (made, *kept):
            remove(path)
        costs.append(run(command, made))
    return Cost(*map(statistics.median, zip(*costs, strict=True)))
