"""The Markdown reader over files, folders, bytes and streams: laziness, titles, dates, bad posts."""

from __future__ import annotations

import io
import pickle
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import clothbound
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode, Severity
from clothbound.errors import ReadError
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import max_depth, problems
from clothbound.model.collection import Collection
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.readers.markdown import READER
from clothbound.readers.markdown.options import MarkdownInput
from clothbound.readers.markdown.text_nodes import parse_markdown
from clothbound.run import Run
from line_counts import growth
from sampled_posts import in_each_blog, post_files, sampled


def read(source: Path | bytes | io.BytesIO, **limits: int) -> Collection:
    return READER.read(source, MarkdownInput(), Context(Run(limits=Limits(**limits))))


def read_text(text: str) -> Post:
    return read(textwrap.dedent(text).encode()).posts[0]


def write_files(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


class TestFolder:
    def test_order_is_natural_and_hidden_files_stay_out(self, tmp_path: Path) -> None:
        names = ["10.md", "9.md", "a/2.markdown", "a/.draft.md", ".git/x.md", "b.qmd", "notes.txt"]
        write_files(tmp_path, dict.fromkeys(names, "x"))
        found = [m.source for m in read(tmp_path).index]
        assert found == ["9.md", "10.md", "a/2.markdown", "b.qmd"]

    def test_one_bad_post_does_not_stop_the_others(self, tmp_path: Path) -> None:
        write_files(
            tmp_path,
            {"a.md": "fine", "b.md": b"caf\xe9", "c.md": "x" * 300, "d.md": "fine too"},
        )
        collection = read(tmp_path, post_bytes=200)
        assert [post.metadata.source for post in collection] == ["a.md", "d.md"]
        assert [str(d) for d in collection.diagnostics] == [
            "b.md: error: post left out: it is not UTF-8: byte 3 is 0xe9; save the file as UTF-8"
            " [post-unreadable]",
            "c.md: error: post left out: it is longer than 200 bytes [post-unreadable]",
        ]
        assert {d.severity for d in collection.diagnostics} == {Severity.ERROR}

    def test_posts_are_read_anew_and_pickle(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"a.md": "# A\n\n1", "b.md": "# B\n\n2", "c.md": "# C\n\n3"})
        posts = read(tmp_path).posts
        again = pickle.loads(pickle.dumps(posts))
        assert list(again) == list(posts) == [posts[0], posts[1], posts[-1]]
        assert [post.metadata.title for post in posts[1:]] == ["B", "C"]
        assert posts[0] is not posts[0]

    def test_every_post_looks_for_its_files_in_its_own_folder(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"2023/a/index.md": "![x](y.png)"})
        post = read(tmp_path).posts[0]
        assert post.base is not None
        assert (post.base.path, post.base.root) == (str(tmp_path / "2023" / "a"), str(tmp_path))
        assert post.metadata.source == "2023/a/index.md"

    def test_the_index_finds_links_between_posts(self, tmp_path: Path) -> None:
        link = "[x](https://letters.example/p/first?utm=1#part)"
        write_files(
            tmp_path,
            {
                "1.md": "---\nslug: first\n---\n## Part\n\n[here](#part)",
                "2.md": f"---\npost_id: 77.second\n---\n{link} [y](https://letters.example/p/second)",
            },
        )
        index = read(tmp_path).index
        assert index.sites == ("letters.example",)
        assert index.resolve("https://letters.example/p/first#part") == ("first", "part")
        assert index.resolve("1.md", "2.md") == ("first", "")
        assert index.anchors("first") == {"part"}
        assert [m.key for m in index] == ["first", "77"]

    def test_a_link_out_of_the_folder_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "secret.md").write_text("secret")
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "post.md").write_text("post")
        (tmp_path / "in" / "linked").symlink_to(tmp_path / "out")
        (tmp_path / "in" / "secret.md").symlink_to(tmp_path / "out" / "secret.md")
        assert [m.source for m in read(tmp_path / "in").index] == ["post.md"]


class TestOneSource:
    def test_bytes_a_stream_and_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "my-post.md").write_text("text")
        sources = read(b"text"), read(io.BytesIO(b"text")), read(tmp_path / "my-post.md")
        names = [collection.posts[0].metadata.source for collection in sources]
        assert names == ["<bytes>", "<stdin>", "my-post.md"]
        base = sources[2].posts[0].base
        assert base is not None
        assert (base.path, base.root) == (str(tmp_path), str(tmp_path))
        assert sources[0].posts[0].base is None

    def test_a_single_bad_post_raises(self) -> None:
        with pytest.raises(ReadError, match=r"<bytes>: .* byte 0 is 0xff"):
            read(b"\xff")

    def test_a_missing_file_raises(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="No such file"):
            read(tmp_path / "none.md")

    def test_line_ends_marks_and_controls(self) -> None:
        post = read(b"\xef\xbb\xbf---\r\ntitle: t\r\n---\r\na\x00b\rc").posts[0]
        assert post.metadata.title == "t"
        assert plain_text(post) == "ab c"
        assert [d.code for d in post.diagnostics] == [DiagnosticCode.ENCODING_REPAIRED]
        assert plain_text(read("äö".encode("utf-16")).posts[0]) == "äö"

    @pytest.mark.parametrize(
        ("head", "name", "expected"),
        [
            (b"", "", False),
            (b"# Title", "", True),
            (b"---\ntitle: x", "README", True),
            (b"<!doctype html>", "", False),
            (b"PK\x03\x04\x00", "", False),
            (b"[{", "", False),
            ("[größe](x)".encode()[:4], "", True),
            (b"\xff\xd8\xff\xe0 0123", "", False),
        ],
    )
    def test_accepts(self, head: bytes, name: str, expected: bool) -> None:
        assert READER.accepts(head, name) is expected


class TestTitleAndDate:
    @pytest.mark.parametrize(
        ("name", "text", "title", "body"),
        [
            ("a.md", "---\ntitle: Given\n---\n# Other\n\nx", "Given", "Other\n\nx"),
            ("a.md", "---\ntitle: Same\n---\n# Same\n\nx", "Same", "x"),
            ("a.md", "# A *starred* [one](x) {#id}\n\nx", "A starred one", "x"),
            ("a.md", "# Sets {1, 2}\n\nx", "Sets {1, 2}", "x"),
            ("a.md", "# Braces \\{#id}\n\nx", "Braces {#id}", "x"),
            ("a.md", '# Quoted {#id title="a}b"}\n\nx', "Quoted", "x"),
            ("a.md", "# Kramdown {: #id}\n\nx", "Kramdown", "x"),
            ("a.md", "<!-- c -->\nOne line\n========\n\nx", "One line", "x"),
            ("a.md", "intro\n\n# Later\n", "A", "intro\n\nLater"),
            ("2023-06-01-my_long-name.md", "x", "My long name", "x"),
            ("2023.06.01.md", "x", "2023.06.01", "x"),
            ("posts/my-post/index.md", "x", "My post", "x"),
        ],
    )
    def test_title(self, tmp_path: Path, name: str, text: str, title: str, body: str) -> None:
        write_files(tmp_path, {name: text})
        post = read(tmp_path).posts[0]
        assert post.metadata.title == title
        assert plain_text(post) == body

    def test_a_title_has_the_braces_that_its_dialect_prints(self) -> None:
        source = b"# Title {#id}\n\nx"
        gfm = READER.read(source, MarkdownInput(dialect="gfm"), Context(Run())).posts[0]
        assert gfm.metadata.title == "Title {#id}"

    @pytest.mark.parametrize("block", ["{.wide}", "{: .wide}"])
    def test_a_heading_with_a_label_keeps_its_class(self, block: str) -> None:
        post = read_text(f"## Name [label] {block}\n\nsee [this][label]")
        heading = post.body[0]
        assert (plain_text(heading), heading.id, heading.classes) == ("Name", "label", ("wide",))

    def test_the_lines_below_a_title_keep_their_numbers(self) -> None:
        post = read_text("---\nx: 1\n---\n\nTitle\n=====\n\ntext")
        assert [node.line for node in post.body] == [8]

    def test_links_know_their_line_or_that_of_their_paragraph(self) -> None:
        counted = read_text("x\n[a](b) y\\\n*z\n![c](d)* [^1]\n\n[^1]: n")
        assert [(type(n).__name__, n.line) for n in walk(counted.body[0]) if n.line] == [
            ("Paragraph", 1),
            ("Link", 2),
            ("Image", 4),
            ("NoteRef", 4),
        ]
        for hidden in (
            "x `a\nb` [c](d)",
            "x <b\nid=a> [c](d)",
            "$a\nb$ [c](d)",
            "`a ``b\n` [c](d)",
        ):
            (link,) = (n for n in walk(read_text(f"\n{hidden}")) if type(n).__name__ == "Link")
            assert link.line == 2
        for seen in ("`a` b\n[c](d)", "$a$ ``b``\n[c](d)", "a<b> <https://x.example>\n[c](d)"):
            assert [n.line for n in walk(read_text(f"\n{seen}")) if type(n).__name__ == "Link"][
                -1
            ] == 3

    @pytest.mark.parametrize(
        ("name", "day"),
        [
            ("2023-06-01-x.md", "2023-06-01"),
            ("2023.06.01.md", "2023-06-01"),
            ("2023/06/01/x/index.md", "2023-06-01"),
            ("2023-06-01-x/index.md", "2023-06-01"),
            ("2023-06-31-x.md", None),
            ("x.md", None),
        ],
    )
    def test_date_from_the_path(self, tmp_path: Path, name: str, day: str | None) -> None:
        write_files(tmp_path, {name: "x"})
        published = next(iter(read(tmp_path).index)).published
        assert (published.day if published else None) == day


class TestHostile:
    def test_deep_nesting_is_flattened_and_reported(self) -> None:
        for text in (
            "> " * 3000 + "a",
            "- " * 3000 + "a",
            "<div class=x>\n\n" * 300 + "a" + "\n\n</div>" * 300,
            "::: a\n" * 200,
        ):
            body, notes, findings = parse_markdown(text)
            assert max_depth(body) <= 100
            assert DiagnosticCode.MARKUP_REPAIRED in [code for code, _, _ in findings]
            assert list(problems(Post(body=body, footnotes=notes))) == []

    def test_the_words_below_the_deepest_level_stay(self) -> None:
        body, _, _ = parse_markdown("> " * 60 + "deep words")
        assert "deep words" in plain_text(body)
        nested = "".join(f"{'  ' * n}- level {n}\n" for n in range(60))
        body, _, _ = parse_markdown(nested, limits=Limits(depth=40))
        assert max_depth(body) <= 40
        assert all(f"level {n}" in plain_text(body) for n in range(60))

    @pytest.mark.parametrize(
        "text",
        ["[" * 120_000, "*a **a " * 10_000, "![[" * 40_000],
        ids=["brackets", "stars", "images"],
    )
    def test_too_many_delimiters_are_text(self, text: str) -> None:
        body, _, findings = parse_markdown(text)
        assert body == (b.Paragraph(body[0].children),)  # type: ignore[union-attr]
        assert plain_text(body) == text.strip()
        assert [code for code, _, _ in findings] == [DiagnosticCode.MARKUP_REPAIRED]

    def test_lines_of_a_crowded_paragraph_are_read_one_by_one(self) -> None:
        text = "\n".join(["[link](https://a.example/x_y)"] * 400 + ["a" + "*" * 3000])
        body, _, findings = parse_markdown(text)
        assert sum(type(node).__name__ == "Link" for node in walk(body)) == 400
        assert [(code, line) for code, _, line in findings] == [
            (DiagnosticCode.MARKUP_REPAIRED, 401)
        ]

    @pytest.mark.corpus
    def test_every_hostile_file_is_read_within_a_minute(self, shared: Path) -> None:
        program = textwrap.dedent(
            """
            import faulthandler, sys
            from clothbound.context import Context
            from clothbound.errors import ReadError
            from clothbound.model.check import problems
            from clothbound.readers.markdown import READER
            from clothbound.readers.markdown.options import MarkdownInput
            for path in sys.argv[1:]:
                faulthandler.dump_traceback_later(60, exit=True)
                print(path, flush=True)
                for dialect in ("pandoc", "gfm", "commonmark"):
                    try:
                        options = MarkdownInput(dialect=dialect)
                        post = READER.read(open(path, "rb").read(), options, Context()).posts[0]
                    except ReadError:
                        continue
                    found = list(problems(post))
                    assert not found, found
                    assert not any("could not be parsed" in d.message for d in post.diagnostics)
            """
        )
        files = [p for p in sorted((shared / "hostile").rglob("*")) if p.suffix in (".md", ".txt")]
        assert len(files) > 40
        run = [sys.executable, "-c", program, *map(str, files)]
        done = subprocess.run(run, capture_output=True, encoding="utf-8", check=False)
        begun = done.stdout.splitlines()
        assert done.returncode == 0, f"{begun[-1:]}: {done.stderr[-2000:]}"
        assert begun == [str(path) for path in files]


@pytest.mark.corpus
class TestCorpus:
    def test_the_archive(self, shared: Path) -> None:
        collection = read(shared / "corpus/interconnects")
        posts = list(collection)
        assert len(posts) == 94
        assert collection.diagnostics == ()
        repaired = [
            p for p in posts if any(d.code is DiagnosticCode.HEADER_REPAIRED for d in p.diagnostics)
        ]
        assert len(repaired) == 4
        assert all(p.metadata.title and p.metadata.published for p in posts)
        assert len({p.metadata.key for p in posts}) == 94
        assert len(collection.index.sites) == 3
        assert [q for p in posts for q in problems(p)] == []
        assert sum(len(p.footnotes) for p in posts) == 67
        assert not any(isinstance(n, b.RawBlock) for p in posts for n in walk(p))

    def test_lines_are_exact(self, shared: Path) -> None:
        folder = shared / "corpus/interconnects"
        count = 0
        for post in read(folder):
            lines = (folder / post.metadata.source).read_text("utf-8").split("\n")
            before = 0
            for node in post.body:
                count += 1
                assert node.line > before, f"{post.metadata.source}:{node.line}"
                before = node.line
                assert lines[node.line - 1].strip()
                words = re.findall(r"[A-Za-z]{2,}", plain_text(node))
                if words and isinstance(node, (b.Paragraph, b.Heading, b.List, b.Quote)):
                    assert words[0] in lines[node.line - 1]
        assert count > 3500

    @in_each_blog
    def test_blogs_are_read_whole(
        self, shared: Path, blog: str, every: int, tmp_path: Path
    ) -> None:
        folder = sampled(shared / "corpus/blogs" / blog, every, tmp_path)
        collection = read(folder)
        assert len(collection) == len(post_files(folder))
        # Hugo's pages of sections are counted.
        assert {found.code for found in collection.diagnostics} <= {
            DiagnosticCode.FILES_PASSED_OVER
        }
        for post in collection:
            assert list(problems(post)) == []
            assert post.metadata.title
            assert not any("could not be parsed" in d.message for d in post.diagnostics)
        dated = [m for m in collection.index if m.published is not None and m.published.value]
        assert len(dated) > 0.9 * len(collection)
        if (blog, every) == ("data-is-plural", 1):
            assert len(dated) == 398


def test_importing_the_reader_loads_nothing_heavy() -> None:
    program = (
        "import sys, clothbound.readers.markdown\n"
        "names = ('bs4', 'lxml', 'nh3', 'PIL', 'pygments', 'weasyprint', 'ebooklib')\n"
        "print([n for n in names if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


DIALECTS = """
import sys
from clothbound.cli import main
try:
    main(["convert", sys.argv[1], "-o", sys.argv[2]])
except SystemExit as done:
    assert not done.code, done
loaded = {name.removeprefix("clothbound.readers.") for name in sys.modules}
print(*sorted(loaded.intersection(
    f"{room}{name}"
    for room, names in {
        "markdown.": "chunks jsx jsx_rules kramdown markdown_in_html mdx_script notebook obsidian outline"
        " quarto_divisions quarto_source wikilinks",
        "sites.": "astro distill docusaurus eleventy hexo hugo jekyll liquid_values logseq mkdocs nikola obsidian"
        " own_pictures pelican quarto site_paths zola",
        "": "exports export_files notion_pages substack",
    }.items()
    for name in names.split()
).union({"tempfile", "zipfile"}.intersection(sys.modules))))
"""


def modules_of_dialects(name: str, text: str, folder: Path) -> set[str]:
    """Returns what the command loads besides the reader for a post with this text."""
    # A repository ends the search for a site, so that what lies about above it does not count.
    (folder / ".git").mkdir(exist_ok=True)
    post = folder / name
    post.write_text(f"---\ntitle: A post\n---\n\nSome *plain* prose.\n\n{text}\n")
    done = subprocess.run(
        [sys.executable, "-c", DIALECTS, str(post), str(folder / "post.html")],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_a_post_of_prose_loads_no_other_dialect(tmp_path: Path) -> None:
    text = "## A heading\n\n- one\n- two\n\n> said\n\n[A link](https://a.example/).[^1]\n\n[^1]: Noted."
    assert modules_of_dialects("post.md", text, tmp_path) == set()


@pytest.mark.parametrize(
    ("name", "text", "module"),
    [
        ("post.md", "Some words.\n{: .lead}", "markdown.kramdown"),
        ("post.md", '<div markdown="1">\n*words*\n</div>', "markdown.markdown_in_html"),
        ("post.mdx", "import A from './a'\n\n<A />", "markdown.jsx_rules"),
        ("post.qmd", "```{python}\n1\n```", "markdown.chunks"),
    ],
)
def test_a_sign_in_the_text_loads_its_dialect(
    name: str, text: str, module: str, tmp_path: Path
) -> None:
    assert module in modules_of_dialects(name, text, tmp_path)


def test_quotation_marks_of_another_language_are_left_to_typesetting() -> None:
    text = '---\ntitle: T\nlang: {}\n---\n\n"Das" -- so.\n'
    read = {
        language: plain_text(clothbound.read(text.format(language).encode(), "markdown")[0])
        for language in ("de-AT", "en-GB", "nl", "ja")
    }
    assert '"Das" \N{EN DASH} so.' in read["de-AT"]
    assert all("\u201cDas\u201d" in read[language] for language in ("en-GB", "nl", "ja"))


def test_a_line_of_a_code_span_begins_no_element() -> None:
    post = read_text("`<!-- one --><br />\n<html itemscope>`\n\n`two\n<!-- three -->` end\n")
    assert plain_text(post) == "<!-- one --><br /> <html itemscope>\n\ntwo <!-- three --> end"
    post = read_text("An open ` sign\n<div>\nfour\n</div>\n")
    assert plain_text(post) == "An open ` sign\n\nfour"


def test_what_somebody_says_is_no_definition_of_a_link() -> None:
    text = "[Anna]: I opened the file notes.txt\n\n[Bob]: set width=40\n\nThey agreed.\n"
    assert plain_text(read_text(text).body).startswith("[Anna]: I opened the file notes.txt\n")
    assert "[Bob]: set width=40" in plain_text(read_text(text).body)


@pytest.mark.parametrize("before", ["b", "[a](x.md) b", r"\[b", "[a] b] [c"])
def test_an_address_with_spaces_behind_no_open_bracket_is_text(before: str) -> None:
    text = f"{before}](my pic.png) since"
    is_link = before.endswith("[c")
    (paragraph,) = read_text(text).body
    assert ("my pic.png" in plain_text(paragraph)) is not is_link


def test_addresses_with_spaces_are_read_in_linear_time() -> None:
    assert growth(lambda size: lambda: read_text("[a](b c.png) " * size), 100) < 4.5


def test_a_definition_with_spaces_is_one_if_a_link_uses_it() -> None:
    post = read_text("See [the notes][n] and ![][p].\n\n[n]: my notes.pdf\n[p]: a.png width=40px\n")
    assert plain_text(post.body).strip() == "See the notes and ."
    assert [node.href for node in walk(post, i.Link)] == ["my%20notes.pdf"]


@pytest.mark.parametrize("address", ["a b.png", "a(b) c.png", "a.png width=40px", "a (b c).png"])
def test_addresses_with_spaces_and_sizes_are_found_by_their_guard(address: str) -> None:
    (image,) = walk(read_text(f"Here ![words]({address}) it is.\n"), i.Image)
    assert image.alt == "words"


@pytest.mark.parametrize(
    ("written", "alt"),
    [
        ("The curve $x^2$ rises", "The curve x^2 rises"),
        ("Nets\\\nand lofts", "Nets and lofts"),
        ("Nets <b>and</b> `lofts`", "Nets and lofts"),
        ("Nets ![and](b.png) *lofts*", "Nets and lofts"),
    ],
)
def test_a_description_has_all_words_of_its_brackets(written: str, alt: str) -> None:
    images = walk(read_text(f"Here ![{written}](a.png) it is.\n"), i.Image)
    assert [image.alt for image in images] == [alt]
