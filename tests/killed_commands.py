"""Kills commands at random moments and says what they left: python tests/killed_commands.py 200

Names of commands after the number choose some: python tests/killed_commands.py 200 import EPUB
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from imported_exports import LEDGER, TIDE, Row, edit, export

ROOT = Path(__file__).parents[1]
LETTERS = ROOT / "examples" / "letters" / "2021"
POSTS = {
    "a": "2021-01-08-the-net-loft.md",
    "b": "2021-02-05-folding-a-sheet.md",
    "c": "2021-12-17-the-ledger.md",
}
WAIT = 300
"""Seconds after which a command hangs."""

ASIDE = "old"
PYTHONS_OWN = re.compile(r"temporary/tmp[a-z0-9_]{8}")
"""Empty files by which ``ctypes.util.find_library``, of which WeasyPrint asks Pango's place, hears from a compiler."""

Tree = dict[str, bytes]


class Killed(NamedTuple):
    """A command that is killed, and the ``target`` that it makes or changes, which ``before`` made of older sources."""

    arguments: tuple[str, ...]
    target: str
    before: tuple[str, ...] = ()


def _book(target: str, *options: str) -> Killed:
    arguments = ("--all", "--title", "A Title", "-M", "author=A. N. Author", *options, "-o", target)
    return Killed(("book", "posts", *arguments), target, ("book", "older", *arguments))


COMMANDS: Mapping[str, Killed] = {
    "convert": Killed(
        ("convert", "posts/b.md", "-o", "b.html"),
        "b.html",
        ("convert", "older/b.md", "-o", "b.html"),
    ),
    "site": _book("site", "-t", "site"),
    "EPUB": _book("b.epub"),
    "PDF by WeasyPrint": _book("b.pdf", "-O", "engine=weasyprint"),
    "PDF by Typst": _book("b.pdf", "-O", "engine=typst"),
    "import": Killed(("import", "newer.zip", "kept"), "kept", ("import", "older.zip", "kept")),
    "init": Killed(("init", "posts", "-o", "plan/book.toml"), "plan"),
    "update": Killed(
        ("update", "plan/book.toml"), "plan", ("init", "growing", "-o", "plan/book.toml")
    ),
}
"""Each command that writes, and each way to write a book."""


class Desk:
    """A folder with sources, caches and temporary files of its own, in which a command is killed."""

    def __init__(self, place: Path, command: Killed) -> None:
        self.place = place
        self.target = place / command.target
        self._arguments = command.arguments
        self._write_sources()
        (place / "temporary").mkdir()
        (place / "plan").mkdir()
        if command.before:
            self.run(command.before)
        if command.target == "kept":
            edit(place / "kept" / "11.the-tide.md", "Second paragraph.", "Mine.")
        if command.target == "plan" and command.before:
            shutil.copy(place / "posts" / "c.md", place / "growing")
        self.old = tree(self.target)
        if self.target.is_dir():
            shutil.copytree(self.target, place / ASIDE)
        elif self.target.exists():
            shutil.copy(self.target, place / ASIDE)
        self.sources = self._sources()
        self.seconds = self.run()
        self.new = tree(self.target)
        assert self.new != self.old
        self.all = self.names()

    def _write_sources(self) -> None:
        posts = self.place / "posts"
        posts.mkdir()
        for short, name in POSTS.items():
            shutil.copy(LETTERS / name, posts / f"{short}.md")
        shutil.copytree(LETTERS / "images", posts / "images")
        shutil.copytree(posts, self.place / "older")
        for path in (self.place / "older").glob("*.md"):
            path.write_text(f"{path.read_text('utf-8')}\n\nAn older ending.\n", "utf-8")
        shutil.copytree(posts, self.place / "growing")
        (self.place / "growing" / "c.md").unlink()
        theirs = Row("11.the-tide", "The tide", body=(*TIDE.body[:2], "Theirs."))
        export(self.place / "older.zip", TIDE, LEDGER)
        export(self.place / "newer.zip", theirs, LEDGER, Row("14.new", "New"))

    def begin(
        self, arguments: Sequence[str] | None = None, limit: Callable[[], None] | None = None
    ) -> subprocess.Popen[bytes]:
        place = {"TMPDIR": "temporary", "XDG_CACHE_HOME": "caches"}
        return subprocess.Popen(
            [sys.executable, "-m", "clothbound", *(arguments or self._arguments)],
            cwd=self.place,
            env={
                **os.environ,
                "SOURCE_DATE_EPOCH": "1700000000",
                **{name: str(self.place / folder) for name, folder in place.items()},
            },
            start_new_session=True,
            preexec_fn=limit,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def run(self, arguments: Sequence[str] | None = None) -> float:
        """Runs the command, or another, to its end; returns the seconds that it took."""
        start = time.monotonic()
        with self.begin(arguments) as process:
            errors = process.communicate(timeout=WAIT)[1].decode()
        assert process.returncode == 0, errors
        return time.monotonic() - start

    def restore(self) -> None:
        """Puts the old target back."""
        if self.target.is_dir():
            shutil.rmtree(self.target)
        elif self.target.exists():
            self.target.unlink()
        kept = self.place / ASIDE
        if kept.is_dir():
            shutil.copytree(kept, self.target)
        elif kept.exists():
            shutil.copy(kept, self.target)
        else:
            self.target.mkdir()

    def kill(self, seconds: float) -> str:
        """Kills the command after ``seconds``, with the old target there, and runs it again; returns what ``left`` does."""
        self.restore()
        with self.begin() as process:
            time.sleep(seconds)
            process.kill()
            process.communicate()
        _wait_for_children(process.pid)
        left = self.left()
        self.run_again()
        return left if process.returncode else "ended before"

    def fail(self, **limits: int) -> tuple[int, str, str]:
        """Runs the command under limits of the system, such as ``NOFILE``, with the old target there.

        Returns its exit code, what it said, and what ``left`` does.
        """

        def limit() -> None:
            import resource

            for name, most in limits.items():
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))

        with self.begin(limit=limit) as process:
            said = process.communicate(timeout=WAIT)[1].decode()
        return process.returncode, said, self.left()

    def run_again(self) -> None:
        """Runs the command. Raises AssertionError if a source changed, or anything but the new target is there then."""
        assert self._sources() == self.sources, "a source changed"
        if self._arguments[0] != "init" or tree(self.target) != self.new:  # it replaces no plan
            self.run()
        assert tree(self.target) == self.new, "the next run made something else"
        assert self._sources() == self.sources, "the next run changed a source"
        assert self.names() == self.all, sorted(self.names() ^ self.all)

    def left(self) -> str:
        """Returns ``old``, ``new``, or ``some of each`` of a folder's files. Raises AssertionError for anything else."""
        found = tree(self.target)
        states = set()
        for name in self.old.keys() | self.new.keys():
            if name.startswith(".clothbound/"):
                continue  # what import remembers; the next run tells whether it is whole
            old, new, now = self.old.get(name), self.new.get(name), found.get(name)
            assert now in (old, new), f"{name} is neither old nor new"
            if old != new:
                states.add("old" if now == old else "new")
        return states.pop() if len(states) == 1 else "some of each"

    def _sources(self) -> dict[str, tuple[bytes, int]]:
        names = ("posts", "older", "growing", "older.zip", "newer.zip")
        paths = [p for name in names for p in _files(self.place / name)]
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}

    def names(self) -> set[str]:
        found = {path.relative_to(self.place).as_posix() for path in self.place.rglob("*")}
        return {name for name in found if not PYTHONS_OWN.fullmatch(name)}


def _files(path: Path) -> Iterator[Path]:
    yield from (p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def tree(path: Path) -> Tree:
    if path.is_file():
        return {"": path.read_bytes()}
    return (
        {p.relative_to(path).as_posix(): p.read_bytes() for p in _files(path)}
        if path.exists()
        else {}
    )


def _wait_for_children(session: int) -> None:
    """Waits until no process is left that the killed one started. Raises AssertionError if one stays."""
    if not Path("/proc/self/stat").exists():
        return
    end = time.monotonic() + WAIT
    while _has_processes(session):
        assert time.monotonic() < end, "a process outlives the one that started it"
        time.sleep(0.02)


def _has_processes(session: int) -> bool:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(") ")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[3]) == session and fields[0] != "Z":
            return True
    return False


def kill_often(place: Path, command: Killed, number: int, seed: int) -> Counter[str]:
    """Kills a command ``number`` times; counts what was left of its target."""
    desk = Desk(place, command)
    moments = random.Random(seed)
    return Counter(desk.kill(moments.uniform(0, desk.seconds * 1.05)) for _ in range(number))


if __name__ == "__main__":
    print("| command | kills | old | new | some files of each | ended before |", flush=True)
    print("|:--|--:|--:|--:|--:|--:|", flush=True)
    for chosen in sys.argv[2:] or COMMANDS:
        with tempfile.TemporaryDirectory() as folder:
            left = kill_often(Path(folder), COMMANDS[chosen], int(sys.argv[1]), seed=1)
        counts = [left[key] for key in ("old", "new", "some of each", "ended before")]
        print(f"| {chosen} | {sum(counts)} | {' | '.join(map(str, counts))} |", flush=True)
