"""A book with pictures for the benchmark: screenshots and photographs, the same ones every time.

Of 180 pictures two in three are screenshots, which are PNGs with an opaque alpha channel as systems make them, and one in three is a
photograph, a JPEG. Every second picture is in Display P3, as those of newer telephones and computers are.
"""

from __future__ import annotations

import random
import struct
from pathlib import Path

from generate_posts import sentences
from PIL import Image, ImageDraw, ImageFont

POSTS, PICTURES = 45, 180
SCREEN, PHOTOGRAPH = (1800, 1200), (2400, 1600)


def write_book(folder: Path) -> None:
    """Writes posts with four pictures each, about 100 MB."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    pool = sentences()
    profile = display_p3()
    for number in range(PICTURES):
        chance = random.Random(number)
        colours = {"icc_profile": profile} if number % 2 else {}
        path = folder / "images" / name(number)
        if path.suffix == ".png":
            screenshot(chance, pool).save(path, compress_level=6, **colours)
        else:
            photograph(chance, PHOTOGRAPH).save(path, quality=85, **colours)
    for number in range(POSTS):
        chance = random.Random(number)
        parts = [
            f'---\ntitle: "Pictures {number}"\nsubtitle: "Four of them"\ndate: 2004-{1 + number // 28:02}-{1 + number % 28:02}\n---'
        ]
        for picture in range(number * 4, number * 4 + 4):
            parts += [" ".join(chance.sample(pool, 4)) for _ in range(4)]
            parts.append(f"![{chance.choice(pool)}](images/{name(picture)})")
        (folder / f"{number:04}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def name(number: int) -> str:
    return f"{number:04}.{'jpg' if number % 3 == 2 else 'png'}"


def photograph(chance: random.Random, size: tuple[int, int]) -> Image.Image:
    """Shapes without an edge, finer ones within them, and a little grain."""
    picture = Image.new("RGB", size, "gray")
    for width, share in ((6, 1.0), (40, 0.4), (300, 0.2), (size[0] // 2, 0.1)):
        height = max(1, width * size[1] // size[0])
        noise = Image.frombytes("RGB", (width, height), chance.randbytes(3 * width * height))
        picture = Image.blend(picture, noise.resize(size, Image.Resampling.BICUBIC), share)
    return picture


def screenshot(chance: random.Random, pool: list[str]) -> Image.Image:
    """A window with a bar, lines of text, buttons, and a photograph."""
    picture = Image.new("RGBA", SCREEN, "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(22)
    width, height = SCREEN
    for y in range(80):  # a gradient, as bars of windows have
        draw.line([(0, y), (width, y)], fill=(200 - y, 210 - y, 230 - y // 2, 255))
    for y in range(110, height - 60, 34):
        draw.text((40, y), chance.choice(pool)[:80], fill=(30, 30, 40, 255), font=font)
    for x in range(40, width - 200, 220):
        draw.rounded_rectangle((x, 20, x + 180, 62), 12, fill=(60, 110, chance.randrange(256), 255))
    picture.paste(photograph(chance, (500, 440)), (width - 540, 200))
    return picture


def display_p3() -> bytes:
    """An ICC profile of Display P3: its primaries, its white point and the curve of sRGB as a parametric one."""

    def numbers(*values: float) -> bytes:
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))

    def words(text: str) -> bytes:
        coded = text.encode("utf-16-be")
        return b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(coded), 28) + coded

    curve = b"para" + struct.pack(">IHH", 0, 3, 0)
    curve += numbers(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"desc": words("Display P3"),
        b"cprt": words("none"),
        b"wtpt": b"XYZ \0\0\0\0" + numbers(0.96420, 1.0, 0.82491),
        b"rXYZ": b"XYZ \0\0\0\0" + numbers(0.51512, 0.24120, -0.00105),
        b"gXYZ": b"XYZ \0\0\0\0" + numbers(0.29198, 0.69225, 0.04189),
        b"bXYZ": b"XYZ \0\0\0\0" + numbers(0.15710, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, data = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        table += tag + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(data), len(content))
        data += content + b"\0" * (-len(content) % 4)
    header = struct.pack(
        ">I4s4s4s4s4s",
        128 + len(table) + len(data),
        b"\0" * 4,
        b"\x04\0\0\0",
        b"mntr",
        b"RGB ",
        b"XYZ ",
    )
    header += struct.pack(">6H", 2004, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += numbers(0.96420, 1.0, 0.82491)
    return header.ljust(128, b"\0") + table + data
