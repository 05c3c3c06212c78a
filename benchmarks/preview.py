"""Measures the preview: the time from saving a file until its page, and its printed pages, have been delivered.

The preview runs as the command; this program saves a file, waits for the event, and asks for what the browser would ask
for. Times are wall-clock seconds, the median of ``RUNS``.
"""

from __future__ import annotations

import http.client
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

RUNS = 5
BIN = Path(sys.executable).parent


class Reload(NamedTuple):
    """Seconds from the saving of a file."""

    page: float
    """Until the web page was delivered."""
    print: float
    """Until the first printed page was delivered."""


class _Preview:
    def __init__(self, posts: Path) -> None:
        self._process = subprocess.Popen(
            [f"{BIN}/clothbound", "preview", str(posts), "--no-open", "--quiet"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        address = urlsplit(self._process.stdout.readline().strip())
        self._host, self._path = address.netloc, address.path

    def get(self, path: str) -> bytes:
        connection = http.client.HTTPConnection(self._host, timeout=120)
        connection.request("GET", path if path.startswith("/") else self._path + path)
        found = connection.getresponse().read()
        connection.close()
        return found

    def ask(self, path: str) -> Any:
        return json.loads(self.get(path))

    def events(self) -> Iterator[str]:
        connection = http.client.HTTPConnection(self._host, timeout=120)
        connection.request("GET", f"{self._path}events")
        answer = connection.getresponse()
        while line := answer.readline().decode():
            if line.startswith("event: "):
                yield line.removeprefix("event: ").strip()

    def end(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait()


def measure_reload(posts: Path) -> Reload:
    """Measures with a folder of Markdown files: changes the first of them, and leaves it as it was."""
    file = min(posts.glob("*.md"))
    text = file.read_text(encoding="utf-8")
    preview = _Preview(posts)
    try:
        listed = preview.ask("posts")["posts"]
        key = next(post["key"] for post in listed if post["source"] == file.name)
        preview.ask(f"post?key={key}")
        preview.ask(f"print?key={key}")
        events = preview.events()
        next(events)
        found = [_reload(preview, events, file, f"{text}\nChange {n}.\n", key) for n in range(RUNS)]
    finally:
        preview.end()
        file.write_text(text, encoding="utf-8")
    return Reload(*map(statistics.median, zip(*found, strict=True)))


def _reload(preview: _Preview, events: Iterator[str], file: Path, text: str, key: str) -> Reload:
    began = time.perf_counter()
    file.write_text(text, encoding="utf-8")
    while next(events) != "changed":
        pass
    preview.get(preview.ask(f"post?key={key}")["page"])
    page = time.perf_counter() - began
    preview.get(f"{preview.ask(f'print?key={key}')['pages']}0.png?w=800")
    return Reload(page, time.perf_counter() - began)


def table(folders: dict[int, Path]) -> None:
    """Prints the times for folders, by their numbers of posts."""
    print("\n| preview of | saved, until the page is there | until it is printed |\n|:--|--:|--:|")
    for count, posts in folders.items():
        found = measure_reload(posts)
        print(f"| {count} posts | {found.page:.2f} s | {found.print:.2f} s |", flush=True)


if __name__ == "__main__":
    table({len(list(Path(name).glob("*.md"))): Path(name) for name in sys.argv[1:]})
