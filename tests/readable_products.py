"""Writes finished books as readable text: one line for each block, with signs for its content."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import copy
from pathlib import PurePosixPath

import pymupdf
from lxml import etree

_XHTML = "{http://www.w3.org/1999/xhtml}"
_OPF = "{http://www.idpf.org/2007/opf}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
# Blocks whose text goes on one line.
_LEAVES = frozenset("p h1 h2 h3 h4 h5 h6 pre dt caption figcaption td th summary".split())
_INLINE_SIGNS = {
    "em": "*", "i": "*", "strong": "**", "b": "**", "del": "~~", "s": "~~", "code": "`", "sub": "~", "sup": "^",
}  # fmt: skip


def epub_as_text(data: bytes) -> str:
    """The contents of an EPUB, and each document in reading order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    (opf,) = (name for name in files if name.endswith(".opf"))
    package = etree.fromstring(files[opf])
    folder = PurePosixPath(opf).parent
    items = {item.get("id"): item for item in package.iter(f"{_OPF}item")}
    (nav,) = (i for i in items.values() if "nav" in (i.get("properties") or "").split())
    lines = ["# Contents", ""]
    contents = etree.fromstring(files[str(folder / nav.get("href"))])
    (toc,) = (e for e in contents.iter(f"{_XHTML}nav") if e.get(_TYPE) == "toc")
    lines += _entries(toc.find(f"{_XHTML}ol"), 0)
    for reference in package.iter(f"{_OPF}itemref"):
        name = items[reference.get("idref")].get("href")
        body = etree.fromstring(files[str(folder / name)]).find(f"{_XHTML}body")
        lines += ["", f"# {name}", "", *_blocks(body, "")]
    return "\n".join(lines) + "\n"


def _entries(entries: etree._Element, depth: int) -> Iterator[str]:
    for item in entries.findall(f"{_XHTML}li"):
        label = item.find(f"{_XHTML}a")
        target = f" -> {label.get('href')}" if label is not None else ""
        label = label if label is not None else item.find(f"{_XHTML}span")
        yield f"{'  ' * depth}- {_spaced(''.join(label.itertext()))}{target}"
        below = item.find(f"{_XHTML}ol")
        if below is not None:
            yield from _entries(below, depth + 1)


def _blocks(element: etree._Element, indent: str) -> Iterator[str]:
    """A line for each block below ``element``, and for text that stands between blocks."""
    loose = etree.Element("loose")
    loose.text = element.text
    for child in element:
        if _is_inline(child):
            loose.append(copy(child))
            continue
        yield from _loose_line(loose, indent)
        loose = etree.Element("loose")
        loose.text = child.tail
        name = etree.QName(child).localname
        label = name + "".join(f".{part}" for part in (child.get("class") or "").split())
        for attribute in ("dir", "lang", _TYPE):
            if child.get(attribute):
                label += f" {attribute.rpartition('}')[2]}={child.get(attribute)}"
        if name in _LEAVES or all(map(_is_inline, child)):
            yield f"{indent}{label}: {_text(child)}".rstrip()
        else:
            yield f"{indent}{label}"
            yield from _blocks(child, indent + "  ")
    yield from _loose_line(loose, indent)


def _loose_line(loose: etree._Element, indent: str) -> Iterator[str]:
    if text := _text(loose):
        yield f"{indent}{text}"


def _is_inline(element: etree._Element) -> bool:
    inline = {*_INLINE_SIGNS, "a", "span", "img", "br", "math", "bdi", "abbr", "q", "time", "svg"}
    return not isinstance(element.tag, str) or etree.QName(element).localname in inline


def _text(element: etree._Element) -> str:
    if etree.QName(element).localname == "pre":
        return "".join(element.itertext()).rstrip("\n").replace("\n", " | ")
    return _spaced("".join(_inlines(element)))


def _inlines(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        inner = "".join(_inlines(child)) if name else ""
        if name == "a":
            yield f"[{inner}]({child.get('href')})"
        elif name == "img":
            yield f"![{child.get('alt')}]({child.get('src')})"
        elif name == "math":
            yield f"${child.get('alttext')}$"
        elif name == "br":
            yield " / "
        else:
            sign = _INLINE_SIGNS.get(name, "")
            yield f"{sign}{inner}{sign}"
        yield child.tail or ""


def pdf_as_text(data: bytes) -> str:
    """The outline of a PDF, and the blocks of text of each page, top to bottom, with their links."""
    with pymupdf.open(stream=data) as document:
        lines = ["# Outline", ""]
        for level, title, page in document.get_toc():
            lines.append(f"{'  ' * (level - 1)}- {title} -> page {page}")
        for number, page in enumerate(document, 1):
            lines += ["", f"# Page {number}", ""]
            blocks = [(y, x, _joined(text)) for x, y, _, _, text, *_ in page.get_text("blocks")]
            pictures = [(*reversed(i["bbox"][:2]), "[picture]") for i in page.get_image_info()]
            placed = sorted([*blocks, *pictures], key=lambda block: (round(block[0]), block[1]))
            lines += [text for _, _, text in placed if text]
            targets = [_target(link) for link in page.get_links()]
            lines += [f"links: {', '.join(dict.fromkeys(targets))}"] if targets else []
    return "\n".join(lines) + "\n"


def _target(link: dict[str, object]) -> str:
    return str(link.get("uri") or f"page {int(str(link['page'])) + 1}")


def _joined(text: str) -> str:
    """The lines of a block as one, words whole that were divided at a line's end."""
    whole = re.sub(r"[-\u2010\u00ad]\n(?=[a-z])", "", text)
    return re.sub(r"(?: \.){4,}", " ...", _spaced(whole))


def _spaced(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())
