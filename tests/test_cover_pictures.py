"""The picture of a post, its alternative text and its caption: read of every format, written, and shown in books."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode, LossReport
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.options import Epub, Markdown, Site
from clothbound.run import Run
from clothbound.transforms.cover_pictures import show_cover
from epub_samples import picture

TEXT = b.Paragraph((i.Text("The text of the letter."),))
COVER = "https://letters.example/quay.jpg"


def post(**fields: str) -> Post:
    fields = {"key": "a", "title": "The quay", "cover": COVER, **fields}
    return Post(Metadata(**fields), (TEXT,))


@pytest.mark.parametrize(
    "header",
    [
        "cover: quay.jpg\ncover_alt: A quay\ncover_caption: By Jo",
        "image: quay.jpg\nimage-alt: A quay\nimage_caption: By Jo",
        "featureimage: quay.jpg\nfeatureimagealt: A quay\nfeatureimagecaption: By Jo",
        "feature_image: quay.jpg\nfeature_image_alt: A quay\nfeature_image_caption: By Jo",
        "featured_image: quay.jpg\nfeatured_image_alt: A quay\nfeatured_image_caption: By Jo",
        "heroImage: quay.jpg\nheroImageAlt: A quay\nheroImageCaption: By Jo",
        "cover:\n  image: quay.jpg\n  alt: A quay\n  caption: By Jo\n  relative: true",
        "image:\n  src: quay.jpg\n  alt: A quay\n  caption: By Jo",
        "params:\n  cover: quay.jpg\n  cover_alt: A quay\n  cover_caption: By Jo",
    ],
)
def test_a_header_says_it(header: str) -> None:
    made = clothbound.read(f"---\ntitle: T\n{header}\n---\nText.\n".encode(), "markdown").posts[0]
    found = made.metadata
    assert (found.cover, found.cover_alt, found.cover_caption) == ("quay.jpg", "A quay", "By Jo")


@pytest.mark.parametrize("target", ["markdown", "json", "pandoc"])
def test_it_comes_back(target: str) -> None:
    made = post(cover_alt="A quay, from the *sea*", cover_caption='Photo: "Ines"')
    again = clothbound.read(clothbound.write(made, target).to_bytes(), target).posts[0]
    for name in ("cover", "cover_alt", "cover_caption"):
        assert getattr(again.metadata, name) == getattr(made.metadata, name)


def test_a_page_says_it_both_ways() -> None:
    page = clothbound.write(post(cover_alt="A quay"), "html").to_text()
    assert '<meta property="og:image:alt" content="A quay">' in page
    again = clothbound.read(page.encode(), "html").posts[0].metadata
    assert (again.cover, again.cover_alt) == (COVER, "A quay")


def test_a_book_says_it_in_the_head_of_its_chapter(tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    clothbound.write(post(cover_alt="A quay", cover_caption="By Jo"), "epub").save(path)
    again = clothbound.read(path).posts[0].metadata
    assert (again.cover, again.cover_alt, again.cover_caption) == (COVER, "A quay", "By Jo")


@pytest.mark.parametrize(
    ("fields", "shown", "is_there"),
    [
        ({}, "described", False),
        ({"cover_alt": "A quay"}, "described", True),
        ({"cover_alt": "IMG_1234"}, "described", False),
        ({"cover_caption": "By Jo"}, "described", True),
        ({}, "all", True),
        ({"cover": ""}, "all", False),
        ({"cover_alt": "A quay"}, "none", False),
    ],
)
def test_which_posts_show_their_picture(
    fields: dict[str, str], shown: str, is_there: bool, tmp_path: Path
) -> None:
    data = picture("PNG")
    (tmp_path / "quay.png").write_bytes(data)
    head = {"title": "The quay", "cover": "quay.png", **fields}
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in head.items())
    (tmp_path / "quay.md").write_text(f"---\n{lines}---\nThe text.\n", "utf-8")
    posts = clothbound.read(tmp_path)
    path = tmp_path / "a.epub"
    report = clothbound.write(posts, Epub(cover_pictures=shown)).save(path)  # type: ignore[arg-type]
    with zipfile.ZipFile(path) as book:
        (name,) = [n for n in book.namelist() if "quay" in n and n.endswith(".xhtml")] or [""]
        chapters = [book.read(n).decode() for n in book.namelist() if n.endswith(".xhtml")]
        chapter = next(text for text in chapters if "<p>The text.</p>" in text)
    assert ("<img" in chapter) is is_there, name
    if is_there:
        assert chapter.index("<img") < chapter.index("<p>The text.")
        assert f'alt="{fields.get("cover_alt", "")}"' in chapter
        assert fields.get("cover_caption", "") in chapter
    assert not report.missing
    (account,) = report.accounts.values()
    assert account.written.pictures == is_there


@pytest.mark.parametrize(
    ("cover", "src"),
    [
        (COVER, COVER),
        (COVER, f"{COVER}?w=600"),
        ("https://a.example/wp-content/quay.jpg", "https://a.example/wp-content/quay-300x200.jpg"),
        ("https://a.example/content/images/2024/quay.jpg",) * 2,
        (
            "https://a.example/content/images/2024/quay.jpg",
            "https://a.example/content/images/size/w600/2024/quay.jpg",
        ),
    ],
)
def test_a_text_that_shows_it_has_it_once(cover: str, src: str) -> None:
    made = Post(
        Metadata(key="a", title="T", cover=cover, cover_alt="A quay"),
        (TEXT, b.Figure(i.Image(src, "A quay"))),
    )
    artifact = clothbound.write(made, Epub())
    artifact.to_bytes()
    (account,) = artifact.report.accounts.values()
    assert account.added.pictures == 0


def test_a_site_shows_it_and_markdown_keeps_it_in_the_header(tmp_path: Path) -> None:
    made = post(cover_alt="A quay", cover_caption="By Jo")
    clothbound.write(made, Site()).save(tmp_path / "site")
    pages = [path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.html")]
    page = next(text for text in pages if "The text of" in text)
    assert "By Jo</figcaption>" in page
    assert "![" not in clothbound.write(made, Markdown()).to_text()


def test_a_missing_one_is_counted() -> None:
    artifact = clothbound.write(post(cover_alt="A quay"), Epub())
    artifact.to_bytes()
    assert artifact.report.missing == 1
    codes = [d.code for d in artifact.report.diagnostics]
    assert DiagnosticCode.IMAGE_REMOTE in codes
    (account,) = artifact.report.accounts.values()
    assert account.written.pictures == 0


def test_ghost_and_wordpress_give_both() -> None:
    cases = Path(__file__).parent / "cases"
    ghost = clothbound.read(cases / "ghost" / "the-pier.ghost.2024-05-05-10-00-00.json")
    found = next(m for m in ghost.index if m.cover_alt)
    assert (found.cover_alt, found.cover_caption) == ("The quay from the sea", "Photo: Ines")
    assert plain_text(ghost.posts[0].body)


@pytest.mark.parametrize(
    ("language", "shown"), [("", "Der „Kai“ im Winter"), ("en", "Der “Kai” im Winter")]
)
def test_quotation_marks_of_its_caption_are_those_of_the_post_or_else_of_the_book(
    language: str, shown: str
) -> None:
    one = post(cover_caption='Der "Kai" im Winter', language=language)
    context = Context(Run(), language="de", report=LossReport("test"))
    figure, _ = show_cover(one, context).body
    assert isinstance(figure, b.Figure)
    assert figure.caption == (i.Text(shown),)
