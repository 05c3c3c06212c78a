"""Writes the navigation document, which is also the contents page, and the NCX.

Sources: EPUB 3.3, section 7; for the NCX, OPF 2.0.1, section 2.4.1 (reading systems of EPUB 2, and
Kindle).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from ...escape import attribute, escape
from ...html.write.marked_scripts import mark_runs
from ...language.wording import Wording
from ...model.language_tags import language_tag
from .content import own_words_tag, write_document


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents and the lines below it."""

    title: str
    href: str
    language: str = ""
    """Empty if it is the language of the book."""
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A landmark; ``type`` is a term of the EPUB Structural Semantics Vocabulary."""

    type: str
    title: str
    href: str


def write_navigation(
    entries: tuple[Entry, ...],
    landmarks: tuple[Landmark, ...],
    words: Wording,
    language: str,
    pages: tuple[Entry, ...] = (),
    marks: str = "",
) -> str:
    """Returns the navigation document.

    Only reading systems see the landmarks and ``pages``, the list of printed pages. ``marks`` is the markup
    of the printed pages that begin with this page.
    """
    own = own_words_tag(language)
    places = "".join(
        f'<li><a epub:type="{mark.type}" href="{attribute(mark.href)}"{own}>{escape(mark.title)}</a></li>\n'
        for mark in landmarks
    )
    body = (
        f'{marks}<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="toc-title">\n'
        f'<h1 id="toc-title"{own}>{escape(words.contents)}</h1>\n{_write_list(entries, language)}</nav>\n'
        f'<nav epub:type="landmarks" id="landmarks" hidden="hidden">\n<ol>\n{places}</ol>\n</nav>\n'
    )
    if pages:
        body += (
            '<nav epub:type="page-list" role="doc-pagelist" id="pages" hidden="hidden">\n'
            f"{_write_list(pages, language)}</nav>\n"
        )
    return write_document(words.contents, body, language, body_type="frontmatter")


def _write_list(entries: tuple[Entry, ...], book_language: str) -> str:
    lines = []
    for entry in entries:
        tag = language_tag(entry.language)
        language = f' lang="{tag}" xml:lang="{tag}" dir="auto"' if tag else ""
        text = mark_runs(entry.title, tag or book_language)
        link = f'<a href="{attribute(entry.href)}"{language}>{text}</a>'
        below = f"\n{_write_list(entry.children, book_language)}" if entry.children else ""
        lines.append(f"<li>{link}{below}</li>\n")
    return f"<ol>\n{''.join(lines)}</ol>\n"


def write_ncx(
    entries: tuple[Entry, ...],
    identifier: str,
    title: str,
    authors: tuple[str, ...],
    *,
    levels: int = 0,
    pages: tuple[Entry, ...] = (),
    order: Sequence[str] = (),
    name_of_pages: str = "",
) -> str:
    """Returns the contents in the form of EPUB 2, down to ``levels`` levels, or all of them for 0.

    If there are ``pages``, ``order`` lists the addresses of all entries in reading order, and ``name_of_pages`` is
    the title of their list.
    """
    if levels:
        entries = _cut(entries, levels)
    author = (
        f"<docAuthor><text>{escape(', '.join(authors))}</text></docAuthor>\n" if authors else ""
    )
    used = [*_list_addresses(entries), *(page.href for page in pages)]
    if pages:
        place = {href: n for n, href in enumerate(order)}
        used.sort(key=lambda href: place.get(href, len(place)))
    played = {href: n for n, href in enumerate(dict.fromkeys(used), 1)}
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">\n<head>\n'
        f'<meta name="dtb:uid" content="{attribute(identifier)}"/>\n'
        f'<meta name="dtb:depth" content="{_measure_depth(entries)}"/>\n'
        f'<meta name="dtb:totalPageCount" content="{len(pages)}"/>\n'
        f'<meta name="dtb:maxPageNumber" content="{pages[-1].title if pages else 0}"/>\n</head>\n'
        f"<docTitle><text>{escape(title)}</text></docTitle>\n{author}"
        f"<navMap>\n{_write_points(entries, count(1), played)}</navMap>\n{_write_targets(pages, played, name_of_pages)}</ncx>\n"
    )


def _list_addresses(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries:
        yield entry.href
        yield from _list_addresses(entry.children)


def _cut(entries: tuple[Entry, ...], levels: int) -> tuple[Entry, ...]:
    below = [_cut(entry.children, levels - 1) if levels > 1 else () for entry in entries]
    return tuple(replace(e, children=c) for e, c in zip(entries, below, strict=True))


def _write_points(
    entries: tuple[Entry, ...], numbers: Iterator[int], played: dict[str, int]
) -> str:
    points = []
    for entry in entries:
        points.append(
            f'<navPoint id="n-{next(numbers)}" playOrder="{played[entry.href]}">\n'
            f"<navLabel><text>{escape(entry.title)}</text></navLabel>"
            f'<content src="{attribute(entry.href)}"/>\n'
            f"{_write_points(entry.children, numbers, played)}</navPoint>\n"
        )
    return "".join(points)


def _write_targets(pages: tuple[Entry, ...], played: dict[str, int], name: str) -> str:
    if not pages:
        return ""
    targets = "".join(
        f'<pageTarget id="t-{page.title}" type="normal" value="{page.title}"'
        f' playOrder="{played[page.href]}">\n'
        f"<navLabel><text>{page.title}</text></navLabel>"
        f'<content src="{attribute(page.href)}"/>\n</pageTarget>\n'
        for page in pages
    )
    return f"<pageList>\n<navLabel><text>{escape(name)}</text></navLabel>\n{targets}</pageList>\n"


def _measure_depth(entries: tuple[Entry, ...]) -> int:
    return max((1 + _measure_depth(entry.children) for entry in entries), default=0)
