"""A preview that runs as its users run it: the command, in a process of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

WAIT = 60
ROOT = Path(__file__).resolve().parents[1]
LETTERS = ROOT / "examples" / "letters"
LOFT = "31001001"
LOFT_FILE = "2021/2021-01-08-the-net-loft.md"

HOSTILE = """\
---
title: <script>document.title='run'</script> "quoted"
slug: hostile
---
<script>document.title = 'run'</script>
<img src="x" onerror="document.title = 'run'">
<iframe src="https://frame.example/"></iframe>
<form action="https://form.example/"><input name="x" autofocus onfocus="document.title = 'run'"></form>
<style>body { background: url(https://style.example/x.png) }</style>
<meta http-equiv="refresh" content="0; url=https://meta.example/">
<base href="https://base.example/">

[link](javascript:document.title='run') [away](https://away.example/) [loft](2021-01-08-the-net-loft.md)

![far](https://picture.example/far.png)
"""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class RunningPreview:
    """A running preview, and what it answers."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address
        parts = urlsplit(address)
        self.host = parts.netloc
        self.token = parts.path.strip("/")

    def get(
        self, path: str, *, method: str = "GET", headers: dict[str, str] | None = None
    ) -> Answer:
        """Asks for a path below the token, or, with a slash at its beginning, for that path."""
        whole = path if path.startswith("/") else f"/{self.token}/{path}"
        connection = http.client.HTTPConnection(self.host, timeout=WAIT)
        with contextlib.closing(connection):
            connection.putrequest(method, whole, skip_host=True)
            for name, value in {"Host": self.host, **(headers or {})}.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return Answer(
                answer.status,
                {name.lower(): value for name, value in answer.getheaders()},
                answer.read(),
            )

    def post(self, key: str) -> Any:
        return self.get(f"post?key={quote(key)}").json

    def print(self, key: str) -> Any:
        return self.get(f"print?key={quote(key)}").json

    @contextlib.contextmanager
    def events(self) -> Iterator[Iterator[tuple[str, Any]]]:
        """What the preview tells from now on, as names and data. The first is ``hello``."""
        connection = http.client.HTTPConnection(self.host, timeout=WAIT)
        with contextlib.closing(connection):
            connection.request("GET", f"/{self.token}/events")
            answer = connection.getresponse()

            def told() -> Iterator[tuple[str, Any]]:
                name = ""
                while line := answer.readline().decode().rstrip("\n"):
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        answer.readline()
                        yield name, json.loads(line.removeprefix("data: "))

            yield told()

    def wait_for(self, told: Iterator[tuple[str, Any]], name: str) -> Any:
        return next(data for found, data in told if found == name)

    def end(self) -> tuple[int, str]:
        """Ends it as Ctrl-C does; returns the exit code and what it said."""
        self.process.send_signal(signal.SIGINT)
        with contextlib.suppress(ValueError):
            _, said = self.process.communicate(timeout=WAIT)
            return self.process.returncode, said
        return self.process.wait(), ""


@contextlib.contextmanager
def preview_of(source: Path, temporary: Path, *options: str) -> Iterator[RunningPreview]:
    """Starts a preview whose temporary files lie below ``temporary``."""
    temporary.mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", "clothbound", "preview", str(source), "--no-open", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
        preexec_fn=_hear_interrupts if os.name == "posix" else None,
    ) as process:
        timer = threading.Timer(WAIT, process.kill)
        timer.start()
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            timer.cancel()
            assert address, process.stderr.read() if process.stderr else ""
            yield RunningPreview(process, address)
        finally:
            timer.cancel()
            if process.poll() is None:
                process.kill()


def _hear_interrupts() -> None:
    """A shell that starts the tests in its background makes all of them ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
