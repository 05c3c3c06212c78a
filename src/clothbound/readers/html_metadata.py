"""Reads a page's metadata from its head, its JSON-LD, and a few marks in its text.

Sources: WHATWG HTML, section 4.2.5 (names of metadata); the Open Graph protocol; schema.org's
Article and BlogPosting; microformats' ``rel=author``.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from ..lazy_pattern import lazy_pattern
from ..model.language_tags import language_tag
from ..model.post import Metadata, Timestamp
from .post_metadata import date_from_path, title_from_path
from .publication_state import publication_of
from .timestamps import read_timestamp

_BODY = lazy_pattern(r"<body[\s>]|</head\s*>", re.I)
_NO_BODY = lazy_pattern(r"<(?:title|meta)[\s>]", re.I)
_JSON_LD = lazy_pattern(
    r"""<script[^>]{0,200}type\s*=\s*["']?application/ld\+json["']?[^>]{0,200}>(.*?)</script""",
    re.I | re.S,
)
_HEADING = lazy_pattern(r"<h1(?:\s[^>]{0,1000})?>(.{0,2000}?)</h1", re.I | re.S)
_TIME = lazy_pattern(r"""<time\s[^>]{0,500}?datetime\s*=\s*["']([^"']{4,40})["']""", re.I)
_BYLINE = lazy_pattern(
    r"""<a\s[^>]{0,500}?rel=["']?author["']?[^>]{0,500}>(.{1,500}?)</a""", re.I | re.S
)
_TAG = lazy_pattern(r"<[^>]*>")
_SPACES = lazy_pattern(r"\s+")
_ARTICLES = frozenset({"Article", "BlogPosting", "NewsArticle", "TechArticle", "Report"})
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
)
_UPDATED = ("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified")
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author")
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
    if published is None and (found := _TIME.search(text)):
        published = _date(found[1])
    heading = _HEADING.search(text)
    title = (
        _text(data.get("headline"))
        or page.first(*_TITLES)
        or (_plain(heading[1]) if heading else "")
        or page.title
        or title_from_path(source)
    )
    byline = _BYLINE.search(text)
    authors = (
        _names(data.get("author"))
        or tuple(name for name in page.all(*_AUTHORS) if "://" not in name)
        or ((_plain(byline[1]),) if byline else ())
    )
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
        cover=page.first("og:image", "twitter:image"),
        description=page.first(*_DESCRIPTIONS),
        # Medium's export names drafts so.
        is_draft=PurePosixPath(source).name.startswith("draft_"),
        publication=publication_of({**page.fields(_STATES), **_access(data)}, with_typed=True),
        source=source,
    )


def head_of(text: str) -> str:
    """Returns the part of a page before its body; empty for a fragment."""
    body = _BODY.search(text)
    return text[: body.start()] if body else text if _NO_BODY.search(text[:2000]) else ""


def tree_of(html: str) -> Any:
    """Returns the root element of a page; None if it has none."""
    from lxml import etree

    parser = etree.HTMLParser(recover=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        parser.feed(html)
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
        self.title = self.language = ""
        if tree is None:
            return
        for element in tree.iter("html", "meta", "link", "title"):
            attrs = element.attrib
            if element.tag == "meta":
                name = attrs.get("name") or attrs.get("property") or attrs.get("itemprop", "")
                value = _SPACES.sub(" ", attrs.get("content", "")).strip()
                if value:
                    self._values.setdefault(name.lower(), []).append(value)
            elif element.tag == "link":
                for relation in attrs.get("rel", "").lower().split():
                    self._links.setdefault(relation, attrs.get("href", "").strip())
            elif element.tag == "title":
                self.title = self.title or _SPACES.sub(" ", element.text or "").strip()
            else:
                self.language = attrs.get("lang", "") or attrs.get("xml:lang", "")
        site = self.first("og:site_name")
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
    try:
        path = unquote(urlsplit(canonical).path)
    except ValueError:
        return ""
    last = path.rstrip("/").rpartition("/")[2]
    return "" if "." in last else last
