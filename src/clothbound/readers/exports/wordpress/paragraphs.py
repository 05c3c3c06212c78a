"""Marks the paragraphs of texts that were written without tags, as WordPress does when it shows them.

Source: the documentation of ``wpautop``. Blank lines separate paragraphs, and other line ends are line breaks, but not
within preformatted text, scripts and styles, nor between the parts of lists and tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ....lazy_pattern import lazy_pattern
from ....web.html_elements import BLOCKS, CELLS_AND_ITEMS, LINES
from .enclosed import replace_enclosed

_BLOCKS = BLOCKS | {
    "audio",
    "col",
    "colgroup",
    "iframe",
    "map",
    "noscript",
    "object",
    "select",
    "video",
}
_VOID = frozenset({"hr", "col"})
_PARTS = frozenset("ul ol dl dir menu table thead tbody tfoot tr colgroup select optgroup".split())
"""Elements that hold elements only."""
_LINES = LINES - {"p"} | {"option", "iframe"}
"""Elements that hold lines and no paragraphs."""
_WITHOUT_PARAGRAPH = CELLS_AND_ITEMS | {"figure"}
"""Elements whose only text needs no paragraph."""
_KEPT = lazy_pattern(r"<(pre|script|style|textarea|svg|math)\b[^<>]*>", re.I)
_TOKEN = lazy_pattern(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
_BLANK = lazy_pattern(r"\n[ \t\xa0]*\n\s*")
_BREAK = lazy_pattern(r"(?<![ \t])[ \t]*+(?:<br\s*+/?>[ \t]*+)?\n")
_TAG_OVER_LINES = lazy_pattern(r"<[A-Za-z/](?=[^<>\n]*\n)[^<>]*+>")


def mark_paragraphs(text: str) -> str:
    """Returns a text with tags of paragraphs and line breaks.

    Each block that is to be kept as it is, such as one made of a shortcode, is a division.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept: list[str] = []

    def keep(found: re.Match[str], content: str) -> str:
        kept.append(f"{found[0]}{content}</{found[1]}>")
        mark = "\x00" if found[1].lower() == "pre" else "\x02"
        return f"{mark}{len(kept) - 1}\x01"

    text = replace_enclosed(text, _KEPT, "</{}", keep)
    text = _without_comments(text)
    text = _TAG_OVER_LINES.sub(lambda tag: " ".join(tag[0].split("\n")), text)
    made = "".join(_marked(text))
    return re.sub("[\x00\x02](\\d+)\x01", lambda found: kept[int(found[1])], made)


def _without_comments(text: str) -> str:
    """Returns a text without comments, in one pass however many have no end."""
    parts: list[str] = []
    place = 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts.append(text[place:start])
        place = end + len("-->")
    return "".join([*parts, text[place:]])


def _marked(text: str) -> Iterator[str]:
    opened: list[str] = []
    names = Counter[str]()
    start, before = 0, ""
    for token in _TOKEN.finditer(text):
        name = token[2].lower()
        if name not in _BLOCKS:
            continue
        is_end = bool(token[1])
        context = opened[-1] if opened else ""
        is_only = before == context and is_end and context == name
        yield from _run(text[start : token.start()], context, is_only=is_only)
        yield token[0]
        start = token.end()
        before = ""
        if is_end:
            while names[name]:
                ended = opened.pop()
                names[ended] -= 1
                if ended == name:
                    break
        elif name not in _VOID:
            opened.append(name)
            names[name] += 1
            before = name
    yield from _run(text[start:], opened[-1] if opened else "", is_only=False)


def _run(text: str, context: str, *, is_only: bool) -> Iterator[str]:
    """Yields the text between two tags of blocks."""
    if not text.strip():
        return
    if context in _PARTS or context == "iframe":
        yield text
        return
    chunks = [chunk.strip() for chunk in _BLANK.split(text) if chunk.strip()]
    if context in _LINES:
        yield "<br/>".join(map(_with_breaks, chunks))
    elif context == "p":
        yield "</p><p>".join(map(_with_breaks, chunks))
    elif is_only and context in _WITHOUT_PARAGRAPH and len(chunks) == 1:
        yield _with_breaks(chunks[0])
    else:
        for chunk in chunks:
            for part in re.split("(\x00\\d+\x01)", chunk):
                if part.startswith("\x00"):
                    yield part
                elif part.strip():
                    yield f"<p>{_with_breaks(part.strip())}</p>"


def _with_breaks(text: str) -> str:
    return _BREAK.sub("<br/>", text)
