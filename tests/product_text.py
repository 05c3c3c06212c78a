"""Reads the words of a product with other tools than those that wrote it."""

from __future__ import annotations

import html
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import lxml.html
from lxml import etree

_UTF8 = lxml.html.HTMLParser(encoding="utf-8")
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "em",
        "i",
        "kbd",
        "mark",
        "math",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
    ]
)
_SKIPPED = frozenset({"head", "script", "style", "nav", "template"})
_NOTE_ROLES = frozenset({"doc-noteref", "doc-backlink"})


def html_text(markup: str | bytes) -> str:
    """The text of a page, blocks set apart, without note marks, back-links and navigation."""
    root = lxml.html.document_fromstring(
        markup if isinstance(markup, bytes) else markup.encode(), parser=_UTF8
    )
    return "".join(_texts(root))


def xhtml_text(markup: bytes) -> str:
    """The same of an EPUB content document, parsed as XML."""
    return "".join(_texts(etree.fromstring(markup)))


def _texts(element: etree._Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield element.tail or ""
        return
    name = etree.QName(element).localname
    role = element.get("role", "")
    if name == "br":
        yield " "
    elif name == "math":
        yield f" {element.get('alttext', '')} "
    elif name not in _SKIPPED and role not in _NOTE_ROLES:
        edge = "" if name in _INLINE else "\n"
        yield edge + (element.text or "")
        for child in element:
            yield from _texts(child)
        yield edge
    yield element.tail or ""


def alternative_texts(markup: bytes) -> list[str]:
    """Returns the alternative text of every picture of a page, and the words in place of missing
    ones.
    """
    root = lxml.html.document_fromstring(markup, parser=_UTF8)
    missing = root.xpath("//*[contains(@class, 'missing-picture')]")
    return [img.get("alt", "") for img in root.iter("img")] + [m.text_content() for m in missing]


def substack_text(markup: str) -> str:
    """Returns a post's text in an archive, and the words that are only in ``data-attrs``."""
    captured = "\n".join(
        "\n".join(_strings(json.loads(html.unescape(data))))
        for data in re.findall(r'data-attrs="([^"]*)"', markup)
    )
    without_notes = re.sub(
        r'<a class="footnote-anchor".*?</a>|<a [^>]*footnote-number.*?</a>', "", markup
    )
    return html_text(f"<div>{without_notes}</div>") + "\n" + captured


def captured_text(markdown: str) -> str:
    """Returns the words that are only in the ``attrs`` of fenced divs."""
    found: list[str] = []
    for data in re.findall(r'attrs="((?:[^"\\]|\\.)*)"', markdown):
        found.extend(_strings(json.loads(re.sub(r"\\(.)", r"\1", data))))
    return "\n".join(found)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def epub_documents(data: bytes) -> dict[str, bytes]:
    """Name to bytes of every content document of an EPUB."""
    with zipfile.ZipFile(BytesIO(data)) as book:
        return {Path(n).name: book.read(n) for n in book.namelist() if n.endswith(".xhtml")}


def pdf_text(path: Path) -> str:
    """The text of a PDF. A word divided at a line's end counts joined and as its two halves."""
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True, timeout=300
    )
    text = done.stdout.decode().replace("\f", "\n")
    divided = re.findall(r"(\w+)[-\u2010\u00ad]\n(\w+)", text)
    # An address may be divided behind any sign; one of them is a letter to the count of words.
    divided += re.findall(r"(\w+_)\n(\w+)", text)
    joined = [a + b for a, b in divided]
    # A note's mark is a raised figure, which the text has as part of the word before it.
    marked = [
        word for word, _ in re.findall(r"\b(\w*[^\W\d])[.,;:!?)\u2019\u201d]*(\d{1,2})\b", text)
    ]
    return "\n".join([text, *joined, *marked])


def pdf_alternative_texts(path: Path) -> str:
    """Returns the texts that replace pictures and formulas in the structure of a PDF."""
    from pypdf import PdfReader

    reader = PdfReader(path)
    objects = (reader.get_object(number) for number in range(1, int(reader.trailer["/Size"])))
    return "\n".join(str(o["/Alt"]) for o in objects if isinstance(o, dict) and "/Alt" in o)
