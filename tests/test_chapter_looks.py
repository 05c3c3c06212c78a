"""Chapters of an EPUB, and pages, in Chromium: what their style sheets make of them, measured."""

from __future__ import annotations

import io
import shutil
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import clothbound
from devtools import Page, running

SCREEN = (360, 480)
PAGED = (
    "document.head.insertAdjacentHTML('beforeend', '<style>html { height: 440px; width: 320px; margin: 20px;"
    " column-width: 320px; column-gap: 40px; column-fill: auto }</style>')"
)
"""Reading systems set a chapter in columns of the size of a page."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with running(tmp_path_factory.mktemp("browser")) as found:
        width, height = SCREEN
        found.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        yield found


def picture(folder: Path, width: int, height: int) -> None:
    Image.new("RGB", (width, height), "navy").save(folder / f"{width}x{height}.png")


def measured(browser: Page, folder: Path, text: str, script: str, *, paged: bool = False) -> Any:
    """Returns what ``script`` says of the chapter that a post of Markdown becomes."""
    post = folder / "pier.md"
    post.write_text(text, "utf-8")
    clothbound.write(clothbound.read(post), "epub").save(folder / "book.epub")
    shutil.unpack_archive(folder / "book.epub", folder / "book", "zip")
    chapter = next(
        path
        for path in (folder / "book" / "EPUB").glob("*.xhtml")
        if not path.stem.endswith("_page")
    )
    browser.open(chapter.as_uri())
    if paged:
        browser.run(PAGED)
    return browser.run(script)


BOX = "const box = (name) => document.querySelector(name).getBoundingClientRect();"


def test_a_comma_stands_between_the_marks_of_two_notes(browser: Page, tmp_path: Path) -> None:
    text = "The pier[^a][^b] was long.[^c]\n\n[^a]: A.\n[^b]: B.\n[^c]: C.\n"
    script = "[...document.querySelectorAll('sup')].map((one) => getComputedStyle(one, '::after').content)"
    assert measured(browser, tmp_path, text, script) == ['","', "none", "none"]


def test_a_picture_at_the_head_of_a_paragraph_does_not_touch_the_text_above(
    browser: Page, tmp_path: Path
) -> None:
    picture(tmp_path, 300, 90)
    text = "*The pier.*\n\n![A boat](300x90.png)\n*The boat.*\n\nThe oil was cheap.\n"
    script = (
        BOX
        + "[box('img').top - box('p').bottom, box('p:last-of-type').top - box('.pictured').bottom]"
    )
    above, below = measured(browser, tmp_path, text, script)
    assert above >= 12
    assert below >= 12


@pytest.mark.parametrize(("language", "start"), [("en", "left"), ("ar", "right")])
def test_columns_stand_as_the_author_says(
    browser: Page, tmp_path: Path, language: str, start: str
) -> None:
    word = "ميناء" if start == "right" else "pier"
    row = f"| {word} | {word} | {word} | {word} |\n"
    text = f"---\nlang: {language}\n---\n{row}|---|:--|:-:|--:|\n{row}"
    script = "['th', 'td'].map((kind) => [...document.querySelectorAll(kind)].map((one) => getComputedStyle(one).textAlign))"
    row_of = [start, "left", "center", "right"]
    assert measured(browser, tmp_path, text, script) == [row_of, row_of]


def test_a_paragraph_behind_a_list_within_an_item_stands_apart(
    browser: Page, tmp_path: Path
) -> None:
    text = "- Oil\n\n  - Rope\n\n  The oil was cheap.\n"
    script = BOX + "box('li > ul + p').top - box('li > ul').bottom"
    assert measured(browser, tmp_path, text, script) >= 4
    clothbound.write(clothbound.read(tmp_path / "pier.md"), "html").save(tmp_path / "pier.html")
    browser.open((tmp_path / "pier.html").as_uri())
    assert browser.run(script) >= 4


@pytest.mark.parametrize("width", ["", "{width=90%}"])
def test_a_picture_is_no_higher_than_a_page_and_keeps_its_shape(
    browser: Page, tmp_path: Path, width: str
) -> None:
    picture(tmp_path, 500, 1500)
    script = (
        "(() => { const {width, height} = document.querySelector('img').getBoundingClientRect();"
    )
    script += (
        " return [width, height, getComputedStyle(document.querySelector('img')).objectFit] })()"
    )
    wide, high, fit = measured(
        browser, tmp_path, f"![A mast](500x1500.png){width}\n", script, paged=True
    )
    assert high <= SCREEN[1] * 0.9 + 1
    assert fit == "contain" or wide == pytest.approx(high / 3, abs=1)


def test_a_table_s_caption_is_not_the_last_line_of_a_page(browser: Page, tmp_path: Path) -> None:
    rows = "| Oil | Rope |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nTable: Prices\n"
    script = (
        "(() => { const left = (name) => document.querySelector(name).getBoundingClientRect().left;"
        " return Math.floor(left('caption') / 360) - Math.floor(left('td') / 360) })()"
    )
    for lines in range(4, 14):
        text = "Oil was cheap.\n\n" * lines + rows
        assert measured(browser, tmp_path, text, script, paged=True) == 0, lines


def test_a_drawing_without_a_ground_lies_on_white(browser: Page, tmp_path: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-50 -20 100 40"><path d="M-50 0H50" stroke="#000"/></svg>'
    (tmp_path / "map.svg").write_text(drawing, "utf-8")
    night = "document.documentElement.style.background = '#000'"
    box = measured(
        browser,
        tmp_path,
        "![A map](map.svg)\n",
        night + ";" + BOX + "box('img').toJSON()",
    )
    shot = b64decode(browser.send("Page.captureScreenshot")["data"])
    shown = Image.open(io.BytesIO(shot)).convert("RGB")
    corners = [(box["left"] + 3, box["top"] + 3), (box["right"] - 3, box["bottom"] - 3)]
    assert [shown.getpixel((round(x), round(y))) for x, y in corners] == [(255, 255, 255)] * 2
    assert shown.getpixel((3, SCREEN[1] - 3)) == (0, 0, 0)


LARGE = "document.body.style.fontSize = '28px'; "
"""Readers make type larger, also on a small page."""


def test_the_caption_of_a_table_that_is_a_list_stays_whole(browser: Page, tmp_path: Path) -> None:
    row = "| pier " * 9 + "|\n"
    table = row + "|---" * 9 + f"|\n{row}\nTable: What the oil and the rope of the pier cost\n"
    script = LARGE + "document.querySelector('.stacked .caption').getClientRects().length"
    for lines in range(2, 9):
        text = "Oil was cheap.\n\n" * lines + table
        assert measured(browser, tmp_path, text, script, paged=True) == 1, lines


def test_a_title_page_in_large_type_is_one_page(browser: Page, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("Oil was cheap.\n", "utf-8")
    info = clothbound.BookInfo(
        title="Letters from the Quay", subtitle="2023", authors=("Ines Okafor",)
    )
    book = clothbound.book(clothbound.read(tmp_path / "one.md"), info=info)
    clothbound.write(book, "epub").save(tmp_path / "book.epub")
    shutil.unpack_archive(tmp_path / "book.epub", tmp_path / "book", "zip")
    browser.open((tmp_path / "book" / "EPUB" / "title_page.xhtml").as_uri())
    browser.run(PAGED)
    script = LARGE + "document.querySelector('.author').getBoundingClientRect().right"
    assert browser.run(script) < SCREEN[0]
