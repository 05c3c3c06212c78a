"""Pages of Zine: its directives in the place of addresses."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import clothbound
import notation
from clothbound.readers.markdown.zine import as_markdown

HEADER = '---\n.title = "Malt",\n.date = @date("2024-05-01T00:00:00"),\n---\n\n'


def shown(text: str, folder: Path) -> list[str]:
    (folder / "page.smd").write_text(HEADER + text)
    (post,) = clothbound.read(folder / "page.smd").posts
    return [line.strip() for line in notation.write(post.body).split("\n")]


def test_pictures_have_their_captions_and_alternatives(tmp_path: Path) -> None:
    text = '[The kiln](<$image.asset("kiln.png").alt("Bricks").size(800, 600)>)\n\n[]($image.siteAsset(\'rye.png\').attrs("big"))\n\n[](<$image.asset("hop.png").alt("Cones")>)\n'
    assert shown(text, tmp_path) == [
        *('6 Figure Image(src="kiln.png" alt="Bricks")', 'caption: "The kiln"'),
        '8 Figure Image(src="rye.png")',
        *('10 Figure Image(src="hop.png" alt="Cones")', 'caption: "Cones"'),
    ]


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ('$link.url("https://oast.example/").new(true)', "https://oast.example/"),
        ("$link.page('docs/malt').ref('rye')", "/docs/malt/#rye"),
        ('$link.sub("malt")', "malt/"),
        ('$link.sibling("malt")', "../malt/"),
        ('$link.ref("rye")', "#rye"),
    ],
)
def test_links_lead_to_pages_and_sections(written: str, target: str) -> None:
    assert as_markdown(f"See [it]({written}).") == f"See [it](<{target}>)."


def test_sections_formulas_boxes_and_code_keep_their_words(tmp_path: Path) -> None:
    text = '## [Rye]($section.id("rye"))\n\n[E = 1]($mathtex) [red]($text.attrs("x")) `[a]($b)` [m]($code.asset("a.c"))\n'
    assert shown(text, tmp_path) == [
        *("6 Heading level=2 #rye", '"Rye"', "8 Paragraph"),
        'Math(tex="E = 1") " red " Code(text="[a]($b)") " " Code(text="[m]($code.asset(\\"a.c\\"))")',
    ]


def test_html_between_fences_is_read(tmp_path: Path) -> None:
    assert shown("```=html\n<p>Raw <b>rye</b></p>\n```\n", tmp_path)[1:] == ['"Raw " Strong("rye")']


def test_a_folder_of_zine_is_read_and_its_words_are_counted(tmp_path: Path) -> None:
    source = tmp_path / "content"
    source.mkdir()
    (source / "a.smd").write_text(
        HEADER
        + '# [One]($section.id("one"))\n\nSee [malt]($link.page("b")).\n\n[The kiln]($image.asset("k.png"))\n\n```=html\n<p>Raw <b>rye</b></p>\n```\n'
    )
    (source / "b.smd").write_text(
        HEADER.replace("---\n\n", ".draft = true,\n---\n\n") + "Hidden.\n"
    )
    posts = clothbound.read(source)
    assert [(m.title, m.is_for_everyone) for m in posts.index] == [("Malt", True), ("Malt", False)]
    report = clothbound.write(clothbound.book(posts), "epub").save(tmp_path / "b.epub")
    told = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []


def test_the_count_finds_a_picture_that_a_book_lacks(tmp_path: Path) -> None:
    words = "The boat lies at the quay of the old town, and nobody is on board. "
    source = tmp_path / "post.smd"
    head = '---\n.title = "Boats",\n.date = @date("2024-05-01"),\n---\n\n'
    pictures = '[The quay]($image.asset("quay.png"))\n\n[The boat]($link.page("boat"))\n'
    for name in ("quay.png", "sail.png"):
        Image.effect_noise((40, 30), 80).save(tmp_path / name)
    source.write_text(f"{head}{words}\n\n{pictures}", "utf-8")
    book = tmp_path / "b.epub"
    report = clothbound.write(clothbound.read(source), "epub").save(book)
    assert clothbound.compare(source, book, report=report).missing == ()
    source.write_text(f'{head}{words}\n\n{pictures}\n[A sail]($image.asset("sail.png"))\n', "utf-8")
    missing = clothbound.compare(source, book, report=report).missing
    assert any("picture" in found.message for found in missing)
