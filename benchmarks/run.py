"""Measure clothbound beside pandoc and bare mistune on the same posts; print Markdown.

User CPU seconds are those of the command and of every process that it waited for; memory is the
largest of these processes. This file imports little, since Linux counts the parent's memory into a
child that it forks.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import preview
from generate_posts import write_posts

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent


def pandoc() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_path())


@dataclass(frozen=True)
class Cost:
    cpu: float
    """User seconds."""
    memory: float
    """MB, of the largest process."""


def measure(command: list[str], runs: int, fresh: Path) -> Cost:
    """The median of ``runs``; whatever is at ``fresh`` is removed before each."""
    costs = []
    for _ in range(runs):
        if fresh.is_dir():
            shutil.rmtree(fresh)
        fresh.unlink(missing_ok=True)
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode or not fresh.exists():
                log.seek(0)
                sys.stderr.write(log.read().decode(errors="replace")[-3000:])
                raise SystemExit(f"exit {process.returncode}: {' '.join(command)[:300]}")
        scale = 1 if platform.system() == "Darwin" else 1024  # bytes there, kilobytes elsewhere
        costs.append(Cost(usage.ru_utime, usage.ru_maxrss * scale / 1e6))
    return Cost(statistics.median(c.cpu for c in costs), statistics.median(c.memory for c in costs))


Command = Callable[[Path, Path], list[str]]


def clothbound(target: str) -> Command:
    return lambda posts, out: [
        f"{BIN}/clothbound", "convert", str(posts), "-t", target, "-o", str(out), "--quiet",
    ]  # fmt: skip


def by_typst(posts: Path, out: Path) -> list[str]:
    return [*clothbound("pdf")(posts, out), "-O", "engine=typst"]


def pandoc_book(*options: str) -> Command:
    return lambda posts, out: [
        pandoc(), "-f", f"{HERE}/peers/anthology.lua", "--mathml", "--toc", *options,
        "-o", str(out), *map(str, sorted(posts.glob("*.md"))),
    ]  # fmt: skip


def script(name: str) -> Command:
    return lambda posts, out: [sys.executable, f"{HERE}/peers/{name}", str(posts), str(out)]


PEERS: dict[str, dict[str, Command]] = {
    "site": {
        "clothbound": clothbound("site"),
        "pandoc": lambda posts, out: [
            pandoc(),
            "lua",
            f"{HERE}/peers/site.lua",
            f"{posts}",
            f"{out}",
        ],
        "bare mistune": script("mistune_site.py"),
    },
    "epub": {"clothbound": clothbound("epub"), "pandoc": pandoc_book()},
    "pdf": {
        "clothbound": clothbound("pdf"),
        "pandoc + WeasyPrint": pandoc_book(f"--pdf-engine={BIN}/weasyprint"),
    },
    "typst": {"clothbound": by_typst, "pandoc": script("pandoc_typst.py")},
}
RUNS = {1: 5, 52: 3, 1000: 1}
WORK = [
    ("site", 1),
    ("site", 52),
    ("site", 1000),
    ("epub", 1),
    ("epub", 52),
    ("epub", 1000),
    ("pdf", 52),
    ("typst", 52),
    ("typst", 1000),
]


def table(work: Path) -> dict[tuple[str, int, str], Cost]:
    costs = {}
    print("| target | posts | by | user CPU | peak memory |\n|:--|--:|:--|--:|--:|", flush=True)
    for target, count in WORK:
        for peer, command in PEERS[target].items():
            extension = {"site": "", "typst": ".pdf"}.get(target, f".{target}")
            out = work / f"out{extension}"
            cost = measure(command(work / str(count), out), RUNS[count], out)
            costs[target, count, peer] = cost
            print(
                f"| {target} | {count} | {peer} | {cost.cpu:.2f} s | {cost.memory:.0f} MB |",
                flush=True,
            )
    return costs


def cold(work: Path) -> dict[str, tuple[Cost, Cost]]:
    """Of a post of prose alone, and of one with TeX, code, a table and a picture: ours, the floor."""
    prose, out = work / "prose.md", work / "post.html"
    header, _, body = (work / "1" / "0000.md").read_text(encoding="utf-8").partition("\n---\n")
    prose.write_text(f"{header}\n---\n{body.split('## ')[0]}", encoding="utf-8")
    costs = {}
    for name, post in {"prose": prose, "with everything": work / "1" / "0000.md"}.items():
        ours = [f"{BIN}/clothbound", "convert", str(post), "-o", str(out), "--quiet"]
        floor = [sys.executable, f"{HERE}/peers/cold_start.py", str(post), str(out)]
        costs[name] = measure(ours, 9, out), measure(floor, 9, out)
    return costs


def pathological(work: Path) -> list[tuple[str, Cost]]:
    rows = []
    for name, text in {
        "120 kB of `[`": "[" * 120_000,
        "70 kB of `*a **a `": "*a **a " * 10_000,
        "100 kB of `> `": "> " * 50_000,
        "100 kB of `` ` ``": "".join("`" * n + " " for n in range(1, 450)),
    }.items():
        post, out = work / "hard.md", work / "hard.html"
        post.write_text(text + "\n", encoding="utf-8")
        command = [f"{BIN}/clothbound", "convert", str(post), "-o", str(out), "--quiet"]
        rows.append((name, measure(command, 1, out)))
    return rows


GHOST = 21.5
"""Seconds of user CPU that Ghost's migration tool took for 1000 posts where this was written; it is
on no package registry, so it cannot run here."""


def archives(work: Path) -> dict[int, tuple[Cost, Cost]]:
    """Reading an export of 1000 and of 10 000 posts: ours, and BeautifulSoup alone."""
    costs = {}
    for count in (1000, 10_000):
        posts, export = work / str(count), work / f"{count}.zip"
        if not posts.exists():
            write_posts(posts, count)
        subprocess.run(clothbound("substack")(posts, export), check=True)
        read, floor = script("read_archive.py"), script("soup_archive.py")
        ours = measure(read(export, work / "none"), 1, work / "none")
        costs[count] = ours, measure(floor(export, work / "none"), 1, work / "none")
    return costs


def ratios(
    costs: dict[tuple[str, int, str], Cost],
    starts: dict[str, tuple[Cost, Cost]],
    exports: dict[int, tuple[Cost, Cost]],
) -> None:
    def ratio(target: str, count: int, peer: str) -> float:
        return costs[target, count, "clothbound"].cpu / costs[target, count, peer].cpu

    cold_ratio = {name: ours.cpu / floor.cpu for name, (ours, floor) in starts.items()}
    epub = costs["epub", 1000, "clothbound"].memory
    growth = costs["site", 1000, "clothbound"].memory / costs["site", 52, "clothbound"].memory
    print("\n| what | reached | wanted |\n|:--|--:|--:|")
    for what, reached, wanted, unit in (
        ("a post of prose, cold, to the import script", cold_ratio["prose"], 1.3, "x"),
        ("the same with everything", cold_ratio["with everything"], 1.3, "x"),
        ("1000 posts to site, to bare mistune", ratio("site", 1000, "bare mistune"), 2.5, "x"),
        ("1000 posts to site, to pandoc", ratio("site", 1000, "pandoc"), 0.25, "x"),
        ("memory of 1000 posts to site, to that of 52", growth, 1.5, "x"),
        ("1000 posts to EPUB, to pandoc", ratio("epub", 1000, "pandoc"), 0.15, "x"),
        ("1000 posts to EPUB, memory", epub, 200, " MB"),
        (
            "52 posts to PDF, to pandoc + WeasyPrint",
            ratio("pdf", 52, "pandoc + WeasyPrint"),
            0.9,
            "x",
        ),
        ("52 posts to PDF by Typst, to pandoc + Typst", ratio("typst", 52, "pandoc"), 0.6, "x"),
        ("1000 posts to PDF by Typst, to pandoc + Typst", ratio("typst", 1000, "pandoc"), 0.5, "x"),
        ("the same, memory", costs["typst", 1000, "clothbound"].memory, 1500, " MB"),
        (
            "an export of 1000 posts read, to BeautifulSoup",
            exports[1000][0].cpu / exports[1000][1].cpu,
            1.6,
            "x",
        ),
        ("the same, to Ghost's migration tool", exports[1000][0].cpu / GHOST, 0.1, "x"),
        ("an export of 10 000 posts read, memory", exports[10_000][0].memory, 150, " MB"),
    ):
        shown = f"{reached:.0f}" if unit == " MB" else f"{reached:.2f}"
        verdict = "" if reached <= wanted else " (missed)"
        print(f"| {what} | {shown}{unit}{verdict} | <= {wanted}{unit} |")


def main() -> None:
    pandoc_version = subprocess.check_output([pandoc(), "--version"], text=True).split("\n")[0]
    print(
        f"clothbound {version('clothbound')}, {pandoc_version}, "
        f"mistune {version('mistune')}, WeasyPrint {version('weasyprint')}, "
        f"Typst {version('typst')}, "
        f"Python {platform.python_version()}, {os.cpu_count()} cores\n"
    )
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for count in (1, 52, 1000):
            write_posts(work / str(count), count)
        costs = table(work)
        starts = cold(work)
        print("\n| one post, cold | by | user CPU | peak memory |\n|:--|:--|--:|--:|")
        for kind, pair in starts.items():
            for by, cost in zip(("clothbound", "imports and one parse"), pair, strict=True):
                print(f"| {kind} | {by} | {cost.cpu:.3f} s | {cost.memory:.0f} MB |")
        print("\n| hard input to HTML | user CPU | peak memory |\n|:--|--:|--:|")
        for what, cost in pathological(work):
            print(f"| {what} | {cost.cpu:.2f} s | {cost.memory:.0f} MB |")
        exports = archives(work)
        print("\n| an export read | by | user CPU | peak memory |\n|:--|:--|--:|--:|")
        for count, pair in exports.items():
            for by, cost in zip(("clothbound", "BeautifulSoup alone"), pair, strict=True):
                print(f"| {count} posts | {by} | {cost.cpu:.2f} s | {cost.memory:.0f} MB |")
        preview.table({count: work / str(count) for count in (52, 1000)})
        ratios(costs, starts, exports)


if __name__ == "__main__":
    main()
