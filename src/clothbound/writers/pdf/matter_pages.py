"""Writes the pages of a printed book other than chapters as XHTML: half title, title, imprint, contents, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...escape import attribute, escape
from ...language.direction import direction, isolate
from ...language.words import marks_of_own_words
from ...matter import ChapterPlace, Matter

INDEX_ID = "index--page"
"""The id of the index, which no key of a post is."""


def half_title(matter: Matter) -> str:
    """Returns the first page, which has the title alone."""
    return f'<section class="half-title"><p>{escape(matter.title_page.title)}</p></section>'


def also_in_series(matter: Matter) -> str:
    """Returns the list of the other volumes, opposite the title page; empty if there is none."""
    if not matter.also_in_series:
        return ""
    volumes = "".join(f"<p>{escape(title)}</p>" for title in matter.also_in_series)
    head = _own_words(matter, matter.words.also_in_series)
    return f'<section class="also-in-series"><p class="series-head">{head}</p>{volumes}</section>'


def title_page(matter: Matter) -> str:
    """Returns the title page."""
    page = matter.title_page
    lines = [f'<h1 class="book-title">{escape(page.title)}</h1>']
    if page.subtitle:
        lines.append(f'<p class="book-subtitle">{escape(page.subtitle)}</p>')
    if page.years:
        lines.append(f'<p class="book-year">{escape(page.years)}</p>')
    if page.authors:
        names = matter.words.comma.join(page.authors)
        lines.append(f'<p class="book-author">{escape(names)}</p>')
    if page.publisher:
        lines.append(f'<p class="book-publisher">{escape(page.publisher)}</p>')
    return f'<section class="title-page">{"".join(lines)}</section>'


def imprint(matter: Matter, colophon: str) -> str:
    """Returns the copyright page, at whose foot the text of the colophon stands."""

    def line_of(line: str) -> str:
        return _own_words(matter, line) if line in matter.own_lines else escape(line)

    text = "".join(f"<p>{'<br/>'.join(map(line_of, group))}</p>" for group in matter.imprint)
    if colophon:
        text += f"<p>{_own_words(matter, colophon)}</p>"
    return f'<section class="imprint"><div>{text}</div></section>'


def contents(
    matter: Matter,
    titles: Mapping[str, str],
    languages: Mapping[str, str],
    sections: Mapping[str, Sequence[tuple[str, str]]] | None,
    *,
    has_index: bool = False,
) -> str:
    """Returns the contents.

    ``titles`` and ``languages`` are those of chapters, by key. ``sections`` are the ids and titles of each chapter's
    sections, by key, if the contents list and number them.
    """
    items: list[str] = []
    book_direction = direction(matter.language)
    for key, chapter in matter.chapters.items():
        if not chapter.is_listed:
            continue
        if chapter.opens_part:
            items.append(_entry("toc-part", part_id(key), escape(chapter.opens_part)))
        classes = "toc-matter" if chapter.role else "toc-post"
        if chapter.follows_part:
            classes += " toc-after"
        below = ""
        if sections is not None and not chapter.role and sections.get(key):
            inner = (_entry("toc-section", name, text) for name, text in sections[key])
            below = f"<ol class='toc'>{''.join(inner)}</ol>"
        title = escape(titles[key])
        if direction(languages[key]) != book_direction:
            title = isolate(title, languages[key])
        items.append(_entry(classes, key, title, below))
    if has_index:
        classes = (
            "toc-matter toc-after"
            if any(c.opens_part for c in matter.chapters.values())
            else "toc-matter"
        )
        items.append(_entry(classes, INDEX_ID, _own_words(matter, matter.words.index)))
    return (
        '<nav class="contents">'
        f"<h1>{_own_words(matter, matter.words.contents)}</h1><ol class='toc'>{''.join(items)}</ol></nav>"
    )


def index_page(matter: Matter, book_head: str) -> str:
    """Returns the index without its lines, for which its last element has room. ``book_head`` is the running head of
    left-hand pages.
    """
    title = matter.words.index
    return (
        f'<section class="back-index chapter outline-1" id="{INDEX_ID}"><header class="opener">'
        f'<h1 class="chapter-title" data-head="{attribute(title)}" data-book="{attribute(book_head)}">'
        f'{_own_words(matter, title)}</h1></header><div class="index-columns"></div></section>'
    )


def _own_words(matter: Matter, text: str) -> str:
    """Returns words of the book's own, marked where they are in another language than the book."""
    marks = "".join(f' {name}="{value}"' for name, value in marks_of_own_words(matter.language))
    return f"<span{marks}>{escape(text)}</span>" if marks else escape(text)


def part_page(chapter: ChapterPlace) -> str:
    """Returns the page before the part that begins with ``chapter``."""
    return (
        f'<section class="part" id="{attribute(part_id(chapter.key))}">'
        f'<h1 class="part-title">{escape(chapter.opens_part)}</h1></section>'
    )


def part_id(key: str) -> str:
    """Returns the id of a part's page; ``key`` is that of the part's first post."""
    return f"part--{key}"


def _entry(classes: str, target: str, title: str, below: str = "") -> str:
    link = f'<a href="#{attribute(target)}">{title}</a>'
    return f'<li class="toc {classes}">{link}{below}</li>'
