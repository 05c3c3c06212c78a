"""Reads the content of the posts in an export of Ghost, from the bytes of its JSON.

Sources: Ghost's documentation of its export and of the cards (``kg-...``), that of Lexical's serialized state, and
https://github.com/bustle/mobiledoc-kit/blob/main/MOBILEDOC.md.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..lazy_pattern import lazy_pattern
from .content import Item, Kind, words_of_title
from .markdown import strip_markdown
from .markup import Stripper, feed_html

_COPY = lazy_pattern(
    r"(content/images/)(?:size/\w+/)?(?:format/\w+/)?([^?#]+?)(?:_o)?(\.\w+)(?:[?#]|$)"
)
"""Matches the address of a picture that Ghost keeps, whole or in a size."""
_TEXTS = {
    "audio": ("title",),
    "bookmark": ("title", "description", "author", "publisher", "caption"),
    "button": ("buttonText",),
    "call-to-action": ("sponsorLabel", "textValue", "buttonText"),
    "callout": ("calloutText",),
    "embed": ("html", "caption"),
    "file": ("fileTitle", "fileCaption", "fileName"),
    "gallery": ("caption",),
    "header": ("header", "subheader", "buttonText"),
    "html": ("html",),
    "image": ("caption",),
    "product": ("productTitle", "productDescription", "productButton"),
    "toggle": ("heading", "content"),
    "video": ("caption",),
}
"""The members of each card that hold what readers see, as HTML."""
_PICTURES = {
    "image": "src",
    "product": "productImageSrc",
    "header": "backgroundImageSrc",
    "call-to-action": "imageUrl",
}
_LINKS = {"bookmark": "url", "button": "buttonUrl", "call-to-action": "buttonUrl"}
_CODE = frozenset({"codeblock", "code"})
_MARKDOWN = frozenset({"markdown", "card-markdown"})
_INLINE = frozenset({"text", "extended-text", "tab"})
_MARKUP, _PICTURE, _LIST, _CARD = 1, 2, 3, 10
"""The types of sections in Mobiledoc."""

Rows = list[dict[str, Any]]


def ghost_file(path: Path) -> bytes | None:
    """Returns the JSON of an export, alone or in a ZIP or a folder; None if there is none."""
    if path.is_dir():
        files = sorted((*path.glob("*.json"), *path.glob("*/*.json")), key=lambda each: each.name)
        found = [data for each in files if _posts(data := each.read_bytes())]
        return found[-1] if found else None
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            named = [n for n in archive.namelist() if n.endswith(".json") and n.count("/") < 2]
            named.sort(key=lambda name: name.rpartition("/")[2])
            read = [data for name in named if _posts(data := archive.read(name))]
        return read[-1] if read else None
    if path.suffix.lower() != ".json":
        return None
    data = path.read_bytes()
    return data if _posts(data) else None


def read_ghost(data: bytes) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Yields the name and the content of each post and page."""
    for number, row in enumerate(_posts(data), 1):
        name = next(
            (str(row[key]) for key in ("slug", "id") if row.get(key)), f"post-{number}"
        ).strip()
        titles = [
            item
            for key in ("title", "custom_excerpt")
            for item in words_of_title(str(row.get(key) or ""))
        ]
        stripper = Stripper()
        _take_text(row, stripper)
        stripper.flush()
        yield name, (*titles, *map(_with_plain_address, stripper.items))


def _with_plain_address(item: Item) -> Item:
    """Returns a picture with the part of its address that all its copies have: the path without size and suffix."""
    if item.kind is not Kind.PICTURE:
        return item
    kept = _COPY.search(item.value)
    if kept is None:
        return item
    return item._replace(value=kept[1] + kept[2], shown=kept[1] + kept[2] + kept[3])


def _posts(data: bytes) -> Rows:
    """Returns the rows of the posts; none if the file is another program's."""
    try:
        file = json.loads(data)
    except (ValueError, RecursionError):
        return []
    if not isinstance(file, dict):
        return []
    databases = file.get("db")
    holder = databases[0] if isinstance(databases, list) and databases else file
    tables = holder.get("data") if isinstance(holder, dict) else None
    rows = [*_rows(tables, "posts"), *_rows(file, "posts"), *_rows(file, "pages")]
    return rows if any("slug" in row for row in rows) else []


def _rows(tables: object, name: str) -> Rows:
    rows = tables.get(name) if isinstance(tables, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _take_text(row: dict[str, Any], stripper: Stripper) -> None:
    texts = {
        key: row[key]
        for key in ("html", "lexical", "mobiledoc", "markdown", "plaintext")
        if isinstance(row.get(key), str) and row[key].strip()
    }
    for key, text in texts.items():
        try:
            if key == "html":
                _take_html(text, stripper)
            elif key == "lexical":
                _take_node(json.loads(text)["root"], stripper)
            elif key == "mobiledoc":
                _take_sections(json.loads(text), stripper)
            elif key == "markdown":
                _take_markdown(text, stripper)
            else:
                stripper.text(text, 1)
        except (ValueError, LookupError, TypeError, RecursionError):
            continue
        return


def _take_html(text: str, stripper: Stripper) -> None:
    """Takes HTML as one line, as which the JSON has it."""
    feed_html(text.replace("\n", " "), stripper, 1)


def _take_markdown(text: str, stripper: Stripper) -> None:
    stripper.flush()
    stripper.items += strip_markdown(text)


def _take_node(node: dict[str, Any], stripper: Stripper) -> None:
    kind = node.get("type")
    if kind in _INLINE:
        stripper.text(str(node.get("text") or "\t"), 1)
    elif kind == "linebreak":
        stripper.start("br", {}, 1)
    elif isinstance(node.get("children"), list):
        tag = "a" if kind in ("link", "autolink") else "p"
        stripper.start(tag, {"href": str(node.get("url") or "")} if tag == "a" else {}, 1)
        for child in node["children"]:
            _take_node(child, stripper)
        stripper.end(tag)
    else:
        _take_card(str(kind), node, stripper)


def _take_card(kind: str, card: dict[str, Any], stripper: Stripper) -> None:
    """Takes what readers of the page see of a card. What e-mails show, and forms, are not among it."""
    shown = card.get("visibility") or {}
    web = shown.get("web") or {}
    is_for_none = web.get("nonMember") is False and not web.get("memberSegment")
    if is_for_none or shown.get("showOnWeb") is False:
        return
    stripper.flush()
    if kind in _CODE:
        stripper.text(str(card.get("code") or ""), 1)
        stripper.flush()
        _take_html(str(card.get("caption") or ""), stripper)
    elif kind in _MARKDOWN:
        _take_markdown(str(card.get("markdown") or ""), stripper)
    _take_picture(card, _PICTURES.get(kind, ""), stripper)
    images = card.get("images") if kind == "gallery" else None
    for image in images if isinstance(images, list) else ():
        _take_picture(image, "src", stripper)
    described = {**card, **(card.get("metadata") or {})}
    for field in _TEXTS.get(kind, ()):
        href = card.get(_LINKS.get(kind, "")) if field in ("title", "buttonText") else None
        if href:
            stripper.start("a", {"href": str(href)}, 1)
        if field != "sponsorLabel" or card.get("hasSponsorLabel"):
            _take_html(str(described.get(field) or ""), stripper)
        if href:
            stripper.end("a")
        stripper.flush()


def _take_picture(card: dict[str, Any], field: str, stripper: Stripper) -> None:
    if card.get(field):
        alternative = str(card.get("alt") or "")
        stripper.start("img", {"src": str(card[field]), "alt": alternative}, 1)


def _take_sections(document: dict[str, Any], stripper: Stripper) -> None:
    if str(document.get("version")) < "0.3":
        markups, sections = document["sections"]
        _take_old_sections(markups, sections, stripper)
        return
    markups = document.get("markups") or []
    for section in document["sections"]:
        if section[0] == _MARKUP:
            _take_markers(section[2], markups, stripper)
        elif section[0] == _PICTURE:
            stripper.start("img", {"src": str(section[1])}, 1)
        elif section[0] == _LIST:
            for item in section[2]:
                _take_markers(item, markups, stripper)
        elif section[0] == _CARD:
            kind, card = document["cards"][section[1]]
            _take_card(str(kind), card, stripper)


def _take_old_sections(markups: list[Any], sections: list[Any], stripper: Stripper) -> None:
    """Takes a document before version 0.3, whose cards stand in their sections and whose markers are all text."""
    for section in sections:
        if section[0] == _PICTURE:
            stripper.start("img", {"src": str(section[1])}, 1)
        elif section[0] == _CARD:
            _take_card(str(section[1]), section[2] if len(section) > 2 else {}, stripper)
        else:
            for markers in section[2] if section[0] == _LIST else [section[2]]:
                _take_markers([[0, *marker] for marker in markers], markups, stripper)


def _take_markers(markers: list[Any], markups: list[Any], stripper: Stripper) -> None:
    stripper.flush()
    opened: list[str] = []
    for kind, opens, closes, value in markers:
        for position in opens:
            name, *rest = markups[position]
            pairs = rest[0] if rest else []
            stripper.start(name, dict(zip(pairs[::2], pairs[1::2], strict=False)), 1)
            opened.append(name)
        stripper.text(value if kind == 0 else " ", 1)
        for _ in range(closes):
            stripper.end(opened.pop())
    stripper.flush()
