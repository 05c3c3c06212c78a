"""Formulas in a real browser: no word of theirs is hidden."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from devtools import Page, running

WORDS = r"\text{a long" + "-hyphenated-text-that-is-wider-than-the-window" * 3 + "}"
POST = Post(
    Metadata(key="k", slug="k", title="T"),
    (
        b.MathBlock(rf"x = \left({WORDS}\right)"),
        b.MathBlock(rf"V({WORDS}) = \frac{{a}}{{n-1}}"),
        b.MathBlock(rf"s_{{{WORDS}}} = \frac{{{WORDS}}}{{n}}"),
        b.Paragraph((i.Text("In a line "), i.Math(r"s^2_{\text{within-group}}"), i.Text("."))),
    ),
)


@pytest.mark.parametrize("product", ["html", "site", "epub"])
def test_words_in_formulas_are_shown_whole(product: str, tmp_path: Path) -> None:
    target = tmp_path / ("book.epub" if product == "epub" else "page.html")
    clothbound.write(POST, product).save(target)
    page = {"site": target / "k.html", "html": target}.get(product, target)
    if product == "epub":
        shutil.unpack_archive(target, tmp_path / "book", "zip")
        page = tmp_path / "book" / "EPUB" / "k.xhtml"
    with running(tmp_path / "browser") as browser:
        browser.open(page.as_uri())
        browser.screenshot(tmp_path / "wide.png", 4000, 800)
        whole = _widths_of_words(browser)
        browser.screenshot(tmp_path / "narrow.png", 600, 800)
        shown = _widths_of_words(browser)
    assert len(whole) == 5
    assert shown == whole


def _widths_of_words(page: Page) -> list[int]:
    """The em that the letters of each run of words take. Lines but the first are not laid out at all."""
    found: list[int] = page.run(
        """[...document.querySelectorAll('mtext')].map(words => {
            const range = document.createRange();
            range.selectNodeContents(words);
            const boxes = [...range.getClientRects()];
            const width = boxes.reduce((sum, box) => sum + box.width, 0);
            return Math.round(width / parseFloat(getComputedStyle(words).fontSize));
        })"""
    )
    return found
