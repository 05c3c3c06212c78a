"""Markdown for those who leave: the plain dialects, and the folders of generators of sites."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import PIL.Image
import pypandoc
import pytest
import yaml
from hypothesis import HealthCheck, Phase, assume, given, settings

import clothbound
from clothbound import api
from clothbound.context import Context
from clothbound.diagnostics import LossReport
from clothbound.errors import ClothboundError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.node import Node
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post, Timestamp
from clothbound.model.walk import rewrite, walk
from clothbound.readers.markdown import READER
from clothbound.readers.markdown.options import MarkdownInput
from clothbound.run import Run
from clothbound.substack.component_markup import PAYWALL
from clothbound.writers.markdown import Markdown
from sample_nodes import paragraph
from strategies import posts

PLAIN = ("gfm", "commonmark", "obsidian")
GENERATORS = ("hugo", "jekyll", "astro", "obsidian")


def written(*content: b.Block, notes: tuple[Footnote, ...] = (), dialect: Any = "gfm") -> str:
    return text_of(Post(Metadata(), content, notes), dialect)


def text_of(post: Post, dialect: Any = "gfm") -> str:
    return api.write(post, Markdown(dialect=dialect, header=False)).to_bytes().decode()


def read(text: str, dialect: Any = "gfm") -> Post:
    return READER.read(text.encode(), MarkdownInput(dialect=dialect), Context())[0]


def strong(text: str) -> i.Strong:
    return i.Strong((i.Text(text),))


# --- what is written --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ((strong("Q: "), i.Text("Why?")), "**Q:** Why?"),
        ((i.Text("say "), strong("“so”"), i.Text("!")), "say **“so”**!"),
        ((i.Text("a"), strong("“b”"), i.Text("c")), "a<strong>“b”</strong>c"),
        ((i.Emphasis((strong("a"),)),), "_**a**_"),
        ((strong("a "), strong("b")), "**a** **b**"),
        (
            (i.Text("5 * 3 < 20 & more; [sic] costs $5 and ~7, AT&T!"),),
            "5 * 3 < 20 & more; [sic] costs $5 and ~7, AT&T!",
        ),
        ((i.Text("snake_case *star* _under_ `tick`"),), r"snake_case \*star\* \_under\_ \`tick\`"),
        ((i.Text("[a](b) [^1] <b> &amp; $x$"),), r"\[a\](b) \[^1\] \<b> \&amp; \$x\$"),
        ((i.Text("1. one"),), r"1\. one"),
        ((i.Text("# one"),), r"\# one"),
        ((i.Text("LFG!"), i.Link((i.Text("x"),), "y")), r"LFG\![x](y)"),
        ((i.Text("H"), i.Subscript((i.Text("2"),)), i.Text("O")), "H<sub>2</sub>O"),
        ((i.Underline((i.Text("a"),)), i.Highlight((i.Text("b"),))), "<u>a</u><mark>b</mark>"),
        ((i.Span((i.Text("oui"),), attributes=(("lang", "fr"),)),), '<span lang="fr">oui</span>'),
        ((i.Span((i.Text("a"),), classes=("b",)),), "a"),
        ((i.Mention((i.Text("Ann"),), "https://a.example"),), "[Ann](https://a.example)"),
        ((i.Link((i.Text("a"),), "javascript:alert(1)"),), "a"),
        ((i.Text("a"), i.LineBreak(), i.Text("- b")), "a\\\n\\- b"),
        (
            (i.RawInline("html", '<b onclick="x">'), i.Text("c"), i.RawInline("html", "</b>")),
            "<b>c</b>",
        ),
    ],
)
def test_lines_in_github_dialect(children: tuple[i.Inline, ...], expected: str) -> None:
    assert written(b.Paragraph(children)) == f"{expected}\n"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (b.Button("Go", "https://a.example"), "[Go](https://a.example)"),
        (b.PullQuote((paragraph("a"),)), "> a"),
        (b.Callout((paragraph("a"),), kind="note"), "> **Note**\n>\n> a"),
        (b.Group((paragraph("a"),), classes=("b",)), "a"),
        (b.Figure(i.Image("a.png", "alt"), (i.Text("Caption"),)), "![alt](a.png)\n\n*Caption*"),
        (
            b.Figure(i.Image("a.png", "alt"), href="https://a.example"),
            "[![alt](a.png)](https://a.example)",
        ),
        (
            b.Embed("tweet", "https://t.example/1", "Twitter", text="Hello\nthere", author="Ann"),
            "> Hello\n>\n> there\n>\n> — [Ann](https://t.example/1)",
        ),
        (b.Poll("Which?", ("a", "b")), "**Which?**\n\n- a\n- b"),
        (b.FileDownload("a.pdf", "A", "1 KB"), "[A](a.pdf) (1 KB)"),
        (b.MathBlock("x^2"), "$$\nx^2\n$$"),
        (b.Verse((i.Text("a"), i.LineBreak(), i.Text("  b"))), "a\\\n\xa0\xa0b"),
        (b.PaywallBreak(), PAYWALL),
        (b.CodeBlock("a", "python", classes=("numberLines",)), "```python\na\n```"),
        (b.ThematicBreak(), "***"),
        (
            b.List((b.ListItem((paragraph("a"),), True), b.ListItem((paragraph("b"),), False))),
            "- [x] a\n- [ ] b",
        ),
        (
            b.Table(((b.Cell((i.Text("a|b"),)),),), ((b.Cell((i.Code("c|d"),)),),)),
            "| a\\|b |\n| --- |\n| `c\\|d` |",
        ),
        (b.RawBlock("html", "<p onclick='x'>a</p><script>b</script>"), "<p>a</p>"),
    ],
)  # fmt: skip
def test_blocks_in_github_dialect(block: b.Block, expected: str) -> None:
    assert written(block) == f"{expected}\n"


def test_notes() -> None:
    notes = (Footnote("footnote-7", (paragraph("A note."), paragraph("More."))),)
    line = b.Paragraph((i.Text("Text"), i.NoteRef("footnote-7"), i.Text(".")))
    assert written(line, notes=notes) == "Text[^1].\n\n[^1]: A note.\n\n    More.\n"
    assert written(line, notes=notes, dialect="commonmark") == (
        'Text<sup><a href="#fn1" id="fnref1">1</a></sup>.\n\n---\n\n<ol>\n<li id="fn1">\n\n'
        'A note.\n\nMore. <a href="#fnref1">↩</a>\n\n</li>\n</ol>\n'
    )


def test_commonmark_says_as_html_what_it_has_no_markdown_for() -> None:
    table = b.Table(((b.Cell((i.Text("a"),)),),), ((b.Cell((strong("b"),)),),))
    text = written(table, paragraph(i.Strikethrough((i.Text("c"),))), dialect="commonmark")
    assert "<td>\n\n**b**\n\n</td>" in text
    assert "<s>c</s>" in text


def test_obsidian_dialect_has_embeds_callouts_and_highlights() -> None:
    video = b.Embed("video", "https://www.youtube.com/watch?v=abcdefghijk", "YouTube", "Title")
    text = written(
        b.Callout((paragraph("a"),), (i.Text("T"),), "warning"),
        paragraph(i.Highlight((i.Text("b"),)), " #c ", i.Image("pictures/d.png", "e")),
        video,
        dialect="obsidian",
    )
    assert text == (
        "> [!warning] T\n> a\n\n==b== \\#c ![[d.png|e]]\n\n"
        "![Title](https://www.youtube.com/watch?v=abcdefghijk)\n"
    )
    assert "![[" not in written(video, paragraph(i.Image("d.png", "e")))


def test_what_cannot_be_said_is_named() -> None:
    post = Post(
        Metadata(key="a"),
        (
            b.Conditional((paragraph("for you"),), ("only_paid",)),
            b.RawBlock("latex", "\\clearpage"),
            b.Poll(),
            paragraph(i.Math("x^2")),
        ),
    )
    artifact = api.write(post, Markdown(dialect="commonmark"))
    assert artifact.to_bytes().decode().endswith("for you\n\n</div>\n\n`x^2`\n")
    said = [(d.code, d.message) for d in artifact.report.diagnostics]
    assert ("node-simplified", "text for only_paid was written for all") in said
    assert ("node-simplified", "a formula was written as TeX, since it cannot be typeset") in said
    assert sum(code == "node-dropped" for code, _ in said) == 2


PHASES = (Phase.explicit, Phase.generate)
"""Posts are not shrunk, which takes minutes."""


@pytest.mark.parametrize("dialect", PLAIN)
@pytest.mark.parametrize(
    "block",
    [
        b.Button("1. Go", "javascript:a"),
        b.FileDownload("javascript:a", "# A"),
        b.Media("audio", "javascript:a", caption=(i.Text("- b"),)),
        b.Embed("post", "javascript:a", title="1. b"),
        b.Callout((paragraph("c"),), (i.Text("1. "), strong("b")), "note"),
        b.Table((), ((b.Cell((i.Text("a"),), colspan=2),),), (), (i.Text("1. b"),)),
    ],
    ids=lambda block: type(block).__name__,
)
def test_words_that_begin_a_line_make_no_block(block: b.Block, dialect: Any) -> None:
    """Where an address is unsafe, the words of a link stand alone."""
    found = walk(read(written(block, dialect=dialect), dialect).body)
    assert not [node for node in found if isinstance(node, b.List | b.Heading)]


# --- there and back ---------------------------------------------------------------------------------

_UNTOLD = {i.RawInline, b.RawBlock, b.Extension, i.Math, b.MathBlock, b.SubscribeForm, b.Media}


def _letters(root: Post) -> Counter[str]:
    return Counter(re.findall(r"\w", unicodedata.normalize("NFKC", plain_text(root))))


def _addresses(root: Post, kind: type[Node]) -> set[str]:
    return {
        unquote(getattr(node, "href", "") or getattr(node, "src", ""))
        for node in walk(root)
        if isinstance(node, kind)
    } - {""}


@pytest.mark.parametrize("dialect", ["gfm", "commonmark"])
@given(post=posts())
@settings(
    max_examples=120, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None
)
def test_words_links_pictures_and_notes_come_back(dialect: str, post: Post) -> None:
    """By our own reader, from any tree. Formulas are text to it, and cards have words beside."""
    post = rewrite(post, lambda _: None, _UNTOLD)
    post = msgspec.structs.replace(post, metadata=Metadata(title="T"))
    assume(post.body)
    again = read(f"---\ntitle: T\n---\n\n{text_of(post, dialect)}", dialect)
    assert not _letters(post) - _letters(again)
    safe = {
        unquote(node.href)
        for node in walk(post)
        if isinstance(node, i.Link) and node.href.startswith("http") and plain_text(node).strip()
    }
    assert safe <= _addresses(again, i.Link)
    assert _addresses(post, i.Image) <= _addresses(again, i.Image)
    if dialect == "gfm":
        assert len(post.footnotes) == len(again.footnotes)


def _pandoc_words(text: str, dialect: str) -> str:
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", dialect, "-t", "json"],
        input=text.encode(), capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return "".join(_strings(json.loads(done.stdout)["blocks"]))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _strings(child)
    elif isinstance(node, dict):
        content = node.get("c")
        if node.get("t") in ("Str",):
            yield content
        elif node.get("t") in ("Code", "CodeBlock", "Math"):
            yield content[1]
        elif node.get("t") not in ("RawInline", "RawBlock"):
            yield from _strings(content)


@pytest.mark.parametrize("dialect", ["gfm", "commonmark"])
@given(post=posts())
@settings(
    max_examples=25,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    deadline=None,
    phases=PHASES,
)
def test_pandoc_reads_the_same_words(dialect: str, post: Post) -> None:
    post = rewrite(post, lambda _: None, _UNTOLD)
    cited = {node.target for node in walk(post.body) if isinstance(node, i.NoteRef)}
    notes = tuple(note for note in post.footnotes if note.id in cited)  # pandoc drops others
    post = msgspec.structs.replace(post, metadata=Metadata(title="T"), footnotes=notes)
    found = Counter(
        re.findall(
            r"\w", unicodedata.normalize("NFKC", _pandoc_words(text_of(post, dialect), dialect))
        )
    )
    assert not _letters(post) - found


@pytest.mark.parametrize("dialect", PLAIN)
@given(post=posts())
@settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    deadline=None,
    phases=PHASES,
)
def test_there_are_no_divisions_and_no_attributes(dialect: str, post: Post) -> None:
    kept = {i.Text, i.Code, b.CodeBlock, i.RawInline, b.RawBlock}
    post = rewrite(
        post, lambda n: msgspec.structs.replace(n, text="w"), {i.Text, i.Code, b.CodeBlock}
    )
    post = rewrite(
        post, lambda _: None, {i.Math, b.MathBlock, *kept} - {i.Text, i.Code, b.CodeBlock}
    )
    text = text_of(post, dialect)
    assert not re.search(r"^\s*:::", text, re.M)
    assert not re.search(r"[\])`]\{[#.=\w]", text)


# --- generators -------------------------------------------------------------------------------------

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "cfc000000301010018dd8db00000000049454e44ae426082"
)


def moment(text: str) -> Timestamp:
    return Timestamp(text, datetime.fromisoformat(text), "second")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Posts as a person has them: with pictures, links, a draft, and one for payers."""
    source = tmp_path / "posts"
    (source / "images").mkdir(parents=True)
    (source / "images" / "Old Wheel.png").write_bytes(PNG)
    heads: dict[str, str] = {
        "wheel": 'title: "The wheel: a story"\ndate: 2023-01-14T08:30:00Z\nauthor: Ann\ntags: [Old things, 2023]\n'
        "subtitle: How it went\ncanonical_url: https://ann.example/p/wheel\ncover: images/Old Wheel.png\n"
        "slug: wheel\nmood: calm\nlayout: wide",
        "ledger": "title: The ledger\ndate: 2023-02-01\nslug: ledger\ncanonical_url: https://ann.example/p/ledger\n"
        "audience: only_paid",
        "later": "title: Later\nslug: later\ndraft: true",
        "about": "title: About\nslug: about\ntype: page\ndate: 2023-01-01",
    }
    bodies = {
        "wheel": "![A wheel](<images/Old Wheel.png>)\n\nSee [the ledger](https://ann.example/p/ledger), "
        "[below](#end), {{< x >}} and {{y}}[^1].\n\n## The end {#end}\n\n```\n{{% z %}} {{ w }}\n```\n\n"
        "$a|b$\n\na | b\n\n[^1]: Note.",
        "ledger": "Paid words.",
        "later": "Words to come. ![gone](images/gone.png)",
        "about": "Who we are.",
    }  # fmt: skip
    for name, head in heads.items():
        (source / f"{name}.md").write_text(
            f"---\n{head}\n---\n\n{bodies[name]}\n", encoding="utf-8"
        )
    return source


def made(source: Path, header: Any, target: Path, **options: Any) -> LossReport:
    posts_read = clothbound.read(source)
    run = Run(now=datetime(2024, 1, 1, tzinfo=UTC))
    return api.write(posts_read, Markdown(header=header, **options), run=run).save(target)


def files_in(target: Path) -> set[str]:
    found = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
    return found - {".clothbound-files.json"}


def split(path: Path) -> tuple[dict[str, Any], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


def test_hugo(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    report = made(folder, "hugo", site)
    assert files_in(site) == {
        "content/about/index.md",
        "content/posts/later/index.md",
        "content/posts/ledger/index.md",
        "content/posts/wheel/index.md",
        "content/posts/wheel/old-wheel.png",
    }
    head, body = split(site / "content/posts/wheel/index.md")
    assert head == {
        "title": "The wheel: a story",
        "date": datetime(2023, 1, 14, 8, 30, tzinfo=UTC),
        "draft": False,
        "description": "How it went",
        "aliases": ["/p/wheel"],
        "tags": ["Old things", "2023"],
        "params": {
            "subtitle": "How it went",
            "author": "Ann",
            "images": ["old-wheel.png"],
            "original_url": "https://ann.example/p/wheel",
            "mood": "calm",
            "layout": "wide",
        },
    }
    assert "![A wheel](old-wheel.png)" in body
    assert "[the ledger](../ledger/)" in body
    assert "[below](#the-end)" in body
    assert "`{{</* x */>}}` and {{y}}[^1]" in body
    assert "{{%/* z */%}} {{ w }}" in body
    # What is not for everybody is no page of a site that everybody sees.
    assert split(site / "content/posts/ledger/index.md")[0]["draft"] is True
    assert split(site / "content/posts/later/index.md")[0]["draft"] is True
    messages = [d.message for d in report.diagnostics]
    assert (
        "1 post not for everybody is written as drafts, because Hugo shows every other page to everybody"
        in [m.replace("a draft", "drafts") for m in messages]
    )


def test_jekyll(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    made(folder, "jekyll", site)
    assert files_in(site) == {
        "_drafts/later.md",
        "_posts/2023-01-14-wheel.md",
        "_posts/2023-02-01-ledger.md",
        "about.md",
        "assets/images/wheel/old-wheel.png",
    }
    head, body = split(site / "_posts/2023-01-14-wheel.md")
    assert head["date"] == "2023-01-14 08:30:00 +0000"
    assert head["permalink"] == "/p/wheel/"
    assert head["layout"] == "post"
    assert head["source_layout"] == "wide"
    assert head["image"] == "/assets/images/wheel/old-wheel.png"
    assert "published" not in head
    assert split(site / "_posts/2023-02-01-ledger.md")[0]["published"] is False
    assert "[the ledger](/p/ledger/)" in body
    assert "{% raw %}`{{< x >}}`{% endraw %} and &#123;{y}}" in body
    assert "{% raw %}\n```\n{{% z %}} {{ w }}\n```\n{% endraw %}" in body
    assert "$$a\\vert b$$" in body
    assert "\na \\| b\n" in body


@pytest.mark.parametrize(
    "code", ["{% endraw %}", "{%endraw%}", "a {%- endraw -%} b", "{{ a }}{% endraw"]
)
def test_code_that_ends_raw_text_is_shown_by_jekyll(code: str, tmp_path: Path) -> None:
    """A text is read as Liquid does: up to the first tag that ends raw text, in whatever form."""
    part = re.compile(
        r"\{% raw %\}(.*?)\{%-?\s*endraw\s*-?%\}|\{\{ '(.*?)' \}\}|(\{%|\{\{)|(.)", re.S
    )
    inline = b.Paragraph((i.Code(code),))
    for name, block in (("inline", inline), ("block", b.CodeBlock(code))):
        post = Post(Metadata(key="a", title="A", slug="a"), (block,))
        api.write([post], Markdown(header="jekyll")).save(tmp_path / name)
        found = list(part.finditer(split(tmp_path / name)[1]))
        assert not [one[3] for one in found if one[3]]
        assert code in "".join(one[1] or one[2] or one[4] or "" for one in found)


def test_astro(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    made(folder, "astro", site)
    assert files_in(site) == {
        "public/_redirects",
        "src/content/blog/later/index.md",
        "src/content/blog/ledger/index.md",
        "src/content/blog/wheel/index.md",
        "src/content/blog/wheel/old-wheel.png",
        "src/content/pages/about/index.md",
    }
    head, body = split(site / "src/content/blog/wheel/index.md")
    assert head["pubDate"] == datetime(2023, 1, 14, 8, 30, tzinfo=UTC)
    assert head["heroImage"] == "./old-wheel.png"
    assert "![A wheel](./old-wheel.png)" in body
    assert "[the ledger](/blog/ledger/)" in body
    # Astro's build fails on a picture that is not there, and on a post without a description.
    assert "](" not in split(site / "src/content/blog/later/index.md")[1]
    assert split(site / "src/content/blog/later/index.md")[0]["description"] == ""
    assert (site / "public/_redirects").read_text() == (
        "/p/about /about/ 301\n/p/wheel /blog/wheel/ 301\n"
    )


@pytest.mark.parametrize("dialect", [None, "obsidian"])
def test_obsidian(folder: Path, tmp_path: Path, dialect: str | None) -> None:
    site = tmp_path / "site"
    report = made(folder, "obsidian", site, dialect=dialect)
    closed = (
        "1 post not for everybody is written with publish: false, which Obsidian Publish leaves out"
    )
    assert closed in [found.message for found in report.diagnostics]
    assert files_in(site) == {
        "About.md",
        "Later.md",
        "The ledger.md",
        "The wheel a story.md",
        "attachments/old-wheel.png",
    }
    head, body = split(site / "The wheel a story.md")
    assert head["tags"] == ["Old-things", "y2023"]
    assert head["aliases"] == ["The wheel: a story"]
    assert head["source"] == "https://ann.example/p/wheel"
    assert head["date"] == datetime(2023, 1, 14, 8, 30)
    assert split(site / "The ledger.md")[0]["publish"] is False
    if dialect is None:
        assert "![A wheel](attachments/old-wheel.png)" in body
        assert "[the ledger](<The ledger.md>)" in body
    else:
        assert "![[old-wheel.png|A wheel]]" in body
        assert "[[The ledger|the ledger]]" in body


@pytest.mark.parametrize("header", GENERATORS)
def test_a_second_run_changes_nothing_and_removes_what_went(
    folder: Path, tmp_path: Path, header: str
) -> None:
    site = tmp_path / "site"
    (site / "mine").mkdir(parents=True)
    (site / "mine" / "theme.css").write_text("x")
    made(folder, header, site)
    before = {name: (site / name).read_bytes() for name in files_in(site)}
    made(folder, header, site)
    assert {name: (site / name).read_bytes() for name in files_in(site)} == before
    (folder / "about.md").unlink()
    made(folder, header, site)
    gone = before.keys() - files_in(site)
    assert len(gone) == 1
    assert "about" in gone.pop().lower()
    assert (site / "mine" / "theme.css").exists()


def test_one_post_may_be_a_file(folder: Path, tmp_path: Path) -> None:
    made(folder / "about.md", "hugo", tmp_path / "about.md")
    assert (tmp_path / "about.md").read_text().startswith("---\ntitle: About\n")
    made(folder / "about.md", "hugo", tmp_path / "site/")
    made(folder / "about.md", "hugo", tmp_path)
    assert (tmp_path / "content/about/index.md").exists()


def test_two_pictures_of_one_name_have_two_files(tmp_path: Path) -> None:
    source = tmp_path / "posts"
    for name, colour in (("a", "red"), ("b", "blue")):
        (source / name).mkdir(parents=True)
        PIL.Image.new("RGB", (2, 2), colour).save(source / name / "p.png")
        (source / name / "index.md").write_text(f"---\ntitle: {name}\n---\n\n![x](p.png)\n")
    site = tmp_path / "site"
    made(source, "obsidian", site)
    pictures = {name for name in files_in(site) if name.startswith("attachments/")}
    shown = {re.search(r"\]\((.*?)\)", (site / f"{n}.md").read_text())[1] for n in "ab"}  # type: ignore[index]
    assert shown == pictures
    assert len(pictures) == 2


def test_text_for_some_readers_keeps_a_post_from_the_public(tmp_path: Path) -> None:
    block = '::: {.dynamic-content-block dynamic-audiences="only_paid"}\nfor you\n:::\n'
    source = tmp_path / "a.md"
    source.write_text(f"---\ntitle: A\nslug: a\ndate: 2023-01-01\n---\n\n{block}")
    (tmp_path / "h").mkdir()
    made(source, "hugo", tmp_path / "h")
    assert split(tmp_path / "h/content/posts/a/index.md")[0]["draft"] is True


def test_unlisted_posts_stay_out_of_lists(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("---\ntitle: A\nslug: a\ndate: 2023-01-01\nvisibility: unlisted\n---\n\nx\n")
    made(source, "hugo", tmp_path / "hugo/")
    (tmp_path / "h").mkdir()
    made(source, "hugo", tmp_path / "h")
    head = split(tmp_path / "h/content/posts/a/index.md")[0]
    assert head["build"] == {"list": "never"}
    assert head["draft"] is False
    (tmp_path / "j").mkdir()
    made(source, "jekyll", tmp_path / "j")
    assert split(tmp_path / "j/_posts/2023-01-01-a.md")[0]["published"] is False


def test_the_dialect_of_pandoc_goes_with_no_generator() -> None:
    with pytest.raises(ValueError, match="Hugo cannot read the dialect pandoc"):
        Markdown(header="hugo", dialect="pandoc")
    assert api.write(Post(), Markdown(header=False)).to_bytes() == b""
    with pytest.raises(ClothboundError, match="header cannot be 'hugoo'; did you mean 'hugo'"):
        from clothbound.formats import make_options

        make_options(Markdown, {"header": "hugoo"})


def test_headers_from_texts() -> None:
    from clothbound.formats import make_options

    assert make_options(Markdown, {"header": "false"}).header is False
    assert make_options(Markdown, {"header": "yes"}).header is True
    assert make_options(Markdown, {"header": "jekyll"}).header == "jekyll"
    assert make_options(Markdown, {"dialect": "gfm"}).dialect == "gfm"


HUGO = shutil.which("hugo", path=Path(sys.executable).parent) or shutil.which("hugo")
"""The one of the package of that name, which benchmarks use, or another."""
JEKYLL = shutil.which("jekyll")


@pytest.mark.skipif(HUGO is None, reason="hugo is not installed")
def test_hugo_builds_the_site(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    made(folder, "hugo", site)
    config = 'baseURL = "https://example.org/"\ndisableKinds = ["rss", "taxonomy", "term"]\n'
    assert tomllib.loads(config)
    (site / "hugo.toml").write_text(config)
    layouts = site / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text("<h1>{{ .Title }}</h1>{{ .Content }}")
    (layouts / "list.html").write_text("{{ range .Pages }}{{ .RelPermalink }}\n{{ end }}")
    done = subprocess.run(
        [str(HUGO)], cwd=site, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Words to come" not in "".join(p.read_text() for p in (site / "public").rglob("*.html"))
    assert "Paid words" not in "".join(p.read_text() for p in (site / "public").rglob("*.html"))
    page = (site / "public/posts/wheel/index.html").read_text()
    assert "{{&lt; x &gt;}}</code> and {{y}}" in page
    assert "{{% z %}} {{ w }}" in page
    assert 'href="../ledger/"' in page
    assert 'id="the-end"' in page
    assert (
        "url=https://example.org/posts/wheel/" in (site / "public/p/wheel/index.html").read_text()
    )
    assert (site / "public/posts/wheel/old-wheel.png").read_bytes() == PNG


@pytest.mark.skipif(JEKYLL is None, reason="jekyll is not installed")
def test_jekyll_builds_the_site(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    made(folder, "jekyll", site)
    (site / "_config.yml").write_text("title: x\n")
    (site / "_layouts").mkdir()
    for name in ("post", "page"):
        (site / "_layouts" / f"{name}.html").write_text("<h1>{{ page.title }}</h1>{{ content }}")
    done = subprocess.run(
        [str(JEKYLL), "build"], cwd=site, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = (site / "_site/p/wheel/index.html").read_text()
    assert "{{&lt; x &gt;}}</code> and {{y}}" in page
    assert "{{% z %}} {{ w }}" in page
    assert "<p>a | b</p>" in page
    assert not (site / "_site/p/ledger").exists()
