"""Writes the upload sheet: a page from which the author copies the answers to the store's forms.

It also lists the author, date and address of each text's first publication, because a store asks for them
when a book contains texts that are also on the web.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..console_text import format_count
from ..escape import attribute, escape, safe_href
from ..language.dates import long_date
from ..language.direction import direction
from ..matter import Matter, fill_matter, series_line
from ..model.collection import Collection
from ..model.language_tags import language_tag
from ..model.post import Metadata
from ..title_text import plain_title
from . import specs
from .options import Kdp
from .third_party import ThirdPartyContent
from .wrap import Wrap

_MOST_KEYWORDS = 7
_DESCRIPTION = 4000
"""The most characters that the form for the description accepts."""

_STYLE = """
body { max-width: 46em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 system-ui, sans-serif;
  color: #1a1a1a; background: #fff; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
dl { display: grid; grid-template-columns: 12em 1fr; gap: .3em 1em; } dt { color: #555; }
dd { margin: 0; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3em .8em .3em 0;
  border-bottom: 1px solid #ddd; } td { overflow-wrap: anywhere; }
.day { white-space: nowrap; }
.missing { color: #9a3412; }
@media print { body { font-size: 10pt; margin: 0; max-width: none; } }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts about the other files of the kit."""

    pages: int
    options: Kdp
    wrap: Wrap
    """The cover; None if none was made."""
    third_party: Mapping[str, Sequence[ThirdPartyContent]]
    words: int
    """The number of words of all posts, as written."""
    now: datetime
    """The moment of the run."""


def write_sheet(collection: Collection, facts: Facts) -> str:
    """Returns a self-contained page of HTML."""
    matter = fill_matter(collection, "ebook")
    title = matter.title
    parts = [
        f"<h1>{escape(title)}: answers for the upload forms</h1>",
        "<h2>The book</h2>",
        _list(_book(collection, matter)),
        "<h2>Description</h2>",
        _description(collection),
        f"<h2>The {facts.options.binding}</h2>",
        _list(_printed(facts)),
        "<h2>Rights: each text and where it was first published</h2>",
        _posts(collection, matter, facts.now),
        "<h2>Content of others</h2>",
        _embeds(collection, facts),
        f"<p>The store’s numbers were looked up on {specs.CHECKED}.</p>",
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}: upload sheet</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _book(book: Collection, matter: Matter) -> list[tuple[str, str]]:
    return [
        ("Title", matter.title),
        ("Subtitle", plain_title(book.info.subtitle)),
        ("Series", series_line(book, "en")),
        ("Authors", ", ".join(matter.authors)),
        ("Editors", ", ".join(book.info.editors)),
        ("Language", matter.language),
        ("Publisher", book.info.publisher),
        ("ISBN", book.info.isbn or "none given; KDP can assign one"),
        ("Rights", book.info.rights),
        ("Keywords", "; ".join(keywords(book))),
    ]


def keywords(book: Collection) -> list[str]:
    """Returns the keywords for the form, at most seven: the book's subjects, then the most frequent tags."""
    tags = Counter(tag for metadata in book.index for tag in metadata.tags)
    frequent = [tag for tag, _ in sorted(tags.items(), key=lambda item: (-item[1], item[0]))]
    return list(dict.fromkeys((*book.info.subjects, *frequent)))[:_MOST_KEYWORDS]


def _description(book: Collection) -> str:
    text = book.info.description.strip()
    if not text:
        return (
            '<p class="missing">The book has no description. Buyers read it first, and it is printed on the back'
            " of the book. Set <code>description</code> in book.toml, or use <code>-M"
            " description=…</code>.</p>"
        )
    paragraphs = "".join(f"<p>{escape(p)}</p>" for p in text.split("\n\n"))
    if len(text) > _DESCRIPTION:
        paragraphs += f'<p class="missing">The description has {len(text)} characters; the form accepts {_DESCRIPTION}.</p>'
    return paragraphs


def _printed(facts: Facts) -> list[tuple[str, str]]:
    options, wrap = facts.options, facts.wrap
    trim = specs.TRIMS[options.trim]
    facts_of_print = [
        ("Ink and paper", f"{specs.INK_NAMES[options.ink]}, {options.paper} paper"),
        ("Trim", f"{options.trim} ({trim.width:g} × {trim.height:g} in)"),
        ("Bleed", "none inside; the cover has bleed"),
        ("Pages", f"{facts.pages}, {format_count(facts.words, 'word')}"),
    ]
    size = wrap.size
    if options.binding == "hardcover":
        edge = f"with the paper round the boards; compare with {specs.COVER_CALCULATOR}"
    else:
        edge = "with bleed"
    return [
        *facts_of_print,
        ("Page turns", "from right to left" if size.opens_right else "from left to right"),
        ("Spine", f"{size.spine:.4f} in, {'with' if wrap.has_spine_text else 'without'} text"),
        ("Cover", f"{size.width:.3f} × {size.height:.3f} in, {edge}"),
    ]


def _posts(book: Collection, matter: Matter, now: datetime) -> str:
    rows = "".join(_row(metadata, book, matter, now) for metadata in book.index)
    return (
        "<table><thead><tr><th>Text</th><th>By</th><th>Published</th><th>Where</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(metadata: Metadata, book: Collection, matter: Matter, now: datetime) -> str:
    day = long_date(metadata.published, "en") if metadata.published else ""
    tag = language_tag(metadata.language) or matter.language
    # A draft in the book has not been published anywhere yet.
    address = "" if metadata.verdict(now).is_secret else book.index.address_of(metadata.key)
    unknown = "in this book" if metadata.key in book.index.texts else "not known"
    return (
        f'<tr><td lang="{attribute(tag)}" dir="{direction(tag)}">'
        f"{escape(plain_title(metadata.title) or metadata.slug or metadata.key)}</td>"
        f"<td>{escape(', '.join(metadata.authors or matter.authors))}</td>"
        f"<td class='day'>{escape(day)}</td>"
        f"<td>{_link(address) if address else unknown}</td></tr>"
    )


def _embeds(book: Collection, facts: Facts) -> str:
    rows = "".join(
        f"<tr><td>{escape(metadata.title or metadata.key)}</td><td>{escape(use.kind)}</td>"
        f"<td>{escape(use.who)}</td><td>{_link(use.href)}</td></tr>"
        for metadata in book.index
        for use in facts.third_party.get(metadata.key, ())
    )
    if not rows:
        return "<p>The book shows no posts, videos, pages or pictures of others.</p>"
    return (
        "<p>Ask the owners for permission before you sell a book with this content.</p>"
        "<table><thead><tr><th>In</th><th>What</th><th>Whose</th><th>Address</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _link(address: str) -> str:
    href = safe_href(address)
    return f'<a href="{attribute(href)}">{escape(address)}</a>' if href else escape(address)


def _list(items: Iterable[tuple[str, str]]) -> str:
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in items if value
    )
    return f"<dl>{lines}</dl>"
