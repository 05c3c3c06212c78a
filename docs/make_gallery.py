"""Makes the pictures of docs/gallery: five pages of each theme, and of an EPUB, from examples/letters.

Wants ``pdftoppm`` (poppler-utils) and ``chromium``. Run it by hand: python docs/make_gallery.py
"""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image
from pypdf import PdfReader

import clothbound
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.theme import THEMES

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "docs" / "gallery"
PAGE = (360, 540)
SCREEN = (600, 900)
GAP = 12
PRINT: dict[str, dict[str, Any]] = {
    **{name: {"theme": name} for name in THEMES},
    "typst": {"engine": "typst"},
}
"""Picture to options of the PDF."""
SHOWN = (
    "Threads and needles",
    "A web page from 1998",
    "Letter to a mathematician, aged ten",
    "Haruka comes back",
)
CHAPTERS = ("cover_page", "31003001", "31003007", "31003008", "31003010")


def main() -> None:
    posts = clothbound.read(ROOT / "examples" / "letters", on_error="collect")
    book = clothbound.book(
        posts, year=2023, title="Letters from the Net Loft", authors=["Marit Sande"]
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for picture, options in PRINT.items():
            clothbound.write(book, Pdf(**options)).save(folder / "book.pdf")
            save(printed(folder / "book.pdf", folder), picture)
        clothbound.write(book, "epub").save(folder / "book.epub")
        save(screens(folder / "book.epub", folder), "epub")


def printed(pdf: Path, folder: Path) -> list[Image.Image]:
    """The contents, and the first pages of the chapters to show."""
    reader = PdfReader(pdf)
    places = {
        str(item.title): reader.get_destination_page_number(item)
        for item in reader.outline
        if not isinstance(item, list)
    }
    numbers = [2, *(n for title, n in places.items() if title.endswith(SHOWN))]
    shown = []
    for number in numbers:
        stem = folder / "page"
        chosen = ["-f", str(number + 1), "-l", str(number + 1), "-singlefile"]
        subprocess.run(["pdftoppm", "-png", "-r", "100", *chosen, pdf, stem], check=True)
        shown.append(shrunk(f"{stem}.png"))
    return shown


def shrunk(path: str | Path) -> Image.Image:
    return Image.open(path).convert("RGB").resize(PAGE, Image.Resampling.LANCZOS)


def screens(epub: Path, folder: Path) -> list[Image.Image]:
    with zipfile.ZipFile(epub) as archive:
        archive.extractall(folder / "epub")
    shown = []
    for chapter in CHAPTERS:
        page = next((folder / "epub").rglob(f"{chapter}.xhtml"))
        shot = folder / "shot.png"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        size = f"--window-size={SCREEN[0]},{SCREEN[1]}"
        profile = f"--user-data-dir={folder / 'profile'}"
        command = ["chromium", *flags, profile, size, f"--screenshot={shot}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
        shown.append(shrunk(shot))
    return shown


def save(pages: list[Image.Image], name: str) -> None:
    width = len(pages) * (PAGE[0] + GAP) + GAP
    sheet = Image.new("RGB", (width, PAGE[1] + 2 * GAP), "#d8d4cc")
    for position, page in enumerate(pages):
        sheet.paste(page, (GAP + position * (PAGE[0] + GAP), GAP))
    sheet.quantize(96).save(GALLERY / f"{name}.png", optimize=True)


main()
