"""Writes Tumblr's blocks ("Neue Post Format") as HTML, which ``html/read`` makes nodes of.

Source: Tumblr's specification of the format. A place in a text counts code points, as Python does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

import msgspec

from ...escape import attribute, escape

_MARKS = {"bold": "b", "italic": "i", "strikethrough": "s", "small": "small"}
_LEADING = frozenset({"link", "mention"})
_LISTS = {"ordered-list-item": "ol", "unordered-list-item": "ul"}
_HEADINGS = {"heading1": "h2", "heading2": "h3"}
_QUOTATIONS = frozenset({"quote", "indented"})
_DEEPEST_LIST = 7


class NamedBlog(msgspec.Struct, frozen=True):
    """A blog that a block or a layout names."""

    name: str = ""
    url: str = ""


class Format(msgspec.Struct, frozen=True):
    """What a part of a text is."""

    start: int = 0
    end: int = 0
    type: str = ""
    url: str = ""
    blog: NamedBlog = NamedBlog()


class Block(msgspec.Struct, frozen=True):
    """One block. Fields that a type lacks are empty."""

    type: str = ""
    subtype: str = ""
    text: str = ""
    indent_level: int = 0
    formatting: list[Format] = []
    url: str = ""
    title: str = ""
    description: str = ""
    caption: str = ""
    alt_text: str = ""
    artist: str = ""
    album: str = ""
    author: str = ""
    site_name: str = ""
    embed_url: str = ""
    embed_html: str = ""
    embed_iframe: dict[str, Any] = {}
    media: Any = None
    poster: Any = None
    """A picture of what a link leads to, or of a recording."""
    question: str = ""
    answers: list[dict[str, Any]] = []
    attribution: dict[str, Any] = {}


class BlockLayout(msgspec.Struct, frozen=True):
    """Which blocks stand beside one another, or were asked by somebody else."""

    type: str = ""
    display: list[dict[str, Any]] = []
    blocks: list[int] = []
    attribution: dict[str, Any] = {}


def write_blocks(blocks: list[Block], layouts: list[BlockLayout]) -> tuple[str, tuple[str, ...]]:
    """Returns the HTML of blocks as their layouts arrange them, and the types that are not known."""
    asked = {n: layout for layout in layouts if layout.type == "ask" for n in layout.blocks}
    placed: set[int] = set()
    rows = [
        row
        for layout in layouts
        if layout.type == "rows"
        for row in _rows(layout, len(blocks), placed)
    ]
    rows += [[number] for number in range(len(blocks)) if number not in placed]
    parts: list[str] = []
    for layout, group in groupby(rows, key=lambda row: asked.get(row[0])):
        html = "".join(_write_rows(blocks, list(group)))
        parts.append(html if layout is None else quote(_asker(layout), html))
    unknown = dict.fromkeys(block.type for block in blocks if block.type not in _WRITERS)
    return "".join(parts), tuple(unknown)


def quote(blog: NamedBlog, html: str) -> str:
    """Returns what another blog has written as a quotation below its name."""
    named = f"<p>{write_anchor(blog.url, escape(blog.name))}:</p>" if blog.name else ""
    return f"{named}<blockquote>{html}</blockquote>"


def _rows(layout: BlockLayout, count: int, taken: set[int]) -> Iterator[list[int]]:
    """Yields the numbers of the blocks in each row, of those that are there and not yet ``taken``."""
    for row in layout.display:
        numbers = row.get("blocks")
        wanted = numbers if isinstance(numbers, list) else []
        inside = [n for n in wanted if isinstance(n, int) and 0 <= n < count and n not in taken]
        taken.update(inside)
        if inside:
            yield list(dict.fromkeys(inside))


def _asker(layout: BlockLayout) -> NamedBlog:
    found = layout.attribution.get("blog")
    fields = found if isinstance(found, dict) else {}
    name, url = fields.get("name"), layout.attribution.get("url") or fields.get("url")
    return NamedBlog(name if isinstance(name, str) else "", url if isinstance(url, str) else "")


def _write_rows(blocks: list[Block], rows: list[list[int]]) -> Iterator[str]:
    """Yields the HTML of rows: several pictures beside one another are a gallery, blocks of one kind a list or a quotation."""
    for kind, group in groupby(rows, key=lambda row: _kind(blocks, row)):
        within = [blocks[number] for row in group for number in row]
        if kind in _LISTS.values():
            yield _list(within)
        elif kind == "quote":
            yield f"<blockquote>{''.join(map(_text, within))}</blockquote>"
        elif kind.startswith("gallery"):
            yield f'<figure class="gallery">{"".join(map(_image, within))}</figure>'
        else:
            yield from map(_write, within)


def _kind(blocks: list[Block], row: list[int]) -> str:
    within = [blocks[number] for number in row]
    if len(within) > 1 and all(block.type == "image" for block in within):
        return f"gallery {row[0]}"
    first = within[0]
    if first.type != "text" or len(within) > 1:
        return ""
    if first.subtype in _LISTS:
        return "ul"
    return "quote" if first.subtype in _QUOTATIONS else ""


def _write(block: Block) -> str:
    return _WRITERS.get(block.type, _unknown)(block)


def _text(block: Block) -> str:
    name = _HEADINGS.get(block.subtype, "p")
    html = write_text(block.text, block.formatting)
    return f"<{name}>{html}</{name}>" if html else ""


def write_text(text: str, formatting: Iterable[Format]) -> str:
    """Returns a text with its formats as elements; those that overlap are parted, and a link is outermost."""
    changes: dict[int, list[tuple[int, int, Format]]] = {}
    for number, one in enumerate(formatting):
        start, end = max(one.start, 0), min(one.end, len(text))
        if start < end:
            changes.setdefault(start, []).append((1, number, one))
            changes.setdefault(end, []).append((-1, number, one))
    cuts = sorted({0, len(text), *changes})
    marks, urls = Counter[str](), dict[int, str]()
    parts: list[tuple[str, str]] = []
    for start, end in pairwise(cuts):
        for change, number, one in changes.get(start, ()):
            marks[one.type] += change
            if change < 0:
                urls.pop(number, None)
            elif url := (one.url or one.blog.url if one.type in _LEADING else ""):
                urls[number] = url
        parts.append((next(iter(urls.values()), ""), _marked(text[start:end], marks)))
    groups = groupby(parts, key=itemgetter(0))
    return "".join(write_anchor(url, "".join(html for _, html in group)) for url, group in groups)


def _marked(text: str, marks: Mapping[str, int]) -> str:
    html = escape(text).replace("\n", "<br>")
    for kind, name in _MARKS.items():
        if marks.get(kind):
            html = f"<{name}>{html}</{name}>"
    return html


def write_anchor(url: str, html: str) -> str:
    """Returns HTML as a link; as it is if it leads nowhere."""
    return f'<a href="{attribute(url)}">{html}</a>' if url else html


def _list(items: list[Block]) -> str:
    """Returns items as a list, with lists of deeper items within."""
    parts: list[str] = []
    opened: list[str] = []
    for item in items:
        level = min(max(item.indent_level, 0), _DEEPEST_LIST) + 1
        name = _LISTS[item.subtype]
        while len(opened) > level or (len(opened) == level and opened[-1] != name):
            parts.append(f"</li></{opened.pop()}>")
        if len(opened) == level:
            parts.append("</li><li>")
        while len(opened) < level:
            opened.append(name)
            parts.append(f"<{name}><li>")
        parts.append(write_text(item.text, item.formatting))
    parts += [f"</li></{name}>" for name in reversed(opened)]
    return "".join(parts)


def largest(media: Any) -> str:
    """Returns the address of a file: the largest of a picture's sizes."""
    found = media if isinstance(media, list) else [media]
    sizes = [one for one in found if isinstance(one, dict) and isinstance(one.get("url"), str)]
    widths = [one["width"] if isinstance(one.get("width"), int) else 0 for one in sizes]
    return str(sizes[widths.index(max(widths))]["url"]) if sizes else ""


def _image(block: Block) -> str:
    picture = f'<img src="{attribute(largest(block.media))}" alt="{attribute(block.alt_text)}">'
    url = block.attribution.get("url") if block.attribution.get("type") == "link" else ""
    said = " · ".join(filter(None, (escape(block.caption), _credit(block))))
    caption = f"<figcaption>{said}</figcaption>" if said else ""
    return f"<figure>{write_anchor(url if isinstance(url, str) else '', picture)}{caption}</figure>"


def _credit(block: Block) -> str:
    """Returns the blog or the program from which a block comes, as a link."""
    blog = block.attribution.get("blog")
    fields = {**(blog if isinstance(blog, dict) else {}), **block.attribution}
    named = (fields.get(name) for name in ("display_text", "name", "app_name"))
    words = next((one for one in named if isinstance(one, str) and one), "")
    url = fields.get("url")
    return write_anchor(url if isinstance(url, str) else "", escape(words)) if words else ""


def _poster(block: Block, url: str = "") -> str:
    address = largest(block.poster)
    picture = f'<img src="{attribute(address)}" alt="">'
    return f"<figure>{write_anchor(url, picture)}</figure>" if address else ""


def _link(block: Block) -> str:
    said = " · ".join(filter(None, (block.author, block.site_name)))
    lines = [write_anchor(block.url, escape(block.title or block.url)), escape(block.description)]
    words = "<br>".join(filter(None, (*lines, escape(said))))
    return f"{_poster(block, block.url)}<p>{words}</p>"


def _recording(block: Block) -> str:
    """Returns a recording: the file itself, else the player of another service, with what is said of it."""
    framed = block.embed_iframe.get("url")
    frame = block.embed_url or (framed if isinstance(framed, str) else "") or block.url
    own, poster = largest(block.media), largest(block.poster)
    if own and block.type == "video":
        still = f' poster="{attribute(poster)}"' if poster else ""
        player = f'<video src="{attribute(own)}"{still} controls></video>'
    elif own:
        player = f'{_poster(block)}<audio src="{attribute(own)}" controls></audio>'
    elif frame:
        player = f'<iframe src="{attribute(frame)}"></iframe>'
    else:
        player = block.embed_html or _poster(block)
    named = [block.title, block.artist, block.album, block.caption]
    said = " · ".join(filter(None, (*map(escape, named), _credit(block))))
    return f"{player}<p>{said}</p>" if said else player


def _poll(block: Block) -> str:
    answers = (answer.get("answer_text") for answer in block.answers)
    items = "".join(f"<li>{escape(one)}</li>" for one in answers if isinstance(one, str))
    return f"<p><b>{escape(block.question)}</b></p><ul>{items}</ul>"


def _paywall(block: Block) -> str:
    return "".join(f"<p>{escape(words)}</p>" for words in (block.title, block.text) if words)


def _unknown(block: Block) -> str:
    """Returns the words of a block of another type."""
    words = [block.title, block.text, block.description, block.caption]
    said = "".join(f"<p>{escape(one)}</p>" for one in words if one)
    return said + (f"<p>{write_anchor(block.url, escape(block.url))}</p>" if block.url else "")


_WRITERS = {
    "text": _text,
    "image": _image,
    "link": _link,
    "audio": _recording,
    "video": _recording,
    "poll": _poll,
    "paywall": _paywall,
}
