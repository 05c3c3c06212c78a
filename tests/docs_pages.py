"""The pages of the documentation: where they are, their words, and the blocks in them that run."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
NOT_RUN = re.compile(r"<!-- not run: (.+?) -->")
FENCE = re.compile(
    r"(?:^[ ]*(?P<mark><!--[^\n]*-->)\n+)?"
    r"^(?P<indent>[ ]*)(?P<fence>`{3,})(?P<language>\w+)[^\n]*\n(?P<text>.*?)^(?P=indent)(?P=fence)[ ]*$",
    re.M | re.S,
)


class Block(msgspec.Struct, frozen=True):
    """A fenced block. ``reason`` is what `<!-- not run: ... -->` above it says, if it is not to run."""

    language: str
    text: str
    reason: str = ""


def pages() -> dict[str, str]:
    """Returns the text of every page of the documentation, by its path below docs/."""
    return {
        path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(DOCS.rglob("*.md"))
    }


def page_named(name: str) -> str:
    """Returns the text of the page with this name, whatever its folder is."""
    (text,) = (text for path, text in pages().items() if Path(path).name == name)
    return text


def all_words() -> str:
    """Returns the text of all pages with one space between words, to look for a sentence in."""
    return " ".join(" ".join(pages().values()).split())


def blocks(page: str) -> list[Block]:
    """Returns the fenced blocks of a page in order."""
    found = []
    for match in FENCE.finditer(page):
        text = re.sub(f"(?m)^{match['indent']}", "", match["text"])
        reason = NOT_RUN.fullmatch(match["mark"] or "")
        found.append(Block(match["language"], text, reason[1] if reason else ""))
    return found
