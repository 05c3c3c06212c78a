"""``init``, ``update``, ``book book.toml`` and ``book --dry-run``: what they write, print and refuse."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clothbound.cli import main
from clothbound.plan import make_book, read_manifest, read_posts

LETTERS = Path(__file__).resolve().parents[1] / "examples" / "letters"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


Runner = Callable[..., Run]


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Runner:
    """Runs the command in a folder with a year of letters, in this process."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(LETTERS / "2023", tmp_path / "posts")

    def call(*arguments: str) -> Run:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main(arguments)
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        assert isinstance(left.value.code, int) or left.value.code is None
        return Run(left.value.code or 0, captured.out, captured.err)

    return call


def test_init_then_book(run: Runner, tmp_path: Path) -> None:
    done = run("init", "posts", "--title", "Letters", "--author", "Marit Sande")
    assert (done.code, done.out) == (0, "")
    assert "book.toml: 11 posts. Edit it, then: clothbound book book.toml" in done.err
    text = (tmp_path / "book.toml").read_text(encoding="utf-8")
    assert '[part."January 2023"]\n31003001 = "Threads and needles"' in text
    text = text.replace("31003002", "# 31003002").replace('"Midsummer"', '"The long day"')
    text = text.replace("# foreword", "foreword").replace('"{title}.pdf"', '"{title} {year}.json"')
    text = re.sub(r'options = \{ page = "6x9".*\n', "", text)
    (tmp_path / "book.toml").write_text(text, encoding="utf-8")
    (tmp_path / "foreword.md").write_text("# Before\n\nWords.\n")
    done = run("book", "book.toml", "--report", "r.json")
    assert done.code == 0, done.err
    made = json.loads((tmp_path / "Letters 2023.json").read_text())
    titles = [post["metadata"]["title"] for post in made["posts"]]
    assert titles[:2] == ["Before", "Threads and needles"]
    assert "The long day" in titles
    assert "A web page from 1998" not in titles
    with zipfile.ZipFile(tmp_path / "Letters.epub") as epub:
        package = next(n for n in epub.namelist() if n.endswith(".opf"))
        assert "Marit Sande" in epub.read(package).decode()
    # What the command line says wins.
    done = run("book", "book.toml", "-o", "o.json", "--title", "Other", "--no-such")
    assert done.code == 2
    done = run("book", "book.toml", "-o", "o.json", "--title", "Other", "--sort", "title")
    made = json.loads((tmp_path / "o.json").read_text())
    assert made["title"] == "Other"
    titles = [post["metadata"]["title"] for post in made["posts"]][1:]
    assert titles == sorted(titles, key=str.casefold)


def test_a_source_whose_name_does_not_tell_its_format(run: Runner, tmp_path: Path) -> None:
    assert run("convert", "posts", "-t", "jsonl", "-o", "posts.data").code == 0
    assert run("init", "posts.data", "-f", "json").code == 0
    assert 'from = "json"' in (tmp_path / "book.toml").read_text(encoding="utf-8")
    assert run("update", "book.toml").code == 0
    assert run("book", "book.toml", "-o", "o.json").code == 0
    made = make_book(manifest := read_manifest(Path("book.toml")), read_posts(manifest))
    assert len(made) == 11


def test_options_of_the_source_stand_in_the_plan(run: Runner, tmp_path: Path) -> None:
    def words(*more: str) -> str:
        assert run("book", "book.toml", "-o", "o.txt", *more).code == 0
        return (tmp_path / "o.txt").read_text()

    folder = tmp_path / "dialect"
    folder.mkdir()
    (folder / "a.md").write_text("---\ndate: 2023-05-01\n---\n\nMoney ~~gone~~, x^2^, [[A]].\n")
    asked = ("-f", "commonmark", "-I", "wikilinks=true", "--exclude", "b.md")
    assert run("init", "dialect", "--title", "T", *asked).code == 0
    plan = (tmp_path / "book.toml").read_text(encoding="utf-8")
    assert 'from = "commonmark"\noptions = { wikilinks = true }\nexclude = ["b.md"]\n' in plan
    assert run("update", "book.toml").code == 0
    assert "~~gone~~, x^2^, A." in words()
    assert "~~gone~~, x^2^, [[A]]." in words("-I", "wikilinks=false")
    assert "gone, x^2^, A." in words("-f", "gfm")
    assert "gone, x2, A." in words("-I", "dialect=pandoc")
    # Options of the file are not those of another reader.
    assert run("book", "book.toml", "-o", "o.txt", "-f", "html").code != 2


def test_metadata_by_option_wins_over_the_file(run: Runner, tmp_path: Path) -> None:
    assert run("init", "posts", "--title", "Letters", "--author", "A").code == 0
    done = run(
        "book", "book.toml", "-o", "o.json", "-M", "title=M", "-M", "author=B", "-M", "author=C"
    )
    assert done.code == 0
    made = json.loads((tmp_path / "o.json").read_text())
    assert (made["title"], made["authors"]) == ("M", ["B", "C"])


def test_init_never_writes_over_a_file(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text("mine")
    done = run("init", "posts")
    assert done.code == 2
    assert "book.toml exists already" in done.err
    assert (tmp_path / "book.toml").read_text() == "mine"
    assert run("init", "posts", "-o", "plans/2023.toml", "--parts", "none").code == 0
    text = (tmp_path / "plans" / "2023.toml").read_text(encoding="utf-8")
    assert 'source = "../posts/"' in text
    assert "[chapters]\n31003001" in text
    assert run("init", "gone").code == 2
    assert run("init", "posts", "--year", "1999", "-o", "b.toml").code == 2
    assert run("init", "posts", "--after", "May", "-o", "b.toml").code == 2


def test_update_adds_what_is_new_and_says_where(run: Runner, tmp_path: Path) -> None:
    moved = next((tmp_path / "posts").glob("*midsummer.md"))
    moved.rename(tmp_path / "midsummer.md")
    assert run("init", "posts").code == 0
    before = (tmp_path / "book.toml").read_bytes()
    done = run("update", "book.toml")
    assert (done.code, "book.toml: no new post" in done.err) == (0, True)
    assert (tmp_path / "book.toml").read_bytes() == before
    (tmp_path / "midsummer.md").rename(moved)
    (tmp_path / "book.toml").write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
    done = run("update", "book.toml")
    assert done.code == 0
    line = re.search(r"book.toml:(\d+): new: Midsummer", done.err)
    assert line
    after = (tmp_path / "book.toml").read_bytes()
    assert after.startswith(b"\xef\xbb\xbf#")
    rows = after.decode("utf-8-sig").split("\r\n")
    assert rows[int(line[1]) - 1].startswith("31003006 = ")
    assert rows[int(line[1]) - 2] == '[part."June 2023"]'
    moved.unlink()
    done = run("update", "book.toml")
    assert done.code == 1
    assert f"book.toml:{line[1]}: there is no post '31003006' any more" in done.err
    done = run("book", "book.toml", "-o", "a.json")
    assert done.code == 2
    assert f"book.toml:{line[1]}: there is no post '31003006'" in done.err


@pytest.mark.parametrize("name", ["book.toml", "edits/31003006.md"])
def test_what_is_saved_while_update_runs_is_not_overwritten(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """An editor saves a file between our look at it and our writing it."""
    from clothbound.plan import updating

    assert run("init", "posts").code == 0
    (tmp_path / "edits").mkdir()
    (tmp_path / "edits/31003006.md").write_text("Other words.\n")
    (tmp_path / "posts/new.md").write_text("---\ntitle: New\ndate: 2023-06-20\n---\nWords.\n")
    made = updating.update
    saved = (tmp_path / name).read_bytes() + b"# saved meanwhile\n"

    def update_slowly(*arguments: Any) -> Any:
        result = made(*arguments)
        (tmp_path / name).write_bytes(saved)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(updating, "update", update_slowly)
        done = run("update", "book.toml")
    assert done.code == 1
    assert f"{name}: was saved by another program just now, and was left as it is" in done.err
    assert (tmp_path / name).read_bytes() == saved
    assert run("update", "book.toml").code == 0
    rows = iter((tmp_path / name).read_bytes().splitlines())
    assert all(row in rows for row in saved.splitlines())


def test_an_edit_of_one_post(run: Runner, tmp_path: Path) -> None:
    assert run("init", "posts").code == 0
    done = run("update", "book.toml", "--edit", "31003006")
    assert done.code == 0
    edit = tmp_path / "edits" / "31003006.md"
    text = edit.read_text(encoding="utf-8")
    assert text.startswith("---\nmade-for: ")
    edit.write_text(text + "\nA word for the book.\n", encoding="utf-8")
    assert run("book", "book.toml", "-o", "a.txt", "-t", "json").code == 0
    assert "A word for the book." in (tmp_path / "a.txt").read_text()
    assert "exists already" in run("update", "book.toml", "--edit", "31003006").err
    assert "did you mean" in run("update", "book.toml", "--edit", "3103006").err


def test_an_edit_keeps_the_heading_with_which_the_post_begins(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    post = "---\ntitle: One\n---\n\n# Chapter *1*\n\nThe farm lay low.\n"
    (tmp_path / "one" / "ch1.md").write_text(post)
    assert run("init", "one").code == 0
    assert run("update", "book.toml", "--edit", "ch1").code == 0
    (edit,) = (tmp_path / "edits").iterdir()
    assert "# Chapter *1*" in edit.read_text("utf-8")
    edit.write_text(edit.read_text("utf-8").replace("low", "high"), encoding="utf-8")
    assert run("book", "book.toml", "-o", "a.txt", "-t", "text").code == 0
    text = (tmp_path / "a.txt").read_text("utf-8")
    assert text.count("Chapter 1") == 1
    assert "The farm lay high." in text


def test_what_an_output_cannot_be_is_named_by_its_line(run: Runner, tmp_path: Path) -> None:
    head = '[posts]\nsource = "posts"\n\n[[output]]\npath = "a.epub"\n'
    for more, says in (
        ("options = { cs = 1 }\n", "book.toml:4: epub has no option 'cs'; did you mean 'css'?"),
        ('for = "kimdle"\n', "book.toml:4: "),
        ('[[output]]\npath = "a.epub"\n', "two outputs"),
        ('[[output]]\npath = "book.toml"\nformat = "json"\n', "over"),
    ):
        (tmp_path / "book.toml").write_text(head + more)
        before = sorted(tmp_path.iterdir())
        done = run("book", "book.toml")
        assert done.code == 2, more
        assert says in done.err
        assert sorted(tmp_path.iterdir()) == before


def test_a_dry_run_shows_the_book_and_writes_nothing(run: Runner, tmp_path: Path) -> None:
    post = next((tmp_path / "posts").glob("*midsummer.md"))
    post.write_text(post.read_text() + "\n![x](https://a.example/x.png)\n")
    assert run("init", "posts", "--author", "Marit Sande").code == 0
    text = (tmp_path / "book.toml").read_text(encoding="utf-8")
    rule = '\n[[remove]]\ntext = "never said"\n\n[part'
    (tmp_path / "book.toml").write_text(text.replace("\n[part", rule, 1), encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    done = run("book", "book.toml", "--dry-run")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].endswith("by Marit Sande")
    assert lines[2:4] == [
        "January 2023",
        "  2023-01-13  Threads and needles (235 words, 1 picture)",
    ]
    assert "1 picture to fetch from the network" in lines
    assert re.search(r"11 posts, 2,6\d\d words, 7 pictures", done.out)
    assert re.search(r"about [2345]\d pages of 6x9 in print", done.out)
    assert re.search(r"would write: .*\.epub, .*\.pdf", done.out)
    assert "finds nothing in any post" in done.err
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    done = run("book", "posts", "-n", "--all", "-o", "a.pdf", "-O", "page=A4")
    assert "pages of A4" in done.out
    (tmp_path / "posts" / "bad.md").write_bytes(b"\xff\xff")
    assert run("book", "posts", "-n", "--all").code == 4


def test_a_book_a_month_by_option_and_by_file(run: Runner, tmp_path: Path) -> None:
    done = run("book", "posts", "--by-month", "-o", "{month}.json", "--title", "T")
    assert done.code == 0
    assert json.loads((tmp_path / "2023-05.json").read_text())["title"] == "T 2023-05"
    (tmp_path / "book.toml").write_text(
        '[book]\ntitle = "U"\n[posts]\nsource = "posts"\nsplit = "years"\n'
        '[[output]]\npath = "{title}.json"\n'
    )
    assert run("book", "book.toml").code == 0
    assert (tmp_path / "U 2023.json").is_file()


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--by-year", "--tag", "tides"), ["2022"]),
        (("--by-year", "--after", "2023-06-01"), ["2023"]),
        (("--by-year", "--before", "2023-01-01"), ["2022"]),
        (("--by-year", "--min-words", "2000"), ["2022"]),
        (("--by-month", "--year", "2022"), ["2022-02", "2022-03"]),
        (("--by-month", "--after", "2022-03-01", "--before", "2023-02-01"), ["2022-03", "2023-01"]),
    ],
)
def test_there_is_a_book_of_each_period_that_has_a_selected_post(
    run: Runner, tmp_path: Path, options: tuple[str, ...], names: list[str]
) -> None:
    for day, tag, words in (("2022-02-01", "tides", 1), ("2022-03-01", "glue", 2100)):
        header = f"---\ntitle: P{day}\ndate: {day}\ntags: [{tag}]\n---\n"
        (tmp_path / "posts" / f"{day}.md").write_text(header + "word " * words + "\n")
    words = ("--title", "T {year}", "--series", "S", "--number", "{year}")
    name = "{month}" if "--by-month" in options else "{year}"
    done = run("book", "posts", *options, *words, "-o", f"out/{name}.json")
    assert done.code == 0, done.err
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == names


def test_a_year_is_filled_in(run: Runner, tmp_path: Path) -> None:
    shutil.copytree(LETTERS / "2022", tmp_path / "posts" / "2022")
    words = ("--title", "The {year} letters", "--subtitle", "Of {year}", "--series", "S")
    done = run("book", "posts", "--by-year", *words, "--number", "{year}", "-o", "{year}.json")
    assert done.code == 0
    for year in ("2022", "2023"):
        made = json.loads((tmp_path / f"{year}.json").read_text())
        assert (made["title"], made["subtitle"]) == (f"The {year} letters", f"Of {year}")
        assert made["series"] == {"name": "S", "position": year}


def test_a_year_that_nobody_named_is_that_of_the_posts(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(
        '[book]\ntitle = "Letters of {year}"\n[posts]\nsource = "posts"\n[[output]]\npath = "{year}.json"\n'
    )
    assert run("book", "b.toml").code == 0
    made = json.loads((tmp_path / "2023.json").read_text())
    assert (made["title"], made.get("subtitle", "")) == ("Letters of 2023", "")
    shutil.copytree(LETTERS / "2022", tmp_path / "posts" / "2022")
    words = ("--all", "--title", "Letters", "--subtitle", "{year}")
    assert run("book", "posts", *words, "-o", "{year}.json").code == 0
    assert json.loads((tmp_path / "2022–2023.json").read_text())["subtitle"] == "2022–2023"
    done = run("book", "posts", "--all", "-o", "{month}.json")
    assert (done.code, "{month} in '{month}.json' has no value" in done.err) == (2, True)


def test_selection_by_words_and_zone(run: Runner, tmp_path: Path) -> None:
    assert run("book", "posts", "--min-words", "300", "-o", "a.json").code == 0
    made = json.loads((tmp_path / "a.json").read_text())
    assert len(made["posts"]) == 2
    assert run("book", "posts", "--isbn", "978-3-16-148410-1", "-o", "a.json").code == 2


def test_hostile_titles_reach_no_terminal(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "posts" / "x.md").write_bytes(
        b"---\ndate: 2023-01-01\nslug: x\n---\n# \x1b[31mred\n"
    )
    (tmp_path / "posts" / "y.md").write_text(
        '---\ntitle: "\\e]0;owned\\a"\ndate: 2023-01-02\nslug: y\n---\nx\n'
    )
    assert run("init", "posts").code == 0
    assert "\x1b" not in (tmp_path / "book.toml").read_text()
    done = run("book", "book.toml", "-n")
    assert done.code == 0
    assert "\x1b" not in done.out + done.err


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_cannot_be_written(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert run("init", "posts", "-o", "closed/book.toml").code == 1


def test_a_rule_that_finds_nothing_fails_under_strict(run: Runner, tmp_path: Path) -> None:
    rule = '[[remove]]\ntext = "no such words"\n'
    (tmp_path / "b.toml").write_text(f'[posts]\nsource = "posts/"\n{rule}', encoding="utf-8")
    done = run("book", "b.toml", "-o", "b.json", "--strict")
    assert done.code == 3, done.err
    assert "b.toml:3: error: this rule finds nothing in any post" in done.err
    assert "1 rule or edit was not applied" in done.err
    assert not (tmp_path / "b.json").exists()
    assert run("book", "b.toml", "-o", "b.json").code == 0


@pytest.mark.parametrize("flag", ["--author", "--editor", "--subject"])
def test_an_empty_name_is_refused(run: Runner, flag: str) -> None:
    done = run("book", "posts", "-o", "b.json", flag, "Marit", flag, " ")
    assert (done.code, f"{flag}: the name is empty" in done.err) == (2, True)


def test_a_language_that_there_is_not_is_refused(run: Runner) -> None:
    done = run("book", "posts", "-o", "b.json", "--lang", "german")
    assert done.code == 2
    assert "--lang: 'german' is not a language code; did you mean 'de'?" in done.err


def test_an_option_that_leaves_no_post_is_named(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('[posts]\nsource = "posts/"\n', encoding="utf-8")
    for source, name in (("b.toml", "b.toml"), ("posts", "clothbound")):
        done = run("book", source, "-o", "b.json", "--audience", "only_paid", "--year", "2023")
        assert done.code == 2
        said = "--year keeps 11 of 11 (there are posts of 2023); --audience keeps 0 of 11"
        assert f"{name}: no post is left to make a book of: {said}" in done.err


@pytest.mark.parametrize(
    ("flag", "value", "says"),
    [
        ("--audience", "only_payd", "no post has the audience 'only_payd'; did you mean 'only_paid'?"),
        ("--type", "Newsletter", "no post has the type 'Newsletter'; did you mean 'newsletter'?"),
        ("--tag", "bindng", "no post has the tag 'bindng'"),
        ("--min-words", "-3", "--min-words: -3 is negative"),
        ("--number", "two", "--number: 'two' is not a number. Hint: write 3, or 2.5"),
        ("--number", "2", "has the number 2, and is in no series"),
        ("--title", "The {yaer} letters", "--title: {yaer} in 'The {yaer} letters' is not a placeholder"),
        ("-o", "{yeer}.json", "{yeer} in '{yeer}.json' is not a placeholder; did you mean 'year'?"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(
    run: Runner, tmp_path: Path, flag: str, value: str, says: str
) -> None:
    (tmp_path / "b.toml").write_text('[posts]\nsource = "posts/"\n', encoding="utf-8")
    for source in ("posts", "b.toml"):
        done = run("book", source, "-o", "b.json", flag, value)
        assert (done.code, says in done.err) == (2, True), done.err
    assert not list(tmp_path.glob("*.json"))


def test_a_public_target_names_an_audience_that_there_is_not(run: Runner, tmp_path: Path) -> None:
    done = run("convert", "posts", "-t", "site", "-o", "s/", "--audience", "only_payd")
    assert (done.code, "did you mean 'only_paid'?" in done.err) == (2, True)
    assert not (tmp_path / "s").exists()
    one = str(next((tmp_path / "posts").glob("*.md")))
    for_both = ("--audience", "everyone", "--audience", "patrons")
    assert run("convert", one, "-t", "site", "-o", "s/", *for_both).code == 0


def test_what_was_inferred_is_said_of_a_planned_book(run: Runner, tmp_path: Path) -> None:
    for path in (tmp_path / "posts").rglob("*.md"):
        kept = [row for row in path.read_text().split("\n") if not row.startswith("author")]
        path.write_text("\n".join(kept))
    done = run("init", "posts")
    assert (
        "title: Posts 2023 (inferred; override it with `title` under [book] in book.toml)"
        in done.err
    )
    assert (
        "author: none is known (inferred; override it with `authors` under [book] in book.toml)"
        in done.err
    )
    (tmp_path / "b.toml").write_text('[posts]\nsource = "posts/"\n', encoding="utf-8")
    for more in ((), ("--dry-run",)):
        done = run("book", "b.toml", "-o", "b.json", *more)
        assert done.code == 0
        for what in ("title: Posts 2023", "author: none is known", "language: en"):
            assert f"{what} (inferred; override it with" in done.err


def test_hosts_that_were_given_are_not_said_to_be_inferred(run: Runner, tmp_path: Path) -> None:
    links = "".join(
        f"<https://letters.example/p/{s}> " for s in ("threads-and-needles", "seven-tools")
    )
    (tmp_path / "posts" / "links.md").write_text(f"---\ndate: 2023-05-01\n---\n\n{links}\n")
    told = run("book", "posts", "-o", "a.json").err
    assert "hosts of the publication: letters.example (inferred; override it with --site)" in told
    done = run("book", "posts", "-o", "b.json", "--site", "letters.example")
    assert (done.code, "hosts of the publication" in done.err) == (0, False)


def test_update_counts_what_it_ties(run: Runner, tmp_path: Path) -> None:
    assert run("init", "posts").code == 0
    (tmp_path / "edits").mkdir()
    (tmp_path / "edits" / "31003006.md").write_text("Words.\n")
    assert (
        "1 rule or edit was tied to the present state of the post" in run("update", "book.toml").err
    )


def test_a_dry_run_counts_the_pages_of_the_kit(run: Runner) -> None:
    def pages(*arguments: str) -> tuple[int, str]:
        told = run("book", "posts", "--all", "-n", *arguments).out
        found = re.search(r"about ([0-9]+) pages of (\S+) in print", told)
        assert found
        return int(found[1]), found[2]

    kit = pages("--for", "kdp", "--trim", "5x8", "-o", "kit/")
    assert kit == pages("-o", "a.pdf", "-O", "page=5x8", "-O", "recto=true")
    assert kit[0] > pages("-o", "a.pdf", "-O", "page=5x8")[0]
    novel = pages("--for", "kdp", "-o", "kit/", "-O", "theme=novel")
    assert novel == pages("-o", "a.pdf", "-O", "recto=true", "-O", "theme=novel")
    assert not Path("kit").exists()


def test_update_says_that_later_posts_are_of_another_year(run: Runner, tmp_path: Path) -> None:
    assert run("init", "posts", "--year", "2023").code == 0
    assert "later post" not in run("update", "book.toml").err
    head = "---\ntitle: Next year\ndate: 2031-01-01\n---\n\nWords.\n"
    (tmp_path / "posts" / "next.md").write_text(head)
    told = run("update", "book.toml").err
    assert "book.toml: 1 later post is not among those that [posts] selects" in told
    assert "`clothbound init` makes a plan of their own" in told


def test_a_plan_makes_the_kit_for_kdp_by_its_destination_as_the_command_does(
    run: Runner, tmp_path: Path
) -> None:
    kit = '[posts]\nsource = "posts"\n[[output]]\npath = "kit"\nfor = "kdp"\n'
    options = 'options = { trim = "5x8", paper = "cream" }\n'
    (tmp_path / "book.toml").write_text(kit + options)
    assert run("book", "book.toml").code == 0
    made = {p.name: p.read_bytes() for p in (tmp_path / "kit").iterdir() if p.suffix == ".html"}
    (tmp_path / "plain.toml").write_text('[posts]\nsource = "posts"\n')
    named = ("--for", "kdp", "-o", "other/", "--trim", "5x8", "--paper", "cream")
    assert run("book", "plain.toml", *named).code == 0
    assert made == {
        p.name: p.read_bytes() for p in (tmp_path / "other").iterdir() if p.suffix == ".html"
    }


def test_an_epub_for_kdp_in_a_plan_stays_an_epub(run: Runner, tmp_path: Path) -> None:
    text = '[posts]\nsource = "posts"\n[[output]]\npath = "a.epub"\nfor = "kdp"\n'
    (tmp_path / "book.toml").write_text(text)
    assert run("book", "book.toml").code == 0
    assert (tmp_path / "a.epub").is_file()


def test_a_text_of_the_book_has_a_name_that_no_post_has(run: Runner, tmp_path: Path) -> None:
    text = "---\ntitle: A post\nslug: text-foreword\ndate: 2023-01-01\n---\nA post.\n"
    (tmp_path / "posts" / "a.md").write_text(text)
    (tmp_path / "before.md").write_text("# Before\n\nWords.\n")
    (tmp_path / "book.toml").write_text(
        '[posts]\nsource = "posts"\n[texts]\nforeword = "before.md"\n'
        '[[output]]\npath = "b.epub"\n[[output]]\npath = "site/"\nformat = "site"\n'
    )
    done = run("book", "book.toml")
    assert done.code == 0, done.err
    with zipfile.ZipFile(tmp_path / "b.epub") as epub:
        names = [Path(n).stem for n in epub.namelist() if "text-foreword" in n]
    assert len(set(names)) == len(names) == 2


def test_audiences_of_the_file_count_for_a_site(run: Runner, tmp_path: Path) -> None:
    text = "---\ntitle: {0}\nslug: {0}\ndate: 2023-01-01\naudience: {0}\n---\nWords.\n"
    for audience in ("everyone", "only_paid", "founding"):
        (tmp_path / "posts" / f"{audience}.md").write_text(text.format(audience))
    plan = '[posts]\nsource = "posts"\n{}\n[[output]]\npath = "site/"\nformat = "site"\n'
    (tmp_path / "book.toml").write_text(plan.format(""))
    assert run("book", "book.toml").code == 0
    assert not (tmp_path / "site" / "only-paid.html").exists()
    (tmp_path / "book.toml").write_text(plan.format('audiences = ["everyone", "only_paid"]'))
    assert run("book", "book.toml").code == 0
    made = {path.stem for path in (tmp_path / "site").glob("*.html")}
    assert made & {"everyone", "only-paid", "founding"} == {"everyone", "only-paid"}
    shutil.rmtree(tmp_path / "site")
    # What the command line says wins.
    assert run("book", "book.toml", "--audience", "everyone").code == 0
    assert not (tmp_path / "site" / "only-paid.html").exists()


def test_another_path_keeps_what_the_file_says_of_its_format(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(
        '[posts]\nsource = "posts"\n'
        '[[output]]\npath = "b.pdf"\noptions = { page = "no such" }\n'
        '[[output]]\npath = "b.epub"\nfor = "kindle"\noptions = { list-of-links = true }\n'
    )
    assert run("book", "book.toml", "-o", "other.epub").code == 0
    with zipfile.ZipFile(tmp_path / "other.epub") as epub:
        assert any("list-of-links" in name for name in epub.namelist())
        assert not any(name.endswith(".svg") for name in epub.namelist())
    # What the command line says wins.
    assert run("book", "book.toml", "-o", "o.epub", "-O", "list-of-links=false").code == 0
    with zipfile.ZipFile(tmp_path / "o.epub") as epub:
        assert not any("list-of-links" in name for name in epub.namelist())
    done = run("book", "book.toml", "-o", "o.epub", "-O", "no-such=1")
    assert (done.code, "book.toml" in done.err, "no-such" in done.err) == (2, False, True)
    done = run("book", "book.toml", "-t", "pdf", "-o", "o.pdf")
    assert (done.code, "book.toml:3" in done.err) == (2, True)
    assert run("book", "book.toml", "-o", "o.json").code == 0


def test_the_texts_of_a_book_are_no_posts_where_both_are_counted(
    run: Runner, tmp_path: Path
) -> None:
    for name in ("before", "after"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nWords.\n")
    (tmp_path / "book.toml").write_text(
        '[posts]\nsource = "posts"\n[texts]\nforeword = "before.md"\nafterword = "after.md"\n'
        '[[output]]\npath = "b.json"\n'
    )
    assert "11 posts and 2 texts, " in run("book", "book.toml", "--dry-run").out
    assert "b.json: 11 posts and 2 texts, " in run("book", "book.toml").err
    assert "c.json: 12 posts, " in run("convert", "posts", "-o", "c.json").err


def test_a_plan_of_posts_without_dates_has_no_parts(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "loose").mkdir()
    for name in ("one", "two"):
        (tmp_path / "loose" / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n\nWords.\n")
    assert run("init", "loose").code == 0
    text = (tmp_path / "book.toml").read_text("utf-8")
    assert "[chapters]" in text
    assert "Undated" not in text
