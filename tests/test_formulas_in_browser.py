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


def test_wide_formulas_are_within_a_printed_page(tmp_path: Path) -> None:
    terms = " + ".join(f"a_{{{number}}}" for number in range(24))
    post = Post(
        Metadata(key="k", slug="k", title="T"),
        (b.MathBlock(rf"{terms} = z"), b.MathBlock("a = b"), b.MathBlock(rf"{terms} \tag{{1}}")),
    )
    target = tmp_path / "page.html"
    clothbound.write(post, "html").save(target)
    with running(tmp_path / "browser") as browser:
        browser.open(target.as_uri())
        browser.send("Emulation.setEmulatedMedia", media="print")
        browser.screenshot(tmp_path / "print.png", 640, 800)
        found = browser.run(
            """[...document.querySelectorAll('.math')].map(block => {
                const box = block.querySelector('math').getBoundingClientRect();
                return [block.scrollWidth - block.clientWidth, box.height];
            })"""
        )
    assert [over for over, _ in found] == [0, 0, 0]
    assert found[0][1] < found[1][1]
