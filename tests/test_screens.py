"""Web pages and chapters before the proof-reader for screens: planted faults are found, and our own pages have none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.post import Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.proof import FindingKind
from clothbound.writers.site import Site
from devtools import Page, running
from epub_samples import every_node, letters, second
from planted_screen_faults import PLANTED_ON_SCREEN, PlantedOnScreen, page_of
from screen_reading import (
    CHECKS,
    LOOKS,
    Look,
    ScreenFinding,
    pages_of,
    read_page,
    read_pages,
    shoot,
)
from substack_cases import DOCUMENTS, read_case

ROOT = Path(__file__).parents[1]
LETTERS = ROOT / "examples" / "letters"
SCRIPTS = ROOT / "tests" / "proof_book"
FEW = (Look(360, 640, False), Look(1280, 900, True))

RIGHT_TO_LEFT = """---
title: WORDS
lang: LANGUAGE
---
WORDS, WORDS.

> [!NOTE]
> WORDS:
>
> - WORDS
> - server
> - `mail.example` WORDS
>
> 1. WORDS
> 2. client

> [!WARNING]
> - server
> - client

> [!TIP]
> ```sh
> openssl smime -sign -in message.txt -out signed.eml -signer cert.pem -inkey key.pem
> ```

- WORDS

  ```sh
  openssl smime -sign -in message.txt -out signed.eml -signer cert.pem -inkey key.pem
  ```
- server

  - client
  - WORDS
- [ ] WORDS

WORDS
:   server

> server.

| WORDS | server |
|:--|--:|
| client | WORDS |
"""
"""Callouts, lists and code, each in both directions."""

by_name = pytest.mark.parametrize(
    "planted", PLANTED_ON_SCREEN, ids=[one.name for one in PLANTED_ON_SCREEN]
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with running(tmp_path_factory.mktemp("browser")) as found:
        yield found


def read_planted(
    browser: Page, planted: PlantedOnScreen, look: Look, folder: Path, *, is_faulty: bool
) -> list[ScreenFinding]:
    page = folder / "pier.html"
    page.write_text(page_of(planted, is_faulty=is_faulty), "utf-8")
    return read_page(browser, page, [look])


@by_name
def test_a_planted_fault_is_found_on_its_screens_alone(
    browser: Page, planted: PlantedOnScreen, tmp_path: Path
) -> None:
    for look in FEW if not planted.only_in else LOOKS:
        found = read_planted(browser, planted, look, tmp_path, is_faulty=True)
        checks = {one.check for one in found}
        assert (planted.check in checks) == (planted.only_in in str(look)), (str(look), found)


@by_name
def test_its_sound_twin_has_no_finding(
    browser: Page, planted: PlantedOnScreen, tmp_path: Path
) -> None:
    for look in FEW:
        assert read_planted(browser, planted, look, tmp_path, is_faulty=False) == []


def test_every_check_has_a_planted_fault() -> None:
    errors = {name for name, kind in CHECKS.items() if kind is FindingKind.ERROR}
    assert {one.check for one in PLANTED_ON_SCREEN} == errors


def test_a_finding_has_a_cut_out(browser: Page, tmp_path: Path) -> None:
    page = tmp_path / "pier.html"
    page.write_text(page_of(PLANTED_ON_SCREEN[0], is_faulty=True), "utf-8")
    (found,) = read_page(browser, page, [LOOKS[2]], cut_outs=True)
    assert (found.page, found.look, found.element) == ("pier.html", "360x640 light", "p")
    assert found.cut_out.startswith(b"\x89PNG")


def test_what_is_cut_out_of_a_page_from_right_to_left_is_the_place(
    browser: Page, tmp_path: Path
) -> None:
    page = tmp_path / "pier.html"
    page.write_text(
        "<!DOCTYPE html><html dir=rtl><title>a</title><style>body { margin: 0 }"
        " hr { width: 90px; height: 1500px; margin: 0 auto 0 0; border: 0; background: red }</style><hr>"
    )
    browser.open(page.as_uri())
    drawn = shoot(browser, (0, 0, 100, 1500))
    assert drawn.size == (100, 1500)
    assert drawn.getpixel((45, 10)) == drawn.getpixel((45, 1490)) == (255, 0, 0)
    assert drawn.getpixel((5, 700)) == (255, 0, 0)
    assert drawn.getpixel((95, 10)) == drawn.getpixel((95, 1490)) == (255, 255, 255)


def errors_of(
    browser: Page, posts: Collection, folder: Path, looks: tuple[Look, ...] = LOOKS
) -> str:
    """Returns the errors of the site and of the EPUB that are made of posts, a line each."""
    clothbound.write(posts, Site(title="Letters", url="https://letters.example")).save(
        folder / "site"
    )
    clothbound.write(posts, "epub").save(folder / "book.epub")
    pages = [*pages_of(folder / "site", folder), *pages_of(folder / "book.epub", folder / "book")]
    return "\n".join(
        f"{one.page}, {one.look}: {one.message} ({one.check}) [{one.element}]"
        for one in read_pages(browser, pages, looks)
        if one.kind is FindingKind.ERROR
    )


def test_every_kind_of_node(browser: Page, tmp_path: Path) -> None:
    assert errors_of(browser, letters(every_node(), second()), tmp_path) == ""


def test_every_component_of_a_platform(browser: Page, tmp_path: Path) -> None:
    posts = as_collection([read_case(path)[0] for path in DOCUMENTS])
    assert errors_of(browser, posts, tmp_path, FEW) == ""


@pytest.mark.parametrize("language", sorted(path.stem for path in SCRIPTS.glob("*.md")))
def test_a_script(browser: Page, language: str, tmp_path: Path) -> None:
    post = clothbound.read(SCRIPTS / f"{language}.md")
    assert errors_of(browser, post, tmp_path, FEW) == ""


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "يبدأ النص بفقرة"), ("he", "הסיפור מתחיל כאן")]
)
def test_boxes_in_text_from_right_to_left(
    browser: Page, language: str, words: str, tmp_path: Path
) -> None:
    text = RIGHT_TO_LEFT.replace("WORDS", words).replace("LANGUAGE", language)
    post = clothbound.read(text, format="markdown")
    assert errors_of(browser, post, tmp_path, FEW) == ""


@pytest.mark.parametrize("words", ["紙を漉く人の港", "종이를 뜨는 사람", "صورة الميناء القديم"])
def test_scripts_without_italics_stay_upright_in_a_post_of_another(
    browser: Page, words: str, tmp_path: Path
) -> None:
    gone = i.Image("gone.png", words)
    table = b.Table((), ((b.Cell((i.Text("x"),)),),), caption=(i.Text(words),))
    body = (
        b.Paragraph((i.Text("The harbour "), gone, i.Text(" at noon."))),
        b.Figure(gone),
        b.Figure(i.Image("gone.png", "The harbour"), (i.Text(words),)),
        b.PullQuote((b.Paragraph((i.Text(words),)),)),
        b.Group((b.Heading((i.Text(words),), 5), table)),
    )
    posts = as_collection([Post(Metadata(key="one", title="The harbour", language="en"), body)])
    assert errors_of(browser, posts, tmp_path, FEW[:1]) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "紙を漉く人の港"), ("he", "הסיפור מתחיל כאן"), ("hi", "बंदरगाह की चिट्ठी")],
)
@pytest.mark.parametrize("name", ["post.html", "book.epub"])
def test_latin_words_are_in_italics_and_the_words_around_them_are_not(
    browser: Page, language: str, words: str, name: str, tmp_path: Path
) -> None:
    text = f"---\ntitle: {words}\nlang: {language}\n---\n{words} *carpe **diem*** {words} *{words}*"
    product = tmp_path / name
    clothbound.write(clothbound.read(text, format="markdown"), product.suffix[1:]).save(product)
    page = next(
        one for one in pages_of(product, tmp_path / "u") if "carpe" in one.read_text("utf-8")
    )
    browser.open_file(page)
    styles = "(e => [e.fontStyle, e.fontWeight, e.textEmphasisStyle])(getComputedStyle(document.querySelectorAll('p em')[{}]))"
    assert browser.run(styles.format(0)) == ["italic", "400", "none"]
    assert browser.run(styles.format(1))[0] == "normal"
    assert (
        browser.run("getComputedStyle(document.querySelector('p em strong')).fontStyle") == "italic"
    )


def test_the_letters(browser: Page, tmp_path: Path) -> None:
    posts = clothbound.read(LETTERS / "2021", on_error="collect")
    assert errors_of(browser, posts, tmp_path, FEW) == ""


@pytest.mark.slow
def test_all_letters_on_all_screens(browser: Page, tmp_path: Path) -> None:
    assert errors_of(browser, clothbound.read(LETTERS, on_error="collect"), tmp_path) == ""
