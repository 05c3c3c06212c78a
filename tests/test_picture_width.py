"""The width that a post asks for a picture holds on pages and in EPUB."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

import clothbound
from clothbound.html.write.picture_sizes import width_class

WIDTHS = {
    "{width=30%}": ("30%", "width-30", None),
    "{width=34.5%}": ("34.5%", "width-35", None),
    "{width=150}": (None, None, ("150", "100")),
    "{width=2in}": (None, None, ("192", "128")),
    "{width=12pc}": (None, None, ("192", "128")),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    stream = io.BytesIO()
    Image.new("RGB", (600, 400), "red").save(stream, "PNG")
    (tmp_path / "p.png").write_bytes(stream.getvalue())
    return tmp_path


def products(folder: Path, text: str) -> dict[str, str]:
    """The picture's tag in each product."""
    (folder / "a.md").write_text(f"---\ntitle: A\n---\n\n{text}\n")
    epub = clothbound.write(clothbound.read(folder), "epub").to_bytes()
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        pages = [archive.read(n).decode() for n in archive.namelist() if n.endswith(".xhtml")]
    made = {"epub": next(page for page in pages if 'alt="a picture"' in page)}
    made["html"] = clothbound.write(clothbound.read(folder / "a.md"), "html").to_bytes().decode()
    target = folder.parent / f"{folder.name}-site"
    clothbound.convert(folder, target, writer="site")
    made["site"] = next(
        p.read_text() for p in target.rglob("*.html") if 'alt="a picture"' in p.read_text()
    )
    return {
        name: re.findall(r'<img [^>]*alt="a picture"[^>]*>', page)[0] for name, page in made.items()
    }


@pytest.mark.parametrize("asked", WIDTHS)
@pytest.mark.parametrize("place", ["![a picture](p.png)@", "Words ![a picture](p.png)@ and more."])
def test_a_width_holds(folder: Path, asked: str, place: str) -> None:
    style, kind, size = WIDTHS[asked]
    for name, tag in products(folder, place.replace("@", asked)).items():
        shown = re.search(r'width="(\d+)" height="(\d+)"', tag)
        assert shown is not None
        assert shown.groups() == (size or ("600", "400"))
        if name == "epub":
            assert (f'style="width: {style}"' in tag) == bool(style)
        else:
            # The policy of a page lets it have no style of its own.
            assert "style=" not in tag
            assert (f'class="{kind}"' in tag) == bool(kind)


def test_an_obsidian_width_holds(folder: Path) -> None:
    (folder / "o.md").write_text("---\ntitle: O\n---\n\n![[p.png|300]]\n")
    posts = clothbound.read(folder / "o.md", format="obsidian")
    assert 'width="300" height="200"' in clothbound.write(posts, "html").to_bytes().decode()


def test_a_drawing_without_a_height_gets_none(folder: Path) -> None:
    (folder / "d.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"/>')
    for tag in products(folder, "![a picture](d.svg){width=200}").values():
        assert 'width="200"' in tag
        assert "height=" not in tag


def test_every_class_has_its_rule() -> None:
    sheet = (Path(clothbound.__file__).parent / "themes" / "page.css").read_text(encoding="utf-8")
    for percent in range(1, 101):
        found = width_class((str(percent), "%"))
        step = found.removeprefix("width-")
        assert f".{found} {{ width: {step}%; }}" in sheet
        assert abs(int(step) - percent) <= 4
