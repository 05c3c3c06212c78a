"""Posts for the benchmark, out of the sentences of examples/letters: the same ones every time.

Each post has two notes, a table, Python code, TeX in the line and on its own, a quotation, and two
links to the post before it (by the site's URL and by file name); every third has a picture of its
own. All are public, since peers write all of them.
"""

from __future__ import annotations

import datetime
import random
import re
import struct
import zlib
from pathlib import Path

LETTERS = Path(__file__).parents[1] / "examples" / "letters"
PARAGRAPHS, SENTENCES = 24, 4  # about 1700 words a post


def sentences() -> list[str]:
    found: list[str] = []
    for path in sorted(LETTERS.glob("*/*.md")):
        for line in path.read_text(encoding="utf-8").split("---\n", 2)[-1].splitlines():
            if line[:1].isalpha() and "](" not in line and "$" not in line and line.isascii():
                found += re.findall(r"[A-Z][^.?!\"*]{30,}[.?!](?= |$)", line.replace("\\", ""))
    return found


def picture(seed: int) -> bytes:
    """A PNG of 240 x 160 pixels in bands of grey."""
    rows = b"".join(b"\0" + bytes((x * 3 + y * seed) % 256 for x in range(240)) for y in range(160))

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 240, 160, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def post(number: int, pool: list[str]) -> str:
    chance = random.Random(number)
    text = [" ".join(chance.sample(pool, SENTENCES)) for _ in range(PARAGRAPHS)]
    # Those of the future are not public yet, and each would be reported.
    day = datetime.date(2003, 1, 1) + datetime.timedelta(days=5 * number % 8000)
    before = max(0, number - 1)
    parts = [
        f'---\ntitle: "Letter {number}"\nsubtitle: "{chance.choice(pool)[:60]}"\n'
        f"date: {day}\ntype: newsletter\naudience: everyone\nvisibility: public\n"
        f"post_id: {50000 + number}.letter-{number}\n---",
        *text[:4],
        f"{text[4]}[^1] It follows [the letter before](https://bench.example/p/letter-{before}), "
        f"which is [this file]({before:04}.md).[^2]",
        f"## {chance.choice(pool)[:40]}",
        *text[5:9],
        "> " + text[9],
        "| Pot | Dry | Water |\n|:----|----:|------:|\n"
        + "\n".join(f"| {word} | {n} | {n * number % 97} |" for n, word in enumerate("abcdef")),
        *text[10:14],
        "A price of $5 is no mathematics, but $a^2 + b^2 = c^2$ is.",
        f"$$\n\\sum_{{k=1}}^{{{number + 1}}} \\frac{{1}}{{k^2}} < \\frac{{\\pi^2}}{{6}}\n$$",
        "```python\ndef fold(sheet: float, times: int) -> float:\n"
        f'    """Thickness after folding."""\n    return sheet * 2**times + {number}\n```',
        "### And then",
        *text[14:],
        *([f"![Bands of grey]({Path('images') / f'{number:04}.png'})"] if number % 3 == 0 else []),
        f"[^1]: {chance.choice(pool)}",
        f"[^2]: {chance.choice(pool)} *{chance.choice(pool)}*",
    ]
    return "\n\n".join(parts) + "\n"


def write_posts(folder: Path, count: int) -> None:
    (folder / "images").mkdir(parents=True)
    pool = sentences()
    for number in range(count):
        (folder / f"{number:04}.md").write_text(post(number, pool), encoding="utf-8")
        if number % 3 == 0:
            (folder / "images" / f"{number:04}.png").write_bytes(picture(number + 1))
