"""Small web pages with one planted fault each, and beside each its sound twin."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import NamedTuple

from PIL import Image, ImageDraw

_PROSE = (
    "The ferry leaves at seven from the old stone pier, and whoever misses it walks for nine miles over the dunes to the"
    " bridge. In winter the captain waits a while longer, because he knows who lives alone."
)
_PAGE = """<!DOCTYPE html>
<html lang="en" dir="DIRECTION">
<meta charset="utf-8"><title>The pier</title>
<style>
  :root { color-scheme: light dark; --ink: #222; --paper: #fff; }
  @media (prefers-color-scheme: dark) { :root { --ink: #ddd; --paper: #151515; } }
  body { margin: 1rem; font: 16px/1.5 "DejaVu Serif", serif; background: var(--paper); color: var(--ink); }
  table { border-collapse: collapse } td { padding: 4px 8px }
  STYLE
</style>
<body><h1>The pier</h1>
<p>PROSE</p>
PASSAGE
<p>PROSE</p>
</body></html>
""".replace("PROSE", _PROSE)


class PlantedOnScreen(NamedTuple):
    """A fault and its twin. What differs is the style sheet, or the passage."""

    name: str
    check: str
    passage: str
    faulty: str = ""
    sound: str = ""
    sound_passage: str = ""
    direction: str = "ltr"
    only_in: str = ""
    """Part of the name of each screen on which the fault is; empty where it is on all."""


def page_of(planted: PlantedOnScreen, *, is_faulty: bool) -> str:
    """Returns the source of a page."""
    passage = planted.passage if is_faulty else planted.sound_passage or planted.passage
    return (
        _PAGE.replace("STYLE", planted.faulty if is_faulty else planted.sound)
        .replace("DIRECTION", planted.direction)
        .replace("PASSAGE", passage)
    )


def _picture(*, is_drawn: bool = True, ink: tuple[int, ...] = (0, 90, 160, 255)) -> str:
    image = Image.new("RGBA", (900, 120), (0, 0, 0, 0))
    if is_drawn:
        draw = ImageDraw.Draw(image)
        for number in range(30):
            draw.line((number * 30, 120, 450, number * 4), fill=ink, width=3)
    data = io.BytesIO()
    image.save(data, "PNG")
    return f"data:image/png;base64,{b64encode(data.getvalue()).decode()}"


_WORD = "Harbourmasters" * 16
_ROW = "".join(
    f"<td>{word}</td>" for word in ("lanterns harbour eleven printing-press salt " * 5).split()
)
_CODE = f"<pre><code>harbour.open({', '.join(f'key{n}=lamp{n}' for n in range(20))})</code></pre>"
_SUM = "".join(f"<msub><mi>a</mi><mn>{n}</mn></msub><mo>+</mo>" for n in range(60))
_FORMULA = f'<div class="math"><math display="block"><mrow>{_SUM}</mrow></math></div>'
_HEBREW = "והתשובה תבוא מחר עם הספינה הראשונה של הבוקר."

PLANTED_ON_SCREEN = (
    PlantedOnScreen("a long word", "wider than the screen", f"<p>{_WORD}</p>", sound="p { overflow-wrap: anywhere }"),
    PlantedOnScreen("an item far from its bullet", "direction", '<ul><li><p dir="ltr">harbour</p></li></ul>', "p { text-align: start } body > p { direction: ltr }", "body > p { direction: ltr } li > p { text-align: match-parent; text-align: -webkit-match-parent }", direction="rtl"),
    PlantedOnScreen("code of a few letters a line", "narrow", f"<div>{_CODE}</div>", "pre { width: 69px; white-space: pre-wrap; overflow-wrap: anywhere }", "pre { white-space: pre-wrap; overflow-wrap: anywhere }"),
    PlantedOnScreen("a wide table", "wider than the screen", f"<div class='t'><table><tr>{_ROW}</tr></table></div>", sound=".t { overflow-x: auto }"),
    PlantedOnScreen("a line of code", "wider than the screen", _CODE, sound="pre { white-space: pre-wrap; overflow-wrap: anywhere }"),
    PlantedOnScreen("a line of code, and spaces that hang", "wider than the screen", f"<pre>key = {{{'x' * 200}\n}}</pre>", "pre { white-space: pre }", "pre { white-space: pre-wrap }", f"<pre>key = {{{' ' * 200}\n}}</pre>"),
    PlantedOnScreen("a wide formula", "wider than the screen", _FORMULA, "math { white-space: nowrap }", ".math { overflow-x: auto }"),
    PlantedOnScreen("a wide picture", "wider than the screen", f'<p><img alt="Rays" src="{_picture()}"></p>', "img { width: 1400px; background: #fff }", "img { max-width: 100%; background: #fff }"),
    PlantedOnScreen("a wide picture on a phone alone", "wider than the screen", f'<p><img alt="Rays" src="{_picture()}"></p>', "img { width: 500px; background: #fff }", "img { width: 500px; max-width: 100%; background: #fff }", only_in="360x"),
    PlantedOnScreen("a word over a paragraph", "overlap", "<p class='over'>Proof copy</p>", ".over { position: absolute; margin: 0; top: 120px; left: 60px }", ".over { position: static }"),
    PlantedOnScreen("lines too near", "overlap", f"<p class='near'>{_PROSE}</p>", ".near { line-height: 0.4; width: 300px }", ".near { width: 300px }"),
    PlantedOnScreen("a paragraph pulled up", "overlap", "<p class='up'>The second paragraph</p>", ".up { margin-top: -34px }", ".up { margin-top: 4px }"),
    PlantedOnScreen("a caption on its picture", "overlap", f'<figure><img alt="Rays" src="{_picture()}"><figcaption>A view of the pier</figcaption></figure>',
                    "img { max-width: 100%; background: #fff; color: #222 } figcaption { margin-top: -36px; position: relative; color: #555 }", "img { max-width: 100%; background: #fff }"),
    PlantedOnScreen("pale words", "contrast", "<p class='pale'>The oil was cheap.</p>", ".pale { color: #999 }", ".pale { color: var(--ink) }", only_in="light"),
    PlantedOnScreen("pale words in the dark", "contrast", "<p class='pale'>The oil was cheap.</p>", ".pale { color: #555 }", ".pale { color: var(--ink) }", only_in="dark"),
    PlantedOnScreen("half seen words", "contrast", "<div class='half'><p>The oil was cheap.</p></div>", ".half { opacity: 0.4 }", ".half { opacity: 1 }"),
    PlantedOnScreen("dark words in a box", "contrast", "<p class='box'>The oil was cheap.</p>", ".box { background: #2a4 ; color: #fff }", ".box { background: #163; color: #fff }"),
    PlantedOnScreen("a box that hides", "cut off", f"<div class='low'><p>{_PROSE}</p></div>", ".low { height: 30px; overflow: hidden }", ".low { height: 30px; overflow: auto }"),
    PlantedOnScreen("an ellipsis", "cut off", f"<p class='one'>{_PROSE}</p>", ".one { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }", ""),
    PlantedOnScreen("words left of the screen", "cut off", "<p class='out'>The oil was cheap.</p>", ".out { text-indent: -70px }", ".out { text-indent: 20px }"),
    PlantedOnScreen("a word in a narrow box", "out of its box", "<p class='frame'>Harbourmasters and schoolmasters</p>", ".frame { width: 90px; border: 1px solid }", ".frame { width: 90px; border: 1px solid; overflow-wrap: anywhere }"),
    PlantedOnScreen("eight pixels", "small type", "<p class='small'>The oil was cheap.</p>", ".small { font-size: 8px }", ".small { font-size: 12px }"),
    PlantedOnScreen("a mark without size", "small type", '<p>The oil<a href="#n" role="doc-noteref">1</a> was cheap.</p><p id="n">A note.</p>', "a { font-size: 0 }", "a { font-size: 11px; color: inherit }"),
    PlantedOnScreen("a mark that is not shown", "hidden", '<p>The oil<a href="#n" role="doc-noteref">1</a> was cheap.</p><p id="n">A note.</p>', "a { visibility: hidden }", "a { color: inherit }"),
    PlantedOnScreen("a mark of one pixel", "hidden", '<p>The oil<a href="#n" role="doc-noteref">1</a> was cheap.</p><p id="n">A note.</p>', "a { position: absolute; width: 1px; height: 1px; overflow: hidden; color: inherit }", "a { color: inherit }"),
    PlantedOnScreen("a banner over the text", "hidden", "<p>The oil was cheap.</p><div class='banner'></div>", ".banner { position: absolute; top: 0; left: 0; width: 330px; height: 300px; background: #c33 }", ".banner { height: 20px; background: #c33 }"),
    PlantedOnScreen("slanted Han", "slanted", "<p lang='ja'><em>紙を漉く人</em></p>", "", "em { font-style: normal }"),
    PlantedOnScreen("Hebrew from left to right", "direction", f"<p lang='he'>{_HEBREW}</p>", sound_passage=f"<p lang='he' dir='rtl'>{_HEBREW}</p>"),
    PlantedOnScreen("Hebrew at the left", "direction", f"<p lang='he' dir='rtl'>{_HEBREW}</p>", "p { text-align: left }", ""),
    PlantedOnScreen("a picture without a file", "picture", '<p><img alt="Rays" src="data:image/png;base64,AAAA" width="90" height="40"></p>', sound_passage=f'<p><img alt="Rays" width="300" src="{_picture(ink=(128, 128, 128, 255))}"></p>'),
    PlantedOnScreen("black lines in the dark", "unseen picture", f'<p><img alt="Rays" width="300" src="{_picture(ink=(16, 16, 16, 255))}"></p>', "", "img { background: #fff }", only_in="dark"),
)  # fmt: skip
"""The faults. A check has more than one where its causes differ."""
