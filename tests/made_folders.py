"""Folders of posts put together from pieces, and the products of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

import clothbound
from clothbound import run_cache
from clothbound.diagnostics import LossReport
from clothbound.run import Run

PIECES = (
    "Plain words, *marked* words and `code`.",
    "A link to [another](p1.md), to [a part](p2.md#second), and to [none](nowhere.md).",
    "$a^2 + b^2 = c^2$ and a note.[^1]\n\n[^1]: The note.",
    "![a dot](dot.png)",
    "![the same dot, turned](alpha.png) ![gone](gone.png)",
    "## Second\n\n| a | b |\n|:--|--:|\n| 1 | 2 |",
    "::: poll\nWhich?\n:::",
    "<video src='x.mp4'></video> <blink>raw</blink>",
    "[term]{.index} and [term]{.index sub=below} of the index",
)


def picture(form: str, mode: str, color: Any) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (9, 9), color).save(stream, form)
    return stream.getvalue()


def folder_of(place: Path, texts: list[list[int]]) -> Path:
    place.mkdir(parents=True)
    (place / "dot.png").write_bytes(picture("PNG", "RGB", (200, 10, 10)))
    (place / "alpha.png").write_bytes(picture("TIFF", "CMYK", (9, 9, 9, 9)))
    for number, pieces in enumerate(texts):
        head = (
            f"---\ntitle: Post {number}\ndate: 2024-01-{number + 1:02}\ntags: [one, two]\n---\n\n"
        )
        body = "\n\n".join(PIECES[piece] for piece in pieces)
        (place / f"p{number}.md").write_text(f"{head}{body}\n", encoding="utf-8")
    return place


def made(source: Path, options: Any, run: Run) -> tuple[bytes, LossReport]:
    artifact = clothbound.write(clothbound.read(source), options, run=run)
    return artifact.to_bytes(), artifact.report


def same(one: tuple[bytes, LossReport], other: tuple[bytes, LossReport]) -> bool:
    reports = [(list(r.diagnostics), list(r.accounts.items())) for _, r in (one, other)]
    return one[0] == other[0] and reports[0] == reports[1]


def kept_names(cache: Path) -> list[str]:
    """Returns the names of all parts that a cache has."""
    return [name for path in cache.rglob("*.part") for name in kept_names_in(path)]


def kept_names_in(path: Path) -> list[str]:
    """Returns the names of the parts in a batch; none for a part that has a file of its own."""
    data = run_cache.load(path)
    assert data is not None
    found = msgspec.msgpack.decode(data)
    return [one["name"] for one in found] if isinstance(found, list) else []
