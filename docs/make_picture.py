"""Draw docs/pictures/overview.png, the picture that README opens with, from real products.

Run ``sh scripts/demo.sh`` first. Needs pdftoppm and Chromium.
"""

from __future__ import annotations

import html
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "out" / "demo"
LETTER = ROOT / "examples" / "letters" / "2023" / "2023-06-23-midsummer.md"
PAGES = (10, 12)  # of the PDF of 2023: an opener with its picture, and the poem

LAYOUT = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: 1600px; height: 830px; background: #e9e4d8; position: relative;
  font: 22px/1.4 "Source Sans 3", "Noto Sans", sans-serif; color: #3b3428 }}
.source, img {{ position: absolute; background: #fff; box-shadow: 0 6px 26px #0003 }}
.source {{ left: 50px; top: 70px; width: 420px; height: 644px; padding: 26px 30px;
  font: 15px/1.55 "JetBrains Mono", "DejaVu Sans Mono", monospace; white-space: pre-wrap;
  overflow: hidden; box-sizing: border-box; color: #333 }}
p {{ position: absolute; margin: 0; white-space: nowrap }}
.arrow {{ font-size: 64px; left: 489px; top: 330px; color: #b4542b }}
</style>
<div class="source">{source}</div><p style="left:50px;top:730px">posts in Markdown, as they come</p>
<p class="arrow">→</p>
<img src="page-0.png" style="left:570px;top:70px;height:520px"><img src="page-1.png"
 style="left:917px;top:70px;height:520px"><p style="left:570px;top:610px">PDF, for print</p>
<img src="cover.png" style="left:1290px;top:70px;height:380px"><p
 style="left:1290px;top:465px">EPUB, for readers</p>
<img src="site.png" style="left:1000px;top:520px;width:550px;height:230px;object-fit:cover;
 object-position:top"><p style="left:1000px;top:765px">a web site, and an archive for Substack</p>
"""


def screenshot(page: Path, picture: Path, width: int, height: int) -> None:
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, map(shutil.which, names)))
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--hide-scrollbars", f"--screenshot={picture}",
         f"--window-size={width},{height}", page.as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for place, page in enumerate(PAGES):
            subprocess.run(
                ["pdftoppm", "-r", "110", "-png", "-singlefile", "-f", str(page), "-l", str(page),
                 DEMO / "2023.pdf", work / f"page-{place}"],
                check=True,
            )  # fmt: skip
        with zipfile.ZipFile(DEMO / "2023.epub") as book:
            cover = next(n for n in book.namelist() if "cover" in n and not n.endswith("xhtml"))
            (work / f"cover{Path(cover).suffix}").write_bytes(book.read(cover))
        if not (work / "cover.png").exists():
            Image.open(next(work.glob("cover.*"))).save(work / "cover.png")
        screenshot(DEMO / "site" / "index.html", work / "site.png", 1100, 460)
        source = html.escape(LETTER.read_text(encoding="utf-8")[:800])
        (work / "layout.html").write_text(LAYOUT.format(source=source), encoding="utf-8")
        screenshot(work / "layout.html", work / "overview.png", 1600, 830)
        picture = Image.open(work / "overview.png").convert("RGB")
        target = ROOT / "docs" / "pictures" / "overview.png"
        picture.quantize(256, kmeans=2).save(target, optimize=True)


if __name__ == "__main__":
    main()
