"""Chinese, Japanese and Korean in print: text in a serif, headings in a sans, code in a mono face, each
in the forms of its language.
"""

from __future__ import annotations

from collections.abc import Iterator

import pymupdf
import pytest

from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.post import Metadata, Post
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.fonts import cjk_families
from printed_books import has_faces, make, p, post

TEXT, HEADING, CODE, TITLE = "本文字", "見出中", "注釈大", "書名小"
KOREAN = {TEXT: "본문", HEADING: "제목", CODE: "주석", TITLE: "책"}


def words(text: str, language: str) -> str:
    return KOREAN[text] if language == "ko" else text


def chapter(language: str) -> Post:
    return Post(
        Metadata(key=f"k-{language}", title=words(TITLE, language), language=language),
        (
            b.Paragraph((i.Text(words(TEXT, language)),)),
            b.Heading((i.Text(words(HEADING, language)),), 2),
            b.CodeBlock(f"x = 1  # {words(CODE, language)}"),
        ),
    )


def faces(data: bytes) -> Iterator[tuple[str, str]]:
    """The text of every run, and its font's name as letters alone."""
    with pymupdf.open(stream=data) as document:
        for page in document:
            for block in page.get_text("dict")["blocks"]:
                for line in block.get("lines", ()):
                    for span in line["spans"]:
                        name = span["font"].partition("+")[2] or span["font"]
                        yield span["text"], name.replace("-", "").lower()


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize("language", ["zh", "zh-Hant", "zh-HK", "ja", "ko"])
@pytest.mark.skipif(not has_faces(), reason="Noto CJK is not installed")
def test_text_headings_and_code_have_faces_of_their_own(language: str, engine: str) -> None:
    post = chapter(language)
    book = Collection(posts=[post], index=Index.of([post]), info=BookInfo(language=language))
    check(api.write(book, Pdf(engine=engine)).to_bytes(), language)  # type: ignore[arg-type]


@pytest.mark.skipif(not has_faces(), reason="Noto CJK is not installed")
def test_a_chapter_in_another_language_has_the_forms_of_that() -> None:
    posts = [
        Post(
            Metadata(key="e", title="English", language="en"), (b.Paragraph((i.Text("Words."),)),)
        ),
        chapter("zh"),
    ]
    book = Collection(posts=posts, index=Index.of(posts), info=BookInfo(language="en"))
    check(api.write(book, "pdf").to_bytes(), "zh")


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.skipif(not has_faces(), reason="Noto CJK is not installed")
def test_an_author_whose_script_no_post_has_is_on_the_title_page(engine: str) -> None:
    posts = [post(key, "English", p("Words.")) for key in ("one", "two")]
    info = BookInfo(title="Letters", authors=("A. Writer", "田中春香"), language="en")
    book = Collection(posts=posts, index=Index.of(posts), info=info)
    data, report = make(book, engine)  # type: ignore[arg-type]
    assert not [d for d in report.diagnostics if d.code is DiagnosticCode.GLYPH_MISSING]
    (name,) = {name for text, name in faces(data) if "田" in text}
    assert name.startswith("notoserifcjkjp")


def check(data: bytes, language: str) -> None:
    families = {k: f.replace(" ", "").lower() for k, f in cjk_families(language).items()}
    kinds = {TEXT: "serif", HEADING: "sans", CODE: "mono"}
    found = list(faces(data))
    for text, kind in kinds.items():
        names = {name for run, name in found if words(text, language) in run}
        assert names, text
        assert all(name.startswith(families[kind]) for name in names), (text, names)
