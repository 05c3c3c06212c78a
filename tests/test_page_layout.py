"""Where things stand on pages in a real browser: lines of verse, rows of pictures, lists in notes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote, Metadata, Post
from devtools import running
from epub_samples import picture

LINES = """
[...document.querySelectorAll(".verse p")].map(stanza => {
  const range = document.createRange();
  range.selectNodeContents(stanza);
  const lines = new Map();
  for (const part of range.getClientRects()) {
    if (part.width) lines.set(part.top, Math.min(Math.round(part.left), lines.get(part.top) ?? Infinity));
  }
  return [...lines.values()];
})
"""
ROWS = """
[...document.querySelectorAll(".gallery img")].map(image => {
  const place = image.getBoundingClientRect();
  return [place.top, place.bottom, place.left, place.right, image.naturalWidth / image.naturalHeight].map(Math.fround);
})
"""
ITEMS = """
[...document.querySelectorAll("main li li")].map(item => {
  const style = getComputedStyle(item);
  return [style.marginBottom, style.paddingInlineStart];
})
"""


def paragraph(words: str) -> b.Paragraph:
    return b.Paragraph((i.Text(words),))


def ask(page: Path, script: str, width: int) -> Any:
    with running(page.parent / f"browser-{width}") as shown:
        shown.open(page.as_uri())
        shown.screenshot(page.parent / f"shot-{width}.png", width, 800)
        return shown.run(script)


def test_lines_of_verse_begin_at_one_place_and_their_turned_parts_further_in(
    tmp_path: Path,
) -> None:
    words = ("The tide is out,", "the boats are dry " * 6, "and so am I.")
    lines = [part for line in words for part in (i.Text(line), i.LineBreak())]
    page = tmp_path / "page.html"
    clothbound.write(Post(Metadata(key="k"), (b.Verse(tuple(lines[:-1])),)), "html").save(page)
    ((first, second, *turned, last),) = ask(page, LINES, 400)
    assert first == second == last
    assert turned
    assert set(turned) == {turned[0]}
    assert turned[0] > first + 10


def test_pictures_of_a_gallery_stand_in_rows_of_one_height(tmp_path: Path) -> None:
    sizes = ((600, 400), (400, 600), (500, 500), (800, 350), (200, 500))
    for number, size in enumerate(sizes):
        (tmp_path / f"{number}.png").write_bytes(picture("PNG", size=size))
    (tmp_path / "post.md").write_text(
        "::: image-gallery-embed\n"
        + "\n".join(f'![]({n}.png){{alt="Picture {n}"}}' for n in range(len(sizes)))
        + "\n:::\n",
        encoding="utf-8",
    )
    page = tmp_path / "page.html"
    clothbound.convert(tmp_path / "post.md", page)
    for width in (360, 900):
        rows: dict[int, list[list[float]]] = {}
        for place in ask(page, ROWS, width):
            rows.setdefault(round(place[0]), []).append(place)
        assert len(rows) > 1
        for row in rows.values():
            heights = [bottom - top for top, bottom, *_ in row]
            assert max(heights) - min(heights) < 1
            for top, bottom, left, right, shape in row:
                assert abs((right - left) / (bottom - top) - shape) < 0.05
        assert any(len(row) > 1 for row in rows.values())


def test_a_list_within_a_note_is_as_close_as_any_list(tmp_path: Path) -> None:
    items = b.List(tuple(b.ListItem((paragraph("twine"),)) for _ in range(2)))
    note = Footnote("n", (paragraph("Of two kinds:"), items))
    text = b.Paragraph((i.Text("Rope."), i.NoteRef("n")))
    outside = b.List((b.ListItem((paragraph("first"), items)),))
    page = tmp_path / "page.html"
    clothbound.write(Post(Metadata(key="k"), (outside, text), (note,)), "html").save(page)
    found = ask(page, ITEMS, 400)
    assert len(found) == 4
    assert all(each == found[0] for each in found)


def test_a_long_address_in_a_note_does_not_widen_the_page_to_paste(tmp_path: Path) -> None:
    address = "https://letters.example/" + "unaccountable" * 6
    note = Footnote("n", (paragraph(address),))
    text = b.Paragraph((i.Text("Rope."), i.NoteRef("n")))
    post = Post(Metadata(key="k", slug="k", title="Rope"), (text,), (note,))
    clothbound.write(post, "substack-paste").save(tmp_path / "paste")
    assert ask(tmp_path / "paste" / "k.html", "document.documentElement.scrollWidth", 360) <= 360


def test_latin_words_of_a_hebrew_opening_are_no_small_capitals(tmp_path: Path) -> None:
    caps = "getComputedStyle(document.querySelector('.opener + p'), '::first-line').fontVariantCaps"
    with running(tmp_path / "browser") as page:
        for language, words, found in (
            ("he", "שלום Horatius", "normal"),
            ("en", "One", "small-caps"),
        ):
            post = Post(
                Metadata(key="k", title="A", language=language), (b.Paragraph((i.Text(words),)),)
            )
            file = tmp_path / f"{language}.html"
            clothbound.write(post, "html").save(file)
            page.open(file.as_uri())
            assert page.run(caps) == found


def test_a_turned_line_of_code_in_a_book_is_further_in_than_it_begins(tmp_path: Path) -> None:
    code = b.CodeBlock(" ".join(["a line that is turned"] * 9) + "\nshort\n    deeper")
    post = Post(Metadata(key="k", title="A"), (code,))
    clothbound.write(post, "epub").save(tmp_path / "book.epub")
    shutil.unpack_archive(tmp_path / "book.epub", tmp_path / "book", "zip")
    script = """
        const range = document.createRange();
        range.selectNodeContents(document.querySelector("pre code").firstChild);
        [...range.getClientRects()].map(box => [box.top, box.left])
    """
    with running(tmp_path / "browser") as page:
        page.open((tmp_path / "book" / "EPUB" / "k.xhtml").as_uri())
        page.screenshot(tmp_path / "page.png", 600, 640)
        if not page.run("CSS.supports('text-indent', '1em hanging each-line')"):
            pytest.skip("this browser indents no turned lines")
        lines: dict[float, float] = {}
        for top, left in page.run(script):
            lines[top] = min(left, lines.get(top, left))
    # The spaces before the last line are a part of it.
    first, *turned, short, deeper = lines.values()
    assert first == short == deeper
    assert turned
    assert all(first + 30 < left < first + 60 for left in turned), lines
