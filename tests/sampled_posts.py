"""A part of a folder of posts, for tests that would take long over the whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

in_each_blog = pytest.mark.parametrize(
    ("blog", "every"),
    [
        ("arabic-hugo", 1),
        ("data-is-plural", 20),
        ("digitalgov-hugo-yaml", 40),
        ("heiss-quarto", 3),
        ("rust-zola-toml", 20),
        pytest.param("data-is-plural", 1, marks=pytest.mark.slow),
        pytest.param("digitalgov-hugo-yaml", 1, marks=pytest.mark.slow),
        pytest.param("heiss-quarto", 1, marks=pytest.mark.slow),
        pytest.param("rust-zola-toml", 1, marks=pytest.mark.slow),
    ],
)
"""Runs a test with every so many-th post of each blog of the corpora, and in scripts/slow.sh with all."""


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
