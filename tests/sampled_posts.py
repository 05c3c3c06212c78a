"""A part of a folder of posts, for tests that would take long over the whole."""

from __future__ import annotations

import shutil
from pathlib import Path


def sampled(folder: Path, every: int, target: Path) -> Path:
    """Returns the folder itself, or a copy in ``target`` with every so many-th of its posts and all
    that is no post.
    """
    if every == 1:
        return folder
    posts = sorted(post_files(folder))
    left_out = {str(path) for path in set(posts) - set(posts[::every])}
    copy = target / folder.name
    shutil.copytree(
        folder, copy, ignore=lambda at, names: [n for n in names if f"{at}/{n}" in left_out]
    )
    return copy


def post_files(folder: Path) -> list[Path]:
    return [p for kind in ("*.md", "*.qmd") for p in folder.rglob(kind) if p.stem != "_index"]
