"""The proof-reader for screens: looks at web pages and chapters of EPUBs in Chromium, in several sizes, in light and dark.

What it finds has the form of the findings in ``clothbound.proof``: a check, a kind, a page, a place, words, and a cut-out.
``screen_eye.js`` looks; the numbers by which it decides stand here.
"""

from __future__ import annotations

import io
import json
import shutil
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from PIL import Image, ImageDraw

from clothbound.proof import FindingKind
from devtools import Page

EYE = (Path(__file__).parent / "screen_eye.js").read_text("utf-8")

CHECKS = {
    "wider than the screen": FindingKind.ERROR,
    "cut off": FindingKind.ERROR,
    "out of its box": FindingKind.ERROR,
    "narrow": FindingKind.ERROR,
    "overlap": FindingKind.ERROR,
    "contrast": FindingKind.ERROR,
    "small type": FindingKind.ERROR,
    "slanted": FindingKind.ERROR,
    "direction": FindingKind.ERROR,
    "picture": FindingKind.ERROR,
    "unseen picture": FindingKind.ERROR,
    "hidden": FindingKind.ERROR,
    "tall picture": FindingKind.ADVICE,
}

LIMITS = {
    # Pixels. Boxes are rounded, and italics reach over their box.
    "edge": 2.0,
    # The share of a letter's box above and below that has no ink but accents.
    "middle": 0.27,
    # The share of the room beside it that code takes at least, if its lines are broken.
    "narrow": 0.5,
    # Pixels in both directions that two lines share before ink meets.
    "overlap": 2.0,
    # Pixels. Below it readers enlarge the page.
    "small": 9.0,
    # WCAG 2.2, 1.4.3, level AA; large is 24 px, or 18.66 px in bold.
    "contrast": 4.5,
    "contrast_large": 3.0,
}
_UNSEEN = 24
"""The least difference of a picture's and its surroundings' pixels in one of red, green and blue, of 255."""


class Look(NamedTuple):
    """A screen: its size in pixels, and whether its reader prefers dark pages."""

    width: int
    height: int
    is_dark: bool

    def __str__(self) -> str:
        return f"{self.width}x{self.height} {'dark' if self.is_dark else 'light'}"


LOOKS = tuple(
    Look(width, height, is_dark)
    for width, height in ((600, 800), (360, 640), (1280, 900))
    for is_dark in (False, True)
)
_NIGHT = (
    "(() => { const night = document.createElement('style'); night.id = 'night';"
    " night.textContent = 'html, body { background: #121212; color: #e4e0d8 }';"
    " document.querySelector('#night')?.remove(); if (IS_DARK) document.head.append(night); })()"
)
"""Reading systems change a book's colours by a style sheet of their own."""


class ScreenFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of one page on one screen."""

    check: str
    page: str
    """The name of the page's file."""
    look: str
    element: str
    box: tuple[float, float, float, float]
    """In pixels from the upper left corner of the page: left, top, right, bottom."""
    message: str
    text: str = ""
    cut_out: bytes = b""
    """A PNG of the place."""

    @property
    def kind(self) -> FindingKind:
        return CHECKS[self.check]


def read_page(
    browser: Page, file: Path, looks: Iterable[Look] = LOOKS, *, cut_outs: bool = False
) -> list[ScreenFinding]:
    """Looks at one HTML file or chapter. A fault that several screens have is told once."""
    found: dict[tuple[str, str, str], ScreenFinding] = {}
    is_chapter = file.suffix == ".xhtml"
    is_open = False
    for look in looks:
        scheme = "dark" if look.is_dark else "light"
        browser.send(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        browser.send(
            "Emulation.setDeviceMetricsOverride",
            width=look.width,
            height=look.height,
            deviceScaleFactor=1,
            mobile=False,
        )
        if not is_open:
            browser.open_file(file)
            is_open = True
        if is_chapter:
            browser.run(_NIGHT.replace("IS_DARK", json.dumps(look.is_dark)))
        browser.run("document.fonts.ready.then(() => 1)")
        seen = browser.run(f"({EYE})({json.dumps(LIMITS)}, {json.dumps(is_chapter)})")
        told = [*seen["findings"], *_unseen_pictures(browser, seen, look)]
        for one in told:
            key = (one["check"], one["element"], one["text"])
            if key not in found:
                picture = _cut_out(browser, one["box"], look, seen["height"]) if cut_outs else b""
                found[key] = ScreenFinding(page=file.name, look=str(look), cut_out=picture, **one)
    return list(found.values())


def _unseen_pictures(browser: Page, seen: dict[str, Any], look: Look) -> Iterator[dict[str, Any]]:
    """Yields pictures whose pixels are all of about the colour of what surrounds them."""
    for picture in seen["pictures"]:
        left, top, right, bottom = picture["box"]
        if right <= 0 or left >= look.width:
            continue
        around = (max(0, left - 3), max(0, top - 3), min(look.width, right + 3), bottom + 3)
        shown = shoot(browser, around)
        if max(most - least for least, most in shown.getextrema()) < _UNSEEN:
            message = "nothing of a picture is seen on its background"
            yield {**picture, "check": "unseen picture", "message": message}


def shoot(browser: Page, box: tuple[float, float, float, float]) -> Image.Image:
    """Returns a picture of a part of the page.

    What lies beyond the window is drawn at once, but for pages from right to left: Chromium draws these 63 px too far right
    then, so they are scrolled and drawn window by window.
    """
    left, top, right, bottom = box
    width, height = max(1, right - left), max(1, bottom - top)
    window = browser.run(
        "getComputedStyle(document.documentElement).direction === 'rtl' ? innerHeight : 0"
    )
    if not window:
        return _draw(browser, left, top, width, height, captureBeyondViewport=True)
    drawn = Image.new("RGB", (round(width), round(height)), "white")
    before = browser.run("[scrollX, scrollY]")
    done = 0.0
    while done < height:
        browser.run(f"scrollTo(0, {top + done})")
        part = min(window, height - done)
        drawn.paste(_draw(browser, left, top + done, width, part), (0, round(done)))
        done += part
    browser.run(f"scrollTo({before[0]}, {before[1]})")
    return drawn


def _draw(
    browser: Page, left: float, top: float, width: float, height: float, **how: bool
) -> Image.Image:
    clip = {"x": left, "y": top, "width": width, "height": height, "scale": 1}
    answer = browser.send("Page.captureScreenshot", clip=clip, **how)
    return Image.open(io.BytesIO(b64decode(answer["data"]))).convert("RGB")


def _cut_out(browser: Page, box: Sequence[float], look: Look, height: int) -> bytes:
    left, top, right, bottom = box
    around = (
        max(0, min(left - 60, look.width - 240)),
        max(0, top - 40),
        min(max(right + 60, 240), look.width + 200),
        min(bottom + 40, max(height, 80), top + 700),
    )
    picture = shoot(browser, around)
    ImageDraw.Draw(picture).rectangle(
        (left - around[0] - 2, top - around[1] - 2, right - around[0] + 2, bottom - around[1] + 2),
        outline=(214, 40, 40),
        width=2,
    )
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def pages_of(product: Path, folder: Path) -> list[Path]:
    """Returns the pages of a site's folder, the chapters of an EPUB, which is unpacked into ``folder``, or one page."""
    if product.suffix == ".epub":
        shutil.unpack_archive(product, folder, "zip")
        return sorted(folder.rglob("*.xhtml"))
    return sorted(product.rglob("*.html")) if product.is_dir() else [product]


def read_pages(
    browser: Page, pages: Iterable[Path], looks: Iterable[Look] = LOOKS, *, cut_outs: bool = False
) -> list[ScreenFinding]:
    """Looks at pages one after the other."""
    return [
        one for page in pages for one in read_page(browser, page, tuple(looks), cut_outs=cut_outs)
    ]


def save_findings(found: Sequence[ScreenFinding], folder: Path) -> None:
    """Writes the cut-outs of findings and their list as JSON into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for number, one in enumerate(found, 1):
        name = f"{number:04}-{Path(one.page).stem}-{one.check.replace(' ', '-')}.png"
        (folder / name).write_bytes(one.cut_out)
        row = msgspec.to_builtins(one)
        del row["cut_out"]
        listed.append({**row, "kind": one.kind.value, "picture": name})
    (folder / "findings.json").write_bytes(
        msgspec.json.format(msgspec.json.encode(listed), indent=2)
    )
