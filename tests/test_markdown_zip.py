"""A ZIP of Markdown is read as the folder that was packed, with its pictures in the archive."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import pytest
from PIL import Image as PillowImage

import clothbound
from clothbound import format_detection
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError
from clothbound.limits import Limits
from clothbound.media.resources import Resources
from clothbound.model.blocks import Figure
from clothbound.model.inlines import Image
from clothbound.model.post import Base
from clothbound.model.walk import walk
from clothbound.readers.export_files import open_files
from clothbound.readers.sites.picture_folders import USUAL
from clothbound.testing import check_reader
from clothbound.verify.sources import read_sources

ROOT = Path(__file__).parents[1]
PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xdf"
    b"\xd1\0\0\4\x8b\2\x0f\xb2\x1a\x0e\xa3\0\0\0\0IEND\xaeB`\x82"
)
FILES: dict[str, bytes] = {
    "README.md": b"# Read me\n",
    "2023/press.md": b"---\ntitle: The press\ndate: 2023-01-02\ncover: ../static/cover.png\n---\n"
    b"![A press](../pictures/press%20one.png)\n\nSee [glue](glue.md) and [the list](../files/list.pdf).\n",
    "2023/glue.md": b"---\ntitle: Glue\n---\n![](/cover.png)\n\n![](gone.png)\n\n![](https://x.example/a.png)\n",
    "2023/draft.md": b"---\ntitle: Draft\ndraft: true\n---\nDRAFT-SECRET ![](secret.png)\n",
    "2023/secret.png": PICTURE + b"PICTURE-SECRET",
    "pictures/press one.png": PICTURE,
    "static/cover.png": PICTURE,
    "files/list.pdf": b"%PDF",
    "__MACOSX/2023/._press.md": b"\0\1",
    ".obsidian/app.json": b"{}",
}


def packed(files: dict[str, bytes], folder: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name if name.startswith("__MACOSX") else folder + name, data)
    return made.getvalue()


@pytest.fixture(params=["", "My letters/"], ids=["flat", "in a folder"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "letters-of-marit.zip"
    path.write_bytes(packed(FILES, request.param))
    return path


def test_a_zip_is_read_as_its_folder(path: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    inner = tmp_path / "unpacked" / "My letters"
    folder = clothbound.read(inner if inner.exists() else tmp_path / "unpacked")
    posts = clothbound.read(path)
    assert [m.title for m in posts.index] == [m.title for m in folder.index]
    assert [m.source for m in posts.index] == ["2023/draft.md", "2023/glue.md", "2023/press.md"]
    assert posts.info.title == ("My letters" if inner.exists() else "Letters of marit")
    links = posts.index.links()
    assert links[posts.index.entries[2].metadata.key][0][1] == posts.index.entries[1].metadata.key


def test_pictures_are_found_in_the_archive(path: Path) -> None:
    posts = clothbound.read(path)
    glue, press = posts.posts[1], posts.posts[2]
    prefix = "My letters" if posts.info.title == "My letters" else ""
    assert press.base == Base("archive", str(path), prefix, places=USUAL)
    assert press.metadata.cover == "static/cover.png"
    sources = [
        node.image.src for post in (press, glue) for node in walk(post) if isinstance(node, Figure)
    ]
    assert sources == [
        "pictures/press%20one.png",
        "static/cover.png",
        "gone.png",
        "https://x.example/a.png",
    ]
    artifact = clothbound.write(clothbound.book(posts), "epub")
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as book:
        text = b"".join(book.read(name) for name in book.namelist())
    assert b"-SECRET" not in text
    assert [
        d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.IMAGE_MISSING
    ] == ["picture gone.png: no such file in the archive"]


def test_a_picture_is_found_whose_name_a_mac_wrote(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("blog/a.md", "![a](caf\u00e9.png)\n\n![b](/images/caf\u00e9.png)\n")
        archive.writestr("blog/cafe\u0301.png", PICTURE)
        archive.writestr("static/images/cafe\u0301.png", PICTURE)
    (post,) = clothbound.read(tmp_path / "a.zip")
    pictures = [node.src for node in walk(post.body) if isinstance(node, Image)]
    assert [Resources(Limits()).open(post, src).data for src in pictures] == [PICTURE, PICTURE]


def drawn_picture(colour: str = "navy") -> bytes:
    made = io.BytesIO()
    PillowImage.new("RGB", (40, 30), colour).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize("form", ["bytes", "stream"])
def test_posts_of_an_archive_in_memory_bring_their_files_along(form: str) -> None:
    picture = drawn_picture()
    data = packed(
        {
            **FILES,
            "pictures/press one.png": picture,
            "static/cover.png": drawn_picture("red"),
            "2023/sound.md": b'# Sound\n\n<video src="s.mp4" poster="secret.png">\n',
            "2023/s.mp4": b"m",
        }
    )
    posts = (
        clothbound.read(data) if form == "bytes" else clothbound.read(io.BytesIO(data), "markdown")
    )
    assert len(posts) == 4
    assert posts.info.title == ""
    glue, press, sound = posts.posts[1:]
    assert {glue.base, press.base, sound.base} == {None}
    assert [a.href for a in glue.assets] == ["static/cover.png"]
    assert press.assets[0].data == picture
    assert [a.href for a in press.assets] == ["pictures/press%20one.png", "static/cover.png"]
    assert [a.href for a in sound.assets] == ["2023/s.mp4", "2023/secret.png"]
    assert press.metadata.cover == "static/cover.png"
    artifact = clothbound.write(clothbound.book(posts), "epub")
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as book:
        assert sum(name.startswith("EPUB/images/") for name in book.namelist()) == 3
    told = [
        d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.IMAGE_MISSING
    ]
    assert [message.partition(":")[0] for message in told] == ["picture gone.png"]


def test_a_picture_that_is_too_large_for_a_post_is_none() -> None:
    data = packed({"a.md": b"![](a.png)\n\n![](b.png)\n", "a.png": PICTURE, "b.png": PICTURE * 20})
    run = clothbound.Run(limits=Limits(resource_bytes=1_000))
    (post,) = clothbound.read(data, run=run).posts
    assert [asset.href for asset in post.assets] == ["a.png"]


def test_exclude_and_dialect_are_kept(path: Path) -> None:
    options = clothbound.MarkdownInput(exclude=("draft.md",), dialect="gfm")
    assert [m.title for m in clothbound.read(path, options).index] == ["Glue", "The press"]
    assert len(clothbound.read(path, "obsidian")) == 3


def test_posts_are_picklable(path: Path) -> None:
    posts = clothbound.read(path)
    again = pickle.loads(pickle.dumps(posts.posts))
    assert list(again) == list(posts.posts)


def test_an_export_of_notion_says_what_it_does_not_tell() -> None:
    page = "Slow press 0123456789abcdef0123456789abcdef"
    data = packed(
        {
            f"{page}.md": f"# Slow press\n\nStatus: Done\n\n![](<{page}/a b.png>)\n".encode(),
            f"{page}/a b.png": PICTURE,
        }
    )
    posts = clothbound.read(data)
    assert posts.index.entries[0].metadata.title == "Slow press"
    assert ["Notion" in d.message for d in posts.diagnostics] == [True]
    assert posts.posts[0].body[-1].image.src == f"{page}/a b.png".replace(" ", "%20")  # type: ignore[union-attr]


NOTION = "{} 0123456789abcdef0123456789abcde{}.md"


@pytest.mark.parametrize("form", ["ZIP", "folder"])
@pytest.mark.parametrize(
    "property",
    [
        "Status: Draft",
        "Published: No",
        "Draft: Yes",
        "Public: No",
        "Published?: No",
        "Owner/Editor: Bea\nStatus: Draft",
        "Überblick: kurz\nStatus: Draft",
        "Notes: one\nand two\nStatus: Draft",
        "Empty:\nStatus: Draft",
        "Status: Not started",
        "Status: In progress",
    ],
)
def test_a_property_of_notion_says_who_may_see_a_page(
    property: str, form: str, tmp_path: Path
) -> None:
    shown = "# Open\n\nStatus: Published\nTags: sea, fog\nDate: 2024-03-04\n\nWords for all.\n"
    hidden = f"# Hidden\n\nCreated by: Ann\n{property}\n\nzqsecret\n"
    data = packed(
        {NOTION.format("Open", 0): shown.encode(), NOTION.format("Hidden", 1): hidden.encode()}
    )
    if form == "folder":
        zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    posts = clothbound.read(data if form == "ZIP" else tmp_path)
    assert ["Notion" in d.message for d in posts.diagnostics] == [True]
    made = clothbound.write(posts, "rss").to_bytes().decode()
    assert "Words for all" in made
    assert "zqsecret" not in made
    opened = next(post for post in posts.posts if post.metadata.title == "Open")
    assert opened.metadata.tags == ("sea", "fog")
    assert opened.metadata.published is not None
    assert len(opened.body) == 1, "properties are no words of the text"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("March 9, 2021 4:05 PM", "2021-03-09T16:05:00+00:00"),
        ("2021/03/09 4:05 PM (GMT+1)", "2021-03-09T16:05:00+01:00"),
        ("@March 9, 2021 12:05 AM (GMT-3)", "2021-03-09T00:05:00-03:00"),
        ("March 9, 2021 \u2192 March 12, 2021", "2021-03-09T00:00:00+00:00"),
    ],
)
def test_dates_of_notion(written: str, moment: str, tmp_path: Path) -> None:
    page = tmp_path / NOTION.format("Open", 0)
    page.write_text(f"# Open\n\nDate: {written}\n\nWords.\n", "utf-8")
    published = clothbound.read(page)[0].metadata.published
    assert published is not None
    assert published.value is not None
    assert published.value.isoformat() == moment


def test_lines_of_a_page_of_notion_keep_their_numbers(tmp_path: Path) -> None:
    page = tmp_path / NOTION.format("Open", 0)
    page.write_bytes(b"# Open\r\n\r\nTags: sea\r\nDate: 2024-03-04\r\n\r\nWords.\r\n")
    for source in (tmp_path, page):
        (post,) = clothbound.read(source).posts
        assert (post.metadata.title, post.metadata.tags) == ("Open", ("sea",))
        assert [block.line for block in post.body] == [6]


@pytest.mark.parametrize("form", ["ZIP", "folder"])
def test_the_count_leaves_out_the_properties_of_notion(form: str, tmp_path: Path) -> None:
    text = "# Open\n\nTags: sea\nEmpty:\nPublished?: Yes\n\nWords for all.\n"
    source = tmp_path / ("export.zip" if form == "ZIP" else "export")
    if form == "ZIP":
        source.write_bytes(packed({NOTION.format("Open", 0): text.encode()}))
    else:
        source.mkdir()
        (source / NOTION.format("Open", 0)).write_text(text)
    (counted,) = read_sources(source)
    assert "Tags" not in str(counted.items)
    assert "Words" in str(counted.items)


@pytest.mark.parametrize(
    "line", ["Note: the tide is late.", "Ann: who is there?\nBea: only the fog."]
)
def test_words_below_a_title_of_notion_that_are_no_properties_stay(line: str) -> None:
    data = packed({NOTION.format("Open", 0): f"# Open\n\n{line}\n\nMore words.\n".encode()})
    made = clothbound.write(clothbound.read(data), "markdown").to_text()
    assert line.partition("\n")[0] in made


def test_other_archives_are_not_taken(tmp_path: Path) -> None:
    substack = packed(
        {"posts.csv": b"post_id,title\n1,a\n", "posts/1.a.html": b"<p>a</p>", "a.md": b"x"}
    )
    assert type(clothbound.read(substack)).__name__ == "Collection"
    path = tmp_path / "a.zip"
    for files, reader in (
        (
            {"posts.csv": b"post_id,title\n1,a\n", "posts/1.a.html": b"<p>a</p>", "a.md": b"x"},
            "substack",
        ),
        ({"README.md": b"x"}, "substack"),
        ({"a.md": b"x"}, "markdown"),
    ):
        path.write_bytes(packed(files))
        archive = open_files(path, Limits())
        start = path.read_bytes()[:4096]
        assert format_detection.reader_for("a.zip", start, lambda found=archive: found) == reader


def test_the_reader_keeps_the_contract() -> None:
    from clothbound.readers.markdown import READER

    check_reader(READER, [packed(FILES)])


def test_hostile_archives_get_an_answer(tmp_path: Path) -> None:
    names = {
        "../out.md": b"OUT",
        "/abs.md": b"OUT",
        "a.md": b"# A\n\n![](../../../etc/passwd) ![](/etc/passwd)\n",
        "a.md/b.md": b"both a file and a folder",
        "bomb.md": b"0" * 15_000_000,
    }
    path = tmp_path / "hostile.zip"
    path.write_bytes(packed(names))
    posts = clothbound.read(path, on_error="collect")
    assert [m.source for m in posts.index] == ["a.md"]
    told = "\n".join(map(str, posts.diagnostics))
    for name in ("../out.md", "/abs.md", "a.md/b.md", "bomb.md"):
        assert name in told
    assert "root:" not in str(posts.posts[0])
    cut = packed(FILES)[:-60]
    with pytest.raises(ClothboundError):
        clothbound.read(cut, "markdown")
