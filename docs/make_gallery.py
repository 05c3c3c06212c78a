"""Makes docs/gallery: pages of each theme from examples/letters, and of each script from tests/proof_book.

Wants ``pdftoppm`` (poppler-utils) and ``chromium``. Run it by hand; names make the pictures of these alone:

    python docs/make_gallery.py
    python docs/make_gallery.py he novel
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from pypdf import PdfReader

import clothbound
from clothbound.model.collection import Collection
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.fonts import SCRIPT_FACES
from clothbound.writers.pdf.theme import THEMES

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "docs" / "gallery"
TEXTS = ROOT / "tests" / "proof_book"
FOLDERS = ("", "second", "third")
"""Where the three posts of a script stand in the folder of texts."""
ENGINES = {"weasyprint": "WeasyPrint", "typst": "Typst"}
PAGES = 10
COLUMNS = 5
GAP = 12
PAPER = "#d8d4cc"
PAGE = (360, 540)
"""Pixels of a page in the picture of a theme."""
SCRIPT_PAGE = (480, 720)
SCREEN = (600, 900)
READER = (600, 800)
BROWSER = (1000, 800)


class Theme(NamedTuple):
    name: str
    title: str
    how: str
    alt: str
    options: dict[str, Any]


class Script(NamedTuple):
    name: str
    """The name of its three posts in the folder of texts."""
    title: str
    book: str
    """The title of its book."""


LOOKS = {
    "essay": ("", "Contents and four openings in the theme essay"),
    "novel": (
        "`--theme novel`",
        "The same pages in the theme novel: centred italic titles, an ornament, no dates",
    ),
    "manual": (
        "`--theme manual`",
        "The same pages in the theme manual: numbered chapters, sans-serif headings",
    ),
}
PRINTED = (
    *(Theme(name, name.title(), *LOOKS[name], {"theme": name}) for name in THEMES),
    Theme(
        "typst",
        "Essay, set by Typst",
        "`--engine typst`",
        "The same pages set by Typst",
        {"engine": "typst"},
    ),
    Theme(
        "harbour",
        "A theme of your own",
        "`--theme examples/themes/harbour -O pdf.page=5.5x8.5`, [a folder with a TOML file and a style sheet](../how-to/theme.md)",
        "The same pages in the theme of the example: titles in dark red capitals in the middle of the line",
        {"theme": ROOT / "examples" / "themes" / "harbour", "page": "5.5x8.5"},
    ),
)
SCRIPTS = (
    Script("en", "Latin", "Two Winters and a Letter"),
    Script("el", "Greek", "Δύο χειμώνες και ένα γράμμα"),
    Script("ru", "Cyrillic", "Две зимы и письмо"),
    Script("he", "Hebrew", "שני חורפים ומכתב"),
    Script("ar", "Arabic", "شتاءان ورسالة"),
    Script("hi", "Devanagari", "दो जाड़े और एक चिट्ठी"),
    Script("th", "Thai", "สองปีกับจดหมายหนึ่งฉบับ"),
    Script("zh-Hans", "Chinese, simplified", "两个冬天和一封信"),
    Script("zh-Hant", "Chinese, traditional", "兩個冬天和一封信"),
    Script("ja", "Japanese", "二つの冬と一通の手紙"),
    Script("ko", "Korean", "두 번의 겨울과 편지 한 통"),
    Script("formulas", "Latin with formulas", "Two Calculations and a Letter"),
    Script("code", "Latin with code", "Two Programs and a Letter"),
)
SHOWN = (
    "Threads and needles",
    "A web page from 1998",
    "Letter to a mathematician, aged ten",
    "Haruka comes back",
)
CHAPTERS = ("cover_page", "31003001", "31003007", "31003008", "31003010")

INTRODUCTION = """\
# Gallery

Pages as they come out without a style sheet of one's own. `python docs/make_gallery.py` makes the pictures and this
page again. [Pages beside other programs](peers.md) compares them with those of five others.

## Themes

*Letters from the Net Loft*, the letters in `examples/letters`:

    clothbound book examples/letters --year 2023 -o letters.pdf
"""
EPUB = """
### EPUB

`clothbound book examples/letters --year 2023 -o letters.epub`, in Chromium at 600 x 900 with its own font

![A drawn cover and four chapters of the EPUB](epub.png)
"""
OF_SCRIPTS = """
## Scripts

For each script three posts of our own became a book, in the theme essay on pages of 6 x 9 inches, by both engines. The
pictures show its ten pages with text: half-title, title, imprint, contents and seven pages of posts, or the last ten
where a book has more. Below them stand two chapters of its EPUB at 600 x 800 pixels and a web page at 1000, both by Chromium
with the fonts of the system or, where it has none, those of the extra `scripts`. [Scripts](../explanation/scripts.md) names
the rules. The texts are in `tests/proof_book/`.
"""


def page() -> str:
    """Returns the page of the gallery."""
    parts = [INTRODUCTION]
    for theme in PRINTED:
        parts.append(f"\n### {theme.title}\n\n")
        parts.append(f"{theme.how}\n\n" if theme.how else "")
        parts.append(f"![{theme.alt}]({theme.name}.png)\n")
    parts += [EPUB, OF_SCRIPTS]
    for script in SCRIPTS:
        parts.append(f"\n### {script.title}\n")
        for engine, name in ENGINES.items():
            alt = f"Ten pages of a book in {script.title}, set by {name}"
            parts.append(f"\n![{alt}]({script.name}-{engine}.webp)\n")
        alt = f"Two chapters of an EPUB and a web page in {script.title}"
        parts.append(f"\n![{alt}]({script.name}-screens.webp)\n")
    return "".join(parts)


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_themes(folder, names)
        for script in SCRIPTS:
            if not names or script.name in names:
                make_script(script, folder / script.name)
    (GALLERY / "README.md").write_text(page(), encoding="utf-8")


def make_themes(folder: Path, names: list[str]) -> None:
    posts = clothbound.read(ROOT / "examples" / "letters", on_error="collect")
    book = clothbound.book(
        posts, year=2023, title="Letters from the Net Loft", authors=["Marit Sande"]
    )
    for theme in PRINTED:
        if not names or theme.name in names:
            clothbound.write(book, Pdf(**theme.options)).save(folder / "book.pdf")
            save(letters(folder / "book.pdf", folder), theme.name)
    if not names or "epub" in names:
        clothbound.write(book, "epub").save(folder / "book.epub")
        save(screens(folder / "book.epub", folder), "epub")


def letters(pdf: Path, folder: Path) -> list[Image.Image]:
    """Returns the contents, and the first pages of the chapters to show."""
    reader = PdfReader(pdf)
    places = {
        str(item.title): reader.get_destination_page_number(item)
        for item in reader.outline
        if not isinstance(item, list)
    }
    contents = next(
        n for n, one in enumerate(reader.pages) if "contents" in one.extract_text().casefold()
    )
    numbers = [contents, *(n for title, n in places.items() if title.endswith(SHOWN))]
    return [draw(pdf, number, folder).resize(PAGE, Image.Resampling.LANCZOS) for number in numbers]


def draw(pdf: Path, number: int, folder: Path) -> Image.Image:
    """Returns a page of a PDF, counted from 0, at 160 dots to the inch."""
    stem = folder / "page"
    chosen = ["-f", str(number + 1), "-l", str(number + 1), "-singlefile"]
    subprocess.run(["pdftoppm", "-png", "-r", "160", *chosen, pdf, stem], check=True)
    return Image.open(f"{stem}.png").convert("RGB")


def screens(epub: Path, folder: Path) -> list[Image.Image]:
    unpack(epub, folder / "epub")
    return [
        shoot(next((folder / "epub").rglob(f"{chapter}.xhtml")), SCREEN, folder).resize(
            PAGE, Image.Resampling.LANCZOS
        )
        for chapter in CHAPTERS
    ]


def unpack(epub: Path, folder: Path) -> None:
    with zipfile.ZipFile(epub) as archive:
        archive.extractall(folder)


def shoot(page: Path, screen: tuple[int, int], folder: Path) -> Image.Image:
    """Returns what Chromium shows of a page at first. A script that no font of the system has would be empty boxes."""
    shot = folder / "shot.png"
    fonts = folder / "fonts.conf"
    places = "".join(f"<dir>{Path(face.own.path).parent}</dir>" for face in SCRIPT_FACES)
    system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    fonts.write_text(f"<fontconfig>{system}{places}</fontconfig>", encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    size = f"--window-size={screen[0]},{screen[1]}"
    profile = f"--user-data-dir={folder / 'profile'}"
    command = ["chromium", *flags, profile, size, f"--screenshot={shot}", page.as_uri()]
    environment = os.environ | {"FONTCONFIG_FILE": str(fonts)}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return Image.open(shot).convert("RGB")


def save(pages: list[Image.Image], name: str) -> None:
    sheet(pages, len(pages)).quantize(96).save(GALLERY / f"{name}.png", optimize=True)


def sheet(pages: list[Image.Image], columns: int) -> Image.Image:
    """Returns pages of one height in rows."""
    rows = [pages[first : first + columns] for first in range(0, len(pages), columns)]
    width = max(sum(one.width + GAP for one in row) for row in rows) + GAP
    height = pages[0].height + GAP
    made = Image.new("RGB", (width, len(rows) * height + GAP), PAPER)
    for number, row in enumerate(rows):
        left = GAP
        for one in row:
            made.paste(one, (left, GAP + number * height))
            left += one.width + GAP
    return made


def make_script(script: Script, folder: Path) -> None:
    book = book_of(script, folder / "posts")
    for engine in ENGINES:
        pdf = folder / f"{engine}.pdf"
        clothbound.write(book, Pdf(engine=engine)).save(pdf)  # type: ignore[arg-type]
        numbers = [n for n, one in enumerate(PdfReader(pdf).pages) if one.extract_text().strip()]
        pages = [
            draw(pdf, number, folder).resize(SCRIPT_PAGE, Image.Resampling.LANCZOS)
            for number in numbers[-PAGES:]
        ]
        save_script(sheet(pages, COLUMNS), f"{script.name}-{engine}")
    clothbound.write(book, "epub").save(folder / "book.epub")
    unpack(folder / "book.epub", folder / "epub")
    chapters = [chapter_of(post.metadata.title, folder / "epub") for post in book.posts[:2]]
    clothbound.write(book.posts[0], "html").save(folder / "page.html")
    shown = [shoot(chapter, READER, folder) for chapter in chapters]
    shown.append(shoot(folder / "page.html", BROWSER, folder))
    save_script(sheet(shown, len(shown)), f"{script.name}-screens")


def book_of(script: Script, folder: Path) -> Collection:
    """Returns the book of a script's posts, which are copied into a new folder."""
    folder.mkdir(parents=True)
    for number, place in enumerate(FOLDERS, 1):
        shutil.copy(TEXTS / place / f"{script.name}.md", folder / f"{number}.md")
    return clothbound.book(clothbound.read(folder), title=script.book)


def chapter_of(title: str, folder: Path) -> Path:
    """Returns the file of an unpacked EPUB whose title a post has."""
    chapters = folder.rglob("*.xhtml")
    return next(one for one in chapters if f"<title>{title}<" in one.read_text("utf-8"))


def save_script(picture: Image.Image, name: str) -> None:
    picture.convert("RGB").save(GALLERY / f"{name}.webp", quality=40, method=6)


if __name__ == "__main__":
    main(sys.argv[1:])
