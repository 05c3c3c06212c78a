"""The pages that are no posts: cover, title page, parts, colophon."""

from __future__ import annotations

from dataclasses import dataclass

from ...escape import attribute, escape
from ...html.write.marked_scripts import marked
from ...language.dates import long_date
from ...language.quotes import Typesetter
from ...language.words import Wording, wording
from ...model.index import ascii_slug
from ...model.post import Collection, Timestamp
from ...model.publication import EVERYONE
from ...model.years import title_and_years
from .content import document

# Names with an underscore, which no post's key has.
COVER = "cover_page.xhtml"
TITLE = "title_page.xhtml"
IMPRINT = "imprint_page.xhtml"
CONTENTS = "contents_page.xhtml"
COLOPHON = "colophon_page.xhtml"


@dataclass(frozen=True, slots=True)
class Heads:
    """A book's title as its title page sets it, and the line under it."""

    title: str
    subtitle: str


def heads(collection: Collection) -> Heads:
    """The title, and its subtitle or the years that stand apart from it."""
    setter = Typesetter(collection.language)
    if collection.subtitle:
        return Heads(setter.plain(collection.title), setter.plain(collection.subtitle))
    title, years = title_and_years(collection.title, collection.title_years)
    return Heads(setter.plain(title), years)


def cover_page(picture: str, alternative: str, language: str, words: Wording) -> str:
    # No role="doc-cover" on the section: the content model has it on a picture alone.
    body = (
        '<section epub:type="cover" class="cover">\n'
        f'<img src="{picture}" alt="{attribute(alternative)}" role="doc-cover"/>\n</section>\n'
    )
    return document(words.cover, body, language, body_type="frontmatter")


def title_page(collection: Collection, language: str, marks: str = "") -> str:
    """``marks``, here and below: of the printed pages that begin with it."""
    text = heads(collection)
    lines = [f'<h1 epub:type="title">{marked(text.title, language)}</h1>\n']
    if text.subtitle:
        lines.append(
            '<p class="subtitle" epub:type="subtitle" role="doc-subtitle">'
            f"{marked(text.subtitle, language)}</p>\n"
        )
    lines.extend(
        f'<p class="author">{marked(author, language)}</p>\n' for author in collection.authors
    )
    if collection.editors:
        words = wording(language)
        names = words.edited_by.format(names=", ".join(collection.editors))
        lines.append(f'<p class="editor"{_own_language(words, language)}>{escape(names)}</p>\n')
    if collection.publisher:
        lines.append(f'<p class="publisher">{marked(collection.publisher, language)}</p>\n')
    body = f'<section epub:type="titlepage" class="titlepage">\n{marks}{"".join(lines)}</section>\n'
    return document(collection.title, body, language, body_type="frontmatter")


def imprint(collection: Collection, identifier: str, language: str, marks: str = "") -> str:
    """The page behind the title: rights, publisher, series, ISBN; empty where none is known."""
    series = " ".join(filter(None, (collection.series, collection.series_position)))
    isbn = f"ISBN {collection.isbn}" if collection.isbn else ""
    lines = [*filter(None, (collection.rights, collection.publisher, series, isbn))]
    if not lines:
        return ""
    text = "".join(f"<p>{marked(line, language)}</p>\n" for line in (*lines, identifier))
    body = f'<section epub:type="copyright-page" class="imprint">\n{marks}{text}</section>\n'
    return document(collection.title, body, language, body_type="frontmatter")


def _own_language(words: Wording, language: str) -> str:
    """The mark of our own words where the page around them is in another language."""
    same = words.language == language.split("-", maxsplit=1)[0].lower()
    return "" if same else f' lang="{words.language}" xml:lang="{words.language}"'


def part_file(title: str, taken: set[str]) -> str:
    """A name that a later part does not change: of its title, not of its number."""
    stem = f"part_{ascii_slug(title)[:60] or 'x'}"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    taken.add(name)
    return f"{name}.xhtml"


def part_page(title: str, language: str, marks: str = "") -> str:
    body = (
        '<section epub:type="part" role="doc-part" class="part">\n'
        f"{marks}<h1>{marked(title, language)}</h1>\n</section>\n"
    )
    return document(title, body, language, body_type="bodymatter")


def colophon(collection: Collection, identifier: str, language: str) -> str:
    words = wording(language)
    known = language.split("-", maxsplit=1)[0].lower() == words.language
    own = language if known else words.language
    lines = [*_made_from(collection, words, own), identifier, words.set_by]
    text = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    body = (
        '<section epub:type="colophon" role="doc-colophon" class="colophon">\n'
        f"<h1>{escape(words.colophon)}</h1>\n{text}</section>\n"
    )
    return document(words.colophon, body, own, body_type="backmatter")


def _made_from(collection: Collection, words: Wording, language: str) -> list[str]:
    index = [m for m in collection.index if m.key not in collection.roles]
    dated = [m.published for m in index if m.published and m.published.value]
    first, last = _ends(dated)
    if first is None or last is None:
        lines = [words.undated.format(count=len(index))]
    elif len(index) == 1:
        lines = [words.one_post.format(first=long_date(first, language))]
    else:
        lines = [
            words.many_posts.format(
                count=len(index), first=long_date(first, language), last=long_date(last, language)
            )
        ]
    paid = sum(m.audiences != (EVERYONE,) for m in index)
    if paid:
        lines.append(words.paid.format(count=paid))
    return lines


def _ends(dated: list[Timestamp]) -> tuple[Timestamp | None, Timestamp | None]:
    if not dated:
        return None, None
    ordered = sorted(dated, key=lambda stamp: str(stamp.value and stamp.value.isoformat()))
    return ordered[0], ordered[-1]
