"""The ways into the book: the navigation document, which is its contents page too, and the NCX.

Sources: EPUB 3.3, section 7; for the NCX, OPF 2.0.1, section 2.4.1 (reading systems of EPUB 2, and
Kindle).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from ...html.escape import attribute, escape
from ...html.language import language_tag
from ...html.script_runs import marked
from ...html.wording import Wording
from .content import document


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents and those below it."""

    title: str
    href: str
    language: str = ""
    """Where it is not the book's."""
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that reading systems name: ``type`` is of the Structural Semantics Vocabulary."""

    type: str
    title: str
    href: str


def navigation_document(
    entries: tuple[Entry, ...],
    landmarks: tuple[Landmark, ...],
    words: Wording,
    language: str,
) -> str:
    """The contents for the reader's eye and for the reading system; landmarks for the latter."""
    same = words.language == language.split("-", maxsplit=1)[0].lower()
    tag = "" if same else f' lang="{words.language}" xml:lang="{words.language}"'
    places = "".join(
        f'<li><a epub:type="{mark.type}" href="{attribute(mark.href)}">{escape(mark.title)}</a></li>\n'
        for mark in landmarks
    )
    body = (
        f'<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="toc-title">\n'
        f'<h1 id="toc-title"{tag}>{escape(words.contents)}</h1>\n{_list(entries, language)}</nav>\n'
        f'<nav epub:type="landmarks" id="landmarks" hidden="hidden">\n<ol>\n{places}</ol>\n</nav>\n'
    )
    return document(words.contents, body, language, body_type="frontmatter")


def _list(entries: tuple[Entry, ...], book_language: str) -> str:
    lines = []
    for entry in entries:
        tag = language_tag(entry.language)
        language = f' lang="{tag}" xml:lang="{tag}" dir="auto"' if tag else ""
        text = marked(entry.title, tag or book_language)
        link = f'<a href="{attribute(entry.href)}"{language}>{text}</a>'
        below = f"\n{_list(entry.children, book_language)}" if entry.children else ""
        lines.append(f"<li>{link}{below}</li>\n")
    return f"<ol>\n{''.join(lines)}</ol>\n"


def ncx(
    entries: tuple[Entry, ...],
    identifier: str,
    title: str,
    authors: tuple[str, ...],
    *,
    levels: int = 0,
) -> str:
    """The contents in the form of EPUB 2, down to ``levels`` levels; 0: all."""
    if levels:
        entries = _cut(entries, levels)
    author = (
        f"<docAuthor><text>{escape(', '.join(authors))}</text></docAuthor>\n" if authors else ""
    )
    numbers = count(1)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">\n<head>\n'
        f'<meta name="dtb:uid" content="{attribute(identifier)}"/>\n'
        f'<meta name="dtb:depth" content="{_depth(entries)}"/>\n'
        '<meta name="dtb:totalPageCount" content="0"/>\n'
        '<meta name="dtb:maxPageNumber" content="0"/>\n</head>\n'
        f"<docTitle><text>{escape(title)}</text></docTitle>\n{author}"
        f"<navMap>\n{_points(entries, numbers)}</navMap>\n</ncx>\n"
    )


def _cut(entries: tuple[Entry, ...], levels: int) -> tuple[Entry, ...]:
    below = [_cut(entry.children, levels - 1) if levels > 1 else () for entry in entries]
    return tuple(replace(e, children=c) for e, c in zip(entries, below, strict=True))


def _points(entries: tuple[Entry, ...], numbers: Iterator[int]) -> str:
    points = []
    for entry in entries:
        number = next(numbers)
        points.append(
            f'<navPoint id="n-{number}" playOrder="{number}">\n'
            f"<navLabel><text>{escape(entry.title)}</text></navLabel>"
            f'<content src="{attribute(entry.href)}"/>\n'
            f"{_points(entry.children, numbers)}</navPoint>\n"
        )
    return "".join(points)


def _depth(entries: tuple[Entry, ...]) -> int:
    return max((1 + _depth(entry.children) for entry in entries), default=0)
