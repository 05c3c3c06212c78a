"""Tests ``init`` with the plan of one year's book as the pattern of another year's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clothbound.cli import main
from clothbound.plan import read_manifest

LETTERS = Path(__file__).parents[1] / "examples" / "letters"

OLD = """\
clothbound = 1

[book]
# What the shop asks for.
title = "Letters from the Net Loft, 2022"
subtitle = "All of 2022, and one of 1922"
authors = ["Marit Sande"]  # as on the first
rights = "© 2022 Marit Sande"
isbn = "978-3-16-148410-0"
series = "The Net Loft"
number = 3
# publisher = "..."

[posts]
source = "posts/"
year = 2022
tags = ["letters"]
parts = "months"

# My own texts.
[texts]
introduction = "introduction.md"

[[output]]
path = "letters-2022.epub"
# As last year.
[output.options]
toc-depth = 2

[[output]]
path = "{title}.pdf"
options = { page = "6x9" }

[[remove]]
paragraph = "Thanks for reading*"

[[replace]]
text = "last week"
with = "before"
post = ["31002001.md"]

[repeated]
"Write to me ..." = "leave out"
"Not this ..." = "keep"

[part."January 2022"]
"31002001.md" = "A title of my own"

# Terms that every volume has.
[index]
"paste" = ["glue"]

[pictures]
"""

Runner = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Runner:
    """Runs the command in a folder with the posts and plan of one year; returns exit code and messages."""
    monkeypatch.chdir(tmp_path)
    posts = tmp_path / "posts"
    posts.mkdir()
    for year in (2022, 2023):
        for number in range(1, 5):
            (posts / f"3100{year % 10}00{number}.md").write_text(
                f"---\ntitle: Letter {number} of {year}\ndate: {year}-0{number}-03\ntags: [letters]\n---\n\n"
                f"Words of the {number}. letter with paste.\n\nWrite to me whenever you like, about anything.\n",
                "utf-8",
            )
    (posts / "other.md").write_text("---\ntitle: O\ndate: 2023-05-01\n---\n\nO.\n", "utf-8")
    (tmp_path / "introduction.md").write_text("Hello.\n", "utf-8")
    (tmp_path / "2022.toml").write_text(OLD, "utf-8")

    def call(*arguments: str) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main(arguments)
        return int(left.value.code or 0), capfd.readouterr().err

    return call


def test_proposals_in_comments_have_the_year_of_the_new_plan(run: Runner, tmp_path: Path) -> None:
    plan = tmp_path / "2022.toml"
    said = '# rights = "© 2022 Marit Sande"\n# In 2022, title = "Nets" was taken.'
    plan.write_text(OLD.replace('rights = "© 2022 Marit Sande"', said), "utf-8")
    assert run("init", "2022.toml", "--year", "2023", "-o", "2023.toml")[0] == 0
    text = (tmp_path / "2023.toml").read_text("utf-8")
    assert '# rights = "© 2023 Marit Sande"\n# In 2022, title = "Nets" was taken.\n' in text


def test_the_plan_of_another_year_has_what_the_first_has(run: Runner, tmp_path: Path) -> None:
    code, told = run("init", "2022.toml", "--year", "2023", "-o", "2023.toml")
    assert code == 0, told
    text = (tmp_path / "2023.toml").read_text("utf-8")
    book = """
[book]
# What the shop asks for.
title = "Letters from the Net Loft, 2023"
subtitle = "All of 2023, and one of 1922"
authors = ["Marit Sande"]  # as on the first
rights = "© 2023 Marit Sande"
# isbn = "978-3-16-148410-0"
series = "The Net Loft"
# number = 3
# publisher = "..."

[posts]
source = "posts/"
year = 2023
tags = ["letters"]
parts = "months"

# My own texts.
[texts]
introduction = "introduction.md"

[[output]]
path = "letters-2023.epub"
# As last year.
[output.options]
toc-depth = 2

[[output]]
path = "{title}.pdf"
options = { page = "6x9" }

[[remove]]
paragraph = "Thanks for reading*"
"""
    assert book in text
    rest = text.partition(book)[2]
    assert '"Write to me whenever you like, about anything." = "keep"' in rest
    assert '[part."January 2023"]\n"31003001.md" = "Letter 1 of 2023"' in rest
    assert rest.endswith('\n# Terms that every volume has.\n[index]\n"paste" = ["glue"]\n')
    for gone in ("31002001", "of my own", "[[replace]]", "Not this", "other.md"):
        assert gone not in text
    assert "not taken over: isbn, number, [[replace]] in line 37" in told
    assert "both books would be" not in told
    assert (tmp_path / "2022.toml").read_text("utf-8") == OLD
    made = read_manifest(tmp_path / "2023.toml")
    assert [len(part.chapters) for part in made.parts] == [1, 1, 1, 1]
    assert run("book", "2023.toml", "-o", "o.json")[0] == 0
    assert run("update", "2023.toml")[0] == 0


def test_what_was_left_out_is_left_out_again(run: Runner, tmp_path: Path) -> None:
    assert run("init", "posts", "--year", "2022", "-o", "a.toml", "--title", "A")[0] == 0
    plan = tmp_path / "a.toml"
    line = '"Write to me whenever you like, about anything." = '
    text = plan.read_text("utf-8")
    assert f'{line}"keep"' in text
    plan.write_text(text.replace(f'{line}"keep"', f'{line}"leave out"'), "utf-8")
    code, told = run("init", "a.toml", "--year", "2023", "-o", "b.toml")
    assert code == 0
    assert f'{line}"leave out"  # at the end of 4 of 5 posts' in (tmp_path / "b.toml").read_text(
        "utf-8"
    )
    assert "both books would be A.epub, A.pdf" in told


@pytest.mark.parametrize(
    ("days", "title"),
    [
        ("after = 2022-01-01\nbefore = 2023-01-01", "Letters from the Net Loft, 2023"),
        ("after = 2021-12-01\nbefore = 2023-01-01", "Letters from the Net Loft, 2022"),
        (
            "after = 2022-01-01T06:00:00\nbefore = 2023-01-01T00:00:00+02:00",
            "Letters from the Net Loft, 2023",
        ),
        ('after = "2022-01-01"\nbefore = 2023-01-01T00:00:01', "Letters from the Net Loft, 2022"),
        ("after = 2022-03-01", "Letters from the Net Loft, 2022"),
    ],
)
def test_days_give_way_to_the_year(run: Runner, tmp_path: Path, days: str, title: str) -> None:
    plan = tmp_path / "2022.toml"
    plan.write_text(OLD.replace("year = 2022", days), "utf-8")
    assert run("init", "2022.toml", "--year", "2023", "-o", "2023.toml")[0] == 0
    made = read_manifest(tmp_path / "2023.toml")
    select = made.posts.select
    assert (select.year, select.after, select.before) == (2023, None, None)
    assert made.book.info.title == title


@pytest.mark.parametrize(
    ("title", "moved"),
    [
        ("The season 2022-23", "The season 2023-24"),
        ("The winter 2021/2022", "The winter 2022/2023"),
        ("From 2019 to 2022, 2019-2022", "From 2019 to 2023, 2019-2023"),
        ("On 2022-12-05 and 2022-12", "On 2023-12-05 and 2023-12"),
        (r"\u2022 12022 boats of 20222", "\u2022 12022 boats of 20222"),
    ],
)
def test_seasons_move_with_the_year(run: Runner, tmp_path: Path, title: str, moved: str) -> None:
    plan = tmp_path / "2022.toml"
    plan.write_text(OLD.replace("Letters from the Net Loft, 2022", title), "utf-8")
    assert run("init", "2022.toml", "--year", "2023", "-o", "2023.toml")[0] == 0
    assert read_manifest(tmp_path / "2023.toml").book.info.title == moved


def test_words_about_the_old_year_are_named(run: Runner, tmp_path: Path) -> None:
    plan = tmp_path / "2022.toml"
    more = 'series = "The Net Loft"\ndescription = "What 2022 brought, and 2021 had not."'
    plan.write_text(OLD.replace('series = "The Net Loft"', more), "utf-8")
    code, told = run("init", "2022.toml", "--year", "2023", "-o", "2023.toml")
    assert code == 0
    assert "2022.toml: taken over as they are, with the year of this book: description" in told


def test_the_selection_of_the_command_goes_before_that_of_the_plan(
    run: Runner, tmp_path: Path
) -> None:
    assert run("init", "2022.toml", "--year", "2023", "--parts", "none", "--tag", "x")[0] == 2
    asked = ("--year", "2023", "--parts", "none", "--after", "2023-02-01")
    assert run("init", "2022.toml", *asked, "-o", "2023.toml")[0] == 0
    text = (tmp_path / "2023.toml").read_text("utf-8")
    assert 'after = 2023-02-01\ntags = ["letters"]\nparts = "none"\n' in text
    assert len(read_manifest(tmp_path / "2023.toml").parts[0].chapters) == 3


def test_plans_of_any_shape_are_taken(run: Runner, tmp_path: Path) -> None:
    plan = tmp_path / "2022.toml"
    plan.write_bytes(b'[posts]\r\nsource = "posts/"\r\n')
    code, told = run("init", "2022.toml", "--year", "2023", "-o", "2023.toml")
    assert code == 0, told
    text = (tmp_path / "2023.toml").read_text("utf-8")
    assert "[book]\ntitle = " in text
    assert 'path = "{title}.epub"' in text
    shutil.copy(tmp_path / "2023.toml", plan)
    assert run("init", "2022.toml", "--year", "2022", "-o", "again.toml")[0] == 0
    assert len(read_manifest(tmp_path / "again.toml").parts[0].chapters) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "`clothbound book 2022.toml`"),
        (("--year", "2023", "-o", "plans/2023.toml"), "does not lie beside 2022.toml"),
        (("--year", "2023", "--title", "T", "-f", "gfm"), "-f and --title: the new plan has this"),
        (("--year", "1999"), "no post"),
    ],
)
def test_what_cannot_be_passed_on_is_refused(
    run: Runner, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "plans").mkdir()
    code, told = run("init", "2022.toml", *arguments)
    assert code == 2
    assert said in told
    assert not (tmp_path / "book.toml").exists()


def test_a_plan_of_a_book_for_each_year_needs_no_other(run: Runner, tmp_path: Path) -> None:
    plan = tmp_path / "2022.toml"
    plan.write_text(
        '[posts]\nsource = "posts/"\nsplit = "years"\n[[output]]\npath = "{year}.epub"\n', "utf-8"
    )
    code, told = run("init", "2022.toml", "--year", "2023")
    assert code == 2
    assert "makes a book for each of the years" in told
