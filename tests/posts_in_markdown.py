"""Reads posts in Markdown that tests write, and shows their trees."""

from __future__ import annotations

import re
from pathlib import Path

import clothbound
from clothbound.model.check import problems
from clothbound.model.post import Post
from notation import write


def read(folder: Path, text: str) -> Post:
    path = folder / "kite.md"
    path.write_text(f"---\ntitle: Kite\ndate: 2024-01-01\n---\n{text}", "utf-8")
    (post,) = clothbound.read(path)
    assert not list(problems(post))
    return post


def shown(folder: Path, text: str) -> str:
    """Returns the tree of a text, without the numbers of its lines."""
    return re.sub(r"^( *)(?:\d+|-) ", r"\1", write(read(folder, text).body), flags=re.M).rstrip()
