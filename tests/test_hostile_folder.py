"""Reads a hostile folder with links, pipes, loops and odd names; nothing outside it is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and pipes are Unix's")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.md").write_text("secret-words\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "more.md").write_text("secret-words\n")
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "good.md").write_text("# Good\n\n![](leak.png) ![](../secret.md) words\n")
    (folder / "leak.png").symlink_to(tmp_path / "secret.md")
    (folder / "link-out.md").symlink_to(tmp_path / "secret.md")
    (folder / "folder-out").symlink_to(tmp_path / "outside")
    (folder / "link-in.md").symlink_to("good.md")
    (folder / "nowhere.md").symlink_to("gone.md")
    (folder / "round.md").symlink_to("round.md")
    (folder / "loop").symlink_to(".")
    (folder / "a-folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    (folder / ".hidden.md").write_text("hidden-words\n")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("hidden-words\n")
    return folder


def test_nothing_outside_is_read_and_nothing_stops_the_work(folder: Path, tmp_path: Path) -> None:
    posts = clothbound.read(folder, on_error="collect")
    assert sorted(m.source for m in posts.index) == ["good.md", "link-in.md"]
    bad = {d.source for d in posts.diagnostics if d.code is DiagnosticCode.POST_UNREADABLE}
    assert bad == {"link-out.md", "nowhere.md", "pipe.md", "round.md"}
    for name in ("html", "text", "json", "markdown", "site", "epub", "substack"):
        data = clothbound.write(posts, name).to_bytes()
        assert b"secret-words" not in data
        assert b"hidden-words" not in data


def test_a_post_that_goes_between_index_and_reading_is_an_error_of_ours(folder: Path) -> None:
    posts = clothbound.read(folder, on_error="collect")
    (folder / "good.md").unlink()
    with pytest.raises(clothbound.ClothboundError, match=r"good\.md"):
        clothbound.write(posts, "text").to_bytes()
