"""Runs the command on a pseudo-terminal, and answers what it asks."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COMMAND = [sys.executable, "-m", "clothbound"]
WITHOUT_CI = {name: value for name, value in os.environ.items() if name != "CI"} | {"TERM": "dumb"}


def on_terminal(
    folder: Path,
    *arguments: str,
    answer: str = "n",
    prompt: str = "[Y/n]:",
    environment: Mapping[str, str] = WITHOUT_CI,
) -> tuple[int, str]:
    """Returns the exit code and the output of a terminal on which each ``prompt`` gets ``answer``."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                data = os.read(ours, 4096)
            except OSError:  # how a terminal says that its other end is closed
                break
            shown += data
            if shown.rstrip().endswith(prompt.encode()):
                os.write(ours, f"{answer}\n".encode())
        code = process.wait(60)
    os.close(ours)
    return code, shown.decode().replace("\r\n", "\n")
