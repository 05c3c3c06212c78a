"""Tests which files of a folder are posts, and that skipped files are counted and named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
from clothbound.cli import main
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import OptionError
from clothbound.limits import Limits
from clothbound.model.slugs import MARKDOWN_FILES
from clothbound.readers.export_files import FolderFiles
from clothbound.readers.html import HtmlInput
from clothbound.readers.markdown.options import MarkdownInput, ObsidianInput
from clothbound.readers.post_files import find_post_files
from clothbound.unread_formats import POST_EXTENSIONS
from docs_pages import all_words

MARKDOWN = frozenset({".md", ".mkd", ".mdown"})


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Of {name}\n\nWords.\n")


def told(folder: Path, **options: object) -> dict[Severity, str]:
    found = clothbound.read(folder, MarkdownInput(**options))  # type: ignore[arg-type]
    return {
        d.severity: d.message
        for d in found.diagnostics
        if d.code is DiagnosticCode.FILES_PASSED_OVER
    }


def test_files_are_in_natural_order(tmp_path: Path) -> None:
    names = ["1.md", "01a/b.md", "1a/9.md", "1a/009b.md", "1a/10.md", "9.md", "10.md"]
    names += [f"{'9' * 100}.md", f"1{'0' * 100}.md", "a.md", "A1.md", "a1.md", "a1b.md", "a 1.md"]
    names += ["a\u0663.md", "ab.md", "B.md", "\u0663.md"]
    make(tmp_path, *names)

    def key(path: str) -> list[tuple[bool, int, str]]:
        parts = filter(None, re.split(r"(\d+)", path))
        whole = ((part, part.isascii() and part.isdigit()) for part in parts)
        return [
            (not is_number, int(p) if is_number else 0, "" if is_number else p.casefold())
            for p, is_number in whole
        ]

    expected = sorted(sorted(names), key=key)
    assert find_post_files(tmp_path, MARKDOWN).posts == expected
    assert expected.index("9.md") < expected.index("10.md")


def test_a_folder_of_another_format_with_one_post_says_so(tmp_path: Path) -> None:
    make(tmp_path, "a.md", *(f"blog/p{n}.org" for n in range(156)))
    message = told(tmp_path)[Severity.WARNING]
    assert "156 files skipped" in message
    assert "156 .org (blog/p0.org, blog/p1.org, blog/p2.org ...)" in message


def test_each_format_is_counted_by_itself_and_named(tmp_path: Path) -> None:
    names = (
        "b.textile",
        "c.wiki",
        "d.adoc",
        "e.org",
        "f.txt",
        "g.ipynb",
        "h.html",
        "i.docx",
        "j.TXT",
    )
    make(tmp_path, "a.md", *names, "k.png", "l.css", "m.toml", "CNAME")
    message = told(tmp_path)[Severity.WARNING]
    assert "9 files skipped" in message
    for name in names:
        assert name in message
    for name in ("k.png", "l.css", "m.toml", "CNAME"):
        assert name not in message
    assert "Hint: the reader markdown (-f markdown) reads .ipynb alone" in message
    assert (
        "the reader html (-f html) reads .html alone; a .txt that is a post is read under a name in .md; convert"
        in message
    )
    make(tmp_path / "pages", "a.html", "b.md")
    pages = clothbound.read(tmp_path / "pages", "html")
    assert [d.message for d in pages.diagnostics if "b.md" in d.message]


def test_every_file_in_which_people_keep_posts_is_read_or_named(tmp_path: Path) -> None:
    names = [f"a{number}{extension}" for number, extension in enumerate(sorted(POST_EXTENSIONS))]
    make(tmp_path, "a.md", *names)
    ((_, files),) = [(d, d.message) for d in clothbound.read(tmp_path).diagnostics]
    assert f"{len(names)} files skipped" in files
    assert all(f"({name})" in files for name in names)
    assert {".mdoc", ".pages", ".doc", ".eml", ".enex", ".pandoc"} <= POST_EXTENSIONS


def test_every_extension_of_markdown_is_read(tmp_path: Path) -> None:
    names = (
        "a.md",
        "b.markdown",
        "c.mdown",
        "d.mkd",
        "e.mkdn",
        "f.mkdown",
        "g.MD",
        "h.qmd",
        "i.Rmd",
        "j.mdx",
    )
    make(tmp_path, *names)
    assert [m.source for m in clothbound.read(tmp_path).index] == list(names)
    assert told(tmp_path) == {}
    assert len(clothbound.read(tmp_path / "c.mdown")) == 1


def test_the_docs_name_every_extension_of_markdown() -> None:
    *first, last = (f"`{extension}`" for extension in MARKDOWN_FILES)
    assert f"below it: {', '.join(first)} and {last}." in all_words()


def test_what_is_no_post_is_counted(tmp_path: Path) -> None:
    make(
        tmp_path,
        *(
            "README.md",
            "a.md",
            "blog/readme.md",
            "README.zh-CN.md",
            "_index.md",
            "blog/_index.de.md",
        ),
        *("node_modules/x/README.md", "node_modules/x/CHANGELOG.md", "blog/index.md"),
        *("themes/paper/README.md", "themes/paper/exampleSite/content/post.md"),
        *("themes/paper/theme.toml", "_layouts/post.md", "_includes/a.md", "archetypes/default.md"),
        *("vendor/bundle/ruby/x.md", "hugo.toml"),
    )
    assert [m.source for m in clothbound.read(tmp_path).index] == ["a.md", "blog/index.md"]
    message = told(tmp_path)[Severity.INFO]
    for what in (
        "3 README files",
        "2 pages of sections",
        "2 folders of packages (node_modules, vendor)",
        "4 folders of themes",
    ):
        assert what in message, message
    assert Severity.WARNING not in told(tmp_path)


PARTS = {
    "Docsify": (("_sidebar.md", "_navbar.md", "guide/_sidebar.md", "_coverpage.md"), ()),
    "a wiki": (("_Sidebar.md", "_Footer.md", "_Header.md"), ()),
    "MDX": (("_card.mdx", "blog/_note.mdx", "_Quay.MDX"), ()),
    "Gatsby": (("_card.mdx",), ("gatsby-config.js",)),
    "Franklin": (("config.md",), ("_layout/head.html",)),
}


@pytest.mark.parametrize("kind", PARTS)
def test_parts_of_pages_are_no_posts_and_the_report_says_how_to_read_them(
    kind: str, tmp_path: Path
) -> None:
    parts, beside = PARTS[kind]
    source = tmp_path / "site"
    make(source, "a.md", *parts, *beside)
    for part in parts:
        (source / part).write_text("zqpart of all pages\n")
    read = clothbound.read(source)
    assert [m.source for m in read.index] == ["a.md"]
    (message,) = (
        d.message
        for d in read.diagnostics
        if "parts of pages" in d.message or "part of pages" in d.message
    )
    assert f"{len(parts)} part" in message
    assert parts[0] in message
    assert "read if it is named alone" in message
    assert len(clothbound.read(source / parts[0])) == 1
    report = clothbound.write(clothbound.book(read), "epub").save(tmp_path / "b.epub")
    compared = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert not compared.missing


def test_a_folder_of_parts_alone_is_read_and_config_is_a_post_elsewhere(tmp_path: Path) -> None:
    make(tmp_path / "a", "_sidebar.md", "_x.mdx")
    read = clothbound.read(tmp_path / "a")
    assert len(read) == 2
    clothbound.write(read, "markdown").save(tmp_path / "copies")
    compared = clothbound.compare(tmp_path / "a", tmp_path / "copies")
    assert len(compared.present) == 2
    make(tmp_path / "b", "config.md", "a.md", "_note.md")
    assert len(clothbound.read(tmp_path / "b")) == 3


def test_a_post_that_is_a_template_of_middleman_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "2024-01-02-rope.html.md.erb", "b.html.markdown.erb", "layout.erb")
    assert [m.source for m in clothbound.read(tmp_path).index] == ["a.md"]
    message = told(tmp_path)[Severity.WARNING]
    assert "2 .md.erb (2024-01-02-rope.html.md.erb, b.html.markdown.erb)" in message
    assert "layout" not in message
    assert "a copy of a .md.erb whose name ends with .md is read" in message


def test_a_folder_of_essays_on_themes_is_read_as_any_other(tmp_path: Path) -> None:
    make(tmp_path, "themes/love.md", "themes/sea/tides.md", "layouts/a.md", "vendor/b.md")
    make(tmp_path, "archetypes/hero.md", "readme-first.md", "reading/README/a.md", "_posts/c.md")
    assert len(clothbound.read(tmp_path)) == 8
    assert told(tmp_path) == {}


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("old", ["a.md", "new/b.md", "new/drafts/d.md"]),
        ("old/", ["a.md", "new/b.md", "new/drafts/d.md"]),
        ("./old", ["a.md", "new/b.md", "new/drafts/d.md"]),
        ("b.*", ["a.md", "new/drafts/d.md", "old/c.md"]),
        ("*.md", []),
        ("new/*", ["a.md", "old/b.md", "old/c.md"]),
        ("new/drafts", ["a.md", "new/b.md", "old/b.md", "old/c.md"]),
        ("**/drafts/**", ["a.md", "new/b.md", "old/b.md", "old/c.md"]),
        ("drafts", ["a.md", "new/b.md", "old/b.md", "old/c.md"]),
        ("[ab].md", ["new/drafts/d.md", "old/c.md"]),
    ],
)
def test_files_are_excluded_by_pattern(pattern: str, left: list[str], tmp_path: Path) -> None:
    make(tmp_path, "a.md", "old/b.md", "old/c.md", "new/b.md", "new/drafts/d.md")
    found = find_post_files(tmp_path, MARKDOWN, (pattern,))
    assert list(found.posts) == left
    assert found.unused_patterns == ()


def test_what_was_excluded_is_counted_and_no_longer_named(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "old/b.md", "notes.txt", "bad.md")
    (tmp_path / "bad.md").write_bytes(b"\xff\xff")
    assert told(tmp_path / "old", exclude=("x",)) == {Severity.WARNING: "'x' excludes no file here"}
    found = told(tmp_path, exclude=("old", "*.txt", "bad.md"))
    assert found == {Severity.INFO: "not read as posts: 2 files and 1 folder excluded"}


def test_options_that_exclude_are_for_folders(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "b/c.html")
    with pytest.raises(OptionError, match="folder"):
        clothbound.read(tmp_path / "a.md", MarkdownInput(exclude=("b",)))
    page = clothbound.read(tmp_path, HtmlInput(exclude=("a.md",)))
    assert len(page) == 1
    assert len(clothbound.read(tmp_path, ObsidianInput(exclude=("b",)))) == 1


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main(arguments)
        return int(left.value.code or 0), capfd.readouterr().err

    return call


def test_the_commands_tell_and_exclude(run: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    make(tmp_path / "posts", "a.md", "old.md", "b.adoc", "README.md")
    for command in (["convert", "-t", "text", "-o", "out"], ["check"]):
        code, err = run(command[0], "posts", *command[1:])
        assert code == 0
        assert "1 .adoc (b.adoc)" in err
        assert "1 README file" in err
        code, err = run(command[0], "posts", *command[1:], "--exclude", "old.md")
        assert "1 post" in err
    assert run("init", "posts", "--exclude", "old.md")[0] == 0
    plan = (tmp_path / "book.toml").read_text()
    assert 'exclude = ["old.md"]' in plan
    make(tmp_path / "posts", "new.md")
    assert ": 1 new post" in run("update", "book.toml")[1]
    assert "2 posts" in run("book", "book.toml", "-o", "a.txt")[1]
    assert run("import", "posts", "kept", "--exclude", "*.md")[0] == 1
    (tmp_path / "feed.xml").write_text(
        '<rss version="2.0"><channel><title>T</title></channel></rss>'
    )
    code, err = run("check", "feed.xml", "--exclude", "x")
    assert code == 2
    assert "rss has no option 'exclude'" in err


def test_a_folder_without_a_post_says_what_is_there(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    make(tmp_path / "posts", "a.adoc", "b.adoc")
    code, err = run("convert", "posts", "-o", "a.txt")
    assert code == 1
    assert "2 .adoc (a.adoc, b.adoc)" in err


def test_the_frames_of_a_saved_page_are_not_posts(tmp_path: Path) -> None:
    make(tmp_path, "The gate.html", "The gate_files/saved_resource.html", "The gate_files/a.css")
    make(tmp_path, "Das Tor.htm", "Das Tor-Dateien/rahmen.html", "Das Tor-Dateien/tief/b.html")
    make(tmp_path, "other_files/c.html")
    found = find_post_files(tmp_path, frozenset({".html", ".htm"}))
    assert found.posts == ["Das Tor.htm", "other_files/c.html", "The gate.html"]
    said = [d.message for d in found.findings()]
    assert said == [
        "not read as posts: 2 folders of parts of saved pages (Das Tor-Dateien, The gate_files)"
    ]


def test_files_of_an_archive_are_in_natural_order_and_those_of_folders_follow(
    tmp_path: Path,
) -> None:
    make(tmp_path, "10.md", "9.md", "z.md", "a/10.md", "a/9.md", "a/b/1.md")
    found = FolderFiles.open(tmp_path, Limits()).names
    assert found == ("9.md", "10.md", "z.md", "a/9.md", "a/10.md", "a/b/1.md")
    assert find_post_files(tmp_path, MARKDOWN).posts == [
        "9.md",
        "10.md",
        "a/9.md",
        "a/10.md",
        "a/b/1.md",
        "z.md",
    ]


def test_what_clothbound_made_of_the_posts_in_their_folder_is_not_read(tmp_path: Path) -> None:
    make(tmp_path, "one.md", "deep/two.md")
    for _ in range(2):
        for made in ("copies", "deep/again"):
            clothbound.write(clothbound.read(tmp_path), "markdown").save(tmp_path / made)
        clothbound.write(clothbound.read(tmp_path), "site").save(tmp_path / "site")
        found = clothbound.read(tmp_path)
        assert sorted(m.source for m in found.index) == ["deep/two.md", "one.md"]
    message = told(tmp_path)[Severity.INFO]
    assert message.startswith(
        "not read as posts: 7 files that clothbound has made (copies/one.md, "
    )
    assert len(clothbound.read(tmp_path / "copies").index) == 2
    clothbound.write(clothbound.read(tmp_path), "epub").save(tmp_path / "book.epub")
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path), str(tmp_path / "book.epub")])
    assert ended.value.code == 0


def test_what_clothbound_made_of_other_posts_is_read(tmp_path: Path) -> None:
    make(tmp_path / "elsewhere", "one.md", "two.md")
    clothbound.write(clothbound.read(tmp_path / "elsewhere"), "markdown").save(
        tmp_path / "posts" / "old"
    )
    make(tmp_path / "posts", "three.md")
    found = clothbound.read(tmp_path / "posts")
    assert sorted(m.source for m in found.index) == ["old/one.md", "old/two.md", "three.md"]
