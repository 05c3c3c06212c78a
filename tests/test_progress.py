"""Tests what ``Run.progress`` hears, and what the command shows of it."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from rich.console import Console

import clothbound
from clothbound import Pdf, Progress, Run
from clothbound.cli.progress import Display, closing_line
from clothbound.progress import (
    COUNTING,
    DOWNLOADING,
    FETCHING,
    FILTERING,
    MERGING,
    PACKING,
    PAGES,
    PICTURES,
    READING,
    SEARCHING,
    WRITING,
    counted,
)
from terminal import WITHOUT_CI, on_terminal

LETTER = "---\ntitle: {0}\ndate: 2023-01-0{0}\n---\n\n![one](a.png)\n\n![two](b.png)\n\n{1}\n"


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    folder = tmp_path / "posts"
    folder.mkdir()
    for name, colour in (("a", "red"), ("b", "blue")):
        Image.new("RGB", (40, 30), colour).save(folder / f"{name}.png")
    for number in (1, 2, 3):
        (folder / f"{number}.md").write_text(LETTER.format(number, "Some words. " * 400))
    return folder


def heard(posts: Path, format: str | Pdf, target: Path) -> list[Progress]:
    told: list[Progress] = []
    run = Run(progress=told.append)
    collection = clothbound.read(posts, run=run)
    clothbound.write(collection, format, run=run).save(target)
    return told


def phases(told: list[Progress]) -> list[str]:
    """The phases in order, each once where it stands several times in a row."""
    names = [progress.phase for progress in told if progress.phase != PICTURES]
    return [name for place, name in enumerate(names) if names[place - 1 : place] != [name]]


def test_a_book_is_read_written_and_packed(posts: Path, tmp_path: Path) -> None:
    told = heard(posts, "epub", tmp_path / "a.epub")
    assert phases(told) == [READING, WRITING, PACKING]
    assert told[0] == Progress(READING)
    assert told[1:4] == [Progress(READING, n, 3) for n in range(3)]
    assert [p for p in told if p.phase == WRITING] == [Progress(WRITING, n, 3) for n in range(3)]
    assert [p for p in told if p.phase == PICTURES] == [Progress(PICTURES, n, 2) for n in range(3)]


def read_phases(source: Path | bytes | str, run: Run | None = None) -> list[Progress]:
    told: list[Progress] = []
    clothbound.read(source, run=msgspec.structs.replace(run or Run(), progress=told.append))
    return told


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_the_posts_of_one_file_of_json_are_counted(posts: Path, name: str) -> None:
    data = clothbound.write(clothbound.read(posts), name).to_bytes()
    assert read_phases(data) == [Progress(READING), *(Progress(READING, n, 3) for n in range(3))]


def test_the_posts_of_a_feed_are_counted_as_far_as_they_are_known(posts: Path) -> None:
    data = clothbound.write(clothbound.read(posts), "rss").to_bytes()
    assert read_phases(data) == [Progress(READING), *(Progress(READING, n) for n in range(3))]
    run = Run(fetch={"https://letters.example/feed": data}.__getitem__)
    told = read_phases("https://letters.example/feed", run)
    assert told[:2] == [Progress(DOWNLOADING), Progress(READING)]


def test_a_file_that_is_one_post_is_read(posts: Path) -> None:
    for data in (b"<!doctype html><title>A</title><p>Words.</p>", b"# A\n\nWords.\n"):
        assert read_phases(data) == [Progress(READING)]


def test_a_site_says_how_many_pictures_of_a_post_are_read(posts: Path, tmp_path: Path) -> None:
    told = heard(posts, "site", tmp_path / "site")
    assert phases(told) == [READING, WRITING, PACKING]
    pictures = [p for p in told if p.phase == PICTURES]
    assert pictures == [Progress(PICTURES, n, 2) for n in (0, 1)] * 3


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_pages_are_set_after_the_last_post(posts: Path, tmp_path: Path, engine: str) -> None:
    told = heard(posts, Pdf(engine=engine), tmp_path / "a.pdf")  # type: ignore[arg-type]
    end = [PAGES, PACKING] if engine == "weasyprint" else [PAGES]
    assert phases(told) == [READING, WRITING, *end]
    pages = [progress for progress in told if progress.phase == PAGES]
    assert pages[0] == Progress(PAGES)
    if engine == "weasyprint":
        first = [progress.done for progress in pages if progress.total is None]
        assert first[1:] == list(range(len(first) - 1)), "each page, as it is begun"
        assert len(first) > 5
        assert all(p.total == len(first) - 1 for p in pages if p.total is not None)


def test_a_book_in_batches_says_how_many_pages_are_set(
    posts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clothbound.writers.pdf.typst.book.MOST", 5_000)
    told = heard(posts, Pdf(engine="typst"), tmp_path / "a.pdf")
    assert phases(told) == [READING, WRITING, PAGES, PACKING]
    pages = [progress.done for progress in told if progress.phase == PAGES]
    assert len(pages) > 3
    assert max(pages) > 5


def test_nothing_is_made_for_nobody() -> None:
    items = [1, 2]
    assert counted(items, READING, None) is items


def test_every_writer_names_phases_that_are_known(posts: Path, tmp_path: Path) -> None:
    known = {
        *(
            DOWNLOADING,
            READING,
            WRITING,
            MERGING,
            COUNTING,
            FILTERING,
            SEARCHING,
            FETCHING,
            PICTURES,
            PAGES,
        ),
        PACKING,
    }
    for name in set(clothbound.formats.WRITERS) - {"pdf", "kdp"}:
        told = heard(posts, name, tmp_path / "made" / name)
        assert {progress.phase for progress in told} <= known, name
        assert Progress(WRITING, 2, 3) in told, name


def test_the_kit_names_its_parts(posts: Path, tmp_path: Path) -> None:
    told = heard(posts, "kdp", tmp_path / "kit")
    assert phases(told) == [
        *(READING, WRITING, PAGES, PACKING, "the Kindle book", WRITING, PACKING, "the cover"),
        *(PAGES, PACKING),
    ]


# --- what the command shows


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def shown(display: Display, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    console.print(display.line(width))
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split()[1:])


def display(name: str, *, is_last: bool = True) -> tuple[Display, Clock, io.StringIO]:
    clock, out = Clock(), io.StringIO()
    console = Console(file=out, width=100, force_terminal=True, color_system=None)
    return Display(name, is_last=is_last, console=console, clock=clock), clock, out


def test_a_line_says_what_is_done_and_what_is_left() -> None:
    line, clock, _ = display("letters.epub")
    line.hear(Progress(WRITING, 0, 120))
    clock.now = 4
    line.hear(Progress(WRITING, 30, 120))
    assert shown(line).startswith("letters.epub writing posts 30 of 120 ━")
    assert shown(line).endswith("4 s, about 12 s left")
    line.hear(Progress(PICTURES, 31, 97))
    assert "writing posts 30 of 120, pictures 31 of 97" in shown(line)
    line.hear(Progress(PACKING))
    assert shown(line) == "letters.epub packing 4 s"
    line.hide()


def test_nothing_is_said_to_be_nearly_done_while_pages_lie_ahead() -> None:
    line, clock, _ = display("letters.pdf", is_last=False)
    clock.now = 3
    line.hear(Progress(WRITING, 119, 120))
    assert shown(line) == "letters.pdf writing posts 119 of 120 3 s"
    line.hear(Progress(PAGES))
    clock.now = 75
    line.hear(Progress(PAGES, 140))
    assert shown(line) == "letters.pdf setting pages 140 1 min 15 s"
    line.hear(Progress(PAGES, 14, 312))
    assert shown(line) == "letters.pdf setting pages 14 of 312 1 min 15 s"
    line.hide()


def test_a_short_run_shows_nothing_and_a_hidden_line_comes_back() -> None:
    line, clock, out = display("a.html")
    line.hear(Progress(WRITING, 0, 1))
    assert out.getvalue() == ""
    clock.now = 1
    line.hear(Progress(WRITING, 0, 1))
    assert "writing posts" in out.getvalue()
    line.hide()
    before = len(out.getvalue())
    line.hear(Progress(PACKING))
    assert "packing" in out.getvalue()[before:]
    line.hide()


@pytest.mark.parametrize("phase", [DOWNLOADING, FETCHING, PAGES])
def test_a_line_appears_at_once_where_nothing_may_be_heard_for_long(phase: str) -> None:
    line, _, out = display("https://letters.example/feed")
    line.hear(Progress(phase))
    assert f"https://letters.example/feed {phase}" in out.getvalue()
    line.hide()


def test_only_the_line_is_shown_of_what_is_downloaded(tmp_path: Path) -> None:
    pytest.importorskip("pty")
    watched = {**WITHOUT_CI, "TERM": "xterm", "COLUMNS": "100"}
    address = "http://127.0.0.1:9/feed"  # refused before anything is asked, since it is private
    code, shown = on_terminal(tmp_path, "convert", address, "-o", "a.txt", environment=watched)
    assert code == 1, shown
    assert f"{address}\x1b[0m downloading" in shown, shown
    assert f"fetching {address}" not in shown
    assert "private" in shown.rpartition("\x1b")[2]


def test_a_name_cannot_steer_the_terminal_nor_fill_the_line() -> None:
    line, _, _ = display("\x1b[2J[bold]/" + "long/" * 40 + "x.epub")
    line.hear(Progress(WRITING, 1, 2))
    assert "\x1b" not in shown(line)
    assert "x.epub writing posts 1 of 2" in shown(line, 60)


def test_the_closing_line_names_what_how_large_and_how_long(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "a.epub").write_bytes(bytes(3_100_000))
    (tmp_path / "site" / "b.html").write_bytes(bytes(400_000))
    epub, site = str(tmp_path / "a.epub"), str(tmp_path / "site")
    assert closing_line([epub], 72) == f"made {epub} (3.1 MB) in 1 min 12 s"
    assert closing_line([epub, site], 8) == f"made {epub} (3.1 MB) and {site} (0.4 MB) in 8 s"
    assert closing_line([epub] * 4, 7500) == "made 4 products (12.4 MB) in 2 h 5 min"
    assert closing_line(["-"], 6) == "done in 6 s"
