"""Small books with one planted fault each, and beside each its sound twin.

All are one book set by Typst, in faces that Typst brings along, with another passage in its second chapter. A passage
knows its page: it begins with a mark whose page Typst tells.
"""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw

PROSE = (
    "The ferry leaves at seven from the old stone pier, and whoever misses it walks for nine miles over the dunes to the"
    " bridge. In winter the captain waits a while longer, because he knows who lives alone and who has bread to carry"
    " home. Nobody has ever written the rule down, and nobody ever asked him to keep it in mind.",
    "On the second day the wind turned, and our small harbour filled with boats that none of us had seen before. They carried"
    " salt, lamp oil and a printing press in eleven crates, which the schoolmaster had ordered three years earlier and"
    " given up for lost. We unpacked it on the floor of the dance hall, piece by piece, and numbered what we found.",
    "A press is mostly patience. The ink has to be warm, the paper slightly damp, and the type so tight in its frame that"
    " a knock does not move it. Children learn this faster than their parents do; they have no opinion yet about how long a"
    " thing may take, and they like the smell.",
)
LONG = " ".join(PROSE)

_BOOK = r"""
#set document(title: "The Pier")
#set text(font: "Libertinus Serif", size: 10pt, lang: "en", fallback: FALLBACK)
#set par(justify: true, justification-limits: (spacing: (min: 90%, max: 150%)), first-line-indent: 1.2em, spacing: 0.62em, leading: 0.62em)
#set page(width: 360pt, height: 540pt, margin: (inside: 52pt, outside: 44pt, top: 54pt, bottom: 56pt),
  header: context if here().page() > 3 { set text(8pt); align(center)[The Pier] },
  footer: context { set text(8pt); align(center, counter(page).display()) })
#show heading.where(level: 1): it => { pagebreak(weak: true); v(30pt); block(text(18pt, weight: "regular", it.body)); v(14pt) }
#show heading.where(level: 2): it => block(above: 14pt, below: 7pt, sticky: true, text(10pt, it.body))
#let fault = context [#metadata(here().page()) <fault>]
#let lines(n) = range(n).map(k => [#par[The tide came in, and went out again, for the #(k + 1)th time that week.]]).join()
#v(90pt)
#align(center, text(24pt)[The Pier])
#pagebreak()
#set outline(title: none)
CONTENTS
= First crossing
P0

P1

P2

P0

P1

P2

P0
= The press
P0

PASSAGE

P1

P2
AFTER
= Last crossing
P2

P0

P1

P2
"""
_CONTENTS = "#outline(depth: 1)"


@dataclass(frozen=True)
class Planted:
    """A fault and its twin."""

    name: str
    check: str
    faulty: str
    sound: str
    after: str = ""
    """More text of the chapter, in both."""
    ending: tuple[str, str] = ("", "")
    """The end of the chapter in the one and in the other."""
    contents: tuple[str, str] = (_CONTENTS, _CONTENTS)
    fallback: bool = True
    pages: tuple[int, ...] = (0,)
    """The pages on which the fault may be found, counted from that of the passage."""
    in_contents: bool = False
    source: str = ""
    """What the post says where the passage is printed, for checks that compare the two."""


def _p(number: int) -> str:
    return PROSE[number]


_HEBREW = '#block[#set text(lang: "he", dir: rtl); {text}]'
_HEBREW_LINES = (
    '#block(width: 100%)[#set text(lang: "he", dir: rtl); #set par(first-line-indent: 0pt); {text}]'
)
_H1 = "שלום לכל מי שקורא את המכתב הזה בערב"
_H2 = "והתשובה תבוא מחר עם הספינה הראשונה של הבוקר"
_H3 = "הספר Quire נדפס שוב"
_TABLE = (
    "#table(columns: ({columns}), inset: 4pt, [Place], [Boats], [Salt], [North], [Eleven], [Four])"
)
_CJK = '#text(font: "Noto Serif CJK {region}")[{text}]'

_READING = '#v(8pt)#par(first-line-indent: 0pt)[#text(font: "Noto Serif CJK JP", size: {size}pt)[#box[#place(top, dy: -0.75em, text({half}pt)[とうだい])灯台]を守る人の国]]'
"""A line of Han with the reading of its first word above it."""
_HAN = "#par(first-line-indent: 0pt)[" + _CJK.format(region="JP", text="{text}") + "]"
_ROWS = "#[#set par(leading: {leading})\n$ y &= display(a / b) \\ display(a / b) &= y $\n]"
"""The denominator of the first row reaches down on the right, the numerator of the second up on the left."""
_CLIPPED = "#box(width: {width}pt, clip: true)[#box(width: 100pt)[{text}]]"
_LINKS = "\n\n".join(
    f"#link((page: {page}, x: 52pt, y: 54pt))[{title} #box(width: 1fr, repeat[.]) {number}]"
    for title, page, number in (
        ("First crossing", 3, 3),
        ("The press", "{page}", 5),
        ("Last crossing", 6, 6),
    )
)
_SHORT = "And so it went.\n\n"
_FOOT = "#v(1fr)\n"
_GOES_ON = "#par(first-line-indent: 0pt)"

PLANTED = (
    Planted("lines too near", "overlap", "#[#set par(leading: -3pt)\n" + _p(1) + "\n]", _p(1)),
    Planted("a word over a paragraph", "overlap", "#place(dx: 30pt, dy: 14pt)[Proof copy, please return]" + _p(1), _p(1)),
    Planted("words of cells", "overlap", "#set text(hyphenate: false)\n#stack(dir: ltr, box(width: 22pt)[Ferrymen], box(width: 40pt)[Harbours])",
            "#stack(dir: ltr, box(width: 52pt)[Ferrymen], box(width: 60pt)[Harbours])"),
    Planted("rows of a formula", "overlap", "$ (a + b) / (c + d) $ #v(-27pt) $ (p + q) / (r + s) $", "$ (a + b) / (c + d) $ $ (p + q) / (r + s) $"),
    Planted("a caption on its picture", "overlap", '#image("photo.png", width: 100pt) #v(-32pt) A view of the pier.',
            '#image("photo.png", width: 100pt) A view of the pier.'),
    Planted("tracking", "overlap", "#text(tracking: -0.3em)[" + _p(1)[:60] + "]", _p(1)[:60]),
    Planted("two pictures", "overlap", '#image("photo.png", width: 120pt) #v(-40pt) #h(60pt) #image("photo.png", width: 120pt)',
            '#image("photo.png", width: 120pt) #image("photo.png", width: 120pt)'),
    Planted("a note's rule of two texts", "overlap", "#place(bottom, dy: 2pt)[The other paragraph stands here too]#v(0pt)" + "#place(bottom)[First paragraph of the two]",
            "#place(bottom)[First paragraph of the two]"),
    Planted("a word at the edge", "cut off", "#place(dx: 255pt)[Harbourmasters]" + _p(1), _p(1)),
    Planted("a picture at the edge", "cut off", '#place(dx: 240pt, image("photo.png", width: 100pt))#v(90pt)', '#image("photo.png", width: 100pt)'),
    Planted("a drawing at the edge", "cut off", "#place(dx: 250pt, rect(width: 90pt, height: 20pt, fill: red))#v(24pt)", "#rect(width: 90pt, height: 20pt, fill: red)"),
    Planted("a line below the foot", "cut off", "#place(bottom, dy: 57pt)[The last of the lines]", "#place(bottom, dy: 0pt)[]"),
    Planted("a wide table", "outside the text block", _TABLE.format(columns="110pt, 110pt, 80pt"), _TABLE.format(columns="80pt, 80pt, 80pt")),
    Planted("a long line of code", "outside the text block", "#box(width: 400pt)[`harbour.open(key, lamp, salt, oil, tide, wind, rope, anchors)`]", "`harbour.open(key)`"),
    Planted("a picture in the margin", "outside the text block", '#move(dx: -30pt, image("photo.png", width: 120pt))', '#image("photo.png", width: 120pt)'),
    Planted("a wide formula", "outside the text block", "$ a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u $", "$ a + b + c + d + e $"),
    Planted("a word in the margin", "outside the text block", "#place(dx: 272pt)[salt] " + _p(1), _p(1)),
    Planted("six points", "small type", "#text(6pt)[" + _p(2) + "]", _p(2)),
    Planted("a reading of three and a half points above Han", "small type", _READING.format(size=7.4, half=3.5), _READING.format(size=10, half=5)),
    Planted("slanted Han", "slanted", "#skew(ax: -12deg)[" + _CJK.format(region="JP", text="紙を漉く人") + "]", _CJK.format(region="JP", text="紙を漉く人")),
    Planted("slanted Hangul", "slanted", "#skew(ax: -12deg)[" + _CJK.format(region="KR", text="종이를 만드는 사람") + "]", _CJK.format(region="KR", text="종이를 만드는 사람")),
    Planted("slanted Arabic", "slanted", '#skew(ax: -12deg, text(font: "DejaVu Sans")[رسالة من البحر])', '#text(font: "DejaVu Sans")[رسالة من البحر]'),
    Planted("code in a serif", "code face", '#[#show raw: set text(font: "Libertinus Serif")\n```\nharbour.open(key)\nlamp.light(oil)\n```\n]', "```\nharbour.open(key)\nlamp.light(oil)\n```"),
    Planted("Han of code in a serif", "code face", '#[#show raw: set text(font: ("DejaVu Sans Mono", "Noto Serif CJK JP"))\n```\nharbour.open(key)  # 紙を漉く\nlamp.light(oil)\n```\n]',
            '#[#show raw: set text(font: ("DejaVu Sans Mono", "Noto Sans Mono CJK JP"))\n```\nharbour.open(key)  # 紙を漉く\nlamp.light(oil)\n```\n]'),
    Planted("Hangul of code in a serif", "code face", '#[#show raw: set text(font: ("DejaVu Sans Mono", "Noto Serif CJK KR"))\n```\nlamp = "종이를"\nlamp.light(oil)\n```\n]',
            '#[#show raw: set text(font: ("DejaVu Sans Mono", "Noto Sans Mono CJK KR"))\n```\nlamp = "종이를"\nlamp.light(oil)\n```\n]'),
    Planted("a letter of another face", "mixed faces", 'The captain is called Kr#text(font: "DejaVu Sans Mono")[ä]henb#text(font: "DejaVu Sans Mono")[ü]hl.', "The captain is called Krähenbühl."),
    Planted("a sentence in another face", "fallback", '#text(font: "New Computer Modern")[The oil was cheap.]', "The oil was cheap."),
    Planted("no glyph", "missing glyph", "The sign \U00010940\U00010941 over the door.", "The sign over the door.", fallback=False),
    Planted("no glyph of Han", "missing glyph", "The sign 紙漉 over the door.", "The sign over the door.", fallback=False),
    Planted("turned brackets", "turned bracket", _HEBREW.format(text=_H1 + " )בערב( " + _H2), _HEBREW.format(text=_H1 + " (בערב) " + _H2)),
    Planted("a colon of a run from left to right", "turned punctuation",
            _HEBREW.format(text=_H1 + " #box[#set text(dir: ltr, lang: \"en\"); Quire:] " + _H2), _HEBREW.format(text=_H1 + " Quire: " + _H2)),
    Planted("a full stop of a run from left to right", "turned punctuation",
            _HEBREW.format(text=_H1 + " #box[#set text(dir: ltr, lang: \"en\"); Ternvik.] " + _H2), _HEBREW.format(text=_H1 + " Ternvik. " + _H2)),
    Planted("words in the order of another direction", "reading order",
            _HEBREW.format(text="#box[#set text(dir: ltr); " + _H3 + "]"), _HEBREW.format(text=_H3), source=_H3),
    Planted("a range of years turned round", "reading order",
            _HEBREW.format(text=_H3 + " \u20662014\u20132023\u2069"), _HEBREW.format(text=_H3 + " 2014\u20132023"), source=_H3 + " 2014\u20132023"),
    Planted("a bracket at the other end", "reading order",
            _HEBREW.format(text="(\u2066" + _H3 + ")\u2069 " + _H2), _HEBREW.format(text="(" + _H3 + ") " + _H2), source="(" + _H3 + ") " + _H2),
    Planted("few pixels", "resolution", '#image("coarse.png", width: 200pt)', '#image("photo.png", width: 100pt)'),
    Planted("upside down", "upside down", '#rotate(180deg, image("photo.png", width: 100pt))', '#image("photo.png", width: 100pt)'),
    Planted("mirrored", "upside down", '#scale(x: -100%, image("photo.png", width: 100pt))', '#image("photo.png", width: 100pt)'),
    Planted("on its side", "upside down", '#rotate(90deg, reflow: true, image("photo.png", width: 100pt))', '#rotate(90deg, reflow: true)[#image("photo.png", width: 100pt) View of the pier]'),
    Planted("a white picture", "empty picture", '#image("white.png", width: 100pt)', '#image("photo.png", width: 100pt)'),
    Planted("a black picture", "empty picture", '#image("black.png", width: 100pt)', '#image("photo.png", width: 100pt)'),
    Planted("a wrong number", "untrue contents", "", "", in_contents=True,
            contents=("First crossing #box(width: 1fr, repeat[.]) 3\n\nThe press #box(width: 1fr, repeat[.]) 9\n\nLast crossing #box(width: 1fr, repeat[.]) 7",
                      _CONTENTS)),
    Planted("a leader without a title", "leader", "", "", in_contents=True, contents=(_CONTENTS + "\n\n#box(width: 100%, repeat[.])", _CONTENTS)),
    Planted("a leader without a number", "leader", "", "", in_contents=True, contents=(_CONTENTS + "\n\nThe third crossing #box(width: 1fr, repeat[.])", _CONTENTS)),
    Planted("white within a chapter", "white", "#pagebreak()", "", after=LONG),
    Planted("white before a tall picture", "white", '#image("photo.png", width: 60pt, height: 330pt, fit: "cover")', '#image("photo.png", width: 60pt, height: 80pt, fit: "cover")', after=LONG, pages=(-1,)),
    Planted("two lines on the last page", "short page", "", "", ending=("#pagebreak()\nAnd so it went for years.", "And so it went for years."), pages=(1,)),
    Planted("a heading at the foot", "parted heading", "#v(1fr)\n#heading(level: 2)[The ink]\n#colbreak()", "#heading(level: 2)[The ink]"),
    Planted("a caption on the next page", "parted heading", '#v(1fr)\n#image("photo.png", width: 100pt)\n#pagebreak()\nFigure 1: A view of the pier.',
            '#image("photo.png", width: 100pt)\nFigure 1: A view of the pier.', pages=(1,)),
    Planted("a table head at the foot", "parted heading",
            "#v(1fr)\n#table(columns: (80pt, 80pt), table.header[Place][Boats])\n#pagebreak()\n#table(columns: (80pt, 80pt), [North], [Eleven])",
            "#table(columns: (80pt, 80pt), table.header[Place][Boats], [North], [Eleven])"),
    Planted("a line alone at the head", "widow", _FOOT + "#par[" + _p(1) + " We hung the frame#linebreak(justify: true)]\n#pagebreak()\n" + _GOES_ON + "[on the wall.]", "#par[" + _p(1) + " We hung the frame on the wall.]", pages=(1,)),
    Planted("a line alone at the foot", "orphan", _FOOT + "#par[The tide came in, and went out again, and nobody on it#linebreak(justify: true)]\n#pagebreak()\n" + _GOES_ON + "[" + _p(1) + "]", "#par[" + _p(1) + "]"),
    Planted("a line of Hebrew alone at the head", "widow", _FOOT + _HEBREW_LINES.format(text=_H2 + " " + _H1 + "#linebreak(justify: true)") + "\n#pagebreak()\n" + _HEBREW_LINES.format(text="וזה הכול.") + "#v(12pt)",
            _HEBREW_LINES.format(text=_H2 + " " + _H1 + " וזה הכול."), pages=(1,)),
    Planted("one character of Han on the last line", "last line", _HAN.format(text="紙" * 25 + "#linebreak(justify: true)紙。"), _HAN.format(text="紙" * 25 + "#linebreak(justify: true)紙紙。")),
    Planted("a short word of Hebrew on the last line", "last line", _HEBREW_LINES.format(text=_H1 + " " + _H2 + "#linebreak(justify: true)כן."), _HEBREW_LINES.format(text=_H1 + " " + _H2)),
    Planted("a note far behind its mark", "parted note", "The oil was cheap.#footnote[" + LONG * 8 + "] The lamp was not.#footnote[It came from the north.]",
            "The oil was cheap.#footnote[" + LONG[:90] + "] The lamp was not.#footnote[It came from the north.]", pages=(2, 3, 4), after=LONG * 4),
    Planted("wide gaps", "stretched", "#[#set text(spacing: 210%)\n" + _p(1) + "\n]", _p(1)),
    Planted("narrow gaps", "pressed", "#[#set text(spacing: 62%)\n" + _p(1) + "\n]", _p(1)),
    Planted("a ladder of hyphens", "hyphens", "#par[The keepers of the light and of the pier, harbourmas-#linebreak(justify: true)ters of both towns, came across and the old print-#linebreak(justify: true)ers who had been there since the spring, with lan-#linebreak(justify: true)terns and bread, and nobody had asked them to come.]", _p(1)),
    Planted("a river", "river", "#block[" + "#linebreak()".join(["harbours with bright lanterns#h(0.8em)in the small town"] * 6) + "]", _p(1)),
    Planted("the end of a word", "last line", "#par[" + _p(1) + " The keepers of light-#linebreak(justify: true)ers.]", "#par[" + _p(1) + "]"),
    Planted("a word broken over the page", "broken over the page", _FOOT + "#par[" + _p(2) + " Then came the harbour-#linebreak(justify: true)]\n#pagebreak()\n" + _GOES_ON + "[master himself. " + _p(1) + "]", "#par[" + _p(1) + "]"),
    Planted("rows of a formula without white", "overlap", "$ a + b + c $ #v(-19.3pt) $ N + M + L $", "$ a + b + c $ $ N + M + L $"),
    Planted("paragraphs that nothing parts", "no paragraphs", "#[#set par(first-line-indent: 0pt)\n" + "\n\n".join([_p(0)[:150], _p(1)[:150], _p(2)[:150], _p(0)[:150], _p(1)[:150]]) + "\n]",
            "\n\n".join([_p(0)[:150], _p(1)[:150], _p(2)[:150], _p(0)[:150], _p(1)[:150]])),
    Planted("a leader without a title among sentences with dots", "leader", "", "And then . . . . nothing, they said. And then . . . . nothing, they said.", in_contents=True, contents=(_CONTENTS + "\n\n#box(width: 100%, repeat[.])", _CONTENTS)),
    Planted("a hole beside a word of Latin in Han", "stretched", _HAN.format(text="紙を漉く人の国に#h(0.9em)Quire という本がある"), _HAN.format(text="紙を漉く人の国に Quire という本がある")),
    Planted("a picture in the margin of a page without text", "outside the text block", '#page(header: none, footer: none)[#move(dx: -30pt, image("photo.png", width: 120pt))]', '#page(header: none, footer: none)[#image("photo.png", width: 120pt)]', pages=(0, 1)),
    # Faults that are a little larger than the numbers that decide on them.
    Planted("letters that meet a little", "overlap", '#stack(spacing: 2.1pt, [p], [l])', '#stack(spacing: 4pt, [p], [l])'),
    Planted("words that meet a little", "overlap", "#box[Ferrym]#h(-4.5pt)#box[Harbours]", "#box[Ferrym]#h(1pt)#box[Harbours]"),
    Planted("rows of a formula that nearly touch", "overlap", "$ z z z z z z z $ #v(-5.8pt) $ T T T T T $", "$ z z z z z z z $ #v(-5pt) $ T T T T T $"),
    Planted("rows of an aligned formula that meet beside one another", "overlap", _ROWS.format(leading="0.8pt"), _ROWS.format(leading="1.6pt")),
    Planted("a word that a box cuts off", "cut off", _CLIPPED.format(width=40, text="Harbourmasters"), _CLIPPED.format(width=80, text="Harbourmasters")),
    Planted("a line that a box cuts through", "cut off", "#box(height: 16.5pt, clip: true)[#par(first-line-indent: 0pt)[" + PROSE[1][:80] + "]]", "#box(height: 24pt, clip: true)[#par(first-line-indent: 0pt)[" + PROSE[1][:80] + "]]"),
    Planted("a letter of which a box cuts off an edge", "cut off", _CLIPPED.format(width=6.1, text="H"), _CLIPPED.format(width=6.6, text="H")),
    Planted("a link to another page", "false link", "", "", in_contents=True, contents=(_LINKS.format(page=3), _LINKS.format(page=5))),
    Planted("a picture a point over the edge", "cut off", '#image("photo.png", width: 100pt)#place(dx: 208.8pt, image("photo.png", width: 100pt))', '#image("photo.png", width: 100pt)'),
    Planted("a picture six points in the margin", "outside the text block", '#move(dx: -6pt, image("photo.png", width: 120pt))', '#move(dx: -2pt, image("photo.png", width: 120pt))', after=LONG * 10),
    Planted("a third of a page white", "white", _FOOT + "The last words.#v(125pt)#pagebreak()", _FOOT + "The last words.#v(60pt)#pagebreak()", after=LONG),
    Planted("four lines on the last page", "short page", "", "", ending=("#pagebreak()\n" + _SHORT * 4, "#pagebreak()\n" + _SHORT * 6), pages=(1,)),
    Planted("a narrow river", "river", "#block[" + "#linebreak()".join(["harbours with bright lanterns#h(0.5em)in the small town"] * 6) + "]", "#block[" + "#linebreak()".join(["harbours with bright lanterns in the small town"] * 6) + "]"),
    Planted("a little few pixels", "resolution", '#image("photo.png", width: 192pt)', '#image("photo.png", width: 120pt)'),
    Planted("a small picture of few pixels", "resolution", '#image("coarse.png", width: 40pt)', '#image("coarse.png", width: 20pt)'),
    Planted("Han slanted a little", "slanted", "#skew(ax: -7deg)[" + _CJK.format(region="JP", text="紙を漉く人") + "]", "#skew(ax: -3deg)[" + _CJK.format(region="JP", text="紙を漉く人") + "]"),
    Planted("three sentences in another face", "fallback", '#text(font: "New Computer Modern")[' + "The oil was cheap. " * 3 + "]", "The oil was cheap."),
)  # fmt: skip
"""The faults. A check of words has more than one where its causes differ."""


@cache
def folder() -> Path:
    """Returns a folder with the pictures of the books."""
    made = Path(tempfile.mkdtemp(prefix="planted"))
    photo = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(photo)
    for number in range(40):
        draw.line((number * 10, 300, 200, number * 7), fill=(number * 6, 90, 160), width=3)
    photo.save(made / "photo.png")
    photo.resize((80, 60)).save(made / "coarse.png")
    Image.new("RGB", (400, 300), "white").save(made / "white.png")
    Image.new("RGB", (400, 300), "black").save(made / "black.png")
    return made


def source_of(planted: Planted, *, is_faulty: bool) -> str:
    """Returns the source of a book for Typst."""
    passage = planted.faulty if is_faulty else planted.sound
    text = _BOOK.replace("FALLBACK", "true" if planted.fallback else "false")
    text = text.replace("CONTENTS", planted.contents[0 if is_faulty else 1])
    text = text.replace("PASSAGE", "#fault " + passage).replace(
        "AFTER", f"\n{planted.after}\n\n{planted.ending[0 if is_faulty else 1]}"
    )
    for number, prose in enumerate(PROSE):
        text = text.replace(f"P{number}", prose)
    return text


def set_book(source: str) -> tuple[bytes, int]:
    """Returns the PDF of a book, and the index of the page on which its passage begins."""
    import typst

    path = folder() / "book.typ"
    path.write_text(source, encoding="utf-8")
    compiler = typst.Compiler(path)
    data = compiler.compile(format="pdf")
    page = json.loads(compiler.query("<fault>", field="value", one=True))
    assert isinstance(data, bytes)
    return data, int(page) - 1


def as_bytes(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
