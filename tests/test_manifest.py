"""Tests ``book.toml``: what is read, what is refused and at which line, and its documentation."""

from __future__ import annotations

import os
import re
import runpy
import sys
import tomllib
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.anthology.order import Order
from clothbound.anthology.select import Select
from clothbound.cli.selection import wishes_of
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import LimitError, ManifestError, ReadError, UsageError
from clothbound.limits import Limits
from clothbound.model.book_info import BookInfo, Series, check_name
from clothbound.model.collection import Collection, Part
from clothbound.model.index import uuid_of
from clothbound.model.language_tags import check_language
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata
from clothbound.plan import PostFields, make_book, read_manifest, read_posts
from clothbound.plan.chapter_names import Names
from clothbound.plan.drafting import draft
from clothbound.plan.making import settings_of
from clothbound.plan.reading import parse_manifest
from clothbound.toml_lines import insert, quoted, split_lines, statements

ROOT = Path(__file__).resolve().parents[1]
LETTERS = ROOT / "examples" / "letters"

WHOLE = """\
[book]
title = "Letters"
subtitle = 'In "one" volume'
authors = "Marit Sande"
editors = ["Odile", "Samir"]
publisher = "The Net Loft"
rights = "© 2023 Marit Sande"
language = "en"
identifier = "urn:x-letters:1"
isbn = 9783161484100
series = "Letters"
number = 2
description = \"\"\"
Of glue
and potatoes.\"\"\"
subjects = ["Bookbinding", "Letters"]
cover = "cover.png"

[texts]
foreword = "foreword.md"
about-the-author = "me.md"

[posts]
source = "posts/"
after = 2021-01-01
before = "2023-01-01"
timezone = "Europe/Oslo"
min-words = 10
parts = "tags"

[[output]]
path = "{title}.epub"

[[output]]
path = "out/{year}"
format = "site"

[[output]]
path = "a.pdf"
[output.options]
page = "A5"
recto = true
css = "my.css"

[chapters]
one = "First of all"

[part."The \\"rest\\""]
"two.md" = ""
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    posts = tmp_path / "posts"
    posts.mkdir()
    for name, day in (("one", "2021-01-01"), ("two", "2021-02-01"), ("three", "2022-03-01")):
        slug = f"slug: {name}\n" if name != "two" else ""
        text = f"---\ntitle: {name.title()}\ndate: {day}\n{slug}---\nSome words of {name}.\n"
        (posts / f"{name}.md").write_text(text)
    (tmp_path / "cover.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "foreword.md").write_text("# Before\n\nWords.\n")
    (tmp_path / "me.md").write_text("I am.\n")
    (tmp_path / "my.css").write_text("p { color: red }\n")
    return tmp_path


def book_of(folder: Path, text: str, **overrides: object) -> Collection:
    """``overrides`` are what the command line asks for."""
    manifest = parse_manifest(text, folder / "book.toml")
    return make_book(manifest, clothbound.read(folder / "posts"), wishes_of(overrides))


def test_everything_that_a_file_may_say(folder: Path) -> None:
    book = book_of(folder, WHOLE)
    assert (book.info.title, book.info.subtitle) == ("Letters", 'In "one" volume')
    assert (book.info.authors, book.info.editors) == (("Marit Sande",), ("Odile", "Samir"))
    assert (book.info.publisher, book.info.rights) == ("The Net Loft", "© 2023 Marit Sande")
    assert (book.info.language, book.info.identifier) == ("en", "urn:x-letters:1")
    assert (book.info.isbn, book.info.series) == (
        "9783161484100",
        Series("Letters", "2"),
    )
    assert book.info.description == "Of glue\nand potatoes."
    assert book.info.subjects == ("Bookbinding", "Letters")
    assert book.info.cover == str(folder / "cover.png")
    two = next(m.key for m in book.index if m.source == "two.md")
    assert [m.title for m in book.index] == ["Before", "First of all", "Two", "Me"]
    assert [p.metadata for p in book] == list(book.index)
    assert book.parts == (Part('The "rest"', (two,)),)
    assert sorted(book.roles.values()) == ["about-the-author", "foreword"]
    manifest = parse_manifest(WHOLE, folder / "book.toml")
    assert manifest.posts.select.after == date(2021, 1, 1)
    assert manifest.posts.select.before == datetime(2023, 1, 1)
    assert [settings_of(manifest, output) for output in manifest.outputs] == [
        (f"{folder}/{{title}}.epub", "epub", ()),
        (f"{folder}/out/{{year}}", "site", ()),
        (f"{folder}/a.pdf", "pdf", ("page=A5", "recto=true", f"css={folder}/my.css")),
    ]


def test_what_is_asked_for_wins_over_the_file(folder: Path) -> None:
    book = book_of(folder, WHOLE, title="Other", authors=("B",), year=2021)
    assert (book.info.title, book.info.authors) == ("Other", ("B",))
    book = book_of(folder, WHOLE, sort="title", reverse=True, parts="years")
    assert [m.title for m in book.index][1:-1] == ["Two", "First of all"]
    assert [p.title for p in book.parts] == ["2021"]


def test_a_file_without_chapters_chooses_anew_each_time(folder: Path) -> None:
    text = '[posts]\nsource = "posts"\nyear = 2021\nreverse = true\nparts = "months"\n'
    book = book_of(folder, text)
    assert [m.title for m in book.index] == ["Two", "One"]
    assert [p.title for p in book.parts] == ["February 2021", "January 2021"]
    assert [m.title for m in book_of(folder, text, year=2022).index] == ["Three"]
    assert len(book_of(folder, '[posts]\nsource = "posts"\n')) == 3


def test_a_file_names_the_version_of_its_format_or_is_of_the_first(folder: Path) -> None:
    plan = '[posts]\nsource = "posts"\n'
    assert (
        len(book_of(folder, plan)) == len(book_of(folder, f"# A plan\nclothbound = 1\n{plan}")) == 3
    )


@pytest.mark.parametrize(
    ("version", "says"),
    [
        (
            "2",
            "has version 2 of its format; this clothbound reads version 1. Hint: a newer clothbound",
        ),
        ("0", "a whole number. Hint: clothbound = 1"),
        ('"1"', "a whole number. Hint: clothbound = 1"),
        ("true", "a whole number. Hint: clothbound = 1"),
    ],
)
def test_another_version_is_refused(folder: Path, version: str, says: str) -> None:
    with pytest.raises(ManifestError) as raised:
        book_of(folder, f'# A plan\nclothbound = {version}\n[posts]\nsource = "posts"\n')
    assert str(raised.value).startswith("book.toml:2: ")
    assert says in str(raised.value)


def test_the_year_is_filled_in(folder: Path) -> None:
    text = (
        '[book]\ntitle = "Of {year}"\nseries = "S"\nnumber = "{year}"\n'
        '[posts]\nsource = "posts"\nyear = 2021\n'
    )
    book = book_of(folder, text)
    assert (book.info.title, book.info.series and book.info.series.position) == ("Of 2021", "2021")
    assert book_of(folder, text, year=2022).info.title == "Of 2022"


def test_a_name_without_words_is_refused_with_a_hint() -> None:
    for name in ("", " \t"):
        with pytest.raises(UsageError, match="the name is empty") as raised:
            check_name(name)
        assert raised.value.hint == "leave it out, or give a name"
    assert check_name("Ann") == "Ann"


def test_a_near_name_is_the_one_that_a_file_lists() -> None:
    source = "2023/what-the-sea-brought.md"
    names = Names([Metadata(source=source, key=str(uuid_of(source)))])
    assert names.near("2023/what-the-see-brought") == f"; did you mean {source!r}?"
    named = Names([Metadata(id="7001", key="7001", slug="what-the-sea-brought")])
    assert named.near("what-the-see-brought") == "; did you mean 'what-the-sea-brought'?"


@pytest.mark.parametrize(
    "tag", ["en", "pt-BR", "pt_BR", "zh-Hans", "grc", "aae", "de-1996", "iw", "und"]
)
def test_a_language_that_there_is(tag: str) -> None:
    assert check_language(tag) == tag.replace("_", "-")


def test_a_draft_says_no_language_that_is_none(folder: Path) -> None:
    for path in (folder / "posts").iterdir():
        path.write_text("---\nlang: english\n---\nx\n", encoding="utf-8")
    posts = clothbound.read(folder / "posts")
    text, _ = draft(posts, folder / "book.toml", PostFields(source=str(folder / "posts")))
    assert '\n# language = "en"\n' in text
    parse_manifest(text, folder / "book.toml")


def test_a_draft_that_is_listed_is_in_the_book(folder: Path) -> None:
    (folder / "posts" / "d.md").write_text("---\nslug: d\ndraft: true\n---\nx\n")
    assert len(book_of(folder, '[posts]\nsource = "posts"\n[chapters]\nd = "D"\n')) == 1


def test_a_file_is_read_in_the_format_that_is_named(folder: Path) -> None:
    (folder / "page.md").write_text("*words*\n")
    for name, words in (("html", "*words*"), ("markdown", "words")):
        text = f'[posts]\nsource = "page.md"\nfrom = "{name}"\n'
        (post,) = read_posts(parse_manifest(text, folder / "book.toml")).posts
        assert plain_text(post) == words


def test_a_part_without_posts_is_not_in_the_book(folder: Path) -> None:
    text = '[posts]\nsource = "posts"\n[part."A"]\none = "One"\n[part."B"]\n# "two.md" = "Two"\n'
    assert [part.title for part in book_of(folder, text).parts] == ["A"]


def test_posts_that_cannot_be_read_stop_no_book(folder: Path) -> None:
    (folder / "posts" / "one.md").write_bytes(b"\xff\xff")
    manifest = parse_manifest(WHOLE, folder / "book.toml")
    posts = clothbound.read(folder / "posts", on_error="collect")
    book = make_book(manifest, posts)
    assert [m.title for m in book.index] == ["Before", "Two", "Me"]
    (error,) = [d for d in book.diagnostics if d.code is DiagnosticCode.EDIT_STALE]
    assert (error.source, error.severity) == ("book.toml", Severity.ERROR)
    assert "there is no post 'one'" in error.message


B = "[book]\n"
P = '[posts]\nsource = "posts"\n'
C = '[posts]\nsource = "posts"\n[chapters]\n'


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        # what is no TOML
        (B + "title = Letters\n", 2, "quotation marks"),
        (B + 'title = "a "b" c"\n', 2, "write one in it as"),
        (B + "title = “Letters”\n", 2, "must be straight ones"),
        ("[part.“First”]\n", 1, "must be straight ones"),
        (B + '\ntitle = "\n', 3, "cannot be read"),
        (B + 'title = "a"\ndescription = """\nno\nend\n', 3, "cannot be read"),
        (B + 'title "a"\n', 2, 'a line is: name = "text"'),
        (B + 'title = "a"\ntitle = "b"\n', 3, "is given twice"),
        (B + B, 2, "the same heading is given twice"),
        ("[part.The first]\n", 1, 'in quotation marks: [part."'),
        ("[book\n", 1, "a heading is: [book]"),
        ("[posts]\nafter = 2023-13-01\n", 2, "there is no such date. Hint: a date is: 2023-03-01"),
        ("[posts]\nafter = 2023-02-30 # x\n", 2, "there is no such date"),
        # what leaves nothing
        (C + '# one = "One"\n# two = "Two"\n', 3, "the list of chapters is empty"),
        (C + '\n[texts]\nforeword = "foreword.md"\n', 3, "the list of chapters is empty"),
        ('[book]\ncover = "foreword.md"\n', 2, "'cover': foreword.md is not a picture"),
        # names
        ('title = "x"\n', 1, "'title' is above the first heading. Hint: put it below [book]"),
        ("[bok]\n", 1, "there is no heading [bok]; did you mean 'book'?"),
        ('[parts."A"]\n', 1, "did you mean 'part'?"),
        ("[part]\n", 1, "the heading of a part needs its title"),
        ('[part."  "]\n', 1, "the heading of a part needs its title"),
        ('[part."A".b]\n', 1, "the heading of a part needs its title"),
        ('[[part]]\ntitle = "A"\n', 1, "the heading of a part needs its title"),
        ("[[book]]\n", 1, "written [book]"),
        ("[output]\n", 1, "written [[output]]"),
        ("[chapters.one]\n", 1, "written [chapters]"),
        (B + 'titel = "x"\n', 2, "[book] has no 'titel'; did you mean 'title'?"),
        (B + "\nyear = 2023\n", 3, "it belongs under [posts]"),
        ("[texts]\nforword = 'a'\n", 2, "did you mean 'foreword'?"),
        ('[[output]]\npath = "a.epub"\npage = "A5"\n', 3, "[[output]] has no 'page'"),
        ('[[remove]]\ntext = "a"\nwith = "b"\n', 3, "[[remove]] has no 'with'"),
        ('[[output]]\nformat = "epub"\n', 1, "'path' is missing"),
        # values
        (B + "title = true\n", 2, "'title' must be a single text"),
        (B + 'authors = ["a", ["b"]]\n', 2, "'authors' must be a single text, or a list"),
        (B + 'title = "a"\nauthors = ["a", " "]\n', 3, "one of the values of 'authors' is empty"),
        (B + 'subjects = ""\n', 2, "one of the values of 'subjects' is empty"),
        ('[[remove]]\ntext = "a"\npost = [""]\n', 3, "one of the values of 'post' is empty"),
        (B + 'series = "S"\nnumber = "two"\n', 3, "'number': 'two' is not a number"),
        (B + 'series = "S"\nnumber = "{month}"\n', 3, "'number': '{month}' is not a number"),
        (B + 'title = "Of {yeer}"\n', 2, "'title': {yeer} in 'Of {yeer}' is not a placeholder; did "
         "you mean 'year'?"),
        (B + 'edits = "../others"\n', 2, "'edits': '../others' is outside the folder"),
        (B + 'edits = "/etc"\n', 2, "'edits': '/etc' is outside the folder"),
        (B + "number = 2\n", 2, "'number': the book has no series"),
        (B + 'title = "a"\nlanguage = "not a lang!"\n', 3, "'language': 'not a lang!' is not a lang"),
        (B + 'language = "english"\n', 2, "'english' is not a language code; did you mean 'en'?"),
        (B + 'language = "Portugese"\n', 2, "did you mean 'pt'?"),
        (B + 'language = "xx"\n', 2, "'xx' is not a language code"),
        (B + 'isbn = "978-3-16-148410-1"\n', 2, "'isbn': '978-3-16-148410-1' is not an ISBN"),
        (B + 'title = "a"\ncover = "gone.png"\n', 3, "'cover': there is no file 'gone.png'"),
        ("[texts]\nforeword = 'gone.md'\n", 2, "there is no file 'gone.md'"),
        (f"[texts]\nforeword = '{'x' * 300}'\n", 2, "there is no file 'xxx"),
        (B + f'title = "a"\ncover = "{"x" * 300}"\n', 3, "there is no file 'xxx"),
        (f"[posts]\nsource = '{'x' * 300}'\n", 2, "there is no folder or file 'xxx"),
        ('[posts]\nsource = "gone"\n', 2, "'source': there is no folder or file 'gone'"),
        ('[posts]\nyear = "2023"\n', 2, "'year' must be a number, without quotation marks"),
        ("[posts]\nyear = true\n", 2, "'year' must be a number, without quotation marks"),
        ("[posts]\nmin-words = false\n", 2, "'min-words' must be a number, without quotation marks"),
        ("[posts]\ndrafts = 1\n", 2, "'drafts' must be true or false"),
        ('[posts]\nafter = "May"\n', 2, "'after' must be a date"),
        ("[posts]\nafter = 12:00:00\n", 2, "'after' must be a date"),
        ('[posts]\nparts = "month"\n', 2, "did you mean 'months'?"),
        ('[posts]\nsource = "posts"\nfrom = "markdwn"\n', 3, "did you mean 'markdown'?"),
        ('[posts]\nsource = "posts"\nformat = "gfm"\n', 3, "did you mean 'from'?"),
        (
            '[posts]\nsource = "posts"\noptions = { dialekt = "gfm" }\n',
            3,
            "'options': markdown has no option 'dialekt'; did you mean 'dialect'?",
        ),
        (
            '[posts]\nsource = "posts"\nfrom = "html"\n\n[posts.options]\nwhole = "often"\n',
            1,
            "'options': whole must be true or false, not 'often'",
        ),
        ('[[output]]\npath = "a.html"\noptions = { css = "x.css" }\n', 1, "no file 'x.css'"),
        (P + 'types = ["newsleter"]\n', 3, "'types': no post has the type 'newsleter'; did you "
         "mean 'newsletter'?"),
        (P + 'audiences = ["everyone", "only_payd"]\n', 3, "'audiences': no post has the audience "
         "'only_payd'; did you mean 'only_paid'?"),
        (P + 'year = 2021\ntags = ["Wetter"]\n', 4, "'tags': no post has the tag 'Wetter'"),
        (P + 'year = 2022\ntypes = ["podcast"]\n', 4, "'year' (line 3) keeps 1 of 3 (there "
         "are posts of 2021, 2022); 'types' (line 4) keeps 0 of 3"),
        (P + 'sites = ["a.example", "https://b.example/#c"]\n', 3, "'sites': 'https://b.example/#c' has "
         "a query or a fragment"),
        (P + "min-words = -5\n", 3, "'min-words': -5 is negative"),
        (P + "year = 2021\nmin-words = 900\n", 4, "'min-words' asks for 900 words"),
        ('[posts]\ntimezone = "Mars"\n', 2, "there is no time zone 'Mars'"),
        # rules
        ('[[remove]]\npost = "one"\n', 1, "a 'paragraph' or a 'text'"),
        ('[[remove]]\ntext = "a"\nparagraph = "b"\n', 1, "not both"),
        ('[[remove]]\nparagraph = "**"\n', 1, "matches every paragraph"),
        ('[[remove]]\ntext = "a"\nmade-for = "1"\n', 1, "'made-for' belongs"),
        ('[[replace]]\ntext = "a"\n', 1, "'with' is missing"),
        # chapters
        (C + 'one = "One"\n[part."A"]\none = "One"\n', 6, "the post 'one' is also in line 4"),
        (C + "one = 1\n", 4, "its value is not a title"),
        (C + 'two.md = "Two"\n', 4, "a name with a dot"),
        (C + 'subtitle = ["x"]\n', 4, "it belongs under [book]"),
        (C + 'oen = "One"\n', 4, "there is no post 'oen' in posts; did you mean 'one'?"),
        (C + 'one = "One"\n"one.md" = "One"\n', 5, "'one.md' is the same post as in line 4"),
        ('[[output]]\npath = "a.html"\nfor = "kindle"\n', 1, "'for': the format html has no destinations"),
        ('[[output]]\npath = "{yeer}.epub"\n', 2, "'path': {yeer} in '{yeer}.epub' is not a placeholder; "
         "did you mean 'year'?"),
        ('[[output]]\npath = "{x}.epub"\n', 2, "the placeholders are {title}, {year}, {month}"),
        ('[[output]]\npath = "a.ebup"\n', 1, "cannot detect the format of 'a.ebup'"),
    ],
)  # fmt: skip
def test_an_error_names_line_and_key(folder: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(ManifestError) as raised:
        book_of(folder, text)
        manifest = parse_manifest(text, folder / "book.toml")
        settings_of(manifest, manifest.outputs[0])
    assert str(raised.value).startswith(f"book.toml:{line}: ")
    assert says in str(raised.value)


def test_a_source_whose_only_post_is_a_text_of_the_book(folder: Path) -> None:
    text = '[posts]\nsource = "posts"\n[texts]\nforeword = "posts/one.md"\n'
    for name in ("two", "three"):
        (folder / "posts" / f"{name}.md").unlink()
    with pytest.raises(ManifestError, match=r"book\.toml:2: .*every file in posts"):
        book_of(folder, text)


def test_files_that_are_no_text(folder: Path) -> None:
    (folder / "a.toml").write_bytes(b"\xff")
    with pytest.raises(ReadError, match=r"a\.toml: is not UTF-8: byte 0 is 0xff"):
        read_manifest(folder / "a.toml")
    with pytest.raises(ReadError, match=r"directory|denied"):
        read_manifest(folder)
    (folder / "b.toml").write_bytes(b'\xef\xbb\xbf[posts]\r\nsource = "posts"\r\n')
    assert read_manifest(folder / "b.toml").posts.source == "posts"
    with pytest.raises(ManifestError, match="nested too deep"):
        parse_manifest("[book]\ntitle = " + "[" * 100_000, folder / "book.toml")


def test_a_file_over_the_bound_is_refused_and_not_cut(folder: Path) -> None:
    comment = b"# " + b"a" * Limits().post_bytes
    (folder / "long.toml").write_bytes(b'[posts]\nsource = "posts"\n' + comment)
    with pytest.raises(LimitError, match=r"long\.toml: is longer than 20000000 bytes"):
        read_manifest(folder / "long.toml")
    (folder / "short.toml").write_bytes(b'[posts]\nsource = "posts"\n')
    with pytest.raises(LimitError, match=r"short\.toml: is longer than 10 bytes"):
        read_manifest(folder / "short.toml", Limits(post_bytes=10))


def test_brackets_in_a_title_are_its_own(folder: Path) -> None:
    assert (
        book_of(folder, P + '[book]\ntitle = "On {sets} and {}"\n').info.title == "On {sets} and {}"
    )


# statements


@given(st.text())
def test_a_quoted_text_is_that_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text
    assert tomllib.loads(f"[part.{quoted(text)}]") == {"part": {text: {}}}


_PIECES = st.sampled_from(
    ["[a]\n", "[[b]]\n", "k = 1\n", 'k = """\n[x]\n# y\n"""\n', "k = [\n1, # c\n2,\n]\n", "# c\n", "\n",
     "k.l = 'm'\n", " \t[ 'p' . q ]\r\n", "k = '''\r\nz'''# c\r\n", 'k = "[[b]]"\n']
)  # fmt: skip


@given(st.lists(_PIECES))
def test_statements_stand_where_they_are_said_to(pieces: list[str]) -> None:
    # Names that are used once, so that any order is TOML.
    lines = []
    for number, piece in enumerate(pieces):
        new = re.sub(r"\bk\b", f"k{number}", piece)
        lines.append(re.sub(r"(?<=\[)(\s*)('p'|a\b|b\b)", f"x{number}.a", new, count=1))
    text = "".join(lines)
    rows = split_lines(text)
    assert "".join(rows) == text
    found = statements(text, "x")
    for statement in found:
        own = "".join(rows[statement.line - 1 : statement.last])
        assert own.lstrip().startswith("[") == (statement.value is None)
        if statement.value is not None:
            assert next(iter(tomllib.loads(own))) == statement.key
    assert sum(s.value is not None for s in found) == sum("k" in piece for piece in pieces)


def test_lines_are_put_in_and_no_byte_is_changed() -> None:
    assert insert("a\nb", {0: ["x"], 1: ["y", "z"], 2: ["w"]}) == "x\na\ny\nz\nb\nw\n"
    assert insert("a\r\n", {1: ["b"]}) == "a\r\nb\r\n"
    assert insert("a\u2028b\x0cc", {}) == "a\u2028b\x0cc"


# the first draft


def test_a_draft_is_a_book_of_all_its_posts(tmp_path: Path) -> None:
    posts = clothbound.read(LETTERS, on_error="collect")
    path = tmp_path / "book.toml"
    for parts in ("none", "months", "years", "tags"):
        text, planned = draft(
            posts, path, PostFields(source=str(LETTERS), order=Order(parts=parts))
        )
        assert (
            draft(posts, path, PostFields(source=str(LETTERS), order=Order(parts=parts)))[0] == text
        )
        book = make_book(parse_manifest(text, path), posts)
        assert [m.key for m in book.index] == [m.key for m in planned.index]
        assert [m.title for m in book.index] == [m.title for m in planned.index]
        assert book.parts == planned.parts
        assert (book.info.title, book.info.language) == (planned.info.title, "en")


def test_what_is_offered_behind_a_mark_can_be_used(folder: Path) -> None:
    posts = clothbound.read(folder / "posts")
    text, _ = draft(posts, folder / "book.toml", PostFields(source=str(folder / "posts")))
    taken = text.replace("978-...", "978-3-16-148410-0").replace('"cover.jpg"', '"cover.png"')
    taken = taken.replace("dedication.md", "me.md").replace("afterword.md", "me.md")
    taken = taken.replace("author.md", "me.md").replace("introduction.md", "me.md")
    taken = re.sub(r"(?m)^# ?(?=[\[a-z-]+\]* =|\[)", "", taken)
    manifest = parse_manifest(taken, folder / "book.toml")
    assert manifest.book.info.subjects == ("...", "...")
    texts = {"dedication", "foreword", "introduction", "afterword", "about-the-author"}
    assert set(manifest.texts) == texts
    assert len(manifest.rules) == 2


def test_a_draft_keeps_what_it_was_told(folder: Path) -> None:
    wishes = PostFields(
        source=str(folder / "posts"),
        select=Select(year=2021, before=date(2021, 1, 15), timezone="Europe/Oslo", min_words=2),
        order=Order(by="title", reverse=True),
    )
    posts = clothbound.read(folder / "posts")
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    text, _ = draft(posts, deep / "book.toml", wishes, info=BookInfo(title='A "b"', authors=("C",)))
    manifest = parse_manifest(text, deep / "book.toml")
    kept = manifest.posts
    assert kept.source == "../../posts/"
    oslo = ZoneInfo("Europe/Oslo")
    assert kept.select == msgspec.structs.replace(wishes.select, timezone=oslo)
    assert kept.order == wishes.order
    assert (manifest.book.info.title, manifest.book.info.authors) == ('A "b"', ("C",))


def test_facts_stand_behind_each_post(folder: Path) -> None:
    (folder / "posts" / "x.md").write_text(
        '---\ntitle: X\ntags: ["a\\nb", c]\ntype: podcast\naudience: only_paid\nslug: x\n---\nOne\n'
    )
    posts = clothbound.read(folder / "posts")
    text, _ = draft(posts, folder / "book.toml", PostFields(source=str(folder / "posts")))
    assert "# no date; 1 word; a b, c; podcast; only_paid\n" in text
    assert "# 2021-01-01; 4 words\n" in text
    columns = {line.find("  #") for line in text.splitlines() if re.search(r"  # (\d{4}|no)", line)}
    assert len(columns) == 1


def test_the_page_in_the_docs_is_that_of_the_schema() -> None:
    docs = ROOT / "docs"
    made = runpy.run_path(str(docs / "make_book_toml.py"))
    written = (docs / "reference" / "book-toml.md").read_text(encoding="utf-8")
    assert written == made["page"](), "run: python docs/make_book_toml.py"
    example = re.search(r"(?m)^    \[part.*?(?=^\S)", written, re.S)
    assert example
    assert len(parse_manifest(re.sub("(?m)^    ", "", example[0]), docs / "book.toml").parts) == 2


@pytest.mark.corpus
def test_a_draft_of_other_blogs(shared: Path, tmp_path: Path) -> None:
    blogs = shared / "corpus" / "blogs"
    for folder in (blogs / "arabic-hugo", blogs / "data-is-plural"):
        posts = clothbound.read(folder, on_error="collect")
        path = tmp_path / f"{folder.name}.toml"
        text, planned = draft(
            posts, path, PostFields(source=os.fspath(folder), order=Order(parts="tags"))
        )
        book = make_book(parse_manifest(text, path), posts)
        assert [m.key for m in book.index] == [m.key for m in planned.index]
        assert not [d for d in book.diagnostics if d.code is DiagnosticCode.EDIT_STALE]


# --- statements -----------------------------------------------------------------------------------

PIECES = (
    "[book]",
    "[[remove]]",
    '[part."a ] \\" [ b"] # [',
    "a = 1",
    "b = 'it'",
    '# a """ remark',
    "",
    'c = """',
    'said "so", ""twice"" \\""" ',
    '"""',
    'end"""""',
    "d = '''",
    "it's ''two'' # [",
    "'''",
    "e = [",
    '  "]", # ]',
    "  {x = 1, y = [2]},",
    "]",
    "f = 2023-01-01",
    'g = "x # [ \\" "',
)


def statements_by_asking(text: str) -> list[tuple[int, int]]:
    """First and last lines of statements: each ends at the first line at which it is complete."""
    found, first, chunk = [], 1, ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        chunk += line
        try:
            table = tomllib.loads(chunk)
        except tomllib.TOMLDecodeError:
            continue
        if table:
            found.append((first, number))
        first, chunk = number + 1, ""
    return found


@given(st.lists(st.sampled_from(PIECES), max_size=9), st.sampled_from(["", "\n", "\r\n"]))
def test_a_file_is_cut_where_its_statements_end(pieces: list[str], end: str) -> None:
    text = (end or "\n").join(pieces) + end
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(ManifestError):
            statements(text, "book.toml")
        return
    found = [(s.line, s.last) for s in statements(text, "book.toml")]
    assert found == statements_by_asking(text)


def test_each_line_of_a_long_text_is_parsed_twice() -> None:
    """Once with the file, once with its statement: reading takes time in proportion to its length."""

    def parsed(lines: int) -> int:
        text = '[book]\ndescription = """\n' + 'line "of" it\n' * lines + '"""\n'
        characters = 0

        def watch(frame: FrameType, event: str, _: object) -> None:
            nonlocal characters
            if event == "call" and frame.f_code is tomllib.loads.__code__:
                characters += len(frame.f_locals["s"])

        sys.setprofile(watch)
        try:
            statements(text, "book.toml")
        finally:
            sys.setprofile(None)
        assert characters >= len(text)
        return characters - 2 * len(text)

    assert parsed(400) == parsed(4) == 0
