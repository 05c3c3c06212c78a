"""Tests what the bundles of Bear and Ulysses say of their texts, in folders, backups and packs."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("Bear Notes.zip", "Bear Notes.bear2bk")


def information(**own: object) -> str:
    kept = {"creationDate": "2023-04-01T10:00:00Z", "trashed": 0, **own}
    return json.dumps(
        {"version": 2, "creatorIdentifier": "net.shinyfrog.bear", "net.shinyfrog.bear": kept}
    )


FILES = {
    "Notes/The tide.textbundle/text.markdown": "# The tide\n\nWords ![a](assets/a.png)\n",
    "Notes/The tide.textbundle/info.json": information(),
    "Notes/The tide.textbundle/assets/a.png": "x",
    "Notes/Old.textbundle/text.md": "---\ndate: 2020-01-01\n---\n# Old\n\nWords\n",
    "Notes/Old.textbundle/info.json": information(trashed=1),
    "Notes/Bare.textbundle/text.md": "# Bare\n\nWords\n",
    "Notes/Odd.textbundle/text.md": "# Odd\n\nWords\n",
    "Notes/Odd.textbundle/info.json": "[1, {]",
}  # fmt: skip


def bundles(folder: Path, name: str) -> Path:
    place = folder / name
    if not place.suffix:
        for path, text in FILES.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text)
        return place
    with zipfile.ZipFile(place, "w") as archive:
        for path, text in FILES.items():
            archive.writestr(path, text)
    return place


@pytest.mark.parametrize("name", ["notes", *NAMES])
def test_what_lies_in_the_trash_stays_back_and_days_are_known(name: str, tmp_path: Path) -> None:
    posts = {m.title: m for m in clothbound.read(bundles(tmp_path, name)).index}
    states = {title: metadata.verdict(NOW).state for title, metadata in posts.items()}
    assert states == {"The tide": "public", "Old": "secret", "Bare": "public", "Odd": "public"}
    days = {title: str(m.published and m.published.value)[:10] for title, m in posts.items()}
    assert days == {"The tide": "2023-04-01", "Old": "2020-01-01", "Bare": "None", "Odd": "None"}


def test_one_text_of_a_bundle_and_a_bundle_are_read_like_a_folder_of_them(tmp_path: Path) -> None:
    place = bundles(tmp_path, "notes") / "Notes" / "Old.textbundle"
    for source in (place, place / "text.md"):
        (metadata,) = clothbound.read(source).index
        assert metadata.verdict(NOW).is_secret, source


def test_a_pack_of_one_text_is_read(tmp_path: Path) -> None:
    pack = tmp_path / "The tide.textpack"
    with zipfile.ZipFile(pack, "w") as archive:
        for path, text in FILES.items():
            if "The tide" in path:
                archive.writestr(path.removeprefix("Notes/"), text)
    posts = clothbound.read(pack)
    assert [m.title for m in posts.index] == ["The tide"]
    assert [m.verdict(NOW).state for m in posts.index] == ["public"]


def test_a_post_is_named_for_its_bundle_without_the_extension(tmp_path: Path) -> None:
    posts = clothbound.read(bundles(tmp_path, "notes"))
    clothbound.write(posts, "markdown").save(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").glob("*.md")) == ["bare.md", "odd.md", "old.md", "the-tide.md"]  # fmt: skip
