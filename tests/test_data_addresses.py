"""Tests pictures that stand in their own address, in products that hold no files."""

from __future__ import annotations

import base64
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

import clothbound
from clothbound.media.data_addresses import shown_data_address
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" onload="RUN()"><script>RUN()</script>'
    '<image href="https://tracker.example/p.png"/><circle r="4"/></svg>'
)
PACKED = base64.b64encode(SVG.encode()).decode()
PNG = "data:image/png;base64,iVBORw0KGgo="


def held(text: str) -> list[bytes]:
    """Returns what the addresses of pictures in a text hold."""
    found = re.findall(r"data:image/[^;,\"\\&]*[^,]*?,([^\"\\&<>]*)", text)
    return [base64.b64decode(one) if "%" not in one else unquote_to_bytes(one) for one in found]


@pytest.mark.parametrize(
    "href",
    [
        f"data:image/svg+xml;base64,{PACKED}",
        f"DATA:IMAGE/SVG+XML;charset=utf-8;base64,{PACKED}",
        f"data:image/other+xml;base64,{PACKED}",
        "data:image/svg+xml," + SVG.replace("#", "%23"),
    ],
)
def test_an_svg_loses_what_it_would_run_or_load(href: str) -> None:
    shown = shown_data_address(href)
    assert shown is not None
    (cleaned,) = held(shown)
    assert b"circle" in cleaned
    assert not re.search(rb"RUN|script|tracker", cleaned)


@pytest.mark.parametrize(
    "href",
    [
        "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:image/svg+xml",
        "data:,",
        "https://letters.example/a.svg",
    ],
)
def test_what_is_no_picture_is_not_shown(href: str) -> None:
    assert shown_data_address(href) is None


def test_pictures_of_pixels_stay_as_they_are() -> None:
    assert shown_data_address(PNG) == PNG


@pytest.mark.parametrize("name", ["rss", "jsonfeed", "substack", "substack-editor"])
def test_products_without_files_hold_it_cleaned(name: str, tmp_path: Path) -> None:
    pictures = tuple(
        b.Figure(i.Image(src, "words"))
        for src in (f"data:image/svg+xml;base64,{PACKED}", PNG, "data:image/svg+xml,<svg>")
    )
    post = Post(Metadata(key="a", title="A", slug="a"), body=pictures)
    artifact = clothbound.write(post, name)
    path = tmp_path / "product"
    artifact.save(path)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            texts = [archive.read(one).decode() for one in archive.namelist()]
    elif path.is_dir():
        texts = [one.read_text() for one in path.rglob("*") if one.is_file()]
    else:
        texts = [path.read_text()]
    pieces = [piece for text in texts for piece in held(text)]
    assert any(b"circle" in piece for piece in pieces)
    assert any(piece.startswith(b"\x89PNG") for piece in pieces)
    assert not [piece for piece in pieces if re.search(rb"RUN|tracker", piece)]
    assert artifact.report.missing == 1


def test_a_page_with_addresses_holds_it_cleaned() -> None:
    image = i.Image(f"data:image/svg+xml;base64,{PACKED}", "words")
    post = Post(Metadata(title="A"), body=(b.Figure(image),))
    (cleaned,) = held(clothbound.to_html(post, pictures=lambda one: one.src))
    assert b"circle" in cleaned and b"RUN" not in cleaned
