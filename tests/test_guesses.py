"""Tests of what one writes by guessing: it works, or an error of ours says what to write instead."""

from __future__ import annotations

import ast
import io
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

import clothbound
from clothbound.errors import (
    ClothboundError,
    LossError,
    NoPostsError,
    OptionError,
    ReadError,
    UnknownFormatError,
    UnknownPostError,
    UsageError,
    WriteError,
)
from clothbound.model import (
    Image,
    Metadata,
    Paragraph,
    Post,
    Text,
    Timestamp,
    replace,
    rewrite,
    walk,
)
from clothbound.options import (
    BookInfo,
    Epub,
    Html,
    HtmlFragment,
    Limits,
    MarkdownInput,
    Order,
    Pdf,
    Run,
    Select,
)

PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@pytest.fixture
def posts(tmp_path: Path) -> clothbound.Collection:
    folder = tmp_path / "posts"
    folder.mkdir()
    for name, header in {
        "2021-02-28-ferry.md": "title: The ferry\ndate: 2021-02-28T23:30:00Z\ntags: [harbour]",
        "2021-03-01-storm.md": "title: The storm\nslug: storm\ndate: 2021-03-01\ntags: [weather]",
        "2021-04-02-quay.md": "title: The quay\ndate: 2021-04-02T12:00:00Z\ncanonical_url: https://a.example/p/quay",
    }.items():
        (folder / name).write_text(f"---\n{header}\n---\n\nThe ferry was late again.\n")
    return clothbound.read(folder)


# texts as sources


@pytest.mark.parametrize(
    "source",
    [
        "# The harbour\n\nThe *ferry*.\n",
        io.StringIO("# The harbour\n\nThe *ferry*.\n"),
        "# The harbour\r\rThe *ferry*.",
        "The *ferry*.\n" * 5000,
    ],
)
def test_a_text_is_a_source(source: object) -> None:
    (post,) = clothbound.read(source, "markdown")  # type: ignore[arg-type]
    assert "<em>ferry</em>" in clothbound.to_html(post)
    assert post.metadata.source in ("", "<bytes>", "<stdin>")


def test_a_text_needs_no_format_and_may_be_converted(tmp_path: Path) -> None:
    assert clothbound.read("# The harbour\n\nWords.\n")[0].title == "The harbour"
    clothbound.convert("# The harbour\n\nWords.\n", tmp_path / "page.html", reader="markdown")
    assert "Words." in (tmp_path / "page.html").read_text()


def test_a_file_that_was_opened_as_text_is_a_source(tmp_path: Path) -> None:
    file = tmp_path / "the-harbour.md"
    file.write_text("Grüße", encoding="utf-8")
    with file.open(encoding="utf-8") as stream:
        (post,) = clothbound.read(stream)
    assert (post.slug, post.body) == ("the-harbour", (Paragraph((Text("Grüße"),)),))
    file.write_bytes(b"\xff\xfe\xff")
    with file.open(encoding="utf-8") as stream, pytest.raises(ReadError, match="mode 'rb'"):
        clothbound.read(stream)


def test_a_line_is_a_path_and_the_error_says_how_to_give_a_text() -> None:
    with pytest.raises(ReadError, match=r"no such file.*io\.StringIO\(text\)"):
        clothbound.read("The *ferry* was late.", "markdown")
    with pytest.raises(ReadError) as error:
        clothbound.read("no/such/folder")
    assert error.value.hint == ""


def test_a_file_whose_name_has_two_lines_is_still_a_file(tmp_path: Path) -> None:
    file = tmp_path / "two\nlines.md"
    file.write_text("Words of the file.\n")
    assert "of the file" in clothbound.to_html(clothbound.read(str(file))[0])


def test_a_text_keeps_the_bounds() -> None:
    run = Run(limits=Limits(post_bytes=10))
    for source in ("words\n" * 10, io.StringIO("words\n" * 10)):
        with pytest.raises(ClothboundError, match="longer than 10 bytes"):
            list(clothbound.read(source, "markdown", run=run))


# products in memory


def test_a_product_is_saved_in_a_stream(posts: clothbound.Collection, tmp_path: Path) -> None:
    stream = io.BytesIO()
    report = clothbound.write(posts, "epub").save(stream)
    assert stream.getvalue() == clothbound.write(posts, "epub").to_bytes()
    assert len(report.accounts) == 3
    with (tmp_path / "letters.jsonl").open("wb") as file:
        clothbound.write(posts, "jsonl").save(file)
    assert len((tmp_path / "letters.jsonl").read_bytes().splitlines()) >= 3


def test_a_stream_gets_nothing_of_a_product_that_is_refused() -> None:
    post = clothbound.read(io.StringIO("![A map](gone.png)"), "markdown")[0]
    stream = io.BytesIO()
    with pytest.raises(LossError):
        clothbound.write(post, "epub").save(stream, strict=True)
    assert stream.getvalue() == b""


def test_what_cannot_be_saved_into_says_why(posts: clothbound.Collection) -> None:
    for target, hint in ((io.StringIO(), "to_text"), (7, "'wb'"), (None, "binary stream")):
        with pytest.raises(UsageError, match=hint):
            clothbound.write(posts, "json").save(target)  # type: ignore[arg-type]
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(WriteError, match="closed"):
        clothbound.write(posts, "json").save(closed)


def test_text_is_text(posts: clothbound.Collection) -> None:
    assert "was late again" in clothbound.write(posts[0], "text").to_text()
    with pytest.raises(UsageError, match="pdf is not text"):
        clothbound.write(posts, Pdf(engine="typst")).to_text()
    with pytest.raises(UsageError, match="html makes several files here"):
        clothbound.write(posts, "html").to_text()


def test_what_is_asked_too_early_or_too_late_is_an_error_of_ours(
    posts: clothbound.Collection,
) -> None:
    artifact = clothbound.write(posts, "json")
    for name in ("report", "pages"):
        with pytest.raises(UsageError, match="available after save"):
            getattr(artifact, name)
    artifact.to_bytes()
    assert artifact.report.target == "json"
    with pytest.raises(UsageError, match=r"only once.*write\(\) again"):
        artifact.to_text()


# posts


def test_a_post_says_what_it_is(posts: clothbound.Collection) -> None:
    ferry, storm, quay = posts
    assert [post.slug for post in posts] == ["2021-02-28-ferry", "storm", "2021-04-02-quay"]
    assert (storm.title, quay.url, ferry.url) == ("The storm", "https://a.example/p/quay", "")
    assert ferry.date == datetime(2021, 2, 28, 23, 30, tzinfo=UTC)
    assert Post().date is None


def test_the_slug_of_a_post_is_the_name_that_writers_take(posts: clothbound.Collection) -> None:
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(clothbound.write(posts, "html").to_bytes()))
    assert sorted(archive.namelist()) == sorted(f"{post.slug}.html" for post in posts)


def test_posts_are_had_by_position_and_by_name(posts: clothbound.Collection) -> None:
    storm = posts[1]
    for name in ("storm", storm.metadata.key):
        assert posts[name] == storm
    assert posts["2021-02-28-ferry"] == posts[0] == posts[-3]
    assert "storm" in posts
    assert storm in posts
    assert "strom" not in posts
    assert "" not in posts
    assert list(posts[1:]) == [storm, posts[2]]


def test_a_name_that_no_post_has_is_an_error_of_ours_and_a_key_error(
    posts: clothbound.Collection,
) -> None:
    with pytest.raises(KeyError) as error:
        posts["strom"]
    assert str(error.value) == "there is no post 'strom'; did you mean 'storm'?"
    assert isinstance(error.value, UnknownPostError)
    assert isinstance(error.value, UsageError)
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
    with pytest.raises(IndexError):
        posts[3]


def test_a_name_that_two_posts_have_names_their_keys() -> None:
    same = [Post(Metadata(slug="walk", source=f"{folder}/walk.md")) for folder in "ab"]
    collection = clothbound.read(clothbound.write(same, "json").to_bytes())
    with pytest.raises(UnknownPostError, match="2 posts are 'walk'") as error:
        collection["walk"]
    for post in collection:
        assert post.metadata.key in error.value.hint
        assert collection[post.metadata.key] == post


def test_a_post_may_be_made_by_hand() -> None:
    metadata = Metadata(title="By hand", published=Timestamp.of("2021-04-01"), authors="Marit")  # type: ignore[arg-type]
    assert metadata.authors == ("Marit",)
    assert metadata.published == Timestamp.of(date(2021, 4, 1))
    assert metadata.published is not None
    assert (metadata.published.day, metadata.published.precision) == ("2021-04-01", "day")
    assert Timestamp.of("2021-04-01T10:00").value == datetime(2021, 4, 1, 10, tzinfo=UTC)
    assert Timestamp.of(datetime(2021, 4, 1, 10)).precision == "second"
    with pytest.raises(UsageError, match="'soon' is not a date"):
        Timestamp.of("soon")
    assert replace(metadata, title="Other").title == "Other"
    with pytest.raises(TypeError):
        replace(metadata, headline="Other")


def test_walk_yields_the_kinds_that_are_asked_for_in_order() -> None:
    post = clothbound.read(
        io.StringIO("![a](1.png) [b](2) ![c](3.png)[^1]\n\n[^1]: [d](4)\n"), "markdown"
    )[0]
    found = [getattr(node, "src", "") or getattr(node, "href", "") for node in walk(post)]
    assert [one for one in found if one] == ["1.png", "2", "3.png", "4"]
    assert [image.src for image in walk(post, Image)] == ["1.png", "3.png"]
    assert [type(node) for node in walk(post, Image, Text)] == [
        node for node in map(type, walk(post)) if node in (Image, Text)
    ]


def test_rewrite_keeps_the_type_of_a_node() -> None:
    paragraph = Paragraph((Text("words"),))
    assert rewrite(paragraph, lambda node: None, {Text}) == Paragraph(())
    for other in (None, Text("words"), (paragraph, paragraph)):
        with pytest.raises(TypeError, match="Paragraph holds one Paragraph"):
            rewrite(paragraph, lambda node, other=other: other, {Paragraph})


# books


def test_one_author_is_one_author(posts: clothbound.Collection) -> None:
    for book in (
        clothbound.book(posts, authors="Marit"),
        clothbound.book(posts, authors=["Marit"]),
        clothbound.book(posts, info=BookInfo(authors="Marit")),  # type: ignore[arg-type]
        clothbound.book(posts, info=BookInfo(authors=["Marit"])),  # type: ignore[arg-type]
    ):
        assert book.info.authors == ("Marit",)


def test_one_word_is_one_word(posts: clothbound.Collection) -> None:
    assert [post.title for post in clothbound.book(posts, Select(tags="harbour"))] == ["The ferry"]
    assert Select(states="draft", kinds="page", audiences="everyone", sites="a.example") == Select(
        states=("draft",), kinds=("page",), audiences=("everyone",), sites=("a.example",)
    )
    assert Run(audiences="only_paid", states=["draft"]) == Run(
        audiences=("only_paid",), states=("draft",)
    )


@pytest.mark.parametrize(
    "after",
    [
        date(2021, 3, 1),
        datetime(2021, 3, 1),
        "2021-03-01",
        "2021-03-01T00:00",
        datetime(2021, 3, 1, tzinfo=UTC),
    ],
)
def test_a_day_may_be_given_in_any_form(posts: clothbound.Collection, after: date | str) -> None:
    assert [p.title for p in clothbound.book(posts, Select(after=after))] == [
        "The storm",
        "The quay",
    ]
    assert [p.title for p in clothbound.book(posts, Select(before=after))] == ["The ferry"]


def test_a_moment_without_a_zone_is_in_that_of_the_selection(posts: clothbound.Collection) -> None:
    # The ferry sailed at 23:30 UTC, half past midnight in Oslo.
    for after in (
        date(2021, 3, 1),
        datetime(2021, 3, 1),
        "2021-03-01",
    ):
        assert len(clothbound.book(posts, Select(after=after, timezone="Europe/Oslo"))) == 3
    for minute, titles in ((30, ["The ferry", "The quay"]), (31, ["The quay"])):
        moment = datetime(2021, 3, 1, 0, minute)
        book = clothbound.book(posts, Select(after=moment, timezone="Europe/Oslo"))
        assert [post.title for post in book] == titles


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda posts: clothbound.book(posts, order=Order(parts="month")),
            "Order.parts cannot be 'month'; did you mean 'months'?",
        ),
        (
            lambda posts: clothbound.book(posts, order=Order(by="dates")),
            "Order.by cannot be 'dates'; did you mean 'date'?",
        ),
        (
            lambda posts: clothbound.book(posts, info=BookInfo(language="german")),
            "'german' is not a language code; did you mean 'de'?",
        ),
        (
            lambda posts: clothbound.book(posts, Select(tags=["harbor"])),
            "no post has the tag 'harbor'; did you mean 'harbour'?",
        ),
        (
            lambda posts: clothbound.book(posts, Select(kinds=["newsleter"])),
            "did you mean 'newsletter'?",
        ),
        (lambda posts: clothbound.book(posts, Select(after="March")), "'March' is not a date"),
        (
            lambda posts: clothbound.book(posts, Select(timezone="Oslo")),
            "there is no time zone 'Oslo'",
        ),
        (
            lambda posts: clothbound.book(posts, year="2021"),
            "Select.year is a whole number, not '2021'",
        ),
        (lambda posts: clothbound.book(posts, Select(min_words=-1)), "-1 is negative"),
        (
            lambda posts: clothbound.book(posts, Select(tags=[7])),
            "Select.tags has 7, which is not a text",
        ),
        (lambda posts: clothbound.book(posts, info=BookInfo(isbn="978")), "BookInfo.isbn: "),
        (
            lambda posts: clothbound.write(posts, Epub(destination="kindel")),
            "Epub.destination cannot be 'kindel'; did you mean 'kindle'?",
        ),
        (
            lambda posts: clothbound.write(posts, Pdf(page="A55")),
            "Pdf.page cannot be 'A55'; did you mean 'A5'?",
        ),
        (
            lambda posts: clothbound.write(posts, Epub(toc_depth="2")),
            "Epub.toc_depth is a whole number",
        ),
        (
            lambda posts: clothbound.write(posts, Epub(mentions="yes")),
            "Epub.mentions is True or False",
        ),
        (
            lambda posts: clothbound.read(b"words", MarkdownInput(dialect="github")),
            "MarkdownInput.dialect cannot be",
        ),
        (
            lambda posts: clothbound.read(b"words", Epub()),
            "Epub has the options of a writer, and those of a reader are needed",
        ),
        (
            lambda posts: clothbound.write(posts, MarkdownInput()),
            "MarkdownInput has the options of a reader",
        ),
        (
            lambda posts: clothbound.write(posts, Epub),
            "epub is given a class of options. Hint: write Epub()",
        ),
        (lambda posts: clothbound.write("a.md", "html"), "posts are needed, not str"),
        (lambda posts: clothbound.write(Path("a.md"), "html"), "posts are needed, not "),
        (lambda posts: clothbound.write(b"words", "html"), "posts are needed, not bytes"),
        (lambda posts: clothbound.write([posts[0], "b.md"], "html"), "posts are needed, not str"),
        (lambda posts: clothbound.book(posts, Select(month="2021-3")), "'2021-3' is not a month"),
        (lambda posts: clothbound.book("posts/"), "posts are needed, not str"),
        (lambda posts: clothbound.read(""), "the path of the source is empty"),
        (
            lambda posts: clothbound.write(posts, "epup"),
            "there is no writer 'epup'; did you mean 'epub'?",
        ),
        (
            lambda posts: clothbound.to_html(posts[0], pictures="embed"),
            "HtmlFragment.pictures cannot be 'embed'",
        ),
    ],
)
def test_what_is_wrong_is_refused_at_the_door(
    posts: clothbound.Collection, make: object, said: str
) -> None:
    with pytest.raises(UsageError) as error:
        make(posts)  # type: ignore[operator]
    assert said in str(error.value)


def test_a_style_sheet_may_be_named_by_a_text(posts: clothbound.Collection, tmp_path: Path) -> None:
    sheet = tmp_path / "own.css"
    sheet.write_text("p { color: teal }")
    page = clothbound.write(posts[0], Html(css=str(sheet))).to_text()  # type: ignore[arg-type]
    assert page == clothbound.write(posts[0], Html(css=sheet)).to_text()
    assert "teal" in page


def test_a_selection_that_leaves_nothing_is_an_error_of_its_own(
    posts: clothbound.Collection,
) -> None:
    with pytest.raises(NoPostsError, match="no post is left"):
        clothbound.book(posts, year=1999)


# fragments


@pytest.fixture
def shown(tmp_path: Path) -> Post:
    (tmp_path / "map.gif").write_bytes(PIXEL)
    (tmp_path / "a.md").write_text(
        "![A map](map.gif) ![Far](https://far.example/far.png) ![Gone](gone.png)\n"
    )
    post = clothbound.read(tmp_path / "a.md")[0]
    return replace(post, metadata=replace(post.metadata, title=""))


def test_a_fragment_without_a_title_calls_nothing_untitled(shown: Post) -> None:
    assert shown.title == ""
    for title in (True, False):
        assert "<h1" not in clothbound.to_html(shown, title=title)
        assert "opener" not in clothbound.to_html(shown, title=title)
    named = replace(shown, metadata=replace(shown.metadata, title="The map", subtitle="A subtitle"))
    assert "<h1>The map</h1>" in clothbound.to_html(named)
    assert "subtitle" not in clothbound.to_html(named, title=False)
    assert "<h1>Untitled</h1>" in clothbound.write(shown, "html").to_text()


def test_pictures_are_embedded_or_stay_where_they_are(shown: Post) -> None:
    inline = clothbound.to_html(shown)
    assert 'src="data:image/gif;base64,' in inline
    assert 'src="https://far.example/far.png"' in inline
    assert "gone.png" not in inline
    linked = clothbound.to_html(shown, pictures="link")
    assert 'src="map.gif"' in linked
    assert 'src="gone.png"' in linked
    assert 'src="https://far.example/far.png"' in linked
    artifact = clothbound.write(shown, HtmlFragment(pictures="link"))
    assert artifact.to_text() == linked
    assert (artifact.report.missing, artifact.report.beside) == (0, 2)


def test_a_function_says_where_pictures_are(shown: Post) -> None:
    seen = []

    def address(image: Image) -> str:
        seen.append(image.alt)
        return "" if image.alt == "Gone" else f'/media/{image.src[-7:]}?"><script>'

    made = clothbound.to_html(shown, pictures=address)
    assert seen == ["A map", "Far", "Gone"]
    assert 'src="/media/map.gif?%22%3E%3Cscript%3E"' in made
    assert "<script" not in made
    assert "Gone" in made  # in words, since there is no picture
    assert "javascript" not in clothbound.to_html(
        shown, pictures=lambda image: "javascript:alert(1)"
    )


def test_a_style_sheet_stands_before_the_fragment(shown: Post, tmp_path: Path) -> None:
    plain = clothbound.to_html(shown)
    rule = "p::after { content: '</style><script>' }"
    made = clothbound.to_html(shown, css=rule)
    assert made.endswith(plain)
    assert made.startswith("<style>\np::after")
    assert made.count("</style>") == 1
    sheet = tmp_path / "own.css"
    sheet.write_text(rule)
    assert clothbound.to_html(shown, css=sheet) == clothbound.to_html(shown, css=str(sheet)) == made
    assert clothbound.to_html(shown, css="") == plain
    with pytest.raises(OptionError, match=r"no-such\.css"):
        clothbound.to_html(shown, css="no-such.css")


# many


def test_many_conversions_take_what_one_takes(tmp_path: Path) -> None:
    for name, text in {
        "a": "~~gone~~ www.a.example",
        "b": "![A map](gone.png)",
        "c": "words " * 50,
    }.items():
        (tmp_path / f"{name}.md").write_text(text)
    many = partial(
        clothbound.convert_many, sorted(tmp_path.glob("*.md")), folder=tmp_path / "out", strict=True
    )
    results = list(
        many(
            writer=Epub(toc_depth=2),
            reader=MarkdownInput(dialect="gfm"),
            run=Run(limits=Limits(post_bytes=200)),
        )
    )
    errors = [type(result.error).__name__ for result in results]
    assert errors == ["NoneType", "LossError", "ReadError"]
    assert [path.name for path in (tmp_path / "out").glob("*.epub")] == ["a.epub"]
    linked = next(iter(many(to="html", reader=MarkdownInput(dialect="gfm"))))
    assert 'href="http://www.a.example"' in Path(linked.target).read_text()
    plain = next(iter(many(to="html", reader=MarkdownInput(dialect="commonmark"))))
    assert "www.a.example" in Path(plain.target).read_text()
    assert "href" not in Path(plain.target).read_text().partition("<body>")[2]


def test_many_conversions_are_refused_before_the_first(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="one of to and writer"):
        clothbound.convert_many(["a.md"], folder=tmp_path)
    with pytest.raises(TypeError, match="one of to and writer"):
        clothbound.convert_many(["a.md"], to="html", writer="html", folder=tmp_path)
    with pytest.raises(UnknownFormatError, match="did you mean 'html'"):
        clothbound.convert_many(["a.md"], to="htm", folder=tmp_path)
    with pytest.raises(UnknownFormatError, match="did you mean 'markdown'"):
        clothbound.convert_many(["a.md"], to="html", reader="markdwn", folder=tmp_path)
    with pytest.raises(OptionError, match="options of a reader"):
        clothbound.convert_many(["a.md"], to=MarkdownInput(), folder=tmp_path)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_one_path_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("words")
    (result,) = clothbound.convert_many(str(tmp_path / "a.md"), to="html", folder=tmp_path / "out")
    assert (result.error, Path(result.target).name) == (None, "a.html")


# --- whoever asked is told in his own words


OF_THE_COMMAND = ("cli", "installer.py")
_OPTION = re.compile(r"(?:^|[\s(`'\"])--?[a-zA-Z][\w-]*")


def told(call: ast.Call) -> Iterator[ast.Constant]:
    """The texts of a call that a user of the library reads: not what a Hint has for the command."""
    children = (*call.args, *(keyword.value for keyword in call.keywords))
    for child in children[:1] if ast.unparse(call.func) == "Hint" else children:
        for node in ast.walk(child):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Hint":
                for other in ast.walk(node.args[1]):
                    other.said_by_command = True  # type: ignore[attr-defined]
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node


def test_no_error_of_the_library_names_an_option_of_the_command() -> None:
    package = Path(clothbound.__file__).parent
    found, calls = [], 0
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] in OF_THE_COMMAND:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and (name.endswith("Error") or name in ("Fault", "Hint")):
                calls += 1
                found += [
                    f"{path.name}:{text.lineno}: {text.value}"
                    for text in told(node)
                    if not hasattr(text, "said_by_command")
                    and _OPTION.search(text.value)
                    and "`pandoc " not in text.value
                ]
    assert calls > 300
    assert not found, found


def test_a_hint_names_the_way_of_whoever_asked(tmp_path: Path) -> None:
    (tmp_path / "a.zzz").write_text("Words.\n")
    with pytest.raises(UnknownFormatError) as raised:
        clothbound.read(tmp_path / "a.zzz")
    assert "format='markdown'" in str(raised.value)
    assert "--from" not in str(raised.value)
    assert "--from markdown" in raised.value.for_command
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.for_command) == (str(raised.value), raised.value.for_command)
    done = subprocess.run(
        [sys.executable, "-m", "clothbound", "convert", str(tmp_path / "a.zzz"), "-t", "html"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "--from markdown" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        (
            "posts",
            "Die Fähre kam wieder spät, und niemand am Kai hat sich daran gestört.",
            "Beiträge",
        ),
        ("posts", "The ferry was late again, and nobody on the quay seemed to mind it.", "Posts"),
        (
            "letters",
            "Die Fähre kam wieder spät, und niemand am Kai hat sich daran gestört.",
            "Letters",
        ),
    ],
)
def test_a_folder_of_posts_is_named_in_their_language(
    tmp_path: Path, name: str, text: str, title: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.md").write_text(f"# {number}\n\n{text}\n", "utf-8")
    posts = clothbound.read(folder)
    assert posts.info.title == title
    assert posts.named_by_source
    assert clothbound.read(folder / "1.md").info.title == title
