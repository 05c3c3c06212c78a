"""Exports in one file of JSON take the memory of that file, also from a ZIP; their texts lie on disk."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

import clothbound
from clothbound.readers.source_bytes import is_utf8, read_whole

TEXT = " ".join(f"{Random(n).getrandbits(48):x}" for n in range(15_000))
"""A text that packs as texts do; one of repeated words would be taken for a bomb."""


def ghost(texts: list[str]) -> Any:
    fields = {"status": "published", "visibility": "public", "type": "post"}
    posts = [{"slug": f"p{n}", "html": f"<p>{text}</p>"} | fields for n, text in enumerate(texts)]
    return {"db": [{"meta": {"exported_on": 1, "version": "5.80.0"}, "data": {"posts": posts}}]}


def feed(texts: list[str]) -> Any:
    items = [{"id": f"{n}", "content_html": f"<p>{text}</p>"} for n, text in enumerate(texts)]
    return {"version": "https://jsonfeed.org/version/1", "title": "Press", "items": items}


def articles(texts: list[str]) -> Any:
    return [{"body_markdown": text, "slug": f"p{n}", "published": True} for n, text in enumerate(texts)]  # fmt: skip


@pytest.mark.parametrize("is_zip", [False, True])
@pytest.mark.parametrize(
    ("make", "name"),
    [(ghost, "press.ghost.2024-05-05.json"), (feed, "feed.json"), (articles, "articles.json")],
)
def test_reading_takes_the_memory_of_the_file(
    make: Callable[[list[str]], Any], name: str, is_zip: bool, tmp_path: Path
) -> None:
    data = json.dumps(make([f"Post {n}. {TEXT}" for n in range(120)])).encode()
    path = tmp_path / name
    if is_zip:
        path = tmp_path / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(name, data)
    else:
        path.write_bytes(data)
    list(clothbound.read(path)[:1])  # imports do not count
    tracemalloc.start()
    posts = clothbound.read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(posts) == 120
    # The file, 8 MB of texts before they go to disk, and one post.
    assert peak < len(data) + 12_000_000


def test_a_stream_is_read_whole_up_to_its_limit() -> None:
    data = bytes(range(256)) * 10_000
    assert read_whole(io.BytesIO(data), len(data)) == data
    assert read_whole(io.BytesIO(data), 100) == data[:101]
    assert read_whole(io.BytesIO(b""), 0) == b""


@pytest.mark.parametrize("before", [0, 999_998, 999_999, 1_000_000, 2_500_000])
def test_characters_on_the_edge_of_a_piece_are_utf8(before: int) -> None:
    assert is_utf8(b"x" * before + "é日😀".encode())
    assert not is_utf8(b"x" * before + "é".encode("latin-1") + b"x")
    assert not is_utf8(b"x" * before + "日".encode()[:2])
