"""Writes the pages around the chapters: cover, title page, imprint, parts, colophon."""

from __future__ import annotations

from ... import epub_names as names
from ...escape import attribute, escape
from ...html.write.marked_scripts import mark_runs
from ...matter import Colophon, Matter
from ...model.slugs import ascii_slug
from .content import own_words_tag, write_document


def write_cover_page(picture: str, matter: Matter) -> str:
    """Returns the cover page. ``picture`` is the address of the cover's file."""
    # The content model allows role="doc-cover" on the image only.
    body = (
        '<section epub:type="cover" class="cover">\n'
        f'<img src="{picture}" alt="{attribute(matter.cover.description)}" role="doc-cover"/>\n'
        "</section>\n"
    )
    return write_document(matter.words.cover, body, matter.language, body_type="frontmatter")


def write_title_page(matter: Matter, marks: str = "") -> str:
    """Returns the title page. ``marks``, here and below, is the markup of the printed pages that begin with it."""
    page, language = matter.title_page, matter.language
    lines = [f'<h1 epub:type="title">{mark_runs(page.title, language)}</h1>\n']
    if page.subtitle:
        lines.append(
            f'<p class="{names.SUBTITLE}" epub:type="subtitle" role="doc-subtitle">'
            f"{mark_runs(page.subtitle, language)}</p>\n"
        )
    lines.extend(
        f'<p class="author">{mark_runs(author, language)}</p>\n' for author in page.authors
    )
    if page.edited_by:
        own = own_words_tag(language)
        lines.append(f'<p class="editor"{own}>{escape(page.edited_by)}</p>\n')
    if page.publisher:
        lines.append(f'<p class="publisher">{mark_runs(page.publisher, language)}</p>\n')
    body = f'<section epub:type="titlepage" class="titlepage">\n{marks}{"".join(lines)}</section>\n'
    return write_document(matter.title, body, language, body_type="frontmatter")


def write_imprint(matter: Matter, marks: str = "") -> str:
    """Returns the copyright page; empty if the book has none."""
    if not matter.imprint:
        return ""
    language = matter.language
    lines = (line for group in matter.imprint for line in group)
    own = own_words_tag(language)
    text = "".join(
        f"<p{own}>{escape(line)}</p>\n"
        if line in matter.own_lines
        else f"<p>{mark_runs(line, language)}</p>\n"
        for line in lines
    )
    body = f'<section epub:type="copyright-page" class="imprint">\n{marks}{text}</section>\n'
    return write_document(matter.title, body, language, body_type="frontmatter")


def name_part_file(title: str, taken: set[str]) -> str:
    """Returns a file name made from a part's title, so that parts added later do not change it."""
    stem = f"part_{ascii_slug(title)[:60] or 'x'}"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    taken.add(name)
    return f"{name}.xhtml"


def write_part_page(title: str, language: str, marks: str = "") -> str:
    """Returns the page before a part's chapters."""
    body = (
        '<section epub:type="part" role="doc-part" class="part">\n'
        f"{marks}<h1>{mark_runs(title, language)}</h1>\n</section>\n"
    )
    return write_document(title, body, language, body_type="bodymatter")


def write_series_page(matter: Matter) -> str:
    """Returns the page that lists the other volumes of the series; empty if the book names none."""
    if not matter.also_in_series:
        return ""
    title, language = matter.words.also_in_series, matter.language
    volumes = "".join(f"<li>{mark_runs(name, language)}</li>\n" for name in matter.also_in_series)
    body = (
        f'<section class="also-in-series">\n<h1{own_words_tag(language)}>{escape(title)}</h1>\n'
        f"<ul>\n{volumes}</ul>\n</section>\n"
    )
    return write_document(title, body, language, body_type="backmatter")


def write_colophon_page(colophon: Colophon) -> str:
    """Returns the colophon page."""
    text = f"<p>{escape(colophon.text())}</p>\n"
    body = (
        '<section epub:type="colophon" role="doc-colophon" class="colophon">\n'
        f"<h1>{escape(colophon.title)}</h1>\n{text}</section>\n"
    )
    return write_document(colophon.title, body, colophon.language, body_type="backmatter")
