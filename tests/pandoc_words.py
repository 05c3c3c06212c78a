"""Reads the words of a Markdown text with pandoc, which shares no code with clothbound.

Words are runs of letters and digits after NFKC, counted as a multiset. Left out are note marks
(links to and from notes) and alternative texts, which are counted apart, and the parts of the web
page that a book does not print: ``CHROME`` names them by class, with the reason.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pandoc_run import read_markdown

CHROME = {
    "player-unavailable": "what a video player shows where it cannot play",
    "crawler_player": "the same of another player",
    "embed-loader": "a picture that turns while an embed loads",
    "image-link-expand": "buttons on a picture",
    "tweet-ufi": "counts of likes and retweets",
    "tweet-date": "the moment of a tweet in the web page's form; its data has it in another",
    "embedded-post-cta": "'Read more'",
    "embedded-post-meta": "age and counts of an embedded post, as of the day of the export",
}

# Faces and logos of the web page, and photos of tweets, whose only text is "Image".
CHROME_PICTURES = frozenset(
    (
        "tweet-header-avatar",
        "quote-tweet-header-avatar",
        "embedded-post-publication-logo",
        "logo",
        "tweet-photo",
    )
)
_FILE_NAME = re.compile(r"[^\n]*\.(?:png|jpe?g|gif|tiff?|webp|svg|avif)(?: \[\w+\])?$", re.I)
_WORD = re.compile(r"\w+")


def words(text: str) -> Counter[str]:
    """Returns the multiset of words of a text."""
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def missing(
    expected: Counter[str], got: Counter[str], *, hyphenated: bool = False
) -> dict[str, int]:
    """What of ``expected`` is not in ``got``.

    Two words that pandoc glues together (where the source has no space between two elements) and
    ``got`` has apart are there. With ``hyphenated`` the reverse too: pdftotext joins what stands on
    both sides of a hyphen at a line's end, be it a divided word or a compound.
    """
    gone = expected - got
    spare = got - expected
    for word in list(gone):
        for cut in range(1, len(word)):
            first, second = word[:cut], word[cut:]
            while gone[word] > 0 and spare[first] > 0 and spare[second] > (first == second):
                gone[word] -= 1
                spare[first] -= 1
                spare[second] -= 1
    for word in list(spare) if hyphenated else ():
        for cut in range(1, len(word)):
            first, second = word[:cut], word[cut:]
            if not (expected[first] and expected[second]):
                continue
            while spare[word] > 0 and (gone[first] > 0 or gone[second] > 0):
                spare[word] -= 1
                gone[first] -= 1
                gone[second] -= 1
    return {word: count for word, count in gone.items() if count > 0}


@dataclass
class PandocText:
    text: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    chrome: list[str] = field(default_factory=list)


@cache
def pandoc_text(markdown: str) -> PandocText:
    """The texts of a Markdown body (without its header) by pandoc's own reader. Callers leave them as they
    are: several modules ask for the posts of one archive.
    """
    found = PandocText()
    for block in read_markdown(markdown):
        found.text.extend(_texts(block, found))
        found.text.append("\n")
    return found


def _classes(attr: Any) -> list[str]:
    return [attr[0], *attr[1]]


def _texts(node: Any, found: PandocText) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item, found)
        return
    if not isinstance(node, dict):
        return
    kind, content = node.get("t"), node.get("c")
    match kind:
        case "Str":
            yield content
        case "Space" | "SoftBreak" | "LineBreak":
            yield " "
        case "Code" | "CodeBlock" | "Math" | "RawInline" | "RawBlock":
            if kind.startswith("Raw"):
                yield " " if content[1].startswith("<br") else ""
                return
            yield content[1] if kind != "CodeBlock" else f"\n{content[1]}\n"
        case "Div" | "Span":
            target = found.chrome if CHROME.keys() & set(_classes(content[0])) else None
            inner = list(_texts(content[1], found))
            if target is not None:
                target.extend([*inner, "\n"])
                return
            yield from inner
            if kind == "Div":
                yield "\n"
        case "Link":
            if not {"footnote-anchor", "footnote-number"} & set(_classes(content[0])):
                yield from _texts(content[1], found)
        case "Image":
            target = found.chrome if CHROME_PICTURES & set(_classes(content[0])) else found.alts
            target.extend([*_texts(content[1], found), "\n"])
        case "Quoted":
            yield from _texts(content[1], found)
        case "Note":
            yield "\n"
            yield from _texts(content, found)
            yield "\n"
        case "Figure":
            caption = "".join(_texts(content[1], found))
            picture = json.dumps(content[2])
            # The editor's own text where the author gave none, and what stands on faces: the picture
            # below has it as its alternative text.
            only_alt = any(name in picture for name in (*CHROME_PICTURES, "sizing-normal"))
            if not only_alt and not _FILE_NAME.match(caption.strip()):
                yield f"\n{caption}\n"
            yield from _texts(content[2], found)
            yield "\n"
        case "Header":
            yield from _texts(content[2], found)
            yield "\n"
        case "OrderedList":
            yield from _texts(content[1], found)
        case "Cite":
            yield from _texts(content[1], found)
        case "Table":
            yield from _texts(content[1:], found)
            yield "\n"
        case _:
            yield from _texts(content, found)
            if kind in ("Para", "Plain", "LineBlock", "BlockQuote"):
                yield "\n"
