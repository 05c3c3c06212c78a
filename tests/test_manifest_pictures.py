"""Tests ``[pictures]`` of a book.toml: which pictures it lists, and what their words do."""

from __future__ import annotations

import re
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.cli import command
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import ManifestError
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.index import Index, IndexEntry
from clothbound.model.plain_text import is_decorative
from clothbound.model.post import Metadata, Post
from clothbound.model.walk import walk
from clothbound.plan import PostFields, make_book, read_manifest, read_posts
from clothbound.plan.chapter_names import Names
from clothbound.plan.drafting import draft
from clothbound.plan.pictures import (
    PictureList,
    check_general,
    count_undescribed,
    describe,
    resolve,
)
from clothbound.plan.reading import parse_manifest
from clothbound.plan.updating import update
from clothbound.substack.cdn import wrap
from epub_samples import picture
from printed_books import accessibility_errors

PNG = picture("PNG")
HEAD = "[posts]\nsource = 'posts'\n"
FAR = "https://substack-post-media.s3.amazonaws.com/public/images/a1_640x480.png"


def post(folder: Path, name: str, text: str, day: int = 1) -> None:
    (folder / "posts").mkdir(exist_ok=True)
    header = f"---\ntitle: The {name}\ndate: 2023-01-{day:02}\nslug: {name}\n---\n\n"
    (folder / "posts" / f"{name}.md").write_text(header + text, "utf-8")


def first_draft(folder: Path) -> str:
    posts = folder / "posts"
    wishes = PostFields(source=str(posts))
    return draft(clothbound.read(posts), folder / "book.toml", wishes)[0]


def rows(text: str) -> list[str]:
    """Returns the lines below ``[pictures]``."""
    return text.partition("\n[pictures]\n")[2].splitlines()


def keys(text: str) -> list[str]:
    return list(tomllib.loads(text).get("pictures", {}))


def plan(folder: Path, pictures: str, more: str = "") -> Path:
    path = folder / "book.toml"
    path.write_text(f"{HEAD}{more}\n[pictures]\n{pictures}\n", "utf-8")
    return path


def made(folder: Path, pictures: str, more: str = "") -> Collection:
    manifest = read_manifest(plan(folder, pictures, more))
    return make_book(manifest, read_posts(manifest))


def words(post: Post) -> dict[str, str]:
    return {node.src: "-" if is_decorative(node) else node.alt for node in walk(post, i.Image)}


def updated(folder: Path) -> str:
    manifest = read_manifest(folder / "book.toml")
    return update(manifest, read_posts(manifest)).text


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments], standalone_mode=False)


EVERYWHERE = f"""\
![](first.png)

Before it.

<figure><img src="figure.png" alt=""><figcaption>A caption of two lines,
really</figcaption></figure>

In a line ![](inline.png) and ![](IMG_2034.jpg), ![Described](words.png).

| a | b |
|---|---|
| ![](cell.png) | x |

Marked.[^1]

::: image-gallery-embed
![](gallery/1.png)

![](gallery/2.png)
:::

![]({wrap(FAR)})

[^1]: Noted ![](note.png).
"""


def test_the_draft_lists_pictures_without_words_wherever_they_are(tmp_path: Path) -> None:
    post(tmp_path, "quay", EVERYWHERE)
    post(tmp_path, "plain", "![Seen](seen.png)\n", day=2)
    text = first_draft(tmp_path)
    found = rows(text)
    assert found[0] == '"quay/first.png" = ""  # The quay: at the beginning'
    named = {key.removeprefix("quay/") for key in keys(text)}
    names = (
        "first.png figure.png inline.png cell.png 1.png 2.png note.png a1_640x480.png IMG_2034.jpg"
    )
    assert named == set(names.split())
    assert '"quay/figure.png" = ""  # The quay: "A caption of two lines, really"' in found
    (inline,) = [row for row in found if "inline.png" in row]
    assert inline.endswith('after "Before it. A caption of two lines, really In a line"')
    # The file that was written is one that is read.
    parse_manifest(text, tmp_path / "book.toml")


def test_a_book_without_such_pictures_has_no_heading(tmp_path: Path) -> None:
    post(tmp_path, "plain", "![Seen](seen.png) ![](line.png){role=presentation}\n")
    assert "[pictures]" not in first_draft(tmp_path)


def test_words_reach_every_picture_and_what_is_decorative_says_so(tmp_path: Path) -> None:
    post(tmp_path, "quay", EVERYWHERE)
    filled = first_draft(tmp_path).replace('.png" = ""', '.png" = "Words"')
    filled = filled.replace('.jpg" = ""', '.jpg" = "decorative"')
    (tmp_path / "book.toml").write_text(filled, "utf-8")
    manifest = read_manifest(tmp_path / "book.toml")
    book = make_book(manifest, read_posts(manifest))
    found = words(book.posts[0])
    assert found.pop("IMG_2034.jpg") == "-"
    assert found.pop("words.png") == "Described"
    assert set(found.values()) == {"Words"}
    assert len(found) == 8
    assert count_undescribed(book.posts) == (0, 10)
    assert [d for d in book.posts[0].diagnostics if d.code is DiagnosticCode.EDIT_STALE] == []


def test_empty_words_change_nothing(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png) ![B](b.png)\n")
    book = made(tmp_path, '"quay/a.png" = ""\n"quay/b.png" = ""')
    assert words(book.posts[0]) == {"a.png": "", "b.png": "B"}
    assert count_undescribed(book.posts) == (1, 2)


def test_words_in_place_of_others_are_reported_with_these(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![Old words](a.png)\n")
    book = made(tmp_path, '"quay/a.png" = """\nNew\nwords"""')
    assert words(book.posts[0]) == {"a.png": "New words"}
    (found,) = [d for d in book.posts[0].diagnostics if d.code is DiagnosticCode.EDITED]
    assert (found.message, found.text) == ("alternative text replaced by book.toml:5", "Old words")


def test_pictures_of_one_name_are_told_apart_by_their_folders_and_addresses(tmp_path: Path) -> None:
    text = (
        "![](a/x.png) ![](b/x.png) ![](https://far.example/i?n=1) ![](https://far.example/i?n=2)\n"
    )
    post(tmp_path, "quay", text)
    found = keys(first_draft(tmp_path))
    assert found == [
        "quay/a/x.png",
        "quay/b/x.png",
        "quay/https://far.example/i?n=1",
        "quay/https://far.example/i?n=2",
    ]
    book = made(tmp_path, "\n".join(f'"{key}" = "{n}"' for n, key in enumerate(found)))
    assert list(words(book.posts[0]).values()) == ["0", "1", "2", "3"]


def test_a_picture_of_several_posts_has_one_line(tmp_path: Path) -> None:
    for day, name in enumerate(("quay", "loft"), 1):
        post(tmp_path, name, f"![](https://far.example/logo.png) ![](own.png)\n\n{name}\n", day)
    found = keys(first_draft(tmp_path))
    # Both posts are in one folder, and so have the same file.
    assert found == ["logo.png", "own.png"]
    book = made(tmp_path, '"logo.png" = "decorative"\n"quay/own.png" = "Quay"\n"own.png" = "All"')
    assert [list(words(post).values()) for post in book.posts] == [["-", "Quay"], ["-", "All"]]


def test_a_picture_of_the_same_name_in_each_posts_folder_is_another(tmp_path: Path) -> None:
    for name in ("quay", "loft"):
        folder = tmp_path / "posts" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.md").write_text(f"# {name}\n\n![](cover.png)\n", "utf-8")
    assert keys(first_draft(tmp_path)) == ["loft/loft.md/cover.png", "quay/quay.md/cover.png"]
    book = made(tmp_path, '"cover.png" = "X"')
    (found,) = [d for d in book.diagnostics if d.code is DiagnosticCode.EDIT_STALE]
    assert (
        "means several pictures: loft/loft.md/cover.png, quay/quay.md/cover.png. " in found.message
    )


def test_a_name_that_means_several_pictures_is_not_applied(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a/x.png)\n")
    post(tmp_path, "loft", "![](b/x.png) ![](c/x.png)\n", 2)
    book = made(tmp_path, '"x.png" = "X"\n"loft/x.png" = "Y"')
    found = [d for d in (*book.diagnostics, *book.posts[1].diagnostics) if "several" in d.message]
    assert [(d.source, d.line, d.severity) for d in found] == [
        ("book.toml", 5, Severity.ERROR),
        ("book.toml", 6, Severity.ERROR),
    ]
    assert "loft/b/x.png, loft/c/x.png, quay/a/x.png" in found[0].message
    assert {alt for post in book.posts for alt in words(post).values()} == {""}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            '"quay/pots.pgn" = "W"',
            "there is no picture 'quay/pots.pgn'; did you mean 'quay/pots.png'?",
        ),
        (
            '"quai/pots.png" = "W"',
            "there is no picture 'quai/pots.png'; did you mean 'quay/pots.png'?",
        ),
        ('"zzz" = "W"', "there is no picture 'zzz'."),
    ],
)
def test_an_unknown_picture_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    post(tmp_path, "quay", "![](pots.png)\n")
    plan(tmp_path, line)
    result = run("check", tmp_path / "book.toml")
    assert f"book.toml:5: error: {said}" in result.stderr
    strict = run("book", tmp_path / "book.toml", "-o", tmp_path / "a.html", "--strict")
    assert "1 rule or edit was not applied" in strict.stderr


def test_a_line_without_words_whose_picture_is_gone_is_a_warning(tmp_path: Path) -> None:
    post(tmp_path, "quay", "No picture.\n")
    book = made(tmp_path, '"quay/pots.png" = ""\n"gone.png" = ""')
    found = [*book.diagnostics, *book.posts[0].diagnostics]
    assert [d.severity for d in found if d.line in (5, 6)] == [Severity.WARNING] * 2


def test_lines_for_posts_that_are_not_in_the_book_are_left_alone(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png)\n")
    post(tmp_path, "loft", "![](b.png)\n", 2)
    lines = '"loft/b.png" = "B"\n"b.png" = "B"'
    book = made(tmp_path, lines, '[chapters]\nquay = ""\n')
    assert [d for d in book.diagnostics if d.code is DiagnosticCode.EDIT_STALE] == []
    assert book.posts[0].diagnostics == ()


def test_a_text_of_the_books_own_is_named_by_its_role(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png)\n")
    (tmp_path / "before.md").write_text("# Before\n\n![](b.png)\n", "utf-8")
    more = '[texts]\nforeword = "before.md"\n[chapters]\nquay = ""\n'
    plan(tmp_path, "", more)
    assert keys(updated(tmp_path)) == ["foreword/b.png", "quay/a.png"]
    book = made(tmp_path, '"foreword/b.png" = "B"', more)
    assert words(book.posts[0]) == {"b.png": "B"}


def test_edits_and_rules_come_before_the_words(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png)\n")
    (tmp_path / "edits").mkdir()
    (tmp_path / "edits" / "quay.md").write_text("![](c.png)\n\nEdited.\n", "utf-8")
    book = made(tmp_path, '"quay/c.png" = "C"\n"quay/a.png" = "A"')
    assert words(book.posts[0]) == {"c.png": "C"}
    stale = [d for d in book.posts[0].diagnostics if d.code is DiagnosticCode.EDIT_STALE]
    assert [d.line for d in stale] == [6]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a = 1", "'a' is in the list of pictures, but its value is not words in quotation marks"),
        ('quay.png = "x"', "put a name with a dot in quotation marks"),
        ("fetch = true", "it belongs under [book]"),
        ('"a" = "x"\n"a" = "y"', "the same name is given twice"),
    ],
)
def test_a_value_that_is_no_words_is_an_error_with_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    (tmp_path / "posts").mkdir()
    with pytest.raises(ManifestError, match=re.escape(said)) as error:
        read_manifest(plan(tmp_path, line))
    assert error.value.line == 5 + line.count("\n")


# --- update -----------------------------------------------------------------------------------------


def test_update_adds_lines_and_changes_none(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png) ![](b.png) ![](c.png)\n")
    text = (
        f'{HEAD}[pictures]\n# mine\n"quay/a.png"   =   "Words"   # kept\n# "quay/b.png" = ""\n\n'
        '[chapters]\nquay = ""\n# [[remove]]\n'
    )
    (tmp_path / "book.toml").write_text(text, "utf-8")
    once = updated(tmp_path)
    added = '"quay/c.png" = ""  # The quay: at the beginning (3)\n'
    assert once.replace(added, "", 1) == text
    assert once.index(added) == text.index('# "quay/b.png"') + len('# "quay/b.png" = ""\n')
    (tmp_path / "book.toml").write_text(once, "utf-8")
    assert updated(tmp_path) == once


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_update_adds_the_heading_where_there_is_none(tmp_path: Path, end: str) -> None:
    post(tmp_path, "quay", "![](a.png)\n")
    path = tmp_path / "book.toml"
    text = f'{HEAD}[chapters]\nquay = ""'.replace("\n", end)
    path.write_bytes(text.encode())
    result = run("update", path)
    assert "book.toml: 1 picture has no alternative text, and a new line" in result.stderr
    after = path.read_bytes().decode()
    assert after.startswith(text + end + end + "# Words for pictures")
    assert after.endswith(f'[pictures]{end}"quay/a.png" = ""  # The quay: at the beginning{end}')
    assert "\n" not in after.replace(end, "")


def test_update_lists_the_pictures_of_new_posts_after_these(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png)\n")
    (tmp_path / "book.toml").write_text(first_draft(tmp_path), "utf-8")
    post(tmp_path, "loft", "![](b.png)\n", 2)
    result = run("update", tmp_path / "book.toml")
    text = (tmp_path / "book.toml").read_text("utf-8")
    assert keys(text) == ["quay/a.png", "loft/b.png"]
    line = 1 + text.splitlines().index(next(r for r in text.splitlines() if r.startswith("loft")))
    assert f"book.toml:{line}: new: The loft" in result.stderr


def test_a_plan_that_lists_no_chapters_may_list_pictures(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png)\n")
    plan(tmp_path, "")
    assert keys(updated(tmp_path)) == ["quay/a.png"]


def test_a_plan_that_names_a_post_that_is_gone_is_not_stopped(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png)\n")
    (tmp_path / "book.toml").write_text(f'{HEAD}[chapters]\nquay = ""\ngone = ""\n', "utf-8")
    manifest = read_manifest(tmp_path / "book.toml")
    result = update(manifest, read_posts(manifest))
    assert result.text == manifest.text
    assert len(result.faults) == 1


_NAME = st.text("ab./ é?#%\"'\\", min_size=1, max_size=6)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(addresses=st.lists(st.lists(_NAME, min_size=1, max_size=3), min_size=1, max_size=3))
def test_each_line_is_for_the_picture_that_it_was_written_for(
    addresses: list[list[str]], tmp_path: Path
) -> None:
    posts = [
        Post(
            Metadata(key=f"p{n}", slug=f"p{n}", title="T"),
            tuple(b.Figure(i.Image(f"{place}.png")) for place in places),
        )
        for n, places in enumerate(addresses)
    ]
    found = PictureList()
    for each in posts:
        found.add(each)
    text = f"{HEAD}[pictures]\n" + "\n".join(found.lines()).replace(' = ""', ' = "W"')
    (tmp_path / "posts").mkdir(exist_ok=True)
    manifest = parse_manifest(text, tmp_path / "book.toml")
    names = Names(Index(tuple(IndexEntry(each.metadata) for each in posts)))
    lines = resolve(manifest.pictures, names, {})
    general, reported = check_general(lines, posts, (), "book.toml")
    assert reported == []
    for each in posts:
        own = [line for line in lines if line.post == each.metadata.key]
        described = describe(each, [*general, *own], "book.toml")
        assert described.diagnostics == ()
        assert set(words(described).values()) == {"W"}


# --- products ---------------------------------------------------------------------------------------


def decorated(folder: Path) -> Path:
    post(folder, "quay", "Words.\n\n![](a.png)\n\n![](b.png)\n\nIn a ![](b.png) line.\n")
    for name in ("a", "b"):
        (folder / "posts" / f"{name}.png").write_bytes(PNG)
    return plan(folder, '"quay/a.png" = "A pot"\n"quay/b.png" = "Decorative"')


@pytest.mark.parametrize("options", [(), ("--for", "kindle")])
def test_an_epub_has_the_words_and_nothing_for_what_is_decorative(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    result = run("book", decorated(tmp_path), "-o", tmp_path / "a.epub", "-v", *options)
    assert result.exception is None
    assert "alt-missing" not in result.stderr
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        texts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    (chapter,) = [text for text in texts.values() if "In a" in text and "<img" in text]
    tags = re.findall(r"<img[^>]*>", chapter)
    assert ['alt="A pot"' in tag for tag in tags] == [True, False, False]
    assert ['alt=""' in tag and 'role="presentation"' in tag for tag in tags] == [
        False,
        True,
        True,
    ]
    (package,) = [text for name, text in texts.items() if name.endswith(".opf")]
    assert "alternativeText" in package


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_pdf_tags_only_pictures_that_show_something(tmp_path: Path, engine: str) -> None:
    result = run("book", decorated(tmp_path), "-o", tmp_path / "a.pdf", "--engine", engine)
    assert result.exception is None
    pikepdf = pytest.importorskip("pikepdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        figures = [
            str(item.get("/Alt"))
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
        streams = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    assert figures == ["A pot"]
    assert streams.count(b" Do") == 3
    assert accessibility_errors(tmp_path / "a.pdf") == []


def test_a_decorative_picture_that_leads_somewhere_is_the_name_of_its_link(tmp_path: Path) -> None:
    post(tmp_path, "quay", "[![](a.png)](https://far.example/)\n")
    (tmp_path / "posts" / "a.png").write_bytes(PNG)
    book = made(tmp_path, '"quay/a.png" = "decorative"')
    html = clothbound.to_html(book.posts[0])
    assert "presentation" not in html
    assert 'alt="' in html
    assert 'alt=""' not in html


def test_check_counts_what_has_no_words(tmp_path: Path) -> None:
    post(tmp_path, "quay", "![](a.png) ![](b.png) ![C](c.png)\n")
    path = plan(tmp_path, '"quay/a.png" = "A"')
    said = run("check", path).stderr
    assert "1 picture has no alternative text, of 3: `clothbound update" in said
    assert "alternative text, of" not in run("check", path, "-q").stderr
    assert "alternative text, of" not in run("check", tmp_path / "posts").stderr
    plan(tmp_path, '"quay/a.png" = "A"\n"quay/b.png" = "decorative"')
    assert "alternative text" not in run("check", path).stderr


def test_a_plan_of_the_letters_is_filled_and_nothing_is_missing(tmp_path: Path) -> None:
    letters = Path(__file__).parent.parent / "examples" / "letters"
    said = run("init", letters, "-o", tmp_path / "book.toml", "--parts", "none").stderr
    assert "book.toml: 2 pictures have no alternative text; [pictures] at its end lists" in said
    text = (tmp_path / "book.toml").read_text("utf-8")
    assert len(keys(text)) == 2
    (tmp_path / "book.toml").write_text(text.replace('.png" = ""', '.png" = "Words"'), "utf-8")
    manifest = read_manifest(tmp_path / "book.toml", Limits())
    book = make_book(manifest, read_posts(manifest))
    assert count_undescribed(book.posts)[0] == 0
