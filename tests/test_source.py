"""Tests how every command identifies SOURCE: posts, a plan, a finished book, or none of these."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
from clothbound.cli import main
from clothbound.errors import ReadError, UsageError
from clothbound.format_detection import reader_for
from clothbound.run import Run
from clothbound.source import SourceKind, identify

LETTER = "---\ntitle: The harbour\ndate: 2023-05-01\nauthor: Ann\nlang: en\n---\n\nSome words.\n"
PLAN = '# A plan.\n\n[book]\ntitle = "Tides"\nauthors = ["Ann"]\nlanguage = "en"\n\n[posts]\nsource = "posts"\n'
PAGE = "<!DOCTYPE html><html lang=en><title>The harbour</title><body><p>Some words.</p></html>"
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Tides</title>'
    "<item><title>The harbour</title><link>https://a.example/p/harbour</link>"
    "<description>Some words.</description></item></channel></rss>"
)
TABLE = (
    "post_id,post_date,is_published,title\n1.harbour,2023-05-01T10:00:00.000Z,true,The harbour\n"
)


def _zip(path: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def _pretty(path: Path, *, keys_sorted: bool = False) -> None:
    made = clothbound.write(clothbound.read(LETTER.encode(), "markdown"), "json").to_bytes()
    path.write_text("\n  " + json.dumps(json.loads(made), indent=4, sort_keys=keys_sorted))


def _make(name: str, folder: Path) -> str:
    """A source of this name below ``folder``, where ``posts/`` holds a letter."""
    path = folder / name
    match name:
        case "posts":
            pass
        case "export.zip":
            _zip(path, {"posts.csv": TABLE, "posts/1.harbour.html": "<p>Some words.</p>"})
        case "export" | "download":
            (path / "posts").mkdir(parents=True)
            (path / "posts.csv").write_text(TABLE)
            (path / "posts" / "1.harbour.html").write_text("<p>Some words.</p>")
        case "book.epub" | "book.zip" | "book":
            path.write_bytes(clothbound.write(clothbound.read(folder / "posts"), "epub").to_bytes())
        case "pretty.json" | "pretty.txt" | "pretty":
            _pretty(path)
        case "sorted.json":
            _pretty(path, keys_sorted=True)
        case "picture.png":
            path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
        case "cut.zip":
            path.write_bytes(b"PK\x03\x04 cut off")
        case "login.zip":
            path.write_text(PAGE)
        case "empty":
            path.mkdir()
        case _:
            texts = {
                ".toml": PLAN,
                ".md": LETTER,
                ".mkd": LETTER,
                ".html": PAGE,
                ".xml": FEED,
                ".csv": "a,b\n1,2\n",
                ".yaml": "a: b\n",
                ".py": "print(1)\n",
                ".log": "# A title\n\nText\n",
            }
            named = {
                "other.toml": "[build-system]\nrequires = []\n",
                "plan": PLAN,
                "plan.txt": PLAN,
                "page": PAGE,
                "page.txt": PAGE,
                "feed": FEED,
                "feed.html": FEED,
                "letter": LETTER,
                "letter.txt": LETTER,
                "Vol. 2": LETTER,
                "package.json": '{"name": "x", "clothbound": "^1"}',
                "posts.csv": TABLE,
            }
            path.write_text(named[name] if name in named else texts[path.suffix])
    return str(path)


POSTS = [
    *("posts", "letter.md", "letter.mkd", "letter", "letter.txt", "Vol. 2", "export.zip", "export"),
    *("page.html", "page", "page.txt", "feed.xml", "feed", "feed.html"),
    *("pretty.json", "pretty.txt", "pretty", "sorted.json"),
]
PLANS = ["book.toml", "plan", "plan.txt"]
BOOKS = ["book.epub", "book.zip", "book"]
NONE = {
    "other.toml": "the plan of a book",
    "table.csv": "--from",
    "settings.yaml": "--from",
    "script.py": "--from",
    "other.log": "--from",
    "picture.png": "--from",
    "package.json": "no reader accepts this .json",
    "posts.csv": "without the posts",
    "cut.zip": "ZIP",
    "login.zip": "ZIP",
    "empty": "no post",
    "gone.md": "no such file",
    "ftp://a.example/feed.xml": "an address",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "harbour.md").write_text(LETTER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def call(*arguments: str) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main(arguments)
        told = capfd.readouterr().err
        assert "Traceback" not in told
        return int(left.value.code or 0), told

    return call


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "convert": lambda source: ["convert", source, "-o", "made.txt"],
    "book": lambda source: ["book", source, "-o", "made.txt", "--all"],
    "check": lambda source: ["check", source, "--for", "kindle"],
    "init": lambda source: ["init", source, "-o", "made.toml"],
    "import": lambda source: ["import", source, "kept"],
    "update": lambda source: ["update", source],
}
TAKES = {
    "convert": [*POSTS, *BOOKS],
    "book": [*POSTS, *PLANS, *BOOKS],
    "check": [*POSTS, *PLANS, *BOOKS],
    "init": [*POSTS, *BOOKS],
    "import": [*POSTS, *BOOKS],
    "update": PLANS,
}
INSTEAD = {
    **dict.fromkeys(PLANS, "clothbound book "),
    **dict.fromkeys(BOOKS, "clothbound check "),
    **dict.fromkeys(POSTS, "clothbound init "),
}
"""What names the command that takes it, in the others' errors."""


@pytest.mark.parametrize("name", [*POSTS, *PLANS, *BOOKS, *NONE])
@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_takes_what_it_can_and_names_who_takes_the_rest(
    command: str, name: str, folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    missing = name == "gone.md" or "://" in name
    source = name if missing else _make(name, folder)
    if command == "update" and name in PLANS:
        Path(source).write_text(PLAN + "\n[chapters]\n")
    before = sorted(str(path) for path in folder.rglob("*"))
    code, told = run(*COMMANDS[command](source))
    if name in TAKES[command]:
        assert code == 0, told
        if command == "check":
            assert ("1 book" in told) == (name in BOOKS)
            assert ("1 post" in told) == (name not in BOOKS)
        return
    assert code in (1, 2), told
    if name == "other.toml" and command in ("book", "check"):
        assert "build-system" in told
    elif name in NONE and command != "update":
        assert NONE[name] in told
    elif name in INSTEAD:
        assert f"Hint: `{INSTEAD[name]}{name}`" in told.replace(f"{folder}/", "")
    after = sorted(str(path) for path in folder.rglob("*") if path.name != ".lock")
    assert after == before, "nothing is written"


@pytest.mark.parametrize("name", ["table.csv", "settings.yaml", "other.log", "book.toml"])
def test_a_text_that_is_no_post_is_read_as_markdown_when_the_caller_says_so(
    name: str, folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    source = _make(name, folder)
    assert run("convert", source, "-f", "markdown", "-o", "made.txt")[0] == 0
    assert (folder / "made.txt").stat().st_size
    with pytest.raises((ReadError, UsageError)):
        clothbound.read(source)
    assert len(clothbound.read(source, "markdown")) == 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (LETTER.encode(), "made.txt: 1 post"),
        (PAGE.encode(), "made.txt: 1 post"),
        (FEED.encode(), "made.txt: 1 post"),
        (PLAN.encode(), "a file"),
        (TABLE.encode(), "without the posts"),
        (b"\x89PNG\r\n\x1a\n\0\0", "--from"),
    ],
)
def test_what_comes_by_stdin_is_known_by_its_bytes(
    data: bytes,
    expected: str,
    folder: Path,
    run: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    _, told = run("convert", "-", "-o", "made.txt")
    assert expected in told


def test_an_address_keeps_its_slashes_and_what_it_is_is_said(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    for address in ("FTP://A.example/", "ftp://a.example/x.zip", "https://me:word@a.example/"):
        code, told = run("convert", address, "-o", "made.txt")
        assert code == 2
        assert address in told or "password" in told
        assert "me:word" not in told
        assert "no such file" not in told
    (folder / "book.toml").write_text('[posts]\nsource = "https://a.example/feed.xml"\n')
    code, told = run("book", "book.toml")
    assert (code, "https://a.example/feed.xml is an address" in told) == (2, True), told


def test_a_plan_is_checked_as_the_book_that_it_plans(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    for name, year in (("old", 2021), ("older", 2020)):
        (folder / "posts" / f"{name}.md").write_text(f"---\ndate: {year}-01-01\n---\n\n# {name}\n")
    (folder / "book.toml").write_text(PLAN)
    assert "3 posts" in run("check", "book.toml", "--for", "kindle")[1]
    assert "2 posts" in run("check", "book.toml", "--before", "2022-01-01")[1]
    (folder / "best.toml").write_text(PLAN + '\n[chapters]\nold = "Gold"\n')
    assert "1 post:" in run("check", "best.toml", "--for", "epub,kindle")[1]


def test_check_takes_the_selection_that_a_book_takes(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    (folder / "posts" / "old.md").write_text("---\ndate: 2021-01-01\ntags: [sea]\n---\n\n# Old\n")
    (folder / "posts" / "new.md").write_text("---\ndate: 2022-01-01\ndraft: true\n---\n\n# New\n")
    assert "2 posts" in run("check", "posts", "--after", "2000-01-01")[1]
    assert "3 posts" in run("check", "posts", "--after", "2000-01-01", "--drafts")[1]
    for wish in (
        ("--year", "2021"),
        ("--tag", "sea"),
        ("--before", "2022-01-01"),
        ("--min-words", "2"),
    ):
        assert "1 post:" in run("check", "posts", *wish)[1], wish
    code, told = run("check", "posts", "--year", "1999")
    assert code == 2, told
    code, told = run("check", _make("book.epub", folder), "--year", "2021", "--for", "kindle")
    assert code == 2
    assert "finished" in told


def test_bytes_decide_and_an_extension_proposes(folder: Path) -> None:
    def kind(name: str) -> SourceKind:
        return identify(Path(_make(name, folder)), Run()).kind

    assert kind("book.zip") is SourceKind.BOOK
    assert kind("plan.txt") is SourceKind.PLAN
    assert kind("export.zip") is SourceKind.POSTS
    # Markdown may hold any markup, and begin with it.
    assert reader_for("a.md", PAGE.encode()) == "markdown"
    assert reader_for("a.md", b"# book\n\n[book]\n\nWords.") == "markdown"
    assert identify(b"# The plan\n\n[book]\n\nis a link.\n", Run()).kind is SourceKind.POSTS


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_recommends_is_its_own(
    command: str, folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    from clothbound.cli import command as group

    embed = (
        '<div class="digest-post-embed" data-attrs=\'{"canonical_url":"https://a.substack.com/p/one",'
        '"publication_name":"Tides","publishedBylines":[{"name":"Ann Sea"}]}\'></div>'
        '<p><a href="https://a.substack.com/p/one">one</a> <a href="https://a.substack.com/p/two">two</a></p>'
    )
    head = "post_id,post_date,is_published,title\n"
    rows = (
        f"{n}.{name},2023-0{n}-01T10:00:00.000Z,true,{name}\n"
        for n, name in ((1, "one"), (2, "two"))
    )
    _zip(
        folder / "export.zip",
        {"posts.csv": head + "".join(rows), "posts/1.one.html": embed, "posts/2.two.html": embed},
    )
    source = "export.zip"
    if command == "update":
        run("init", source)
        source = "book.toml"
    arguments = [a.replace("made.txt", "made.json") for a in COMMANDS[command](source)]
    _, told = run(*arguments)
    parameters = group.get_command(None, command).params  # type: ignore[arg-type, union-attr]
    known = {name for parameter in parameters for name in parameter.opts}
    inferred = [line for line in told.split("\n") if "(inferred" in line]
    assert inferred
    for line in inferred:
        recommended = set(re.findall(r"(?<=override it with )-[-\w]+", line))
        assert recommended <= known, line
    by_command = {
        "book": "--author",
        "init": "`authors` under [book] in made.toml",
        "convert": "-M author=...",
        "update": "`authors` under [book] in book.toml",
    }
    assert (
        f"Ann Sea (inferred from embedded posts; override it with {by_command.get(command, '')}"
    ) in told or command not in by_command, told
    if command == "init":
        assert (
            "language: unknown from the posts, so the book is made as an English one (inferred; override it with `language` under [book] in made.toml)"
            in told
        )


WORDPRESS = Path(__file__).parent / "cases" / "wordpress" / "export.xml"


def left_out(folder: Path) -> list[str]:
    found = clothbound.read(folder, on_error="collect").diagnostics
    return [d.message for d in found if "not read: " in d.message]


def test_posts_beside_an_export_are_named(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "export.xml").write_bytes(WORDPRESS.read_bytes())
    assert left_out(tmp_path) == []
    (tmp_path / "README.md").write_text("# About\n")
    assert left_out(tmp_path) == []
    (tmp_path / "one.md").write_text("# One\n\nWords.\n")
    (tmp_path / "articles.json").write_text('[{"body_markdown": "Words.", "title": "T"}]')
    (told,) = left_out(tmp_path)
    assert "by the reader devto; not read: 1 file (one.md), an export that the reader" in told
    assert "wordpress takes" in told
    (tmp_path / "substack.zip").write_bytes(b"PK")
    assert "1 ZIP (substack.zip)" in left_out(tmp_path)[0]


def test_a_site_that_keeps_its_old_export_is_read_as_the_site(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_config.yml").write_text("title: T\n")
    (tmp_path / "_posts" / "2020-01-02-one.md").write_text("---\ntitle: One\n---\nWords.\n")
    (tmp_path / "_import").mkdir()
    (tmp_path / "_import" / "export.xml").write_bytes(WORDPRESS.read_bytes())
    assert [m.title for m in clothbound.read(tmp_path).index] == ["One"]


class _Pipe(io.RawIOBase):
    """A stream that cannot seek."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._data.readinto(buffer)


CASES = Path(__file__).parent / "cases"


def _packed(case: str) -> io.BytesIO:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path in sorted(path for path in (CASES / case).rglob("*") if path.is_file()):
            archive.writestr(path.relative_to(CASES / case).as_posix(), path.read_bytes())
    data.seek(0)
    return data


@pytest.mark.parametrize(
    ("case", "reader"),
    [
        ("beehiiv", "beehiiv"),
        ("bear-blog", "bear-blog"),
        ("blogger", "blogger"),
        ("buttondown", "buttondown"),
        ("devto", "devto"),
        ("ghost", "ghost"),
        ("medium", "medium"),
        ("sites/eleventy", "site"),
        ("substack-archive", "substack"),
        ("tumblr", "tumblr"),
        ("wordpress", "wordpress"),
        ("write-as", "write-as"),
    ],
)
def test_an_archive_from_a_stream_is_known_by_its_files(case: str, reader: str) -> None:
    data = _packed(case)
    assert identify(data, Run()).reader() == reader
    assert data.tell() == 0
    posts = clothbound.read(data)
    assert list(posts.index) == list(clothbound.read(data.getvalue()).index)
    assert len(posts) > 1
    assert not data.closed


@pytest.mark.parametrize("case", ["beehiiv", "blogger", "devto", "ghost", "wordpress"])
def test_an_archive_from_a_pipe_is_read_when_its_format_is_named(case: str) -> None:
    data = _packed(case)
    pipe = io.BufferedReader(_Pipe(data.getvalue()))
    assert len(clothbound.read(pipe, case)) == len(clothbound.read(data.getvalue(), case)) > 1
