"""``clothbound check`` counts the words of exports by itself, and finds what a product lacks."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import msgspec
import pytest

import clothbound
from clothbound.model.blocks import Paragraph
from clothbound.verify import compare_contents, read_product, read_sources

CASES = Path(__file__).parent / "cases"
OTHER = Path(__file__).parents[2] / "shared" / "corpus" / "other"
SOURCES = {
    "blogger": CASES / "blogger" / "blog-06-01-2024.xml",
    "takeout": CASES / "blogger" / "Takeout",
    "buttondown": CASES / "buttondown",
    "beehiiv": CASES / "beehiiv" / "posts.csv",
    "bear-blog": CASES / "bear-blog" / "post_export.csv",
    "write-as": CASES / "write-as" / "ada.json",
    "devto": CASES / "devto" / "export",
    "tumblr": CASES / "tumblr",
    "movable-type": CASES / "movable-type" / "typepad.txt",
    "medium": CASES / "medium",
    "ghost": CASES / "ghost",
    "quarto": CASES / "quarto-project",
    "logseq": CASES / "sites" / "logseq",
}
REAL = [
    OTHER / "blogger" / "bloggerexport.xml",
    OTHER / "constructed" / "blogger-takeout-feed.atom",
    OTHER / "buttondown",
    OTHER / "beehiiv" / "posts.csv",
    OTHER / "medium" / "medium-export.zip",
]


def missing(
    source: Path, product: Path, collection: clothbound.Collection | list[clothbound.Post]
) -> list[str]:
    artifact = clothbound.write(collection, "epub")
    artifact.save(product)
    told = list(artifact.report.diagnostics)
    wanted = {metadata.source for metadata in clothbound.book(clothbound.read(source)).index}
    made = compare_contents(read_sources(source), read_product(product), lambda _: told, wanted)
    assert made.counted.words > 5
    return [str(diagnostic) for diagnostic in made.missing]


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_is_missing_from_a_book(name: str, tmp_path: Path) -> None:
    source = SOURCES[name]
    book = clothbound.book(clothbound.read(source))
    assert missing(source, tmp_path / "book.epub", book) == []
    sources = {text.name for text in read_sources(source)}
    assert {m.source for m in clothbound.read(source).index} - sources <= {"emails/no-text"}


@pytest.mark.parametrize("name", SOURCES)
def test_a_paragraph_that_is_gone_is_found(name: str, tmp_path: Path) -> None:
    source = SOURCES[name]
    posts = list(clothbound.book(clothbound.read(source)).posts)
    longest = max(posts, key=lambda post: len(post.body))
    where = next(n for n, block in enumerate(longest.body) if isinstance(block, Paragraph))
    cut = msgspec.structs.replace(longest, body=longest.body[:where] + longest.body[where + 1 :])
    rest = [cut if post is longest else post for post in posts]
    assert missing(source, tmp_path / "book.epub", rest) != []


@pytest.mark.parametrize(
    "visibility",
    [{"showOnWeb": False}, {"web": {"nonMember": False, "memberSegment": ""}}],
)
def test_a_card_of_ghost_for_e_mails_alone_is_not_missing(
    visibility: dict[str, object], tmp_path: Path
) -> None:
    hidden = {"type": "html", "html": "<p>For e-mails.</p>", "visibility": visibility}
    words = [{"type": "extended-text", "text": "All these words are for each reader."}]
    children = [{"type": "paragraph", "children": words}, hidden]
    row = {"id": "1", "slug": "a", "title": "A", "status": "published", "visibility": "public"}
    row["lexical"] = json.dumps({"root": {"children": children}})
    source = tmp_path / "ghost.json"
    source.write_text(json.dumps({"db": [{"meta": {"exported_on": 1}, "data": {"posts": [row]}}]}))
    book = clothbound.book(clothbound.read(source))
    assert missing(source, tmp_path / "book.epub", book) == []


def test_of_a_folder_with_two_exports_that_is_counted_which_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "both"
    shutil.copytree(CASES / "ghost", folder)
    shutil.copy(CASES / "wordpress" / "export.xml", folder)
    book = clothbound.book(clothbound.read(folder))
    assert missing(folder, tmp_path / "book.epub", book) == []


@pytest.mark.parametrize(
    "said",
    [
        '<div class="footnote" data-component-name="FootnoteToDOM"><a id="footnote-1" href="#footnote-anchor-1"'
        ' class="footnote-number">1</a><div class="footnote-content"><p>From the mill.</p></div></div>',
        "<p>The class e-content is Medium's.</p>",
        "<p>A timestamp is no mark of Tumblr.</p>",
    ],
)
def test_an_archive_of_substack_is_counted_as_no_other_platforms(said: str, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "posts").mkdir(parents=True)
    rows = "post_id,post_date,is_published,type,audience,title\n41001,2023-03-01,true,newsletter,everyone,The kiln\n"
    (folder / "posts.csv").write_text(rows)
    (folder / "posts" / "41001.html").write_text(f"<p>We built it of bricks.</p>\n{said}\n")
    words = [item.value for item in read_sources(folder)[0].items]
    assert words[:7] == ["the", "kiln", "we", "built", "it", "of", "bricks"]


def test_a_zip_of_markdown_is_counted_as_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "letters.zip"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Letters/README.md", "Not a post")
        archive.writestr(
            "Letters/one.md",
            "---\ntitle: One\n---\nWords of the *first* post, and some more of them.\n",
        )
        archive.writestr(
            "Letters/two/two.md", "# Two\n\nWords of another one, see [one](../one.md).\n"
        )
    path.write_bytes(packed.getvalue())
    assert [text.name for text in read_sources(path)] == ["one.md", "two/two.md"]
    assert missing(path, tmp_path / "book.epub", clothbound.book(clothbound.read(path))) == []


@pytest.mark.parametrize("name", ["blogger", "beehiiv", "movable-type", "wordpress"])
def test_an_export_in_utf16_has_the_same_words(name: str, tmp_path: Path) -> None:
    source = SOURCES.get(name, CASES / "wordpress" / "export.xml")
    text = source.read_bytes().decode("utf-8-sig").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    path = tmp_path / source.name
    path.write_bytes(text.encode("utf-16"))
    assert read_sources(path) == read_sources(source)


@pytest.mark.corpus
@pytest.mark.skipif(not OTHER.exists(), reason="../shared is absent")
@pytest.mark.parametrize("source", REAL, ids=lambda path: path.parent.name + path.name)
def test_nothing_is_missing_of_real_exports(source: Path, tmp_path: Path) -> None:
    book = clothbound.book(clothbound.read(source))
    assert missing(source, tmp_path / "book.epub", book) == []


def test_a_list_goes_on_behind_a_chunk_with_an_indent_and_comments_show_nothing(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    chunk = '```{r tides, echo=FALSE, indent="  "}\nplot(tides)\n```'
    listed = f"---\ntitle: Tides\n---\n\n- One of two.\n\n{chunk}\n\n    See *the* [map](https://a.example/map).\n"
    (folder / "a.qmd").write_text(listed, "utf-8")
    (folder / "b.md").write_text(
        "# Boats\n\nBefore.\n\n{# seen by nobody\u200b#}\n\nAfter.\n", "utf-8"
    )
    book = clothbound.book(clothbound.read(folder))
    assert missing(folder, tmp_path / "book.epub", book) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('A [deep [blue]{.mark} sea]{.content-visible when-format="pdf"} b.', "a b"),
        ('A [blue]{.content-visible when-format="html"} b.', "a blue b"),
        ('A [x]{.hidden}[y [z]{.hidden} w]{.content-hidden when-format="html"} b.', "a b"),
        ("A `[x]{.hidden}` b.", "a x hidden b"),
        ("A [x\n\ny]{.hidden} b.", "a x y hidden b"),
        ("::: {.hidden}\n::: note\nA\n:::\nb\n:::\nc", "c"),
        ('::: note\n::: {.content-visible unless-format="epub"}\nA\n:::\nb\n:::\nc', "b c"),
        ('``` {.sh .content-hidden when-format="html"}\na\n:::\n```\nb', "b"),
        ('::: {.content-visible when-profile="crew"}\nA\n:::\nb', "b"),
    ],
)
def test_what_pages_of_quarto_do_not_show_is_not_counted(
    text: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "a.qmd").write_text(text, "utf-8")
    [source] = read_sources(tmp_path / "a.qmd")
    assert " ".join(item.value for item in source.items) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("smile", ["By", "sea."]),
        ("+1", ["By", "sea."]),
        ("material-anchor", ["By", "sea."]),
        ("nervousface", ["By", ":nervousface:", "sea."]),
    ],
)
def test_only_names_of_emoji_and_icons_are_no_words(
    name: str, words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text(f"By :{name}: sea.\n")
    [source] = read_sources(tmp_path / "a.md")
    assert [item.shown for item in source.items] == words
