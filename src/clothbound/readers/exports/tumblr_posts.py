"""Reads the pages of Tumblr's archive: title, time and tags stand on the page, and pictures in the folder ``media``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

import msgspec
from bs4 import Tag

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo
from ...model.collection import Collection
from ...model.post import Metadata, Post, Timestamp
from ...model.publication import Publication, merge_publications, status_reason
from ...progress import READING, counted
from ...run import Run
from ..archive_place import ArchivePlace, place_files
from ..entries import Entries, EntryText
from ..export_files import Files, report_account_files
from ..html_post import decode_html, post_of
from ..searched_html import attribute, has_class, markup_of, parse_html, remove, words_in
from ..text_files import BadPostError, bad_post
from ..timestamps import read_timestamp

_DATE = lazy_pattern(
    r"([A-Z][a-z]{2,8})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:,? (?:at )?(\d{1,2}:\d\d) ?([ap]m))?",
    re.I,
)
_POST = lazy_pattern(r"https?://[\w.-]+/(?:post/|[\w-]+/)?(\d{5,20})(?:/[\w%-]*)?(?=[\"'?#])")
"""Matches the address of a post on the network."""
_SECRET = ("draft", "queue", "private", "submission", "scheduled")
"""Words in the names of folders whose posts nobody saw."""
_STATES = (".status", ".state", ".visibility")
_MORE = lazy_pattern(r"\[\[MORE\]\]")
_OTHERS = "tumblr_blog"
"""The class of a link to the blog whose post is quoted."""


def read_posts(files: Files, pages: Mapping[str, str], top: str, run: Run) -> Collection:
    """Reads all posts. ``pages`` are the names of their files with their numbers, ``top`` the folder around everything."""
    findings = [*files.findings, *report_account_files(_other_files(files, pages))]
    entries, quoting = Entries(), 0
    numbers = frozenset(pages.values())
    addresses: dict[str, set[str]] = {}
    in_order = sorted(pages, key=lambda name: (int(pages[name]), name))
    for name in counted(in_order, READING, run.progress):
        try:
            text, repaired = decode_html(files.read(name))
        except BadPostError as error:
            findings.append(bad_post(name, error))
            continue
        if repaired:
            findings.append(Diagnostic(DiagnosticCode.ENCODING_REPAIRED, repaired, name))
        for link in _POST.finditer(text):
            if link[1] in numbers:
                addresses.setdefault(link[1], set()).add(link[0])
        body = _body_of(text)
        quoting += body.find("a", class_=_OTHERS) is not None
        metadata = _take_metadata(body, name, pages[name])
        entries.add(metadata, EntryText(markup_of(body)))
    entries.change(partial(_with_addresses, addresses))
    if quoting:
        message = f"{format_count(quoting, 'post')} with texts of other blogs, which stay in as quotations"
        code = DiagnosticCode.ARCHIVE_FILE
        findings.append(Diagnostic(code, message, in_order[0], severity=Severity.INFO))
    message = "an archive of Tumblr does not say which posts are private: only those in folders of drafts are kept back"
    findings.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, in_order[0]))
    make = partial(make_post, ArchivePlace.of(files, top, run.limits))
    return entries.collection(make, BookInfo(), diagnostics=findings)


def make_post(place: ArchivePlace, text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of a post."""
    body = parse_html(_MORE.sub("", text.content))
    _write_rows(body)
    _write_kinds(body)
    return place_files(post_of(markup_of(body), metadata), place, "")


def _body_of(page: str) -> Tag:
    """Returns the body of a page. ``parse_html`` takes a fragment, so what stands before the body goes."""
    start = re.search(r"<body[^>]*>", page, re.I)
    return parse_html(page[start.end() :] if start else page)


def _take_metadata(body: Tag, name: str, number: str) -> Metadata:
    """Returns the metadata of a post, and removes from its page what they repeat."""
    footer = body.find(id="footer")
    time = body.find(id="timestamp")
    around = footer if isinstance(footer, Tag) else body
    tags = [words_in(tag).lstrip("#").strip() for tag in around.select("span.tag, a.tag")]
    words = [words_in(state) for css in _STATES for state in around.select(css)]
    published = _read_date(words_in(time)) if isinstance(time, Tag) else None
    if isinstance(footer, Tag):
        footer.decompose()
    title = ""
    heading = body.find("h1")
    if isinstance(heading, Tag):
        title = words_in(heading)
        link = heading.find("a", href=True)
        heading.name = "p"
        if not isinstance(link, Tag):
            heading.decompose()
    return Metadata(
        title=title,
        id=number,
        published=published,
        tags=tuple(dict.fromkeys(filter(None, tags))),
        publication=_publication(name, words),
        source=name,
    )


def _read_date(text: str) -> Timestamp | None:
    """Returns the day and the time, of no zone; another text stays as it is written."""
    found = _DATE.search(text)
    if found is None:
        return read_timestamp(text) if text else None
    month, day, year, time, half = found.groups()
    try:
        date = datetime.strptime(f"{month[:3].title()} {day} {year}", "%b %d %Y").date()
        if not time:
            return read_timestamp(str(date))
        moment = datetime.strptime(f"{date} {time} {half}", "%Y-%m-%d %I:%M %p")
        return read_timestamp(str(moment))
    except ValueError:
        return read_timestamp(text)


def _publication(name: str, words: Iterable[str]) -> Publication | None:
    folders = name.lower().rpartition("/")[0].split("/")
    named = [word for word in _SECRET for folder in folders if word in folder]
    stated = [status_reason(word, "status") for word in words if word]
    hidden = [
        status_reason("draft" if word in ("queue", "submission") else word, "folder")
        for word in named
    ]
    return merge_publications(Publication((*stated, *hidden))) if stated or hidden else None


def _with_addresses(addresses: Mapping[str, Iterable[str]], metadata: Metadata) -> Metadata:
    known = sorted(addresses.get(metadata.id, ()))
    if not known:
        return metadata
    extra = {**metadata.extra, "aliases": known[1:]} if known[1:] else metadata.extra
    return msgspec.structs.replace(metadata, canonical_url=known[0], extra=extra)


def _other_files(files: Files, pages: Mapping[str, object]) -> list[str]:
    """Returns the files about the account."""
    return [
        name
        for name in files.names
        if name not in pages and name.lower().endswith((".json", ".xml", ".csv", ".zip"))
    ]


def _write_rows(body: Tag) -> None:
    """Makes a gallery of pictures in one row, and removes the divisions around others."""
    for row in body.select("div.npf_row, div.photoset_row, div.photoset"):
        figures = list(row.find_all(True, recursive=False))
        if len(figures) > 1 and all(child.name == "figure" for child in figures):
            row.name = "figure"
            row["class"] = "gallery"
        else:
            row.unwrap()
    for caption in body.select("div.caption"):
        caption.unwrap()


def _write_kinds(body: Tag) -> None:
    for quotation in body.select("p.npf_quote"):
        quotation.name = "blockquote"
        del quotation["class"]
    for element in body.find_all(True):
        for name in [name for name in element.attrs if name.startswith("data-")]:
            if name != "data-url":
                del element[name]
        if has_class(element, "tmblr-full", "tmblr-embed", _OTHERS) or attribute(
            element, "class"
        ).startswith("npf_"):
            del element["class"]
    remove(body.select("script, style"))
