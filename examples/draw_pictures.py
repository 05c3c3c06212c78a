"""Draw the pictures of examples/letters: prints in a few flat inks, the same bytes every time.

Run ``python examples/draw_pictures.py`` to draw them anew. Two of them carry a name that lies about
what they are (a JPEG and a WebP called .png), as happens in real archives, and one that a letter
refers to is never drawn.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

LETTERS = Path(__file__).parent / "letters"
SCALE = 2  # drawn larger and reduced, since ImageDraw has no smooth edges

PAPER = (246, 239, 224)
INK = (31, 42, 56)
SEA = (62, 108, 142)
PALE = (168, 196, 206)
RUST = (181, 84, 43)
SUN = (230, 172, 72)
MOSS = (92, 114, 76)

Color = tuple[int, int, int]
Point = tuple[float, float]


class Block:
    """A block to print from: shapes in picture coordinates."""

    def __init__(self, width: int, height: int, ground: Color = PAPER) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), ground)
        self._draw = ImageDraw.Draw(self.image)

    def shape(self, points: list[Point], fill: Color) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def box(self, x: float, y: float, width: float, height: float, fill: Color) -> None:
        self.shape([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill)

    def disc(self, x: float, y: float, rx: float, fill: Color, ry: float | None = None) -> None:
        ry = rx if ry is None else ry
        self._draw.ellipse(
            [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill=fill
        )

    def line(self, points: list[Point], fill: Color, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def gouges(self, area: tuple[float, float, float, float], fill: Color, seed: int) -> None:
        """Short level strokes, as a cutter leaves them in the ground."""
        chance = random.Random(seed)
        x0, y0, x1, y1 = area
        for _ in range(round((x1 - x0) * (y1 - y0) / 2600)):
            x, y, length = chance.uniform(x0, x1), chance.uniform(y0, y1), chance.uniform(10, 46)
            end = min(x + length, x1)
            self.shape([(x, y), ((x + end) / 2, y - 1.6), (end, y), ((x + end) / 2, y + 1.6)], fill)

    def print(self) -> Image.Image:
        return self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)


def curve(
    start: float, end: float, height: Callable[[float], float], step: float = 4
) -> list[Point]:
    count = max(2, round((end - start) / step))
    xs = [start + (end - start) * n / count for n in range(count + 1)]
    return [(x, height(x)) for x in xs]


def house(block: Block, x: float, base: float, width: float, height: float, wall: Color) -> None:
    block.box(x, base - height, width, height, wall)
    block.shape(
        [
            (x - 8, base - height),
            (x + width / 2, base - height - width * 0.55),
            (x + width + 8, base - height),
        ],
        INK,
    )
    for row in range(2):
        for column in range(3):
            left = x + width * (0.14 + 0.27 * column)
            block.box(
                left,
                base - height + 18 + row * 50,
                width * 0.17,
                28,
                SUN if row + column == 2 else PAPER,
            )


def sea(block: Block, top: float, ground: Color, seed: int) -> None:
    block.box(0, top, block.width, block.height - top, ground)
    block.gouges((0, top + 10, block.width, block.height - 6), PALE, seed)


def harbour() -> Image.Image:
    block = Block(960, 640, (238, 222, 192))
    block.disc(760, 210, 66, SUN)
    block.gouges((0, 30, 960, 250), (226, 204, 166), 1)
    block.shape(
        [(0, 330), (180, 250), (360, 300), (560, 230), (960, 330), (960, 400), (0, 400)], MOSS
    )
    sea(block, 400, SEA, 2)
    house(block, 150, 400, 150, 150, RUST)
    block.shape([(336, 250), (346, 402), (520, 402), (500, 240)], PALE)
    block.shape([(322, 254), (414, 150), (514, 238)], INK)
    for n in range(9):
        block.box(356 + (n % 3) * 48, 272 + (n // 3) * 42, 26, 26, INK if n != 4 else SUN)
    house(block, 550, 400, 140, 126, RUST)
    block.box(0, 398, 740, 16, INK)
    for x in range(30, 740, 70):
        block.box(x, 412, 9, 52, INK)
    block.shape([(690, 492), (880, 492), (846, 534), (724, 534)], INK)
    block.line([(790, 492), (790, 372)], INK, 7)
    block.shape([(796, 380), (868, 476), (796, 476)], PAPER)
    return block.print()


def cat() -> Image.Image:
    block = Block(720, 480, (233, 221, 198))
    for n in range(9):
        y = 420 - n * 17
        block.box(130 + (n * 7) % 13, y, 460 - (n * 11) % 17, 13, PAPER)
        block.box(130 + (n * 7) % 13, y + 11, 460 - (n * 11) % 17, 3, INK)
    grey = (112, 124, 134)
    block.disc(360, 218, 172, grey, 88)
    block.disc(228, 232, 68, grey, 60)
    block.shape([(176, 206), (172, 140), (222, 180)], grey)
    block.shape([(232, 178), (276, 140), (284, 206)], grey)
    block.line(curve(206, 226, lambda x: 236 + 5 * math.sin((x - 206) / 20 * math.pi)), INK, 4)
    block.line(curve(240, 260, lambda x: 236 + 5 * math.sin((x - 240) / 20 * math.pi)), INK, 4)
    block.shape([(228, 252), (240, 252), (234, 260)], RUST)
    block.line([(520, 260), (470, 292), (360, 300), (270, 292)], INK, 20)
    block.line([(520, 260), (470, 292), (360, 300), (270, 292)], grey, 15)
    for n in range(6):
        x = 330 + n * 30
        block.line([(x, 146 + abs(n - 2) * 4), (x + 14, 186 + abs(n - 2) * 4)], INK, 4)
    return block.print()


def lighthouse() -> Image.Image:
    block = Block(720, 720, INK)
    block.shape([(372, 168), (720, 40), (720, 250)], (96, 104, 100))
    block.shape([(372, 168), (0, 90), (0, 220)], (72, 84, 92))
    chance = random.Random(4)
    for _ in range(60):
        block.disc(chance.uniform(0, 720), chance.uniform(0, 380), chance.uniform(0.8, 2.2), PALE)
    block.shape([(330, 210), (414, 210), (440, 560), (304, 560)], PAPER)
    block.shape([(320, 340), (424, 340), (432, 440), (312, 440)], RUST)
    block.box(318, 196, 108, 16, PAPER)
    block.box(338, 146, 68, 50, SUN)
    for x in (338, 360, 382, 403):
        block.box(x, 146, 4, 50, INK)
    block.shape([(326, 148), (372, 104), (418, 148)], RUST)
    sea(block, 590, (38, 66, 92), 5)
    block.shape(
        [(170, 600), (250, 548), (330, 560), (440, 544), (520, 566), (580, 612), (170, 612)],
        (58, 66, 70),
    )
    block.box(360, 500, 24, 56, INK)
    return block.print()


def float_() -> Image.Image:
    block = Block(480, 480)
    block.disc(240, 240, 164, MOSS)
    block.disc(240, 240, 150, (126, 156, 120))
    block.disc(186, 180, 34, (206, 222, 196))
    for n in range(-4, 5):
        for slope in (-1, 1):
            points = [
                (x, y)
                for x, y in curve(
                    60, 420, lambda x, n=n, s=slope: 240 + s * (x - 240) * 0.7 + n * 62
                )  # type: ignore[misc]
                if (x - 240) ** 2 + (y - 240) ** 2 < 160**2
            ]
            if len(points) > 1:
                block.line(points, INK, 4)
    return block.print()


def shell() -> Image.Image:
    block = Block(480, 480)
    x, y, radius = 140.0, 130.0, 18.0
    for n in range(9):
        block.disc(x, y, radius * 1.3, INK, radius)
        block.disc(x, y, radius * 1.3 - 5, RUST if n % 2 else (214, 150, 104), radius - 5)
        x, y, radius = x + radius * 0.62, y + radius * 0.62, radius * 1.22
    block.disc(x - 40, y - 40, 52, INK, 66)
    block.disc(x - 36, y - 38, 42, PAPER, 56)
    return block.print()


def feather() -> Image.Image:
    block = Block(480, 480)
    for n in range(70):
        t = n / 69
        x, y = 110 + 260 * t, 400 - 330 * t
        reach = 70 * math.sin(math.pi * min(1, t * 1.02)) ** 0.7 if t > 0.16 else 0
        tone = INK if t > 0.62 else (120, 130, 138)
        if reach:
            block.line([(x, y), (x - reach * 0.9, y - reach * 0.15)], tone, 3.2)
            block.line([(x, y), (x + reach * 0.25, y + reach * 0.62)], tone, 3.2)
    block.line([(84, 434), (250, 226), (372, 68)], PAPER, 7)
    block.line([(84, 434), (250, 226), (372, 68)], RUST, 4)
    return block.print()


def marbling() -> Image.Image:
    block = Block(720, 480, SEA)
    inks = [SEA, PALE, RUST, PAPER, INK]
    for row in range(34, -4, -1):

        def height(x: float, row: int = row) -> float:
            comb = 26 * abs(math.sin(x / 34)) ** 0.6
            return row * 15 + comb + 12 * math.sin(x / 120 + row / 5)

        block.shape([(0, -80), *curve(-10, 730, height), (720, -80)], inks[row % 5])
    for px, py in ((110, 400), (260, 320), (410, 240), (560, 160)):
        block.disc(px, py, 17, INK, 14)
        for dx, dy in ((-17, -20), (-5, -27), (9, -26), (20, -17)):
            block.disc(px + dx, py + dy, 6, INK)
    return block.print()


def comb() -> Image.Image:
    block = Block(720, 480, (46, 84, 124))
    for n in range(33):
        if n % 3 == 2:
            continue
        block.line(
            curve(-10, 730, lambda x, n=n: n * 16 - 20 + 22 * math.sin(x / 46 + (n // 6) * 0.5)),  # type: ignore[misc]
            PALE,
            3.4,
        )
    return block.print()


def cork() -> Image.Image:
    block = Block(720, 480, RUST)
    chance = random.Random(9)
    for row in range(5):
        for column in range(8):
            x = 48 + column * 90 + (row % 2) * 44 + chance.uniform(-5, 5)
            y = 46 + row * 97 + chance.uniform(-5, 5)
            block.disc(x, y, 34, (206, 124, 84))
            block.disc(x, y, 27 + chance.uniform(-2, 2), RUST)
            block.disc(x + chance.uniform(-4, 4), y + chance.uniform(-4, 4), 9, (224, 168, 132))
    return block.print()


def label() -> Image.Image:
    block = Block(640, 400, (222, 206, 176))
    block.box(70, 50, 500, 300, INK)
    block.box(78, 58, 484, 284, PAPER)
    block.box(90, 70, 460, 260, RUST)
    block.box(94, 74, 452, 252, PAPER)
    for x in (118, 522):
        for n in range(6):
            y = 100 + n * 40
            block.shape([(x, y - 12), (x + 9, y), (x, y + 12), (x - 9, y)], RUST)
    block.line([(190, 270), (240, 130), (290, 270)], INK, 22)
    block.line([(208, 224), (272, 224)], INK, 12)
    block.disc(384, 160, 52, INK, 38)
    block.disc(382, 160, 29, PAPER, 20)
    block.disc(388, 238, 58, INK, 41)
    block.disc(386, 238, 34, PAPER, 22)
    block.box(324, 110, 26, 180, PAPER)
    block.box(350, 122, 24, 156, INK)
    return block.print()


def waves() -> Image.Image:
    block = Block(720, 480)
    block.disc(560, 120, 58, RUST)
    for row in range(8):
        for column in range(-1, 9):
            x, y = column * 104 + (row % 2) * 52, 250 + row * 36
            for n, tone in enumerate((INK, PAPER, SEA, PAPER, SEA, PAPER, SEA)):
                block.disc(x, y, 58 - n * 8, tone)
    block.shape([(250, 196), (420, 196), (388, 232), (286, 232)], INK)
    block.line([(334, 196), (334, 92)], INK, 5)
    block.shape([(340, 98), (392, 186), (340, 186)], RUST)
    return block.print()


def storm() -> Image.Image:
    block = Block(720, 480, (86, 98, 110))
    for x, width, height in (
        (0, 130, 150),
        (120, 110, 190),
        (330, 150, 170),
        (470, 120, 210),
        (580, 150, 140),
    ):
        block.box(x, 420 - height, width, height, INK)
        block.shape(
            [(x - 8, 422 - height), (x + width / 2, 350 - height), (x + width + 8, 422 - height)],
            INK,
        )
    block.box(380, 300, 34, 40, SUN)
    block.box(395, 300, 4, 40, INK)
    block.box(0, 418, 720, 62, (40, 58, 74))
    chance = random.Random(12)
    for _ in range(190):
        x, y, length = chance.uniform(-80, 720), chance.uniform(-40, 440), chance.uniform(24, 70)
        block.line([(x, y), (x + length * 0.5, y + length)], PALE, 1.8)
    block.gouges((0, 430, 720, 474), PALE, 13)
    return block.print()


def needles() -> Image.Image:
    block = Block(720, 400)
    block.line(
        curve(90, 560, lambda x: 250 + 90 * math.sin((x - 90) / 74) * math.exp(-(x - 90) / 420)),
        RUST,
        5,
    )
    for y, shift in ((92, 0), (140, 60)):
        block.line([(110 + shift, y), (560 + shift, y + 12)], INK, 8)
        block.line([(124 + shift, y), (154 + shift, y + 1)], PAPER, 3)
    block.box(560, 180, 100, 18, INK)
    block.box(560, 322, 100, 18, INK)
    for n in range(13):
        block.line(
            [(572, 202 + n * 9.4), (648, 206 + n * 9.4)], RUST if n % 2 else (206, 116, 78), 8
        )
    return block.print()


def tools() -> Image.Image:
    block = Block(960, 600, (226, 212, 184))
    block.gouges((0, 0, 960, 600), (216, 199, 166), 21)
    wood, steel, bone = (140, 92, 56), (108, 122, 132), PAPER
    block.shape([(74, 90), (114, 130), (114, 270), (74, 270)], steel)
    block.box(70, 268, 48, 230, wood)
    block.shape([(210, 500), (196, 130), (222, 90), (248, 130), (236, 500)], INK)
    block.shape([(213, 496), (200, 132), (222, 97), (244, 132), (232, 496)], bone)
    block.shape([(342, 90), (350, 330), (334, 330)], steel)
    block.disc(342, 400, 34, wood, 84)
    block.line([(464, 180), (464, 430)], INK, 6)
    block.line([(464, 188), (464, 212)], PAPER, 2)
    block.box(560, 90, 52, 420, steel)
    for n in range(20):
        block.box(560, 104 + n * 20, 24 if n % 5 == 0 else 14, 3, INK)
    block.box(690, 90, 36, 230, wood)
    block.box(676, 316, 64, 60, INK)
    block.shape([(678, 376), (738, 376), (752, 500), (664, 500)], RUST)
    block.box(850, 190, 30, 310, wood)
    block.shape([(800, 110), (910, 104), (918, 196), (808, 190)], INK)
    return block.print()


def map_() -> Image.Image:
    block = Block(960, 560, PALE)
    coast = [
        (0, 300),
        (120, 330),
        (240, 300),
        (360, 340),
        (480, 320),
        (600, 260),
        (760, 250),
        (960, 170),
    ]
    block.shape([*coast, (960, 0), (0, 0)], (222, 216, 178))
    block.line([(x, y) for x, y in coast], INK, 4)
    block.gouges((0, 350, 960, 550), SEA, 31)
    for n in range(22):
        t = n / 21
        block.disc(230 + 470 * t, 290 - 170 * t + 34 * math.sin(t * 9), 5, RUST)
    block.box(196, 244, 54, 48, RUST)
    block.shape([(188, 246), (223, 210), (258, 246)], INK)
    block.box(214, 264, 16, 28, PAPER)
    block.box(450, 150, 70, 54, PAPER)
    block.shape([(444, 152), (485, 118), (526, 152)], INK)
    block.box(520, 104, 26, 100, PAPER)
    block.shape([(516, 106), (533, 54), (550, 106)], INK)
    for row in range(3):
        for column in range(4):
            block.box(
                690 + column * 40,
                60 + row * 34,
                34,
                28,
                MOSS if (row + column) % 2 else (132, 150, 100),
            )
    block.disc(300, 480, 60, INK, 18)
    block.shape([(288, 478), (294, 412), (306, 412), (312, 478)], PAPER)
    block.box(291, 398, 18, 14, SUN)
    block.shape([(860, 470), (874, 430), (888, 470), (874, 520)], INK)
    block.shape([(874, 430), (888, 470), (874, 520)], RUST)
    return block.print()


def sun() -> Image.Image:
    block = Block(960, 480, (240, 206, 150))
    for n in range(9):
        block.disc(620, 262, 210 - n * 20, SUN if n % 2 else (240, 196, 120))
    block.disc(620, 262, 44, RUST)
    sea(block, 270, (104, 132, 150), 41)
    for n in range(14):
        width = 90 - n * 4 + (n % 3) * 22
        block.box(620 - width / 2, 282 + n * 14, width, 5, SUN)
    block.box(0, 410, 460, 70, INK)
    for n in range(11):
        x, height = 40 + n * 36, 46 + (n * 7) % 17
        block.disc(x, 404 - height, 9, INK)
        block.shape(
            [(x - 8, 412), (x - 10, 416 - height), (x + 10, 416 - height), (x + 8, 412)], INK
        )
    return block.print()


def fern() -> Image.Image:
    block = Block(480, 640, (44, 66, 52))
    silver = (206, 212, 196)
    for n in range(34):
        t = n / 33
        x, y = 230 + 30 * math.sin(t * 2.4), 560 - 480 * t
        reach = 170 * (1 - t) ** 0.8
        for side in (-1, 1):
            for k in range(max(2, round(reach / 7))):
                s = k / max(1, round(reach / 7) - 1)
                px, py = x + side * reach * s, y - reach * 0.42 * s
                size = 8 * (1 - s * 0.75) * (1 - t * 0.4)
                block.disc(px, py, size, silver, size * 0.55)
    block.line(
        [
            (x, y)
            for x, y in ((230 + 30 * math.sin(t / 20 * 2.4), 560 - 24 * t) for t in range(-2, 21))
        ],
        silver,
        4,
    )
    return block.print()


def shelf() -> Image.Image:
    block = Block(960, 600, (236, 224, 200))
    block.gouges((0, 0, 960, 440), (226, 210, 180), 51)
    block.box(0, 470, 960, 34, (140, 92, 56))
    digits = {
        "0": "1111110",
        "1": "0110000",
        "2": "1101101",
        "3": "1111001",
    }  # the strokes of a seven-line figure, from the top clockwise, the middle last
    for number, (x, tone) in enumerate(((150, (198, 176, 136)), (300, RUST), (464, SEA))):
        width = 118 + 14 * number
        block.box(x, 120, width, 350, INK)
        block.box(x + 4, 124, width - 8, 346, tone)
        for y in (156, 410):
            block.box(x + 4, y, width - 8, 6, SUN)
        for place, figure in enumerate(f"202{number + 1}"):
            left, top, w, h = x + width / 2 - 50 + place * 26, 236, 16, 34
            strokes = [
                [(left, top), (left + w, top)],
                [(left + w, top), (left + w, top + h)],
                [(left + w, top + h), (left + w, top + 2 * h)],
                [(left, top + 2 * h), (left + w, top + 2 * h)],
                [(left, top + h), (left, top + 2 * h)],
                [(left, top), (left, top + h)],
                [(left, top + h), (left + w, top + h)],
            ]
            for drawn, stroke in zip(digits[figure], strokes, strict=True):
                if drawn == "1":
                    block.line([(a, b) for a, b in stroke], PAPER, 4)
    grey = (112, 124, 134)
    block.disc(760, 400, 78, grey, 72)
    block.disc(760, 296, 46, grey, 42)
    block.shape([(718, 284), (722, 228), (758, 262)], grey)
    block.shape([(762, 262), (798, 228), (802, 284)], grey)
    for x in (744, 776):
        block.disc(x, 294, 7, SUN)
        block.disc(x, 294, 3, INK, 6)
    block.shape([(754, 312), (766, 312), (760, 319)], RUST)
    block.line([(830, 440), (870, 460), (880, 520), (862, 556)], grey, 17)
    return block.print()


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "2021/images/31001001.the-net-loft_harbour.png": harbour,
    "2021/images/31001002.a-cat-called-quire_quire.png": cat,
    "2021/images/31001006.the-light_lighthouse.png": lighthouse,
    "2021/images/31001010.what-the-tide-brings_float.png": float_,
    "2021/images/31001010.what-the-tide-brings_shell.png": shell,
    "2021/images/31001010.what-the-tide-brings_feather.png": feather,
    "2021/images/31001011.the-great-marbling-disaster_marbling.png": marbling,
    "2022/images/31002002.paste-papers_comb.png": comb,
    "2022/images/31002002.paste-papers_cork.png": cork,
    "2022/images/31002004.letters-and-labels_label.png": label,
    "2022/images/31002009.kanazawa-kara_waves.png": waves,
    "2022/images/31002012.the-storm_storm.png": storm,
    "2023/images/31003001.threads-and-needles_needles.png": needles,
    "2023/images/31003003.seven-tools_tools.png": tools,
    "2023/images/31003005.a-walk_map.png": map_,
    "2023/images/31003006.midsummer_sun.png": sun,
    "2023/images/31003010.between-the-pages_fern.png": fern,
    "2023/images/31003012.the-book_shelf.png": shelf,
}
DISGUISED = {comb: "JPEG", cork: "WEBP"}


def main() -> None:
    for name, draw in PICTURES.items():
        target = LETTERS / name
        target.parent.mkdir(parents=True, exist_ok=True)
        picture = draw()
        if kind := DISGUISED.get(draw):
            picture.save(target, kind, quality=60)
        else:
            colors = picture.quantize(32, dither=Image.Dither.NONE)
            colors.save(target, "PNG", optimize=True)


if __name__ == "__main__":
    main()
