"""Reads a page's metadata from its head, its JSON-LD, and a few marks in its text.

Sources: WHATWG HTML, section 4.2.5 (names of metadata); the Open Graph protocol; schema.org's
Article and BlogPosting; microformats' ``rel=author``.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote

from ..lazy_pattern import lazy_pattern
from ..model.language_tags import language_tag
from ..model.post import Metadata, Timestamp
from ..web.addresses import path_of
from ..web.missing_ends import end_elements
from .post_metadata import date_from_path, title_from_path
from .publication_state import publication_of
from .timestamps import read_timestamp

_BODY = lazy_pattern(r"<body[\s>]|</head\s*>", re.I)
_NO_BODY = lazy_pattern(r"<(?:title|meta)[\s>]", re.I)
_JSON_LD = lazy_pattern(
    r"""<script[^>]{0,200}type\s*=\s*["']?application/ld\+json["']?[^>]{0,200}>(.*?)(?:</script|\Z)""",
    re.I | re.S,
)
_HEADINGS = lazy_pattern(r"<h([12])(?:\s[^>]{0,1000})?>(.{0,2000}?)</h\1", re.I | re.S)
# Matches the sign by which a heading links to itself. The one in "C#" is part of its name.
_OWN_LINK = lazy_pattern(r"<a\s[^>]{0,500}>\s*(?:<\w+[^>]{0,100}>)?\s*[#¶§]\s*(?:</\w+>\s*){1,2}")
_TIME = lazy_pattern(r"""<time\s[^>]{0,500}?datetime\s*=\s*["']([^"']{4,40})["']""", re.I)
_MARKED_DATE = lazy_pattern(
    r"""<\w+\s(?=[^>]{0,400}?(?:itemprop|class)=["'][^"'>]{0,60}?\b(?:datePublished|dt-published|published)\b)"""
    r"""[^>]{0,400}?\s(?:content|datetime|title)=["']([^"'>]{4,40})["']""",
    re.I,
)
_FEATURED = lazy_pattern(
    r"<img\s(?=[^>]{0,2000}?class=[\"'][^\"'>]{0,200}?\bwp-post-image\b)[^>]{1,2000}>"
    r"|<figure[^>]{0,300}?\bwp-block-post-featured-image\b[^>]{0,300}>(?:<a[^>]{0,300}>)?<img\s[^>]{1,2000}>",
    re.I,
)
_SRC = lazy_pattern(r"<img[^>]*?\ssrc=[\"']([^\"'>]{1,2000})", re.I)
_MOST_DATES = 5
_DAY = lazy_pattern(
    r"(?:\w{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)?\.? \w{3,9}\.?,? \d{4}|\d{4}-\d\d-\d\d)"
)
_ORDINAL = lazy_pattern(r"(?<=\d)(?:st|nd|rd|th)\b")
_NAME = lazy_pattern(r"[\w-]{2,60}\.eth")
_BELOW, _LINES, _PROSE = 6_000, 15, 20
"""The characters and lines below a title in which its day is searched for, and the words of a paragraph, where they end."""
_BYLINE = lazy_pattern(
    r"""<a\s[^>]{0,500}?rel=["']?author["']?[^>]{0,500}>(.{1,500}?)</a""", re.I | re.S
)
_MARKED_BYLINE = lazy_pattern(
    r"""<(\w+)\s[^>]{0,300}?(?:class|id|itemprop)=["'][^"'>]{0,100}?(?:byline|author|writtenby)[^"'>]{0,100}["']"""
    r"[^>]{0,300}>(.{1,600}?)</\1",
    re.I | re.S,
)
_BY = lazy_pattern(
    r"(?:(?:written|posted|published|edited)\s+)?(?:by|von|par|por|di)\b[\s:]*", re.I
)
_CREDIT = lazy_pattern(r"<(?:br|/?(?:div|p|li|span))\b[^>]*>", re.I)
_ROLE = lazy_pattern(r"edited\s+by|photo|illustrat|translat|last\s+updated|updated|\d", re.I)
_PARTS = lazy_pattern(r"(?<!\s)\s++[|\-–—·»«/:]{1,2}\s+")
_TAG = lazy_pattern(r"<[^>]*>")
_SPACES = lazy_pattern(r"\s+")
_WORD = lazy_pattern(r"[^\W_]+")
_SITE_WORDS = 3
"""The most words of a site's name that is taken off a title although nothing names the site."""
_TITLE_WORDS = 4
"""The fewest words that are left then."""
_SEARCHED = 300_000
"""The characters of a page in which headings and bylines are searched for."""
_MOST_HEADINGS = 30
_NAME_WORDS = 5
"""The most words of an author's name that is marked in the text."""
_ARTICLES = frozenset(
    {"Article", "BlogPosting", "NewsArticle", "TechArticle", "Report", "SocialMediaPosting"}
)
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title")
_PUBLISHED = (
    "article:published_time",
    "date",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "citation_publication_date",
    "pubdate",
    "parsely-pub-date",
    "datepublished",
)
_UPDATED = ("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified")
_AUTHORS = ("dc.creator", "dcterms.creator", "author", "article:author", "citation_author")
_STATES = (
    "robots",
    "status",
    "draft",
    "published",
    "private",
    "visibility",
    "access",
    "hidden",
    "unlisted",
)
"""Names that say in a header who may see a post, as far as they mean the same in a page."""
_DESCRIPTIONS = ("description", "og:description", "twitter:description", "dc.description")


def read_page_metadata(text: str, source: str) -> Metadata:
    """Returns the metadata of a page. Only its head is parsed; its text is searched by patterns."""
    page = _Page(head_of(text), text)
    data = page.article()
    canonical = page.link("canonical") or page.first("og:url") or _text(data.get("url"))
    published = _date(data.get("datePublished")) or _first_date(page.all(*_PUBLISHED))
    if published is None:
        published = _first_date(
            [m[1] for m in islice(_MARKED_DATE.finditer(text, 0, _SEARCHED), _MOST_DATES)]
        )
    if published is None and (found := _TIME.search(text)):
        published = _date(found[1])
    headings = _headings(text, page.title)
    title = (
        _text(data.get("headline"))
        or without_site(page.first(*_TITLES), headings, page.site)
        or choose_title(page.title, headings, page.site)
        or title_from_path(source)
    )
    authors = (
        _names(data.get("author"))
        or tuple(name for name in page.all(*_AUTHORS) if "://" not in name)
        or _byline(text)
    )
    if published is None or not authors:
        shown = _shown_below(text, title)
        published, authors = published or shown.published, authors or shown.authors
    keywords = [part for text in page.all("keywords") for part in text.split(",")]
    tags = [part.strip() for part in (*page.all("article:tag"), *keywords)]
    return Metadata(
        title=title,
        published=published or date_from_path(source),
        updated=_date(data.get("dateModified")) or _first_date(page.all(*_UPDATED)),
        authors=tuple(dict.fromkeys(filter(None, authors))),
        language=language_tag(page.language) or language_tag(_text(data.get("inLanguage"))),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        slug=address_slug(canonical),
        canonical_url=canonical,
        cover=page.first("og:image", "twitter:image") or _featured_picture(text),
        cover_alt=page.first("og:image:alt", "twitter:image:alt"),
        description=page.first(*_DESCRIPTIONS),
        # Medium's export names drafts so.
        is_draft=PurePosixPath(source).name.startswith("draft_"),
        publication=publication_of({**page.fields(_STATES), **_access(data)}, with_typed=True),
        source=source,
    )


def _headings(text: str, title: str) -> list[str]:
    """Returns the first headings of a page, without the signs by which some link to themselves.

    Those of level 2 count beside the ``title`` of a head alone: without one, the first may be any section's.
    """
    found = islice(_HEADINGS.finditer(text, 0, _SEARCHED), _MOST_HEADINGS)
    return [_plain(_OWN_LINK.sub("", h[2])) for h in found if title or h[1] == "1"]


def choose_title(written: str, headings: Sequence[str], site: str = "") -> str:
    """Returns a page's title from ``written``, that of its head, and its headings: never the site's alone.

    A heading that the head's title contains, beside the name of the site, is the title. Without one the name of the
    site is taken off, as far as it is known or short; a head's title that shares no word with the first heading, and
    has parts, is that of the site.
    """
    headings = [heading for heading in headings if heading]
    parts = [part for part in _PARTS.split(written) if part.strip()]
    if len(parts) < 2:
        is_site = not written or _fold(written) == _fold(site)
        return (headings[0] if headings else written) if is_site else written
    first = [heading for heading in headings if _fold(heading) and _fold(heading) != _fold(site)]
    named = [h for h in first if _fold(h) in _fold(written) and len(h) >= len(written) / 3]
    # Of two, the site's comes first in a page.
    whole = [h for h in named if not any(_fold(h) in _fold(o) and len(h) < len(o) for o in named)]
    if whole:
        return whole[-1]
    if site and _fold(parts[-1]) == _fold(site):
        return _before_last(written)
    if first and _letters(first[0]).isdisjoint(_letters(written)):
        return first[0]
    kept = _before_last(written)
    is_short = len(parts[-1].split()) <= _SITE_WORDS and len(kept.split()) >= _TITLE_WORDS
    return kept if is_short else written


def without_site(title: str, headings: Sequence[str], site: str) -> str:
    """Returns a title without the name of the site at its end: where the page names it, or a heading has the rest."""
    if len(_PARTS.split(title)) < 2:
        return title
    kept, last = _before_last(title), _fold(_PARTS.split(title)[-1])
    is_site = last == _fold(site) or any(_fold(heading) == _fold(kept) for heading in headings)
    return kept if is_site and kept else title


def _before_last(title: str) -> str:
    last = list(_PARTS.finditer(title))[-1]
    return title[: last.start()].strip()


def _fold(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _letters(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) > 2}


def _byline(text: str) -> tuple[str, ...]:
    """Returns the authors whom a mark in the text names: ``rel=author``, or a class or id that says byline or author."""
    found = _BYLINE.search(text)
    if found is not None and (name := _plain(found[1])):
        return (name,)
    for marked in islice(_MARKED_BYLINE.finditer(text, 0, _SEARCHED), _MOST_HEADINGS):
        for line in _CREDIT.split(marked[2]):
            name = _BY.sub("", _plain(line), count=1).strip(" ,|·-–—")
            words = name.split()
            if (
                words
                and len(words) <= _NAME_WORDS
                and not _ROLE.search(name)
                and name[0].isalpha()
                and name[0] == name[0].upper()
            ):
                return (name,)
    return ()


def _featured_picture(text: str) -> str:
    """Returns the address of the picture that a theme of WordPress shows above a post."""
    found = _FEATURED.search(text, 0, _SEARCHED)
    source = _SRC.search(found[0]) if found is not None else None
    return html.unescape(source[1]) if source is not None else ""


class _Shown(NamedTuple):
    """What the lines below the title of a page say."""

    published: Timestamp | None = None
    authors: tuple[str, ...] = ()


def _shown_below(text: str, title: str) -> _Shown:
    """Returns the day and the author of lines below the title that say nothing else. Only a name of the Ethereum Name
    Service (``name.eth``), as Mirror has its authors, shows by itself that it is one.
    """
    headings = islice(_HEADINGS.finditer(text, 0, _SEARCHED), _MOST_HEADINGS)
    start = next((h.end() for h in headings if _fold(_plain(h[2])) == _fold(title)), 0)
    published: Timestamp | None = None
    authors: tuple[str, ...] = ()
    for line in islice(filter(None, map(_plain, _TAG.split(text[start : start + _BELOW]))), _LINES):
        if not start or len(line.split()) >= _PROSE:
            break
        if _NAME.fullmatch(line):
            authors = authors or (line,)
        elif published is None and _DAY.fullmatch(line):
            published = _date(_ORDINAL.sub("", line))
    return _Shown(published, authors)


def head_of(text: str) -> str:
    """Returns the part of a page before its body; empty for a fragment."""
    body = _BODY.search(text)
    return text[: body.start()] if body else text if _NO_BODY.search(text[:2000]) else ""


def tree_of(html: str) -> Any:
    """Returns the root element of a page; None if it has none."""
    from lxml import etree

    parser = etree.HTMLParser(recover=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        parser.feed(end_elements(html))
        return parser.close()
    except (etree.XMLSyntaxError, etree.ParserError):
        return None


class _Page:
    """The head of a page, and the JSON-LD in the whole page."""

    def __init__(self, head: str, text: str) -> None:
        tree = tree_of(head) if "<" in head else None
        self._values: dict[str, list[str]] = {}
        self._links: dict[str, str] = {}
        self._text = text
        self.title = self.language = self.site = ""
        if tree is None:
            return
        for element in tree.iter("html", "meta", "link", "title"):
            attrs = element.attrib
            if element.tag == "meta":
                names = attrs.get("name") or attrs.get("property") or attrs.get("itemprop", "")
                value = _SPACES.sub(" ", attrs.get("content", "")).strip()
                # RDFa allows several names; Dublin Core's prefix is written with either sign.
                for name in names.lower().split() if value else ():
                    key = name.replace(":", ".") if name.startswith("dc") else name
                    self._values.setdefault(key, []).append(value)
            elif element.tag == "link":
                for relation in attrs.get("rel", "").lower().split():
                    self._links.setdefault(relation, attrs.get("href", "").strip())
            elif element.tag == "title" and next(element.iterancestors("svg"), None) is None:
                self.title = self.title or _SPACES.sub(" ", element.text or "").strip()
            else:
                self.language = attrs.get("lang", "") or attrs.get("xml:lang", "")
        site = self.site = self.first("og:site_name", "application-name")
        for mark in (" - ", " | ", " — ", " – ", " · "):
            if site and self.title.endswith(mark + site):
                self.title = self.title.removesuffix(mark + site)

    def all(self, *names: str) -> Sequence[str]:
        """Returns the values of the first of ``names`` that has any."""
        return next((self._values[name] for name in names if name in self._values), ())

    def first(self, *names: str) -> str:
        return next(iter(self.all(*names)), "")

    def fields(self, names: Sequence[str]) -> dict[str, str]:
        """Returns the first value of each of ``names`` that has one."""
        return {name: self._values[name][0] for name in names if name in self._values}

    def link(self, relation: str) -> str:
        return self._links.get(relation, "")

    def article(self) -> dict[str, Any]:
        """Returns the first article in the page's JSON-LD; empty if there is none."""
        for found in _JSON_LD.finditer(self._text):
            try:
                value = json.loads(found[1])
            except (ValueError, RecursionError):
                continue
            for item in _items(value):
                kinds = item.get("@type")
                if not _ARTICLES.isdisjoint(kinds if isinstance(kinds, list) else [str(kinds)]):
                    return item
        return {}


def _access(article: dict[str, Any]) -> dict[str, Any]:
    """Reads from schema.org's Article whether the page must be paid for."""
    key = "isAccessibleForFree"
    return {key: article[key]} if key in article else {}


def _items(value: Any) -> Iterator[dict[str, Any]]:
    """Yields the objects of a JSON-LD document, which holds one, a list, or a graph of them."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            if isinstance(graph, list):
                yield from (part for part in graph if isinstance(part, dict))


def _text(value: Any) -> str:
    return _SPACES.sub(" ", html.unescape(value)).strip() if isinstance(value, str) else ""


def _plain(markup: str) -> str:
    return _SPACES.sub(" ", html.unescape(_TAG.sub("", markup))).strip()


def _names(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    names = (_text(item.get("name") if isinstance(item, dict) else item) for item in items)
    return tuple(name for name in names if name)


def _date(value: Any) -> Timestamp | None:
    stamp = read_timestamp(value) if isinstance(value, str) and value.strip() else None
    return stamp if stamp is not None and stamp.value is not None else None


def _first_date(values: Sequence[str]) -> Timestamp | None:
    return next((stamp for value in values if (stamp := _date(value))), None)


def address_slug(canonical: str) -> str:
    """Returns the last segment of an address; empty for a file's name and for a site's own
    address.
    """
    last = unquote(path_of(canonical)).rstrip("/").rpartition("/")[2]
    return "" if "." in last else last
