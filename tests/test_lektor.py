"""Pages of Lektor: fields between dashes, of which one is the text, perhaps in blocks. ``cases/sites/lektor`` is a whole site."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound.readers.lektor_contents import read_contents

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = Path(__file__).parent / "cases" / "sites" / "lektor"


def test_fields_stand_between_dashes_and_the_text_keeps_its_lines() -> None:
    header = read_contents(
        "title: Rye: a start\n---\ntags:\n\nmalt\nold rye\n---\nbody:\n\nOne.\n\n-----\n\nTwo: 2\n---\nmood: calm\n",
        "log/rye/contents.lr",
    )
    assert header.fields == {"title": "Rye: a start", "tags": ["malt", "old rye"], "mood": "calm"}
    assert (header.body_line, header.body.split("\n")) == (
        8,
        ["", "", "One.", "", "----", "", "Two: 2"],
    )


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("title: A\n---\nessay:\n\nOne.\n\nTwo.\n", "One.\n\nTwo."),
        ("title: A\n---\nnote: one line\n", ""),
        ("text: Words.\n---\nbody: Those.\n", "Those."),
        ("no field\n---\n: none\n---\n", ""),
        ("", ""),
    ],
)
def test_the_text_is_known_by_its_name_or_by_its_paragraphs(text: str, body: str) -> None:
    assert read_contents(text, "contents.lr").body.strip() == body


def test_blocks_show_their_words_and_pictures_and_settings_are_named() -> None:
    header = read_contents(
        "body:\n\n#### picture ####\nimage: kiln.png\n----\nalt: Bricks\n----\nwidth: 3\n#### nested ####\ncontent:\n\n"
        "##### words #####\ntext: *Rye*\n#### heading ####\ntitle: Hops\n---\ntitle: Malt\n",
        "contents.lr",
    )
    shown = [(n, line) for n, line in enumerate(header.body.split("\n"), 1) if line]
    assert shown == [(4, "![Bricks](<kiln.png>)"), (13, "*Rye*"), (15, "## Hops")]
    assert header.fields == {"title": "Malt"}
    assert [message for _, message, _ in header.findings] == [
        "fields of blocks that are not shown: width"
    ]


def test_a_page_of_another_language_and_a_slug_say_so() -> None:
    header = read_contents("_slug: malz\n---\nbody: Ja.\n", "content/log/malt/contents+de.lr")
    assert header.fields == {"slug": "malz", "aliases": ["/log/malt/"], "language": "de"}


def test_paragraphs_beside_the_text_and_fields_that_stand_twice_are_reported() -> None:
    header = read_contents(
        "aside:\n\nOne.\n\nTwo.\n---\nsummary:\n\nA.\n\nB.\n---\n_hidden: yes\n---\n_hidden: no\n---\nbody: Rye.\n---\nbody: Oats.\n",
        "contents.lr",
    )
    assert (header.fields["_hidden"], header.body) == ("yes", "Rye.")
    assert [(message, line) for _, message, line in header.findings] == [
        ("the paragraphs of the field 'aside' are not shown", 1),
        ("field '_hidden' is defined twice; the first one is used", 15),
        ("field 'body' is defined twice; the first one is used", 19),
    ]


@pytest.mark.parametrize(
    ("around", "page", "state"),
    [
        ("contents+de.lr", "contents+de.lr", "secret"),
        ("contents+en.lr", "contents.lr", "secret"),
        ("contents+en.lr", "contents+de.lr", "secret"),
        ("contents.lr", "contents+de.lr", "secret"),
        ("contents+fr.lr", "contents+de.lr", "public"),
    ],
)
def test_a_hidden_page_hides_those_below_it_in_each_language(
    around: str, page: str, state: str, tmp_path: Path
) -> None:
    (tmp_path / "a.lektorproject").write_text(
        "[project]\nname = A\n[alternatives.de]\n[alternatives.en]\nprimary = Yes\n[alternatives.fr]\n"
    )
    below = tmp_path / "content" / "shed" / "inside"
    below.mkdir(parents=True)
    (below.parent / around).write_text("title: Shed\n---\n_hidden: yes\n")
    (below / page).write_text("title: Inside\n---\npub_date: 2024-01-02\n---\nbody: Rye.\n")
    posts = clothbound.read(tmp_path)
    assert [post.metadata.verdict(NOW).state for post in posts if post.title == "Inside"] == [state]


def test_words_of_a_site_are_counted(tmp_path: Path) -> None:
    report = clothbound.write(clothbound.read(SITE), "epub").save(tmp_path / "b.epub")
    told = clothbound.compare(SITE, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []
    # Of a book without some of them, the count names these.
    page = SITE / "content" / "log" / "salt" / "contents.lr"
    poorer = tmp_path / page.name
    poorer.write_text(page.read_text().replace("in **grains**", "here"))
    report = clothbound.write(clothbound.read(poorer), "epub").save(tmp_path / "p.epub")
    told = clothbound.compare(page, tmp_path / "p.epub", report=report)
    assert [found.text for found in told.missing] == ["in **grains**."]
