"""Links between posts in a folder of Markdown whose files have other names than those that were read."""

from __future__ import annotations

from pathlib import Path

import clothbound
from clothbound.model import inlines as i
from clothbound.model.walk import walk

ONE = "---\ntitle: One\ndate: 2024-01-01\n---\nSee [two](b%20two.md#net), [the site](https://example.org/b.md) and [a list](c.txt).\n"
TWO = "---\ntitle: Two\ndate: 2024-01-02\n---\nBack to [one](../posts/one.md).\n\n## Net {#net}\n\nText.\n"


def hrefs(source: object) -> list[str]:
    return [
        link.href
        for post in clothbound.read(source)  # type: ignore[arg-type]
        for link in walk(post.body)
        if isinstance(link, i.Link)
    ]


def write(folder: Path) -> Path:
    (folder / "posts").mkdir(parents=True)
    (folder / "posts" / "one.md").write_text(ONE, "utf-8")
    (folder / "posts" / "b two.md").write_text(TWO, "utf-8")
    return folder


def leave(source: object, target: Path) -> Path:
    clothbound.write(clothbound.read(source), "markdown").save(target)  # type: ignore[arg-type]
    return target


def test_links_from_an_epub_lead_to_the_written_files(tmp_path: Path) -> None:
    book = tmp_path / "book.epub"
    clothbound.write(clothbound.book(clothbound.read(write(tmp_path / "in"))), "epub").save(book)
    made = leave(book, tmp_path / "out")
    names = {file.name for file in made.glob("*.md")}
    inside = [href for href in hrefs(made) if href.partition("#")[0].endswith((".md", ".xhtml"))]
    assert {href.partition("#")[0] for href in inside if "://" not in href} == names
    again = clothbound.write(clothbound.book(clothbound.read(made)), "epub")
    again.save(tmp_path / "again.epub")
    assert sum(len(account.links_inside) for account in again.report.accounts.values()) == 2


def test_links_between_folders_lead_to_the_written_files(tmp_path: Path) -> None:
    made = leave(write(tmp_path / "in"), tmp_path / "out")
    assert sorted(file.name for file in made.glob("*.md")) == ["b two.md", "one.md"]
    assert sorted(hrefs(made)) == ["b%20two.md#net", "c.txt", "https://example.org/b.md", "one.md"]
