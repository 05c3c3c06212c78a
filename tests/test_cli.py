"""Tests the command's input, output, messages and exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from clothbound import cli, formats
from clothbound.cli import main
from clothbound.model.slugs import file_name

COMMAND = [sys.executable, "-m", "clothbound"]
LETTER = (
    "---\ntitle: The harbour\ndate: 2023-05-01\nslug: harbour\nauthor: Ann\n---\n\nSome *words*.\n"
)
LOSSY = "# Loss\n\n`\\relax`{=tex} words\n"


@dataclass(frozen=True)
class Run:
    code: int
    out: bytes
    err: str


Runner = Callable[..., Run]


@pytest.fixture
def run(
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Runner:
    """Runs the command in a folder of its own, in this process."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, stdin: bytes = b"") -> Run:
        stream = io.TextIOWrapper(io.BytesIO(stdin))
        monkeypatch.setattr(sys, "stdin", stream)
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as left:
            main(arguments)
        captured = capfdbinary.readouterr()
        code = left.value.code
        assert isinstance(code, int) or code is None
        assert b"Traceback" not in captured.err
        return Run(code or 0, captured.out, captured.err.decode())

    return call


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.md"
    path.write_text(LETTER)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Letters of three years, the last not full; a draft and one without a date."""
    path = tmp_path / "posts"
    path.mkdir()
    for date in ("2021-03-01", "2022-03-01", "2022-12-01", "2023-02-01"):
        (path / f"{date}.md").write_text(
            f"---\ntitle: Of {date}\ndate: {date}\nauthor: Ann\n---\n\nWords of {date}.\n"
        )
    (path / "draft.md").write_text("---\ntitle: D\ndate: 2022-05-01\ndraft: true\n---\n\nSecret.\n")
    (path / "undated.md").write_text("---\ntitle: Undated\n---\n\nSome day.\n")
    return path


# what goes in and out


def test_a_file_becomes_a_file(run: Runner, letter: Path, tmp_path: Path) -> None:
    done = run("convert", "letter.md", "-o", "letter.html")
    assert (done.code, done.out) == (0, b"")
    assert b"<em>words</em>" in (tmp_path / "letter.html").read_bytes()
    assert "letter.html: 1 post, " in done.err


def test_stdin_becomes_stdout_and_nothing_else_is_on_it(run: Runner) -> None:
    for arguments in (
        ("convert", "-f", "markdown", "-t", "html-fragment"),
        ("convert", "-", "-t", "html-fragment", "-o", "-"),
    ):
        done = run(*arguments, stdin=LETTER.encode() + b"\n![](gone.png)\n")
        assert done.code == 0
        assert b"<em>words</em>" in done.out
        assert b"warning" not in done.out
        assert "image-missing" in done.err


def test_several_outputs_are_made_at_once(run: Runner, letter: Path, tmp_path: Path) -> None:
    done = run("convert", "letter.md", "-o", "a.html", "-o", "a.txt", "-o", "a.json")
    assert done.code == 0
    assert all((tmp_path / name).stat().st_size for name in ("a.html", "a.txt", "a.json"))


def test_a_folder_becomes_a_folder(run: Runner, folder: Path, tmp_path: Path) -> None:
    done = run("convert", "posts", "-t", "text", "-o", "out/")
    assert done.code == 0
    assert len(list((tmp_path / "out").glob("[!.]*"))) == 6
    done = run("convert", "posts", "-t", "text", "-o", "out")
    assert done.code == 0


def test_one_post_goes_into_a_folder_that_is_named(
    run: Runner, letter: Path, tmp_path: Path
) -> None:
    assert run("convert", "letter.md", "-t", "html", "-o", "out/").code == 0
    assert [p.name for p in (tmp_path / "out").glob("[!.]*")] == ["harbour.html"]
    assert run("convert", "letter.md", "-t", "text", "-o", "out").code == 0
    assert (tmp_path / "out" / "harbour.txt").is_file()


def test_many_posts_do_not_go_into_what_is_named_as_one_file(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    done = run("convert", "posts", "-o", "all.html")
    assert done.code == 2
    assert "several files" in done.err
    assert not (tmp_path / "all.html").exists()


# exit codes


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("convert", "letter.md", "-o", "x.nothing"), "extension"),
        (("convert", "letter.md", "-t", "ebpu", "-o", "x"), "did you mean 'epub'"),
        (("convert", "letter.md", "-f", "markdwon", "-o", "x.html"), "did you mean 'markdown'"),
        (("convert", "letter.md", "-o", "x.html", "-O", "csss=1"), "did you mean 'css'"),
        (("convert", "letter.md", "-o", "x.html", "-O", "css"), "KEY=VALUE"),
        (("convert", "letter.md", "-o", "x.html", "-O", "css=gone.css"), "gone.css"),
        (("convert", "letter.md", "-o", "x.html", "-O", "htlm.css=1"), "did you mean 'html'"),
        (("convert", "letter.md", "-o", "x.html", "-M", "titel=T"), "did you mean 'title'"),
        (("convert", "letter.md", "-o", "x.html", "-M", "title"), "KEY=VALUE"),
        (("convert", "letter.md"), "format of stdout"),
        (("convert", "letter.md", "-o", "out/"), "--to"),
        (("convert", "letter.md", "-t", "site"), "stdout"),
        (("convert", "letter.md", "-o", "letter.md"), "its source"),
        (("convert", "letter.md", "-o", "x.html", "-o", "./x.html"), "two outputs"),
        (("convert", "letter.md", "-o", "-", "-o", "-", "-t", "text"), "two outputs"),
        (("convert", "letter.md", "--no-such-option"), "No such option"),
        (
            ("convert", "letter.md", "--year", "2025"),
            "No such option '--year'; `clothbound book` has it",
        ),
        (("nothing",), "there is no command"),
        (("book", "letter.md", "--year", "1999", "-o", "x.json"), "no post"),
        (("book", "letter.md", "--after", "yesterday", "-o", "x.json"), "not a date"),
        (("book", "letter.md", "--timezone", "Mars/Olympus", "-o", "x.json"), "time zone"),
        (("book", "letter.md", "--timezone", "../../etc/passwd", "-o", "x.json"), "time zone"),
        (("formats", "epbu"), "did you mean 'epub'"),
        (("check", "letter.md", "--for", "kimdle"), "did you mean 'kindle'"),
        (("book", "letter.md", "--for", "kimdle"), "did you mean 'kindle'"),
        (("convert", "letter.md", "-o", "x.epub", "--for", "gohst"), "did you mean 'ghost'"),
        (("convert", "letter.md", "-o", "x.pdf", "--engine", "typts"), "did you mean 'typst'"),
        (("book", "letter.md", "--all", "-o", "x.pdf", "--for", "kobo"), "applies to an EPUB"),
        (("convert", "letter.md", "-o", "x.epub", "--for", "ghost"), "applies to an archive"),
        (("convert", "letter.md", "-o", "x.html", "--engine", "typst"), "applies to a PDF"),
        (("book", "letter.md", "--for", "kdp", "--engine", "typst"), "leave out --engine"),
    ],
)
def test_usage_errors_leave_with_2(
    run: Runner, letter: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert says in done.err
    assert done.out == b""
    assert [p.name for p in tmp_path.iterdir()] == ["letter.md"]


def test_failures_leave_with_1(run: Runner, letter: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"\xff\xff")
    (tmp_path / "empty").mkdir()
    (tmp_path / "old.html").write_bytes(b"old")
    for arguments in (
        ("convert", "gone.md", "-o", "x.html"),
        ("convert", "bad.md", "-o", "old.html"),
        ("convert", "empty", "-t", "text", "-o", "out"),
        ("convert", "letter.md", "-o", "letter.md/x.html"),
        ("convert", "letter.md", "-o", "x.html", "--report", "no/such/folder.json"),
    ):
        done = run(*arguments)
        assert done.code == 1, arguments
        assert done.err.startswith("clothbound: ") or "\nclothbound: " in done.err
    assert (tmp_path / "old.html").read_bytes() == b"old"


def test_a_loss_under_strict_leaves_with_3_and_still_reports(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(LOSSY)
    (tmp_path / "a.html").write_bytes(b"old")
    done = run("convert", "a.md", "-o", "a.html", "-o", "a.json", "--strict", "--report", "r.json")
    assert done.code == 3
    assert (tmp_path / "a.html").read_bytes() == b"old"
    assert (tmp_path / "a.json").is_file()
    assert "node-dropped" in done.err
    first, second = json.loads((tmp_path / "r.json").read_text())
    assert (first["posts"][0]["dropped"], second["posts"][0]["dropped"]) == (1, 0)
    assert run("convert", "a.md", "-o", "a.html").code == 0


def test_strict_holds_for_stdout_too(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(LOSSY)
    done = run("convert", "a.md", "-t", "html", "--strict")
    assert (done.code, done.out) == (3, b"")


def test_299_of_300_posts_are_converted_and_the_bad_one_is_named(
    run: Runner, tmp_path: Path
) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    for n in range(300):
        (posts / f"{n:03}.md").write_bytes(b"# Post %d\n\nWords.\n" % n)
    (posts / "123.md").write_bytes(b"# Caf\xe9 \xff\n")
    done = run("convert", "posts", "-t", "html", "-o", "out", "--report", "r.json")
    assert done.code == 4
    assert "123.md: error:" in done.err
    assert "299 posts" in done.err
    assert "1 post could not be read" in done.err
    assert len(list((tmp_path / "out").glob("[!.]*"))) == 299
    (report,) = json.loads((tmp_path / "r.json").read_text())
    assert len(report["posts"]) == 299
    bad = [d for d in report["diagnostics"] if d["code"] == "post-unreadable"]
    assert [d["source"] for d in bad] == ["123.md"]
    assert run("convert", "posts", "-t", "json", "-o", "q.json", "-q").err.count("123.md") == 1
    assert run("check", "posts", "--for", "text").code == 4


def test_a_folder_of_bad_posts_alone_fails_and_names_each(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    for n in range(9):
        (tmp_path / "posts" / f"{n}.md").write_bytes(b"\xff\xff")
    done = run("convert", "posts", "-t", "text", "-o", "out")
    assert done.code == 1
    assert all(f"{n}.md: error:" in done.err for n in range(9))
    assert not (tmp_path / "out").exists()


def test_a_missing_engine_leaves_with_5_and_the_other_outputs_are_made(
    letter: Path, tmp_path: Path
) -> None:
    # Pango's absence is what importing WeasyPrint without it looks like.
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "weasyprint.py").write_text(
        "raise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
    )
    done = subprocess.run(
        [
            *COMMAND,
            "convert",
            "letter.md",
            "-o",
            "a.pdf",
            "-o",
            "a.txt",
            "-O",
            "pdf.engine=weasyprint",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(modules)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 5
    assert b"Hint:" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "a.pdf").exists()
    assert (tmp_path / "a.txt").is_file()


# options


def test_options_reach_the_format_that_they_name(run: Runner, letter: Path, tmp_path: Path) -> None:
    (tmp_path / "my.css").write_text("p { color: #123456 }")
    done = run("convert", "letter.md", "-o", "a.html", "-o", "a.txt", "-O", "html.css=my.css")
    assert done.code == 0
    assert b"#123456" in (tmp_path / "a.html").read_bytes()
    assert run("convert", "letter.md", "-o", "b.html", "--css", "my.css").code == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_metadata_of_the_whole_is_set(run: Runner, letter: Path, tmp_path: Path) -> None:
    done = run(
        "convert",
        "letter.md",
        "-o",
        "a.json",
        "-M",
        "title=T=U",
        "-M",
        "author=A",
        "-M",
        "author=B",
    )
    assert done.code == 0
    content = json.loads((tmp_path / "a.json").read_text())
    assert (content["title"], content["authors"]) == ("T=U", ["A", "B"])


def test_quiet_and_verbose(run: Runner, tmp_path: Path) -> None:
    pictures = "".join(f"![](gone-{n}.png)\n\n" for n in range(9))
    (tmp_path / "a.md").write_text(pictures)
    for flags, count in ((("-q",), 0), ((), 3), (("-v",), 9)):
        done = run("convert", "a.md", "-o", "a.html", *flags)
        assert done.code == 0
        assert done.err.count("image-missing]") - ("more of this kind" in done.err) == count
    assert run("convert", "a.md", "-o", "a.html", "-q").err == ""


def test_a_log_has_every_diagnostic_whatever_is_printed(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("".join(f"![](gone-{n}.png)\n\n" for n in range(9)))
    done = run("convert", "a.md", "-o", "a.html", "-q", "--log", "l.txt")
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "l.txt").read_text().count("image-missing]") == 9
    assert run("check", "a.md", "--log", "l.txt", "-q").code == 0
    assert run("convert", "a.md", "-o", "a.html", "--log", "no/such/l.txt").code == 1


# books


def test_a_book_of_the_newest_full_year(run: Runner, folder: Path, tmp_path: Path) -> None:
    done = run("book", "posts", "-o", "{year}.json", "--title", "T")
    assert done.code == 0
    content = json.loads((tmp_path / "2022.json").read_text())
    assert [p["metadata"]["title"] for p in content["posts"]] == ["Of 2022-03-01", "Of 2022-12-01"]
    assert "undated.md" in done.err
    assert "override it with --author" in done.err


def test_a_book_a_year(run: Runner, folder: Path, tmp_path: Path) -> None:
    done = run(
        "book", "posts", "--by-year", "-o", "books/{title}.txt", "-t", "json", "--title", "T"
    )
    assert done.code == 0
    names = sorted(p.name for p in (tmp_path / "books").iterdir())
    assert names == ["T 2021.txt", "T 2022.txt", "T 2023.txt"]
    assert done.err.count("undated.md") == 1


def test_a_book_of_all_and_of_a_range(run: Runner, folder: Path, tmp_path: Path) -> None:
    assert run("book", "posts", "--all", "-o", "all.json").code == 0
    assert len(json.loads((tmp_path / "all.json").read_text())["posts"]) == 5
    assert run("book", "posts", "--after", "2022-12-01", "-o", "r.json").code == 0
    assert len(json.loads((tmp_path / "r.json").read_text())["posts"]) == 2
    assert run("book", "posts", "--all", "--drafts", "-o", "d.json").code == 0
    assert len(json.loads((tmp_path / "d.json").read_text())["posts"]) == 6


def test_two_books_of_one_name_are_a_usage_error(run: Runner, folder: Path, tmp_path: Path) -> None:
    done = run("book", "posts", "--by-year", "-o", "book.json")
    assert done.code == 2
    assert "{year}" in done.err
    assert not (tmp_path / "book.json").exists()


def test_no_years_are_no_books_and_that_is_said(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("words")
    done = run("book", "a.md", "--by-year", "-o", "{year}.json")
    assert done.code == 2
    assert "no post has a date" in done.err


def test_a_book_without_a_name_is_named_by_its_title(
    run: Runner, folder: Path, tmp_path: Path
) -> None:
    done = run("book", "posts", "--all", "-t", "epub", "--title", "Sea/Land: a <Reader>?")
    assert done.code == 0
    assert (tmp_path / "Sea Land a Reader.epub").is_file()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Letters 2023", "Letters 2023"),
        ("../../etc/passwd", "etc passwd"),
        ("..", "book"),
        ("", "book"),
        ("a\0b\x1bc\n d", "a b c d"),
        ("C:\\Windows", "C Windows"),
        ("con", "con_"),
        ("NUL.x", "NUL_.x"),
        ("Concord", "Concord"),
        ("end.", "end"),
        ("caf\udce9", "caf"),
        ("-rf", "-rf"),
        ("日" * 100, "日" * 66),
    ],
)
def test_a_title_as_the_name_of_a_file(title: str, name: str) -> None:
    assert file_name(title) == name


def test_a_long_title_can_be_saved(run: Runner, letter: Path, tmp_path: Path) -> None:
    assert run("book", "letter.md", "--title", "日本" * 200, "-t", "json").code == 0
    assert len(list(tmp_path.glob("*.json"))) == 1


# formats, doctor, check, help


def test_formats_are_listed_and_explained(run: Runner) -> None:
    done = run("formats")
    assert done.code == 0
    for name in (*formats.READERS, *formats.WRITERS):
        assert f"  {name}" in done.out.decode()
    done = run("formats", "html")
    assert "css" in done.out.decode()


def test_the_doctor_looks_at_every_format(run: Runner) -> None:
    done = run("doctor")
    assert done.code in (0, 5)
    for name in formats.WRITERS:
        assert name in done.out.decode()


def test_check_writes_nothing_and_counts(run: Runner, letter: Path, tmp_path: Path) -> None:
    letter.write_text(LETTER + "\n![](gone.png)\n")
    done = run("check", "letter.md", "--report", "r.json")
    assert done.code == 0
    assert "image-missing" in done.err
    assert "\n1 post: 0 errors, " in done.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letter.md", "r.json"]


def test_help_and_version(run: Runner) -> None:
    for arguments in (("--help",), ("-h",), ("--version",), ("book", "--help"), ("convert", "-h")):
        assert run(*arguments).code == 0
    assert run().code == 2
    assert b"..." not in run("--help").out.partition(b"Commands:")[2], (
        "a command whose line is cut off"
    )


# the terminal


def test_hostile_names_and_titles_cannot_steer_the_terminal(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    try:
        (tmp_path / "posts" / "a\x1b]0;owned\x07.md").write_bytes(
            b"# \x1b[31mred\n\n![](\x1b[2J.png)\n"
        )
        (tmp_path / "posts" / "b\n.md").write_bytes(b"\xff\xff")
    except OSError:
        pytest.skip("this system has no such names")
    done = run("convert", "posts", "-t", "text", "-o", "out\x1b[2J", "-v")
    assert done.code == 4
    assert "\x1b" not in done.err
    assert "\x07" not in done.err
    assert "\nclothbound: b" not in done.err


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are Unix's")
def test_progress_is_shown_on_a_terminal_whatever_the_titles_say(tmp_path: Path) -> None:
    import pty

    posts = tmp_path / "posts"
    posts.mkdir()
    for n in range(12):
        (posts / f"{n}.md").write_text(f"---\ntitle: '[/b] [bold] {n}'\n---\n\nwords\n")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(
        [*COMMAND, "convert", "posts", "-t", "site", "-o", "out"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that its other end is closed
            while data := os.read(ours, 4096):
                shown += data
        assert process.wait(60) == 0
    os.close(ours)
    assert b"Traceback" not in shown
    assert b"12 posts" in shown


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("word " * 200_000)
    with subprocess.Popen(
        [*COMMAND, "convert", "a.md", "-t", "text"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.skipif(os.name != "posix", reason="/dev/null is Unix's")
def test_the_null_device_survives(run: Runner, letter: Path) -> None:
    assert run("convert", "letter.md", "-t", "html", "-o", os.devnull).code == 0
    assert not Path(os.devnull).is_file()


def test_the_command_is_the_modules_main() -> None:
    done = subprocess.run([*COMMAND, "--version"], capture_output=True, check=True, timeout=60)
    assert done.stdout.decode().split()[-1] == cli.__version__


@pytest.mark.parametrize("name", ["safe", "kindle", "kdp", "apple", "kobo", "google"])
def test_a_book_is_made_for_who_takes_it(run: Runner, letter: Path, name: str) -> None:
    assert run("convert", "letter.md", "-o", "flag.epub", "--for", name).code == 0
    assert run("convert", "letter.md", "-o", "option.epub", "-O", f"destination={name}").code == 0
    assert Path("flag.epub").read_bytes() == Path("option.epub").read_bytes()
    if name != "kdp":  # which is the kit, see test_kit.py
        whole = ("book", "letter.md", "--all", "-o")
        assert run(*whole, "flag.epub", "--for", name).code == 0
        assert run(*whole, "option.epub", "-O", f"destination={name}").code == 0
        assert Path("flag.epub").read_bytes() == Path("option.epub").read_bytes()
    assert run("check", "letter.md", "--for", name).code == 0


@pytest.mark.parametrize("command", [("convert",), ("book", "--all")])
def test_the_engine_is_that_of_the_pdf(run: Runner, letter: Path, command: tuple[str, ...]) -> None:
    """The engine applies to the PDF alone, and the destination to the EPUB alone."""
    pytest.importorskip("typst", reason="Typst is not installed")
    outputs = ("-o", "x.pdf", "-o", "x.epub", "--for", "kobo", "--engine", "typst")
    assert run(*command, "letter.md", *outputs).code == 0
    assert b"Typst" in Path("x.pdf").read_bytes()
    assert Path("x.epub").exists()


@pytest.mark.parametrize("name", ["ghost", "wordpress"])
def test_an_archive_is_made_for_its_importer(run: Runner, letter: Path, name: str) -> None:
    arguments = ("convert", "letter.md", "-t", "substack", "-o")
    assert run(*arguments, "flag.zip", "--for", name).code == 0
    assert run(*arguments, "option.zip", "-O", f"destination={name}").code == 0
    assert Path("flag.zip").read_bytes() == Path("option.zip").read_bytes()


def test_years_that_exclude_each_other_are_refused(run: Runner) -> None:
    for year in ("2022", "2023"):
        for month in ("03", "05"):
            path = Path(f"posts/{year}-{month}-01-letter.md")
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"---\ntitle: L {year} {month}\n---\nText.\n", encoding="utf-8")
    both = run("book", "posts", "--by-year", "--by-month", "-o", "{title}.epub")
    assert both.code == 2
    assert "--by-year and --by-month exclude each other" in both.err
    twice = run("book", "posts", "--year", "2022", "--by-year", "-o", "{title}.epub")
    assert twice.code == 2
    assert "--year 2022 makes one book" in twice.err
    assert not list(Path().glob("*.epub"))
    months = run("book", "posts", "--year", "2022", "--by-month", "-o", "{month}.epub")
    assert months.code == 0
    assert sorted(path.name for path in Path().glob("*.epub")) == ["2022-03.epub", "2022-05.epub"]
    none = run("book", "posts", "--year", "1999", "--by-month", "-o", "{month}.epub")
    assert (none.code, "there are posts of 2022, 2023" in none.err) == (2, True)


def test_an_option_of_another_output_says_whose_it_is(run: Runner) -> None:
    Path("a.md").write_text("# A\n", encoding="utf-8")
    made = run("book", "a.md", "--all", "-o", "a.epub", "-o", "a.pdf", "-O", "links=footnotes")
    assert made.code == 2
    assert "epub has no option 'links', which is one of pdf" in made.err
    assert "-O pdf.links=footnotes" in made.err
    wrong = run("book", "a.md", "--all", "-o", "a.epub", "-O", "mention=true")
    assert "did you mean 'mentions'?" in wrong.err


def test_a_post_has_the_day_of_the_time_zone_that_it_was_chosen_by(run: Runner) -> None:
    text = "---\ntitle: Late\ndate: 2023-12-31T23:30:00Z\n---\nNews.\n"
    Path("a.md").write_text(text, encoding="utf-8")
    zone = ("--timezone", "Europe/Oslo", "--year", "2024", "--parts", "months")
    planned = run("book", "a.md", *zone, "-n")
    assert b"2024-01-01  Late" in planned.out
    made = run("book", "a.md", *zone, "-o", "a.epub")
    assert made.code == 0
    with zipfile.ZipFile("a.epub") as archive:
        pages = "".join(archive.read(n).decode() for n in archive.namelist() if "xhtml" in n)
    assert "January 1, 2024" in pages
    assert "2023" not in pages


@pytest.mark.parametrize("words", [(), ("-v",), ("-qv",), ("--verbose",)])
def test_a_fault_of_ours_is_told_in_two_lines(
    letter: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    from clothbound import api

    def fail(*_: object, **__: object) -> None:
        raise KeyError("own text\n\x1b[31m")

    monkeypatch.setattr(api, "write", fail)
    with pytest.raises(SystemExit) as left:
        main(["convert", str(letter), "-o", str(letter.with_name("x.html")), *words])
    told = capsys.readouterr().err
    lines = told.splitlines()
    assert left.value.code == 1
    first = next(n for n, line in enumerate(lines) if line.startswith("clothbound: "))
    assert lines[first].startswith(
        "clothbound: this is a fault in clothbound, not in your posts: KeyError: "
    )
    assert lines[first + 1].startswith("clothbound: it happened in clothbound.")
    assert len(lines) == first + 2
    assert ("Traceback" in told) is bool(words)
    assert ("-v for the trace" in lines[first + 1]) is not bool(words)
    assert "\x1b" not in told
