"""Makes the pictures of docs/tutorial.md: what the terminal shows, and the book, from examples/letters.

The command runs on a terminal of its own, in a folder with an archive as Substack exports it. The archive's pictures
have addresses on the network; the folder for downloads holds them already, so nothing is fetched.

Wants ``pdftoppm`` (poppler-utils) and ``chromium``. Run it by hand: python docs/make_tutorial.py
"""

from __future__ import annotations

import hashlib
import html
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from pathlib import Path

from PIL import Image

import clothbound

ROOT = Path(__file__).resolve().parents[1]
LETTERS = ROOT / "examples" / "letters"
PICTURES = ROOT / "docs" / "pictures"
HOST = "https://pictures.netloft.example"
COMMAND = ("book", "export.zip")
COLUMNS = 66
PAGES = (3, 10, 12)
"""Pages of the PDF: the contents, an opener with its picture, and a poem."""
PAGE = (300, 450)
GAP = 14
PAPER = "#e9e4d8"
SHEET = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 18px 22px; background: #23262b; color: #e8e6e1; white-space: pre-wrap;
  font: 17px/1.45 "JetBrains Mono", "DejaVu Sans Mono", monospace }}
b {{ color: #f0c674 }}</style>{text}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        shown = on_terminal(folder)
        save(terminal(shown, folder), "tutorial-terminal")
        save(book(folder), "tutorial-book")


def fill(folder: Path) -> None:
    """Writes the archive, and its pictures into the folder for downloads."""
    posts = clothbound.read(LETTERS, on_error="collect")
    archive = clothbound.SubstackArchive(image_base_url=HOST)
    clothbound.write(posts, archive).save(folder / "export.zip")
    files = {path.name: path for path in LETTERS.rglob("images/*")}
    with zipfile.ZipFile(folder / "export.zip") as opened:
        pages = [opened.read(n).decode() for n in opened.namelist() if n.endswith(".html")]
    for address in set(re.findall(rf'src="({HOST}/[^"]*)"', " ".join(pages))):
        if picture := files.get(address.rpartition("/")[2]):
            key = hashlib.sha256(address.encode()).hexdigest()
            target = folder / "cache" / "clothbound" / "pictures" / key[:2] / key
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, target)


def on_terminal(folder: Path) -> list[str]:
    """Runs the command, answers its question with Enter, and returns the lines that it prints."""
    import pty

    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    environment |= {"TERM": "dumb", "XDG_CACHE_HOME": str(folder / "cache")}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "clothbound", *COMMAND, "--engine", "typst"],
        cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                data = os.read(ours, 4096)
            except OSError:  # how a terminal says that its other end is closed
                break
            shown += data
            if data.rstrip().endswith(b"[Y/n]:"):
                os.write(ours, b"\n")
    os.close(ours)
    if process.returncode:
        sys.exit(shown.decode())
    lines = (line.rpartition("\r")[2].rstrip() for line in shown.decode().split("\r\n"))
    return [line for line in lines if line]


def terminal(lines: list[str], folder: Path) -> Image.Image:
    """Draws the command, its question, what was chosen, and the lines about the files; dots for the rest."""
    told = [
        *(line for line in lines if line.endswith("[Y/n]:")),
        *(line for line in lines if "[selected]" in line),
        "...",
        *(line for line in lines if line.startswith("Letters from")),
    ]
    text = f"<b>clothbound {' '.join(COMMAND)}</b>\n" + "\n".join(
        html.escape("\n".join(textwrap.wrap(line, COLUMNS))) for line in told
    )
    (folder / "terminal.html").write_text(SHEET.format(text=text), encoding="utf-8")
    height = 36 + 25 * (text.count("\n") + 1)
    browser = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size=730,{height}",
         f"--screenshot={folder / 'terminal.png'}", (folder / "terminal.html").as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip
    return Image.open(folder / "terminal.png").convert("RGB")


def book(folder: Path) -> Image.Image:
    """Puts the EPUB's cover and pages of the PDF side by side."""
    (epub,), (pdf,) = folder.glob("*.epub"), folder.glob("*.pdf")
    with zipfile.ZipFile(epub) as opened:
        cover = next(name for name in opened.namelist() if name.endswith("/cover.jpg"))
        opened.extract(cover, folder)
    shown = [folder / cover]
    for page in PAGES:
        stem = folder / f"page-{page}"
        chosen = ["-f", str(page), "-l", str(page), "-singlefile"]
        subprocess.run(["pdftoppm", "-png", "-r", "100", *chosen, pdf, stem], check=True)
        shown.append(stem.with_suffix(".png"))
    width, height = PAGE
    sheet = Image.new("RGB", (len(shown) * (width + GAP) + GAP, height + 2 * GAP), PAPER)
    for place, path in enumerate(shown):
        page_picture = Image.open(path).convert("RGB")
        page_picture.thumbnail(PAGE, Image.Resampling.LANCZOS)
        top = GAP + (height - page_picture.height) // 2
        sheet.paste(page_picture, (GAP + place * (width + GAP), top))
    return sheet


def save(picture: Image.Image, name: str) -> None:
    target = PICTURES / f"{name}.png"
    picture.quantize(64, kmeans=2).save(target, optimize=True)


if __name__ == "__main__":
    main()
