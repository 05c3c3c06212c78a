"""Lists on screens, in a real browser: their numbers are not cut off, and lines of tasks stand below their words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from devtools import running

WIDTH = 360
LINES = """
[...document.querySelectorAll("li")].map(item => {
  const words = [...item.childNodes].find(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const range = document.createRange();
  range.selectNodeContents(words);
  return [item.querySelector(".task"), range].flatMap(it => [...it.getClientRects()].map(place => place.left));
})
"""


def page_of(block: b.Block, language: str, form: str, folder: Path) -> Path:
    """Writes a post as a page, or as a chapter of an EPUB, and returns its file."""
    post = Post(Metadata(key="k", slug="k", language=language), (block,))
    clothbound.write(post, form).save(folder / f"book.{form}")
    if form == "html":
        return folder / "book.html"
    shutil.unpack_archive(folder / "book.epub", folder / "book", "zip")
    return folder / "book" / "EPUB" / "k.xhtml"


@pytest.mark.parametrize("language", ["en", "he"])
@pytest.mark.parametrize("form", ["epub", "html"])
def test_long_numbers_are_not_cut_off(form: str, language: str, tmp_path: Path) -> None:
    for last in (100, 9999, 99999, 1_000_000):
        items = tuple(b.ListItem((b.Paragraph((i.Text("words"),)),)) for _ in range(2))
        folder = tmp_path / str(last)
        folder.mkdir()
        page = page_of(b.List(items, ordered=True, start=last - 1), language, form, folder)
        with running(folder / "browser") as shown:
            shown.open(page.as_uri())
            shown.screenshot(folder / "shot.png", WIDTH, 600)
        picture = Image.open(folder / "shot.png").convert("RGB")
        side = 0 if language == "en" else WIDTH - 3
        colours = picture.crop((side, 0, side + 3, 600)).getcolors() or []
        assert len(colours) == 1, last


@pytest.mark.parametrize("form", ["epub", "html"])
def test_lines_of_a_task_stand_below_its_words(form: str, tmp_path: Path) -> None:
    words = b.Paragraph((i.Text("words " * 30),))
    inner = b.List((b.ListItem((words,), checked=False),))
    page = page_of(b.List((b.ListItem((words, inner), checked=True),)), "en", form, tmp_path)
    with running(tmp_path / "browser") as shown:
        shown.open(page.as_uri())
        shown.screenshot(tmp_path / "shot.png", WIDTH, 800)
        outer, nested = shown.run(LINES)
    for box, first, *others in (outer, nested):
        assert others
        assert max(others) - min(others) < 1
        assert abs(others[0] - first) < 6
        assert others[0] - box > 12
    assert nested[0] - outer[0] > 12


@pytest.mark.parametrize("form", ["epub", "html"])
def test_an_item_without_a_box_has_a_bullet_in_a_list_of_tasks(form: str, tmp_path: Path) -> None:
    words = b.Paragraph((i.Text("words"),))
    items = (b.ListItem((words,), checked=True), b.ListItem((words,)), b.ListItem((words, words), checked=False))  # fmt: skip
    page = page_of(b.List(items), "en", form, tmp_path)
    with running(tmp_path / "browser") as shown:
        shown.open(page.as_uri())
        markers = shown.run(
            "[...document.querySelectorAll('.tasks > li')].map(item => getComputedStyle(item).listStyleType)"
        )
    assert markers == ["none", "disc", "none"]
