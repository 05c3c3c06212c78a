"""Tests missing pictures: counted once, refused by --strict, and never described by a file name."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pymupdf
import pytest
from click.testing import CliRunner
from PIL import Image as Pillow

import clothbound
from clothbound import formats
from clothbound.cli import command
from clothbound.cli.report import as_json, summary
from clothbound.diagnostics import DiagnosticCode, LossReport
from clothbound.errors import LossError
from clothbound.html.write.missing_pictures import Placeholder, placeholder
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Asset, Footnote, Metadata, Post

FAR = "https://far.example/8f2a6c1e-1234-5678-9abc-def012345678_1200x800.png"
BOOKS = ("epub", "pdf", "typst")
ADDRESSES = ("substack", "substack-editor", "rss")
KEEP = ("html", "html-fragment", "site", "rss", "markdown", "substack", "substack-editor")


def png() -> bytes:
    stream = io.BytesIO()
    Pillow.new("RGB", (30, 20), "teal").save(stream, "PNG")
    return stream.getvalue()


def post(*pictures: i.Image, key: str = "a", **more: object) -> Post:
    body = tuple(b.Figure(picture) for picture in pictures)
    return Post(Metadata(key=key, title="T", source=f"{key}.md"), body, **more)  # type: ignore[arg-type]


def made(of: Post | list[Post], target: str, *, strict: bool = False) -> tuple[bytes, LossReport]:
    name = "pdf" if target == "typst" else target
    options = None
    if name == "pdf":
        from clothbound.writers.pdf import Pdf

        options = Pdf(engine="typst" if target == "typst" else "weasyprint")
    artifact = clothbound.write(of, options or name)
    return artifact.to_bytes(strict=strict), artifact.report


def chapters(epub: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        return "".join(archive.read(name).decode() for name in names)


@pytest.mark.parametrize("target", BOOKS)
def test_a_picture_that_a_book_lacks_is_missing(target: str) -> None:
    there = (Asset("there.png", png()), Asset("bad.png", b"no picture"))
    one = post(
        i.Image("gone.png", "A"),
        i.Image(FAR, "B"),
        i.Image("bad.png", "C"),
        i.Image("there.png", "D"),
        i.Image("gone.png", "E"),
        assets=there,
    )
    _, report = made(one, target)
    (account,) = report.accounts.values()
    assert (account.read.pictures, account.written.pictures, account.missing) == (5, 1, 4)
    assert account.read.words == account.written.words
    assert report.missing == 4
    assert report.unfetched == Counter({"far.example": 1})
    assert not report.remote
    assert "4 pictures missing" in summary(report)
    ((post_in_json,),) = [target["posts"] for target in json.loads(as_json([report]))]
    assert post_in_json["missing"] == 4
    assert (post_in_json["read"]["pictures"], post_in_json["written"]["pictures"]) == (5, 1)
    codes = [d.code for d in report.diagnostics if d.code.startswith("image-")]
    assert sorted(codes) == [
        DiagnosticCode.IMAGE_MISSING,
        DiagnosticCode.IMAGE_REMOTE,
        DiagnosticCode.IMAGE_UNREADABLE,
    ], "each picture is said once"
    with pytest.raises(LossError, match="4 pictures are missing"):
        made(one, target, strict=True)


@pytest.mark.parametrize("target", KEEP)
def test_a_picture_on_the_network_is_kept_where_addresses_are_shown(target: str) -> None:
    posts = [
        post(i.Image(FAR, "A"), i.Image("https://near.example/a.png", "B"), i.Image(FAR, "C")),
        post(i.Image(FAR, "A"), key="b"),
    ]
    data, report = made(posts, target, strict=True)
    assert report.remote == Counter({"far.example": 3, "near.example": 1})
    assert report.missing == 0
    assert "4 pictures stay on 2 hosts" in summary(report)
    assert all(
        account.written.pictures == account.read.pictures for account in report.accounts.values()
    )
    assert data


def test_a_copy_in_markdown_says_that_pictures_are_not_copied() -> None:
    """Whether they are found depends on where it is put, so that nothing is missing yet."""
    held = i.Image("data:image/png;base64,AAAA", "D")
    one = post(i.Image("img/a.png", "A"), i.Image("b.png", "B"), i.Image("b.png", "C"), held)
    _, report = made(one, "markdown", strict=True)
    assert (report.beside, report.missing) == (3, 0)
    assert "3 pictures not copied" in summary(report)
    assert json.loads(as_json([report]))[0]["posts"][0]["beside"] == 3
    found = [d.message for d in report.diagnostics if d.code is DiagnosticCode.IMAGE_BESIDE]
    assert len(found) == 2
    assert "img/a.png" in found[0]
    _, report = made(post(i.Image(FAR)), "markdown")
    assert report.beside == 0


# JSON is the model, where an address is a field; the kit is made of EPUB and PDF.
@pytest.mark.parametrize("target", sorted(formats.WRITERS.keys() - {"json", "jsonl", "kdp"}))
def test_every_writer_tells_of_a_picture_that_is_not_there(target: str) -> None:
    _, report = made(post(i.Image("gone.png", "A quay")), target)
    told = [d for d in report.diagnostics if "picture" in d.message]
    assert told
    assert {d.source for d in told} == {"a.md"}


@pytest.mark.parametrize("target", ADDRESSES)
def test_a_picture_of_ones_own_is_missing_where_no_files_are_held(target: str) -> None:
    one = post(i.Image("there.png", "A"), assets=(Asset("there.png", png()),))
    _, report = made(one, target)
    assert (report.missing, report.remote) == (1, Counter())
    with pytest.raises(LossError, match="1 picture is missing"):
        made(one, target, strict=True)
    kind = clothbound.formats.writer(target).options_type
    artifact = clothbound.write(one, kind(image_base_url="https://cdn.example/x"))
    assert b"cdn.example" in artifact.to_bytes(strict=True) or target == "substack"


@pytest.mark.parametrize("target", ["html", "site", "substack-paste"])
def test_a_picture_of_ones_own_that_is_not_there_is_missing_from_pages(target: str) -> None:
    _, report = made(post(i.Image("gone.png", "A")), target)
    assert report.missing == 1
    one = post(i.Image("there.png", "A"), assets=(Asset("there.png", png()),))
    assert made(one, target, strict=True)[1].missing == 0


@pytest.mark.parametrize("target", ["substack", "rss", "html", "epub"])
def test_a_picture_within_the_post_reaches_every_product(target: str) -> None:
    from base64 import b64encode

    own = f"data:image/png;base64,{b64encode(png()).decode()}"
    data, report = made(post(i.Image(own, "A")), target, strict=True)
    assert report.missing == 0
    if target == "substack":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(".html")]
            data = archive.read(name)
        read = clothbound.read(data, "html").posts[0]
        assert [n.image.src for n in read.body if isinstance(n, b.Figure)] == [own]
    elif target != "epub":
        assert own.encode() in data


def test_the_preview_of_an_embed_is_no_picture_of_the_post() -> None:
    video = b.Embed("youtube", "https://video.example/1", title="V", thumbnail=FAR)
    one = Post(Metadata(key="a"), (video,))
    _, report = made(one, "epub", strict=True)
    assert (report.missing, report.unfetched) == (0, Counter({"far.example": 1}))


def test_a_picture_in_a_note_and_one_in_raw_html_count() -> None:
    note = Footnote("1", (b.Paragraph((i.Image("gone.png", "A"),)),))
    one = Post(
        Metadata(key="a"),
        (
            b.Paragraph((i.Text("x"), i.NoteRef("1"))),
            b.RawBlock("html", '<div><img src="lost.png" alt="B"></div>'),
        ),
        (note,),
    )
    _, report = made(one, "html")
    (account,) = report.accounts.values()
    assert (account.read.pictures, account.written.pictures, account.missing) == (1, 0, 2)


def test_a_message_names_a_picture_once(tmp_path: Path) -> None:
    for picture in ("gone.png", "../out.png"):
        (tmp_path / "a.md").write_text(f"# T\n\n![A boat]({picture})\n", encoding="utf-8")
        artifact = clothbound.write(clothbound.read(tmp_path), "epub")
        artifact.to_bytes()
        (told,) = (d for d in artifact.report.diagnostics if d.code is DiagnosticCode.IMAGE_MISSING)
        assert str(told).count(picture) == 1, str(told)


def test_placeholders_speak_to_readers() -> None:
    caption = (i.Text("The old quay"),)
    assert placeholder(i.Image(FAR, "A quay")) == Placeholder("A quay", address=FAR)
    assert placeholder(i.Image("gone.png", "A quay"), caption) == Placeholder("A quay")
    assert placeholder(i.Image("gone.png"), caption) == Placeholder(is_caption=True)
    assert placeholder(i.Image("gone.png", "The old quay."), caption).is_caption
    assert placeholder(i.Image(FAR)) == Placeholder(host="far.example", address=FAR)
    assert placeholder(i.Image("8f2a6c1e.png")) == Placeholder()
    for name in ("8f2a6c1e-1234-5678-9abc-def012345678", "97423f4009924676_1200.jpeg"):
        assert placeholder(i.Image("x.png", name)) == Placeholder(), name
    # What an author or a generator of pictures called a file may be all that there is to read.
    said = "A quay at night, oil on canvas.png"
    assert placeholder(i.Image("x.png", said)) == Placeholder(said)


def test_a_book_says_nothing_where_there_are_no_words() -> None:
    one = post(i.Image("8f2a6c1e-1234-5678-9abc-def012345678.png"), i.Image(FAR))
    in_line = b.Paragraph((i.Image("lost.png"),))
    one = Post(one.metadata, (*one.body, b.Gallery(one.body), in_line))  # type: ignore[arg-type]
    epub = chapters(made(one, "epub")[0])
    assert "8f2a6c1e" not in epub.replace(f'href="{FAR}"', "")
    assert ">far.example</a>" in epub
    assert "<figure></figure>" not in epub
    assert "<p></p>" not in epub
    for target in ("pdf", "typst"):
        text = pdf_text(made(one, target)[0])
        assert "8f2a6c1e" not in text
        assert "far.example" not in text
        assert "icture" not in text


def pdf_text(data: bytes) -> str:
    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_a_caption_stands_once_and_keeps_its_links_and_notes() -> None:
    caption = (i.Text("The "), i.Link((i.Text("old"),), "https://x.example"), i.NoteRef("1"))
    figure = b.Figure(i.Image(FAR), caption)
    one = Post(Metadata(key="a"), (figure,), (Footnote("1", (b.Paragraph((i.Text("N"),)),)),))
    epub = chapters(made(one, "epub")[0])
    assert epub.count("https://x.example") == 1
    assert 'href="#a-note--1"' in epub
    assert "<figcaption" not in epub
    for target in ("pdf", "typst"):
        assert pdf_text(made(one, target)[0]).count("old") == 1


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(command, [str(a) for a in arguments], standalone_mode=False)
    return getattr(result.exception, "exit_code", result.return_value or 0), result.stderr


def test_the_command_refuses_a_book_without_its_pictures(tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text("---\ntitle: T\ndate: 2023-05-01\n---\n\n![A](gone.png)\n", "utf-8")
    book = tmp_path / "book.epub"
    code, said = run("book", source, "-o", book, "--strict")
    assert code == 3
    assert "1 picture is missing" in said
    assert not book.exists()
    code, said = run("book", source, "-o", book)
    assert code == 0
    assert "1 picture missing" in said


@pytest.mark.parametrize("target", ["substack-editor", "substack-paste"])
def test_every_picture_of_a_line_reaches_the_editor(target: str) -> None:
    pictures = [i.Image(f"https://far.example/{name}.png", name) for name in "abc"]
    line = b.Paragraph((i.Text("x "), *pictures[:2], i.Text(" y"), pictures[2]))
    data, report = made(Post(Metadata(key="a", title="T"), (line,)), target, strict=True)
    if target == "substack-paste":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("t.html")
    for picture in pictures:
        assert picture.src.encode() in data
    assert report.remote == Counter({"far.example": 3})


def test_a_picture_in_a_caption_that_cannot_be_set_is_told() -> None:
    inner = i.Image("https://far.example/b.png", "b")
    figure = b.Figure(i.Image("https://far.example/a.png", "a"), (i.Text("c"), inner))
    _, report = made(Post(Metadata(key="a"), (figure,)), "substack-editor")
    assert report.dropped == 1


def test_a_cover_that_a_feed_lacks_is_none_of_the_pictures_read() -> None:
    one = Post(
        Metadata(key="a", cover="cover.png"), (b.Figure(i.Image("https://far.example/a.png", "a")),)
    )
    _, report = made(one, "rss")
    (account,) = report.accounts.values()
    assert (account.read.pictures, account.written.pictures, account.missing) == (1, 1, 1)


def test_what_is_missing_is_found_out_in_one_place() -> None:
    """Only one module decides that a picture is missing, and counts it."""
    source = Path(clothbound.__file__).parent
    # verify/explain.py reads in the report that one is.
    places = {"context.py", "post_pictures.py", "diagnostics.py", "verify/explain.py"}
    codes = ("IMAGE_MISSING", "IMAGE_UNREADABLE", "miss_picture(", "keep_remote_picture(")
    found = [
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if path.relative_to(source).as_posix() not in places
        and any(code in path.read_text("utf-8") for code in codes)
    ]
    assert found == []


def test_plain_text_says_that_its_pictures_are_descriptions() -> None:
    data, report = made(post(i.Image("gone.png", "A quay"), i.Image(FAR, "B")), "text", strict=True)
    assert b"[picture: A quay]" in data
    assert sum(account.simplified for account in report.accounts.values()) == 2


LINKED = "[![](https://a.example/x.png)](https://b.example/page)"


@pytest.mark.parametrize("target", ["epub", "html-fragment", "pdf"])
@pytest.mark.parametrize("text", [LINKED, f"Before {LINKED} after", f"{LINKED}\n{LINKED}"])
def test_the_place_of_a_linked_picture_leads_where_the_picture_led(
    target: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text(text)
    data, report = made(list(clothbound.read(tmp_path)), target)
    if target == "epub":
        found = re.findall(r'href="(https:[^"]*)"', chapters(data))
    elif target == "html-fragment":
        found = re.findall(r'href="(https:[^"]*)"', data.decode())
    else:
        with pymupdf.open(stream=data) as document:
            found = [link["uri"] for page in document for link in page.get_links()]
            assert "b.example/page" in "".join(page.get_text() for page in document)
    assert set(found) == {"https://b.example/page"}
    (account,) = report.accounts.values()
    assert account.read.links == account.written.links == text.count(LINKED)


def test_a_picture_that_leads_to_its_own_file_is_not_called_by_an_address() -> None:
    figure = b.Figure(i.Image(FAR, ""), href=FAR)
    data, _ = made(
        Post(Metadata(key="a", title="T"), (figure, b.Paragraph((i.Text("x"),)))), "epub"
    )
    assert ">far.example<" in chapters(data)
