"""What notes of a vault embed: other notes, parts of them, files. tests/cases/vault has the notes, and beside it
what a product has of them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import clothbound
from clothbound import Run
from clothbound.model.blocks import Quote
from clothbound.model.collection import Collection
from clothbound.model.inlines import Image, Link, NoteRef
from clothbound.model.links import EMBEDDED
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.preparation import prepare
from clothbound.writers.text import WRITER, PlainText
from expected_files import expected_text
from notation import write

VAULT = Path(__file__).parent / "cases" / "vault"


def written(collection: Collection) -> tuple[list[Post], list[str]]:
    """The posts as a writer has them, and what is said of them."""
    posts, context = prepare(
        collection,
        WRITER,
        PlainText(),
        "text",
        Run(),
        write_other=lambda _: pytest.fail("no other"),
        write_again=lambda *_: pytest.fail("no other process"),
    )
    made = list(posts.posts)
    return made, [f"{d.source}:{d.line} {d.code}: {d.message}" for d in context.diagnostics]


def test_the_vault_is_written_as_the_file_beside_it_says() -> None:
    posts, told = written(clothbound.book(clothbound.read(VAULT)))
    parts = [f"{post.metadata.source}\n{write(post.body, post.footnotes)}\n" for post in posts]
    made = "\n".join([*parts, *told]) + "\n"
    assert made == expected_text(VAULT.with_name("vault.txt"), made)
    assert "VAULT-SECRET" not in made


@pytest.mark.parametrize("target", ["site", "epub", "html", "markdown", "substack", "json", "rss"])
def test_what_is_secret_is_embedded_in_no_product(target: str, tmp_path: Path) -> None:
    book = clothbound.book(clothbound.read(VAULT))
    clothbound.write(book, target).save(tmp_path / "made")
    files = [p for p in (tmp_path / "made", *tmp_path.rglob("*")) if p.is_file()]
    assert files and not any(b"VAULT-SECRET" in p.read_bytes() for p in files)


def test_a_note_for_its_author_shows_what_is_secret() -> None:
    book = clothbound.book(clothbound.read(VAULT), clothbound.Select(drafts=True))
    (harbour,) = [post for post in written(book)[0] if post.title == "The harbour"]
    assert "VAULT-SECRET" in plain_text(harbour.body)


def test_what_a_selection_leaves_out_is_embedded_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2024-01-01\n---\n\n![[B]]\n")
    (tmp_path / "B.md").write_text("---\ndate: 2020-01-01\n---\n\nOLDER WORDS\n")
    posts = clothbound.read(tmp_path, "obsidian")
    (post,), told = written(clothbound.book(posts, clothbound.Select(year=2024)))
    assert "OLDER WORDS" not in plain_text(post.body)
    assert [line for line in told if "replaced by a link" in line]
    both, _ = written(clothbound.book(posts))
    assert "OLDER WORDS" in "".join(plain_text(post.body) for post in both if post.title == "A")


def test_a_paywall_holds_in_what_is_embedded(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n![[B]]\n")
    wall = '<div class="paywall-jump"></div>'
    (tmp_path / "B.md").write_text(f"# B\n\nFREE WORDS\n\n{wall}\n\nPAID WORDS\n")
    book = clothbound.book(clothbound.read(tmp_path, "obsidian"))
    made = clothbound.write(book, "site")
    made.save(tmp_path / "site")
    pages = "".join(p.read_text() for p in (tmp_path / "site").rglob("*.html"))
    assert pages.count("FREE WORDS") >= 2
    assert "PAID WORDS" not in pages


def test_notes_pictures_and_links_come_along(tmp_path: Path) -> None:
    shutil.copytree(VAULT, tmp_path / "v")
    posts = clothbound.read(tmp_path / "v")
    (harbour,) = [p for p in written(clothbound.book(posts))[0] if p.title == "The harbour"]
    notes = {note.id for note in harbour.footnotes}
    assert {mark.target for mark in walk(harbour, NoteRef)} == notes
    assert len(notes) == 3
    assert not [node for node in walk(harbour, Link) if EMBEDDED in node.classes]
    quotes = [block for block in harbour.body if isinstance(block, Quote)]
    (picture,) = {image.src for quote in quotes for image in walk(quote, Image)}
    artifact = clothbound.write(clothbound.book(posts), "epub")
    artifact.save(tmp_path / "book.epub")
    assert picture == "deep/lamp.png"
    assert not [d for d in artifact.report.diagnostics if d.code == "image-missing"]


def test_many_embeds_of_many_end(tmp_path: Path) -> None:
    names = [f"N{number}" for number in range(12)]
    for name in names:
        text = "\n\n".join(f"![[{other}]]" for other in names)
        (tmp_path / f"{name}.md").write_text(f"Words of {name}.\n\n{text}\n")
    posts, _ = written(clothbound.book(clothbound.read(tmp_path, "obsidian")))
    texts = [plain_text(post.body) for post in posts]
    assert len(texts) == 12
    assert {text.count(f"Words of {name}.") for text in texts for name in names} == {1}


def test_canvases_and_bases_are_named() -> None:
    told = [d.message for d in clothbound.read(VAULT).diagnostics]
    assert [line for line in told if "board.canvas" in line and "plan.base" in line]


def test_an_item_of_a_list_that_only_embeds_what_is_secret_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("- one\n- ![[B]]\n\nText.\n\n* ![[B]]\n")
    (tmp_path / "B.md").write_text("---\npublish: false\n---\n\nB-SECRET\n")
    (post,), _ = written(clothbound.book(clothbound.read(tmp_path, "obsidian")))
    assert write(post.body) == (
        '1 List\n  1 ListItem\n    1 Paragraph\n      "one"\n4 Paragraph\n  "Text."'
    )


def test_a_long_note_that_is_embedded_very_often_becomes_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clothbound.transforms.embedded_posts._MOST_NODES", 2000)
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / "a.md").write_text("![[b]]\n\n" * 100)
    (tmp_path / "b.md").write_text("Some *words*.\n\n" * 100)
    posts, told = written(clothbound.read(tmp_path))
    post = next(post for post in posts if post.metadata.source == "a.md")
    assert 2 < sum(1 for _ in walk(post, Quote)) < 10
    assert len([line for line in told if "embeds more than" in line]) > 90


def test_an_embedded_note_within_a_line_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "quay.md").write_text("# Quay\n\nStones.\n", "utf-8")
    (tmp_path / "post.md").write_text("# Post\n\n![[quay]] *and more*\n\n![[quay]]\n", "utf-8")
    posts = clothbound.read(tmp_path, "obsidian")
    shown = clothbound.write(clothbound.book(posts), "pandoc").to_text()
    assert shown.count("Stones.") == 2  # the note itself, and where it stands alone
    assert shown.count('"more"') == 1
